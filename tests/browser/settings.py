"""settings.py - the owner sets the paper up, in the browser: settings.mjs on a new site.

Skips as run.py does. DESK_SHOTS=FOLDER keeps a picture of every page in each width and scheme.
"""
import json
import os
import re
import zipfile

from browser import ready, run, valid_html
from newsroom import Newsroom, check, finish, png

PACKAGE = """{"name": "harbour", "version": "2.1.0", "description": "A theme of ropes and boats, for papers by the water.", "author": {"name": "Olaf"},
"config": {"custom": {"layout": {"type": "select", "options": ["Wide", "Narrow"], "default": "Wide", "description": "How much of the page the story takes."},
"show_date": {"type": "boolean", "default": true, "group": "post"}, "ink": {"type": "color", "default": "#112233"},
"seal": {"type": "image", "group": "homepage"}, "motto": {"type": "text", "default": "All aboard", "group": "homepage"}}}}"""
INDEX = "<!DOCTYPE html><html><head><title>x</title></head><body><p>{{@custom.layout}}</p></body></html>"


def theme(path, post):
    with zipfile.ZipFile(path, "w") as z:
        for name, text in (("package.json", PACKAGE), ("index.hbs", INDEX), ("post.hbs", post)):
            z.writestr(f"harbour-main/{name}", text)
    return str(path)


ready()
with Newsroom() as site:
    site.init("The Varnmouth Lantern", "--timezone", "Europe/London")
    site.serve("--access-log", "none")
    said = site.server.stdout.readline() + site.server.stdout.readline()
    link = re.search(r"/desk/set-up/\?link=[0-9a-f]+", said)
    check("the set-up link is printed", link is not None, said)
    pages = site.top / "pages"
    pages.mkdir()
    (site.top / "wordmark.png").write_bytes(png(240, 60, 90))
    config = site.top / "settings.json"
    config.write_text(json.dumps({"out": str(pages), "shots": os.environ.get("DESK_SHOTS", ""),
                                  "url": f"http://127.0.0.1:{site.port}", "setUp": link.group(0),
                                  "themes": {"good": theme(site.top / "good.zip", "post"), "broken": theme(site.top / "broken.zip", "{{#if x}}")},
                                  "picture": str(site.top / "wordmark.png")}))
    run("settings.mjs", config)
    valid_html(pages)
finish()
