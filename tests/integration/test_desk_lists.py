#!/usr/bin/env python3
"""The desk's lists in the real program: what they show to whom, by each filter and page; what is done to many at once and undone; the
search for scripts. After all of it `broadsheet check` finds nothing."""
import html
import json
import re
import sqlite3
import subprocess
import urllib.parse

from newsroom import PROGRAM, Newsroom, Page, check, equal, finish, small_export

PASSWORD = "a lamp at the quay"
STORIES = 120


class Browser:
    """Somebody's, signed in: keeps the cookie, and sends a form as the page before had it."""

    def __init__(self, site, email):
        self.site, self.cookie, self.page = site, None, None
        self.get("/desk/sign-in/")
        self.post("/desk/sign-in/", [("email", email), ("password", PASSWORD), ("to", "/desk/")])

    def take(self, answer):
        line = answer.headers.get("set-cookie")
        if line:
            self.cookie = line.split(";")[0]
        if answer.status != 303:
            self.page = answer
        return answer

    def get(self, path, **headers):
        return self.take(self.site.get(path, **headers, **({"Cookie": self.cookie} if self.cookie else {})))

    def post(self, path, fields, **headers):
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', self.page.text).group(1)
        return self.take(self.site.post(path, [("csrf", token), *fields], **headers, **({"Cookie": self.cookie} if self.cookie else {})))

    def follow(self, answer):
        equal("sent on", answer.status, 303)
        return self.get(answer.location)

    @property
    def said(self):
        return html.unescape(self.page.text)

    def ids(self, path=None):
        if path is not None:
            equal(f"{path}: shown", self.get(path).status, 200)
        return [int(i) for i in re.findall(r'name="story" value="(\d+)"', self.page.text)]

    def bulk(self, do, ids, *more, back=""):
        return self.post("/desk/stories/bulk/", [("do", do), ("back", back), *[("story", i) for i in ids], *more])


def whole(what, answer):
    page = Page(answer.text)
    check(f"{what}: well nested", not page.broken, page.broken)
    equal(f"{what}: one h1", len(page.all("h1")), 1)
    check(f"{what}: no id twice", len(page.ids) == len(set(page.ids)), page.ids)
    check(f"{what}: no key without its string", not re.search(r"\b(stories|tags?|bylines?|ask|wrong|done)\.[a-z-]+", page.text), page.text)
    check(f"{what}: no object printed", "[object" not in page.text)
    return page


def hire(site, email, role):
    done = subprocess.run([PROGRAM, "user", "add", "--site", str(site.dir), email, "--name", email.split("@")[0].title(), "--role", role],
                          input=PASSWORD + "\n", capture_output=True, text=True)
    equal(f"{email} is hired", done.returncode, 0)


def clean(site, what):
    """With the server still there: it has said what is not in order."""
    done = subprocess.run([PROGRAM, "check", "--site", str(site.dir)], capture_output=True, text=True)
    check(f"broadsheet check after {what}", done.returncode == 0, done.stdout + done.stderr)


def paged(browser, path):
    """All of a list, by its own links."""
    ids, pages = browser.ids(path), 1
    while True:
        link = re.search(r'<p class="older">.*?href="(/desk/stories/\?[^"]+)" rel="next"', browser.page.text)
        if link is None:
            return ids, pages
        ids += browser.ids(html.unescape(link.group(1)))
        pages += 1


def lists(site, ann, wes, cora):
    whole("the list", ann.get("/desk/stories/"))
    ids, pages = paged(ann, "/desk/stories/")
    equal("all of them, each once", (len(ids), len(set(ids)), pages), (STORIES, STORIES, 3))
    equal("published ones are the same", sorted(paged(ann, "/desk/stories/?state=published")[0]), sorted(ids))
    for state in ("draft", "scheduled", "trashed"):
        whole(f"no {state}", ann.get(f"/desk/stories/?state={state}"))
        check(f"nothing is {state}", "Nothing stands here." in ann.page.text)
    equal("an author sees nothing of others'", wes.ids("/desk/stories/"), [])
    equal("nor a contributor", cora.ids("/desk/stories/"), [])
    page = ann.get("/desk/stories/?tag=nothing-such&by=nobody&from=yesterday")
    whole("what cannot be meant", page)
    equal("is refused", page.status, 422)
    check("with a sentence by each field", all(f'id="{n}-wrong"' in page.text for n in ("tag", "by", "from")))
    check("and what was typed", 'value="yesterday"' in page.text and 'value="nothing-such"' in page.text)
    equal("none on that day", ann.ids("/desk/stories/?from=2020-01-03"), [])
    equal("all on that", len(ann.ids("/desk/stories/?from=2020-01-02&until=2020-01-02")), 50)
    equal("words", ann.ids("/desk/stories/?q=story-77"), [77])
    equal("no words of ours", ann.ids("/desk/stories/?q=zeppelin"), [])
    whole("nothing found", ann.page)
    ann.get("/desk/stories/?q=%22%3E%3Cscript%3E&state=%22%3E&before=x&place=-3")
    whole("odd queries", ann.page)


def many(site, ann, wes):
    ids = ann.ids("/desk/stories/")
    ten = ids[:10]
    ann.follow(ann.bulk("bin", ten, back="state=published"))
    whole("binned", ann.page)
    check("said so", "10 stories are in the bin." in ann.said)
    equal("there they are", sorted(ann.ids("/desk/stories/?state=trashed")), sorted(ten))
    equal("and gone for readers", site.get(f"/story-{ten[0]}/").status, 410)
    check("not among all", not set(ten) & set(paged(ann, "/desk/stories/")[0]))
    ann.follow(ann.bulk("bin", ten[:2]))
    check("those already there are left alone", "2 were like that already." in ann.said and "Nothing was changed." in ann.said)
    clean(site, "binning")

    # ---- undo ----
    ann.follow(ann.bulk("bin", [ids[20]]))
    batch = re.search(r'name="batch" value="(\d+)"', ann.page.text).group(1)
    wes.get("/desk/stories/")
    wes.follow(wes.post("/desk/stories/undo/", [("batch", batch), ("back", "")]))
    check("nobody undoes for another", "There was nothing to undo" in wes.said)
    ann.get("/desk/stories/?state=trashed")
    ann.follow(ann.post("/desk/stories/undo/", [("batch", batch), ("back", "state=published")]))
    check("undone", "One story is as it was." in ann.said)
    equal("it is on the site as before", site.get(f"/story-{ids[20]}/").status, 200)

    # ---- restored, deleted ----
    ann.follow(ann.bulk("restore", ten[:3]))
    equal("drafts now", sorted(ann.ids("/desk/stories/?state=draft")), sorted(ten[:3]))
    asked = ann.bulk("delete", ten[3:5])
    whole("deleting is asked", asked)
    check("by name", f"Story {ten[3]}" in asked.text and "Delete these 2 stories for good?" in asked.text)
    ann.follow(ann.bulk("delete", ten[3:5], ("sure", "1")))
    check("deleted", "2 stories are deleted." in ann.said)
    ann.follow(ann.bulk("delete", [ids[30]], ("sure", "1")))
    check("only out of the bin", "in its state this cannot be done" in ann.said)
    ann.follow(ann.bulk("bin", [ten[3], 99999]))
    check("gone is gone", "2 are not there any more." in ann.said)
    clean(site, "deleting")

    # ---- published, unpublished ----
    ann.follow(ann.bulk("publish", ten[:3] + ten[5:6]))
    check("published; not from the bin", "3 stories are published." in ann.said and "One was left alone: in its state" in ann.said)
    equal("on the site", site.get(f"/story-{ten[0]}/").status, 200)
    ann.follow(ann.bulk("unpublish", ten[:1]))
    equal("off it", site.get(f"/story-{ten[0]}/").status, 410)
    batch = re.search(r'name="batch" value="(\d+)"', ann.page.text).group(1)
    ann.follow(ann.post("/desk/stories/undo/", [("batch", batch), ("back", "")]))
    equal("on it again", site.get(f"/story-{ten[0]}/").status, 200)

    # ---- tags ----
    five = ids[40:45]
    ann.follow(ann.bulk("tag", five, ("bulk_tag", "Harbour & quay")))
    check("tagged", "5 stories have the tag now." in ann.said)
    batch = re.search(r'name="batch" value="(\d+)"', ann.page.text).group(1)
    equal("found by it", sorted(ann.ids("/desk/stories/?tag=" + urllib.parse.quote("Harbour & quay"))), sorted(five))
    equal("for readers", site.get("/tag/harbour-quay/").text.count("/story-"), site.get("/tag/harbour-quay/").text.count("/story-"))
    check("on the tag's page", f"/story-{five[0]}/" in site.get("/tag/harbour-quay/").text)
    site.wait_for(lambda: ann.ids("/desk/stories/?q=quay") != [])
    equal("found by its words", sorted(ann.ids("/desk/stories/?q=quay")), sorted(five))
    clean(site, "tagging")
    ann.follow(ann.bulk("untag", five[:2], ("bulk_tag", "harbour-quay")))
    equal("no more", sorted(ann.ids("/desk/stories/?tag=harbour-quay")), sorted(five[2:]))
    ann.get("/desk/stories/")
    ann.follow(ann.post("/desk/stories/undo/", [("batch", batch), ("back", "")]))
    equal("the rest undone", ann.ids("/desk/stories/?tag=harbour-quay"), [])
    ann.get("/desk/stories/")
    wrong = ann.bulk("untag", five, ("bulk_tag", "No such"), back="state=published&tag=harbour-quay")
    whole("no such tag", wrong)
    equal("refused", wrong.status, 422)
    ann.get("/desk/stories/")
    wrong = ann.bulk("untag", five[:2], ("bulk_tag", "No such"), back="state=published")
    check("typed and ticked still", 'value="No such"' in wrong.text and 'id="bulk_tag-wrong"' in wrong.text)
    equal("the same are ticked", len(re.findall(r'name="story" value="\d+"[^>]* checked', wrong.text)), 2)

    # ---- featured, for whom, by whom ----
    ann.get("/desk/stories/")
    ann.follow(ann.bulk("feature", five))
    check("featured", "5 stories are featured." in ann.said and "Featured" in ann.said)
    ann.follow(ann.bulk("audience", five[:1], ("audience", "members")))
    check("its text is for members", "<p>Words here.</p>" not in site.get(f"/story-{five[0]}/").text)
    equal("and found by no word of it", [i for i in ann.ids("/desk/stories/?q=words") if i == five[0]], [])
    ann.get("/desk/stories/")
    ann.follow(ann.bulk("audience", five[:1], ("audience", "public")))
    check("for everybody again", "<p>Words here.</p>" in site.get(f"/story-{five[0]}/").text)
    clean(site, "featuring")
    ann.get("/desk/stories/?before=0-0&place=0&all=1")
    equal("all are ticked by a link", len(re.findall(r'name="story" value="\d+"[^>]* checked', ann.page.text)), 50)


def own(site, ann, wes, cora):
    """Bylines with a login: what an author and a contributor may."""
    db = sqlite3.connect(site.dir / "site.db", timeout=10)
    people = dict(db.execute("SELECT email, id FROM person"))
    with db:
        for i, email in ((900, "wes@wharf.example"), (901, "cora@wharf.example")):
            db.execute("INSERT INTO byline (id, ghost_id, slug, name, person, created_at, updated_at) VALUES (?, ?, ?, ?, ?, 1, 1)",
                       (i, f"{i:024d}", email.split("@")[0], email.split("@")[0].title(), people[email]))
    db.close()
    ids = ann.ids("/desk/stories/?state=published")
    ann.follow(ann.bulk("author", ids[:3], ("bulk_by", "Wes")))
    ann.follow(ann.bulk("author", ids[3:5], ("bulk_by", "cora")))
    check("another author", "2 stories have another author." in ann.said)
    clean(site, "other authors")
    equal("his own", sorted(wes.ids("/desk/stories/")), sorted(ids[:3]))
    check("no page is his to make", "kind=page" not in wes.page.text and "bulk_by" not in wes.page.text)
    wes.follow(wes.bulk("bin", [ids[0], ids[10]]))
    check("his is binned, another's left", "One story is in the bin." in wes.said and "it is not yours to change" in wes.said)
    equal("nor may he feature", wes.bulk("feature", [ids[1]]).status, 403)
    wes.get("/desk/stories/")
    equal("nor make a tag", wes.bulk("tag", [ids[1]], ("bulk_tag", "Quite new")).status, 422)
    wes.get("/desk/stories/?state=trashed")
    check("deleting is not offered", 'value="delete"' not in wes.page.text)
    equal("nor done", wes.bulk("delete", [ids[0]], ("sure", "1")).status, 403)
    equal("it is there still", ann.ids("/desk/stories/?state=trashed&by=wes"), [ids[0]])
    equal("hers", sorted(cora.ids("/desk/stories/")), sorted(ids[3:5]))
    check("a contributor is offered no publishing", 'value="publish"' not in cora.page.text and 'value="unpublish"' not in cora.page.text)
    cora.follow(cora.bulk("bin", [ids[3]]))
    check("what readers saw is not hers to bin", "it is not yours to change" in cora.said)
    equal("nor to publish", cora.bulk("publish", [ids[3]]).status, 403)


def tags(site, ann, wes):
    whole("tags", ann.get("/desk/tags/"))
    whole("a new tag", ann.get("/desk/tags/new/"))
    wrong = ann.post("/desk/tags/new/", [("name", ""), ("accent_color", "red"), ("canonical_url", "/here/"), ("image", "x"), ("parent", "Nowhere")])
    whole("a tag with faults", wrong)
    equal("refused", wrong.status, 422)
    check("a sentence by each field", all(f'id="{n}-wrong"' in wrong.text for n in ("name", "accent_color", "canonical_url", "image", "parent")))
    check("typed still", 'value="red"' in wrong.text and 'value="Nowhere"' in wrong.text)

    def make(name, *more):
        ann.get("/desk/tags/new/")
        done = ann.post("/desk/tags/new/", [("name", name), *more])
        equal(f"{name} is made", done.status, 303)
        return int(re.search(r"/desk/tags/(\d+)/", done.location).group(1))

    ferry, ships, boats = make("Ferry"), make("Ships", ("section", "1")), make("Boats", ("parent", "Ships"), ("accent_color", "#1f4e7a"))
    equal("no second of that name", ann.post("/desk/tags/new/", [("name", "Ferry")]).status, 422)
    ann.get(f"/desk/tags/{ships}/")
    wrong = ann.post(f"/desk/tags/{ships}/", [("name", "Ships"), ("parent", "Boats")])
    check("none is under what is under it", wrong.status == 422 and 'id="parent-wrong"' in wrong.text)
    wrong = ann.post(f"/desk/tags/{ships}/", [("name", "Ships"), ("slug", "boats")])
    check("an address that is taken", wrong.status == 422 and 'id="slug-wrong"' in wrong.text)
    whole("a tag", ann.get(f"/desk/tags/{boats}/"))
    check("as it was made", 'value="#1f4e7a"' in ann.page.text and 'value="Ships"' in ann.page.text)

    ids = ann.ids("/desk/stories/?state=published")
    ann.follow(ann.bulk("tag", ids[:30], ("bulk_tag", "Ferry")))
    ann.follow(ann.bulk("tag", ids[25:40], ("bulk_tag", "Boats")))
    ann.get(f"/desk/tags/{ferry}/")
    ann.follow(ann.post(f"/desk/tags/{ferry}/", [("name", "Ferries"), ("slug", "ferries")]))
    equal("the old address leads to the new", (site.get("/tag/ferry/").status, site.get("/tag/ferry/").location[-13:]), (301, "/tag/ferries/"))
    check("renamed", site.get("/tag/ferries/").status == 200)
    clean(site, "renaming")

    ann.get(f"/desk/tags/{ferry}/")
    equal("into none there is", ann.post(f"/desk/tags/{ferry}/merge/", [("into", "Nothing")]).status, 422)
    equal("nor into itself", ann.post(f"/desk/tags/{ferry}/merge/", [("into", "Ferries")]).status, 422)
    whole("merging is asked", ann.post(f"/desk/tags/{ferry}/merge/", [("into", "boats")]))
    check("how many it takes", "30 published stories get “Boats” instead." in ann.said)
    ann.follow(ann.post(f"/desk/tags/{ferry}/merge/", [("into", "boats"), ("sure", "1")]))
    whole("merged", ann.page)
    equal("all under the other", sorted(paged(ann, "/desk/stories/?tag=boats")[0]), sorted(ids[:40]))
    check("forty on its page", "40 stories" in ann.get(f"/desk/tags/{boats}/").text)
    for old in ("ferry", "ferries"):
        answer = site.get(f"/tag/{old}/")
        equal(f"/tag/{old}/ leads there", (answer.status, answer.location[-11:]), (301, "/tag/boats/"))
    equal("it is gone", ann.get(f"/desk/tags/{ferry}/").status, 404)
    clean(site, "merging")
    site.wait_for(lambda: not ann.ids("/desk/stories/?q=ferries"))
    equal("no story is found by the old name", ann.ids("/desk/stories/?q=ferries"), [])
    check("but by the new", site.wait_for(lambda: len(ann.ids("/desk/stories/?q=boats")) == 40) is not None)
    clean(site, "words brought up to date")

    ann.get(f"/desk/tags/{boats}/")
    whole("deleting is asked", ann.post(f"/desk/tags/{boats}/delete/", []))
    check("what it does", "40 published stories have it and lose it." in ann.said)
    ann.follow(ann.post(f"/desk/tags/{boats}/delete/", [("sure", "1")]))
    equal("gone", site.get("/tag/boats/").status, 404)
    clean(site, "deleting a tag")

    # ---- names as they are typed; names that are proposed ----
    equal("by their beginning", [i["slug"] for i in json.loads(wes.get("/desk/tags/suggest/?q=shi").text)["items"]], ["ships"])
    equal("a page of them", re.findall(r'href="/desk/tags/(\d+)/"', ann.get("/desk/tags/?q=shi").text), [str(ships)])
    db = sqlite3.connect(site.dir / "site.db", timeout=10)
    with db:
        for i in ids[:20]:
            db.execute("INSERT INTO tag_proposal (story, slug, name, weight, position) VALUES (?, 'ida-holm', 'Ida Holm', 5, 0)", (i,))
        db.execute("INSERT INTO tag_proposal (story, slug, name, weight, position) VALUES (?, 'olaf', 'Olaf', 5, 1)", (ids[0],))
    db.close()
    whole("proposed", ann.get("/desk/tags/proposed/"))
    check("in so many stories", "Ida Holm" in ann.page.text and "20 stories" in ann.page.text)
    ann.follow(ann.post("/desk/tags/proposed/", [("do", "accept ida-holm")]))
    equal("its stories have it", sorted(ann.ids("/desk/stories/?tag=ida-holm")), sorted(ids[:20]))
    ann.get("/desk/tags/proposed/")
    ann.follow(ann.post("/desk/tags/proposed/", [("do", "forget olaf")]))
    check("nothing is left", "Nothing is proposed." in ann.page.text)
    clean(site, "proposals")


def bylines(site, ann, wes):
    whole("authors", ann.get("/desk/bylines/"))
    whole("a new author", ann.get("/desk/bylines/new/"))
    wrong = ann.post("/desk/bylines/new/", [("name", " "), ("website", "not here")])
    check("with faults", wrong.status == 422 and 'id="name-wrong"' in wrong.text and 'id="website-wrong"' in wrong.text)
    ann.get("/desk/bylines/new/")
    done = ann.post("/desk/bylines/new/", [("name", "Greta Novák"), ("bio", "Writes of the harbour.")])
    greta = int(re.search(r"/desk/bylines/(\d+)/", done.location).group(1))
    ann.get("/desk/bylines/new/")
    done = ann.post("/desk/bylines/new/", [("name", "G. Novak")])
    other = int(re.search(r"/desk/bylines/(\d+)/", done.location).group(1))
    whole("an author", ann.get(f"/desk/bylines/{greta}/"))
    ids = ann.ids("/desk/stories/?state=published")
    ann.follow(ann.bulk("author", ids[:12], ("bulk_by", "Greta Novák")))
    ann.follow(ann.bulk("author", ids[12:20], ("bulk_by", "G. Novak")))
    equal("by their beginning", [i["name"] for i in json.loads(wes.get("/desk/bylines/suggest/?q=greta").text)["items"]], ["Greta Novák"])
    ann.get(f"/desk/bylines/{other}/")
    whole("merging is asked", ann.post(f"/desk/bylines/{other}/merge/", [("into", "Greta Novák")]))
    ann.follow(ann.post(f"/desk/bylines/{other}/merge/", [("into", "greta-novak"), ("sure", "1")]))
    equal("all under one name", sorted(ann.ids("/desk/stories/?by=greta-novak")), sorted(ids[:20]))
    equal("the old address leads there", (site.get("/author/g-novak/").status, site.get("/author/g-novak/").location[-20:]), (301, "/author/greta-novak/"))
    clean(site, "merging authors")
    ann.get(f"/desk/bylines/{greta}/")
    check("deleting says how many", "20 published stories are by them" in ann.post(f"/desk/bylines/{greta}/delete/", []).text)
    ann.follow(ann.post(f"/desk/bylines/{greta}/delete/", [("sure", "1")]))
    equal("gone", site.get("/author/greta-novak/").status, 404)
    clean(site, "deleting an author")

    # ---- one's own ----
    check("from the account", "/desk/bylines/900/" in wes.get("/desk/account/").text)
    whole("his own", wes.get("/desk/bylines/900/"))
    check("neither address nor login", 'name="slug"' not in wes.page.text and 'name="person"' not in wes.page.text)
    wes.follow(wes.post("/desk/bylines/900/", [("name", "Wes Orr"), ("bio", "Of the quay."), ("slug", "stolen"), ("person", "1")]))
    check("he says who he is", "Of the quay." in wes.page.text and "Wes Orr" in wes.page.text)
    whole("as the editors see it", ann.get("/desk/bylines/900/"))
    check("at his address, with his login", 'value="wes"' in ann.page.text and re.search(r'<option value="\d+" selected>Wes', ann.page.text))
    equal("not another's", wes.get("/desk/bylines/901/").status, 403)
    wes.get("/desk/account/")
    equal("nor changes it", wes.post("/desk/bylines/901/", [("name", "Wes too")]).status, 403)
    equal("nor deletes his own", wes.post("/desk/bylines/900/delete/", [("sure", "1")]).status, 403)
    equal("and still his", wes.get("/desk/bylines/900/").status, 200)


# What each does to a story of their own, by the state it is in: p draft, s scheduled, o on the site, b in the bin. Anything else
# is refused outright (403) or leaves it alone.
MAY = {"author": {"publish": "ps", "unpublish": "so", "bin": "pso", "restore": "b", "tag": "pso", "untag": "pso", "audience": "pso"},
       "contributor": {"bin": "p", "restore": "b", "tag": "p", "untag": "p"}}
VERBS = ["publish", "unpublish", "bin", "restore", "delete", "tag", "untag", "author", "feature", "unfeature", "audience"]
STATES = {"p": "draft", "s": "scheduled", "o": "published", "b": "trashed"}


def put(site, ids, state, byline):
    """In that state, as if an editor had; with a tag that can be removed."""
    db = sqlite3.connect(site.dir / "site.db", timeout=10)
    with db:
        for i in ids:
            at, listed = 4_000_000_000_000_000 if state == "scheduled" else 1_600_000_000_000_000 + i, state == "published"
            db.execute("UPDATE story SET state = ?, published_at = ?, featured = ?, visibility = 'public' WHERE id = ?",
                       (state, at, i % 2, i))
            db.execute("DELETE FROM story_tag WHERE story = ?", (i,))
            db.execute("DELETE FROM story_byline WHERE story = ?", (i,))
            for table, column, of in (("story_tag", "tag", 901), ("story_byline", "byline", byline)):
                db.execute(f"INSERT INTO {table} (story, {column}, position, listed_at, desk_state, desk_at) VALUES (?, ?, 0, ?, ?, ?)",
                           (i, of, at if listed else None, None if listed else state, None if listed else at))
    db.close()


def rights(site, ann, wes, cora):
    """Role by verb by state, each by bulk and undone by who did it where that is theirs."""
    db = sqlite3.connect(site.dir / "site.db", timeout=10)
    with db:
        db.execute("INSERT INTO tag (id, ghost_id, slug, name, created_at, updated_at) VALUES (901, 'f', 'right', 'Right', 1, 1), (902, 'e', 'other', 'Other', 1, 1)")
    db.close()
    ids = ann.ids("/desk/stories/?state=published")[-2:]
    more = {"tag": ("bulk_tag", "Other"), "untag": ("bulk_tag", "Right"), "author": ("bulk_by", "Wes"), "audience": ("audience", "members"), "delete": ("sure", "1")}
    for role, who, byline in (("author", wes, 900), ("contributor", cora, 901)):
        for letter, state in STATES.items():
            for verb in VERBS:
                put(site, ids[:1], state, byline)
                who.get("/desk/stories/")
                done = who.bulk(verb, ids[:1], *([more[verb]] if verb in more else []))
                want = letter in MAY[role].get(verb, "")
                did = done.status == 303 and "n=1" in done.location
                equal(f"{role}: {verb} of what is {state}", did, want)
                check("or is refused", did or done.status == 403 or "left-" in done.location, (done.status, done.location))
                if role == "author" and did and (verb, letter) in (("bin", "p"), ("unpublish", "o"), ("tag", "p")):
                    batch = re.search(r"batch=(\d+)", done.location).group(1)
                    check(f"{verb} undone", "stories-undone" in who.post("/desk/stories/undo/", [("batch", batch), ("back", "")]).location)
    # Who became a contributor since undoes nothing that they may no longer do.
    put(site, ids[:1], "published", 900)
    wes.get("/desk/stories/")
    batch = re.search(r"batch=(\d+)", wes.bulk("unpublish", ids[:1]).location).group(1)
    db = sqlite3.connect(site.dir / "site.db", timeout=10)
    with db:
        db.execute("UPDATE person SET role = 'contributor' WHERE email = 'wes@wharf.example'")
    wes.get("/desk/stories/")
    check("a contributor publishes nothing by undoing", "not-undone" in wes.post("/desk/stories/undo/", [("batch", batch), ("back", "")]).location)
    with db:
        db.execute("UPDATE person SET role = 'author' WHERE email = 'wes@wharf.example'")
        # Somebody's unsaved text goes with a story: whoever deletes it is told.
        db.execute("UPDATE story SET state = 'trashed' WHERE id = ?", (ids[0],))
        db.execute("INSERT INTO working_copy (story, person, tab, name, version, kept_at, title, fields) VALUES (?, 77, 'a', 'Eve Ling', 1, 1, 'T', '{}')", (ids[0],))
    db.close()
    ann.get("/desk/stories/?state=trashed")
    check("unsaved text is named before deleting", "Eve Ling has text in it that is not saved." in ann.bulk("delete", ids[:1]).text)
    subprocess.run([PROGRAM, "check", "--site", str(site.dir)], capture_output=True)  # what put() did behind the counts' back
    clean(site, "rights")


def found(site, ann, wes):
    def items(browser, q):
        return json.loads(browser.get("/desk/stories/search/?q=" + urllib.parse.quote(q), Accept="application/json").text)["items"]

    ids = ann.ids("/desk/stories/?state=published")
    ann.follow(ann.bulk("unpublish", [ids[6]]))
    equal("by words", items(ann, f"story-{ids[8]}"), [{"id": ids[8], "title": f"Story {ids[8]}", "path": f"/story-{ids[8]}/", "state": "published"}])
    equal("a draft", [i["state"] for i in items(ann, f"story-{ids[6]}")], ["draft"])
    equal("an author is offered what readers see", items(wes, f"story-{ids[6]}"), [])
    check("by the beginning of an address", len(items(ann, "Sto")) > 0)
    equal("nothing asked", items(ann, ""), [])


with Newsroom() as site:
    site.init("The Wharf", "--timezone", "UTC")
    export = site.top / "e.xml"
    export.write_text(small_export(STORIES))
    site.run("import", export)
    for who, role in (("ann", "owner"), ("wes", "author"), ("cora", "contributor")):
        hire(site, f"{who}@wharf.example", role)
    site.serve()
    ann, wes, cora = (Browser(site, f"{who}@wharf.example") for who in ("ann", "wes", "cora"))
    lists(site, ann, wes, cora)
    many(site, ann, wes)
    own(site, ann, wes, cora)
    found(site, ann, wes)
    tags(site, ann, wes)
    bylines(site, ann, wes)
    rights(site, ann, wes, cora)
    clean(site, "all of it")
finish()
