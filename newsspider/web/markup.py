"""Stored HTML for reading: sanitised anew, its pictures links, nothing loaded from elsewhere."""

import re
from html import unescape

import nh3

from newsspider.extract.markup import ATTRIBUTES, TAGS
from newsspider.text import printable

# nh3 writes every attribute in double quotes and no < in a text: what begins so is a tag.
TAG = re.compile(r'<(/?[a-z0-9]+)((?: [a-z-]+="[^"]*")*)>')
ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
SCHEMES = {"http", "https"}
SHOWN_TAGS = TAGS - {"img"}
# Chinese pages indent with spaces, the style sheet does it here.
INDENT = re.compile(r"(<p>)[\s\u3000]+")


def readable(html: str, picture: str) -> str:
    """Return *html*, whatever it holds, as safe HTML; a picture becomes a link named *picture*.

    >>> readable('<p onclick=x>a<script>b</script><img src="http://e.cn/1.jpg" alt="c">', "Image")
    '<p>a<a href="http://e.cn/1.jpg" rel="nofollow noopener noreferrer">Image: c</a></p>'
    """
    clean = _clean(printable(html, newlines=True), TAGS)

    def linked(match: re.Match[str]) -> str:
        name, attributes = match[1], dict(ATTRIBUTE.findall(match[2]))
        if name != "img":
            return match[0]
        text = ": ".join(filter(None, (picture, unescape(attributes.get("alt", "")))))
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        if not attributes.get("src"):
            return escaped
        return f'<a href="{attributes["src"]}">{escaped}</a>'

    return INDENT.sub(r"\1", _clean(TAG.sub(linked, clean), SHOWN_TAGS))


def _clean(html: str, tags: set[str]) -> str:
    return nh3.clean(
        html,
        tags=tags,
        attributes={tag: names for tag, names in ATTRIBUTES.items() if tag in tags},
        url_schemes=SCHEMES,
        link_rel="nofollow noopener noreferrer",
    )


def web_address(url: object) -> str | None:
    """Return *url* when it leads to a page of the web, None for javascript: and its like."""
    text = printable(url).strip() if isinstance(url, str) else ""
    return text if re.match(r"https?://[^/\s]", text, re.I) else None
