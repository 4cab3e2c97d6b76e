"""A news portal of the project's own, for the demo and the tests: invented news, real HTTP.

    python -m newsspider.sample --port 8900

Articles are text in articles/, templates are HTML in templates/. Read content.py, styles.py,
lists.py, layout.py, site.py, server.py in this order. Standard library only.
"""

from newsspider.sample.server import SamplePortal
from newsspider.sample.truth import Changes, TrueArticle, TrueImage, TrueItem, TrueListPage

__all__ = ["Changes", "SamplePortal", "TrueArticle", "TrueImage", "TrueItem", "TrueListPage"]
