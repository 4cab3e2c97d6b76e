"""Articles that are no longer there: gone or moved, since when, on what evidence, until when.

An article is taken for gone only when another page of the site answered in the same run. A page
that answers like every page of a broken site (the home page, an excuse) needs a better witness than
a status 404: an article or a list of the site. When several articles are asked for and not one of
them is there, the site is broken, not the articles.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from newsspider.dedupe import likeness
from newsspider.store import stories
from newsspider.store.copies import fingerprint_of, moment_of
from newsspider.store.readings import folded
from newsspider.store.records import Fetch, Missing

MANY = 5
"""Articles missing in one run that make one wonder about the site when no article is there."""

INSERT_ABSENCE = """
insert into absences (article_id, status, reason, last_seen, first_missing, fetch_id, moved_to)
values (:article_id, :status, :reason, :last_seen, :first_missing, :fetch_id, :moved_to)"""
END_ABSENCES = "update absences set ended = ? where article_id = ? and ended is null"
# The home page and what is itself missing vouch for nothing but that the server is up.
WITNESS = """
select 1 from fetches f left join urls u on u.url = f.url
where f.run_id is :run and f.http_status = 200 and f.missing is null and f.id > :since
  and f.url <> :url
  and (:weak or (u.kind in ('article', 'section', 'feed', 'sitemap') and f.url not like '%://%_/'))
limit 1"""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A known article that an answer says is not at its address."""

    fetch_id: int | None
    article_id: int
    url: str
    fetched_at: str
    last_seen: str
    reason: Missing


def reason_of(fetch: Fetch) -> Missing | None:
    """Return why the page of *fetch* is not there, None when it is or nobody knows."""
    if fetch.missing:
        return fetch.missing
    if fetch.http_status in (404, 410):
        return "404" if fetch.http_status == 404 else "410"
    return None


def seen_at(db: sqlite3.Connection, url: str, moment: str) -> None:
    """Note that the article that *url* led to is there, if it led to one: it lives."""
    row = db.execute(
        "select a.id, a.last_seen, a.status from urls u join articles a on a.id = u.article_id"
        " where u.url = ?",
        (url,),
    ).fetchone()
    if row and _is_later(moment, row["last_seen"]):
        db.execute("update articles set last_seen = ? where id = ?", (moment, row["id"]))
        if row["status"] != "live":
            revive(db, row["id"], moment)


def revive(db: sqlite3.Connection, article_id: int, moment: str) -> None:
    """Make an article live again and end its absence."""
    db.execute("update articles set status = 'live' where id = ?", (article_id,))
    db.execute(END_ABSENCES, (moment, article_id))


def moved(db: sqlite3.Connection, run_id: int | None, url: str, article_id: int) -> None:
    """Note that *url*, the address of a known article, leads to the article *article_id* now.

    The same text, or the same title where the text is too short, has moved there; anything else is
    a removed article whose readers are sent to another one.
    """
    old = db.execute(
        "select id, url, title, body, last_seen, status, story_id from articles where url = ?",
        (url,),
    ).fetchone()
    if old is None or old["id"] == article_id or old["status"] == "moved":
        return
    new = db.execute(
        "select url, title, body, last_seen from articles where id = ?", (article_id,)
    ).fetchone()
    if not _is_later(new["last_seen"], old["last_seen"]):
        return
    evidence = db.execute(
        "select max(id) from fetches where url = ? and run_id is ?", (url, run_id)
    ).fetchone()[0]
    suspect = Suspect(evidence, old["id"], url, new["last_seen"], old["last_seen"], "redirect")
    db.execute(END_ABSENCES, (new["last_seen"], old["id"]))
    _mark(db, suspect, "moved" if _same_text(old, new) else "gone", moved_to=new["url"])
    stories.reorder(db, article_id, old["story_id"])


def _same_text(old: sqlite3.Row, new: sqlite3.Row) -> bool:
    if "".join(folded(old["body"]).split()) == "".join(folded(new["body"]).split()):
        return True
    if old["title"] and new["title"] and folded(old["title"]) == folded(new["title"]):
        return True
    return likeness(*(fingerprint_of(row["body"]) for row in (old, new))) is not None


def judge(db: sqlite3.Connection, run_id: int | None, since: int) -> None:
    """Mark what the fetches of a run say is gone, as far as the site is known to be up.

    *since* is the id of the last fetch before this batch: without a run the batch is one. Whatever
    waited for a witness in an earlier batch of the run is marked now if there is one.
    """
    if run_id is not None:
        since = 0
    suspects = _suspects(db, run_id, since)
    if not suspects or _is_broken(db, run_id, since, suspects):
        return
    for suspect in suspects:
        values = {"run": run_id, "since": since, "url": suspect.url}
        values["weak"] = suspect.reason in ("404", "410")
        if db.execute(WITNESS, values).fetchone():
            _mark(db, suspect, "gone")


def _suspects(db: sqlite3.Connection, run_id: int | None, since: int) -> list[Suspect]:
    """Return the articles that are live and were missing after they were last seen."""
    rows = db.execute(
        "select min(f.id) as fetch_id, a.id as article_id, a.url, f.fetched_at, a.last_seen,"
        " f.missing from fetches f join articles a on a.url = f.url"
        " where f.run_id is ? and f.missing is not null and f.id > ? and a.status = 'live'"
        " group by a.id",
        (run_id, since),
    )
    return [Suspect(*row) for row in rows if _is_later(row["fetched_at"], row["last_seen"])]


def _is_later(moment: str, other: str) -> bool:
    return moment_of(moment) > moment_of(other)


def _is_broken(
    db: sqlite3.Connection, run_id: int | None, since: int, suspects: Sequence[Suspect]
) -> bool:
    """Tell whether several articles are missing and not one article of the site is there."""
    if len(suspects) < MANY:
        return False
    row = db.execute(
        "select 1 from fetches f join urls u on u.url = f.url where f.run_id is ? and f.id > ?"
        " and f.http_status in (200, 304) and f.missing is null and u.kind = 'article' limit 1",
        (run_id, since),
    )
    return row.fetchone() is None


def _mark(
    db: sqlite3.Connection, suspect: Suspect, status: str, *, moved_to: str | None = None
) -> None:
    db.execute("update articles set status = ? where id = ?", (status, suspect.article_id))
    values = {
        "article_id": suspect.article_id,
        "status": status,
        "reason": suspect.reason,
        "last_seen": suspect.last_seen,
        "first_missing": suspect.fetched_at,
        "fetch_id": suspect.fetch_id,
        "moved_to": moved_to,
    }
    db.execute(INSERT_ABSENCE, values)
