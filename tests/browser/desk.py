"""desk.py - an editor's day in the browser: desk.mjs on a site of three stories with replies that wait.

Skips as run.py does. DESK_SHOTS=FOLDER keeps a picture of every page in each width and scheme.
"""
import json
import os
import re

from browser import ready, run, valid_html
from newsroom import Newsroom, check, finish, small_export

REPLIES = [
    ("Ida Holm", "ida@reader.example", "The ferry was late again, and nobody at the quay could say why. *Four* of us missed the train."),
    ("Ropes & Knots Ltd", "sales@ropes.example", "Cheap ropes! http://ropes.example/a http://ropes.example/b http://ropes.example/c"),
    ("Olaf", "olaf@reader.example", "It was on time on Tuesday."),
    ("Ida Holm", "ida@reader.example", "Tuesday, yes. Wednesday, no.\n\nI have the tickets."),
]

ready()
with Newsroom() as site:
    site.init("The Varnmouth Lantern", "--timezone", "Europe/London")
    export = site.top / "export.xml"
    export.write_text(small_export(3))
    site.run("import", export)
    site.serve("--access-log", "none")
    said = site.server.stdout.readline() + site.server.stdout.readline()
    link = re.search(r"/desk/set-up/\?link=[0-9a-f]+", said)
    check("the set-up link is printed", link is not None, said)
    for name, email, text in REPLIES:
        site.post("/story-1/", {"name": name, "email": email, "text": text})
    pages = site.top / "pages"
    pages.mkdir()
    config = site.top / "desk.json"
    config.write_text(json.dumps({"out": str(pages), "shots": os.environ.get("DESK_SHOTS", ""),
                                  "url": f"http://127.0.0.1:{site.port}", "setUp": link.group(0)}))
    run("desk.mjs", config)
    valid_html(pages)
finish()
