"""An import that comes again, in parts, or with what no importer expects: nothing twice, nothing half done."""
import json
import sqlite3
import subprocess

from newsroom import EXPORT, ITEM, PROGRAM, Newsroom, check, equal, finish, small_export

TERM = """<wp:category><wp:term_id>%d</wp:term_id><wp:category_nicename>%s</wp:category_nicename>
<wp:cat_name><![CDATA[%s]]></wp:cat_name></wp:category>"""
REPLY = """<wp:comment><wp:comment_id>%d</wp:comment_id><wp:comment_author>A</wp:comment_author>
<wp:comment_content>Reply %d.</wp:comment_content><wp:comment_approved>1</wp:comment_approved>
<wp:comment_date_gmt>2020-02-02 03:04:05</wp:comment_date_gmt><wp:comment_parent>%d</wp:comment_parent></wp:comment>"""


def item(n, more="", **instead):
    text = (ITEM % (n, n, n, n)).replace("</item>", more + "</item>")
    for old, new in instead.items():
        text = text.replace("<wp:%s>" % old, "<wp:%s>" % new).replace("</wp:%s>" % old, "</wp:%s>" % new)
    return text


def rows(site, sql):
    with sqlite3.connect(site.dir / "site.db") as db:
        return db.execute(sql).fetchall()


def write(site, name, text):
    path = site.top / name
    path.write_text(text)
    return path


with Newsroom() as site:
    site.init()
    first, second = write(site, "a.xml", small_export(5)), write(site, "b.xml", small_export(9))
    bad = write(site, "bad.xml", small_export(20)[:4000])
    code, _, err = site.command("import", first, bad)
    equal("a bad file among good ones", (code, "bad.xml" in err), (1, True))
    equal("and nothing came of the good one", rows(site, "SELECT COUNT(*) FROM story"), [(0,)])

    site.run("import", first)
    again = json.loads(site.run("import", second, "--json"))
    equal("a longer file brings the new ones", (again["came"]["stories"], again["skipped"]["stories"]), (4, 5))
    third = json.loads(site.run("import", first, second, "--json"))
    check("again: nothing", all(n == 0 for n in third["came"].values()), third["came"])
    late = write(site, "late.xml", EXPORT % item(3, REPLY % (7, 7, 0)))
    equal("a reply written since comes", json.loads(site.run("import", late, "--json"))["came"]["comments"], 1)
    equal("once", json.loads(site.run("import", late, "--json"))["came"]["comments"], 0)

    text = write(site, "one.txt", "A headline\n\nSome words.\n")
    equal("a text", json.loads(site.run("import", text, "--json"))["came"]["stories"], 1)
    again = json.loads(site.run("import", text, "--json"))
    equal("the same text again", (again["came"]["stories"], again["skipped"]["stories"]), (0, 1))

def notes(report):
    return {note["what"]: note for note in report["notes"]}


# The old site's name, language and clock are taken over while nobody has set them here.
def clocks(n, gmt, local):
    return item(n, "<wp:post_date>%s</wp:post_date>" % local).replace("2020-01-02 03:04:05", gmt)


OLD = EXPORT.replace("<title>T</title>", "<title>Der  Kai &amp;amp; Hafen</title><description>Ebbe &amp;amp; Flut</description>"
                     "<language>de-DE</language>") % (
    clocks(1, "2020-01-02 10:00:00", "2020-01-02 11:00:00") + clocks(2, "2020-07-02 10:00:00", "2020-07-02 12:00:00"))


def settings(site):
    return {name: value for name, value in rows(site, "SELECT name, value FROM setting") if "." not in name}


with Newsroom() as site:
    subprocess.run([PROGRAM, "init", site.dir], check=True, capture_output=True, stdin=subprocess.DEVNULL)
    begun, old = settings(site), write(site, "old.xml", OLD)
    said = notes(json.loads(site.run("import", old, "--dry-run", "--json")))
    check("a dry run says so", 'the site\'s title would be "Der Kai & Hafen", as on the old site' in said, said)
    equal("and does not", settings(site), begun)
    said = notes(json.loads(site.run("import", old, "--json")))
    equal("taken over", settings(site), {"title": "Der Kai & Hafen", "description": "Ebbe & Flut", "locale": "de-DE",
                                         "timezone": "Europe/Berlin"})
    for what in ("title", "tagline", "language", "time zone"):
        check("said: " + what, any(w.startswith("the site's %s is now" % what) for w in said), said)
    equal("searched by its language", rows(site, "SELECT DISTINCT language FROM story_text"), [("de-DE",)])
    other = write(site, "other.xml", OLD.replace("t.example", "u.example").replace("Kai", "Strand"))
    site.run("import", other)
    equal("another old site overrules nobody", settings(site)["title"], "Der Kai & Hafen")

with Newsroom() as site:
    site.init("The Wharf", "--language", "en", "--timezone", "Asia/Tokyo")
    site.run("import", write(site, "old.xml", OLD))
    equal("what the owner chose stays", settings(site), {"title": "The Wharf", "locale": "en", "timezone": "Asia/Tokyo",
                                                         "description": "Ebbe & Flut"})

# What the database refuses is left out, named, and the rest comes.
with Newsroom() as site:
    site.init()
    with sqlite3.connect(site.dir / "site.db") as db:
        db.execute("CREATE TRIGGER no_nines BEFORE INSERT ON story WHEN new.title IN ('Story 9', 'Story 90') "
                   "BEGIN SELECT RAISE(ABORT, 'no nines here'); END")
        db.execute("CREATE TRIGGER no_reply BEFORE INSERT ON comment WHEN new.html LIKE '%Reply 77.%' "
                   "BEGIN SELECT RAISE(ABORT, 'not that reply'); END")
    made = write(site, "x.xml", EXPORT % "".join(
        item(n, REPLY % (77, 77, 0) + REPLY % (78, 78, 77) + REPLY % (79, 79, 5000) if n == 5 else
             REPLY % (99, 99, 0) if n == 9 else "") for n in range(1, 101)))
    report = json.loads(site.run("import", made, "--json"))
    said = notes(report)
    equal("all but the refused came", (report["came"]["stories"], report["skipped"]["stories"]), (98, 2))
    equal("and are there", rows(site, "SELECT COUNT(*) FROM story"), [(98,)])
    equal("also the replies but the refused", (report["came"]["comments"], report["skipped"]["comments"]), (2, 2))
    refused = [note for what, note in said.items() if "no nines here" in what]
    equal("named, with the reason", [note["where"] for note in refused], [["story-9", "story-90"]])
    check("the reply too", any("not that reply" in what and note["where"] == ["story-5"] for what, note in said.items()), said)
    equal("replies to what is not there begin threads, and are said",
          said["a reply to one that is not there begins a thread"]["count"], 2)
    equal("nothing half done", site.run("check").strip(), "the site is whole")
    with sqlite3.connect(site.dir / "site.db") as db:
        db.execute("DROP TRIGGER no_nines")
    equal("the next run brings them", json.loads(site.run("import", made, "--json"))["came"]["stories"], 2)

# Also a section, tag, author or attachment: the stories come without it.
AUTHOR = """<wp:author><wp:author_id>%d</wp:author_id><wp:author_login>%s</wp:author_login>
<wp:author_email>%s@mail.example</wp:author_email><wp:author_display_name>%s</wp:author_display_name></wp:author>"""
FILED = ('<category domain="category" nicename="low">Low</category><category domain="category" nicename="deep">Deep</category>'
         '<category domain="post_tag" nicename="eels">Eels</category><category domain="post_tag" nicename="quay">Quay</category>'
         '<dc:creator>%s</dc:creator>')
FILE = ("<item><wp:post_id>%d</wp:post_id><wp:post_type>attachment</wp:post_type><title>F</title><link>https://t.example/f%d/</link>"
        "<wp:attachment_url>https://t.example/wp-content/uploads/%s</wp:attachment_url></item>")
with Newsroom() as site:
    site.init()
    with sqlite3.connect(site.dir / "site.db") as db:
        for table, when in (("tag", "new.slug IN ('top', 'eels')"), ("byline", "new.slug = 'ned'"),
                            ("import_attachment", "new.path = 'b.jpg'"), ("redirect", "new.path = '/f51/'")):
            db.execute("CREATE TRIGGER no_%s BEFORE INSERT ON %s WHEN %s BEGIN SELECT RAISE(ABORT, 'not in %s'); END"
                       % (table, table, when, table))
    child = TERM.replace("<wp:cat_name>", "<wp:category_parent>%s</wp:category_parent><wp:cat_name>")
    made = write(site, "x.xml", EXPORT % "".join([
        AUTHOR % (7, "ned", "ned", "Ned"), AUTHOR % (8, "ida", "ida", "Ida"),
        child % (12, "deep", "low", "Deep"), child % (11, "low", "top", "Low"), TERM % (10, "top", "Top"),
        item(1, FILED % "ned"), item(2, FILED % "ida"), FILE % (50, 50, "a.jpg"), FILE % (51, 51, "b.jpg")]))
    report = json.loads(site.run("import", made, "--json"))
    said = notes(report)
    equal("stories whose terms were refused", (report["came"]["stories"], report["skipped"]["stories"]), (2, 0))
    equal("what came", [report["came"][k] for k in ("authors", "sections", "tags", "attachments")], [1, 2, 1, 1])
    equal("what did not", [report["skipped"][k] for k in ("authors", "sections", "tags", "attachments")], [1, 1, 1, 1])
    for kind, table, where in (("a section", "tag", "top"), ("a tag", "tag", "eels"), ("an author", "byline", "Ned"),
                               ("an attachment", "import_attachment", "b.jpg")):
        equal("named: " + kind, [n["where"] for what, n in said.items() if what.startswith(kind + " was refused: ") and "not in " + table in what],
              [[where]])
    equal("what hung below it stays", rows(site, "SELECT t.slug, p.slug FROM tag t LEFT JOIN tag p ON p.id = t.parent ORDER BY 1"),
          [("deep", "low"), ("low", None), ("quay", None)])
    equal("and is on the stories", rows(site, "SELECT COUNT(*) FROM story_tag"), [(6,)])
    equal("whole without", site.run("check").strip(), "the site is whole")
    with sqlite3.connect(site.dir / "site.db") as db:
        for table in ("tag", "byline", "import_attachment", "redirect"):
            db.execute("DROP TRIGGER no_" + table)
    again = json.loads(site.run("import", made, "--json"))
    equal("the next run brings them", [again["came"][k] for k in ("authors", "sections", "tags", "attachments")], [1, 1, 1, 1])
    # What was deleted here since comes again: a new story may be filed under it.
    with sqlite3.connect(site.dir / "site.db") as db:
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("DELETE FROM byline WHERE slug = 'ida'")
        db.execute("DELETE FROM tag WHERE slug = 'quay'")
    more = write(site, "y.xml", EXPORT % (AUTHOR % (8, "ida", "ida", "Ida") + item(3, FILED % "ida")))
    equal("filed under what was deleted", json.loads(site.run("import", more, "--json"))["came"]["stories"], 1)
    equal("which came again", rows(site, "SELECT b.slug FROM story s JOIN byline b ON b.id = s.primary_byline WHERE s.slug = 'story-3'"),
          [("ida",)])

# A reply's byline is the user who wrote it there, never a name or an email: not even in a file that lists no authors.
with Newsroom() as site:
    site.init()
    signed = REPLY.replace("</wp:comment>", "<wp:comment_user_id>%s</wp:comment_user_id></wp:comment>").replace(">A<", ">Ida<")
    signed = signed.replace("<wp:comment_content>", "<wp:comment_author_email>ida@mail.example</wp:comment_author_email><wp:comment_content>")
    site.run("import", write(site, "x.xml", EXPORT % (
        AUTHOR % (8, "ida", "ida", "Ida") + item(1, "<dc:creator>ida</dc:creator>" + signed % (1, 1, 0, "8") + signed % (2, 2, 0, "0")
                                                 + signed % (3, 3, 0, "9") + REPLY % (4, 4, 0)))))
    site.run("import", write(site, "y.xml", EXPORT % item(2, signed % (5, 5, 0, "8"))))
    equal("by number", rows(site, "SELECT c.html, b.slug FROM comment c LEFT JOIN byline b ON b.id = c.byline ORDER BY c.id"),
          [("<p>Reply %d.</p>" % n, "ida" if n in (1, 5) else None) for n in range(1, 6)])
    site.serve()
    pages = [site.get("/story-%d/" % n).text for n in (1, 2)]
    equal("Author on one's own story", [page.count('bs-badge">Author<') for page in pages], [1, 0])
    equal("Staff on another's", [page.count('bs-badge">Staff<') for page in pages], [0, 1])

with Newsroom() as site:
    site.init()
    site.run("import", write(site, "w.xml", EXPORT % "".join([
        TERM % (11, "news", "News"), TERM % (12, "sport", "Sport"), TERM % (13, "", ""),
        TERM % (14, "%d0%bc%d0%b8%d1%80", "Мир"), TERM % (15, "long", "x" * 500),
        item(1, '<category domain="category" nicename="news">News</category><category domain="category" '
                'nicename="sport">Sport</category><wp:postmeta><wp:meta_key>_yoast_wpseo_primary_category'
                '</wp:meta_key><wp:meta_value>12</wp:meta_value></wp:postmeta>'
                + REPLY % (1, 1, 3) + REPLY % (3, 3, 0)),
        item(2, REPLY % (2, 2, 1)),
        item(3, post_type="x_type"),
        item(4).replace("<title>Story 4</title>", "<title>%s</title>" % ("word " * 900)),
        '<item><title>Games</title><wp:post_id>90</wp:post_id><wp:post_type>nav_menu_item</wp:post_type>'
        '<wp:status>publish</wp:status><category domain="nav_menu" nicename="main">Main</category>'
        + "".join("<wp:postmeta><wp:meta_key>_menu_item_%s</wp:meta_key><wp:meta_value>%s</wp:meta_value>"
                  "</wp:postmeta>" % pair for pair in (("type", "taxonomy"), ("object", "category"),
                                                       ("object_id", "12"))) + "</item>"])))
    equal("without a type: a story",
          rows(site, "SELECT state, kind FROM story WHERE slug = 'story-3'"), [("published", "story")])
    equal("a title of any length", rows(site, "SELECT COUNT(*) FROM story WHERE title LIKE 'word word%'"), [(1,)])
    equal("the main section is the one that was chosen",
          rows(site, "SELECT t.slug FROM story s JOIN tag t ON t.id = s.primary_tag WHERE s.slug = 'story-1'"), [("sport",)])
    equal("a menu finds its section by number", json.loads(
        rows(site, "SELECT value FROM setting WHERE name = 'navigation'")[0][0]), [{"label": "Games", "url": "/tag/sport/"}])
    equal("replies, also one whose parent stands elsewhere", rows(site, "SELECT COUNT(*) FROM comment"), [(3,)])
    site.serve()
    answer = site.get("/category/%D0%BC%D0%B8%D1%80/")
    equal("a section's old address of other letters", (answer.status, answer.location.endswith("/tag/mir/")), (301, True))
finish()
