"""One reading of an article as plain values: cleaned, and compared with another. No SQL."""

import json
import math
from datetime import datetime
from functools import lru_cache
from typing import Any

from newsspider.items import ARTICLE_FIELDS, Article, as_json, body_digest
from newsspider.variants import search_fold

Reading = dict[str, Any]
"""Article fields under their names as plain JSON values."""

JSON_COLUMNS = frozenset(
    (
        "authors",
        "editors",
        "breadcrumbs",
        "keywords",
        "page_urls",
        "provenance",
        "credits",
        "images",
    )
)
"""Fields that a column of articles or revisions keeps as JSON."""
CHILD_FIELDS = ("credits", "images", "related")
"""Fields of Article that are rows of another table."""
ROW_FIELDS = tuple(name for name in ARTICLE_FIELDS if name not in CHILD_FIELDS)
"""Fields of Article that are a column of articles."""

KEPT_APART = frozenset(("url", "site", "requested_url", "fetched_at", "related"))
"""Fields that a replaced reading does not keep: the article's own; fetched_at is its `seen_at`."""

STATED = (
    "title",
    "kicker",
    "subtitle",
    "body",
    "date_published",
    "source",
    "authors",
    "editors",
    "credits",
    "dateline",
    "section",
    "images",
)
"""What the publisher states to the reader: a difference here is an edit.

Metadata that no reader sees, addresses, times as printed and what programs fill in (modification
times, descriptions) are recorded with an edit, but alone they make none: on many portals they move
by themselves.
"""
DERIVED = frozenset(("body_html", "body_sha256"))
"""Follow from other fields; never listed among changes."""
EVIDENCE = frozenset(
    (
        "url",
        "requested_url",
        "related",
        "confidence",
        "provenance",
        "fetched_at",
        "http_status",
        "warc_record_id",
        "extractor_version",
        "profile_version",
    )
)
"""How and when a reading was made, and what stood beside it; never compared."""
COMPARED = tuple(name for name in ARTICLE_FIELDS if name not in EVIDENCE | DERIVED)
UNLISTED = frozenset(("body_html", "related"))
"""Fields that a page read again may change too, beside COMPARED; they are not listed as changes."""
REREAD = tuple(name for name in ARTICLE_FIELDS if name in {*COMPARED, *UNLISTED} - {"site"})
"""Fields that a page read again may change. `site` stays what the crawl called it."""
READER_FIELDS = ("confidence", "provenance", "extractor_version", "profile_version")
"""How a reading was made: all that changes in a row when its page reads as before."""
LONG = 100_000
"""Characters from which a folded text is not kept at hand."""


def cleaned(value: Any) -> Any:
    """Return *value* with what SQLite or UTF-8 cannot hold taken out of every string in it.

    >>> cleaned({"a": ["x\\x00y", "\\ud800"], "b": float("nan")})
    {'a': ['xy', '?'], 'b': None}
    """
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list | tuple):
        return [cleaned(item) for item in value]
    if isinstance(value, dict):
        return {cleaned(key): cleaned(item) for key, item in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _is_clean(value: Any) -> bool:
    """Tell whether `cleaned` would change nothing; wrong only on the safe side."""
    try:
        return b"\\u0000" not in json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        return False


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def to_json(value: Any) -> str:
    """Return *value* as the JSON text of a column: readable characters, short."""
    # Most lists of most articles are empty, and an encoder costs more to start than to run.
    return "[]" if value == [] else _ENCODER.encode(value)


def reading_of(article: Article) -> Reading:
    """Return *article* as a reading that the database can hold; the digest is of that body."""
    reading: Reading = as_json(article)
    # Nearly every page is clean, and to look is ten times cheaper than to rebuild.
    if not _is_clean(reading):
        reading = cleaned(reading)
    reading["body"] = reading["body"] or ""
    reading["confidence"] = reading["confidence"] or 0.0
    reading["body_sha256"] = body_digest(reading["body"])
    return reading


def folded(text: str) -> str:
    """Return variants.search_fold of *text*; the index and the search for copies both need it."""
    return _folded(text) if len(text) <= LONG else search_fold(text)


@lru_cache(maxsize=16)
def _folded(text: str) -> str:
    return search_fold(text)


def edits(old: Reading, new: Reading) -> dict[str, list[Any]]:
    """Return {field: [old, new]} when the publisher changed something that it states, else {}."""
    if all(_same(name, old[name], new[name]) for name in STATED):
        return {}
    return differences(old, new)


def differences(old: Reading, new: Reading) -> dict[str, list[Any]]:
    """Return {field: [old, new]} of every field of the page that reads differently."""
    return {
        name: [old[name], new[name]] for name in COMPARED if not _same(name, old[name], new[name])
    }


def changed_fields(old: Reading, new: Reading) -> dict[str, list[Any]]:
    """Return {field: [old, new]} of every field that one page, read twice, gave in two ways.

    Nothing counts as the same here that is not: a finer time, other white space.
    """
    return {name: [old[name], new[name]] for name in REREAD if old[name] != new[name]}


def read_by_same_code(old: Reading, new: Reading) -> bool:
    """Tell whether both readings come from one version of extractor and profile."""
    return all(old[name] == new[name] for name in ("extractor_version", "profile_version"))


def _same(name: str, old: Any, new: Any) -> bool:
    if old == new or (not old and not new):
        return True
    if not old or not new:
        return False
    if name in ("date_published", "date_modified"):
        return _same_moment(old, new)
    if name == "credits":
        # A label without a name states nobody.
        return _facts(old, "name", "role") == _facts(new, "name", "role")
    if name == "images":
        # Addresses carry sizes, hosts and signatures that change; what is written below does not.
        return all(
            set(_facts(old, name)) == set(_facts(new, name)) for name in ("caption", "credit")
        )
    if isinstance(old, str) and isinstance(new, str):
        return old.split() == new.split()
    return False


def _facts(items: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    """Return what *names* say of each of *items* that has the first of them."""
    return [tuple(item[name] for name in names) for item in items if item[names[0]]]


def _same_moment(old: str, new: str) -> bool:
    """Compare two printed times as exactly as the less exact one allows."""
    if len(old) == 10 or len(new) == 10:
        return old[:10] == new[:10]
    one, other = datetime.fromisoformat(old), datetime.fromisoformat(new)
    if one.second == 0 or other.second == 0:
        one, other = one.replace(second=0), other.replace(second=0)
    return one == other
