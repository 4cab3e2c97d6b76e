"""How sure it is that a page is one article: 0 to 1, from what articles have and other pages have not."""

import math
import re

from newsspider.extract import lists
from newsspider.extract.metadata import types_of
from newsspider.extract.scene import Scene
from newsspider.extract.times import Times

_MISSING = re.compile(
    r"(?:您|你)?(?:访问|查看|浏览|请求|要找)的?(?:页面|网页|内容|文章|信息)[^。]{0,8}(?:不存在|已被?删除|已?找不到|已?失效|过期)|"
    r"(?:页面|网页|文章|内容|信息)[^。，]{0,6}(?:不存在|已被?删除|被删除|找不到|未找到|走丢|已下线|已失效)|"
    r"抱歉[^。]{0,20}(?:不存在|删除|找不到|无法访问)|404\s*(?:error|not found|错误)|error\s*404|page (?:not found|(?:can ?not|could not) be found)|"
    r"(?:no longer (?:available|exists)|does(?: not|n't) exist|seite nicht gefunden|page introuvable|página no encontrada)|"
    r"^\s*404\b|系统(?:繁忙|错误)|服务器(?:错误|繁忙)|访问(?:被拒绝|过于频繁)|access denied|forbidden|请输入验证码|安全验证",
    re.I,
)
_SHOP_TYPES = frozenset(("Product", "Offer", "AggregateOffer", "ItemList", "CollectionPage", "SearchResultsPage", "LocalBusiness", "Service", "DiscussionForumPosting", "QAPage", "FAQPage", "ProfilePage", "ContactPage", "AboutPage", "SoftwareApplication", "Recipe", "Course", "Hotel", "Restaurant"))
_OG_OTHER = re.compile(r"product|website|profile|video|business|place|blog$|book", re.I)


def is_missing_notice(title: str, body: str) -> bool:
    """Tell whether a page says that what was asked for is not there (a soft 404), or that it is an error."""
    return bool(_MISSING.search(title)) or (len(body.encode()) < 900 and bool(_MISSING.search(body)))


def article_confidence(scene: Scene, times: Times) -> float:
    """Return how sure it is that the page is one article, 0 to 1; 0.5 is the watershed."""
    body = scene.body
    text = "\n".join(block.text for block in body.blocks)
    title = scene.headline.text if scene.headline else ""
    if not text:
        return 0.02 if not title else 0.05
    if is_missing_notice(title + " " + scene.head.title, text):
        return 0.04
    score = -2.2
    score += 1.1 * math.log10(1 + body.prose / 150)
    score += 1.0 if times.published and times.published.by != "url" else 0.0
    score += _page_says(scene)
    score += _shape(scene)
    return round(1 / (1 + math.exp(-score)), 4)


def _page_says(scene: Scene) -> float:
    """Return what the head says for and against."""
    score = 0.0
    head = scene.head
    if head.article:
        score += 1.2
    kinds = {kind for one in head.objects[:50] for kind in types_of(one)}
    if kinds & _SHOP_TYPES and not head.article:
        score -= 1.0
    og_type = head.meta("og:type") or ""
    if "article" in og_type.lower() or "news" in og_type.lower():
        score += 0.8
    elif _OG_OTHER.search(og_type):
        score -= 0.6
    return score


def _shape(scene: Scene) -> float:
    """Return what the form of the page says: how much of it is the text, how much links."""
    blocks = scene.outline.blocks
    body_bytes = sum(block.size for block in scene.body.blocks)
    rest = sum(b.size for b in blocks if not scene.listed[b.position]) - body_bytes
    entries = sum(len(one.items) for one in scene.lists if not lists.is_navigation(scene.outline, one, scene.roles))
    score = 1.6 * body_bytes / (body_bytes + rest + 1) - 0.4
    score -= 0.9 * max(0.0, math.log10((1 + 40 * entries) / (1 + body_bytes / 3)))
    paragraphs = sum(block.size > 120 for block in scene.body.blocks)
    score += 0.5 if paragraphs >= 3 else (0.2 if paragraphs else -0.6)
    path = re.sub(r"^https?://[^/]*", "", scene.url)
    if scene.url and path in ("", "/"):
        score -= 2.0
    elif path and lists.looks_like_article(path):
        score += 0.5
    elif path.endswith("/"):
        score -= 0.3
    if scene.headline is None:
        score -= 1.0
    elif scene.headline.block >= 0:
        score += 0.3
    return score
