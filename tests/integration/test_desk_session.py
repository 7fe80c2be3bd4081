#!/usr/bin/env python3
"""A session at its edges: it ends while a form is open, with script and without; another site posts to the desk; somebody
without one sends a large body."""
import html
import re

from at_desk import Browser, serve_new, set_up
from newsroom import Newsroom, check, equal, finish

EMAIL, PASSWORD = "ann@wharf.example", "a lamp at the quay"
TEXT = "<p>Not \"kept\" yet, & long.</p>\r\n<p>Two lines.</p>"

with Newsroom() as site:
    site.init("The Wharf")
    link = serve_new(site)
    ann = set_up(site, link)

    # ---- without script: what was written stands in the answer ----
    ann.get("/desk/stories/new/")
    other = Browser(site)
    other.cookie, other.token = ann.cookie, ann.token
    other.get("/desk/account/")
    other.post("/desk/sign-out/", {})
    answer = ann.post("/desk/stories/new/", {"title": "Late", "html": TEXT, "version": "0", "kind": "story", "do": "save"})
    equal("not taken, but not sent away either", answer.status, 403)
    check("says what to do", "Nothing you wrote is lost" in ann.said and "Sign in in another window" in ann.said)
    held = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    equal("the text is in it, to the letter", html.unescape(held.get("html", "")), TEXT)
    check("and whatever else was in the form", held.get("title") == "Late" and held.get("do") == "save", held)
    second = Browser(site)
    second.get("/desk/sign-in/")
    second.post("/desk/sign-in/", {"email": EMAIL, "password": PASSWORD})
    ann.cookie = second.cookie  # the same browser: another window signed in
    fields = {name: html.unescape(value) for name, value in held.items() if name != "csrf"}
    answer = ann.post("/desk/stories/new/", fields)
    check("sent again with the old token it is held once more", answer.status == 403 and "Send it again" in ann.said)
    answer = ann.post("/desk/stories/new/", fields)
    equal("and then it is kept", answer.status, 303)
    check("as it was written", "Two lines." in ann.follow(answer).text)

    # ---- with script: asked in place ----
    other.cookie, other.token = ann.cookie, ann.token
    other.get("/desk/account/")
    other.post("/desk/sign-out/", {})
    answer = ann.ask("/desk/stories/new/autosave/", {"title": "Later", "html": TEXT, "version": "0", "kind": "story"})
    check("a script is told", answer.status == 401 and answer.values.get("sign_in") is True, answer.values)
    ann.token = answer.values["csrf"]
    answer = ann.ask("/desk/sign-in/", {"email": EMAIL, "password": "not this"})
    check("a wrong password, by its field", answer.status == 422 and "wrong" in answer.values, answer.values)
    answer = ann.ask("/desk/sign-in/", {"email": EMAIL, "password": PASSWORD})
    check("in, with a token for the forms", answer.status == 200 and len(answer.values["csrf"]) == 64, answer.values)
    ann.token = answer.values["csrf"]
    answer = ann.ask("/desk/stories/new/autosave/", {"title": "Later", "html": TEXT, "version": "0", "kind": "story"})
    equal("and what it had is kept", answer.status, 200)
    check("no code is owed where there is none", answer.values.get("saved_at"), answer.values)
    ann.token = "0" * 64
    answer = ann.ask("/desk/stories/new/autosave/", {"title": "Later", "html": TEXT, "version": "0", "kind": "story"})
    check("an old token is called that", answer.status == 403 and answer.values.get("form") is True, answer.values)
    ann.get("/desk/account/")

    # ---- another site posts to the desk: the browser sends no cookie with it ----
    for accept in ("text/html", "application/json"):
        answer = site.post("/desk/stories/new/", [("title", "Forged")], Origin="https://elsewhere.example", Accept=accept)
        check(f"{accept}: refused", answer.status in (401, 403), answer.status)
        check(f"{accept}: and no session is overwritten", "set-cookie" not in answer.headers, answer.headers)
        check(f"{accept}: nor is anything offered again", "Forged" not in answer.text)

    # ---- large bodies ----
    big = b"html=" + b"x" * 400_000
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    for what, cookie in (("no cookie", None), ("a made-up one", "desk=" + "ab" * 32), ("a visitor's", Browser(site))):
        if isinstance(cookie, Browser):
            cookie.get("/desk/sign-in/")
            cookie = cookie.cookie
        headers = {**kind, **({"Cookie": cookie} if cookie else {})}
        equal(f"{what}: no large body is taken", site.request("POST", "/desk/media/upload/", big, headers).status, 413)
    answer = site.request("POST", "/desk/stories/new/", big, {**kind, "Cookie": ann.cookie})
    check("from somebody who signed in it is read", answer.status != 413, answer.status)
    check("no fault in the log", " error " not in site.log(), site.log()[-500:])
finish()
