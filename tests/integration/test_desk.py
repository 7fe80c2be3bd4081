#!/usr/bin/env python3
"""The desk in the real program: set up by the printed link, sign in, second factor, invite, moderate, kill and go on."""
import base64
import hashlib
import html
import hmac
import http.cookies
import re
import signal
import struct
import time

from newsroom import Newsroom, Page, check, equal, finish, small_export


def totp(secret, at=None):
    """RFC 6238, written a second time."""
    step = int((time.time() if at is None else at) // 30)
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000:06d}"


class Browser:
    """Keeps its cookie, and sends a form as the page has it."""

    def __init__(self, site):
        self.site, self.cookie, self.page = site, None, None

    def take(self, answer):
        line = answer.headers.get("set-cookie")
        if line:
            check("the cookie is the desk's alone", "HttpOnly" in line and "SameSite=Lax" in line and "Path=/desk/" in line, line)
            self.cookie = line.split(";")[0]
        self.page = answer
        return answer

    def get(self, path):
        return self.take(self.site.get(path, **({"Cookie": self.cookie} if self.cookie else {})))

    def post(self, path, fields, **headers):
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', self.page.text)
        fields = [("csrf", token.group(1) if token else ""), *fields.items()] if isinstance(fields, dict) else fields
        if self.cookie:
            headers["Cookie"] = self.cookie
        return self.take(self.site.post(path, fields, **headers))

    @property
    def said(self):
        return html.unescape(self.page.text)

    def follow(self, answer):
        return self.get(answer.location)


def whole(what, answer):
    page = Page(answer.text)
    check(f"{what}: well nested", not page.broken, page.broken)
    equal(f"{what}: one h1", len(page.all("h1")), 1)
    check(f"{what}: no id twice", len(page.ids) == len(set(page.ids)), page.ids)
    check(f"{what}: never kept", answer.headers.get("cache-control") == "no-store", answer.headers)
    check(f"{what}: strict policy", "unsafe" not in answer.headers["content-security-policy"]
          and "script-src 'self';" in answer.headers["content-security-policy"]
          and "default-src 'none'" in answer.headers["content-security-policy"]
          and "frame-ancestors 'none'" in answer.headers["content-security-policy"])
    check(f"{what}: not for search engines", "noindex" in answer.headers["x-robots-tag"])
    check(f"{what}: no key without its string", not re.search(
        r"\b(nav|field|role|sign-in|home|step|done|wrong|denied|error|state|log|reply|replies|people|person|account|two-step)\.[a-z-]+", page.text), page.text)
    check(f"{what}: no object printed", "[object" not in page.text)
    return page


with Newsroom() as site:
    site.init("The Wharf")
    export = site.top / "e.xml"
    export.write_text(small_export(3))
    site.run("import", export)
    site.serve()
    said = site.server.stdout.readline() + site.server.stdout.readline()
    link = re.search(r"(/desk/set-up/\?link=[0-9a-f]{64})", said)
    check("a link is printed", link is not None, said)

    # ---- set up ----
    ann = Browser(site)
    equal("the desk asks to sign in", ann.get("/desk/").location, "/desk/sign-in/")
    equal("a wrong link is no door", ann.get("/desk/set-up/?link=" + "0" * 64).status, 404)
    whole("a wrong link", ann.page)
    whole("set-up", ann.get(link.group(1)))
    secret_link = link.group(1).split("=")[1]
    bad = ann.post("/desk/set-up/", {"link": secret_link, "name": "", "email": "ann@wharf", "password": "short"})
    equal("a form with faults comes back", bad.status, 422)
    whole("set-up with faults", bad)
    equal("a sentence by each field", bad.text.count('class="wrong"'), 3)
    check("what was typed is kept, but no password", 'value="ann@wharf"' in bad.text and "short\"" not in bad.text)
    done = ann.post("/desk/set-up/", {"link": secret_link, "name": "Ann Quill", "email": "Ann@wharf.example", "password": "a lamp at the quay"})
    equal("set up", (done.status, done.location), (303, "/desk/?done=arrived"))
    whole("home", ann.follow(done))
    whole("account", ann.get("/desk/account/"))
    check("she is named", "Ann Quill" in ann.page.text and "Owner" in ann.page.text)
    equal("the link is used up", Browser(site).get(link.group(1)).status, 404)
    check("no token in the log", secret_link not in site.log())

    # ---- out and in ----
    old_cookie = ann.cookie
    equal("out", ann.post("/desk/sign-out/", {}).location, "/desk/sign-in/?done=signed-out")
    ann.cookie = old_cookie
    equal("the old cookie is nobody's", ann.get("/desk/account/").location, "/desk/sign-in/?to=/desk/account/")
    ann.cookie = None
    whole("sign-in", ann.get("/desk/sign-in/?to=/desk/people/"))
    equal("a wrong password", ann.post("/desk/sign-in/", {"email": "ann@wharf.example", "password": "a lamp at the key", "to": "/desk/people/"}).status, 422)
    check("the same answer for nobody", True)
    known = re.sub(r'value="[^"]*"', "", ann.page.text)
    ann.post("/desk/sign-in/", {"email": "bob@wharf.example", "password": "a lamp at the key", "to": "/desk/people/"})
    equal("a stranger gets the same page", re.sub(r'value="[^"]*"', "", ann.page.text), known)
    done = ann.post("/desk/sign-in/", {"email": " ANN@wharf.example", "password": "a lamp at the quay", "to": "/desk/people/"})
    equal("in, and back to where she was going", (done.status, done.location), (303, "/desk/people/"))
    check("another token than before", ann.cookie != old_cookie)
    ann.get("/desk/sign-in/")
    equal("no way to another host", Browser(site).get("/desk/sign-in/?to=//evil.example/").status, 200)

    # ---- forgery ----
    ann.get("/desk/people/")
    equal("another site's form", ann.post("/desk/sign-out/", {}, Origin="https://evil.example").status, 403)
    ann.get("/desk/people/")
    equal("Sec-Fetch-Site says so", ann.post("/desk/sign-out/", {}, Sec_Fetch_Site="cross-site").status, 403)
    ann.get("/desk/people/")
    equal("no token", ann.post("/desk/sign-out/", [("csrf", "")]).status, 403)
    equal("a page that is not there keeps her in", ann.get("/desk/nothing/").status, 404)
    equal("still in", ann.get("/desk/people/").status, 200)

    # ---- the second factor ----
    ann.get("/desk/account/two-step/")
    whole("two-step", ann.get("/desk/account/two-step/"))
    secret = re.search(r"secret=([A-Z2-7]{32})", ann.said).group(1)
    check("the address and the picture are there", "otpauth://totp/The%20Wharf:ann@wharf.example?secret=" in ann.said and '<svg class="qr"' in ann.page.text)
    equal("a wrong code", ann.post("/desk/account/two-step/", {"code": "000000" if totp(secret) != "000000" else "1"}).status, 422)
    check("the same secret again", secret in ann.said)
    codes = ann.post("/desk/account/two-step/", {"code": totp(secret)})
    whole("recovery codes", codes)
    recovery = re.findall(r"<code>([0-9a-z-]{19})</code>", codes.text)
    equal("ten recovery codes", len(recovery), 10)

    def sign_in(browser, password="a lamp at the quay"):
        browser.cookie = None
        browser.get("/desk/sign-in/")
        return browser.post("/desk/sign-in/", {"email": "ann@wharf.example", "password": password, "to": "/desk/"})

    half = Browser(site)
    equal("the code is asked for", sign_in(half).location, "/desk/sign-in/code/?to=/desk/")
    whole("code", half.follow(half.page))
    for path in ("/desk/", "/desk/people/", "/desk/account/two-step/"):
        equal(f"half a sign-in opens no {path}", half.get(path).location, "/desk/sign-in/code/")
    half.get("/desk/sign-in/code/")
    equal("the enrolling code is used up", half.post("/desk/sign-in/code/", {"code": totp(secret), "to": "/desk/"}).status, 422)
    equal("a recovery code", half.post("/desk/sign-in/code/", {"code": recovery[0].upper().replace("-", " "), "to": "/desk/"}).location,
          "/desk/account/two-step/?done=recovery-code")
    again = Browser(site)
    sign_in(again)
    again.follow(again.page)
    equal("once only", again.post("/desk/sign-in/code/", {"code": recovery[0], "to": "/desk/"}).status, 422)
    equal("the next code", again.post("/desk/sign-in/code/", {"code": totp(secret, time.time() + 30), "to": "/desk/"}).location, "/desk/")

    # ---- an invitation ----
    ann.get("/desk/people/")
    made = ann.post("/desk/people/invite/", {"email": "eve@wharf.example", "role": "editor"})
    whole("invitation made", made)
    invitation = re.search(r"/desk/invitation/\?link=[0-9a-f]{64}", ann.said).group(0)
    eve = Browser(site)
    whole("invitation", eve.get(invitation))
    equal("joined", eve.post("/desk/invitation/", {"link": invitation.split("=")[1], "name": "Eve Ling", "password": "tides and tables"}).status, 303)
    equal("once", Browser(site).get(invitation).status, 404)
    equal("an editor has no log", eve.get("/desk/log/").status, 403)
    eve.get("/desk/people/")
    equal("an editor asks no administrator in", eve.post("/desk/people/invite/", {"email": "x@wharf.example", "role": "administrator"}).status, 403)
    whole("people", ann.get("/desk/people/"))
    one = re.search(r'href="(/desk/people/\d+/)"', ann.page.text).group(1)
    whole("person", ann.get(one))

    # ---- replies ----
    for name, text in (("Ida", "The ferry was late."), ("Spammer", "Buy ropes now."), ("Olaf", "It was on time."), ("Ida", "No: late.")):
        site.post("/story-1/", {"name": name, "email": f"{name.lower()}@reader.example", "text": text})
    check("nothing is shown yet", "The ferry was late." not in site.get("/story-1/").text)
    page = whole("the queue", eve.get("/desk/replies/"))
    check("how many wait is in the header", re.search(r'class="count">.*? 4<', eve.page.text) is not None)
    ids = [int(i) for i in re.findall(r'name="reply" value="(\d+)"', eve.page.text)]
    equal("four wait", len(ids), 4)
    late, spam = min(ids), sorted(ids)[1]
    done = eve.post("/desk/replies/decide/", {"state": "pending", "do": f"approve-{late}"})
    check("on the page at once", "The ferry was late." in site.get("/story-1/").text)
    whole("with the way back", eve.follow(done))
    batch = re.search(r'name="batch" value="(\d+)"', eve.page.text).group(1)
    eve.follow(eve.post("/desk/replies/undo/", {"batch": batch, "state": "pending"}))
    check("undone", "The ferry was late." not in site.get("/story-1/").text and "One reply is as it was." in eve.page.text)
    ann.get("/desk/people/")
    equal("nobody undoes for another", ann.post("/desk/replies/undo/", {"batch": batch, "state": "pending"}).status, 303)
    eve.get("/desk/replies/")
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', eve.page.text).group(1)
    others = [i for i in ids if i != spam]
    done = eve.post("/desk/replies/decide/", [("csrf", token), ("state", "pending"), ("do", "approve"), *[("reply", i) for i in others]])
    check("three at once", "n=3" in done.location, done.location)
    eve.follow(done)
    eve.follow(eve.post("/desk/replies/decide/", {"state": "pending", "do": f"spam-{spam}"}))
    check("the queue is empty", "Nothing waits." in eve.page.text)
    whole("spam", eve.get("/desk/replies/?state=spam"))
    check("there it is", "Buy ropes now." in eve.page.text)
    whole("one reply", eve.get(f"/desk/replies/{late}/"))
    check("what else she wrote", "No: late." in eve.page.text and "2 approved" in eve.page.text)
    equal("an empty edit", eve.post(f"/desk/replies/{late}/edit/", {"text": "  "}).status, 422)
    whole("an empty edit", eve.page)
    eve.post(f"/desk/replies/{late}/edit/", {"text": "The ferry was *very* late."})
    check("edited", "The ferry was <em>very</em> late." in site.get("/story-1/").text)
    eve.get(f"/desk/replies/{late}/")
    equal("answered", eve.post(f"/desk/replies/{late}/answer/", {"answer": "We asked the harbour master."}).status, 303)
    shown = site.get("/story-1/").text
    check("as the person, at once", "We asked the harbour master." in shown and "Eve Ling" in shown)
    check("no email on the page", "@reader.example" not in shown and "@wharf.example" not in shown)
    check("readers get no cookie", "set-cookie" not in site.get("/story-1/").headers)
    whole("log", ann.get("/desk/log/"))
    check("who did what", "Approved a reply" in ann.page.text and "Eve Ling" in ann.page.text)

    # ---- the command line, a lost password, a kill ----
    equal("roles by the command line", site.command("user", "role", "eve@wharf.example", "author")[0], 0)
    equal("counts at once", eve.get("/desk/replies/").status, 403)
    site.stop(signal.SIGKILL)
    site.serve()
    equal("a kill signs nobody out", ann.get("/desk/log/").status, 200)
    equal("the second factor off by command", site.command("user", "two-step-off", "ann@wharf.example")[0], 0)
    equal("a password by command", site.command("user", "password", "ann@wharf.example", stdin="ropes and knots 7\n")[0], 0)
    check("which ends her sessions", ann.get("/desk/log/").location.startswith("/desk/sign-in/"))
    equal("in with it", sign_in(ann, "ropes and knots 7").location, "/desk/")
    ann.get("/desk/people/")
    one = re.search(r'href="(/desk/people/\d+/)"', ann.page.text).group(1)
    ann.get(one)
    ann.post(one + "reset/", {})
    reset = re.search(r"/desk/reset/\?link=[0-9a-f]{64}", ann.said).group(0)
    whole("reset", eve.get(reset))
    equal("another password", eve.post("/desk/reset/", {"link": reset.split("=")[1], "password": "another tide table"}).location, "/desk/sign-in/?done=password-set")
    check("her sessions are ended", eve.get("/desk/account/").location.startswith("/desk/sign-in/"))

    # ---- guessing ----
    guesser = Browser(site)
    guesser.get("/desk/sign-in/")
    answers = [guesser.post("/desk/sign-in/", {"email": "eve@wharf.example", "password": f"guess number {i}"}).status for i in range(12)]
    equal("ten wrong ones, then no more", answers, [422] * 10 + [429] * 2)
    equal("the right one neither", guesser.post("/desk/sign-in/", {"email": "eve@wharf.example", "password": "another tide table"}).status, 429)
    strangers = [guesser.post("/desk/sign-in/", {"email": "nobody@wharf.example", "password": f"guess number {i}"}).status for i in range(12)]
    equal("the same for nobody", strangers, answers)
    equal("another account is not shut out", sign_in(ann, "ropes and knots 7").status, 303)
    whole("too often", guesser.post("/desk/sign-in/", {"email": "eve@wharf.example", "password": "x"}))
    check("no fault in the log", " error " not in site.log(), site.log()[-500:])
    equal("stops", site.stop(), 0)

# ---- a site whose address is https ----
with Newsroom() as site:
    site.init("The Wharf", "--url", "https://wharf.example")
    site.serve()
    said = site.server.stdout.readline() + site.server.stdout.readline()
    link = re.search(r"https://wharf\.example(/desk/set-up/\?link=[0-9a-f]{64})", said)
    check("the link is of the site's address", link is not None, said)
    line = site.get(link.group(1)).headers["set-cookie"]
    check("the cookie is for https alone", line.startswith("__Secure-desk=") and "; Secure" in line, line)
    ann = Browser(site)
    ann.get(link.group(1))
    form = {"link": link.group(1).split("=")[1], "name": "Ann", "email": "ann@wharf.example", "password": "a lamp at the quay"}
    equal("set up through a proxy", ann.post("/desk/set-up/", form, Origin="https://wharf.example").status, 303)
    equal("and in", ann.get("/desk/replies/").status, 200)
    equal("a slash is owed", site.get("/desk").location, "/desk/")
    site.stop()
    site.serve()
    site.server.send_signal(signal.SIGTERM)
    equal("no link once somebody has a login", site.server.stdout.read(), "")
    site.stop()
finish()
