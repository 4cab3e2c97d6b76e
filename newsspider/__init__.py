"""newsspider archives news portals.

from newsspider import extract, Archive, Article
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

from newsspider.items import Article

# The function has the name of its package; `from newsspider.extract import ...` still works.
from newsspider.extract import extract  # isort: skip

if TYPE_CHECKING:
    from newsspider.store import Archive

__all__ = ["Archive", "Article", "__version__", "extract"]


def __getattr__(name: str) -> Any:
    """Load the archive, and with it sqlite-utils, only for those who ask for it."""
    if name == "Archive":
        from newsspider.store import Archive

        return Archive
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
