"""Which articles are wanted: by site, time of publication, status, and what they say."""

import json
import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from newsspider.errors import UsageError
from newsspider.store.question import Question, ask, narrowed

MOMENT = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d(?::\d\d(?::\d\d)?)?)?)?)?")
STATUSES = ("live", "gone", "moved")

Conditions = tuple[str, list[Any]]
"""SQL conditions, each after an `and`, and their values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which articles are wanted; None leaves the choice open."""

    site: str | None = None
    since: str | date | None = None
    """First moment of publication: a year, month, day or time on the portal's own clock."""
    until: str | date | None = None
    """Last one, itself included: 2023-03 is all of March."""
    status: str | None = None
    query: str | None = None
    """A search, as `question.ask` reads it."""
    ids: tuple[int, ...] | None = None
    """Only these articles."""

    def where(self) -> Conditions:
        """Return the conditions on the alias `a` of articles, those of the query's words aside.

        Raises:
            UsageError: a moment is not ISO 8601, the status is none, or the query is wrong.
        """
        conditions, values = self._times("a.date_published")
        if self.site is not None:
            conditions, values = f"{conditions} and a.site = ?", [*values, self.site]
        if self.ids is not None:
            conditions += " and a.id in (select value from json_each(?))"
            values = [*values, json.dumps(self.ids)]
        return self._status("a", conditions, values)

    def keys(self) -> Conditions:
        """Return the conditions on the alias `k` of article_keys: times and status.

        Raises:
            UsageError: as `where`.
        """
        conditions, values = self._times("k.moment")
        if conditions:
            conditions += " and k.is_dated"
        return self._status("k", conditions, values)

    def question(self) -> Question | None:
        """Return what the query asks, of the site that is chosen.

        Raises:
            UsageError: nothing in it can be searched for, or it is put together wrongly.
        """
        return None if self.query is None else narrowed(ask(self.query), self.site)

    def _times(self, column: str) -> Conditions:
        spans = [self]
        if asked := self.question():
            spans += [replace(self, query=None, since=moment, until=None) for moment in asked.since]
            spans += [replace(self, query=None, since=None, until=moment) for moment in asked.until]
        conditions: list[str] = []
        values: list[Any] = []
        for span in spans:
            if span.since is not None:
                conditions.append(f" and {column} >= ?")
                values.append(_moment(span.since))
            if span.until is not None:
                # Whatever goes on after it is within it; no moment has a tilde.
                conditions.append(f" and {column} <= ?")
                values.append(f"{_moment(span.until)}~")
        return "".join(conditions), values

    def _status(self, alias: str, conditions: str, values: list[Any]) -> Conditions:
        if self.status is None:
            return conditions, values
        if self.status not in STATUSES:
            raise UsageError(f"status is live, gone or moved, not {self.status!r}")
        return f"{conditions} and {alias}.status = ?", [*values, self.status]


def _moment(value: str | date) -> str:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(timespec="seconds")
    text = value.isoformat() if isinstance(value, date) else value.strip().replace(" ", "T")
    if not MOMENT.fullmatch(text) or not _is_of_calendar(text):
        raise UsageError(f"not a date such as 2023-03-21 or 2023-03-21T13:21: {text[:40]!r}")
    return text


def _is_of_calendar(text: str) -> bool:
    try:
        datetime.fromisoformat(text + "2000-01-01"[len(text) :])
    except ValueError:
        return False
    return True
