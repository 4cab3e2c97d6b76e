"""From bytes to a Scene: decode, parse, outline, lists, headline, body, language, addresses."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import etree

from newsspider.extract import body as bodies
from newsspider.extract import chosen, claims, lists, page, passages, title
from newsspider.extract.blocks import Outline, squeeze
from newsspider.extract.metadata import Head, read_head
from newsspider.extract.scene import CHINA, Scene
from newsspider.extract.walk import TooDeep, Walk, replay
from newsspider.extract.zones import likely_zone
from newsspider.language import guess_language
from newsspider.profiles import Profile
from newsspider.text import Decoded, decode
from newsspider.urls import canonical, canonical_or_none, site_key_or_none

LANGUAGE_SAMPLE = 4_000

_NAMED_ORIGINAL = re.compile(
    r"原文(?:地址|链接|連結|网址)\s*[:：]?\s*(https?://[^\s\"'<>，。）)]+)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What was handed in: the arguments of extract()."""

    html: bytes | str
    url: str | None = None
    content_type: str | None = None
    profile: Profile | None = None
    fetched_at: dt.datetime | None = None
    requested_url: str | None = None
    http_status: int | None = None


@dataclass(slots=True, kw_only=True)
class Surveyed:
    """A Scene with the tree that it came from and how the bytes were read."""

    scene: Scene
    root: etree._Element | None
    """The tree that the profile's selectors are asked of; None where nobody asks."""
    decoded: Decoded
    missed: list[str]
    """Fields for which the profile has selectors that matched nothing."""
    by_profile: dict[str, str]
    """Provenance of what the profile's selectors gave."""


class Stage:
    """The name of what is being done, for the report of an error."""

    def __init__(self) -> None:
        self.name = "decode"


def survey(
    given: Page,
    stage: Stage,
    on_tree: Callable[[etree._Element], None] | None = None,
    *,
    judge: bool = True,
) -> Surveyed:
    """Return everything that the fields are read from; without *judge* the body is as the rules
    choose it.

    *on_tree* is shown each tree before a profile strips anything off it: the last one counts.
    """
    if isinstance(given.html, str):
        decoded = Decoded(text=given.html, declared=None, used="str", replaced=0)
    else:
        decoded = decode(given.html, given.content_type)
    stage.name = "parse"
    root, outline = _outlined(_utf8(given.html, decoded), given.profile, on_tree)
    said = outline.nodes[0].attributes
    head = read_head(outline.stated, said.get("lang"))
    stage.name = "lists"
    found = lists.with_headings(outline, lists.link_lists(outline))
    listed = lists.marked(outline, found)
    role = claims.effective(outline, listed)
    surveyed = Surveyed(
        scene=Scene(
            url=canonical_or_none(given.url) or "",
            base=_base(given.url, head),
            outline=outline,
            head=head,
            roles=role,
            lists=found,
            listed=listed,
            body=bodies.Body(0),
        ),
        root=root,
        decoded=decoded,
        missed=[],
        by_profile={},
    )
    stage.name = "title"
    _find_headline(surveyed, given.profile)
    _know_headline(surveyed.scene)
    stage.name = "body"
    _find_body(surveyed, given.profile, judge=judge)
    stage.name = "addresses"
    scene = surveyed.scene
    _settle(scene, given)
    scene.canonical = _declared_canonical(scene)
    return surveyed


def _utf8(html: bytes | str, decoded: Decoded) -> bytes:
    """Return the page as UTF-8: the bytes themselves where they are that already."""
    plain = isinstance(html, bytes) and decoded.used == "utf-8" and not decoded.replaced
    return html if plain and isinstance(html, bytes) else decoded.text.encode("utf-8", "replace")


def _outlined(
    html: bytes, profile: Profile | None, on_tree: Callable[[etree._Element], None] | None
) -> tuple[etree._Element | None, Outline]:
    """Return outline and, for a profile or who asks, tree of a page; a page too deep for the
    parser is read again, flattened.
    """
    kept = page.cut(html)
    cleaned = page.clean(kept)
    try:
        root, outline = _parsed(cleaned, profile, on_tree)
    except TooDeep:
        flat = page.flatten(cleaned.decode("utf-8", "replace"))
        root, outline = _parsed(flat.encode("utf-8", "replace"), profile, on_tree)
    outline.is_cut |= len(kept) < len(html)
    return root, outline


def _parsed(
    html: bytes, profile: Profile | None, on_tree: Callable[[etree._Element], None] | None
) -> tuple[etree._Element | None, Outline]:
    if profile is None and on_tree is None:
        return None, page.outline_of(html)
    root = page.parse(html)
    if on_tree:
        on_tree(root)
    if profile:
        chosen.strip(root, profile)
    return root, replay(root, Walk())


def _base(url: str | None, head: Head) -> str | None:
    if not url:
        return head.base if head.base and head.base.startswith(("http://", "https://")) else None
    if not head.base:
        return url
    try:
        return urljoin(url, head.base)
    except ValueError:
        return url


def _find_headline(surveyed: Surveyed, profile: Profile | None) -> None:
    scene = surveyed.scene
    scene.headline = title.find_title(scene.outline, scene.head, scene.roles, scene.listed)
    if not chosen.has(profile, "title"):
        return
    texts = chosen.texts(surveyed.root, profile, "title")
    if not texts:
        surveyed.missed.append("title")
        return
    key = title.key_of(texts[0])
    generic = scene.headline
    if generic is not None and title.key_of(generic.text) == key:
        block = generic.block
    else:
        block = next((b.position for b in scene.outline.blocks if title.key_of(b.text) == key), -1)
    scene.headline = title.Headline(text=title.shown(texts[0]), by="profile:title", block=block)


def _know_headline(scene: Scene) -> None:
    """Judge lists and roles again, now that the place of the headline is known: the list of which
    it is an entry is the article itself, with the links of its text.
    """
    at = scene.title_block
    if at < 0:
        return
    if scene.listed[at]:
        scene.lists = [one for one in scene.lists if not lists.covers(one, at)]
        scene.listed = lists.marked(scene.outline, scene.lists)
    scene.roles = claims.effective(scene.outline, scene.listed, at)


def _find_body(surveyed: Surveyed, profile: Profile | None, *, judge: bool) -> None:
    scene = surveyed.scene
    key = title.key_of(scene.headline.text) if scene.headline else ""
    if chosen.has(profile, "body"):
        wanted = chosen.orders(surveyed.root, profile, "body")
        inside = [index for index, node in enumerate(scene.outline.nodes) if node.order in wanted]
        body = bodies.body_in(scene.outline, scene.roles, scene.listed, inside, key)
        if body.blocks:
            scene.body = body
            surveyed.by_profile["body"] = "profile:body"
            return
        surveyed.missed.append("body")
    scene.body = bodies.find_body(scene.outline, scene.roles, scene.listed, scene.title_block, key)
    if judge and scene.body.blocks:
        scene.body = passages.judged(scene, key)


def _settle(scene: Scene, given: Page) -> None:
    """Fill in language, time zone and the moment that relative times refer to."""
    profile = given.profile
    sample = "\n".join(block.text for block in scene.body.blocks[:20])[:LANGUAGE_SAMPLE]
    if scene.headline:
        sample = f"{scene.headline.text}\n{sample}"
    declared = scene.head.language or scene.head.meta("content-language", "language")
    guessed = guess_language(sample, declared or (profile.language if profile else None))
    scene.language = guessed
    scene.now = given.fetched_at
    if profile is not None:
        scene.zone, scene.zone_known = profile.zone, True
    elif guessed is None or guessed.startswith("zh"):
        scene.zone, scene.zone_known = CHINA, True
    else:
        scene.zone = likely_zone(given.url or "", guessed) or dt.UTC
        scene.zone_known = False


def _declared_canonical(scene: Scene) -> str | None:
    """Return the address that the page names as its own, absolute; the home page is nobody's but
    its own.
    """
    named = [scene.head.canonical, scene.head.meta("og:url")]
    for block in scene.outline.blocks:
        if "原文" in block.text and (found := _NAMED_ORIGINAL.search(block.text)):
            named.append(found.group(1))
    named += [
        link.href
        for link in scene.outline.links
        if link.text in ("电脑版", "電腦版", "访问电脑版", "查看电脑版")
    ]
    for address in named:
        url = canonical_or_none(squeeze(address or "") or None, scene.base)
        if url is None:
            continue
        if scene.url and _is_home(url) and not _is_home(scene.url):
            continue
        return url
    return None


def _is_home(url: str) -> bool:
    return bool(re.fullmatch(r"https?://[^/]*/?", url))


def identity(scene: Scene) -> str:
    """Return the URL under which the article is known: its own canonical one when that is on the
    same site.
    """
    declared = scene.canonical
    if declared and (not scene.url or site_key_or_none(declared) == site_key_or_none(scene.url)):
        return canonical(declared)
    return scene.url
