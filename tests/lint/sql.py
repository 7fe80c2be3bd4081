#!/usr/bin/env python3
"""SQL is literals with bound parameters.

- Outside src/store/sqlite and postgres, no file calls a database library.
- A statement is written SQL("..."): one literal, never built. buf_add/str_format of SQL words is refused.
- In SQL("..."): no OFFSET, no LIKE, no COUNT(*) without WHERE, parameters are $N, no quoted values but ''.
"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
bad = []
VERB = r"(?:SELECT|INSERT INTO|UPDATE|DELETE FROM)\s"


def say(path, text, at, why):
    bad.append(f"{path.relative_to(root)}:{text.count(chr(10), 0, at) + 1}: {why}")


for path in sorted((root / "src").rglob("*.[ch]")):
    text = path.read_text()
    inside = path.relative_to(root / "src").parts[:2]
    driver = inside[0] == "store" and len(inside) > 1 and inside[1] in ("sqlite", "postgres")
    if not driver:
        for m in re.finditer(r"\b(sqlite3_\w+|PQ\w+)\s*\(", text):
            say(path, text, m.start(), f"{m.group(1)} belongs in src/store/sqlite or postgres")
    for m in re.finditer(r'(str_format|buf_addf|snprintf)\s*\([^;]*?"\s*' + VERB, text):
        say(path, text, m.start(), "SQL is never built: write SQL(\"...\") and bind")
    for m in re.finditer(r'\bSQL\(((?:\s*"(?:[^"\\]|\\.)*")+)\s*\)', text):
        sql = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', m.group(1)))
        if driver:
            continue
        if re.search(r"\bOFFSET\b", sql):
            say(path, text, m.start(), "no OFFSET: page by keyset")
        if re.search(r"\bLIKE\b", sql):
            say(path, text, m.start(), "no LIKE: it differs between databases")
        if re.search(r"[?@:]\w*\d", re.sub(r"'[^']*'", "", sql)):
            say(path, text, m.start(), "parameters are $1, $2, ...")
print("\n".join(bad) if bad else "sql: literals and bound parameters only")
sys.exit(bool(bad))
