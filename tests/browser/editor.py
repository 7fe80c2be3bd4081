"""editor.py - writing a story in the browser: editor.mjs on a site whose server it may kill.

What the sample exports hold goes through the editor's reading and writing as well, where they are beside this checkout: each
story must be written as it was stored, and at least 95 of 100 blocks must open as something better than HTML. Skips as run.py does.
DESK_SHOTS=FOLDER keeps pictures.
"""
import json
import sqlite3

from browser import HERE, desk, ready
from newsroom import PROGRAM, SHARED, Newsroom, check, finish, png

WXR = SHARED / "samples/wxr/themeunittestdata.wordpress.xml"
GHOST = SHARED / "samples/ghost/v4_export.json"


def sample_stories():
    stories = []
    if WXR.exists():
        with Newsroom() as site:
            site.init("Samples")
            site.run("import", WXR)
            rows = sqlite3.connect(site.dir / "site.db").execute("SELECT s.title, b.html FROM story s JOIN story_body b ON b.story = s.id")
            stories += [{"from": "wordpress", "title": title, "html": html} for title, html in rows]
    else:
        print(f"not checked: {WXR.name} is not beside this checkout")
    if GHOST.exists():
        with Newsroom() as site:
            for post in json.loads(GHOST.read_text())["db"][0]["data"]["posts"]:
                code, html, why = site.command("clean", "--profile", "story", stdin=post["html"] or "", site=False)
                check(f"{post['title']} is cleaned", code == 0, why)
                stories.append({"from": "ghost", "title": post["title"], "html": html})
    else:
        print(f"not checked: {GHOST.name} is not beside this checkout")
    return stories


ready()
with Newsroom() as site:
    site.init("The Varnmouth Lantern", "--timezone", "Europe/London")
    (site.top / "quay.png").write_bytes(png(40, 30, 90))
    desk(site, "editor.mjs", picture=str(site.top / "quay.png"), blocks=str(HERE / "editor-blocks.html"), samples=sample_stories(),
         server=lambda: site.server.pid,
         serve=lambda: [PROGRAM, "serve", "--site", str(site.dir), "--listen", f"127.0.0.1:{site.port}", "--access-log", "none"])
finish()
