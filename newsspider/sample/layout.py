"""The pages of the sample portal as HTML: articles in their templates, and the plain pages."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from html import escape
from itertools import groupby
from string import Template

from newsspider.sample.content import HERE, Block, Charset, Story, imprint
from newsspider.sample.lists import chosen, path_of, rendered, section_of, section_path, style_of
from newsspider.sample.markup import Listing, Style

STRONG = re.compile(r"\*\*(.+?)\*\*")
DESCRIPTION_LENGTH = 80
ADVERTISEMENT = '<div class="ad-slot">广告 | 澜江农商行 新市民安居贷 最快当天放款</div>'
GB2312_META = '<META http-equiv=Content-Type content="text/html; charset=gb2312">\n'
UTF8_META = '<META http-equiv=Content-Type content="text/html; charset=utf-8">\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class CharsetCase:
    """What a page of the old template declares, and what its bytes are."""

    encoding: str
    content_type: str
    meta: str


CHARSETS: dict[Charset, CharsetCase] = {
    "meta": CharsetCase(encoding="gbk", content_type="text/html", meta=GB2312_META),
    "header": CharsetCase(encoding="gbk", content_type="text/html; charset=gbk", meta=""),
    "none": CharsetCase(encoding="gbk", content_type="text/html", meta=""),
    "gbk-called-utf8": CharsetCase(
        encoding="gbk", content_type="text/html; charset=utf-8", meta=UTF8_META
    ),
    "utf8-called-gb2312": CharsetCase(encoding="utf-8", content_type="text/html", meta=GB2312_META),
}
MODERN_CHARSET = CharsetCase(encoding="utf-8", content_type="text/html; charset=utf-8", meta="")


def charset_of(story: Story) -> CharsetCase:
    """Return how the pages of *story* are encoded and declared."""
    return CHARSETS[story.charset] if story.template == "table" else MODERN_CHARSET


def printed_date(story: Story) -> str:
    """Return the publication time as the article's page shows it."""
    style = style_of(story)
    return (style.day if story.day_only else style.date).format(story.published)


def description_of(story: Story) -> str:
    """Return what the meta description of *story* says."""
    lead = story.lead
    return lead if len(lead) <= DESCRIPTION_LENGTH else lead[:DESCRIPTION_LENGTH] + "…"


def image_path(story: Story, number: int) -> str:
    """Return the path of a picture of *story*."""
    return f"/uploads/{story.published:%Y/%m%d}/{story.id}_{number}.png"


def alt_of(story: Story, image: Block) -> str | None:
    """Return the alt text of *image*; None where the template gives none."""
    if story.template == "modern":
        return story.title
    return image.plain if style_of(story).alt else None


def article_page(
    story: Story, number: int, *, stories: Sequence[Story], visit: int, base: str
) -> str:
    """Return page *number*, from 1, of *story*."""
    style = style_of(story)
    values = _heading(story, style) | _surroundings(story, base)
    values |= {
        "published": printed_date(story),
        "modified": _modified(story, style),
        "source": _source(story, style),
        "authors": _filled(style.authors, style.joiner.join(story.author_line)),
        "editors": _filled(style.editors, style.joiner.join(story.editors), id=story.id),
        "body": body_html(story, number),
        "repeated_title": f"<p><strong>{escape(story.title)}</strong></p>" if number == 1 else "",
        "pager": _pager(story, style, number),
        "print_path": f"/print/{story.id}.html",
        "neighbours": _neighbours(story, stories),
        "lists": _lists(style.lists, story, stories, visit),
        "lists_below": _lists(style.lists_below, story, stories, visit),
        "comments_heading": style.comments_heading,
        "comments": _comments(story),
    }
    return _template(style.file).substitute(values)


def _heading(story: Story, style: Style) -> dict[str, str]:
    return {
        "id": str(story.id),
        "title": escape(story.title),
        "kicker": _filled(style.kicker, story.kicker),
        "subtitle": _filled(style.subtitle, story.subtitle),
        "description": escape(description_of(story)),
        "keywords": _keywords(story),
        "lang": "zh-CN" if story.is_chinese else "en",
        "charset": charset_of(story).meta,
    }


def _surroundings(story: Story, base: str) -> dict[str, str]:
    section, portal = section_of(story), imprint()
    declared = story.declared or story.published
    style, url = style_of(story), base + path_of(story)
    return {
        "base": base,
        "url": url,
        "site": portal.name if story.is_chinese else portal.english_name,
        "motto": portal.motto,
        "home": "首页" if story.is_chinese else "Home",
        "section": section.name,
        "section_path": section_path(section),
        "nav": navigation(),
        "footer": footer(),
        "declared": f"{declared:%Y-%m-%d %H:%M}",
        "declared_iso": declared.isoformat(timespec="seconds"),
        "json_ld": _json_ld(story, url),
        "copyright_note": style.copyright_note.format(url=url),
        "share": style.share,
    }


def _keywords(story: Story) -> str:
    words = ",".join(story.keywords)
    if story.template == "dede":
        return escape(words)
    return f'<meta name="keywords" content="{escape(words)}">\n' if words else ""


def _filled(markup: str, text: str | None, **more: object) -> str:
    """Return *markup* around *text*, and nothing around nothing."""
    return markup.format(escape(text), **more) if text else ""


def _modified(story: Story, style: Style) -> str:
    return _filled(style.modified, style.date.format(story.modified)) if story.modified else ""


def _source(story: Story, style: Style) -> str:
    if not story.source:
        return ""
    name = escape(story.source)
    if story.source_link:
        name = f'<a href="{story.source_link}">{name}</a>'
    return style.source.format(name)


def _json_ld(story: Story, url: str) -> str:
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "mainEntityOfPage": url,
        "datePublished": (story.declared or story.published).isoformat(timespec="seconds"),
        "publisher": {"@type": "Organization", "name": imprint().name},
    }
    if story.modified:
        data["dateModified"] = story.modified.isoformat(timespec="seconds")
    if story.author_line:
        data["author"] = [{"@type": "Person", "name": name} for name in story.author_line]
    return json.dumps(data, ensure_ascii=False).replace("</", "<\\/")


def body_html(story: Story, number: int) -> str:
    """Return the blocks of page *number* of *story* as its template writes them."""
    style = style_of(story)
    out: list[str] = []
    for kind, group in groupby(story.pages[number - 1], key=lambda block: block.kind):
        blocks = list(group)
        if kind == "row":
            out.append(style.table.format(_rows(blocks)))
        elif kind == "item":
            out.append(style.items.format("".join(style.item.format(_inline(b)) for b in blocks)))
        elif kind == "quote":
            out.append(style.quotes.format("".join(style.quote.format(_inline(b)) for b in blocks)))
        elif kind == "image":
            out.extend(_figure(story, style, block) for block in blocks)
        else:
            markup = style.subhead if kind == "subhead" else style.paragraph
            out.extend(markup.format(_inline(block)) for block in blocks)
    if story.template == "modern" and len(out) > 2:
        out.insert(2, ADVERTISEMENT)
    return "\n".join(out)


def _inline(block: Block) -> str:
    return STRONG.sub(r"<strong>\1</strong>", escape(block.text, quote=False))


def _rows(blocks: Sequence[Block]) -> str:
    """Return the rows of a table, the first as its head."""
    rows = []
    for place, block in enumerate(blocks):
        tag = "td" if place else "th"
        cells = "\n".join(f"<{tag}>{escape(cell, quote=False)}</{tag}>" for cell in block.cells)
        rows.append(f"<tr>\n{cells}\n</tr>")
    return "\n".join(rows)


def _figure(story: Story, style: Style, image: Block) -> str:
    return style.figure.format(
        src=image_path(story, image.number),
        caption=escape(image.plain, quote=False),
        alt=escape(alt_of(story, image) or ""),
    )


def _pager(story: Story, style: Style, number: int) -> str:
    if len(story.pages) == 1:
        return ""
    link, here, following = style.pager
    parts = [
        (here if n == number else link).format(n=n, path=path_of(story, n))
        for n in range(1, len(story.pages) + 1)
    ]
    if following and number < len(story.pages):
        parts.append(following.format(path=path_of(story, number + 1)))
    return " ".join(parts)


def _neighbours(story: Story, stories: Sequence[Story]) -> str:
    """Return the links to the articles before and after; old pages know no newer ones."""
    row = [s for s in stories if s.section == story.section and (s.visit == 1 or s is story)]
    place = row.index(story)
    out = []
    for label, other in (("上一篇", row[place + 1 : place + 2]), ("下一篇", row[:place][-1:])):
        text = "没有了"
        if other:
            text = f'<a href="{path_of(other[0])}">{escape(other[0].title)}</a>'
        out.append(f"{label}：{text}")
    return "<br>\n".join(out)


def _lists(listings: Sequence[Listing], story: Story, stories: Sequence[Story], visit: int) -> str:
    return "\n".join(
        rendered(listing, chosen(listing, story, stories, visit)) for listing in listings
    )


def _comments(story: Story) -> str:
    comments = imprint().comments
    out = []
    for place in range(story.id % 3 + 1):
        reader, text = comments[(story.id + place) % len(comments)]
        moment = story.published + timedelta(hours=2 + 5 * place, minutes=story.id % 47)
        out.append(
            f'<li class="comment"><b>{reader}</b> <time>{moment:%Y-%m-%d %H:%M}</time>'
            f"<p>{text}</p></li>"
        )
    return "".join(out)


def navigation() -> str:
    """Return the links to the sections."""
    return " ".join(
        f'<a href="{section_path(section)}">{section.name}</a>' for section in imprint().sections
    )


def footer() -> str:
    """Return what stands at the foot of every page."""
    portal = imprint()
    return (
        f'<a href="/about.html">关于我们</a> | <a href="/rss.xml">RSS订阅</a> | '
        f"违法和不良信息举报电话：{portal.telephone}<br>\n"
        f"{portal.licence} {portal.security} {portal.permit}<br>\n"
        f"Copyright &copy; 2009-2025 {portal.name} 版权所有 未经授权不得转载"
    )


def plain_page(head_title: str, content: str, *, file: str = "page.html") -> str:
    """Return a page that is no article."""
    return _template(file).substitute(
        head_title=escape(head_title),
        site=imprint().name,
        motto=imprint().motto,
        nav=navigation(),
        footer=footer(),
        content=content,
    )


def print_page(story: Story, base: str) -> str:
    """Return the print twin of *story*: the whole text on one page that names the original."""
    url = base + path_of(story)
    text = "\n".join(f"<p>　　{escape(line, quote=False)}</p>" for line in story.paragraphs)
    return (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8">'
        f"<title>打印：{escape(story.title)}</title>"
        f'<link rel="canonical" href="{url}"></head>\n<body onload="window.print()">'
        f"<h1>{escape(story.title)}</h1>\n"
        f"<p>来源：{escape(story.source or '')} 时间：{printed_date(story)}</p>\n{text}\n"
        f'<p>原文地址：<a href="{url}">{url}</a></p></body></html>\n'
    )


def wap_page(story: Story) -> str:
    """Return the old mobile twin of *story*; it names its 电脑版 and nothing else."""
    text = "\n".join(f"　　{escape(line, quote=False)}<br/>" for line in story.paragraphs)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<!DOCTYPE html PUBLIC "-//WAPFORUM//DTD XHTML Mobile 1.0//EN" '
        '"http://www.wapforum.org/DTD/xhtml-mobile10.dtd">\n'
        '<html xmlns="http://www.w3.org/1999/xhtml"><head>'
        f"<title>{escape(story.title)}</title></head>\n<body>"
        f"<p><b>{escape(story.title)}</b><br/>"
        f"{printed_date(story)} {escape(story.source or '')}</p>\n"
        f'<div class="c">{text}</div>\n'
        f'<p><a href="{path_of(story)}">电脑版</a> <a href="/">首页</a></p></body></html>\n'
    )


@cache
def _template(file: str) -> Template:
    return Template((HERE / "templates" / file).read_text("utf-8"))
