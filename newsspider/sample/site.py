"""The whole sample portal on one visit: every address with its answer, and the truth about it."""

import hashlib
import struct
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape

from newsspider.sample import layout, lists
from newsspider.sample.content import EPOCH, Section, Story, imprint, stories
from newsspider.sample.truth import (
    Changes,
    Precision,
    TrueArticle,
    TrueImage,
    TrueItem,
    TrueListPage,
    stated,
)

DISALLOWED = "/admin/"
SHARED = "?utm_source=weixin&utm_medium=social&from=timeline"
HTML = "text/html; charset=utf-8"
FEED_SIZE = 20
BLANK = bytes.fromhex("47494638396101000100800000ffffff0000002c00000000010001000002024401003b")
"""A GIF of one white pixel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One answer."""

    body: bytes
    content_type: str = HTML
    status: int = 200
    etag: str | None = None
    last_modified: datetime | None = None
    location: str | None = None


class Site:
    """The portal as it stands on a visit, 1 or 2, under *base_url*."""

    def __init__(self, base_url: str, visit: int) -> None:
        self.base_url = base_url
        self.visit = visit
        self.now = EPOCH + timedelta(days=visit - 1)
        self.stories = stories(visit)
        self.live = [story for story in self.stories if story.status == "live"]
        self.resources: dict[str, Resource] = {}
        for story in self.live:
            self._add_article(story)
        for section in imprint().sections:
            self._add_section(section)
        self._add_plain_pages()
        self._add_machine_pages()

    def answer(self, target: str) -> Resource:
        """Return the answer to a request for *target*, a path with or without a query."""
        path = target.partition("?")[0]
        if path.startswith(DISALLOWED):
            return _page("管理登录", "<h1>管理登录</h1><p>此页面不对外开放。</p>")
        return self.resources.get(target) or self.resources.get(path) or self._missing()

    def _missing(self) -> Resource:
        text = '<h1>404</h1><p>您访问的页面不存在或已被删除。</p><p><a href="/">返回首页</a></p>'
        return _page("页面不存在", text, status=404)

    # -- building the answers ------------------------------------------------------------------

    def _add_article(self, story: Story) -> None:
        style, charset = lists.style_of(story), layout.charset_of(story)
        for number in range(1, len(story.pages) + 1):
            page = layout.article_page(
                story, number, stories=self.stories, visit=self.visit, base=self.base_url
            )
            body = page.encode(charset.encoding)
            self.resources[lists.path_of(story, number)] = Resource(
                body=body,
                content_type=charset.content_type,
                etag=f'"{hashlib.sha256(body).hexdigest()[:20]}"' if style.etag else None,
                last_modified=self._changed(story) if style.last_modified else None,
            )
        path = lists.path_of(story)
        if story.template == "gov":
            self.resources[f"{path}index.html"] = self.resources[path]
        if story.template == "wp":
            self.resources[f"/?p={story.id}"] = Resource(body=b"", status=301, location=path)
        if style.prints:
            page = layout.print_page(story, self.base_url)
            self.resources[f"/print/{story.id}.html"] = Resource(body=page.encode())
        if story.wap:
            self.resources[f"/wap/{story.id}.html"] = Resource(body=layout.wap_page(story).encode())
        for image in (block for block in story.blocks if block.kind == "image"):
            self._add_picture(layout.image_path(story, image.number), story.id + image.number)

    def _changed(self, story: Story) -> datetime:
        """Return when the page last changed: every day, where it lists the latest articles."""
        if story.template == "wp":
            return self.now
        return self.now - timedelta(hours=9) if story.edit else story.published

    def _add_picture(self, path: str, seed: int) -> None:
        self.resources[path] = Resource(
            body=_png(seed), content_type="image/png", last_modified=EPOCH
        )

    def _add_section(self, section: Section) -> None:
        style = lists.STYLES_OF_SECTIONS[section.style]
        pages = self._section_pages(section)
        for number, content in enumerate(pages, start=1):
            links = "".join(
                f'<a href="{escape(lists.section_path(section, n))}">{n}</a> '
                for n in range(1, len(pages) + 1)
            )
            following = ""
            if number < len(pages):
                path = escape(lists.section_path(section, number + 1))
                following = style.following.format(path=path)
            text = (
                f"<h1>{section.name}</h1>\n{lists.rendered(style.listing, content)}\n"
                f'<div class="pages">{links}{following}</div>'
            )
            page = layout.plain_page(f"{section.name}_{imprint().name}", text, file=style.file)
            encoding = "gbk" if style.file == "page-table.html" else "utf-8"
            self.resources[lists.section_path(section, number)] = Resource(
                body=page.encode(encoding),
                content_type="text/html" if encoding == "gbk" else HTML,
            )

    def _section_pages(self, section: Section) -> list[list[Story]]:
        found = [story for story in self.live if story.section == section.slug]
        step = lists.ITEMS_PER_PAGE
        return [found[start : start + step] for start in range(0, len(found), step)]

    def _add_plain_pages(self) -> None:
        portal = imprint()
        self.resources["/"] = _page(f"{portal.name} - {portal.motto}", self._home())
        self.resources["/index.html"] = self.resources["/"]
        about = (
            f"<h1>关于我们</h1><p>{portal.name}创办于2009年，是云汀市的综合性新闻网站。</p>"
            f"<p>新闻热线：{portal.telephone}　投稿信箱：tougao@yunting.example</p>"
        )
        self.resources["/about.html"] = _page(f"关于我们_{portal.name}", about)
        outlet = "<h1>澜江晚报</h1><p>澜江晚报是本网的合作媒体，每天出版十六个版面。</p>"
        self.resources["/outlets/lanjiang-wanbao.html"] = _page("澜江晚报", outlet)
        for name in ("logo.png", "cover.png"):
            self._add_picture(f"/static/{name}", len(name))
        for name in ("logo.gif", "blank.gif"):
            self.resources[f"/static/{name}"] = Resource(body=BLANK, content_type="image/gif")
        self.resources["/static/dede.css"] = Resource(
            body=b".w960 { width: 960px; margin: 0 auto }\n", content_type="text/css"
        )

    def _home(self) -> str:
        boxes = []
        for section in imprint().sections:
            newest = [story for story in self.live if story.section == section.slug][:5]
            path = lists.section_path(section)
            boxes.append(
                f'<div class="box"><h2><a href="{path}">{section.name}</a></h2>\n'
                f"{lists.rendered(lists.PLAIN, newest)}</div>"
            )
        old = " ".join(
            f'<a href="/wap/{story.id}.html">{escape(story.title[:8])}</a>'
            for story in self.live
            if story.wap
        )
        boxes.append(f'<div class="wap">手机版：{old}</div>')
        boxes.append('<p><a href="/admin/login.html">编辑登录</a></p>')
        return "\n".join(boxes)

    def _add_machine_pages(self) -> None:
        robots = (
            f"User-agent: *\nCrawl-delay: 1\nDisallow: {DISALLOWED}\n\n"
            f"Sitemap: {self.base_url}/sitemap.xml\n"
        )
        self.resources["/robots.txt"] = Resource(body=robots.encode(), content_type="text/plain")
        urls = "\n".join(
            f"<url><loc>{escape(self.url(story))}</loc>"
            f"<lastmod>{self._changed(story).isoformat()}</lastmod></url>"
            for story in self.live
        )
        sitemap = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}\n</urlset>\n'
        )
        self.resources["/sitemap.xml"] = _tagged(sitemap, "application/xml")
        self.resources["/rss.xml"] = _tagged(self._feed(), "application/rss+xml; charset=utf-8")

    def _feed(self) -> str:
        portal = imprint()
        items = "\n".join(
            f"<item><title>{escape(story.title)}</title>"
            f"<link>{self.url(story)}?utm_source=rss</link>"
            f'<guid isPermaLink="false">yunting-{story.id}</guid>'
            f"<pubDate>{format_datetime(story.published)}</pubDate>"
            f"<description>{escape(layout.description_of(story))}</description></item>"
            for story in self.live[:FEED_SIZE]
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>\n'
            f"<title>{portal.name}</title><link>{self.base_url}/</link>"
            f"<description>{portal.motto}</description>\n{items}\n</channel></rss>\n"
        )

    # -- the truth -----------------------------------------------------------------------------

    def url(self, story: Story, page: int = 1) -> str:
        """Return the canonical address of a page of *story*."""
        return self.base_url + lists.path_of(story, page)

    def truth(self) -> tuple[TrueArticle, ...]:
        """Return every article published so far, newest first, gone ones included."""
        return tuple(map(self._true_article, self.stories))

    def _true_article(self, story: Story) -> TrueArticle:
        style, section = lists.style_of(story), lists.section_of(story)
        original = next((s for s in self.stories if s.id == story.reprint_of), None)
        precision = self._precision(story)
        pages = tuple(self.url(story, n) for n in range(1, len(story.pages) + 1))
        describes, home = story.template == "modern", "首页" if story.is_chinese else "Home"
        named = story.template in ("modern", "dede")
        trail = () if story.template == "mobile" else (home, section.name)
        return TrueArticle(
            id=story.id,
            url=self.url(story),
            canonical_url=self.url(story) if style.declares_canonical else None,
            title=story.title,
            kicker=story.kicker,
            subtitle=story.subtitle,
            body="\n".join(story.paragraphs),
            date_published=stated(story.published, precision),
            date_published_raw=layout.printed_date(story),
            date_published_precision=precision,
            date_modified=stated(story.modified, "second") if story.modified else None,
            source=story.source,
            source_url=self.base_url + story.source_link if story.source_link else None,
            authors=tuple(dict.fromkeys(story.author_line + story.signed)),
            editors=story.editors,
            dateline=story.dateline,
            section=trail[-1] if trail else None,
            breadcrumbs=trail,
            keywords=story.keywords if named else (),
            description=layout.description_of(story) if describes else None,
            language=story.language,
            images=self._true_images(story),
            related=self._true_lists(story),
            page_urls=pages if len(pages) > 1 else (),
            aliases=self._aliases(story),
            template=story.template,
            encoding=layout.charset_of(story).encoding,
            status=story.status,
            edit=story.edit,
            reprint_of=self.url(original) if original else None,
            same_text=original is not None and original.paragraphs == story.paragraphs,
        )

    def _precision(self, story: Story) -> Precision:
        """Return how exactly the page tells the time; contradicting metadata count for nothing."""
        style = lists.style_of(story)
        if story.day_only:
            return "day"
        return style.printed if story.declared else style.precision

    def _true_images(self, story: Story) -> tuple[TrueImage, ...]:
        out, before = [], 0
        for block in story.blocks:
            if block.kind != "image":
                before += 1
                continue
            out.append(
                TrueImage(
                    url=self.base_url + layout.image_path(story, block.number),
                    caption=block.plain,
                    alt=layout.alt_of(story, block),
                    credit=block.photographer,
                    position=before,
                )
            )
        return tuple(out)

    def _true_lists(self, story: Story) -> tuple[TrueItem, ...]:
        style = lists.style_of(story)
        return tuple(
            item
            for listing in style.lists_below + style.lists
            for item in lists.entries(
                listing, lists.chosen(listing, story, self.stories, self.visit), self.base_url
            )
        )

    def _aliases(self, story: Story) -> tuple[str, ...]:
        url = self.url(story)
        found = [url + SHARED]
        if story.template == "gov":
            found.append(f"{url}index.html")
        if story.template == "wp":
            found.append(f"{self.base_url}/?p={story.id}")
        if lists.style_of(story).prints:
            found.append(f"{self.base_url}/print/{story.id}.html")
        if story.wap:
            found.append(f"{self.base_url}/wap/{story.id}.html")
        return tuple(found)

    def list_pages(self) -> tuple[TrueListPage, ...]:
        """Return what every page of every section lists."""
        out = []
        for section in imprint().sections:
            listing = lists.STYLES_OF_SECTIONS[section.style].listing
            pages = self._section_pages(section)
            urls = [
                self.base_url + lists.section_path(section, n) for n in range(1, len(pages) + 1)
            ]
            for content, url, following in zip(pages, urls, [*urls[1:], None], strict=True):
                items = lists.entries(listing, content, self.base_url)
                out.append(TrueListPage(url=url, items=items, next_page=following))
        return tuple(out)

    def changes_since(self, earlier: "Site") -> Changes:
        """Return what the publisher did between *earlier* and now."""
        old = {story.id: story for story in earlier.stories}
        gone = [s for s in self.stories if s.status == "gone" and old[s.id].status == "live"]
        edited = [s for s in self.stories if s.edit and not old[s.id].edit]
        new = [s for s in self.stories if s.id not in old]
        return Changes(
            new=tuple(map(self.url, new)),
            edited=tuple(map(self.url, edited)),
            removed=tuple(map(self.url, gone)),
        )


def _page(head_title: str, content: str, status: int = 200) -> Resource:
    return Resource(body=layout.plain_page(head_title, content).encode(), status=status)


def _tagged(text: str, content_type: str) -> Resource:
    body = text.encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    return Resource(body=body, content_type=content_type, etag=etag)


def _png(seed: int, side: int = 16) -> bytes:
    """Return a picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    pixel = bytes((seed * 37 % 256, seed * 91 % 256, seed * 17 % 256))
    rows = (b"\x00" + pixel * side) * side
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    packed = zlib.compress(rows)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )
