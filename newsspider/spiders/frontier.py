"""Which addresses a crawl asks for, in which order, and which it leaves alone and why."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from newsspider.dates import date_in_url
from newsspider.plan import CrawlPlan, Refusal
from newsspider.spiders.shapes import Shapes
from newsspider.store.ledger import Ledger
from newsspider.store.records import FoundUrl, Visit
from newsspider.urls import canonical_or_none

LIST_PRIORITY = 10_000_000
"""Lists before articles: what they say of an article decides whether and when it is fetched."""
DAYS_A_LEVEL = 30
"""An article without a known date counts as so much older for each link from the front page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An address that a page, feed or sitemap names."""

    url: str
    title: str | None = None
    date: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """A candidate that is to be asked for."""

    url: str
    priority: int


class Frontier:
    """Decides on candidates, and keeps what it decided in the books."""

    def __init__(
        self, plan: CrawlPlan, ledger: Ledger | None, count: Callable[[Refusal], None]
    ) -> None:
        """*count* is told the name of each reason for which an address is left alone."""
        self.plan = plan
        self.ledger = ledger
        self.count = count
        self.shapes = Shapes()
        self.today = datetime.now(UTC).date().toordinal()

    def priority(self, day: date | None, depth: int) -> int:
        """Return the place of an article in the queue: the newest first."""
        if day is not None:
            return min(day.toordinal(), self.today + 1)
        return self.today - DAYS_A_LEVEL * depth

    def admit(
        self, candidates: Iterable[Candidate], *, found_on: str, depth: int
    ) -> tuple[list[Admitted], int, int]:
        """Return what of *candidates* is to be fetched, how many are new, how many known in a row.

        The last number counts the known ones at the end of the list, after its last new one.
        """
        fresh: dict[str, Candidate] = {}
        for candidate in candidates:
            if url := canonical_or_none(candidate.url):
                known = fresh.get(url)
                if known is None or (candidate.date and not known.date):
                    fresh[url] = candidate
        visits: dict[str, Visit] = self.ledger.visits(fresh) if self.ledger else {}
        admitted: list[Admitted] = []
        new = known_in_a_row = 0
        for url, candidate in fresh.items():
            visit = visits.get(url)
            if visit and visit.last_fetched:
                known_in_a_row += visit.kind == "article"
                continue
            known_in_a_row = 0
            new += 1
            if visit is None and self._is_wanted(url, candidate):
                day = candidate.date.date() if candidate.date else date_in_url(url)
                admitted.append(Admitted(url=candidate.url, priority=self.priority(day, depth)))
                if self.ledger:
                    self.ledger.add_found([_found(url, candidate, found_on)])
        return admitted, new, known_in_a_row

    def _is_wanted(self, url: str, candidate: Candidate) -> bool:
        """Tell whether a new address is worth a request; count it where it is not."""
        since = self.plan.options.since
        if since:
            day = candidate.date.date() if candidate.date else date_in_url(url)
            if day and day < since:
                self.count("too_old")
                return False
        return not self.refuses(url)

    def refuses(self, url: str) -> bool:
        """Tell whether *url* is a trap by what this run has learned of its shape; count it then."""
        if self.shapes.is_session(url):
            self.count("session_id")
            return True
        if self.shapes.is_barren(url):
            self.count("barren")
            return True
        return False


def _found(url: str, candidate: Candidate, found_on: str) -> FoundUrl:
    return FoundUrl(
        url=url,
        found_on=found_on,
        listed_title=candidate.title,
        listed_date=candidate.date.isoformat(timespec="seconds") if candidate.date else None,
    )
