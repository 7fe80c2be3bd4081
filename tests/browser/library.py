"""library.py - the media library in the browser: library.mjs on a site whose story shows a picture.

Skips as run.py does, and where there is no broadsheet-media. DESK_SHOTS=FOLDER keeps a picture of every page in each width
and scheme.
"""
import os
import pathlib

from browser import desk, ready
from newsroom import PROGRAM, ROOT, Newsroom, finish, png, skip, small_export

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
    files = site.top / "files"
    files.mkdir()
    for name, data in (("Harbour wall.png", png(900, 600, 120)), ("Low tide.png", png(640, 960, 30)), ("better.png", png(1100, 700, 200)), ("late.png", png(300, 200, 5)),
                       ("notes.jpg", b"no picture at all"), ("film.mp4", b"\0" * 9_000_000)):
        (files / name).write_bytes(data)
    desk(site, "library.mjs", "--max-body", "8000000", files=str(files))
finish()
