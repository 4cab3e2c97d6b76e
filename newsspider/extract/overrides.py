"""The last word on an article: values of the profile's selectors, and the provenance of every
field.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from newsspider.dates import find_printed, parse_machine, parse_printed
from newsspider.errors import BadUrl
from newsspider.extract import chosen, images, related
from newsspider.extract import credits as printed
from newsspider.extract.blocks import squeeze
from newsspider.extract.survey import Page, Surveyed
from newsspider.items import Article, Image, RelatedItem
from newsspider.urls import fetchable

Values = dict[str, Any]
"""Fields of Article by name."""


def apply(article: Article, provenance: dict[str, str], surveyed: Surveyed, given: Page) -> Article:
    """Return *article* with what the profile picks, and with provenance for each field that has a
    value.
    """
    by = _generic(article, surveyed) | provenance | surveyed.by_profile
    values: Values = {}
    for name in given.profile.fields if given.profile else ():
        if name in ("title", "body"):
            continue
        if found := _CHOSEN[name](surveyed, given, name):
            values.update(found)
            by |= {field: f"profile:{name}" for field in found if field in _OWN.get(name, (name,))}
        else:
            surveyed.missed.append(name)
    article = replace(article, **values)
    if article.date_published is None:
        by.pop("date_published", None)
    if surveyed.missed:
        by["missed"] = ",".join(surveyed.missed)
    return replace(article, provenance=by)


_OWN = {"source": ("source", "source_url"), "date_published": ("date_published",)}


def _generic(article: Article, surveyed: Surveyed) -> dict[str, str]:
    """Return the provenance of what the generic rules gave and did not name themselves."""
    scene = surveyed.scene
    by: dict[str, str] = {}
    if scene.headline:
        by["title"] = scene.headline.by
    if article.body:
        by["body"] = "heuristic:region"
    if article.dateline:
        by["dateline"] = "heuristic:opening"
    if article.credits:
        by["credits"] = "label"
    if article.images:
        by["images"] = "heuristic:region"
    if article.related:
        by["related"] = "heuristic:lists"
    if article.language:
        by["language"] = "heuristic:text"
    if article.next_page:
        by["next_page"] = "heuristic:pager"
    if article.canonical_url:
        by["canonical_url"] = "page"
    decoded = surveyed.decoded
    by["encoding"] = decoded.used + (f" (declared {decoded.declared})" if decoded.declared else "")
    if surveyed.scene.outline.is_cut:
        by["cut"] = "too large"
    return by


def _text(surveyed: Surveyed, given: Page, name: str) -> Values:
    texts = chosen.texts(surveyed.root, given.profile, name)
    return {name: texts[0]} if texts else {}


def _words(surveyed: Surveyed, given: Page, name: str) -> Values:
    texts = chosen.texts(surveyed.root, given.profile, name)
    words = [word for text in texts for word in re.split(r"[,，;；、|]", text)]
    kept = tuple(dict.fromkeys(squeeze(word) for word in words if squeeze(word)))
    return {name: kept} if kept else {}


def _date(surveyed: Surveyed, given: Page, name: str) -> Values:
    scene = surveyed.scene
    for text in chosen.texts(surveyed.root, given.profile, name):
        when = parse_printed(text, zone=scene.zone, now=scene.now, language=scene.language)
        if when is None:
            found = find_printed(text, zone=scene.zone, now=scene.now, language=scene.language)
            when = found[0] if found else parse_machine(text, scene.zone)
        if when is not None:
            return {
                "date_published": when.moment,
                "date_published_raw": when.raw,
                "date_published_precision": when.precision,
            }
    return {}


def _source(surveyed: Surveyed, given: Page, name: str) -> Values:
    for text in chosen.texts(surveyed.root, given.profile, name):
        value = printed.source_of(printed.parse_field_line(text))
        if value or not re.search(r"[:：]\s*$", text):
            return {"source": value or text}
    return {}


def _people(surveyed: Surveyed, given: Page, name: str) -> Values:
    """Return authors or editors: from a labelled line, else the names in the text."""
    derive = printed.authors_of if name == "authors" else printed.editors_of
    names: list[str] = []
    for text in chosen.texts(surveyed.root, given.profile, name):
        labelled = printed.parse_field_line(text)
        names += derive(labelled) if labelled else printed.split_names(text)
    return {name: tuple(dict.fromkeys(names))} if names else {}


def _next_page(surveyed: Surveyed, given: Page, name: str) -> Values:
    for element in chosen.elements(surveyed.root, given.profile, name):
        try:
            return {name: fetchable(element.get("href") or "", surveyed.scene.base)}
        except BadUrl:
            continue
    return {}


def _images(surveyed: Surveyed, given: Page, name: str) -> Values:
    wanted = chosen.orders(surveyed.root, given.profile, name, inside=True)
    found: list[Image] = [
        image for image, picture in images.pictured(surveyed.scene) if picture.order in wanted
    ]
    return {name: tuple(found)} if found else {}


def _related(surveyed: Surveyed, given: Page, name: str) -> Values:
    """Return the entries of the lists inside the chosen elements."""
    wanted = chosen.orders(surveyed.root, given.profile, name)
    scene = surveyed.scene
    found: list[RelatedItem] = []
    for one in scene.lists:
        entries = [item.node for item in one.items if item.node >= 0]
        places = [*scene.outline.ancestors(one.container), *entries]
        if any(scene.outline.nodes[at].order in wanted for at in places):
            found.extend(related.items_of(scene, one))
    return {name: tuple(found)} if found else {}


_CHOSEN: dict[str, Callable[[Surveyed, Page, str], Values]] = {
    "kicker": _text,
    "subtitle": _text,
    "section": _text,
    "description": _text,
    "keywords": _words,
    "date_published": _date,
    "source": _source,
    "authors": _people,
    "editors": _people,
    "next_page": _next_page,
    "images": _images,
    "related": _related,
}
