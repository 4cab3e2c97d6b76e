"""The sample portal serves what its truth says; tests and demo rest on that."""

import http.client
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest

from newsspider.sample import SamplePortal, TrueArticle
from newsspider.sample.content import stories

IDS = [story.id for story in stories(2)]
LINK = re.compile(r"""href=["']([^"'#]+)["']""", re.IGNORECASE)
DECLARED = {
    3007: ("text/html", "gb2312", "gbk"),
    1003: ("text/html", None, "gbk"),
    5003: ("text/html; charset=gbk", None, "gbk"),
    4008: ("text/html; charset=utf-8", "utf-8", "gbk"),
    2008: ("text/html", "gb2312", "utf-8"),
}


@dataclass(frozen=True, kw_only=True)
class Reply:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def text(self, encoding: str = "utf-8") -> str:
        """What a reader sees, entities resolved, tags and the space around them gone."""
        source = re.sub(r"(?s)<(script|style)\b.*?</\1>", "", self.body.decode(encoding))
        return unescape(re.sub(r"<[^>]*>", "", source))


class Client:
    """One connection that is kept alive."""

    def __init__(self, portal: SamplePortal) -> None:
        self.portal = portal
        self.connection = http.client.HTTPConnection(portal.base_url.removeprefix("http://"))
        self.articles = {article.id: article for article in portal.truth()}

    def get(self, url: str, method: str = "GET", **headers: str) -> Reply:
        parts = urlsplit(urljoin(self.portal.base_url, url))
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request(method, target, headers=names)
        answer = self.connection.getresponse()
        return Reply(status=answer.status, headers=answer.headers, body=answer.read())


@pytest.fixture(scope="module", params=(1, 2), ids=("first-visit", "second-visit"))
def site(request: pytest.FixtureRequest) -> Iterator[Client]:
    with SamplePortal() as portal:
        if request.param == 2:
            portal.advance()
        client = Client(portal)
        yield client
        client.connection.close()


@pytest.fixture
def fresh() -> Iterator[Client]:
    with SamplePortal() as portal:
        client = Client(portal)
        yield client
        client.connection.close()


def without_port(article: TrueArticle) -> str:
    return re.sub(r"127\.0\.0\.1:\d+", "host", repr(article))


# -- what is promised --------------------------------------------------------------------------


def test_is_as_varied_as_promised(fresh: Client) -> None:
    articles = fresh.portal.truth()
    assert 44 <= len(articles) <= 60
    assert len({article.template for article in articles}) >= 5
    assert len({article.section for article in articles if article.section}) == 6
    assert sum(article.encoding == "gbk" for article in articles) >= 5
    assert sum(len(article.page_urls) > 1 for article in articles) == 3
    assert sum(article.same_text for article in articles) >= 3
    assert sum(bool(article.reprint_of) and not article.same_text for article in articles) == 1
    assert sum(article.language == "en" for article in articles) == 3
    assert sum(bool(article.kicker or article.subtitle) for article in articles) >= 4
    assert {article.date_published_precision for article in articles} == {"day", "minute", "second"}
    assert {item.kind for a in articles for item in a.related} == {
        "related",
        "popular",
        "latest",
        "recommended",
    }
    lengths = [len(article.body) for article in articles]
    assert min(lengths) < 200
    assert max(lengths) > 1900
    assert sum("共建" in article.body for article in articles) >= 3


@pytest.mark.parametrize("number", IDS)
def test_page_shows_what_truth_says(site: Client, number: int) -> None:
    article = site.articles.get(number)
    if article is None:
        assert site.portal.visit == 1
        return
    replies = [site.get(url) for url in article.page_urls or (article.url,)]
    if article.status == "gone":
        assert replies[0].status == 404
        return
    assert [reply.status for reply in replies] == [200] * len(replies)
    lines = {
        " ".join(line.split()) for r in replies for line in r.text(article.encoding).splitlines()
    }
    whole = " ".join(" ".join(reply.text(article.encoding).split()) for reply in replies)
    for paragraph in article.body.split("\n"):
        assert paragraph.replace("\t", " ") in whole
        assert any(paragraph in line for line in lines) or "\t" in paragraph
    shown = [article.title, article.date_published_raw, article.kicker, article.subtitle]
    shown += [article.source, article.dateline, article.section]
    shown += [*article.authors, *article.editors, *article.breadcrumbs]
    for text in filter(None, shown):
        assert text in whole
    for image in article.images:
        assert image.caption
        assert image.caption in whole
        assert any(urlsplit(image.url).path in r.body.decode(article.encoding) for r in replies)
        assert site.get(image.url).body.startswith(b"\x89PNG")


@pytest.mark.parametrize("number", IDS)
def test_page_shows_the_lists_that_truth_says(site: Client, number: int) -> None:
    article = site.articles.get(number)
    if article is None or article.status == "gone":
        return
    reply = site.get(article.url)
    text, source = reply.text(article.encoding), unescape(reply.body.decode(article.encoding))
    assert len({item.list_heading for item in article.related}) in (1, 2)
    known = site.articles.values()
    for item in article.related:
        assert item.list_heading
        assert item.list_heading in text
        assert item.title_shown in text
        assert item.title in source
        assert item.title_shown.rstrip(".…") in item.title_full
        assert (item.summary or "") in text
        assert urlsplit(item.url).path in source
        assert item.url != article.url
        assert item.url in {other.url for other in known}
        if item.date_published:
            assert re.search(item.date_published[:4], text)
    positions = Counter(item.list_heading for item in article.related)
    assert max(positions.values()) <= 7


def test_the_page_that_this_is_for(fresh: Client) -> None:
    page = fresh.get(fresh.portal.design_url)
    article = next(a for a in fresh.portal.truth() if a.url == fresh.portal.design_url)
    text = page.text()
    assert "来源:海岬油田勘探开发研究院　编辑:　时间:2024-03-19 10:26:41" in text
    assert f"<p><strong>{article.title}</strong></p>\n<p>　　" in page.body.decode()
    assert all(f"　　{line}" in text for line in article.body.split("\n"))
    assert article.body.endswith("(何汉川 陆继屏)")
    assert article.editors == ()
    assert article.authors == ("何汉川", "陆继屏")
    assert {item.list_heading for item in article.related} == {"大家都爱看"}
    assert all(item.summary and item.date_published for item in article.related)
    assert text.count("更多") == len(article.related)
    cut = [item.title.endswith("...") for item in article.related]
    assert any(cut)
    assert not all(cut)


@pytest.mark.parametrize("number", DECLARED)
def test_charset_is_declared_in_every_way(fresh: Client, number: int) -> None:
    header, meta, encoding = DECLARED[number]
    article = fresh.articles[number]
    reply = fresh.get(article.url)
    found = re.search(rb"charset=([\w-]+)", reply.body)
    assert reply.headers["Content-Type"] == header
    assert (found[1].decode() if found else None) == meta
    assert article.encoding == encoding
    assert article.title in reply.text(encoding)


def test_printed_time_wins_over_other_metadata(fresh: Client) -> None:
    article = fresh.articles[3006]
    assert '"datePublished": "2025-09-02T21:30:08+08:00"' in fresh.get(article.url).body.decode()
    assert article.date_published == "2025-09-03T13:30:00+08:00"
    assert article.date_published_precision == "minute"


# -- lists, feed, sitemap, robots --------------------------------------------------------------


def test_sections_list_every_live_article(site: Client) -> None:
    pages = site.portal.list_pages()
    listed = Counter(item.url for page in pages for item in page.items)
    live = {article.url for article in site.portal.truth() if article.status == "live"}
    assert listed == dict.fromkeys(live, 1)
    followers = {page.next_page for page in pages} - {None}
    assert len(followers) >= 5
    assert followers < {page.url for page in pages}
    for page in pages:
        reply = site.get(page.url)
        encoding = "gbk" if b"gb2312" in reply.body else "utf-8"
        text, source = reply.text(encoding), unescape(reply.body.decode(encoding))
        for item in page.items:
            assert item.title_shown in text
            assert item.title in source
            assert (item.summary or "") in text
            assert urlsplit(item.url).path in source
        if page.next_page:
            assert page.next_page.removeprefix(site.portal.base_url) in source


def test_feed_and_sitemap_are_xml(site: Client) -> None:
    live = {article.url for article in site.portal.truth() if article.status == "live"}
    feed = ElementTree.fromstring(site.get("/rss.xml").body)
    links = {link.text.partition("?")[0] for link in feed.iterfind(".//item/link") if link.text}
    assert len(links) == 20
    assert links < live
    sitemap = ElementTree.fromstring(site.get("/sitemap.xml").body)
    assert {loc.text for loc in sitemap.iterfind(".//{*}loc")} == live


def test_disallowed_pages_are_linked_and_counted(fresh: Client) -> None:
    robots = fresh.get("/robots.txt").body.decode()
    assert "Disallow: /admin/\n" in robots
    assert "Crawl-delay: 1\n" in robots
    assert f"Sitemap: {fresh.portal.base_url}/sitemap.xml\n" in robots
    assert "/admin/login.html" in fresh.get("/").body.decode()
    assert fresh.portal.disallowed_hits == 0
    assert fresh.get("/admin/login.html").status == 200
    assert fresh.get("/admin/report?id=1").status == 200
    assert fresh.portal.disallowed_hits == 2
    assert fresh.portal.hits["/robots.txt"] == 1
    assert fresh.portal.hits["/admin/report?id=1"] == 1


def test_links_lead_to_every_article_and_only_old_lists_lead_nowhere(site: Client) -> None:
    base = site.portal.base_url
    waiting, seen, dead = [f"{base}/"], {f"{base}/"}, set()
    while waiting:
        url = waiting.pop()
        reply = site.get(url)
        if reply.status == 404:
            dead.add(url)
        if not reply.headers.get("Content-Type", "").startswith("text/html"):
            continue
        for link in LINK.findall(reply.body.decode("latin-1")):
            found = urljoin(url, unescape(link)).partition("?utm_")[0]
            if found.startswith(base) and "/admin/" not in found and found not in seen:
                seen.add(found)
                waiting.append(found)
    truth = site.portal.truth()
    assert dead == {article.url for article in truth if article.status == "gone"}
    for article in truth:
        addresses = {article.url, f"{article.url}index.html", f"{article.url}?spm=yt.list.0"}
        assert addresses & seen
        assert set(article.page_urls) <= seen or article.status == "gone"


def test_aliases_give_the_same_article(site: Client) -> None:
    for article in site.portal.truth():
        for alias in article.aliases if article.status == "live" else ():
            reply = site.get(alias)
            if reply.status == 301:
                assert urljoin(alias, reply.headers["Location"]) == article.url
                continue
            path = urlsplit(alias).path
            same_page = path in (urlsplit(article.url).path, urlsplit(f"{article.url}i").path)
            encoding = article.encoding if same_page else "utf-8"
            assert article.title in reply.text(encoding)
            if "/wap/" in alias:
                assert f'<a href="{urlsplit(article.url).path}">电脑版</a>' in reply.body.decode()
            if "/print/" in alias:
                assert f'<link rel="canonical" href="{article.url}">' in reply.body.decode()
                assert all(line in reply.text() for line in article.body.split("\n"))


# -- HTTP --------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [3003, 1001, 6001, 1006, 3007, 1005])
def test_what_is_known_is_not_sent_again(fresh: Client, number: int) -> None:
    article = fresh.articles[number]
    first = fresh.get(article.url)
    tag, moment = first.headers["ETag"], first.headers["Last-Modified"]
    validators = {"dede": (1, 1), "modern": (1, 0), "gov": (0, 1), "wp": (1, 1)}
    assert (bool(tag), bool(moment)) == validators.get(article.template, (0, 0))
    assert fresh.get(article.url, If_None_Match='"other"', If_Modified_Since=moment or "x").body
    if tag:
        again = fresh.get(article.url, If_None_Match=f'"other", W/{tag}')
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
    if moment:
        assert fresh.get(article.url, If_Modified_Since=moment).status == 304
        old = "Mon, 01 Jan 2024 00:00:00 GMT"
        assert fresh.get(article.url, If_Modified_Since=old).status == 200


def test_head_and_missing_pages(fresh: Client) -> None:
    head, page = fresh.get("/about.html", method="HEAD"), fresh.get("/about.html")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == str(len(page.body))
    missing = fresh.get("/a/none.html")
    assert missing.status == 404
    assert "您访问的页面不存在" in missing.text()


def test_a_stopped_portal_does_not_answer() -> None:
    portal = SamplePortal()
    portal.stop()
    with pytest.raises(RuntimeError, match="not started"):
        _ = portal.base_url
    with portal:
        host = portal.base_url.removeprefix("http://")
    connection = http.client.HTTPConnection(host)
    with pytest.raises(ConnectionRefusedError):
        connection.request("GET", "/")
    connection.close()


def test_every_start_is_the_same(fresh: Client) -> None:
    with SamplePortal() as other:
        client = Client(other)
        assert [*map(without_port, other.truth())] == [*map(without_port, fresh.portal.truth())]
        for path in ("/", "/rss.xml", "/news/yaowen/20250912/1001"):
            here = fresh.get(path).body.replace(fresh.portal.base_url.encode(), b"")
            assert client.get(path).body.replace(other.base_url.encode(), b"") == here
        client.connection.close()


# -- the second visit --------------------------------------------------------------------------


def test_a_day_changes_what_it_says_and_nothing_else(fresh: Client) -> None:
    portal = fresh.portal
    before = {article.url: article for article in portal.truth()}
    pages = {url: fresh.get(url).body for url in before}
    changes = portal.advance()
    after = {article.url: article for article in portal.truth()}
    assert (len(changes.new), len(changes.edited), len(changes.removed)) == (3, 2, 1)
    assert set(after) - set(before) == set(changes.new)
    for url, old in before.items():
        new = after[url]
        assert (new.body != old.body) == (url in changes.edited)
        assert (new.status == "gone") == (url in changes.removed)
        # Apart from the text, only lists of what is new or popular move.
        moving = ("popular", "latest")
        still = [item for item in new.related if item.kind not in moving]
        assert still == [item for item in old.related if item.kind not in moving]
        if url not in changes.edited + changes.removed:
            assert replace(new, related=old.related, same_text=old.same_text) == old
        listed = {item.kind for item in old.related} & set(moving)
        changed = url in changes.edited + changes.removed or bool(listed)
        assert (fresh.get(url).body != pages[url]) == changed
    assert {after[url].edit for url in changes.edited} == {"number", "paragraph removed"}
    assert all(fresh.get(url).status == 200 for url in changes.new)
    assert portal.advance() == type(changes)()


def test_an_edit_is_seen_by_the_validators(fresh: Client) -> None:
    article = fresh.articles[2009]
    first = fresh.get(article.url)
    known = {"If_None_Match": first.headers["ETag"]}
    dated = {"If_Modified_Since": first.headers["Last-Modified"]}
    assert fresh.get(article.url, **known).status == 304
    fresh.portal.advance()
    assert fresh.get(article.url, **known).status == 200
    assert fresh.get(article.url, **dated).status == 200
