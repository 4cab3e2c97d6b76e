"""Days on which a portal or a section published less than it usually does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from newsspider.health.chance import at_most_events, quantile

AROUND_DAYS = 28
"""A day is compared with the same weekday of four weeks before and after."""
LEAST_DAYS = 3
RARE = 0.01
"""Chance below which a day is listed: a list for people to look at, not an alarm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThinDay:
    """A day with fewer articles than usual."""

    day: date
    section: str
    """Empty: the whole portal."""
    articles: int
    usual: float
    """Median of the same weekday in the weeks around it."""


def thin_days(
    counts: Mapping[str, Mapping[date, int]], since: date, until: date
) -> Iterator[ThinDay]:
    """Yield the days from *since* to *until* with too little, by section, the latest first.

    *counts* reach AROUND_DAYS beyond both. Before the first day of a section nothing is missing;
    after its last something may be.
    """
    everywhere = [day for days in counts.values() for day in days]
    if not everywhere:
        return
    last = max(everywhere)
    for section, days in sorted(counts.items()):
        first = min(days, default=last)
        for number in range((until - since).days + 1):
            day = until - timedelta(days=number)
            if day < first:
                break
            weeks = (day + timedelta(days=n) for n in range(-AROUND_DAYS, AROUND_DAYS + 1, 7))
            others = [days.get(d, 0) for d in weeks if d != day and first <= d <= last]
            if len(others) < LEAST_DAYS:
                continue
            articles, usual = days.get(day, 0), quantile(others, 0.5)
            if at_most_events(articles, usual) < RARE:
                yield ThinDay(day=day, section=section, articles=articles, usual=usual)
