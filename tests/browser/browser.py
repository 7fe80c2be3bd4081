"""browser.py - what the browser tests share: the npm packages, or a reason to skip; the HTML checker.

    ready()                      # skips, saying why, where there is no Chromium or npm
    run("smoke.mjs", config)     # with node; its last line counts
    valid_html(folder)           # every page left there, by the W3C's own checker, where there is Java
    desk(site, "lists.mjs")      # all of it for a test of the desk: serves, hands over the set-up link, looks at what was left
"""
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "integration"))
from newsroom import check, skip  # noqa: E402

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
VNU = HERE / "node_modules/vnu-jar/build/dist/vnu.jar"


def packages():
    """node_modules as package-lock.json says; kept until the lock changes."""
    stamp = HERE / "node_modules/.stamp"
    want = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == want:
        return
    done = subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=HERE, capture_output=True, text=True, timeout=120)
    if done.returncode:
        skip(f"npm ci failed: {done.stderr.strip().splitlines()[-1:]}")
    stamp.write_text(want)


def valid_html(folder):
    """Every page that smoke.mjs left, by the W3C's own checker."""
    if not shutil.which("java"):
        print("not checked: HTML (no Java)")
        return
    files = sorted(map(str, folder.glob("*.html")))
    done = subprocess.run(["java", "-Xmx512m", "-jar", str(VNU), "--errors-only", "--format", "json", *files],
                          capture_output=True, text=True, timeout=120)
    # The checker is given pages as they were served; what an imported body brought with it is not excused.
    for message in json.loads(done.stderr or '{"messages": []}')["messages"]:
        name = pathlib.Path(message.get("url", "")).name
        check(f"valid HTML: {name}:{message.get('lastLine')}", False,
              f"{message['message']}\n    {message.get('extract', '').strip()[:160]}")
    check("the HTML checker ran", files and done.returncode in (0, 1), done.stderr[-400:])


def ready():
    if not pathlib.Path(CHROMIUM).exists():
        skip("no Chromium")
    if not shutil.which("npm") or not shutil.which("node"):
        skip("no npm")
    packages()


def run(script, config):
    done = subprocess.run(["node", str(HERE / script), str(config)], capture_output=True, text=True, timeout=200)
    print(done.stdout, end="")
    check(f"{script} passes in the browser", done.returncode == 0, done.stderr[-2000:])


def desk(site, script, *flags, listen="127.0.0.1:0", served=lambda: None, **config):
    """Serves the site and runs the script; `served` is called between the two. Its CONFIG.json has "out", "shots" (of
    $DESK_SHOTS), "url", "setUp" (the link, or null when somebody has a login) and whatever else is given; of a function, what it says once the site is served."""
    site.serve("--access-log", "none", *flags, listen=listen)
    link = None
    if json.loads(site.run("user", "list", "--json")) == []:
        said = site.server.stdout.readline() + site.server.stdout.readline()
        link = re.search(r"/desk/set-up/\?link=[0-9a-f]+", said)
        check("the set-up link is printed", link is not None, said)
    served()
    pages = site.top / "pages"
    pages.mkdir()
    path = site.top / "config.json"
    path.write_text(json.dumps({"out": str(pages), "shots": os.environ.get("DESK_SHOTS", ""), "url": f"http://127.0.0.1:{site.port}",
                                "setUp": link and link.group(0), **{name: value() if callable(value) else value for name, value in config.items()}}))
    run(script, path)
    valid_html(pages)
