"""One page read: the article that it holds, and what a crawler wants to know beside it."""

import datetime as dt
import logging
from dataclasses import dataclass
from itertools import islice
from typing import Any

from newsspider.errors import BadUrl
from newsspider.extract import images, markup, overrides, related
from newsspider.extract.body import text_of
from newsspider.extract.confidence import article_confidence
from newsspider.extract.details import find_details
from newsspider.extract.origin import find_origin
from newsspider.extract.page import is_markup
from newsspider.extract.pager import Pager, find_pager
from newsspider.extract.scene import Scene
from newsspider.extract.survey import Page, Stage, Surveyed, identity, survey
from newsspider.extract.times import Times, find_times
from newsspider.items import Article, ListPage, body_digest
from newsspider.profiles import Profile
from newsspider.urls import canonical_or_none, fetchable, site_key_or_none

MAX_LINKS = 20_000
"""Links of a page that are looked at: each costs a row and a place in the queue of a crawl."""
EXTRACTOR_VERSION = "1"
"""Changes whenever the same page may be read differently: stored articles are then read again."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of the page to some page."""

    url: str
    """Absolute, as written but for escapes, fragment and tracking."""
    text: str = ""
    title: str = ""
    """Its title attribute."""
    nofollow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one parse of a page gave."""

    article: Article
    links: tuple[Link, ...] = ()
    """Every <a> and <area> to an http address, in document order; the one after MAX_LINKS is the
    last and says that there are more."""
    pager: tuple[str, ...] = ()
    """Addresses of the other pages of this same article, in order."""
    previous_page: str | None = None
    next_page: str | None = None
    feeds: tuple[str, ...] = ()
    """Feeds that the page names in its head."""
    robots: tuple[str, ...] = ()
    """Directives of its meta robots elements, lower case."""


def read(
    html: bytes | str,
    url: str | None = None,
    *,
    content_type: str | None = None,
    profile: Profile | None = None,
    fetched_at: dt.datetime | None = None,
    requested_url: str | None = None,
    http_status: int | None = None,
) -> Reading:
    """Return the article of a page with its links, pager, feeds and robots directives. Never
    raises.

    *url* is the final address, *fetched_at* (aware) what relative times such as 昨天 refer to.
    What went
    wrong, if anything, is named in the article's provenance["error"], its confidence then 0.
    """
    given = Page(
        html=html,
        url=url,
        content_type=content_type,
        profile=profile,
        fetched_at=fetched_at,
        requested_url=requested_url or url,
        http_status=http_status,
    )
    return read_page(given, links=True)


def extract(
    html: bytes | str,
    url: str | None = None,
    *,
    content_type: str | None = None,
    profile: Profile | None = None,
    fetched_at: dt.datetime | None = None,
) -> Article:
    """Return the article of a page; a page that is none gets a low confidence. Never raises.

    *content_type* is the header's value. No network, no clock: *fetched_at* is what relative times
    refer to.
    """
    given = Page(
        html=html,
        url=url,
        content_type=content_type,
        profile=profile,
        fetched_at=fetched_at,
        requested_url=url,
    )
    return read_page(given, links=False).article


def extract_list(
    html: bytes | str,
    url: str | None = None,
    *,
    content_type: str | None = None,
    profile: Profile | None = None,
    fetched_at: dt.datetime | None = None,
) -> ListPage:
    """Return the articles that a list page names, in page order, no address twice. Never raises.

    Navigation, footers and links that do not look like articles are left out.
    """
    given = Page(
        html=html,
        url=url,
        content_type=content_type,
        profile=profile,
        fetched_at=fetched_at,
        requested_url=url,
    )
    reading = read_page(given, links=False)
    items = {item.url or item.title: item for item in reversed(reading.article.related)}
    return ListPage(
        url=reading.article.url,
        items=tuple(reversed(items.values())),
        next_page=reading.next_page,
    )


def read_page(given: Page, *, links: bool) -> Reading:
    """Return the reading of a page; with *links* also its links, which cost as much as the rest.

    Never raises; see read().
    """
    stage = Stage()
    try:
        surveyed = survey(given, stage)
        scene = surveyed.scene
        stage.name = "pager"
        pages = find_pager(scene.outline, scene.head, given.url or "", scene.base, scene.roles)
        article = _article(surveyed, given, pages, stage)
        stage.name = "links"
        return Reading(
            article=article,
            links=_links(scene) if links else (),
            pager=pages.pages,
            previous_page=pages.previous_page,
            next_page=pages.next_page,
            feeds=_feeds(scene),
            robots=_robots(scene),
        )
    except Exception as error:  # the one outer edge: no page may stop a crawl
        logger.exception("extraction failed at %s on %s", stage.name, given.url)
        return Reading(article=_failed(given, stage, error))


def _article(surveyed: Surveyed, given: Page, pages: Pager, stage: Stage) -> Article:
    """Return the article: every generic value, then what the profile says instead."""
    scene = surveyed.scene
    stage.name = "times"
    when = find_times(scene)
    stage.name = "credits"
    origin = find_origin(scene)
    stage.name = "details"
    details = find_details(scene, origin.authors)
    stage.name = "images"
    pictures = images.find_images(scene)
    stage.name = "related"
    items = related.related_items(scene)
    stage.name = "assemble"
    body = text_of(scene.outline, scene.body.blocks)
    article = Article(
        url=identity(scene),
        canonical_url=scene.canonical,
        requested_url=given.requested_url,
        site=given.profile.name
        if given.profile
        else site_key_or_none(scene.url or scene.canonical),
        title=scene.headline.text if scene.headline else None,
        kicker=details.kicker,
        subtitle=details.subtitle,
        body=body,
        body_html=markup.body_html(scene, pictures),
        **_moments(when),
        source=origin.source,
        source_url=origin.source_url,
        authors=tuple(origin.authors),
        editors=tuple(origin.editors),
        credits=tuple(origin.credits),
        dateline=origin.dateline,
        section=details.section,
        breadcrumbs=details.breadcrumbs,
        keywords=details.keywords,
        description=details.description,
        language=scene.language,
        images=pictures,
        related=items,
        # 下一页 with an address of another make turns to another article, or to a list.
        next_page=pages.next_page if pages.next_page in pages.pages else None,
        confidence=article_confidence(scene, when, origin)
        if is_markup(surveyed.decoded.text)
        else 0.0,
        fetched_at=given.fetched_at,
        http_status=given.http_status,
        body_sha256=body_digest(body),
        extractor_version=EXTRACTOR_VERSION,
        profile_version=given.profile.version if given.profile else None,
    )
    provenance = {**origin.by, **details.by}
    for name, stated in (
        ("date_published", when.published),
        ("date_modified", when.modified),
    ):
        if stated is not None:
            provenance[name] = stated.by
    stage.name = "profile"
    return overrides.apply(article, provenance, surveyed, given)


def _moments(when: Times) -> dict[str, Any]:
    """Return the fields of publication and modification by name."""
    published, modified = when.published, when.modified
    return {
        "date_published": published.when.moment if published else None,
        "date_published_raw": when.raw,
        "date_published_precision": published.when.precision if published else None,
        "date_modified": modified.when.moment if modified else None,
        "date_modified_precision": modified.when.precision if modified else None,
    }


def _failed(given: Page, stage: Stage, error: Exception) -> Article:
    """Return the article of a page that could not be read: what is known without reading it."""
    return Article(
        url=canonical_or_none(given.url) or "",
        requested_url=given.requested_url,
        site=given.profile.name if given.profile else site_key_or_none(given.url),
        confidence=0.0,
        provenance={"error": f"{stage.name}: {type(error).__name__}: {error}"[:300]},
        fetched_at=given.fetched_at,
        http_status=given.http_status,
        body_sha256=body_digest(""),
        extractor_version=EXTRACTOR_VERSION,
        profile_version=given.profile.version if given.profile else None,
    )


def _links(scene: Scene) -> tuple[Link, ...]:
    out = []
    for link in islice(scene.outline.links, MAX_LINKS + 1):
        try:
            url = fetchable(link.href, scene.base)
        except BadUrl:
            continue
        out.append(
            Link(url=url, text=link.text, title=link.title, nofollow="nofollow" in link.rel.split())
        )
    return tuple(out)


def _feeds(scene: Scene) -> tuple[str, ...]:
    out: dict[str, None] = {}
    for rel, href, kind in scene.head.links:
        if "alternate" in rel.split() and kind.startswith(("application/rss", "application/atom")):
            try:
                out[fetchable(href, scene.base)] = None
            except BadUrl:
                continue
    return tuple(out)


def _robots(scene: Scene) -> tuple[str, ...]:
    contents = [c for name in ("robots", "newsspider") for c in scene.head.metas.get(name, ())]
    words = [word.strip().lower() for content in contents for word in content.split(",")]
    return tuple(dict.fromkeys(word for word in words if word))
