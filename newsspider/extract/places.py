"""Where on its page each value of an article stands: found again, from the value and what gave it.

Extraction keeps no places, since a crawl has no use for them; who asks where a value comes from
waits for a second pass.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain

from lxml import etree

from newsspider.dates import find_printed, parse_machine
from newsspider.errors import BadUrl
from newsspider.extract import images, related
from newsspider.extract.blocks import squeeze
from newsspider.extract.finder import QUOTED, Finder, Place, bare
from newsspider.extract.paths import Paths, common_ancestor
from newsspider.extract.survey import Page, Stage, survey
from newsspider.items import Article
from newsspider.urls import canonical_or_none, fetchable

AS = {
    "date_published_raw": "date_published",
    "date_published_precision": "date_published",
    "date_modified_precision": "date_modified",
    "body_html": "body",
}
"""Fields that stand where another one does."""
MACHINE_DATE = re.compile(r"\d{4}\D?\d\d\D?\d\d|\d{10,13}")


Places = Iterator[Place | None]


def find_places(given: Page, article: Article) -> dict[str, list[Place]]:
    """Return where the values of *article*, read from *given*, stand; never raises.

    A field that is made of no text of the page, or whose text is not found, is left out.
    """
    paths = Paths()
    try:
        surveyed = survey(given, Stage(), paths.note)
        finder = Finder(surveyed, given, article, paths)
        found = {name: _places(finder, name) for name in _HOW}
    except (ValueError, LookupError, etree.LxmlError, RecursionError):
        # As in extract(): what a page can break must not stop who asks.
        return {}
    found |= {name: found[other] for name, other in AS.items() if getattr(article, name)}
    return {name: places for name, places in found.items() if places}


def _places(finder: Finder, name: str) -> list[Place]:
    """Return the places of field *name*, none twice; [] when it has no value."""
    if not getattr(finder.article, name):
        return []
    return list(dict.fromkeys(place for place in _HOW[name](finder, name) if place))


def _text(finder: Finder, name: str) -> Places:
    """Yield the place of a field of one text."""
    value = getattr(finder.article, name)
    yield from _first(_stated(finder, name, value), map(finder.printed, (value,)))


def _stated(finder: Finder, name: str, value: str) -> Places:
    """Yield where the profile, meta elements and JSON-LD give *value*."""
    wanted = bare(value)

    def fits(text: str) -> bool:
        return wanted in bare(text)

    yield from finder.chosen(name)
    yield from finder.metas(name, fits)
    if "json-ld" in finder.by(name):
        yield from list(finder.json(name, fits))[:1]


def _title(finder: Finder, name: str) -> Places:
    headline = finder.scene.headline
    if headline and headline.block >= 0:
        yield finder.block(finder.scene.outline.blocks[headline.block], headline.text)
    elif finder.by(name) == "title":
        found = (element for element in finder.elements() if element.tag == "title")
        yield finder.place(next(found, None), finder.article.title or "")
    else:
        yield from _text(finder, name)


def _body(finder: Finder, _: str) -> Places:
    blocks = finder.scene.body.blocks
    inside = [finder.at_node(block.node) for block in blocks]
    around = common_ancestor(inside)
    if around is not None:
        yield finder.place(around, blocks[0].text, text=blocks[0].text)


def _date(finder: Finder, name: str) -> Places:
    moment: dt.datetime = getattr(finder.article, name)
    raw = finder.article.date_published_raw if name == "date_published" else None

    def fits(text: str) -> bool:
        if len(text) > 100 or not MACHINE_DATE.search(text):
            return False
        when = parse_machine(text, finder.scene.zone)
        return when is not None and abs((when.moment - moment).total_seconds()) < 86400

    by = finder.by(name)
    yield from finder.chosen(name)
    if "heuristic:" in by and raw and (place := finder.printed(raw)):
        yield place
    elif "heuristic:" in by:
        yield from _first(_shown(finder, moment), finder.attributes(fits))
    yield from finder.metas(name, fits)
    if "json-ld" in by:
        yield from list(finder.json(name, fits))[:1]


def _shown(finder: Finder, moment: dt.datetime) -> Places:
    """Yield the first line that prints *moment*."""
    scene = finder.scene
    for block in finder.blocks():
        if len(block.text) > QUOTED or not re.search(r"\d", block.text):
            continue
        text = " ".join(part.text for part in block.parts)
        found = find_printed(text, zone=scene.zone, now=scene.now, language=scene.language)
        if any(when.moment.date() == moment.date() for when in found):
            yield finder.block(block, "")
            return


def _people(finder: Finder, name: str) -> Places:
    for person in getattr(finder.article, name):
        raws = [credit.raw for credit in finder.article.credits if credit.name == person]
        yield from _first(_stated(finder, name, person), map(finder.printed, (*raws, person)))


def _source(finder: Finder, name: str) -> Places:
    value = finder.article.source or ""
    raws = [c.raw for c in finder.article.credits if c.role == "source" and c.name == value]
    yield from _first(_stated(finder, name, value), map(finder.printed, (*raws, value)))


def _credits(finder: Finder, _: str) -> Places:
    for credit in finder.article.credits:
        yield finder.printed(credit.raw or credit.name or "")


def _links(finder: Finder, name: str) -> Places:
    """Yield the link that a field of one address was taken from."""
    value = getattr(finder.article, name)
    yield from finder.chosen(name)
    yield next(finder.links(partial(_leads_to, value, finder.scene.base)), None)


def _canonical(finder: Finder, _: str) -> Places:
    value = finder.article.canonical_url
    found = finder.attributes(partial(_leads_to, value, finder.scene.base))
    heads = ("link", "meta")
    places = [place for place in found if place]
    named = [place for place in places if place.xpath.rpartition("/")[2].startswith(heads)]
    yield from (named or places)[:1]
    if not places and value:
        yield finder.printed(value)


def _breadcrumbs(finder: Finder, _: str) -> Places:
    for crumb in finder.article.breadcrumbs:
        yield next(finder.labels(crumb.name), None)


def _section(finder: Finder, name: str) -> Places:
    value = finder.article.section or ""
    shown = chain(finder.labels(value), map(finder.printed, (value,)))
    yield from _first(_stated(finder, name, value), shown)


def _words(finder: Finder, name: str) -> Places:
    for word in finder.article.keywords:
        yield from _first(_stated(finder, name, word), map(finder.printed, (word,)))


def _images(finder: Finder, _: str) -> Places:
    known = {image.url: picture for image, picture in images.pictured(finder.scene)}
    for image in finder.article.images:
        picture = known.get(image.url)
        if picture is None:
            continue
        element = finder.by_order[picture.order]
        last = image.url.rpartition("/")[2]
        names = [str(key) for key, text in element.items() if last and last in str(text)]
        yield finder.place(element, last, attribute=names[0] if names else None)


def _related(finder: Finder, _: str) -> Places:
    wanted = {(item.url, item.title) for item in finder.article.related}
    for one in finder.scene.lists:
        items = related.items_of(finder.scene, one)
        if any((item.url, item.title) in wanted for item in items):
            element = finder.at_node(one.container)
            yield finder.place(element, items[0].title, text=one.heading or items[0].title)


_HOW: dict[str, Callable[[Finder, str], Places]] = {
    **dict.fromkeys(("kicker", "subtitle", "dateline", "description"), _text),
    **dict.fromkeys(("date_published", "date_modified"), _date),
    **dict.fromkeys(("authors", "editors"), _people),
    **dict.fromkeys(("source_url", "next_page"), _links),
    "title": _title,
    "body": _body,
    "source": _source,
    "credits": _credits,
    "canonical_url": _canonical,
    "breadcrumbs": _breadcrumbs,
    "section": _section,
    "keywords": _words,
    "images": _images,
    "related": _related,
}


def _first(found: Iterable[Place | None], otherwise: Iterable[Place | None]) -> Places:
    """Yield *found*; where there is none, the first of *otherwise*, looked for only then."""
    places = [place for place in found if place]
    if places:
        yield from places
        return
    yield next((place for place in otherwise if place), None)


def _leads_to(url: str | None, base: str | None, href: str) -> bool:
    """Tell whether *href* is the address *url*, as written or canonical."""
    if canonical_or_none(squeeze(href) or None, base) == url:
        return True
    try:
        return fetchable(href, base) == url
    except BadUrl:
        return False
