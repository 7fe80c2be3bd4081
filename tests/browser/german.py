"""german.py - the desk in German: german.mjs on a paper whose every word of content is German.

Skips as run.py does. DESK_SHOTS=FOLDER keeps a picture of every page in each width.
"""
import json
import os

from browser import ready, run
from newsroom import EXPORT, Newsroom, finish, png

PASSWORD = "Laternen am Kai"
ITEM = """<item><title>%(title)s</title><link>https://old.example/2020/01/artikel-%(n)d/</link>
<content:encoded><![CDATA[<p>Die Fähre legte um sechs Uhr ab, zum ersten Mal seit Juni.</p>]]></content:encoded>
<wp:post_id>%(n)d</wp:post_id><wp:post_name>artikel-%(n)d</wp:post_name><wp:post_date_gmt>2020-01-01 00:00:00</wp:post_date_gmt>
<wp:status>publish</wp:status><wp:post_type>post</wp:post_type><dc:creator>eva</dc:creator>
<category domain="category" nicename="hafen"><![CDATA[Hafen]]></category></item>"""

ready()
with Newsroom() as site:
    site.init("Die Laterne", "--language", "de", "--timezone", "Europe/Berlin")
    for who, name, role in (("anna", "Anna Feder", "owner"), ("eva", "Eva Lind", "editor")):
        site.run("user", "add", f"{who}@laterne.example", "--name", name, "--role", role, stdin=PASSWORD + "\n")
    export = site.top / "export.xml"
    export.write_text(EXPORT % "".join(ITEM % {"n": n, "title": title} for n, title in enumerate(("Fähre legt ab", "Kai wird höher", "Hering kehrt heim"), 1)))
    site.run("import", export)
    (site.top / "bild.png").write_bytes(png(240, 160, 90))
    site.command("media", "add", site.top / "bild.png")  # without broadsheet-media, the library is empty
    site.serve("--access-log", "none")
    site.post("/artikel-1/", {"name": "Ida Holm", "email": "ida@leser.example", "text": "Heute kam sie wieder."})
    site.post("/artikel-1/", {"name": "Seile AG", "email": "seile@leser.example", "text": "Seile! " + "http://seile.example/ " * 4})
    config = site.top / "german.json"
    config.write_text(json.dumps({"shots": os.environ.get("DESK_SHOTS", ""),
                                  "url": f"http://127.0.0.1:{site.port}", "password": PASSWORD}))
    run("german.mjs", config)
finish()
