"""Looking at the newest articles one after the other: which of them answer a question."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from newsspider.store.choice import Choice
from newsspider.store.fulltext import stands_in
from newsspider.store.question import All, Node, Question, Words
from newsspider.store.readings import to_json

SPAN_S, ROW_S = 45e-6, 1.5e-6
"""What it takes to ask the index for a span of articles, and for each article in it."""
GAP = 100
"""Articles stored one after the other, with gaps up to this, are asked for as one span."""

NEWEST_FIRST = "order by k.moment desc, k.id desc"
WALK = "select k.id from article_keys k where 1{} " + NEWEST_FIRST
# `cross join` keeps the order of the tables: each span is one look into the index.
IN_SPANS = (
    "select f.rowid from json_each(?) s cross join articles_fts f where f.articles_fts match ?"
    " and f.rowid between json_extract(s.value, '$[0]') and json_extract(s.value, '$[1]')"
)
TEXTS = "select title, body, source, authors from articles where id = ?"


class Walk:
    """The articles of a choice, the newest first, looked at as far as they are asked for."""

    def __init__(self, db: sqlite3.Connection, node: Node, ids: sqlite3.Cursor) -> None:
        self._db, self._node, self._ids = db, node, ids
        self.found: list[int] = []
        """Hits so far, the newest first."""
        self.looks = 0
        """Articles looked at so far."""
        self.spent_s = 0.0
        """About what the index took for them, reckoned, not measured: always the same."""
        self.is_over = False
        """Whether no article of the choice is left."""

    def look(self, many: int) -> None:
        """Look at the next *many* articles."""
        ids = [row[0] for row in self._ids.fetchmany(many)]
        self.is_over = len(ids) < many
        self.looks += len(ids)
        hits = self._hits(self._node, ids)
        self.found += [article_id for article_id in ids if article_id in hits]

    def _hits(self, node: Node, ids: Sequence[int]) -> set[int]:
        """Return which of the articles *ids* answer *node*."""
        if not goes_on(node):
            spans = _spans(ids)
            self.spent_s += sum(SPAN_S + ROW_S * (last - first) for first, last in spans)
            rows = self._db.execute(IN_SPANS, (to_json(spans), node.expression))
            return {row[0] for row in rows}.intersection(ids)
        if isinstance(node, Words):
            return {i for i in ids if stands_in(node, self._texts(i))}
        found: set[int] = set()
        if isinstance(node, All):
            found = set(ids)
            for part in _quick_first(node.parts):
                found &= self._hits(part, sorted(found))
            for part in _quick_first(node.without):
                found -= self._hits(part, sorted(found))
            return found
        for part in _quick_first(node.parts):
            found |= self._hits(part, sorted(set(ids) - found))
        return found

    def _texts(self, article_id: int) -> dict[str, str | None]:
        return dict(self._db.execute(TEXTS, (article_id,)).fetchone())


@contextmanager
def walk(db: sqlite3.Connection, question: Question, choice: Choice) -> Iterator[Walk]:
    """Yield the walk through the articles of *choice* for what answers *question*."""
    conditions, values = choice.keys()
    ids = db.execute(WALK.format(conditions), values)
    try:
        yield Walk(db, question.node, ids)
    finally:
        # Until then the statement holds on to what the archive was.
        ids.close()


def _quick_first(nodes: Iterable[Node]) -> list[Node]:
    return sorted(nodes, key=goes_on)


def _spans(ids: Iterable[int]) -> list[list[int]]:
    """Return first and last of the runs that *ids* make, in order."""
    spans: list[list[int]] = []
    for article_id in sorted(ids):
        if spans and article_id - spans[-1][1] <= GAP:
            spans[-1][1] = article_id
        else:
            spans.append([article_id, article_id])
    return spans


def goes_on(node: Node) -> bool:
    """Tell whether a word of *node* is but the beginning of one, which the index finds slowly."""
    if isinstance(node, Words):
        return node.goes_on
    return any(map(goes_on, (*node.parts, *(node.without if isinstance(node, All) else ()))))
