"""at_desk.py - somebody at the desk, for the tests of its parts: a browser that keeps its cookie, and the way in.

    link = serve_new(site)                       # a site nobody has a login on yet
    ann = set_up(site, link)                     # the owner
    eve = join(site, ann, "eve", "editor")       # somebody she invites
    page = eve.get("/desk/replies/")
    eve.post("/desk/replies/decide/", {"do": "approve-1"})      # with the token of the page she sees
    eve.ask("/desk/replies/decide/", {"do": "approve-1"})       # as a script of ours: .values
"""
import html
import json
import re


class Browser:
    def __init__(self, site):
        self.site, self.cookie, self.page, self.token = site, None, None, ""

    def take(self, answer):
        line = answer.headers.get("set-cookie")
        if line:
            self.cookie = line.split(";")[0]
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', answer.body.decode("utf-8", "replace"))
        if token:
            self.token = token.group(1)
        self.page = answer
        return answer

    def headers(self, more=None):
        return {**({"Cookie": self.cookie} if self.cookie else {}), **(more or {})}

    def get(self, path, **headers):
        return self.take(self.site.get(path, **self.headers(headers)))

    def post(self, path, fields, **headers):
        fields = list(fields.items()) if isinstance(fields, dict) else fields
        return self.take(self.site.post(path, [("csrf", self.token), *fields], **self.headers(headers)))

    def ask(self, path, fields=None):
        """As a script of ours asks; .values is what the answer says."""
        accept = {"Accept": "application/json"}
        answer = self.get(path, **accept) if fields is None else self.post(path, fields, **accept)
        answer.values = json.loads(answer.text)
        return answer

    def follow(self, answer):
        return self.get(answer.location)

    @property
    def said(self):
        return html.unescape(self.page.text)


def serve_new(site, *flags):
    """Starts it; the set-up link's path."""
    site.serve(*flags)
    said = site.server.stdout.readline() + site.server.stdout.readline()
    return re.search(r"/desk/set-up/\?link=[0-9a-f]{64}", said).group(0)


def set_up(site, link, name="Ann Quill"):
    ann = Browser(site)
    ann.get(link)
    ann.post("/desk/set-up/", {"link": link.split("=")[1], "name": name, "email": "ann@wharf.example", "password": "a lamp at the quay"})
    return ann


def join(site, owner, name, role):
    owner.get("/desk/people/")
    owner.post("/desk/people/invite/", {"email": f"{name}@wharf.example", "role": role})
    link = re.search(r"/desk/invitation/\?link=[0-9a-f]{64}", owner.said).group(0)
    somebody = Browser(site)
    somebody.get(link)
    somebody.post("/desk/invitation/", {"link": link.split("=")[1], "name": name.title() + " Ling", "password": "tides and tables"})
    return somebody
