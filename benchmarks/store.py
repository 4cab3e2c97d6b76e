"""What the store costs: writing and searching, beside a bare executemany of the same rows.

    python benchmarks/store.py [ARTICLES]

Prints CPU milliseconds an article and milliseconds a search; ratios travel between machines,
times do not.
"""

import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from newsspider.items import Article, Credit, RelatedItem
from newsspider.store import Archive
from newsspider.store.records import Batch
from newsspider.text import han_pairs

BATCH = 200
BODY_BYTES = 2000
SEEN = datetime(2024, 1, 1, tzinfo=UTC)
# Words as common as in news: a few everywhere, most of them rare.
HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]
WEIGHTS = [1 / (rank + 5) for rank in range(len(HAN))]


def articles(count: int) -> list[Article]:
    """Return *count* articles with bodies of 2 kB, three credits and ten related items."""
    dice = random.Random(7)
    made = []
    for number in range(count):
        letters = "".join(dice.choices(HAN, WEIGHTS, k=BODY_BYTES // 3))
        related = tuple(
            RelatedItem(
                list_heading="大家都爱看",
                position=place,
                title=letters[place * 9 : place * 9 + 18],
                url=f"http://news.example.cn/{dice.randrange(count)}.html",
            )
            for place in range(1, 11)
        )
        made.append(
            Article(
                url=f"http://news.example.cn/{number}.html",
                site="example.cn",
                title=letters[:20],
                body="\n".join(letters[at : at + 90] for at in range(0, len(letters), 90)),
                date_published=SEEN + timedelta(minutes=number),
                source="新华社",
                authors=("于新",),
                credits=tuple(Credit(role=r, name="于新", raw=r) for r in ("author", "a", "b")),
                related=related,
                fetched_at=SEEN,
                extractor_version="1",
            )
        )
    return made


def floor(path: Path, made: list[Article], *, pairs: list[tuple[str, str]] | None = None) -> None:
    """Write the same rows with nothing but SQLite; with *pairs* of title and body an index, too."""
    with sqlite3.connect(path) as db:
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = normal")
        db.execute("create table articles (id integer primary key, url text unique, title, body)")
        db.execute("create table related (article integer, title, url)")
        db.execute("create virtual table words using fts5 (title, body, content='')")
        for start in range(0, len(made), BATCH):
            batch = made[start : start + BATCH]
            rows = [(a.url, a.title, a.body) for a in batch]
            lists = [(a.url, r.title, r.url) for a in batch for r in a.related]
            db.executemany("insert into articles (url, title, body) values (?, ?, ?)", rows)
            db.executemany("insert into related values (?, ?, ?)", lists)
            if pairs:
                indexed = [(n, *pairs[n]) for n in range(start, start + len(batch))]
                db.executemany("insert into words (rowid, title, body) values (?, ?, ?)", indexed)
            db.commit()
    db.close()


def write(archive: Archive, made: list[Article]) -> None:
    """Write *made* as a crawl does."""
    for start in range(0, len(made), BATCH):
        archive.write(Batch(articles=tuple(made[start : start + BATCH])))


def cpu_ms(action: Callable[[], object]) -> float:
    """Return the CPU time of *action* in milliseconds."""
    start = time.process_time()
    action()
    return (time.process_time() - start) * 1000


def median_ms(action: Callable[[], object], times: int = 9) -> float:
    """Return the median time of *action* in milliseconds."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        found.append((time.perf_counter() - start) * 1000)
    return statistics.median(found)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    made = articles(count)
    with tempfile.TemporaryDirectory() as folder:
        base = cpu_ms(partial(floor, Path(folder) / "floor.db", made)) / count
        pairs = [(han_pairs(a.title or ""), han_pairs(a.body)) for a in made]
        index = cpu_ms(partial(floor, Path(folder) / "index.db", made, pairs=pairs)) / count
        path = Path(folder) / "archive.db"
        with Archive(path, create=True) as archive:
            later = [replace(a, fetched_at=SEEN + timedelta(days=1)) for a in made]
            edited = [replace(a, body=a.body + "更正") for a in later[: count // 10]]
            print(f"floor, executemany     {base:7.3f} ms an article")
            print(f"floor with an index    {index:7.3f} ms an article")
            passes = {"new": made, "unchanged": later, "edited": edited}
            for name, batch in passes.items():
                spent = cpu_ms(partial(write, archive, batch)) / len(batch)
                ratios = f"{spent / base:5.1f} and {spent / index:4.2f} times the floors"
                print(f"{name:<22} {spent:7.3f} ms an article, {ratios}")
            size = path.stat().st_size
            print(f"file                   {size / 2**20:7.1f} MB, {size / count:.0f} bytes each")
            words = {
                "a common pair": HAN[0] + HAN[1],
                "a rare pair": HAN[900] + HAN[901],
                "four characters": made[count // 2].body[100:104],
                "two words": f"{HAN[0]}{HAN[2]} {HAN[3]}{HAN[1]}",
                "one character": HAN[40],
            }
            for name, text in words.items():
                hits = len(archive.search(text, limit=count))
                spent = median_ms(partial(archive.search, text))
                print(f"search {name:<15} {spent:7.2f} ms for 20 of {hits}")
            rows = median_ms(lambda: sum(1 for _ in archive.rows()), times=1)
            print(f"rows                   {rows / count:7.3f} ms an article")
            print(f"stats                  {median_ms(archive.stats, times=3):7.1f} ms")


if __name__ == "__main__":
    main()
