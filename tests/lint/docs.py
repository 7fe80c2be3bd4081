#!/usr/bin/env python3
"""The documents name only what is there: commands and their flags, make targets, files, links.

- `broadsheet WORD ...`: WORD is in src/cli/commands.h; each --flag on that line is one of its options.
- `make WORD`: a target of the Makefile.
- `src/...`, `tests/...` and so on: a file or folder, or a program named for its source (a * or a NAME stands for any).
- [text](file): the file is there.
"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
COMMON = {"site", "json", "help"}
FOLDERS = r"(?:src|tests|tools|docs|bench|packaging|themes|demo|desk)/"
bad = []


def options():
    """Command name -> its flags, from the tables in src/cli."""
    declared = re.findall(r"\bcommand_(\w+);", (root / "src/cli/commands.h").read_text())
    commands = {name: set(COMMON) for name in declared}
    for path in (root / "src/cli").glob("*.c"):
        for body in re.findall(r"^const struct command command_\w+ = \{\n(.*?)^\};", path.read_text(), re.M | re.S):
            name = re.search(r'\.name = "(\w+)"', body).group(1)
            if name in declared:
                commands[name] |= set(re.findall(r'\{"([a-z][a-z0-9-]*)",', body))
    return commands


def code(text):
    """(line number, code) of every fenced or indented block's line and every `span`."""
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            fenced = not fenced
        elif fenced or line.startswith("    "):
            yield number, line
        else:
            for span in re.findall(r"`([^`]+)`", line):
                yield number, span


def there(name):
    name = re.sub(r"[A-Z]{3,}", "*", name).rstrip("/")
    return any(root.glob(name)) or any(root.glob(name + ".*"))


def check(path, commands, targets):
    where = path.relative_to(root)
    text = path.read_text()
    for number, line in code(text):
        m = re.search(r"(?:^|[\s/$(])broadsheet ([a-z]+)\b([^|;#]*)", line)
        if m:
            if m.group(1) not in commands:
                bad.append(f"{where}:{number}: there is no command {m.group(1)}")
            for flag in re.findall(r"--([a-z][a-z-]*)", m.group(2)):
                if flag not in commands.get(m.group(1), {flag}):
                    bad.append(f"{where}:{number}: {m.group(1)} has no --{flag}")
        for target in re.findall(r"(?:^|\s)make ([a-z]+)\b", line):
            if target not in targets:
                bad.append(f"{where}:{number}: the Makefile has no {target}")
        for name in re.findall(rf"(?<![\w/.]){FOLDERS}[\w./*-]*[\w/*]", line):
            if not there(name):
                bad.append(f"{where}:{number}: there is no {name}")
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        if not (path.parent / target).exists():
            bad.append(f"{where}: a link to {target}, which is not there")


commands = options()
targets = set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text(), re.M))
documents = sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md")])
for document in documents:
    check(document, commands, targets)
print("\n".join(bad) if bad else f"docs: {len(documents)} documents name what is there")
sys.exit(bool(bad))
