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
MOST_OTHERS = 1_000
"""A run that has met so many pages that were no articles, and `OTHERS_AN_ARTICLE` more for each
article, goes on with those shapes alone that had one: words can be made up for ever, too."""
OTHERS_AN_ARTICLE = 2
DATED_SHARE = 5
"""So many times more for addresses with a date: they lead to articles as a rule."""
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
    articles: int = 0


class Shapes:
    """The record of every shape that this run has met, and the session ids that it saw through."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, _Record] = OrderedDict()
        self._digests: dict[bytes, str] = {}
        self._sessions: set[str] = set()
        self._articles = self._others = 0

    def note(self, url: str, *, fruitful: bool, is_article: bool = False) -> None:
        """Take down that a page at *url* did or did not say anything new."""
        self._articles += is_article
        self._others += not is_article
        shape = shape_of(url)
        record = self._known.setdefault(shape, _Record())
        self._known.move_to_end(shape)
        record.fruits += fruitful
        record.articles += is_article
        record.since_fruit = 0 if fruitful else record.since_fruit + 1
        if len(self._known) > MAX_SHAPES:
            self._known.popitem(last=False)

    def is_barren(self, url: str, *, is_dated: bool = False) -> bool:
        """Tell whether addresses like *url* have given nothing new for too long.

        *is_dated*: a list or the address itself says of which day it is.
        """
        record = self._known.get(shape_of(url))
        most = MOST_OTHERS + OTHERS_AN_ARTICLE * self._articles
        if record is None or not record.articles:
            if self._others >= (DATED_SHARE * most if is_dated else most):
                return True
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
        if first == url or not self.has_token(url):
            return None
        self.learn_session(url)
        return first

    def has_token(self, url: str) -> bool:
        """Tell whether something in *url* may be a session id."""
        return without_token(url) is not None

    def learn_session(self, url: str) -> None:
        """Take the token in *url* for a session id from now on."""
        if bare := without_token(url):
            self._sessions.add(bare)

    def is_session(self, url: str) -> bool:
        """Tell whether *url* is one of those behind whose token the same was served before."""
        return bool(self._sessions) and without_token(url) in self._sessions
