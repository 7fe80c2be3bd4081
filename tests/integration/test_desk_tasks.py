#!/usr/bin/env python3
"""Import, export and backup from the desk: begun, followed, cancelled, killed, fetched, brought back."""
import html
import io
import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import tarfile
import time

from newsroom import PROGRAM, Newsroom, Page, check, equal, finish, png, small_export


class Browser:
    def __init__(self, site):
        self.site, self.cookie, self.page = site, None, None

    def take(self, answer):
        line = answer.headers.get("set-cookie")
        if line:
            self.cookie = line.split(";")[0]
        self.page = answer
        return answer

    def get(self, path, **headers):
        return self.take(self.site.get(path, Cookie=self.cookie or "", **headers))

    def token(self):
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.page.text)
        return found.group(1) if found else ""

    def post(self, path, fields):
        return self.take(self.site.post(path, [("csrf", self.token()), *(fields.items() if isinstance(fields, dict) else fields)], Cookie=self.cookie or ""))

    def upload(self, path, name, data):
        line = b"----line"
        body = (b"--" + line + b'\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n' + self.token().encode() +
                b"\r\n--" + line + b'\r\nContent-Disposition: form-data; name="file"; filename="' + name.encode() +
                b'"\r\nContent-Type: text/xml\r\n\r\n' + data + b"\r\n--" + line + b"--\r\n")
        return self.take(self.site.request("POST", path, body, {
            "Content-Type": "multipart/form-data; boundary=" + line.decode(), "Cookie": self.cookie,
            "Origin": f"http://127.0.0.1:{self.site.port}"}))

    @property
    def said(self):
        return html.unescape(self.page.text)


def whole(what, answer):
    page = Page(answer.text)
    check(f"{what}: well nested", not page.broken, page.broken)
    equal(f"{what}: one h1", len(page.all("h1")), 1)
    check(f"{what}: no id twice", len(page.ids) == len(set(page.ids)), page.ids)
    check(f"{what}: no key without its string", not re.search(r"\b(task|import|export|backup|wrong|done)\.[a-z_-]+[<\" ]", page.text), page.text)
    return page


def state(browser, path):
    return json.loads(browser.site.get(path, Cookie=browser.cookie, Accept="application/json").text)


def ended(browser, path, seconds=60):
    """The task's JSON once it no longer runs."""
    browser.site.wait_for(lambda: state(browser, path)["state"] != "running", seconds)
    return state(browser, path)


def children(site):
    """The processes that do the server's long work."""
    found = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == site.server.pid and b"--progress" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            pass
    return found


def rows(site, sql):
    db = sqlite3.connect(site.dir / "site.db", timeout=10)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def set_up(site):
    site.serve()
    said = site.server.stdout.readline() + site.server.stdout.readline()
    link = re.search(r"/desk/set-up/\?link=[0-9a-f]{64}", said).group(0)
    ann = Browser(site)
    ann.get(link)
    ann.post("/desk/set-up/", {"link": link.split("=")[1], "name": "Ann Quill", "email": "ann@wharf.example", "password": "a lamp at the quay"})
    return ann


with Newsroom() as site:
    site.init("The Wharf")
    ann = set_up(site)

    # ---- import ----
    whole("import", ann.get("/desk/import/"))
    check("nothing is here", "No file is here yet." in ann.said)
    equal("no file chosen", ann.upload("/desk/import/upload/", "", b"").status, 422)
    whole("no file chosen", ann.page)
    export = small_export(30).replace("<p>Words here.</p>", "<p>Words here.</p>[slider id=3]", 1).encode()
    ann.get("/desk/import/")
    equal("uploaded", ann.upload("/desk/import/upload/", "../../..\\old site.xml", export).location, "/desk/import/?done=uploaded")
    equal("under a plain name, where it belongs", os.listdir(site.dir / "import"), ["old-site.xml"])
    equal("the bytes", (site.dir / "import/old-site.xml").read_bytes(), export)
    whole("with a file", ann.get("/desk/import/"))
    ann.upload("/desk/import/upload/", "old-site.xml", b"x")
    equal("nothing is written over", (len(os.listdir(site.dir / "import")), (site.dir / "import/old-site.xml").read_bytes() == export), (2, True))
    other = next(n for n in os.listdir(site.dir / "import") if n != "old-site.xml")
    ann.get("/desk/import/")
    ann.post("/desk/import/remove/", {"name": other})
    equal("removed", os.listdir(site.dir / "import"), ["old-site.xml"])
    ann.get("/desk/import/")
    equal("no way out of the folder", ann.post("/desk/import/remove/", {"name": "../broadsheet.yaml"}).status, 404)
    ann.get("/desk/import/")
    equal("nothing ticked", ann.post("/desk/import/run/", {"do": "dry-run"}).status, 422)
    whole("nothing ticked", ann.page)
    ann.get("/desk/import/")
    equal("nor a file from elsewhere", ann.post("/desk/import/run/", {"do": "import", "file": "../broadsheet.yaml"}).status, 422)

    ann.get("/desk/import/")
    path = ann.post("/desk/import/run/", {"do": "dry-run", "file": "old-site.xml"}).location
    check("it has a page", re.fullmatch(r"/desk/tasks/\d+/", path) is not None, path)
    equal("tried out", ended(ann, path)["state"], "done")
    page = whole("tried out", ann.get(path))
    check("what would come", re.search(r"Stories</th><td>30</td><td>0</td>", ann.page.text) and "would come" in ann.said, ann.page.text)
    check("what was not understood, and where", "[slider]" in ann.said and "story-1" in ann.said, ann.said)
    equal("nothing came", rows(site, "SELECT count(*) FROM story"), [(0,)])
    ann.get("/desk/import/")
    path = ann.post("/desk/import/run/", {"do": "import", "file": "old-site.xml"}).location
    equal("imported", ended(ann, path)["state"], "done")
    whole("imported", ann.get(path))
    equal("thirty stories", rows(site, "SELECT count(*) FROM story"), [(30,)])
    equal("readers see them", site.get("/story-7/").status, 200)
    ann.get("/desk/import/")
    path = ann.post("/desk/import/run/", {"do": "import", "file": "old-site.xml"}).location
    ended(ann, path)
    whole("again", ann.get(path))
    check("a second run skips them", re.search(r"Stories</th><td>0</td><td>30</td>", ann.page.text), ann.page.text)
    (site.dir / "import/broken.xml").write_bytes(export[:2000])
    (site.dir / "import/--help").write_bytes(export)
    ann.get("/desk/import/")
    path = ann.post("/desk/import/run/", {"do": "import", "file": "broken.xml"}).location
    equal("a broken one fails", ended(ann, path)["state"], "failed")
    whole("failed", ann.get(path))
    check("with its sentence", re.search(r"broken\.xml:\d+:", ann.said), ann.said)
    ann.get("/desk/import/")
    path = ann.post("/desk/import/run/", {"do": "dry-run", "file": "--help"}).location
    equal("a name is no flag", ended(ann, path)["state"], "done")
    media = site.dir / "import/uploads/2020/01"
    media.mkdir(parents=True)
    (media / "quay.png").write_bytes(png(60, 40, 90))
    whole("with a folder", ann.get("/desk/import/"))
    check("the folder is offered", '<option value="uploads">' in ann.page.text)
    path = ann.post("/desk/import/run/", {"do": "dry-run", "file": "old-site.xml", "media": "uploads", "tag": "1", "keep_all": "1"}).location
    equal("all options", ended(ann, path)["state"], "done")
    ann.get("/desk/import/")
    equal("a folder that is not there", ann.post("/desk/import/run/", {"do": "dry-run", "file": "old-site.xml", "media": ".."}).status, 404)

    # ---- export ----
    site.post("/story-1/", {"name": "Ida", "email": "ida@reader.example", "text": "The ferry was late."})
    whole("export", ann.get("/desk/export/"))
    for private in (False, True):
        ann.get("/desk/export/")
        path = ann.post("/desk/export/run/", {"private": "1"} if private else {}).location
        equal("exported", ended(ann, path)["state"], "done")
        whole("exported", ann.get(path))
        fetch = re.search(r'href="(/desk/export/[^"]+\.tar)"', ann.page.text).group(1)
        equal("named for what it holds", "private" in fetch, private)
        answer = site.get(fetch, Cookie=ann.cookie)
        equal("fetched", (answer.status, answer.headers["content-disposition"]), (200, f'attachment; filename="{fetch.split("/")[-1]}"'))
        check("never kept on the way", answer.headers["cache-control"] == "no-store")
        archive = tarfile.open(fileobj=io.BytesIO(answer.body))
        names = archive.getnames()
        check("an archive", any(n.endswith("/stories.jsonl") for n in names), names)
        text = archive.extractfile(next(n for n in names if n.endswith("/comments.jsonl"))).read().decode()
        equal("addresses only if asked for", "ida@reader.example" in text, private)
        time.sleep(1.1)  # names have seconds
    whole("export, ready", ann.get("/desk/export/"))
    equal("nobody else's", site.get(fetch).status, 303)
    check("no way out of it", site.get("/desk/export/..%2Fsite.db", Cookie=ann.cookie).status in (400, 404))
    equal("nor to what is not ready", site.get("/desk/export/x", Cookie=ann.cookie).status, 404)
    ann.post("/desk/export/remove/", {"name": fetch.split("/")[-1]})
    equal("removed", site.get(fetch, Cookie=ann.cookie).status, 404)
    equal("only the other is left", len(os.listdir(site.dir / "exports")), 1)
    left = site.dir / "exports" / os.listdir(site.dir / "exports")[0]
    os.utime(left, (time.time() - 90000,) * 2)

    # ---- backup ----
    far = site.dir / "themes" / ("quay-" * 24) / ("f\u00e4hre-" + "harbour-" * 20 + ".png")
    far.parent.mkdir(parents=True)
    far.write_bytes(png(40, 30, None))
    whole("backup", ann.get("/desk/backup/"))
    check("there is none", "There is no copy yet." in ann.said)
    path = ann.post("/desk/backup/run/", {}).location
    equal("made", ended(ann, path)["state"], "done")
    whole("made", ann.get(path))
    whole("backup, with one", ann.get("/desk/backup/"))
    name = os.listdir(site.dir / "backups")[0]
    check("listed with its size", name in ann.said and re.search(r"\d\s(KB|MB)", ann.said) and "The last good copy:" in ann.said, ann.said)
    check("no secret in it", not (site.dir / "backups" / name / "secret.key").exists())
    path = ann.post("/desk/backup/pack/", {"name": name}).location
    equal("packed", ended(ann, path)["state"], "done")
    ann.get(path)
    fetch = re.search(r'href="(/desk/export/copy-[^"]+\.tar)"', ann.page.text).group(1)
    tarfile.open(fileobj=io.BytesIO(site.get(fetch, Cookie=ann.cookie).body)).extractall(site.top / "unpacked")
    there = site.top / "unpacked" / name / far.relative_to(site.dir)
    check("long names and all", there.is_file() and there.read_bytes() == far.read_bytes())
    check("tar agrees", subprocess.run(["tar", "tf", "-"], input=site.get(fetch, Cookie=ann.cookie).body, capture_output=True).returncode == 0)
    done = subprocess.run([PROGRAM, "restore", site.top / "unpacked" / name, "--site", site.top / "brought-back"], capture_output=True, text=True)
    check("what was fetched can be brought back", done.returncode == 0, done.stderr)
    done = subprocess.run([PROGRAM, "check", "--site", site.top / "brought-back"], capture_output=True, text=True)
    check("and is whole", done.returncode == 0, done.stdout + done.stderr)
    os.utime(site.dir / "backups" / name, (time.time() - 8 * 86400,) * 2)
    whole("an old one", ann.get("/desk/backup/"))
    check("is said to be", "more than a week old" in ann.said)
    ann.get("/desk/log/")
    check("all of it is on record", all(w in ann.said for w in ("Began an import", "Began an export", "Fetched an export", "Began a backup")), ann.said)

    # ---- one at a time; cancel; stop; kill ----
    big = site.dir / "import/big.xml"
    big.write_text(small_export(60000, 1000))
    for n in os.listdir(site.dir / "import"):
        if n != "big.xml" and n != "uploads":
            (site.dir / "import" / n).unlink()
    ann.get("/desk/import/")
    path = ann.post("/desk/import/run/", {"do": "import", "file": "big.xml"}).location
    check("it says how far it is", site.wait_for(lambda: state(ann, path).get("total") == 60000 and state(ann, path)["done"] > 0, 30), state(ann, path))
    far = state(ann, path)
    check("in words", re.fullmatch(r"Stories: \d+ of 60000", far["say"]), far)
    page = whole("running", ann.get(path))
    check("a bar", page.all("progress")[0].get("max") == "60000" and 'http-equiv="refresh"' in ann.page.text, ann.page.text)
    whole("busy", ann.get("/desk/backup/"))
    check("the other pages say so", "one thing is done at a time" in ann.said)
    equal("one at a time", ann.post("/desk/backup/run/", {}).status, 409)
    check("with a sentence", "under way already" in ann.said)
    begin = time.monotonic()
    equal("the site goes on", site.get("/story-3/").status, 200)
    check("at once", time.monotonic() - begin < 1)
    process = children(site)
    equal("one process", len(process), 1)
    equal("of a group of its own", os.getpgid(process[0]), process[0])
    limits = open(f"/proc/{process[0]}/limits").read()
    check("bounded", re.search(r"Max cpu time +43200", limits) and ("asan" in open(f"/proc/{process[0]}/maps").read() or
          re.search(r"Max address space +4294967296", limits)), limits)
    ann.get(path)
    equal("cancel", ann.post(path + "cancel/", {}).status, 303)
    equal("cancelled", ended(ann, path, 15)["state"], "cancelled")
    equal("no process is left", children(site), [])
    whole("cancelled", ann.get(path))
    check("what next", "Import the same file again" in ann.said)
    some = rows(site, "SELECT count(*) FROM story")[0][0]
    check("some came, whole", 30 < some < 60030, some)

    ann.get("/desk/import/")
    path = ann.post("/desk/import/run/", {"do": "import", "file": "big.xml"}).location
    site.wait_for(lambda: state(ann, path)["state"] == "running" and state(ann, path).get("done", 0) > some, 30)
    begin = time.monotonic()
    equal("stops", site.stop(), 0)
    check("soon", time.monotonic() - begin < 12, time.monotonic() - begin)
    site.serve()
    equal("interrupted", state(ann, path)["state"], "interrupted")
    whole("interrupted", ann.get(path))
    check("nothing is said to run", "one thing is done at a time" not in ann.get("/desk/import/").text)
    path = ann.post("/desk/import/run/", {"do": "import", "file": "big.xml"}).location
    check("running", site.wait_for(lambda: children(site), 20))
    process = children(site)[0]
    time.sleep(1)
    site.stop(signal.SIGKILL)
    check("the process goes with the server", site.wait_for(lambda: not os.path.exists(f"/proc/{process}") or
          " Z" in open(f"/proc/{process}/stat").read()[:80], 5) is not None)
    site.serve()
    equal("interrupted, too", state(ann, path)["state"], "interrupted")
    check("the day-old archive went", not left.exists())

    # A copy that somebody else is making is left alone, whatever its name.
    (site.dir / "backups/2026-01-31-120000").mkdir()
    site.stop(signal.SIGKILL)
    site.serve()
    check("another's unfinished copy is left alone", (site.dir / "backups/2026-01-31-120000").is_dir())
    (site.dir / "backups/2026-01-31-120000").rmdir()

    # A backup and an export that are killed leave nothing.
    for what in ("backup", "export"):
        ann.get(f"/desk/{what}/")
        path = ann.post(f"/desk/{what}/run/", {}).location
        folder = site.dir / f"{what}s"
        there = set(os.listdir(folder))
        site.wait_for(lambda: children(site), 10)
        process = children(site)[0]
        site.wait_for(lambda: set(os.listdir(folder)) - there, 1)
        os.kill(process, signal.SIGSTOP)  # it is at it, and cannot be done before the server is killed
        site.stop(signal.SIGKILL)
        site.serve()
        equal(f"{what}: interrupted", state(ann, path)["state"], "interrupted")
        made = sorted(os.listdir(site.dir / f"{what}s"))
        # One that was whole before the kill stays, and is known by its broadsheet.yaml, which is written last.
        late = [n for n in made if n != name and (site.dir / f"{what}s" / n / "broadsheet.yaml").exists()]
        check(f"{what}: nothing half made is left", all(re.fullmatch(r"copy-.*\.tar", n) or n == name or n in late for n in made), made)
        for n in late:
            with sqlite3.connect(site.dir / f"{what}s" / n / "site.db") as copy:
                equal(f"{what}: a copy that stays is whole", copy.execute("PRAGMA integrity_check").fetchone(), ("ok",))
            shutil.rmtree(site.dir / f"{what}s" / n)
        equal(f"{what}: what next", "Make another one." in ann.get(path).text, True)
    ann.get("/desk/backup/")
    ann.post("/desk/backup/remove/", {"name": name})
    equal("a copy is removed", os.listdir(site.dir / "backups"), [])
    whole("and that is on the page", ann.get("/desk/backup/"))

    # An editor has none of it.
    ann.get("/desk/people/")
    ann.post("/desk/people/invite/", {"email": "eve@wharf.example", "role": "editor"})
    link = re.search(r"/desk/invitation/\?link=[0-9a-f]{64}", ann.said).group(0)
    eve = Browser(site)
    eve.get(link)
    eve.post("/desk/invitation/", {"link": link.split("=")[1], "name": "Eve", "password": "tides and tables"})
    for denied in ("/desk/import/", "/desk/export/", "/desk/backup/", path, fetch):
        equal(f"no {denied} for an editor", eve.get(denied).status, 403)
    check("no fault in the log", " error " not in site.log(), [l for l in site.log().splitlines() if " error " in l])
    site.stop()
finish()
