"""A disk that is full, read-only, empty, or without the picture program: one sentence that is true, nothing half done, and
a server that goes on. The disks are tmpfs in a mount namespace of its own; skipped by name where that is not allowed."""
import os
import shutil
import subprocess
import sys

if os.environ.get("BROADSHEET_MOUNTS") is None:
    wrap = ["unshare", "--mount", "--map-root-user"]
    can = shutil.which("unshare") and subprocess.run([*wrap, "mount", "-t", "tmpfs", "none", "/mnt"],
                                                     capture_output=True).returncode == 0
    if not can:
        print("skipped: mounts of one's own are not allowed here")
        sys.exit(77)
    os.environ["BROADSHEET_MOUNTS"] = "1"
    os.execvp(wrap[0], [*wrap, sys.executable, *sys.argv])

from newsroom import EXPORT, Newsroom, check, equal, finish, png

NO_SPACE = "No space left on device"


def mount(path, options):
    path.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(path)], check=True)


def umount(path):
    subprocess.run(["umount", str(path)], check=True)


def remount(path, options):
    subprocess.run(["mount", "-o", f"remount,{options}", str(path)], check=True)


def fill(folder, spare=0):
    """Until nothing more goes in; then `spare` bytes are given back."""
    path = folder / "lost+found" / "filler"  # what the site looks at least
    path.parent.mkdir(exist_ok=True)
    with open(path, "wb", buffering=0) as f:
        try:
            while True:
                f.write(bytes(4096))
        except OSError:
            pass
        f.truncate(max(0, f.tell() - spare))
    return path


def files(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file() and p.name != "filler")


def fails(what, site, words, *says):
    code, out, err = site.command(*words)
    check(f"{what}: it fails, and says why", code == 1 and any(all(s in line for s in says) for line in (out + err).splitlines()),
          (code, out, err))
    return out + err


def full(site, disk, photo):
    filler = fill(disk)
    fails("a full disk", site, ("media", "add", photo), NO_SPACE)
    equal("nothing of it is left", files(disk), [])
    filler.unlink()
    fill(disk, photo.stat().st_size + 65536)
    err = fails("room for what came, not for what is served", site, ("media", "add", photo), "space")
    check("the picture is not blamed", "export it again" not in err, err)
    equal("nor is anything left", files(disk), [])
    filler.unlink()
    remount(disk, "nr_inodes=6")
    fails("room for no folder", site, ("media", "add", photo), NO_SPACE)
    remount(disk, "nr_inodes=1000")
    equal("nor here", files(disk), [])
    equal("and no record", site.run("media", "list", "--json").strip(), "[]")


def full_import(site, disk, photo):
    uploads = site.top / "uploads/2020/05"
    uploads.mkdir(parents=True, exist_ok=True)
    shutil.copy(photo, uploads / "old.png")
    item = """<item><title>Old</title><link>http://t.example/?attachment_id=9</link><wp:post_id>9</wp:post_id>
<wp:post_name>old</wp:post_name><wp:post_type>attachment</wp:post_type><wp:status>inherit</wp:status>
<wp:post_date_gmt>2020-05-01 10:00:00</wp:post_date_gmt><wp:attachment_url>http://t.example/wp-content/uploads/2020/05/old.png
</wp:attachment_url><wp:postmeta><wp:meta_key>_wp_attached_file</wp:meta_key><wp:meta_value>2020/05/old.png</wp:meta_value>
</wp:postmeta></item>"""
    (site.top / "w.xml").write_text(EXPORT % item)
    filler = fill(disk)
    words = ("import", site.top / "w.xml", "--media", site.top / "uploads")
    code, out, err = site.command(*words)
    check("an import says which file did not come, and why", "old.png" in out + err and NO_SPACE in out + err, (code, out, err))
    equal("and leaves no half of it", files(disk), [])
    filler.unlink()
    site.run(*words)
    check("the next one brings it", "2020/05/old.png" in files(disk), files(disk))
    equal("and all agrees", site.run("media", "check", "--json").strip(), "[]")
    site.run("media", "remove", "2020/05/old.png")


def served(site, disk, photo):
    site.run("media", "add", photo)
    path = next(f for f in files(disk) if not f.startswith("."))
    address = f"/content/images/{path}"
    small = f"/content/images/size/w600/{path}"
    whole = len(site.get(address).body)
    filler = fill(disk)
    equal("a size that finds no room: the picture itself", len(site.get(small).body), whole)
    check("the log says the disk", "space left" in site.log() and "export it again" not in site.log(), site.log())
    equal("pages go on", site.get("/").status, 200)
    filler.unlink()
    check("another size is made once there is room", len(site.get(small.replace("w600", "w600/format/jpeg")).body) < whole)
    remount(disk, "ro")
    equal("a disk that became read-only: the picture itself", len(site.get(small.replace("w600", "w600/format/webp")).body), whole)
    equal("what was made is there", site.get(small.replace("w600", "w600/format/jpeg")).status, 200)
    equal("a check needs only to read", site.run("media", "check", "--json").strip(), "[]")
    equal("serve ends cleanly", site.stop(), 0)
    site.serve()
    equal("and starts there", site.get(address).status, 200)
    remount(disk, "rw")
    return path, address, small


with Newsroom() as site:
    site.init()
    photo = site.top / "a.png"
    photo.write_bytes(png(700, 500, None))
    disk = site.dir / "media"
    mount(disk, "size=3000k")
    full(site, disk, photo)
    full_import(site, disk, photo)
    site.serve()
    path, address, small = served(site, disk, photo)
    site.stop()

    # ---- the folder is empty and read-only, or not there ----
    umount(disk)
    mount(disk, "ro")
    site.serve()
    equal("an empty read-only folder: pages go on", site.get("/").status, 200)
    check("the log says that nothing is made", "Read-only file system" in site.log(), site.log())
    check("no page names a card that cannot be drawn", "/content/images/og/" not in site.get("/").text)
    fails("taking in says so", site, ("media", "add", photo), "Read-only file system")
    fails("a check names what is missing", site, ("media", "check"), "problem")
    site.stop()
    umount(disk)
    shutil.rmtree(disk)
    site.serve()
    equal("no folder: pages go on", site.get("/").status, 200)
    site.run("media", "add", photo)
    equal("the same file again brings the lost one back", files(disk)[-1], path)
    equal("at once", site.get(address).status, 200)
    check("its sizes too", 0 < len(site.get(small).body) < len(site.get(address).body))
    equal("and all agrees", site.run("media", "check", "--json").strip(), "[]")
    site.stop()

    # ---- what changes while nobody serves ----
    made = disk / ".made/size/w600" / path
    check("a size is kept", made.exists())
    site.run("media", "set", path, "--focal", "100,100")
    check("but not after a new focal point", not made.exists())
    site.serve()
    equal("made again", (site.get(small).status, made.exists()), (200, True))
    site.stop()
    site.run("media", "remove", path)
    check("nor after the picture is gone", not made.exists())
    site.serve()
    equal("which its address says", (site.get(address).status, site.get(small).status), (410, 410))
    site.stop()

    # ---- copies ----
    site.run("media", "add", photo)
    copies = site.top / "copies"
    mount(copies, "size=1000k")
    fails("a copy for which there is no room", site, ("backup", copies / "copy"), NO_SPACE)
    equal("leaves nothing", files(copies), [])
    site.run("backup", site.top / "copy")
    code = subprocess.run([os.environ.get("BROADSHEET", ""), "restore", str(site.top / "copy"), "--site", str(copies / "back")],
                          capture_output=True, text=True)
    check("nor one brought back", code.returncode == 1 and NO_SPACE in code.stderr and files(copies) == [], (code, files(copies)))
    umount(copies)

    # ---- no program that reads pictures ----
    os.environ["BROADSHEET_MEDIA"] = "/nonexistent"
    photo.write_bytes(png(300, 200, None))
    fails("without the picture program", site, ("media", "add", photo), "broadsheet-media")
    path = next(f for f in files(disk) if not f.startswith("."))
    site.serve()
    equal("sizes are the picture", (site.get(f"/content/images/size/w600/{path}").status), 200)
    check("and the log says why", "no smaller pictures will be made" in site.log(), site.log())
finish()
