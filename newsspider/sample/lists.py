"""Lists of articles on the sample portal, beside an article and on the section pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from newsspider.sample.content import Section, Story, imprint
from newsspider.sample.markup import CHINESE_DAY, DAY, MINUTE, Listing, Style
from newsspider.sample.styles import ENGLISH, STYLES
from newsspider.sample.truth import TrueItem, stated

ITEMS_PER_PAGE = 6
PLAIN = Listing(
    heading=None,
    kind="latest",
    of="section",
    count=ITEMS_PER_PAGE,
    box='<ul class="newslist">\n{items}\n</ul>',
    item='<li><a href="{url}" title="{full}">{title}</a><span>{date}</span></li>',
    cut=20,
    date=DAY,
    precision="day",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionStyle:
    """How the list pages of a section look."""

    first: str
    """Path of the first page: {slug}."""
    page: str
    """Path of page {n}, from 2."""
    listing: Listing
    following: str
    """Markup of the link to the next page."""
    file: str = "page.html"


STYLES_OF_SECTIONS = {
    "plain": SectionStyle(
        first="/list/{slug}.html",
        page="/list/{slug}_{n}.html",
        listing=PLAIN,
        following='<a href="{path}">下一页</a>',
    ),
    "teaser": SectionStyle(
        first="/{slug}/",
        page="/{slug}/?page={n}",
        listing=Listing(
            heading=None,
            kind="latest",
            of="section",
            count=ITEMS_PER_PAGE,
            box='<div class="list">\n{items}\n</div>',
            item='<dl><dt><a href="{url}">{title}</a></dt><dd>{teaser}<a href="{url}">更多</a></dd>'
            '<dd class="time">{date}</dd></dl>',
            teaser=60,
            date=MINUTE,
            precision="minute",
            link_suffix="?spm=yt.list.0&from=timeline",
        ),
        following='<a class="next" href="{path}">下一页&gt;</a>',
    ),
    "table": SectionStyle(
        first="/{slug}/",
        page="/{slug}/index_{n}.html",
        listing=Listing(
            heading=None,
            kind="latest",
            of="section",
            count=ITEMS_PER_PAGE,
            box="<TABLE width=700 align=center>\n{items}\n</TABLE>",
            item='<TR><TD>· <A href="{url}" target=_blank>{title}</A></TD><TD>{date}</TD></TR>',
            date=DAY,
            precision="day",
        ),
        following='<A href="{path}">【下一页】</A>',
        file="page-table.html",
    ),
    "cards": SectionStyle(
        first="/list/{slug}.html",
        page="/list/{slug}_{n}.html",
        listing=Listing(
            heading=None,
            kind="latest",
            of="section",
            count=ITEMS_PER_PAGE,
            box='<div class="cards">\n{items}\n</div>',
            item='<div class="card"><a class="cover" href="{url}">'
            '<img src="/static/cover.png" alt=""></a><h3><a href="{url}">{title}</a></h3>'
            '<p class="summary">{teaser}</p><time>{date}</time></div>',
            teaser=48,
            date=MINUTE,
            precision="minute",
        ),
        following='<a rel="next" href="{path}">下一页</a>',
    ),
    "blog": SectionStyle(
        first="/category/{slug}/",
        page="/category/{slug}/page/{n}/",
        listing=Listing(
            heading=None,
            kind="latest",
            of="section",
            count=ITEMS_PER_PAGE,
            box="{items}",
            item='<article class="post"><h2 class="entry-title">'
            '<a href="{url}" rel="bookmark">{title}</a></h2><div class="entry-meta">{date}</div>'
            '<div class="entry-summary"><p>{teaser}</p></div></article>',
            teaser=70,
            date=CHINESE_DAY,
            precision="day",
        ),
        following='<div class="nav-previous"><a href="{path}">较早的文章</a></div>',
    ),
    "gov": SectionStyle(
        first="/{slug}/",
        page="/{slug}/index_{n}.html",
        listing=Listing(
            heading=None,
            kind="latest",
            of="section",
            count=ITEMS_PER_PAGE,
            box='<ul class="gl">\n{items}\n</ul>',
            item='<li><a href="{url}" title="{full}">{title}</a><b>{date}</b></li>',
            cut=24,
            date=DAY,
            precision="day",
            link_suffix="index.html",
        ),
        following='<a href="{path}">下一页</a>',
    ),
}


def style_of(story: Story) -> Style:
    """Return the page template of *story*, in its language."""
    if not story.is_chinese:
        return ENGLISH[story.template]
    return STYLES[story.template]


def path_of(story: Story, page: int = 1) -> str:
    """Return the path of a page of *story*, from 1."""
    style = style_of(story)
    return (style.path if page == 1 else style.page).format(story=story, n=page)


def section_of(story: Story) -> Section:
    """Return the channel of *story*."""
    return next(section for section in imprint().sections if section.slug == story.section)


def section_path(section: Section, page: int = 1) -> str:
    """Return the path of a list page of *section*, from 1."""
    style = STYLES_OF_SECTIONS[section.style]
    return (style.first if page == 1 else style.page).format(slug=section.slug, n=page)


def chosen(listing: Listing, story: Story, stories: Sequence[Story], visit: int) -> list[Story]:
    """Return the articles that *listing* shows beside *story*; never the article itself."""
    if listing.of == "hot":
        by_id = {other.id: other for other in stories}
        found: Iterable[Story] = (by_id[number] for number in imprint().hot[visit - 1])
    elif listing.of == "latest":
        found = (other for other in stories if other.status == "live")
    else:
        found = _siblings(story, stories)
    return [other for other in found if other.id != story.id][: listing.count]


def _siblings(story: Story, stories: Sequence[Story]) -> list[Story]:
    """Return the other articles that the section had on the first visit, from *story* backwards.

    They are not chosen anew later: old pages keep their lists, and links to what is gone.
    """
    near = [
        other
        for other in stories
        if (other.visit == 1 or other is story)
        and other.language == story.language
        and (other.section == story.section or not story.is_chinese)
    ]
    place = near.index(story)
    twins = {story.reprint_of, story.id}
    return [
        o for o in near[place + 1 :] + near[:place] if not {o.id, o.reprint_of} & twins - {None}
    ]


def entries(listing: Listing, stories: Iterable[Story], base_url: str) -> tuple[TrueItem, ...]:
    """Return what *listing* shows of *stories*."""
    return tuple(
        _entry(listing, story, position, base_url)
        for position, story in enumerate(stories, start=1)
    )


def _entry(listing: Listing, story: Story, position: int, base_url: str) -> TrueItem:
    shown = _cut(story.title, listing.cut, listing.ellipsis)
    return TrueItem(
        list_heading=listing.heading,
        kind=listing.kind,
        position=position,
        title=story.title if listing.tells_full_title else shown,
        title_shown=shown,
        title_full=story.title,
        url=base_url + path_of(story),
        summary=_cut(story.lead, listing.teaser, "...") if listing.teaser else None,
        date_published=stated(story.published, listing.precision) if listing.precision else None,
        date_published_precision=listing.precision,
    )


def _cut(text: str, limit: int, mark: str) -> str:
    return text if len(text) <= limit else text[:limit] + mark


def rendered(listing: Listing, stories: Iterable[Story]) -> str:
    """Return the markup of *listing* with *stories*: the same facts that `entries` tells."""
    rows = []
    for rank, story in enumerate(stories, start=1):
        item = _entry(listing, story, rank, "")
        section = section_of(story)
        rows.append(
            listing.item.format(
                url=escape(item.url + listing.link_suffix),
                title=escape(item.title_shown),
                full=escape(item.title_full),
                teaser=escape(item.summary or ""),
                date=listing.date.format(story.published) if listing.date else "",
                section=section.name,
                section_path=section_path(section),
                rank=rank,
            )
        )
    return listing.box.format(heading=listing.heading, items="\n".join(rows))
