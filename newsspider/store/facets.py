"""A search as a page shows it: some of the hits, and how all that were looked at divide."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from newsspider.errors import UsageError
from newsspider.store import search
from newsspider.store.cards import cards, newest
from newsspider.store.choice import Choice
from newsspider.store.fulltext import NOTHING, hits_pattern
from newsspider.store.question import All, Question, Words
from newsspider.store.readings import to_json
from newsspider.variants import search_fold

Row = dict[str, Any]

LOOKED_AT = 500
"""Newest hits that are counted, divided into facets and turned over page by page."""
FACETS = ("site", "source", "author", "section", "month")
MOST_VALUES = 12
"""Values of a facet, the commonest; of the months the latest."""

FACTS = """
select id, site, source, authors, section, date_published from articles
where id in (select value from json_each(?))"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a reader asks for; None, and an empty text, leave the choice open."""

    text: str = ""
    """A search, as `question.ask` reads it; "" for everything."""
    site: str | None = None
    source: str | None = None
    """来源, exactly as printed."""
    author: str | None = None
    section: str | None = None
    since: str | None = None
    until: str | None = None
    status: str | None = None
    order: str = "newest"
    limit: int = 20
    offset: int = 0

    @property
    def choice(self) -> Choice:
        """The part of it that every way of reading the archive knows."""
        return Choice(
            site=self.site,
            since=self.since,
            until=self.until,
            status=self.status,
            query=self.text or None,
        )


def find(db: sqlite3.Connection, asked: Asked) -> Row:
    """Return `articles` of one page (as `cards`), `count`, `is_more`, `ranked_within`, `facets`.

    `count` is of the newest LOOKED_AT hits, `is_more` tells whether there are others. A facet is a
    list of {value, articles} over these. `ranked_within` is None, or among how many of the newest
    hits the best were looked for.

    Raises:
        UsageError: the search, the order or an option makes no sense.
    """
    if asked.order not in search.ORDERS:
        raise UsageError(f"order is best or newest, not {asked.order!r}")
    choice = asked.choice
    question = _narrowed(choice.question(), asked)
    if question is None:
        ids = newest(db, choice, source=asked.source, section=asked.section, limit=LOOKED_AT + 1)
        is_more, is_common = len(ids) > LOOKED_AT, False
    else:
        ids, is_more, is_common = search.newest_of_many(db, question, choice, LOOKED_AT)
    facts = [row for row in _facts(db, ids[:LOOKED_AT]) if _answers(row, asked)]
    hits = [row["id"] for row in facts]
    end, cut = asked.offset + asked.limit, None
    if asked.order == "newest" or question is None:
        chosen = hits
    elif is_common or asked.source or asked.author or asked.section:
        chosen, cut = search.best_of(db, question, hits), len(hits) if is_more else None
    else:
        chosen, cut = search.best(db, question, choice, end)
    pattern = hits_pattern(question.wanted()) if question else NOTHING
    return {
        "articles": cards(db, chosen[asked.offset : end], pattern),
        "count": len(hits),
        "is_more": is_more,
        "ranked_within": cut,
        "facets": _facets(facts),
    }


def _narrowed(question: Question | None, asked: Asked) -> Question | None:
    """Return *question* with the words of the facets, so that the index leaves out most others."""
    wanted = [] if question is None else [question.node]
    for column, value in (("source", asked.source), ("authors", asked.author)):
        folded = search_fold(value or "").replace('"', " ")
        # The index alone finds an author; what a source has published, another index has in order.
        if any(map(str.isalnum, folded)) and (wanted or column == "authors"):
            wanted.append(Words(text=folded, column=column))
    if question is None:
        if not wanted:
            return None
        node = All(parts=tuple(wanted))
        if asked.site is not None:
            node = All(parts=(*wanted, Words(text=asked.site, column="site")))
        return Question(node=node)
    return replace(question, node=All(parts=tuple(wanted)))


def _facts(db: sqlite3.Connection, ids: Sequence[int]) -> list[Row]:
    """Return what the facets count of the articles *ids*, in their order."""
    rows = {row["id"]: dict(row) for row in db.execute(FACTS, (to_json(list(ids)),))}
    found = []
    for article_id in ids:
        if article_id in rows:
            row = rows[article_id]
            found.append(row | {"authors": json.loads(row["authors"])})
    return found


def _answers(row: Row, asked: Asked) -> bool:
    return (
        (asked.source is None or row["source"] == asked.source)
        and (asked.section is None or row["section"] == asked.section)
        and (asked.author is None or asked.author in row["authors"])
    )


def _facets(facts: Iterable[Row]) -> dict[str, list[Row]]:
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for row in facts:
        for name in ("site", "source", "section"):
            if row[name]:
                counts[name][row[name]] += 1
        counts["author"].update(set(row["authors"]))
        if row["date_published"]:
            counts["month"][row["date_published"][:7]] += 1
    ordered = {name: counter.most_common(MOST_VALUES) for name, counter in counts.items()}
    ordered["month"] = sorted(counts["month"].items(), reverse=True)[:MOST_VALUES]
    return {
        name: [{"value": value, "articles": count} for value, count in ordered[name]]
        for name in FACETS
    }
