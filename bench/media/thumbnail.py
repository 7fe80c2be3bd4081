#!/usr/bin/env python3
"""thumbnail.py BUILD [ROUNDS] - a 24-megapixel JPEG to w1000 WebP: the picture worker against vipsthumbnail.

Both make the same file (quality 80, no metadata), turn and turn about, on all cores. CPU is user and system time: of
the worker between its answer and the one before, of vipsthumbnail with its start (a program started each time
is how it is used; the line "without its start" takes off what `vipsthumbnail --version` costs). Bar: 1.2.
"""
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

build, rounds = pathlib.Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 9
TICK = os.sysconf("SC_CLK_TCK")


def photograph(folder):
    """Clouds with grain: compresses like a photograph does, about 8 MB."""
    path = folder / "24.jpg"
    run = lambda *words: subprocess.run(["vips", *map(str, words)], check=True, capture_output=True)  # noqa: E731
    for n in range(3):
        run("perlin", folder / f"p{n}.v", 6000, 4000, "--cell-size", 200 + 90 * n)
    run("bandjoin", " ".join(str(folder / f"p{n}.v") for n in range(3)), folder / "clouds.v")
    run("gaussnoise", folder / "grain.v", 6000, 4000, "--sigma", "8", "--mean", "0")
    run("linear", folder / "clouds.v", folder / "light.v", "70", "125")
    run("add", folder / "light.v", folder / "grain.v", folder / "sum.v")
    run("cast", folder / "sum.v", folder / "photo.v", "uchar")
    run("copy", folder / "photo.v", f"{path}[Q=90]", "--interpretation", "srgb")
    for scrap in folder.glob("*.v"):
        scrap.unlink()
    return path


def child_cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def timed(*words):
    cpu, wall = child_cpu(), time.monotonic()
    subprocess.run(words, check=True, capture_output=True)
    return child_cpu() - cpu, time.monotonic() - wall


class Worker:
    def __init__(self):
        self.probe = subprocess.Popen([build / "tests/integration/media/media_probe", build / "broadsheet-media"],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def cpu(self):
        pid = self.probe.pid
        worker = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0]
        fields = pathlib.Path(f"/proc/{worker}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def ask(self, line):
        self.probe.stdin.write(line + "\n")
        self.probe.stdin.flush()
        answer = json.loads(self.probe.stdout.readline())
        assert answer["status"] == "ok", answer

    def timed(self, line):
        cpu, wall = self.cpu(), time.monotonic()
        self.ask(line)
        return self.cpu() - cpu, time.monotonic() - wall


with tempfile.TemporaryDirectory(prefix="bench-media-") as name:
    folder = pathlib.Path(name)
    picture = photograph(folder)
    line = f"make {picture} {folder}/ours.webp webp 1000 0 0.5 0.5 80 0"
    worker = Worker()
    worker.ask(line)
    ours, theirs, start = [], [], []
    for _ in range(rounds):
        ours.append(worker.timed(line))
        theirs.append(timed("vipsthumbnail", picture, "-s", "1000x", "-o", f"{folder}/theirs.webp[Q=80,strip]"))
        start.append(timed("vipsthumbnail", "--version"))
    middle = [[statistics.median(column) * 1000 for column in zip(*runs)] for runs in (ours, theirs, start)]
    sizes = [(folder / f"{who}.webp").stat().st_size for who in ("ours", "theirs")]
    print(f"{picture.stat().st_size / 1e6:.1f} MB JPEG -> WebP of {sizes[0]} bytes (theirs {sizes[1]})")
    for n, what in enumerate(("CPU", "wall")):
        print(f"{what:5} {middle[0][n]:6.0f} ms, vipsthumbnail {middle[1][n]:6.0f} ms: ratio {middle[0][n] / middle[1][n]:.2f}"
              f" ({middle[0][n] / (middle[1][n] - middle[2][n]):.2f} without its start)")
    worker.probe.stdin.close()
    worker.probe.wait(10)
