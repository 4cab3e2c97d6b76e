"""Credits: who wrote, edited and photographed, and where an article came from, of printed lines.

Each function takes one line or paragraph; what it returns keeps the text that was read, as it
stands there.
"""

from collections.abc import Iterable

from newsspider.extract.bylines import parse_byline
from newsspider.extract.fields import parse_field_line
from newsspider.extract.names import split_names
from newsspider.extract.openings import Opening, parse_closing, parse_opening, parse_signature
from newsspider.extract.roles import ROLES, WRITERS
from newsspider.items import Credit

__all__ = [
    "ROLES",
    "Opening",
    "authors_of",
    "editors_of",
    "parse_byline",
    "parse_closing",
    "parse_field_line",
    "parse_opening",
    "parse_signature",
    "source_of",
    "split_names",
]


def authors_of(credits_: Iterable[Credit]) -> list[str]:
    """Return the persons who wrote, in order, none twice; translators where nobody else did."""
    credits_ = list(credits_)
    names = _names(credits_, WRITERS)
    return names or _names(credits_, ("translator",))


def editors_of(credits_: Iterable[Credit]) -> list[str]:
    """Return the editors, in order, none twice."""
    return _names(credits_, ("editor",))


def source_of(credits_: Iterable[Credit]) -> str | None:
    """Return the outlet that the article was taken from, the first one named; None when none is."""
    return next((c.name for c in credits_ if c.role == "source" and c.name), None)


def _names(credits_: Iterable[Credit], roles: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(c.name for c in credits_ if c.role in roles and c.name))
