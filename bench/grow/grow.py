#!/usr/bin/env python3
"""grow.py BUILD STORIES SITES - a site of STORIES stories for measuring, in the folder SITES/stories-STORIES: a small one that came
in by import, many times over.

Up to 10,000 stories are made by bench/corpus.py, brought in by `broadsheet import` and served until no job is left, so that
related stories are complete. A larger site is that one of 10,000 copied row by row, by SQL, into eras that follow one another:
each era has ids, addresses, times, tags, bylines, names and rare words of its own, while the sections, the commonest tags and
the common words run through all of them. Then settle_site, a program beside this file, does through the site's own
calls what needs more than SQL: it indexes the words for search, counts the lists anew, adds reads and makes the popular list.

Every site spans the same twenty years, whatever its size: ten times the stories are ten times as many a day. Bodies are whole
(210 to 730 words) and repeat once an era. About 14 kB of disk and 0.4 ms of CPU a story. A site that is there already is kept.
"""
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import corpus  # noqa: E402
from rig import Site  # noqa: E402

BASE = 10_000
SPAN_US = 20 * 365 * 86400 * 1_000_000
CACHE_KB = 1_500_000
SHARED_TAGS = 60   # the commonest run through all eras, as sections do
STAFF_ERAS = 5     # bylines and the other tags change every so many eras
RARE_TERM = 5      # a term of at most so many stories belongs to its era alone
RELATED_SECONDS = 1800

# What is worked out once from the site that is copied. `s` is how far its time is stretched to fill one era.
PREPARE = """
CREATE TEMP TABLE era_story AS
    SELECT id, slug, CAST((published_at - (SELECT MIN(published_at) FROM story)) * :stretch AS INTEGER) AS place FROM story;
CREATE UNIQUE INDEX temp.era_story_id ON era_story (id);
CREATE TEMP TABLE era_tag AS
    SELECT id, slug, section = 1 OR id IN (SELECT id FROM tag ORDER BY story_count DESC, id LIMIT :shared) AS shared FROM tag;
CREATE UNIQUE INDEX temp.era_tag_id ON era_tag (id);
CREATE TEMP TABLE era_term AS
    SELECT st.story, st.term, st.weight, COALESCE(t.stories <= :rare, 0) AS rare
    FROM story_term st LEFT JOIN term t ON t.id = st.term ORDER BY st.story, st.term;
"""

GHOST_ID = "lower(hex(randomblob(12)))"
UUID = ("lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a' ||"
        " substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))")
TAG = "CASE WHEN m.shared OR {tag} IS NULL THEN {tag} ELSE {tag} + :staff * :tags END"

# An era's rows: table, the columns that differ from the copied row's, and what is joined to say so. Every `x.id` moves by the
# era's number times the highest one.
AT = "(:start + e.place)"
ROWS = [
    ("story", {"id": "x.id + :era * :stories", "ghost_id": GHOST_ID, "uuid": UUID, "slug": "x.slug || :mark",
               "created_at": AT, "updated_at": AT, "published_at": AT,
               "primary_tag": TAG.format(tag="x.primary_tag"), "primary_byline": "x.primary_byline + :staff * :bylines"},
     "JOIN era_story e ON e.id = x.id LEFT JOIN era_tag m ON m.id = x.primary_tag", "x.id"),
    ("story_body", {"story": "x.story + :era * :stories"}, "", "x.story"),
    ("story_text", {"story": "x.story + :era * :stories", "body": "x.body || ' era' || :era"}, "", "x.story"),
    ("story_tag", {"story": "x.story + :era * :stories", "tag": TAG.format(tag="x.tag"), "listed_at": AT},
     "JOIN era_story e ON e.id = x.story JOIN era_tag m ON m.id = x.tag", "x.story, x.position"),
    ("story_byline", {"story": "x.story + :era * :stories", "byline": "x.byline + :staff * :bylines", "listed_at": AT},
     "JOIN era_story e ON e.id = x.story", "x.story"),
    ("comment", {"id": "x.id + :era * :comments", "ghost_id": GHOST_ID, "story": "x.story + :era * :stories",
                 "parent": "x.parent + :era * :comments", "thread": "x.thread + :era * :comments",
                 "thread_at": f"{AT} + (x.thread_at - s.published_at)", "token": "NULL",
                 "created_at": f"{AT} + (x.created_at - s.published_at)"},
     "JOIN era_story e ON e.id = x.story JOIN story s ON s.id = x.story", "x.id"),
    ("redirect", {"path": "CASE WHEN x.path GLOB '/[?]p=*' THEN '/?p=' || (CAST(substr(x.path, 5) AS INTEGER) + :era * :stories)"
                          " ELSE rtrim(x.path, '/') || :mark || '/' END", "story": "x.story + :era * :stories"}, "", "x.path"),
    ("import_map", {"foreign_id": "x.foreign_id || :mark", "ours": "x.ours + :era * CASE x.kind WHEN 'story' THEN :stories ELSE :comments END"},
     "", "x.kind, x.foreign_id"),
    ("related", {"story": "x.story + :era * :stories", "other": "x.other + :era * :stories"}, "", "x.story, x.other"),
]
ONLY = {"redirect": "x.rowid <= :redirects AND x.story IS NOT NULL", "comment": "x.id <= :comments",
        "import_map": "x.rowid <= :maps AND x.kind IN ('story', 'comment')",
        "story_text": "x.story <= :stories", "story_body": "x.story <= :stories", "story": "x.id <= :stories",
        "story_tag": "x.story <= :stories", "story_byline": "x.story <= :stories", "related": "x.story <= :stories"}
TERMS = ["INSERT INTO term (id, word, stories) SELECT x.id + :era * :terms, x.word || 'e' || :era, x.stories FROM term x"
         " WHERE x.id <= :terms AND x.stories <= :rare",
         "INSERT INTO story_term (story, term, weight, listed_at)"
         " SELECT x.story + :era * :stories, x.term + CASE WHEN x.rare THEN :era * :terms ELSE 0 END, x.weight,"
         f" CASE WHEN x.term = 0 THEN 0 ELSE {AT} END FROM era_term x JOIN era_story e ON e.id = x.story"]
STAFF = {"tag": ["id", "ghost_id", "slug"], "byline": ["id", "ghost_id", "slug"]}


def columns(db, table):
    return [row[1] for row in db.execute(f"PRAGMA table_info({table})")]


def copy_sql(db, table, other, joins, order):
    names = columns(db, table)
    return (f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(other.get(n, 'x.' + n) for n in names)}"
            f" FROM {table} x {joins} WHERE {ONLY[table]} ORDER BY {order}")


def staff_sql(db, table, which):
    names = columns(db, table)
    other = {"id": f"x.id + :staff * :{table}s", "ghost_id": GHOST_ID, "slug": "x.slug || '-s' || :staff", "parent": "NULL"}
    return (f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(other.get(n, 'x.' + n) for n in names)}"
            f" FROM {table} x WHERE x.id <= :{table}s AND {which}")


def highest(db, table, number="id"):
    return db.execute(f"SELECT MAX({number}) FROM {table}").fetchone()[0] or 0


def stretch_first(db, start, values):
    """The copied site itself becomes the first era."""
    at = f"({start} + (SELECT place FROM era_story e WHERE e.id = %s))"
    db.execute(f"UPDATE comment SET created_at = comment.created_at - s.published_at + {at % 'comment.story'},"
               f" thread_at = comment.thread_at - s.published_at + {at % 'comment.story'}"
               " FROM story s WHERE s.id = comment.story AND comment.id <= :comments", values)
    db.execute(f"UPDATE story SET published_at = {at % 'story.id'}, created_at = {at % 'story.id'}, updated_at = {at % 'story.id'}"
               " WHERE id <= :stories", values)
    for table in ("story_tag", "story_byline", "story_term"):
        db.execute(f"UPDATE {table} SET listed_at = {at % (table + '.story')} WHERE story <= :stories AND listed_at <> 0", values)


def copy_eras(db, eras, newest, say):
    oldest, latest = db.execute("SELECT MIN(published_at), MAX(published_at) FROM story").fetchone()
    era_us = SPAN_US // eras
    values = {"stretch": era_us * 0.999 / max(1, latest - oldest), "shared": SHARED_TAGS, "rare": RARE_TERM,
              **{f"{t}s": highest(db, t) for t in ("tag", "byline", "comment", "term")}, "stories": highest(db, "story"),
              "redirects": highest(db, "redirect", "rowid"), "maps": highest(db, "import_map", "rowid")}
    for statement in PREPARE.split(";\n"):
        db.execute(statement, {k: v for k, v in values.items() if f":{k}" in statement})
    # Secondary indexes are made again at the end, by sorting: kept in step row by row they cost ten times that.
    indexes = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall() if eras > 1 else []
    copies = [copy_sql(db, *row) for row in ROWS] + TERMS
    staff = [staff_sql(db, "tag", "x.id IN (SELECT id FROM era_tag WHERE NOT shared)"), staff_sql(db, "byline", "1")]
    for name, _ in indexes:
        db.execute(f"DROP INDEX {name}")
    for era in range(1, eras):
        values.update(era=era, staff=era // STAFF_ERAS, mark=f"-e{era}", start=newest - SPAN_US + era * era_us)
        for statement in (staff if era % STAFF_ERAS == 0 else []) + copies:
            db.execute(statement, values)
        say(f"rows: {era + 1} of {eras} eras")
    stretch_first(db, newest - SPAN_US, values)  # last: the eras are copied from what it was
    db.execute("UPDATE term SET stories = stories * ? WHERE id <= ? AND stories > ?", (eras, values["terms"], RARE_TERM))
    for name, sql in indexes:
        db.execute(sql)
    say("indexes made")


def grow(file, eras, say):
    db = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE", f"cache_size = -{CACHE_KB}",
                   "temp_store = MEMORY"):
        db.execute(f"PRAGMA {pragma}")
    db.execute("BEGIN")
    copy_eras(db, eras, time.time_ns() // 1000 - 3_600_000_000, say)
    db.execute("COMMIT")
    db.execute("PRAGMA journal_mode = WAL")
    db.close()


def base_folder(sites, stories):
    return pathlib.Path(sites) / f"base-{stories}"


def base(build, stories, folder, say):
    """The small site itself, beside the one that is wanted: kept for the next."""
    if (folder / "site.db").exists():
        return folder
    site = Site(pathlib.Path(build) / "broadsheet", part(folder))
    text = site.top / "corpus.xml"
    with open(text, "w", encoding="utf-8") as out:
        corpus.write(out, stories)
    site.command("init", site.dir, "--title", "The Archive")
    site.command("import", text, "--site", site.dir)
    say(f"{stories} stories imported")
    site.start()
    begin = time.monotonic()
    while site.jobs_left():
        if time.monotonic() - begin > RELATED_SECONDS:
            raise SystemExit("grow: related stories are not complete after half an hour")
        time.sleep(0.5)
    site.stop()
    say("related stories are complete")
    site.dir.rename(folder)
    site.remove()
    return folder


def part(folder):
    """Where it is made: it comes to its name whole or not at all."""
    where = folder.parent / (folder.name + ".part")
    shutil.rmtree(where, ignore_errors=True)
    where.mkdir(parents=True)
    return where


def make(build, stories, sites, quiet=False):
    """The folder of a site of so many stories: as it is there, else made now."""
    folder = pathlib.Path(sites) / f"stories-{stories}"
    if (folder / "site.db").exists():
        return folder
    if stories > BASE and stories % BASE:
        raise SystemExit(f"grow: above {BASE}, stories come in whole eras of {BASE}")
    begin = time.monotonic()

    def say(text):
        if not quiet:
            used = os.times()
            cpu = used.user + used.system + used.children_user + used.children_system
            print(f"{time.monotonic() - begin:7.0f} s, {cpu:5.0f} s of CPU   {text}", file=sys.stderr, flush=True)

    small = base(build, min(stories, BASE), base_folder(sites, min(stories, BASE)), say)
    top = part(folder)
    try:
        shutil.copytree(small, top / "site")
        upgrade = [pathlib.Path(build) / "broadsheet", "upgrade", "--site", top / "site"]  # now: it keeps a copy
        subprocess.run(upgrade, check=True, stdout=subprocess.DEVNULL)
        for copy in (top / "site").glob("site.db.before-*"):
            copy.unlink()
        grow(top / "site" / "site.db", max(1, stories // BASE), say)
        settle = pathlib.Path(build) / "bench/grow/settle_site"
        subprocess.run([settle, top / "site"], check=True, stdout=subprocess.DEVNULL if quiet else sys.stderr)
        say("settled")
        (top / "site").rename(folder)
    finally:
        shutil.rmtree(top, ignore_errors=True)
    return folder


if __name__ == "__main__":
    if len(sys.argv) != 4 or not sys.argv[2].isdigit():
        sys.exit("usage: grow.py BUILD STORIES SITES")
    make(sys.argv[1], int(sys.argv[2]), sys.argv[3])
