"""Pictures with the real picture process: what is asked for is made, once, in the size and format of its address; it
survives a restart, a kill in the middle leaves nothing half done, and the cache keeps to its size."""
import os
import pathlib
import shutil
import signal
import struct
import threading
import time

from newsroom import PROGRAM, ROOT, Newsroom, check, equal, finish, skip

if not (os.environ.get("BROADSHEET_MEDIA") or pathlib.Path(PROGRAM).with_name("broadsheet-media").exists()):
    skip("no broadsheet-media beside the program")

PICTURE = ROOT / "demo/pictures/ferry.jpg"  # 1600 x 1067
IMAGES = "/content/images/"


def webp_size(data):
    """Width and height of a WebP, lossy or extended."""
    if data[12:16] == b"VP8 ":
        return tuple(n & 0x3FFF for n in struct.unpack("<HH", data[26:30]))
    return tuple(1 + int.from_bytes(data[at:at + 3], "little") for at in (24, 27))


def put(site, name):
    path = site.dir / "media" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(PICTURE, path)


def files(site):
    made = site.dir / "media/.made"
    return [p for p in made.rglob("*") if p.is_file()]


def made_as_asked(site):
    answer = site.get(IMAGES + "size/w600/format/webp/2024/05/a.jpg")
    equal("status", answer.status, 200)
    equal("type", answer.headers.get("content-type"), "image/webp")
    equal("size", webp_size(answer.body), (600, 400))
    check("for good", "immutable" in answer.headers.get("cache-control", ""))
    again = site.get(IMAGES + "size/w600/format/webp/2024/05/a.jpg", **{"If-None-Match": answer.headers["etag"]})
    equal("asked again", again.status, 304)
    part = site.get(IMAGES + "size/w600/format/webp/2024/05/a.jpg", Range="bytes=8-11")
    equal("a part of it", (part.status, part.body), (206, b"WEBP"))
    larger = site.get(IMAGES + "size/w2400/format/webp/2024/05/a.jpg")
    equal("never larger than the picture", webp_size(larger.body)[0], 1600)
    cropped = site.get(IMAGES + "size/w256h256/format/webp/2024/05/a.jpg")
    equal("cropped", webp_size(cropped.body), (256, 256))
    equal("not declared", site.get(IMAGES + "size/w601/2024/05/a.jpg").location, IMAGES + "2024/05/a.jpg")


def many_at_once(site):
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(site.get(IMAGES + "size/w1000/format/webp/2024/05/a.jpg")))
               for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal("each is answered", {a.status for a in answers}, {200})
    equal("with the same bytes", len({a.body for a in answers}), 1)


def killed(site):
    """In the middle of making: what is there after a restart is whole, and the rest is made."""
    for n in range(12):
        put(site, f"2024/06/{n}.jpg")
    threads = [threading.Thread(target=lambda n=n: quiet(site, IMAGES + f"size/w1600/format/webp/2024/06/{n}.jpg")) for n in range(12)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    site.stop(signal.SIGKILL)
    for thread in threads:
        thread.join()
    site.serve("--access-log", "none", "--pictures", "1")
    for path in files(site):
        data = path.read_bytes()
        check(f"{path.name} is whole", len(data) == 8 + struct.unpack("<I", data[4:8])[0])
    check("nothing is left in .new", not any(".new" in p.parts for p in files(site)))


def quiet(site, path):
    try:
        site.get(path)
    except (OSError, ValueError):
        pass
    except Exception as e:  # http.client's own, when the server is gone
        if "http.client" not in type(e).__module__:
            raise


def bounded(site):
    """One megabyte, as --pictures said."""
    for n in range(12):
        for size in ("w1600", "w1000", "w600"):
            equal("answered", site.get(IMAGES + f"size/{size}/2024/06/{n}.jpg").status, 200)
    kept = sum(p.stat().st_blocks * 512 for p in files(site))
    check("the cache keeps to its size", kept <= 1_000_000, kept)
    check("and is not empty", kept > 300_000, kept)


def bad(site):
    path = site.dir / "media/bad.jpg"
    path.write_bytes(PICTURE.read_bytes()[:20_000])
    answer = site.get(IMAGES + "size/w600/format/avif/bad.jpg")
    equal("a broken picture", answer.status, 200)
    check("is not kept for long", "max-age=60" in answer.headers.get("cache-control", "") or answer.headers["content-type"] == "image/avif")


with Newsroom() as site:
    site.init("Pictures")
    put(site, "2024/05/a.jpg")
    site.serve("--access-log", "none")
    made_as_asked(site)
    many_at_once(site)
    bad(site)
    killed(site)
    bounded(site)
finish()
