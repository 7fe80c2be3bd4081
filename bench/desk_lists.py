#!/usr/bin/env python3
"""desk_lists.py BUILD SITE - server time of the desk's lists on a site of bench/grow, as the access log has it.

SITE is changed: it gets an owner and an author of its own, and, once, of every 20 stories one becomes a draft, of every 50
one goes into the bin, of every 1,000 one is scheduled. Each address is asked for ROUNDS times after a first time, in turn; printed are the first time
(cold, but for what the addresses before it left in memory), the median and the slowest of the rest, in ms.
"""
import pathlib
import re
import sqlite3
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests/integration"))
import newsroom  # noqa: E402

ROUNDS = 20
PASSWORD = "a lamp at the quay"
UNLISTED = [("draft", "id % 20 = 7"), ("trashed", "id % 50 = 13"), ("scheduled", "id % 1000 = 5")]
AT = "(SELECT CASE WHEN s.state = 'scheduled' THEN s.published_at ELSE s.updated_at END FROM story s WHERE s.id = story)"


def unlist(db):
    if db.execute("SELECT 1 FROM story WHERE state = 'draft' LIMIT 1").fetchone():
        return
    for state, which in UNLISTED:
        db.execute(f"UPDATE story SET state = '{state}', published_at = published_at + CASE WHEN '{state}' = 'scheduled'"
                   f" THEN {30 * 365 * 86400 * 10**6} ELSE 0 END WHERE {which} AND kind = 'story' AND state = 'published'")
    for table in ("story_tag", "story_byline"):
        for state, which in UNLISTED:
            db.execute(f"UPDATE {table} SET listed_at = NULL, desk_state = '{state}', desk_at = {AT}"
                       f" WHERE story IN (SELECT id FROM story WHERE state = '{state}')")


def hire(site, build, db):
    for who, role in (("ann", "owner"), ("wes", "author")):
        subprocess.run([build / "broadsheet", "user", "add", "--site", str(site), f"{who}@bench.example", "--name", who, "--role", role],
                       input=PASSWORD + "\n", text=True, capture_output=True)
    busiest = db.execute("SELECT id FROM byline ORDER BY story_count DESC LIMIT 1").fetchone()[0]
    db.execute("UPDATE byline SET person = (SELECT id FROM person WHERE email = 'wes@bench.example') WHERE id = ?", (busiest,))


def addresses(db):
    tags = [r[0] for r in db.execute("SELECT slug FROM tag ORDER BY story_count DESC LIMIT 40")]
    rare = db.execute("SELECT slug FROM tag WHERE story_count BETWEEN 20 AND 200 ORDER BY id LIMIT 1").fetchone()[0]
    by = [r[0] for r in db.execute("SELECT slug FROM byline ORDER BY story_count DESC LIMIT 3")]
    old = "before=1400000000000000-99999999"
    lists = ["", "state=draft", "state=scheduled", "state=published", "state=trashed", "kind=page", f"state=published&{old}", f"state=draft&{old}", old]
    lists += [f"{s}tag={tags[0]}" for s in ("", "state=draft&", "state=published&", "state=trashed&", f"{old}&")]
    lists += [f"tag={rare}", f"by={by[0]}", f"by={by[0]}&state=draft", f"tag={tags[0]}&by={by[0]}", f"tag={tags[30]}&by={by[2]}",
              f"tag={rare}&by={by[1]}&state=draft", f"tag={tags[0]}&kind=page", f"from=2014-01-01&until=2014-02-01&tag={tags[0]}",
              "q=the+council", "q=harbour&state=draft", f"q=council&tag={tags[0]}&by={by[0]}", "q=zeppelin"]
    return ([("ann", f"/desk/stories/?{q}") for q in lists] + [("wes", f"/desk/stories/?{q}") for q in ("", "state=draft", f"tag={tags[0]}", f"tag={rare}", "q=council")] +
            [("ann", p) for p in ("/desk/stories/search/?q=council", "/desk/stories/search/?q=har", "/desk/tags/", "/desk/tags/?order=stories", "/desk/tags/?q=a",
                                  "/desk/tags/suggest/?q=ha", "/desk/bylines/", "/desk/bylines/suggest/?q=ma")])


class Somebody:
    def __init__(self, site, email):
        self.site, self.cookie = site, None
        page = self.get("/desk/sign-in/")
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', page.text).group(1)
        self.take(site.post("/desk/sign-in/", [("csrf", token), ("email", email), ("password", PASSWORD), ("to", "/desk/")], Cookie=self.cookie))

    def take(self, answer):
        line = answer.headers.get("set-cookie")
        self.cookie = line.split(";")[0] if line else self.cookie
        return answer

    def get(self, path):
        return self.take(self.site.get(path, **({"Cookie": self.cookie} if self.cookie else {})))


def main():
    build, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    db = sqlite3.connect(folder / "site.db", isolation_level=None)
    unlist(db)
    hire(folder, build, db)
    asked = addresses(db)
    db.close()
    newsroom.PROGRAM = str(build / "broadsheet")
    with newsroom.Newsroom() as site:
        site.dir = folder
        log = site.top / "access.log"
        site.serve("--access-log", str(log), "--workers", "1")  # one: its lines come in order
        people = {who: Somebody(site, f"{who}@bench.example") for who in ("ann", "wes")}
        wait_for_lines(log, 2 * len(people))
        begin = len(log.read_text().splitlines())
        for _ in range(1 + ROUNDS):
            for who, path in asked:
                answer = people[who].get(path)
                assert answer.status == 200, (answer.status, path)
        wait_for_lines(log, begin + len(asked) * (1 + ROUNDS))
        times = [int(re.search(r" us=(\d+)", line).group(1)) / 1000 for line in log.read_text().splitlines()[begin:]]
    print(f"{'first':>8} {'median':>8} {'slowest':>8}   ms of server time")
    for i, (who, path) in enumerate(asked):
        mine = times[i::len(asked)]
        print(f"{mine[0]:8.1f} {statistics.median(mine[1:]):8.1f} {max(mine[1:]):8.1f}   {who} {path}")


def wait_for_lines(log, lines):
    for _ in range(100):
        if log.exists() and len(log.read_text().splitlines()) >= lines:
            return
        time.sleep(0.1)


main()
