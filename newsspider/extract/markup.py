"""body_html: the chosen blocks written anew as minimal HTML, then sanitised."""

import re
from html import escape

from newsspider.errors import BadUrl
from newsspider.extract import hints
from newsspider.extract.blocks import Block
from newsspider.extract.scene import Scene
from newsspider.items import Image
from newsspider.urls import fetchable

TAGS = {
    "a",
    "blockquote",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "img",
    "li",
    "ol",
    "p",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "tr",
    "ul",
}
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}}
_VALUE = r'"(?:[^"<>&]|&(?:amp|quot|lt|gt);)*+"'
_PLAIN = re.compile(
    r"(?:[^<>&\0\r\xa0]++|&(?:amp|lt|gt);|</?(?:p|strong|h[234]|li|ul|ol|figure|figcaption|blockquote)>"
    rf'|</a>|<a href=(?="https?:){_VALUE}>|<img src=(?="https?:){_VALUE}(?: alt={_VALUE})?>)*+'
)


def body_html(scene: Scene, images: tuple[Image, ...]) -> str | None:
    """Return the body as sanitised HTML: links absolute, pictures at their places; None without a
    body.
    """
    if not scene.body.blocks:
        return None
    out: list[str] = []
    waiting = list(images)
    boxes: list[tuple[str, int]] = []
    for count, block in enumerate(scene.body.blocks):
        wanted = _boxes(scene, block)
        _close(out, boxes, wanted)
        while waiting and waiting[0].position <= count:
            if boxes:
                break
            out.append(_figure(waiting.pop(0)))
        for box in wanted[len(boxes) :]:
            out.append(f"<{box[0]}>")
            boxes.append(box)
        out.append(_element(scene, block, boxes))
    _close(out, boxes, [])
    out.extend(map(_figure, waiting))
    return sanitised("\n".join(out))


def sanitised(html: str) -> str:
    """Return *html* with nothing but TAGS and ATTRIBUTES in it.

    What is of the plain form that this module writes is that already, and comes back as it is;
    all else goes through nh3.
    """
    if _PLAIN.fullmatch(html):
        return html
    import nh3  # takes 20 ms, and only tables need it

    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https"},
        link_rel=None,
    )


def _close(out: list[str], boxes: list[tuple[str, int]], wanted: list[tuple[str, int]]) -> None:
    """Close the boxes that are not wanted any more."""
    same = 0
    while same < min(len(boxes), len(wanted)) and boxes[same] == wanted[same]:
        same += 1
    while len(boxes) > same:
        out.append(f"</{boxes.pop()[0]}>")


def _boxes(scene: Scene, block: Block) -> list[tuple[str, int]]:
    """Return the list, table or quotation around a block, outermost first, as tag and node."""
    out: list[tuple[str, int]] = []
    for at in scene.outline.ancestors(block.node):
        if at == scene.body.node:
            break
        tag = scene.outline.nodes[at].tag
        if (
            tag == "blockquote"
            or (tag in ("ul", "ol") and block.item)
            or (tag == "tr" and block.cell)
            or (tag == "table" and block.cell)
        ):
            out.append((tag, at))
    return out[::-1]


def _element(scene: Scene, block: Block, boxes: list[tuple[str, int]]) -> str:
    """Return one block as an element."""
    tag = "p"
    inner = boxes[-1][0] if boxes else ""
    if inner in ("ul", "ol"):
        tag = "li"
    elif inner == "tr":
        tag = "th" if block.tag == "th" else "td"
    elif block.heading:
        tag = f"h{min(max(block.heading, 2), 4)}"
    elif scene.roles[block.node] & hints.QUOTE and not inner:
        tag = "blockquote"
    return f"<{tag}>{_inline(scene, block)}</{tag}>"


def _inline(scene: Scene, block: Block) -> str:
    """Return the text of a block with its links and strong words marked up."""
    parts = block.parts
    if not block.link_size and (block.heading or not block.strong_size):
        return escape(block.text, quote=False)
    pieces: list[str] = []
    index = 0
    while index < len(parts):
        link, strong = parts[index].link, parts[index].strong and not block.heading
        text = ""
        while (
            index < len(parts)
            and parts[index].link == link
            and (parts[index].strong and not block.heading) == strong
        ):
            text += parts[index].text
            index += 1
        piece = escape(" ".join(text.split()), quote=False)
        if not piece:
            pieces.append(" ")
            continue
        if strong:
            piece = f"<strong>{piece}</strong>"
        if link >= 0 and (href := _href(scene, link)):
            piece = f'<a href="{_attribute(href)}">{piece}</a>'
        lead = " " if text[:1].isspace() else ""
        pieces.append(f"{lead}{piece}{' ' if text[-1:].isspace() else ''}")
    return "".join(pieces).strip()


def _href(scene: Scene, link: int) -> str | None:
    try:
        return fetchable(scene.outline.links[link].href, scene.base)
    except BadUrl:
        return None


def _figure(image: Image) -> str:
    alt = f' alt="{_attribute(image.alt)}"' if image.alt else ""
    caption = ""
    if image.caption:
        caption = f"<figcaption>{escape(image.caption, quote=False)}</figcaption>"
    return f'<figure><img src="{_attribute(image.url)}"{alt}>{caption}</figure>'


def _attribute(text: str) -> str:
    """Return *text* as it stands between double quotes."""
    return escape(text, quote=False).replace('"', "&quot;")
