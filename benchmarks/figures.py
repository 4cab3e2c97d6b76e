"""Figures of a benchmark: printed with their target, kept for --json, and how they are taken."""

import time
from collections.abc import Callable
from typing import Any

FIGURES: dict[str, Any] = {}
"""All that was told, by name."""


def tell(name: str, value: object, unit: str = "", target: str = "") -> None:
    """Print one figure and keep it for --json."""
    FIGURES[name] = value
    text = f"{value:.3f}" if isinstance(value, float) else str(value)
    print(f"{name:<46} {text:>12} {unit:<12} {target}", flush=True)


def percentile(times_ms: list[float], share: float) -> float:
    """Return the value below which *share* of *times_ms* lie."""
    return sorted(times_ms)[min(len(times_ms) - 1, int(share * len(times_ms)))]


def timed_ms(action: Callable[[], object]) -> float:
    """Return how long *action* takes in milliseconds."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000
