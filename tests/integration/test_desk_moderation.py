#!/usr/bin/env python3
"""Moderation in the real program: the queue's filters, answers for scripts, one writer's all, whom is kept out, undo, the log."""
import html
import json
import re

from at_desk import join, serve_new, set_up
from newsroom import Newsroom, Page, check, equal, finish, small_export

REPLIES = [
    ("Ida Holm", "ida@reader.example", "/story-1/", "The ferry was late again."),
    ("Olaf", "olaf@reader.example", "/story-1/", "It was on time on Tuesday."),
    ("Sales", "sales@ropes.example", "/story-2/", "Cheap ROPES for everybody."),
    ("Sales", "sales@ropes.example", "/story-2/", "Cheap knots for everybody."),
    ("Sales", "sales@ropes.example", "/story-3/", "Cheap anchors."),
    ("Ida Holm", "ida@reader.example", "/story-2/", "Tuesday, yes. <b>Łódź</b> & no."),
]


def ids(page):
    return [int(i) for i in re.findall(r'name="reply" value="(\d+)"', page.text)]


def whole(what, answer, code=200):
    page = Page(answer.text)
    equal(f"{what}: answered", answer.status, code)
    check(f"{what}: well nested", not page.broken, page.broken)
    equal(f"{what}: one h1", len(page.all("h1")), 1)
    check(f"{what}: no id twice", len(page.ids) == len(set(page.ids)), [i for i in page.ids if page.ids.count(i) > 1])
    check(f"{what}: no key without its string", not re.search(r"[> ](bans?|keys|writer|replies|reply|wrong|script)\.[a-z-]+[ <]", re.sub(r"<script.*?</script>", "", answer.text)), answer.text)
    check(f"{what}: no object printed", "[object" not in answer.text)
    return page


with Newsroom() as site:
    site.init("The Wharf")
    (site.top / "e.xml").write_text(small_export(6))
    site.run("import", site.top / "e.xml")
    ann = set_up(site, serve_new(site, "--access-log", "none", "--replies", "0"))
    eve = join(site, ann, "eve", "editor")

    def leave(name, email, path, text, website=""):
        return site.post(path, {"name": name, "email": email, "text": text, "website": website})

    for name, email, path, text in REPLIES:
        leave(name, email, path, text)

    # ---- filters ----
    whole("the queue", eve.get("/desk/replies/"))
    equal("six wait", len(ids(eve.page)), 6)
    first = min(ids(eve.page))
    story = re.search(r'story=(\d+)">only this story<span class="unseen">: Story 2', eve.page.text).group(1)
    whole("of one story", eve.get(f"/desk/replies/?state=pending&story={story}"))
    equal("three on the second", len(ids(eve.page)), 3)
    check("it says whose", "Only on Story 2." in eve.page.text)
    equal("words, whatever their case", len(ids(eve.get("/desk/replies/?q=cheap+ANCHORS"))), 1)
    equal("the beginning of a word", len(ids(eve.get("/desk/replies/?q=TUES"))), 2)
    equal("not the middle of one", len(ids(eve.get("/desk/replies/?q=uesday"))), 0)
    whole("nothing found", eve.page)
    check("and it says so", "None of these replies has those words." in eve.page.text)
    equal("without their accents", len(ids(eve.get("/desk/replies/?q=lodz"))), 1)
    equal("by email", len(ids(eve.get("/desk/replies/?q=sales%40ropes"))), 3)
    equal("both", len(ids(eve.get(f"/desk/replies/?story={story}&q=cheap"))), 2)
    check("kept from list to list", f"state=spam&story={story}&q=cheap" in eve.said, re.findall(r'href="(/desk/replies/[^"]*)', eve.page.text))
    check("and when something is decided", eve.post("/desk/replies/decide/", {"state": "pending", "story": story, "q": "late & <cheap>", "do": "hold"}).location
          == f"/desk/replies/?state=pending&story={story}&q=late%20%26%20%3Ccheap%3E&done=nothing&n=0", eve.page.location)
    whole("what was typed comes back escaped", eve.get("/desk/replies/?q=%22%3E%3Cb%3E"))
    equal("no such story", eve.get("/desk/replies/?story=999").status, 404)

    # ---- for a script ----
    eve.get("/desk/replies/")
    got = eve.ask("/desk/replies/decide/", {"state": "pending", "do": f"approve-{first}"})
    equal("decided", (got.status, got.values["done"], got.values["waiting"], got.values["n"]), (200, "One reply is approved.", "5", 1))
    check("on the page at once", "The ferry was late again." in site.get("/story-1/").text)
    again = eve.ask("/desk/replies/decide/", {"state": "pending", "do": f"approve-{first}"})
    equal("twice is once", (again.values["n"], again.values["batch"], again.values["waiting"]), (0, 0, "5"))
    back = eve.ask("/desk/replies/undo/", {"state": "pending", "batch": int(got.values["batch"])})
    equal("undone", (back.values["done"], back.values["waiting"]), ("One reply is as it was.", "6"))
    check("off the page at once", "The ferry was late again." not in site.get("/story-1/").text)
    equal("its text, for an edit", eve.ask(f"/desk/replies/{first}/").values["text"], "The ferry was late again.")
    bad = eve.ask(f"/desk/replies/{first}/edit/", {"text": "  "})
    equal("an empty edit", (bad.status, bad.values["wrong"]["text"]), (422, "Please write something."))
    new = eve.ask(f"/desk/replies/{first}/edit/", {"text": "The ferry was *very* late <script>x</script>."})
    check("edited, as it will stand", new.status == 200 and "<em>very</em>" in new.values["html"] and "<script" not in new.values["html"], new.values)
    bad = eve.ask(f"/desk/replies/{first}/answer/", {"answer": ""})
    equal("an empty answer", (bad.status, bad.values["wrong"]["answer"]), (422, "Please write something."))
    new = eve.ask(f"/desk/replies/{first}/answer/", {"answer": "We asked the harbour master."})
    equal("answered, and with it approved", (new.values["done"], new.values["waiting"]), ("Your answer is on the page.", "5"))
    shown = site.get("/story-1/").text
    check("both on the page", "<em>very</em>" in shown and "harbour master" in shown)
    equal("what the desk does not know", eve.ask("/desk/replies/decide/", {"do": "burn-1"}).status, 400)
    equal("nobody in particular", eve.site.request("POST", "/desk/replies/decide/", body=b"", headers={"Accept": "application/json", "Origin": f"http://127.0.0.1:{site.port}", "Content-Type": "application/x-www-form-urlencoded"}).status, 401)

    # ---- all of one writer ----
    eve.get("/desk/replies/?q=anchors")
    one = ids(eve.page)[0]
    whole("one writer", eve.get(f"/desk/replies/{one}/writer/"))
    check("all of theirs, and no email in an address", eve.page.text.count('class="reply"') == 3 and not re.search(r'(href|action)="[^"]*(%40|@)', eve.page.text))
    done = eve.post(f"/desk/replies/{one}/writer/", {"state": "pending", "do": "spam"})
    check("all at once", "n=3" in done.location and "state=pending" in done.location, done.location)
    whole("with a way back", eve.follow(done))
    batch = re.search(r'name="batch" value="(\d+)"', eve.page.text).group(1)
    check("which leads back to them", f'name="writer" value="{one}"' in eve.page.text)
    equal("they are spam", len(ids(eve.get("/desk/replies/?state=spam"))), 3)
    check("and does", eve.post("/desk/replies/undo/", {"batch": batch, "state": "pending", "writer": one}).location.startswith(f"/desk/replies/{one}/writer/?state=pending&done=undone&n=3"), eve.page.location)
    equal("undone, all of them", len(ids(eve.get("/desk/replies/?state=spam"))), 0)
    eve.get(f"/desk/replies/{one}/writer/")
    eve.post(f"/desk/replies/{one}/writer/", {"state": "pending", "do": "bin"})
    whole("by state", eve.get(f"/desk/replies/{one}/writer/?state=trash"))
    equal("three in the bin", eve.page.text.count('class="reply"'), 3)
    equal("a state there is none of", eve.post(f"/desk/replies/{one}/writer/", {"state": "none", "do": "bin"}).status, 400)

    # ---- kept out ----
    whole("no lists yet", eve.get("/desk/replies/bans/"))

    def ban(kind, value, act, note=""):
        eve.get("/desk/replies/bans/")
        return eve.post("/desk/replies/bans/", {"kind": kind, "value": value, "act": act, "note": note})

    equal("words to hold", ban("word", "Bilge  Water", "hold", "since <May>").status, 303)
    equal("a site for spam", ban("site", "https://www.knots.example/x", "spam").status, 303)
    equal("an email refused", ban("email", "@ropes.example", "refuse").status, 303)
    for kind, value in (("email", "ropes"), ("word", "!?"), ("network", "here"), ("site", "knots")):
        whole(f"no {kind}: {value}", ban(kind, value, "spam"), 422)
        check(f"kept, with a sentence: {kind}", f'value="{value}"' in eve.page.text and f'value="{kind}" selected' in eve.page.text and 'id="value-wrong"' in eve.page.text)
    whole("the lists", eve.get("/desk/replies/bans/"))
    check("in their one form", all(x in eve.said for x in ("bilge water", "knots.example", "@ropes.example", "since <May>", "Eve Ling")), eve.said)

    def state_of(text):
        rows = json.loads(site.run("comment", "list", "--state", "all", "--json"))
        return next(((r["state"], r["why"]) for r in rows if text in r["text"]), None)

    leave("Ida Holm", "ida@reader.example", "/story-3/", "She is known, and shown.")
    equal("a known writer is shown", state_of("known, and shown"), ("approved", ""))
    leave("Ida Holm", "ida@reader.example", "/story-3/", "Bílge  water, she says.")
    equal("but held for these words", state_of("she says"), ("pending", "on the list of words: bilge water"))
    leave("Ida Holm", "ida@reader.example", "/story-3/", "Waterbilge, bilgewater.")
    equal("not for others", state_of("Waterbilge"), ("approved", ""))
    spam = leave("Ida Holm", "ida@reader.example", "/story-3/", "See http://a.knots.example/x here.")
    equal("a link to that site is spam", state_of("knots.example"), ("spam", "on the list of sites: knots.example"))
    own = site.get(re.sub(r"^http://[^/]+", "", spam.location).split("#")[0])
    check("which its writer is not told", own.status == 200 and "See " in own.text and "spam" not in own.text.lower(), (own.status, [own.text.lower()[m.start()-80:m.end()+40] for m in re.finditer("spam", own.text.lower())]))
    refused = leave("Sales", "other@ropes.example", "/story-3/", "A <i>kept</i> text.")
    check("a refused one comes back whole, with a neutral sentence", refused.status == 422 and "This reply was not taken." in refused.text
          and html.escape("A <i>kept</i> text.", quote=False) in refused.text, refused.text)
    equal("and is nowhere", state_of("kept"), None)

    equal("an email to hold", ban("email", "nora@reader.example", "hold").status, 303)
    leave("Nora", "NORA@reader.example", "/story-3/", "A word from Nora.")
    equal("the reason names nobody", state_of("word from Nora"), ("pending", "on the list of emails"))

    # From a reply: its network, after which nobody from there comes through; taken off again.
    one = eve.get(f"/desk/replies/{first}/")
    whole("a reply", one)
    check("its network is there to choose", "Network: 127.0.0.0" in one.text)
    equal("kept out", eve.post(f"/desk/replies/{first}/ban/", {"kind": "network", "act": "refuse"}).status, 303)
    whole("and so it says", eve.follow(eve.page))
    equal("nobody from there", leave("Olaf", "olaf@reader.example", "/story-4/", "Anybody there?").status, 422)
    equal("a kind it has nothing of", eve.post(f"/desk/replies/{first}/ban/", {"kind": "site", "act": "spam"}).status, 400)
    off = re.search(r"bans/(\d+)/remove", eve.get("/desk/replies/bans/").text).group(0)
    equal("off the list", eve.post(f"/desk/replies/{off}/", {}).location, "/desk/replies/bans/?done=ban-removed")
    equal("twice is once", eve.post(f"/desk/replies/{off}/", {}).status, 303)
    equal("and everybody again", leave("Olaf", "olaf@reader.example", "/story-4/", "Anybody there?").status, 303)

    # ---- the log ----
    log = whole("the log", ann.get("/desk/log/")).text
    check("who did it", all(x in log for x in ("Added to the list of whom to keep out", "Took off the list of whom to keep out", "Undid a decision", "Answered a reply", "Edited a reply")))
    check("and nothing of a reader's", "@ropes" not in log and "127.0.0" in log)
    author = join(site, ann, "olaf", "author")
    equal("an author decides on nothing", [author.get(p).status for p in ("/desk/replies/bans/", f"/desk/replies/{first}/writer/")], [403, 403])

    # ---- lists outlive a stop, and reach a server by another process ----
    equal("stops", site.stop(), 0)
    site.serve("--access-log", "none", "--replies", "0")
    equal("still refused", leave("Sales", "other@ropes.example", "/story-3/", "A text.").status, 422)
    check("no fault in the log", " error " not in site.log(), site.log()[-500:])
    equal("stops", site.stop(), 0)
finish()
