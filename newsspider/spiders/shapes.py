"""What a crawl learns about the shapes of a site's addresses: which bear fruit, which are a trap.

A calendar links to its next month for ever, a shop to every order of its filters, an author to a
page that is not there. Their addresses have one shape, and none of their pages says anything new.
"""

import hashlib
import re
from collections import OrderedDict
from dataclasses import dataclass
from urllib.parse import urlsplit

BARREN_AFTER = 8
"""So many pages of one shape without anything new, and no further one is asked for ..."""
BARREN_SHARE = 20
"""... nor where a shape that bore fruit once has seen so many pages since then."""
MAX_SHAPES = 5_000
# A segment that a server makes anew for each visitor: long, of hexadecimal digits or base 36.
TOKEN = re.compile(r"(?=[^/]*\d)[0-9a-z]{24,}|\([sSaA]\([0-9a-zA-Z]{16,}\)\)", re.I)
NUMBER = re.compile(r"\d+")
ESCAPED = re.compile(r"(?:%[0-9A-F]{2})+")


def shape_of(url: str) -> str:
    """Return what addresses of one kind have in common.

    >>> shape_of("http://a.cn/list_3_17.html"), shape_of("http://a.cn/a/%E4%B8%AD/?p=3&q=x")
    ('a.cn/list_0_0.html', 'a.cn/a/%/?p&q')
    """
    parts = urlsplit(url)
    segments = []
    for segment in parts.path.split("/"):
        if TOKEN.fullmatch(segment):
            segments.append("*")
        elif segment.count("-") > 2:
            segments.append("-")
        else:
            segments.append(ESCAPED.sub("%", NUMBER.sub("0", segment)))
    names = sorted({NUMBER.sub("0", pair.partition("=")[0]) for pair in parts.query.split("&")})
    query = "?" + "&".join(names) if parts.query else ""
    return f"{parts.netloc}{'/'.join(segments)}{query}"


def without_token(url: str) -> str | None:
    """Return *url* less a token that stands before its last segment; None when there is none.

    >>> without_token("http://a.cn/s/0123456789abcdef01234567/n.html")
    'http://a.cn/s/*/n.html'
    """
    parts = urlsplit(url)
    segments = parts.path.split("/")
    found = [bool(TOKEN.fullmatch(segment)) for segment in segments[:-1]]
    if not any(found):
        return None
    bare = ["*" if is_token else s for s, is_token in zip(segments, [*found, False], strict=True)]
    return parts._replace(path="/".join(bare)).geturl()


@dataclass(slots=True)
class _Record:
    fruits: int = 0
    since_fruit: int = 0


class Shapes:
    """The record of every shape that this run has met, and the session ids that it saw through."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, _Record] = OrderedDict()
        self._digests: dict[bytes, str] = {}
        self._sessions: set[str] = set()

    def note(self, url: str, *, fruitful: bool) -> None:
        """Take down that a page at *url* did or did not say anything new."""
        shape = shape_of(url)
        record = self._known.setdefault(shape, _Record())
        self._known.move_to_end(shape)
        record.fruits += fruitful
        record.since_fruit = 0 if fruitful else record.since_fruit + 1
        if len(self._known) > MAX_SHAPES:
            self._known.popitem(last=False)

    def is_barren(self, url: str) -> bool:
        """Tell whether addresses like *url* have given nothing new for too long."""
        record = self._known.get(shape_of(url))
        if record is None:
            return False
        limit = BARREN_SHARE + 4 * record.fruits if record.fruits else BARREN_AFTER
        return record.since_fruit >= limit

    def same_behind_token(self, url: str, content: str) -> str | None:
        """Return the address that served *content* before, when *url* differs by a token.

        Such a token is a session id: it says who reads, not what is read. Equal content without a
        token is a reprint and none of this method's business.
        """
        digest = hashlib.blake2b(content.encode("utf-8", "replace"), digest_size=8).digest()
        first = self._digests.setdefault(digest, url)
        bare = without_token(url)
        if bare is None or first == url:
            return None
        self._sessions.add(bare)
        return first

    def is_session(self, url: str) -> bool:
        """Tell whether *url* is one of those behind whose token the same was served before."""
        return bool(self._sessions) and without_token(url) in self._sessions
