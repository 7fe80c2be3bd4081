#!/usr/bin/env python3
"""Mail in the real program: invitations, a lost password, notices, a test from the desk and from the command line; and
what becomes of a mail when the server refuses, stalls, drops, or the program is killed."""
import html
import json
import re
import shutil
import signal
import sqlite3
import ssl
import subprocess
import time

from newsroom import PROGRAM, Newsroom, Page, check, equal, finish
from smtp_server import SmtpServer

URL = "https://wharf.example"


class Browser:
    """Signed in, over a proxy that speaks https."""

    def __init__(self, site):
        self.site, self.cookie, self.page = site, None, None

    def take(self, answer):
        line = answer.headers.get("set-cookie")
        if line:
            self.cookie = line.split(";")[0]
        self.page = answer
        return answer

    def headers(self):
        return {"Origin": URL, **({"Cookie": self.cookie} if self.cookie else {})}

    def get(self, path):
        return self.take(self.site.get(path, **self.headers()))

    def post(self, path, fields):
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', self.page.text)
        return self.take(self.site.post(path, {"csrf": token.group(1) if token else "", **fields}, **self.headers()))

    @property
    def said(self):
        return html.unescape(self.page.text)

    def sign_in(self, address, password):
        self.cookie = None
        self.get("/desk/sign-in/")
        return self.post("/desk/sign-in/", {"email": address, "password": password, "to": "/desk/"})


def whole(what, answer):
    page = Page(answer.text)
    check(f"{what}: well nested", not page.broken, page.broken)
    equal(f"{what}: one h1", len(page.all("h1")), 1)
    check(f"{what}: no key without its string", not re.search(r"\b(mail|lost|people|link|wrong|done)\.[a-z-]+[<\"]", page.text), page.text)
    return page


def configure(site, port, **more):
    config = site.dir / "broadsheet.yaml"
    keep = re.sub(r"(?ms)^mail:.*", "", config.read_text())
    lines = {"server": f"smtp://127.0.0.1:{port}", "from": "news@wharf.example", **more}
    config.write_text(keep + "mail:\n" + "".join(f"  {k}: {v}\n" for k, v in lines.items() if v is not None))


def database(site, sql, *values):
    db = sqlite3.connect(site.dir / "site.db", timeout=10)
    try:
        rows = db.execute(sql, values).fetchall()
        db.commit()
        return rows
    finally:
        db.close()


def at_once(site):
    """What waits for another try, or for a dead process's lease, is due now. (The thread leaves a server that failed
    alone for a minute: a start forgets that.)"""
    database(site, "UPDATE job SET due_at = 0 WHERE kind = 'mail'")


def metric(site, name):
    return int(re.search(rf"^broadsheet_{name} (\d+)$", site.get("/metrics").text, re.M).group(1))


with Newsroom() as site, SmtpServer() as smtp:
    # ---- not set up ----
    site.init("The Wharf", "--url", URL)
    site.serve()
    said = site.server.stdout.readline() + site.server.stdout.readline()
    link = re.search(r"/desk/set-up/\?link=[0-9a-f]{64}", said).group(0)
    ann = Browser(site)
    ann.get(link)
    ann.post("/desk/set-up/", {"link": link.split("=")[1], "name": "Ann Quill", "email": "ann@wharf.example", "password": "a lamp at the quay"})
    whole("no mail", ann.get("/desk/settings/mail/"))
    check("it says how", "password_file: mail.secret" in ann.page.text and "<form" in ann.page.text)
    whole("lost, without mail", Browser(site).get("/desk/lost/"))
    ann.get("/desk/people/")
    whole("invited by link", ann.post("/desk/people/invite/", {"email": "eve@wharf.example", "role": "editor"}))
    check("nothing is said to be mailed", "was sent to" not in ann.said and "/desk/invitation/?link=" in ann.said)
    equal("nothing waits", database(site, "SELECT count(*) FROM mail"), [(0,)])
    code, _, err = site.command("mail", "test", "ann@wharf.example")
    check("the command says it is not set up", code == 1 and "mail is not set up" in err, err)
    site.stop()

    # ---- what broadsheet.yaml may say ----
    configure(site, smtp.port, form="x@y.example", **{"from": None})
    code, _, err = site.command("mail", "list")
    check("a misspelt key is refused with its line", code == 1 and re.search(r"broadsheet.yaml:\d+: mail should have", err), err)
    configure(site, smtp.port, user="news")
    code, _, err = site.command("mail", "test", "ann@wharf.example")
    check("a user wants a password", code == 1 and "user has no password" in err, err)
    configure(site, smtp.port, name='"The Wharf, daily"')
    site.serve()

    # ---- an invitation ----
    ann.get("/desk/people/")
    whole("invited", ann.post("/desk/people/invite/", {"email": "Eve@wharf.example", "role": "editor"}))
    invitation = re.search(r"/desk/invitation/\?link=[0-9a-f]{64}", ann.said).group(0)
    check("it says that it was mailed", "was sent to eve@wharf.example" in ann.said)
    mail = smtp.wait(1)[0]
    equal("to her alone", (mail.recipients, mail.message["To"]), (["RCPT TO:<eve@wharf.example>"], "eve@wharf.example"))
    equal("from the site", str(mail.message["From"]), '"The Wharf, daily" <news@wharf.example>')
    check("as a sender", mail.sender.startswith("MAIL FROM:<news@wharf.example>"), mail.sender)
    equal("its subject", mail.message["Subject"], "An invitation to The Wharf")
    check("the same link", URL + invitation in mail.text, mail.text)
    check("who and as what", "Ann Quill invites you to The Wharf, as Editor" in mail.text, mail.text)
    check("it says it is automatic", mail.message["Auto-Submitted"] == "auto-generated" and mail.message["Message-ID"].endswith("@wharf.example>"))
    check("the queue is empty", site.wait_for(lambda: database(site, "SELECT count(*) FROM mail") == [(0,)]) is not None)
    whole("people", ann.get("/desk/people/"))
    row = re.search(r'name="invitation" value="(\d+)"', ann.page.text).group(1)
    whole("sent again", ann.post("/desk/people/resend/", {"invitation": row}))
    again = re.search(r"/desk/invitation/\?link=[0-9a-f]{64}", ann.said).group(0)
    check("another link", again != invitation and URL + again in smtp.wait(2)[1].text)
    equal("the first is no longer good", Browser(site).get(invitation).status, 404)
    eve = Browser(site)
    eve.get(again)
    equal("the second is", eve.post("/desk/invitation/", {"link": again.split("=")[1], "name": "Eve\r\nBcc: all@wharf.example", "password": "tides and tables"}).status, 303)

    # ---- a lost password ----
    smtp.mails.clear()
    lost = Browser(site)
    whole("lost", lost.get("/desk/lost/"))
    equal("no address", lost.post("/desk/lost/", {"email": "eve"}).status, 422)
    whole("no address", lost.page)
    lost.get("/desk/lost/")
    hers = lost.post("/desk/lost/", {"email": " EVE@wharf.example "})
    lost.get("/desk/lost/")
    nobodys = lost.post("/desk/lost/", {"email": "nobody@wharf.example"})
    equal("the same answer for nobody", (hers.status, hers.location, hers.body), (nobodys.status, nobodys.location, nobodys.body))
    equal("back to the sign-in", hers.location, "/desk/sign-in/?done=lost")
    whole("asked for", lost.get(hers.location))
    mail = smtp.wait(1)[0]
    check("who asked, from where", "in the network 127.0.0.0 asked" in mail.text, mail.text)
    check("a name cannot add a header", mail.message["Bcc"] is None and "Bcc:" not in re.sub(r"\r\n ", "", mail.raw.decode().split("\r\n\r\n")[0]).replace("Eve Bcc:", ""), mail.raw)
    reset = re.search(r"/desk/reset/\?link=[0-9a-f]{64}", mail.text).group(0)
    check("of the site's own address", URL + reset in mail.text)
    time.sleep(1.5)
    equal("nobody got one", len(smtp.mails), 1)
    equal("nothing is left of it", database(site, "SELECT count(*) FROM job WHERE kind IN ('lost', 'mail')"), [(0,)])
    equal("for an hour", database(site, "SELECT expires_at - created_at FROM door WHERE kind = 'reset'"), [(3600 * 10**6,)])
    eve.get(reset)
    equal("another password", eve.post("/desk/reset/", {"link": reset.split("=")[1], "password": "another tide table"}).location, "/desk/sign-in/?done=password-set")
    equal("once", Browser(site).get(reset).status, 404)
    notice = smtp.wait(2)[1]
    equal("she is told", notice.message["Subject"], "Your password for The Wharf was changed")
    check("without a secret", "link=" not in notice.text and "another tide" not in notice.text)
    equal("in", eve.sign_in("eve@wharf.example", "another tide table").status, 303)
    for _ in range(2):
        lost.get("/desk/lost/")
        lost.post("/desk/lost/", {"email": "eve@wharf.example"})
    lost.get("/desk/lost/")
    equal("three times, then no more", lost.post("/desk/lost/", {"email": "eve@wharf.example"}).status, 429)
    whole("too often", lost.page)
    lost.get("/desk/lost/")
    for _ in range(2):
        lost.post("/desk/lost/", {"email": "nobody@wharf.example"})
        lost.get("/desk/lost/")
    equal("the same for nobody", lost.post("/desk/lost/", {"email": "nobody@wharf.example"}).status, 429)
    equal("she signs in all the same", eve.sign_in("eve@wharf.example", "another tide table").status, 303)

    times = {}
    for who in ("ann", "olaf") * 10:
        database(site, "DELETE FROM sign_in_failure")
        lost.get("/desk/lost/")
        begin = time.perf_counter()
        lost.post("/desk/lost/", {"email": f"{who}@wharf.example"})
        times.setdefault(who, []).append(time.perf_counter() - begin)
    a, b = (sorted(t)[5] for t in times.values())
    check("as fast for nobody (medians within 30 %, or 3 ms)", abs(a - b) < 0.3 * max(a, b) or abs(a - b) < 0.003, (a, b))

    # ---- notices ----
    smtp.wait(6)
    smtp.mails.clear()
    ann.get("/desk/account/")
    ann.post("/desk/account/password/", {"current": "a lamp at the quay", "password": "a lantern at the quay"})
    equal("password changed", smtp.wait(1)[0].message["Subject"], "Your password for The Wharf was changed")
    check("who and where", "from the network 127.0.0.0" in smtp.mails[0].text)
    ann.get("/desk/people/")
    person = re.search(r'href="(/desk/people/\d+/)"', ann.page.text).group(1)
    ann.get(person)
    ann.post(person + "two-step-off/", {})
    mail = smtp.wait(2)[1]
    equal("two-step off", (mail.message["Subject"], mail.recipients), ("Two-step sign-in for The Wharf was turned off", ["RCPT TO:<eve@wharf.example>"]))
    check("by whom", "by Ann Quill" in mail.text)

    # ---- the test at the desk ----
    smtp.mails.clear()
    page = whole("mail", ann.get("/desk/settings/mail/"))
    check("what broadsheet.yaml says", f"smtp://127.0.0.1:{smtp.port}" in ann.said and "without TLS" in ann.said and "never" in ann.said)
    whole("a test", ann.post("/desk/settings/mail/", {"to": "ann@wharf.example"}))
    equal("taken", ann.page.status, 200)
    check("the server's answer is shown", "250 2.0.0 queued as 1" in ann.said and "> RCPT TO:<ann@wharf.example>" in ann.said, ann.said)
    equal("it came", smtp.wait(1)[0].message["Subject"], "A test from The Wharf")
    check("it is kept", "never" not in ann.said.split("<section")[0])
    equal("no address", ann.post("/desk/settings/mail/", {"to": "ann@wharf.example\r\nRCPT TO:<x@y.example>"}).status, 422)
    for plan, words in (("550 5.1.1 at RCPT", "does not take mail for that address"), ("553 at MAIL", "send from that address"),
                        ("554 at TEXT", "refused the mail"), ("421 at HELLO", "connection ended"), ("drop at DATA", "connection ended")):
        smtp.plan = [plan]
        whole(plan, ann.post("/desk/settings/mail/", {"to": "ann@wharf.example"}))
        check(f"{plan}: said", ann.page.status == 422 and words in ann.said, ann.said)
    smtp.plan = ["stall at RCPT"]
    begin = time.monotonic()
    whole("a stall", ann.post("/desk/settings/mail/", {"to": "ann@wharf.example"}))
    took = time.monotonic() - begin
    check("20 seconds at most", 18 < took < 23 and "did not answer in time" in ann.said, took)
    equal("and the desk goes on", ann.get("/desk/people/").status, 200)
    code, out, err = site.command("mail", "test", "eve@wharf.example")
    check("the command", code == 0 and "< 250 2.0.0 queued as 1" in out and "> DATA" in out, out + err)
    smtp.plan = ["550 at RCPT"]
    code, out, err = site.command("mail", "test", "eve@wharf.example", "--json")
    check("the command, refused", code == 1 and json.loads(out)["outcome"] == "recipient" and json.loads(out)["code"] == 550, out + err)

    # ---- later, never, once ----
    smtp.mails.clear()

    def invite(who, wait=True):
        ann.get("/desk/people/")
        ann.post("/desk/people/invite/", {"email": f"{who}@reader.example", "role": "author"})
        return who

    smtp.plan = ["451 4.7.1 at RCPT"]
    invite("grey")
    check("4xx: it waits", site.wait_for(lambda: database(site, "SELECT tries FROM mail WHERE recipient = 'grey@reader.example'") == [(1,)], 10))
    whole("people, waiting", ann.get("/desk/people/"))
    check("and the desk says so", "the mail waits to be sent" in ann.said)
    due = database(site, "SELECT due_at - ? FROM job WHERE kind = 'mail'", int(time.time() * 1e6))[0][0]
    check("for a minute", 40e6 < due < 61e6, due)
    at_once(site)
    equal("then it goes", [m.recipients for m in smtp.wait(1, 5)], [["RCPT TO:<grey@reader.example>"]])
    smtp.plan = ["550 5.1.1 at RCPT"]
    invite("gone")
    check("5xx: given up", site.wait_for(lambda: database(site, "SELECT given_up_at IS NOT NULL, message FROM mail") == [(1, None)], 10), database(site, "SELECT * FROM mail"))
    whole("people, given up", ann.get("/desk/people/"))
    check("the desk says so", "could not be delivered" in ann.said and "550 5.1.1 refused as planned" in ann.said)
    whole("mail, given up", ann.get("/desk/settings/mail/"))
    check("there too", "Given up:" in ann.said)
    line = next(l for l in site.log().splitlines() if "mail given up" in l)
    check("the log says so, without the address", "reader.example" in line and "gone@" not in site.log(), line)
    equal("metrics", (metric(site, "mails_waiting"), metric(site, "mails_given_up")), (0, 1))
    check("more metrics", metric(site, "mails_sent_total") >= 8 and metric(site, "mail_failures_total") >= 2)
    smtp.plan = ["550 at RCPT", "ok"]
    invite("one"), invite("two")
    equal("one refused mail holds up no other", [m.recipients for m in smtp.wait(2)][1:], [["RCPT TO:<two@reader.example>"]])

    # A server that stalls holds up neither the schedule nor the desk.
    smtp.mails.clear()
    smtp.plan = ["stall at DATA"]
    invite("slow")
    check("it stalls", smtp.until(lambda: "stall at DATA" in smtp.reached))
    export = site.top / "s.xml"
    begin = time.monotonic()
    equal("the desk answers", ann.get("/desk/people/").status, 200)
    check("at once", time.monotonic() - begin < 1)

    # Killed in the middle: the mail is there, and comes once.
    site.stop(signal.SIGKILL)
    smtp.reached.clear()
    equal("it waits", database(site, "SELECT count(*) FROM mail WHERE recipient = 'slow@reader.example'"), [(1,)])
    site.serve()
    time.sleep(2)
    equal("the dead one's claim holds", smtp.mails, [])
    at_once(site)
    equal("then it comes", [m.recipients for m in smtp.wait(1)], [["RCPT TO:<slow@reader.example>"]])

    # Killed after the server took it, before we heard: the one case in which it comes twice, with one Message-ID.
    smtp.mails.clear()
    smtp.plan = ["keep and stall at TEXT"]
    invite("twice")
    check("it is taken", smtp.until(lambda: smtp.reached))
    site.stop(signal.SIGKILL)
    site.serve()
    at_once(site)
    check("at least once", len(smtp.wait(2)) == 2, smtp.mails)
    equal("with the same Message-ID", len({m.message["Message-ID"] for m in smtp.mails}), 1)

    # Many at once, and a kill: each comes, none twice but the one under way.
    smtp.mails.clear()
    for i in range(12):
        invite(f"many{i}")
    smtp.wait(4)
    site.stop(signal.SIGKILL)
    site.serve()
    at_once(site)
    smtp.until(lambda: len({m.recipients[0] for m in smtp.mails}) == 12)
    got = [m.recipients[0] for m in smtp.mails]
    check("all twelve, one twice at most", len(set(got)) == 12 and len(got) <= 13, got)

    # Stopping while a server stalls takes seconds, and loses nothing.
    smtp.plan = ["stall at RCPT"]
    smtp.reached.clear()
    invite("stopped")
    check("it stalls again", smtp.until(lambda: smtp.reached))
    begin = time.monotonic()
    equal("stops", site.stop(), 0)
    check("within ten seconds", time.monotonic() - begin < 10, time.monotonic() - begin)
    equal("and it waits", database(site, "SELECT count(*) FROM mail WHERE recipient = 'stopped@reader.example' AND given_up_at IS NULL"), [(1,)])

    # Old ones, and those of another secret.key.
    site.serve()
    smtp.plan, smtp.mails = ["451 at RCPT"], []
    database(site, "UPDATE mail SET created_at = created_at - 3 * 86400 * 1000000 WHERE recipient = 'stopped@reader.example'")
    at_once(site)
    check("after two days it is given up", site.wait_for(lambda: database(site, "SELECT given_up_at IS NOT NULL FROM mail WHERE recipient = 'stopped@reader.example'") == [(1,)], 10))
    smtp.plan = ["451 at RCPT"]
    invite("late")
    check("it waits", site.wait_for(lambda: database(site, "SELECT tries FROM mail WHERE recipient = 'late@reader.example'") == [(1,)], 10))
    database(site, "UPDATE mail SET good_until = 1 WHERE recipient = 'late@reader.example'")
    at_once(site)
    check("what is worth nothing is not sent", site.wait_for(lambda: database(site, "SELECT answer FROM mail WHERE recipient = 'late@reader.example'") == [("it waited until it was worth nothing",)], 10))
    smtp.plan = ["451 at RCPT"]
    invite("sealed")
    check("it waits too", site.wait_for(lambda: database(site, "SELECT tries FROM mail WHERE recipient = 'sealed@reader.example'") == [(1,)], 10))
    kept = database(site, "SELECT message FROM mail WHERE recipient = 'sealed@reader.example'")[0][0]
    check("its link is not in the database", "link=" not in kept and len(kept) > 400)
    site.stop()
    (site.dir / "secret.key").unlink()
    site.serve()
    at_once(site)
    check("a copy without the key sends nothing", site.wait_for(lambda: database(site, "SELECT given_up_at IS NOT NULL FROM mail WHERE recipient = 'sealed@reader.example'") == [(1,)], 10))
    equal("nothing came of these", [m.recipients for m in smtp.mails], [])
    code, out, _ = site.command("mail", "list", "--json")
    check("the command lists them", code == 0 and {m["to"] for m in json.loads(out)} >= {"gone@reader.example", "late@reader.example"}, out)
    check("no address in the log", not re.search(r"[a-z0-9]+@(wharf|reader)\.example", site.log()), re.findall(r".*@.*example.*", site.log())[:3])
    check("no link in the log", "link=" not in site.log())
    equal("every line ends as it must", smtp.faults, [])
    site.stop()

# ---- with a login, and TLS that is asked for ----
with Newsroom() as site, SmtpServer(users={"news": "pier 7 \u00e9"}) as smtp:
    site.init("The Wharf", "--url", URL)
    configure(site, smtp.port, user="news", password_file="mail.secret")
    (site.dir / "mail.secret").write_text("pier 7 \u00e9\n")
    code, out, err = site.command("mail", "test", "ann@wharf.example")
    check("a password from a file", code == 0, out + err)
    check("it is not printed", "cGllc" not in out and "pier" not in out and "> AUTH" in out, out)
    (site.dir / "mail.secret").write_text("pier 8\n")
    code, out, err = site.command("mail", "test", "ann@wharf.example")
    check("a wrong one", code == 1 and "(login)" in err and "535 5.7.8" in out, out + err)
    done = subprocess.run([PROGRAM, "mail", "--site", site.dir, "test", "ann@wharf.example"], capture_output=True, text=True,
                          env={"BROADSHEET_MAIL_PASSWORD": "pier 7 \u00e9", "PATH": "/usr/bin"})
    check("the environment goes first", done.returncode == 0, done.stderr)
    configure(site, smtp.port, tls="required")
    code, out, err = site.command("mail", "test", "ann@wharf.example")
    check("a server without TLS gets nothing", code == 1 and "(no-tls)" in err and "MAIL FROM" not in out, out + err)
    configure(site, 9)
    code, out, err = site.command("mail", "test", "ann@wharf.example")
    check("nobody there", code == 1 and "(unreached)" in err, out + err)
    configure(site, smtp.port, server=f"smtps://127.0.0.1:{smtp.port}")
    code, out, err = site.command("mail", "test", "ann@wharf.example")
    check("TLS to who speaks none", code == 1 and "(no-tls)" in err, out + err)

# ---- a certificate that nobody vouches for: neither password nor mail goes there ----
with Newsroom() as site:
    site.init("The Wharf", "--url", URL)
    made = shutil.which("openssl") and subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", site.top / "key.pem", "-out", site.top / "cert.pem"], capture_output=True).returncode == 0
    for at_once in (False, True) if made else ():
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(site.top / "cert.pem", site.top / "key.pem")
        with SmtpServer(users={"news": "pier"}, tls=context, at_once=at_once) as smtp:
            configure(site, smtp.port, server=f"{'smtps' if at_once else 'smtp'}://127.0.0.1:{smtp.port}", user="news", password="pier",
                      tls=None if at_once else "required")
            code, out, err = site.command("mail", "test", "ann@wharf.example")
            check(f"not to be trusted (at once: {at_once})", code == 1 and "(certificate)" in err, out + err)
            check("nothing was said to it", not any(l.split(" ")[0] in ("AUTH", "MAIL") for l in smtp.seen), smtp.seen)
finish()
