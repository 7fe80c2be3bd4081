#!/usr/bin/env python3
"""The desk's numbers in the real program: reads and where readers came from, counted, shown, told apart by role, and as CSV."""
import csv
import io
import re
import sqlite3

from at_desk import join, serve_new, set_up
from newsroom import Newsroom, Page, check, equal, finish, small_export

READER = {"User_Agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/128.0"}
ROBOT = {"User_Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}


def figures(page):
    """The sums above the plots, in order."""
    return [int(n) for n in re.findall(r"<dd>(\d+)</dd>", page.text)]


def ranks(page, heading):
    """name -> reads, of the list below a heading."""
    part = page.text.split(f"<h2>{heading}")[1].split("</section>")[0]
    rows = re.findall(r"<li>(.*?)</li>", part, flags=re.S)
    plain = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", row)).strip() for row in rows]
    return {m.group(1): int(m.group(2).replace("one", "1")) for m in (re.match(r"(.*) (\d+|one) reads?$", p) for p in plain) if m}


with Newsroom() as site:
    site.init("The Wharf", "--timezone", "Europe/London")
    (site.top / "e.xml").write_text(small_export(4))
    site.run("import", site.top / "e.xml")
    ann = set_up(site, serve_new(site, "--access-log", "none"))
    empty = ann.get("/desk/numbers/")
    equal("nothing was read", figures(empty), [0, 0, 0, 0])
    check("and it says so", "Nothing was read in this time." in empty.text and "Nobody came from another site" in empty.text)

    def read(path, referer=None, method="GET", **headers):
        headers = {k.replace("_", "-"): v for k, v in {**READER, **headers}.items()}
        if referer:
            headers["Referer"] = referer
        return site.request(method, path, headers=headers)

    own = f"http://127.0.0.1:{site.port}"
    for _ in range(3):
        read("/story-1/", "https://www.google.co.uk/search?q=ferry")
    for _ in range(2):
        read("/story-1/", "https://rain.example/canary-path?canary=1#canary")
    read("/story-1/", "https://l.facebook.com/l.php")
    read("/story-1/")
    read("/story-2/", own + "/story-1/")
    read("/story-2/", "https://192.0.2.7/x")
    etag = read("/story-2/").headers["etag"]
    # None of these is a reader's.
    read("/story-2/", "https://rain.example/", **ROBOT)
    read("/story-2/", "https://rain.example/", method="HEAD")
    equal("not changed", read("/story-2/", "https://rain.example/", If_None_Match=etag).status, 304)
    read("/nothing-here/", "https://rain.example/")
    read("/", "https://rain.example/")
    check("counted within the ten seconds it says", site.wait_for(lambda: figures(ann.get("/desk/numbers/"))[0] == 10, 15), figures(ann.page))

    page = Page(ann.page.text)
    check("well nested", not page.broken, page.broken)
    equal("no id twice", len(page.ids), len(set(page.ids)))
    check("no style of its own", "style=" not in ann.page.text)
    equal("two plots, each with its table", (len(page.all("svg")) - ann.page.text.count("<polyline"), len(page.all("table"))), (2, 2))
    equal("every hour of today in it", len(re.findall(r'<th scope="row">\d\d:00</th>', ann.page.text)), 24)
    equal("most read", ranks(ann.page, "Most read"), {"Story 1": 7, "Story 2": 3})
    sources = ranks(ann.page, "Where readers came from")
    equal("from where", sources, {"Google search": 3, "rain.example site": 2, "Facebook network": 1, "All others": 1})
    check("and nothing more of it", "canary" not in ann.page.text)
    for span in ("today", "week", "month", "ever"):
        equal(f"most read: {span}", list(ranks(ann.get(f"/desk/numbers/?span={span}"), "Most read")), ["Story 1", "Story 2"])

    one = re.search(r'/desk/numbers/(\d+)/">Story 1<', ann.page.text).group(1)
    story = ann.get(f"/desk/numbers/{one}/")
    check("one story: in all", "7 reads in all" in story.text)
    equal("its sums", figures(story), [7, 0, 7, 7])
    equal("its readers came from", ranks(story, "Where readers came from"), {"Google search": 3, "rain.example site": 2, "Facebook network": 1})
    equal("and went on", ranks(story, "Where its readers went on"), {"Story 2": 1})
    check("well nested", not Page(story.text).broken, Page(story.text).broken)

    sheet = ann.get("/desk/numbers/reads.csv")
    check("a file to keep", sheet.headers["content-type"].startswith("text/csv") and "attachment" in sheet.headers["content-disposition"])
    rows = list(csv.reader(io.StringIO(sheet.text)))
    equal("its head", rows[0], ["what", "name", "reads"])
    kinds = [sum(int(n) for what, _, n in rows[1:] if what == kind) for kind in ("hour", "day", "from", "story")]
    equal("the same sums", kinds, [10, 10, 7, 10])
    rows = list(csv.reader(io.StringIO(ann.get(f"/desk/numbers/{one}/reads.csv").text)))
    equal("one story's", [sum(int(n) for what, _, n in rows[1:] if what == kind) for kind in ("hour", "day", "from", "went-on")], [7, 7, 6, 1])

    # ---- who may ----
    author = join(site, ann, "olaf", "author")
    own_page = author.get("/desk/numbers/")
    check("an author sees their own, of which there are none", own_page.status == 200 and "No published story has your name on it yet." in own_page.text)
    equal("and nobody else's", author.get(f"/desk/numbers/{one}/").status, 403)
    equal("nor as a file", author.get(f"/desk/numbers/{one}/reads.csv").status, 403)
    equal("nor the site's", author.get("/desk/numbers/reads.csv").status, 403)
    site.stop()
    db = sqlite3.connect(site.dir / "site.db")
    db.execute("UPDATE byline SET person = (SELECT id FROM person WHERE email = 'olaf@wharf.example') WHERE id = (SELECT byline FROM story_byline WHERE story = ?)", (one,))
    db.commit()
    db.close()
    site.serve("--access-log", "none")
    check("with their name on it they see it", f'/desk/numbers/{one}/">Story 1<' in author.get("/desk/numbers/").text)
    equal("and its numbers", author.get(f"/desk/numbers/{one}/").status, 200)
    equal("and the file", author.get(f"/desk/numbers/{one}/reads.csv").status, 200)
    ann.get("/desk/")
    equal("a contributor sees none", join(site, ann, "ida", "contributor").get("/desk/numbers/").status, 403)
    equal("an editor all", join(site, ann, "eve", "editor").get(f"/desk/numbers/{one}/").status, 200)
    equal("no such story", ann.get("/desk/numbers/999/").status, 404)
    equal("stops", site.stop(), 0)

    # ---- what was counted is kept, what was not yet handed over too ----
    site.serve("--access-log", "none")
    read("/story-3/", "https://news.ycombinator.com/item?id=1")
    site.stop()
    site.serve("--access-log", "none")
    equal("kept over a stop", ranks(ann.get("/desk/numbers/?span=ever"), "Most read").get("Story 3"), 1)
    equal("and from where", ranks(ann.page, "Where readers came from").get("Hacker News network"), 1)
    equal("stops", site.stop(), 0)
finish()
