"""The keys of a profile, each with the check of its value. Errors name file, key and reason."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from newsspider.errors import BadUrl, ProfileError
from newsspider.profiles.selectors import compile_selector
from newsspider.urls import parse_http

FIELDS = (
    "title", "kicker", "subtitle", "body", "date_published", "date_modified", "source",
    "authors", "editors", "section", "keywords", "description", "images", "related", "next_page",
)  # fmt: skip
"""Fields of the Article that a profile may name selectors for."""

INTERVAL = re.compile(r"([0-9]{1,6})\s*([mhdw])")


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a text is wanted")
    return value.strip()


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false is wanted")
    return value


def _url(value: Any) -> str:
    text = _text(value)
    parse_http(text)
    return text


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        raise ValueError("a text or a list of texts is wanted")
    return tuple(_text(v) for v in value)


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 3600:
        raise ValueError("seconds from 0 to 3600 are wanted")
    return float(value)


def interval(value: Any) -> timedelta:
    """Return the time that a text such as 30m, 6h, 1d or 1w names.

    >>> interval("6h")
    datetime.timedelta(seconds=21600)

    Raises:
        ValueError: it is no such text, less than a minute or more than a year.
    """
    found = INTERVAL.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        raise ValueError(f"a number and m, h, d or w are wanted, as in 6h, not {value!r}")
    units = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
    span = timedelta(**{units[found[2]]: int(found[1])})
    if not timedelta(minutes=1) <= span <= timedelta(days=366):
        raise ValueError(f"a minute to a year is wanted, not {value}")
    return span


def _zone(value: Any) -> str:
    try:
        ZoneInfo(_text(value))
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"no time zone {value!r}; for example Asia/Shanghai") from error
    return _text(value)


def _patterns(value: Any) -> tuple[re.Pattern[str], ...]:
    out = []
    for text in _texts(value):
        try:
            out.append(re.compile(text))
        except re.error as error:
            raise ValueError(f"bad regular expression {text!r}: {error}") from error
    return tuple(out)


def _selectors(value: Any) -> tuple[str, ...]:
    found = _texts(value)
    for text in found:
        compile_selector(text)
    return found


# key: (attribute of Profile, check)
KEYS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "title": ("title", _text),
    "home": ("home", _url),
    "sections": ("sections", _texts),
    "feeds": ("feeds", _texts),
    "sitemaps": ("sitemaps", _texts),
    "hosts": ("hosts", _texts),
    "timezone": ("timezone", _zone),
    "language": ("language", _text),
    "delay": ("delay_s", _seconds),
    "every": ("every", interval),
    "user_agent": ("user_agent", _text),
    "tls_verify": ("tls_verify", _truth),
    "obey_meta_robots": ("obey_meta_robots", _truth),
    "javascript": ("javascript", _truth),
    "strip": ("strip", _selectors),
}
URL_KEYS = ("article", "section", "exclude")
TABLES = ("fields", "urls")
RELATIVE = ("sections", "feeds", "sitemaps")


def _fail(path: Path, key: str, reason: object) -> ProfileError:
    return ProfileError(f"{path}: {key}: {reason}")


def _read(path: Path, key: str, check: Callable[[Any], Any], value: Any) -> Any:
    try:
        return check(value)
    except (ValueError, BadUrl) as error:
        raise _fail(path, key, error) from error


def _table(table: dict[str, Any], name: str, known: tuple[str, ...], path: Path) -> dict[str, Any]:
    found = table.get(name, {})
    if not isinstance(found, dict):
        raise _fail(path, name, "a table is wanted")
    for key in found:
        if key not in known:
            raise _fail(path, f"{name}.{key}", f"unknown key; known are {', '.join(known)}")
    return found


def read_keys(table: dict[str, Any], path: Path) -> dict[str, Any]:
    """Return the attributes of a Profile that *table*, read from *path*, sets.

    Raises:
        ProfileError: an unknown key, a value that cannot be used, or no home page.
    """
    for key in table:
        if key not in KEYS and key not in TABLES:
            raise _fail(path, key, f"unknown key; known are {', '.join((*KEYS, *TABLES))}")
    if "home" not in table:
        raise _fail(path, "home", "missing: the address of the portal's front page")
    out = {
        attribute: _read(path, key, check, table[key])
        for key, (attribute, check) in KEYS.items()
        if key in table
    }
    for name in RELATIVE:
        join = partial(urljoin, out["home"])
        out[name] = tuple(
            _read(path, name, lambda u: parse_http(u).geturl(), join(u)) for u in out.get(name, ())
        )
    for key, value in _table(table, "urls", URL_KEYS, path).items():
        out[key] = _read(path, f"urls.{key}", _patterns, value)
    out["fields"] = {
        key: _read(path, f"fields.{key}", _selectors, value)
        for key, value in _table(table, "fields", FIELDS, path).items()
    }
    return out
