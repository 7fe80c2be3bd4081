#!/usr/bin/env python3
"""Each header compiles alone, opens with its manual, and is guarded by #pragma once."""
import concurrent.futures
import os
import pathlib
import subprocess
import sys

root = pathlib.Path(sys.argv[1])
compiler = sys.argv[2:]
VIPS = subprocess.run(["pkg-config", "--cflags", "vips"], capture_output=True, text=True, check=True).stdout.split()
headers = sorted((root / "src").rglob("*.h"))


def check(path):
    name = path.relative_to(root / "src")
    text = path.read_text()
    if not text.startswith(f"/* {name} -- "):
        return f'src/{name}: its first line should be "/* {name} -- what it is for"'
    if "#pragma once" not in text:
        return f"src/{name}: no #pragma once"
    libraries = VIPS if "<vips/" in text else []
    done = subprocess.run(
        [*compiler, *libraries, "-std=gnu17", "-D_GNU_SOURCE", "-fsyntax-only", "-Wall", "-Wextra", "-Werror",
         f"-I{root / 'src'}", "-x", "c", "-"],
        input=f'#include "{name}"\n', capture_output=True, text=True)
    return f"src/{name}: does not compile alone:\n{done.stderr}" if done.returncode else None


with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    bad = [b for b in pool.map(check, headers) if b]
print("\n".join(bad) if bad else f"headers: {len(headers)} compile alone")
sys.exit(bool(bad))
