"""The alarms: what each one compares, from when on it is sure, and what it says."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from itertools import pairwise
from typing import Literal

from newsspider.health.chance import (
    LEAST_RUNS,
    UNLIKELY,
    Share,
    at_most,
    at_most_events,
    has_fallen,
    quantile,
    usual_share,
)
from newsspider.health.measures import WATCHED, Measures, Run, Tally

NAMES = {
    "field_vanished": "a field that articles usually have is missing",
    "selector_missed": "a selector of the profile no longer matches",
    "articles_unrecognised": "new pages are read, but hardly any is taken for an article",
    "section_empty": "a section that always had something new has nothing",
    "list_found_nothing": "a list page, feed or sitemap names nothing any more",
    "body_shrank": "bodies are much shorter than they used to be",
    "too_many_errors": "many requests are refused or fail",
    "newest_too_old": "nothing has been published for an unusual time",
    "encoding_trouble": "texts have characters that could not be decoded",
}
"""Every alarm, and what it means."""

WINDOW = 8
"""So many runs at the end are taken together, when one alone has too few pages to be sure."""
SAME_DAY = 8
"""Runs of the same weekday are the measure when there are so many; else the last LAST are."""
LAST = 20
RECENT = 10
"""Runs, or articles, without which some things are not judged at all."""
FALLEN_TO = 0.6
"""A share counts as fallen below so much of the usual one ..."""
MISSING = 0.25
"""... and what nearly all had where so many lack it: one of several templates has changed."""
LEAST_SHARE = 0.2
"""What fewer articles have is no feature of the portal."""
FINE = 0.98
"""Share of requests answered, and of texts decoded, that is always taken for usual."""
SILENCE = 3
"""Times the longest silence so far."""
SHORTEST_SILENCE_H = 48.0
SILENT_TIME = timedelta(hours=SHORTEST_SILENCE_H)
LEAST_TIME = timedelta(days=14)
"""A section is known for so long before its silence says anything: weekends are in it."""


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """Something is wrong with how a portal is read."""

    name: str
    """One of NAMES."""
    subject: str = ""
    """The field, section or list; empty: the portal."""
    message: str
    urls: tuple[str, ...] = ()
    """Pages that show it."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """What a check looks at."""

    now: Run
    past: Sequence[Run]
    """Earlier comparable runs, the oldest first."""
    examples: Tally
    active: frozenset[tuple[str, str]]
    zone: tzinfo

    def usual(self, name: str, subject: str = "", *, skip: int = 0) -> list[Run]:
        """Return the runs to compare with: those without this alarm, less the last *skip*.

        Those of the same weekday when they are enough: a portal may rest on Sundays.
        """
        calm = [run for run in self.past if (name, subject) not in run.alarms]
        calm = calm[: len(calm) - skip]
        day = self.weekday(self.now)
        same = [run for run in calm if self.weekday(run) == day]
        return same[-LAST:] if len(same) >= SAME_DAY else calm[-LAST:]

    def weekday(self, run: Run) -> int:
        """Return on which day of the portal's week *run* started, Monday is 0."""
        return run.started.astimezone(self.zone).weekday()

    def goes_on(self, name: str, subject: str = "") -> bool:
        """Tell whether this alarm was in force before this run."""
        return (name, subject) in self.active


def judge(
    now: Run,
    past: Sequence[Run],
    examples: Tally,
    *,
    active: frozenset[tuple[str, str]],
    zone: tzinfo,
) -> list[Alarm]:
    """Return the alarms that are in force after *now*, in the order of NAMES.

    *past* are the earlier runs of the portal, the oldest first, *active* the alarms in force so
    far. One that was not in force is raised when chance cannot explain what is seen; one that was
    ends when what it is about looks right again, not for want of data. A run that did not crawl
    the whole portal is judged by its errors alone.
    """
    comparable = [run for run in past if run.measures.is_comparable]
    case = Case(now=now, past=comparable, examples=examples, active=active, zone=zone)
    checks = CHECKS if now.measures.is_comparable else (too_many_errors,)
    found = [alarm for check in checks for alarm in check(case)]
    order = list(NAMES)
    return sorted(found, key=lambda alarm: (order.index(alarm.name), alarm.subject))


Pick = Callable[[Measures], Share]
State = Literal["sure", "low", "fine", "unknown"]
Found = tuple[Share, float]
"""A share that has fallen, and the usual one."""


def _fallen(case: Case, name: str, subject: str, *picks: Pick) -> Found | None:
    """Return the share that has fallen, of the first of *picks* that shows it; else None.

    New articles are the first pick, known ones that were read again the second: a redesign often
    leaves what is published alone. An alarm that goes on ends when the first looks right again.
    """
    found = [_state(case, name, subject, pick) for pick in picks]
    if not case.goes_on(name, subject):
        return next((what for state, what in found if state == "sure"), None)
    for state, what in found:
        if state in ("sure", "low"):
            return what
        if state == "fine" and all(later != "sure" for later, _ in found):
            return None
    return next((what for state, what in found if state == "sure"), found[0][1])


def _state(case: Case, name: str, subject: str, pick: Pick) -> tuple[State, Found]:
    """Return how the share of the last run compares with the usual one.

    Where there are too few pages to be sure, the runs before it are added, up to WINDOW; they are
    compared with what was usual before them.
    """
    calm = [run for run in case.past if (name, subject) not in run.alarms]
    hits, total = first = pick(case.now.measures)
    state: State = "unknown"
    usual = 0.0
    for before in range(min(WINDOW, len(calm) + 1) if total else 0):
        if before:
            more = pick(calm[-before].measures)
            hits, total = hits + more[0], total + more[1]
        runs = case.usual(name, subject, skip=before)
        known = usual_share([pick(run.measures) for run in runs])
        if known is None or known < LEAST_SHARE:
            break
        missing = 1.0 if name == "articles_unrecognised" else MISSING
        is_low, is_sure = has_fallen((hits, total), known, to=FALLEN_TO, missing=missing)
        # What was missing for some days and is there again is over.
        if is_sure and has_fallen(first, known, to=FALLEN_TO, missing=missing)[0]:
            return "sure", ((hits, total), known)
        if not before:
            usual, state = known, "low" if is_low else "fine"
    return state, (first, usual)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def field_vanished(case: Case) -> Iterator[Alarm]:
    """Yield an alarm for each field that articles had and have no more."""
    for name in WATCHED:

        def new(m: Measures, name: str = name) -> Share:
            return m.new_fields.get(name, 0), m.new

        def known(m: Measures, name: str = name) -> Share:
            return m.fields.get(name, 0) - m.new_fields.get(name, 0), m.articles - m.new

        if fallen := _fallen(case, "field_vanished", name, new, known):
            (hits, total), usual = fallen
            yield Alarm(
                name="field_vanished",
                subject=name,
                message=f"{name} is in {hits} of the last {total} articles; "
                f"usually at least in {_percent(usual)}",
                urls=tuple(case.examples.examples[f"lacks:{name}"]),
            )


def selector_missed(case: Case) -> Iterator[Alarm]:
    """Yield an alarm for each field whose selectors in the profile matched and match no more."""
    version = case.now.measures.profile
    if version is None:
        return
    names = {name for run in (case.now, *case.past) for name in run.measures.missed}
    for name in sorted(names):
        # Another version of the profile has other selectors.
        def new(m: Measures, name: str = name) -> Share:
            return (m.new - m.new_missed.get(name, 0), m.new) if m.profile == version else (0, 0)

        def known(m: Measures, name: str = name) -> Share:
            total = m.articles - m.new if m.profile == version else 0
            return total - (m.missed.get(name, 0) - m.new_missed.get(name, 0)) * (total > 0), total

        if fallen := _fallen(case, "selector_missed", name, new, known):
            (hits, total), usual = fallen
            yield Alarm(
                name="selector_missed",
                subject=name,
                message=f"the profile's selector for {name} matched on {hits} of the last {total} "
                f"articles; usually at least on {_percent(usual)}",
                urls=tuple(case.examples.examples[f"missed:{name}"]),
            )


def articles_unrecognised(case: Case) -> Iterator[Alarm]:
    """Yield an alarm when new pages are no longer taken for articles."""
    name = "articles_unrecognised"
    if fallen := _fallen(case, name, "", lambda m: (m.found_articles, m.found)):
        (hits, total), usual = fallen
        yield Alarm(
            name=name,
            message=f"{hits} of the last {total} new pages were taken for articles; usually at "
            f"least {_percent(usual)} are",
            urls=tuple(case.examples.examples["unrecognised"]),
        )


def section_empty(case: Case) -> Iterator[Alarm]:
    """Yield an alarm for each section whose silence is unusual while others have news."""
    name = "section_empty"
    for section in sorted({s for run in case.past for s in run.measures.sections}):
        if case.now.measures.sections.get(section):
            continue
        counts = [r.measures.sections.get(section, 0) for r in case.usual(name, section)]
        if (
            case.goes_on(name, section)
            or (case.now.measures.new and _never_empty(case, section))
            or (case.now.measures.new and _is_silent(case, section))
        ):
            last = next(r for r in reversed(case.past) if r.measures.sections.get(section)).started
            yield Alarm(
                name=name,
                subject=section,
                message=f"nothing new in {section} since {last:%Y-%m-%d %H:%M}; usually "
                f"{quantile(counts, 0.5) if counts else 0:g} articles a run",
            )


def _never_empty(case: Case, section: str) -> bool:
    """Tell whether *section* had so much in every run that nothing at all is no accident.

    Runs of the same weekday must be known: many sections rest on Sundays.
    """
    day = case.weekday(case.now)
    counts = [r.measures.sections.get(section, 0) for r in case.past]
    days = [case.weekday(r) for r in case.past]
    same = [count for count, d in zip(counts, days, strict=True) if d == day][-RECENT:]
    compared = same if len(same) == RECENT else (*same, *counts[-RECENT:])
    enough = len(same) >= 2 and len(compared) >= RECENT
    return enough and at_most_events(0, min(compared)) < UNLIKELY


def _is_silent(case: Case, section: str) -> bool:
    """Tell whether *section* has had nothing in more runs than ever before, by far.

    Runs in which the whole portal had nothing new do not count.
    """
    runs = [run for run in case.past if run.measures.new]
    spoke = [n for n, run in enumerate(runs) if run.measures.sections.get(section)]
    if len(spoke) < RECENT or case.now.started - runs[spoke[0]].started < LEAST_TIME:
        return False
    longest = max(later - earlier for earlier, later in pairwise(spoke))
    silent = len(runs) - spoke[-1]
    return silent > SILENCE * longest and case.now.started - runs[spoke[-1]].started > SILENT_TIME


def list_found_nothing(case: Case) -> Iterator[Alarm]:
    """Yield an alarm for each list that named pages in every run and names none now."""
    name = "list_found_nothing"
    lists = case.now.lists
    known = {url for alarm, url in case.active if alarm == name}
    for url in sorted({*(u for u, links in lists.items() if not links), *known}):
        if lists.get(url):
            continue
        counts = [run.lists[url] for run in case.usual(name, url) if url in run.lists]
        if (len(counts) >= LEAST_RUNS and min(counts)) or url in known:
            yield Alarm(
                name=name,
                subject=url,
                message="the list names nothing now; usually "
                f"{quantile(counts, 0.5) if counts else 0:.0f} pages",
                urls=(url,),
            )


def body_shrank(case: Case) -> Iterator[Alarm]:
    """Yield an alarm when bodies are much shorter, and far more of them than a few."""
    name, now = "body_shrank", case.now.measures
    earlier = [r.measures for r in case.usual(name) if r.measures.lengths]
    if not now.lengths:
        if case.goes_on(name):
            yield Alarm(name=name, message="bodies were much shorter than usual; none read since")
        return
    if len(earlier) < LEAST_RUNS or sum(m.articles for m in earlier) < 2 * RECENT:
        return
    usual = quantile([m.lengths[5] for m in earlier], 0.5)
    short = quantile([m.lengths[1] for m in earlier], LEAST_SHARE)
    below = sum(length < short for length in now.lengths[1:]) * now.articles // 10
    is_low = now.lengths[5] < usual / 2
    # A tenth are that short usually, in some runs a few more.
    is_sure = at_most(now.articles - below, now.articles, 0.85) < UNLIKELY
    if is_low and (is_sure or (case.goes_on(name) and 2 * below >= now.articles)):
        yield Alarm(
            name=name,
            message=f"half of the bodies are shorter than {now.lengths[5]} characters; usually "
            f"{usual:.0f}",
            urls=tuple(case.examples.shortest()),
        )


def too_many_errors(case: Case) -> Iterator[Alarm]:
    """Yield an alarm when more requests fail or are refused than ever.

    A run of few requests meets the same dead addresses as the one before: they raise no alarm. They
    are no sign either that one is over.
    """
    name, now = "too_many_errors", case.now.measures
    shares = [run.measures.answered for run in case.usual(name)]
    usual = min(usual_share(shares) or FINE, FINE)
    good, answers = now.answered
    if case.goes_on(name):
        answers = now.answers
    refused = answers - good
    is_low = answers > 0 and refused / answers > max(0.1, 2 * (1 - usual))
    is_sure = at_most(good, answers, usual) < UNLIKELY
    if is_low and (is_sure or case.goes_on(name)):
        yield Alarm(
            name=name,
            message=f"{refused} of {answers} requests failed or were refused; usually "
            f"at most {_percent(1 - usual)}",
            urls=tuple(case.examples.examples["refused"]),
        )


def newest_too_old(case: Case) -> Iterator[Alarm]:
    """Yield an alarm when nothing has been published for far longer than ever before."""
    name, age = "newest_too_old", case.now.measures.newest_age_h
    ages = [r.measures.newest_age_h for r in case.usual(name)]
    known = [a for a in ages if a is not None]
    if age is None or len(known) <= LEAST_RUNS:
        return
    if age > max(SILENCE * max(known), SHORTEST_SILENCE_H):
        yield Alarm(
            name=name,
            message=f"the newest article is {_span(age)} old; so far at most {_span(max(known))}",
        )


def _span(hours: float) -> str:
    return f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.0f} hours"


def encoding_trouble(case: Case) -> Iterator[Alarm]:
    """Yield an alarm when more texts than usual have characters that could not be decoded."""
    name, now = "encoding_trouble", case.now.measures
    shares = [
        (r.measures.articles - r.measures.garbled, r.measures.articles) for r in case.usual(name)
    ]
    usual = min(usual_share(shares) or FINE, FINE)
    is_low = now.articles > 0 and now.garbled / now.articles > max(0.1, 2 * (1 - usual))
    is_sure = at_most(now.articles - now.garbled, now.articles, usual) < UNLIKELY
    if (is_low and (is_sure or case.goes_on(name))) or (case.goes_on(name) and not now.articles):
        yield Alarm(
            name=name,
            message=f"{now.garbled} of {now.articles} articles have characters that could not be "
            f"decoded; usually at most {_percent(1 - usual)}",
            urls=tuple(case.examples.examples["garbled"]),
        )


CHECKS = (
    field_vanished, selector_missed, articles_unrecognised, section_empty, list_found_nothing,
    body_shrank, too_many_errors, newest_too_old, encoding_trouble,
)  # fmt: skip
