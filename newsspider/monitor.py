"""Watches a run: measures it while it goes on, judges it by earlier ones when it ends."""

from dataclasses import asdict
from datetime import UTC, datetime

from newsspider.health import Alarm, Measures, Run, Tally, judge
from newsspider.plan import CrawlPlan
from newsspider.store.ledger import Ledger
from newsspider.store.records import Batch, PastRun, Raised, Saved


class Monitor:
    """The measures of one run, taken from what the ledger commits."""

    def __init__(self, ledger: Ledger, plan: CrawlPlan | None) -> None:
        self.ledger = ledger
        self.plan = plan
        self.tally = Tally()
        self.started = datetime.now(UTC)
        ledger.on_written = self.written

    def written(self, batch: Batch, saved: list[Saved]) -> None:
        """Count what has been committed."""
        for article, one in zip(batch.articles, saved, strict=True):
            self.tally.article(article, is_new=one.outcome == "new")
        for fetch in batch.fetches:
            if not fetch.is_ours:
                self.tally.answer(
                    fetch.url,
                    status=fetch.http_status,
                    links=fetch.links,
                    is_repeated=fetch.is_repeated,
                )

    def judged(self, *, has_finished: bool) -> tuple[Measures, list[Alarm]]:
        """Return what the run looked like and the alarms after it; they are recorded.

        *has_finished*: it came to its end and most requests were answered.
        """
        assert self.ledger.run_id is not None  # noqa: S101
        site, plan = self.ledger.site, self.plan
        is_whole = plan is None or (plan.options.reach == "site" and plan.options.since is None)
        with self.ledger.archive.watching() as watch:
            found = watch.found_in(self.ledger.run_id, self.started)
            for url, is_article in found:
                if not is_article:
                    self.tally.example("unrecognised", url)
            measures = self.tally.measures(
                is_comparable=is_whole and has_finished,
                profile=plan.profile.version if plan and plan.profile else None,
                found=len(found),
                found_articles=sum(is_article for _, is_article in found),
                newest_age_h=watch.newest_age_h(site, datetime.now(UTC)),
            )
            now = Run(started=self.started, measures=measures, lists=self.tally.lists)
            alarms = judge(
                now,
                [run for past in watch.past_runs(site, self.ledger.run_id) for run in _run(past)],
                self.tally,
                active=watch.active_alarms(site),
                zone=plan.profile.zone if plan and plan.profile else UTC,
            )
            watch.save_alarms(
                self.ledger.run_id,
                [Raised(**asdict(alarm)) for alarm in alarms],
                ends_others=measures.is_comparable,
            )
        return measures, alarms


def _run(past: PastRun) -> list[Run]:
    measures = Measures.from_json(past.measures)
    if measures is None:
        return []
    return [Run(started=past.started, measures=measures, lists=past.lists, alarms=past.alarms)]
