"""Run crawls to their end in this process, and say how they ended."""

import asyncio
import logging
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from newsspider.errors import NewsspiderError, NotDue, SiteLocked
from newsspider.extensions import exit_status, run_counts
from newsspider.plan import CrawlPlan
from newsspider.spiders.portal import PortalSpider


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """How the crawl of one site ended."""

    site: str
    exit: int
    """Exit status; see extensions.exit_status."""
    counts: dict[str, Any] = field(default_factory=dict)
    alarms: list[dict[str, Any]] = field(default_factory=list)
    """Those in force after it: name, subject, message, urls."""
    error: NewsspiderError | None = None
    """Why the crawl did not begin: the site is locked or not due, the archive cannot be opened."""


def crawl_settings(overrides: Mapping[str, Any]) -> Settings:
    """Return newsspider's settings with *overrides*, those given by name for this run, on top."""
    settings = Settings()
    settings.setmodule("newsspider.settings", priority="project")
    # The caller decides what of the log goes where.
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="project")
    settings.setdict(dict(overrides), priority="cmdline")
    return settings


def _result(plan: CrawlPlan, crawler: Crawler, task: "asyncio.Task[None]") -> RunResult:
    error = None if task.cancelled() else task.exception()
    if isinstance(error, NewsspiderError):
        status = 75 if isinstance(error, SiteLocked) else 0 if isinstance(error, NotDue) else 1
        return RunResult(site=plan.site, exit=status, error=error)
    if error is not None:
        raise error
    stats = crawler.stats.get_stats()
    reason = str(stats.get("finish_reason", "shutdown"))
    counts = run_counts(stats)
    for name, value in stats.items():
        if name.startswith("newsspider/articles/"):
            counts[name.rpartition("/")[2]] = value
    return RunResult(
        site=plan.site,
        exit=exit_status(stats, reason),
        counts=counts,
        alarms=stats.get("newsspider/alarms", []),
    )


def run_crawls(
    plans: Sequence[CrawlPlan],
    settings: Settings,
    *,
    spider: type[PortalSpider] = PortalSpider,
    at_once: int | None = None,
    **arguments: Any,
) -> list[RunResult]:
    """Crawl every site of *plans* side by side; return one result each, in their order.

    *arguments* go to every *spider*. Not more than *at_once*, where given: the next begins when one
    ends. Ctrl-C ends them in good order, what was read is kept; a second one ends them at once.
    """
    process = AsyncCrawlerProcess(settings)
    # Scrapy makes a record of every page, whether anybody wants it or not.
    logging.getLogger("scrapy").setLevel(logging.NOTSET)
    waiting = deque(enumerate(plans))
    ended: dict[int, tuple[CrawlPlan, Crawler, asyncio.Task[None]]] = {}

    def begin() -> None:
        number, plan = waiting.popleft()
        crawler = process.create_crawler(spider)
        task = process.crawl(crawler, plan=plan, **arguments)
        ended[number] = (plan, crawler, task)
        # Called before the process looks whether anything still runs.
        task.add_done_callback(lambda _: go_on(crawler))

    def go_on(crawler: Crawler) -> None:
        stats = crawler.stats.get_stats() if crawler.stats else {}
        if stats.get("finish_reason") == "shutdown":
            waiting.clear()
        if waiting:
            begin()

    for _ in range(min(at_once or len(plans), len(plans))):
        begin()
    try:
        process.start()
    finally:
        _end_threads()
    return [_result(*ended[number]) for number in sorted(ended)]


def _end_threads() -> None:
    """Let the threads go in which names were resolved: a loop cut short leaves them waiting."""
    from twisted.internet import reactor

    pool = getattr(reactor, "threadpool", None)
    if pool is not None and pool.started and not pool.joined:
        pool.stop()
