"""tasks.py - mail, import, export and backup in the browser: tasks.mjs on an empty site whose mail goes to a server of ours.

Skips as run.py does. DESK_SHOTS=FOLDER keeps a picture of every page in each width and scheme.
"""
import socket

from browser import desk, ready
from newsroom import Newsroom, finish, small_export
from smtp_server import SmtpServer

ready()
with socket.create_server(("127.0.0.1", 0)) as free:  # the site's address is in its mails, so it is settled before
    listen = f"127.0.0.1:{free.getsockname()[1]}"
with Newsroom() as site, SmtpServer() as smtp:
    site.init("The Varnmouth Lantern", "--timezone", "Europe/London", "--url", f"http://{listen}")
    with open(site.dir / "broadsheet.yaml", "a") as config:
        config.write(f"mail:\n  server: smtp://127.0.0.1:{smtp.port}\n  from: news@lantern.example\n")
    export = site.top / "export.xml"
    export.write_text(small_export(12).replace("<p>Words here.</p>", "<p>Words here.</p>[slider id=3]", 3))
    big = site.top / "archive of the old paper.xml"
    big.write_text(small_export(40000, 100))
    smtp.plan = ["550 5.7.1 at RCPT"]
    desk(site, "tasks.mjs", listen=listen, small=str(export), big=str(big))
finish()
