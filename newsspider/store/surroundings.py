"""What stands around one article: its lists, who recommends it, its copies, its addresses."""

import json
import sqlite3
from typing import Any

Row = dict[str, Any]

MOST = 50
"""Copies, recommenders and addresses that are shown of one article."""

RELATED = """
select r.list_heading, r.kind, r.position, r.title, r.title_full, r.cut, r.url, r.summary,
  r.date_published, r.target_id, t.status as target_status
from related_items r left join articles t on t.id = r.target_id
where r.article_id = ? order by r.id"""
RECOMMENDED_BY = f"""
select a.id, a.site, a.title, a.date_published, r.list_heading, r.position, r.title as shown_title
from related_items r join articles a on a.id = r.article_id
where r.target_id = ? and r.article_id <> r.target_id order by r.id limit {MOST}"""
COPIES = f"""
select a.id, a.site, a.source, a.title, a.date_published, a.first_seen, a.status,
  r.of_id, r.basis, r.likeness, r.share, r.edits
from articles a left join reprints r on r.article_id = a.id
where a.story_id = (select story_id from articles where id = ?)
order by ifnull(a.date_published, a.first_seen), a.id limit {MOST}"""
ADDRESSES = f"""
select url, first_seen, last_fetched, http_status from urls
where article_id = ? order by id limit {MOST}"""
RAW = """
select f.warc_file, f.warc_offset from articles a
join urls u on u.article_id = a.id join fetches f on f.url = u.url
where a.id = ? and f.warc_file is not null and f.http_status = 200 and f.missing is null
order by f.fetched_at = a.fetched_at desc, f.id desc limit 1"""
BESIDE = """
select a.id, a.title, a.language from articles a
where a.site = :site and a.date_published {sign} :date and a.id <> :id
order by a.date_published {way} limit 1"""


def related(db: sqlite3.Connection, article_id: int) -> list[Row]:
    """Return the lists beside an article in page order: list_heading, kind, `items`.

    An item has `target_id`, the stored article that it leads to, and `title_full` where its title
    is shown cut short and another place gives all of it.
    """
    lists: list[Row] = []
    for row in map(dict, db.execute(RELATED, (article_id,))):
        heading, kind = row.pop("list_heading"), row.pop("kind")
        if not lists or (lists[-1]["list_heading"], lists[-1]["kind"]) != (heading, kind):
            lists.append({"list_heading": heading, "kind": kind, "items": []})
        lists[-1]["items"].append(row)
    return lists


def recommended_by(db: sqlite3.Connection, article_id: int) -> list[Row]:
    """Return articles in whose lists an article stands, MOST at most."""
    return [dict(row) for row in db.execute(RECOMMENDED_BY, (article_id,))]


def copies(db: sqlite3.Connection, article_id: int) -> list[Row]:
    """Return all articles of a story, itself included, the first published first, MOST at most.

    `of_id` is the article that one was taken from, None for the first.
    """
    found = []
    for row in map(dict, db.execute(COPIES, (article_id,))):
        found.append(row | {"edits": json.loads(row["edits"]) if row["edits"] else None})
    return found


def addresses(db: sqlite3.Connection, article_id: int) -> list[Row]:
    """Return the addresses that led to an article, MOST at most."""
    return [dict(row) for row in db.execute(ADDRESSES, (article_id,))]


def raw_place(db: sqlite3.Connection, article_id: int) -> Row | None:
    """Return warc_file and warc_offset of the answer that an article was read from, else the last.

    None when the raw archive has none.
    """
    row = db.execute(RAW, (article_id,)).fetchone()
    return dict(row) if row else None


def beside(db: sqlite3.Connection, article: Row) -> dict[str, Row | None]:
    """Return the articles of the portal published just before (`older`) and after (`newer`)."""
    if article["date_published"] is None:
        return {"older": None, "newer": None}
    values = {name: article[name] for name in ("site", "id")} | {"date": article["date_published"]}
    found: dict[str, Row | None] = {}
    for name, sign, way in (("older", "<", "desc"), ("newer", ">", "asc")):
        row = db.execute(BESIDE.format(sign=sign, way=way), values).fetchone()
        found[name] = dict(row) if row else None
    return found
