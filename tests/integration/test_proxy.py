"""Behind Debian's nginx, with the server file and the broadsheet.yaml of docs/operating.md, extracted from it as they
stand: only the certificate's place is another. All of it runs in a network namespace of its own, where ports 80,
443 and 8080 are free and readers can have addresses that are not this machine's."""
import http.client
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import urllib.parse

from newsroom import ROOT, Newsroom, check, equal, finish, skip, small_export

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
HOST = "news.example"
SERVER, ANNA, BERT = "192.0.2.1", "192.0.2.20", "198.51.100.30"  # where nginx is asked, and two readers
INSIDE = "BROADSHEET_PROXY_TEST"
FORGED = "203.0.113.9"  # whoever an outsider would like to be
REPLIES_A_MINUTE = 2


def block(language, word):
    """The code block of the manual that holds `word`."""
    text = (ROOT / "docs/operating.md").read_text()
    found = [b for b in re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S) if word in b]
    if len(found) != 1:
        raise RuntimeError(f"docs/operating.md has {len(found)} {language} blocks with {word!r}")
    return found[0]


def own_network():
    """Runs this file again with a network of its own; returns once that is so."""
    if os.environ.get(INSIDE):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        for address in (SERVER, ANNA, BERT):
            subprocess.run(["ip", "address", "add", f"{address}/32", "dev", "lo"], check=True)
        return
    unshare = ["unshare", "--user", "--map-root-user", "--net"]
    if not shutil.which("unshare") or not shutil.which("ip") or subprocess.run([*unshare, "true"], stderr=subprocess.DEVNULL).returncode:
        skip("no network namespaces here")
    os.execvpe(unshare[0], [*unshare, sys.executable, __file__], {**os.environ, INSIDE: "1"})


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as s:
            s.bind(("::1", 0))
            return True
    except OSError:
        return False


class Nginx:
    """The manual's file in an otherwise empty configuration, as one plain process."""

    def __init__(self, top):
        file = block("nginx", "proxy_pass")
        file = re.sub(r"/etc/letsencrypt/live/[^/]+", str(top), file)
        if not has_ipv6():
            file = re.sub(r"^ *listen \[::\].*\n", "", file, flags=re.M)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}",
                        "-keyout", top / "privkey.pem", "-out", top / "fullchain.pem"], check=True, capture_output=True)
        temp = "".join(f"{name}_temp_path {top}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (top / "nginx.conf").write_text(f"daemon off;\nmaster_process off;\nuser root;\npid {top}/nginx.pid;\nerror_log {top}/nginx.err;\n"
                                        f"events {{}}\nhttp {{\naccess_log off;\n{temp}{file}}}\n")
        self.errors = top / "nginx.err"
        self.process = subprocess.Popen([NGINX, "-p", top, "-e", top / "nginx.err", "-c", top / "nginx.conf"],
                                        stderr=subprocess.DEVNULL)

    def up(self):
        with socket.socket() as s:
            return s.connect_ex((SERVER, 443)) == 0

    def ask(self, method, path, reader=ANNA, body=None, **headers):
        """(status, headers, text), as the reader at that address."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        c = http.client.HTTPSConnection(SERVER, 443, context=context, source_address=(reader, 0), timeout=20)
        try:
            c.request(method, path, body, {"Host": HOST, **{k.replace("_", "-"): v for k, v in headers.items()}})
            answer = c.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode()
        finally:
            c.close()

    def reply(self, text, reader=ANNA, **headers):
        fields = {"name": "Nora Quill", "email": "nora@reader.example", "text": text}
        return self.ask("POST", "/story-3/", reader, urllib.parse.urlencode(fields),
                        Origin=f"https://{HOST}", Content_Type="application/x-www-form-urlencoded", **headers)[0]

    def plain(self, path):
        c = http.client.HTTPConnection(SERVER, 80, timeout=20)
        try:
            c.request("GET", path, headers={"Host": HOST})
            answer = c.getresponse()
            return answer.status, answer.getheader("Location")
        finally:
            c.close()

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


def readers(log, path):
    """Who asked for a path, as the access log has it."""
    return re.findall(rf"request reader=(\S+) method=GET path={re.escape(path)} ", log.read_text())


def serve(site, log):
    site.serve("--log-ip", "full", "--access-log", str(log), "--replies", str(REPLIES_A_MINUTE), listen=None)


def trusted(site, nginx, log):
    equal("plain http is sent to https", nginx.plain("/story-3/"), (301, f"https://{HOST}/story-3/"))
    status, headers, page = nginx.ask("GET", "/story-3/")
    equal("a story through nginx", status, 200)
    check("its address is the site's own", f'<link rel="canonical" href="https://{HOST}/story-3/"' in page,
          re.findall(r"<link rel=.canonical[^>]*>", page))
    check("no cookie", "set-cookie" not in headers)
    gzip = lambda: nginx.ask("HEAD", "/story-3/", Accept_Encoding="gzip")[1].get("content-encoding") == "gzip"  # noqa: E731
    check("gzip goes through", site.wait_for(gzip) is not None)

    nginx.ask("GET", "/story-4/", BERT)
    nginx.ask("GET", "/story-5/", ANNA, X_Forwarded_For=FORGED)
    nginx.ask("GET", "/story-6/", ANNA, X_Forwarded_For=f"{FORGED}, 127.0.0.1", Forwarded=f"for={FORGED}")
    site.wait_for(lambda: log.exists() and readers(log, "/story-6/"))
    equal("the log has the reader", set(readers(log, "/story-3/")), {ANNA})
    equal("each its own", readers(log, "/story-4/"), [BERT])
    equal("a forged header is not believed", readers(log, "/story-5/"), [ANNA])
    equal("nor one that names the proxy", readers(log, "/story-6/"), [ANNA])

    equal("replies up to the limit", [nginx.reply(f"Number {i}.") for i in range(REPLIES_A_MINUTE)], [303] * REPLIES_A_MINUTE)
    equal("then no more", nginx.reply("One too many."), 429)
    equal("a forged header does not help", nginx.reply("Another.", X_Forwarded_For="198.51.100.7"), 429)
    equal("another reader still may", nginx.reply("Me too.", BERT), 303)

    equal("a body over the limit", nginx.ask("POST", "/story-3/", body=b"x" * (2 << 20))[0], 413)
    status, _, page = nginx.ask("GET", "/metrics")
    check("/metrics is not for readers", status != 200 and "broadsheet_" not in page, status)
    equal("but for the machine", site.get("/metrics").status, 200)
    check("nobody was forged into the log", FORGED not in log.read_text())
    check("no warning", "proxies" not in site.log(), site.log())


def untrusted(site, nginx, log):
    for n in range(3, 9):
        nginx.ask("GET", f"/story-{n}/", ANNA if n % 2 else BERT)
    site.wait_for(lambda: log.exists() and readers(log, "/story-8/"))
    equal("every reader looks like nginx", set(readers(log, "/story-8/")), {"127.0.0.1"})
    warnings = [line for line in site.log().splitlines() if " warn " in line and "proxies" in line]
    equal("one warning", len(warnings), 1)
    check("it names the line to add", "proxies: in broadsheet.yaml" in warnings[0] and "proxies=127.0.0.1" in warnings[0],
          warnings)
    equal("one reader's limit is not put on all", [nginx.reply(f"Letter {i}.") for i in range(REPLIES_A_MINUTE + 2)],
          [303] * (REPLIES_A_MINUTE + 2))


def behind(site, name, config, test):
    (site.dir / "broadsheet.yaml").write_text(config)
    log = site.top / f"{name}.log"
    top = site.top / name
    top.mkdir()
    serve(site, log)
    nginx = Nginx(top)
    try:
        if site.wait_for(nginx.up, 10) is None:
            raise RuntimeError(f"nginx does not start: {nginx.errors.read_text() if nginx.errors.exists() else ''}")
        test(site, nginx, log)
    finally:
        nginx.stop()
        site.stop()


if not pathlib.Path(NGINX).exists() or not shutil.which("openssl"):
    skip("no nginx, or no openssl to make it a certificate")
own_network()
with Newsroom() as room:
    room.init()
    (room.top / "w.xml").write_text(small_export(12))
    room.run("import", room.top / "w.xml")
    yaml = block("yaml", "proxies:")
    behind(room, "trusted", yaml, trusted)
    behind(room, "untrusted", re.sub(r"^proxies:.*\n", "", yaml, flags=re.M), untrusted)
finish()
