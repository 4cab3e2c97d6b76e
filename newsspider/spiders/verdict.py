"""What an answer is, which links are worth a request, when to come back. Plain rules, one place."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from scrapy.http import Response

from newsspider.extract import Link, Reading, robots
from newsspider.extract.confidence import is_missing_notice
from newsspider.items import Article
from newsspider.plan import CrawlPlan
from newsspider.spiders.frontier import Candidate
from newsspider.store.records import UrlKind, Visit
from newsspider.urls import canonical, canonical_or_none, is_asset

HTML_TYPES = ("text/html", "application/xhtml+xml")
# Sniffed where a server sends no type or a useless one.
HTML_START = re.compile(rb"<(?:!doctype\s+html|html|head|body|title|meta|div|table|script)\b", re.I)
# Links of these texts lead to doors and copies, never to something new to read.
DOORS = re.compile(
    r"[【\[(（<]?\s*(?:打印(?:本页)?|打印版|关闭(?:窗口)?|收藏|加入收藏|设为首页|分享|转发|评论|"
    r"我要评论|登录|登陆|注册|投稿|纠错|我要纠错|举报|舉報|复制链接|返回顶部|繁体|简体|"
    r"print|login|log in|sign in|sign up|register|subscribe|share|comments?|reply)\s*[】\])）>]?",
    re.I,
)
DOOR_PATHS = re.compile(
    r"/(?:print|login|logout|signin|signup|register|cart|search|comments?|admin|wp-login\.php|"
    r"wp-json|xmlrpc\.php|cgi-bin)(?:/|$|\.)|/feed/?$",
    re.I,
)
SECTION_LINKS = 4
"""A page with so many links that read like headlines is a list page."""
YOUNGEST_INTERVAL = timedelta(hours=1)
OLDEST_INTERVAL = timedelta(days=180)
LATER_LIST_PAGES_AFTER = timedelta(days=7)
NO_ANSWER_PAUSE = timedelta(hours=1)
"""When there was none the second time; after the first the next run asks again."""
NO_PAGE_PAUSE = timedelta(days=1)
LONGEST_PAUSE = timedelta(days=30)
LONGEST_ARTICLE_PAUSE = timedelta(days=7)
"""Of an address that was an article when it last answered."""


def is_html(response: Response) -> bool:
    """Tell whether *response* is an HTML page: by its type, else by how it starts."""
    kind = (response.headers.get("Content-Type") or b"").decode("latin-1").partition(";")[0]
    kind = kind.strip().lower()
    if kind in HTML_TYPES:
        return True
    if kind and kind not in ("text/plain", "application/octet-stream", "*/*"):
        return False
    return bool(HTML_START.search(response.body[:1024]))


def is_door(link: Link) -> bool:
    """Tell whether a link as the page shows it leads to nothing to read: to print, to log in."""
    return link.nofollow or bool(DOORS.fullmatch(link.text))


def key_of(address: str, plan: CrawlPlan) -> str | None:
    """Return the canonical form of *address* if it may lead to an article or list, else None."""
    parts = urlsplit(address)
    if is_asset(address) or "@" in parts.netloc or DOOR_PATHS.search(parts.path):
        return None
    if not plan.in_scope(address):
        return None
    url, profile = canonical_or_none(address), plan.profile
    if url is None or profile is None:
        return url
    if profile.is_excluded(url):
        return None
    # With patterns for both kinds nothing else is asked for; with one, the other stays open.
    article, section = profile.is_article(url), profile.is_section(url)
    return url if article is None or section is None or article or section else None


def is_later_list_page(reading: Reading, url: str) -> bool:
    """Tell whether *url* is a later page of the list that *reading* is of."""
    own = canonical(url)
    pages = [page for page in map(canonical_or_none, reading.pager) if page]
    return bool(reading.previous_page) or any((len(p), p) < (len(own), own) for p in pages)


def is_section(candidates: Sequence[Candidate]) -> bool:
    """Tell whether a page with these links of the site lists articles or sections."""
    headlines = {c.key for c in candidates if len((c.title or "").encode("utf-8")) >= 18}
    return len(headlines) >= SECTION_LINKS


def is_twin(article: Article, url: str, plan: CrawlPlan) -> bool:
    """Tell whether the page at *url* names another page of the site as its original."""
    own = canonical(url)
    return (
        article.url != own
        and plan.in_scope(article.url)
        and _without_www(article.url) != _without_www(own)
    )


def _without_www(url: str) -> str:
    """Return *url* less what two addresses of one page often differ in."""
    rest = url.partition("://")[2].removeprefix("www.")
    return rest.partition("?")[0].rstrip("/")


def is_other_page_of(reading: Reading, url: str) -> str | None:
    """Return the first page of the article of which *url* is a later page, else None."""
    # A 上一页 that leads out of the pager is the article before this one.
    if reading.previous_page not in reading.pager:
        return None
    own = canonical(url)
    pages = [page for page in map(canonical_or_none, reading.pager) if page]
    # The first page has the shortest address: x.html before x_2.html, /x/ before /x/index_2.html.
    first = min(pages, key=lambda page: (len(page), page))
    return first if len(first) <= len(own) and first != own else None


def is_further_page(reading: Reading, parts: Sequence[Article]) -> bool:
    """Tell whether a page goes on with an article of which *parts* are the pages before it.

    It has a text that none of them has; or pictures alone, and a pager that leads to the first.
    """
    body = reading.article.body_sha256
    if reading.article.body:
        return all(part.body_sha256 != body for part in parts)
    first = canonical_or_none(parts[0].requested_url or parts[0].url)
    return first in map(canonical_or_none, reading.pager)


def is_start_of(article: Article, later: Article) -> bool:
    """Tell whether *article* may be the first page of what *later* is a later page of.

    The pages of an article repeat its title and date; those of a list have no date of their own.
    """
    return (
        article.date_published is not None
        and article.date_published == later.date_published
        and article.title == later.title
    )


def may_start(article: Article) -> bool:
    """Tell whether a page may be the first of an article, though it says nothing itself.

    A first page with nothing but a picture has headline, date and a next page, but no text.
    """
    return bool(article.next_page and article.title and article.date_published and not article.body)


def is_excuse(article: Article) -> bool:
    """Tell whether a page of status 200 only says that what was asked for is not there."""
    return is_missing_notice(article.title or "", article.body)


def validators(visit: Visit) -> dict[str, str]:
    """Return the headers that ask for what was visited only if it has changed.

    Not where pages are rendered: what scripts fill changes behind an empty page that does not.
    """
    headers = {}
    # The later pages of an article are read only together with its first.
    if visit.page_count == 0 and visit.http_status in (200, 304):
        if visit.etag:
            headers["If-None-Match"] = visit.etag
        if visit.last_modified:
            headers["If-Modified-Since"] = visit.last_modified
    return headers


def known_of(visit: Visit | None) -> dict[str, Any]:
    """Return what a request takes along of what is known of its address."""
    if visit is None:
        return {}
    known = {"known_kind": visit.kind, "is_start": visit.page_count > 0}
    return {**known, "failures": visit.failures} if visit.failures else known


def robots_of(response: Response, reading: Reading) -> frozenset[str]:
    """Return the directives of meta robots and X-Robots-Tag that concern every crawler."""
    headers = response.headers.getlist("X-Robots-Tag")
    return robots.robots_of((value.decode("latin-1") for value in headers), reading)


def pause(failures: int, *, is_answered: bool, is_article: bool) -> timedelta:
    """Return how long an address rests that gave no page *failures* times in a row, this one
    included: twice as long each time.

    *is_answered*: the server says that nothing is there, or not for us. Else there was no answer,
    or an error of the server, which may be over in the next run already.

    >>> [pause(n, is_answered=False, is_article=False).days for n in (1, 6, 10, 12, 99)]
    [0, 0, 10, 30, 30]
    """
    doublings = failures - (1 if is_answered else 2)
    if doublings < 0:
        return timedelta(0)
    first = NO_PAGE_PAUSE if is_answered else NO_ANSWER_PAUSE
    rest: timedelta = first * 2 ** min(doublings, 20)
    return min(rest, LONGEST_ARTICLE_PAUSE if is_article and not is_answered else LONGEST_PAUSE)


def next_visit(
    kind: UrlKind | None, article: Article | None, now: datetime, *, is_later_page: bool = False
) -> datetime | None:
    """Return when to ask again; None is in every run, as for the first page of a list.

    Its later pages are asked for when the one before has something new, and once a week. An article
    is looked at again after half its age, between an hour and half a year: most edits come in the
    first hours.
    """
    if kind in ("section", "feed", "sitemap"):
        return now + LATER_LIST_PAGES_AFTER if is_later_page else None
    if article is None:
        return now + (LONGEST_PAUSE if kind else NO_PAGE_PAUSE)
    age = now - article.date_published if article.date_published else timedelta(days=30)
    return now + min(max(age / 2, YOUNGEST_INTERVAL), OLDEST_INTERVAL)
