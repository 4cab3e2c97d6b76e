"""How times of day are printed beside a day."""

import re

from newsspider.dates.when import Clock
from newsspider.dates.words import AFTERNOON, AMERICAN_MINUTES, MORNING, NOON, ZONE_MINUTES

# What may stand between a day and its clock.
GAP = r"[\s,、;|·•()\[\]【】〔〕/\-]{0,6}"
LINK = (
    r"(?:at|um|à|a\s?las?|às|as|alle|ore|om|kl\.?|klo\.?|в|о|г\.?|года|року|pukul|lúc|saat|t|"
    r"(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]|(?<=\()[一二三四五六日月火水木金土](?=\))|"
    r"[月火水木金土日]曜日?|[월화수목금토일]요일)"
)
HAN_ZONE = "|".join(n for n in (*ZONE_MINUTES, *AMERICAN_MINUTES) if n >= "一")
DAY_PART = "|".join(word for word in (*MORNING, *AFTERNOON, *NOON) if not word.isascii())
AFTER = (
    rf"\.?{GAP}(?P<link>(?:{LINK}{GAP}){{0,3}})(?P<before>{HAN_ZONE})?{GAP}(?P<part>{DAY_PART})?\s?"
    r"(?P<hour>\d{1,2})"
    r"(?:\s?:\s?(?P<colon>\d\d)(?:\s?:\s?(?P<second>\d\d)(?:[.,]\d{1,9})?)?"
    r"|\s?(?P<han>[时時点點시])\s?"
    r"(?:(?P<han_minute>\d{1,2})\s?[分분]?\s?(?:(?P<han_second>\d{1,2})\s?[秒초])?)?"
    r"|\s?h\s?(?P<h>\d\d)(?![^\W_])"
    r"|\.(?P<dot>\d\d)"
    r"|)(?!\d)"
    r"(?P<unit>\s?(?:[ap]\.?\s?m\b\.?|uhr\b|uur\b|h\b))?"
    r"(?:[\s,(]{0,3}(?P<zone>(?-i:[A-ZМСК]{1,4}))(?![^\W\d_]))?"
    r"(?:[\s(]{0,2}(?P<offset>[+-]\d{1,2}(?::?\d\d)?)(?![\d:.-]))?"
)
CLOCK_AFTER = re.compile(AFTER, re.I)
CLOCK_BEFORE = re.compile(
    r"(?<![\d:.])(?P<hour>\d{1,2})[:.](?P<colon>\d\d)(?::(?P<second>\d\d))?"
    r"(?P<unit>\s?(?:[ap]\.?m\b\.?|uhr\b))?(?:\s(?P<zone>(?-i:[A-Z]{1,4}))(?![^\W\d_]))?"
    r"[\s,|·()-]{0,4}(?:[A-Za-zÀ-ɏЀ-ӿ]{2,10}[.,]?\s?)?[\s,]{0,2}$",
    re.I,
)
ROOM_BEFORE = 40
"""Characters before a day in which its clock is looked for."""


def clock_after(text: str, end: int) -> tuple[Clock, int] | None:
    """Return the clock printed after the day that ends at *end*, with its end; None if none is."""
    match = CLOCK_AFTER.match(text, end)
    if match is None:
        return None
    groups = match.groupdict()
    zone, offset = groups["zone"], groups["offset"]
    known = bool(zone) and zone.casefold() in {**ZONE_MINUTES, **AMERICAN_MINUTES}
    # A bare number, or one with a point, is a clock only where something says so.
    if not any(groups[group] for group in ("colon", "han", "h", "unit")) and (
        groups["dot"] is None or not (known or groups["link"].strip())
    ):
        return None
    minute = next((groups[g] for g in ("colon", "han_minute", "h", "dot") if groups[g]), "0")
    clock = _clock(
        groups["hour"],
        minute,
        groups["second"] or groups["han_second"],
        part=groups["part"] or groups["unit"] or "",
        zone=zone if known else groups["before"],
        offset=offset if known or (offset and len(offset) > 3) else None,
    )
    if clock is None:
        return None
    unread = offset and clock.offset_minutes is None
    stop = match.start("offset") if unread else match.end()
    if zone and not known:
        stop = min(stop, match.start("zone"))
    return clock, end + len(text[end:stop].rstrip(" (,"))


def clock_before(text: str, begin: int, floor: int) -> tuple[Clock, int] | None:
    """Return the clock printed before the day at *begin*, not before *floor*, with its begin."""
    room = max(floor, begin - ROOM_BEFORE)
    match = CLOCK_BEFORE.search(text[room:begin])
    if match is None:
        return None
    clock = _clock(
        match["hour"],
        match["colon"],
        match["second"],
        part=match["unit"] or "",
        zone=match["zone"],
        offset=None,
    )
    return (clock, room + match.start()) if clock else None


def _clock(
    hour: str, minute: str, second: str | None, *, part: str, zone: str | None, offset: str | None
) -> Clock | None:
    """Return the clock of these printed parts; None when no day has it."""
    hours, minutes, seconds = int(hour), int(minute), int(second) if second else None
    word = part.strip().lower().replace(".", "").replace(" ", "")
    if word in AFTERNOON or (word in NOON and hours < 11):
        hours += 12 if hours < 12 else 0
    elif word in MORNING and hours == 12:
        hours = 0
    if hours > 23 or minutes > 59 or (seconds or 0) > 59:
        return None
    return Clock(
        hour=hours,
        minute=minutes,
        second=seconds,
        zone_name=zone,
        offset_minutes=offset_minutes(offset) if offset else None,
    )


def offset_minutes(text: str) -> int:
    """Return the minutes east of Greenwich of an offset such as +8, +08:00 or -0330.

    >>> offset_minutes("+8"), offset_minutes("+08:00"), offset_minutes("-0330")
    (480, 480, -210)
    """
    digits = text[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    return (-1 if text[0] in "-−" else 1) * (60 * int(hours) + int(minutes))
