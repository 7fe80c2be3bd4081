#!/usr/bin/env python3
"""run.py BUILD [--wxr FILE] [--sites DIR] [--rounds N] [--only NAME,...] - the figures of the program, as a table.

BUILD is a release build's folder. 10,000 stories come from bench/corpus.py, or from the WordPress export that --wxr or
$BENCH_WXR names; the site of 100,000 from bench/grow/grow.py, in the folder --sites or $BENCH_SITES, where it is used again, else in
a temporary one. Wants wrk and nginx, two cores, and a machine that does nothing else; about eight minutes.

How each is taken stands above its function. "CPU" is user and system time of the server's threads; clients run on
the other core. Nothing is measured before related stories are complete. A figure is the median of rounds that take
turns with the other side. "ratio" is measured by goal. bench/flat.py has what is measured at 1,000,000 stories.
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
sys.path[:0] = [str(HERE), str(HERE / "grow")]
import corpus  # noqa: E402
import grow  # noqa: E402
from rig import (SERVER_CORE, Held, Nginx, Reader, Site, Table, cpu_seconds, median, paced, percentile, pss_mb,  # noqa: E402
                 sync_ms, wrk)

WARM_HITS = 20  # a page's smaller gzip is made behind, after its second hit
CONNECTION_REQUESTS = 5000  # the server closes a connection after 10,000
LARGE = 100_000
BUSY_MOST = 0.9  # a client busier than that measures itself
PACE = 0.6  # of what the slower side can do: both sides answer at one rate, below what either can do
HELD_SECONDS = 2
REPLY_SECONDS, REPLY_ROUNDS = 4, 3
CACHE_MB = 64
MB = 1024 * 1024


class Bench:
    def __init__(self, args):
        self.args = args
        self.site = Site(pathlib.Path(args.build) / "broadsheet")
        self.sites = pathlib.Path(args.sites) if args.sites else self.site.top / "sites"
        self.random = random.Random(7)
        self.slugs, self.words, self.pairs, self.rare = [], [], [], []
        self.table = Table()
        self.row = self.table.row

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
        self.row(f"import of {len(self.slugs)} stories", len(self.slugs) / (time.monotonic() - begin), "/s", least=2000)
        begin = time.monotonic()
        site.start()
        while site.jobs_left() and time.monotonic() - begin < self.args.related_seconds:
            time.sleep(0.5)
        self.row("then related stories are complete after", time.monotonic() - begin, " s")
        if site.jobs_left():
            self.table.note(f"{site.jobs_left()} stories are still to be related: CPU below is too high by that")
        site.stop()

    def large(self):
        """A site of 100,000 stories, with a server of its own."""
        small = grow.base_folder(self.sites, grow.BASE)
        if not self.args.wxr and len(self.slugs) == grow.BASE and not small.exists() and not self.site.jobs_left():
            shutil.copytree(self.site.dir, small)  # it is what grow.py would begin with
        site = Site(self.site.program, self.site.top / "large")
        site.top.mkdir(exist_ok=True)
        site.dir = grow.make(self.args.build, LARGE, self.sites, quiet=True)
        return site

    # From exec to the first byte of the front page, as a client sees it; the file is in the system's memory.
    def first_byte(self):
        site, took = self.large(), []
        for _ in range(7):
            took.append(site.start() * 1000)
            site.stop()
        self.row(f"first byte after start, {LARGE:,} stories", median(took), " ms", most=200)

    # One worker each on one core, wrk on the other, the same rate for both; nginx has the very gzip bytes that we send.
    # Reads are counted.
    def finished(self):
        site, path = self.site, self.paths(1)[0]
        site.start("--workers", "1", core=SERVER_CORE)
        body = self.finish(path)
        nginx = Nginx(site.top, body, path)
        sides = {"ours": (site.url + path, site.pid), "nginx": (nginx.url + path, nginx.worker)}
        cost, busy = {s: [] for s in sides}, []
        try:
            most = {side: wrk(url, 2, 64) for side, (url, _) in sides.items()}
            rate = int(PACE * min(load.requests / load.seconds for load in most.values()))
            for turn in range(self.args.rounds):
                for side in sorted(sides, reverse=turn % 2 == 1):
                    url, pid = sides[side]
                    before = cpu_seconds(pid)
                    load = paced(url, rate, 4, 64)
                    cost[side].append((cpu_seconds(pid) - before) / load.requests * 1e6)
                    busy.append(load.busy)
                    if load.errors:
                        raise SystemExit(f"{side}: {load.errors} of {load.requests} requests failed")
        finally:
            nginx.stop()
            site.stop()
        shares = [a / b for a, b in zip(cost["ours"], cost["nginx"])]
        self.row(f"finished page, {len(body)} B gzip: CPU a request, of nginx's", median(shares), most=0.65, digits=2)
        for side in sides:
            self.row(f"{side}, at {rate:,} requests/s", median(cost[side]), " us", digits=1)
            self.row(f"{side}, at full speed", most[side].requests / most[side].seconds, "/s")
        self.row(f"the ratio's range over {len(shares)} rounds: from", min(shares), digits=2)
        self.row("    to", max(shares), digits=2)
        self.row("the client was busy at most", 100 * max(busy), "%", most=100 * BUSY_MOST)

    def finish(self, path):
        """Asks until the page has its smaller gzip; that."""
        for _ in range(WARM_HITS):
            self.site.get(path, gzip=True)
        time.sleep(1)
        status, headers, body = self.site.get(path, gzip=True)
        if status != 200 or headers.get("content-encoding") != "gzip":
            raise SystemExit(f"{path} answered {status} {headers}")
        return body

    # Each story is asked for once, with 1 MB of finished pages. Time: the server's own, from request to answer. CPU: of
    # the whole process, for so many requests.
    def anew(self):
        site = self.site
        paths = self.paths(2000)
        for gzip, what, key, limit in ((False, "HTML: median", 0, 500), (True, "compressed: CPU", 1, 1500)):
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
            middle = median(us for path in mine for us in self.logged(path))
            self.row(f"story page made anew, {what}", cpu if gzip else middle, " us", most=limit)
            self.row("the same, " + ("median from request to answer" if gzip else "CPU"), middle if gzip else cpu, " us")

    def logged(self, path):
        if not hasattr(self, "log_text") or self.log_stamp != self.site.log.stat().st_mtime_ns:
            self.log_stamp = self.site.log.stat().st_mtime_ns
            self.log_text = {}
            for p, us in re.findall(r" path=(\S+) status=200 \S+ us=(\d+)", self.site.log.read_text()):
                self.log_text.setdefault(p, []).append(int(us))
        return self.log_text.get(path, [])

    # Every render thread is stopped where it is (ptrace) and given work it cannot do; finished pages must not notice.
    # Readers come at a quarter of what could be answered, so that the 99th centile is not a queue's.
    def held(self):
        site = self.site
        path, others = self.paths(1)[0], self.paths(8 * self.args.rounds)
        site.start()
        self.finish(path)
        rate = int(wrk(site.url + path, 2, 32).requests / 2 / 4)
        idle, holding = [], []
        for turn in range(self.args.rounds):
            idle.append(paced(site.url + path, rate, HELD_SECONDS, 32).p99_us)
            waiting = [threading.Thread(target=self.quietly_get, args=(p,)) for p in others[turn::self.args.rounds]]
            with Held(site.pid, "render") as held:
                if not held.tids:
                    raise SystemExit("no thread is called render")
                for thread in waiting:
                    thread.start()
                holding.append(paced(site.url + path, rate, HELD_SECONDS, 32).p99_us)
            for thread in waiting:
                thread.join()
        site.stop()
        self.row(f"finished pages' p99, {len(held.tids)} renders held {HELD_SECONDS} s, of idle", median(holding) / median(idle), most=2, digits=2)
        self.row(f"held, at {rate:,} requests/s", median(holding), " us")
        self.row("idle", median(idle), " us")

    def quietly_get(self, path):
        try:
            self.site.get(path)
        except OSError:
            pass

    # 64 connections post, each reply with a text of its own; other clients read finished pages at half of the most
    # that was answered just before. What was acknowledged must be in the database, and each text once.
    def replies(self):
        site = self.site
        site.start("--replies", "0", "--max-exchanges", "4096")
        story = self.paths(1)[0]
        self.finish(story)
        most = wrk(site.url + story, 3, 64, core=None)
        half = int(most.requests / most.seconds / 2)
        sync = percentile(sync_ms(site.top), 0.99)
        for what, paths in (("1,000 stories", self.paths(1000)), ("one story", self.paths(1))):
            (site.top / "paths").write_text("\n".join(paths))
            rounds = [self.reply_round(story, half, f"{what} {turn}") for turn in range(REPLY_ROUNDS)]
            self.row(f"durable replies over {what}, readers at half their most", median(r["rate"] for r in rounds), "/s", least=2000)
            self.row(f"readers had, of the {half:,}/s that are half", 100 * median(r["read"] for r in rounds) / half, "%")
            self.row(f"p99 of a reply (a sync's p99 just before: {sync:.1f} ms)", median(r["p99"] for r in rounds), " ms", digits=1)
            told, missing, twice = (sum(r[key] for r in rounds) for key in ("told", "missing", "twice"))
            self.row(f"of {told:,} acknowledged: missing", missing, most=0) if told else self.table.note("no reply was acknowledged")
            self.row("    and kept twice", twice, most=0)
        site.stop()

    def reply_round(self, story, half, mark):
        site, reads = self.site, []
        reader = threading.Thread(target=lambda: reads.append(paced(site.url + story, half, REPLY_SECONDS + 1, 64, core=None)))
        reader.start()
        load = wrk(site.url, REPLY_SECONDS, 64, HERE / "reply.lua", core=None,
                   words=("--", str(site.top / "paths"), mark, str(site.top / "told")))
        reader.join()
        if load.errors:
            raise SystemExit(f"{load.errors} of {load.requests} replies were refused")
        told = (site.top / "told").read_text().split()
        kept = self.kept_replies(f"of {mark}.".replace(",", " "))
        return {"rate": load.requests / load.seconds, "read": reads[0].requests / reads[0].seconds, "p99": load.p99_us / 1000,
                "told": len(told), "missing": len([one for one in told if one not in kept]), "twice": len(kept) - len(set(kept.values()))}

    def kept_replies(self, mark):
        """The replies of a round: number, as text, and what was said."""
        db = sqlite3.connect(f"file:{self.site.dir}/site.db?mode=ro", uri=True, timeout=10)
        try:
            return {str(one): text for one, text in db.execute("SELECT id, source_text FROM comment WHERE instr(source_text, ?)", (mark,))}
        finally:
            db.close()

    # PSS of the server and the processes it started: 60 s after start, 100 pages read; then after every page that the
    # sitemap names was.
    def memory(self):
        site = self.site
        begin = time.monotonic()
        site.start()
        with Reader(site.port, True) as reader:
            for path in ["/", *self.paths(99)]:
                reader.get(path)
            time.sleep(max(0, 60 - (time.monotonic() - begin)))
            small = pss_mb(site.pid)
        every = self.every_page()
        for at in range(0, len(every), CONNECTION_REQUESTS):
            with Reader(site.port, True) as reader:
                for path in every[at:at + CONNECTION_REQUESTS]:
                    reader.get(path)
        kept, large = site.metric("pages_bytes") / MB, pss_mb(site.pid)
        site.stop()
        self.row(f"memory (PSS), {len(self.slugs)} stories, 60 s, 100 pages read", small, " MB", most=64)
        self.row(f"memory (PSS), each of {len(every)} pages read", large, " MB", most=64 + CACHE_MB)
        self.row("of that finished pages", kept, " MB")

    def every_page(self):
        with Reader(self.site.port) as reader:
            def addresses(path):
                return re.findall(r"<loc>(?:https?://[^/<]+)?(/[^<]*)</loc>", reader.get(path)[2].decode())
            return [page for part in addresses("/sitemap.xml") for page in addresses(part)]

    # Each connection has asked once and stays.
    def idle(self):
        count = 10_000
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard < count + 100:
            return self.table.note(f"10,000 idle connections: not measured, at most {hard} descriptors here")
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
        self.row("10,000 idle connections: memory (PSS) more", more, " MB", most=20, digits=1)

    # 1,000 queries, a third each: the 50 commonest words, pairs from headlines, rare words. The server's own time.
    def search(self):
        site = self.large()
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
        self.row(f"search, {LARGE:,} stories, {len(took)} queries: p99", percentile(took, 0.99) / 1000, " ms", most=20, digits=1)
        self.row("median", median(took) / 1000, " ms", digits=1)

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
        self.row("one story published, 1,000 pages kept: hits after it", 100 * hits / (hits + misses), "%", digits=1)
        self.row("the slowest reader waited", slowest * 1000, " ms", digits=1)

    def static(self):
        self.table.note("whole site as static files, of Hugo's time: not built yet")


ORDER = ["finished", "anew", "held", "replies", "memory", "idle", "one_new", "first_byte", "search", "static"]


def main():
    parser = argparse.ArgumentParser(description="the figures of the program, as a table")
    parser.add_argument("build")
    parser.add_argument("--wxr", default=os.environ.get("BENCH_WXR"))
    parser.add_argument("--sites", default=os.environ.get("BENCH_SITES"), help="where the site of 100,000 stories is kept")
    parser.add_argument("--stories", type=int, default=grow.BASE)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--related-seconds", type=int, default=300, help="how long to wait for related stories")
    parser.add_argument("--only", default=",".join(ORDER), help="of " + " ".join(ORDER))
    args = parser.parse_args()
    for tool in ("wrk", "taskset"):
        if not shutil.which(tool):
            sys.exit(f"there is no {tool}; tools/setup.sh bench installs it")
    if (os.cpu_count() or 1) < 2:
        print("one core only: client and server share it, and ratios say little")
    bench = Bench(args)
    try:
        bench.bring_in(bench.corpus())
        for name in args.only.split(","):
            getattr(bench, name)()
    finally:
        bench.site.remove()
    bench.table.end()


main()
