"""Times as people read them on a page, found in any text or read from one that is a time."""

import dataclasses
import datetime as dt
import re

from newsspider.dates.clocks import clock_after, clock_before
from newsspider.dates.forms import Reader, day_of, find_days, latest_day, month_first
from newsspider.dates.when import FIRST_YEAR, When, build, plausible
from newsspider.dates.words import MODIFIED, MONTHS, MONTHS_OF

MAX_LABEL = 40
"""Characters beside a time that may be its label."""
MAX_TEXT = 200
"""A longer text is no time."""
MAX_FOREIGN = 60
"""Characters that are worth asking dateparser about: it takes milliseconds."""

# One character for one, so that positions stay: full-width forms, spaces, dashes.
PLAIN: dict[int, int] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
PLAIN |= dict.fromkeys((0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), 0x20)
PLAIN |= dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212), 0x2D)
ANY_DAY = re.compile(r"\d|[今昨前]天|[今昨]日|年|前|\bago\b", re.I)
LABEL = re.compile(r"^[^\d:]{0,40}:\s*")
_GAP = re.compile(r"[ \t\n\r]{3,}")
BRACKETS = " \t\n()[]{}【】〔〕|·•,;-"
TOLD = re.compile(r"(?:published|posted|updated|reviewed|modified)(?: on)?\s?:?\s?$", re.I)
"""What lets a day with a year of two digits be believed."""
COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
REPUBLIC = re.compile(r"(1[01]\d)([-/.])(\d{1,2})\2(\d{1,2})")
WORD_AND_DAY = re.compile(
    r"([^\W\d_]{3,14})\.?\s{1,2}(\d{1,2})(?:st|nd|rd|th)?|(\d{1,2})\.?\s{1,2}([^\W\d_]{3,14})\.?"
)
NOW = re.compile(r"(?:刚刚|剛剛|刚才|剛才|just now|now|方才)", re.I)
YESTERDAY = {"today": 0, "yesterday": 1}
FULL_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
DAY_NUMBER = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
HAS_CLOCK = re.compile(r"\d\s?[:.h]\s?\d\d|\d\s?[ap]\.?m|uhr", re.I)
# What dateparser may be asked: a year of four digits, or a number beside a word.
DATE_LIKE = re.compile(r"(?:19|20)\d\d|\d{1,2}\s?[^\W\d_]{2}|[^\W\d_]{2,}\.?\s\d")
# A number is worth it only beside a word for the past or a month.
PAST = re.compile(
    r"\bago\b|\bvor\b|\bhace\b|il y a|\bfa\b|geleden|\bsedan\b|sitten|\btemu\b|назад|\bтому\b|önce|"
    r"전|\bhá\b|atrás|siden|trước|\blalu\b|yesterday|today|gestern|heute|\bhier\b|aujourd|\bayer\b|"
    r"\bhoy\b|\bieri\b|hari ini|kemarin|bugün|\bdün\b|gisteren|wczoraj|"
    r"\boggi\b|[\u0530-\u1eff\u1f00-\u1fff]",
    re.I,
)
WORDS = re.compile(r"[^\W\d_]{3,14}")
AGO = re.compile(
    r"(?<![\d.])(\d{1,3}|半|an?|one)\s?个?個?(秒|分|小[时時]|時間|时间|天|日|周|週|星期|月|年|"
    r"sec|min|hour|hr|day|week|month|year)[^\W\d]{0,5}\s?(?:之?前|ago\b)",
    re.I,
)
AGO_SECONDS = {
    "秒": 1, "分": 60, "小时": 3600, "小時": 3600, "時間": 3600, "时间": 3600,
    "天": 86_400, "日": 86_400, "周": 604_800,
    "週": 604_800, "星期": 604_800, "月": 2_592_000, "年": 31_536_000, "sec": 1, "min": 60,
    "hour": 3600, "hr": 3600, "day": 86_400, "week": 604_800, "month": 2_592_000,
    "year": 31_536_000,
}  # fmt: skip


def find_printed(
    text: str, *, zone: dt.tzinfo, now: dt.datetime | None = None, language: str | None = None
) -> list[When]:
    """Return every time printed in *text*, in order.

    Naive ones are of *zone*. Days without a year (only those beside a clock), 昨天 12:30 and
    5分钟前 are taken relative to *now* and left out without it; so is what is impossible or in
    the future. 03/04/2023 is read in *language*: month first for en, day first for others, not at
    all when it is None.
    """
    if not ANY_DAY.search(text):
        return []
    plain = text if text.isascii() else text.translate(PLAIN)
    today = now.astimezone(zone).date() if now else None
    reader = Reader(today=today, language=language)
    found: list[tuple[int, When]] = []
    position = 0
    for spot in find_days(plain, reader):
        begin, end, clock = spot.begin, spot.end, None
        if begin < position:
            continue
        if after := clock_after(plain, end):
            clock, end = after
        elif before := clock_before(plain, begin, position):
            clock, begin = before
        elif spot.weak and not (
            spot.told and TOLD.search(plain[max(0, begin - MAX_LABEL) : begin])
        ):
            continue
        if when := build(spot.day, clock, zone, now, text[begin:end]):
            found.append((begin, _labelled(when, plain[max(position, begin - MAX_LABEL) : begin])))
            position = end
    if now:
        found.extend(_find_ago(text, plain, zone, now))
        found.sort(key=lambda pair: pair[0])
    return [when for _, when in found]


def _labelled(when: When, label: str) -> When:
    label = label.lower()
    if any(word in label for word in MODIFIED):
        return dataclasses.replace(when, modified=True)
    return when


def _find_ago(text: str, plain: str, zone: dt.tzinfo, now: dt.datetime) -> list[tuple[int, When]]:
    """Return the times such as 5分钟前, with their places."""
    found = []
    for match in AGO.finditer(plain):
        seconds = AGO_SECONDS[match[2].lower()]
        if match[1] == "半":
            seconds //= 2
        elif match[1].isdigit():
            seconds *= int(match[1])
        when = _before_now(seconds, seconds < 3600, zone, now, text[match.start() : match.end()])
        if when:
            label = plain[max(0, match.start() - MAX_LABEL) : match.start()]
            found.append((match.start(), _labelled(when, label)))
    return found


def _before_now(
    seconds: int, clock: bool, zone: dt.tzinfo, now: dt.datetime, raw: str
) -> When | None:
    """Return *now* less *seconds*: its minute where *clock*, else its day (hours are rounded)."""
    moment = now.astimezone(zone) - dt.timedelta(seconds=seconds)
    if not clock:
        return build(moment.date(), None, zone, now, raw)
    return When(moment=moment.replace(second=0, microsecond=0), precision="minute", raw=raw)


def parse_printed(
    text: str, *, zone: dt.tzinfo, now: dt.datetime | None = None, language: str | None = None
) -> When | None:
    """Return the time that *text* is, perhaps beside a label; None when it is none.

    Reads what find_printed finds and, standing alone, 3月21日, 03-21, 18-03-08, 20230321, 112/03/21
    (zh-Hant), 刚刚, Mar 21, and through dateparser the relative and absolute forms of *language*.
    Of several times the first that is not the time of a change.
    """
    text = _GAP.sub(" ", text.strip())
    if not text or len(text) > MAX_TEXT:
        return None
    if hits := find_printed(text, zone=zone, now=now, language=language):
        if len(text) - sum(len(hit.raw) for hit in hits) > 2 * MAX_LABEL:
            return None
        return next((hit for hit in hits if not hit.modified), hits[0])
    plain = text.translate(PLAIN)
    label = match[0] if (match := LABEL.match(plain)) else ""
    bare = plain[len(label) :].strip(BRACKETS)
    raw = text[plain.find(bare, len(label)) :][: len(bare)]
    when = _alone(bare, raw, zone, now, language) or _foreign(bare, raw, zone, now, language)
    return _labelled(when, label) if when else None


def _alone(
    bare: str, raw: str, zone: dt.tzinfo, now: dt.datetime | None, language: str | None
) -> When | None:
    """Return the time that *bare* is in one of the short forms that only stand alone."""
    today = now.astimezone(zone).date() if now else None
    if now and NOW.fullmatch(bare):
        return _before_now(0, True, zone, now, raw)
    day: dt.date | None = None
    if match := COMPACT.fullmatch(bare):
        day = day_of(*match.groups())
    elif (match := REPUBLIC.fullmatch(bare)) and (language or "").startswith("zh-Hant"):
        day = day_of(1911 + int(match[1]), match[3], match[4])
    elif today and bare.lower() in YESTERDAY:
        day = today - dt.timedelta(days=YESTERDAY[bare.lower()])
    elif today and (match := WORD_AND_DAY.fullmatch(bare)):
        month = MONTHS.get((match[1] or match[4]).lower())
        day = latest_day(today, month, match[2] or match[3]) if month else None
    else:
        spots = find_days(bare, Reader(today=today, language=language))
        day = next((s.day for s in spots if s.begin == 0 and s.end == len(bare)), None)
    return build(day, None, zone, now, raw) if day else None


def _is_telling(bare: str, tag: str) -> bool:
    """Tell whether a text may be a time in the words of a language: it tells how long ago, or names
    a month, or a year where nobody here knows the names of the months.
    """
    if PAST.search(bare):
        return True
    months = MONTHS_OF.get(tag)
    if months is None:
        return FULL_YEAR.search(bare) is not None
    return any(word.lower() in months for word in WORDS.findall(bare))


def _foreign(
    bare: str, raw: str, zone: dt.tzinfo, now: dt.datetime | None, language: str | None
) -> When | None:
    """Return what dateparser reads *bare* as; it is asked about short texts that look like it."""
    tag = (language or "zh").split("-")[0]
    if tag == "zh" or not 5 <= len(bare) <= MAX_FOREIGN or not DATE_LIKE.search(bare):
        return None
    if not (DAY_NUMBER.search(bare) and (now or FULL_YEAR.search(bare)) and _is_telling(bare, tag)):
        return None
    if any(not spot.weak for spot in find_days(bare, Reader(language=language))):
        return None  # a day that was read, and cannot be true
    import dateparser  # takes 0.2 s, and most pages never need it

    base = now.astimezone(zone).replace(tzinfo=None) if now else dt.datetime(FIRST_YEAR, 1, 1)
    try:
        parsed = dateparser.parse(
            bare,
            languages=[tag],
            settings={
                "REQUIRE_PARTS": ["day", "month", "year"],
                "PREFER_DATES_FROM": "past",
                "RELATIVE_BASE": base,
                "DATE_ORDER": "MDY" if month_first(language) else "DMY",
            },
        )
    except (ValueError, OverflowError):  # a language that it does not know, a year beyond its range
        return None
    if parsed is None:
        return None
    if HAS_CLOCK.search(bare):
        moment = parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)
        when = When(moment=moment.replace(second=0, microsecond=0), precision="minute", raw=raw)
        return when if plausible(moment, now) else None
    if dt.timedelta() < base - parsed.replace(tzinfo=None) < dt.timedelta(hours=1):
        return _before_now(int((base - parsed).total_seconds()), True, zone, now or base, raw)
    return build(parsed.date(), None, zone, now, raw)
