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
    check("a form that is sent twice makes one story", once_more.location.startswith(path), once_more.location)

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

    # ---- two at once ----
    hers, anns = eve.open(own), ann.open(own)
    code, first = ann.send(own, anns, do="publish", html="<p>Ann's words.</p>")
    equal("Ann publishes", (code, first["state"]), (200, "published"))
    code, both = eve.send(own, hers, do="save", html="<p>Eve's words.</p>")
    equal("Eve is told", code, 409)
    check("by whom, and where both are", both["conflict"]["by"] == "Ann Quill" and both["conflict"]["version"] == first["version"], both)
    check("nothing of it is out", "Eve's" not in site.get("/the-harbour-wall/").text)
    equal("nothing of it is lost", eve.open(own)["html"], "<p>Eve's words.</p>")

    # ---- locks ----
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
    equal("under his own name, without code", (page["bylines"], page["code_head"]), ("Con Reed", ""))
    code, out = eve.send(cons, page, do="publish", checked="1", bylines="Con Reed, Eve Ling")
    equal("an editor publishes it", (code, out["state"]), (200, "published"))
    code, refused = con.send(cons, mine, do="save", title="By Con", html="<p>Late words</p>")
    equal("then it is not his to change", code, 403)
    check("but what he wrote is kept", "kept" in refused["error"], refused)
    equal("a page is an editor's", con.get("/desk/stories/new/?kind=page").status, 403)
    check("a tag that is not there", "tags" in con.send("/desk/stories/new/", con.open("/desk/stories/new/"), do="save", title="T", tags="Nowhere")[1].get("wrong", {}))

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
    equal("an editor deletes", eve.post(path, {"do": "delete"}).location, "/desk/stories/?done=story-deleted")
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
