"""One portal: how much it published when, its sections and sources, how its crawls went."""

from newsspider.store.overview import COVERED, COVERED_EACH, NEWEST_COUNTED
from newsspider.store.room import ReadingRoom
from newsspider.web.answer import Page
from newsspider.web.pages.days import calendar_of, drawn
from newsspider.web.request import PageRequest


def portal(room: ReadingRoom, request: PageRequest) -> Page:
    """Return the page of a portal; `year` shows the calendar of another year.

    Raises:
        NotFound: nothing is stored of it.
    """
    site = request.names["site"]
    found = room.portal(site, request.today)
    calendar = calendar_of(room, request, site)
    shown = {
        "charts": drawn(calendar, request, site),
        "covered": COVERED,
        "best": {
            name: max((row["fields"][name] for row in found["coverage"]), default=0)
            for name in COVERED
        },
        "covered_each": COVERED_EACH,
        "newest_counted": NEWEST_COUNTED,
    }
    return Page(template="portal.html", data=found | {"calendar": calendar}, shown=shown)
