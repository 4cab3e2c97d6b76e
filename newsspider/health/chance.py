"""The statistics behind the alarms: what is usual, and how likely a run is by chance alone.

Shares are compared with the lower end of what earlier runs had, not with their mean, and a share
has to be unlikely under that: noise between runs is no alarm. The binomial tail is exact, so that
a run of three articles is judged as what it is.
"""

import math
from collections.abc import Sequence

Share = tuple[int, int]
"""How many, of how many."""

UNLIKELY = 1e-5
"""Chance below which something is no accident."""
GROUP = 10
"""Runs are taken together until they have so many pages: a share of less says little."""
LEAST_RUNS = 4
LEAST_PAGES = 30
"""What earlier runs must have for a comparison."""
LOW_QUANTILE = 0.2
MANY_TIMES = 5.0
SURENESS = 2.0
"""Standard deviations that a true share may lie below the one that was seen."""


def at_most(hits: int, trials: int, chance: float) -> float:
    """Return the probability of at most *hits* in *trials* that succeed with *chance* each.

    >>> round(at_most(0, 4, 0.9), 6), at_most(4, 4, 0.9)
    (0.0001, 1.0)
    """
    if hits >= trials or chance <= 0:
        return 1.0
    if chance >= 1:
        return 0.0
    yes, no = math.log(chance), math.log1p(-chance)
    total = math.lgamma(trials + 1)
    logs = (
        total - math.lgamma(n + 1) - math.lgamma(trials - n + 1) + n * yes + (trials - n) * no
        for n in range(hits + 1)
    )
    return min(1.0, math.fsum(map(math.exp, logs)))


def at_most_events(hits: int, expected: float) -> float:
    """Return the probability of at most *hits* events where *expected* are (Poisson).

    >>> round(at_most_events(0, 4.0), 4)
    0.0183
    """
    if expected <= 0:
        return 1.0
    rate = math.log(expected)
    return min(
        1.0, math.fsum(math.exp(n * rate - expected - math.lgamma(n + 1)) for n in range(hits + 1))
    )


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which *share* of *values* lies, between two of them interpolated.

    >>> quantile([4, 1, 3, 2], 0.5), quantile([7], 0.1)
    (2.5, 7.0)
    """
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def usual_share(shares: Sequence[Share]) -> float | None:
    """Return the share that runs of these *shares* hardly ever fall below; None: too few to say."""
    filled = [share for share in shares if share[1]]
    if len(filled) < LEAST_RUNS or sum(total for _, total in filled) < LEAST_PAGES:
        return None
    levels, hits, total = [_least(filled)], 0, 0
    for run_hits, run_total in filled:
        hits, total = hits + run_hits, total + run_total
        if total >= GROUP:
            levels.append((hits + 0.5) / (total + 1))
            hits = total = 0
    return min(levels[0], quantile(levels[1:] or levels, LOW_QUANTILE))


def _least(shares: Sequence[Share]) -> float:
    """Return the least true share that *shares* together leave likely (Wilson's bound)."""
    hits, total = sum(share[0] for share in shares), sum(share[1] for share in shares)
    square = SURENESS**2
    middle = hits + square / 2
    spread: float = SURENESS * math.sqrt(hits * (total - hits) / total + square / 4)
    return float(middle - spread) / (total + square)


def has_fallen(now: Share, usual: float, *, to: float, missing: float = 1.0) -> tuple[bool, bool]:
    """Tell whether *now* is below *to* times *usual*, and whether that can be no accident.

    Low is also what lacks the share *missing* where nearly none did: MANY_TIMES the usual one.
    """
    hits, total = now
    if not total:
        return False, False
    lacking = 1 - hits / total
    is_low = hits / total <= to * usual or lacking >= max(missing, MANY_TIMES * (1 - usual))
    return is_low, is_low and at_most(hits, total, usual) < UNLIKELY
