"""A reader leaves a reply and sees it; the moderator's hands from the command line; shown within a second."""
import json
import re
import signal

from newsroom import Newsroom, check, equal, finish, small_export

REPLY = {"name": "Nora Quill", "email": "canary@reader.example", "website": "", "text": "First line.\n\nSecond <b>line</b>."}

with Newsroom() as site:
    site.init()
    (site.top / "w.xml").write_text(small_export(12))
    site.run("import", site.top / "w.xml")
    site.serve()
    story = "/story-3/"
    before = site.get(story)
    check("the form is there", 'id="reply-form"' in before.text)
    check("its notice is there", "Your email address will not be published" in before.text)
    check("no cookie", "set-cookie" not in before.headers)

    answer = site.post(story, REPLY)
    equal("accepted", answer.status, 303)
    check("goes to the reply", re.fullmatch(r"(http://[^/]+)?/story-3/\?reply=[0-9A-Za-z_-]+#reply-\d+", answer.location), answer.location)
    own = site.get(re.sub(r"^http://[^/]+", "", answer.location).split("#")[0])
    equal("the writer's own view", own.status, 200)
    check("shows the held reply to its writer", "Second" in own.text and "Nora Quill" in own.text)
    check("noindex", "noindex" in own.text)
    equal("not kept by anyone", own.headers.get("cache-control"), "no-store")
    check("held from others", "Nora Quill" not in site.get(story).text)

    twice = site.post(story, REPLY)
    equal("a double post is one", (twice.status, len(json.loads(site.run("comment", "list", "--json")))), (303, 1))

    waiting = json.loads(site.run("comment", "list", "--json"))[0]
    equal("pending", waiting["state"], "pending")
    site.run("comment", "approve", str(waiting["id"]))
    took = site.wait_for(lambda: "Nora Quill" in site.get(story).text)
    check("approve shows on the page within a second", took is not None and took < 1.0, took)
    shown = site.get(story).text
    check("no email anywhere", "canary" not in shown)
    check("no raw markup", "<b>line</b>" not in shown or "<strong>" in shown)
    check("1 reply", "1 reply" in shown.lower(), re.findall(r"\d+ repl\w+", shown))

    parent = re.search(r'id="reply-(\d+)"', shown).group(1)
    again = site.post(story, {**REPLY, "text": "A second thought.", "parent": parent})
    equal("second reply", again.status, 303)
    check("an approved writer is shown at once", "A second thought." in site.get(story).text)

    site.run("comment", "spam", str(waiting["id"]))
    check("spam leaves the page", site.wait_for(lambda: "First line." not in site.get(story).text, 1.0) is not None)
    check("nobody's address in the log", "canary" not in site.log() and "reader=127.0.0.1" not in site.log())

    # What was acknowledged outlives a kill -9.
    sent = [site.post(f"/story-{n}/", {**REPLY, "text": f"Kept {n}."}).status for n in range(4, 10)]
    equal("all accepted", sent, [303] * 6)
    site.stop(signal.SIGKILL)
    site.serve()
    kept = json.dumps(json.loads(site.run("comment", "list", "--state", "all", "--json")))
    check("and all there after a kill", all(f"Kept {n}." in kept for n in range(4, 10)))
    site.stop()
finish()
