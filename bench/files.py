#!/usr/bin/env python3
"""files.py BUILD [--rounds N] [--at-once N] - what a picture costs to send, and what making pictures costs the pages.

BUILD is a release build's folder. CPU: user and system time of one worker on one core for a file of 5, 60 and 400 kB,
against Debian's nginx with the same file, the same header lines and nginx.conf's own settings (sendfile, tcp_nopush,
no log), at one rate, in turns; the figure is the median of the rounds' ratios.

Pages: the 99th percentile of story pages, finished ones and ones that are made anew (?reply=N is another page each time), each idle and while
--at-once renditions are asked for by another process. All four are taken in turns, as the machine may be busy with something else.

Hostile: what serve's memory (PSS, without the picture process) grows by while `media add` takes in the six hundred odd pictures of
tests/integration/media/corpus.py beside it, and while every one it took is asked for in other sizes. Once as it comes, and once more with
the site warm: the second is what counts.
"""
import argparse
import json
import multiprocessing
import pathlib
import re
import shutil
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE)]
from rig import SERVER_CORE, Reader, Site, Table, cpu_seconds, free_port, median, own_pss_mb, paced, percentile, pinned, pss_mb, wrk  # noqa: E402

SIZES = {"5 kB": 5_000, "60 kB": 60_000, "400 kB": 400_000}
PACE = 0.5
LINES = ("Cache-Control: public, max-age=31536000, immutable", "X-Content-Type-Options: nosniff",
         "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; sandbox")


class Nginx:
    """As Debian configures it, without its log."""

    def __init__(self, top, media):
        self.port, self.root = free_port(), top / "nginx"
        (self.root / "content").mkdir(parents=True)
        (self.root / "content/images").symlink_to(media)
        temp = "".join(f"{n}_temp_path {self.root}/{n};" for n in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        lines = "".join('add_header {} "{}";'.format(*line.split(": ", 1)) for line in LINES)
        (self.root / "nginx.conf").write_text(
            f"daemon off; worker_processes 1; pid {self.root}/pid; error_log {self.root}/err crit; user root;\n"
            f"events {{ worker_connections 768; }}\n"
            f"http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; {temp}\n"
            f"types {{ image/jpeg jpg; }} {lines}\n"
            f"server {{ listen 127.0.0.1:{self.port}; root {self.root}; }} }}\n")
        line = [shutil.which("nginx") or "/usr/sbin/nginx", "-p", str(self.root), "-e", str(self.root / "err"), "-c", str(self.root / "nginx.conf")]
        self.master = subprocess.Popen(pinned(SERVER_CORE, line), stderr=subprocess.DEVNULL)
        self.url = f"http://127.0.0.1:{self.port}"
        for _ in range(200):
            children = pathlib.Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children").read_text().split()
            if children:
                break
            time.sleep(0.02)
        self.worker = int(children[0])

    def stop(self):
        self.master.terminate()
        self.master.wait(10)


def cost_of(url, pid, rate):
    before = cpu_seconds(pid)
    load = paced(url, rate, 3, 32)
    if load.errors:
        raise SystemExit(f"{url}: {load.errors} of {load.requests} requests failed")
    return (cpu_seconds(pid) - before) / load.requests * 1e6


def compare(table, name, path, site, nginx, rounds):
    sides = {"ours": (site.url + path, site.pid), "nginx": (nginx.url + path, nginx.worker)}
    most = [wrk(url, 1, 32) for url, _ in sides.values()]
    rate = int(PACE * min(load.requests / load.seconds for load in most))
    cost = {side: [] for side in sides}
    for turn in range(rounds):
        for side in sorted(sides, reverse=turn % 2 == 1):
            cost[side].append(cost_of(*sides[side], rate))
    shares = [a / b for a, b in zip(cost["ours"], cost["nginx"])]
    table.row(f"a file of {name}: CPU a request, of nginx's", median(shares), most=1.0, digits=2)
    table.row(f"ours, nginx at {rate:,} requests/s: {median(cost['ours']):.1f} and", median(cost["nginx"]), " us", digits=1)


def files(site, rounds, table):
    media = site.dir / "media/2024/05"
    media.mkdir(parents=True)
    for name, size in SIZES.items():
        (media / f"{size}.jpg").write_bytes(bytes(i * 7919 % 251 for i in range(size)))
    site.start("--workers", "1", core=SERVER_CORE)
    nginx = Nginx(site.top, site.dir / "media")
    try:
        before = pss_mb(site.pid)
        for name, size in SIZES.items():
            compare(table, name, f"/content/images/2024/05/{size}.jpg", site, nginx, rounds)
        table.row("memory of serve, before and after: more", pss_mb(site.pid) - before, " MB", digits=1)
    finally:
        nginx.stop()
        site.stop()


# ---- pages while pictures are made ----

def pages_p99(site, seconds, address):
    took, until, n = [], time.monotonic() + seconds, 0
    with Reader(site.port) as reader:
        while time.monotonic() < until:
            n += 1
            begin = time.monotonic()
            status, _, _ = reader.get(address(n))
            took.append((time.monotonic() - begin) * 1e6)
            if status != 200:
                raise SystemExit(f"page: {status}")
    return percentile(took, 0.99)


def ask_all(port, paths, answers):
    """Another process: what it does with its answers is no part of what a page takes."""
    def one(path):
        with Reader(port) as reader:
            reader.connection.timeout = 120
            status, headers, _ = reader.get(path)
            answers.put("made" if "immutable" in headers.get("cache-control", "") else status)
    threads = [threading.Thread(target=one, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def making(site, rounds, at_once, table):
    media = site.dir / "media"
    shutil.rmtree(media / "2024")  # what was sent above is no picture
    pictures = sorted(p for p in (str(p.relative_to(media)) for p in media.rglob("*.jpg")) if not p.startswith("."))
    if not pictures:
        table.note("no pictures in the demo: pages beside making are not measured")
        return
    sizes = ["w160", "w320", "w600", "w640", "w960", "w1000", "w1200", "w1280", "w1600", "w2000", "w2400"]
    wanted = [f"/content/images/size/{size}/{format}{p}" for size in sizes for p in pictures for format in ("format/webp/", "")][:at_once]
    site.start()
    slug = re.search(r"<loc>[^<]*/([^/<]+)/</loc>", site.get("/sitemap-posts.xml")[2].decode()).group(1)
    kinds = {"finished": lambda n: f"/{slug}/", "made anew": lambda n: f"/{slug}/?reply={n}"}
    idle, busy, answers = {k: [] for k in kinds}, {k: [] for k in kinds}, multiprocessing.Queue()
    try:
        for kind, address in kinds.items():
            pages_p99(site, 1, address)
        for turn in range(rounds):
            for kind, address in kinds.items():
                idle[kind].append(pages_p99(site, 2.5, address))
                for path in wanted:
                    (site.dir / "media/.made" / path.removeprefix("/content/images/")).unlink(missing_ok=True)
                time.sleep(2.1)  # what was made a moment ago is not made again at once
                asking = multiprocessing.Process(target=ask_all, args=(site.port, wanted, answers))
                asking.start()
                busy[kind].append(pages_p99(site, 2.5, address))
                asking.join()
        for kind in kinds:
            table.row(f"p99 of story pages {kind}, {at_once} renditions asked at once, of idle",
                      median(b / i for i, b in zip(idle[kind], busy[kind])), most=2.0, digits=2)
            table.row(f"idle, beside: {median(idle[kind]):,.0f} and", median(busy[kind]), " us")
        seen = [answers.get() for _ in range(len(wanted) * rounds * len(kinds))]
        table.row("renditions made", sum(a == "made" for a in seen))
        table.row("answered with the picture itself", sum(a == 200 for a in seen))
        table.row("told to come again (503)", sum(a == 503 for a in seen))
    finally:
        site.stop()


# ---- hostile pictures ----

def take_and_ask(site, paths):
    """Taken in beside the server, then asked of it in other sizes."""
    for at in range(0, len(paths), 100):
        subprocess.run([site.program, "media", "add", *paths[at:at + 100], "--site", site.dir], stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    rows = json.loads(subprocess.run([site.program, "media", "list", "--limit", "200", "--json", "--site", site.dir], capture_output=True,
                                     check=True).stdout)
    statuses = []
    for row in rows:
        for what in ("size/w600/", "size/w256h256/format/webp/", "format/avif/"):
            with Reader(site.port) as reader:
                reader.connection.timeout = 120
                statuses.append(reader.get(f"/content/images/{what}{row['path']}")[0])
    return len(rows), statuses


def hostile(site, table):
    sys.path[:0] = [str(HERE.parent / "tests/integration/media"), str(HERE.parent / "tests/integration")]
    import corpus
    folder = site.top / "hostile"
    folder.mkdir()
    corpus.make(folder, large=False)
    paths = sorted(str(p) for p in folder.iterdir() if p.is_file())
    site.start()
    try:
        for n in range(200):
            site.get("/")
        start = own_pss_mb(site.pid)
        taken, statuses = take_and_ask(site, paths)
        once = own_pss_mb(site.pid)
        shutil.rmtree(site.dir / "media/.made/size")
        take_and_ask(site, paths)
        twice = own_pss_mb(site.pid)
        table.note(f"{len(paths)} odd and hostile files, the newest {taken} of those taken in asked for in 3 sizes: "
                   + ", ".join(f"{statuses.count(s)} x {s}" for s in sorted(set(statuses))))
        table.row("memory of serve: at rest", start, " MB", digits=1)
        table.row("more after them", once - start, " MB", digits=1)
        table.row("more after them once again", twice - once, " MB", most=1.0, digits=1)
        table.row("answers that were an error", sum(s >= 500 for s in statuses), most=0)
    finally:
        site.stop()


def main():
    args = argparse.ArgumentParser()
    args.add_argument("build")
    args.add_argument("--rounds", type=int, default=5)
    args.add_argument("--at-once", type=int, default=100)
    args = args.parse_args()
    table = Table()
    site = Site(pathlib.Path(args.build) / "broadsheet")
    try:
        site.command("init", site.dir, "--title", "Bench", "--demo")
        files(site, args.rounds, table)
        making(site, args.rounds, args.at_once, table)
        hostile(site, table)
    finally:
        site.remove()
    table.end()
    return 1 if table.missed else 0


if __name__ == "__main__":
    sys.exit(main())
