"""Finding articles by what they say: the newest first, or the best."""

import itertools
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from newsspider.errors import UsageError
from newsspider.store.choice import Choice
from newsspider.store.fulltext import hits_pattern, marks, ranked, snippet, stands_in
from newsspider.store.question import All, Node, Question, Words

ORDERS = ("best", "newest")
RANKED_AT_MOST = 100_000
"""More hits than this are too many to rank: only the newest of them are."""
RANKED_QUICKLY = 20_000
"""Hits that are ranked within 50 ms."""
RANKED_NEWEST = 500
"""How many of the newest hits are ranked then."""
FIRST_LOOK = 300
"""Newest articles that are looked at for the beginning of a word before the index is asked."""
COMMON = 30
"""Hits among these that make it too common to rank them all."""
MOST_LOOKS = 1_000
"""Newest articles that are looked at when an unknown number of them, a large one, are hits."""
LOOK_S, JOIN_S = 45e-6, 0.3e-6
"""What it takes to look whether an article is a hit, and to read when a hit was published."""

COUNT_TO = """
select count(*) from (select 1 from articles_fts where articles_fts match ? limit ?)"""
IS_HIT = "select 1 from articles_fts where articles_fts match ? and rowid = ?"
NEWEST_FIRST = "order by k.moment desc, k.id desc"
WALK = "select k.id from article_keys k where 1{} " + NEWEST_FIRST + " limit ?"
JOIN = (
    "select k.id from articles_fts f cross join article_keys k on k.id = f.rowid"
    " where f.articles_fts match ?{} " + NEWEST_FIRST + " limit ?"
)
# A word in the title says more than one in the text; columns as in the table.
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
        ids, cut = best(db, question, choice, limit)
    pattern = hits_pattern(question.wanted())
    found = []
    for article_id in ids:
        row = dict(db.execute(SHOWN, (article_id,)).fetchone())
        status = row.pop("status")
        row |= shown(row["title"], row.pop("body"), pattern)
        found.append({**row, "status": status, "ranked_within": cut})
    return found


def shown(title: str | None, body: str, pattern: re.Pattern[str]) -> Row:
    """Return `snippet`, `marks` and `title_marks` of an article: where *pattern* stands in it."""
    text, hits = snippet(body, pattern)
    return {"title_marks": marks(title or "", pattern), "snippet": text, "marks": hits}


def newest(db: sqlite3.Connection, question: Question, choice: Choice, limit: int) -> list[int]:
    """Return the ids of the newest *limit* hits, by publication or else by first sight."""
    conditions, values = choice.keys()
    if _goes_on(question.node):
        # The index would first put together all words that begin so.
        looks = FIRST_LOOK
    else:
        (hits,) = db.execute(COUNT_TO, (question.match, RANKED_AT_MOST + 1)).fetchone()
        (last,) = db.execute("select ifnull(max(id), 0) from article_keys").fetchone()
        expected = limit * last / max(hits, 1)
        # Thrice as many, for words that are rarer of late; then the join is cheaper.
        looks = int(3 * expected) + limit if expected * LOOK_S < hits * JOIN_S else 0
        if hits > RANKED_AT_MOST:
            looks = MOST_LOOKS + 2 * limit
    ids = _walked(db, question, choice, looks)
    found = list(itertools.islice(ids, limit))
    if len(found) == limit or (looks and _is_shorter(db, looks)):
        return found
    rows = db.execute(JOIN.format(conditions), (question.match, *values, limit))
    return [row[0] for row in rows]


def _is_shorter(db: sqlite3.Connection, looks: int) -> bool:
    """Tell whether so many looks have seen every article."""
    sql = "select count(*) from (select 1 from article_keys limit ?)"
    return bool(db.execute(sql, (looks + 1,)).fetchone()[0] <= looks)


def newest_of_many(
    db: sqlite3.Connection, question: Question, choice: Choice, limit: int
) -> tuple[list[int], bool, bool]:
    """Return the ids of the newest hits, *limit* at most, quickly, however many there are.

    Then whether there may be more, and whether there are too many to rank them all in a moment.
    Of what most articles hold, only hits among the newest articles are found.
    """
    hits = 0
    if _goes_on(question.node):
        if not _is_shorter(db, FIRST_LOOK):
            ids = list(_walked(db, question, choice, FIRST_LOOK))
            if len(ids) >= COMMON:
                return ids[:limit], True, True
    else:
        (last,) = db.execute("select ifnull(max(id), 0) from article_keys").fetchone()
        most = max(last // 2, RANKED_QUICKLY)
        (hits,) = db.execute(COUNT_TO, (question.match, most + 1)).fetchone()
        if hits > most:
            ids = list(itertools.islice(_walked(db, question, choice, 3 * limit), limit))
            return ids, True, True
    ids = newest(db, question, choice, limit + 1)
    return ids[:limit], len(ids) > limit, hits > RANKED_QUICKLY


def best(
    db: sqlite3.Connection, question: Question, choice: Choice, limit: int
) -> tuple[list[int], int | None]:
    """Return the ids of the best hits, and among how many of the newest, if not among all."""
    conditions, values = choice.keys()
    ids: list[int] | None = None
    if _goes_on(question.node) and not _is_shorter(db, FIRST_LOOK):
        ids = list(_walked(db, question, choice, FIRST_LOOK))
        if len(ids) < max(COMMON, limit):
            ids = None
    elif db.execute(COUNT_TO, (question.match, RANKED_AT_MOST + 1)).fetchone()[0] > RANKED_AT_MOST:
        ids = newest(db, question, choice, max(RANKED_NEWEST, limit))
    if ids is not None:
        return best_of(db, question, ids)[:limit], len(ids)
    keys = " join article_keys k on k.id = f.rowid" if conditions else ""
    rows = db.execute(BEST.format(keys, conditions), (question.match, *values, limit))
    return [row[0] for row in rows], None


def best_of(db: sqlite3.Connection, question: Question, ids: Sequence[int]) -> list[int]:
    """Return *ids*, the best for *question* first."""
    texts = [db.execute(SHOWN, (article_id,)).fetchone() for article_id in ids]
    order = ranked([(row["title"] or "", row["body"]) for row in texts], question.wanted())
    return [ids[place] for place in order]


def _walked(
    db: sqlite3.Connection, question: Question, choice: Choice, looks: int
) -> Iterator[int]:
    """Yield the ids of the hits among the newest *looks* articles of *choice*, the newest first."""
    sql, values = choice.keys()
    is_hit = _test(db, question.node)
    for row in db.execute(WALK.format(sql), (*values, looks)):
        if is_hit(row[0]):
            yield row[0]


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
