#!/usr/bin/env python3
"""The desk's words are in desk/strings: none stand in a template, none are missing, none are left over.

strings.py ROOT -- a template's text between tags, and the attributes that are read out, hold no letters of their own, and a
script no sentence; each key that a template or src/desk names is in en.json; each key there is named somewhere (those of scripts, "editor." and
"script.", in desk/script), or begins as one that is put together in the program ("role.", "log.", ...). Other languages have the same keys,
in the same order, and fill in the same {names}; each plural has a form for every number.
"""
import json
import pathlib
import re
import sys

MADE = ("language", "choice.", "role.", "state.", "none.", "log.", "done.", "error.", "mail.", "task.", "why.")  # and a name that the program has
READ_OUT = ("alt", "aria-label", "placeholder", "title")

root = pathlib.Path(sys.argv[1])
bad, named = [], set()


def read(path):
    """The strings of one language; json alone would let the second of two keys win unseen."""
    pairs = json.loads(path.read_text(), object_pairs_hook=list)
    keys = [key for key, _ in pairs]
    bad.extend(f"{path.relative_to(root)}: {key!r} stands there twice" for key in sorted({k for k in keys if keys.count(k) > 1}))
    return dict(pairs)


strings = read(root / "desk/strings/en.json")

for path in sorted((root / "desk/templates").rglob("*.hbs")):
    text = path.read_text()
    where = path.relative_to(root)
    named |= set(re.findall(r'\bt "([^"]+)"', text))
    bare = re.sub(r"\{\{\{.*?\}\}\}|\{\{.*?\}\}", "", text, flags=re.S)
    bare = re.sub(r"<kbd>.</kbd>", "", bare)  # a key says the same in every language
    for words in re.findall(r">([^<]*[^\W\d_][^<]*)<", bare):
        bad.append(f"{where}: words of its own: {words.strip()!r}")
    for name, words in re.findall(r'([a-z-]+)="([^"]*[^\W\d_][^"]*)"', bare):
        if name in READ_OUT:
            bad.append(f"{where}: words of its own in {name}: {words!r}")
source = "\n".join(p.read_text() for p in sorted((root / "src/desk").glob("*.c")))
quoted = set(re.findall(r'S(?:TR_INIT)?\("([^"]+)"\)', source))
script_files = [p for p in sorted((root / "desk/script").rglob("*.js")) if "node_modules" not in p.parts]
scripts = "\n".join(p.read_text() for p in script_files)
for path in script_files:  # a sentence in a script begins as one: class names and keys do not
    if path.name == "embeds.js":
        continue  # names of services, in every language the same
    for number, line in enumerate(path.read_text().splitlines(), 1):
        for words in re.findall(r"""["'`]([A-Z][a-z]+(?: [A-Za-z]+)+[^"'`]*)["'`]""", line.split("//")[0]):
            bad.append(f"{path.relative_to(root)}:{number}: words of its own: {words!r}")
named |= set(re.findall(r'["`]((?:editor|script)\.[a-z0-9.-]+)["`]', scripts))
done = {"done." + name for name in quoted | set(re.findall(r'"([a-z-]+)"', source)) | set(re.findall(r"done=([a-z-]+)", source))}
named |= {q for q in quoted if q in strings or re.match(r"(wrong|denied|error)\.", q)}

for key in sorted(named - strings.keys()):
    bad.append(f"desk/strings/en.json: no {key!r}")
for key in sorted(strings.keys() - named):
    if not key.startswith(MADE):
        bad.append(f"desk/strings/en.json: nobody says {key!r}")
for what in re.findall(r'\.what = S\("([^"]+)"|errand_log\(e, room, S\("([^"]+)"', source):
    if "log." + (what[0] or what[1]) not in strings:
        bad.append(f"desk/strings/en.json: no 'log.{what[0] or what[1]}'")
for what in re.findall(r'errand_done\(e, [^;]*?, S\("([a-z-]+)"\)\)', source, flags=re.S):
    if "done." + what not in strings:
        bad.append(f"desk/strings/en.json: no 'done.{what}'")
for key in sorted(strings):
    if key.startswith("done.") and key not in done:
        bad.append(f"desk/strings/en.json: nobody says {key!r}")



def bodies(text, where):
    """The {names} that a text fills in, its plurals' too: as src/theme/phrases.h and desk/script/words.js read it."""
    names, at = set(), 0
    while (at := text.find("{", at)) >= 0:
        end, depth = at, 0
        for end in range(at, len(text)):
            depth += (text[end] == "{") - (text[end] == "}")
            if depth == 0:
                break
        inner = text[at + 1:end]
        if depth != 0:
            bad.append(f"{where}: a brace is not closed")
        elif re.fullmatch(r"[a-z_]+", inner):
            names.add(inner)
        elif plural := re.fullmatch(r"([a-z_]+), plural,((?: (?:=\d+|one|other) \{(?:[^{}]|\{[a-z_]+\})*\})+)", inner):
            forms = re.findall(r"(=\d+|one|other) \{((?:[^{}]|\{[a-z_]+\})*)\}", plural[2])
            if [form for form, _ in forms][-1] != "other" or len({form for form, _ in forms}) != len(forms):
                bad.append(f"{where}: a plural ends with its 'other', and has each form once")
            if not all(body.strip() for _, body in forms):
                bad.append(f"{where}: a plural says nothing")
            names |= {plural[1]} | {name for _, body in forms for name in re.findall(r"\{([a-z_]+)\}", body)}
        else:
            bad.append(f"{where}: what is {{{inner}}}?")
        at = end + 1
    return sorted(names)


# Every other language says the same things, with the same {names} to be filled in.
for path in sorted((root / "desk/strings").glob("*.json")):
    other = read(path)
    where = path.relative_to(root)
    bad += [f"{where}: no {key!r}" for key in sorted(strings.keys() - other.keys())]
    bad += [f"{where}: {key!r} is not in en.json" for key in sorted(other.keys() - strings.keys())]
    if [key for key in strings if key in other] != [key for key in other if key in strings]:
        bad.append(f"{where}: its strings are not in the order of en.json")
    for key in sorted(strings.keys() & other.keys()):
        filled = [bodies(text, f"{where}: {key!r}") for text in (strings[key], other[key])]
        if filled[0] != filled[1]:
            bad.append(f"{where}: {key!r} fills in {filled[1]}, not {filled[0]}")

print("\n".join(bad))
sys.exit(bool(bad))
