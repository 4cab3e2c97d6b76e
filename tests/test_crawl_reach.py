"""How far a crawl goes: sections, lists of addresses, dates, budgets, feeds and sitemaps."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from conftest import LoopbackSite, article_page, list_page

from newsspider import Archive

Run = Callable[..., subprocess.CompletedProcess[str]]
Serve = Callable[..., LoopbackSite]


def stored(folder: Path) -> set[str]:
    """The path of every stored article."""
    with Archive(folder / "data/archive.db", read_only=True) as archive:
        return {urlsplit(row["url"]).path for row in archive.rows()}


def crawl(newsspider: Run, *arguments: str) -> dict[str, Any]:
    """Crawl without brakes; return the counts of the run."""
    done = newsspider("crawl", *arguments, "--delay", "0", "--json")
    assert done.returncode == 0, done.stderr
    counts: dict[str, Any] = json.loads(done.stdout)[0]["counts"]
    return counts


def titled(*paths: str) -> dict[str, str]:
    return {path: f"{path.strip('/').replace('/', '')}号水库完成汛前检查" for path in paths}


def portal(loopback: Serve) -> LoopbackSite:
    """Two sections of two pages each, linked from the front page."""
    site = loopback(
        {"/": list_page("首页", {"/a/": "第一频道的全部新闻", "/b/": "第二频道的全部新闻"})}
    )
    for name in "ab":
        for number, paths in enumerate(((1, 2), (3, 4)), 1):
            links = titled(*(f"/{name}/{n}.html" for n in paths))
            site.answers.update({p: article_page(t) for p, t in links.items()})
            pager = f'<div class=page><a href="/{name}/list_2.html">下一页</a></div>'.encode()
            page = list_page(f"频道{name}", links) + (pager if number == 1 else b"")
            site.answers[f"/{name}/" if number == 1 else f"/{name}/list_2.html"] = page
    return site


def test_a_section_alone(newsspider: Run, loopback: Serve, tmp_path: Path) -> None:
    site = portal(loopback)
    crawl(newsspider, site.url + "/a/", "--section")
    assert stored(tmp_path) == {f"/a/{n}.html" for n in (1, 2, 3, 4)}
    assert not any(path.startswith("/b/") for path in site.hits)


def test_exactly_the_addresses_of_a_file(newsspider: Run, loopback: Serve, tmp_path: Path) -> None:
    site = portal(loopback)
    urls = tmp_path / "urls.txt"
    urls.write_text(
        f"# two of them\n{site.url}/a/1.html\n\n{site.url}/b/4.html\n", encoding="utf-8"
    )
    crawl(newsspider, "--urls", str(urls))
    assert stored(tmp_path) == {"/a/1.html", "/b/4.html"}
    assert set(site.hits) == {"/robots.txt", "/a/1.html", "/b/4.html"}


def test_bad_lists_of_addresses(newsspider: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_text("no address\n", encoding="utf-8")
    for arguments in (
        ("--urls", "missing.txt"),
        ("--urls", "bad.txt"),
        ("--backfill", "http://127.0.0.1:1/{yyyy}"),
        (),
    ):
        done = newsspider("crawl", *arguments)
        assert done.returncode == 2, arguments
        assert "Traceback" not in done.stderr


def test_since_leaves_older_articles_alone(
    newsspider: Run, loopback: Serve, tmp_path: Path
) -> None:
    paths = ("/2024/05/06/1.html", "/2019/05/06/2.html", "/3.html")
    site = loopback({p: article_page(t) for p, t in titled(*paths).items()})
    site.answers["/"] = list_page("要闻", titled(*paths))
    counts = crawl(newsspider, site.url + "/", "--since", "2024-01-01")
    assert stored(tmp_path) == {"/2024/05/06/1.html", "/3.html"}
    assert counts["too_old"] == 1
    assert site.hits["/2019/05/06/2.html"] == 0


def test_a_budget_ends_the_run_and_the_next_goes_on(
    newsspider: Run, loopback: Serve, tmp_path: Path
) -> None:
    links = titled(*(f"/{n}.html" for n in range(60)))
    site = loopback({p: article_page(t) for p, t in links.items()})
    site.answers["/"] = list_page("要闻", links)
    site.delay_s = 0.02
    crawl(newsspider, site.url + "/", "--max-pages", "10")
    first = stored(tmp_path)
    assert 5 <= len(first) < 40
    crawl(newsspider, site.url + "/")
    assert stored(tmp_path) == set(links)
    assert all(site.hits[path] == 1 for path in links)


def test_feeds_and_sitemaps_lead_to_articles(
    newsspider: Run, loopback: Serve, tmp_path: Path
) -> None:
    paths = ("/feed/1.html", "/map/2.html", "/index/3.html")
    site = loopback({p: article_page(t) for p, t in titled(*paths).items()})
    xml = {"Content-Type": "application/xml"}
    sitemap = "<urlset><url><loc>{}</loc></url></urlset>"
    index = f"<sitemapindex><sitemap><loc>{site.url}/s2.xml</loc></sitemap></sitemapindex>"
    item = f"<item><title>订阅里的新闻</title><link>{site.url}/feed/1.html</link></item>"
    rss = f"<rss><channel>{item}</channel></rss>"
    site.answers.update(
        {
            "/": b'<html><head><link rel="alternate" type="application/rss+xml" href="/rss.xml">'
            b"</head><body><h1>front</h1></body></html>",
            "/robots.txt": f"Sitemap: {site.url}/s1.xml\nSitemap: {site.url}/index.xml\n".encode(),
            "/rss.xml": (200, xml, rss.encode()),
            "/s1.xml": (200, xml, sitemap.format(f"{site.url}/map/2.html").encode()),
            "/index.xml": (200, xml, index.encode()),
            "/s2.xml": (200, xml, sitemap.format(f"{site.url}/index/3.html").encode()),
        }
    )
    crawl(newsspider, site.url + "/")
    assert stored(tmp_path) == set(paths)
    with Archive(tmp_path / "data/archive.db", read_only=True) as archive:
        kinds = {
            urlsplit(u).path: v.kind
            for u, v in archive.visits(
                [f"{site.url}{p}" for p in ("/rss.xml", "/s1.xml", "/index.xml")]
            ).items()
        }
    assert kinds == {"/rss.xml": "feed", "/s1.xml": "sitemap", "/index.xml": "sitemap"}


def test_numbered_lists_are_gone_through(newsspider: Run, loopback: Serve, tmp_path: Path) -> None:
    site = loopback({"/": article_page("没有链接的首页文章一篇")})
    for number in (1, 2):
        links = titled(f"/old/{number}.html")
        site.answers.update({p: article_page(t) for p, t in links.items()})
        site.answers[f"/old/node_{number}.htm"] = list_page("旧闻", links)
    crawl(newsspider, "--backfill", site.url + "/old/node_{n:1-2}.htm")
    assert {"/old/1.html", "/old/2.html"} <= stored(tmp_path)


def test_validators_save_unchanged_pages(newsspider: Run, loopback: Serve, tmp_path: Path) -> None:
    site = loopback({"/": list_page("要闻", titled("/1.html"))})
    etag = {"ETag": '"v1"', "Last-Modified": "Mon, 06 May 2024 00:00:00 GMT"}
    site.answers["/1.html"] = (200, etag, article_page("一号水库完成汛前检查"))
    crawl(newsspider, site.url + "/")
    site.answers["/1.html"] = (304, etag, b"")
    counts = crawl(newsspider, site.url + "/", "--revisit", "all")
    assert site.headers["/1.html"]["if-none-match"] == '"v1"'
    assert site.headers["/1.html"]["if-modified-since"] == etag["Last-Modified"]
    assert counts["unchanged"] == 1
    assert counts["not_modified"] == 1
    with Archive(tmp_path / "data/archive.db", read_only=True) as archive:
        row = archive.get(f"{site.url}/1.html")
    assert row["last_seen"] >= row["first_seen"]
    assert row["revision"] == 1


def test_a_calendar_ends(newsspider: Run, loopback: Serve) -> None:
    site = loopback({"/": list_page("要闻", {"/c/1.html": "活动日历上的全部活动"})})
    for n in range(1, 200):
        site.answers[f"/c/{n}.html"] = f'<h1>{n}</h1><a href="/c/{n + 1}.html">下月</a>'.encode()
    crawl(newsspider, site.url + "/")
    assert sum(site.hits[path] for path in site.hits if path.startswith("/c/")) < 40


def test_session_ids_in_paths_are_seen_through(
    newsspider: Run, loopback: Serve, tmp_path: Path
) -> None:
    site = loopback({})
    for n in range(1, 100):
        link = f'<a href="/s/{n + 1:032x}/n.html">下一页</a>'
        site.answers[f"/s/{n:032x}/n.html"] = article_page("同一篇文章换了会话编号", links=link)
    site.answers["/"] = list_page("要闻", {f"/s/{1:032x}/n.html": "同一篇文章换了会话编号"})
    crawl(newsspider, site.url + "/")
    assert len(stored(tmp_path)) == 1
    assert sum(path.startswith("/s/") for path in site.hits) < 12


def test_a_later_run_knows_a_session_by_the_article_behind_it(
    newsspider: Run, loopback: Serve, tmp_path: Path
) -> None:
    page = article_page("同一篇文章换了会话编号")
    site = loopback({"/n.html": page, "/": list_page("要闻", titled("/n.html"))})
    crawl(newsspider, site.url + "/")
    path = f"/s/{7:032x}/n.html"
    site.answers |= {path: page, "/": list_page("要闻", titled("/n.html", path))}
    assert crawl(newsspider, site.url + "/")["session_id"] == 1
    assert stored(tmp_path) == {"/n.html"}


def test_retry_after_is_waited_for(newsspider: Run, loopback: Serve, tmp_path: Path) -> None:
    site = loopback({"/": list_page("要闻", titled("/1.html"))})
    site.answers["/1.html"] = (429, {"Retry-After": "1"}, b"")
    done = newsspider("crawl", site.url + "/", "--delay", "0", "--json")
    counts = json.loads(done.stdout)[0]["counts"]
    assert site.hits["/1.html"] == 3
    assert counts["seconds"] >= 3
    assert counts["failed"] == 1
