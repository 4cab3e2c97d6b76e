"""Finding articles by what they say: the newest first, or the best."""

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

from newsspider.errors import UsageError
from newsspider.store.choice import Choice
from newsspider.store.fulltext import hits_pattern, marks, snippet, stands_in
from newsspider.store.question import All, Node, Question, Words
from newsspider.store.readings import to_json

ORDERS = ("best", "newest")
RANKED_AT_MOST = 100_000
"""More hits than this are too many to rank: only the newest of them are."""
RANKED_NEWEST = 5_000
"""How many of the newest hits are ranked then."""
FIRST_LOOK = 300
"""Newest articles that are looked at for the beginning of a word before the index is asked."""
LOOK_S, JOIN_S = 45e-6, 0.4e-6
"""What it takes to look whether an article is a hit, and to read when a hit was published."""

COUNT = "select count(*) from articles_fts where articles_fts match ?"
IS_HIT = "select 1 from articles_fts where articles_fts match ? and rowid = ?"
NEWEST_FIRST = "order by k.moment desc, k.id desc"
WALK = "select k.id from article_keys k where 1{} " + NEWEST_FIRST + " limit ?"
JOIN = (
    "select k.id from articles_fts f cross join article_keys k on k.id = f.rowid"
    " where f.articles_fts match ?{} " + NEWEST_FIRST + " limit ?"
)
# A word in the title says more than one in the text; columns as in the table.
RANK = "bm25(articles_fts, 1.0, 4.0, 1.0, 1.0, 0.0)"
# The plus keeps SQLite from asking the index for each of the few articles by itself.
BEST_OF = (
    "select rowid from articles_fts where articles_fts match ?"
    f" and +rowid in (select value from json_each(?)) order by {RANK}, rowid desc limit ?"
)
BEST = (
    "select f.rowid from articles_fts f{} where f.articles_fts match ?"
    " and f.rank match 'bm25(1.0, 4.0, 1.0, 1.0, 0.0)'{} order by f.rank limit ?"
)
TEXTS = "select title, body, source, authors from articles where id = ?"
SHOWN = "select id, url, title, site, date_published, status, body from articles where id = ?"

Row = dict[str, Any]
IsHit = Callable[[int], bool]


def search(
    db: sqlite3.Connection, choice: Choice, *, order: str = "best", limit: int = 20
) -> list[Row]:
    """Return the *limit* articles of *choice*, which has a query, in *order*.

    Raises:
        UsageError: *choice*, *order* or *limit* makes no sense.
    """
    if order not in ORDERS:
        raise UsageError(f"order is best or newest, not {order!r}")
    if limit < 1:
        raise UsageError(f"limit is at least 1, not {limit}")
    question = choice.question()
    if question is None:
        raise UsageError("nothing to search for")
    cut = None
    if order == "newest":
        ids = newest(db, question, choice, limit)
    else:
        ids, cut = _best(db, question, choice, limit)
    pattern = hits_pattern(question.wanted())
    found = []
    for article_id in ids:
        row = dict(db.execute(SHOWN, (article_id,)).fetchone())
        status = row.pop("status")
        row["title_marks"] = marks(row["title"] or "", pattern)
        row["snippet"], row["marks"] = snippet(row.pop("body"), pattern)
        found.append({**row, "status": status, "ranked_within": cut})
    return found


def newest(db: sqlite3.Connection, question: Question, choice: Choice, limit: int) -> list[int]:
    """Return the ids of the newest *limit* hits, by publication or else by first sight."""
    conditions, values = choice.keys()
    if _goes_on(question.node):
        # The index would first put together all words that begin so.
        ids = _walked(db, question, (conditions, values), limit, FIRST_LOOK)
        if ids is not None:
            return ids
    else:
        (hits,) = db.execute(COUNT, (question.match,)).fetchone()
        (last,) = db.execute("select ifnull(max(id), 0) from article_keys").fetchone()
        looks = limit * last / max(hits, 1)
        if looks * LOOK_S < hits * JOIN_S:
            # Thrice as many, for words that are rarer of late; then the join is cheaper.
            ids = _walked(db, question, (conditions, values), limit, int(3 * looks) + limit)
            if ids is not None:
                return ids
    found = db.execute(JOIN.format(conditions), (question.match, *values, limit))
    return [row[0] for row in found]


def _best(
    db: sqlite3.Connection, question: Question, choice: Choice, limit: int
) -> tuple[list[int], int | None]:
    """Return the ids of the best hits, and among how many of the newest, if not among all."""
    conditions, values = choice.keys()
    (hits,) = db.execute(COUNT, (question.match,)).fetchone()
    if hits > RANKED_AT_MOST:
        ids = newest(db, question, choice, max(RANKED_NEWEST, limit))
        found = db.execute(BEST_OF, (question.match, to_json(ids), limit))
        return [row[0] for row in found], RANKED_NEWEST
    keys = " join article_keys k on k.id = f.rowid" if conditions else ""
    found = db.execute(BEST.format(keys, conditions), (question.match, *values, limit))
    return [row[0] for row in found], None


def _walked(
    db: sqlite3.Connection,
    question: Question,
    conditions: tuple[str, list[Any]],
    limit: int,
    looks: int,
) -> list[int] | None:
    """Return the first *limit* hits among the newest *looks* articles; None if they are fewer."""
    sql, values = conditions
    is_hit = _test(db, question.node)
    found: list[int] = []
    looked = 0
    for row in db.execute(WALK.format(sql), (*values, looks)):
        looked += 1
        if is_hit(row[0]):
            found.append(row[0])
            if len(found) == limit:
                return found
    return found if looked < looks else None


def _test(db: sqlite3.Connection, node: Node) -> IsHit:
    """Return a function that tells whether an article answers *node*."""
    if not _goes_on(node):
        match = node.expression
        return lambda article_id: db.execute(IS_HIT, (match, article_id)).fetchone() is not None
    if isinstance(node, Words):
        words = node
        return lambda article_id: stands_in(
            words, dict(db.execute(TEXTS, (article_id,)).fetchone())
        )
    parts = [_test(db, part) for part in node.parts]
    if isinstance(node, All):
        without = [_test(db, part) for part in node.without]
        return lambda article_id: (
            all(test(article_id) for test in parts)
            and not any(test(article_id) for test in without)
        )
    return lambda article_id: any(test(article_id) for test in parts)


def _goes_on(node: Node) -> bool:
    return any(words.goes_on for words in _leaves(node))


def _leaves(node: Node) -> Iterator[Words]:
    if isinstance(node, Words):
        yield node
    else:
        for part in (*node.parts, *(node.without if isinstance(node, All) else ())):
            yield from _leaves(part)
