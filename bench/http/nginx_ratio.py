#!/usr/bin/env python3
"""nginx_ratio.py SERVE_PAGE [ROUNDS] [SECONDS] - the finished page's CPU time a request, ours against nginx's, and what
10,000 idle connections cost.

The loop, parser and page cache alone (serve_page), reads counted; nginx serves the very bytes we send, from a .gz file.
One worker each on one core, wrk on the other; rounds take turns. bench/run.py measures the whole program the same way.
"""
import pathlib
import random
import resource
import socket
import subprocess
import sys
import tempfile
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import rig

IDLE = 10_000


def page(bytes_gzip):
    """Text that gzips to about so many bytes."""
    rng = random.Random(1)
    words = ["".join(rng.choice("etaoinshrdlu") for _ in range(rng.randint(2, 9))) for _ in range(900)]
    lines = ["<!doctype html><title>page</title>"]
    lines += ["<p>" + " ".join(rng.choice(words) for _ in range(60)) for _ in range(bytes_gzip // 160)]
    return "\n".join(lines).encode()


def cost(url, pid, seconds):
    before = rig.cpu_seconds(pid)
    load = rig.wrk(url, seconds, 32)
    if load.errors:
        raise SystemExit(f"{load.errors} requests failed at {url}")
    return (rig.cpu_seconds(pid) - before) / load.requests * 1e6, load


def ratio(url, pid, nginx_url, nginx_pid, rounds, seconds):
    ours, theirs, busy = [], [], 0
    for i in range(rounds):
        sides = [(url, pid, ours), (nginx_url, nginx_pid, theirs)]
        for side_url, side_pid, costs in sides if i % 2 == 0 else reversed(sides):
            us, load = cost(side_url, side_pid, seconds)
            costs.append(us)
            busy = max(busy, load.busy)
    shares = [a / b for a, b in zip(ours, theirs)]
    print(f"CPU a request: ours {rig.median(ours):.2f} us, nginx {rig.median(theirs):.2f} us, "
          f"ratio {rig.median(shares):.2f} ({min(shares):.2f}-{max(shares):.2f}, {rounds} rounds, client {busy:.0%} busy)")


def idle(port, pid):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    count = min(IDLE, hard - 200)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    before, held = rig.pss_mb(pid), []
    for _ in range(count):
        s = socket.create_connection(("127.0.0.1", port))
        s.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        s.recv(4096)
        held.append(s)
    print(f"{count} idle connections: {rig.pss_mb(pid) - before:.1f} MB more")
    for s in held:
        s.close()


def main():
    rounds, seconds = (int(a) for a in [*sys.argv[2:], "7", "4"][:2])
    top = pathlib.Path(tempfile.mkdtemp(prefix="broadsheet-ratio-"))
    (top / "page").write_bytes(page(8192))
    port = rig.free_port()
    line = rig.pinned(rig.SERVER_CORE, [sys.argv[1], f"127.0.0.1:{port}", str(top / "page")])
    server = subprocess.Popen(line, stdout=subprocess.PIPE, text=True)
    server.stdout.readline()
    url = f"http://127.0.0.1:{port}/"
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    for _ in range(3):  # the second hit asks for the smaller gzip
        urllib.request.urlopen(request).read()
    rig.time.sleep(0.5)
    body = urllib.request.urlopen(request).read()
    print(f"page: {len(body)} bytes of gzip")
    nginx = rig.Nginx(top, body, "/")
    try:
        idle(port, server.pid)
        ratio(url, server.pid, nginx.url, nginx.worker, rounds, seconds)
    finally:
        nginx.stop()
        server.terminate()
        server.wait(10)
        rig.shutil.rmtree(top)


main()
