"""Times as machines write them: metadata, feeds, addresses."""

import datetime as dt
import re
from email.utils import parsedate_tz
from urllib.parse import unquote

from newsspider.dates.clocks import offset_minutes
from newsspider.dates.forms import day_of
from newsspider.dates.printed import find_printed
from newsspider.dates.when import FIRST_YEAR, LAST_YEAR, Clock, When, build, plausible

MAX_TEXT = 100
"""A longer value is no time."""

ISO = re.compile(
    r"(?P<year>\d{4})(?P<dash>[-/.]?)(?P<month>\d{1,2})(?P=dash)(?P<day>\d{1,2})"
    r"(?:(?:\s?T\s?|[\s,_]{1,3}|(?<=\d\d)-(?=\d\d:))(?P<hour>\d{1,2})"
    r"(?::(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,:]\d{1,9})?)?"
    r"|(?P<minute2>\d\d)(?:(?P<second2>\d\d)(?:\.\d{1,9})?)?)"
    r"\s?(?P<zone>[A-Za-z]{1,5})?\s?(?P<offset>(?:[+\u2212-]\d{1,2}|(?<=\s)\d\d)(?::?\d\d)?)?)?"
    r"(?:\[[\w/+-]{1,40}\])?"
)
EPOCH = re.compile(r"(?:/Date\()?(\d{10}|\d{13})(?:\.\d{1,6})?(?:[+-]\d{4})?(?:\)/)?")
# Tue Mar 21 2023 13:21:05 GMT+0800 (CST), Tue Mar 21 13:21:05 CST 2023
SCRIPTED = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (?:(\d{4}) )?(\d\d):(\d\d):(\d\d)"
    r"(?: ([A-Z]{2,5}))?([+-]\d{2}:?\d{2})?(?: (\d{4}))?(?: \([^()]{0,60}\))?"
)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

IN_PATH = tuple(
    re.compile(pattern)
    for pattern in (
        r"/((?:19|20)\d\d)/(\d{1,2})[-/](\d{1,2})(?=[/._-]|$)",
        r"/((?:19|20)\d\d)-(\d{1,2})-?/?(\d{1,2})(?=[/._-]|$)",
        r"/((?:19|20)\d\d)[-_]?(\d\d)/t?(?:19|20)\d{4}(\d\d)_",
        r"(?<![\dA-Za-z])[a-zA-Z]{0,8}((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
        r"(?=\d{6}(?!\d)|\D|$)",
        r"/((?:19|20)\d\d)(0[1-9]|1[0-2])/(0[1-9]|[12]\d|3[01])(?=/)",
        r"(?<!\d)((?:19|20)\d\d)[-_](\d\d)[-_](\d\d)(?!\d)",
        r"/((?:19|20)\d\d)/(\d\d)(\d\d)(?=/)",
        r"(?<!\d)(?P<day>\d\d)[-_.](?P<month>\d\d)[-_.](?P<year>(?:19|20)\d\d)(?!\d)",
    )
)
# What an archive of the web puts before the address of the page that it keeps.
ARCHIVED = re.compile(r"^/web/\d{4,14}[a-z_]{0,4}/(?=https?:)")


def parse_machine(text: str, zone: dt.tzinfo) -> When | None:
    """Return the time of a metadata value, in its own offset; None when it is none.

    ISO 8601 in all its dress, RFC 2822, seconds or milliseconds of the epoch, what scripts print,
    else what people print. Values without an offset, and the epoch's, are of *zone*. Midnight
    sharp is a day: that is how programs write one.
    """
    text = text.strip().strip("\"'")
    if not text or len(text) > MAX_TEXT:
        return None
    if match := EPOCH.fullmatch(text):
        return _epoch(match[1], zone, text)
    if match := ISO.fullmatch(text):
        return _iso(match, zone, text)
    if match := SCRIPTED.fullmatch(text):
        return _scripted(match, zone, text)
    if when := _mail(text, zone):
        return when
    hits = find_printed(text, zone=zone, language="en-US")
    return hits[0] if len(hits) == 1 else None


def _epoch(digits: str, zone: dt.tzinfo, raw: str) -> When | None:
    moment = dt.datetime.fromtimestamp(int(digits[:10]), dt.UTC).astimezone(zone)
    return When(moment=moment, precision="second", raw=raw) if plausible(moment, None) else None


def _iso(match: re.Match[str], zone: dt.tzinfo, raw: str) -> When | None:
    groups = match.groupdict()
    day = day_of(groups["year"], groups["month"], groups["day"])
    if day is None or (not groups["dash"] and len(groups["month"] + groups["day"]) != 4):
        return None
    if groups["hour"] is None:
        return build(day, None, zone, None, raw)
    second = groups["second"] or groups["second2"]
    return _clocked(
        day,
        (groups["hour"], groups["minute"] or groups["minute2"], second),
        groups["zone"],
        groups["offset"],
        zone,
        raw,
    )


def _clocked(
    day: dt.date,
    clock: tuple[str, str, str | None],
    name: str | None,
    offset: str | None,
    zone: dt.tzinfo,
    raw: str,
) -> When | None:
    """Return the time of *day* and the printed *clock*; its day alone for midnight sharp."""
    hour, minute, second = (int(part or 0) for part in clock)
    if hour == 24 and minute == second == 0:
        day, hour = day + dt.timedelta(days=1), 0
    # A leap second, and a clock that runs on to 60.
    second = min(second, 59)
    if hour > 23 or minute > 59:
        return build(day, None, zone, None, raw)
    if offset and offset[0].isdigit():
        offset = f"+{offset}"  # an address turned the plus into a space
    minutes = offset_minutes(offset) if offset else None
    when = build(
        day,
        Clock(
            hour=hour,
            minute=minute,
            second=second if clock[2] else None,
            zone_name=name,
            offset_minutes=minutes,
        ),
        zone,
        None,
        raw,
    )
    if when and hour == minute == second == 0:
        return When(moment=when.moment, precision="day", raw=raw)
    return when


def _scripted(match: re.Match[str], zone: dt.tzinfo, raw: str) -> When | None:
    month, day, year, hour, minute, second, name, offset, year_last = match.groups()
    if month not in MONTHS or not (year or year_last):
        return None
    date = day_of(year or year_last, MONTHS.index(month) + 1, day)
    return _clocked(date, (hour, minute, second), name, offset, zone, raw) if date else None


def _mail(text: str, zone: dt.tzinfo) -> When | None:
    """Return the time of an RFC 2822 date, such as feeds have."""
    parsed = (
        parsedate_tz(text)
        if re.match(r"(?:[A-Za-z]{3,9},?\s+)?\d{1,2}[\s-]+[A-Za-z]{3}", text)
        else None
    )
    if parsed is None or not FIRST_YEAR <= parsed[0] <= LAST_YEAR or ":" not in text:
        return None
    day = day_of(*parsed[:3])
    if day is None or parsed[3] > 23 or parsed[4] > 59:
        return None
    # -0000 says that the zone is unknown.
    seconds = parsed[9] if not text.rstrip().endswith("-0000") else None
    clock = Clock(
        hour=parsed[3],
        minute=parsed[4],
        second=min(parsed[5], 59),
        offset_minutes=None if seconds is None else seconds // 60,
    )
    return build(day, clock, zone, None, text)


def date_in_url(url: str) -> dt.date | None:
    """Return the day that the path of *url* names, None when it names none.

    >>> date_in_url("http://a.cn/n/2023/0321/c1.html"), date_in_url("http://a.cn/t20230321_5.htm")
    (datetime.date(2023, 3, 21), datetime.date(2023, 3, 21))
    """
    path = unquote(re.sub(r"^[a-z]{2,5}://[^/?#]*", "", url[:2048], flags=re.I))
    path = ARCHIVED.sub("", path)
    for pattern in IN_PATH:
        for match in pattern.finditer(path):
            named = match.groupdict()
            parts = (named["year"], named["month"], named["day"]) if named else match.groups()
            day = day_of(*parts)
            if day and FIRST_YEAR <= day.year <= LAST_YEAR:
                return day
    return None
