"""An article among those of its text: how old it is, what it says, whether another is a copy."""

import sqlite3
from datetime import datetime, timedelta, timezone
from functools import lru_cache

from newsspider.dedupe import Fingerprint, Likeness, fingerprint, likeness
from newsspider.store.readings import folded
from newsspider.urls import site_key_or_none

CHINA = timezone(timedelta(hours=8))
"""Zone of a day without a clock: the one that sites are in unless they say otherwise."""

LONGEST_KEPT = 10_000
"""Characters of texts whose fingerprints are kept at hand: those of longer ones take memory."""

MEMBERS = """
select id, url, site, title, source, source_url, date_published, first_seen, body,
       (select moved_to from absences
         where article_id = articles.id and status = 'moved' and ended is null) as moved_to
from articles where {} order by id"""


def fingerprint_of(body: str) -> Fingerprint:
    """Return the fingerprint of a text as stored; a new one is soon compared with its copies."""
    return _kept(body) if len(body) <= LONGEST_KEPT else fingerprint(folded(body))


@lru_cache(maxsize=256)
def _kept(body: str) -> Fingerprint:
    return fingerprint(folded(body))


class Member:
    """An article of a story; its text is taken apart when it is asked for."""

    def __init__(self, row: sqlite3.Row) -> None:
        self.row = row
        self._fingerprint: Fingerprint | None = None

    @property
    def id(self) -> int:
        """Number of the article."""
        return int(self.row["id"])

    @property
    def fingerprint(self) -> Fingerprint:
        """What the text is recognised by."""
        if self._fingerprint is None:
            self._fingerprint = fingerprint_of(self.row["body"])
        return self._fingerprint

    @property
    def sites(self) -> set[str | None]:
        """The portal, by its name and by the domain of its address."""
        return {self.row["site"], site_key_or_none(self.row["url"])}

    @property
    def age(self) -> tuple[datetime, datetime, int]:
        """Order of the copies: published, else first seen, then seen, then stored."""
        return age_of(self.row)

    def moved_to(self, other: "Member") -> bool:
        """Tell whether the address of this article leads to *other*."""
        return bool(self.row["moved_to"] == other.row["url"])

    def like(self, other: "Member") -> Likeness | None:
        """Return how both are one text, None when they are not."""
        days = days_apart(self.row["date_published"], other.row["date_published"])
        return likeness(self.fingerprint, other.fingerprint, days_apart=days)


def age_of(row: sqlite3.Row) -> tuple[datetime, datetime, int]:
    """Return what puts the articles of a story in their order, the earliest first."""
    seen = moment_of(row["first_seen"])
    published = row["date_published"]
    return moment_of(published) if published else seen, seen, int(row["id"])


def moment_of(text: str) -> datetime:
    """Return an aware moment; a day is its beginning."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


def days_apart(one: str | None, other: str | None) -> float | None:
    """Return the days between two dates as stored, None when one of them is unknown."""
    if not one or not other:
        return None
    return abs((moment_of(one) - moment_of(other)).total_seconds()) / 86400
