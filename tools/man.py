#!/usr/bin/env python3
"""man.py PROGRAM - prints a man page made from what `PROGRAM --help` and `PROGRAM COMMAND --help` say.

The help is the one text; this only sets it. A line of --help that starts with two spaces and a word names a
command.
"""
import re
import subprocess
import sys

program = sys.argv[1]


def help_of(*words):
    done = subprocess.run([program, *words, "--help"], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"man.py: {' '.join(words)} --help failed: {done.stderr.strip()}")
    return done.stdout


def roff(text):
    out = []
    for line in text.rstrip().splitlines():
        line = line.replace("\\", "\\e").replace("-", "\\-")
        out.append("\\&" + line if line.startswith((".", "'")) else line)
    return "\n".join(out)


top = help_of()
version = subprocess.run([program, "version"], capture_output=True, text=True).stdout.split()[-1]
commands = re.findall(r"^  ([a-z]+)\b", top, re.M)
print(f'.TH BROADSHEET 1 "" "broadsheet {version}" "User Commands"')
print(".SH NAME\nbroadsheet \\- a news site in one program\n.SH SYNOPSIS\n.nf")
print(roff(top.splitlines()[0]))
print(".fi\n.SH DESCRIPTION\n.nf")
print(roff("\n".join(top.splitlines()[1:])))
print(".fi")
for command in dict.fromkeys(commands):
    print(f".SH {command.upper()}\n.nf\n{roff(help_of(command))}\n.fi")
