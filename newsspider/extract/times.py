"""When the article was published: the printed time, with metadata as a witness that may only
agree.
"""

import dataclasses
import datetime as dt
from dataclasses import dataclass

from newsspider.dates import When, date_in_url
from newsspider.extract import clues
from newsspider.extract.scene import Scene
from newsspider.extract.stated import HeadTimes, Stated, head_times
from newsspider.extract.timelines import marked, opened_with, printed_anywhere, printed_near
from newsspider.items import Precision

WEST, EAST = -12, 14
"""Hours of the outermost zones."""
_RANK = {"day": 0, "minute": 1, "second": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Publication and modification of an article."""

    published: Stated | None = None
    modified: Stated | None = None
    raw: str | None = None


def find_times(scene: Scene) -> Times:
    """Return when the article was published and changed, as far as the page says."""
    head = head_times(scene)
    stated, updates = head.published, head.modified
    # A printed time without a year is read as of the metadata where the moment of the fetch is
    # unknown.
    witness = head.witness()
    now = scene.now or (witness + dt.timedelta(days=1) if witness else None)
    if not stated:
        marks = marked(scene)
        stated = [one for one in marks if not one.when.modified] + head.unsure
        updates = updates + [one for one in marks if one.when.modified]
    printed = printed_near(scene, now)
    changed = next((p for p in printed if p.when.modified), None)
    shown = next((p for p in printed if _is_first(p.when, head, updates)), None)
    published = _agreed(scene, shown, stated) if shown else (stated[0] if stated else None)
    if published is shown and shown and stated and not scene.zone_known:
        published = _reconciled(scene, shown, stated, sure=bool(head.published))
    if published is None:
        published = _last_resort(scene, now, changed)
    modified = changed or (updates[0] if updates else None)
    published, modified = _on_the_clock_of(scene, published), _on_the_clock_of(scene, modified)
    return Times(published=published, modified=modified, raw=shown.when.raw if shown else None)


def _is_first(printed: When, head: HeadTimes, updates: list[Stated]) -> bool:
    """Tell whether a printed time can be that of publication: it is not called the time of a
    change, nor is it what the page elsewhere calls so, nor later than that.
    """
    if printed.modified:
        return False
    day = printed.moment.date()
    changes = [_days(one.when) for one in updates]
    if changes and all(day > max(days) + dt.timedelta(days=1) for days in changes):
        return False
    if printed.precision != "day" and not head.modified:
        return all(one.when.moment != printed.moment for one in updates)
    if not head.published or any(day in _days(one.when) for one in head.published):
        return True
    return all(day not in days for days in changes)


def _days(when: When) -> set[dt.date]:
    """Return the days that a time may be called by: on its own clock, and on that of Greenwich."""
    return {when.moment.date(), when.moment.astimezone(dt.UTC).date()}


def _reconciled(scene: Scene, shown: Stated, stated: list[Stated], *, sure: bool) -> Stated:
    """Return the printed time of a page whose zone is unknown: an instant that the page states too,
    if in some zone it falls on the printed day. Where they differ, what stands beside the headline
    is believed, else what the head is *sure* of.
    """
    day = shown.when.moment.date()
    for other in stated:
        if other.when.precision == "day":
            if other.when.moment.date() == day:
                return other if shown.when.precision == "day" else shown
            continue
        instant = other.when.moment.astimezone(dt.UTC)
        for hours in sorted(range(WEST, EAST + 1), key=abs):
            moment = instant.astimezone(dt.timezone(dt.timedelta(hours=hours)))
            if moment.date() == day:
                when = When(moment=moment, precision=other.when.precision, raw=shown.when.raw)
                return Stated(when=when, by=f"{shown.by} {other.by}")
    swapped = [
        other
        for other in stated
        if (other.when.moment.day, other.when.moment.month) == (day.month, day.day)
    ]
    # Slashes are read either way anywhere, points so by who writes English.
    either = "./" if (scene.language or "").startswith("en") else "/"
    if swapped and any(mark in shown.when.raw for mark in either):
        return swapped[0]
    return shown if shown.near or not sure else stated[0]


def _on_the_clock_of(scene: Scene, stated: Stated | None) -> Stated | None:
    """Return a time that is given in UTC in the zone of the page, as far as that can be told."""
    if stated is None or stated.when.precision == "day" or stated.when.moment.utcoffset():
        return stated
    moment = stated.when.moment.astimezone(scene.zone)
    return dataclasses.replace(stated, when=dataclasses.replace(stated.when, moment=moment))


def _last_resort(scene: Scene, now: dt.datetime | None, changed: Stated | None) -> Stated | None:
    """Return a time of publication from where it is seldom stated: anywhere on the page, beside
    the word for a change, in the address, in other data.
    """
    anywhere = printed_anywhere(scene, now)
    if anywhere is not None and not anywhere.when.modified:
        return anywhere
    if (when := clues.stated_elsewhere(scene)) is not None:
        return Stated(when=when, by="heuristic:data")
    if scene.url and (day := date_in_url(scene.url)):
        moment = dt.datetime.combine(day, dt.time(), scene.zone)
        return Stated(when=When(moment=moment, precision="day", raw=day.isoformat()), by="url")
    return opened_with(scene) or changed or anywhere


def _agreed(scene: Scene, shown: Stated, stated: list[Stated]) -> Stated:
    """Return the printed time, made finer by a machine time that agrees with all that is
    printed.
    """
    best = shown
    for other in stated:
        finer = _finer(scene, shown.when, other.when)
        if finer is not None and _RANK[finer.precision] >= _RANK[best.when.precision]:
            return Stated(
                when=finer,
                by=f"{shown.by} {other.by}" if finer.moment != shown.when.moment else shown.by,
            )
    return best


def _finer(scene: Scene, shown: When, other: When) -> When | None:
    """Return *shown* with what *other* adds, or None where they disagree.

    Metadata may be in UTC, or local and called UTC: either reading may agree with what is printed.
    """
    zone = shown.moment.tzinfo
    local = other.moment.astimezone(zone)
    wall = other.moment.replace(tzinfo=zone)
    precision: Precision = other.precision
    for reading in (local, wall):
        if other.precision == "day":
            continue
        same_day = reading.date() == shown.moment.date()
        if shown.precision == "day" and same_day:
            if not scene.zone_known:
                reading = other.moment
            return When(moment=reading, precision=precision, raw=shown.raw)
        if same_day and reading.replace(second=0, microsecond=0) == shown.moment.replace(
            second=0, microsecond=0
        ):
            if shown.precision == "second":
                return (
                    shown
                    if scene.zone_known
                    else When(moment=other.moment, precision="second", raw=shown.raw)
                )
            if not scene.zone_known:
                reading = other.moment
            return When(moment=reading, precision=precision, raw=shown.raw)
    if not scene.zone_known and other.precision != "day" and shown.precision != "day":
        return _same_instant(shown, other)
    return None


def _same_instant(shown: When, other: When) -> When | None:
    """Return the instant of *other* on the clock of *shown*, whose zone is unknown; None when no
    zone fits.
    """
    wall = shown.moment.replace(tzinfo=dt.UTC)
    instant = other.moment.astimezone(dt.UTC)
    gap = wall - instant.replace(second=wall.second, microsecond=0)
    minutes = gap.total_seconds() / 60
    if minutes % 30 or not -12 * 60 <= minutes <= 14 * 60:
        return None
    return When(
        moment=instant.astimezone(dt.timezone(gap)), precision=other.precision, raw=shown.raw
    )
