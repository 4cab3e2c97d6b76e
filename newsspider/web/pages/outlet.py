"""One outlet: what names it as its source, and who reprints whom."""

from newsspider.store.outlets import NEWEST_COUNTED
from newsspider.store.room import ReadingRoom
from newsspider.web import charts
from newsspider.web.answer import Page
from newsspider.web.request import PageRequest, path_of
from newsspider.web.words import spoken


def outlet(room: ReadingRoom, request: PageRequest) -> Page:
    """Return the page of an outlet, named as pages print it.

    Raises:
        NotFound: no article names it.
    """
    data = room.outlet(request.names["name"])
    count = sum(edge["articles"] for edge in data["reprints"])
    graph = charts.reprint_graph(
        data["reprints"],
        name=spoken(request.language)("graph_of", n=count),
        link=lambda site: path_of("portal", site),
    )
    shown = {"graph": graph, "newest_counted": NEWEST_COUNTED}
    return Page(template="outlet.html", data=data, shown=shown)
