"""How sure it is that a page is one article: 0 to 1, from what articles have and other pages have
not.
"""

import math
import re

from newsspider.extract import hints, lists
from newsspider.extract.metadata import types_of
from newsspider.extract.origin import Origin
from newsspider.extract.phrases import Phrases
from newsspider.extract.scene import Scene
from newsspider.extract.times import Times
from newsspider.extract.weights import WEIGHTS

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


def _is_stamp(text: str) -> bool:
    """Tell whether a short line holds a time."""
    # To look for a digit takes a tenth of the time that the borders of words take.
    return bool(_STAMPED.search(text) or "ago" in text) and bool(_STAMP.search(text))


def _is_manual(text: str) -> bool:
    """Tell whether a short line is one of those that manuals are full of."""
    return text.lower().startswith(_MANUAL_OPENS) and bool(_MANUAL.match(text))


def _is_call(text: str) -> bool:
    """Tell whether the text of a link calls upon the reader to do something."""
    if len(text) >= MAX_CALL_LENGTH or not text.lower().startswith(_CALL_OPENS):
        return False
    return bool(_CALL.match(text))


def _is_reply(text: str) -> bool:
    """Tell whether a short line belongs to a post of a forum."""
    low = text.lower()
    if not (low.startswith(_REPLY_OPENS) or low.endswith(("wrote:", "said:")) or low[:1].isdigit()):
        return False
    return bool(_REPLY.search(text))


STUB_BYTES = 400
MAX_LINES = 600
"""Blocks whose lines are looked at."""
_STAMP = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}:\d\d\b|\bago\b|[前日]$")
_STAMPED = re.compile(r"[\d前日]")
_MANUAL_OPENS = tuple(
    "on this,in this,table of,contents,edit,was this,previous,next,note,warning,tip,example,"
    "parameter,return,usage,syntax,see also,overview,getting,installation,requirements,"
    "prerequisites,reference,api,changelog,cop,version,feedback,index,last ,文档,目录,上一页,"
    "下一页".split(",")
)
_MANUAL = re.compile(
    r"^(?:on this page|in this (?:article|section)|table of contents|contents|edit (?:this|on) |"
    r"edit page|was this (?:page|article|helpful)|previous|next(?: topic| page)?|note|warning|tip|"
    r"example|parameters?|returns?|usage|syntax|see also|overview|getting started|installation|"
    r"requirements|prerequisites|reference|api|changelog|copy|copied|version|feedback|index|"
    r"last (?:updated|modified|edited).*|文档|目录|上一页|下一页)\W*$",
    re.I,
)
MAX_LINKS = 300
MAX_CALL_LENGTH = 24
MAX_GAP = 30
"""Blocks between headline and text; where no headline is shown, too."""
_MEMBER = Phrases(
    r"/(?:members?|users?|profiles?|u|uid|space|memberlist)[/-]|[?&](?:u|uid|user|member)=|"
    r"member\.php|profile\.php|/#?post-?\d|#(?:post|reply|comment|msg|p)-?\d",
    needs="/member|/user|/profile|/u/|/u-|/uid|/space|u=|uid=|user=|member=|member.php|profile.php|"
    "/post|#post|#reply|#comment|#msg|#p",
)
_CALL_OPENS = tuple(
    "learn more,get started,contact,book,shop,buy,request,schedule,start,try,sign up,free trial,"
    "add to,view ,see ,find out more,get a,talk to,download,explore,discover,compare,order,apply,"
    "read more,立即,马上,联系我们,免费试用,了解更多,加入".split(",")
)
_CALL = re.compile(
    r"^(?:learn more|get started|contact(?: us)?|book|shop|buy|request|schedule|start|try|sign up|"
    r"free trial|add to|view (?:all|product|details)|see (?:all|more|details)|find out more|"
    r"get a|talk to|download|explore|discover|compare|order|apply|read more|立即|马上|联系我们|"
    r"免费试用|了解更多|加入)",
    re.I,
)
_MANUAL_ENGINE = re.compile(
    r"docusaurus|sphinx|mkdocs|gitbook|hugo-docs|mediawiki|vuepress|doxygen|javadoc|docfx|asciidoc|"
    r"readme|confluence",
    re.I,
)
# The borders of words are asked for last: the search is quick only for what begins with letters.
_YOU = re.compile(
    r"[yY](?<!\w.)[oO][uU](?:[rR][sS]?)?\b|[wW](?<!\w.)[eE]\b|[oO](?<!\w.)[uU][rR]\b|[您你]", re.S
)
_FIRST_PERSON = (" I ", "\nI ", " I'", " I’", " my ", "\nMy ", " My ")
_QUOTED = re.compile(r"[“„«「][^”“»」]{12,}[”“»」]|\"(?<!\w\")[^\"]{12,}\"")
_SAID = Phrases(
    r"\b(?:said|says|told|according to|announced|sagte|laut|erklärte|dijo|según|selon|a déclaré)\b|"
    r"记者|据悉|报道|表示|介绍说",
    needs="said|says|told|according to|announced|sagte|laut|erklärte|dijo|según|selon|a déclaré|"
    "记者|据悉|报道|表示|介绍说",
)
_DOC_TITLE = re.compile(
    r"\b(?:documentation|docs?|reference|manual|api|wiki|handbook|tutorial|readme|help|support|"
    r"man page|cheat ?sheet|faq|glossary|specification|guide|sdk|cli)\b|文档|手册|帮助|教程",
    re.I,
)
_FORUM_TITLE = re.compile(
    r"\b(?:forums?|community|thread|topic|discussion|board|q&a)\b|论坛|贴吧", re.I
)


def is_missing_notice(title: str, body: str) -> bool:
    """Tell whether a page says that what was asked for is not there (a soft 404), or that it is an
    error.
    """
    if _MISSING.search(title):
        return True
    return len(body.encode("utf-8", "replace")) < MAX_NOTICE_BYTES and bool(_MISSING.search(body))


def article_confidence(scene: Scene, times: Times, origin: Origin) -> float:
    """Return how sure it is that the page is one article, 0 to 1; 0.5 is the watershed."""
    text = "\n".join(block.text for block in scene.body.blocks)
    title = scene.headline.text if scene.headline else ""
    if not text:
        return 0.05 if title else 0.02
    if is_missing_notice(f"{title} {scene.head.title}", text):
        return 0.04
    found = signals(scene, times, origin)
    score = sum(WEIGHTS.get(name, 0.0) * value for name, value in found.items()) + WEIGHTS["bias"]
    stated = times.published or origin.authors or origin.source or origin.editors
    if not stated and scene.body.prose < STUB_BYTES:
        # A line or two that nobody signed or dated is a notice, a portrait, an empty section.
        score = min(score, -0.5)
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, score)))), 4)


def signals(scene: Scene, times: Times, origin: Origin) -> dict[str, float]:
    """Return what tells articles from other pages, by name, each about 0 to 3; the page has text.

    benchmarks/train_confidence.py learns how much each of them weighs.
    """
    by = times.published.by if times.published else ""
    shown = by.startswith("heuristic:") and by not in ("heuristic:data", "heuristic:time")
    return {
        **_sizes(scene),
        **_lines(scene),
        **_flow(scene),
        **_linked(scene),
        **_said(scene),
        **_address(scene),
        "dated_shown": float(shown),
        "dated_marked": float(by == "heuristic:time"),
        "dated_head": float(by.startswith(("json-ld", "meta:"))),
        "clocked": float(times.published is not None and times.published.when.precision != "day"),
        "authored": float(bool(origin.authors)),
        "sourced": float(bool(origin.source or origin.editors)),
        "signed": float(origin.by.get("authors", "") in ("byline", "heuristic:author-link")),
    }


def _sizes(scene: Scene) -> dict[str, float]:
    """Return what the form of the page says: how much of it is running text and lists."""
    blocks = scene.outline.blocks
    body = scene.body.blocks
    inside = sum(block.size for block in body) or 1
    rest = sum(b.size for b in blocks if not scene.listed[b.position]) - inside
    entries = sum(
        len(one.items) for one in scene.lists if not lists.is_navigation(one, scene.roles)
    )
    long = [block for block in body if block.size > 120]
    roles = [scene.roles[block.node] for block in blocks]
    comments = sum(b.size for b, role in zip(blocks, roles, strict=True) if role & hints.COMMENT)
    captions = sum(bool(role & hints.CAPTION) for role in roles)
    gap = body[0].position - scene.title_block if scene.title_block >= 0 else MAX_GAP
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
        "comments": math.log10(1 + comments / inside),
        "captions": math.log10(1 + captions),
        "below_headline": math.log10(1 + max(0, gap)),
        "headline": float(scene.headline is not None and scene.headline.block >= 0),
        "links": math.log10(1 + len(scene.outline.links)) - 1,
        "related": math.log10(1 + sum(bool(one.heading) for one in scene.lists)),
    }


def _lines(scene: Scene) -> dict[str, float]:
    """Return what short lines say: code, prices, replies, dates in a row, the words of manuals."""
    blocks = scene.outline.blocks[:MAX_LINES]
    short = [block for block in blocks if block.size < 60]
    body = scene.body.blocks
    inside = sum(block.size for block in body) or 1
    opening = "\n".join([block.text for block in body[:60]])
    return {
        "any_code": math.log10(1 + sum(block.tag == "pre" for block in blocks)),
        "sales": min(1.0, _SALE.held_by([b.text for b in blocks if b.size < 200]) / 5),
        "replies": min(1.0, sum(_is_reply(b.text) for b in short) / 8),
        "stamps": math.log10(1 + sum(_is_stamp(b.text) for b in short)),
        "manual": min(1.0, sum(_is_manual(b.text) for b in short) / 3),
        "asks": sum(b.text.endswith("?") for b in body if b.heading) / (1 + len(body) / 10),
        "you": min(1.0, 20 * len(_YOU.findall(opening)) / (inside / 6)),
        "first_person": min(1.0, 120 * sum(map(opening.count, _FIRST_PERSON)) / len(opening)),
        "exclaims": min(1.0, opening.count("!") / 8),
        "quotes": min(1.0, sum(len(_QUOTED.findall(b.text)) for b in body[:60]) / 8),
        "past": min(1.0, _SAID.held_by([b.text for b in body[:60]]) / 4),
    }


def _flow(scene: Scene) -> dict[str, float]:
    """Return how the text runs: long headlines, one paragraph after another, or piece by piece."""
    body = scene.body.blocks
    outline = scene.outline
    title = scene.headline.text if scene.headline else ""
    running = [block.size for block in body if block.size > 120 and not block.item]
    longest = run = 0
    before = -2
    for block in body:
        run = run + 1 if block.position == before + 1 and block.size > 120 else 0
        longest, before = max(longest, run), block.position
    headings = [block for block in body if block.heading]
    region = outline.nodes[scene.body.node]
    inside = outline.blocks[region.first : region.end]
    forms = sum(bool(block.roles & hints.FORM) for block in inside)
    claimed = sum(block.size for block in body if block.roles & hints.COMMENT)
    return {
        "title_length": min(1.0, len(title.encode()) / 60),
        "title_asks": float(title.endswith(("?", "？"))),
        "run": math.log10(1 + longest),
        "mean_paragraph": math.log10(1 + sum(running) / (len(running) or 1)) / 3,
        "linked_headings": sum(b.link_share > 0.5 for b in headings) / (len(headings) or 1),
        "forms": math.log10(1 + forms),
        "claimed_comments": claimed / (sum(block.size for block in body) or 1),
        "article_element": float(any(node.tag == "article" for node in outline.nodes)),
        "pieces": math.log10(1 + sum(b.heading > 0 for b in inside)),
        "gaps": len(inside) / (len(inside) + 3 * len(body)),
    }


def _linked(scene: Scene) -> dict[str, float]:
    """Return what the links say: members of a forum, telephones, offers, places in a manual."""
    links = scene.outline.links[:MAX_LINKS]
    folder = scene.url.split("?")[0].rstrip("/").rpartition("/")[0].partition("://")[2]
    folder = folder.partition("/")[2]
    near = sum(f"/{folder}/" in link.href for link in links) if folder else 0
    return {
        "members": math.log10(1 + _MEMBER.held_by([link.href for link in links])),
        "phones": min(1.0, sum(link.href.startswith("tel:") for link in links) / 2),
        "calls": min(1.0, sum(_is_call(link.text) for link in links) / 6),
        "permalinks": math.log10(1 + sum(link.text in ("#", "¶", "§") for link in links)),
        "anchors": math.log10(1 + sum(link.href.startswith("#") for link in links)),
        "siblings": near / (len(links) or 1),
        "manual_engine": float(bool(_MANUAL_ENGINE.search(scene.head.meta("generator") or ""))),
        "shop_engine": float(bool(scene.head.meta("product:price:amount", "og:price:amount"))),
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
        "modified_only": float(
            bool(head.meta("article:modified_time")) and not head.meta("article:published_time")
        ),
        "ld_person": float(bool(head.article.get("author"))),
        "doc_title": float(bool(_DOC_TITLE.search(head.title))),
        "forum_title": float(bool(_FORUM_TITLE.search(head.title))),
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
