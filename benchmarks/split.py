"""Where the CPU time of one crawl goes: newsspider under cProfile, its time split by part.

Functions of the standard library and of small libraries count for the part that calls them. A
profiler makes every call dearer, so what has many small calls looks larger than it is: the shares
say where to look, benchmarks/crawl.py says what a crawl costs.
"""

import cProfile
import os
import pstats
import sys
import time
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

# The first that fits a file's path is its part.
PARTS = (
    ("newsspider/extract/", "extraction"),
    ("newsspider/dates/", "extraction"),
    ("newsspider/feeds", "feeds"),
    ("feedparser/", "feeds"),
    ("newsspider/dedupe", "dedupe"),
    ("newsspider/store/stories", "dedupe"),
    ("newsspider/store/copies", "dedupe"),
    ("newsspider/store/", "store"),
    ("newsspider/urls", ""),
    ("newsspider/text", ""),
    ("newsspider/variants", ""),
    ("newsspider/items", ""),
    ("newsspider/", "spider, middlewares, pipelines"),
    ("importlib", "imports"),
    ("scrapy/", "Scrapy"),
    ("twisted/", "Scrapy"),
    ("asyncio/", "Scrapy"),
    ("selectors.py", "Scrapy"),
    ("protego", "Scrapy"),
)
ROUNDS = 12
"""How far a caller is looked for."""

Function = tuple[str, int, str]


def part_of(function: Function) -> str:
    """Return the part that *function* belongs to, "" where its callers decide."""
    return next((part for piece, part in PARTS if piece in function[0]), "")


def split(stats: Mapping[Function, Any]) -> dict[str, float]:
    """Return seconds by part."""
    found: dict[str, float] = defaultdict(float)
    waiting = {function: entry[2] for function, entry in stats.items()}
    for _ in range(ROUNDS):
        further: dict[Function, float] = defaultdict(float)
        for function, seconds in waiting.items():
            callers = stats[function][4]
            whole = sum(one[3] for one in callers.values())
            if part := part_of(function):
                found[part] += seconds
            elif not whole:
                found["other"] += seconds
            else:
                for caller, one in callers.items():
                    further[caller] += seconds * one[3] / whole
        waiting = further
    found["other"] += sum(waiting.values())
    return dict(found)


def main() -> None:
    """Run `newsspider` with the arguments given; print the split to stderr."""
    from newsspider.cli import main as newsspider

    profile = cProfile.Profile(time.process_time)
    try:
        profile.runcall(newsspider, sys.argv[1:])
    except SystemExit as end:
        if end.code:
            raise
    stats: Mapping[Function, Any] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    parts = split(stats)
    total = sum(parts.values())
    for part, seconds in sorted(parts.items(), key=lambda one: -one[1]):
        print(f"{part:32} {seconds:8.2f} s {100 * seconds / total:5.1f} %", file=sys.stderr)
    if path := os.environ.get("PROFILE"):
        profile.dump_stats(path)


if __name__ == "__main__":
    main()
