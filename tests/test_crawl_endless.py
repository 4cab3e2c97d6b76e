"""Sites without end, and answers without measure: each crawl ends, with the articles there are."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from conftest import ROOT, Answer, LoopbackSite, article_page, list_page
from scrapy.settings import Settings
from scrapy.statscollectors import MemoryStatsCollector

from newsspider import Archive, Article
from newsspider.extract import Link, Reading
from newsspider.extract.reading import MAX_LINKS
from newsspider.plan import plan_crawl
from newsspider.spiders.books import Books
from newsspider.spiders.reader import Reader

Run = Callable[..., subprocess.CompletedProcess[str]]
Serve = Callable[..., LoopbackSite]

GOOD = {f"/a/{n}.html": f"第{n}座水库今天完成汛前检查" for n in range(6)}
TITLE = "一个很长很长的专题列表标题"
XML = {"Content-Type": "application/xml"}
TEXT = {"Content-Type": "text/plain"}


class Endless(dict[str, Answer | bytes]):
    """Answers that are made up when they are asked for."""

    def __init__(self, make: Callable[[str], Answer | bytes | None]) -> None:
        super().__init__({path: article_page(title) for path, title in GOOD.items()})
        self.make = make

    def get(self, path: str, default: object = None) -> object:  # type: ignore[override]
        if path in self:
            return self[path]
        return self.make(path) or (list_page("要闻", GOOD) if path == "/" else default)


def word(seed: str) -> str:
    return "".join(Random(seed).choices("abcdefghijklmnopqrstuvwxyz", k=7))


def sitemap_of(*paths: str) -> Answer:
    items = "".join(f"<sitemap><loc>{path}</loc></sitemap>" for path in paths)
    return 200, XML, f"<sitemapindex>{items}</sitemapindex>".encode()


def numbered_sitemaps(path: str) -> Answer | None:
    """Each sitemap names the next one."""
    return sitemap_of(f"/s/{int(path[3:-4]) + 1}.xml") if path.startswith("/s/") else None


def sitemap_tree(path: str) -> Answer | None:
    """Each sitemap names twenty others."""
    if not path.startswith("/s/"):
        return None
    return sitemap_of(*(f"/s/{word(f'{path}{n}')}.xml" for n in range(20)))


def made_up_words(path: str) -> bytes | None:
    """Each list names others, under words that nobody has met."""
    if path == "/":
        return list_page("要闻", {**GOOD, "/t/start/": TITLE})
    if not path.startswith("/t/"):
        return None
    words = [word(f"{path}{n}") for n in range(5)]
    return list_page("专题", {f"/t/{one}/": TITLE + one for one in words})


def growing_path(path: str) -> bytes | None:
    """A link without its slash leads ever deeper."""
    if path == "/":
        return list_page("要闻", {**GOOD, "/x/": TITLE})
    return list_page("栏目", {"x/": "栏目", "y/": "栏目"}) if path.startswith("/x/") else None


def list_of_nothing(path: str) -> Answer | bytes | None:
    """A list goes on for ever, and none of its pages is there."""
    if path == "/":
        return list_page("要闻", {**GOOD, "/l/1.html": TITLE})
    if path.startswith("/k/"):
        return 404, {}, b"none"
    if not path.startswith("/l/"):
        return None
    number = int(path[3:-5])
    links = {f"/k/{word(f'{path}{n}')}.html": f"{TITLE}{n}" for n in range(5)}
    following = f'<div class=page><a href="/l/{number + 1}.html">下一页</a></div>'
    return list_page("列表", links) + following.encode()


@pytest.mark.parametrize(
    ("make", "most"),
    [
        (numbered_sitemaps, 220),
        (sitemap_tree, 260),
        (made_up_words, 1100),
        (growing_path, 1100),
        (list_of_nothing, 1300),
    ],
)
def test_an_endless_site_ends(
    newsspider: Run, loopback: Serve, tmp_path: Path, make: Callable[..., Answer], most: int
) -> None:
    site = loopback(Endless(make))
    site.answers["/robots.txt"] = (200, TEXT, f"Sitemap: {site.url}/s/0.xml".encode())
    done = newsspider("crawl", site.url + "/", "--delay", 0, "--no-warc", "--json")
    assert done.returncode == 0, done.stderr
    with Archive(tmp_path / "data/archive.db", read_only=True) as archive:
        assert {urlsplit(row["url"]).path for row in archive.rows()} == set(GOOD)
    assert site.hits.total() <= most
    assert json.loads(done.stdout)[0]["counts"]["barren"] >= 1


def test_a_long_robots_txt_is_obeyed_as_far_as_it_must_be(
    newsspider: Run, loopback: Serve, tmp_path: Path
) -> None:
    rules = b"".join(b"Disallow: /q%d/*x*y$\n" % n for n in range(200_000))
    site = loopback({path: article_page(title) for path, title in GOOD.items()})
    site.answers["/"] = list_page("要闻", GOOD)
    site.answers["/robots.txt"] = (
        200,
        TEXT,
        b"User-agent: *\nDisallow: /a/5.html\n" + rules + b"Disallow: /a/4.html\n",
    )
    done = newsspider("crawl", site.url + "/", "--delay", 0, timeout_s=30)
    assert done.returncode == 0, done.stderr
    assert site.hits["/a/5.html"] == 0
    assert site.hits["/a/4.html"] == 1


def test_what_does_not_fit_into_the_queue_waits_in_the_archive(
    loopback: Serve, tmp_path: Path
) -> None:
    titles = {f"/a/{n}.html": f"第{n}座水库今天完成汛前检查" for n in range(60)}
    site = loopback({path: article_page(title) for path, title in titles.items()})
    parts = [dict(list(titles.items())[start : start + 20]) for start in (0, 20, 40)]
    site.answers["/"] = list_page("要闻", {**parts[0], "/s/1/": TITLE, "/s/2/": TITLE})
    site.answers |= {f"/s/{n}/": list_page("专题", parts[n]) for n in (1, 2)}
    script = (
        "import runpy, sys;"
        "from newsspider.spiders import backlog;"
        "backlog.MAX_WAITING = 7;"
        "sys.argv = ['newsspider', *sys.argv[1:]];"
        "runpy.run_module('newsspider', run_name='__main__')"
    )
    db = tmp_path / "a.db"
    command = ("crawl", site.url + "/", "--db", str(db), "--delay", "0")
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", script, *command],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        with Archive(db, read_only=True) as archive:
            assert {urlsplit(row["url"]).path for row in archive.rows()} == set(titles)
    # The second run asks for the lists alone.
    assert {site.hits[path] for path in titles} == {1}
    assert site.hits.total() <= 60 + 2 * 4


def test_a_page_of_very_many_links_is_followed_as_far_as_it_can_be() -> None:
    plan = plan_crawl("http://a.cn/")
    stats = MemoryStatsCollector(cast(Any, SimpleNamespace(settings=Settings())))
    reader = Reader(plan, Settings(), Books(stats, None))
    links = tuple(Link(url=f"http://a.cn/z/{n}.html") for n in range(MAX_LINKS + 5))
    found = reader.candidates(Reading(article=Article(url="http://a.cn/"), links=links))
    assert len(found) == MAX_LINKS
    assert stats.get_stats()["newsspider/refused/too_many_links"] == 1
