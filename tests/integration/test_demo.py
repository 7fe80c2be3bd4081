"""The sample paper: every page answers, related stories are about the same thing, nothing private shows."""
import collections
import json
import pathlib
import re

from newsroom import ROOT, Newsroom, Page, check, equal, finish

STORIES = sorted((ROOT / "demo" / "stories").glob("*.md"))


def topic_of(path):
    m = re.search(r"^topic: *(.+)$", path.read_text(encoding="utf-8"), re.M)
    return m.group(1).strip() if m else None


topics = {re.sub(r"^\d+-", "", p.stem): topic_of(p) for p in STORIES}
sizes = collections.Counter(t for t in topics.values() if t)

with Newsroom() as site:
    site.init("Demo", "--demo")
    check("at least 40 stories", len(topics) >= 40, len(topics))
    check("at least eight topics", len([t for t, n in sizes.items() if n >= 5]) >= 8, sizes)
    site.serve()

    good = poor = 0
    for slug, topic in topics.items():
        page = site.get(f"/{slug}/")
        if not equal(f"/{slug}/", page.status, 200):
            continue
        parsed = Page(page.text)
        equal(f"/{slug}/: nesting", parsed.broken[:2], [])
        equal(f"/{slug}/: one h1", len(parsed.all("h1")), 1)
        check(f"/{slug}/: under 60 KB", len(page.body) < 60_000, len(page.body))
        check(f"/{slug}/: no reader's address", "@example.org" not in page.text)
        check(f"/{slug}/: no cookie", "set-cookie" not in page.headers)
        for host in re.findall(r'(?:src|srcset)="(https?://[^"/]+)', page.text):
            check(f"/{slug}/: asks no other host", host == "http://localhost:8080", host)
        if topic and sizes[topic] >= 5:
            related = [r["slug"] for r in json.loads(site.run("related", slug, "--json"))][:4]
            same = sum(topics.get(r) == topic for r in related)
            if same >= 3:
                good += 1
            else:
                poor += 1
                print(f"  {slug} ({topic}): {[(r, topics.get(r)) for r in related]}")
    check("three of four related are on the story's topic, for every story", poor == 0 and good > 30, (good, poor))

    for path in ("/", "/tag/harbour/", "/about/", "/search/?q=ferry", "/rss/", "/2026/11/", "/sitemap.xml"):
        equal(path, site.get(path).status, 200)
    popular = json.loads(site.run("popular", "--json"))
    check("popular is not empty", len(popular) >= 3, popular)
    found = json.loads(site.run("search", "herring", "quota", "--json"))
    check("search finds", len(found) > 0 and topics.get(found[0]["slug"]) == "herring", found[:2])
    pending = json.loads(site.run("comment", "list", "--json"))
    check("some replies wait", len(pending) >= 3, len(pending))
    listed = site.run("comment", "list", "--state", "all")
    check("replies are listed as text", len(listed) > 0 and "<p>" not in listed)
    check("dates are British", re.search(r"\b\d{1,2} Nov(ember)? 2026\b", site.get("/").text))
    equal("check", site.command("check")[0], 0)
    copy = site.top / "copy"
    site.run("backup", copy)
    check("a copy holds the site", (copy / "site.db").exists() and (copy / "media").exists())
    site.stop()

    # The copy, brought back elsewhere, serves the same story.
    slug = next(iter(topics))
    with Newsroom() as other:
        other.run("restore", copy)
        other.serve()
        page = other.get(f"/{slug}/")
        equal("a restored site serves", page.status, 200)
        other.stop()
    out = site.top / "archive"
    site.run("export", "--to", "archive", out)
    text = "".join(p.read_text(errors="replace") for p in pathlib.Path(out).rglob("*.jsonl"))
    check("the archive holds the stories", all(f'"{s}"' in text for s in topics))
    check("and no reader's address", "@example.org" not in text)
finish()
