"""The sample portal's articles as data, read from articles/*/*.toml. No HTML, no HTTP."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any, Literal

Charset = Literal["meta", "header", "none", "gbk-called-utf8", "utf8-called-gb2312"]
BlockKind = Literal["paragraph", "subhead", "item", "quote", "row", "image"]

HERE = Path(__file__).parent
CHINA = timezone(timedelta(hours=8))
EPOCH = datetime(2025, 9, 15, 18, 0, tzinfo=CHINA)
"""The moment of the first visit; the second one is a day later."""
TEXT_KEYS = (
    "title",
    "kicker",
    "subtitle",
    "dateline",
    "signed",
    "keywords",
    "language",
    "body",
)
"""What a reprint takes over from its original, unless it has its own."""
MARKS: dict[str, BlockKind] = {"## ": "subhead", "- ": "item", "> ": "quote", "| ": "row"}
IMAGE = re.compile(r"!\[(?P<caption>.*)\]\((?P<number>\d+)\)")
PHOTOGRAPHER = re.compile(r"([^\s。，（(/]+)\s*/?\s*(?:摄|供图)$")
PAGE_BREAK = "----"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of an article's text."""

    kind: BlockKind
    text: str
    """With its **strong** marks; of an image the caption, of a row its cells joined by tabs."""
    cells: tuple[str, ...] = ()
    number: int = 0
    """Of an image, within its article from 1."""

    @property
    def plain(self) -> str:
        """The text as a reader sees it."""
        return self.text.replace("**", "")

    @property
    def photographer(self) -> str | None:
        """Who took the picture, where the caption ends in 某某 摄 or 某某供图."""
        found = PHOTOGRAPHER.search(self.text) if self.kind == "image" else None
        return found[1] if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article of the portal, as it stands on one visit."""

    id: int
    slug: str
    section: str
    template: str
    title: str
    published: datetime
    pages: tuple[tuple[Block, ...], ...]
    day_only: bool = False
    """The page prints no clock."""
    kicker: str | None = None
    subtitle: str | None = None
    declared: datetime | None = None
    """What the page's metadata claim, where that is not the printed time."""
    modified: datetime | None = None
    source: str | None = None
    source_link: str | None = None
    editors: tuple[str, ...] = ()
    author_line: tuple[str, ...] = ()
    """Authors named in a line of their own beside the date."""
    signed: tuple[str, ...] = ()
    """Authors named inside the text: in the dateline or the closing brackets."""
    dateline: str | None = None
    keywords: tuple[str, ...] = ()
    language: str = "zh-Hans"
    charset: Charset = "meta"
    wap: bool = False
    """An old mobile twin is served too."""
    visit: int = 1
    """The visit on which it first stands on the portal."""
    status: Literal["live", "gone"] = "live"
    edit: str | None = None
    """What the publisher changed before the second visit; None when nothing, or not yet."""
    reprint_of: int | None = None

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks of all pages."""
        return tuple(block for page in self.pages for block in page)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The text without captions: what `body` holds, line by line."""
        return tuple(block.plain for block in self.blocks if block.kind != "image")

    @property
    def lead(self) -> str:
        """The first paragraph."""
        return self.paragraphs[0]

    @property
    def is_chinese(self) -> bool:
        """Tell whether labels and headings of its page are Chinese."""
        return self.language.startswith("zh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A channel of the portal."""

    slug: str
    name: str
    style: str
    """How its list pages look, and how they are numbered: see lists.STYLES."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What every page of the portal says about the portal."""

    name: str
    english_name: str
    motto: str
    licence: str
    security: str
    permit: str
    telephone: str
    hot: tuple[tuple[int, ...], ...]
    """Article ids of the hot list, per visit."""
    comments: tuple[tuple[str, str], ...]
    """Reader and text."""
    sections: tuple[Section, ...]


@cache
def imprint() -> Imprint:
    """Return the portal's own data."""
    data = tomllib.loads((HERE / "portal.toml").read_text("utf-8"))
    return Imprint(
        **{key: data[key] for key in data.keys() - {"hot", "comments", "sections"}},
        hot=tuple(map(tuple, data["hot"])),
        comments=tuple((reader, text) for reader, text in data["comments"]),
        sections=tuple(Section(**section) for section in data["sections"]),
    )


@cache
def stories(visit: int) -> tuple[Story, ...]:
    """Return every article published up to *visit* (1 or 2), newest first, gone ones included."""
    raw = _raw_articles()
    found = (_story(number, raw, visit) for number in raw)
    current = (story for story in found if story.visit <= visit)
    return tuple(sorted(current, key=lambda story: (story.published, story.id), reverse=True))


@cache
def _raw_articles() -> dict[int, dict[str, Any]]:
    """Return every article file by id, with the id, slug and section that its path gives."""
    out: dict[int, dict[str, Any]] = {}
    for path in sorted((HERE / "articles").glob("*/*.toml")):
        number, _, slug = path.stem.partition("-")
        place = {"id": int(number), "slug": slug, "section": path.parent.name}
        out[int(number)] = tomllib.loads(path.read_text("utf-8")) | place
    return out


def _story(number: int, raw: dict[int, dict[str, Any]], visit: int) -> Story:
    data = dict(raw[number])
    if original := data.get("reprint_of"):
        taken = {key: raw[original][key] for key in TEXT_KEYS if key in raw[original]}
        data = taken | data
    body = _replaced(data.pop("body"), data.pop("replace", ()))
    later = data.pop("second_visit", {})
    if visit >= 2:
        body = _replaced(body, later.get("replace", ()))
        if start := later.get("remove"):
            body = _without_line(body, start)
        data |= {key: later[key] for key in ("status", "edit", "modified") if key in later}
    day_only = not isinstance(data["published"], datetime)
    for key in ("published", "declared", "modified"):
        if key in data:
            data[key] = _moment(data[key])
    for key in ("editors", "author_line", "signed", "keywords"):
        data[key] = tuple(data.get(key, ()))
    return Story(**data, day_only=day_only, pages=_pages(body))


def _moment(value: date | datetime) -> datetime:
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return value.replace(tzinfo=CHINA)


def _replaced(body: str, changes: tuple[tuple[str, str], ...]) -> str:
    for old, new in changes:
        if old not in body:
            raise ValueError(f"nothing to replace: {old!r}")
        body = body.replace(old, new)
    return body


def _without_line(body: str, start: str) -> str:
    lines = body.splitlines()
    kept = [line for line in lines if not line.startswith(start)]
    if len(kept) != len(lines) - 1:
        raise ValueError(f"not exactly one paragraph starts with {start!r}")
    return "\n".join(kept)


def _pages(body: str) -> tuple[tuple[Block, ...], ...]:
    """Return the blocks of each page: one line is one block, a line of dashes begins a page."""
    pages: list[list[Block]] = [[]]
    for line in filter(None, (line.strip() for line in body.splitlines())):
        if line == PAGE_BREAK:
            pages.append([])
        else:
            pages[-1].append(_block(line))
    return tuple(tuple(page) for page in pages)


def _block(line: str) -> Block:
    if image := IMAGE.fullmatch(line):
        return Block(kind="image", text=image["caption"], number=int(image["number"]))
    kind = MARKS.get(line[:2]) or MARKS.get(line[:3], "paragraph")
    if kind == "row":
        cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
        return Block(kind=kind, text="\t".join(cells), cells=cells)
    return Block(kind=kind, text=line if kind == "paragraph" else line.split(" ", 1)[1])
