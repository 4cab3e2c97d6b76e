"""Which addresses a crawl asks for, in which order, and which it leaves alone and why."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from newsspider.dates import date_in_url
from newsspider.items import Article
from newsspider.plan import CrawlPlan, Refusal
from newsspider.spiders.shapes import Shapes
from newsspider.store.ledger import Ledger
from newsspider.store.records import FoundUrl, Visit
from newsspider.urls import canonical

LIST_PRIORITY = 10_000_000
"""Lists before articles: what they say of an article decides whether and when it is fetched."""
EXACT_DAYS = 60
"""Articles of so many days are fetched in the order of their days; older ones by the month: each
place in the queue costs time at every request."""
MONTH_DAYS = 30
MAX_SITEMAPS = 5_000
"""Sitemaps that a run may find: ten years of days, and more."""
MAX_IDLE_SITEMAPS = 200
MAX_MET = 100_000
"""Addresses whose state is kept at hand; the archive has the state of all."""
DAYS_A_LEVEL = 30
"""An article without a known date counts as so much older for each link from the front page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An address that a page, feed or sitemap names."""

    url: str
    """To ask for."""
    key: str
    """Canonical."""
    title: str | None = None
    date: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """A candidate that is to be asked for."""

    url: str
    priority: int
    is_dated: bool
    """A list or the address itself says of which day it is."""


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
        self._new_sitemaps = 0
        self.idle_sitemaps = 0
        """New sitemaps that named nothing new."""
        self._met: dict[str, bool] = {}
        """Addresses named in this run, and whether each is an article of an earlier one."""

    def priority(self, day: date | None, depth: int) -> int:
        """Return the place of an article in the queue: the newest first."""
        if day is None:
            return self.today - DAYS_A_LEVEL * depth
        place = min(day.toordinal(), self.today + 1)
        return place if self.today - place <= EXACT_DAYS else place - place % MONTH_DAYS

    def admit(
        self, candidates: Iterable[Candidate], *, found_on: str, depth: int
    ) -> tuple[list[Admitted], int]:
        """Return what of *candidates* is to be fetched, and how many are known in a row.

        Known are the articles of earlier runs; the number counts those at the end of the list,
        after the last address that is met here for the first time.
        """
        named: dict[str, Candidate] = {}
        for candidate in candidates:
            known = named.get(candidate.key)
            if known is None or (candidate.date and not known.date):
                named[candidate.key] = candidate
        unmet = [candidate for key, candidate in named.items() if key not in self._met]
        new = self._meet(unmet)
        known_in_a_row = 0
        for key in named:
            known_in_a_row = 0 if key in new else known_in_a_row + self._met.get(key, False)
        admitted = [
            self._admitted(candidate, found_on, depth)
            for candidate in new.values()
            if self._is_wanted(candidate)
        ]
        return admitted, known_in_a_row

    def _meet(self, unmet: list[Candidate]) -> dict[str, Candidate]:
        """Return what of *unmet* was never fetched and does not wait to be; remember all of it."""
        if not unmet:
            return {}
        if len(self._met) > MAX_MET:
            self._met.clear()
        keys = [candidate.key for candidate in unmet]
        visits: dict[str, Visit] = self.ledger.visits(keys) if self.ledger else {}
        for key in keys:
            visit = visits.get(key)
            self._met[key] = bool(visit and visit.last_fetched and visit.kind == "article")
        return {candidate.key: candidate for candidate in unmet if candidate.key not in visits}

    def _admitted(self, candidate: Candidate, found_on: str, depth: int) -> Admitted:
        if self.ledger:
            self.ledger.add_found([_found(candidate, found_on)])
        day = _day_of(candidate)
        return Admitted(
            url=candidate.url, priority=self.priority(day, depth), is_dated=day is not None
        )

    def _is_wanted(self, candidate: Candidate) -> bool:
        """Tell whether a new address is worth a request; count it where it is not."""
        since, day = self.plan.options.since, _day_of(candidate)
        if since and day and day < since:
            self.count("too_old")
            return False
        return not self.refuses(candidate.key, is_dated=day is not None)

    def same_behind_token(self, url: str, article: Article) -> str | None:
        """Return the article that is at *url* once more, behind a session id; None as a rule.

        Met in this run, or stored by an earlier one: that was perhaps cut short before it learned.
        """
        shapes = self.shapes
        if same := shapes.same_behind_token(url, f"{article.title}\n{article.body}"):
            return same
        if not (self.ledger and shapes.has_token(url)):
            return None
        if same := self.ledger.archive.same_text(article):
            shapes.learn_session(url)
        return same

    def sitemaps(self, urls: Iterable[str]) -> Iterator[tuple[str, bool]]:
        """Yield those of *urls*, named by a sitemap, that are asked for, and whether each is new.

        A sitemap may name others without end, and none of them anything new.
        """
        for url in filter(self.plan.in_scope, urls):
            key = canonical(url)
            known = self.ledger.visits([key]).get(key) if self.ledger else None
            is_new = known is None or known.last_fetched is None
            if is_new and self._new_sitemaps >= MAX_SITEMAPS:
                self.count("barren")
            elif not (is_new and self.refuses_sitemap()):
                self._new_sitemaps += is_new
                yield url, is_new

    def refuses_sitemap(self) -> bool:
        """Tell whether new sitemaps have named nothing new for too long; count one then."""
        if self.idle_sitemaps < MAX_IDLE_SITEMAPS:
            return False
        self.count("barren")
        return True

    def refuses(self, url: str, *, is_dated: bool = False) -> bool:
        """Tell whether *url* is a trap by what this run has learned of its shape; count it then."""
        if self.shapes.is_session(url):
            self.count("session_id")
            return True
        if self.shapes.is_barren(url, is_dated=is_dated):
            self.count("barren")
            return True
        return False


def _day_of(candidate: Candidate) -> date | None:
    """Return the day that a list or the address states."""
    return candidate.date.date() if candidate.date else date_in_url(candidate.key)


def _found(candidate: Candidate, found_on: str) -> FoundUrl:
    return FoundUrl(
        url=candidate.key,
        found_on=found_on,
        listed_title=candidate.title,
        listed_date=candidate.date.isoformat(timespec="seconds") if candidate.date else None,
    )
