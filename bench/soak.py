#!/usr/bin/env python3
"""soak.py PROGRAM [MINUTES] - a mixed load for some minutes (10), with memory watched.

Readers ask for stories, lists, searches and pages that are not there; some reply; a moderator decides; stories come
in from another process; connections come and go half way. It fails when an answer is a 5xx, the log has an error,
memory still grows after the first third, a reply that was accepted is missing, or the site is not whole at the end.
"""
import http.client
import json
import pathlib
import random
import socket
import sys
import threading
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import corpus  # noqa: E402
from rig import Reader, Site, pss_mb  # noqa: E402

STORIES, READERS = 2000, 4
GROWTH_MB = 12  # that a server may still take after the first third: statement caches, arenas, the allocator's own


class Soak:
    def __init__(self, program, minutes):
        self.site, self.until = Site(program), time.monotonic() + minutes * 60
        self.lock = threading.Lock()
        self.codes, self.replies, self.faults = {}, 0, []

    def go_on(self):
        return time.monotonic() < self.until

    def note(self, status):
        with self.lock:
            self.codes[status] = self.codes.get(status, 0) + 1

    def read(self, seed):
        r = random.Random(seed)
        while self.go_on():
            with Reader(self.site.port, gzip=r.random() < 0.8) as reader:
                for _ in range(r.randrange(1, 200)):
                    path = r.choice(self.paths) if r.random() < 0.8 else r.choice(
                        ["/", "/rss/", "/sitemap.xml", f"/page/{r.randrange(1, 60)}/", f"/nowhere-{r.randrange(999)}/",
                         f"/search/?q={r.choice(corpus.THINGS)}+{r.choice(corpus.THINGS)}"])
                    self.note(reader.get(path)[0])
                    time.sleep(0.001)

    def reply(self):
        r = random.Random(3)
        while self.go_on():
            fields = {"name": f"Reader {r.randrange(50)}", "email": f"r{r.randrange(50)}@reader.example",
                      "text": f"{r.random()} " + "words " * r.randrange(1, 400)}
            connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=30)
            connection.request("POST", r.choice(self.paths), urllib.parse.urlencode(fields),
                               {"Content-Type": "application/x-www-form-urlencoded"})
            status = connection.getresponse().status
            connection.close()
            self.note(status)
            self.replies += status == 303
            time.sleep(0.01)

    def rude(self):
        """Clients that stop half way."""
        r = random.Random(4)
        while self.go_on():
            with socket.create_connection(("127.0.0.1", self.site.port)) as s:
                s.sendall(f"GET {r.choice(self.paths)} HTTP/1.1\r\nHost: x\r\n\r\n".encode()[:r.randrange(10, 60)])
            time.sleep(0.02)

    def newsroom(self):
        """Another process: a story comes in, replies are decided."""
        number = 0
        while self.go_on():
            number += 1
            new = self.site.top / "new.xml"
            with open(new, "w", encoding="utf-8") as out:
                corpus.write(out, 1, seed=number)
            new.write_text(new.read_text().replace("archive.example", f"n{number}.example"))
            self.site.command("import", new, "--site", self.site.dir)
            waiting = json.loads(self.site.command("comment", "list", "--json", "--limit", "20", "--site", self.site.dir))
            for verdict, part in (("approve", waiting[:10]), ("spam", waiting[10:15])):
                if part:
                    self.site.command("comment", verdict, *[str(c["id"]) for c in part], "--site", self.site.dir)
            time.sleep(5)

    def guarded(self, work, *args):
        try:
            work(*args)
        except BaseException as e:  # a thread's failure is the run's
            with self.lock:
                self.faults.append(f"{work.__name__}: {e!r}")
            self.until = 0

    def run(self):
        site, begin = self.site, time.monotonic()
        export = site.top / "corpus.xml"
        with open(export, "w", encoding="utf-8") as out:
            corpus.write(out, STORIES)
        site.command("init", site.dir, "--title", "Soak")
        site.command("import", export, "--site", site.dir)
        site.start("--replies", "0", "--cache", "8")
        found = site.get("/sitemap-posts.xml")[2].decode()
        self.paths = [urllib.parse.urlparse(loc.split("</loc>")[0].strip()).path for loc in found.split("<loc>")[1:]]
        works = [(self.read, n) for n in range(READERS)] + [(self.reply,), (self.rude,), (self.newsroom,)]
        threads = [threading.Thread(target=self.guarded, args=w) for w in works]
        for thread in threads:
            thread.start()
        memory, minutes = [], self.until - time.monotonic()
        third = time.monotonic() + minutes / 3
        while any(t.is_alive() for t in threads):
            time.sleep(2)
            if site.server.poll() is not None:
                said = (site.top / "serve.err").read_text().splitlines()[-20:]
                raise SystemExit("failed: the server ended by itself, "
                                 f"{site.server.returncode}:\n" + "\n".join(said))
            memory.append((time.monotonic(), pss_mb(site.pid)))
            if len(memory) % 15 == 1:
                print(f"{time.monotonic() - begin:6.0f} s  {memory[-1][1]:6.1f} MB  log {site.metric('wal_bytes') / 1e6:5.1f} MB  "
                      f"answers {dict(sorted(self.codes.items()))}", flush=True)
        for thread in threads:
            thread.join()
        self.judge(memory, third)

    def judge(self, memory, third):
        site = self.site
        early = max(m for at, m in memory if at <= third)
        late = max(m for at, m in memory if at > third)
        site.stop()
        if late > early + GROWTH_MB:
            self.faults.append(f"memory grew from {early:.1f} to {late:.1f} MB")
        if any(code >= 500 for code in self.codes):
            self.faults.append(f"answers {self.codes}")
        errors = [line for line in (site.top / "serve.err").read_text().splitlines() if " error " in line]
        if errors:
            self.faults.append(f"{len(errors)} errors in the log, the first: {errors[0]}")
        kept = len(json.loads(site.command("comment", "list", "--json", "--state", "all", "--limit", "1000000", "--site", site.dir)))
        if kept < self.replies:
            self.faults.append(f"{self.replies} replies accepted, {kept} there")
        site.command("check", "--site", site.dir)  # raises when the site is not whole
        print(f"memory {early:.1f} MB in the first third, {late:.1f} MB at most after it; {self.replies} replies")
        for fault in self.faults:
            print(f"failed: {fault}")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: soak.py PROGRAM [MINUTES]")
    soak = Soak(sys.argv[1], float(sys.argv[2]) if len(sys.argv) == 3 else 10)
    try:
        soak.run()
    finally:
        soak.until = 0
        soak.site.remove()
    sys.exit(1 if soak.faults else 0)
