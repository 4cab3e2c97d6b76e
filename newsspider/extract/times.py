"""When the article was published: the printed time, with metadata as a witness that may only
agree.
"""

import datetime as dt
import re
from dataclasses import dataclass

from newsspider.dates import When, date_in_url, find_printed, parse_machine
from newsspider.extract import hints
from newsspider.extract.scene import Scene
from newsspider.items import Precision

MAX_LINE_BYTES = 400
_TODAY = "今天是"
"""Opens the line that greets the reader with the day of the visit."""
_RELATIVE = re.compile(
    r"前|刚|昨|今天|今日|ago|now|today|yesterday|heute|gestern|vor |hace|il y a|hier|oggi|ieri",
    re.I,
)
_LABEL = re.compile(
    r"时间|時間|日期|发布|發佈|發布|发表|发稿|published|posted|date|veröffentlicht|publié|"
    r"publicado|stand:",
    re.I,
)
"""A line of fields is short; times inside prose are not the article's own."""
_RANK = {"day": 0, "minute": 1, "second": 2}
_PUBLISHED = (
    "article:published_time",
    "og:published_time",
    "pubdate",
    "publishdate",
    "publish_date",
    "datepublished",
    "date",
    "article.published",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "dcterms.date",
    "publish-date",
    "published_time",
    "og:pubdate",
    "publication_date",
    "article:published",
    "cxenseparse:recs:publishtime",
    "rnews:datepublished",
    "created",
    "article_date_original",
    "originalpublicationdate",
    "releasedate",
    "og:release_date",
    "bt:pubdate",
    "weibo: article:create_at",
    "apub:time",
    "firstcreatetime",
    "time",
    "analyticsattributes.articledate",
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
    "dc.date.modified",
    "dateupdate",
    "updatedate",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A time and what gave it."""

    when: When
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Publication and modification of an article."""

    published: Stated | None = None
    modified: Stated | None = None
    raw: str | None = None


def find_times(scene: Scene) -> Times:
    """Return when the article was published and changed, as far as the page says."""
    stated = _machine(scene, _PUBLISHED, "datePublished", "dateCreated", "uploadDate")
    updates = _machine(scene, _MODIFIED, "dateModified")
    # A printed time without a year is read as of the metadata where the moment of the fetch is
    # unknown.
    witness = next((one.when.moment for one in [*stated, *updates]), None)
    now = scene.now or (witness + dt.timedelta(days=1) if witness else None)
    printed = _printed(scene, now)
    shown = next((p for p in printed if not p.when.modified), None)
    changed = next((p for p in printed if p.when.modified), None)
    published = _agreed(scene, shown, stated) if shown else (stated[0] if stated else None)
    if published is shown and stated and not scene.zone_known:
        # On whose clock a foreign page prints is unknown: where its metadata differs, that has an
        # offset.
        published = stated[0]
    if published is None and changed is not None:
        published = _agreed(scene, changed, stated)
    if published is None and scene.url and (day := date_in_url(scene.url)):
        moment = dt.datetime.combine(day, dt.time(), scene.zone)
        published = Stated(when=When(moment=moment, precision="day", raw=day.isoformat()), by="url")
    modified = changed or (updates[0] if updates else None)
    return Times(published=published, modified=modified, raw=shown.when.raw if shown else None)


def _machine(scene: Scene, names: tuple[str, ...], *keys: str) -> list[Stated]:
    """Return the times that JSON-LD, then meta elements state, the most trusted first."""
    out = []
    for key in keys:
        if (text := scene.head.text(key)) and (when := parse_machine(text, scene.zone)):
            out.append(Stated(when=when, by="json-ld"))
    for name in names:
        for text in scene.head.metas.get(name, ())[:3]:
            if text and (when := parse_machine(text, scene.zone)):
                out.append(Stated(when=when, by=f"meta:{name}"))
    return out


def _printed(scene: Scene, now: dt.datetime | None) -> list[Stated]:
    """Return the times printed around the headline, nearest first; of the rest of the page only
    labelled lines.
    """
    first, last = scene.body_span
    title = scene.title_block
    blocks = scene.outline.blocks
    near = range(max(0, title + 1), first) if title >= 0 else range(max(0, first - 12), first)
    order = [*near, *range(title - 1, max(-1, title - 8), -1)] if title >= 0 else [*reversed(near)]
    order += [*range(first, min(first + 2, last)), *range(last, min(last + 16, len(blocks)))]
    out: list[Stated] = []
    for position in order:
        block = blocks[position]
        role = scene.roles[block.node]
        if scene.listed[position] or block.size > MAX_LINE_BYTES:
            continue
        if role & (hints.COMMENT | hints.RELATED | hints.FOOTER | hints.NAV | hints.AD):
            continue
        if first <= position < last and block.size > 120:
            continue
        if role & hints.CAPTION or _TODAY in block.text:
            continue
        if position >= last and not _LABEL.search(block.text):
            continue
        text = " ".join(part.text for part in block.parts)
        found = find_printed(text, zone=scene.zone, now=now, language=scene.language)
        if scene.now is None:
            found = [when for when in found if not _RELATIVE.search(when.raw)]
        out.extend(Stated(when=when, by=f"heuristic:{block.tag}") for when in found[:3])
        if any(not when.modified for when in found):
            break
    return out


def _agreed(scene: Scene, shown: Stated, stated: list[Stated]) -> Stated:
    """Return the printed time, made finer by a machine time that agrees with all that is
    printed.
    """
    best = shown
    for other in stated:
        finer = _finer(scene, shown.when, other.when)
        if finer is not None and _RANK[finer.precision] >= _RANK[best.when.precision]:
            return Stated(
                when=finer,
                by=f"{shown.by} {other.by}" if finer.moment != shown.when.moment else shown.by,
            )
    return best


def _finer(scene: Scene, shown: When, other: When) -> When | None:
    """Return *shown* with what *other* adds, or None where they disagree.

    Metadata may be in UTC, or local and called UTC: either reading may agree with what is printed.
    """
    zone = shown.moment.tzinfo
    local = other.moment.astimezone(zone)
    wall = other.moment.replace(tzinfo=zone)
    precision: Precision = other.precision
    for reading in (local, wall):
        if other.precision == "day":
            continue
        same_day = reading.date() == shown.moment.date()
        if shown.precision == "day" and same_day:
            if not scene.zone_known:
                reading = other.moment
            return When(moment=reading, precision=precision, raw=shown.raw)
        if same_day and reading.replace(second=0, microsecond=0) == shown.moment.replace(
            second=0, microsecond=0
        ):
            if shown.precision == "second":
                return (
                    shown
                    if scene.zone_known
                    else When(moment=other.moment, precision="second", raw=shown.raw)
                )
            if not scene.zone_known:
                reading = other.moment
            return When(moment=reading, precision=precision, raw=shown.raw)
    if not scene.zone_known and other.precision != "day" and shown.precision != "day":
        return _same_instant(shown, other)
    return None


def _same_instant(shown: When, other: When) -> When | None:
    """Return the instant of *other* on the clock of *shown*, whose zone is unknown; None when no
    zone fits.
    """
    wall = shown.moment.replace(tzinfo=dt.UTC)
    instant = other.moment.astimezone(dt.UTC)
    gap = wall - instant.replace(second=wall.second, microsecond=0)
    minutes = gap.total_seconds() / 60
    if minutes % 30 or not -12 * 60 <= minutes <= 14 * 60:
        return None
    return When(
        moment=instant.astimezone(dt.timezone(gap)), precision=other.precision, raw=shown.raw
    )
