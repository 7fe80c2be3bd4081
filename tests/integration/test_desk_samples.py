#!/usr/bin/env python3
"""Every story of the sample exports, opened at the desk and saved as it is: what is stored stays as it was: the HTML byte
for byte, and all else that its form shows.

The WordPress export comes in by import, the Ghost one's HTML through the desk's own form, as a first save. Skipped where the samples
are not beside this checkout. That the editor sends what it was given is tests/browser/editor.py's.
"""
import json
import sqlite3

from at_desk import serve_new, set_up
from newsroom import SHARED, Newsroom, check, equal, finish, skip

WXR = SHARED / "samples/wxr/themeunittestdata.wordpress.xml"
GHOST = SHARED / "samples/ghost/v4_export.json"
if not WXR.exists() or not GHOST.exists():
    skip("the samples are not beside this checkout")


def stored(site):
    with sqlite3.connect(site.dir / "site.db") as db:
        rows = db.execute("""SELECT b.html, s.id, s.kind, s.state, s.slug, s.title, s.standfirst, s.excerpt, s.image, s.image_alt, s.image_caption,
            s.featured, s.visibility, s.language, s.template, s.canonical_url, s.show_title_and_image, s.replies_open, s.published_at,
            s.primary_tag, s.primary_byline, b.meta_title, b.meta_description, b.og_title, b.code_head
            FROM story s JOIN story_body b ON b.story = s.id""")
        return {row[1]: row for row in rows}


with Newsroom() as site:
    site.init("The Wharf")
    site.run("import", WXR)
    ann = set_up(site, serve_new(site))
    ann.get("/desk/account/")
    for post in json.loads(GHOST.read_text())["db"][0]["data"]["posts"]:
        if not post["html"]:
            continue
        form = {"title": post["title"], "html": post["html"].replace("__GHOST_URL__", ""), "version": "0", "kind": "story", "do": "save"}
        equal(f"Ghost, {post['slug']}: taken", ann.ask("/desk/stories/new/", form).status, 200)
    before = stored(site)
    check("there are stories of both", len(before) > 60, len(before))
    for story, (html, *_) in before.items():
        path = f"/desk/stories/{story}/"
        ann.get(path)
        opened = ann.ask(path)
        equal(f"{story}: opened as it is stored", opened.values["html"], html)
        form = {**{name: value for name, value in opened.values.items() if isinstance(value, str)}, "version": str(opened.values["version"]), "do": "save"}
        saved = ann.ask(path, form)
        check(f"{story}: saved", saved.status == 200, saved.text[:300])
    after = stored(site)
    changed = [story for story in before if before[story] != after[story]]
    check("none is stored otherwise than before", changed == [],
          [(old, new) for story in changed for old, new in zip(before[story], after[story]) if old != new][:3])
    print(f"{len(before)} stories opened and saved, {len(changed)} changed")
finish()
