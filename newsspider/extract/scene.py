"""Everything known about one page before its fields are read: what the field modules share."""

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from newsspider.extract.blocks import Outline
from newsspider.extract.body import Body
from newsspider.extract.lists import LinkList
from newsspider.extract.metadata import Head
from newsspider.extract.title import Headline

CHINA = ZoneInfo("Asia/Shanghai")
BELOW_TITLE = 8
"""Blocks below the headline in which a page without text of its own has its lines of fields and
pictures.
"""


@dataclass(slots=True, kw_only=True)
class Scene:
    """One page, parsed and divided: head, blocks, lists, headline, body."""

    url: str
    """Canonical form of the address that the page came from; "" when unknown."""
    base: str | None
    """Address that relative links refer to."""
    canonical: str | None = None
    """Canonical address as the page declares it."""
    zone: dt.tzinfo = CHINA
    zone_known: bool = True
    """The profile or the language tells the zone; otherwise times of unknown offset are read as
    UTC.
    """
    now: dt.datetime | None = None
    language: str | None = None
    outline: Outline
    head: Head
    roles: list[int] = field(default_factory=list)
    """Effective roles by node."""
    lists: list[LinkList] = field(default_factory=list)
    listed: bytearray = field(default_factory=bytearray)
    """1 for each block inside a list of links."""
    headline: Headline | None = None
    body: Body

    @property
    def title_block(self) -> int:
        """Index of the block that shows the headline; -1 when none does."""
        return self.headline.block if self.headline else -1

    @property
    def body_span(self) -> tuple[int, int]:
        """Index of the first block of the body and behind its last; without a body, a place below
        the headline.
        """
        blocks = self.body.blocks
        if blocks:
            return blocks[0].position, blocks[-1].position + 1
        if self.title_block < 0:
            return 0, 0
        below = min(self.title_block + BELOW_TITLE, len(self.outline.blocks))
        return below, below
