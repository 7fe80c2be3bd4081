"""desk.py - an editor's day in the browser: desk.mjs on a site of three stories with replies that wait.

Skips as run.py does. DESK_SHOTS=FOLDER keeps a picture of every page in each width and scheme.
"""

from browser import desk, ready
from newsroom import Newsroom, finish, small_export

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
    def reply():
        for name, email, text in REPLIES:
            site.post("/story-1/", {"name": name, "email": email, "text": text})

    desk(site, "desk.mjs", served=reply)
finish()
