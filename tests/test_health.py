"""What is an alarm and what is noise: runs of made-up portals, judged one after the other."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider.health import NAMES, Alarm, Measures, Run, Tally, judge
from newsspider.health.chance import at_most, at_most_events, quantile, usual_share
from newsspider.items import Article

START = datetime(2026, 3, 2, 6, 17, tzinfo=UTC)
Day = Callable[[Measures], Measures]
LIST = "https://news.example.cn/yaowen/"


class Portal:
    """A portal whose days differ as real ones do: by number, by mix, at weekends."""

    def __init__(self, seed: int, *, articles: int = 8, every_h: float = 24) -> None:
        self.random = random.Random(seed)
        self.articles = articles
        self.every_h = every_h
        self.runs: list[Run] = []
        self.alarms: list[Alarm] = []

    def measures(self, weekday: int) -> Measures:
        draw = self.random
        n = max(1, round(draw.gauss(self.articles * (0.3 if weekday > 4 else 1), 2)))
        shares = {"date_published": 1.0, "source": 0.95, "editors": 0.6, "images": 0.5}
        fields = {f: sum(draw.random() < p for _ in range(n)) for f, p in shares.items()}
        sections = {name: draw.randrange(n // 2 + 1) for name in ("时政", "社会", "体育")}
        missed = {"body": sum(draw.random() < 0.1 for _ in range(n))}
        # Known articles are read again, too; their share moves from day to day.
        again = draw.randrange(2 * n)
        lengths = [draw.lognormvariate(6.5, 0.7) for _ in range(n + again)]
        more = {f: sum(draw.random() < p for _ in range(again)) for f, p in shares.items()}
        missed_again = sum(draw.random() < 0.1 for _ in range(again))
        return Measures(
            profile="1",
            articles=n + again,
            new=n,
            fields={f: count + more[f] for f, count in fields.items()},
            new_fields=fields,
            missed={"body": missed["body"] + missed_again},
            new_missed=missed,
            lengths=tuple(round(quantile(lengths, d / 10)) for d in range(11)),
            sections={name: count for name, count in sections.items() if count},
            answers=n + 10,
            refused=int(draw.random() < 0.05),
            not_modified=draw.randrange(8),
            found=n + 1,
            found_articles=n,
            newest_age_h=draw.uniform(0, self.every_h),
        )

    def day(self, change: Day = lambda m: m, links: int | None = 20) -> list[Alarm]:
        """Let one run pass and return the alarms after it."""
        started = START + timedelta(hours=self.every_h * len(self.runs))
        measures = change(self.measures(started.weekday()))
        lists = {} if links is None else {LIST: links}
        now = Run(started=started, measures=measures, lists=lists)
        active = frozenset((a.name, a.subject) for a in self.alarms)
        alarms = judge(now, self.runs, Tally(), active=active, zone=UTC)
        # What the archive does: alarms of a run that says nothing stay as they are.
        if measures.is_comparable:
            self.alarms = alarms
        keys = frozenset((a.name, a.subject) for a in self.alarms)
        self.runs.append(replace(now, alarms=keys))
        return alarms

    def normal(self, days: int) -> list[Alarm]:
        return [alarm for _ in range(days) for alarm in self.day()]


def without(name: str) -> Day:
    """Take a field off new articles; those known keep it, as after many a redesign."""

    def change(m: Measures) -> Measures:
        known = m.fields[name] - m.new_fields[name]
        fields = {**m.fields, name: known}
        return replace(m, fields=fields, new_fields={**m.new_fields, name: 0})

    return change


NOTHING = Measures(profile="1", answers=12)
CHANGES: dict[str, tuple[str, str, Day, dict[str, Any]]] = {
    "source gone": ("field_vanished", "source", without("source"), {}),
    "date gone": ("field_vanished", "date_published", without("date_published"), {}),
    "selector": (
        *("selector_missed", "body"),
        lambda m: replace(m, missed={"body": m.articles}, new_missed={"body": m.new}),
        {},
    ),
    "no articles": (
        *("articles_unrecognised", ""),
        lambda m: replace(NOTHING, found=m.found, answers=m.answers),
        {},
    ),
    "list": ("list_found_nothing", LIST, lambda m: m, {"links": 0}),
    "short bodies": (
        *("body_shrank", ""),
        lambda m: replace(m, lengths=tuple(n // 20 for n in m.lengths)),
        {},
    ),
    "refused": ("too_many_errors", "", lambda m: replace(m, refused=m.answers * 2 // 3), {}),
    "silence": ("newest_too_old", "", lambda m: replace(m, newest_age_h=100.0), {}),
    "garbled": ("encoding_trouble", "", lambda m: replace(m, garbled=m.articles), {}),
}


@pytest.mark.parametrize("case", CHANGES)
@pytest.mark.parametrize("seed", range(4))
def test_a_change_is_told_in_the_first_run_after_it(case: str, seed: int) -> None:
    name, subject, change, options = CHANGES[case]
    portal = Portal(seed, articles=12)
    assert portal.normal(25) == []
    alarms = portal.day(change, **options)
    assert [(a.name, a.subject) for a in alarms] == [(name, subject)]
    assert alarms[0].message
    # It stays, and is the same one, until the portal is read again as it was; then it ends.
    for _ in range(12):
        assert [(a.name, a.subject) for a in portal.day(change, **options)] == [(name, subject)]
    assert portal.day() == []
    assert portal.normal(10) == []


@pytest.mark.parametrize(
    ("articles", "every_h"),
    [(8, 24), (40, 24), (3, 24), (2, 6), (8, 168)],
    ids=["daily", "busy", "small", "six-hourly", "weekly"],
)
def test_no_alarm_from_noise(articles: int, every_h: float) -> None:
    # 40 portals of 60 ordinary runs: 2,400 runs and some 40,000 comparisons. One of them may look
    # like a change by chance; what is aimed at is fewer than one alarm in a thousand runs.
    raised = [
        (seed, alarm.name, alarm.subject)
        for seed in range(40)
        for alarm in Portal(seed, articles=articles, every_h=every_h).normal(60)
    ]
    assert len(raised) <= 2, raised


def test_few_articles_a_run_are_taken_together() -> None:
    portal = Portal(1, articles=3)
    portal.normal(40)
    runs = 0
    while not portal.day(without("source")):
        runs += 1
        assert runs < 8, "never seen"


@pytest.mark.parametrize(("articles", "most"), [(6, 15), (8, 7), (30, 2)])
@pytest.mark.parametrize("seed", range(6))
def test_what_one_of_several_templates_lost_is_told(articles: int, most: int, seed: int) -> None:
    """All articles had a source, now it is in six of ten."""

    def with_source(m: Measures, share: float = 1.0) -> Measures:
        new = sum(portal.random.random() < share for _ in range(m.new))
        return replace(
            m,
            new_fields={**m.new_fields, "source": new},
            fields={**m.fields, "source": m.articles - m.new + new},
        )

    portal = Portal(seed, articles=articles)
    for _ in range(20):
        assert portal.day(with_source) == []
    runs = 1
    while not (alarms := portal.day(lambda m: with_source(m, 0.55))):
        runs += 1
        assert runs <= most, "never seen"
    assert [(a.name, a.subject) for a in alarms] == [("field_vanished", "source")]


def test_nothing_is_said_before_there_is_a_past() -> None:
    portal = Portal(1)
    assert portal.day(without("source")) == []
    assert portal.day(without("date_published"), links=0) == []


def test_errors_and_bad_texts_need_no_past() -> None:
    portal = Portal(1, articles=12)
    alarms = portal.day(lambda m: replace(m, refused=m.answers - 1, garbled=m.articles))
    assert [a.name for a in alarms] == ["too_many_errors", "encoding_trouble"]


@pytest.mark.parametrize("days", [0, 25])
def test_the_same_dead_addresses_raise_no_alarm(days: int) -> None:
    def dead(m: Measures, again: int = 30) -> Measures:
        return replace(m, answers=m.answers + 30, refused=30, refused_again=again)

    portal = Portal(1, articles=12)
    portal.normal(days)
    assert [portal.day(dead) for _ in range(9)] == [[]] * 9
    # Others are news, and go on as long as these do.
    alarms = portal.day(lambda m: dead(m, again=0))
    assert [a.name for a in alarms] == ["too_many_errors"]
    assert [a.name for a in portal.day(dead)] == ["too_many_errors"]
    assert portal.day() == []


def test_a_run_without_articles_ends_no_alarm() -> None:
    def nothing(m: Measures) -> Measures:
        return replace(
            m, articles=0, new=0, fields={}, missed={}, lengths=(), sections={}, found=0,
            found_articles=0,
        )  # fmt: skip

    portal = Portal(3)
    portal.normal(25)
    assert portal.day(without("source"))
    assert [a.subject for a in portal.day(lambda _: NOTHING)] == ["source"]
    assert portal.day() == []


def test_a_run_cut_short_is_judged_by_its_errors_alone() -> None:
    portal = Portal(3)
    portal.normal(25)
    cut = replace(without("source")(portal.measures(1)), is_comparable=False)
    assert portal.day(lambda _: cut, links=0) == []
    assert [a.name for a in portal.day(lambda _: replace(cut, refused=cut.answers))] == [
        "too_many_errors"
    ]


def test_a_section_that_falls_silent() -> None:
    def quiet(m: Measures) -> Measures:
        return replace(m, sections={"时政": 9})

    portal = Portal(3, articles=30)
    for _ in range(20):
        portal.day(lambda m: replace(m, sections={"时政": 9, "体育": 12}))
    first = portal.day(quiet)
    assert [(a.name, a.subject) for a in first] == [("section_empty", "体育")]
    assert "since 2026-03-21" in first[0].message
    assert portal.day(lambda m: replace(m, sections={"时政": 9, "体育": 1})) == []


def test_a_small_section_may_be_silent_for_a_while() -> None:
    portal = Portal(3, articles=30)
    days = 0
    for day in range(60):
        portal.day(lambda m, day=day: replace(m, sections={"副刊": 1} if day % 3 == 0 else {}))  # type: ignore[misc]
        assert not portal.alarms
    while not portal.day(lambda m: replace(m, sections={})):
        days += 1
    assert 7 <= days <= 11


def test_a_portal_that_rests_on_sundays() -> None:
    portal = Portal(3, articles=30)

    def rests(m: Measures) -> Measures:
        sunday = (START + timedelta(days=len(portal.runs))).weekday() == 6
        return replace(m, sections={} if sunday else {"时政": 30})

    for _ in range(70):
        assert portal.day(rests) == []


@given(st.integers(0, 400), st.integers(0, 400), st.floats(0, 1))
def test_a_binomial_tail_is_a_probability(hits: int, trials: int, chance: float) -> None:
    tail = at_most(min(hits, trials), trials, chance)
    assert 0 <= tail <= 1
    if hits + 1 <= trials:
        assert tail <= at_most(hits + 1, trials, chance) + 1e-9


@given(st.integers(0, 50), st.floats(0, 500))
def test_a_poisson_tail_is_a_probability(hits: int, expected: float) -> None:
    assert 0 <= at_most_events(hits, expected) <= 1


@given(st.lists(st.floats(-1e6, 1e6), min_size=1), st.floats(0, 1))
def test_a_quantile_lies_between(values: list[float], share: float) -> None:
    assert min(values) - 1e-6 <= quantile(values, share) <= max(values) + 1e-6


@pytest.mark.parametrize(
    ("shares", "usual"),
    [
        ([], None),
        ([(9, 10)], None),
        ([(9, 10), (9, 10)], None),
        ([(1, 1), (1, 1), (1, 1)], None),
        ([(0, 0)] * 30, None),
    ],
)
def test_too_little_to_compare_with(shares: list[tuple[int, int]], usual: float | None) -> None:
    assert usual_share(shares) == usual


def article(**fields: Any) -> Article:
    return Article(url="https://news.example.cn/1.html", title="标题", body="正文" * 50, **fields)


def test_what_is_counted() -> None:
    tally = Tally()
    tally.article(article(source="新华社", section="时政"), is_new=True)
    tally.article(article(provenance={"missed": "body,source"}), is_new=False)
    tally.article(replace(article(), body="锟斤拷锟斤拷"), is_new=False)
    tally.answer("https://news.example.cn/", status=200, links=12)
    tally.answer("https://news.example.cn/a", status=304)
    for status in (None, 403, 429, 500, 503):
        tally.answer("https://news.example.cn/b", status=status)
    tally.answer("https://news.example.cn/c", status=404)
    measures = tally.measures(newest_age_h=2.5)
    assert measures.articles == 3
    assert measures.new == 1
    assert measures.fields == {"source": 1, "section": 1}
    assert measures.missed == {"body": 1, "source": 1}
    assert (measures.new_fields, measures.new_missed) == (measures.fields, {})
    assert measures.garbled == 1
    assert measures.sections == {"时政": 1}
    assert (measures.answers, measures.refused, measures.not_modified) == (8, 5, 1)
    assert (measures.lengths[0], measures.lengths[-1]) == (6, 100)
    assert tally.lists == {"https://news.example.cn/": 12}
    assert tally.examples["missed:body"] == ["https://news.example.cn/1.html"]
    assert Measures.from_json(measures.as_json()) == measures


def test_a_run_of_an_earlier_version_was_not_measured() -> None:
    assert Measures.from_json({}) is None
    later = {**Measures(articles=3).as_json(), "of_a_later_version": 1}
    assert Measures.from_json(later) == Measures(articles=3)


def test_every_alarm_has_a_case() -> None:
    assert {name for name, *_ in CHANGES.values()} | {"section_empty"} == NAMES.keys()
