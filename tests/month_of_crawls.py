"""A month of a small portal in one process: a crawl a day, a redesign in the middle.

Prints a JSON list: for each day the exit status of the crawl and the alarms after it.

    python month_of_crawls.py DATABASE PROFILE_FOLDER DAYS DAY_OF_THE_REDESIGN
"""

import asyncio
import json
import random
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from conftest import LoopbackSite, list_page
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.utils.reactor import install_reactor
from twisted.internet.defer import Deferred
from twisted.internet.task import react

from newsspider.extensions import exit_status
from newsspider.plan import CrawlOptions, plan_crawl
from newsspider.spiders.portal import PortalSpider
from newsspider.spiders.run import crawl_settings

SECTIONS = {"yaowen": "要闻", "minsheng": "民生"}
PLACES = ("城东", "城西", "河口", "高庙", "新桥", "石岭", "柳埠", "青崖")
DEEDS = ("水库完成汛前检查", "小学新教学楼启用", "公交线路延长", "湿地迎来候鸟", "菜市场改造完工")
OUTLETS = ("江城日报", "河口晚报", "新华社")


class Portal:
    """Two sections, a few new articles a day; fewer at weekends."""

    def __init__(self, days: int) -> None:
        self.random = random.Random(7)
        self.site = LoopbackSite({})
        self.first = datetime.now(UTC) - timedelta(days=days)
        self.lists: dict[str, dict[str, str]] = {slug: {} for slug in SECTIONS}

    def pass_day(self, day: int, *, is_new_design: bool) -> None:
        """Publish what is new on *day*."""
        published = self.first + timedelta(days=day)
        count = self.random.randrange(4, 8) if published.weekday() < 5 else 3
        for number in range(count if day else 14):
            slug = list(SECTIONS)[number % 2]
            title = (
                f"{self.random.choice(PLACES)}{self.random.choice(DEEDS)}：第{day}天第{number}件"
            )
            path = f"/{slug}/{day}_{number}.html"
            draw = self._redesigned if is_new_design else self._page
            self.site.answers[path] = draw(title, slug, published + timedelta(minutes=number))
            self.lists[slug] = {path: title, **self.lists[slug]}
        for slug, name in SECTIONS.items():
            newest = dict(list(self.lists[slug].items())[:12])
            self.site.answers[f"/{slug}/"] = list_page(name, newest)
        front = {f"/{slug}/": name for slug, name in SECTIONS.items()}
        for slug in SECTIONS:
            front |= dict(list(self.lists[slug].items())[:6])
        self.site.answers["/"] = list_page("首页", front)

    def _text(self) -> str:
        draw = self.random
        return "".join(
            f"<p>　　{draw.choice(PLACES)}的{draw.choice(DEEDS)}，这是第{n}段，说明"
            f"{draw.randrange(999)}件事情的经过，也写了居民怎么看、以后还要做什么，一共讲了{draw.randrange(99)}句话。</p>"
            for n in range(draw.randrange(3, 9))
        )

    def _page(self, title: str, slug: str, published: datetime) -> bytes:
        return (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}_例子新闻网</title>'
            f"</head><body><div class=nav><a href='/'>首页</a> &gt; <a href='/{slug}/'>"
            f"{SECTIONS[slug]}</a> &gt; 正文</div><div class=main><h1>{title}</h1><div class=info>"
            f"来源：{self.random.choice(OUTLETS)}　时间：{published:%Y-%m-%d %H:%M:%S}</div>"
            f"<div class=content>{self._text()}</div></div></body></html>"
        ).encode()

    def _redesigned(self, title: str, slug: str, published: datetime) -> bytes:
        """Return a page without the outlet, its parts under other names."""
        return (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}-例子新闻网</title>'
            f"</head><body><nav><a href='/'>首页</a> / <a href='/{slug}/'>{SECTIONS[slug]}</a>"
            f"</nav><main><h1>{title}</h1><time>{published:%Y-%m-%d %H:%M}</time>"
            f"<section id=story>{self._text()}</section></main></body></html>"
        ).encode()


def let_a_day_pass(db: Path) -> None:
    """Move what the archive remembers of its crawls a day into the past."""
    connection = sqlite3.connect(db)
    for table, column in (
        *(("runs", "started"), ("runs", "finished"), ("urls", "next_visit")),
        *(("urls", "first_seen"), ("urls", "last_fetched")),
    ):
        rows = connection.execute(f"select id, {column} from {table} where {column} is not null")
        earlier = [
            ((datetime.fromisoformat(text) - timedelta(days=1)).isoformat(), number)
            for number, text in rows.fetchall()
        ]
        connection.executemany(f"update {table} set {column} = ? where id = ?", earlier)
    connection.commit()
    connection.close()


async def crawled(url: str, db: Path, profiles: Path) -> dict[str, Any]:
    """Crawl once and return the exit status and the alarms."""
    settings = crawl_settings({"NEWSSPIDER_DB": str(db), "LOG_ENABLED": False})
    runner = AsyncCrawlerRunner(settings)
    crawler = runner.create_crawler(PortalSpider)
    options = CrawlOptions(folder=profiles, delay_s=0)
    await runner.crawl(crawler, plan=plan_crawl(url, options))
    stats = crawler.stats.get_stats()
    alarms = [f"{a['name']} {a['subject']}".strip() for a in stats["newsspider/alarms"]]
    return {"exit": exit_status(stats, str(stats["finish_reason"])), "alarms": alarms}


async def month(db: Path, profiles: Path, days: int, redesign: int) -> list[dict[str, Any]]:
    """Crawl every day and return what each crawl said."""
    portal, out = Portal(days), []
    text = f'home = "{portal.site.url}/"\n[fields]\nbody = "div.content"\n'
    (profiles / "small.toml").write_text(text, encoding="utf-8")
    try:
        for day in range(days):
            portal.pass_day(day, is_new_design=day >= redesign)
            out.append(await crawled("small", db, profiles))
            let_a_day_pass(db)
    finally:
        portal.site.close()
    return out


def main() -> None:
    db, profiles, days, redesign = sys.argv[1:]
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")

    async def whole() -> None:
        print(json.dumps(await month(Path(db), Path(profiles), int(days), int(redesign))))

    react(lambda _: Deferred.fromFuture(asyncio.ensure_future(whole())))


if __name__ == "__main__":
    main()
