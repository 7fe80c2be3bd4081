"""The public theme-test export of WordPress (../shared/samples): counts, addresses, threads, clean bodies."""
import collections
import json
import re
import urllib.parse
import xml.etree.ElementTree as ET

from newsroom import Newsroom, Page, check, equal, finish, shared

WXR = shared("samples/wxr/themeunittestdata.wordpress.xml")
WP = "{*}"  # the namespace's address ends in the format's version


def of(item, tag):
    return item.findtext(WP + tag) or ""


items = ET.parse(WXR).getroot().find("channel").findall("item")
assert len(items) > 100
kinds = collections.Counter(of(i, "post_type") for i in items)
shown = [i for i in items if of(i, "post_type") in ("post", "page") and of(i, "status") == "publish"
         and not of(i, "post_password")]
comments = [c for i in items for c in i.findall(WP + "comment")]
plain = [c for c in comments if of(c, "comment_type") in ("", "comment")]

with Newsroom() as site:
    site.init("Theme test")
    report = json.loads(site.run("import", WXR, "--json"))
    came = report["came"]
    equal("stories in the report", came["stories"] + report["skipped"].get("stories", 0), kinds["post"])
    equal("pages in the report", came["pages"] + report["skipped"].get("pages", 0), kinds["page"])
    equal("attachments in the report", came["attachments"], kinds["attachment"])
    equal("menu items in the report", came["menu_items"], kinds["nav_menu_item"])
    equal("comments in the report", came["comments"] + report["skipped"].get("comments", 0), len(comments))
    equal("comments that came", came["comments"], len(plain))
    creators = {i.findtext(WP + "creator") for i in items
                if of(i, "post_type") in ("post", "page")}
    logins = {of(a, "author_login") for a in ET.parse(WXR).getroot().find("channel").findall(WP + "author")}
    equal("authors in the report", came["authors"], len(creators | logins))

    again = json.loads(site.run("import", WXR, "--json"))
    check("a second run adds nothing twice", all(n == 0 for n in again["came"].values()), again["came"])

    equal("the site is whole", site.run("check").strip(), "the site is whole")

    site.serve()
    raw_shortcode = re.compile(r"\[/?(caption|gallery|audio|video|embed|playlist|youtube|code|wp_caption)\b[^\]]*\]")
    threads = 0
    for item in shown:
        slug = urllib.parse.unquote(of(item, "post_name"))
        name = f"{of(item, 'post_type')} {of(item, 'post_id')} {slug!r}"
        old = urllib.parse.urlsplit(item.findtext("link"))
        old_path = old.path + ("?" + old.query if old.query else "")
        answer = site.get(old_path)
        landed = old_path
        if answer.status == 301:
            landed = urllib.parse.urlsplit(answer.location).path
            answer = site.get(landed)
        if not equal(f"{name} at {landed}", answer.status, 200):
            continue
        check(f"{name}: old address answers 301", landed != old_path or old_path.strip("/").count("/") == 0, old_path)
        equal(f"{name}: at its slug", site.get("/" + urllib.parse.quote(slug) + "/").status in (200, 301), True)
        text = answer.text
        page = Page(text)
        equal(f"{name}: nesting", page.broken[:3], [])
        check(f"{name}: no block comment", "<!-- wp:" not in text and "<!-- /wp:" not in text)
        body = re.sub(r"<(pre|code)\b.*?</\1>", "", text, flags=re.S)
        check(f"{name}: no raw shortcode", not raw_shortcode.search(body), raw_shortcode.search(body))
        equal(f"{name}: ids once", [i for i, n in collections.Counter(page.ids).items() if n > 1], [])
        check(f"{name}: no cookie", "set-cookie" not in answer.headers)
        mine = [c for c in item.findall(WP + "comment") if c in plain and of(c, "comment_approved") == "1"]
        got = len(re.findall(r'id="reply-\d+"', text))
        if of(item, "post_type") == "post":
            equal(f"{name}: replies shown", got, len(mine))
            threads += sum(1 for c in mine if of(c, "comment_parent") != "0")
    check("the sample has threads to keep", threads > 3)
    equal("?p=ID goes to the story", site.get("/?p=" + of(shown[0], "post_id")).status, 301)
    equal("an address that never was", site.get("/nothing-here/").status, 404)
    for path in ("/", "/rss/", "/atom.xml", "/feed.json", "/sitemap.xml", "/robots.txt", "/search/?q=lorem"):
        equal(path, site.get(path).status, 200)
    equal("serve ends cleanly", site.stop(), 0)
finish()
