"""An archive for the tests of the reading room, what a browser must not see in it, its server."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from conftest import ROOT
from sample_articles import CHINA, FULL, LATER, LONG, SEEN, article

from newsspider.items import Article, Breadcrumb, Credit, Image, RelatedItem
from newsspider.store import Archive
from newsspider.store.records import Batch, Fetch, RunEnd

EVIL = '"><script>fetch("http://evil.example/")</script><img src=//evil.example/x onerror=alert(1)>'
FLIP = "\u202e红字\u2066\x1b[31m\x07"
HOSTILE = Article(
    url="http://evil.example/?q='><b onclick=1>",
    site='evil.example"><script>alert(1)</script>',
    title=EVIL + FLIP,
    kicker="{{ 7*7 }} {% raw %}",
    subtitle="'; drop table articles; --",
    body=f"共建 {EVIL} {FLIP}\n" + "长" * 20_000,
    body_html=f"<p onclick='x()'>共建<script>alert(1)</script><style>*{{display:none}}</style>"
    f"<img src='http://evil.example/a.png' alt='{EVIL.replace(chr(39), '')}'>"
    "<a href='javascript:alert(1)'>js</a><a href='data:text/html,x'>data</a>"
    "<iframe src='http://evil.example/'></iframe><svg onload=alert(1)></svg>"
    "<form action='http://evil.example/'><input name=q></form><meta http-equiv=refresh content=0>"
    "<link rel=stylesheet href='http://evil.example/x.css'>",
    date_published=datetime(2024, 5, 6, 7, 8, 9, tzinfo=CHINA),
    date_published_raw="<i>2024</i>",
    source="../../<script>来源</script>?x=1#y",
    source_url="javascript:alert(1)",
    authors=("</title><script>alert(1)</script>",),
    editors=(FLIP,),
    credits=(Credit(role="editor", name="<b>", raw="编辑:<b>"),),
    section="' or 1=1 --",
    breadcrumbs=(Breadcrumb(name="<u>首页</u>", url="javascript:x"),),
    keywords=('"quoted" <b>', "%s%00"),
    description=EVIL,
    language='zh"><script>',
    images=(Image(url="javascript:alert(2)", caption=EVIL, credit="x", alt="y"),),
    related=(
        RelatedItem(list_heading=EVIL, kind="popular", title=EVIL, url="javascript:alert(3)"),
        RelatedItem(list_heading=EVIL, kind="popular", position=2, title="x", url="//evil.example"),
    ),
    provenance={"title": EVIL, EVIL: "h1"},
    fetched_at=SEEN,
    extractor_version="1",
)
NEWS = "港口今天恢复了全部航班，值班员说风力已经降到五级，积压的旅客下午就能过江。" * 6
ORIGINAL = article(
    20,
    url="http://paper.cn/a/20.html",
    site="paper.cn",
    title="港口恢复全部航班",
    body=NEWS,
    source="江城日报",
    source_url="http://paper.cn/",
    section="要闻",
    date_published=datetime(2024, 5, 1, 8, tzinfo=CHINA),
    language="zh-Hans",
)
COPY = replace(
    ORIGINAL,
    url="http://portal.cn/b/7.html",
    site="portal.cn",
    title="港口航班全部恢复",
    date_published=datetime(2024, 5, 1, 12, 30, tzinfo=CHINA),
)
ENGLISH = article(
    30,
    url="http://paper.cn/en/30.html",
    site="paper.cn",
    title="Ferries run again",
    body="The ferries run again since noon.\nPassengers waited for two days.",
    date_published=datetime(2024, 5, 2, 9, tzinfo=CHINA),
    authors=("Ann Lee", "Bo Chen", "Cy Wu", "Di Hu"),
    language="en",
)


def fill(path: Path) -> None:
    """Make the archive at *path*: article 1 is FULL, 2 was edited, 3 is gone, 4 is HOSTILE."""
    before = article(2, title="市场开业", body="今天有三家店开业。\n第二段不变。\n第三段。")
    after = replace(
        before, body="今天有五家店开业。\n第二段不变。\n第三段。\n补充一段。", fetched_at=LATER
    )
    gone = article(
        3, date_published=datetime(2024, 4, 30, tzinfo=CHINA), date_published_precision="day"
    )
    linked = replace(
        FULL,
        related=(
            RelatedItem(
                list_heading="大家都爱看", kind="popular", title="市场开业", url=before.url
            ),
            *FULL.related,
        ),
    )
    many = [
        article(
            100 + n,
            site="many.cn",
            url=f"http://many.cn/{n}.html",
            title=f"第{n}期简报",
            body=f"共建简报第{n}期，{LONG[:20]}{n}",
            source="简报社" if n % 2 else "月报",
            section="简报" if n % 3 else None,
            authors=("周一",) if n % 5 == 0 else (),
            date_published=datetime(2024, 1, 1, 12, tzinfo=CHINA) + timedelta(days=n),
        )
        for n in range(45)
    ]
    with Archive(path, create=True) as archive:
        run = archive.begin_run("example.cn", started=SEEN, targets=["http://news.example.cn/"])
        archive.write(Batch(articles=(linked, before, gone, HOSTILE)), run_id=run)
        archive.write(Batch(articles=(ORIGINAL, COPY, ENGLISH, *many)), run_id=run)
        archive.end_run(run, RunEnd(finished=LATER, exit=0, counts={"new": 52}))
        run = archive.begin_run("example.cn", started=LATER)
        fetches = (
            Fetch(url=FULL.url, fetched_at=LATER, kind="article", http_status=200),
            Fetch(url=gone.url, fetched_at=LATER, kind="article", http_status=404),
        )
        archive.write(Batch(articles=(after,), fetches=fetches), run_id=run)
        archive.end_run(run, RunEnd(finished=LATER, exit=0, counts={"changed": 1}))


@contextmanager
def serving_room(path: Path, *options: str) -> Iterator[str]:
    """Run `newsspider serve` over the archive at *path*; yield its address, without the slash."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("NEWSSPIDER_")}
    environment["PYTHONPATH"] = str(ROOT)
    command = [sys.executable, "-m", "newsspider", "serve", "--db", str(path), "--port", "0"]
    process = subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, text=True, env=environment
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip().rstrip("/")
    finally:
        process.terminate()
        process.wait(timeout=20)
        if process.stdout:
            process.stdout.close()
