"""Finding articles by what they say: the newest first, or the best."""

import math
import re
import sqlite3
from collections.abc import Sequence
from typing import Any

from newsspider.errors import UsageError
from newsspider.store.choice import Choice
from newsspider.store.fulltext import hits_pattern, marks, ranked, snippet
from newsspider.store.question import Question
from newsspider.store.walk import NEWEST_FIRST, Walk, goes_on, walk

ORDERS = ("best", "newest")
RANKED_AT_MOST = 100_000
"""More hits than this are too many to rank: only the newest of them are."""
RANKED_QUICKLY = 20_000
"""Hits that are ranked within 50 ms."""
RANKED_NEWEST = 500
"""How many of the newest hits are ranked then."""
FIRST_LOOK = 300
"""Newest articles that are looked at for the beginning of a word before the index is asked."""
PROBE = 40
"""Newest articles that are looked at to see how common other words are."""
COMMON = 30
"""Hits among these that make it too common to rank them all."""
LEAST_LOOKS = 20
"""Articles that are looked at together at least."""
JOIN_S = 0.5e-6
"""What it takes to read when a hit was published."""

COUNT_TO = """
select count(*) from (select 1 from articles_fts where articles_fts match ? limit ?)"""
JOIN = (
    "select k.id from articles_fts f cross join article_keys k on k.id = f.rowid"
    " where f.articles_fts match ?{} " + NEWEST_FIRST + " limit ?"
)
# A word in the title says more than one in the text; columns as in the table.
BEST = (
    "select f.rowid from articles_fts f{} where f.articles_fts match ?"
    " and f.rank match 'bm25(1.0, 4.0, 1.0, 1.0, 0.0)'{} order by f.rank limit ?"
)
SHOWN = "select id, url, title, site, date_published, status, body from articles where id = ?"

Row = dict[str, Any]


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
    with walk(db, question, choice) as walked:
        if goes_on(question.node):
            # The index would first put together all words that begin so.
            _go(walked, limit, FIRST_LOOK)
        else:
            _go_while_cheaper(db, question, walked, limit)
        if len(walked.found) >= limit or walked.is_over:
            return walked.found[:limit]
    conditions, values = choice.keys()
    rows = db.execute(JOIN.format(conditions), (question.match, *values, limit))
    return [row[0] for row in rows]


def _go(walked: Walk, limit: int, looks: int) -> None:
    """Look at articles until *limit* hits are found, at *looks* at most."""
    while len(walked.found) < limit and walked.looks < looks and not walked.is_over:
        walked.look(min(max(limit - len(walked.found), LEAST_LOOKS), looks - walked.looks))


def _go_while_cheaper(db: sqlite3.Connection, question: Question, walked: Walk, limit: int) -> None:
    """Look at articles as long as that promises to be quicker than to read all hits."""
    (last,) = db.execute("select ifnull(max(id), 0) from article_keys").fetchone()
    _go(walked, limit, PROBE)
    while len(walked.found) < limit and not walked.is_over:
        share = (len(walked.found) + 1) / (walked.looks + 1)
        look_s = walked.spent_s / walked.looks
        looks = int((limit - len(walked.found)) / share) + 1
        if looks * look_s > share * last * JOIN_S:
            break
        walked.look(min(looks, FIRST_LOOK))
    if len(walked.found) >= limit or walked.is_over:
        return
    # Rare among the newest, but perhaps not among all: then a longer walk is the lesser evil.
    many = math.isqrt(int(limit * last * look_s / JOIN_S))
    (hits,) = db.execute(COUNT_TO, (question.match, many + 1)).fetchone()
    if hits > many:
        _go(walked, limit, walked.looks + 3 * limit * last // hits)


def _among_newest(
    db: sqlite3.Connection, question: Question, choice: Choice, looks: int
) -> list[int]:
    """Return the ids of the hits among the newest *looks* articles of *choice*, newest first."""
    with walk(db, question, choice) as walked:
        walked.look(looks)
    return walked.found


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
    if goes_on(question.node):
        if not _is_shorter(db, FIRST_LOOK):
            ids = _among_newest(db, question, choice, FIRST_LOOK)
            if len(ids) >= COMMON:
                return ids[:limit], True, True
    else:
        with walk(db, question, choice) as walked:
            _go(walked, limit + 1, PROBE)
            if 3 * len(walked.found) >= walked.looks:
                _go(walked, limit + 1, 3 * limit)
        if len(walked.found) > limit:
            # Counting what most articles hold would be the dear part.
            (hits,) = db.execute(COUNT_TO, (question.match, RANKED_QUICKLY + 1)).fetchone()
            return walked.found[:limit], True, hits > RANKED_QUICKLY
        (last,) = db.execute("select ifnull(max(id), 0) from article_keys").fetchone()
        most = max(last // 2, RANKED_QUICKLY)
        (hits,) = db.execute(COUNT_TO, (question.match, most + 1)).fetchone()
        if hits > most:
            return _among_newest(db, question, choice, 3 * limit)[:limit], True, True
    ids = newest(db, question, choice, limit + 1)
    return ids[:limit], len(ids) > limit, hits > RANKED_QUICKLY


def best(
    db: sqlite3.Connection, question: Question, choice: Choice, limit: int
) -> tuple[list[int], int | None]:
    """Return the ids of the best hits, and among how many of the newest, if not among all."""
    conditions, values = choice.keys()
    ids: list[int] | None = None
    if goes_on(question.node) and not _is_shorter(db, FIRST_LOOK):
        ids = _among_newest(db, question, choice, FIRST_LOOK)
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
