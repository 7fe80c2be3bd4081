#!/usr/bin/env python3
"""The settings at the desk, in the real program: each page by role, what is wrong kept and said, what is right seen at once."""
import html
import re
import subprocess

from newsroom import PROGRAM, Newsroom, Page, check, equal, finish

PASSWORD = "a lamp at the quay"


class Browser:
    """Somebody's, signed in: keeps the cookie, and sends a form as the page before had it."""

    def __init__(self, site, email=None):
        self.site, self.cookie, self.page = site, None, None
        if email is not None:
            self.get("/desk/sign-in/")
            self.post("/desk/sign-in/", {"email": email, "password": PASSWORD, "to": "/desk/"})

    def take(self, answer):
        line = answer.headers.get("set-cookie")
        if line:
            self.cookie = line.split(";")[0]
        if answer.status != 303:
            self.page = answer
        return answer

    def get(self, path, **headers):
        return self.take(self.site.get(path, **headers, **({"Cookie": self.cookie} if self.cookie else {})))

    @property
    def token(self):
        return re.search(r'name="csrf" value="([0-9a-f]+)"', self.page.text).group(1)

    def post(self, path, fields, **headers):
        fields = [("csrf", self.token), *(fields.items() if isinstance(fields, dict) else fields)]
        return self.take(self.site.post(path, fields, **headers, **({"Cookie": self.cookie} if self.cookie else {})))

    @property
    def said(self):
        return html.unescape(self.page.text)


def form_of(text, action):
    """The fields of the form with that action, as a browser would send them."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', text, re.S).group(0)
    fields = {}
    for m in re.finditer(r"<input ([^>]*)>", form):
        attrs = dict(re.findall(r'([a-z-]+)="([^"]*)"', m.group(1)))
        if attrs.get("type") == "checkbox" and " checked" not in m.group(1):
            continue
        if "name" in attrs and attrs["name"] != "csrf":
            fields[attrs["name"]] = html.unescape(attrs.get("value", ""))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.S):
        fields[name] = html.unescape(text)
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        fields[name] = html.unescape(chosen.group(1))
    return fields


def whole(what, answer):
    page = Page(answer.text)
    check(f"{what}: well nested", not page.broken, page.broken)
    equal(f"{what}: one h1", len(page.all("h1")), 1)
    check(f"{what}: no id twice", len(page.ids) == len(set(page.ids)), page.ids)
    check(f"{what}: no key without its string", not re.search(r"\b(settings?|step|home|choice|wrong|done)\.[a-z-]+", page.text), page.text)
    return page


def general(site, ann):
    path = "/desk/settings/"
    whole("general", ann.get(path))
    form = form_of(ann.page.text, path)
    equal("the title as it is", form["title"], "The Wharf")
    check("a real list of zones", ann.page.text.count("<option") > 300)
    wrong = {**form, "title": "", "accent_color": "reddish", "posts_per_page": "0", "locale": "not a tag!", "timezone": "Europe/Atlantis",
             "logo": "javascript:alert(1)", "description": "Boats & <b>trains</b>"}
    answer = ann.post(path, wrong)
    whole("wrong", answer)
    equal("refused", answer.status, 422)
    for name in ("title", "accent_color", "posts_per_page", "locale", "timezone", "logo"):
        check(f"a sentence by {name}", f'id="{name}-wrong"' in answer.text)
    check("none by the others", 'id="description-wrong"' not in answer.text)
    equal("what was typed is kept", {k: v for k, v in form_of(answer.text, path).items() if k != "timezone"},
          {k: v for k, v in wrong.items() if k != "timezone"})
    check("the bounds are named", "from 1 to 100" in answer.text)
    check("nothing was changed", "Boats" not in site.get("/").text)
    good = {**form, "title": "The Wharf & Quay", "description": "Boats & <b>trains</b>", "accent_color": "#1f4e7a", "timezone": "Europe/Lisbon",
            "locale": "pt", "logo": "/content/images/logo.png"}
    equal("saved", ann.post(path, good).location, "/desk/settings/?done=settings-saved")
    front = site.get("/").text
    check("readers see it at once", "The Wharf &amp; Quay" in front and "#1f4e7a" in front and 'lang="pt"' in front, front[:600])
    ann.get(path)
    equal("and the page has it", form_of(ann.page.text, path), good)
    ann.post(path, {**good, "accent_color": ""})
    ann.get(path)
    equal("empty: the default again", form_of(ann.page.text, path)["accent_color"], "#7a1f1f")
    ann.post(path, {"title": "Only this"})
    ann.get(path)
    equal("what did not come stays", form_of(ann.page.text, path)["description"], "Boats & <b>trains</b>")
    ann.get("/desk/log/")
    check("the log says what", "Changed settings" in ann.said and "accent_color" in ann.said)


def others(site, ann):
    social = "/desk/settings/social/"
    whole("social", ann.get(social))
    ann.post(social, {**form_of(ann.page.text, social), "meta_title": "All the news of the quay", "twitter": "@thewharf"})
    front = site.get("/").text
    check("the front says so", "<title>All the news of the quay</title>" in front and "@thewharf" in front)
    replies = "/desk/settings/replies/"
    whole("replies", ann.get(replies))
    form = form_of(ann.page.text, replies)
    equal("an email is wanted", form["comments_require_email"], "true")
    answer = ann.post(replies, {**form, "comments_links_max": "many"})
    equal("no number", answer.status, 422)
    equal("kept", form_of(answer.text, replies)["comments_links_max"], "many")
    form.pop("comments_require_email")
    ann.post(replies, {**form, "comments_moderation": "all", "comments_close_days": "30"})
    ann.get(replies)
    now = form_of(ann.page.text, replies)
    equal("unticked, chosen, typed", (now.get("comments_require_email"), now["comments_moderation"], now["comments_close_days"]), (None, "all", "30"))
    code = "/desk/settings/code/"
    whole("code", ann.get(code))
    check("with a warning", "warning" in ann.page.text)
    ann.post(code, {"codeinjection_head": "<style>h1 { color: teal }</style>", "codeinjection_foot": ""})
    check("in the head", "<style>h1 { color: teal }</style>" in site.get("/").text)
    ann.get(code)
    equal("exactly", form_of(ann.page.text, code)["codeinjection_head"], "<style>h1 { color: teal }</style>")


def home(site, ann, eve):
    whole("home", ann.get("/desk/"))
    equal("five steps", ann.page.text.count('class="step"'), 5)
    equal("the title was given to init", ann.page.text.count('class="ticked"'), 1)
    equal("put away", ann.post("/desk/steps/", {"do": "away"}).location, "/desk/")
    ann.get("/desk/")
    check("out of sight", 'class="step"' not in ann.page.text and "Show the first steps again" in ann.page.text)
    whole("an author's home", eve.get("/desk/"))
    check("and for others", 'class="step"' not in eve.page.text and "first steps" not in eve.page.text)
    ann.post("/desk/steps/", {"do": "back"})
    eve.get("/desk/")
    check("an author is told of what is theirs", eve.page.text.count('class="step"') == 1 and "Write one" in eve.page.text)
    equal("and puts nothing away", eve.post("/desk/steps/", {"do": "away"}).status, 403)


def menus(site, ann):
    path = "/desk/settings/menus/"
    whole("menus", ann.get(path))

    def send(do, *lines):
        rows = [pair for label, url in lines for pair in (("navigation-label", label), ("navigation-url", url))]
        return ann.post(path, [*rows, ("secondary_navigation-label", "Imprint"), ("secondary_navigation-url", "/imprint/"), ("do", do)])

    def now():
        return re.findall(r'name="navigation-label" type="text" value="([^"]*)"', ann.page.text)

    lines = [("One", "/one/"), ("Two & more", "https://two.example/"), ("Three", "#three")]
    equal("a line is added", send("add-navigation", *lines).status, 200)
    check("the typed is there, and an empty one", now() == ["One", "Two &amp; more", "Three"] and ann.page.text.count('name="navigation-label"') == 4)
    send("up-navigation-2", *lines)
    equal("moved up", now(), ["One", "Three", "Two &amp; more"])
    send("down-navigation-0", *lines)
    equal("moved down", now(), ["Two &amp; more", "One", "Three"])
    send("out-navigation-1", *lines)
    equal("taken out", now(), ["One", "Three"])
    for nonsense in ("up-navigation-9", "up-other-1", "out-navigation-x", "what", ""):
        send(nonsense, *lines)
        equal(f"{nonsense!r} does nothing", now(), ["One", "Two &amp; more", "Three"])
    whole("an unsaved menu", ann.page)
    check("nothing is saved yet", "/one/" not in site.get("/").text)
    answer = send("save", *lines, ("", ""), ("No address", ""), ("", "/no-label/"), ("Bad", "javascript:alert(1)"), ("Bare", "bare"))
    equal("refused", answer.status, 422)
    equal("a sentence by each", answer.text.count('class="wrong"'), 4)
    equal("saved", send("save", *lines, ("", "")).location, f"{path}?done=settings-saved")
    front = site.get("/").text
    check("on the page", all(x in front for x in ("/one/", "https://two.example/", "Two &amp; more", "#three", "/imprint/")), front)
    ann.get(path)
    equal("three lines", ann.page.text.count('name="navigation-label"'), 3)
    check("pages and tags are suggested", '<option value="/tag/' in ann.page.text or "<datalist" in ann.page.text)


def roles(site, eve):
    for path in ("", "social/", "replies/", "code/", "menus/"):
        equal(f"an author has no {path or 'general'}", eve.get(f"/desk/settings/{path}").status, 403)
        eve.get("/desk/account/")
        equal(f"nor changes {path or 'general'}", eve.post(f"/desk/settings/{path}", {"title": "Mine"}).status, 403)


def add(site, email, role):
    done = subprocess.run([PROGRAM, "user", "add", "--site", str(site.dir), email, "--name", email.split("@")[0].title(), "--role", role],
                          input=PASSWORD + "\n", capture_output=True, text=True)
    check(f"{email} is added", done.returncode == 0, done.stderr)


with Newsroom() as site:
    site.init("The Wharf")
    add(site, "ann@wharf.example", "owner")
    add(site, "eve@wharf.example", "author")
    site.serve("--access-log", "none")
    ann, eve = Browser(site, "ann@wharf.example"), Browser(site, "eve@wharf.example")
    home(site, ann, eve)
    roles(site, eve)
    general(site, ann)
    others(site, ann)
    menus(site, ann)
finish()
