"""What the names of classes, ids and elements say about their content: one bit for each role."""

import re
from collections.abc import Mapping
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


# Words of class names and ids, as they stand between other characters than letters; a hyphen joins
# words that must stand together within one name.
_WORDS: tuple[tuple[int, str], ...] = (
    (
        NAV,
        "nav navs navi navbar navigation topnav subnav mainnav menu submenu menus breadcrumb "
        "breadcrumbs crumb crumbs bread path weizhi daohang location topbar toolbar megamenu "
        "sitenav skip skiplink skip-to-content daohanglan toc table-of-contents "
        "tableofcontents",
    ),
    (
        HEADER,
        "header head masthead banner hd logo site-header siteheader",
    ),
    (
        FOOTER,
        "footer foot footers ft copyright footnav sitefooter pagefooter disclaimer banquan "
        "imprint legal",
    ),
    (
        ASIDE,
        "aside sidebar side rightbar right-side rightcol rail sidebox side-bar pright "
        "right-box r-side",
    ),
    (
        COMMENT,
        "comment comments commentlist commentlists cmt cmts reply replies respond discuss "
        "discussion disqus pinglun fb-comments reactions livefyre kommentare kommentar "
        "commentaires comentarios guestbook post-comments commentbox comment-list "
        "comments-area",
    ),
    (
        RELATED,
        "related relate relates relative relnews relatednews relatedposts relatedarticles "
        "recommend recommends recommended recommendation recommendations recommendlist rec "
        "recs tuijian xiangguan xgnews xgyd rank ranking ranklist paihang hot hotnews hotlist "
        "remen popular most-read mostread most-popular mostpopular trending guess like-list "
        "readmore read-more read-also readalso more-news morenews more-stories more-articles "
        "also-read alsoread see-also seealso you-may-like outbrain taboola yarpp "
        "jp-relatedposts zergnet teaser teasers teaser-list further-reading latest latestnews "
        "latest-news next-article next-post prev-next prevnext post-navigation upnext up-next "
        "interlink interlinks internal-links onward story-list storylist related-content "
        "related-articles linkbox articlelist article-list newslist news-list recirc "
        "recirculation moreon more-on weiteres mehr-zum-thema mehrzumthema relatedlinks "
        "relatedcontent relatedstory relatedstories relatedpost relatedarticle relatedtopics",
    ),
    (
        SHARE,
        "share shares sharing sharebar share-bar sharebox shareit bdshare bdsharebuttonbox "
        "jiathis addthis addtoany social socials social-media socialmedia sns fenxiang follow "
        "followus follow-us whatsapp telegram sharedaddy social-share share-buttons "
        "sharebuttons share-tools jp-sharing",
    ),
    (
        AD,
        "ad ads adv advs advert adverts advertise advertisement advertisements advertising "
        "adbox adsbox ad-box ad-slot adslot adsbygoogle ad-container adcontainer ad-wrapper "
        "adwrapper gg guanggao sponsor sponsored sponsors dfp gpt-ad google-ads adsense "
        "advertorial adwrap affiliate commercial werbung anzeige anzeigen promoted promobox "
        "adunit ad-unit",
    ),
    (
        META,
        "meta metas meta-info metainfo byline bylines author authors source sources info infos "
        "date dates datetime time times timestamp pubtime pubdate publish published post-info "
        "post-meta entry-meta article-meta article-info articleinfo laiyuan editor dateline "
        "article-date article-time credits author-name authorname msg",
    ),
    (
        CAPTION,
        "caption captions figcaption pic pic-text img-text photo-text wp-caption-text "
        "image-caption photo-caption picture-caption img-caption imgcaption photo-credit "
        "image-credit photocredit imagecredit img-note pictext picinfo zhushi media-caption "
        "credit legend bildunterschrift figure-caption photo-description image-description "
        "copyright-image",
    ),
    (
        PAGER,
        "pager pagers pagination paging page-nav pagebar page-links pagelinks pages fenye "
        "multipage pagenav turnpage",
    ),
    (
        TAGS,
        "tag tags taglist tag-list tagcloud keywords keyword topics topic-list hashtags "
        "post-tags entry-tags article-tags tags-links cat-links categories category-list "
        "biaoqian",
    ),
    (
        PROMO,
        "newsletter newsletters newsletter-signup subscribe subscription subscribe-box signup "
        "sign-up promo promos promotion promotions paywall piano cta call-to-action donate "
        "donation donations membership app-download download-app qrcode qr-code erweima ewm "
        "weixin popup pop-up modal overlay cookie cookies cookie-banner consent gdpr login "
        "register toast alert-signup signin marketing support-us weather stock ticker-bar "
        "shop-widget notice-bar jiucuo",
    ),
    (
        BODY,
        "article-body articlebody article-content articlecontent article-text articletext "
        "story-body storybody storytext story-text story-content post-body post-content "
        "postcontent post-text entry-content entrycontent content-body content-text "
        "contenttext maincontent main-content main-text maintext news-content newscontent "
        "newstext news-text news-body text-content textcontent rich-text richtext trs-editor "
        "zoom zhengwen artibody article-main td-post-content body-text bodytext body-copy "
        "articlemain cont-txt content-area contentarea rm-txt-con text-area box-con left-zw "
        "endtext show-text content-txt con-txt article-detail articledetail detail-content "
        "detailcontent article--body article--content story--body entry--content "
        "article-page-content wysiwyg c-entry-content paragraph js-article cms-content",
    ),
    (
        LEAD,
        "lead lede leadin lead-in intro introduction standfirst stand-first subtitle sub-title "
        "subheading sub-heading subheadline sub-headline summary excerpt dek deck teaser-text "
        "article-lead article-intro article-summary description abstract chapo chapeau "
        "vorspann kicker-text entradilla bajada ingress anriss perex zhaiyao daodu "
        "article-description article-subtitle strapline strap tagline synopsis",
    ),
    (
        BIO,
        "author-bio authorbio author-box authorbox author-info author-card about-author "
        "about-the-author abouttheauthor author-description author-profile authorprofile "
        "author-details contributor-bio writer-bio post-author-bio bio biography autorenbox "
        "autor-info author-about",
    ),
    (
        MAIN,
        "main article story post entry single hentry detail content-main main-article",
    ),
    (
        GALLERY,
        "gallery slideshow carousel slider swiper lightbox photo-gallery media-gallery",
    ),
)
# These mean what they say only as a whole name: `hidden-xs` does not hide.
_WHOLE_NAMES = dict.fromkeys(
    (
        "hidden hide sr-only visually-hidden visuallyhidden screen-reader-text screen-reader "
        "screenreader d-none is-hidden invisible print-only visible-print printonly "
        "only-print u-hidden hidden-text a11y-hidden offscreen seo aria-hidden displaynone "
        "display-none"
    ).split(),
    HIDDEN,
)
# These only when nothing else is said: `content` alone is the text, in `content-list` it is not.
_ONLY_NAMES = dict.fromkeys("content article text body ctrlcopy cont".split(), BODY)
_BY_WORDS: dict[str, int] = {}
for _flag, _words in _WORDS:
    for _word in _words.split():
        _BY_WORDS[_word] = _BY_WORDS.get(_word, 0) | _flag
_LONGEST = max(word.count("-") for word in _BY_WORDS) + 1
_OPENING_WORDS = frozenset(word.partition("-")[0] for word in _BY_WORDS if "-" in word)
"""First words of those that several words make up."""
_NO_LETTERS = re.compile(r"[^a-z]+")

ELEMENTS = {
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
"""What elements claim by their name."""
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
_UTILITY = re.compile(
    r"[:@\[(/&]|^(?:tag|category|cat|has|post|postid|type|status|format|author|page-id|"
    r"parent)-(?!body|content|text|list)"
)
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


@lru_cache(maxsize=32_768)
def of_names(names: str) -> int:
    """Return the roles that *names* (the class attribute, a space, the id) claim, as bits.

    >>> of_names("related-news clearfix") == RELATED, of_names("art_content2 ")
    (True, 0)
    """
    bits = count = 0
    for name in names.split():
        one = _of_name(name)
        if one >= 0:
            bits |= one
            count += 1
            last = name
    if count == 1:
        bits |= _ONLY_NAMES.get(last.lower(), 0)
    return bits


@lru_cache(maxsize=32_768)
def _of_name(name: str) -> int:
    """Return the roles that one name claims, as bits; -1 for one that speaks of style."""
    # A name of letters alone has no utility in it, and most are one word.
    if not name.isalpha() and _UTILITY.search(name):
        return -1
    low = name.lower()
    bits = _WHOLE_NAMES.get(low, 0)
    if low == name and name.isalpha() and name.isascii():
        return bits | _BY_WORDS.get(name, 0)
    if not low.islower():
        return bits
    words = _NO_LETTERS.split(low if low == name else _CAMEL.sub("-", name).lower())
    for first, word in enumerate(words):
        bits |= _BY_WORDS.get(word, 0)
        if word in _OPENING_WORDS:
            for end in range(first + 2, min(first + _LONGEST, len(words)) + 1):
                bits |= _BY_WORDS.get("-".join(words[first:end]), 0)
    return bits


WHOLE = frozenset(("html", "body", "article", "main"))
"""Elements whose class names tell of the template, not of their role."""


TELLING = frozenset(("role", "hidden", "style", "itemprop"))
"""Attributes other than class and id that tell of a role."""


def of_attributes(attributes: Mapping[str, str]) -> int:
    """Return the roles that the TELLING attributes claim, as bits."""
    bits = _ROLES.get(attributes.get("role", "").lower(), 0)
    if "hidden" in attributes or _UNSEEN.search(attributes.get("style", "")):
        bits |= HIDDEN
    if attributes.get("itemprop") == "articleBody":
        bits |= BODY
    return bits
