"""What a page gives back: data for JSON, the same data and more for its template."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from newsspider.store.room import ReadingRoom
from newsspider.web.request import PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page: its data, which is also its JSON, and what the template shows beside it."""

    template: str
    data: Mapping[str, Any]
    """JSON values."""
    shown: Mapping[str, Any] = field(default_factory=dict)
    """Charts, citations and the like, made from the data."""
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """Another page of the reading room, to which a request is sent."""

    location: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Something that is no page of ours: text with a policy of its own."""

    text: str
    content_type: str
    policy: str


Answer = Page | Redirect | Document
View = Callable[[ReadingRoom, PageRequest], Answer]
"""A function that answers the requests for one kind of page; it raises NotFound or UsageError."""
