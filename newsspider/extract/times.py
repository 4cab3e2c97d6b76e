"""When the article was published: the printed time, with metadata as a witness that may only
agree.
"""

import dataclasses
import datetime as dt
import re
from dataclasses import dataclass

from newsspider.dates import When, date_in_url, find_printed, parse_machine, parse_printed
from newsspider.extract import clues, hints
from newsspider.extract.blocks import Block
from newsspider.extract.scene import Scene
from newsspider.items import Precision

MAX_LINE_BYTES = 400
MAX_ALONE_BYTES = 120
MAX_SHORT_BYTES = 36
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
    said_by_head = bool(stated)
    if not stated:
        marks = _marked(scene)
        stated += [one for one in marks if not one.when.modified]
        updates += [one for one in marks if one.when.modified]
    published = _agreed(scene, shown, stated) if shown else (stated[0] if stated else None)
    if published is shown and said_by_head and not scene.zone_known:
        # On whose clock a foreign page prints is unknown: where its metadata differs, that has an
        # offset.
        published = stated[0]
    if published is None:
        published = _last_resort(scene, now, changed)
    modified = changed or (updates[0] if updates else None)
    published, modified = _on_the_clock_of(scene, published), _on_the_clock_of(scene, modified)
    return Times(published=published, modified=modified, raw=shown.when.raw if shown else None)


def _on_the_clock_of(scene: Scene, stated: Stated | None) -> Stated | None:
    """Return a time that is given in UTC in the zone of the page, as far as that can be told."""
    if stated is None or stated.when.precision == "day" or stated.when.moment.utcoffset():
        return stated
    moment = stated.when.moment.astimezone(scene.zone)
    return Stated(when=dataclasses.replace(stated.when, moment=moment), by=stated.by)


def _last_resort(scene: Scene, now: dt.datetime | None, changed: Stated | None) -> Stated | None:
    """Return a time of publication from where it is seldom stated: anywhere on the page, beside
    the word for a change, in the address, in other data.
    """
    anywhere = _printed_anywhere(scene, now)
    if anywhere is not None and not anywhere.when.modified:
        return anywhere
    if (when := clues.stated_elsewhere(scene)) is not None:
        return Stated(when=when, by="heuristic:data")
    if scene.url and (day := date_in_url(scene.url)):
        moment = dt.datetime.combine(day, dt.time(), scene.zone)
        return Stated(when=When(moment=moment, precision="day", raw=day.isoformat()), by="url")
    return changed or anywhere


def _marked(scene: Scene) -> list[Stated]:
    """Return the times in attributes of elements of the article."""
    return [
        Stated(when=dataclasses.replace(when, modified=changed), by="heuristic:time")
        for when, changed in clues.marked(scene)
    ]


def _printed_anywhere(scene: Scene, now: dt.datetime | None) -> Stated | None:
    """Return the time of the first short line, above the text and then below, that is little else
    than a time, or says what time it is.
    """
    first, last = scene.body_span
    blocks = scene.outline.blocks
    changed: Stated | None = None
    for position in [*range(first - 1, -1, -1), *range(first, len(blocks))]:
        block = blocks[position]
        if block.size > MAX_ALONE_BYTES or scene.listed[position] or _TODAY in block.text:
            continue
        if scene.roles[block.node] & (clues.FOREIGN & ~hints.FOOTER):
            continue
        named = _LABEL.search(block.text)
        if not named and (first <= position < last or scene.roles[block.node] & hints.FOOTER):
            continue
        text = " ".join(part.text for part in block.parts)
        for when in find_printed(text, zone=scene.zone, now=now, language=scene.language)[:1]:
            if not named and 3 * len(when.raw) < len(block.text):
                continue
            one = Stated(when=when, by=f"heuristic:{block.tag}")
            if not when.modified:
                return one
            changed = changed or one
    return changed


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
    order += [*range(first, min(first + 6, last)), *range(last, min(last + 16, len(blocks)))]
    out: list[Stated] = []
    for position in order:
        block = blocks[position]
        if not _may_tell(scene, block, first, last):
            continue
        text = " ".join(part.text for part in block.parts)
        found = find_printed(text, zone=scene.zone, now=now, language=scene.language)
        if not found and block.size <= MAX_SHORT_BYTES:
            alone = parse_printed(text, zone=scene.zone, now=now, language=scene.language)
            found = [alone] if alone else []
        if first <= position < last and not any(3 * len(w.raw) >= len(block.text) for w in found):
            # Inside the text only a line that is little else than a time is not prose.
            found = found if position < first + 2 else []
        if scene.now is None:
            found = [when for when in found if not _RELATIVE.search(when.raw)]
        out.extend(Stated(when=when, by=f"heuristic:{block.tag}") for when in found[:3])
        if any(not when.modified for when in found):
            break
    return out


def _may_tell(scene: Scene, block: Block, first: int, last: int) -> bool:
    """Tell whether a line around the headline may hold the article's time. *first* and *last* are
    the span of the text.
    """
    position, title = block.position, scene.title_block
    if block.size > MAX_LINE_BYTES or _TODAY in block.text:
        return False
    # A line of date, author and tags right below the headline has the shape of a list of links.
    if scene.listed[position] and (block.item or not title < position <= min(title + 3, first)):
        return False
    # Between headline and text the names of boxes count for little: flex-row-related, footer.
    foreign = hints.COMMENT | hints.AD
    if position < title:
        foreign |= hints.NAV
    if not title - 3 <= position < first + 6:
        foreign |= hints.RELATED | hints.FOOTER | hints.NAV
    if scene.roles[block.node] & foreign:
        return False
    if first + 2 <= position < last:
        return block.size <= MAX_SHORT_BYTES or (
            block.size <= MAX_ALONE_BYTES and bool(scene.roles[block.node] & hints.META)
        )
    if first <= position < last:
        return block.size <= MAX_ALONE_BYTES
    if position >= last:
        return bool(_LABEL.search(block.text))
    return not (scene.roles[block.node] & hints.CAPTION and position < first - 4)


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
