"""The pages of the reading room: each a function from the archive and a request to an answer."""

from newsspider.web.answer import View
from newsspider.web.pages import article, front, outlet, portal, raw, search

ROUTES: dict[str, View] = {
    r"/": front.front,
    r"/index": front.front,
    r"/search": search.search,
    r"/article": article.lookup,
    r"/article/(?P<id>[0-9]{1,18})": article.article,
    r"/article/(?P<id>[0-9]{1,18})/diff": article.diff,
    r"/article/(?P<id>[0-9]{1,18})/raw": raw.frame,
    r"/article/(?P<id>[0-9]{1,18})/raw/page": raw.page,
    r"/portal/(?P<site>[^/]+?)": portal.portal,
    r"/outlet/(?P<name>[^/]+?)": outlet.outlet,
}
"""Paths, without the `.json` that every one but the first takes, and who answers them."""
