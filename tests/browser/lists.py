"""lists.py - an editor's lists in the browser: lists.mjs on the demo.

Skips as run.py does. DESK_SHOTS=FOLDER keeps a picture of every page in each width and scheme.
"""
import json
import os
import re

from browser import ready, run, valid_html
from newsroom import Newsroom, check, finish

ready()
with Newsroom() as site:
    site.init("The Varnmouth Lantern", "--demo")
    site.serve("--access-log", "none")
    said = site.server.stdout.readline() + site.server.stdout.readline()
    link = re.search(r"/desk/set-up/\?link=[0-9a-f]+", said)
    check("the set-up link is printed", link is not None, said)
    pages = site.top / "pages"
    pages.mkdir()
    config = site.top / "lists.json"
    config.write_text(json.dumps({"out": str(pages), "shots": os.environ.get("DESK_SHOTS", ""),
                                  "url": f"http://127.0.0.1:{site.port}", "setUp": link.group(0)}))
    run("lists.mjs", config)
    valid_html(pages)
finish()
