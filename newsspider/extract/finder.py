"""Searching one page for the places of values: lines, links, attributes, meta elements, JSON-LD."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from newsspider.extract.blocks import Block, squeeze
from newsspider.extract.metadata import as_text, load_json
from newsspider.extract.paths import Paths, leaves, value_at
from newsspider.extract.survey import Page, Surveyed
from newsspider.items import Article

QUOTED = 160
"""Characters of a quotation."""
LEAD = 24
"""Characters quoted before the value."""
ABOVE_TITLE = 8
"""Blocks above the headline where a search for printed values begins."""
LINKS = ("a", "area")
JSON_KEYS = {
    "title": ("headline", "name"),
    "date_published": ("datePublished", "dateCreated", "uploadDate"),
    "date_modified": ("dateModified",),
    "section": ("articleSection",),
    "description": ("description",),
    "keywords": ("keywords",),
    "authors": ("name", "author", "creator"),
    "canonical_url": ("url", "@id"),
}
"""The last key of a path in JSON-LD that may give a field, the likeliest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place on a page."""

    xpath: str
    """Of the element, in the tree that lxml's HTML parser makes of the page."""
    attribute: str | None = None
    """The attribute that holds the value; None: the text of the element does."""
    key: str | None = None
    """The key path within the JSON of the element, as `$.author[0].name`."""
    text: str = ""
    """What stands there: the value with what is around it, shortened."""


def text_at(root: etree._Element, place: Place) -> str | None:
    """Return all text at *place* in the tree of *root*; None when there is no such place."""
    try:
        found = root.xpath(place.xpath)
    except etree.XPathError:
        return None
    if not isinstance(found, list) or not found or not isinstance(found[0], etree._Element):
        return None
    element = found[0]
    if place.attribute:
        return element.get(place.attribute)
    text = "".join(map(str, element.itertext()))
    return value_at(load_json(text), place.key) if place.key else text


def bare(text: str) -> str:
    """Return *text* less everything that is not seen: what two forms of one text share."""
    return "".join(squeeze(text).split())


class Finder:
    """Looks for the values of one article on its page."""

    def __init__(self, surveyed: Surveyed, given: Page, article: Article, paths: Paths) -> None:
        self.surveyed = surveyed
        self.scene = surveyed.scene
        self.given = given
        self.article = article
        self.paths = paths
        root = surveyed.root
        self.by_order = [] if root is None else list(root.iter(etree.Element))
        """Elements of the tree that the outline was made from, as its nodes count them."""

    def by(self, name: str) -> str:
        """Return what gave field *name*."""
        return self.article.provenance.get(name, "")

    # -- kinds of places ---------------------------------------------------------------------------
    def place(
        self,
        element: etree._Element | None,
        value: str,
        *,
        text: str | None = None,
        attribute: str | None = None,
    ) -> Place | None:
        """Return the place *element* with *value* quoted out of *text*, else out of all of it."""
        path = self.paths.of(element) if element is not None else None
        if element is None or path is None:
            return None
        if attribute:
            text = element.get(attribute)
        elif text is None:
            text = " ".join(map(str, element.itertext()))
        return Place(xpath=path, attribute=attribute, text=quoted(text or "", value))

    def printed(self, value: str) -> Place | None:
        """Return the first line that holds *value*, those around the headline first."""
        wanted = bare(value)
        for block in self.blocks():
            if wanted and wanted in bare(block.text):
                return self.block(block, value)
        return None

    def blocks(self) -> Iterator[Block]:
        """Yield all lines, from a little above the headline on."""
        every = self.scene.outline.blocks
        start = max(0, self.scene.title_block - ABOVE_TITLE)
        yield from every[start:]
        yield from every[:start]

    def block(self, block: Block, value: str) -> Place | None:
        """Return *block* as a place."""
        return self.place(self.at_node(block.node), value, text=block.text)

    def at_node(self, node: int) -> etree._Element:
        """Return the element of a node of the outline."""
        return self.by_order[self.scene.outline.nodes[node].order]

    def elements(self) -> Iterator[etree._Element]:
        """Yield every element of the page."""
        yield from self.paths.elements()

    def attributes(self, fits: Callable[[str], bool]) -> Iterator[Place | None]:
        """Yield the attributes whose value *fits*."""
        for element in self.elements():
            for name, text in element.items():
                if fits(str(text)):
                    yield self.place(element, "", attribute=str(name))

    def metas(self, name: str, fits: Callable[[str], bool]) -> Iterator[Place | None]:
        """Yield the meta elements that gave field *name* and whose content *fits*."""
        wanted = {word.removeprefix("meta:") for word in _words(self.by(name)) if "meta:" in word}
        for element in self.elements() if wanted else ():
            if element.tag != "meta":
                continue
            names = (element.get(key) for key in ("name", "property", "itemprop", "http-equiv"))
            if wanted & {said.strip().lower() for said in names if said}:
                attribute = "content" if element.get("content") else "value"
                if fits(element.get(attribute) or ""):
                    yield self.place(element, "", attribute=attribute)

    def json(self, name: str, fits: Callable[[str], bool]) -> Iterator[Place]:
        """Yield the values in JSON-LD that fit, under the likeliest key first."""
        keys = JSON_KEYS.get(name, ())
        found: list[tuple[int, Place]] = []
        for element in self.elements():
            if element.tag != "script" or "ld+json" not in (element.get("type") or "").lower():
                continue
            path = self.paths.of(element)
            for at, text in leaves(load_json(element.text or "")):
                words = re.split(r"[.\[]", at)
                last = next((word for word in reversed(words) if not word.endswith("]")), "")
                if path and last in keys and fits(as_text(text) or ""):
                    place = Place(xpath=path, key=at, text=quoted(text, ""))
                    found.append((keys.index(last), place))
        yield from (place for _, place in sorted(found, key=lambda one: one[0]))

    def chosen(self, name: str) -> Iterator[Place | None]:
        """Yield what the profile's first matching selector of field *name* picks."""
        root = self.surveyed.root
        if not self.by(name).startswith("profile:") or not self.given.profile or root is None:
            return
        for xpath in self.given.profile.xpaths(self.by(name).removeprefix("profile:")):
            try:
                found = xpath(root)
            except etree.XPathError:
                continue
            for one in found if isinstance(found, list) else ():
                if isinstance(one, etree._Element):
                    yield self.place(one, "")
                elif isinstance(one, etree._ElementUnicodeResult):
                    yield self.place(
                        one.getparent(), "", attribute=str(one.attrname) if one.attrname else None
                    )
            if found:
                return

    def links(self, fits: Callable[[str], bool]) -> Iterator[Place | None]:
        """Yield the links whose address fits."""
        for element in self.elements():
            if element.tag in LINKS and fits(element.get("href") or ""):
                yield self.place(element, "", attribute="href")

    def labels(self, text: str) -> Iterator[Place | None]:
        """Yield the links that show *text*."""
        for element in self.elements():
            if element.tag == "a" and text in squeeze("".join(map(str, element.itertext()))):
                yield self.place(element, text)


def _words(by: str) -> list[str]:
    """Return what gave a value, one by one; the name in `meta:weibo: article:create_at` is one."""
    return re.split(r" (?=meta:|json-ld|heuristic:)", by)


def quoted(text: str, value: str) -> str:
    """Return *text*, white space collapsed, shortened around *value*."""
    text = squeeze(text)
    if len(text) <= QUOTED:
        return text
    at = max(0, text.find(squeeze(value)[:LEAD]) - LEAD)
    piece = text[at : at + QUOTED]
    return f"{'…' if at else ''}{piece}{'…' if at + QUOTED < len(text) else ''}"
