#!/usr/bin/env python3
"""run.py BROADSHEET [--runs N] - Lighthouse on the demo: its front page and a story with a picture, on a phone.

Lighthouse (npm, pinned in package-lock.json) with Debian's Chromium and its own mobile setting: a slow telephone on a
slow network, simulated. A figure is the median of the runs. What scores less than it could is named. Two
minutes; wants a machine that does nothing else, as its processor is what the telephone's is reckoned from.
"""
import argparse
import hashlib
import json
import os
import pathlib
import socket
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "integration"))
os.environ.setdefault("CHROME_PATH", os.environ.get("CHROMIUM", "/usr/bin/chromium"))

ARGS = argparse.ArgumentParser()
ARGS.add_argument("broadsheet")
ARGS.add_argument("--runs", type=int, default=5)
ARGS = ARGS.parse_args()
os.environ["BROADSHEET"] = str(pathlib.Path(ARGS.broadsheet).resolve())

from newsroom import Newsroom  # noqa: E402

FLAGS = "--headless=new --disable-gpu --disable-quic --disable-background-networking --disable-component-update --no-first-run"
GOALS = {"performance": 95, "accessibility": 98, "best-practices": 98, "seo": 98}
LAYOUT_SHIFT = 0.02
PAGES = {"front": "/", "story": "/cutlers-bridge-leaves-on-the-tide/"}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def packages():
    """node_modules as package-lock.json says; kept until the lock changes."""
    stamp = HERE / "node_modules/.stamp"
    want = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != want:
        subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=HERE, check=True, timeout=300)
        stamp.write_text(want)


def visit(url):
    sandbox = " --no-sandbox" if os.getuid() == 0 else ""  # it does not start as root
    line = ["node", str(HERE / "node_modules/lighthouse/cli/index.js"), url, "--quiet", "--output=json", "--only-categories=" + ",".join(GOALS),
            f"--chrome-flags={FLAGS}{sandbox}"]
    done = subprocess.run(line, capture_output=True, text=True, timeout=180)
    if done.returncode:
        raise SystemExit(f"lighthouse: {done.stderr.strip()[-500:]}")
    return json.loads(done.stdout)


def lost(report):
    """What keeps a category from 100, or is a figure of the page."""
    for name, category in report["categories"].items():
        for ref in category["auditRefs"]:
            audit = report["audits"][ref["id"]]
            if ref["weight"] > 0 and audit.get("score") is not None and audit["score"] < 0.9:
                yield f"{name}: {audit['id']}: {audit['title']} {audit.get('displayValue', '')}"
    for id in ("largest-contentful-paint", "first-contentful-paint", "total-blocking-time", "total-byte-weight"):
        yield f"{report['audits'][id]['title']}: {report['audits'][id].get('displayValue', '')}"


def measure(name, url, runs):
    reports = [visit(url) for _ in range(runs)]
    missed = 0
    for category, goal in GOALS.items():
        score = statistics.median(100 * r["categories"][category]["score"] for r in reports)
        missed += score < goal
        print(f"{name + ', ' + category:<40} {score:6.0f}   >= {goal:<6} {'met' if score >= goal else 'MISSED'}", flush=True)
    shift = statistics.median(r["audits"]["cumulative-layout-shift"]["numericValue"] for r in reports)
    missed += shift > LAYOUT_SHIFT
    print(f"{name + ', layout shift':<40} {shift:6.3f}   <= {LAYOUT_SHIFT:<6} {'met' if shift <= LAYOUT_SHIFT else 'MISSED'}", flush=True)
    for line in lost(sorted(reports, key=lambda r: r["categories"]["performance"]["score"])[runs // 2]):
        print(f"    {line}")
    return missed


def main():
    packages()
    with Newsroom() as demo:
        url = f"http://127.0.0.1:{free_port()}"  # the site's own: canonical addresses are judged
        demo.init("The Varnmouth Lantern", "--demo", "--language", "en-GB", "--timezone", "Europe/London", "--url", url)
        demo.serve("--access-log", "none", listen=url.removeprefix("http://"))
        missed = sum(measure(name, url + path, ARGS.runs) for name, path in PAGES.items())
    return 1 if missed else 0


sys.exit(main())
