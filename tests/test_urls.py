"""Addresses: what is the same article, what is the same site."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider import urls
from newsspider.errors import BadUrl
from newsspider.urls import canonical, fetchable, is_asset, is_local_host, parse_http, site_key


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("HTTP://News.Example.CN/A.html", "http://news.example.cn/A.html"),
        ("http://example.cn:80/a", "http://example.cn/a"),
        ("https://example.cn:443/a", "https://example.cn/a"),
        ("https://example.cn:8443/a", "https://example.cn:8443/a"),
        ("http://example.cn", "http://example.cn/"),
        ("http://example.cn./a", "http://example.cn/a"),
        ("http://example.cn/a#top", "http://example.cn/a"),
        ("http://example.cn/a?utm_source=weixin&utm_medium=x", "http://example.cn/a"),
        ("http://example.cn/a?spm=a2c4e.7.0.0", "http://example.cn/a"),
        ("http://example.cn/a?id=7&from=timeline", "http://example.cn/a?id=7"),
        ("http://example.cn/a?from=2020-01-01", "http://example.cn/a?from=2020-01-01"),
        ("http://example.cn/f?mod=viewthread&tid=3", "http://example.cn/f?mod=viewthread&tid=3"),
        ("http://example.cn/a?b=2&a=1", "http://example.cn/a?a=1&b=2"),
        ("http://example.cn/news/index.html", "http://example.cn/news/"),
        ("http://example.cn/index.php?id=3", "http://example.cn/?id=3"),
        ("http://example.cn/news/index_2.html", "http://example.cn/news/index_2.html"),
        ("http://example.cn/a/../b/./c", "http://example.cn/b/c"),
        ("http://example.cn/../../etc/passwd", "http://example.cn/etc/passwd"),
        ("http://example.cn/s;jsessionid=0A1B?x=1", "http://example.cn/s?x=1"),
        ("http://example.cn/s?PHPSESSID=0a1b", "http://example.cn/s"),
        ("http://user:pw@example.cn/a", "http://example.cn/a"),
        ("http://example.cn/新闻", "http://example.cn/%E6%96%B0%E9%97%BB"),
        ("http://example.cn/%e6%96%b0", "http://example.cn/%E6%96%B0"),
        ("http://例子.cn/", "http://xn--fsqu00a.cn/"),
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
        ("  http://example.cn/a\n", "http://example.cn/a"),
    ],
)
def test_canonical(raw: str, wanted: str) -> None:
    assert canonical(raw) == wanted
    assert canonical(wanted) == wanted


@pytest.mark.parametrize(
    ("raw", "base", "wanted"),
    [
        ("b.html", "http://example.cn/a/", "http://example.cn/a/b.html"),
        ("/b.html?from=rss", "http://example.cn/a/", "http://example.cn/b.html"),
        ("//m.example.cn/b", "https://example.cn/", "https://m.example.cn/b"),
        ("?p=2", "http://example.cn/a/list", "http://example.cn/a/list?p=2"),
    ],
)
def test_canonical_of_relative_links(raw: str, base: str, wanted: str) -> None:
    assert canonical(raw, base) == wanted


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "example.cn/a",
        "mailto:a@example.cn",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://example.cn/x",
        "http://",
        "http:///a",
        "http://[::1",
        "http://example.cn:99999/",
        "http://example.cn:port/",
        "http://exa mple.cn/",
        "http://example.cn/" + "a" * 3000,
        "http://\ud800.cn/",
    ],
)
def test_what_is_no_address_is_refused_in_one_line(bad: str) -> None:
    for read in (canonical, fetchable, site_key):
        with pytest.raises(BadUrl) as caught:
            read(bad)
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 400


@given(st.text(max_size=60))
def test_canonical_twice_changes_nothing(path: str) -> None:
    try:
        once = canonical("http://example.cn/" + path)
    except BadUrl:
        return
    assert canonical(once) == once
    assert parse_http(once).hostname == "example.cn"


PIECES = st.lists(
    st.sampled_from(
        "http:// https:// a.cn A.cn a..cn a.cn. -a.cn :80 :443 :8080 :40091 :65536 / "
        "/index.html /a.b-c~d_e .. /./ // ?q=1 #f %41 ;x 中 ?b=2&a=1&b=1 &utm_source=w &from=rss "
        "&from=7 &a.b=~c ?from=app &c &=".split()
    ),
    max_size=7,
).map("".join)


@given(PIECES, st.sampled_from([None, "http://a.cn/x/y", "https://b.cn:8080/"]))
def test_the_short_way_gives_what_the_long_way_gives(text: str, base: str | None) -> None:
    def outcome(read: Callable[..., str]) -> str:
        try:
            return read(text, base)
        except BadUrl:
            return "refused"

    for read in (canonical, fetchable):
        read.cache_clear()
        short = outcome(read)
        read.cache_clear()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(urls, "_plain", lambda *_: None)
            assert outcome(read) == short
        read.cache_clear()


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    for read in (canonical, fetchable, site_key):
        try:
            read(text)
        except BadUrl as error:
            assert str(error).isprintable()


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://news.sina.com.cn/c/1.html", "sina.com.cn"),
        ("http://www.gov.cn/", "www.gov.cn"),
        ("http://m.people.cn/x", "people.cn"),
        ("http://localhost:8000/", "localhost:8000"),
        ("http://127.0.0.1/", "127.0.0.1:80"),
        ("https://10.0.0.7/", "10.0.0.7:443"),
        ("http://[::1]:81/", "[::1]:81"),
    ],
)
def test_site_key(url: str, wanted: str) -> None:
    assert site_key(url) == wanted


@pytest.mark.parametrize(
    ("host", "wanted"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("192.168.1.4", True),
        ("169.254.169.254", True),
        ("[::1]", True),
        ("portal.local", True),
        ("8.8.8.8", False),
        ("example.cn", False),
    ],
)
def test_is_local_host(host: str, wanted: bool) -> None:
    assert is_local_host(host) is wanted


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("http://a.cn/x.JPG", True),
        ("http://a.cn/x.pdf?v=1", True),
        ("http://a.cn/x.html", False),
        ("http://a.cn/x.shtml", False),
        ("http://a.cn/pdf", False),
    ],
)
def test_is_asset(url: str, wanted: bool) -> None:
    assert is_asset(url) is wanted
