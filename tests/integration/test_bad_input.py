"""One clear sentence for each way a person can get it wrong, and nothing half done."""
import os
import pathlib
import socket
import sqlite3

from newsroom import Newsroom, check, equal, finish, small_export

def one_sentence(what, code, err, *words, want=1):
    lines = [line for line in err.strip().splitlines() if line]
    equal(f"{what}: exit code", code, want)
    equal(f"{what}: one line", len(lines), 1) or print("\n".join(lines))
    for word in words:
        check(f"{what}: says {word!r}", lines and word in lines[0], lines)


def stories(site):
    with sqlite3.connect(site.dir / "site.db") as db:
        return db.execute("SELECT COUNT(*) FROM story").fetchone()[0]


with Newsroom() as site:
    site.init()
    good = site.top / "good.xml"
    good.write_text(small_export(59))
    cut = site.top / "cut.xml"
    cut.write_text(good.read_text()[:9000])
    code, _, err = site.command("import", cut)
    one_sentence("truncated WXR", code, err, "cut.xml")
    equal("truncated WXR: nothing half done", stories(site), 0)

    other = site.top / "other.xml"
    other.write_text("<?xml version='1.0'?><html><body>no</body></html>")
    one_sentence("XML that is not WXR", *site.command("import", other)[::2], "other.xml")
    binary = site.top / "noise.bin"
    binary.write_bytes(os.urandom(5000))
    one_sentence("noise", *site.command("import", binary)[::2], "noise.bin")
    bomb = site.top / "bomb.xml"
    bomb.write_text('<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">]><rss version="2.0"><channel>&a;</channel></rss>')
    one_sentence("a DOCTYPE", *site.command("import", bomb)[::2], "bomb.xml")
    one_sentence("no such file", *site.command("import", site.top / "absent.xml")[::2], "absent.xml")
    equal("nothing came of any", stories(site), 0)
    site.run("import", good)
    equal("the good one came", stories(site), 59)

    one_sentence("serve outside a site", *site.command("serve", "--site", site.top, site=False)[::2], "broadsheet init")
    one_sentence("unknown command", *site.command("sevre", site=False)[::2], "sevre", want=2)
    one_sentence("unknown flag", *site.command("serve", "--prot", "8")[::2], "--prot", want=2)
    one_sentence("init over a site", *site.command("init", site.dir, site=False)[::2], str(site.dir))

    one_sentence("help of no command", *site.command("help", "sevre", site=False)[::2], "sevre", want=2)
    equal("help of a command is its own", site.run("help", "serve", site=False), site.run("serve", "--help", site=False))
    one_sentence("a wrong --media", *site.command("import", "--media", site.top / "wrong", good)[::2], "wrong", "nothing was imported")
    new = site.top / "new"
    for flag, value, words in (("--timezone", "Mars/Phobos", "time zone"), ("--language", "!!", "language"), ("--url", "news", "address"),
                               ("--url", 'https://a"b', "address")):
        one_sentence(f"init {flag}", *site.command("init", new, flag, value, site=False)[::2], value, words)
        check(f"init {flag} {value}: nothing half done", not new.exists())
    one_sentence("user: no such verb", *site.command("user", "frob")[::2], "add, list, password, role or two-step-off", want=2)
    one_sentence("no such reply", *site.command("comment", "approve", "99999")[::2], "99999", "comment list")
    one_sentence("no such picture", *site.command("media", "show", "99999")[::2], "99999", "media list")
    one_sentence("another's flag", *site.command("media", "add", binary, "--title", "x")[::2], "--title", want=2)
    one_sentence("another's flag", *site.command("media", "show", "1", "--caption", "x")[::2], "--caption", want=2)
    one_sentence("one bad file", *site.command("media", "add", binary)[::2], "noise.bin")
    one_sentence("no such copy", *site.command("restore", site.top / "nope")[::2], "nope is not a backup")
    one_sentence("a folder that is no copy", *site.command("restore", site.top)[::2], "is not a backup")
    copy = site.top / "copy"
    site.run("backup", copy)

    busy = socket.socket()
    busy.bind(("127.0.0.1", 0))
    busy.listen()
    port = busy.getsockname()[1]
    one_sentence("a used port", *site.command("serve", "--listen", f"127.0.0.1:{port}")[::2], str(port))
    busy.close()

    theme = site.dir / "themes" / "broken"
    theme.mkdir(parents=True)
    (theme / "package.json").write_text('{"name":"broken","version":"1.0.0"}')
    (theme / "index.hbs").write_text("<p>fine</p>\n")
    (theme / "post.hbs").write_text("<p>\n  {{#if title}}x{{/unless}}\n</p>\n")
    one_sentence("a theme with a syntax error", *site.command("theme", "use", "broken")[::2], "post.hbs:2:")

    if os.geteuid() != 0:  # root writes everywhere
        pathlib.Path(site.top / "ro").mkdir(mode=0o500)
        one_sentence("an unwritable folder", *site.command("init", site.top / "ro/x", site=False)[::2], "ro")
    else:
        one_sentence("an unwritable folder", *site.command("init", "/proc/x", site=False)[::2], "/proc/x")

    site.serve()
    slug = "/story-7/"
    answer = site.post(slug, {"name": "", "email": "a@reader.example", "text": "Good story."})
    equal("a form without a name", answer.status, 422)
    check("says so by the field", 'aria-invalid="true"' in answer.text and "Good story." in answer.text)
    equal("and is not kept", answer.headers.get("cache-control"), "no-store")
    equal("white space alone is empty", site.post(slug, {"name": " \t", "email": "a@reader.example", "text": "x"}).status, 422)
    equal("from another site", site.post(slug, {"name": "N", "email": "a@b.example", "text": "x"},
                                         Origin="http://evil.example").status, 403)
    big = site.request("POST", slug, b"x" * 1000, {"Content-Length": "99999999", "Content-Type": "application/x-www-form-urlencoded"})
    equal("a body too large", big.status, 413)
    one_sentence("a restore onto a served site", *site.command("restore", copy)[::2], "is in use")
    equal("which is as it was", sorted(p.name for p in site.top.glob("site*")), ["site"])
    equal("a second serve of the same site", site.command("serve", "--listen", "127.0.0.1:0")[0], 1)
    site.stop()

    with sqlite3.connect(site.dir / "site.db") as db:
        db.execute("UPDATE schema_version SET version = 9999")
    one_sentence("a database from a newer version", *site.command("serve", "--listen", "127.0.0.1:0")[::2], "9999")
finish()
