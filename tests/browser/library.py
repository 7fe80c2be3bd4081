"""library.py - the media library in the browser: library.mjs on a site whose story shows a picture.

Skips as run.py does, and where there is no broadsheet-media. DESK_SHOTS=FOLDER keeps a picture of every page in each width
and scheme.
"""
import json
import os
import pathlib
import re

from browser import ready, run, valid_html
from newsroom import PROGRAM, ROOT, Newsroom, check, finish, png, skip, small_export

PICTURES = ROOT / "demo/pictures"

ready()
if not (os.environ.get("BROADSHEET_MEDIA") or pathlib.Path(PROGRAM).with_name("broadsheet-media").exists()):
    skip("no broadsheet-media beside the program")
with Newsroom() as site:
    site.init("The Varnmouth Lantern", "--timezone", "Europe/London")
    path = site.run("media", "add", PICTURES / "ferry.jpg").split()[0]
    names = sorted(p for p in PICTURES.glob("*.jpg") if p.name != "ferry.jpg")[:4]
    site.run("media", "add", *names, "--credit", "Ada Ferry")
    export = site.top / "export.xml"
    export.write_text(small_export(1).replace("<p>Words here.</p>", f'<p>Words.</p><img src="{path}" alt="Fog">').replace("Story 1", "In the fog"))
    site.run("import", export)
    site.serve("--access-log", "none", "--max-body", "8000000")
    said = site.server.stdout.readline() + site.server.stdout.readline()
    link = re.search(r"/desk/set-up/\?link=[0-9a-f]+", said)
    check("the set-up link is printed", link is not None, said)
    pages, files = site.top / "pages", site.top / "files"
    pages.mkdir()
    files.mkdir()
    for name, data in (("Harbour wall.png", png(900, 600, 120)), ("Low tide.png", png(640, 960, 30)), ("better.png", png(1100, 700, 200)), ("late.png", png(300, 200, 5)),
                       ("notes.jpg", b"no picture at all"), ("film.mp4", b"\0" * 9_000_000)):
        (files / name).write_bytes(data)
    config = site.top / "library.json"
    config.write_text(json.dumps({"out": str(pages), "shots": os.environ.get("DESK_SHOTS", ""), "files": str(files),
                                  "url": f"http://127.0.0.1:{site.port}", "setUp": link.group(0)}))
    run("library.mjs", config)
    valid_html(pages)
finish()
