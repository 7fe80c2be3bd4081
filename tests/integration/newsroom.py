"""newsroom.py - what the integration tests share: a real program, a folder of its own, a port of its own.

    with Newsroom() as site:
        site.init(title="Test")
        site.run("import", path)              # raises, with stderr, when it fails
        site.serve()
        page = site.get("/")                  # .status .headers .text
        site.check("front page is there", page.status == 200)

A test file ends with finish(): prints "N passed, N failed", exits 1 when any failed. Python 3's standard
library only.
"""
import html.parser
import http.client
import os
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import urllib.parse
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("BROADSHEET") or str(ROOT / "build/release/broadsheet")
SHARED = pathlib.Path(os.environ.get("BROADSHEET_SHARED") or ROOT.parent / "shared")
SKIPPED = 77  # meson's exit code for it

passed = failed = 0


def check(what, ok, detail=""):
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
        print(f"failed: {what}" + (f"\n    {detail}" if detail != "" else ""), flush=True)
    return ok


def equal(what, got, want):
    return check(what, got == want, f"got  {got!r}\n    want {want!r}")


def finish():
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def shared(path):
    """A file of ../shared; the test is skipped by name where it is absent."""
    found = SHARED / path
    if not found.exists():
        skip(f"{path} is not beside this checkout")
    return str(found)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode("utf-8")

    @property
    def location(self):
        return self.headers.get("location", "")


class Newsroom:
    def __init__(self):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="broadsheet-"))
        self.dir = self.top / "site"
        self.server = None
        self.port = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop(signal.SIGKILL)
        shutil.rmtree(self.top, ignore_errors=True)

    # ---- the command line ----

    def command(self, *words, stdin=None, timeout=300, site=True):
        """(exit code, stdout, stderr) of one command on this site."""
        line = [PROGRAM, words[0], *(["--site", str(self.dir)] if site else []), *map(str, words[1:])]
        done = subprocess.run(line, input=stdin, capture_output=True, text=True, timeout=timeout,
                              stdin=None if stdin is not None else subprocess.DEVNULL)
        return done.returncode, done.stdout, done.stderr

    def run(self, *words, **options):
        code, out, err = self.command(*words, **options)
        if code != 0:
            raise RuntimeError(f"broadsheet {' '.join(map(str, words))}: exit {code}: {err.strip()}")
        return out

    def init(self, title="Test", *flags):
        done = subprocess.run([PROGRAM, "init", str(self.dir), "--title", title, *flags],
                              capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            raise RuntimeError(f"init: {done.stderr.strip()}")
        return done.stdout

    def serve(self, *flags, listen="127.0.0.1:0"):
        self.errors = open(self.top / "serve.err", "ab")
        self.server = subprocess.Popen([PROGRAM, "serve", "--site", str(self.dir),
                                        *(["--listen", listen] if listen else []), *flags],
                                       stdout=subprocess.PIPE, stderr=self.errors, text=True)
        line = self.server.stdout.readline()
        m = re.match(r"listening on http://(?:\[?[^\]/]+\]?):(\d+)", line)
        if not m:
            self.server.wait(10)
            raise RuntimeError(f"serve said {line!r}: {self.log().strip()}")
        self.port = int(m.group(1))
        return self.port

    def stop(self, how=signal.SIGTERM, timeout=20):
        if self.server is None:
            return None
        self.server.send_signal(how)
        code = self.server.wait(timeout)
        self.server.stdout.close()
        self.errors.close()
        self.server = None
        return code

    def log(self):
        return (self.top / "serve.err").read_text(errors="replace")

    # ---- as a reader ----

    def request(self, method, path, body=None, headers=None, timeout=30):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def post(self, path, fields, **headers):
        headers = {k.replace("_", "-"): v for k, v in headers.items()}
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        headers.setdefault("Origin", f"http://127.0.0.1:{self.port}")
        return self.request("POST", path, urllib.parse.urlencode(fields).encode(), headers)

    def wait_for(self, what, seconds=5.0):
        """Seconds until what() is true, or None."""
        begin = time.monotonic()
        while time.monotonic() - begin < seconds:
            if what():
                return time.monotonic() - begin
            time.sleep(0.02)
        return None


# ---- what a page says ----

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
P_CLOSERS = set("address article aside blockquote details div dl fieldset figcaption figure footer form h1 h2 h3 h4 "
                "h5 h6 header hr main menu nav ol p pre section table ul".split())


class Page(html.parser.HTMLParser):
    """Elements in order, with the nesting checked: an end tag that closes nothing, or an element never closed, is
    in .broken. Our pages write every end tag, so no optional one is excused."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.stack, self.broken, self.elements, self.ids, self.texts = [], [], [], [], []
        self.feed(text)
        self.close()
        self.broken += [f"<{t}> is never closed" for t in self.stack]

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.elements.append((tag, attrs))
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if tag in P_CLOSERS and "p" in self.stack and self.stack[-1] == "p":
            self.broken.append(f"<{tag}> inside <p>")
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.stack.pop()

    def handle_endtag(self, tag):
        if self.stack and self.stack[-1] == tag:
            self.stack.pop()
        else:
            self.broken.append(f"</{tag}> closes nothing (open: {self.stack[-3:]})")

    def handle_data(self, data):
        if not self.stack or self.stack[-1] not in ("script", "style"):
            self.texts.append(data)

    @property
    def text(self):
        return re.sub(r"\s+", " ", " ".join(self.texts))

    def all(self, tag):
        return [attrs for t, attrs in self.elements if t == tag]


# ---- a small WordPress export ----

EXPORT = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>T</title>
<link>http://t.example</link><wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>http://t.example</wp:base_blog_url>
%s</channel></rss>"""
ITEM = """<item><title>Story %d</title><link>http://t.example/2020/01/story-%d/</link><dc:creator>a</dc:creator>
<content:encoded><![CDATA[<p>Words here.</p>]]></content:encoded><wp:post_id>%d</wp:post_id>
<wp:post_date_gmt>2020-01-02 03:04:05</wp:post_date_gmt><wp:post_name>story-%d</wp:post_name>
<wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>"""


def small_export(stories, first=1):
    """WXR text with `stories` stories at /2020/01/story-N/."""
    return EXPORT % "".join(ITEM % (i, i, i, i) for i in range(first, first + stories))


def png_chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height, shade):
    """A PNG: a slope of colour; noise, which does not get smaller, where `shade` is None."""
    def row(y):
        return os.urandom(3 * width) if shade is None else bytes(
            v for x in range(width) for v in (shade, x * 255 // width, y * 255 // height))
    rows = b"".join(b"\0" + row(y) for y in range(height))
    return (b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            png_chunk(b"IDAT", zlib.compress(rows)) + png_chunk(b"IEND", b""))
