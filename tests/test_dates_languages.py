"""Times whose reading depends on the language of the page, and when dateparser is asked for it."""

import subprocess
import sys

import pytest
from test_dates import CHINA, NOW, shown

from newsspider.dates import parse_printed

BY_LANGUAGE = [
    ("03/04/2023", "en", "2023-03-04"),
    ("03/04/2023", "de", None),  # in the April that has not come
    ("03/04/2022", "en", "2022-03-04"),
    ("03/04/2022", "en-US", "2022-03-04"),
    ("03/04/2022", "en-GB", "2022-04-03"),
    ("03/04/2022", "fr", "2022-04-03"),
    ("03/03/2022", None, "2022-03-03"),
    ("112/03/21", "zh-Hant", "2023-03-21"),
    ("112-03-21", "zh-Hant", "2023-03-21"),
    ("112/03/21", "zh-Hans", None),
    ("21. maaliskuuta 2023", "fi", "2023-03-21"),
    ("vor 5 Minuten", "de", "2023-03-22 14:25"),
    ("il y a 2 heures", "fr", "2023-03-22"),
    ("hace 3 días", "es", "2023-03-19"),
    ("5 минут назад", "ru", "2023-03-22 14:25"),
    ("3 मार्च 2023", "hi", "2023-03-03"),
    ("Hari ini 12:30", "id", "2023-03-22 12:30"),
    ("21 March 2023", "xx", "2023-03-21"),
    ("21 qqqqqq 2023", "xx", None),
]


@pytest.mark.parametrize(
    ("text", "language", "expected"), BY_LANGUAGE, ids=[f"{t}-{x}" for t, x, _ in BY_LANGUAGE]
)
def test_language_settles_what_the_text_leaves_open(
    text: str, language: str | None, expected: str | None
) -> None:
    assert shown(parse_printed(text, zone=CHINA, now=NOW, language=language)) == expected


OWN = [
    ("2023年3月21日 13:21", "zh"),
    ("新闻", "zh"),
    ("21. März 2023", "de"),
    ("10:49 Uhr Lesedauer: 5 Minuten", "de"),
    ("Uppdaterad 15.59 | Publicerad 14.14", "sv"),
    ("7 good-news stories from 2019", "en"),
    ("Regular price $ 1999.00", "en"),
    ("Publikation | 10/2021", "de"),
]


def test_dateparser_is_imported_only_when_it_is_needed() -> None:
    code = (
        "import sys, datetime as dt; from newsspider.dates import parse_printed as p\n"
        f"for text, language in {OWN!r}: p(text, zone=dt.UTC, now=dt.datetime.now(dt.UTC),"
        " language=language)\n"
        "assert 'dateparser' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
