"""story.py - a story is written, published and corrected without script, in the browser: story.mjs on a new site.

Skips as run.py does. DESK_SHOTS=FOLDER keeps a picture of every page in each width and scheme.
"""

from browser import desk, ready
from newsroom import Newsroom, finish

PASSWORD = "a lamp at the quay"

ready()
with Newsroom() as site:
    site.init("The Varnmouth Lantern", "--timezone", "Europe/Berlin")
    for who, name, role in (("ann", "Ann Quill", "owner"), ("eve", "Eve Ling", "editor"), ("wil", "Wil Hart", "author"), ("con", "Con Reed", "contributor")):
        site.run("user", "add", f"{who}@lantern.example", "--name", name, "--role", role, stdin=PASSWORD + "\n")
    desk(site, "story.mjs", password=PASSWORD)
finish()
