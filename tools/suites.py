#!/usr/bin/env python3
"""suites.py TESTLOG.json - a line for each suite of a meson test run: how many tests, how many seconds together."""
import json
import sys

suites = {}
for line in open(sys.argv[1], encoding="utf-8"):
    test = json.loads(line)
    # "broadsheet:lint / lint layers"; several suites are joined by a plus.
    for name in test["name"].split(" / ")[0].split(":")[-1].split("+"):
        count, seconds = suites.get(name, (0, 0.0))
        suites[name] = (count + 1, seconds + test["duration"])
for name, (count, seconds) in sorted(suites.items()):
    print(f"    {name:<12} {count:3d} tests {seconds:6.1f} s")
