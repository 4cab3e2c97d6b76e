"""What the store costs and whether it is right, on news whose truth is known.

    python benchmarks/store.py [--articles 100000] [--parts ingest,edits,...] [--kills 20]
                               [--db FILE] [--json FILE]

Prints one line a figure, with the target beside it where there is one. Times are CPU of this
machine; `--db` keeps the archive; one that is there already is filled up to --articles, or measured
as it is (but for `edits`, which can be found only once).
"""

import argparse
import json
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import hostile_conditions
import synthetic_news as news
from figures import FIGURES, percentile, tell, timed_ms
from store_search import search_recall, search_times

from newsspider.dedupe import fingerprint
from newsspider.store import Archive, stories
from newsspider.store.readings import folded
from newsspider.store.records import Batch, Fetch

BATCH = 200
CHECKPOINTS = (10_000, 100_000, 1_000_000)


def memory_mb() -> float:
    """Return the resident memory of this process now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def batches(numbers: range) -> Iterator[Batch]:
    """Yield the articles of *numbers* with the fetches that a crawl records."""
    for start in range(numbers.start, numbers.stop, BATCH):
        made = [news.article(n) for n in range(start, min(start + BATCH, numbers.stop))]
        fetches = tuple(
            Fetch(
                url=a.url,
                fetched_at=a.fetched_at or news.FETCHED,
                kind="article",
                http_status=200,
                size_bytes=40_000,
                article_url=a.url,
            )
            for a in made
        )
        yield Batch(articles=tuple(made), fetches=fetches)


# -- parts -----------------------------------------------------------------------------------------


def ingest(path: Path, count: int) -> None:
    """Write what is missing of *count*; CPU an article in the second half before each checkpoint.

    An archive that an earlier run began is gone on with: its checkpoints have no figures then.
    """
    costs: dict[int, float] = {}
    spent, window = 0.0, 0.0
    done = stored = articles_in(path)
    window_from = done
    marks = [mark for mark in CHECKPOINTS if mark <= count] or [count]
    slowest = 0.0
    with Archive(path, create=True) as archive:
        run = archive.begin_run("benchmark", started=news.FETCHED)
        for batch in batches(range(done, count)):
            start, wall = time.process_time(), time.perf_counter()
            archive.write(batch, run_id=run)
            cpu = time.process_time() - start
            slowest = max(slowest, time.perf_counter() - wall)
            spent, window, done = spent + cpu, window + cpu, done + len(batch.articles)
            if any(window_from < mark // 2 <= done for mark in marks):
                window, window_from = 0.0, done
            if done in marks:
                costs[done] = window / (done - window_from) * 1000
                tell(f"ingest CPU at {done}", costs[done], "ms/article", "<= 4")
                tell(f"ingest CPU up to {done}", spent / (done - stored) * 1000, "ms/article")
                tell(f"memory at {done}", memory_mb(), "MB", "flat")
            elif done % 50_000 == 0:
                print(f"  {done} {window / max(1, done - window_from) * 1000:.2f}", flush=True)
    if len(costs) > 1:
        tell("growth of ingest", costs[max(costs)] / costs[min(costs)], "times", "< 1.5")
    tell("slowest batch", slowest * 1000, "ms")
    size = sum(f.stat().st_size for f in path.parent.glob(path.name + "*"))
    tell("file size", size / 2**20, "MB")
    tell("file size over text", size / text_bytes(path), "times", "<= 2.2")


def articles_in(path: Path) -> int:
    """Return how many articles an archive has, 0 when there is none."""
    if not path.exists():
        return 0
    with sqlite3.connect(path) as db:
        count = int(db.execute("select ifnull(max(id), 0) from articles").fetchone()[0])
    db.close()
    return count


def text_bytes(path: Path) -> int:
    """Return the UTF-8 bytes of all bodies, body_html and related items' titles and summaries."""
    with sqlite3.connect(path) as db:
        sums = db.execute(
            "select (select sum(length(cast(body as blob)))"
            " + sum(ifnull(length(cast(body_html as blob)), 0)) from articles)"
            " + (select sum(length(cast(title as blob)))"
            " + sum(ifnull(length(cast(summary as blob)), 0)) from related_items)"
        ).fetchone()
    db.close()
    return int(sums[0])


def size_by_table(path: Path, top: int = 14) -> None:
    """Print where the bytes of the file are, if SQLite can tell."""
    with sqlite3.connect(path) as db:
        try:
            rows = db.execute(
                "select name, sum(pgsize) from dbstat group by name order by 2 desc limit ?", (top,)
            ).fetchall()
        except sqlite3.OperationalError:
            return
        count = db.execute("select count(*) from articles").fetchone()[0]
    db.close()
    for name, size in rows:
        tell(f"size of {name}", size / count, "bytes/article")


def duplicates(path: Path, count: int) -> None:
    """Compare the stories with the truth."""
    with sqlite3.connect(path) as db:
        story_of = dict(db.execute("select id - 1, story_id from articles"))
        sizes = dict(db.execute("select story_id, size from stories"))
        taken = dict(db.execute("select article_id - 1, of_id - 1 from reprints"))
    db.close()
    found = {"exact": [0, 0], "edited": [0, 0], "excerpt": [0, 0], "form": [0, 0], "own": [0, 0]}
    traced = [0, 0]
    roots: dict[int, set[int]] = {}
    kinds = [news.truth(n) for n in range(count)]
    for n, one in enumerate(kinds):
        roots.setdefault(story_of[n], set()).add(one.origin)
    for n, one in enumerate(kinds):
        tally = found[one.kind]
        tally[1] += 1
        if one.origin != n:
            tally[0] += story_of[n] == story_of[one.origin]
            traced[0] += taken.get(n) == one.origin
            traced[1] += 1
        else:
            # A form or an original that stands with another one is a false join.
            tally[0] += len(roots[story_of[n]]) > 1
    for kind in ("exact", "edited", "excerpt"):
        right, all_ = found[kind]
        tell(f"reprints found, {kind}", right / max(1, all_), f"of {all_}", ">= 0.98")
    for kind in ("form", "own"):
        wrong, all_ = found[kind]
        tell(f"false joins, {kind}", wrong / max(1, all_), f"of {all_}", "<= 0.005")
    tell("taken from the true original", traced[0] / max(1, traced[1]), f"of {traced[1]}")
    tell("largest story", max(sizes.values()), "articles")


def lookups(path: Path, count: int) -> None:
    """Time the search for copies of articles that are not stored, as they come and once more."""
    asked = []
    for n in range(count, count + 1000):
        made = news.article(n)
        asked.append((fingerprint(folded(made.body)), str(made.date_published)))
    for name in ("first", "again"):
        times, cpu = [], []
        with Archive(path, read_only=True) as archive:
            for text, day in asked:
                start = time.process_time()
                times.append(timed_ms(lambda t=text, d=day: stories.matches(archive._db, t, d)))
                cpu.append((time.process_time() - start) * 1000)
        tell(f"lookup of copies, {name} p50", percentile(times, 0.5), "ms")
        tell(f"lookup of copies, {name} p99", percentile(times, 0.99), "ms", "<= 5")
        tell(f"lookup of copies, {name} p99 of CPU", percentile(cpu, 0.99), "ms")


def edits(path: Path, count: int) -> None:
    """Write edited and unchanged articles again and compare what the store says of them."""
    step = max(1, count // 2000)
    wanted = {n: news.edited(n) for n in range(0, count, step) if news.truth(n).kind == "own"}
    right, cost = {"changed": 0, "class": 0, "unchanged": 0}, {}
    with Archive(path) as archive:
        for name, made in (
            ("edited", [a for a, _ in wanted.values()]),
            ("unchanged", [news.edited(n)[0] for n in wanted]),
        ):
            start, saved = time.process_time(), []
            for at in range(0, len(made), BATCH):
                saved += archive.write(Batch(articles=tuple(made[at : at + BATCH])))
            cost[name] = (time.process_time() - start) / len(made) * 1000
            key = "changed" if name == "edited" else "unchanged"
            right[key] = sum(one.outcome == key for one in saved)
        for n, (_, kind) in wanted.items():
            row = archive._db.execute(
                "select classes from revisions where article_id = ? order by id desc", (n + 1,)
            ).fetchone()
            right["class"] += bool(row) and json.loads(row[0]) == [kind]
    tell("edits found", right["changed"] / len(wanted), f"of {len(wanted)}", "1")
    tell("classed as made", right["class"] / len(wanted), f"of {len(wanted)}", "1")
    tell("unchanged taken as unchanged", right["unchanged"] / len(wanted), "", "1")
    tell("edited CPU", cost["edited"], "ms/article")
    tell("unchanged CPU", cost["unchanged"], "ms/article")


# -- export and readers ------------------------------------------------------------------------


def export(path: Path, count: int) -> None:
    """Export everything as JSON Lines in a process of its own."""
    command = [sys.executable, "-m", "newsspider", "export", "--db", str(path)]
    start, most = time.perf_counter(), 0.0
    with (
        Path("/dev/null").open("w") as out,
        subprocess.Popen([*command, "--format", "jsonl"], stdout=out) as child,
    ):
        while child.poll() is None:
            # getrusage of a child counts the memory of its parent at the fork, too.
            status = Path(f"/proc/{child.pid}/status").read_text()
            if "VmHWM:" in status:
                most = max(most, int(status.partition("VmHWM:")[2].split()[0]) / 1024)
            time.sleep(0.02)
    spent = time.perf_counter() - start
    if child.returncode:
        tell("export failed with", child.returncode)
    tell("export", count / spent, "rows/s", ">= 10000")
    tell("export memory", most, "MB", "< 60")


def readers(path: Path, count: int) -> None:
    """Read while a writer writes; how much longer than alone."""
    alone = _reads(path, count, 2.0)
    stop = threading.Event()
    more = list(islice(batches(range(count, count + 20 * BATCH)), 20))

    def write() -> None:
        with Archive(path) as archive:
            for batch in more:
                if stop.is_set():
                    return
                archive.write(batch)

    child = os.fork()
    if child == 0:
        write()
        os._exit(0)
    try:
        during = _reads(path, count, 3.0)
    finally:
        os.waitpid(child, 0)
    tell("read alone p99", percentile(alone, 0.99), "ms")
    tell("read while writing p99", percentile(during, 0.99), "ms")
    tell("read while writing, longest", max(during), "ms", "<= 50 wait")


def _reads(path: Path, count: int, seconds: float) -> list[float]:
    dice = random.Random("reads")
    times = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        number = dice.randrange(1, count)

        def read(number: int = number) -> None:
            with Archive(path, read_only=True) as archive:
                archive.get(number)

        times.append(timed_ms(read))
    return times


PARTS = "ingest size duplicates lookups recall times export edits readers conditions".split()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--strings", type=int, default=1000)
    parser.add_argument("--db", type=Path)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    count, parts = options.articles, options.parts.split(",")
    folder = Path(tempfile.mkdtemp(prefix="newsspider-benchmark-"))
    path = options.db or folder / "archive.db"
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        if "ingest" in parts and articles_in(path) < count:
            ingest(path, count)
        steps: dict[str, Callable[[], None]] = {
            "size": lambda: size_by_table(path),
            "duplicates": lambda: duplicates(path, count),
            "lookups": lambda: lookups(path, count),
            "recall": lambda: search_recall(path, count, options.strings),
            "times": lambda: search_times(path),
            "export": lambda: export(path, count),
            "edits": lambda: edits(path, count),
            "readers": lambda: readers(path, count),
            "conditions": lambda: hostile_conditions.run(folder, options.kills, tell),
        }
        for part in parts:
            if part in steps:
                steps[part]()
    finally:
        if options.json:
            options.json.write_text(json.dumps(FIGURES, ensure_ascii=False, indent=2))
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
