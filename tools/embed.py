#!/usr/bin/env python3
"""embed.py OUT.c SYMBOL ROOT FILE... - puts files into the program.

Writes a C file defining `const struct embedded SYMBOL[]` and `const size_t SYMBOL_count`, sorted by
path below ROOT (base/embedded.h is the reader's side). The bytes go in by the assembler's .incbin,
so that a megabyte of pictures costs the compiler nothing.
"""
import os
import sys


def main():
    out, symbol, root, files = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
    rows = sorted((os.path.relpath(f, root), os.path.abspath(f)) for f in files)
    lines = ['#include "base/embedded.h"', ""]
    for i, (_, path) in enumerate(rows):
        name = f"{symbol}_{i}"
        lines.append(
            f'__asm__(".section .rodata\\n.balign 16\\n{name}:\\n.incbin \\"{path}\\"\\n'
            f'{name}_end:\\n.byte 0\\n.previous\\n");'
        )
        lines.append(f"extern const char {name}[], {name}_end[];")
    lines.append(f"extern const struct embedded {symbol}[];")
    lines.append(f"extern const size_t {symbol}_count;")
    lines.append(f"const struct embedded {symbol}[] = {{")
    for i, (rel, _) in enumerate(rows):
        lines.append(f'    {{"{rel}", {symbol}_{i}, {symbol}_{i}_end}},')
    lines.append("    {0, 0, 0},")
    lines.append("};")
    lines.append(f"const size_t {symbol}_count = {len(rows)};")
    with open(out, "w") as f:
        f.write("\n".join(lines) + "\n")


main()
