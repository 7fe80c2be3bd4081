#!/usr/bin/env python3
"""Every statement of news/, media/, discover/, site/ and desk/ prepares, and none walks a big table or sorts what an index could give.

plans.py ROOT CC... -- preprocesses each file, takes the text of each SQL("..."), and reads SQLite's EXPLAIN QUERY
PLAN against the real schema. What may scan or sort, and why, is the table below: a key is the beginning of a statement.
"""
import pathlib
import re
import sqlite3
import subprocess
import sys

MEDIA = ("m.id, m.ghost_id, m.path, m.name, m.kind, m.content_type, m.bytes, m.width, m.height, m.frames, m.duration_ms, "
         "m.hash, m.original, m.original_type, m.color, m.placeholder, m.title, m.alt, m.caption, m.credit, m.licence, "
         "m.focal_x, m.focal_y, m.crop_left, m.crop_top, m.crop_right, m.crop_bottom, m.person, m.created_at, m.updated_at")
ALLOWED = {  # beginning of the statement: (may scan these, may sort, why)
    "SELECT name, value FROM setting": ({"setting"}, False, "all settings, a few dozen rows"),
    "SELECT id, ghost_id, email, name, role, password_hash, created_at, seen_at, language FROM person ORDER BY id":
        ({"person"}, False, "all people with a login"),
    "SELECT id FROM person WHERE role": ({"person"}, False, "people with a login"),
    "SELECT tag FROM story_tag WHERE story": (set(), True, "one story's tags"),
    "SELECT byline FROM story_byline WHERE story": (set(), True, "one story's bylines"),
    "SELECT p.slug, p.name, p.weight": (set(), True, "one story's proposals"),
    "SELECT slug, MIN(name), SUM(weight)": ({"tag_proposal"}, True, "a command's list of what waits, no page's"),
    "UPDATE story SET primary_tag": (set(), True, "one story's tags, for each"),
    "UPDATE story SET primary_byline": (set(), True, "one story's bylines, for each"),
    "SELECT id FROM (SELECT s.id": ({"older", "newer"}, False, "one row on either side"),
    "SELECT * FROM (SELECT s.id": ({f"p{i}" for i in range(8)}, False, "the few newest rows of each section"),
    "SELECT id FROM comment WHERE email_key = $1 ORDER BY state": (set(), True, "at most one writer's replies"),
    "SELECT count(*) FROM (SELECT 1 FROM media_word": ({"w"}, False, "at most RARE_LOOK rows, found by index"),
    f"SELECT {MEDIA} FROM story_picture": (set(), True, "one story's pictures"),
    "SELECT id, slug, name, image": ({"tag"}, False, "all tags, for a command or a picture replaced"),
    "SELECT id, slug, name, profile_image": ({"byline"}, False, "all bylines, for the same"),
    "SELECT 0, name, '', value FROM setting": ({"setting"}, False, "all settings, a few dozen rows"),
    "SELECT COUNT(*) FROM (SELECT 1 FROM comment": ({"few"}, False, "at most so many rows, found by index"),
    "DELETE FROM door": ({"door"}, False, "invitations and links that wait, a few dozen"),
    "SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM mail": ({"few"}, False, "at most so many rows, found by index"),
    "SELECT id, at, person, name, what": (set(), True, "what one person did at once, a hundred at most"),
    "SELECT COUNT(*) FROM (SELECT 1 FROM ban": ({"ban", "few"}, False, "BANS_MAX rows at most"),
    "SELECT id, kind, value, act, note, person_name, created_at FROM ban ORDER BY id LIMIT": ({"ban"}, False, "all bans, once a change"),
    "SELECT COUNT(*) FROM (SELECT 1 FROM referrer": ({"few"}, False, "at most so many rows, found by index"),
    "SELECT COUNT(*) FROM (SELECT 1 FROM site_referrer": ({"few"}, False, "at most so many rows, found by index"),
    "SELECT source, CAST(SUM(reads)": (set(), True, "at most 51 sources a day of 30 days, 251 of the site's"),
    "SELECT id, person, half": (set(), True, "one person's sessions"),
    "SELECT step FROM first_step": ({"first_step"}, False, "five steps"),
    "SELECT s.id FROM (SELECT id FROM story WHERE id > 0": ({"s"}, False, "the newest hundred stories"),
}
SMALL = {"popular"}  # at most POPULAR_HELD rows
UPKEEP = ("news/list_recount.c", "site/known.c")  # walk whole tables: `broadsheet check`; the addresses in use, behind

root = pathlib.Path(sys.argv[1])
compiler = sys.argv[2:]
schema = root / "src/store/schema"
db = sqlite3.connect(":memory:")
db.execute("CREATE TABLE change (seq INTEGER PRIMARY KEY, name TEXT, changed_at BIGINT)")
for path in sorted(schema.glob("*.sql")):
    if path.name.count(".") == 1 or path.name.endswith(".sqlite.sql"):
        db.executescript(path.read_text().replace("'broadsheet'", "'unicode61'"))


def statements(path):
    done = subprocess.run([*compiler, "-std=gnu17", "-D_GNU_SOURCE", f"-I{root / 'src'}", "-include",
                           str(root / "src/base/banned.h"), "-E", "-P", str(path)],
                          capture_output=True, text=True, check=True)
    literal = r'"(?:[^"\\]|\\.)*"'
    for m in re.finditer(r"\(\(store_sql\)\s*\{((?:\s*" + literal + r")+)\s*,\s*sizeof", done.stdout):
        yield "".join(x[1:-1].replace('\\"', '"') for x in re.findall(literal, m.group(1)))


bad, seen = [], set()
for path in sorted(p for folder in ("news", "media", "discover", "site", "desk") for p in (root / "src" / folder).glob("*.c")):
    name = str(path.relative_to(root / "src"))
    for sql in statements(path):
        if sql in seen:
            continue
        seen.add(sql)
        shown = sql if len(sql) < 160 else sql[:157] + "..."
        text = re.sub(r"\bid_list\((\$\d+)\)", r"(SELECT value AS id, key AS ord FROM json_each(\1))", sql)
        text = re.sub(r"\$(\d+)", r"?\1", text)
        parameters = max([int(n) for n in re.findall(r"\?(\d+)", text)] or [0])
        try:
            plan = [row[3] for row in db.execute("EXPLAIN QUERY PLAN " + text, ["[]"] * parameters)]
        except sqlite3.Error as e:
            bad.append(f"{name}: {e}\n    {shown}")
            continue
        if name in UPKEEP:
            continue
        may_scan, may_sort, _ = next((v for k, v in ALLOWED.items() if sql.startswith(k)), (set(), False, ""))
        names = {alias or table: table for table, alias in
                 re.findall(r"(?:FROM|JOIN)\s+(\w+)(?:\s+(?:AS\s+)?(?!WHERE|CROSS|ORDER|LEFT|JOIN|ON)(\w+))?", sql)}
        for step in plan:
            m = re.match(r"SCAN (\w+)", step)
            table = names.get(m.group(1), m.group(1)) if m else ""
            fine = table in may_scan | SMALL | {"", "json_each", "CONSTANT", "older", "newer"} or "VIRTUAL TABLE" in step
            by_index_to_a_limit = "USING" in step and "LIMIT" in sql
            if not fine and not by_index_to_a_limit:
                bad.append(f"{name}: {step}\n    {shown}")
            if "TEMP B-TREE" in step and not may_sort and "json_each" not in step:
                bad.append(f"{name}: {step}\n    {shown}")
print("\n".join(bad) if bad else f"plans: {len(seen)} statements by index")
sys.exit(bool(bad))
