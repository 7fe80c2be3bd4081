"""test_s3.py - storage with a bucket behind it, against s3rver and a second opinion on each signature (s3/server.cjs); and a site
that uses one.

Skips, saying why, where there is no npm or no way to the packages that s3/package-lock.json names.
"""
import hashlib
import os
import pathlib
import shutil
import subprocess
import tempfile
import urllib.request

from newsroom import Newsroom, check, finish, skip

HERE = pathlib.Path(__file__).resolve().parent / "s3"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"><script>1</script><g/></svg>'
EXPORT = """<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<title>T</title><link>https://t.example</link><wp:wxr_version>1.2</wp:wxr_version>
<wp:base_blog_url>https://t.example</wp:base_blog_url><item><title>a</title><wp:post_id>3</wp:post_id>
<wp:post_type>attachment</wp:post_type><wp:status>inherit</wp:status>
<wp:attachment_url>https://t.example/wp-content/uploads/2025/06/map.svg</wp:attachment_url></item></channel></rss>"""


def packages():
    stamp = HERE / "node_modules/.stamp"
    want = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == want:
        return
    done = subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=HERE, capture_output=True, text=True, timeout=120)
    if done.returncode:
        skip(f"npm ci failed: {done.stderr.strip().splitlines()[-1:]}")
    stamp.write_text(want)


if not shutil.which("npm") or not shutil.which("node"):
    skip("no npm")
packages()
folder = tempfile.mkdtemp(prefix="s3rver-")
server = subprocess.Popen(["node", "--openssl-legacy-provider", str(HERE / "server.cjs"), folder], stdout=subprocess.PIPE, text=True)
try:
    endpoint = f"http://127.0.0.1:{server.stdout.readline().split()[1]}"

    def ask(path, method="GET"):
        return urllib.request.urlopen(urllib.request.Request(endpoint + path, method=method), timeout=10).read().decode()

    def calls(*what):
        done = subprocess.run([os.environ["TEST_S3"], *what], capture_output=True, text=True, timeout=200,
                              env={**os.environ, "S3_ENDPOINT": endpoint})
        check(f"the calls: {' '.join(what) or 'all'}", done.returncode == 0, done.stdout + done.stderr)

    before = int(ask("/-/count"))
    calls("once")
    check("sixteen who want one file fetch it once", int(ask("/-/count")) - before == 1)
    ask("/-/fail?status=503&times=3", "POST")
    calls("tries")
    ask("/-/fail?status=503&times=100", "POST")
    calls("never")
    ask("/-/fail?status=0&times=0", "POST")
    calls()

    with Newsroom() as site:
        site.init(title="Wharf")
        config = site.dir / "broadsheet.yaml"
        config.write_text(config.read_text() + f"""
media:
  endpoint: {endpoint}
  bucket: wharf
  prefix: wharf/
  key_id: S3RVER
  secret_file: s3.secret
""")
        (site.dir / "s3.secret").write_text("S3RVER\n")
        uploads = site.dir / "uploads/2025/06"
        uploads.mkdir(parents=True)
        (uploads / "map.svg").write_text(SVG)
        (site.dir / "export.xml").write_text(EXPORT)
        site.run("import", "--media", str(site.dir / "uploads"), str(site.dir / "export.xml"))
        kept = subprocess.run(["find", folder, "-name", "*map.svg*"], capture_output=True, text=True).stdout
        check("the picture is in the bucket", "wharf/2025/06/map.svg" in kept, kept)
        check("and in the cache", (site.dir / "media/2025/06/map.svg").exists())
        site.serve()
        (site.dir / "media/2025/06/map.svg").unlink()
        fetched = int(ask("/-/count"))
        pages = [site.get("/content/images/2025/06/map.svg") for _ in range(3)]
        check("what is no longer in the cache is fetched", pages[0].status == 200 and "<g/>" in pages[0].text,
              f"{pages[0].status} {pages[0].text[:200]}")
        check("once", int(ask("/-/count")) - fetched == 1)
        check("and nothing that no record names", site.get("/content/images/2025/06/none.svg").status == 404
              and int(ask("/-/count")) - fetched == 1)
        site.stop()
        config.write_text(config.read_text().replace("bucket: wharf", "bucket: nowhere"))
        (uploads / "map.svg").write_text(SVG.replace("<g/>", "<path/>"))
        (site.dir / "export.xml").write_text(EXPORT.replace("t.example", "u.example").replace("map", "plan"))
        (uploads / "map.svg").rename(uploads / "plan.svg")
        out = site.run("import", "--media", str(site.dir / "uploads"), str(site.dir / "export.xml"))
        check("what is wrong is said", "there is no such bucket" in str(getattr(out, "stdout", out)), out)
        check("and nothing is half there", not (site.dir / "media/2025/06/plan.svg").exists())
finally:
    server.terminate()
    server.wait()
    shutil.rmtree(folder, ignore_errors=True)
finish()
