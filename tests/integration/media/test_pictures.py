"""Every picture of corpus.py gives a right one or one clear sentence, and nothing of it but pixels goes on.

Also: the eight orientations, wide-gamut and CMYK colours, what agencies write is read, renditions, cards; the worker's
memory stays under its cap and the asking process does not grow; a worker that crashes, hangs, lies, is killed,
or tries to open, connect or run something is stopped, said so, and replaced.
"""
import json
import os
import pathlib
import re
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import corpus  # noqa: E402
from newsroom import check, equal, finish  # noqa: E402

PROBE, WORKER, MISBEHAVES = (os.environ[name] for name in ("MEDIA_PROBE", "BROADSHEET_MEDIA", "MEDIA_MISBEHAVES"))
SANITIZED = os.environ.get("SANITIZED", "none") != "none"
CAP_MB = 1024
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp", "image/avif": "avif"}


class Probe:
    """The C client, and the worker it starts."""

    def __init__(self, worker=WORKER, cap_mb=CAP_MB, job_ms=60000, idle_ms=60000):
        self.process = subprocess.Popen([PROBE, worker, str(cap_mb), str(job_ms), str(idle_ms)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.log, self.peak_kb = [], 0
        self.reader = threading.Thread(target=lambda: self.log.extend(self.process.stderr), daemon=True)
        self.reader.start()

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        self.measure()
        return answer

    def workers(self):
        pid = self.process.pid
        return [int(p) for p in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def memory(self, pid, field):
        try:
            return int(re.search(rf"{field}:\s*(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1))
        except (OSError, AttributeError):
            return 0

    def measure(self):
        for pid in self.workers():
            self.peak_kb = max(self.peak_kb, self.memory(pid, "VmHWM"))

    def end(self):
        self.process.stdin.close()
        code = self.process.wait(30)
        self.reader.join(5)
        return code


def sentence(what, answer):
    why = answer["why"]
    check(f"{what}: one clear sentence", answer["status"] in ("invalid", "io") and why.endswith(".") and 20 < len(why) < 300
          and why[0].isupper(), answer)


def pixels(path, folder):
    """(width, height, function of x, y) by libvips' own tools."""
    raw = folder / "seen.ppm"
    subprocess.run(["vips", "extract_band", path, raw, "0", "--n", "3"], check=True, capture_output=True)
    head, data = re.match(rb"P6\s(?:#[^\n]*\n)*(\d+)\s+(\d+)\s+255\s", raw.read_bytes()), raw.read_bytes()
    width, height = int(head.group(1)), int(head.group(2))
    return width, height, lambda x, y: tuple(data[head.end() + 3 * (y * width + x):][:3])


def far(a, b):
    return max(abs(x - y) for x, y in zip(a, b))


# ---- only pixels ----

def leftovers(data, kind):
    """What a file holds beside pixels, by walking its structure."""
    bad, at = [], 0
    if kind == "image/png":
        at = 8
        while at < len(data):
            size, name = struct.unpack_from(">I4s", data, at)
            bad += [name] if name not in (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"pHYs") else []
            at += 12 + size
    elif kind == "image/jpeg":
        at = 2
        while data[at + 1] != 0xda:
            marker, size = struct.unpack_from(">HH", data, at)
            bad += [hex(marker)] if marker in range(0xffe1, 0xfff0) and marker != 0xffee or marker == 0xfffe else []
            at += 2 + size
        at = len(data) if data.endswith(b"\xff\xd9") else -1
    elif kind == "image/webp":
        at = 12
        while at < len(data):
            name, size = data[at:at + 4], struct.unpack_from("<I", data, at + 4)[0]
            bad += [name] if name not in (b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF") else []
            at += 8 + size + (size & 1)
    elif kind == "image/gif":
        bad += [b"comment"] if b"\x21\xfe" + bytes([len(corpus.CANARY)]) in data else []
        bad += [b"xmp"] if b"XMP Data" in data else []
        at = len(data) if data.endswith(b"\x3b") else -1
    else:
        bad += [name for name in (b"Exif", b"mime", b"xmp", b"prof") if name in data]
        at = len(data)
    if at != len(data):
        bad.append(b"trailing bytes")
    if corpus.CANARY.encode() in data or corpus.CANARY.encode("utf-16-le") in data or corpus.CANARY.encode("utf-16-be") in data:
        bad.append(b"canary")
    return bad


def judge(picture, answer, out, folder):
    name = picture.name
    if answer["status"] != "ok":
        sentence(name, answer)
        check(f"{name}: is taken", picture.want != "ok", answer)
        return
    check(f"{name}: is refused", picture.want != "invalid", answer)
    data = out.read_bytes()
    equal(f"{name}: only pixels", leftovers(data, answer["type"]), [])
    if not check(f"{name}: no canary in what is said", corpus.CANARY not in json.dumps(answer), answer):
        return
    want = "jpeg" if picture.kind == "heic" else picture.kind
    equal(f"{name}: kind", answer["type"], "image/" + want)
    if picture.size:
        equal(f"{name}: size", (answer["width"], answer["height"]), picture.size)
        equal(f"{name}: frames", answer["frames"], picture.frames)
    check(f"{name}: placeholder", re.fullmatch(r"data:image/webp;base64,[A-Za-z0-9+/=]{20,370}", answer["placeholder"]), answer)
    if picture.upright:
        width, height, at = pixels(out, folder)
        equal(f"{name}: size as seen", (width, height), picture.size)
        for (x, y), color in (((8, 8), corpus.RED), ((88, 8), corpus.GREEN), ((8, 56), corpus.BLUE), ((88, 56), corpus.GREY)):
            check(f"{name}: colour at {x},{y}", far(at(x, y), color) <= picture.near, f"got {at(x, y)}, want {color}")


def run_corpus(folder):
    pictures = corpus.make(folder, large=not SANITIZED)
    probe = Probe()
    probe.ask(f"clean {folder}/quad.jpg {folder}/out ?")
    before = probe.memory(probe.process.pid, "VmRSS")
    rest_kb = probe.memory(probe.workers()[0], "VmRSS")
    slowest = (0, "")
    for n, picture in enumerate(pictures):
        out = folder / "out"
        crashes = sum("ended in the middle" in line for line in probe.log)
        answer = probe.ask(f"clean {picture.path} {out} {picture.kind}")
        if not picture.name.startswith("bomb-"):  # out of memory is a crash, and is allowed to those
            equal(f"{picture.name}: no crash", sum("ended in the middle" in line for line in probe.log), crashes)
        slowest = max(slowest, (answer["ms"], picture.name))
        judge(picture, answer, out, folder)
        if picture.name.startswith("words.") and picture.kind != "gif":
            equal(f"{picture.name}: what the agency wrote", [answer[k] for k in ("credit", "caption", "licence", "title", "alt")],
                  [corpus.CREATOR + " / Reuters", corpus.CAPTION, corpus.RIGHTS, "Bridge", "Grey water"])
        if picture.name == "iptc.jpg":
            equal("IPTC", [answer[k] for k in ("credit", "caption", "licence", "title")],
                  [corpus.CREATOR + " / Reuters", corpus.CAPTION, corpus.RIGHTS, "Bridge"])
        if picture.name == "exif.jpg":
            equal("EXIF", [answer[k] for k in ("credit", "caption", "licence")], [corpus.CREATOR, corpus.CAPTION, corpus.RIGHTS])
        if answer["status"] == "ok" and n % 7 == 0:
            make_one(probe, picture, out, folder)
    grown = probe.memory(probe.process.pid, "VmRSS") - before
    print(f"{len(pictures)} pictures; slowest {slowest[1]} {slowest[0]} ms; worker {rest_kb // 1024} MB at rest, {probe.peak_kb // 1024} MB at most, "
          f"{sum('ended in the middle' in line for line in probe.log)} crashes; asker grew {grown} kB")
    if not SANITIZED:
        check("the worker stays under its cap", probe.peak_kb < CAP_MB * 1024 + rest_kb, (probe.peak_kb, rest_kb))  # libraries beside
        check("the asker does not grow", grown < 1024, grown)
    equal("the probe ends well", probe.end(), 0)


def make_one(probe, picture, base, folder):
    made = folder / "made"
    answer = probe.ask(f"make {base} {made} webp 40 0 0.5 0.5 0 0")
    equal(f"{picture.name}: a rendition", answer["status"], "ok")
    if answer["status"] == "ok":
        equal(f"{picture.name}: its rendition is only pixels", leftovers(made.read_bytes(), answer["type"]), [])


# ---- renditions and cards ----

# What is asked for, focal point, crop; the size it gets, and the colours of its first and last pixel: red says how far right, green how far down.
CROPS = (
    ("100 100", "0.5 0.5", "0 0 1 1", (100, 100), (43, 0), (212, 255)),
    ("100 100", "0.5 0.5", "0.5 0 1 1", (100, 100), (128, 32), (255, 223)),
    ("100 100", "0 0", "0.5 0.5 1 1", (100, 100), (128, 128), (212, 255)),
    ("100 100", "1 1", "0.5 0.5 1 1", (100, 100), (170, 128), (255, 255)),
    ("100 50", "0.1 0.1", "0.25 0.25 0.75 0.75", (100, 50), (64, 64), (191, 159)),
    ("800 800", "0.5 0.5", "0 0.25 1 0.75", (200, 200), (85, 64), (170, 191)),
    ("64 64", "0.999 0.999", "0.999 0.999 1 1", (1, 1), (255, 255), (255, 255)),
    ("100 100", "0 0", "0 0 0.001 1", (1, 1), (0, 0), (0, 0)),
    ("300 0", "0.5 0.5", "0.5 0 1 1", (300, 200), (0, 0), (255, 255)),
)


def run_crops(probe, folder, made):
    rows = [b"".join(bytes((x * 255 // 599, y * 255 // 399, 90)) for x in range(600)) for y in range(400)]
    (folder / "field.png").write_bytes(corpus.png(600, 400, rows))
    for size, focal, crop, want, first, last in CROPS:
        answer = probe.ask(f"make {folder}/field.png {made} png {size} {focal} 0 0 {crop}")
        what = f"{size} of {crop} around {focal}"
        if not check(f"{what}: is made", answer["status"] == "ok", answer):
            continue
        width, height, at = pixels(made, folder)
        equal(f"{what}: size", (width, height), want)
        for name, seen, expected in (("first", at(0, 0), first), ("last", at(width - 1, height - 1), last)):
            check(f"{what}: {name} pixel", far(seen[:2], expected) <= 4, f"got {seen}, want {expected}")


def run_makes(folder):
    probe = Probe()
    made = folder / "made"
    rows = [b"".join(bytes((x * 255 // 599, y * 255 // 399, 90)) for x in range(600)) for y in range(400)]
    (folder / "ramp.png").write_bytes(corpus.png(600, 400, rows))
    for line, size in (("webp 300 0", (300, 200)), ("jpeg 0 100", (150, 100)), ("png 300 300", (300, 300)), ("png 60 400", (60, 400)),
                       ("png 2000 0", (600, 400)), ("png 1200 1200", (400, 400)), ("avif 100 0", (100, 67)), ("gif 50 50", (50, 50)),
                       ("png 1 0", (1, 1)), ("jpeg 0 0", (600, 400)), ("png 4000 10", (600, 2))):
        answer = probe.ask(f"make {folder}/ramp.png {made} {line} 0.5 0.5 0 0")
        equal(f"make {line}", (answer["status"], answer.get("type")), ("ok", "image/" + line.split()[0]))
        equal(f"make {line}: size", pixels(made, folder)[:2], size)
    if not SANITIZED and (folder / "large.jpg").exists():
        probe.ask(f"make {folder}/large.jpg {made} jpeg 0 0 0.5 0.5 0 0")
        equal("another format alone is as large as a base", pixels(made, folder)[:2], (5000, 3500))
        probe.ask(f"make {folder}/large.jpg {made} avif 5000 5000 0.5 0.5 0 0")
        size = pixels(made, folder)[:2]
        check("an AVIF stays within what its encoder can hold", size[0] == size[1] and 16e6 < size[0] * size[1] <= 17.1e6, size)
    for x, want in ((0, 0), (.5, 127), (1, 255), (.25, 64)):
        probe.ask(f"make {folder}/ramp.png {made} png 100 400 {x} 0.5 0 0")
        width, _, at = pixels(made, folder)
        middle = at(width // 2, 200)[0]
        edge = 255 * 50 // 599
        check(f"focal point {x}", abs(middle - min(max(want, edge), 255 - edge)) <= 3, middle)
    run_crops(probe, folder, made)
    for kind in ("gif", "webp"):
        answer = probe.ask(f"make {folder}/moving.{kind} {made} {kind} 32 32 1 1 0 0")
        equal(f"a moving {kind} keeps moving", answer["status"], "ok")
        seen = subprocess.run(["vipsheader", "-f", "n-pages", made], capture_output=True, text=True).stdout.strip()
        equal(f"a moving {kind}: frames", seen, "4")
        equal(f"a moving {kind}: cut to", pixels(made, folder)[:2], (32, 32))
        probe.ask(f"make {folder}/moving.{kind} {made} webp 32 0 0.5 0.5 0 1")
        equal(f"a moving {kind} made still", subprocess.run(["vipsheader", "-f", "n-pages", made], capture_output=True, text=True)
              .stdout.strip() in ("", "1"), True)
    probe.ask(f"clean {folder}/moving.gif {made} gif")
    times = subprocess.run(["vipsheader", "-f", "delay", made], capture_output=True, text=True).stdout.split()
    equal("a moving GIF's times are kept", times, ["70"] * 4)
    for rtl, headline in ((0, "Rain stops play: 3-0 & <more> than \"words\""), (1, "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd"),
                          (0, "Long " * 90), (0, "Endless" * 80), (0, "\U0001f600 \u200b"), (0, "%s%n & <b> &amp;"), (0, "")):
        answer = probe.ask(f"card {folder}/card {rtl} {headline}")
        equal(f"card {headline[:20]!r}", answer["status"], "ok")
        width, height, at = pixels(folder / "card", folder)
        equal("card: size", (width, height), (1200, 630))
        bar = at(1200 - 81 if rtl else 81, 78)
        check("card: the accent's bar, on the reading side", far(bar, (255, 204, 0)) <= 4, bar)
        check("card: background", far(at(5, 5), (16, 32, 48)) <= 4, at(5, 5))
    equal("the probe ends well", probe.end(), 0)


# ---- misbehaviour ----

def ended(probe):
    found = [re.search(r"by=(\w+) code=(\d+)", line) for line in probe.log if "ended in the middle" in line]
    return (found[-1].group(1), int(found[-1].group(2))) if found else None


def misbehave(folder, word, want, **options):
    probe = Probe(MISBEHAVES, **options)
    (folder / "bad").write_bytes(b"SELF TEST " + word.encode())
    answer = probe.ask(f"clean {folder}/bad {folder}/out jpeg")
    sentence(f"worker told to {word}", answer)
    again = probe.ask(f"clean {folder}/quad.jpg {folder}/out jpeg")
    equal(f"after {word}: the next picture is fine", again["status"], "ok")
    probe.end()
    if want is not None:
        equal(f"{word} ended it", ended(probe), want)
    return answer


def run_misbehaviour(folder):
    killed, refused = ("signal", int(signal.SIGSYS)), ("exit", 40)
    if not SANITIZED:  # there is no filter under a sanitizer (media/worker/sandbox.h)
        for word, want in (("open", refused), ("stat", refused), ("unlink", refused), ("socket", killed), ("execve", killed),
                           ("fork", killed), ("kill", killed), ("code", killed)):
            misbehave(folder, word, want)
        answer = misbehave(folder, "memory", ("signal", int(signal.SIGABRT)), cap_mb=128)
        equal("out of memory is the file's fault", answer["status"], "invalid")
        check("and says how much there was", "128 MB" in answer["why"], answer)
    misbehave(folder, "abort", ("signal", int(signal.SIGABRT)))
    misbehave(folder, "leave", ("exit", 1))
    misbehave(folder, "close", None)
    lied = misbehave(folder, "lie", None)
    equal("a lie is not believed", lied["status"], "invalid")
    started = time.monotonic()
    late = misbehave(folder, "sleep", None, job_ms=1500)
    equal("a job out of time is ours", late["status"], "io")
    check("it is stopped in time", time.monotonic() - started < 20)


def run_restarts(folder):
    """Killed from outside in the middle; gone between jobs; idle; worn out; the asker's own descriptors."""
    probe = Probe(MISBEHAVES, job_ms=20000)
    (folder / "bad").write_bytes(b"SELF TEST sleep")
    killer = threading.Timer(1.0, lambda: [os.kill(pid, signal.SIGKILL) for pid in probe.workers()])
    killer.start()
    answer = probe.ask(f"clean {folder}/bad {folder}/out jpeg")
    equal("killed in the middle is ours", answer["status"], "io")
    good = f"clean {folder}/quad.jpg {folder}/out jpeg"
    equal("the next is fine", probe.ask(good)["status"], "ok")
    os.kill(probe.workers()[0], signal.SIGKILL)
    time.sleep(.2)
    probe.ask(good)  # it may be told that the worker is gone, once
    answer = probe.ask(good)
    equal("killed between jobs: the one after is fine", answer["status"], "ok")
    first = probe.workers()
    for _ in range(205 if not SANITIZED else 0):
        answer = probe.ask(f"make {folder}/small0.png {folder}/made png 0 0 0.5 0.5 0 0")
        if answer["status"] != "ok":
            break
    equal("a worn-out worker is replaced unseen", answer["status"] == "ok" and (SANITIZED or probe.workers() != first), True)
    probe.end()

    probe = Probe(idle_ms=300)
    equal("a job", probe.ask(good)["status"], "ok")
    time.sleep(2)
    equal("idle, it leaves", [p for p in probe.workers() if "Z" not in pathlib.Path(f"/proc/{p}/stat").read_text().split(")")[1][:3]], [])
    for n in range(5):
        equal("and comes back unseen", probe.ask(good)["status"], "ok")
        time.sleep(.3)  # right at the edge of its leaving
    probe.end()
    check("without a warning", not [line for line in probe.log if "warn" in line], probe.log)

    probe = Probe()
    probe.ask(good)
    pid = probe.workers()[0]
    held = sorted(os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd") if fd != "2")
    check("it holds /dev/null and its socket only", all(h == "/dev/null" or h.startswith(("socket:", "anon_inode", "pipe:")) for h in held)
          and sum(h.startswith("socket:") for h in held) == 1, held)
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    equal("no new privileges", re.search(r"NoNewPrivs:\s*(\d)", status).group(1), "1")
    if not SANITIZED:
        equal("a filter is on, for each thread", {re.search(r"Seccomp:\s*(\d)", (t / "status").read_text()).group(1)
                                                for t in pathlib.Path(f"/proc/{pid}/task").iterdir()}, {"2"})
    equal("next to no environment", sorted(e.split("=")[0] for e in pathlib.Path(f"/proc/{pid}/environ").read_text().split("\0") if e),
          ["LANG", "PATH"])
    probe.end()


with tempfile.TemporaryDirectory(prefix="pictures-") as name:
    folder = pathlib.Path(name)
    run_corpus(folder)
    run_makes(folder)
    run_misbehaviour(folder)
    run_restarts(folder)
finish()
