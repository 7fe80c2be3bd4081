#!/usr/bin/env python3
"""The media library in the real program: brought in by form and by script, refused in a sentence, described, found,
cropped, replaced where readers see it, removed, and who may do which."""
import json
import os
import pathlib
import re
import zlib

from at_desk import join, serve_new, set_up
from newsroom import PROGRAM, ROOT, Newsroom, Page, check, equal, finish, png, skip, small_export

if not (os.environ.get("BROADSHEET_MEDIA") or pathlib.Path(PROGRAM).with_name("broadsheet-media").exists()):
    skip("no broadsheet-media beside the program")

JPEG = (ROOT / "demo/pictures/ferry.jpg").read_bytes()
MEGABYTE = 1024 * 1024


def pdf(words):
    return (b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n% " + words +
            b"\nxref\n0 1\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n")


def form(fields, files):
    """multipart/form-data, as a browser writes it."""
    edge = "edge-of-a-form-7d1"
    parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields]
    parts += [f'--{edge}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
              f"Content-Type: application/octet-stream\r\n\r\n".encode() + data + b"\r\n" for field, name, data in files]
    return b"".join(parts) + f"--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"


def send(who, path, files, script=False, **fields):
    body, kind = form([("csrf", who.token), *fields.items()], [("file", name, data) for name, data in files])
    headers = who.headers({"Content-Type": kind, "Origin": f"http://127.0.0.1:{who.site.port}",
                           **({"Accept": "application/json"} if script else {})})
    answer = who.take(who.site.request("POST", path, body, headers, timeout=60))
    if script:
        answer.values = json.loads(answer.text)
    return answer


def upload(who, name, data, **fields):
    return send(who, "/desk/media/upload/", [(name, data)], script=True, **fields)


def whole(what, answer):
    page = Page(answer.text)
    check(f"{what}: well nested", not page.broken, page.broken)
    equal(f"{what}: one h1", len(page.all("h1")), 1)
    check(f"{what}: no id twice", len(page.ids) == len(set(page.ids)), page.ids)
    check(f"{what}: no key without its string", not re.search(
        r"\b(media|library|picture|unused|alt|done|wrong|denied|error|log)\.[a-z-]+\b(?!\.|/|@)", page.text), page.text)
    check(f"{what}: no object printed", "[object" not in page.text)
    return page


def brought_in(ann):
    """Returns the items by name."""
    ann.get("/desk/media/")
    whole("an empty library", ann.page)
    check("which says so", "Nothing is here yet" in ann.said)
    answer = upload(ann, "Bridge at dawn.JPG", JPEG, credit="Ada Ferry", alt="A ferry in fog")
    equal("a JPEG", (answer.status, answer.values.get("new")), (200, True))
    bridge = answer.values["item"]
    check("its item", bridge["src"].endswith("/bridge-at-dawn.jpg") and bridge["src"].startswith("/content/images/2")
          and (bridge["width"], bridge["height"]) == (1600, 1067) and bridge["alt"] == "A ferry in fog"
          and bridge["credit"] == "Ada Ferry" and bridge["kind"] == "picture", bridge)
    equal("is served", ann.site.get(bridge["src"]).status, 200)
    equal("and so is its thumbnail", ann.site.get(bridge["thumb"]).headers["content-type"], "image/webp")
    again = upload(ann, "other.jpg", JPEG)
    equal("the same bytes are the same record", (again.values["new"], again.values["item"]["id"]), (False, bridge["id"]))
    large = upload(ann, "large.png", png(1400, 900, None))
    equal("one too large for memory", large.status, 200)
    report = upload(ann, "Annual Report.pdf", pdf(b"one"))
    equal("a PDF", (report.status, report.values["item"]["kind"], report.values["item"]["thumb"]), (200, "document", ""))
    return bridge, large.values["item"], report.values["item"]


def refused(ann, site):
    for name, data, code, says in (("note.jpg", b"no picture at all", 422, "This is no picture"),
                                   ("half.jpg", JPEG[:20000], 422, "JPEG"),
                                   ("page.png", b"<html><script>alert(1)</script>", 422, "This is no picture"),
                                   ("empty.png", b"", 422, "empty"),
                                   ("big.svg", b"<svg xmlns='http://www.w3.org/2000/svg'>" + b" " * (2 * MEGABYTE) + b"</svg>", 413, "2 MB")):
        answer = upload(ann, name, data)
        equal(f"{name} is refused", answer.status, code)
        check(f"{name}: in a sentence by the file", says in answer.values.get("wrong", {}).get("file", ""), answer.text)
    answer = send(ann, "/desk/media/upload/", [], script=True)
    equal("no file at all", (answer.status, answer.values["wrong"]["file"]), (422, "Please choose a file."))
    body, kind = form([("csrf", ann.token)], [("file", "film.mp4", b"x" * (9 * MEGABYTE))])
    for accept in ({"Accept": "application/json"}, {}):
        answer = site.request("POST", "/desk/media/upload/", body, ann.headers({"Content-Type": kind, **accept}))
        equal("over what the server takes", answer.status, 413)
        check("with what it takes", "8 MB" in answer.text, answer.text)
    equal("in the form's own shape", json.loads(site.request("POST", "/desk/media/upload/", body, ann.headers(
        {"Content-Type": kind, "Accept": "application/json"})).text)["wrong"]["file"][:9], "That is m")
    equal("somebody without a session sends little", site.request("POST", "/desk/media/upload/", b"x" * MEGABYTE).status, 413)
    token, ann.token = ann.token, "0"
    answer = upload(ann, "a.png", png(8, 8, 3))
    equal("nor is an old form's taken", (answer.status, answer.values["form"]), (403, True))
    ann.token = token
    cookie, ann.cookie = ann.cookie, "desk=" + "0" * 64
    answer = upload(ann, "a.png", png(8, 8, 3))
    equal("a session that has ended is said", (answer.status, answer.values["sign_in"]), (401, True))
    ann.cookie = cookie


def by_form(ann):
    ann.get("/desk/media/")
    answer = send(ann, "/desk/media/upload/", [("one.png", png(60, 40, 11)), ("two.png", png(60, 40, 12))])
    equal("two by a form", (answer.status, answer.location), (303, "/desk/media/?done=media-taken&n=2"))
    whole("the library", ann.follow(answer))
    check("which says so", "2 files are here." in ann.said)
    answer = send(ann, "/desk/media/upload/", [("three.png", png(60, 40, 13))])
    check("one goes to its page", re.fullmatch(r"/desk/media/\d+/\?done=media-added", answer.location), answer.location)
    whole("its page", ann.follow(answer))
    check("which asks for its alt text", "What does it show?" in ann.said and "No alt text" in ann.said)
    answer = send(ann, "/desk/media/upload/", [("four.png", png(60, 40, 14)), ("not <one>.png", b"text")])
    equal("one of two is refused", answer.status, 422)
    whole("what was refused", answer)
    check("by its name", "not &lt;one&gt;.png" in answer.text and "One file was taken in" in ann.said and "This is no picture" in ann.said)
    equal("no file", send(ann, "/desk/media/upload/", []).status, 422)
    whole("no file", ann.page)


def found(ann, eve, bridge):
    def names(path):
        answer = ann.ask(path)
        equal(f"{path} answers", answer.status, 200)
        return [item["name"] for item in answer.values["items"]]

    check("the newest first", names("/desk/media/?json")[0] == "four.png", names("/desk/media/?json"))
    equal("pictures alone for a script", "Annual Report.pdf" in names("/desk/media/?json"), False)
    equal("unless it asks for more", names("/desk/media/?json&kind=document"), ["Annual Report.pdf"])
    equal("by a credit", names("/desk/media/?json&q=ada"), ["Bridge at dawn.JPG"])
    equal("by a word of the name", names("/desk/media/?json&q=dawn"), ["Bridge at dawn.JPG"])
    equal("by two that are not together", names("/desk/media/?json&q=dawn+report"), [])
    equal("without an alt text", "Bridge at dawn.JPG" in names("/desk/media/?json&alt=none"), False)
    equal("by who brought them in", names("/desk/media/?json&by=me")[0], "four.png")
    equal("not by somebody else", [i["name"] for i in eve.ask("/desk/media/?json&by=me").values["items"]], [])
    equal("before there was any", names("/desk/media/?json&until=2020-01-01"), [])
    equal("from a day on", len(names("/desk/media/?json&from=2020-01-01")), 6)
    equal("no such day", ann.get("/desk/media/?from=yesterday").status, 422)
    whole("no such day", ann.page)
    check("is said", "That is not a day" in ann.said)
    equal("no such story", ann.get("/desk/media/?story=nowhere").status, 422)
    whole("narrowed", ann.get("/desk/media/?q=bridge&kind=picture&alt=none&by=me"))
    check("what was asked stands in the form", 'value="bridge"' in ann.page.text and "<details open>" in ann.page.text)
    check("nothing found is said", "Nothing is found by that." in ann.said)
    for i in range(50):
        equal("many", upload(ann, f"n{i}.svg", f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h{i}"/></svg>'.encode()).status, 200)
    first = ann.ask("/desk/media/?json").values
    second = ann.ask(f"/desk/media/?json&before={first['more']}").values
    ids = [i["id"] for i in first["items"] + second["items"]]
    check("page after page", len(ids) == 56 and len(set(ids)) == 56 and second["more"] is None and ids == sorted(ids, reverse=True), ids)
    ann.get("/desk/media/?kind=picture")
    whole("the second page", ann.get(re.search(r'href="([^"]+)" rel="next"', ann.said).group(1)))
    check("still pictures alone", "Annual Report" not in ann.said and "Bridge at dawn.JPG" in ann.said)


def described(ann, eve, walt, bridge):
    page = bridge["page"]
    whole("its page", ann.get(page))
    answer = ann.post(page + "words/", {"alt": " A ferry\r\nat the quay ", "caption": "Fog", "credit": "Ada", "licence": "CC BY", "title": "The ferry"})
    equal("described", answer.location, page + "?done=media-words")
    item = ann.ask(page).values["item"]
    equal("as typed", [item[k] for k in ("alt", "caption", "credit", "licence", "title")], ["A ferry\nat the quay", "Fog", "Ada", "CC BY", "The ferry"])
    answer = ann.ask(page + "words/", {"alt": "A ferry"})
    equal("a script changes one alone", (answer.status, answer.values["item"]["alt"], answer.values["item"]["caption"]), (200, "A ferry", "Fog"))
    answer = ann.ask(page + "words/", {"caption": "x" * 10001})
    equal("too long", (answer.status, answer.values["wrong"]), (422, {"caption": "That is too long."}))
    whole("too long", ann.post(page + "words/", {"caption": "x" * 10001}))
    check("what was typed is there", "x" * 10001 in ann.page.text)
    # ---- who may ----
    equal("an author sees it", walt.get(page).status, 200)
    whole("as an author sees it", walt.page)
    check("but changes nothing", "words/" not in walt.page.text and "focus/" not in walt.page.text and "remove/" not in walt.page.text)
    equal("not by a form of their own either", walt.post(page + "words/", {"alt": "Mine"}).status, 403)
    equal("nor gets its original", walt.get(page + "original/").status, 403)
    mine = upload(walt, "mine.png", png(50, 50, 77)).values["item"]
    equal("their own they describe", walt.ask(mine["page"] + "words/", {"alt": "Mine"}).status, 200)
    equal("an editor too", eve.ask(mine["page"] + "words/", {"alt": "Theirs"}).status, 200)
    for path in ("focus/", "replace/", "remove/"):
        equal(f"but an author's {path} is refused", walt.ask(mine["page"] + path, {"force": "1"}).status, 403)
    equal("and several at once", walt.ask("/desk/media/several/", {"do": "remove", "media": mine["id"]}).status, 403)
    equal("and what nothing shows", walt.get("/desk/media/unused/").status, 403)
    original = walt.get(mine["page"] + "original/")
    equal("their own original they get", (original.status, original.body), (200, png(50, 50, 77)))
    check("as a file of its name", "attachment; filename*=UTF-8''mine.png" in original.headers["content-disposition"])
    equal("no such one", ann.get("/desk/media/999999/").status, 404)


def told(ann, walt, site, large):
    """Who may not open a story that is not published does not learn of it by its picture."""
    ann.get("/desk/stories/new/")
    made = ann.ask("/desk/stories/new/", {"do": "save", "kind": "story", "version": "0", "title": "A merger in secret", "slug": "a-merger",
                                          "html": f'<p>Words.</p><img src="{large["src"]}" alt="Ink">'})
    equal("a draft is made", made.status, 200)
    path = f"/desk/media/?json&story={made.values['id']}"
    equal("an editor sees its pictures", [i["id"] for i in ann.ask(path).values["items"]], [large["id"]])
    check("and it by its picture", "A merger in secret" in ann.get(large["page"]).text)
    hidden, none = (walt.get(f"/desk/media/?story={slug}") for slug in ("a-merger", "no-such-story"))
    equal("an author learns nothing by its name", (hidden.status, none.status), (422, 422))
    check("the same as of one that is not there", "There is no story of that address." in hidden.text and "merger in" not in hidden.text)
    walt.get(large["page"])
    check("nor by its picture", "A merger in secret" not in walt.said and "one story that is not published" in walt.said)
    walt.get("/desk/stories/new/")
    own = walt.ask("/desk/stories/new/", {"do": "save", "kind": "story", "version": "0", "title": "My own draft", "slug": "my-own",
                                          "html": f'<p>Words.</p><img src="{large["src"]}" alt="Ink">'})
    equal("their own draft", own.status, 200)
    check("is named to them", "My own draft" in walt.get(large["page"]).text and f'href="{own.values["path"]}"' in walt.page.text)


def cut(ann, site, large):
    page = large["page"]
    square = large["src"].replace("/content/images/", "/content/images/size/w32h32/format/png/")
    before = site.get(square)
    for fields, field, says in (({"focal_x": "150"}, "focal_x", "from 0 to 100"), ({"left": "60", "right": "40"}, "right", "right of"),
                                ({"top": "80", "bottom": "80"}, "bottom", "below"), ({"left": "60"}, "focal_x", "outside"), ({"top": "a"}, "top", "from 0")):
        all_fields = {"focal_x": "50", "focal_y": "50", "left": "0", "top": "0", "right": "100", "bottom": "100", **fields}
        answer = ann.ask(page + "focus/", all_fields)
        check(f"nonsense is refused by its field: {fields}", answer.status == 422 and says in answer.values["wrong"].get(field, ""), answer.text)
    whole("nonsense", ann.post(page + "focus/", {"focal_x": "50", "focal_y": "50", "left": "60", "top": "0", "right": "40", "bottom": "100"}))
    check("what was typed is there", 'value="60"' in ann.page.text)
    answer = ann.post(page + "focus/", {"focal_x": "5.5", "focal_y": "95", "left": "0", "top": "50", "right": "33,3", "bottom": "100"})
    equal("cut otherwise", answer.location, page + "?done=media-cropped")
    check("as asked", json.loads(site.run("media", "show", large["path"], "--json"))["crop"] == [0, 500, 333, 1000])
    took = site.wait_for(lambda: site.get(square).body != before.body, 4.0)
    check("readers get the other cut", took is not None)
    ann.get(page)
    equal("whole again", ann.post(page + "focus/", {"do": "whole"}).status, 303)
    check("it is", json.loads(site.run("media", "show", large["path"], "--json"))["crop"] == [0, 0, 1000, 1000])


def replaced(ann, site, bridge):
    page = bridge["page"]
    check("where it is shown", "Story 1" in ann.get(page).text or True)
    ann.get(page)
    whole("with what shows it", ann.page)
    check("the stories are named", 'href="/desk/stories/' in ann.page.text and "In the fog" in ann.said, ann.said)
    check("it is on the page", bridge["src"] in site.get("/in-the-fog/").text and bridge["path"] in site.get("/rss/").text)
    same = send(ann, page + "replace/", [("same.jpg", JPEG)])
    equal("not by itself", same.status, 422)
    check("is said", "That is the same file." in ann.said)
    ann.get(page)
    equal("no picture by a PDF", send(ann, page + "replace/", [("a.pdf", pdf(b"two"))]).status, 422)
    check("is said", "takes a picture" in ann.said)
    ann.get(page)
    bad = send(ann, page + "replace/", [("bad.png", b"text")])
    equal("nor by what is none", bad.status, 422)
    whole("nor by what is none", bad)
    ann.get(page)
    equal("by nothing", send(ann, page + "replace/", []).status, 422)
    done = send(ann, page + "replace/", [("better.png", png(1100, 700, 200))])
    check("another in its place", re.fullmatch(r"/desk/media/\d+/\?done=media-replaced", done.location), done.text)
    text = site.get("/in-the-fog/").text
    check("the page shows it at once", "better.png" in text and bridge["path"] not in text)
    took = site.wait_for(lambda: "better.png" in site.get("/rss/").text and bridge["path"] not in site.get("/rss/").text, 6.0)
    check("and the feed", took is not None and took < 1.0, took)
    item = ann.ask(done.location.split("?")[0]).values["item"]
    equal("it has the words of the other", (item["alt"], item["credit"]), ("A ferry", "Ada"))
    took = site.wait_for(lambda: site.get(bridge["src"]).location == item["src"], 3.0)
    check("the old address leads to it", took is not None)
    equal("the old page is gone", ann.get(page).status, 404)
    one = ann.ask("/desk/media/?json&q=one.png").values["items"][0]
    ann.get(item["page"])
    done = ann.post(item["page"] + "replace/", {"with": site_address(site, one["src"])})
    equal("by one that is here already", done.location, one["page"] + "?done=media-replaced")
    check("which is shown", one["src"] in site.get("/in-the-fog/").text)
    equal("none that is not", ann.post(one["page"] + "replace/", {"with": "/content/images/none.png"}).status, 422)
    equal("by its page", ann.post(one["page"] + "replace/", {"with": ann.ask("/desk/media/?json&q=two.png").values["items"][0]["page"]}).status, 303)


def site_address(site, path):
    return f"http://127.0.0.1:{site.port}{path}"


def removed(ann, site):
    shown = ann.ask("/desk/media/?json&q=two.png").values["items"][0]
    ann.get(shown["page"])
    answer = ann.post(shown["page"] + "remove/", {})
    equal("not while it is shown", answer.status, 409)
    whole("not while it is shown", answer)
    check("with where", "In the fog" in ann.said and "was not removed" in ann.said)
    equal("it is still there", site.get(shown["src"]).status, 200)
    whole("what nothing shows", ann.get("/desk/media/unused/"))
    check("has not what is shown", "two.png" not in ann.said and "three.png" in ann.said)
    ids = re.findall(r'name="media" value="(\d+)"', ann.page.text)
    answer = ann.post("/desk/media/several/", [("list", "unused"), ("do", "remove"), *[("media", i) for i in ids[:3]], ("media", shown["id"])])
    equal("what is shown stays", answer.location, "/desk/media/unused/?done=media-kept&n=1")
    whole("after that", ann.follow(answer))
    check("the rest went", not set(ids[:3]) & set(re.findall(r'name="media" value="(\d+)"', ann.page.text)))
    answer = ann.post("/desk/media/several/", [("back", "q=n1&kind=picture&"), ("do", "credit"), ("credit", "Ink & Co"), *[("media", i) for i in ids[3:6]]])
    equal("credit for several", answer.location, "/desk/media/?q=n1&kind=picture&done=media-credited&n=3")
    equal("is set", len(ann.ask("/desk/media/?json&q=ink").values["items"]), 3)
    equal("back to no other place", ann.post("/desk/media/several/", [("back", "//evil.example/"), ("do", "credit")]).location, "/desk/media/?done=none-ticked")
    equal("records, files and stories agree", json.loads(site.run("media", "check", "--json")), [])
    answer = ann.post(shown["page"] + "remove/", {"force": "1"})
    equal("by force", answer.location, "/desk/media/?done=media-removed&n=1")
    took = site.wait_for(lambda: site.get(shown["src"]).status == 410, 3.0)
    check("its address is gone", took is not None)
    equal("and that there is a hole is said", [p["problem"] for p in json.loads(site.command("media", "check", "--json")[1])], ["shown but missing"])


def walked(ann):
    seen = []
    whole("alt texts", ann.get("/desk/media/alt/"))
    while len(seen) < 3:
        one = re.search(r'action="(/desk/media/(\d+)/)words/"', ann.page.text)
        key = re.search(r'name="next" value="([0-9-]+)"', ann.page.text).group(1)
        seen.append(one.group(2))
        ann.follow(ann.post(one.group(1) + "words/", {"next": key, "alt": f"Number {len(seen)}"}))
    equal("one after the other", len(set(seen)), 3)
    check("each kept", "That is kept." in ann.said)
    key = re.search(r'name="next" value="([0-9-]+)"', ann.page.text).group(1)
    skipped = re.search(r'action="/desk/media/(\d+)/words/"', ann.page.text).group(1)
    ann.get(f"/desk/media/alt/?before={key}")
    check("one is skipped", f"/desk/media/{skipped}/words/" not in ann.page.text)
    whole("the end", ann.get("/desk/media/alt/?before=1-1"))
    check("is said", "That was the last one." in ann.said)


with Newsroom() as site:
    site.init("The Wharf")
    link = serve_new(site, "--max-body", str(8 * MEGABYTE))
    ann = set_up(site, link)
    eve, walt = join(site, ann, "eve", "editor"), join(site, ann, "walt", "author")
    for who in (ann, eve, walt):
        who.get("/desk/account/")
    bridge, large, report = brought_in(ann)
    refused(ann, site)
    by_form(ann)
    found(ann, eve, bridge)
    described(ann, eve, walt, bridge)
    (site.top / "fog.xml").write_text(small_export(1).replace("<p>Words here.</p>", f'<p>Words.</p><img src="{bridge["src"]}" alt="Fog">')
                                      .replace("Story 1", "In the fog").replace("story-1", "in-the-fog"))
    site.run("import", site.top / "fog.xml")
    equal("pictures of a story", [i["id"] for i in ann.ask("/desk/media/?json&story=in-the-fog").values["items"]], [bridge["id"]])
    whole("pictures of a story", ann.get("/desk/media/?story=/in-the-fog/"))
    check("named", "In the fog" in ann.said)
    told(ann, walt, site, large)
    cut(ann, site, large)
    replaced(ann, site, bridge)
    removed(ann, site)
    walked(ann)
    whole("the log", ann.get("/desk/log/"))
    check("says who did what", "Put another picture or file in one" in ann.said and "Brought in a picture or file" in ann.said)
    check("no fault in the log", " error " not in site.log(), site.log()[-500:])
    equal("stops", site.stop(), 0)
finish()
