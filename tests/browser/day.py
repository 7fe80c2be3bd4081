"""day.py - a newsroom's day in the browser: day.mjs on a new site, from the set-up link to another theme.

Skips as run.py does, and where there is no broadsheet-media. DESK_SHOTS=FOLDER keeps a picture of every page in each width
and scheme.
"""
import json
import os
import pathlib
import zipfile

from browser import desk, ready
from newsroom import PROGRAM, ROOT, Newsroom, check, finish, png, skip

ready()
if not (os.environ.get("BROADSHEET_MEDIA") or pathlib.Path(PROGRAM).with_name("broadsheet-media").exists()):
    skip("no broadsheet-media beside the program")
with Newsroom() as site:
    site.init("The Varnmouth Lantern", "--timezone", "Europe/London")
    files = site.top / "files"
    files.mkdir()
    (files / "quay.png").write_bytes(png(900, 600, 120))
    (files / "quay-better.png").write_bytes(png(1200, 800, 40))
    # Another theme: the default one under another name, which says so on every page.
    with zipfile.ZipFile(files / "plain.zip", "w") as theme:
        for path in sorted(p for p in (ROOT / "themes/broadsheet").rglob("*") if p.is_file()):
            text = path.read_bytes()
            name = path.relative_to(ROOT / "themes/broadsheet")
            if str(name) == "package.json":
                text = json.dumps({**json.loads(text), "name": "plain", "version": "1.0.0"}).encode()
            if str(name) == "default.hbs":
                text = text.replace(b"</body>", b"<p>In the plain theme</p></body>")
            theme.writestr(f"plain/{name}", text)
    desk(site, "day.mjs", files=str(files))
    # What the day left is whole.
    done = site.run("check")
    check("the database is whole after it", "the site is whole" in done, done)
finish()
