"""smtp_server.py - a small SMTP server for tests: takes mails, or refuses, stalls and drops as it is told.

    with SmtpServer() as smtp:
        smtp.port
        smtp.plan = ["451 at RCPT", "ok"]        # for the next connections' mails, one after another; then "ok"
        mail = smtp.wait(1)[0]                   # .sender .recipients .raw .message (email.message.EmailMessage)

A plan's words: "ok"; "CODE at STAGE" (STAGE: HELLO, EHLO, AUTH, MAIL, RCPT, DATA, TEXT) answers that code there;
"stall at STAGE" says nothing for `stalled` seconds or until the other side goes; "drop at STAGE" closes. With
`users` it offers AUTH PLAIN and LOGIN and wants one of them. With `tls` (an ssl.SSLContext) it offers STARTTLS, or, with
`at_once`, speaks TLS from the first byte. `seen` has every line that came in, in order.
"""
import base64
import email
import email.policy
import socketserver
import threading
import time


class Mail:
    def __init__(self, sender, recipients, raw):
        self.sender, self.recipients, self.raw = sender, recipients, raw
        self.message = email.message_from_bytes(raw, policy=email.policy.default)

    @property
    def text(self):
        return self.message.get_body(("plain",)).get_content()


class Gone(Exception):
    pass


class Dialogue(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def hear(self):
        line = self.rfile.readline(65536)
        if not line:
            raise Gone
        if not line.endswith(b"\r\n"):
            self.server.top.faults.append(line)
        line = line.decode("utf-8", "replace").rstrip("\r\n")
        self.server.top.seen.append(line)
        return line

    def planned(self, stage, otherwise):
        """Answers for this stage; whether it went well."""
        word, _, at = self.plan.partition(" at ")
        if at != stage:
            self.say(otherwise)
            return True
        self.server.top.reached.append(self.plan)
        if word == "stall":
            self.server.top.stalled.wait(60)
            raise Gone
        if word == "drop":
            raise Gone
        self.say(f"{word} refused as planned, {self.recipient or 'nobody'}")
        return False

    def handle(self):
        self.recipient = None
        try:
            self.dialogue()
        except (Gone, OSError):  # an SSLError is one
            pass

    def encrypt(self):
        self.connection = self.server.top.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)

    def dialogue(self):
        top = self.server.top
        if top.tls and top.at_once:
            self.encrypt()
        top.connections += 1
        self.plan = top.plan[0] if top.plan else "ok"
        if self.plan.split(" ")[-1] in ("HELLO", "EHLO", "AUTH"):
            top.next_plan()
        if not self.planned("HELLO", "220 test.example ESMTP"):
            return
        sender, recipients = None, []
        while True:
            line = self.hear()
            word = line.split(" ")[0].upper()
            if word == "EHLO":
                if self.planned("EHLO", "250-test.example"):
                    if top.users:
                        self.say("250-AUTH PLAIN LOGIN")
                    if top.tls and not top.at_once:
                        self.say("250-STARTTLS")
                    self.say("250 8BITMIME")
            elif word == "STARTTLS" and top.tls:
                self.say("220 go ahead")
                self.encrypt()
            elif word == "AUTH":
                self.login(line)
            elif word == "MAIL":
                self.plan, sender, recipients, self.recipient = top.next_plan(), line, [], None
                self.planned("MAIL", "250 2.1.0 sender ok")
            elif word == "RCPT":
                self.recipient = line[8:]
                if self.planned("RCPT", "250 2.1.5 recipient ok"):
                    recipients.append(line)
            elif word == "DATA":
                if self.planned("DATA", "354 go on"):
                    self.take(sender, recipients)
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok" if word in ("RSET", "NOOP") else "502 no such command")

    def login(self, line):
        said = line.split(" ")
        if said[1].upper() == "LOGIN":
            self.say("334 VXNlcm5hbWU6")
            user = base64.b64decode(self.hear()).decode()
            self.say("334 UGFzc3dvcmQ6")
            password = base64.b64decode(self.hear()).decode()
        else:
            if len(said) < 3:
                self.say("334 ")
                said.append(self.hear())
            _, user, password = base64.b64decode(said[2]).decode().split("\0")
        if self.server.top.users.get(user) == password:
            self.planned("AUTH", "235 2.7.0 welcome")
        else:
            self.say("535 5.7.8 those do not belong together")

    def take(self, sender, recipients):
        lines = []
        while True:
            line = self.rfile.readline(65536)
            if not line:
                raise Gone
            if line == b".\r\n":
                break
            if not line.endswith(b"\r\n") or len(line) > 1000:
                self.server.top.faults.append(line)
            lines.append(line[1:] if line.startswith(b".") else line)
        mail = Mail(sender, recipients, b"".join(lines))
        if self.plan == "keep and drop at TEXT":  # taken, but nobody hears of it
            self.server.top.mails.append(mail)
            raise Gone
        if self.plan == "keep and stall at TEXT":
            self.server.top.mails.append(mail)
            self.server.top.reached.append(self.plan)
            self.server.top.stalled.wait(60)
            raise Gone
        if self.planned("TEXT", "250 2.0.0 queued as 1"):
            self.server.top.mails.append(mail)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class SmtpServer:
    def __init__(self, users=None, tls=None, at_once=False):
        self.users, self.plan, self.tls, self.at_once = users or {}, [], tls, at_once
        self.mails, self.seen, self.faults, self.reached = [], [], [], []
        self.connections = 0
        self.stalled = threading.Event()
        self.server = Server(("127.0.0.1", 0), Dialogue)
        self.server.top = self
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stalled.set()
        self.server.shutdown()
        self.server.server_close()

    def next_plan(self):
        return self.plan.pop(0) if self.plan else "ok"

    def wait(self, count, seconds=10):
        """The mails, once there are so many; fewer when it takes too long."""
        self.until(lambda: len(self.mails) >= count, seconds)
        return self.mails

    def until(self, what, seconds=10):
        end = time.monotonic() + seconds
        while not what() and time.monotonic() < end:
            time.sleep(0.02)
        return what()
