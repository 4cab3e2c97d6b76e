"""Items of a foreign project as articles, by the names of their fields."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from itemadapter import ItemAdapter

from newsspider.dates import parse_machine
from newsspider.items import Article, body_digest
from newsspider.profiles import DEFAULT_ZONE
from newsspider.urls import canonical_or_none

OTHER_NAMES = {
    "headline": "title",
    "articleBody": "body",
    "text": "body",
    "datePublished": "date_published",
    "dateModified": "date_modified",
    "author": "authors",
    "editor": "editors",
    "inLanguage": "language",
    "articleSection": "section",
    "canonicalUrl": "canonical_url",
}
"""Names in Zyte's and schema.org's words, and those of Article, which win."""
TEXTS = (
    "title",
    "kicker",
    "subtitle",
    "body",
    "source",
    "source_url",
    "dateline",
    "section",
    "description",
    "language",
    "canonical_url",
)
LISTS = ("authors", "editors", "keywords")
MOMENTS = ("date_published", "date_modified")
BY = "item"
"""Provenance of what a foreign spider gave."""


def article_of(item: Any) -> Article | None:
    """Return *item* as an article; None when it lacks an address, a title or a body.

    Fields are taken by name: those of Article, or of Zyte's and schema.org's articles. A moment
    without a zone is on the clock of China, as newsspider reads printed ones.
    """
    if isinstance(item, Article):
        return item if item.url and item.title and item.body.strip() else None
    if not ItemAdapter.is_item(item):
        return None
    given = {OTHER_NAMES.get(name, name): value for name, value in ItemAdapter(item).items()}
    given |= {name: value for name, value in ItemAdapter(item).items() if name not in OTHER_NAMES}
    url = canonical_or_none(given.get("url") if isinstance(given.get("url"), str) else None)
    found: dict[str, Any] = {name: _text(given.get(name)) for name in TEXTS}
    if url is None or not found["title"] or not found["body"]:
        return None
    found |= {name: _texts(given.get(name)) for name in LISTS}
    for name in MOMENTS:
        found |= _moment(name, given.get(name))
    found = {name: value for name, value in found.items() if value}
    article = Article(url=url, requested_url=str(given["url"]), confidence=1.0, **found)
    return replace(
        article,
        body_sha256=body_digest(article.body),
        provenance=dict.fromkeys((n for n in found if not n.endswith("_precision")), BY),
    )


def _text(value: Any) -> str | None:
    """Return *value* as one text: lists of lines are joined."""
    if isinstance(value, list | tuple) and all(isinstance(line, str) for line in value):
        value = "\n".join(line.strip() for line in value if line.strip())
    return value.strip() or None if isinstance(value, str) else None


def _texts(value: Any) -> tuple[str, ...]:
    """Return *value* as a list of texts; objects give their names."""
    listed: Iterable[Any] = value if isinstance(value, list | tuple) else (value,)
    names = (one.get("name") if isinstance(one, Mapping) else one for one in listed)
    return tuple(dict.fromkeys(n.strip() for n in names if isinstance(n, str) and n.strip()))


def _moment(name: str, value: Any) -> dict[str, Any]:
    zone = ZoneInfo(DEFAULT_ZONE)
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=zone)
        return {name: moment, f"{name}_precision": "second"}
    when = parse_machine(value, zone) if isinstance(value, str) else None
    return {name: when.moment, f"{name}_precision": when.precision} if when else {}
