"""tasks.py - mail, import, export and backup in the browser: tasks.mjs on an empty site whose mail goes to a server of ours.

Skips as run.py does. DESK_SHOTS=FOLDER keeps a picture of every page in each width and scheme.
"""
import json
import os
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from browser import ready, run, valid_html  # noqa: E402
from newsroom import Newsroom, check, finish, small_export  # noqa: E402
from smtp_server import SmtpServer  # noqa: E402

ready()
with Newsroom() as site, SmtpServer() as smtp:
    site.init("The Varnmouth Lantern", "--timezone", "Europe/London", "--url", "http://127.0.0.1:8299")
    with open(site.dir / "broadsheet.yaml", "a") as config:
        config.write(f"mail:\n  server: smtp://127.0.0.1:{smtp.port}\n  from: news@lantern.example\n")
    site.serve("--access-log", "none", listen="127.0.0.1:8299")
    said = site.server.stdout.readline() + site.server.stdout.readline()
    link = re.search(r"/desk/set-up/\?link=[0-9a-f]+", said)
    check("the set-up link is printed", link is not None, said)
    export = site.top / "export.xml"
    export.write_text(small_export(12).replace("<p>Words here.</p>", "<p>Words here.</p>[slider id=3]", 3))
    big = site.top / "archive of the old paper.xml"
    big.write_text(small_export(40000, 100))
    smtp.plan = ["550 5.7.1 at RCPT"]
    pages = site.top / "pages"
    pages.mkdir()
    config = site.top / "tasks.json"
    config.write_text(json.dumps({"out": str(pages), "shots": os.environ.get("DESK_SHOTS", ""), "url": f"http://127.0.0.1:{site.port}",
                                  "setUp": link.group(0), "small": str(export), "big": str(big)}))
    run("tasks.mjs", config)
    valid_html(pages)
finish()
