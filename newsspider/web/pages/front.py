"""The front page: portals, the newest articles, how many appeared on which day."""

from newsspider.store.room import ReadingRoom
from newsspider.web.answer import Page
from newsspider.web.pages.days import calendar_of, drawn
from newsspider.web.request import PageRequest


def front(room: ReadingRoom, request: PageRequest) -> Page:
    """Return the front page; `year` shows the calendar of another year."""
    calendar = calendar_of(room, request, None)
    data = {**room.front(request.today), "calendar": calendar}
    return Page(template="front.html", data=data, shown={"charts": drawn(calendar, request, None)})
