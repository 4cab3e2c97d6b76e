"""How long the reading room takes for a page while a crawl writes to the same archive.

    python benchmarks/reading_room.py --db FILE [--rounds 40] [--json FILE]

FILE is an archive made by `store.py --db FILE`; articles are added to it. Starts `newsspider
serve` and a writer that commits new articles, edits and fetches every two seconds, as a crawl
does, then asks for every kind of page in turn, each time for another one. Prints for each kind the
processor time that the server took and what the reader waited, in milliseconds. --quiet leaves the
writer out.
"""

import argparse
import json
import random
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import synthetic_news as news
from figures import FIGURES, percentile, tell
from store import articles_in

from newsspider.store import Archive
from newsspider.store.records import Batch, Fetch

TARGET_MS = 150
BATCH, EDITED = 50, 5
"""New articles and edits of older ones in each of the writer's transactions: 25 articles a second
is what some twenty portals give at once."""
PAUSE_S = 2.0
"""Between two transactions, as `NEWSSPIDER_COMMIT_INTERVAL_S` of a crawl."""
EDIT = "编者补记：本文已经更正。"

Pick = Callable[[random.Random], str]


def word(dice: random.Random, lowest: int, highest: int) -> str:
    """Return a word of at least two characters whose rank lies between the two."""
    while len(found := news.VOCABULARY[dice.randrange(lowest, highest)]) < 2:
        pass
    return found


def pages(count: int) -> dict[str, Pick]:
    """Return how to choose a page of each kind from an archive of *count* articles."""

    def one(dice: random.Random) -> int:
        return dice.randrange(1, count + 1)

    def site(dice: random.Random) -> str:
        return dice.choice(news.SITES)

    def outlet(dice: random.Random) -> str:
        return dice.choice(news.OUTLETS)

    return {
        "front": lambda _: "/",
        "front, another year": lambda dice: f"/?year={dice.randrange(2015, 2025)}",
        "search, rare word": lambda dice: f"/search?q={word(dice, 3000, 59_000)}",
        "search, common word": lambda dice: f"/search?q={word(dice, 3, 60)}",
        "search, common word, newest": lambda dice: f"/search?q={word(dice, 3, 60)}&order=newest",
        "search, two words": lambda dice: f"/search?q={word(dice, 60, 900)}+{word(dice, 3, 60)}",
        "search, third page": lambda dice: f"/search?q={word(dice, 3, 60)}&page=3",
        "search, portal and source": lambda dice: (
            f"/search?site={site(dice)}&source={outlet(dice)}"
        ),
        "search, word of a source": lambda dice: (
            f"/search?q={word(dice, 3, 60)}&source={outlet(dice)}"
        ),
        "search, a day": lambda dice: (
            f"/search?since=20{dice.randrange(15, 25)}-03-21&until=2025-03-21"
        ),
        "article": lambda dice: f"/article/{one(dice)}",
        "difference": lambda dice: f"/article/{one(dice)}/diff",
        "portal": lambda dice: f"/portal/{site(dice)}",
        "outlet": lambda dice: f"/outlet/{outlet(dice)}",
        "article as JSON": lambda dice: f"/article/{one(dice)}.json",
        "tables": lambda _: "/archive",
        "table of articles": lambda dice: f"/archive/articles?_size=20&site={site(dice)}",
        "row of a table": lambda dice: f"/archive/articles/{one(dice)}",
    }


class Writer(threading.Thread):
    """Writes to the archive as a crawl does, until it is stopped."""

    def __init__(self, db: Path, first: int) -> None:
        super().__init__(daemon=True)
        self.db, self.number = db, first
        self.stopped, self.batches = threading.Event(), 0

    def run(self) -> None:
        """Commit one batch after the other."""
        with Archive(self.db) as archive:
            run = archive.begin_run("benchmark", started=news.FETCHED)
            while not self.stopped.wait(PAUSE_S):
                archive.write(self._batch(), run_id=run)
                self.batches += 1

    def _batch(self) -> Batch:
        numbers = range(self.number, self.number + BATCH)
        made = [news.article(n) for n in numbers]
        older = [news.article(n) for n in range(self.number - EDITED, self.number)]
        made += [replace(a, body=f"{a.body}\n{EDIT}", body_html=None) for a in older]
        self.number += BATCH
        fetches = [
            Fetch(url=a.url, fetched_at=news.FETCHED, kind="article", http_status=200) for a in made
        ]
        return Batch(articles=tuple(made), fetches=tuple(fetches))


@contextmanager
def serving(db: Path) -> Iterator[tuple[str, int]]:
    """Run `newsspider serve`; yield its address and its process id."""
    command = [sys.executable, "-m", "newsspider", "serve", "--db", str(db), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip().rstrip("/"), process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def cpu_ms(pid: int) -> float:
    """Return the processor time of all threads of a process so far."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(path.read_text().split()[0]) for path in tasks) / 1e6


def asked(base: str, path: str) -> int:
    """Read a page to its end and return its status."""
    url = base + urllib.parse.quote(path, safe="/?&=+:")
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            answer.read()
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def measure(base: str, pid: int, kinds: dict[str, Pick], rounds: int) -> int:
    """Ask for every kind *rounds* times, in turn; tell the times; return how many pages failed."""
    dice = random.Random("pages")
    waits: dict[str, list[float]] = {name: [] for name in kinds}
    costs: dict[str, list[float]] = {name: [] for name in kinds}
    failed = 0
    for _ in range(rounds):
        for name, pick in kinds.items():
            path = pick(dice)
            before, start = cpu_ms(pid), time.perf_counter()
            status = asked(base, path)
            waits[name].append((time.perf_counter() - start) * 1000)
            costs[name].append(cpu_ms(pid) - before)
            if status != 200:
                failed += 1
                print(f"  {status} {path}")
    heads = "  CPU p50     p95     max  wall p50     p95     max"
    print(f"{'kind of page':<30} {heads}  (target: wall p95 {TARGET_MS} ms)")
    for name in kinds:
        figures = [
            statistics.median(costs[name]), percentile(costs[name], 0.95), max(costs[name]),
            statistics.median(waits[name]), percentile(waits[name], 0.95), max(waits[name]),
        ]  # fmt: skip
        FIGURES[name] = [round(figure, 1) for figure in figures]
        mark = "" if figures[4] <= TARGET_MS else f"  > {TARGET_MS}"
        widths = (9, 7, 7, 9, 7, 7)
        columns = " ".join(f"{f:>{w}.1f}" for f, w in zip(figures, widths, strict=True))
        print(f"{name:<30} {columns}{mark}", flush=True)
    everything = [wait for each in waits.values() for wait in each]
    tell("wall p95 of all pages", percentile(everything, 0.95), "ms", f"<= {TARGET_MS}")
    return failed


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--db", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--quiet", action="store_true")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    count = articles_in(given.db)
    tell("articles", count)
    kinds = pages(count)
    writer = Writer(given.db, count)
    with serving(given.db) as (base, pid):
        for name in ("front", "article", "tables"):
            asked(base, kinds[name](random.Random(0)))
        if not given.quiet:
            writer.start()
        failed = measure(base, pid, kinds, given.rounds)
        writer.stopped.set()
        if not given.quiet:
            writer.join()
            tell("transactions of the writer meanwhile", writer.batches)
        tell("pages that failed", failed, "", "0")
    if given.json:
        given.json.write_text(json.dumps(FIGURES, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
