"""lists.py - an editor's lists in the browser: lists.mjs on the demo.

Skips as run.py does. DESK_SHOTS=FOLDER keeps a picture of every page in each width and scheme.
"""

from browser import desk, ready
from newsroom import Newsroom, finish

ready()
with Newsroom() as site:
    site.init("The Varnmouth Lantern", "--demo")
    desk(site, "lists.mjs")
finish()
