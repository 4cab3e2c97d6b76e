"""What surrounds the headline and the text: kicker, subtitle, section, breadcrumbs, keywords,
description.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from newsspider.dates import find_printed
from newsspider.extract import hints
from newsspider.extract.blocks import Block, squeeze
from newsspider.extract.scene import Scene
from newsspider.extract.title import key_of, site_names
from newsspider.items import Breadcrumb
from newsspider.urls import canonical_or_none

MAX_LINE_BYTES = 300
MAX_DATED_BYTES = 60
MAX_KEYWORDS = 50

_PLACE = re.compile(
    r"^[\s>]*(?:您?(?:现在|現在|当前|當前|目前)?(?:的|所在)?(?:位置|所在)|当前位置|所在位置|"
    r"你在这里|您在这里|you are here)(?:是|为)?\s*[:：]?",
    re.I,
)
_CRUMB_NAMES = re.compile(
    r"crumb|weizhi|(?<![a-z])(?:path|place|location|position|dqwz|local)(?![a-z])", re.I
)
_GENERIC_CRUMBS = frozenset(
    "正文 首页 主页 网站首页 新闻 内容 文章 详情 home startseite accueil inicio".split()
)
_NO_SECTIONS = frozenset(
    "null none undefined all post posts page article articles tag tags thema topic uncategorized"
    " unkategorisiert".split()
)
"""What systems write where an article has no section."""
_DOMAIN = re.compile(r"(?:[\w-]+\.)+[a-z]{2,6}", re.I)
_KICKER_NAMES = re.compile(
    r"kicker|(?<![a-z])(?:yinti|jianti|pretitle|pre-title|overline|eyebrow|supertitle|uptitle|"
    r"shoulder)(?![a-z])",
    re.I,
)
_SUBTITLE_NAMES = re.compile(
    r"sub-?title|sub-?head(?:line|ing)?|(?<![a-z])(?:futi|fubiaoti|standfirst|dek|deck|strapline|"
    r"secondtitle|s-title)(?![a-z])",
    re.I,
)

# ——一座内河港的三年: how print sets the line below a headline.
_DASHED = re.compile(r"(?:—{2}|－{2}|--|──)\s?([^\s—－─-].{3,})")


@dataclass(slots=True)
class Details:
    """The smaller fields of one page, with what gave them."""

    kicker: str | None = None
    subtitle: str | None = None
    section: str | None = None
    breadcrumbs: tuple[Breadcrumb, ...] = ()
    keywords: tuple[str, ...] = ()
    description: str | None = None
    by: dict[str, str] = field(default_factory=dict)


def find_details(scene: Scene, authors: Iterable[str] = ()) -> Details:
    """Return the smaller fields of the page, whose *authors* are known."""
    details = Details()
    _around_title(scene, details, authors)
    details.breadcrumbs = _breadcrumbs(scene)
    if details.breadcrumbs:
        details.by["breadcrumbs"] = "heuristic:place"
    _section(scene, details)
    _keywords(scene, details)
    if stated := scene.head.meta_named("description", "og:description", "twitter:description"):
        details.description, details.by["description"] = stated[1], f"meta:{stated[0]}"
    return details


def _around_title(scene: Scene, details: Details, authors: Iterable[str]) -> None:
    """Fill in the lines right above and below the headline that are named, or placed, as its
    parts.
    """
    at = scene.title_block
    if at < 0:
        return
    blocks = scene.outline.blocks
    if scene.headline and scene.headline.kicker:
        details.kicker, details.by["kicker"] = scene.headline.kicker, "heuristic:headline"
    for block in blocks[max(0, at - 2) : at]:
        if _names_match(scene, block, _KICKER_NAMES):
            details.kicker, details.by["kicker"] = block.text, "heuristic:class"
    for block in blocks[at + 1 : at + 4]:
        named = _names_match(scene, block, _SUBTITLE_NAMES)
        if named and block.text not in authors and not _is_dated(scene, block):
            details.subtitle, details.by["subtitle"] = block.text, "heuristic:class"
            break
        dashed = _DASHED.fullmatch(block.text) if block.size <= MAX_LINE_BYTES else None
        if dashed and not scene.listed[block.position]:
            details.subtitle, details.by["subtitle"] = dashed[1], "heuristic:dash"
            break


def _is_dated(scene: Scene, block: Block) -> bool:
    """Tell whether a line is that of date and author, whatever it is called."""
    dated = find_printed(block.text, zone=scene.zone, now=scene.now, language=scene.language)
    return bool(dated) and block.size <= MAX_DATED_BYTES


def _names_match(scene: Scene, block: Block, names: re.Pattern[str]) -> bool:
    """Tell whether a line carries one of the *names*, itself or in an inline element that fills
    it.
    """
    if block.size > MAX_LINE_BYTES or scene.listed[block.position]:
        return False
    own = scene.outline.nodes[block.node].names
    return bool(names.search(own)) or any(p.names and names.search(p.names) for p in block.parts)


def _breadcrumbs(scene: Scene) -> tuple[Breadcrumb, ...]:
    """Return the steps of the line that says where the page stands: 当前位置：首页 > 国内 >
    正文.
    """
    stop = scene.body_span[0] or len(scene.outline.blocks)
    for block in scene.outline.blocks[:stop]:
        placed = _PLACE.match(block.text)
        node = scene.outline.nodes[block.node]
        if not placed and not _is_trail(node.names):
            continue
        steps = _steps(scene, block)
        if len(steps) < 2 and node.parent >= 0:
            around = scene.outline.nodes[
                node.parent if node.tag in ("li", "span") or not placed else block.node
            ]
            steps = [
                s for b in scene.outline.blocks[around.first : around.end] for s in _steps(scene, b)
            ]
        steps = [
            step for step in steps if step.name != (scene.headline.text if scene.headline else "")
        ]
        if steps and len(steps) <= 10:
            return tuple(steps)
    return ()


@lru_cache(maxsize=8192)
def _is_trail(names: str) -> bool:
    """Tell whether class and id, which repeat all over a site, call a box the trail of the page."""
    return bool(_CRUMB_NAMES.search(names))


def _steps(scene: Scene, block: Block) -> list[Breadcrumb]:
    out: dict[str, Breadcrumb] = {}
    for part in block.parts:
        if part.link < 0:
            continue
        name = squeeze(part.text).strip(" >»/›")
        if name and len(name) <= 40:
            url = canonical_or_none(scene.outline.links[part.link].href, scene.base)
            out.setdefault(name, Breadcrumb(name=name, url=url))
    return list(out.values())


def _section(scene: Scene, details: Details) -> None:
    """Fill in the section: a meta element, JSON-LD, else the last step of the trail."""
    stated = scene.head.meta_named(
        "article:section", "columnname", "section", "parsely-section", "channel"
    )
    sites = site_names(scene.head)
    tries = [(f"meta:{stated[0]}", stated[1])] if stated else []
    if text := scene.head.text("articleSection"):
        tries.append(("json-ld", text))
    tries += [
        ("breadcrumbs", crumb.name)
        for crumb in reversed(details.breadcrumbs)
        if crumb.name.lower() not in _GENERIC_CRUMBS and key_of(crumb.name) not in sites
    ]
    for by, name in tries:
        if name.lower() not in _NO_SECTIONS and not _DOMAIN.fullmatch(name):
            details.section, details.by["section"] = name, by
            return


def _keywords(scene: Scene, details: Details) -> None:
    """Fill in the keywords: meta elements, JSON-LD, else the tags shown on the page."""
    contents = [*scene.head.metas.get("keywords", ()), *scene.head.metas.get("news_keywords", ())]
    by = "meta:keywords"
    words = [word for content in contents for word in re.split(r"[,，;；、|]", content)]
    if not any(words):
        stated = scene.head.article.get("keywords")
        listed = stated if isinstance(stated, list) else [stated]
        words = [w for one in listed if isinstance(one, str) for w in re.split(r"[,，;；]", one)]
        by = "json-ld"
    if not any(words):
        words, by = scene.head.metas.get("article:tag", []), "meta:article:tag"
    if not any(words):
        _, last = scene.body_span
        shown = [
            link.text
            for link in scene.outline.links
            if scene.roles[link.node] & hints.TAGS
            and link.block >= last
            and 0 < len(link.text) <= 30
        ]
        words, by = shown, "heuristic:tags"
    kept = tuple(dict.fromkeys(squeeze(word) for word in words if word and squeeze(word)))
    details.keywords = kept[:MAX_KEYWORDS]
    if kept:
        details.by["keywords"] = by
