#!/usr/bin/env python3
"""Every C file is as clang-format 14 leaves it, and says its licence in one SPDX line (.c only)."""
import pathlib
import subprocess
import sys

root = pathlib.Path(sys.argv[1])
files = sorted(p for d in ("src", "tests", "bench") for p in (root / d).rglob("*.[ch]"))
bad = [f"{p.relative_to(root)}: no SPDX line" for p in files
       if p.suffix == ".c" and "SPDX-License-Identifier: MIT" not in p.read_text()[:200]]
done = subprocess.run(["clang-format", "--dry-run", "-Werror", *map(str, files)], capture_output=True, text=True)
if done.returncode:
    wrong = sorted({line.split(":")[0] for line in done.stderr.splitlines() if "clang-format-violations" in line})
    bad += [f"{pathlib.Path(w).relative_to(root)}: run clang-format -i on it" for w in wrong]
print("\n".join(bad) if bad else f"format: {len(files)} files")
sys.exit(bool(bad))
