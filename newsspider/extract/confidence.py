"""How sure it is that a page is one article: 0 to 1, from what articles have and other pages have
not.
"""

import math
import re

from newsspider.extract import hints, lists
from newsspider.extract.metadata import types_of
from newsspider.extract.phrases import Phrases
from newsspider.extract.scene import Scene
from newsspider.extract.times import Times

_MISSING = re.compile(
    r"(?:您|你)?(?:访问|查看|浏览|请求|要找)的?(?:页面|网页|内容|文章|信息)[^。]{0,8}(?:不存在|"
    r"已被?删除|已?找不到|已?失效|过期)|"
    r"(?:页面|网页|文章|内容|信息)[^。，]{0,6}(?:不存在|已被?删除|被删除|找不到|未找到|走丢|"
    r"已下线|已失效)|"
    r"抱歉[^。]{0,20}(?:不存在|删除|找不到|无法访问)|404\s*(?:error|not found|错误)|error\s*404|"
    r"page (?:not found|(?:can ?not|could not) be found)|"
    r"(?:no longer (?:available|exists)|does(?: not|n't) exist|seite nicht gefunden|"
    r"page introuvable|página no encontrada)|"
    r"^\s*404\b|系统(?:繁忙|错误)|服务器(?:错误|繁忙)|访问(?:被拒绝|过于频繁)|access denied|"
    r"forbidden|请输入验证码|安全验证",
    re.I,
)
MAX_NOTICE_BYTES = 900

_ARTICLE_KIND = re.compile(r"NewsArticle|Report|Opinion|Analysis|LiveBlog")
_OTHER_TYPES = frozenset(
    (
        "Product",
        "Offer",
        "AggregateOffer",
        "ItemList",
        "CollectionPage",
        "SearchResultsPage",
        "LocalBusiness",
        "Service",
        "DiscussionForumPosting",
        "QAPage",
        "Question",
        "ProfilePage",
        "ContactPage",
        "AboutPage",
        "SoftwareApplication",
        "Course",
        "Hotel",
        "Restaurant",
        "ProductGroup",
        "TechArticle",
        "APIReference",
    )
)
_OG_OTHER = re.compile(r"product|website|profile|video|business|place|book|object", re.I)
_SHOP_PATH = re.compile(
    r"/(?:products?|shop|store|items?|cart|collections?|dp|catalog(?:ue)?|buy|deals?|p|"
    r"pd)(?:[/._-]|$)",
    re.I,
)
_FORUM_PATH = re.compile(
    r"/(?:forums?|threads?|viewtopic|showthread|topics?|t|questions?|discussions?|community|board|"
    r"bbs|comments)(?:[/._?-]|$)|^forum|//(?:forums?|community|bbs|discuss)\.",
    re.I,
)
_DOC_PATH = re.compile(
    r"/(?:docs?|documentation|api|reference|manual|wiki|help|support|kb|faq|guides?|tutorials?|"
    r"learn|man|en-us|handbook)(?:[/._-]|$)|//(?:docs?|help|support|developers?|api|wiki|learn)\.",
    re.I,
)
_SERVICE_PATH = re.compile(
    r"/(?:services?|about|contact|pricing|solutions?|locations?|careers?|team|features?|plans?|"
    r"platform|company|who-we-are|industries)(?:[/._-]|$)",
    re.I,
)
_LIST_PATH = re.compile(
    r"/(?:tags?|categor(?:y|ies)|list|archives?|search|index|authors?|directory|best|top|news|"
    r"blog|page)/?(?:\d+/?)?$",
    re.I,
)
_NEWS_PATH = re.compile(
    r"/(?:news|article|articles|story|stories|blog|posts?|politics|world|business|sport|content|a|"
    r"c|n\d|opinion|20\d\d)/",
    re.I,
)
_DATE_PATH = re.compile(r"/20\d\d[/-]?(?:0\d|1[0-2])|t20\d{6}|20\d{2}-\d{2}-\d{2}")
_SALE = Phrases(
    r"[$€£¥￥]\s?\d|add to (?:cart|bag|basket)|buy now|in stock|free shipping|加入购物车|立即购买|"
    r"request a quote|get a quote|book now|free consultation",
    needs="$|add to |buy now|in stock|free shipping|a quote|book now|free consultation|€|£|¥|￥|"
    "加入购物车|立即购买",
)
_REPLY_OPENS = tuple(
    "reply quote replies post joined like upvote report share permalink view member 回复 楼主 引用"
    " 发帖 #".split()
)
_REPLY = re.compile(
    r"^(?:reply|quote|replies|posts?|joined|likes?|upvote|report|share|permalink|views?|member|"
    r"回复|楼主|引用|发帖|\d+楼)\b|wrote:$|said:$|^#\d+$",
    re.I,
)


def _is_reply(text: str) -> bool:
    """Tell whether a short line belongs to a post of a forum."""
    low = text.lower()
    if not (low.startswith(_REPLY_OPENS) or low.endswith(("wrote:", "said:")) or low[:1].isdigit()):
        return False
    return bool(_REPLY.search(text))


def is_missing_notice(title: str, body: str) -> bool:
    """Tell whether a page says that what was asked for is not there (a soft 404), or that it is an
    error.
    """
    if _MISSING.search(title):
        return True
    return len(body.encode("utf-8", "replace")) < MAX_NOTICE_BYTES and bool(_MISSING.search(body))


def article_confidence(scene: Scene, times: Times, authored: bool) -> float:
    """Return how sure it is that the page is one article, 0 to 1; 0.5 is the watershed."""
    text = "\n".join(block.text for block in scene.body.blocks)
    title = scene.headline.text if scene.headline else ""
    if not text:
        return 0.05 if title else 0.02
    if is_missing_notice(f"{title} {scene.head.title}", text):
        return 0.04
    signals = {**_sizes(scene), **_said(scene), **_address(scene)}
    signals["dated"] = float(times.published is not None and times.published.by != "url")
    signals["authored"] = float(authored)
    score = sum(WEIGHTS[name] * value for name, value in signals.items()) + WEIGHTS["bias"]
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, score)))), 4)


def _sizes(scene: Scene) -> dict[str, float]:
    """Return what the form of the page says: how much of it is running text, lists, sales,
    replies.
    """
    blocks = scene.outline.blocks
    body = scene.body.blocks
    inside = sum(block.size for block in body) or 1
    rest = sum(b.size for b in blocks if not scene.listed[b.position]) - inside
    entries = sum(
        len(one.items) for one in scene.lists if not lists.is_navigation(one, scene.roles)
    )
    long = [block for block in body if block.size > 120]
    comments = sum(b.size for b in blocks if scene.roles[b.node] & hints.COMMENT)
    return {
        "prose": math.log10(1 + scene.body.prose / 150),
        "paragraphs": math.log10(1 + len(long)),
        "share": inside / (inside + max(rest, 0)),
        "entries": math.log10((1 + 40 * entries) / (1 + inside / 3)),
        "many_entries": math.log10(1 + entries),
        "items": sum(b.size for b in body if b.item) / inside,
        "cells": sum(b.size for b in body if b.cell) / inside,
        "headings": sum(1 for b in body if b.heading) / (1 + len(long)),
        "short": sum(1 for b in body if b.size < 60) / len(body),
        "linked": sum(b.link_size for b in body) / inside,
        "code": min(1.0, sum(b.tag == "pre" for b in body) / 3),
        "sales": min(
            1.0, sum(bool(_SALE.search(b.text)) for b in blocks[:600] if b.size < 200) / 5
        ),
        "replies": min(1.0, sum(_is_reply(b.text) for b in blocks[:600] if b.size < 60) / 8),
        "comments": math.log10(1 + comments / inside),
        "headline": float(scene.headline is not None and scene.headline.block >= 0),
    }


def _said(scene: Scene) -> dict[str, float]:
    """Return what the head says for and against."""
    head = scene.head
    kinds = {kind for one in head.objects[:60] for kind in types_of(one)}
    og_type = head.meta("og:type") or ""
    stated = bool(head.article)
    return {
        "ld_article": float(stated),
        "ld_news": float(stated and any(_ARTICLE_KIND.search(k) for k in types_of(head.article))),
        "ld_other": float(bool(kinds & _OTHER_TYPES)),
        "og_article": float("article" in og_type.lower() or "news" in og_type.lower()),
        "og_other": float(bool(_OG_OTHER.search(og_type))),
        "published_meta": float(
            bool(head.meta("article:published_time", "pubdate", "publishdate"))
        ),
    }


def _address(scene: Scene) -> dict[str, float]:
    """Return what the address says: that of a home page, a list, a shop, a forum, a manual."""
    url = scene.url
    path = re.sub(r"^https?://[^/]*", "", url)
    bare = path.split("?")[0]
    return {
        "home": float(bool(url) and path in ("", "/")),
        "article_path": float(bool(path) and lists.looks_like_article(path)),
        "date_path": float(bool(_DATE_PATH.search(path))),
        "news_path": float(bool(_NEWS_PATH.search(path))),
        "slug": min(8, bare.rstrip("/").rpartition("/")[2].count("-")) / 8,
        "shop_path": float(bool(_SHOP_PATH.search(path))),
        "forum_path": float(bool(_FORUM_PATH.search(url))),
        "doc_path": float(bool(_DOC_PATH.search(url))),
        "service_path": float(bool(_SERVICE_PATH.search(path))),
        "list_path": float(bool(_LIST_PATH.search(bare))),
    }


WEIGHTS: dict[str, float] = {
    "bias": -2.7,
    "article_path": 0.3,
    "authored": 1.0,
    "cells": -1.45,
    "code": -1.3,
    "comments": -1.4,
    "date_path": 0.7,
    "dated": 1.35,
    "doc_path": -1.3,
    "entries": -0.5,
    "forum_path": -2.8,
    "headings": -0.3,
    "headline": 0.5,
    "home": -4.0,
    "items": -0.75,
    "ld_article": 0.5,
    "ld_news": 0.7,
    "ld_other": -1.45,
    "linked": -1.9,
    "list_path": -0.2,
    "many_entries": 0.15,
    "news_path": 1.2,
    "og_article": 0.3,
    "og_other": -0.9,
    "paragraphs": 0.1,
    "prose": 0.75,
    "published_meta": 0.15,
    "replies": -0.6,
    "sales": -0.45,
    "service_path": -0.6,
    "share": 2.4,
    "shop_path": -0.7,
    "short": -0.55,
    "slug": 1.6,
}
"""Of a logistic regression over pages of news sites, blogs, shops, forums, manuals and list pages.
"""
