"""Charts as SVG text: no script, no inline style, every text escaped."""

from collections.abc import Mapping, Sequence
from html import escape

WIDTH = 720
PLOT_HEIGHT = 150
ROW_HEIGHT = 24
LABEL_WIDTH = 190


def nice_top(highest: int) -> int:
    """Return the upper end of an axis for values up to *highest*: 1, 2 or 5 times a power of ten.

    >>> [nice_top(n) for n in (0, 3, 17, 42, 100, 101)]
    [1, 5, 20, 50, 100, 200]
    """
    power = 1
    while True:
        for step in (1, 2, 5):
            if step * power >= highest:
                return step * power
        power *= 10


def columns(counts: Sequence[tuple[str, int]], *, title: str, marked: frozenset[str]) -> str:
    """Return a chart of one column a day, those in *marked* shown as gaps.

    *counts* are the days as ISO dates, in order.
    """
    top = nice_top(max((count for _, count in counts), default=0))
    left, bottom = 44, PLOT_HEIGHT + 14
    step = (WIDTH - left - 8) / max(1, len(counts))
    parts = [_open(title, bottom + 26)]
    for share in (0, 0.5, 1):
        y = bottom - PLOT_HEIGHT * share
        label = f"{top * share:g}"
        parts.append(f'<line class="grid" x1="{left}" y1="{y:.1f}" x2="{WIDTH - 4}" y2="{y:.1f}"/>')
        parts.append(f'<text class="axis end" x="{left - 6}" y="{y + 4:.1f}">{label}</text>')
    for number, (day, count) in enumerate(counts):
        x = left + number * step
        height = PLOT_HEIGHT * count / top
        if day in marked:
            parts.append(
                f'<rect class="gap" x="{x:.1f}" y="{bottom - PLOT_HEIGHT}" '
                f'width="{step:.1f}" height="{PLOT_HEIGHT}"/>'
            )
        parts.append(
            f'<rect class="bar" x="{x + 1.5:.1f}" y="{bottom - height:.1f}" '
            f'width="{max(1.0, step - 3):.1f}" height="{height:.1f}" rx="2">'
            f"<title>{escape(day)}: {count}</title></rect>"
        )
        if number % 5 == 0 or number == len(counts) - 1:
            middle = x + step / 2
            parts.append(
                f'<text class="axis mid" x="{middle:.1f}" y="{bottom + 18}">{int(day[8:10])}</text>'
            )
    return "".join((*parts, "</svg>"))


def bars(counts: Mapping[str, int], *, title: str) -> str:
    """Return a chart of one bar a name, in their order."""
    top = max(counts.values(), default=1) or 1
    room = WIDTH - LABEL_WIDTH - 70
    parts = [_open(title, ROW_HEIGHT * len(counts) + 4)]
    for number, (name, count) in enumerate(counts.items()):
        y = number * ROW_HEIGHT
        width = max(2.0, room * count / top)
        parts.append(
            f'<text class="label end" x="{LABEL_WIDTH - 8}" y="{y + 17}">{escape(_cut(name))}'
            f"<title>{escape(name)}</title></text>"
            f'<rect class="bar" x="{LABEL_WIDTH}" y="{y + 4}" width="{width:.1f}" '
            f'height="{ROW_HEIGHT - 8}" rx="2"/>'
            f'<text class="value" x="{LABEL_WIDTH + width + 6:.1f}" y="{y + 17}">{count}</text>'
        )
    return "".join((*parts, "</svg>"))


def _open(title: str, height: float) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
        f'aria-label="{escape(title)}" xmlns="http://www.w3.org/2000/svg">'
    )


def _cut(name: str, room: int = 26) -> str:
    """Return *name* cut to *room* half widths: Han characters take two."""
    used = 0
    for place, character in enumerate(name):
        used += 1 if character < "\u1100" else 2
        if used > room:
            return name[:place] + "…"
    return name
