"""Chinese news that nobody wrote: as many articles as asked for, always the same, truth known.

Article n is a function of n alone, so nothing is kept in memory and a reprint finds its original.
Words follow Zipf's law; bodies have 800 to 1,200 characters, credits, figures, a list of ten
related items. Of a hundred articles about twelve are reprints (exact, edited, or an excerpt of
half) and six fill one of the forms in which offices and markets report.
"""

import random
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from itertools import accumulate
from typing import Literal

from newsspider.items import Article, Credit, Image, RelatedItem

CHINA = timezone(timedelta(hours=8))
EPOCH = datetime(2015, 1, 1, tzinfo=CHINA)
FETCHED = datetime(2026, 1, 1, tzinfo=CHINA)
WORDS = 60_000
CHARACTERS = 4_000
SITES = tuple(f"portal{number}.example" for number in range(40))
OUTLETS = tuple(f"第{number}时报" for number in range(40))
FORMS = 200
RELATED = 10
NEAREST, FARTHEST = 50, 4000
"""How many articles before a reprint its original is."""

Kind = Literal["own", "exact", "edited", "excerpt", "form"]


def _vocabulary() -> tuple[list[str], list[float]]:
    dice = random.Random("vocabulary")
    letters = [chr(code) for code in dice.sample(range(0x4E00, 0x9FA5), CHARACTERS)]
    commonness = [1 / (rank + 10) for rank in range(CHARACTERS)]
    words: dict[str, None] = {}
    while len(words) < WORDS:
        size = dice.choices((1, 2, 3, 4), (4, 70, 16, 10))[0]
        words["".join(dice.choices(letters, commonness, k=size))] = None
    return list(words), list(accumulate(1 / (rank + 3) for rank in range(WORDS)))


VOCABULARY, WEIGHTS = _vocabulary()


@dataclass(frozen=True, slots=True)
class Truth:
    """What article n is."""

    kind: Kind
    origin: int
    """Number of the article that it is a copy of; its own for all others."""


def truth(number: int) -> Truth:
    """Return what article *number* is; an original is never a copy itself."""
    dice = random.Random(number * 2 + 1)
    draw = dice.random()
    if draw < 0.06:
        return Truth("form", number)
    if draw < 0.18 and number > FARTHEST:
        origin = number - dice.randint(NEAREST, FARTHEST)
        while truth(origin).kind != "own":
            origin -= 1
            if origin < 0:
                return Truth("own", number)
        kinds: tuple[Kind, ...] = ("exact", "edited", "excerpt")
        return Truth(dice.choices(kinds, (2, 7, 3))[0], origin)
    return Truth("own", number)


class Writer:
    """Writes with one die: words, clauses, sentences."""

    def __init__(self, seed: object) -> None:
        self.dice = random.Random(str(seed))

    def words(self, count: int) -> str:
        """Return *count* words, common ones more often."""
        return "".join(self.dice.choices(VOCABULARY, cum_weights=WEIGHTS, k=count))

    def figure(self) -> str:
        """Return a figure as news have them."""
        number = self.dice.randint(2, 9999)
        return f"{number}{self.dice.choice(('亿元', '人', '%', '公里', '年', '万吨', '个'))}"

    def clause(self) -> str:
        """Return four to eight words, sometimes with a figure."""
        text = self.words(self.dice.randint(4, 8))
        return text + self.figure() if self.dice.random() < 0.12 else text

    def sentence(self) -> str:
        """Return one to three clauses."""
        return "，".join(self.clause() for _ in range(self.dice.randint(1, 3))) + "。"

    def paragraphs(self, least: int) -> list[list[str]]:
        """Return paragraphs of sentences, *least* characters or a little more together."""
        found: list[list[str]] = []
        size = 0
        while size < least:
            found.append([self.sentence() for _ in range(self.dice.randint(2, 4))])
            size += sum(map(len, found[-1]))
        return found


def url_of(number: int) -> str:
    """Return the address of article *number*."""
    day = EPOCH + timedelta(days=number % 4000)
    return f"http://news.{site_of(number)}/{day:%Y%m/%d}/c{1_000_000 + number}.html"


def site_of(number: int) -> str:
    """Return the site that published article *number*; a copy is never where its original is."""
    found = truth(number)
    home = random.Random(f"site {found.origin}").randrange(len(SITES))
    if found.origin != number:
        home += 1 + random.Random(f"site {number}").randrange(len(SITES) - 1)
    return SITES[home % len(SITES)]


@lru_cache(maxsize=20_000)
def title_of(number: int) -> str:
    """Return the headline of article *number*."""
    return Writer(f"title {number}").words(9)[:24]


def published(number: int) -> datetime:
    """Return when article *number* came out: in order, one in ten anywhere; copies hours later."""
    found = truth(number)
    if found.origin != number:
        return published(found.origin) + timedelta(minutes=random.Random(number).randint(5, 2000))
    if number % 10 == 7:
        return EPOCH + timedelta(minutes=random.Random(number).randrange(5_000_000))
    return EPOCH + timedelta(minutes=5 * number)


def paragraphs_of(number: int) -> list[list[str]]:
    """Return the text of article *number* as paragraphs of sentences."""
    found = truth(number)
    if found.kind == "form":
        return _form(number)
    if found.kind == "own":
        writer = Writer(f"text {number}")
        return writer.paragraphs(writer.dice.randint(800, 1150))
    original = paragraphs_of(found.origin)
    if found.kind == "edited":
        return _edited(original, Writer(f"edit {number}"))
    if found.kind == "excerpt":
        return original[: (len(original) + 1) // 2]
    return original


def _edited(paragraphs: list[list[str]], writer: Writer) -> list[list[str]]:
    """Return *paragraphs* with 0 to 20 % of the sentences edited, a new opening and byline."""
    places = [(p, s) for p, sentences in enumerate(paragraphs) for s in range(len(sentences))]
    count = int(len(places) * writer.dice.uniform(0, 0.2))
    found = [list(sentences) for sentences in paragraphs]
    for p, s in writer.dice.sample(places, count):
        old = found[p][s]
        middle = len(old) // 2
        found[p][s] = writer.dice.choice(
            (writer.sentence(), "", old[:middle] + writer.words(2) + old[middle:])
        )
    found[0].insert(0, f"{writer.words(2)}讯，")
    return [*found, [f"（本报记者{writer.words(2)}）"]]


def _form(number: int) -> list[list[str]]:
    """Return one filling of a form: a third of the sentences stand, the others have new figures."""
    dice = random.Random(f"fill {number}")
    form = Writer(f"form {dice.randrange(FORMS)}")
    place = Writer(f"place {number}").words(2)
    lines = [form.sentence() for _ in range(6)]
    for _ in range(12):
        lines.append(
            f"{form.clause()}{place}{form.clause()}{dice.randint(10, 99999)}{form.clause()}。"
        )
    form.dice.shuffle(lines)
    return [lines[at : at + 3] for at in range(0, len(lines), 3)]


@lru_cache(maxsize=5_000)
def _item(number: int, place: int) -> RelatedItem:
    writer = Writer(f"item {number}")
    title = title_of(number)
    return RelatedItem(
        list_heading="大家都爱看",
        kind="related",
        position=place,
        title=title[:14] + "..." if number % 4 == 0 and len(title) > 16 else title,
        url=url_of(number),
        summary=writer.words(22)[:60],
        date_published=published(number),
        date_published_precision="second",
    )


def article(number: int) -> Article:
    """Return article *number*."""
    found = truth(number)
    dice = random.Random(f"rest {number}")
    lines = ["".join(sentences) for sentences in paragraphs_of(number)]
    name = Writer(f"name {number % 5000}").words(2)[:3]
    source = OUTLETS[SITES.index(site_of(found.origin))]
    start = max(0, number - dice.randint(0, 3000)) // 5 * 5
    return Article(
        url=url_of(number),
        canonical_url=url_of(number),
        requested_url=url_of(number),
        site=site_of(number),
        title=title_of(found.origin if dice.random() < 0.7 else number),
        body="\n".join(lines),
        body_html="".join(f"<p>{line}</p>" for line in lines),
        date_published=published(number),
        date_published_raw=f"{published(number):%Y-%m-%d %H:%M:%S}",
        date_published_precision="second",
        source=source,
        authors=(name,),
        editors=("王编",),
        credits=(
            Credit(role="source", name=source, raw=f"来源：{source}"),
            Credit(role="author", name=name, raw=f"记者 {name}"),
            Credit(role="editor", name="王编", raw="责任编辑：王编"),
        ),
        section="要闻",
        language="zh-Hans",
        images=(Image(url=f"http://img.{site_of(number)}/{number}.jpg", caption="现场"),),
        related=tuple(_item(start + place, place) for place in range(1, RELATED + 1)),
        confidence=0.98,
        provenance={"title": "h1", "body": "heuristic:density", "source": "label:来源"},
        fetched_at=FETCHED + timedelta(seconds=number),
        http_status=200,
        extractor_version="1",
    )


FIGURE = re.compile(r"\d+")
EDITS = ("title", "wording", "number", "paragraph removed", "paragraph added", "punctuation only")


def edited(number: int) -> tuple[Article, str]:
    """Return article *number* as it reads a year later with one edit, and the class of that."""
    old = article(number)
    kind = EDITS[number % len(EDITS)]
    later = replace(old, fetched_at=FETCHED + timedelta(days=365, seconds=number))
    lines = old.body.split("\n")
    writer = Writer(f"later {number}")
    if kind == "title":
        return replace(later, title=f"{old.title}{writer.words(2)}"), kind
    if kind == "paragraph removed":
        del lines[len(lines) // 2]
    elif kind == "paragraph added":
        lines.insert(1, writer.sentence())
    elif kind == "punctuation only":
        lines[0] = lines[0].replace("。", "！")
    elif kind == "number" and (figure := FIGURE.search(old.body)):
        changed = f"{old.body[: figure.start()]}{int(figure[0]) + 1}{old.body[figure.end() :]}"
        return replace(later, body=changed), kind
    else:
        kind = "wording"
        lines[0] = lines[0][:10] + "某某" + lines[0][10:]
    return replace(later, body="\n".join(lines)), kind
