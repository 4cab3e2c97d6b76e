"""Another Scrapy project with one setting more: its articles, answers and manners."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, LoopbackSite, article_page, list_page
from sample_articles import ask
from scrapy.utils.test import get_crawler

from newsspider.addon.guard import GuardMiddleware
from newsspider.addon.items import article_of

SETTINGS = """
BOT_NAME = "foreign"
SPIDER_MODULES = ["foreign.spiders"]
ADDONS = {"newsspider.addon.NewsspiderAddon": 500}
NEWSSPIDER_DB = "kept/archive.db"
TELNETCONSOLE_ENABLED = False
RETRY_ENABLED = False
"""
SPIDER = """
import scrapy


class Paper(scrapy.Spider):
    name = "paper"
    start_urls = ["{start}"]

    def parse(self, response):
        yield {{"kind": "list", "count": len(response.css("li a"))}}
        for href in response.css("li a::attr(href)").getall():
            yield response.follow(href, self.article)
        yield scrapy.Request("http://10.1.2.3/secret", self.article)
        yield scrapy.Request("file:///etc/passwd", self.article)
        yield scrapy.Request("http://127.0.0.1:1/", self.article)

    def article(self, response):
        yield {{
            "url": response.url,
            "headline": response.css("h1::text").get(),
            "articleBody": response.css(".content p::text").getall(),
            "datePublished": "2024-05-06T07:08:09+08:00",
            "author": [{{"name": "于新"}}],
            "extra": 7,
        }}
"""


@pytest.fixture
def project(tmp_path: Path, loopback: Callable[..., LoopbackSite]) -> Callable[[], Path]:
    site = loopback(
        {
            "/": list_page(
                "要闻", {"/a/1.html": "一", "/a/2.html?utm_source=x": "二", "/a/2.html": "二"}
            ),
            "/a/1.html": article_page("城东水库检查完成"),
            "/a/2.html": article_page(
                "灌区启动春灌", text="本报讯　昨天上午九点，灌区的闸门打开了。"
            ),
            "/a/2.html?utm_source=x": article_page("灌区启动春灌"),
        }
    )
    spiders = tmp_path / "foreign" / "spiders"
    spiders.mkdir(parents=True)
    for folder in (spiders, spiders.parent):
        (folder / "__init__.py").write_text("")
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = foreign.settings\n")
    (spiders.parent / "settings.py").write_text(SETTINGS)
    (spiders / "paper.py").write_text(SPIDER.format(start=f"{site.url}/"))

    def crawl() -> Path:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("NEWSSPIDER_")}
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", "crawl", "paper", "-O", "items.jsonl"],
            cwd=tmp_path,
            env=environment | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        (tmp_path / "log.txt").write_text(done.stderr)
        return tmp_path

    return crawl


def test_a_foreign_project_gets_the_archive(
    project: Callable[[], Path], newsspider: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    folder = project()
    db = folder / "kept" / "archive.db"
    items = [json.loads(line) for line in (folder / "items.jsonl").read_text().splitlines()]
    # Its own items come out as it made them.
    assert sorted(item.get("extra", 0) for item in items) == [0, 7, 7]
    rows = ask(
        db,
        "select title, authors, date_published, http_status, extractor_version from articles"
        " order by url",
    )
    assert rows == [
        ("城东水库检查完成", '["于新"]', "2024-05-06T07:08:09+08:00", 200, None),
        ("灌区启动春灌", '["于新"]', "2024-05-06T07:08:09+08:00", 200, None),
    ]
    log = (folder / "log.txt").read_text()
    assert "'newsspider/refused/unsafe': 3" in log
    # Every article names its record, and the record holds the page.
    places = ask(
        db,
        "select a.url, a.warc_record_id, f.warc_file, f.warc_offset from articles a"
        " join fetches f on f.url = a.url order by a.url",
    )
    for (url, record_id, name, offset), title in zip(places, [r[0] for r in rows], strict=True):
        with (db.parent / "warc" / name).open("rb") as file:
            file.seek(offset)
            with gzip.open(file) as member:
                record = member.read()
        assert record_id.encode() in record and url.encode() in record
        assert title.encode() in record
    assert newsspider("verify", "--db", db).returncode == 0
    # What a foreign spider said is not for newsspider's extraction to replace.
    told = newsspider("reextract", "--db", db, "--json")
    assert (told.returncode, json.loads(told.stdout)["foreign"]) == (0, 2)

    project()
    counts = "select count(*), sum(revision) from articles"
    assert ask(db, counts) == [(2, 2)]
    kinds = (db.parent / "warc").glob("*-00001.warc.gz")
    assert any(b"WARC-Type: revisit" in gzip.decompress(path.read_bytes()) for path in kinds)


ITEMS: dict[str, tuple[Any, dict[str, Any] | None]] = {
    "own names": (
        {"url": "http://a.cn/1.html?utm_source=x", "title": " 一 ", "body": "正文"},
        {"url": "http://a.cn/1.html", "title": "一", "body": "正文"},
    ),
    "names of Zyte": (
        {
            "url": "http://a.cn/1.html",
            "headline": "一",
            "articleBody": ["甲", " 乙 ", ""],
            "author": {"name": "于新"},
        },
        {"title": "一", "body": "甲\n乙", "authors": ("于新",)},
    ),
    "own name wins": (
        {"url": "http://a.cn/1", "headline": "假", "title": "真", "body": "文"},
        {"title": "真"},
    ),
    "day": (
        {"url": "http://a.cn/1", "title": "一", "body": "文", "date_published": "2024-05-06"},
        {"date_published_precision": "day"},
    ),
    "naive moment": (
        {
            "url": "http://a.cn/1",
            "title": "一",
            "body": "文",
            "date_published": datetime(2024, 5, 6, 7, 8, 9),
        },
        {"date_published": datetime.fromisoformat("2024-05-06T07:08:09+08:00")},
    ),
    "no body": ({"url": "http://a.cn/1", "title": "一"}, None),
    "no address": ({"title": "一", "body": "文"}, None),
    "another scheme": ({"url": "javascript:1", "title": "一", "body": "文"}, None),
    "no item": (7, None),
}


@pytest.mark.parametrize("case", ITEMS)
def test_items_as_articles(case: str) -> None:
    item, expected = ITEMS[case]
    article = article_of(item)
    if expected is None:
        assert article is None
        return
    assert article is not None
    assert {name: getattr(article, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        ("http://news.example.cn/a", None),
        ("https://news.example.cn:443/a", None),
        ("http://news.example.cn:8080/a", None),
        ("http://news.example.cn:22/", "an unusual port"),
        ("http://other.example.cn:8080/", "an unusual port"),
        ("http://127.0.0.1/", "a private address"),
        ("http://[::1]/", "a private address"),
        ("http://169.254.169.254/latest/", "a private address"),
        ("http://localhost/", "a private address"),
        ("http://a:b@news.example.cn/", "a user name in the address"),
        ("ftp://news.example.cn/", "neither http nor https"),
        ("data:text/html,x", "neither http nor https"),
    ],
)
def test_guard(url: str, refused: str | None) -> None:
    crawler = get_crawler()
    crawler.spider = crawler._create_spider("paper", start_urls=["http://news.example.cn:8080/"])
    crawler._apply_settings()
    assert GuardMiddleware.from_crawler(crawler).refusal(url) == refused
