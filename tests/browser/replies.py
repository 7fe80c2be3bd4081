"""replies.py - the queue of replies by its keys, and the numbers, in the browser: replies.mjs on a site of three stories.

Skips as run.py does. DESK_SHOTS=FOLDER keeps a picture of every page in each width and scheme.
"""
import math
import sqlite3
import time

from browser import desk, ready
from newsroom import Newsroom, finish, small_export

REPLIES = [
    ("Ida Holm", "ida@reader.example", 1, "The ferry was late again, and nobody at the quay could say why. *Four* of us missed the train."),
    ("Olaf", "olaf@reader.example", 1, "It was on time on Tuesday."),
    ("Ropes & Knots Ltd", "sales@ropes.example", 2, "Cheap ropes! http://ropes.example/a http://ropes.example/b"),
    ("Ropes & Knots Ltd", "sales@ropes.example", 3, "Cheap knots! http://ropes.example/c"),
    ("Nora Quill", "nora@reader.example", 2, "A correction: the harbour master is Mr Lund, not Mr Lunt."),
    ("Ida Holm", "ida@reader.example", 3, "Tuesday, yes. Wednesday, no.\n\nI have the tickets."),
]
HOUR, DAY = 3600 * 10**6, 86400 * 10**6


def fill_numbers(path):
    """A month as a small paper has it: days that rise and fall with the week, hours with the day."""
    now = int(time.time() * 10**6)
    db = sqlite3.connect(path)
    for back in range(31 * 24):
        at = now // HOUR * HOUR - back * HOUR
        hour, weekday = at // HOUR % 24, at // DAY % 7
        reads = int(120 * (1 + math.sin((hour - 8) / 24 * 2 * math.pi)) * (1.5 if weekday in (1, 5) else 1)) + back % 7
        db.execute("INSERT INTO site_read VALUES (?, ?)", (at, reads))
        for story in (1, 2, 3):
            db.execute("INSERT INTO read_count VALUES (?, ?, ?)", (story, at, reads // (story + 1)))
            db.execute("INSERT INTO read_day VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET reads = reads + excluded.reads", (story, at // DAY, reads // (story + 1)))
    for story in (1, 2, 3):
        db.execute("INSERT INTO story_heat VALUES (?, ?, ?)", (story, story, 40000 // story))
        for source, reads in (("Google", 812), ("rain.example", 77), ("Facebook", 301), ("", 12), ("a-rather-long-name-of-a-host.of-some-blog.example", 9)):
            db.execute("INSERT INTO referrer VALUES (?, ?, ?, ?)", (story, now // DAY, source, reads // story))
    for source, reads in (("Google", 1812), ("Facebook", 901), ("rain.example", 140), ("", 31), ("a-rather-long-name-of-a-host.of-some-blog.example", 19)):
        db.execute("INSERT INTO site_referrer VALUES (?, ?, ?)", (now // DAY, source, reads))
    db.execute("INSERT INTO read_on VALUES (1, 2, 41), (1, 3, 7)")
    db.commit()
    db.close()


ready()
with Newsroom() as site:
    site.init("The Varnmouth Lantern", "--timezone", "Europe/London")
    export = site.top / "export.xml"
    export.write_text(small_export(3))
    site.run("import", export)
    fill_numbers(site.dir / "site.db")
    def reply():
        for name, email, story, text in REPLIES:
            site.post(f"/story-{story}/", {"name": name, "email": email, "text": text})

    desk(site, "replies.mjs", served=reply)
finish()
