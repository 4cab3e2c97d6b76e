"""What a reader asks for: the page, its options, the language and the colours to show it in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote, unquote, urlencode

LANGUAGES = ("en", "zh")
THEMES = ("auto", "light", "dark")
LONGEST = 1_000
"""Characters of an option that are read."""
MOST_OPTIONS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """One request for a page, its texts decoded and cut to a bearable length."""

    path: str
    """As in the address, without `.json`, percent-encoded."""
    names: Mapping[str, str]
    """What the path names: an id, a site, an outlet."""
    options: Mapping[str, str] = field(default_factory=dict)
    """The first value of each name behind the question mark, those that are empty left out."""
    language: str = "en"
    theme: str = "auto"
    today: date
    as_json: bool = False

    def get(self, name: str) -> str | None:
        """Return an option, None where there is none."""
        return self.options.get(name)

    def number(self, name: str, default: int, *, most: int) -> int:
        """Return a whole number from 1 to *most*; *default* for anything else."""
        text = self.options.get(name, "")
        if not re.fullmatch(r"[0-9]{1,9}", text) or not 1 <= int(text) <= most:
            return default
        return int(text)

    def here(self, **changes: str | int | None) -> str:
        """Return the address of this page with some options changed, or left out where None."""
        kept = {name: value for name, value in self.options.items() if name not in SETTINGS}
        kept |= {name: str(value) for name, value in changes.items() if value is not None}
        return address(self.path, {k: v for k, v in kept.items() if changes.get(k, v) is not None})


SETTINGS = ("lang", "theme")
"""Options that are remembered in a cookie, not in the address."""


def address(path: str, options: Mapping[str, str]) -> str:
    """Return *path* with *options* behind it."""
    return f"{path}?{urlencode(options)}" if options else path


def path_of(*parts: str | int) -> str:
    """Return the path that names *parts*, each of them one step whatever it holds.

    >>> path_of("outlet", "a/b 新华社?")
    '/outlet/a%2Fb%20%E6%96%B0%E5%8D%8E%E7%A4%BE%3F'
    """
    return "".join(f"/{quote(str(part).encode('utf-8', 'replace'), safe='')}" for part in parts)


def decoded(text: str) -> str:
    """Return a step of a path as text, cut to a bearable length; never raises."""
    return unquote(text, errors="replace")[:LONGEST]


def language_of(wanted: str | None, remembered: str | None, accepted: str) -> str:
    """Return the language that is asked for, else the one remembered, else the browser's.

    >>> language_of(None, None, "fr, zh-CN;q=0.8, en;q=0.7")
    'zh'
    """
    for choice in (wanted, remembered):
        if choice in LANGUAGES:
            return choice
    weighed: list[tuple[float, str]] = []
    for entry in accepted[:LONGEST].split(","):
        match = re.fullmatch(r"\s*([A-Za-z]{2})[A-Za-z-]*\s*(?:;\s*q=([01](?:\.\d{0,3})?))?", entry)
        if match and match[1].lower() in LANGUAGES:
            weighed.append((float(match[2] or 1), match[1].lower()))
    return max(weighed, key=lambda one: one[0])[1] if weighed else LANGUAGES[0]
