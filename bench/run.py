#!/usr/bin/env python3
"""run.py BUILD [--wxr FILE] [--stories N] [--rounds N] [--only NAME,...] - the figures of the program, as a table.

BUILD is a release build's folder. Stories come from bench/corpus.py (10,000), or from the WordPress export that --wxr or
$BENCH_WXR names. Wants wrk and nginx, two cores, and a machine that does nothing else; about six minutes.

How each is taken stands above its function. "CPU" is user and system time of the server's processes; clients run on
the other core. Nothing is measured before related stories are complete. A figure is the median of rounds that take
turns with the other side. "missed" says that the figure of the last column is not reached on this machine.
"""
import argparse
import os
import pathlib
import random
import re
import resource
import shutil
import socket
import sqlite3
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import corpus  # noqa: E402
from rig import SERVER_CORE, Held, Nginx, Reader, Site, cpu_seconds, median, percentile, pss_mb, wrk  # noqa: E402

WARM_HITS = 20  # a page's smaller gzip is made behind, after its second hit
CONNECTION_REQUESTS = 5000  # the server closes a connection after 10,000
MB = 1024 * 1024


class Bench:
    def __init__(self, args):
        self.args = args
        self.site = Site(pathlib.Path(args.build) / "broadsheet")
        self.random = random.Random(7)
        self.slugs, self.words, self.pairs, self.rare = [], [], [], []
        self.missed = 0

    def row(self, what, measured, figure="", ok=None):
        verdict = "" if ok is None else "ok" if ok else "missed"
        self.missed += ok is False
        print(f"{what:<58} {measured:>22}   {figure:<12} {verdict}", flush=True)

    # ---- the archive ----

    def corpus(self):
        path = self.args.wxr
        if not path:
            path = self.site.top / "corpus.xml"
            with open(path, "w", encoding="utf-8") as out:
                corpus.write(out, self.args.stories)
        elif not pathlib.Path(path).exists():
            raise SystemExit(f"there is no {path}; without --wxr and $BENCH_WXR, bench/corpus.py makes the stories")
        counts, titles, item = {}, [], {}
        for line in open(path, encoding="utf-8"):
            for tag, text in re.findall(r"<(title|wp:post_name|wp:status|wp:post_type)>(?:<!\[CDATA\[)?([^<\]]*)", line):
                item[tag] = text
                if tag == "wp:post_type":  # the last of the four in an item
                    if text == "post" and item.get("wp:status") == "publish" and item.get("wp:post_name"):
                        self.slugs.append(item["wp:post_name"])
                        titles.append(item["title"])
                    item = {}
            for word in re.findall(r"[a-z]{3,}", re.sub(r"<[^>]*>", " ", line)):
                counts[word] = counts.get(word, 0) + 1
        common = sorted(counts, key=counts.get, reverse=True)
        self.words = common[:50]
        self.rare = [w for w in common if 2 <= counts[w] <= 5][:2000] or common[-500:]
        for text in titles:
            words = re.findall(r"\w{3,}", text)
            if len(words) > 1:
                at = self.random.randrange(len(words) - 1)
                self.pairs.append(f"{words[at]} {words[at + 1]}")
        return path

    def paths(self, count):
        return [f"/{slug}/" for slug in self.random.sample(self.slugs, min(count, len(self.slugs)))]

    # Import, its search index included, by the command's own wall time; then the time until no `related` job is left.
    def bring_in(self, path):
        site = self.site
        site.command("init", site.dir, "--title", "Bench")
        begin = time.monotonic()
        site.command("import", path, "--site", site.dir)
        seconds = time.monotonic() - begin
        rate = len(self.slugs) / seconds
        self.row(f"import of {len(self.slugs)} stories", f"{rate:,.0f} stories/s", "2,000", rate >= 2000)
        begin = time.monotonic()
        site.start()
        while self.jobs_left() and time.monotonic() - begin < self.args.related_seconds:
            time.sleep(0.5)
        left = self.jobs_left()
        took = f"{time.monotonic() - begin:.0f} s" if not left else f"{left} left after {time.monotonic() - begin:.0f} s"
        self.row("    then related stories are complete after", took)
        if left:
            print("    related stories are still worked on: CPU below is too high by that")
        site.stop()

    def jobs_left(self):
        db = sqlite3.connect(f"file:{self.site.dir}/site.db?mode=ro", uri=True, timeout=10)
        try:
            return db.execute("SELECT COUNT(*) FROM job WHERE kind = 'related'").fetchone()[0]
        finally:
            db.close()

    # From exec to the first byte of the front page, as a client sees it.
    def first_byte(self):
        took = []
        for _ in range(5):
            took.append(self.site.start() * 1000)
            self.site.stop()
        self.row(f"first byte after start, {len(self.slugs)} stories", f"{median(took):.0f} ms", "200 ms", median(took) <= 200)

    # One worker each on one core, wrk on the other; nginx has the very gzip bytes that we send. Reads are counted.
    def finished(self):
        site, path = self.site, self.paths(1)[0]
        site.start("--workers", "1", core=SERVER_CORE)
        for _ in range(WARM_HITS):
            site.get(path, gzip=True)
        time.sleep(1)  # the smaller gzip is made
        status, headers, body = site.get(path, gzip=True)
        if status != 200 or headers.get("content-encoding") != "gzip":
            raise SystemExit(f"{path} answered {status} {headers}")
        nginx = Nginx(site.top, body, path)
        sides = {"ours": (site.url, site.pid), "nginx": (nginx.url, nginx.worker)}
        cost, busy, rate = {s: [] for s in sides}, [], {s: [] for s in sides}
        try:
            for turn in range(self.args.rounds):
                for side in sorted(sides, reverse=turn % 2 == 1):
                    url, pid = sides[side]
                    before = cpu_seconds(pid)
                    load = wrk(url + path, 4, 64)
                    cost[side].append((cpu_seconds(pid) - before) / load.requests * 1e6)
                    rate[side].append(load.requests / load.seconds)
                    busy.append(load.busy)
                    if load.errors:
                        raise SystemExit(f"{side}: {load.errors} of {load.requests} requests failed")
        finally:
            nginx.stop()
            site.stop()
        ours, theirs = median(cost["ours"]), median(cost["nginx"])
        ratio = median(a / b for a, b in zip(cost["ours"], cost["nginx"]))
        self.row(f"finished page, {len(body)} B gzip: CPU a request, of nginx's", f"{ratio:.2f}", "0.65", ratio <= 0.65)
        self.row("    ours, nginx", f"{ours:.1f}, {theirs:.1f} us")
        self.row("    requests/s: ours, nginx", f"{median(rate['ours']):,.0f}, {median(rate['nginx']):,.0f}")
        self.row("    the client was busy at most", f"{max(busy):.0%}", "90%", None if max(busy) <= 0.9 else False)

    # Each story is asked for once, with 1 MB of finished pages. Time: the server's own, from request to answer. CPU: of
    # the whole process, for so many requests.
    def anew(self):
        site = self.site
        paths = self.paths(2000)
        for gzip, what, key, limit in ((False, "HTML", 0, 500), (True, "whole miss, compressed", 1, 1500)):
            site.log.unlink(missing_ok=True)
            site.start("--cache", "1", access_log=str(site.log))
            with Reader(site.port, gzip) as reader:
                reader.get("/")
                before = cpu_seconds(site.pid)
                mine = paths[key::2]
                for path in mine:
                    status, _, _ = reader.get(path)
                    if status != 200:
                        raise SystemExit(f"{path} answered {status}")
                cpu = (cpu_seconds(site.pid) - before) / len(mine) * 1e6
            site.stop()
            took = [us for path in mine for us in self.logged(path)]
            middle = median(took)
            measured, figure = (middle, "500 us") if not gzip else (cpu, "1,500 us CPU")
            self.row(f"story page made anew, {what}: median; CPU", f"{middle:.0f} us; {cpu:.0f} us", figure, measured <= limit)

    def logged(self, path):
        if not hasattr(self, "log_text") or self.log_stamp != self.site.log.stat().st_mtime_ns:
            self.log_stamp = self.site.log.stat().st_mtime_ns
            self.log_text = {}
            for p, us in re.findall(r" path=(\S+) status=200 \S+ us=(\d+)", self.site.log.read_text()):
                self.log_text.setdefault(p, []).append(int(us))
        return self.log_text.get(path, [])

    # Every render thread is stopped where it is (ptrace) and given work it cannot do; finished pages must not notice.
    def held(self):
        site = self.site
        path, others = self.paths(1)[0], self.paths(40)
        site.start()
        for _ in range(WARM_HITS):
            site.get(path, gzip=True)
        time.sleep(1)
        idle, holding = [], []
        for turn in range(self.args.rounds):
            idle.append(wrk(site.url + path, 2, 8, core=None).p99_us)
            with Held(site.pid, "render") as held:
                if not held.tids:
                    raise SystemExit("no thread is called render")
                waiting = [threading.Thread(target=self.quietly_get, args=(p,)) for p in others[turn::self.args.rounds]]
                for thread in waiting:
                    thread.start()
                load = wrk(site.url + path, 2, 8, core=None)
                holding.append(load.p99_us)
            for thread in waiting:
                thread.join()
        site.stop()
        ratio = median(holding) / median(idle)
        self.row(f"finished pages' p99, {len(held.tids)} renders held, of idle", f"{ratio:.2f}", "2", ratio <= 2)
        self.row("    held, idle", f"{median(holding):.0f}, {median(idle):.0f} us")

    def quietly_get(self, path):
        try:
            self.site.get(path)
        except OSError:
            pass

    # 64 connections post, each text its own; other clients read finished pages at about half of what they could. What was
    # answered 303 must be in the database.
    def replies(self):
        site = self.site
        site.start("--replies", "0", "--max-exchanges", "4096")
        story = self.paths(1)[0]
        for _ in range(WARM_HITS):
            site.get(story, gzip=True)
        most = wrk(site.url + story, 2, 64, core=None).requests / 2
        for what, paths in (("1,000 stories", self.paths(1000)), ("one story", self.paths(1))):
            (site.top / "paths").write_text("\n".join(paths))
            rates, read = [], []
            before = self.comments()
            accepted = 0
            for turn in range(3):
                pause = max(1, round(64 / (most / 2) * 1000))
                (site.top / "read.lua").write_text(f"function delay() return {pause} end\n")
                reads = []
                reader = threading.Thread(target=lambda: reads.append(wrk(site.url + story, 5, 64, site.top / "read.lua", core=None)))
                reader.start()
                load = wrk(site.url, 4, 64, HERE / "reply.lua", core=None, words=("--", str(site.top / "paths"), f"{what}-{turn}"))
                reader.join()
                if load.errors:
                    raise SystemExit(f"{load.errors} of {load.requests} replies were refused")
                rates.append(load.requests / load.seconds)
                read.append(reads[0].requests / reads[0].seconds)
                accepted += load.requests
            rate = median(rates)
            self.row(f"durable replies over {what}, readers at {median(read) / most:.0%}", f"{rate:,.0f}/s", "2,000/s", rate >= 2000)
            kept = self.comments() - before
            self.row("    accepted, and in the database", f"{accepted}, {kept}", "all", kept >= accepted)
        site.stop()

    def comments(self):
        db = sqlite3.connect(f"file:{self.site.dir}/site.db?mode=ro", uri=True, timeout=10)
        try:
            return db.execute("SELECT COUNT(*) FROM comment").fetchone()[0]
        finally:
            db.close()

    # PSS of the server: 60 s after start, 100 pages read; then after every story was.
    def memory(self):
        site = self.site
        begin = time.monotonic()
        site.start()
        with Reader(site.port, True) as reader:
            for path in ["/", *self.paths(99)]:
                reader.get(path)
            time.sleep(max(0, 60 - (time.monotonic() - begin)))
            small = pss_mb(site.pid)
        for at in range(0, len(self.slugs), CONNECTION_REQUESTS):
            with Reader(site.port, True) as reader:
                for slug in self.slugs[at:at + CONNECTION_REQUESTS]:
                    reader.get(f"/{slug}/")
        kept = site.metric("pages_bytes") / MB
        large = pss_mb(site.pid)
        site.stop()
        self.row("memory (PSS), 60 s after start, 100 pages read", f"{small:.0f} MB", "64 MB", small <= 64)
        self.row(f"    every page read ({kept:.0f} MB of finished pages)", f"{large:.0f} MB", "128 MB", large <= 128)

    # Each connection has asked once and stays.
    def idle(self):
        count = 10_000
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard < count + 100:
            return self.row("10,000 idle connections", f"not measured: at most {hard} descriptors here")
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        site = self.site
        site.start("--max-per-address", "20000", "--idle-timeout", "600")
        site.get("/healthz")
        time.sleep(1)
        before = pss_mb(site.pid)
        connections = []
        for _ in range(count):
            s = socket.create_connection(("127.0.0.1", site.port))
            s.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            connections.append(s)
        for s in connections:
            s.recv(1)
        time.sleep(1)
        more = pss_mb(site.pid) - before
        for s in connections:
            s.close()
        site.stop()
        self.row("10,000 idle connections: memory (PSS)", f"{more:.1f} MB more", "20 MB", more <= 20)

    # 1,000 queries, a third each: the 50 commonest words, pairs from headlines, rare words. The server's own time.
    def search(self):
        site = self.site
        site.log.unlink(missing_ok=True)
        site.start(access_log=str(site.log))
        queries = [self.random.choice(kind) for kind in (self.words, self.pairs, self.rare) for _ in range(334)]
        self.random.shuffle(queries)
        with Reader(site.port) as reader:
            for query in queries:
                status, _, _ = reader.get("/search/?q=" + query.replace(" ", "+"))
                if status != 200:
                    raise SystemExit(f"search {query!r} answered {status}")
        site.stop()
        took = site.logged_us("/search/")
        p99 = percentile(took, 0.99) / 1000
        self.row(f"search, {len(self.slugs)} stories, {len(took)} queries: p99", f"{p99:.1f} ms", "20 ms", p99 <= 20)
        self.row("    median", f"{median(took) / 1000:.1f} ms")

    # 1,000 finished story pages; another process publishes one story; the next second's readers.
    def one_new(self):
        site = self.site
        site.start()
        paths = self.paths(1000)
        with Reader(site.port, True) as reader:
            for path in [*paths, *paths]:
                reader.get(path)
            hits, misses = site.metric("page_hits_total"), site.metric("page_misses_total")
            with open(site.top / "new.xml", "w", encoding="utf-8") as out:
                corpus.write(out, 1, seed=time.time_ns())
            text = (site.top / "new.xml").read_text().replace("archive.example", "another.example")
            (site.top / "new.xml").write_text(re.sub(r"(<wp:post_name>)", r"\1new-", text))
            site.command("import", site.top / "new.xml", "--site", site.dir)
            time.sleep(0.2)
            slowest = 0
            for path in paths:
                begin = time.monotonic()
                reader.get(path)
                slowest = max(slowest, time.monotonic() - begin)
        hits, misses = site.metric("page_hits_total") - hits, site.metric("page_misses_total") - misses
        site.stop()
        self.row("one story published, 1,000 pages kept: hits after it", f"{hits / (hits + misses):.1%}")
        self.row("    the slowest reader waited", f"{slowest * 1000:.1f} ms")

    def static(self):
        self.row("whole site as static files, of Hugo's time", "not built yet")


ORDER = ["first_byte", "finished", "anew", "held", "replies", "memory", "idle", "search", "one_new", "static"]


def main():
    parser = argparse.ArgumentParser(description="the figures of the program, as a table")
    parser.add_argument("build")
    parser.add_argument("--wxr", default=os.environ.get("BENCH_WXR"))
    parser.add_argument("--stories", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--related-seconds", type=int, default=900, help="how long to wait for related stories")
    parser.add_argument("--only", default=",".join(ORDER), help="of " + " ".join(ORDER))
    args = parser.parse_args()
    for tool in ("wrk", "taskset"):
        if not shutil.which(tool):
            sys.exit(f"there is no {tool}; tools/setup.sh bench installs it")
    if (os.cpu_count() or 1) < 2:
        print("one core only: client and server share it, and ratios say little")
    bench = Bench(args)
    print(f"{'what':<58} {'measured':>22}   {'figure':<12}")
    try:
        bench.bring_in(bench.corpus())
        for name in args.only.split(","):
            getattr(bench, name)()
    finally:
        bench.site.remove()
    print(f"\n{bench.missed} figures missed" if bench.missed else "\nevery figure reached")


main()
