"""A thousand story pages kept, one story published: who waits, and for what."""
import concurrent.futures
import re
import sqlite3
import time

from newsroom import Newsroom, check, equal, finish, small_export

STORIES = 1000
# A page that merely lists the new story is served as it was for five seconds at most (PAGE_SOFT_STALE_MAX), of which
# up to one has gone by when the front page shows it: what a slow machine asks after that is not counted.
ASKED_WITHIN = 3.5


def metrics(site):
    return {k: float(v) for k, v in re.findall(r"^broadsheet_(\w+) (\S+)$", site.get("/metrics").text, re.M)}


with Newsroom() as site:
    site.init()
    (site.top / "w.xml").write_text(small_export(STORIES))
    site.run("import", site.top / "w.xml")
    site.serve()

    def jobs():
        with sqlite3.connect(site.dir / "site.db") as db:
            return db.execute("SELECT COUNT(*) FROM job").fetchone()[0]

    # Related stories are worked out behind; until that is done it drops pages whose list it changed.
    check("related stories are worked out", site.wait_for(lambda: jobs() == 0, 60) is not None, jobs())
    paths = [f"/story-{n}/" for n in range(1, STORIES + 1)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        equal("every story answers", {a.status for a in pool.map(site.get, paths)}, {200})
        site.get("/")
        before = metrics(site)
        check("all are kept", before["pages_kept"] >= STORIES, before["pages_kept"])

        (site.top / "new.txt").write_text("A new story\n\nIt has one paragraph.\n")
        site.run("import", site.top / "new.txt")
        took = site.wait_for(lambda: "A new story" in site.get("/").text, 2.0)
        check("it is on the front page within a second", took is not None and took < 1.0, took)
        waits = []
        shown = time.monotonic()
        # The newest one's page shows the way to the next story, which there is now: it is made anew, and at once.
        check("and where the story before it leads", "A new story" in site.get(paths[-1]).text)
        polled = metrics(site)
        for path in paths[:-1]:
            begin = time.monotonic()
            if begin - shown > ASKED_WITHIN:
                break
            site.get(path)
            waits.append(time.monotonic() - begin)
        after = metrics(site)
    asked = len(waits)
    hits = after["page_hits_total"] - polled["page_hits_total"]
    print(f"hit rate over {asked} story pages after one was published: {min(hits, asked) / asked:.3f}; "
          f"slowest {max(waits) * 1000:.1f} ms")
    check("story pages went on being served from memory", hits >= asked, hits)
    equal("serve ends cleanly", site.stop(), 0)
finish()
