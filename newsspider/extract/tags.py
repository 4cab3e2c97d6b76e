"""What elements are to a page's outline, by their names."""

BLOCK_TAGS = frozenset(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt "
    "fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol option p pre "
    "search section "
    "summary table tbody td tfoot th thead tr ul".split()
)
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
SKIPPED = frozenset(
    "style template svg math iframe object embed select textarea canvas video audio head "
    "noscript applet noframes datalist xml".split()
)
STRONG = frozenset(("b", "strong", "em", "i", "big"))
ITEMS = ("li", "dd", "dt")
CELLS = ("td", "th")
PLACES = {
    name: (HEADINGS.get(name, 0), name in ITEMS, name in CELLS)
    for name in {*HEADINGS, *ITEMS, *CELLS}
}
"""Heading level, item and cell that elements make of what is in them."""
# What an element is taken for; plain ones leave nothing to undo at their end.
PLAIN, INLINE, NODE, LINK, LINK_NODE, BREAK, PICTURE, AREA, EMPHASIS, SKIP = range(10)
ROOT, STATED, SAYS = range(10, 13)
KINDS: dict[str, int] = {
    **dict.fromkeys(BLOCK_TAGS, NODE),
    **dict.fromkeys(SKIPPED, SKIP),
    **dict.fromkeys(STRONG, EMPHASIS),
    **dict.fromkeys(("meta", "link", "base"), STATED),
    **dict.fromkeys(("title", "script"), SAYS),
    "html": ROOT,
    "a": LINK,
    "br": BREAK,
    "img": PICTURE,
    "amp-img": PICTURE,
    "area": AREA,
}
