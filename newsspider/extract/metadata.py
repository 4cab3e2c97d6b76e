"""What a page says about itself for machines: meta elements, JSON-LD, links in the head. Witnesses,
not judges.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from newsspider.extract.blocks import Stated, squeeze

MAX_JSON_BYTES = 2_000_000
MAX_OBJECTS = 2_000

_ARTICLE_TYPES = re.compile(
    r"(?:Article|NewsArticle|BlogPosting|Report|ReportageNewsArticle|AnalysisNewsArticle|"
    r"OpinionNewsArticle|"
    r"LiveBlogPosting|ReviewNewsArticle|BackgroundNewsArticle|TechArticle|ScholarlyArticle|"
    r"SocialMediaPosting|"
    r"AdvertiserContentArticle|SatiricalArticle|ClaimReview|Review)$"
)
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_WRAPPING = re.compile(
    r"^\s*(?:<!\[CDATA\[|<!--|//\s*<!\[CDATA\[)|(?:\]\]>|-->|//\s*\]\]>)\s*;?\s*$"
)
_TAGS = re.compile(r"<[^>]+>")


@dataclass(slots=True)
class Head:
    """The machine-readable side of one page; text is collapsed, addresses are as written."""

    metas: dict[str, list[str]] = field(default_factory=dict)
    """Contents by lower-case name, property or itemprop, in page order."""
    title: str = ""
    """Text of <title>."""
    objects: list[dict[str, Any]] = field(default_factory=list)
    """JSON-LD objects, graphs and arrays taken apart."""
    article: dict[str, Any] = field(default_factory=dict)
    """The JSON-LD object of the article; empty without one."""
    base: str | None = None
    """href of <base>."""
    language: str | None = None
    """lang of <html>."""
    canonical: str | None = None
    links: list[tuple[str, str, str]] = field(default_factory=list)
    """rel, href and type of each <link>."""

    def meta(self, *names: str) -> str | None:
        """Return the first content that is not empty under any of *names*, tried in order."""
        for name in names:
            for content in self.metas.get(name, ()):
                if content:
                    return content
        return None

    def meta_named(self, *names: str) -> tuple[str, str] | None:
        """Return the name and content of the first of *names* that has one."""
        for name in names:
            if content := self.meta(name):
                return name, content
        return None

    def text(self, key: str) -> str | None:
        """Return a JSON-LD property of the article as text, mark-up and escapes undone."""
        return as_text(self.article.get(key))


def as_text(value: Any) -> str | None:
    """Return the first text in a JSON-LD value: a string, the name of an object, or the first of a
    list.
    """
    for _ in range(5):
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            value = (
                value.get("name")
                or value.get("@value")
                or value.get("headline")
                or value.get("@id")
            )
    if not isinstance(value, str):
        return None
    return squeeze(_TAGS.sub("", html.unescape(value))) or None


def names_in(value: Any) -> list[tuple[str, str]]:
    """Return type and name of each person or organisation in a JSON-LD value."""
    out: list[tuple[str, str]] = []
    todo = [value]
    while todo and len(out) < 50:
        one = todo.pop(0)
        if isinstance(one, list):
            todo = [*one[:50], *todo]
        elif isinstance(one, dict):
            kind = one.get("@type")
            name = one.get("name")
            if isinstance(name, list):
                todo = [*name[:50], *todo]
            elif isinstance(name, str) and (text := squeeze(html.unescape(name))):
                out.append((kind if isinstance(kind, str) else "", text))
        elif isinstance(one, str) and (text := squeeze(html.unescape(one))):
            out.append(("", text))
    return out


def read_head(stated: Iterable[Stated], language: str | None) -> Head:
    """Return what the page says about itself; broken JSON-LD is left out."""
    head = Head(language=language)
    for element in stated:
        said = element.attributes
        if element.tag == "meta":
            content = squeeze(said.get("content") or said.get("value") or "")
            for attribute in ("name", "property", "itemprop", "http-equiv"):
                if name := said.get(attribute):
                    head.metas.setdefault(name.strip().lower(), []).append(content)
        elif element.tag == "link":
            rel, href = (said.get("rel") or "").lower(), (said.get("href") or "").strip()
            if rel and href:
                head.links.append((rel, href, (said.get("type") or "").lower()))
                if rel == "canonical" and head.canonical is None:
                    head.canonical = href
        elif element.tag == "base":
            head.base = head.base or (said.get("href") or "").strip() or None
        elif element.tag == "title":
            head.title = head.title or squeeze(element.text)
        elif "ld+json" in (said.get("type") or "").lower() and element.text:
            head.objects.extend(json_objects(element.text))
    head.article = _article_of(head.objects)
    return head


def json_objects(text: str) -> list[dict[str, Any]]:
    """Return the objects in a JSON-LD script, arrays and @graph taken apart; [] when it is
    broken.
    """
    return list(_objects(load_json(text)))


def load_json(text: str) -> Any:
    """Return what a JSON-LD script holds, common mistakes mended; None when it is broken."""
    if len(text) > MAX_JSON_BYTES:
        return None
    text = text.strip()
    if text[:1] not in ("{", "[") or text[-1:] not in ("}", "]"):
        text = _WRAPPING.sub("", _WRAPPING.sub("", text)).strip().rstrip(";")
    for is_mended in (False, True):
        attempt = _TRAILING_COMMA.sub(r"\1", text) if is_mended else text
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _objects(loaded: Any) -> Iterator[dict[str, Any]]:
    todo = [loaded]
    seen = 0
    while todo and seen < MAX_OBJECTS:
        one = todo.pop(0)
        seen += 1
        if isinstance(one, list):
            todo[:0] = one
        elif isinstance(one, dict):
            yield one
            for key in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart"):
                if isinstance(one.get(key), list | dict):
                    todo.append(one[key])


def types_of(one: dict[str, Any]) -> list[str]:
    """Return the @type of a JSON-LD object as a list, prefixes of the vocabulary cut off."""
    kinds = one.get("@type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return [kind.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for kind in listed if isinstance(kind, str)]


def _article_of(objects: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the object that describes the article: of an article's type, the one that says
    most.
    """
    best: dict[str, Any] = {}
    score = 0
    for one in objects:
        if not any(_ARTICLE_TYPES.search(kind) for kind in types_of(one)):
            continue
        said = sum(
            bool(one.get(key)) for key in ("headline", "datePublished", "author", "articleBody")
        )
        if said > score:
            best, score = one, said
    return best
