"""What a person sees while a crawl runs: one live line on a terminal, else a line now and then."""

import logging
import sys
import time
from typing import TYPE_CHECKING, Any, ClassVar, Self

from scrapy import signals
from scrapy.utils.asyncio import create_looping_call

if TYPE_CHECKING:
    from rich.live import Live
    from scrapy.crawler import Crawler

PLAIN_INTERVAL_S = 30.0
LIVE_INTERVAL_S = 0.5


class _Quiet(logging.Filter):
    """Lets only newsspider's own warnings through: Scrapy reports each failed request."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether *record* is shown."""
        return record.name.startswith("newsspider.") and record.levelno >= logging.WARNING


def start_logging(verbose: int) -> None:
    """Send log records to stderr: at 0 own warnings, at 1 INFO, at 2 DEBUG."""
    handler = logging.StreamHandler(_Stderr())
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    if not verbose:
        handler.addFilter(_Quiet())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel({0: logging.WARNING, 1: logging.INFO}.get(verbose, logging.DEBUG))
    logging.captureWarnings(True)


class _Stderr:
    """Whatever sys.stderr is at the time: a live display replaces it while it runs."""

    def write(self, text: str) -> int:
        """Write *text*."""
        return sys.stderr.write(text)

    def flush(self) -> None:
        """Flush it."""
        sys.stderr.flush()


class Progress:
    """Shows pages, articles, errors and the rate of every crawl of this process."""

    crawlers: ClassVar[dict[int, "Progress"]] = {}
    live: ClassVar["Live | None"] = None

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler
        self.started = time.monotonic()

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        progress = cls(crawler)
        crawler.signals.connect(progress.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(progress.spider_closed, signal=signals.spider_closed)
        return progress

    def spider_opened(self) -> None:
        """Begin to show this crawl."""
        self.crawlers[id(self)] = self
        on_terminal = sys.stderr.isatty()
        if on_terminal and Progress.live is None:
            # Only now: a run under cron has no use for it.
            from rich.console import Console
            from rich.live import Live

            console = Console(stderr=True)
            Progress.live = Live(console=console, auto_refresh=False, transient=True)
            Progress.live.start()
        self.clock = create_looping_call(self.show)
        self.clock.start(LIVE_INTERVAL_S if on_terminal else PLAIN_INTERVAL_S, now=on_terminal)

    def spider_closed(self) -> None:
        """Stop showing this crawl; its summary follows."""
        if self.clock.running:
            self.clock.stop()
        self.crawlers.pop(id(self), None)
        if not self.crawlers and Progress.live is not None:
            Progress.live.stop()
            Progress.live = None

    def show(self) -> None:
        """Show how far every crawl has come."""
        if Progress.live is None:
            print(self.line(), file=sys.stderr, flush=True)
            return
        from rich.table import Table

        table = Table.grid()
        for progress in self.crawlers.values():
            table.add_row(progress.line())
        Progress.live.update(table, refresh=True)

    def line(self) -> str:
        """Return where this crawl stands."""
        spider: Any = self.crawler.spider
        stats = self.crawler.stats.get_stats()
        outcomes = getattr(getattr(spider, "ledger", None), "outcomes", {})
        answered = stats.get("newsspider/fetches/answered", 0)
        failed = stats.get("newsspider/fetches/failed", 0)
        waiting = stats.get("scheduler/enqueued", 0) - stats.get("scheduler/dequeued", 0)
        rate = answered / max(time.monotonic() - self.started, 0.001)
        return (
            f"{spider.plan.site}: {answered} pages, {outcomes.get('new', 0)} new, "
            f"{outcomes.get('changed', 0)} changed, {outcomes.get('unchanged', 0)} unchanged, "
            f"{failed} errors, {waiting} waiting, {rate:.1f} pages/s"
        )
