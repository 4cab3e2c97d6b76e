"""What is in an archive, in numbers."""

import sqlite3
from typing import Any

from newsspider.items import body_digest
from newsspider.store.readings import CHILD_FIELDS, JSON_COLUMNS, ROW_FIELDS

NOT_COVERAGE = frozenset(
    "url site confidence provenance fetched_at body_sha256 extractor_version next_page".split()
)
"""Fields that every row has, or that say nothing when they are empty."""
CHILD_TABLES = {"credits": "credits", "images": "images", "related": "related_items"}

TOTALS = """
select count(*) as articles, ifnull(sum(revision - 1), 0) as revisions,
       min(date_published) as first_date, max(date_published) as last_date from articles"""
COUNTS = {
    "rereadings": "select count(*) from revisions where kind = 'extraction'",
    "related_items": "select count(*) from related_items",
    "related_items_linked": "select count(*) from related_items where target_id is not null",
    "stories": "select count(*) from stories",
    "reprints": "select ifnull(sum(size - 1), 0) from stories",
    "urls": "select count(*) from urls",
    "urls_waiting": "select count(*) from urls where last_fetched is null",
    "runs": "select count(*) from runs",
    "database_bytes": "select page_count * page_size from pragma_page_count, pragma_page_size",
}


def stats(db: sqlite3.Connection) -> dict[str, Any]:
    """Return counts of what is stored, by site and status too, its time span and `coverage`.

    `revisions` are changes by publishers, `rereadings` those by a newer extractor or profile.

    Coverage is the share of articles that have a field, in percent; {} in an empty archive.
    """
    found: dict[str, Any] = dict(db.execute(TOTALS).fetchone())
    for group in ("site", "status"):
        rows = db.execute(f"select {group}, count(*) from articles group by 1 order by 2 desc, 1")
        found[f"by_{group}"] = dict(map(tuple, rows))
    for name, sql in COUNTS.items():
        found[name] = db.execute(sql).fetchone()[0]
    found["coverage"] = _coverage(db, found["articles"])
    return found


def _coverage(db: sqlite3.Connection, articles: int) -> dict[str, float]:
    if not articles:
        return {}
    names = [name for name in ROW_FIELDS if name not in NOT_COVERAGE]
    sums = ", ".join(f"sum({_present(name)}) as {name}" for name in names)
    counts = dict(db.execute(f"select {sums} from articles", _EMPTY).fetchone())
    for name in CHILD_FIELDS:
        counts[name] = db.execute(
            f"select count(distinct article_id) from {CHILD_TABLES[name]}"
        ).fetchone()[0]
    return {name: round(100 * count / articles, 1) for name, count in counts.items()}


_EMPTY = {"empty": body_digest("")}


def _present(name: str) -> str:
    if name == "body":
        # The digest stands among the short columns; reading every body would read the whole file.
        return "body_sha256 <> :empty"
    if name in JSON_COLUMNS:
        return f"{name} <> '[]'"
    return f"{name} is not null"
