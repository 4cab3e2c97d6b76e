"""How days are printed: each form is a pattern and a function from its match to a day.

Every pattern starts at a digit or a fixed word and looks at a bounded number of characters from
there, so that a search takes time linear in the text, whatever the text is.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from newsspider.dates.words import ERAS, HAN_DIGITS, MONTHS

YEAR = r"((?:19|20)\d\d)"
START = r"(?<!\d)(?<!\d[-./])"
# A clock may be glued to the day; a further number makes it a version or an address.
END = r"(?!\d(?!\d:))(?![-./]\d(?!\d?:\d))"
MONTH_WORD = r"([^\W\d_]{3,14})"
ORDINAL = r"(?:st|nd|rd|th|er|ª|º|°|\.|-?го)?"
OF = r"(?:(?:de|del|di|of)\s{1,2}|d['’])?"
WORD_BEFORE = re.compile(rf"{MONTH_WORD}[.,]?\s{{0,3}}$")
WORD_ROOM = 20
"""Characters before the number of a day in which the name of its month is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What the reader of a page knows: it settles what the page leaves open."""

    today: dt.date | None = None
    """In the zone of the page; None leaves days without a year unread."""
    language: str | None = None
    """BCP 47; None leaves 03/04/2023 unread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A day found in a text."""

    begin: int
    end: int
    day: dt.date
    weak: bool = False
    """Short of something (a year, a century): believed beside a clock, or standing alone."""
    told: bool = False
    """Weak, and believed behind a label, too."""


def day_of(year: int | str, month: int | str, day: int | str) -> dt.date | None:
    """Return that day, None when the calendar has no such day."""
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def month_first(language: str | None) -> bool | None:
    """Tell whether 03/04/2023 is the fourth of March in *language*; None when nobody knows."""
    if language is None:
        return None
    return language.lower() in ("en", "en-us", "en-ca", "en-ph")


def han_number(text: str) -> int:
    """Return the number of Chinese numerals, by value (二十一) or digit by digit (二〇二三).

    >>> han_number("二十一"), han_number("二〇二三"), han_number("一百一十二"), han_number("十")
    (21, 2023, 112, 10)
    """
    if not set(text) & set("十百"):
        return int("".join(str(HAN_DIGITS[c]) for c in text))
    hundreds, _, rest = text.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    number = 100 * HAN_DIGITS[hundreds[-1]] if hundreds else 0
    if ten:
        number += 10 * (HAN_DIGITS[tens[-1]] if tens else 1)
    return number + (HAN_DIGITS[ones[-1]] if ones else 0)


def latest_day(today: dt.date, month: int | str, day: int | str) -> dt.date | None:
    """Return the last such day that is not after tomorrow; None when the calendar has none."""
    # A 29 February may lie eight years back.
    for year in range(today.year + 1, today.year - 8, -1):
        found = day_of(year, month, day)
        if found and found <= today + dt.timedelta(days=1):
            return found
    return None


def _numbers(*order: int) -> Callable[[re.Match[str], Reader], dt.date | None]:
    def read(match: re.Match[str], _: Reader) -> dt.date | None:
        return day_of(*(match[i] for i in order))

    return read


def _ymd(match: re.Match[str], _: Reader) -> dt.date | None:
    # /2023/03/21/ is a piece of an address.
    if "/" in match[2] and match.string[match.start() - 1 : match.start()] == "/":
        return None
    return day_of(match[1], match[3], match[4])


def _day_and_month(match: re.Match[str], reader: Reader) -> dt.date | None:
    first, separator, second, year = match.groups()
    if "/" in separator and int(first) <= 12 and int(second) <= 12 and first != second:
        american = month_first(reader.language)
        if american is None:
            return None
    else:
        american = int(second) > 12
    if len(year) == 2:
        year = f"20{year}"
    return day_of(year, first, second) if american else day_of(year, second, first)


def _word(year: int, month: int, day: int) -> Callable[[re.Match[str], Reader], dt.date | None]:
    def read(match: re.Match[str], _: Reader) -> dt.date | None:
        number = MONTHS.get(match[month].lower())
        return day_of(match[year], number, match[day]) if number else None

    return read


def _era(match: re.Match[str], _: Reader) -> dt.date | None:
    years = 1 if match[2] == "元" else int(match[2])
    return day_of(ERAS[match[1]] + years, match[3], match[4])


def _republic(match: re.Match[str], _: Reader) -> dt.date | None:
    return day_of(1911 + int(match[1] or match[2]), match[3], match[4])


def _han(match: re.Match[str], _: Reader) -> dt.date | None:
    year = 1911 + han_number(match[1]) if match[1] else han_number(match[2])
    return day_of(year, han_number(match[3]), han_number(match[4]))


def _short_year(year: int, month: int, day: int) -> Callable[..., dt.date | None]:
    def read(match: re.Match[str], _: Reader) -> dt.date | None:
        return day_of(2000 + int(match[year]), match[month], match[day])

    return read


def _without_year(match: re.Match[str], reader: Reader) -> dt.date | None:
    if reader.today is None:
        return None
    month, day = (g for g in match.groups() if g)
    return latest_day(reader.today, month, day)


def _named_day(match: re.Match[str], reader: Reader) -> dt.date | None:
    if reader.today is None:
        return None
    back = 0 if match[1] in "今天今日today" else 2 if match[1] in "前天前日" else 1
    return reader.today - dt.timedelta(days=back)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way to print a day."""

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], Reader], dt.date | None]
    marks: str
    """A text without any of these characters is not searched."""
    weak: bool = False
    """As Spot.weak."""
    told: bool = False
    """As Spot.told."""
    dated: bool = False
    """It has a year of four digits."""


FORMS = (
    Form(
        pattern=re.compile(
            rf"(?<!\d){YEAR}\s{{0,2}}[年년]\s{{0,2}}(\d{{1,2}})\s{{0,2}}[月월]\s{{0,2}}(\d{{1,2}})"
            r"(?:\s{0,2}[日号號일]|(?!\d))"
        ),
        read=_numbers(1, 2, 3),
        marks="年년",
        dated=True,
    ),
    Form(
        pattern=re.compile(rf"{START}{YEAR}(\s?[-./]\s?)(\d{{1,2}})\2(\d{{1,2}}){END}"),
        read=_ymd,
        marks="-./",
        dated=True,
    ),
    # Split over elements: the year alone, then the day and a clock.
    Form(
        pattern=re.compile(
            rf"{START}{YEAR}\s{{1,4}}(\d{{1,2}})[-./](\d{{1,2}})(?=\s{{1,4}}\d{{1,2}}:\d\d)"
        ),
        read=_numbers(1, 2, 3),
        marks=":",
        dated=True,
    ),
    Form(
        pattern=re.compile(
            rf"{START}(\d{{1,2}}){ORDINAL}[\s./-]{{0,3}}{OF}{MONTH_WORD}[\s.,/-]{{0,4}}{OF}{YEAR}(?!\d)"
        ),
        read=_word(3, 2, 1),
        marks=" ./-",
        dated=True,
    ),
    Form(
        pattern=re.compile(
            rf"{START}{YEAR}[\s.-]{{1,3}}{MONTH_WORD}\.?[\s-]{{1,2}}(\d{{1,2}})(?!\d)"
        ),
        read=_word(1, 2, 3),
        marks=" -",
        dated=True,
    ),
    Form(
        pattern=re.compile(rf"{START}(\d{{1,2}})(\s?[-./]\s?)(\d{{1,2}})\2{YEAR}{END}"),
        read=_day_and_month,
        marks="-./",
        dated=True,
    ),
    Form(
        pattern=re.compile(rf"(?<!\d)(\d{{1,2}}) tháng (\d{{1,2}})(?:,| năm|, năm) {YEAR}(?!\d)"),
        read=_numbers(3, 2, 1),
        marks="á",
        dated=True,
    ),
    Form(
        pattern=re.compile(
            r"(?:民[國国]\s?(\d{2,3})|(?<!\d)(1[01]\d))\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日"
        ),
        read=_republic,
        marks="年",
    ),
    Form(
        pattern=re.compile(r"(令和|平成)\s?(\d{1,2}|元)\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日"),
        read=_era,
        marks="令平",
    ),
    Form(
        pattern=re.compile(
            r"(?:民[國国]([一二三四五六七八九十百]{1,5})|(?<![〇零○一二三四五六七八九])"
            r"([一二][〇零○一二三四五六七八九]{3}))年([一二三四五六七八九十]{1,2})月"
            r"([一二三四五六七八九十]{1,3})[日号號]"
        ),
        read=_han,
        marks="一二",
    ),
    Form(
        pattern=re.compile(rf"{START}(\d\d)-(\d\d)-(\d\d){END}"),
        read=_short_year(1, 2, 3),
        marks="-",
        weak=True,
    ),
    Form(
        pattern=re.compile(rf"{START}(\d\d)\.(\d\d)\.(\d\d){END}"),
        read=_short_year(3, 2, 1),
        marks=".",
        weak=True,
    ),
    Form(
        pattern=re.compile(rf"{START}(\d{{1,2}})(/)(\d{{1,2}})/(\d\d){END}"),
        read=_day_and_month,
        marks="/",
        weak=True,
        told=True,
    ),
    Form(
        pattern=re.compile(r"(?<![年년\d])(?<!\d[-./])(\d{1,2})\s?月\s?(\d{1,2})\s?[日号號]"),
        read=_without_year,
        marks="月",
        weak=True,
    ),
    Form(
        pattern=re.compile(rf"{START}(\d{{1,2}})[-/](\d{{1,2}}){END}"),
        read=_without_year,
        marks="-/",
        weak=True,
    ),
    Form(
        pattern=re.compile(r"(今天|今日|昨天|昨日|前天|前日)"),
        read=_named_day,
        marks="今昨前",
        weak=True,
    ),
)
FULL_YEAR = re.compile(YEAR)
WORDED = re.compile(rf"(?<!\d)(\d{{1,2}}){ORDINAL}[\s,]{{1,3}}{OF}{YEAR}(?!\d)")


def find_days(text: str, reader: Reader) -> list[Spot]:
    """Return the days printed in *text*, in order, the longer of two that start together first."""
    there = set(text)
    dated = FULL_YEAR.search(text) is not None
    spots = [
        Spot(begin=match.start(), end=match.end(), day=day, weak=form.weak, told=form.told)
        for form in FORMS
        if not there.isdisjoint(form.marks) and (dated or not form.dated)
        for match in form.pattern.finditer(text)
        if (day := form.read(match, reader))
    ]
    if dated:
        spots.extend(_month_before_day(text))
    spots.sort(key=lambda spot: (spot.begin, -spot.end))
    return spots


def _month_before_day(text: str) -> Iterator[Spot]:
    """Yield `March 21, 2023`: found by its numbers, since any word might be a month."""
    for match in WORDED.finditer(text):
        room = max(0, match.start() - WORD_ROOM)
        word = WORD_BEFORE.search(text[room : match.start()])
        month = MONTHS.get(word[1].lower()) if word else None
        if word and month and (day := day_of(match[2], month, match[1])):
            yield Spot(begin=room + word.start(), end=match.end(), day=day)
