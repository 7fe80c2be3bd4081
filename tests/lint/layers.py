#!/usr/bin/env python3
"""The folder order of DESIGN: a file may include only from its own folder and from those its folder may use.

The table is what docs/ARCHITECTURE.md draws. It also holds each Meson library to the same: a folder's
meson.build names no *_dep above it. src/media/worker is a program of its own: it may use base and media/'s kinds,
and nothing else may include a decoder's header.
"""
import pathlib
import re
import sys

USES = {
    "base": [],
    "text": ["base"],
    "reader": ["base", "text"],
    "http": ["base", "text"],
    "store": ["base"],
    "hbs": ["base", "text"],
    "news": ["base", "text", "reader", "store"],
    "media": ["base", "text", "store", "news"],
    "discover": ["base", "text", "reader", "store", "news"],
    "theme": ["base", "text", "reader", "store", "hbs", "news", "media", "discover"],
    "site": ["base", "text", "reader", "store", "hbs", "news", "media", "discover", "theme", "http"],
    "desk": ["base", "text", "reader", "store", "hbs", "news", "media", "discover", "theme", "http", "site"],
    "transfer": ["base", "text", "reader", "store", "news", "media", "discover", "site", "theme", "http", "hbs"],
    "cli": ["base", "text", "reader", "store", "hbs", "http", "news", "media", "discover", "theme", "site",
            "desk", "transfer"],
}

WORKER = {"media/kind.h", "media/worker.h"}
DECODERS = r'\s*#\s*include\s+<(vips/|gmodule|glib|seccomp)'

root = pathlib.Path(sys.argv[1])
bad = []
for path in sorted((root / "src").rglob("*.[ch]")):
    folder = path.relative_to(root / "src").parts[0]
    if folder not in USES:
        continue  # main.c wires the parts and may use all of them
    worker = path.relative_to(root / "src").parts[:2] == ("media", "worker")
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not worker and re.match(DECODERS, line):
            bad.append(f"{path.relative_to(root)}:{number}: only src/media/worker decodes pictures")
        m = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if not m:
            continue
        target = m.group(1).split("/")[0]
        if "/" not in m.group(1):
            bad.append(f'{path.relative_to(root)}:{number}: write "{folder}/{m.group(1)}": names start at src/')
        elif worker and not m.group(1).startswith(("base/", "media/worker/")) and m.group(1) not in WORKER:
            bad.append(f"{path.relative_to(root)}:{number}: the picture worker may not use {m.group(1)}")
        elif target != folder and target not in USES[folder]:
            bad.append(f"{path.relative_to(root)}:{number}: {folder}/ may not use {target}/")
for path in sorted((root / "src").glob("*/meson.build")):
    folder = path.parent.name
    for name in set(re.findall(r"\b(\w+)_dep\b", path.read_text())):
        if name in USES and name != folder and name not in USES.get(folder, USES):
            bad.append(f"{path.relative_to(root)}: {folder}/ may not link {name}/")
print("\n".join(bad) if bad else "layers: every include points down")
sys.exit(bool(bad))
