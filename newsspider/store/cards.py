"""Articles as entries of a list: what a page of the reading room shows of each."""

import re
import sqlite3
from collections.abc import Sequence
from typing import Any

from newsspider.store.choice import Choice
from newsspider.store.fulltext import NOTHING
from newsspider.store.readings import to_json
from newsspider.store.search import shown

Row = dict[str, Any]

CARDS = """
select a.id, a.url, a.site, a.status, a.revision, a.title, a.date_published, a.first_seen, a.source,
  a.section, a.language, s.size as copies, a.body
from articles a left join stories s on s.story_id = a.story_id
where a.id in (select value from json_each(?))"""
NEWEST_OF_ALL = """
select k.id from article_keys k where k.moment < ?{} order by k.moment desc, k.id desc limit ?"""
# A site's articles without a date come last: the index has them at its other end.
NEWEST_OF_SOME = """
select a.id from articles a where ifnull(a.date_published < ?, 1){}
order by a.date_published desc limit ?"""
EVER = "~"
"""After every moment."""


def cards(
    db: sqlite3.Connection, ids: Sequence[int], pattern: re.Pattern[str] = NOTHING
) -> list[Row]:
    """Return the articles *ids*, in their order, as a list shows them.

    Each has id, url, site, status, revision, title, date_published, first_seen, source, section,
    language, copies (how many tell the story), snippet (around the first hit of *pattern*), and
    marks and title_marks: [start, end) of each hit.
    """
    found = {}
    for row in db.execute(CARDS, (to_json(list(ids)),)):
        card = dict(row)
        found[card["id"]] = card | shown(card["title"], card.pop("body"), pattern)
    return [found[article_id] for article_id in ids if article_id in found]


def newest(
    db: sqlite3.Connection,
    choice: Choice,
    *,
    source: str | None = None,
    section: str | None = None,
    before: str = EVER,
    limit: int,
) -> list[int]:
    """Return the ids of the newest *limit* articles of *choice*, a query in it aside.

    Those that claim to be published *before* no sooner are left out.
    """
    if choice.site is None and source is None and section is None:
        conditions, values = choice.keys()
        rows = db.execute(NEWEST_OF_ALL.format(conditions), (before, *values, limit))
    else:
        conditions, values = choice.where()
        for column, value in (("source", source), ("section", section)):
            if value is not None:
                conditions, values = f"{conditions} and a.{column} = ?", [*values, value]
        rows = db.execute(NEWEST_OF_SOME.format(conditions), (before, *values, limit))
    return [row[0] for row in rows]
