#!/usr/bin/env python3
"""flat.py BUILD [--sites DIR] [--sizes N,...] [--turns N] - what pages and writes cost from 1,000 to 1,000,000 stories.

Makes the sites it does not find in the folder --sites, else $BENCH_SITES, else /var/tmp/broadsheet-bench (bench/grow/grow.py; the
largest takes 14 GB and some minutes), and leaves them there for the next time. bench_page, a program beside this, measures
each site, in turns; what it adds it takes away again. A figure is the median over the turns of the median CPU time of a request.
The ratio is the largest site's to the one of 10,000.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "grow")]
import grow  # noqa: E402
from rig import median  # noqa: E402

FLAT = 1.5
WHAT = {
    "html": "story page's HTML", "story": "story page, whole miss", "front": "front page", "front_far": "front page N, any",
    "tag": "tag, page 1", "tag_700": "tag, page 700 (or the last)", "author": "author", "month": "a month's archive", "search": "search",
    "old_address": "an old address", "absent": "an address that is not there", "feed": "feed",
    "sitemap_index": "sitemap's index", "sitemap_part": "sitemap's first part, an address", "sitemap_last": "sitemap's last full part, an address",
    "save": "a new story saved", "publish": "then published", "relate": "then related, behind", "reply": "a reply", "remove": "a story removed for good",
}


def measure(build, site, rounds):
    done = subprocess.run([pathlib.Path(build) / "bench/page/bench_page", site, str(rounds)], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr.strip())
    return {name: float(us) for name, us in re.findall(r"^(\w+) cpu_us=([\d.]+)", done.stdout, re.M)}


def main():
    parser = argparse.ArgumentParser(description="what pages and writes cost as the archive grows")
    parser.add_argument("build")
    parser.add_argument("--sites", default=os.environ.get("BENCH_SITES", "/var/tmp/broadsheet-bench"))
    parser.add_argument("--sizes", default="1000,10000,100000,1000000")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=400)
    args = parser.parse_args()
    sizes = sorted(int(size) for size in args.sizes.split(","))
    sites = {size: grow.make(args.build, size, args.sites) for size in sizes}
    taken = {size: [] for size in sizes}
    for turn in range(args.turns):
        for size in sizes if turn % 2 == 0 else reversed(sizes):
            taken[size].append(measure(args.build, sites[size], args.rounds))
    from_size = 10_000 if 10_000 in sizes else sizes[0]
    print(f"{'CPU us, median':<38}" + "".join(f"{size:>11,}" for size in sizes) + f"{'ratio':>8}   goal <= {FLAT}")
    missed = 0
    for name, what in WHAT.items():
        cost = {size: median(one[name] for one in taken[size]) for size in sizes}
        ratio = cost[sizes[-1]] / cost[from_size]
        missed += ratio > FLAT
        print(f"{what:<38}" + "".join(f"{cost[size]:>11,.1f}" for size in sizes) + f"{ratio:>8.2f}   {'met' if ratio <= FLAT else 'MISSED'}")
    print(f"\n{len(WHAT) - missed} met, {missed} missed; the sites stay in {args.sites}")


main()
