"""Extraction: from one page and a profile to an Article. Pure functions: no network, clock, files
or settings.

`extract` gives the article, `read` also what a crawler wants of the page, `extract_list` the
entries of a
list page; `join_pages` puts the pages of one article together. The way: page (tree) > blocks
(outline) >
lists, roles > title, body > times, origin, details, images, related > reading.
"""

from newsspider.extract.join import join_pages
from newsspider.extract.reading import (
    EXTRACTOR_VERSION,
    Link,
    Reading,
    extract,
    extract_list,
    read,
)

__all__ = [
    "EXTRACTOR_VERSION",
    "Link",
    "Reading",
    "extract",
    "extract_list",
    "join_pages",
    "read",
]
