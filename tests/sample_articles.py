"""Articles for the tests of the store, made since no page is read, and a stranger's view of it."""

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from newsspider.items import Article, Breadcrumb, Credit, Image, RelatedItem

CHINA = timezone(timedelta(hours=8))
SEEN = datetime(2024, 1, 1, 8, tzinfo=CHINA)
LATER = SEEN + timedelta(days=1)

LONG = "改革开放以来，我们取得了举世瞩目的成就。" * 10

FULL = Article(
    url="http://news.example.cn/a/1.html",
    canonical_url="http://news.example.cn/a/1.html",
    requested_url="http://news.example.cn/a/1.html?utm_source=feed",
    site="example.cn",
    title="板桥乡召开校园安全会议",
    kicker="共建平安",
    subtitle="三方联动",
    body="　　为深入推进校园安全，板桥乡于3月18日开会。\n会议指出，A股上涨12点。\n(于新 张继东)",
    body_html="<p>为深入推进校园安全</p>",
    date_published=datetime(2023, 3, 21, 13, 21, 5, tzinfo=CHINA),
    date_published_raw="2023-03-21 13:21:05",
    date_published_precision="second",
    date_modified=datetime(2023, 3, 22, tzinfo=CHINA),
    date_modified_precision="day",
    source="勘探开发研究院",
    source_url="http://institute.example.cn/",
    authors=("于新", "张继东"),
    editors=("李琴雯",),
    credits=(
        Credit(role="source", name="勘探开发研究院", raw="来源:勘探开发研究院"),
        Credit(role="editor", name=None, raw="编辑:"),
        Credit(role="author", name="于新", raw="(于新 张继东)"),
    ),
    dateline="本报3月18日讯",
    section="要闻",
    breadcrumbs=(Breadcrumb(name="首页", url="http://news.example.cn/"), Breadcrumb(name="要闻")),
    keywords=("校园", "安全"),
    description="会议综述",
    language="zh-Hans",
    images=(
        Image(
            url="http://news.example.cn/1.jpg", caption="现场", alt="图", credit="刘斌", position=2
        ),
    ),
    related=(
        RelatedItem(
            list_heading="大家都爱看",
            kind="popular",
            position=1,
            title="暖流涌动...",
            url="http://news.example.cn/a/2.html",
            summary="又讯",
            date_published=datetime(2025, 3, 31, 18, 48, 21, tzinfo=CHINA),
            date_published_precision="second",
        ),
        RelatedItem(title="没有链接", date_published=datetime(2025, 3, 1, tzinfo=CHINA)),
    ),
    page_urls=("http://news.example.cn/a/1_2.html",),
    confidence=0.97,
    provenance={"title": "h1", "source": "label:来源"},
    fetched_at=SEEN,
    http_status=200,
    warc_record_id="urn:uuid:1",
    extractor_version="1",
    profile_version="abc",
)


def article(number: int = 1, **fields: Any) -> Article:
    """Return a small article of its own address; *fields* are those of Article."""
    plain = Article(
        url=f"http://news.example.cn/a/{number}.html",
        site="example.cn",
        title=f"第{number}号新闻",
        body=f"正文第{number}段，共建美好家园。",
        fetched_at=SEEN,
        extractor_version="1",
    )
    return replace(plain, **fields)


def plain(path: Path) -> sqlite3.Connection:
    """Return what a stranger with SQLite sees."""
    db = sqlite3.connect(path)
    db.row_factory = sqlite3.Row
    return db


def ask(path: Path, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    db = plain(path)
    try:
        return [tuple(row) for row in db.execute(sql, values)]
    finally:
        db.close()


def counts(path: Path) -> dict[str, int]:
    tables = "articles revisions related_items credits images urls fetches runs stories".split()
    return {name: ask(path, f"select count(*) from {name}")[0][0] for name in tables}
