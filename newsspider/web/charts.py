"""Charts as SVG, drawn on the server: no script, no style of their own; colours are classes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from newsspider.text import printable

Row = Mapping[str, Any]
Label = Callable[[date], str]

CELL, GAP = 11, 2
LEFT, TOP = 30, 16
"""Room for the names of weekdays and months."""
LEVELS = 4
CHART = (760, 150)
MEAN_DAYS = 7
GRAPH_ROWS = 8
"""Portals on either side of a graph."""
THICK_FROM = 10
"""Articles that make the thickest line, where none has more."""
GRAPH = (640, 30)
"""Width, and height of a row."""


def levels(counts: Sequence[int]) -> tuple[int, ...]:
    """Return above which count each level begins: 0, and the quartiles of days with articles.

    >>> levels([0, 1, 2, 3, 4]), levels([1, 1, 1])
    ((0, 1, 2, 3), (0, 1, 1, 1))
    """
    present = sorted(count for count in counts if count)
    if not present:
        return ()
    last = len(present) - 1
    return (0, *(present[last * level // LEVELS] for level in range(1, LEVELS)))


def heat_map(
    days: Sequence[Row], *, name: str, link: Callable[[str], str], month: Label, weekday: Label
) -> str:
    """Return a calendar of *days* ({day, articles}): a column a week, the first day a Monday."""
    if not days:
        return ""
    thresholds = levels([row["articles"] for row in days])
    first = date.fromisoformat(days[0]["day"])
    out, shown_month, column = [], 0, 0
    for number, row in enumerate(days):
        day = date.fromisoformat(row["day"])
        column, line = divmod(number + first.weekday(), 7)
        x, y = LEFT + column * (CELL + GAP), TOP + line * (CELL + GAP)
        level = sum(row["articles"] > threshold for threshold in thresholds)
        out.append(
            f'<a href="{escape(link(row["day"]))}" tabindex="-1"><rect class="l{level}" x="{x}"'
            f' y="{y}" width="{CELL}" height="{CELL}" rx="2">'
            f"<title>{row['day']}: {row['articles']}</title></rect></a>"
        )
        if day.day <= 7 and day.month != shown_month and line == 0:
            shown_month = day.month
            out.append(_text(x, TOP - 5, month(day)))
    monday = date(2024, 1, 1)
    for line in (0, 2, 4):
        y = TOP + line * (CELL + GAP) + CELL - 2
        out.append(_text(0, y, weekday(monday.replace(day=1 + line))))
    width = LEFT + (column + 2) * (CELL + GAP)
    return _svg("heat", width, TOP + 7 * (CELL + GAP), name, "".join(out))


def line_chart(days: Sequence[Row], *, name: str, month: Label) -> str:
    """Return a line of the articles of each of *days*, and one of their mean over a week."""
    if len(days) < 2:
        return ""
    width, height = CHART
    counts = [int(row["articles"]) for row in days]
    top = max(*counts, 1)
    step = (width - LEFT) / (len(days) - 1)

    def path(values: Sequence[float]) -> str:
        points = (
            f"{LEFT + step * n:.1f},{TOP + (height - 2 * TOP) * (1 - value / top):.1f}"
            for n, value in enumerate(values)
        )
        return "M" + "L".join(points)

    means = [
        sum(counts[max(0, n - MEAN_DAYS + 1) : n + 1]) / min(n + 1, MEAN_DAYS)
        for n in range(len(counts))
    ]
    base = height - TOP
    out = [
        f'<path class="grid" d="M{LEFT},{TOP}H{width}M{LEFT},{(TOP + base) / 2}H{width}'
        f'M{LEFT},{base}H{width}"/>',
        f'<path class="line" d="{path(counts)}"/><path class="mean" d="{path(means)}"/>',
        _text(0, TOP + 4, f"{top:,}"),
        _text(0, base + 4, "0"),
    ]
    for n, row in enumerate(days):
        day = date.fromisoformat(row["day"])
        if day.day == 1 and width - (LEFT + step * n) > 3 * CELL:
            out.append(_text(LEFT + step * n, height - 2, month(day)))
    return _svg("days", width, height, name, "".join(out))


def bar(value: int, most: int) -> str:
    """Return a bar of *value* out of *most*; it says nothing that is not beside it in a number."""
    width = round(100 * value / most) if most else 0
    return (
        '<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{max(width, 1)}" height="6"/></svg>'
    )


def reprint_graph(edges: Sequence[Row], *, name: str, link: Callable[[str], str]) -> str:
    """Return who took from whom: *edges* are {of_site, site, articles}, the commonest first.

    The portals on the left were first, those on the right reprinted them.
    """
    left, right = _ranked(edges, "of_site"), _ranked(edges, "site")
    drawn = [edge for edge in edges if edge["of_site"] in left and edge["site"] in right]
    if not drawn:
        return ""
    width, row = GRAPH
    height = row * max(len(left), len(right)) + TOP
    most = max(THICK_FROM, *(edge["articles"] for edge in drawn))
    x1, x2 = width * 0.36, width * 0.64
    out = []
    for edge in drawn:
        y1, y2 = (TOP + row * (side[edge[key]] + 0.5) for side, key in _ends(left, right))
        thick = 1 + 7 * edge["articles"] / most
        middle = width / 2
        out.append(
            f'<path class="edge" stroke-width="{thick:.1f}" d="M{x1:.0f},{y1:.0f}'
            f'C{middle:.0f},{y1:.0f} {middle:.0f},{y2:.0f} {x2:.0f},{y2:.0f}"><title>'
            f"{_plain(edge['of_site'])} → {_plain(edge['site'])}: {edge['articles']}"
            "</title></path>"
        )
    for side, x, anchor in ((left, x1 - 8, "end"), (right, x2 + 8, "start")):
        for site, place in side.items():
            label = _text(x, TOP + row * (place + 0.5) + 4, site, anchor=anchor)
            out.append(f'<a href="{escape(link(site))}">{label}</a>')
    return _svg("graph", width, height, name, "".join(out))


def _ends(left: dict[str, int], right: dict[str, int]) -> tuple[tuple[dict[str, int], str], ...]:
    return ((left, "of_site"), (right, "site"))


def _ranked(edges: Sequence[Row], key: str) -> dict[str, int]:
    """Return the portals at one end of *edges*, the commonest, with their places."""
    counts: dict[str, int] = {}
    for edge in edges:
        counts[edge[key]] = counts.get(edge[key], 0) + edge["articles"]
    ordered = sorted(counts, key=lambda site: (-counts[site], site))[:GRAPH_ROWS]
    return {site: place for place, site in enumerate(ordered)}


def _svg(kind: str, width: float, height: float, name: str, inner: str) -> str:
    return (
        f'<svg class="{kind}" viewBox="0 0 {width:.0f} {height:.0f}" role="img"'
        f' aria-label="{_plain(name)}">{inner}</svg>'
    )


def _text(x: float, y: float, text: str, *, anchor: str = "start") -> str:
    short = text if len(text) <= 28 else f"{text[:27]}…"
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{_plain(short)}</text>'


def _plain(text: str) -> str:
    return escape(printable(text))
