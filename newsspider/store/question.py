"""What a person's search asks: words, "phrases", AND OR NOT, brackets, fields. No SQL.

A question becomes an expression of FTS5 in which everything typed is quoted: nothing of it can act.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from newsspider.errors import UsageError
from newsspider.store.readings import cleaned
from newsspider.text import HAN_RUN, printable
from newsspider.variants import index_phrase, search_fold

MAX_WORDS = 64
"""A search of more words is a text, not a question."""
MAX_DEPTH = 20
"""Brackets within brackets."""

FIELDS = {"title": "title", "source": "source", "author": "authors", "site": "site"}
"""Names before a colon, and the columns of the index that they search."""
SPANS = ("since", "until")
TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<open>[(（])|(?P<close>[)）])
    |(?P<operator>(?:AND|OR|NOT)(?![^\s()（）"“”＂「」]))
    |(?P<minus>-(?=[^\s-]))
    |(?P<field>(?i:title|source|author|site|since|until)[:：])
    |["“”＂](?P<phrase>[^"“”＂]*)(?P<quote>["“”＂])|「(?P<cited>[^」]*)」
    |(?P<unclosed>["“”＂「])
    |(?P<word>[^\s()（）"“”＂「」]+)""",
    re.X,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words that stand together, in one field or in any."""

    text: str
    """Folded, as in `variants.search_fold`; of a site: its key."""
    column: str | None = None
    begins: bool = False
    """The last word may go on: it was typed with a star."""

    @property
    def expression(self) -> str:
        """The words for FTS5."""
        if self.column == "site":
            return f'site : "{site_word(self.text)}"'
        phrase, is_beginning = index_phrase(self.text)
        star = " *" if is_beginning or self.begins else ""
        return f'{f"{self.column} : " if self.column else ""}"{phrase}"{star}'

    @property
    def goes_on(self) -> bool:
        """Whether the last word is but the beginning of one, which the index looks up slowly."""
        return self.column != "site" and (self.begins or index_phrase(self.text)[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class All:
    """Everything in *parts* and nothing in *without*."""

    parts: tuple["Node", ...]
    without: tuple["Node", ...] = ()

    @property
    def expression(self) -> str:
        """The parts for FTS5."""
        wanted = " AND ".join(part.expression for part in self.parts)
        if not self.without:
            return f"({wanted})"
        return f"(({wanted}) NOT ({' OR '.join(part.expression for part in self.without)}))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Any:
    """At least one of *parts*."""

    parts: tuple["Node", ...]

    @property
    def expression(self) -> str:
        """The parts for FTS5."""
        return f"({' OR '.join(part.expression for part in self.parts)})"


Node = Words | All | Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A search, taken apart."""

    node: Node
    since: tuple[str, ...] = ()
    until: tuple[str, ...] = ()

    @property
    def match(self) -> str:
        """The expression of FTS5 that every hit fulfils."""
        return self.node.expression

    def wanted(self) -> tuple[Words, ...]:
        """Return the words that a hit shows: those of no other field than title, none excluded."""
        return tuple(w for w in _wanted(self.node) if w.column in (None, "title"))


def _wanted(node: Node) -> Iterator[Words]:
    if isinstance(node, Words):
        yield node
    else:
        for part in node.parts:
            yield from _wanted(part)


def site_word(site: str) -> str:
    """Return the one word under which the index knows *site*."""
    return f"site{site.encode('utf-8', 'replace').hex()}"


def narrowed(question: Question, site: str | None) -> Question:
    """Return *question* of the articles of *site* alone, if one is given."""
    if site is None:
        return question
    parts = (question.node, Words(text=cleaned(site), column="site"))
    return Question(node=All(parts=parts), since=question.since, until=question.until)


def ask(text: str) -> Question:
    """Return the question that *text* asks.

    Raises:
        UsageError: nothing in it can be searched for, too much of it can, or it is put together
            wrongly; the message says where.
    """
    return _Parser(text=cleaned(text)).question()


@dataclass(slots=True, kw_only=True)
class _Parser:
    text: str
    tokens: list[re.Match[str]] = field(default_factory=list)
    at: int = 0
    words: int = 0
    depth: int = 0
    spans: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in SPANS})

    def question(self) -> Question:
        self.tokens = [m for m in TOKEN.finditer(self.text) if m.lastgroup != "space"]
        parts, without = self.group()
        if self.at < len(self.tokens):
            raise self.wrong("a bracket that nothing opens")
        if not parts:
            if without:
                raise UsageError(f"only excluded words in {_shown(self.text)}: say what to find")
            raise UsageError(f"nothing to search for in {_shown(self.text)}")
        return Question(
            node=_all(parts, without),
            since=tuple(self.spans["since"]),
            until=tuple(self.spans["until"]),
        )

    def wrong(self, what: str, place: int | None = None) -> UsageError:
        if place is None:
            place = self.tokens[self.at].start() if self.at < len(self.tokens) else len(self.text)
        rest = _shown(self.text[place:]) if place < len(self.text) else "its end"
        return UsageError(f"{what} at character {place + 1} of the search: {rest}")

    def kind(self) -> str | None:
        """Return what comes next: an operator, open, close, minus, field, word, or None."""
        if self.at >= len(self.tokens):
            return None
        token = self.tokens[self.at]
        if token.lastgroup == "operator":
            return token[0]
        return token.lastgroup if token.lastgroup in ("open", "close", "minus", "field") else "word"

    def group(self) -> tuple[list[Node], list[Node]]:
        """Return what is wanted and what is excluded, up to a closing bracket or the end."""
        alternatives: list[tuple[list[Node], list[Node]]] = [([], [])]
        starts = [self.at]
        while (kind := self.kind()) not in (None, "close"):
            if kind == "OR":
                self.at += 1
                starts.append(self.at)
                alternatives.append(([], []))
            else:
                self.member(*alternatives[-1])
        if len(alternatives) == 1:
            return alternatives[0]
        nodes: list[Node] = []
        for (parts, without), start in zip(alternatives, starts, strict=True):
            if not parts:
                self.at = start
                raise self.wrong("OR wants words to find on both sides")
            nodes.append(_all(parts, without))
        return [Any(parts=tuple(nodes))], []

    def member(self, parts: list[Node], without: list[Node]) -> None:
        """Read the next word, bracket or field with what stands before it, into *parts*."""
        start = self.at
        if self.kind() == "AND":
            if not parts and not without:
                raise self.wrong("AND wants words on both sides")
            self.at += 1
            if self.kind() in (None, "AND", "OR", "close"):
                raise self.wrong("AND wants words on both sides")
        is_excluded, before = False, self.at
        while self.kind() in ("NOT", "minus"):
            is_excluded = not is_excluded
            self.at += 1
        if self.at > before and self.kind() in (None, "AND", "OR", "close"):
            self.at = start
            raise self.wrong("NOT wants a word after it")
        (without if is_excluded else parts).extend(self.primary(is_excluded=is_excluded))

    def primary(self, *, is_excluded: bool) -> list[Node]:
        """Return the next word, bracket or field; [] when nothing of it can be searched for."""
        kind = self.kind()
        if kind == "open":
            return self.bracket()
        column, name, place = None, "", self.tokens[self.at].start()
        if kind == "field":
            name = self.tokens[self.at][0][:-1].lower()
            self.at += 1
            if self.kind() != "word" or self.tokens[self.at].start() != place + len(name) + 1:
                raise self.wrong(f"{name}: wants a value", place)
            if name in SPANS:
                return self.span(name, place, is_excluded=is_excluded)
            column = FIELDS[name]
        value = self.value()
        if column == "site" and value.strip():
            return [Words(text=value, column=column)]
        folded = search_fold(value).replace('"', " ")
        begins = value.endswith("*") and not HAN_RUN.search(folded[-2:])
        if not any(map(str.isalnum, folded)):
            if column:
                raise self.wrong(f"{name}: wants a value", place)
            return []
        self.words += 1
        if self.words > MAX_WORDS:
            raise UsageError(f"a search takes at most {MAX_WORDS} words")
        return [Words(text=folded, column=column, begins=begins)]

    def bracket(self) -> list[Node]:
        place = self.tokens[self.at].start()
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.wrong("too many brackets within brackets")
        self.at += 1
        parts, without = self.group()
        if self.kind() != "close":
            raise self.wrong("a bracket that nothing closes", place)
        self.at += 1
        self.depth -= 1
        if without and not parts:
            raise self.wrong("only excluded words in the bracket", place)
        return [_all(parts, without)] if parts else []

    def span(self, name: str, place: int, *, is_excluded: bool) -> list[Node]:
        if is_excluded or self.depth or any(token[0] == "OR" for token in self.tokens):
            raise self.wrong(
                f"{name}: is for the whole search, not for NOT, OR or a bracket", place
            )
        self.spans[name].append(self.value())
        return []

    def value(self) -> str:
        token = self.tokens[self.at]
        if token.lastgroup == "unclosed":
            raise self.wrong("a quotation mark that nothing closes")
        self.at += 1
        for name in ("phrase", "cited"):
            if token[name] is not None:
                return token[name]
        return token[0]


def _all(parts: list[Node], without: list[Node]) -> Node:
    if len(parts) == 1 and not without:
        return parts[0]
    return All(parts=tuple(parts), without=tuple(without))


def _shown(text: str) -> str:
    return repr(printable(text if len(text) <= 40 else f"{text[:40]}…"))
