"""settings.py - the owner sets the paper up, in the browser: settings.mjs on a new site.

Skips as run.py does. DESK_SHOTS=FOLDER keeps a picture of every page in each width and scheme.
"""
import zipfile

from browser import desk, ready
from newsroom import Newsroom, finish, png

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
    (site.top / "wordmark.png").write_bytes(png(240, 60, 90))
    desk(site, "settings.mjs", picture=str(site.top / "wordmark.png"),
         themes={"good": theme(site.top / "good.zip", "post"), "broken": theme(site.top / "broken.zip", "{{#if x}}")})
finish()
