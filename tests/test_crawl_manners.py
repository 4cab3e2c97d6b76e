"""What a crawl asks for, and what it never does, against small sites on loopback."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import LoopbackSite, article_page, list_page

from newsspider import Archive

Run = Callable[..., subprocess.CompletedProcess[str]]
Serve = Callable[..., LoopbackSite]


def stored(folder: Path) -> dict[str, dict[str, Any]]:
    """Every stored article by its path."""
    with Archive(folder / "data/archive.db", read_only=True) as archive:
        return {urlsplit(row["url"]).path: row for row in archive.rows()}


def crawl(newsspider: Run, site: LoopbackSite, *options: str, path: str = "/") -> None:
    """Crawl *site* without brakes."""
    done = newsspider("crawl", site.url + path, "--delay", "0", *options)
    assert done.returncode == 0, done.stderr


def test_robots_txt_is_obeyed(newsspider: Run, loopback: Serve, tmp_path: Path) -> None:
    links = {"/open/1.html": "公开的一条水利新闻", "/closed/1.html": "不许抓取的一条新闻"}
    site = loopback({path: article_page(title) for path, title in links.items()})
    site.answers["/"] = list_page("要闻", links)
    site.answers["/robots.txt"] = b"User-agent: newsspider\nDisallow: /closed/\n"
    crawl(newsspider, site)
    assert set(stored(tmp_path)) == {"/open/1.html"}
    assert site.hits["/closed/1.html"] == 0


def test_crawl_delay_is_kept_unless_lifted(newsspider: Run, loopback: Serve) -> None:
    links = {f"/{n}.html": f"第{n}座水库完成汛前检查" for n in range(4)}
    site = loopback({path: article_page(title) for path, title in links.items()})
    site.answers["/"] = list_page("要闻", links)
    site.answers["/robots.txt"] = b"User-agent: *\nCrawl-delay: 0.6\n"
    started = time.monotonic()
    done = newsspider("crawl", site.url + "/", "--delay", "0.01", "-s", "DOWNLOAD_DELAY_JITTER=0")
    assert done.returncode == 0, done.stderr
    # Five pages with four pauses between them.
    assert time.monotonic() - started >= 4 * 0.6


def test_the_user_agent_names_the_operator(newsspider: Run, loopback: Serve) -> None:
    site = loopback({"/": article_page("防汛检查全部完成")})
    crawl(newsspider, site, "--contact", "archive@example.cn")
    agent = site.headers["/"]["user-agent"]
    assert agent.startswith("newsspider/")
    assert agent.endswith("(+archive@example.cn)")
    assert site.headers["/"]["accept-encoding"] == "gzip, deflate"


def test_nothing_outside_the_site_is_asked_for(
    newsspider: Run, loopback: Serve, tmp_path: Path
) -> None:
    other = loopback({"/x.html": article_page("别的站点的文章标题")})
    port = urlsplit(other.url).port
    bad = [
        f"{other.url}/x.html",
        f"http://user:pw@127.0.0.1:{port}/x.html",
        f"http://localhost:{port}/x.html",
        f"http://2130706433:{port}/x.html",
        f"//127.0.0.1:{port}/x.html",
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "data:text/html,x",
        "javascript:alert(1)",
        "http://[::1",
    ]
    site = loopback({"/1.html": article_page("本站的一条水利新闻")})
    for number, url in enumerate((f"{other.url}/x.html", "file:///etc/passwd", "data:text/html,x")):
        site.answers[f"/r{number}.html"] = (302, {"Location": url}, b"")
        bad.append(f"/r{number}.html")
    titles = dict.fromkeys(bad, "这是一条别处的新闻标题")
    site.answers["/"] = list_page("要闻", {"/1.html": "本站的一条水利新闻", **titles})
    crawl(newsspider, site)
    assert not other.hits
    assert set(stored(tmp_path)) == {"/1.html"}


def test_tracking_and_print_links_are_one_article(
    newsspider: Run, loopback: Serve, tmp_path: Path
) -> None:
    title = "三座水库完成汛前检查"
    site = loopback({"/a/1.html": article_page(title)})
    twin = article_page(title, links=f"<p>原文地址：{site.url}/a/1.html</p>")
    site.answers["/p/1.html"] = twin
    site.answers["/"] = list_page(
        "要闻",
        {
            "/p/1.html": title,
            "/a/1.html?utm_source=weixin": title,
            "/a/1.html?from=timeline#top": title,
            "/a/1.html": title,
        },
    )
    crawl(newsspider, site)
    assert set(stored(tmp_path)) == {"/a/1.html"}
    assert site.hits["/a/1.html"] + site.hits["/a/1.html?utm_source=weixin"] == 1
    with Archive(tmp_path / "data/archive.db", read_only=True) as archive:
        assert archive.get(f"{site.url}/p/1.html")["url"] == f"{site.url}/a/1.html"


def test_a_twin_whose_original_is_gone_is_kept(
    newsspider: Run, loopback: Serve, tmp_path: Path
) -> None:
    title = "三座水库完成汛前检查"
    site = loopback({})
    head = f'<link rel="canonical" href="{site.url}/gone/1.html">'
    site.answers["/p/1.html"] = article_page(title, head=head)
    site.answers["/"] = list_page("要闻", {"/p/1.html": title})
    crawl(newsspider, site)
    rows = list(stored(tmp_path).values())
    assert [row["title"] for row in rows] == [title]


def test_pages_of_one_article_are_joined(newsspider: Run, loopback: Serve, tmp_path: Path) -> None:
    def page(number: int) -> bytes:
        links = "".join(
            f'<a href="/a/5{"" if n == 1 else f"_{n}"}.html">{n}</a> '
            for n in (1, 2, 3)
            if n != number
        )
        if number < 3:
            links += f'<a href="/a/5_{number + 1}.html">下一页</a>'
        if number > 1:
            links += f'<a href="/a/5{"" if number == 2 else f"_{number - 1}"}.html">上一页</a>'
        text = f"这是第{number}页的正文，讲的是水库检查的第{number}个方面。"
        return article_page("分三页的长篇报道", links=f"<div class=page>{links}</div>", text=text)

    site = loopback({"/a/5.html": page(1), "/a/5_2.html": page(2), "/a/5_3.html": page(3)})
    # The list leads to the second page: the article is read from its first all the same.
    site.answers["/"] = list_page("要闻", {"/a/5_2.html": "分三页的长篇报道"})
    crawl(newsspider, site)
    rows = stored(tmp_path)
    assert set(rows) == {"/a/5.html"}
    row = rows["/a/5.html"]
    assert [urlsplit(u).path for u in row["page_urls"]] == [
        "/a/5.html",
        "/a/5_2.html",
        "/a/5_3.html",
    ]
    places = [row["body"].index(f"水库检查的第{n}个方面") for n in (1, 2, 3)]
    assert places == sorted(places)
    assert row["next_page"] is None


@pytest.mark.parametrize("bare", [1, 2, 3])
def test_a_page_with_a_picture_alone_is_part_of_its_article(
    newsspider: Run, loopback: Serve, tmp_path: Path, bare: int
) -> None:
    title = "三座水库完成汛前检查"

    def page(number: int) -> bytes:
        names = [f"/a/5{'' if n == 1 else f'_{n}'}.html" for n in (1, 2, 3)]
        links = [f'<a href="{name}">{n}</a>' for n, name in enumerate(names, 1) if n != number]
        if number > 1:
            links.append(f'<a href="{names[number - 2]}">上一页</a>')
        if number < 3:
            links.append(f'<a href="{names[number]}">下一页</a>')
        pager = f"<div class=page>{' '.join(links)}</div>"
        whole = article_page(title, links=pager, text=f"检查的第{number}个方面是闸门和电源。")
        if number != bare:
            return whole
        start, end = whole.index(b"<div class=content>"), whole.index(b"<div class=page>")
        picture = b"<div class=content><img src=/1.jpg width=600 height=400></div></div>"
        return whole[:start] + picture + whole[end:]

    site = loopback({f"/a/5{'' if n == 1 else f'_{n}'}.html": page(n) for n in (1, 2, 3)})
    site.answers["/"] = list_page("要闻", {"/a/5.html": title})
    crawl(newsspider, site)
    rows = stored(tmp_path)
    assert set(rows) == {"/a/5.html"}
    told = [n for n in (1, 2, 3) if f"检查的第{n}个方面" in rows["/a/5.html"]["body"]]
    assert told == [n for n in (1, 2, 3) if n != bare]
    assert len(rows["/a/5.html"]["page_urls"]) == 3
    assert rows["/a/5.html"]["next_page"] is None
    first = site.hits.copy()
    crawl(newsspider, site, "--revisit", "all")
    assert stored(tmp_path)["/a/5.html"]["revision"] == 1
    assert site.hits["/a/5_3.html"] == first["/a/5_3.html"] + 1


def test_an_article_whose_next_page_fails_is_kept_and_marked(
    newsspider: Run, loopback: Serve, tmp_path: Path
) -> None:
    links = '<div class=page><a href="/a/5_2.html">2</a> <a href="/a/5_2.html">下一页</a></div>'
    site = loopback({"/a/5.html": article_page("两页的报道只剩一页", links=links)})
    site.answers["/a/5_2.html"] = (500, {}, b"")
    site.answers["/"] = list_page("要闻", {"/a/5.html": "两页的报道只剩一页"})
    done = newsspider("crawl", site.url + "/", "--delay", "0", "-s", "RETRY_TIMES=0")
    assert done.returncode == 0, done.stderr
    assert stored(tmp_path)["/a/5.html"]["next_page"] == f"{site.url}/a/5_2.html"


def test_what_was_missing_of_an_article_is_asked_for_again(
    newsspider: Run, loopback: Serve, tmp_path: Path
) -> None:
    title = "两页的报道先只有一页"
    links = '<div class=page><a href="/a/5_2.html">2</a> <a href="/a/5_2.html">下一页</a></div>'
    back = '<div class=page><a href="/a/5.html">1</a> <a href="/a/5.html">上一页</a></div>'
    # An old page with validators: nothing else would ask for it for half a year.
    start = article_page(title, links=links)
    rest = article_page(title, links=back, text="第二页讲的是闸门和电源。")
    site = loopback({"/": list_page("要闻", {"/a/5.html": title})})
    site.answers["/a/5.html"] = (200, {"ETag": '"1"'}, start)
    site.answers["/a/5_2.html"] = (500, {}, b"")
    newsspider("crawl", site.url + "/", "--delay", "0", "-s", "RETRY_TIMES=0")
    assert stored(tmp_path)["/a/5.html"]["next_page"] == f"{site.url}/a/5_2.html"
    site.answers["/a/5_2.html"] = (200, {}, rest)
    crawl(newsspider, site)
    row = stored(tmp_path)["/a/5.html"]
    assert "闸门和电源" in row["body"]
    assert row["next_page"] is None
    hits = site.hits["/a/5.html"]
    crawl(newsspider, site)
    assert site.hits["/a/5.html"] == hits


def test_an_endless_chain_of_pages_ends(newsspider: Run, loopback: Serve, tmp_path: Path) -> None:
    site = loopback({})
    for number in range(1, 80):
        link = f'<div class=page><a href="/a/5_{number + 1}.html">下一页</a></div>'
        name = "/a/5.html" if number == 1 else f"/a/5_{number}.html"
        text = f"连载的第{number}回讲到水库的第{number}座闸门。"
        site.answers[name] = article_page("没有尽头的连载", links=link, text=text)
    site.answers["/"] = list_page("要闻", {"/a/5.html": "没有尽头的连载"})
    crawl(newsspider, site, "-s", "NEWSSPIDER_MAX_ARTICLE_PAGES=10")
    assert site.hits["/a/5_10.html"] == 1
    assert site.hits["/a/5_12.html"] == 0


@pytest.mark.parametrize("obey", [True, False])
def test_meta_robots_is_obeyed_when_the_profile_says_so(
    newsspider: Run, loopback: Serve, tmp_path: Path, obey: bool
) -> None:
    head = '<meta name="robots" content="noindex">'
    site = loopback({"/a/1.html": article_page("不愿被收录的新闻", head=head)})
    site.answers["/a/2.html"] = (200, {"X-Robots-Tag": "noindex"}, article_page("另一条水利新闻"))
    links = {"/a/1.html": "不愿被收录的新闻", "/a/2.html": "另一条水利新闻"}
    site.answers["/"] = list_page("要闻", links)
    folder = tmp_path / "sites"
    folder.mkdir()
    text = f'home = "{site.url}/"\nobey_meta_robots = {str(obey).lower()}\n'
    (folder / "example.toml").write_text(text, encoding="utf-8")
    done = newsspider("crawl", "example", "--delay", "0")
    assert done.returncode == 0, done.stderr
    rows = stored(tmp_path)
    assert set(rows) == (set() if obey else set(links))
    assert all(row["provenance"]["robots"] == "noindex" for row in rows.values())


def test_a_profile_limits_what_is_stored_and_asked_for(
    newsspider: Run, loopback: Serve, tmp_path: Path
) -> None:
    links = {f"/a/{n}.html": f"第{n}座水库完成汛前检查" for n in (1, 2)}
    other = {"/b/1.html": "另一类的一条长长的新闻标题", "/live/1.html": "直播间里的一条长长的标题"}
    site = loopback({path: article_page(title) for path, title in {**links, **other}.items()})
    site.answers["/"] = list_page("要闻", {**links, **other})
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites/example.toml").write_text(
        f'home = "{site.url}/"\n[urls]\narticle = "/a/"\nexclude = "/live/"\n'
        '[fields]\ntitle = ".nothing"\nbody = "div.content"\n',
        encoding="utf-8",
    )
    done = newsspider("crawl", "example", "--delay", "0")
    assert done.returncode == 0, done.stderr
    rows = stored(tmp_path)
    assert set(rows) == set(links)
    assert site.hits["/live/1.html"] == 0
    row = rows["/a/1.html"]
    assert row["provenance"]["body"] == "profile:body"
    # A selector that found nothing leaves the general value, and is named.
    assert row["title"] == links["/a/1.html"]
    assert "title" in row["provenance"]["missed"]


def test_a_second_visit_asks_only_for_what_is_due(newsspider: Run, loopback: Serve) -> None:
    links = {f"/{n}.html": f"第{n}座水库完成汛前检查" for n in range(6)}
    site = loopback({path: article_page(title) for path, title in links.items()})
    site.answers["/"] = list_page("要闻", links)
    crawl(newsspider, site)
    before = site.hits.copy()
    crawl(newsspider, site)
    assert site.hits["/"] == before["/"] + 1
    assert all(site.hits[path] == before[path] == 1 for path in links)
    crawl(newsspider, site, "--revisit", "all")
    assert all(site.hits[path] == 2 for path in links)
