"""What the names of classes, ids and elements say about their content: one bit for each role."""

import re
from functools import lru_cache

NAV = 1
HEADER = 2
FOOTER = 4
ASIDE = 8
COMMENT = 16
RELATED = 32
SHARE = 64
AD = 128
META = 256
CAPTION = 512
PAGER = 1024
TAGS = 2048
PROMO = 4096
HIDDEN = 8192
FORM = 16384
BODY = 32768
LEAD = 65536
BIO = 131072
QUOTE = 262144
MAIN = 524288
GALLERY = 1048576

BOILERPLATE = NAV | FOOTER | COMMENT | RELATED | SHARE | AD | PAGER | TAGS | PROMO | HIDDEN | BIO
"""Roles whose text is never part of a body, unless most of the page's text lies inside."""


def _tokens(words: str) -> str:
    """Return a pattern that finds any of *words* as a part between separators, digits allowed behind."""
    return r"(?<![a-z])(?:" + "|".join(words.replace("_", "-").split()) + r")(?![a-z])"


def _whole(words: str) -> str:
    """Return a pattern that finds any of *words* as a whole name."""
    return r"(?<!\S)(?:" + "|".join(words.split()) + r")(?!\S)"


_NAMES: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (flag, re.compile(pattern))
    for flag, pattern in (
        (NAV, _tokens(
            "nav navs navi navbar navigation topnav subnav mainnav menu submenu menus breadcrumb breadcrumbs crumb "
            "crumbs bread path weizhi daohang location topbar toolbar megamenu sitenav skip skiplink "
            "skip-to-content daohanglan toc table-of-contents tableofcontents"
        )),
        (HEADER, _tokens("header head masthead banner hd logo site-header siteheader")),
        (FOOTER, _tokens(
            "footer foot footers copyright footnav sitefooter pagefooter disclaimer banquan imprint legal"
        )),
        (ASIDE, _tokens("aside sidebar side rightbar right-side rightcol rail sidebox side-bar pright right_box r-side")),
        (COMMENT, _tokens(
            "comment comments commentlist commentlists cmt cmts reply replies respond discuss discussion disqus pinglun "
            "fb-comments reactions livefyre kommentare kommentar commentaires comentarios guestbook post-comments "
            "commentbox comment-list comments-area"
        )),
        (RELATED, _tokens(
            "related relate relates relative relnews relatednews relatedposts relatedarticles recommend recommends "
            "recommended recommendation recommendations recommendlist rec recs tuijian xiangguan xgnews xgyd rank ranking "
            "ranklist paihang hot hotnews hotlist remen popular most-read mostread most-popular mostpopular trending "
            "guess like-list readmore read-more read-also readalso more-news morenews more-stories more-articles also-read "
            "alsoread see-also seealso you-may-like outbrain taboola yarpp jp-relatedposts zergnet teaser teasers "
            "teaser-list further-reading latest latestnews latest-news next-article next-post prev-next prevnext "
            "post-navigation upnext up-next interlink interlinks internal-links onward story-list storylist "
            "related-content related-articles linkbox articlelist article-list newslist news-list recirc "
            "recirculation moreon more-on weiteres mehr-zum-thema mehrzumthema"
        ) + r"|related(?:links|content|story|stories|post|article|topics)|recommend(?:ed|ation)"),
        (SHARE, _tokens(
            "share shares sharing sharebar share-bar sharebox shareit bdshare bdsharebuttonbox jiathis addthis addtoany "
            "social socials social-media socialmedia sns fenxiang follow followus follow-us whatsapp telegram sharedaddy "
            "social-share share-buttons sharebuttons share-tools jp-sharing"
        )),
        (AD, _tokens(
            "ad ads adv advs advert adverts advertise advertisement advertisements advertising adbox adsbox ad-box ad-slot adslot "
            "adsbygoogle ad-container adcontainer ad-wrapper adwrapper gg guanggao sponsor sponsored sponsors "
            "dfp gpt-ad google-ads adsense advertorial adwrap affiliate commercial werbung anzeige anzeigen "
            "promoted promobox adunit ad-unit"
        )),
        (META, _tokens(
            "meta metas meta-info metainfo byline bylines author authors source sources info infos date dates datetime time "
            "times timestamp pubtime pubdate publish published post-info post-meta entry-meta article-meta article-info "
            "articleinfo laiyuan editor dateline article-date article-time credits author-name authorname msg"
        )),
        (CAPTION, _tokens(
            "caption captions figcaption wp-caption-text image-caption photo-caption picture-caption img-caption imgcaption "
            "photo-credit image-credit photocredit imagecredit img-note pictext picinfo zhushi media-caption credit legend "
            "bildunterschrift figure-caption photo-description image-description copyright-image"
        )),
        (PAGER, _tokens("pager pagers pagination paging page-nav pagebar page-links pagelinks pages fenye multipage pagenav turnpage")),
        (TAGS, _tokens(
            "tag tags taglist tag-list tagcloud keywords keyword topics topic-list hashtags post-tags entry-tags article-tags "
            "tags-links cat-links categories category-list biaoqian"
        )),
        (PROMO, _tokens(
            "newsletter newsletters newsletter-signup subscribe subscription subscribe-box signup sign-up promo promos "
            "promotion promotions paywall piano cta call-to-action donate donation donations membership app-download "
            "download-app qrcode qr-code erweima ewm weixin popup pop-up modal overlay cookie cookies cookie-banner consent "
            "gdpr login register toast alert-signup signin marketing support-us weather stock ticker-bar shop-widget "
            "notice-bar jiucuo"
        )),
        (HIDDEN, _whole(
            "hidden hide sr-only visually-hidden visuallyhidden screen-reader-text screen-reader screenreader d-none "
            "is-hidden invisible print-only visible-print printonly only-print u-hidden hidden-text a11y-hidden offscreen "
            "seo aria-hidden displaynone display-none"
        )),
        (BODY, _tokens(
            "article-body articlebody article-content articlecontent article-text articletext article_content article_body "
            "story-body storybody storytext story-text story-content post-body post-content postcontent post-text post_body "
            "entry-content entrycontent content-body content-text contenttext maincontent main-content main-text maintext "
            "news-content newscontent newstext news-text news_content news-body text-content textcontent rich-text "
            "richtext rich_text trs_editor zoom zhengwen artibody article-main td-post-content body-text bodytext body-copy "
            "articlemain cont_txt content_area contentarea rm_txt_con text_area box_con left_zw endtext post_text show_text "
            "content_txt con_txt article-detail articledetail detail-content detailcontent article__body article__content "
            "story__body entry__content article-page-content wysiwyg c-entry-content paragraph js-article cms-content"
        ) + r"|^(?:content|article|text|body|ctrlcopy|cont)$"),
        (LEAD, _tokens(
            "lead lede leadin lead-in intro introduction standfirst stand-first subtitle sub-title subheading sub-heading "
            "subheadline sub-headline summary excerpt dek deck teaser-text article-lead article-intro article-summary "
            "description abstract chapo chapeau vorspann kicker-text entradilla bajada ingress anriss perex zhaiyao daodu "
            "article-description article-subtitle strapline strap tagline synopsis"
        )),
        (BIO, _tokens(
            "author-bio authorbio author-box authorbox author-info author-card about-author about-the-author abouttheauthor "
            "author-description author-profile authorprofile author-details contributor-bio writer-bio post-author-bio bio "
            "biography autorenbox autor-info author-about"
        )),
        (MAIN, _tokens("main article story post entry single hentry detail content-main main-article")),
        (GALLERY, _tokens("gallery slideshow carousel slider swiper lightbox photo-gallery media-gallery")),
    )
)  # fmt: skip

_ELEMENTS = {
    "nav": NAV,
    "footer": FOOTER,
    "header": HEADER,
    "aside": ASIDE,
    "form": FORM,
    "button": FORM,
    "figcaption": CAPTION,
    "figure": CAPTION,
    "caption": CAPTION,
    "article": MAIN,
    "main": MAIN,
    "blockquote": QUOTE,
    "address": META,
    "dialog": PROMO,
    "menu": NAV,
}
_ROLES = {
    "navigation": NAV,
    "banner": HEADER,
    "contentinfo": FOOTER,
    "complementary": ASIDE,
    "search": FORM,
    "dialog": PROMO,
    "main": MAIN,
    "article": MAIN,
    "menu": NAV,
    "menubar": NAV,
}
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# Names of utility frameworks (lg:hidden, w-[32px], width@desktop) speak of style, not of content.
# Those of blog engines repeat an article's tags and categories on its box.
_UTILITY = re.compile(r"[:@\[(/&]|^(?:tag|category|cat|has|post|postid|type|status|format|author|page-id|parent)-(?!body|content|text|list)")
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


@lru_cache(maxsize=32_768)
def of_names(names: str) -> int:
    """Return the roles that *names* (the class attribute, a space, the id) claim, as bits.

    >>> of_names("related-news clearfix") == RELATED, of_names("art_content2 ")
    (True, 0)
    """
    kept = [name for name in names.split() if not _UTILITY.search(name)]
    text = _CAMEL.sub("-", " ".join(kept)).lower().replace("_", "-")
    bits = 0
    for flag, pattern in _NAMES:
        if pattern.search(text):
            bits |= flag
    return bits


WHOLE = frozenset(("html", "body", "article", "main"))
"""Elements whose class names tell of the template, not of their role."""


def of_element(tag: str, role: str | None, style: str | None, hidden: bool) -> int:
    """Return the roles that the element itself claims: its tag, ARIA role, style and hidden attribute."""
    bits = _ELEMENTS.get(tag, 0)
    if role:
        bits |= _ROLES.get(role.lower(), 0)
    if hidden or (style and _UNSEEN.search(style)):
        bits |= HIDDEN
    return bits
