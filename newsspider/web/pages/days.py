"""Articles per day as a calendar, a line and a table: on the front page and on a portal's."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from newsspider.store.room import ReadingRoom
from newsspider.web import charts
from newsspider.web.request import PageRequest, address
from newsspider.web.words import month_name, spoken, weekday_name

Row = Mapping[str, Any]


def calendar_of(room: ReadingRoom, request: PageRequest, site: str | None) -> dict[str, Any]:
    """Return the calendar that a request asks for; `year` is that of the request, None: latest."""
    year = request.number("year", 0, most=9999) or None
    found = room.calendar(request.today, site=site, year=year)
    years = found["years"]
    return found | {"year": year if years and year and years[0] <= year <= years[1] else None}


def drawn(calendar: Row, request: PageRequest, site: str | None) -> dict[str, Any]:
    """Return `heat`, `line` (SVG) and `months` ({month, articles}) of a calendar."""
    days, words = calendar["days"], spoken(request.language)
    if not days:
        return {"heat": "", "line": "", "months": []}
    counts = [row["articles"] for row in days]
    facts = {"first": days[0]["day"], "last": days[-1]["day"], "n": sum(counts)}

    def link(day: str) -> str:
        return address("/search", {"since": day, "until": day} | ({"site": site} if site else {}))

    month = partial(month_name, request.language)
    return {
        "heat": charts.heat_map(
            days,
            name=words("calendar_of", **facts),
            link=link,
            month=month,
            weekday=partial(weekday_name, request.language),
        ),
        "line": charts.line_chart(
            days, name=words("line_of", **facts, most=max(counts)), month=month
        ),
        "months": _months(days),
    }


def _months(days: Sequence[Row]) -> list[dict[str, Any]]:
    counts: dict[str, int] = {}
    for row in days:
        counts[row["day"][:7]] = counts.get(row["day"][:7], 0) + row["articles"]
    return [{"month": month, "articles": count} for month, count in sorted(counts.items())]
