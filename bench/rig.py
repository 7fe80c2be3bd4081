"""rig.py - what the measurements share: the program and nginx as processes, wrk as the client, times and memory.

CPU time is what /proc/PID/task/*/schedstat says of a process, all its threads, user and system. Where two sides are compared
they take turns and the median of each side's rounds counts.
"""
import collections
import ctypes
import http.client
import os
import pathlib
import re
import shutil
import socket
import sqlite3
import statistics
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
SERVER_CORE, CLIENT_CORE = "0", str((os.cpu_count() or 1) - 1)

Load = collections.namedtuple("Load", "requests seconds busy p99_us errors")


def cpu_seconds(pid):
    """Of a process with all its threads, to the nanosecond."""
    tasks = pathlib.Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def family(pid):
    """A process and those it started."""
    children = "".join(p.read_text() for p in pathlib.Path(f"/proc/{pid}/task").glob("*/children")).split()
    return [pid, *(one for child in children for one in family(int(child)))]


def own_pss_mb(pid):
    """Of a process alone."""
    return int(re.search(r"^Pss:\s+(\d+)", pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M).group(1)) / 1024


def pss_mb(pid):
    """Of a process and those it started."""
    return sum(own_pss_mb(one) for one in family(pid))


def sync_ms(folder, count=500):
    """How long each of many fdatasyncs of 4 KB takes on the disk that holds the folder."""
    took, path = [], pathlib.Path(folder) / "sync"
    fd = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    for _ in range(count):
        begin = time.monotonic()
        os.write(fd, bytes(4096))
        os.fdatasync(fd)
        took.append((time.monotonic() - begin) * 1000)
    os.close(fd)
    path.unlink()
    return took


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def median(values):
    return statistics.median(values)


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


def pinned(core, line):
    """The command on one core, when asked to and there is more than one."""
    return ["taskset", "-c", core, *line] if core is not None and (os.cpu_count() or 1) > 1 else list(line)


def wrk(url, seconds, connections, script=None, core=CLIENT_CORE, gzip=True, words=()):
    """Runs wrk; how many requests in how long, how busy wrk was, and its 99th percentile."""
    line = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "10s"]
    line += ["-H", "Accept-Encoding: gzip"] if gzip else []
    line += ["-H", "User-Agent: Mozilla/5.0 (X11; Linux x86_64) wrk"]  # with none it is a robot, whose reads are not counted
    line += ["-s", str(script)] if script else []
    begin = time.monotonic()
    process = subprocess.Popen(pinned(core, [*line, url, *words]), stdout=subprocess.PIPE, text=True)
    out = process.stdout.read()
    _, code, used = os.wait4(process.pid, 0)
    process.returncode = code
    wall = time.monotonic() - begin
    return load_read(out, (used.ru_utime + used.ru_stime) / wall)


def paced(url, rate, seconds, connections, core=CLIENT_CORE):
    """wrk at so many requests a second."""
    return wrk(url, seconds, connections, HERE / "paced.lua", core, words=("--", str(rate)))


def load_read(out, busy):
    requests, seconds = re.search(r"(\d+) requests in ([\d.]+)s", out).groups()
    number, unit = re.search(r"^\s+99%\s+([\d.]+)(us|ms|s)", out, re.M).groups()
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    socket_errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", out)
    errors = int(bad.group(1)) if bad else 0
    errors += sum(map(int, socket_errors.groups())) if socket_errors else 0
    return Load(int(requests), float(seconds), busy, float(number) * {"us": 1, "ms": 1e3, "s": 1e6}[unit], errors)


class Site:
    """A site folder and, from start() to stop(), its server."""

    def __init__(self, program, top=None):
        self.program = str(program)
        self.top = pathlib.Path(top or tempfile.mkdtemp(prefix="broadsheet-bench-"))
        self.dir = self.top / "site"
        self.log = self.top / "access.log"
        self.server = self.port = None

    def command(self, *words):
        done = subprocess.run([self.program, *map(str, words)], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise SystemExit(f"broadsheet {' '.join(map(str, words))}: {done.stderr.strip()}")
        return done.stdout

    def start(self, *flags, core=None, access_log="none"):
        """Serves; returns the seconds until the front page's first byte."""
        begin = time.monotonic()
        line = pinned(core, [self.program, "serve", "--site", str(self.dir), "--listen", "127.0.0.1:0", "--quiet",
                             "--access-log", access_log, *flags])
        self.server = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=open(self.top / "serve.err", "ab"), text=True)
        m = re.match(r"listening on http://127\.0\.0\.1:(\d+)", self.server.stdout.readline())
        if not m:
            raise SystemExit(f"serve: {(self.top / 'serve.err').read_text()[-500:]}")
        self.port = int(m.group(1))
        with socket.create_connection(("127.0.0.1", self.port)) as s:
            s.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            s.recv(1)
        return time.monotonic() - begin

    def jobs_left(self):
        db = sqlite3.connect(f"file:{self.dir}/site.db?mode=ro", uri=True, timeout=10)
        try:
            return db.execute("SELECT COUNT(*) FROM job WHERE kind = 'related'").fetchone()[0]
        finally:
            db.close()

    def stop(self):
        if self.server:
            self.server.terminate()
            self.server.wait(30)
            self.server = None

    def remove(self):
        self.stop()
        shutil.rmtree(self.top, ignore_errors=True)

    @property
    def pid(self):
        return self.server.pid

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def get(self, path, gzip=False):
        """(status, headers, body as sent), on a connection of its own."""
        with Reader(self.port, gzip) as reader:
            return reader.get(path)

    def metric(self, name):
        text = self.get("/metrics")[2].decode()
        return float(re.search(rf"^broadsheet_{name} (\S+)", text, re.M).group(1))

    def logged_us(self, prefix):
        """The microseconds of each answer in the access log whose path begins so."""
        return [int(us) for us in re.findall(rf" path={re.escape(prefix)}\S* status=200 \S+ us=(\d+)", self.log.read_text())]


class Reader:
    """One keep-alive connection."""

    def __init__(self, port, gzip=False):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = {"Accept-Encoding": "gzip"} if gzip else {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def get(self, path):
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()


class Nginx:
    """Serves one gzip file as DESIGN's figure wants: gzip_static, sendfile, no tcp_nopush, no log, one worker."""

    def __init__(self, top, gzip_bytes, path):
        self.port = free_port()
        root = top / "nginx"
        page = root / "html" / path.strip("/") / "index.html"
        page.parent.mkdir(parents=True)
        page.with_name("index.html.gz").write_bytes(gzip_bytes)
        page.write_bytes(b"")  # gzip_static wants its plain side to be there for clients that take no gzip
        temp = "".join(f"{n}_temp_path {root}/{n};" for n in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (root / "nginx.conf").write_text(
            f"daemon off; worker_processes 1; pid {root}/pid; error_log {root}/err crit; "
            f"{'user root;' if os.getuid() == 0 else ''} events {{ worker_connections 4096; }}\n"
            f"http {{ access_log off; sendfile on; tcp_nopush off; gzip_static on; keepalive_requests 1000000000; {temp}\n"
            f"types {{ text/html html; }}\n"
            f"server {{ listen 127.0.0.1:{self.port}; root {root}/html; index index.html; }} }}\n")
        line = [shutil.which("nginx") or "/usr/sbin/nginx", "-p", str(root), "-e", str(root / "err"), "-c", str(root / "nginx.conf")]
        self.master = subprocess.Popen(pinned(SERVER_CORE, line), stderr=subprocess.DEVNULL)
        self.url = f"http://127.0.0.1:{self.port}"
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            children = pathlib.Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children").read_text().split()
            with socket.socket() as s:
                if children and s.connect_ex(("127.0.0.1", self.port)) == 0:
                    self.worker = int(children[0])
                    return
            time.sleep(0.05)
        raise SystemExit("nginx does not start")

    def stop(self):
        self.master.terminate()
        self.master.wait(10)


# ---- holding threads ----

PTRACE_SEIZE, PTRACE_INTERRUPT, PTRACE_DETACH, WALL = 0x4206, 0x4207, 17, 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


def ptrace(request, tid):
    if libc.ptrace(request, tid, None, None) < 0:
        raise OSError(ctypes.get_errno(), f"ptrace({request})")


class Held:
    """Stops the threads of a name where they are, as a debugger would; the others go on."""

    def __init__(self, pid, name):
        tasks = pathlib.Path(f"/proc/{pid}/task").iterdir()
        self.tids = [int(t.name) for t in tasks if (t / "comm").read_text().strip().startswith(name)]

    def __enter__(self):
        for tid in self.tids:
            ptrace(PTRACE_SEIZE, tid)
            ptrace(PTRACE_INTERRUPT, tid)
            os.waitpid(tid, WALL)
        return self

    def __exit__(self, *_):
        for tid in self.tids:
            ptrace(PTRACE_DETACH, tid)


# ---- the table ----

class Table:
    """A row a figure: what, measured, goal, measured as a share of the goal, and whether it is reached."""

    def __init__(self):
        self.met = self.missed = 0
        print(f"{'what':<62} {'measured':>18} {'goal':>15} {'ratio':>6}", flush=True)

    def row(self, what, measured, unit="", most=None, least=None, digits=0):
        """`most` or `least` is the goal; with neither it is a figure to read."""
        goal = most if most is not None else least
        text = f"{measured:,.{digits}f}{unit}"
        if goal is None:
            return print(f"    {what:<58} {text:>18}", flush=True)
        ok = measured <= goal if most is not None else measured >= goal
        self.met, self.missed = self.met + ok, self.missed + (not ok)
        sign = "<=" if most is not None else ">="
        places = 0 if float(goal).is_integer() else 2
        goal_text = f"{sign} {goal:,.{places}f}{unit}"
        print(f"{what:<62} {text:>18} {goal_text:>15} {measured / goal if goal else 0:6.2f}  {'met' if ok else 'MISSED'}", flush=True)

    def note(self, text):
        print(f"    {text}", flush=True)

    def end(self):
        print(f"\n{self.met} figures met, {self.missed} missed", flush=True)
