#!/usr/bin/env python3
"""The settings at the desk, in the real program: each page by role, what is wrong kept and said, what is right seen at once."""
import html
import io
import json
import re
import subprocess
import zipfile

from newsroom import PROGRAM, Newsroom, Page, check, equal, finish, small_export

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

    def upload(self, path, name, data):
        mark = "------quay"
        body = (f'--{mark}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{self.token}\r\n--{mark}\r\nContent-Disposition: form-data; '
                f'name="file"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n').encode() + data + f"\r\n--{mark}--\r\n".encode()
        return self.take(self.site.request("POST", path, body, {"Cookie": self.cookie, "Origin": f"http://127.0.0.1:{self.site.port}",
                                                                "Content-Type": f"multipart/form-data; boundary={mark}"}))

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
    equal("the title was given to init, and stories came", ann.page.text.count('class="ticked"'), 2)
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


PACKAGE = """{"name": "harbour", "version": "2.1.0", "description": "Boats <b>and</b> ropes", "author": {"name": "Olaf"}, "config": {"custom": {
    "layout": {"type": "select", "options": ["Wide", "Narrow"], "default": "Wide", "description": "How <i>wide</i>?"},
    "show_date": {"type": "boolean", "default": true, "group": "post"},
    "ink": {"type": "color", "default": "#112233"},
    "seal": {"type": "image", "group": "homepage"},
    "motto": {"type": "text", "default": "All aboard", "group": "homepage"}}}}"""


def theme_zip(**files):
    """A theme in a folder; a file's name with its dots as __."""
    content = {"package.json": PACKAGE, "post.hbs": "post",
               "index.hbs": "<p>harbour: {{@custom.layout}}, {{@custom.ink}}, {{@custom.motto}}, {{@custom.seal}}, {{#if @custom.show_date}}dated{{/if}}</p>"}
    content.update({name.replace("__", "."): text for name, text in files.items()})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, text in content.items():
            z.writestr(name if name.startswith("..") else f"harbour-main/{name}", text)
    return out.getvalue()


def themes(site, ann):
    path, up = "/desk/settings/themes/", "/desk/settings/themes/upload/"
    whole("themes", ann.get(path))
    check("the built-in one is worn", "in use" in ann.page.text and "/zip/" in ann.page.text)
    evil = io.BytesIO()
    with zipfile.ZipFile(evil, "w") as z:
        z.writestr("harbour/package.json", PACKAGE)
        link = zipfile.ZipInfo("harbour/index.hbs")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        z.writestr(link, "/etc/passwd")
    for what, data, sentence in (
            ("no zip", b"GIF89a", "not a zip"),
            ("nothing", b"", "choose a file"),
            ("a broken template", theme_zip(post__hbs="one\n{{#if x}}"), "post.hbs:2:1:"),
            ("no index", theme_zip(package__json='{"name": "x"}', index__hbs="{{> nowhere}}"), "index.hbs:1:1:"),
            ("a way out", theme_zip(**{"../evil.hbs": "x"}), "no path in a theme"),
            ("a bomb", theme_zip(**{"assets/zeros": "\0" * (80 << 20)}), "at most 64 MB"),
            ("a link", evil.getvalue(), "is a link"),
            ("the built-in's name", theme_zip(package__json='{"name": "broadsheet"}'), "built-in theme")):
        answer = ann.upload(up, "theme.zip", data)
        equal(f"{what}: refused", answer.status, 422)
        check(f"{what}: says why", sentence in html.unescape(answer.text), re.findall(r'role="alert">.*?<', answer.text))
    whole("a refusal", ann.page)
    equal("nothing is left", list((site.dir / "themes").iterdir()), [])
    equal("a good one", ann.upload(up, "theme.zip", theme_zip()).location, path + "?done=theme-added")
    whole("two themes", ann.get(path))
    check("its own words are words", "Boats &lt;b&gt;and&lt;/b&gt; ropes" in ann.page.text and "Olaf" in ann.page.text)
    equal("put on", ann.post(path + "use/", {"theme": "harbour"}).location, path + "?done=theme-used")
    check("readers see it at once", site.get("/").text.startswith("<p>harbour: Wide, #112233, All aboard, , dated"), site.get("/").text[:100])
    equal("not removed while worn", ann.post(path + "remove/", {"theme": "harbour"}).status, 409)
    ann.get(path)
    equal("no such theme", ann.post(path + "use/", {"theme": "../harbour"}).status, 422)

    own = path + "custom/"
    whole("its settings", ann.get(own))
    form = form_of(ann.page.text, own)
    equal("as the theme has them", form, {"custom.layout": "Wide", "custom.ink": "#112233", "custom.seal": "", "custom.motto": "All aboard", "custom.show_date": "true"})
    check("in its groups", ann.page.text.index("The whole site") < ann.page.text.index("The front page") < ann.page.text.index("A story&#x27;s page"))
    answer = ann.post(own, {**form, "custom.layout": "Round", "custom.ink": "blue", "custom.seal": "javascript:1", "custom.motto": "Kept"})
    equal("refused", answer.status, 422)
    equal("three sentences", answer.text.count('class="wrong"'), 3)
    equal("kept", form_of(answer.text, own)["custom.motto"], "Kept")
    form.pop("custom.show_date")
    ann.post(own, {**form, "custom.layout": "Narrow", "custom.ink": "#445566", "custom.motto": "<b>Mind</b> the gap"})
    check("seen at once", site.get("/").text.startswith("<p>harbour: Narrow, #445566, &lt;b&gt;Mind&lt;/b&gt; the gap, , </p>"), site.get("/").text[:100])
    ann.get(path)
    equal("a newer one", ann.upload(up, "t.zip", theme_zip(index__hbs="second {{@custom.layout}}")).location, path + "?done=theme-replaced")
    equal("worn at once", site.get("/").text, "second Narrow")
    ann.get(path)
    ann.upload(up, "t.zip", theme_zip(index__hbs="{{#foreach posts}}x{{/foreach}} of {{@config.posts_per_page}}"))
    equal("a theme without a number: Ghost's", site.get("/").text, "xxx of 5")
    ann.get("/desk/settings/")
    ann.post("/desk/settings/", {**form_of(ann.page.text, "/desk/settings/"), "posts_per_page": "2"})
    equal("or the site's", site.get("/").text, "xx of 2")
    ann.get(path)
    ann.upload(up, "t.zip", theme_zip(index__hbs="second {{@custom.layout}}"))
    ann.get(path)
    ann.post(path + "use/", {"theme": "broadsheet"})
    check("the built-in one again", not site.get("/").text.startswith("second"))
    ann.get(path)
    ann.post(path + "use/", {"theme": "harbour"})
    equal("what was chosen comes back", site.get("/").text, "second Narrow")
    zipped = ann.get(path + "harbour/zip/")
    equal("downloaded", sorted(zipfile.ZipFile(io.BytesIO(zipped.body)).namelist()),
          ["harbour/index.hbs", "harbour/package.json", "harbour/post.hbs"])
    check("as a file", zipped.headers["content-type"] == "application/zip" and "harbour.zip" in zipped.headers["content-disposition"])
    check("the built-in one too", "broadsheet/index.hbs" in zipfile.ZipFile(io.BytesIO(ann.get(path + "broadsheet/zip/").body)).namelist())
    check("nothing else", ann.get(path + "..%2fsite.db/zip/").status in (400, 404))
    ann.get(path)
    ann.post(path + "use/", {"theme": "broadsheet"})
    ann.get(path)
    equal("removed", ann.post(path + "remove/", {"theme": "harbour"}).location, path + "?done=theme-removed")
    equal("gone", list((site.dir / "themes").iterdir()), [])
    (site.top / "h.zip").write_bytes(theme_zip())
    check("by command too", "harbour is installed" in site.run("theme", "install", site.top / "h.zip"))
    check("listed", "  harbour" in site.run("theme", "list") and json.loads(site.run("theme", "list", "--json"))[1]["version"] == "2.1.0")
    equal("which?", site.command("theme", "use")[0], 2)
    site.run("theme", "use", "harbour")
    equal("not the worn one", site.command("theme", "remove", "harbour")[0], 1)
    site.run("theme", "use", "broadsheet")
    site.run("theme", "remove", "harbour")


def redirects(site, ann):
    path = "/desk/settings/redirects/"
    whole("redirects", ann.get(path))
    imported = ann.page.text.count("/2020/01/story-")
    check("what the import left", imported > 0 and "goes with it" in ann.page.text)

    def add(old, to, code="301"):
        ann.get(path)
        return ann.post(path + "add/", {"from": old, "to": to, "code": code})

    equal("nothing there", site.get("/go/").status, 404)
    equal("added", add("/Go", "/story-1/").location, path + "?done=redirect-added")
    answer = site.get("/go/")
    equal("at once", (answer.status, answer.location), (301, "/story-1/"))
    add("/soon/", "https://elsewhere.example/x?y=1", "302")
    answer = site.get("/soon/")
    equal("for now, elsewhere", (answer.status, answer.location), (302, "https://elsewhere.example/x?y=1"))
    for what, old, to, field in (("no path", "go", "/x/", "from"), ("no address", "/x/", "nowhere", "to"), ("script", "/x/", "javascript:alert(1)", "to"),
                                 ("itself", "/x/", "/X", "to"), ("round", "/story-one/", "/loop/", None), ("round and back", "/loop/", "/story-one/", "to"),
                                 ("a page", "/story-1/", "/x/", "from")):
        answer = add(old, to)
        if field is None:
            equal(f"{what}: is fine", answer.status, 303)
            continue
        equal(f"{what}: refused", answer.status, 422)
        check(f"{what}: by its field", f'id="{field}-wrong"' in answer.text)
        check(f"{what}: kept", f'value="{old}"' in answer.text and f'value="{to}"' in answer.text)
    whole("a refused redirect", ann.page)
    ann.get(path + "?q=Soon")
    check("found by its beginning", "/soon/" in ann.page.text and "/go/" not in ann.page.text.split("Old addresses")[1])
    equal("removed", ann.post(path + "remove/", {"path": "/soon/"}).location, path + "?done=redirect-removed")
    equal("gone at once", site.get("/soon/").status, 404)

    ann.get(path)
    answer = ann.upload(path + "upload/", "redirects.yaml", b"301:\n  ^/a/$: /story-2/\n  /b.html: /story-3/\n  /c/(.*): /d/$1\n  /e/: /E/\n302:\n  /f/: https://f.example/\n")
    whole("a file", answer)
    check("three taken", "3 redirects are taken. 2 were not:" in ann.said, ann.said)
    check("the others by name", "/c/(.*)" in answer.text and "A pattern" in answer.text and "lead back to itself" in answer.text)
    equal("they answer", [(site.get(p).status, site.get(p).location) for p in ("/a/", "/b.html", "/f/")],
          [(301, "/story-2/"), (301, "/story-3/"), (302, "https://f.example/")])
    for what, data in (("no file of redirects", b"hello"), ("nothing", b""), ("a list without an end", b"[{")):
        ann.get(path)
        answer = ann.upload(path + "upload/", "redirects.yaml", data)
        check(f"{what}: refused by its field", answer.status == 422 and 'id="file-wrong"' in answer.text, answer.status)
    yaml, js = ann.get(path + "redirects.yaml"), ann.get(path + "redirects.json")
    check("out as YAML", yaml.text.startswith("301:\n") and '  "/a/": "/story-2/"\n' in yaml.text and "302:\n" in yaml.text, yaml.text[:300])
    entries = {e["from"]: (e["to"], e["permanent"]) for e in json.loads(js.text)}
    equal("out as JSON", (entries["/f/"], entries["/b\\.html/"]), (("https://f.example/", False), ("/story-3/", True)))
    check("what an import left, with where it is now", ("/story-2/", True) in entries.values() and len(entries) > 5)
    ann.get(path)
    check("what came out goes in", "2 were not" not in html.unescape(ann.upload(path + "upload/", "redirects.json", js.body).text))


def account(site, eve):
    path = "/desk/account/"
    whole("account", eve.get(path))
    answer = eve.post(path + "self/", {"name": "   ", "language": "no tag!"})
    equal("no name, no language", (answer.status, answer.text.count('class="wrong"')), (422, 2))
    equal("saved", eve.post(path + "self/", {"name": " Eve  Ling ", "language": "en"}).location, path + "?done=self-changed")
    eve.get(path)
    check("named anew", "Eve  Ling" in eve.said and 'value="en" lang="en" selected' in eve.page.text)
    for what, email, proof, field in (("no address", "eve", PASSWORD, "new_email"), ("another's", "Ann@wharf.example", PASSWORD, "new_email"),
                                      ("a wrong password", "eve@quay.example", "not this one", "proof")):
        answer = eve.post(path + "email/", {"new_email": email, "proof": proof})
        equal(f"{what}: refused", answer.status, 422)
        check(f"{what}: by its field, and kept", f'id="{field}-wrong"' in answer.text and f'value="{email}"' in answer.text)
    whole("a refused email", eve.page)
    equal("changed", eve.post(path + "email/", {"new_email": "Eve@Quay.example ", "proof": PASSWORD}).location, path + "?done=email-changed")
    equal("still signed in", eve.get(path).status, 200)
    check("with the new one", "eve@quay.example" in eve.page.text)
    equal("and signs in with it", Browser(site, "eve@quay.example").get(path).status, 200)
    equal("not with the old", Browser(site, "eve@wharf.example").get(path).status, 303)


def command(site, ann):
    site.run("setting", "set", "title", "Set by hand")
    check("seen by readers", site.wait_for(lambda: "Set by hand" in site.get("/").text) is not None)
    equal("got", site.run("setting", "get", "title"), "Set by hand\n")
    listed = json.loads(site.run("setting", "list", "--json"))
    check("listed", listed["title"] == "Set by hand" and listed["comments_moderation"] == "all")
    for name, value, sentence in (("timezone", "Europe/Atlantis", "Atlantis"), ("posts_per_page", "0", "from 1 to 100"), ("locale", "?", "language"),
                                  ("nonsense", "1", "no setting"), ("url", "https://x.example", "broadsheet.yaml"), ("active_theme", "x", "theme use"),
                                  ("custom.nonsense", "1", "no setting of that name"), ("comments", "perhaps", "one of")):
        code, _, err = site.command("setting", "set", name, value)
        check(f"{name}={value}: refused", code == 1 and sentence in err, err)
    site.run("setting", "set", "title", "")
    equal("the default again", site.run("setting", "get", "title"), "A new paper\n")
    def title():
        return form_of(ann.get("/desk/settings/").text, "/desk/settings/")["title"]
    check("the desk has it, once it has noticed", site.wait_for(lambda: title() == "A new paper"), title())


def waiting(site, ann, eve):
    def write(who, title, **more):
        who.get("/desk/stories/new/")
        form = form_of(who.page.text, "/desk/stories/new/")
        return {**form, "title": title, "html": "<p>Boats came in.</p>", **more}

    check("a draft", ann.post("/desk/stories/new/", {**write(ann, "A draft of mine"), "do": "save"}).status == 303, ann.page.text[:300])
    check("a scheduled one", ann.post("/desk/stories/new/", {**write(ann, "Tomorrow's tide", published_at="2099-01-01T08:00"), "do": "schedule", "checked": "1"}).status == 303)
    fields = write(eve, "What Eve types")
    answer = eve.post("/desk/stories/new/autosave/", fields, Accept="application/json")
    check("kept, not saved", answer.status == 200, answer.text)
    whole("home with all", ann.get("/desk/"))
    for heading, title in (("Your drafts", "A draft of mine"), ("Appears next", "Tomorrow's tide"), ("Others have not saved", "What Eve types")):
        check(f"{heading}: {title}", title in ann.said.split(heading)[-1].split("<h2>")[0] if heading in ann.said else False, ann.said)
    check("somebody wrote one: a step is done", ann.page.text.count('class="ticked"') == 3)
    whole("an author's", eve.get("/desk/"))
    check("sees what is theirs", "What Eve types" in eve.said.split("You have not saved")[-1] and "Tomorrow's tide" not in eve.said and "A draft of mine" not in eve.said)


def roles(site, eve):
    for path in ("", "social/", "replies/", "code/", "menus/", "themes/", "themes/custom/", "themes/use/", "themes/upload/", "themes/remove/", "themes/broadsheet/zip/",
                 "redirects/", "redirects/add/", "redirects/remove/", "redirects/upload/", "redirects/redirects.yaml", "redirects/redirects.json"):
        eve.get(f"/desk/settings/{path}")
        check(f"an author has no {path or 'general'}", eve.page.status in (403, 404))
        eve.get("/desk/account/")
        check(f"nor changes {path or 'general'}", eve.post(f"/desk/settings/{path}", {"title": "Mine"}).status in (403, 404))


def add(site, email, role):
    done = subprocess.run([PROGRAM, "user", "add", "--site", str(site.dir), email, "--name", email.split("@")[0].title(), "--role", role],
                          input=PASSWORD + "\n", capture_output=True, text=True)
    check(f"{email} is added", done.returncode == 0, done.stderr)


with Newsroom() as site:
    site.init("The Wharf")
    add(site, "ann@wharf.example", "owner")
    add(site, "eve@wharf.example", "author")
    (site.top / "export.xml").write_text(small_export(3))
    site.run("import", site.top / "export.xml")
    site.serve("--access-log", "none")
    ann, eve = Browser(site, "ann@wharf.example"), Browser(site, "eve@wharf.example")
    home(site, ann, eve)
    roles(site, eve)
    general(site, ann)
    others(site, ann)
    menus(site, ann)
    themes(site, ann)
    redirects(site, ann)
    waiting(site, ann, eve)
    account(site, eve)
    command(site, ann)
finish()
