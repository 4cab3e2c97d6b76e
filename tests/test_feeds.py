"""Feeds and sitemaps: what they name, also when they are broken or hostile."""

import datetime as dt
import gzip
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider.feeds import Entry, kind_of, read_entries

CHINA = dt.timezone(dt.timedelta(hours=8))
BASE = "http://news.example.cn/rss.xml"


def entries(data: bytes | str) -> list[Entry]:
    raw = data.encode() if isinstance(data, str) else data
    return list(read_entries(raw, BASE, CHINA))


RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>例子</title>
<item><title>第一条 &amp; 其他</title><link>http://news.example.cn/1.html?from=rss</link>
<pubDate>Mon, 06 May 2024 07:08:09 +0800</pubDate></item>
<item><title><![CDATA[<b>第二条</b>]]></title><link>/2.html</link></item>
<item><title>没有地址</title></item><item><link>javascript:alert(1)</link></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>甲</title>
<link href="http://news.example.cn/a"/><updated>2024-05-06T07:08:09+08:00</updated></entry></feed>"""
NEWS = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url>
<loc> http://news.example.cn/3 </loc>
<lastmod>2024-05-07</lastmod><news:news><news:publication_date>2024-05-06T07:08:09+08:00
</news:publication_date><news:title>新闻 标题</news:title></news:news></url>
<url><loc>file:///etc/passwd</loc></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>http://news.example.cn/s1.xml.gz</loc></sitemap></sitemapindex>"""
MOMENT = dt.datetime(2024, 5, 6, 7, 8, 9, tzinfo=CHINA)


def test_rss() -> None:
    first, second = entries(RSS)
    assert (first.url, first.title, first.date) == (
        "http://news.example.cn/1.html?from=rss",
        "第一条 & 其他",
        MOMENT,
    )
    assert (second.url, second.title, second.date) == (
        "http://news.example.cn/2.html",
        "第二条",
        None,
    )


def test_rss_in_gbk() -> None:
    data = RSS.replace("utf-8", "gb2312").encode("gb18030")
    assert entries(data)[0].title == "第一条 & 其他"


def test_atom() -> None:
    assert entries(ATOM) == [Entry(url="http://news.example.cn/a", title="甲", date=MOMENT)]


def test_news_sitemap() -> None:
    (entry,) = entries(NEWS)
    assert entry.url.strip() == "http://news.example.cn/3"
    assert entry.title == "新闻 标题"
    assert entry.date == MOMENT
    assert entry.modified == dt.datetime(2024, 5, 7, tzinfo=CHINA)
    assert not entry.is_sitemap


def test_a_sitemap_may_leave_out_its_host() -> None:
    data = b"<urlset><url><loc>/a/1.html</loc></url></urlset>"
    (entry,) = read_entries(data, "http://a.cn/map/s.xml", dt.UTC)
    assert entry.url == "http://a.cn/a/1.html"


def test_sitemap_index_and_gzip() -> None:
    (entry,) = entries(gzip.compress(INDEX.encode()))
    assert entry.is_sitemap
    assert entry.url == "http://news.example.cn/s1.xml.gz"


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (RSS, "feed"),
        (ATOM, "feed"),
        ("<rdf:RDF xmlns:rdf='x'><item/></rdf:RDF>", "feed"),
        (NEWS, "sitemap"),
        (INDEX, "sitemap"),
        ("<ns0:urlset xmlns:ns0='x'/>", "sitemap"),
        ("<html><body>feed</body></html>", None),
        ("", None),
    ],
)
def test_kind_of(data: str, wanted: str | None) -> None:
    assert kind_of(data.encode()) == wanted
    assert kind_of(gzip.compress(data.encode())) == wanted


def test_a_cut_sitemap_gives_what_it_holds() -> None:
    found = entries(NEWS[: NEWS.index("<url><loc>file")])
    assert [e.title for e in found] == ["新闻 标题"]


BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize("root", [RSS[RSS.index("<rss") :], NEWS[NEWS.index("<urlset") :]])
def test_entities_are_not_expanded(root: str) -> None:
    text = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{BOMB}'
    text += '<!ENTITY f SYSTEM "file:///etc/passwd">]>' + root.replace("标题", "&l9;&f;")
    started = time.process_time()
    found = entries(text.replace("第一条", "&l9;&f;"))
    assert time.process_time() - started < 1
    assert found
    assert not any("root:" in (e.title or "") or len(e.title or "") > 500 for e in found)


def test_a_compression_bomb_is_not_unpacked_to_see_what_it_is() -> None:
    bomb = gzip.compress(b"<html>" + b" " * 50_000_000)
    started = time.process_time()
    assert kind_of(bomb) is None
    assert entries(bomb) == []
    assert time.process_time() - started < 0.2


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda t: f"<rss>{t}</rss>".encode()))
def test_any_bytes_give_entries_or_none(data: bytes) -> None:
    for entry in entries(data) + entries(b"<urlset>" + data):
        assert entry.url


SOUND = "<item><title>第一条</title><link>/1.html</link></item>"
LARGE = {
    "entries": ("<rss><channel>" + SOUND * 180_000, 16_666),
    "tags in one": (f"<rss><channel>{SOUND}<item>" + "<category>甲</category>" * 400_000, 1),
    "tags before": ("<rss><channel>" + "<category>甲</category>" * 400_000 + SOUND, 0),
    "boxes": (f"<rss><channel>{SOUND}<item>" + "<a>" * 2_000_000, 1),
    "attributes": (
        f"<rss><channel>{SOUND}<item {' '.join(f'a{n}=1' for n in range(400_000))}>",
        1,
    ),
    "links": ("<feed><entry>" + "<link href='/x'/>" * 400_000, 0),
    "html": (f"<rss><channel><item><description>{'&lt;p&gt;' * 300_000}</description></item>", 0),
    "addresses": ("<urlset>" + "<url><loc>/1</loc></url>" * 400_000, 50_000),
    "no addresses": ("<urlset>" + "<a/>" * 3_000_000, 0),
    "one address": ("<urlset><url>" + "<a/>" * 3_000_000 + "<loc>/1</loc></url>", 0),
    "attributes of the root": (
        "<urlset " + "a='1' " * 400_000 + "><url><loc>/1</loc></url>",
        0,
    ),
}


@pytest.mark.parametrize("name", LARGE)
def test_megabytes_take_bounded_time(name: str) -> None:
    data, wanted = LARGE[name]
    started = time.process_time()
    found = entries(data)
    assert time.process_time() - started < 10  # 0 to 3 on an idle machine
    assert len(found) == wanted
