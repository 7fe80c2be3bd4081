"""A saved page of an old site as one text file (../shared/samples/story.txt): its furniture is left out."""
import json
import re

from newsroom import Newsroom, Page, check, equal, finish, shared

STORY = shared("samples/story.txt")

with Newsroom() as site:
    site.init("One story")
    report = json.loads(site.run("import", STORY, "--json"))
    equal("one story came", report["came"]["stories"], 1)
    check("the report says what was left out", "Tags :" in json.dumps(report), report)
    site.serve()
    front = site.get("/")
    slug = re.search(r'href="[^"]*/(rubio-[a-z0-9-]+)/"', front.text)
    check("the story is on the front page", slug is not None)
    page = site.get(f"/{slug.group(1)}/")
    equal("story page", page.status, 200)
    text = Page(page.text).text
    body = re.search(r'gh-content[^"]*">(.*?)</div>', page.text, re.S)
    check("body ends with the Defence Minister's paragraph",
          "Putin to engage in negotiations." in text)
    check("no furniture in the body", body and not re.search(
        r"Tags :|Related Post|Leave a Reply|Latest Stories|Popular Stories|You may also like|ghweb", body.group(0)))
    for heading in ("Tags", "Related stories", "Related Post", "Leave a reply", "Latest stories", "Popular stories",
                    "You may also like"):
        found = re.findall(rf"<h[1-6][^>]*>\s*(?:<[^>]+>\s*)*{heading}\s*<", page.text, re.I)
        check(f"{heading}: at most once", len(found) <= 1, found)
    for slot in ("Related stories", "Latest stories", "Popular stories", "You may also like"):
        check(f"{slot}: absent on a site of one story", slot.lower() not in text.lower())
    check("no copyright of the old site", "ghweb" not in page.text)

    tags = [t["name"] for t in json.loads(site.run("tags", "--proposed", "--json"))][:8]
    for want in ("Trump", "Putin", "Zelensky", "Ukraine", "Russia", "Turkey", "Istanbul"):
        check(f"{want} is among the first eight tags proposed", any(want in t for t in tags), tags)
    days = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August " \
           "September October November December".split()
    check("no weekday or month is proposed", not set(tags) & set(days), tags)

with Newsroom() as site:
    site.init("Kept")
    site.run("import", STORY, "--keep-all")
    site.serve()
    slug = re.search(r'href="[^"]*/(rubio-[a-z0-9-]+)/"', site.get("/").text).group(1)
    check("--keep-all keeps the furniture", "ghweb" in site.get(f"/{slug}/").text)
finish()
