"""Who made the article and where it was taken from: the visible lines first, then what the head
says.
"""

import re
from dataclasses import dataclass, field, replace

from newsspider.extract import credits as printed
from newsspider.extract import hints, words
from newsspider.extract.authors import URL, persons, stated_authors
from newsspider.extract.blocks import Block, squeeze
from newsspider.extract.bylines import is_western_name
from newsspider.extract.names import is_han_name, is_nobody, is_outlet, is_placeholder_source
from newsspider.extract.scene import Scene
from newsspider.extract.signatures import BESIDE_DATE, signed_by
from newsspider.items import Credit
from newsspider.urls import canonical_or_none

MAX_LINE_BYTES = 400
TAIL_BLOCKS = 16
OPENING_BLOCKS = 3
CLOSING_BLOCKS = 12
MAX_CLOSING_BYTES = 150
MAX_OUTLET_BYTES = 60
MAX_LABEL = 10
"""Characters of a label that stands alone, its colon included."""
_NO_NAME = re.compile(
    r"分享|原创|转载|关注|打印|微信$|收藏|评论|阅读|浏览|字号|字体|首页|登录|订阅|下载|频道$|更多|"
    r"点击|—|\d{2}|[:：,，。”“《》\[\]【】]"
)
_HAN = re.compile(r"[\u4e00-\u9fff·]{3,12}")
_CLOCK = re.compile(
    r"\d{2,4}\s?[-年/.]\s?\d{1,2}\s?[-月/.]\s?\d{1,2}\s?日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?|"
    r"\d{1,2}:\d{2}(?::\d{2})?"
)
_LABELLED = re.compile(r"[:：]\s|[:：]$|^[^\s:：]{2,6}[:：]")
_TURN = re.compile(
    r"\s*[\[【(（]?(?:上一?页|下一?页|首页|尾页|\d{1,2}|打印(?:本[页文])?|关闭(?:窗口)?|收藏|推荐|"
    r"纠错|分享|评论|我要评论)[\]】)）]?\s*$"
)
_SITE_NOTICE = re.compile(r"凡本|本网注明|注明[“\"]?来源|未经.{0,8}授权|版权所有|版权归")
_SOURCE_METAS = (
    "contentsource",
    "source",
    "article:source",
    "mediaid",
    "og:article:source",
)
_SOURCE_NAMES = re.compile(
    r"(?<![a-z])(?:source|laiyuan|from|where|origin|media|copyfrom|account|account-?name|"
    r"media-?name|mp-?name|js_name)(?![a-z])",
    re.I,
)
_BYLINE_NAMES = re.compile(
    r"(?<![a-z])(?:byline|author|authors|by-line|article-author|post-author|authorname|writer|"
    r"autor|auteur|vcard)(?![a-z])",
    re.I,
)


@dataclass(slots=True)
class Origin:
    """Credits of one page and what derives from them."""

    credits: list[Credit] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    source: str | None = None
    source_url: str | None = None
    dateline: str | None = None
    by: dict[str, str] = field(default_factory=dict)
    """Provenance of authors, editors, source."""


def find_origin(scene: Scene) -> Origin:
    """Return the credits of the page, in page order, with authors, editors and source."""
    origin = Origin()
    lines = header_lines(scene)
    for block in lines:
        _add(origin, _labelled(scene, block))
        if not _is_caption(scene, block):
            _add(origin, _unlabelled(scene, block, {credit.role for credit in origin.credits}))
    _from_body(scene, origin)
    for block in tail_lines(scene):
        _add(origin, _labelled(scene, block))
        _add(origin, printed.parse_closing(line_of(block)))
    _people(scene, origin)
    _source(scene, origin, lines)
    return origin


def _from_body(scene: Scene, origin: Origin) -> None:
    """Add what the first and the last paragraphs of the text say; the dateline is the first one
    found.
    """
    blocks = scene.body.blocks
    start = max(scene.title_block + 1, blocks[0].position - 12) if blocks else 0
    above = scene.outline.blocks[start : blocks[0].position] if blocks else []
    lines = [b for b in above if _is_line(scene, b) and not _is_caption(scene, b)]
    for block in [*lines, *blocks[:OPENING_BLOCKS]]:
        opening = printed.parse_opening(block.text)
        origin.dateline = origin.dateline or opening.dateline
        _add(origin, opening.credits)
    for block in blocks[-CLOSING_BLOCKS:]:
        last = block.position >= blocks[-1].position - 2
        if last or block.size <= MAX_CLOSING_BYTES:
            _add(origin, printed.parse_closing(block.text))
    if blocks and not any(credit.role == "author" for credit in origin.credits):
        _add(origin, printed.parse_signature(blocks[-1].text))


def _labelled(scene: Scene, block: Block) -> list[Credit]:
    """Return the credits of a line of fields; who is named below a picture made that."""
    found = printed.parse_field_line(_with_value(scene, block))
    if _is_caption(scene, block):
        return [replace(credit, role="photographer") for credit in found]
    return found


def _is_caption(scene: Scene, block: Block) -> bool:
    """Tell whether a line stands below a picture."""
    named = "caption" in scene.outline.nodes[block.node].names.lower()
    return block.tag in ("figcaption", "figure") or named


def _unlabelled(scene: Scene, block: Block, known: set[str]) -> list[Credit]:
    """Return the credits of a line above the text that says neither 来源 nor 作者:
    `石佳/中国青年报`, `新华社`.

    *known* are the roles that labelled lines have given already.
    """
    if block.position < scene.title_block:
        return []
    found: list[Credit] = []
    own = scene.outline.nodes[block.node].names
    dated = bool(_CLOCK.search(block.text))
    # In Japanese tags and persons have as many characters as outlets.
    japanese = (scene.language or "").startswith("ja")
    for part in block.parts:
        text = _CLOCK.sub("", squeeze(part.text)).strip(" ()（）|·-")
        writer, slash, outlet = text.replace("／", "/").partition("/")
        if slash and is_outlet(outlet.strip()) and is_han_name(writer.strip()):
            found += [
                Credit(role="author", name=writer.strip(), raw=text),
                Credit(role="source", name=outlet.strip(), raw=text),
            ]
            continue
        if not 4 <= len(text.encode()) <= MAX_OUTLET_BYTES or _NO_NAME.search(text):
            continue
        if not any("\u4e00" <= character <= "\u9fff" for character in text):
            continue
        alone = text == block.text
        if _BYLINE_NAMES.search(part.names) or (_BYLINE_NAMES.search(own) and alone):
            if is_outlet(text):
                found.append(Credit(role="source", name=text, raw=text))
            elif is_han_name(text) or (alone and not is_nobody(text)):
                found.append(Credit(role="author", name=text, raw=text))
        elif (
            is_outlet(text)
            or _SOURCE_NAMES.search(f"{own} {part.names}")
            or (
                dated
                and not japanese
                and _HAN.fullmatch(text)
                and (len(text) > 3 or not is_han_name(text))
            )
        ):
            found.append(Credit(role="source", name=text, raw=text))
    first_source = next((c for c in found if c.role == "source"), None)
    return [c for c in found if c.role not in known and (c.role != "source" or c is first_source)]


def line_of(block: Block) -> str:
    """Return the text of a line of fields with a space between elements: `<b>来源</b><i>网</i>`."""
    return squeeze(" ".join(part.text for part in block.parts if not _TURN.match(part.text)))


def _with_value(scene: Scene, block: Block) -> str:
    """Return the text of a line of fields; a label that stands alone, with the value that the next
    box holds: `<td>来源：</td><td>渤海早报</td>`.
    """
    line = line_of(block)
    following = block.position + 1
    if len(line) > MAX_LABEL or line[-1:] not in (":", "："):
        return line
    if following in (scene.title_block, scene.body_span[0], len(scene.outline.blocks)):
        return line
    value = scene.outline.blocks[following]
    text = line_of(value) if value.size <= MAX_OUTLET_BYTES else ""
    if not text or _LABELLED.search(text) or _CLOCK.search(text):
        return line
    return f"{line} {text}"


def _add(origin: Origin, found: list[Credit] | tuple[Credit, ...]) -> None:
    known = {(credit.role, credit.name) for credit in origin.credits}
    roles = {credit.role for credit in origin.credits}
    for credit in found:
        if (credit.role, credit.name) in known or (credit.name is None and credit.role in roles):
            continue
        known.add((credit.role, credit.name))
        origin.credits.append(credit)


def header_lines(scene: Scene) -> list[Block]:
    """Return the short lines around the headline, above the text: where source, author and time
    stand.
    """
    first, _ = scene.body_span
    title = scene.title_block
    start = max(0, title - 6) if title >= 0 else max(0, first - 10)
    stop = first if first > title else min(title + 10, len(scene.outline.blocks))
    body = {block.position for block in scene.body.blocks[:OPENING_BLOCKS]}
    # The line of fields may stand below a standfirst.
    stop = max(stop, max(body, default=stop))
    return [
        b for b in scene.outline.blocks[start:stop] if b.position not in body and _is_line(scene, b)
    ]


def tail_lines(scene: Scene) -> list[Block]:
    """Return the short lines right below the text, up to the first list or comment."""
    _, last = scene.body_span
    out = []
    for block in scene.outline.blocks[last : last + TAIL_BLOCKS]:
        foot = scene.roles[block.node] & hints.FOOTER and not words.EDITOR_LINE.match(block.text)
        if _is_line(scene, block) and not foot:
            out.append(block)
    return out


def _is_line(scene: Scene, block: Block) -> bool:
    return (
        block.size <= MAX_LINE_BYTES
        and not scene.listed[block.position]
        and block.position != scene.title_block
        and not _SITE_NOTICE.search(block.text)
        and not scene.roles[block.node] & (hints.COMMENT | hints.NAV | hints.AD | hints.RELATED)
    )


def _people(scene: Scene, origin: Origin) -> None:
    """Fill in authors and editors: in Chinese what is printed first, elsewhere what the head says
    first.
    """
    origin.editors = printed.editors_of(origin.credits)
    if origin.editors:
        origin.by["editors"] = "label"
    chinese = bool(scene.language and scene.language.startswith("zh"))
    labelled = printed.authors_of(origin.credits)
    stated, others = stated_authors(scene, chinese)
    tries = [("label", labelled), *stated] if chinese else [*stated, ("label", labelled)]
    # A head that names a login or a department knows less than the line that readers see.
    weak = [] if chinese else [one for one in tries if not any(map(is_western_name, one[1]))]
    for by, names in tries:
        if (by, names) not in weak and _take(scene, origin, by, names):
            break
    if not origin.authors and not chinese:
        signed, told = signed_by(scene)
        signature = (told, signed)
        order = [*weak, signature] if told == BESIDE_DATE else [signature, *weak]
        for by, names in order:
            if not origin.authors:
                _take(scene, origin, by, names)
    for by, names in others:
        if not origin.authors:
            _take(scene, origin, by, names)
    known = {credit.name for credit in origin.credits}
    origin.credits.extend(
        Credit(role="author", name=name, raw=name) for name in origin.authors if name not in known
    )


def _take(scene: Scene, origin: Origin, by: str, names: list[str]) -> bool:
    """Take *names* for the authors where any of them can be one."""
    chinese = bool(scene.language and scene.language.startswith("zh"))
    kept = (
        names
        if by == "label" and chinese
        else persons(scene, names, by, source=origin.source, editors=origin.editors)
    )
    if kept:
        origin.authors, origin.by["authors"] = kept, by
    return bool(kept)


def _source(scene: Scene, origin: Origin, lines: list[Block]) -> None:
    """Fill in the outlet: the label 来源, the meta element, or the unlabelled name beside the
    time.
    """
    named = [c for c in origin.credits if c.role == "source" and c.name not in origin.authors]
    # 来源：X says more than a name beside the time, wherever it stands.
    labelled = [credit for credit in named if credit.raw != credit.name]
    origin.source = printed.source_of(labelled) or printed.source_of(named)
    if origin.source:
        origin.by["source"] = "label:来源"
    else:
        stated = scene.head.meta_named(*_SOURCE_METAS)
        if stated and not URL.search(stated[1]):
            fields = printed.parse_field_line(stated[1])
            outlet = printed.source_of(fields) if fields else stated[1]
            if outlet and not is_placeholder_source(outlet):
                origin.source, origin.by["source"] = outlet, f"meta:{stated[0]}"
    if not origin.source:
        return
    for block in [*lines, *tail_lines(scene)]:
        for part in block.parts:
            if part.link >= 0 and squeeze(part.text) == origin.source:
                origin.source_url = canonical_or_none(
                    scene.outline.links[part.link].href, scene.base
                )
                return
