"""Lines of a page that print a time: around the headline, behind the text, and anywhere at all."""

import dataclasses
import datetime as dt
import re
from itertools import islice

from newsspider.dates import MODIFIED, When, find_printed, parse_printed
from newsspider.dates.printed import ANY_DAY
from newsspider.extract import clues, hints
from newsspider.extract.blocks import Block
from newsspider.extract.phrases import Phrases
from newsspider.extract.scene import Scene
from newsspider.extract.stated import Stated

MAX_LINE_BYTES = 400
"""A line of fields is short; times inside prose are not the article's own."""
MAX_ALONE_BYTES = 120
MAX_SHORT_BYTES = 36
MAX_OPENING = 40
"""Characters before the day that a paragraph opens with: a place, a bracket."""
OPENINGS, MAX_OPENINGS = 3, 8
"""Paragraphs that may open with a day, among so many blocks with headings and bylines."""
_TODAY = "今天是"
"""Opens the line that greets the reader with the day of the visit."""
_RELATIVE = Phrases(
    r"前|刚|昨|今天|今日|ago|now|today|yesterday|heute|gestern|vor |hace|il y a|hier|oggi|ieri",
    needs="前|刚|昨|今|ago|now|day|heute|gestern|vor |hace|il y a|hier|oggi|ieri",
)
_LABEL = Phrases(
    r"时间|時間|日期|发布|發佈|發布|发表|發表|发稿|published|posted|(?<![a-z])date|datum|"
    r"veröffentlicht|erschienen|erstellt|eingestellt|publié|paru|mis en ligne|publicad|publicación|"
    r"fecha|(?<![a-z])data(?: d|:)|pubblicat|gepubliceerd|geplaatst|opublikowan|dodano|publikov|"
    r"vydáno|опублік|опубликован|дата|размещен|yayın|tarih|eklenme|julkaistu|publisert|udgivet|"
    r"publicerad|δημοσι|közzétéve|publikálva|publicat|公開|掲載|投稿日|配信|입력|등록|게재|승인|작성|"
    r"đăng|diterbitkan|dipublikasikan|نشر|تاريخ|" + "|".join(map(re.escape, MODIFIED)),
    needs="时间|時間|日期|发布|發佈|發布|发表|發表|发稿|publi|pubbli|posted|dat|erschienen|erstellt|gestellt|"
    "paru|mis en ligne|fecha|gepubliceerd|geplaatst|opublik|dodano|vydáno|опублік|опубликован|"
    "дата|размещен|yay|tari|eklenme|julkaistu|udgivet|veröffentlicht|δημοσι|közzétéve|公開|掲載|"
    "投稿日|配信|입력|등록|게재|승인|작성|đăng|diterbitkan|نشر|تاريخ|" + "|".join(MODIFIED),
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_POSTED = Phrases(
    r"\b(?:entry|post|article|story) was (?:first |originally )?(?:posted|published|written)|"
    r"\b(?:beitrag|artikel|eintrag) wurde|\bwurde am\b|a été (?:publié|posté|mis en ligne)|"
    r"fue publicad|"
    r"(?:è|é) stato (?:pubblicato|inserito)|foi publicad|is geplaatst|został opublikowany",
    needs=" was |wurde|a été |publicad| stato |geplaatst|opublikowany",
)
"""Sentences of blogs that tell when and under what headings an entry was published."""
_NOT_YET = Phrases(
    r"next review|review due|valid until|expires?\b|gültig bis|copyright|©|截止|有效期|"
    r"\bsite (?:was )?(?:last )?(?:updated|modified)",
    needs="review|valid until|expire|gültig bis|copyright|©|截止|有效期|site ",
)
_MANUSCRIPT = re.compile(
    r"received|accepted|revised|submitted|eingereicht|收稿|录用|修回|接受", re.I
)
_MANUSCRIPT_LABEL = re.compile(
    r"(?:received|accepted|revised|submitted|eingereicht|(?:收稿|录用|修回|接受)(?:日期|时间)?)"
    r"(?: in revised form)?(?: on| am)?[\s:：]{0,3}$",
    re.I,
)
"""Days in the making of a paper, which its publication follows."""
_REFERENCE = re.compile(r"^\[?\d{1,3}[.\]]\s?\S|\bdoi\b|\bet al\b", re.I)
"""A line of the list of works that an article cites."""


def printed_near(scene: Scene, now: dt.datetime | None) -> list[Stated]:
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
        found = _times_in(text, scene, now)
        relative = scene.now is None and _RELATIVE.holds(text)
        if not found and block.size <= MAX_SHORT_BYTES and not relative:
            alone = parse_printed(text, zone=scene.zone, now=now, language=scene.language)
            found = [alone] if alone else []
        if first <= position < last and not any(3 * len(w.raw) >= len(block.text) for w in found):
            # Inside the text only a line that is little else than a time is not prose.
            found = found if position < first + 2 else []
        if scene.now is None:
            found = [when for when in found if not _RELATIVE.holds(when.raw)]
        if not found:
            continue
        by = f"heuristic:{block.tag}"
        role = scene.roles[block.node]
        beside = _is_beside(scene, block)
        out.extend(
            Stated(when=when, by=by, near=beside and _fill(found, block)) for when in found[:3]
        )
        told = position >= first or _LABEL.holds(block.text) or role & hints.META
        if any(not one.when.modified and (told or one.near) for one in out):
            break
    return sorted(out, key=lambda one: not one.near)


def _is_caption(scene: Scene, block: Block) -> bool:
    """Tell whether a line belongs to a picture; right below the headline only its element says so,
    since classes called caption are style there.
    """
    below = block.position == scene.title_block + 1 and block.tag != "figcaption"
    return bool(scene.roles[block.node] & hints.CAPTION) and not below


def _is_beside(scene: Scene, block: Block) -> bool:
    """Tell whether a line belongs to the headline: between it and the text, or among the first
    lines of the text, in a box that is named for a date.
    """
    if _is_caption(scene, block):
        return False
    first, title, role = scene.body_span[0], scene.title_block, scene.roles[block.node]
    if title < block.position < first:
        return True
    named = role & hints.META and not role & hints.RELATED
    return title >= 0 and bool(named) and first <= block.position < first + 6


def _times_in(text: str, scene: Scene, now: dt.datetime | None) -> list[When]:
    """Return the times printed in *text*; those without a year as of *now*, which a head may have
    told wrong, only where there is no other.
    """
    found = find_printed(text, zone=scene.zone, now=scene.now, language=scene.language)
    if not found and scene.now is not now:
        found = find_printed(text, zone=scene.zone, now=now, language=scene.language)
    if not found or not _MANUSCRIPT.search(text):
        return found
    return [when for when in found if not _MANUSCRIPT_LABEL.search(text.partition(when.raw)[0])]


def _fill(found: list[When], block: Block) -> bool:
    """Tell whether a line is little else than these times, which name their years."""
    share = 3 * sum(len(when.raw) for when in found)
    return share >= len(block.text) and all(_YEAR.search(when.raw) for when in found)


def _may_tell(scene: Scene, block: Block, first: int, last: int) -> bool:
    """Tell whether a line around the headline may hold the article's time. *first* and *last* are
    the span of the text.
    """
    position, title = block.position, scene.title_block
    if block.size > MAX_LINE_BYTES or _TODAY in block.text or _NOT_YET.holds(block.text):
        return False
    # A line of date, author and tags right below the headline has the shape of a list of links.
    if scene.listed[position] and (block.item or not title < position <= min(title + 3, first)):
        return False
    # Between headline and text the names of boxes count for little: flex-row-related, footer.
    foreign = hints.COMMENT | hints.AD
    if position < title and not (position >= title - 2 and _LABEL.holds(block.text)):
        foreign |= hints.NAV
    if not title - 3 <= position < first + 6:
        foreign |= hints.RELATED | hints.FOOTER | hints.NAV
    if scene.roles[block.node] & foreign:
        return False
    caption = _is_caption(scene, block)
    if first <= position < last and caption:
        return False
    if first + 2 <= position < last:
        return block.size <= MAX_SHORT_BYTES or (
            block.size <= MAX_ALONE_BYTES and bool(scene.roles[block.node] & hints.META)
        )
    if first <= position < last:
        return block.size <= MAX_ALONE_BYTES
    if position >= last:
        return _LABEL.holds(block.text) and not _REFERENCE.search(block.text)
    return not (caption and position < first - 4)


def printed_anywhere(scene: Scene, now: dt.datetime | None) -> Stated | None:
    """Return the time of the first short line, above the text and then below, that is little else
    than a time, or says what time it is.
    """
    first, last = scene.body_span
    blocks = scene.outline.blocks
    changed: Stated | None = None
    for position in [*range(first - 1, -1, -1), *range(first, len(blocks))]:
        block = blocks[position]
        # No line without a number or a word for a day holds a time: most are left out so.
        if not ANY_DAY.search(block.text):
            continue
        if not _may_stand_alone(scene, block, inside=first <= position < last):
            continue
        named = (
            _LABEL.holds(block.text)
            or scene.roles[block.node] & hints.META
            or _POSTED.holds(block.text)
        )
        text = " ".join(part.text for part in block.parts)
        for when in _times_in(text, scene, now)[:1]:
            if not named and 3 * len(when.raw) < len(block.text):
                continue
            one = Stated(when=when, by=f"heuristic:{block.tag}")
            if not when.modified:
                return one
            changed = changed or one
    return changed


def _may_stand_alone(scene: Scene, block: Block, *, inside: bool) -> bool:
    """Tell whether a line anywhere on the page may print the article's time; *inside* the text, and
    in footers, only with a label.
    """
    if block.size > MAX_LINE_BYTES or scene.listed[block.position] or _TODAY in block.text:
        return False
    if block.size > MAX_ALONE_BYTES and not _POSTED.holds(block.text):
        return False
    role = scene.roles[block.node]
    if role & (clues.FOREIGN & ~hints.FOOTER) or _NOT_YET.holds(block.text):
        return False
    if inside and _REFERENCE.search(block.text):
        return False
    foot = bool(role & hints.FOOTER) and not role & hints.META
    return not (inside or foot) or _LABEL.holds(block.text)


def opened_with(scene: Scene) -> Stated | None:
    """Return the day, with its year, that one of the first paragraphs opens with, perhaps behind a
    place, or that the title of the page begins or ends with; None in Chinese, whose datelines tell
    other days.
    """
    if (scene.language or "zh").startswith("zh"):
        return None
    running = (block for block in scene.body.blocks[:MAX_OPENINGS] if block.size > MAX_SHORT_BYTES)
    for block in islice(running, OPENINGS):
        text = block.text[: 2 * MAX_OPENING]
        found = find_printed(text, zone=scene.zone, now=scene.now, language=scene.language)
        if found and _opens(text, found[0]):
            return Stated(when=found[0], by="heuristic:opening")
    title = scene.head.title
    found = find_printed(title, zone=scene.zone, now=scene.now, language=scene.language)
    if len(found) == 1 and (title.startswith(found[0].raw) or title.endswith(found[0].raw)):
        return Stated(when=found[0], by="title")
    return None


def _opens(text: str, when: When) -> bool:
    """Tell whether *text* sets the time apart at its begin, as datelines do."""
    before, _, after = text.partition(when.raw)
    if len(before) > MAX_OPENING or re.search(r"[.!?;]\s", before):
        return False
    return before.strip(" (,") == "" or (before.rstrip()[-1] in ",(" and after[:1] in "),.:–-")


def marked(scene: Scene) -> list[Stated]:
    """Return the times in attributes of elements of the article."""
    return [
        Stated(when=dataclasses.replace(when, modified=changed), by="heuristic:time")
        for when, changed in clues.marked(scene)
    ]
