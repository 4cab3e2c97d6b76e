"""Scrapy extensions: the books of a run, and the delay that a site asks for."""

import asyncio
import logging
import sqlite3
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider, signals
from scrapy.exceptions import NotConfigured
from scrapy.extensions.throttle import AutoThrottle
from scrapy.robotstxt import RobotParser
from scrapy.utils.asyncio import create_looping_call

from newsspider.archive.reader import RawArchive, folder_of
from newsspider.errors import ArchiveError, NotDue, RawArchiveError
from newsspider.items import Article
from newsspider.monitor import Monitor
from newsspider.plan import CrawlPlan, is_due
from newsspider.reread import Profiles, Rereader
from newsspider.store.ledger import Ledger
from newsspider.store.records import RunEnd

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

FAILURES = (ArchiveError, sqlite3.Error, OSError)
"""What a full disk and its like raise."""
# Stats that a row of `runs` keeps, under their short names.
COUNTS = {
    "newsspider/fetches/answered": "answered",
    "newsspider/fetches/failed": "failed",
    "newsspider/pages/article": "article_pages",
    "newsspider/pages/section": "section_pages",
    "newsspider/pages/other": "other_pages",
    "newsspider/pages/joined": "joined_pages",
    "newsspider/pages/soft_404": "soft_404",
    "newsspider/pages/extraction_failed": "extraction_failed",
    "newsspider/pages/feed": "feeds",
    "newsspider/pages/sitemap": "sitemaps",
    "newsspider/pages/not_modified": "not_modified",
    "newsspider/pages/twin": "twin_pages",
    "newsspider/browser/pages": "rendered",
    "newsspider/browser/failed": "not_rendered",
    "newsspider/browser/parts": "parts",
    "newsspider/raw/kept": "raw_records",
    "newsspider/raw/revisits": "raw_revisits",
    "robotstxt/forbidden": "robots_forbidden",
    "item_dropped_count": "dropped",
    "downloader/request_count": "requests",
    "downloader/response_bytes": "bytes",
    "elapsed_time_seconds": "seconds",
}


def exit_status(stats: dict[str, Any], reason: str) -> int:
    """Return the exit status of a run that ended for *reason* with these *stats*.

    0 finished, 1 the archive could not be written, 3 finished with alarms or pages that raised,
    4 nothing was fetched, most requests failed (transport errors, 429, 5xx) or the site stopped
    answering, 130 interrupted.
    """
    if "newsspider/error" in stats:
        return 1
    if reason == "shutdown":
        return 130
    if reason == "no_answer":
        return 4
    answered = stats.get("newsspider/fetches/answered", 0)
    if not answered and stats.get("newsspider/refused/older_capture"):
        # All that the files hold was read before.
        return 0
    if not answered or stats.get("newsspider/fetches/failed", 0) > answered:
        return 4
    failed = stats.get("newsspider/pages/extraction_failed") or stats.get("newsspider/alarms")
    return 3 if failed or any(name.startswith("spider_exceptions/") for name in stats) else 0


def run_counts(stats: dict[str, Any]) -> dict[str, int | float | str]:
    """Return the counts of a run that are kept, drops by their reason."""
    counts = {short: stats[name] for name, short in COUNTS.items() if name in stats}
    for name, value in stats.items():
        for prefix in ("item_dropped_reasons_count/", "spider_exceptions/", "newsspider/refused/"):
            if name.startswith(prefix) and name != f"{prefix}count":
                counts[name.removeprefix(prefix)] = value
    if "newsspider/error" in stats:
        counts["error"] = stats["newsspider/error"]
    return counts


def _check_due(ledger: Ledger, every: timedelta) -> None:
    """Raise NotDue, and let the site go, when its last run began less than *every* ago."""
    with ledger.archive.watching() as watch:
        last = watch.last_started(ledger.site)
    if not is_due(last, every, datetime.now(UTC)):
        ledger.close()
        raise NotDue(f"not due: the last crawl began at {last:%Y-%m-%d %H:%M} UTC")


class ArchiveWriter:
    """Opens the archive, commits what the run finds every few seconds, writes one row in runs.

    The spider and the store pipeline reach the books as `spider.ledger`.
    """

    def __init__(self, crawler: "Crawler", ledger: Ledger, raw: RawArchive) -> None:
        self.crawler = crawler
        self.ledger = ledger
        self.raw = raw
        """For reading pages of earlier runs again."""

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        path = crawler.settings.get("NEWSSPIDER_DB")
        if not path:
            raise NotConfigured("NEWSSPIDER_DB is not set")
        spider: Any = crawler.spider
        plan = getattr(spider, "plan", None)
        ledger = Ledger(
            Path(path),
            plan.site if isinstance(plan, CrawlPlan) else spider.name,
            batch_size=crawler.settings.getint("NEWSSPIDER_BATCH_SIZE", 200),
            interval_s=crawler.settings.getfloat("NEWSSPIDER_FLUSH_INTERVAL_S", 2.0),
        )
        if isinstance(plan, CrawlPlan) and plan.options.due_after is not None:
            # Asked under the lock: of two schedulers at once the second finds that it is done.
            _check_due(ledger, plan.options.due_after)
        spider.ledger = ledger
        folder = folder_of(ledger.path, crawler.settings.get("NEWSSPIDER_WARC_DIR"))
        writer = cls(crawler, ledger, RawArchive(folder, is_searched=False))
        ledger.on_error = writer.fail
        profile = plan.profile if isinstance(plan, CrawlPlan) else None
        rereader = Rereader(writer.raw, Profiles([profile] if profile else []))
        ledger.read_again = rereader.read_or_none
        crawler.signals.connect(writer.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(writer.spider_closed, signal=signals.spider_closed)
        crawler.signals.connect(writer.item_dropped, signal=signals.item_dropped)
        return writer

    def spider_opened(self, spider: Spider) -> None:
        """Write the run's row and start the clock."""
        plan = getattr(spider, "plan", None)
        targets = plan.seeds if isinstance(plan, CrawlPlan) else ()
        options: dict[str, Any] = {}
        if isinstance(plan, CrawlPlan):
            options = {"revisit": plan.options.revisit, "reach": plan.options.reach}
            options["delay_s"] = plan.delay_s
            if plan.profile:
                options["profile"] = plan.profile.version
        # A portal whose certificate was not checked is recorded as such.
        options["tls_verify"] = self.crawler.settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
        self.ledger.begin(targets=targets, options=options)
        self.monitor = Monitor(self.ledger, plan if isinstance(plan, CrawlPlan) else None)
        self._clock = create_looping_call(self.ledger.flush_when_due)
        self._clock.start(max(0.1, self.ledger.interval_s / 2), now=False)

    def item_dropped(self, item: Any, exception: Exception) -> None:
        """Let the fetches go that waited for *item*."""
        if isinstance(item, Article):
            self.ledger.release(item.url, f"{type(exception).__name__}: {exception}"[:300])

    def fail(self, error: Exception) -> None:
        """Stop the crawl: what cannot be kept must not be fetched."""
        if "newsspider/error" not in self.crawler.stats.get_stats():
            self._note(error)
            self._closing = asyncio.ensure_future(
                self.crawler.engine.close_spider_async(reason="archive_error")
            )

    def _note(self, error: Exception) -> None:
        # An error of the raw archive names its own file.
        text = str(error) if isinstance(error, RawArchiveError) else f"{self.ledger.path}: {error}"
        if "newsspider/error" not in self.crawler.stats.get_stats():
            # What follows from the first one only hides it.
            self.crawler.stats.set_value("newsspider/error", text)
        logger.error("the archive cannot be written: %s", text)

    def spider_closed(self, reason: str) -> None:
        """Commit the rest, close the run's row, release the lock."""
        if self._clock.running:
            self._clock.stop()
        stats = self.crawler.stats
        try:
            self.ledger.flush()
            for outcome, count in self.ledger.outcomes.items():
                stats.set_value(f"newsspider/articles/{outcome}", count)
            status = exit_status(stats.get_stats(), reason)
            measures, alarms = self.monitor.judged(
                has_finished=reason == "finished" and status in (0, 3)
            )
            stats.set_value("newsspider/alarms", [asdict(alarm) for alarm in alarms])
            self.ledger.end(
                RunEnd(
                    finished=datetime.now(UTC),
                    exit=exit_status(stats.get_stats(), reason),
                    counts=run_counts(stats.get_stats()),
                    measures=measures.as_json(),
                )
            )
        except FAILURES as error:
            self._note(error)
        self.raw.close()
        try:
            self.ledger.close()
        except FAILURES as error:
            self._note(error)


class CrawlDelay:
    """Act on Crawl-delay of robots.txt, which Scrapy reads but ignores."""

    def __init__(self, crawler: "Crawler", limit_s: float) -> None:
        self.crawler = crawler
        self.limit_s = limit_s

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        plan = getattr(crawler.spider, "plan", None)
        if isinstance(plan, CrawlPlan) and plan.delay_s == 0:
            raise NotConfigured("every brake is lifted for this target")
        extension = cls(crawler, crawler.settings.getfloat("NEWSSPIDER_MAX_CRAWL_DELAY_S", 60.0))
        crawler.signals.connect(extension.robots_parsed, signal=signals.robots_parsed)
        return extension

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Slow the slot of *request* down to what *robotparser* asks for."""
        agent = self.crawler.settings.get("ROBOTSTXT_USER_AGENT") or "*"
        wanted = robotparser.crawl_delay(agent)
        if not wanted or not wanted > 0:
            return
        delay = min(float(wanted), self.limit_s)
        self.crawler.stats.max_value("newsspider/crawl_delay_s", delay)
        downloader = self.crawler.engine.downloader
        key = downloader.get_slot_key(request)
        # For slots yet to be made: Scrapy drops idle ones and makes them anew.
        downloader.per_slot_settings[key] = {"delay": delay, "concurrency": 1}
        if slot := downloader.slots.get(key):
            slot.delay, slot.concurrency = max(slot.delay, delay), 1
        # AutoThrottle would bring the delay down to its own minimum again.
        if throttle := self.crawler.get_extension(AutoThrottle):
            throttle.mindelay = max(throttle.mindelay, delay)
