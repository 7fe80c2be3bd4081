"""A picture is taken in, found, replaced and removed on a running server, and checked on the disk."""
import json
import os
import re
import struct
import time
import zlib

from newsroom import EXPORT, Newsroom, check, equal, finish, png, png_chunk

OLD = "http://t.example/wp-content/uploads/"


def rgb(data):
    """The pixels of an 8-bit RGB PNG, a list of rows of triples."""
    chunks, at = {}, 8
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        chunks[name] = chunks.get(name, b"") + data[at + 8:at + 8 + size]
        at += 12 + size
    width, height, depth, kind = struct.unpack_from(">IIBB", chunks[b"IHDR"])
    equal("an 8-bit RGB PNG", (depth, kind), (8, 2))
    raw, step, above, rows = zlib.decompress(chunks[b"IDAT"]), 3 * width, bytes(3 * width), []
    for y in range(height):
        how, line = raw[y * (step + 1)], bytearray(raw[y * (step + 1) + 1:(y + 1) * (step + 1)])
        for x in range(step):
            a, b, c = line[x - 3] if x > 2 else 0, above[x], above[x - 3] if x > 2 else 0
            near = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]
            line[x] = (line[x] + (0, a, b, (a + b) // 2, near)[how]) & 255
        above = bytes(line)
        rows.append([tuple(line[x:x + 3]) for x in range(0, step, 3)])
    return rows


def item(number, kind, more, content=""):
    return f"""<item><title>Item {number}</title><link>http://t.example/item-{number}/</link>
<wp:post_id>{number}</wp:post_id><wp:post_name>item-{number}</wp:post_name><wp:post_type>{kind}</wp:post_type>
<wp:status>{"inherit" if kind == "attachment" else "publish"}</wp:status>
<wp:post_date_gmt>2020-05-01 10:00:00</wp:post_date_gmt><content:encoded><![CDATA[{content}]]></content:encoded>{more}</item>"""


def attachment(number, path):
    return item(number, "attachment", f"<wp:attachment_url>{OLD}{path}</wp:attachment_url><wp:postmeta><wp:meta_key>"
                f"_wp_attached_file</wp:meta_key><wp:meta_value>{path}</wp:meta_value></wp:postmeta>")


def export():
    thumb = ("<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>10</wp:meta_value></wp:postmeta>")
    return EXPORT % (attachment(10, "2020/05/bridge.png") + attachment(11, "2020/05/spare.png") +
                     item(1, "post", thumb, f'<p>Fog.</p><figure class="wp-block-image"><img src="{OLD}2020/05/bridge.png" '
                                            'alt="The bridge"></figure>') +
                     item(2, "post", "", "<p>No picture.</p>"))


with Newsroom() as site:
    site.init()
    uploads = site.top / "uploads/2020/05"
    uploads.mkdir(parents=True)
    (uploads / "bridge.png").write_bytes(png(1300, 800, 20))
    (uploads / "spare.png").write_bytes(png(40, 30, 90))
    (site.top / "new.png").write_bytes(png(1100, 700, 200))
    (site.top / "w.xml").write_text(export())
    site.run("import", site.top / "w.xml", "--media", site.top / "uploads")

    def media(*words):
        return json.loads(site.run("media", *words, "--json"))

    bridge = media("show", "2020/05/bridge.png")
    equal("its size is known", (bridge["width"], bridge["height"]), (1300, 800))
    equal("and who shows it", [u["slug"] for u in bridge["shown_by"]], ["item-1"])
    equal("what nothing shows", [m["path"] for m in media("unused")], ["2020/05/spare.png"])
    equal("the newest first", len(media("list")), 2)
    equal("one after the other", [len(media("list", "--limit", 1)),
                                  len(media("list", "--limit", 1, "--before", media("list", "--limit", 1)[0]["id"]))], [1, 1])
    equal("all agrees", media("check"), [])

    site.serve()
    page = site.get("/item-1/").text
    check("the story's picture has its size", re.search(r'<img src="/content/images/2020/05/bridge.png"[^>]* width="1300" '
                                                        r'height="800" srcset="[^"]*/size/w600/', page), page)
    check("it is in the feed", "bridge.png" in site.get("/rss/").text)
    check("and on its card", re.search(r'og:image" content="[^"]*bridge.png', page))
    equal("its address answers", site.get("/content/images/2020/05/bridge.png").status, 200)

    # ---- another in its place ----
    new = media("replace", "2020/05/bridge.png", site.top / "new.png")["path"]

    def shown():
        text = site.get("/item-1/").text
        return new in text and "bridge.png" not in text

    took = site.wait_for(shown, 3.0)
    check("the page shows the new one within the second", took is not None and took < 1.0, took)
    page = site.get("/item-1/").text
    check("with its own size", 'width="1100" height="700"' in page)
    check("its card too", re.search(r'og:image" content="[^"]*' + re.escape(new), page))
    took = site.wait_for(lambda: new in site.get("/rss/").text and "bridge.png" not in site.get("/rss/").text, 6.0)
    check("and the feed", took is not None and took < 1.0, took)
    time.sleep(1.1)  # each loop believes an open file for a second (http/file.h)
    answer = site.get("/content/images/2020/05/bridge.png")
    equal("the old address leads to it", (answer.status, answer.location), (301, f"/content/images/{new}"))
    answer = site.get("/content/images/size/w600/2020/05/bridge.png")
    equal("a size of it too", (answer.status, answer.location), (301, f"/content/images/size/w600/{new}"))
    equal("the new address answers", site.get(f"/content/images/{new}").status, 200)
    equal("all agrees again", media("check"), [])

    # ---- an editor's words, a focal point ----
    media("set", new, "--caption", "Fog on the ferries", "--credit", "Ada", "--focal", "250,400")
    equal("found by a word", [m["path"] for m in media("list", "--words", "ferry ada")], [new])
    equal("its focal point is kept", media("show", new)["focal"], [250, 400])
    media("set", new, "--focal", "0,500")
    equal("nonsense is refused", site.command("media", "set", new, "--focal", "2000,1")[0], 1)
    equal("misuse is said", site.command("media", "set", new, "--focal", "left")[0], 2)

    # ---- a crop reaches who has the old pixels ----
    square = f"/content/images/size/w32h32/format/png/{new}"
    before = site.get(square)
    equal("a size that cuts is asked about again", before.headers["cache-control"], "public, max-age=300")
    equal("a whole one is not", "immutable" in site.get(f"/content/images/size/w600/{new}").headers["cache-control"], True)
    greens = [pixel[1] for row in rgb(before.body) for pixel in row]  # 0 at the left of the picture, 255 at its right
    check("around the focal point", greens[0] < 6 and 150 < max(greens) < 170, (greens[0], max(greens)))
    media("set", new, "--focal", "750,500", "--crop", "500,0,1000,500")

    def cropped():
        answer = site.get(square, **{"If-None-Match": before.headers["etag"]})
        return answer if answer.status == 200 and answer.headers["content-type"] == "image/png" and len(answer.body) < 20000 else None

    check("whoever has the old one gets the new one", site.wait_for(cropped, 6.0) is not None)
    time.sleep(1.1)  # each loop believes an open file for a second
    rows = rgb(site.get(square).body)
    equal("of the same size", (len(rows), len(rows[0])), (32, 32))
    # The crop is 550 x 350 from (550, 0): a square of 350 in its middle, from (650, 0).
    for (x, y), want in (((0, 0), (200, 150, 0)), ((31, 0), (200, 232, 0)), ((0, 31), (200, 150, 127)), ((31, 31), (200, 232, 127))):
        check(f"the crop's pixel at {x},{y}", all(abs(a - b) < 6 for a, b in zip(rows[y][x], want)), f"got {rows[y][x]}, want {want}")

    # ---- gone ----
    equal("what is shown stays", site.command("media", "remove", new)[0], 1)
    site.get("/content/images/2020/05/spare.png")
    equal("what nothing shows goes", [m["path"] for m in media("unused", "--remove")], ["2020/05/spare.png"])
    time.sleep(1.1)
    equal("and answers 410", site.get("/content/images/2020/05/spare.png").status, 410)
    equal("nothing is left of it", media("check"), [])
    equal("serve ends cleanly", site.stop(), 0)

    # ---- one that can be seen through ----
    pixels = b"".join(b"\0" + b"".join(bytes((200, 40, 40, 255 if x < 4 else 0)) for x in range(8)) for y in range(8))
    (site.top / "glass.png").write_bytes(b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 6, 0, 0, 0)) +
                                         png_chunk(b"IDAT", zlib.compress(pixels)) + png_chunk(b"IEND", b""))
    glass = media("add", site.top / "glass.png")[0]
    equal("no colour shows through it", (glass["color"], glass["width"]), ("", 8))
    check("others have one", re.fullmatch("#[0-9a-f]{6}", media("show", new)["color"]))
    equal("what was removed is said", media("remove", glass["path"])["path"], glass["path"])

    # ---- damage ----
    added = media("add", site.top / "new.png")
    equal("the same bytes are the same record", (added[0]["path"], added[0]["new"]), (new, False))
    (site.dir / "media/stray.png").write_bytes(b"stray")
    file = site.dir / "media" / new
    whole = file.read_bytes()
    os.chmod(file, 0o644)
    file.write_bytes(whole[:-1] + b"x")
    problems = {(p["problem"], p["path"]) for p in json.loads(site.command("media", "check", "--json")[1])}
    equal("a stray file and a changed one", problems, {("file without a record", "stray.png"), ("file changed", new)})
    equal("sizes alone do not tell", {p["problem"] for p in json.loads(site.command("media", "check", "--quick", "--json")[1])},
          {"file without a record"})
    file.write_bytes(whole + b"x")
    check("a size does", ("file changed", new) in
          {(p["problem"], p["path"]) for p in json.loads(site.command("media", "check", "--quick", "--json")[1])})
    file.unlink()
    problems = {(p["problem"], p["path"]) for p in json.loads(site.command("media", "check", "--json")[1])}
    check("a file that is gone", ("file missing", new) in problems, problems)
    site.run("media", "remove", new, "--force")
    problems = {(p["problem"], p["path"]) for p in json.loads(site.command("media", "check", "--json")[1])}
    check("a story that shows what is not there", ("shown but missing", new) in problems, problems)
    check("and check says so too", new in site.command("check")[1])
finish()
