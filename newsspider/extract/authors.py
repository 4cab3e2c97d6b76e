"""Whom the head of a page gives as authors, and which of all names given are persons who wrote."""

import re

from newsspider.extract import credits as printed
from newsspider.extract.blocks import squeeze
from newsspider.extract.bylines import is_post, is_western_name
from newsspider.extract.metadata import names_in, types_of
from newsspider.extract.scene import Scene
from newsspider.extract.title import key_of, site_names

_AUTHOR_METAS = (
    "author",
    "article:author",
    "parsely-author",
    "dc.creator",
    "sailthru.author",
    "byl",
    "dcterms.creator",
    "og:article:author",
)
_CARDS = (("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2"))
_WRITTEN_BY = re.compile(
    r"(?:written|posted) by|author|verfasst von|geschrieben von|autor|écrit par|rédigé par|"
    r"escrito por|scritto da|geschreven door|napisane przez|автор|written|skriven av|skrevet av",
    re.I,
)
URL = re.compile(r"https?://|www\.|@")
_NOT_A_PERSON = re.compile(
    r"^(?:by|(?:[a-z]+ )?admin|administrator|publisher|.*(?:lesezeit|\bmin(?:uten?|utes?)?\b).*|"
    r"(?:our |the |community )?editors?|staff|redaktion|"
    r"root|unknown|none|null|undefined|webmaster|guest|no author|(?:keine|alle) .*|\d+|系统管理员|"
    r"管理员|佚名|未知|匿名|小编)$|_|\[at\]|\d{2}\.",
    re.I,
)
_BESIDE_NAME = re.compile(
    r"^(?:(?:(?:analysis|commentary|opinion|perspective|reported|review|story|words|written)\s+)?by|"
    r"von|par|por|autor(?:in)?:?|author:?|interview:?|über|about|text:)\s+|\s*\([^()]{1,12}\)$|"
    r",?\s+Ph\.?D\.?$",
    re.I,
)
_DEGREE = re.compile(
    r"(?:[MR]\.?D\.?N?|M\.?S\.?c?|Ph\.?D\.?|CFP®?|PSP|CPP|M\.?P\.?H\.?|DDS|RN|CPA|J\.?D\.?|MBA|LCSW|"
    r"P\.?E\.?|D\.?O\.?|[BM]\.?A\.?)"
)
_PLACE_BEHIND = re.compile(r"(?<=\w)\s[-–—]\s\S+$")
_POST_BEHIND = re.compile(
    r".*\b(?:writer|editor(?:-at-large)?|correspondent|reporter|columnist|contributor|analyst|"
    r"specialist|expert|producer|journalist|CEO(?: of .+)?|(?:co-)?founder(?: of .+)?)",
    re.I,
)
"""The post of the person before it, where names are parted by commas."""
_COMPANY = re.compile(
    r"\b(?:GmbH|Inc|Ltd|LLC|Corp|S\.p\.A|S\.r\.l|B\.V|& Co|Verlag)\b|株式会社|有限公司"
)
_AND = re.compile(r"\s+(?:&|and|und|og|och|et|и)\s+")

Stated = list[tuple[str, list[str]]]
"""Names, with what gave them."""


def stated_authors(scene: Scene, chinese: bool) -> tuple[Stated, Stated]:
    """Return the persons, and the organisations, that the head gives as authors, with what gave
    them.
    """
    people = names_in(scene.head.article.get("author") or scene.head.article.get("creator"))
    organisations = [name for kind, name in people if kind == "Organization"]
    named = [_PLACE_BEHIND.sub("", name) for kind, name in people if kind != "Organization"]
    told: Stated = [("json-ld", named)]
    if chinese:
        # There the element names the editor, the portal, or a number as often as an author.
        return told, []
    for name in _AUTHOR_METAS:
        contents = [
            _PLACE_BEHIND.sub("", c)
            for c in scene.head.metas.get(name, ())
            # Behind a firm stand the parts of its address.
            if c and not URL.search(c) and not _COMPANY.search(c)
        ]
        told.append((f"meta:{name}", [n for c in contents for n in printed.split_names(c) or [c]]))
    # What a link to the page looks like elsewhere: "Written by", then who.
    for label, name in _CARDS:
        if _WRITTEN_BY.fullmatch(scene.head.meta(label) or ""):
            contents = [c for c in scene.head.metas.get(name, ()) if c and not URL.search(c)]
            told.append((f"meta:{name}", contents))
    return told, [("json-ld", organisations)]


def persons(
    scene: Scene, names: list[str], by: str, *, source: str | None, editors: list[str]
) -> list[str]:
    """Return *names* less addresses, placeholders, editors and the portal itself, none twice.

    A name that signs the article counts although the site is called by it, as blogs are.
    """
    foreign = {key_of(source or "")}
    if by == "json-ld":
        foreign |= site_names(scene.head) - _bloggers(scene)
    elif by == "label" or by.startswith("meta:"):
        foreign |= site_names(scene.head)
    out: list[str] = []
    for one in [person for name in names for person in _several(name)]:
        name = squeeze(_BESIDE_NAME.sub("", one))
        if not name or len(name) > 80 or URL.search(name) or _NOT_A_PERSON.search(name):
            continue
        if name in out or name in editors or key_of(name) in foreign:
            continue
        if by == "label" and name.islower() and name.isascii():
            continue
        if out and (_DEGREE.fullmatch(name) or _POST_BEHIND.fullmatch(name)):
            continue
        if is_post(name) or _COMPANY.search(name):
            continue
        out.append(name)
    return out


def _bloggers(scene: Scene) -> set[str]:
    """Return the keys of the persons whom JSON-LD gives as authors: blogs are called by the name of
    who writes them, papers are not.
    """
    if any("NewsArticle" in kind for kind in types_of(scene.head.article)):
        return set()
    people = names_in(scene.head.article.get("author"))
    return {key_of(name) for kind, name in people if kind == "Person" and is_western_name(name)}


def _several(name: str) -> list[str]:
    """Return the persons in a name that a head gives as one: `A og B`."""
    parts = _AND.split(name)
    return parts if len(parts) > 1 and all(part[:1].isupper() for part in parts) else [name]
