"""The page templates of the sample portal: data alone, filled in by layout.py and lists.py."""

from dataclasses import replace

from newsspider.sample.markup import CHINESE_DAY, DAY, ENGLISH_DAY, MINUTE, SECOND, Listing, Style

NUMBERED = (
    '<a href="{path}">{n}</a>',
    '<span class="now">{n}</span>',
    '<a href="{path}">下一页</a>',
)
BRACKETS = ('<A href="{path}">【{n}】</A>', "<B>【{n}】</B>", "")

DEDE = Style(
    file="dede.html",
    path="/a/{story.section}/{story.published:%Y/%m%d}/{story.id}.html",
    page="/a/{story.section}/{story.published:%Y/%m%d}/{story.id}_{n}.html",
    date=SECOND,
    printed="second",
    precision="second",
    paragraph="<p>　　{}</p>",
    subhead="<p><strong>{}</strong></p>",
    quotes="<blockquote>{}</blockquote>",
    quote="<p>{}</p>",
    items="<ul>{}</ul>",
    item="<li>{}</li>",
    table='<table border="1" cellpadding="3">{}</table>',
    figure='<p align="center"><img src="{src}" alt="" /><br />'
    '<span class="pic">{caption}</span></p>',
    kicker='<div class="yinti">{}</div>',
    subtitle='<div class="futi">{}</div>',
    source="{}",
    authors="<small>作者:</small>{}　",
    editors="{}",
    joiner=" ",
    pager=NUMBERED,
    etag=True,
    last_modified=True,
    prints=True,
    repeats_title=True,
    lists=(
        Listing(
            heading="大家都爱看",
            kind="recommended",
            of="siblings",
            count=7,
            box="<ul>\n{items}\n</ul>",
            item='<li><h3><a href="{url}">{title}</a></h3><p>{teaser}<a href="{url}">更多</a></p>'
            '<span class="date">{date}</span></li>',
            cut=17,
            teaser=52,
            date=SECOND,
            precision="second",
        ),
    ),
)

TABLE = Style(
    file="table.html",
    path="/html/{story.published:%Y-%m/%d}/content_{story.id}.htm",
    page="/html/{story.published:%Y-%m/%d}/content_{story.id}_{n}.htm",
    date="{0:%Y}年{0:%m}月{0:%d}日{0:%H:%M}",
    day="{0:%Y}年{0:%m}月{0:%d}日",
    printed="minute",
    precision="minute",
    paragraph="　　{}<BR><BR>",
    subhead="<B>{}</B><BR><BR>",
    quotes="{}",
    quote="　　<I>{}</I><BR><BR>",
    items="{}",
    item="　　· {}<BR>",
    table="<TABLE width=600 align=center border=1>{}</TABLE><BR>",
    figure="<CENTER><IMG src={src} border=1><BR>"
    "<FONT color=#336699 size=2>{caption}</FONT></CENTER><BR>",
    kicker="<FONT size=3>{}</FONT><BR>",
    subtitle="<BR><FONT size=3>——{}</FONT>",
    source="{}",
    authors="作者：{}　",
    editors="<P align=right>【编辑：{}】</P>",
    joiner=" ",
    pager=BRACKETS,
    prints=True,
    lists=(
        Listing(
            heading="相关新闻",
            kind="related",
            of="siblings",
            count=5,
            box='<TABLE width="100%" border=0><TR><TD bgColor=#b00000><FONT color=#ffffff>'
            "<B>{heading}</B></FONT></TD></TR>\n{items}\n</TABLE>",
            item='<TR><TD>· <A href="{url}" title="{full}">{title}</A> '
            "<FONT color=gray>({date})</FONT></TD></TR>",
            cut=14,
            ellipsis="…",
            date=DAY,
            precision="day",
        ),
        Listing(
            heading="热点排行",
            kind="popular",
            of="hot",
            count=6,
            box='<TABLE width="100%" border=0><TR><TD colSpan=2 bgColor=#b00000>'
            "<FONT color=#ffffff><B>{heading}</B></FONT></TD></TR>\n{items}\n</TABLE>",
            item='<TR><TD width=20>{rank}</TD><TD><A href="{url}">{title}</A></TD></TR>',
        ),
    ),
)

MODERN = Style(
    file="modern.html",
    path="/news/{story.section}/{story.published:%Y%m%d}/{story.id}",
    page="/news/{story.section}/{story.published:%Y%m%d}/{story.id}/p{n}",
    date=MINUTE,
    printed="minute",
    precision="second",
    paragraph="<p>{}</p>",
    subhead="<h2>{}</h2>",
    quotes="<blockquote>{}</blockquote>",
    quote="<p>{}</p>",
    items="<ul>{}</ul>",
    item="<li>{}</li>",
    table='<div class="table-wrap"><table><tbody>{}</tbody></table></div>',
    figure='<figure><img class="lazy" src="/static/blank.gif" data-src="{src}" alt="{alt}">'
    "<figcaption>{caption}</figcaption></figure>",
    kicker='<p class="detail-kicker">{}</p>',
    subtitle='<p class="detail-subtitle">{}</p>',
    source='<span class="source">来源：{}</span>',
    authors='<span class="author">作者：{}</span>',
    editors='<p class="detail-editor">责任编辑：{} '
    '<a href="/admin/report?id={id}" rel="nofollow">【纠错】</a></p>',
    modified='<span class="updated">更新时间：{}</span>',
    declares_canonical=True,
    etag=True,
    comments_heading="网友评论",
    lists=(
        Listing(
            heading="相关阅读",
            kind="related",
            of="siblings",
            count=4,
            box='<div class="block"><h3>{heading}</h3><ul class="related">\n{items}\n</ul>'
            '<ul class="related seo" style="display:none">\n{items}\n</ul></div>',
            item='<li><a href="{url}">{title}</a><time>{date}</time></li>',
            date=MINUTE,
            precision="minute",
        ),
        Listing(
            heading="24小时热榜",
            kind="popular",
            of="hot",
            count=6,
            box='<div class="block"><h3>{heading}</h3><ol class="hot">\n{items}\n</ol></div>',
            item='<li><em>{rank}</em><a href="{url}" title="{full}">{title}</a><i>{date}</i></li>',
            cut=16,
            date=MINUTE,
            precision="minute",
            link_suffix="?utm_source=hot&utm_medium=sidebar",
        ),
    ),
)

GOV = Style(
    file="gov.html",
    path="/zhengwu/{story.published:%Y%m}/{story.id}/",
    page="/zhengwu/{story.published:%Y%m}/{story.id}/index_{n}.html",
    date=DAY,
    printed="day",
    precision="minute",
    paragraph='<p style="text-indent: 2em"><span style="font-family: 宋体">{}</span></p>',
    subhead='<p style="text-indent: 2em"><b>{}</b></p>',
    quotes="{}",
    quote="<p>{}</p>",
    items="<ul>{}</ul>",
    item="<li>{}</li>",
    table='<table border="1" cellspacing="0" style="margin: 0 auto"><tbody>{}</tbody></table>',
    figure='<p style="text-align: center"><img src="{src}" width="600"></p>'
    '<p style="text-align: center"><font color="#666666">{caption}</font></p>',
    kicker="<p>{}</p>",
    subtitle="<p>{}</p>",
    source="{}",
    authors="",
    editors="[责任编辑：{}]",
    pager=NUMBERED,
    last_modified=True,
    lists=(
        Listing(
            heading="相关信息",
            kind="related",
            of="siblings",
            count=4,
            box='<div class="xgxx"><div class="xgxx-t">{heading}</div><ul>\n{items}\n</ul></div>',
            item='<li><a href="{url}" target="_blank">{title}</a><span>[{date}]</span></li>',
            date=DAY,
            precision="day",
            link_suffix="index.html",
        ),
    ),
)

WP = Style(
    file="wp.html",
    path="/{story.published:%Y/%m}/{story.slug}/",
    page="/{story.published:%Y/%m}/{story.slug}/{n}/",
    date=CHINESE_DAY,
    printed="day",
    precision="second",
    paragraph="<p>{}</p>",
    subhead='<h3 class="wp-block-heading">{}</h3>',
    quotes='<blockquote class="wp-block-quote">{}</blockquote>',
    quote="<p>{}</p>",
    items='<ul class="wp-block-list">{}</ul>',
    item="<li>{}</li>",
    table='<figure class="wp-block-table"><table>{}</table></figure>',
    figure='<figure class="wp-block-image"><img src="{src}" alt="{alt}" />'
    '<figcaption class="wp-element-caption">{caption}</figcaption></figure>',
    kicker='<p class="kicker">{}</p>',
    subtitle='<p class="subtitle">{}</p>',
    source='<span class="from">来源：{}</span>',
    authors='<span class="byline">作者：<span class="author vcard">{}</span></span>',
    editors='<p class="editor">责编｜{}</p>',
    alt=True,
    declares_canonical=True,
    etag=True,
    last_modified=True,
    copyright_note="本文为云汀新闻网发布，转载请注明出处。原文链接：{url}",
    share="分享到：<a href='#'>微信</a> <a href='#'>微博</a> <a href='#'>豆瓣</a>",
    comments_heading="条评论",
    lists=(
        Listing(
            heading="近期文章",
            kind="latest",
            of="latest",
            count=5,
            box='<section class="widget widget_recent_entries">'
            '<h2 class="widget-title">{heading}</h2><ul>\n{items}\n</ul></section>',
            item='<li><a href="{url}">{title}</a> <span class="post-date">{date}</span></li>',
            date=CHINESE_DAY,
            precision="day",
        ),
    ),
    lists_below=(
        Listing(
            heading="猜你喜欢",
            kind="recommended",
            of="siblings",
            count=4,
            box='<div class="related-posts"><h3>{heading}</h3>\n{items}\n</div>',
            item='<div class="related-post"><h4><a href="{url}">{title}</a></h4></div>',
        ),
    ),
)

MOBILE = Style(
    file="mobile.html",
    path="/m/{story.section}/{story.id}.html",
    page="/m/{story.section}/{story.id}-{n}.html",
    date="{0:%Y/%m/%d %H:%M}",
    printed="minute",
    precision="minute",
    paragraph="<p>　　{}</p>",
    subhead="<h3>{}</h3>",
    quotes="<blockquote>{}</blockquote>",
    quote="<p>{}</p>",
    items="{}",
    item='<div class="m-item">{}</div>',
    table="<table>{}</table>",
    figure='<div class="m-pic"><img src="{src}"><span class="m-pic-text">{caption}</span></div>',
    kicker='<p class="m-kicker">{}</p>',
    subtitle='<p class="m-subtitle">{}</p>',
    source="{}",
    authors="<span>记者 {}</span>",
    editors="（责任编辑：{}）",
    joiner=" ",
    lists=(
        Listing(
            heading="为您推荐",
            kind="recommended",
            of="siblings",
            count=4,
            box='<h3 class="m-h">{heading}</h3>\n{items}',
            item='<div class="m-li"><a class="m-tag" href="{section_path}">[{section}]</a>'
            '<a href="{url}">{title}</a></div>',
        ),
    ),
)

STYLES = {"dede": DEDE, "table": TABLE, "modern": MODERN, "gov": GOV, "wp": WP, "mobile": MOBILE}
"""By the name that an article's file gives as its template."""


def _headed(listing: Listing, heading: str, date: str | None) -> Listing:
    return replace(listing, heading=heading, date=date)


ENGLISH = {
    "modern": replace(
        MODERN,
        source='<span class="source">Source: {}</span>',
        authors='<span class="author">By {}</span>',
        editors='<p class="detail-editor">Editor: {}</p>',
        joiner=", ",
        comments_heading="Comments",
        lists=(
            _headed(MODERN.lists[0], "Related stories", MINUTE),
            _headed(MODERN.lists[1], "Most read", MINUTE),
        ),
    ),
    "wp": replace(
        WP,
        date=ENGLISH_DAY,
        source='<span class="from">Source: {}</span>',
        authors='<span class="byline">By <span class="author vcard">{}</span></span>',
        editors='<p class="editor">Editor: {}</p>',
        joiner=", ",
        copyright_note="Published by Yunting News. Permalink: {url}",
        share="Share: <a href='#'>WeChat</a> <a href='#'>Email</a>",
        comments_heading="Comments",
        lists=(_headed(WP.lists[0], "Recent posts", ENGLISH_DAY),),
        lists_below=(_headed(WP.lists_below[0], "You may also like", None),),
    ),
}
"""The same templates with English labels."""
