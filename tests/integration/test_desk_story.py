#!/usr/bin/env python3
"""Stories at the desk, in the real program: written, kept, saved, in conflict, published, scheduled, binned; by role;
with script and without."""
import json
import re
import time
import datetime

from at_desk import Browser
from newsroom import Newsroom, Page, check, equal, finish

PASSWORD = "a lamp at the quay"
PEOPLE = {"ann": ("Ann Quill", "owner"), "eve": ("Eve Ling", "editor"), "wil": ("Wil Hart", "author"), "con": ("Con Reed", "contributor")}


def whole(what, answer):
    page = Page(answer.text)
    check(f"{what}: well nested", not page.broken, page.broken)
    equal(f"{what}: one h1", len(page.all("h1")), 1)
    check(f"{what}: no id twice", len(page.ids) == len(set(page.ids)), page.ids)
    check(f"{what}: never kept", answer.headers.get("cache-control") == "no-store", answer.headers)
    labels = {a.get("for") for a in page.all("label")}
    bare = [a for tag in ("input", "textarea", "select") for a in page.all(tag) if a.get("type") != "hidden" and a.get("id") not in labels]
    check(f"{what}: a label for each field", not bare, bare)
    check(f"{what}: no key without its string", not re.search(
        r"\b(nav|field|done|wrong|denied|error|story|check|conflict|correction|version|compare|preview)\.[a-z-]+", page.text), page.text)
    check(f"{what}: no object printed", "[object" not in page.text)
    return page


def ticked(attrs):
    return "checked" in attrs


def fields_of(page):
    """What a browser would send of the story's form: every field as the page has it."""
    form, fields = False, {}
    text = re.search(r'<form id="story".*?</form>', page, re.S).group(0)
    at = Page(text)
    for tag, attrs in at.elements:
        name = attrs.get("name")
        if tag == "input" and name and (attrs.get("type") != "checkbox" or ticked(attrs)):
            fields[name] = attrs.get("value", "")
    import html
    for m in re.finditer(r'<textarea id="[^"]*" name="([^"]*)"[^>]*>\n?(.*?)</textarea>', text, re.S):
        fields[m.group(1)] = html.unescape(m.group(2))
    for m in re.finditer(r'<select id="[^"]*" name="([^"]*)">(.*?)</select>', text, re.S):
        fields[m.group(1)] = re.search(r'value="([^"]*)" selected', m.group(2)).group(1)
    return fields


class Writer(Browser):
    def __init__(self, site, who):
        super().__init__(site)
        self.get("/desk/sign-in/")
        answer = self.post("/desk/sign-in/", {"email": f"{who}@wharf.example", "password": PASSWORD, "to": "/desk/"})
        equal(f"{who} is in", answer.status, 303)

    def open(self, path):
        answer = self.get(path)
        equal(f"{path} is there", answer.status, 200)
        self.path = path
        return fields_of(answer.text)

    def send(self, path, fields, script=True, **more):
        """With script: the answer's JSON and code."""
        sent = {**fields, **more}
        answer = self.site.post(path, sent, Cookie=self.cookie, **({"Accept": "application/json"} if script else {}))
        if not script:
            return self.take(answer)
        return answer.status, json.loads(answer.text)


with Newsroom() as site:
    site.init("The Wharf")
    for who, (name, role) in PEOPLE.items():
        site.run("user", "add", f"{who}@wharf.example", "--name", name, "--role", role, stdin=PASSWORD + "\n")
    site.serve()
    ann, eve, wil, con = (Writer(site, who) for who in PEOPLE)

    # ---- without script: a new story, saved, published ----
    new = wil.open("/desk/stories/new/")
    whole("new story", wil.page)
    equal("nothing chosen yet", (new["version"], new["kind"], new["html"], new["visibility"]), ("0", "story", "", "public"))
    done = wil.send("/desk/stories/new/", new, script=False, do="save", title="Rain stops play",
                    html="<p>Rain <b>fell</b>.</p>\r\n<p>It stopped.</p><script>x()</script>", tags="Sport, #later", standfirst="Three days\r\nof it.")
    check("saved, and on to its own page", re.fullmatch(r"/desk/stories/\d+/\?done=story-saved", done.location) is not None, done.location)
    path = done.location.split("?")[0]
    wil.follow(done)
    whole("a draft", wil.page)
    draft = fields_of(wil.page.text)
    equal("the text is what the sanitizer left", draft["html"], "<p>Rain <b>fell</b>.</p>\n<p>It stopped.</p>")
    equal("its settings", (draft["title"], draft["slug"], draft["tags"], draft["standfirst"], draft["version"]),
          ("Rain stops play", "rain-stops-play", "Sport, #later", "Three days\nof it.", "1"))
    equal("readers see no draft", site.get("/rain-stops-play/").status, 404)
    asked = wil.send(path, draft, script=False, do="publish")
    equal("no picture holds up nothing", asked.location, path + "?done=story-published")
    shown = site.get("/rain-stops-play/")
    equal("published", shown.status, 200)
    check("under his own name, which nobody typed", "Wil Hart" in shown.text and "Sport" in shown.text)
    once_more = wil.send("/desk/stories/new/", new, script=False, do="save", title="Rain stops play")
    equal("a form that is sent again puts no first draft before readers: it asks", once_more.location, path + "compare/")
    check("the page is as it was", "It stopped." in site.get("/rain-stops-play/").text)
    wil.open(path)
    wil.send(path, fields_of(wil.page.text), script=False, do="discard")
    twice = wil.open("/desk/stories/new/")
    made = [wil.send("/desk/stories/new/", twice, script=False, do="publish", title="Pressed twice", html="<p>Once.</p>").location for _ in range(2)]
    check("a button that is pressed twice makes one story, once", made[0].split("?")[0] == made[1].split("?")[0] and made[0].endswith("?done=story-published") and fields_of(wil.get(made[0]).text)["version"] == "2", made)

    # ---- opened and saved unchanged ----
    before = site.get("/rain-stops-play/").text
    published = wil.open(path)
    code, saved = wil.send(path, published, do="save")
    equal("saved by script", (code, saved["state"], saved["slug"], saved["say"]), (200, "published", "rain-stops-play", "Saved."))
    equal("another version", saved["version"], int(published["version"]) + 1)
    equal("the same text", saved["html"], published["html"])
    equal("the same page", site.get("/rain-stops-play/").text, before)

    # ---- bad input: a sentence by the field, everything kept ----
    now = wil.open(path)
    bad = {"title": "", "language": "not a language", "image": "javascript:alert(1)", "picks": "/no/such/", "published_at": "2999-01-01T00:00", "html": "<p>Kept.</p>"}
    code, wrong = wil.send(path, now, do="save", **bad)
    equal("422 for a script", (code, sorted(wrong["wrong"])), (422, ["image", "language", "picks", "published_at", "title"]))
    page = wil.send(path, now, script=False, do="save", **bad)
    equal("422 for a browser", page.status, 422)
    whole("a form with faults", page)
    kept = fields_of(page.text)
    check("all that was typed is there", all(kept[k] == v for k, v in bad.items()), kept)
    equal("a sentence by each", page.text.count('class="wrong" id='), 5)
    check("nothing was saved", "Kept." not in site.get("/rain-stops-play/").text)
    eve_new = eve.open("/desk/stories/new/")
    code, wrong = eve.send("/desk/stories/new/", eve_new, do="save", title="Another", slug="rain-stops-play")
    equal("a slug that is taken", (code, wrong["wrong"]["slug"]), (422, "That address is taken by “Rain stops play”."))
    code, wrong = eve.send("/desk/stories/new/", eve_new, do="schedule", title="Another", published_at="2020-01-01T10:00")
    check("a time that is past says what it is now", code == 422 and wrong["wrong"]["published_at"].startswith("That time is past. It is now 20"), wrong)
    code, wrong = eve.send("/desk/stories/new/", eve_new, do="schedule", title="Another")
    check("a schedule wants a time", code == 422 and "published_at" in wrong["wrong"], wrong)
    code, wrong = eve.send("/desk/stories/new/", eve_new, do="save", title="x" * 2001)
    check("a headline that is too long", code == 422 and "title" in wrong["wrong"], wrong)
    code, wrong = eve.send("/desk/stories/new/", eve_new, do="save", title="Deep", html="<b>" * 600)
    check("a text that the sanitizer refuses", code == 422 and "html" in wrong["wrong"], wrong)

    # ---- autosave ----
    typed = eve.open("/desk/stories/new/")
    code, kept = eve.send("/desk/stories/new/autosave/", typed, html="<p>First words</p>")
    equal("the first keeping makes a draft", code, 200)
    own = kept["path"]
    code, again = eve.send("/desk/stories/new/autosave/", typed, html="<p>First words, sent twice</p>")
    equal("and one draft only", again["path"], own)
    check("who has it", kept["lock"] == {"mine": True}, kept)
    back = eve.open(own)
    whole("with what was kept", eve.page)
    equal("what was written is there", (back["html"], back["title"], back["version"]), ("<p>First words, sent twice</p>", "", "1"))
    check("and says so", "did not save" in eve.page.text)
    code, saved = eve.send(own, back, do="save", title="The harbour wall")
    equal("the address follows the first headline", (code, saved["slug"]), (200, "the-harbour-wall"))
    code, _ = eve.send(own + "autosave/", {**back, "version": saved["version"]}, title="The harbour wall", html="<p>More, not saved</p>")
    check("what is kept is not the story", "More, not saved" not in ann.get(own).text)
    check("but hers", "More, not saved" in eve.get(own).text)
    eve.open(own)
    equal("thrown away", eve.post(own, {"do": "discard"}).location, own + "?done=story-discarded")
    equal("for good", eve.open(own)["html"], "<p>First words, sent twice</p>")

    # ---- one person, two pages ----
    here, there = eve.open(own), eve.open(own)
    check("each page has a mark of its own", here["tab"] != there["tab"], here["tab"])
    eve.send(own + "autosave/", here, html="<p>Written at the desk.</p>")
    eve.send(own + "autosave/", there)
    check("a page with nothing new takes nothing away", "Written at the desk." in eve.get(own).text)
    code, saved = eve.send(own, there, do="save", standfirst="From the telephone.")
    equal("the other page saves", code, 200)
    back = eve.open(own)
    equal("and what this one kept is there", back["html"], "<p>Written at the desk.</p>")
    check("as of an older version", "saved or published since you began" in eve.page.text)
    equal("so its save asks", eve.send(own, {**back, "html": "<p>Written at the desk.</p>"}, do="save")[0], 409)
    eve.send(own, eve.open(own), script=False, do="discard")
    equal("until it is thrown away", eve.open(own)["html"], "<p>First words, sent twice</p>")

    # ---- two at once ----
    hers, anns = eve.open(own), ann.open(own)
    code, first = ann.send(own, anns, do="publish", html="<p>Ann's words.</p>")
    equal("Ann publishes", (code, first["state"]), (200, "published"))
    code, both = eve.send(own, hers, do="save", html="<p>Eve's words.</p>")
    equal("Eve is told", code, 409)
    check("by whom, and where both are", both["conflict"]["by"] == "Ann Quill" and both["conflict"]["version"] == first["version"], both)
    check("nothing of it is out", "Eve's" not in site.get("/the-harbour-wall/").text)
    equal("nothing of it is lost", eve.open(own)["html"], "<p>Eve's words.</p>")

    # ---- both, side by side ----
    hers = eve.open(own)
    without = eve.send(own, {**hers, "html": "<p>Eve's words, once more.</p>"}, script=False, do="save")
    equal("without script: the way to both", without.location, own + "compare/")
    page = whole("both texts", eve.follow(without))
    check("side by side, what differs marked", re.search(r"<del>Ann.*?</del>.*<ins>Eve.*?</ins>", eve.said, re.S) is not None, eve.said)
    check("who wrote which", "Ann Quill" in page.text and "Eve Ling" in page.text)
    whole("versions", eve.get(own + "versions/"))
    check("what is not saved is there by name", "Eve Ling," in eve.said and "Not saved" in eve.said)
    whole("seen by a colleague", ann.get(own + f"compare/?left=now&right=" + re.search(r"copy-[\w-]+", eve.page.text).group(0)))
    check("who may go on from it", "Go on from the text of Eve Ling" in ann.page.text)
    equal("and does", ann.post(own + "compare/", {"copy": re.search(r'name="copy" value="(copy-[\w-]+)"', ann.page.text).group(1), "do": "take"}).location, own + "?done=story-taken")
    equal("with her words", ann.open(own)["html"], "<p>Eve's words, once more.</p>")
    ann.post(own, {"do": "discard"})
    eve.get(own + "compare/")
    version = re.search(r'name="version" value="(\d+)"', eve.page.text).group(1)
    equal("opened again, upon what is there", eve.post(own + "compare/", {"version": version, "do": "open"}).location, own + "?done=story-opened")
    rebased = eve.open(own)
    equal("her words, from the newest version", (rebased["html"], rebased["version"]), ("<p>Eve's words, once more.</p>", version))
    ann.send(own, ann.open(own), do="save", standfirst="Ann was here.")
    equal("saved meanwhile once more: asked once more", eve.send(own, rebased, do="save")[0], 409)
    eve.get(own + "compare/")
    check("settings that differ are told", "Ann was here." in re.sub(r"</?(del|ins)>", "", eve.page.text) and "Standfirst" in eve.page.text)
    version = re.search(r'name="version" value="(\d+)"', eve.page.text).group(1)
    equal("mine it is", eve.post(own + "compare/", {"version": version, "do": "mine"}).location, own + "?done=story-saved")
    check("as she wrote it", "Eve's words, once more." in site.get("/the-harbour-wall/").text.replace("&#x27;", "'"))
    versions = whole("all versions", eve.get(own + "versions/"))
    kept = re.findall(r'name="left" value="(\d+|now)"', eve.page.text)
    check("what it replaced is kept", len(kept) >= 3 and kept[0] == "now", kept)
    whole("an old one beside the new", eve.get(own + f"compare/?left={kept[1]}&right=now"))
    check("Ann's words are there", "Ann's words." in re.sub(r"</?(del|ins)>", "", eve.said), eve.said)
    form = {"version": re.search(r'name="version" value="(\d+)"', eve.page.text).group(1), "old": kept[1]}
    equal("made the story again", eve.post(own + "versions/", form).location, own + "?done=story-version-restored")
    check("for readers too", "Ann's words." in site.get("/the-harbour-wall/").text.replace("&#x27;", "'"))
    equal("what it replaced is a version in turn", len(re.findall(r'name="left" value', eve.get(own + "versions/").text)), len(kept) + 1)
    equal("a version that is not there", eve.get(own + "compare/?left=999&right=now").status, 404)
    equal("theirs it is", (eve.open(own), eve.post(own + "compare/", {"do": "theirs"}).location)[1], own + "?done=story-theirs")

    # ---- published meanwhile ----
    code, saved = wil.send("/desk/stories/new/", wil.open("/desk/stories/new/"), do="save", title="Not quite done", html="<p>Half.</p>")
    half = saved["path"]
    wils, anns = wil.open(half), ann.open(half)
    ann.send(half, anns, do="publish")
    code, both = wil.send(half, wils, do="save", html="<p>Half, and a secret.</p>")
    check("an edit that began from a draft asks before readers see it", code == 409 and both["conflict"]["state"] == "published" and "became another: Published" in both["conflict"]["say"], both)
    check("nothing of it is out", "secret" not in site.get("/not-quite-done/").text)

    # ---- preview ----
    code, saved = wil.send("/desk/stories/new/", wil.open("/desk/stories/new/"), do="save", title="Embargo", html="<p>As saved.</p>", tags="Tides")
    secret = saved["path"]
    wil.send(secret + "autosave/", wil.open(secret), html="<p>As written.</p>", title="Embargo, again", tags="Tides, New tag")
    seen = wil.get(secret + "preview/page/")
    check("the desk's preview has what is not saved, in the theme", seen.status == 200 and "As written." in seen.text and "Embargo, again" in seen.text and "New tag" in seen.text and "/assets/" in seen.text)
    check("no script runs in it", "script-src 'none'" in seen.headers["content-security-policy"] and seen.headers["cache-control"] == "no-store", seen.headers)
    whole("no link yet", wil.get(secret + "preview/"))
    whole("a link", wil.follow(wil.post(secret + "preview/", {})))
    link = re.search(r"http[^<]*(/p/[0-9a-f-]+/\?key=[0-9a-f]{32})", wil.said).group(1)
    shown = site.get(link)
    check("whoever has it sees it as it is saved", shown.status == 200 and "As saved." in shown.text and "As written." not in shown.text)
    check("never kept, never indexed", shown.headers["cache-control"] == "no-store" and "noindex" in shown.headers["x-robots-tag"], shown.headers)
    equal("without the key it is nowhere", [site.get(p).status for p in (link.split("?")[0], link[:-1] + ("0" if link[-1] != "0" else "1"), link.split("=")[0] + "=")], [404] * 3)
    wil.get(secret + "preview/")
    wil.follow(wil.post(secret + "preview/", {}))
    equal("a new link ends the old", site.get(link).status, 404)
    link = re.search(r"http[^<]*(/p/[0-9a-f-]+/\?key=[0-9a-f]{32})", wil.said).group(1)
    wil.send(secret, wil.open(secret), do="publish")
    equal("published, it leads to the story", site.get(link).location, "/embargo-again/")

    # ---- corrections ----
    wil.open(secret)
    equal("an empty one", wil.post(secret + "corrections/", {"text": "  "}).status, 422)
    whole("an empty correction", wil.page)
    equal("corrected", wil.post(secret + "corrections/", {"text": "An earlier version said <em>high</em> tide."}).location, secret + "?done=story-corrected")
    check("on the page, with its time", re.search(r"<time[^>]*>[^<]*</time>.*An earlier version said <em>high</em> tide\.", site.get("/embargo-again/").text, re.S) is not None)
    whole("with a correction", wil.get(secret))
    check("an author changes none", 'corrections/' in wil.page.text and 'value="remove"' not in wil.page.text)
    eve.get(secret)
    number = re.search(r'action="(/desk/stories/\d+/corrections/\d+/)"', eve.page.text).group(1)
    equal("the right is asked for", wil.post(number, {"do": "remove"}).status, 403)
    equal("an editor does", eve.post(number, {"do": "change", "text": "It said high tide."}).location, secret + "?done=story-correction-changed")
    check("at once", "It said high tide." in site.get("/embargo-again/").text)
    eve.send(secret, eve.open(secret), do="save", standfirst="Saved later.")
    check("a save leaves it", "It said high tide." in site.get("/embargo-again/").text)
    eve.get(secret)
    equal("and takes it away", eve.post(number, {"do": "remove"}).location, secret + "?done=story-correction-removed")
    check("gone", "It said high tide." not in site.get("/embargo-again/").text)

    # ---- code is of who has the settings ----
    anns = ann.open(own)
    ann.send(own + "autosave/", anns, code_head="<script>steal()</script>", html="<p>With code.</p>")
    eve.get(own + "versions/")
    copy = [c for c in re.findall(r"copy-[\w-]+", eve.page.text) if c.startswith("copy-1-") or c == "copy-1"][0]
    version = fields_of(eve.get(own).text)["version"]
    eve.post(own + "versions/", {"version": version, "old": copy})
    shown = site.get("/the-harbour-wall/").text
    check("an editor who takes the owner's text takes no code with it", "With code." in shown and "steal()" not in shown)
    ann.send(own, ann.open(own), script=False, do="discard")
    check("another's headline is no secret of the slug's", "another story" in con.send("/desk/stories/new/", con.open("/desk/stories/new/"), do="save", title="T", slug="embargo-two")[1].get("wrong", {}).get("slug", "another story"))

    # ---- locks ----
    hers, anns = eve.open(own), ann.open(own)
    code, mine = eve.send(own + "lock/", {"csrf": hers["csrf"]})
    equal("Eve has it", (code, mine), (200, {"mine": True}))
    code, theirs = ann.send(own + "lock/", {"csrf": anns["csrf"]})
    equal("Ann is told", (code, theirs["mine"], theirs["by"], theirs["may_take"]), (200, False, "Eve Ling", True))
    check("on the page too", "Eve Ling has this story open" in ann.get(own).text)
    code, taken = ann.send(own + "lock/", {"csrf": anns["csrf"]}, take="1")
    equal("Ann takes it", taken, {"mine": True})
    code, lost = eve.send(own + "autosave/", hers, html="<p>Eve's words, and more.</p>")
    equal("Eve's text is kept all the same", (code, lost["lock"]["by"]), (200, "Ann Quill"))
    ann.send(own + "lock/", {"csrf": anns["csrf"]}, leave="1")
    equal("it is free again", eve.send(own + "lock/", {"csrf": hers["csrf"]})[1], {"mine": True})

    # ---- roles ----
    equal("an author opens nobody else's", wil.get(own).status, 403)
    mine = con.open("/desk/stories/new/")
    check("a contributor has no button for it", 'value="publish"' not in con.page.text and 'name="published_at"' not in con.page.text)
    equal("nor the right", con.send("/desk/stories/new/", mine, do="publish", title="By Con")[0], 403)
    code, saved = con.send("/desk/stories/new/", mine, do="save", title="By Con", bylines="Eve Ling", code_head="<script>1</script>")
    equal("a contributor's draft", code, 200)
    cons = saved["path"]
    con.open(cons)
    page = eve.open(cons)
    equal("under his own name", page["bylines"], "Con Reed")
    equal("without code", ann.open(cons)["code_head"], "")
    eve.get(cons)
    code, out = eve.send(cons, page, do="publish", checked="1", bylines="Con Reed, Eve Ling")
    equal("an editor publishes it", (code, out["state"]), (200, "published"))
    code, refused = con.send(cons, mine, do="save", title="By Con", html="<p>Late words</p>")
    equal("then it is not his to change", code, 403)
    check("but what he wrote is kept", "kept" in refused["error"], refused)
    equal("a page is an editor's", con.get("/desk/stories/new/?kind=page").status, 403)
    check("a tag that is not there", "tags" in con.send("/desk/stories/new/", con.open("/desk/stories/new/"), do="save", title="T", tags="Nowhere")[1].get("wrong", {}))

    # ---- before readers see it ----
    words = eve.open("/desk/stories/new/")
    text = ("<p>Mayor Ann Lee spoke on Monday, 3 March 2026. “It was late, she said.</p><p>Councillor Lee left. Greta Novak and Greta Nowak stayed.</p>"
            '<p><a href="/no-such-story/">There</a>, <a href="/the-harbour-wall/">there</a>, <a href="/tag/nothing/">there</a>, <a href="/rss/">there</a>, '
            '<a href="/content/images/none.jpg">there</a>, <a href="https://elsewhere.example/gone/">there</a>.</p><figure><img src="/content/images/a.jpg"></figure>'
            "<pre>print(\"x</pre>")
    code, found = eve.send("/desk/stories/new/", words, do="publish", title="The harbour wall", html=text)
    keys = sorted(n["key"] for n in found["checks"])
    equal("what is looked at", (code, keys), (422, ["alt", "date", "link", "link", "link", "name", "name", "quote", "slug"]))
    say = " ".join(n["say"] for n in found["checks"])
    check("in sentences", "2026-03-03 is a Tuesday" in say and "/no-such-story/" in say and "Greta Nowak" in say and "“Mayor” and “Councillor”" in say, say)
    equal("where", [n["where"] for n in found["checks"] if n["key"] in ("date", "quote")], ["“It was late, she said.", "Monday, 3 March 2026"])
    page = eve.send("/desk/stories/new/", words, script=False, do="publish", title="The harbour wall", html=text)
    equal("without script: the form again, with the list", (page.status, page.text.split("notes-title")[2].split("</section>")[0].count("<li>")), (422, 9))
    whole("checks", page)
    again = fields_of(page.text)
    done = eve.send("/desk/stories/new/", again, script=False, checked="publish")
    check("all the same", done.location.endswith("?done=story-published"), done.location)
    equal("with the number that was told", site.get("/the-harbour-wall-2/").status, 200)

    # ---- the bin ----
    published = wil.open(path)
    equal("into the bin", wil.send(path, published, script=False, do="trash", html="<p>Half a thought</p>").location, path + "?done=story-trashed")
    equal("gone, and said so", site.get("/rain-stops-play/").status, 410)
    whole("in the bin", wil.get(path))
    equal("an author deletes nothing for good", wil.post(path, {"do": "delete"}).status, 403)
    wil.get(path)
    equal("out of the bin", wil.post(path, {"do": "restore"}).location, path + "?done=story-restored")
    equal("with what was not saved", wil.open(path)["html"], "<p>Half a thought</p>")
    wil.post(path, {"do": "trash"})
    eve.get(path)
    check("whose unsaved text would go is named", "Text in it that is not saved" in eve.page.text and "Wil Hart" in eve.page.text)
    equal("it goes with nobody's leave but theirs who were told", eve.post(path, {"do": "delete"}).status, 409)
    eve.get(path)
    equal("an editor deletes", eve.post(path, {"do": "delete-all"}).location, "/desk/stories/?done=story-deleted")
    equal("for good", eve.get(path).status, 404)

    # ---- the schedule ----
    code, saved = wil.send("/desk/stories/new/", wil.open("/desk/stories/new/"), do="save", title="To come")
    later = saved["path"]
    form = wil.open(later)
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=3)
    code, planned = wil.send(later, form, do="schedule", published_at=soon.strftime("%Y-%m-%dT%H:%M:%S"))
    equal("scheduled", (code, planned["state"]), (200, "scheduled"))
    whole("scheduled", wil.get(later))
    equal("not yet", site.get("/to-come/").status, 404)
    due = soon.replace(microsecond=0).timestamp()
    site.wait_for(lambda: site.get("/to-come/").status == 200, 8)
    late = time.time() - due
    check("it appears within a second of its time", 0 <= late < 1, late)
    print(f"appeared {late:.3f} s after its time")
    check("and the log says so", "Appeared on schedule" in ann.get("/desk/log/").text)
    check("no fault in the log", " error " not in site.log(), site.log()[-500:])
    equal("stops", site.stop(), 0)
finish()
