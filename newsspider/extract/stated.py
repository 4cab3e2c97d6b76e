"""The times that a head states, JSON-LD first, then meta elements, by how far they are believed."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from newsspider.dates import When, parse_machine
from newsspider.extract.scene import Scene

_PUBLISHED = (
    "article:published_time",
    "og:published_time",
    "og:article:published_time",
    "og:article:published",
    "pubdate",
    "publishdate",
    "publish_date",
    "datepublished",
    "article.published",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "publish-date",
    "published_time",
    "og:pubdate",
    "publication_date",
    "article:published",
    "cxenseparse:recs:publishtime",
    "rnews:datepublished",
    "article_date_original",
    "originalpublicationdate",
    "releasedate",
    "og:release_date",
    "bt:pubdate",
    "weibo: article:create_at",
    "apub:time",
    "firstcreatetime",
    "analyticsattributes.articledate",
)
# Content management systems fill these with the day of the last change, or of the visit.
_UNSURE = (
    "date",
    "dc.date",
    "dcterms.date",
    "dc.date.created",
    "dcterms.created",
    "created",
    "time",
)
_MODIFIED = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "lastmod",
    "last-modified",
    "dcterms.modified",
    "article:updated_time",
    "revised",
    "updated",
    "last-updated",
    "dc.date.modified",
    "og:article:modified_time",
    "dateupdate",
    "updatedate",
)
_LIKE_PUBLISHED = re.compile(
    r"publi(?:sh|cation)|pub_?-?(?:date|time)|upload|issued|posted|release"
)
_UNLIKE = re.compile(
    r"modif|updat|expir|until|valid|publisher|robots|section|event|start|end_|un-?publ"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A time and what gave it."""

    when: When
    by: str
    near: bool = False
    """Printed, with its year, in a line between headline and text that says little else."""


@dataclass(slots=True, kw_only=True)
class HeadTimes:
    """What a head states, each list with the most trusted first."""

    published: list[Stated] = field(default_factory=list)
    unsure: list[Stated] = field(default_factory=list)
    """Times that elements of so broad a name state that they may be anything."""
    modified: list[Stated] = field(default_factory=list)

    def witness(self) -> dt.datetime | None:
        """Return a moment that the article was there, None when the head states none."""
        every = [*self.published, *self.unsure, *self.modified]
        return every[0].when.moment if every else None


def head_times(scene: Scene) -> HeadTimes:
    """Return the times that the head states."""
    known = {*_PUBLISHED, *_UNSURE, *_MODIFIED}
    others = [
        name
        for name in scene.head.metas
        if name not in known and _LIKE_PUBLISHED.search(name) and not _UNLIKE.search(name)
    ]
    published = _in_json(scene, "datePublished", "dateCreated", "uploadDate")
    # An element that states several times is repeated for every item of a list.
    several = [name for name in _PUBLISHED if len({*scene.head.metas.get(name, ())} - {""}) > 1]
    single = [name for name in _PUBLISHED if name not in several]
    return HeadTimes(
        published=[*published, *_in_metas(scene, single)],
        unsure=_in_metas(scene, [*several, *others, *_UNSURE]),
        modified=[*_in_json(scene, "dateModified"), *_in_metas(scene, _MODIFIED)],
    )


def _in_json(scene: Scene, *keys: str) -> list[Stated]:
    texts = [scene.head.text(key) for key in keys]
    read = [parse_machine(text, scene.zone) for text in texts if text]
    return [Stated(when=when, by="json-ld") for when in read if when]


def _in_metas(scene: Scene, names: Iterable[str]) -> list[Stated]:
    out = []
    for name in names:
        for text in scene.head.metas.get(name, ())[:3]:
            if text and (when := parse_machine(text, scene.zone)):
                out.append(Stated(when=when, by=f"meta:{name}"))
    return out
