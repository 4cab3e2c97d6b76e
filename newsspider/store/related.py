"""Rows of related lists: each item linked to its article, titles that lists cut short completed."""

import sqlite3
from typing import Any

from newsspider.store.readings import folded

CUT_ENDS = ("...", "…", "⋯")
SHORTEST_STEM = 4
"""Characters that must be left of a cut title to recognise the whole one."""

INSERT_RELATED = """
insert into related_items (article_id, list_heading, kind, position, title, url, summary,
                           date_published, date_published_precision, target_id, cut, title_full)
values (:article_id, :list_heading, :kind, :position, :title, :url, :summary,
        :date_published, :date_published_precision,
        coalesce((select id from articles where url = :url),
                 (select article_id from urls where url = :url)), :cut, :title_full)"""
LINK_RELATED = "update related_items set target_id = ? where url = ? and target_id is null"
# Every place that may know the whole title of what a URL leads to.
TITLES = """
select title from articles where url = :url
union all
select a.title from urls u join articles a on a.id = u.article_id where u.url = :url
union all
select listed_title from urls where url = :url and listed_title is not null
union all
select title from (select title from related_items
                    where url = :url and target_id is null and cut = 0 limit 3)"""
WAITING = "select id, title from related_items where url = ? and cut = 1 and title_full is null"


def is_cut(title: str) -> bool:
    """Tell whether a list shows *title* cut short.

    >>> is_cut("板桥乡召开校园..."), is_cut("共建…"), is_cut("为何如此?")
    (True, True, False)
    """
    return title.rstrip().endswith(CUT_ENDS)


def whole_of(cut: str, titles: list[str | None]) -> str | None:
    """Return the first of *titles* that begins as *cut* does and goes on, None if there is none."""
    stem = _letters(cut.rstrip().rstrip(".…⋯ "))
    if len(stem) < SHORTEST_STEM:
        return None
    for title in titles:
        if title and not is_cut(title):
            letters = _letters(title)
            if letters.startswith(stem) and letters != stem:
                return title
    return None


def _letters(title: str) -> str:
    return "".join(folded(title).split())


def insert_related(db: sqlite3.Connection, article_id: int, items: list[dict[str, Any]]) -> None:
    """Write the related items of an article; their titles complete what other lists cut."""
    rows = []
    for item in items:
        url, title = item["url"], item["title"]
        cut = is_cut(title)
        full = None
        if url and cut:
            found = db.execute(TITLES, {"url": url})
            full = whole_of(title, [row[0] for row in found])
        elif url:
            complete(db, url, title)
        rows.append({**item, "article_id": article_id, "cut": int(cut), "title_full": full})
    db.executemany(INSERT_RELATED, rows)


def replace_related(db: sqlite3.Connection, article_id: int, items: list[dict[str, Any]]) -> None:
    """Write the related items of an article in place of those that are there."""
    db.execute("delete from related_items where article_id = ?", (article_id,))
    insert_related(db, article_id, items)


def link(db: sqlite3.Connection, article_id: int, url: str, title: str | None) -> None:
    """Lead the items that name *url* to an article, and complete them with its *title*."""
    db.execute(LINK_RELATED, (article_id, url))
    complete(db, url, title)


def complete(db: sqlite3.Connection, url: str, title: str | None) -> None:
    """Complete the cut titles of lists that lead to *url* with *title* where it fits."""
    if not title:
        return
    for row in db.execute(WAITING, (url,)).fetchall():
        if full := whole_of(row["title"], [title]):
            db.execute("update related_items set title_full = ? where id = ?", (full, row["id"]))
