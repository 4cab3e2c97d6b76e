"""Pictures of the article: their real address behind lazy loading, caption, credit, place in the
text.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping

from newsspider.errors import BadUrl
from newsspider.extract import hints
from newsspider.extract.blocks import Block, Picture, squeeze
from newsspider.extract.body import MAX_OPENING_BLOCKS, reads_as_caption
from newsspider.extract.scene import Scene
from newsspider.items import Image
from newsspider.urls import fetchable

LAZY = (
    "data-original",
    "data-src",
    "data-lazy-src",
    "data-actualsrc",
    "data-url",
    "data-echo",
    "data-lazyload",
    "data-lazy",
    "data-real-src",
    "data-original-src",
    "data-full-src",
    "data-large-src",
    "data-hi-res-src",
    "data-image",
    "original",
    "real_src",
    "zoomfile",
    "file",
    "lazy-src",
    "_src",
    "src2",
    "data-backsrc",
    "ess-data",
)
MIN_SIDE_PX = 60
MAX_CAPTION_BYTES = 600

_PLACEHOLDER = re.compile(
    r"^data:|(?:^|/)(?:blank|spacer|grey|gray|transparent|placeholder|loading|lazyload|lazy|pixel|"
    r"1x1|clear|default|none|dot)[\w-]*\.(?:gif|png|svg|jpe?g)|/1x1|\bpixel\b",
    re.I,
)
_DECORATION = re.compile(
    r"(?:^|[/_.-])(?:logo|icon|ico|avatar|qrcode|erweima|ewm|weixin|wechat|share|button|btn|arrow|"
    r"sprite|emoji|favicon|"
    r"gravatar|badge|banner|ads?)(?:[/_.\d-]|$)",
    re.I,
)
_CREDIT = re.compile(
    r"(?:[（(]?\s*(?:摄影|图片来源|图源|图/|图片/|Photo(?:graph)?(?: by| credit)?|Foto|Credit|"
    r"Bild|©)\s*[:：/]?\s*([^)）。;；|]{2,60})|"
    r"(?<=[\s。（(，,])([\u4e00-\u9fff·]{2,12}(?:\s[\u4e00-\u9fff]{2,4})?)\s*(?:摄|供图|"
    r"攝))[)）。\s]*$",
    re.I,
)


def find_images(scene: Scene) -> tuple[Image, ...]:
    """Return the pictures inside the article, in page order, none twice."""
    first, last = scene.body_span
    title = scene.title_block
    if first == last and title < 0:
        return ()
    region = scene.outline.nodes[scene.body.node].first
    starts = (
        title if 0 <= first - title <= MAX_OPENING_BLOCKS and title >= 0 else min(region, first)
    )
    inside = [
        picture
        for picture in scene.outline.pictures
        if starts <= picture.block <= last and _belongs(scene, picture)
    ]
    return tuple(image for image, _ in pictured(scene, inside))


def pictured(scene: Scene, pictures: list[Picture] | None = None) -> list[tuple[Image, Picture]]:
    """Return *pictures*, or all of the page, as images with what they are made from; placeholders
    left out.
    """
    out: list[tuple[Image, Picture]] = []
    seen: set[str] = set()
    positions = [block.position for block in scene.body.blocks]
    for picture in scene.outline.pictures if pictures is None else pictures:
        url = address(picture.attributes, scene.base)
        if url is None or url in seen:
            continue
        seen.add(url)
        caption = _caption(scene, picture)
        alt = squeeze(picture.attributes.get("alt") or "") or None
        credit = _CREDIT.search(caption) if caption else None
        image = Image(
            url=url,
            caption=caption,
            alt=alt,
            credit=squeeze(credit.group(1) or credit.group(2)) if credit else None,
            position=bisect_left(positions, picture.block),
        )
        out.append((image, picture))
    return out


def _belongs(scene: Scene, picture: Picture) -> bool:
    """Tell whether a picture is the article's own rather than a list's, an advertisement's or
    decoration.
    """
    role = scene.roles[picture.node]
    if role & (hints.BOILERPLATE | hints.FORM) & ~hints.HIDDEN:
        return False
    if picture.block < len(scene.listed) and scene.listed[picture.block] and picture.link >= 0:
        return False
    for side in ("width", "height"):
        digits = re.match(r"\s*(\d+)", picture.attributes.get(side) or "")
        if digits and int(digits.group(1)) < MIN_SIDE_PX:
            return False
    return True


def address(said: Mapping[str, str], base: str | None) -> str | None:
    """Return the absolute address of the picture itself, given the attributes of its element; None
    for placeholders, decoration and broken ones.
    """
    candidates = [said[name] for name in LAZY if name in said]
    candidates.append(_largest(said.get("data-srcset") or ""))
    candidates.append(said.get("src") or "")
    candidates.append(_largest(said.get("srcset") or ""))
    for candidate in candidates:
        if not candidate or _PLACEHOLDER.search(candidate.strip()):
            continue
        if _DECORATION.search(candidate.rpartition("/")[2]):
            return None
        try:
            return fetchable(candidate.strip(), base)
        except BadUrl:
            continue
    return None


def _largest(srcset: str) -> str:
    """Return the widest address of a srcset; "" when it is empty."""
    best: tuple[float, str] | None = None
    for part in re.split(r",\s+", srcset.strip()):
        fields = part.split()
        if not fields:
            continue
        size = re.match(r"(\d+(?:\.\d+)?)[wx]$", fields[-1]) if len(fields) > 1 else None
        width = float(size.group(1)) if size else 0.0
        if best is None or width > best[0]:
            best = (width, fields[0])
    return best[1] if best else ""


def _caption(scene: Scene, picture: Picture) -> str | None:
    """Return the caption of a picture: of its figure, or the caption-like line that follows it in
    its box.
    """
    outline = scene.outline
    for at in list(outline.ancestors(picture.node))[:5]:
        node = outline.nodes[at]
        if node.tag == "figure":
            inside = outline.blocks[node.first : node.end]
            text = squeeze(" ".join(b.text for b in inside if not b.link_share > 0.9))
            return text if 0 < len(text.encode()) <= MAX_CAPTION_BYTES else None
    for block in outline.blocks[picture.block : picture.block + 1]:
        if block.size > MAX_CAPTION_BYTES or scene.listed[block.position]:
            continue
        if is_caption(scene, block) or reads_as_caption(outline, block):
            return block.text
    return None


def is_caption(scene: Scene, block: Block) -> bool:
    """Tell whether *block* calls itself a caption, or is a line under a picture in the picture's
    own box.
    """
    if scene.roles[block.node] & hints.CAPTION:
        return True
    return any(hints.of_names(part.names) & hints.CAPTION for part in block.parts if part.names)
