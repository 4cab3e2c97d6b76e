"""A time as a page states it: its value, how exact it is, and whether it can be true."""

import datetime as dt
from dataclasses import dataclass

from newsspider.dates.words import AMERICAN_MINUTES, ZONE_MINUTES
from newsspider.items import Precision

FIRST_YEAR = 1990
LAST_YEAR = 2100
TOLERANCE = dt.timedelta(days=1)
"""How far ahead of the reader's clock a printed time may lie: zones, and clocks that go wrong."""
MAX_OFFSET_MINUTES = 14 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A time as a page states it."""

    moment: dt.datetime
    """Aware; midnight when the precision is a day."""
    precision: Precision
    raw: str
    """The part of the text that was read, as it stands there."""
    modified: bool = False
    """The words before it call it the time of a change (更新时间, Updated)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A time of day, with its zone where one is named."""

    hour: int
    minute: int = 0
    second: int | None = None
    zone_name: str | None = None
    """As printed; None leaves the zone to the reader."""
    offset_minutes: int | None = None
    """East of Greenwich, as printed."""


def plausible(moment: dt.datetime, now: dt.datetime | None) -> bool:
    """Tell whether an article can be of *moment*: the web has no older ones, nor tomorrow's."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return False
    return now is None or moment <= now + TOLERANCE


def build(
    day: dt.date, clock: Clock | None, zone: dt.tzinfo, now: dt.datetime | None, raw: str
) -> When | None:
    """Return the time of *day* and *clock*; None for one that cannot be true."""
    precision: Precision = "day"
    naive = dt.datetime.combine(day, dt.time())
    where = zone
    if clock is not None:
        naive = naive.replace(hour=clock.hour, minute=clock.minute, second=clock.second or 0)
        precision = "minute" if clock.second is None else "second"
        where = zone_of(clock, naive, zone)
    moment = naive.replace(tzinfo=where)
    return When(moment=moment, precision=precision, raw=raw) if plausible(moment, now) else None


def zone_of(clock: Clock, naive: dt.datetime, zone: dt.tzinfo) -> dt.tzinfo:
    """Return the zone that *clock* names, at the time *naive*; *zone* when it names none."""
    if clock.offset_minutes is not None:
        if abs(clock.offset_minutes) <= MAX_OFFSET_MINUTES:
            return dt.timezone(dt.timedelta(minutes=clock.offset_minutes))
        return zone
    name = (clock.zone_name or "").casefold()
    # CST is China's on a Chinese site and Chicago's on an American one.
    if not name or name == (zone.tzname(naive) or "").casefold():
        return zone
    if name in AMERICAN_MINUTES:
        minutes = AMERICAN_MINUTES[name] + 60 * _american_summer(naive)
    elif name in ZONE_MINUTES:
        minutes = ZONE_MINUTES[name]
    else:
        return zone
    return dt.timezone(dt.timedelta(minutes=minutes))


def _american_summer(naive: dt.datetime) -> bool:
    """Tell whether the United States have summer time: March to November, from second Sundays."""
    march, november = dt.datetime(naive.year, 3, 8, 2), dt.datetime(naive.year, 11, 1, 2)
    begin = march + dt.timedelta(days=6 - march.weekday())
    end = november + dt.timedelta(days=6 - november.weekday())
    return begin <= naive < end
