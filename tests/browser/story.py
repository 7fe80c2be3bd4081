"""story.py - a story is written, published and corrected without script, in the browser: story.mjs on a new site.

Skips as run.py does. DESK_SHOTS=FOLDER keeps a picture of every page in each width and scheme.
"""
import json
import os

from browser import ready, run, valid_html
from newsroom import Newsroom, finish

PASSWORD = "a lamp at the quay"

ready()
with Newsroom() as site:
    site.init("The Varnmouth Lantern", "--timezone", "Europe/Berlin")
    for who, name, role in (("ann", "Ann Quill", "owner"), ("eve", "Eve Ling", "editor"), ("wil", "Wil Hart", "author"), ("con", "Con Reed", "contributor")):
        site.run("user", "add", f"{who}@lantern.example", "--name", name, "--role", role, stdin=PASSWORD + "\n")
    site.serve("--access-log", "none")
    pages = site.top / "pages"
    pages.mkdir()
    config = site.top / "story.json"
    config.write_text(json.dumps({"out": str(pages), "shots": os.environ.get("DESK_SHOTS", ""),
                                  "url": f"http://127.0.0.1:{site.port}", "password": PASSWORD}))
    run("story.mjs", config)
    valid_html(pages)
finish()
