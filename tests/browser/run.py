"""run.py - the browser smoke test: serves the demo and an imported site, and visits both (smoke.mjs).

Skips, saying why, where there is no Chromium, no npm, or no way to the npm packages of package-lock.json. The
imported site is ../shared's theme test, left out by name where absent. HTML is checked with vnu-jar where
there is Java.
"""
import json

from browser import ready, run, valid_html
from newsroom import SHARED, Newsroom, finish

THEME_TEST = SHARED / "samples/wxr/themeunittestdata.wordpress.xml"

ready()

with Newsroom() as demo, Newsroom() as imported:
    demo.init("The Varnmouth Lantern", "--demo", "--language", "en-GB", "--timezone", "Europe/London")
    demo.serve("--access-log", "none")
    sites = [{"name": "demo", "url": f"http://127.0.0.1:{demo.port}", "reply": True}]
    if THEME_TEST.exists():
        imported.init("Theme test")
        imported.run("import", THEME_TEST)
        imported.serve("--access-log", "none")
        sites.append({"name": "imported", "url": f"http://127.0.0.1:{imported.port}", "reply": False})
    else:
        print("left out: the imported site (the theme test is not beside this checkout)")
    pages = demo.top / "pages"
    pages.mkdir()
    config = demo.top / "sites.json"
    config.write_text(json.dumps({"out": str(pages), "sites": sites}))
    run("smoke.mjs", config)
    valid_html(pages)
finish()
