"""Whether the store's search finds all and nothing else, and how fast it is."""

import random
import statistics
from itertools import pairwise
from pathlib import Path

import synthetic_news as news
from figures import percentile, tell, timed_ms

from newsspider.store import Archive
from newsspider.store.choice import Choice
from newsspider.store.question import ask
from newsspider.store.search import newest
from newsspider.variants import search_fold


def queries(count: int, wanted: int) -> list[str]:
    """Return *wanted* Han strings of 1 to 8 characters: half from texts, half put together."""
    dice = random.Random("queries")
    found: dict[str, None] = {}
    while len(found) < wanted:
        size = dice.randint(1, 8)
        body = news.article(dice.randrange(count)).body
        letters = [c for c in body if c > "\u3400" and c < "\ua000"]
        start = dice.randrange(len(body) - 8)
        text = body[start : start + size]
        if dice.random() < 0.5:
            text = "".join(dice.choices(letters, k=size))
        if all(c in letters for c in text):
            found[text] = None
    return list(found)


def search_recall(path: Path, count: int, wanted: int) -> None:
    """Compare hits with substring search over what is indexed of at most 100,000 articles."""
    asked = queries(count, wanted)
    folded_asked = {text: search_fold(text) for text in asked}
    by_start: dict[str, list[str]] = {}
    for text, plain in folded_asked.items():
        by_start.setdefault(plain[:2], []).append(text)
    step = max(1, count // 100_000)
    truth: dict[str, set[int]] = {text: set() for text in asked}
    with Archive(path, read_only=True) as archive:
        for row in archive._db.execute(
            "select id, ifnull(title, '') || char(10) || body || char(10) || ifnull(source, '')"
            " || char(10) || authors as text from articles where id % ? = 0",
            (step,),
        ):
            text = search_fold(row["text"])
            starts = set(text) | set(map("".join, pairwise(text)))
            for start in starts & by_start.keys():
                for question in by_start[start]:
                    if folded_asked[question] in text:
                        truth[question].add(row["id"])
        found = wrong = missed = 0
        for question in asked:
            # What `search` finds, without the snippets of up to a hundred million hits.
            chosen = Choice(query=question)
            ids = newest(archive._db, ask(question), chosen, count)
            hits = {article_id for article_id in ids if article_id % step == 0}
            found += len(hits & truth[question])
            wrong += len(hits - truth[question])
            missed += len(truth[question] - hits)
    tell("search recall", found / max(1, found + missed), f"of {len(asked)}", "1.0")
    tell("search precision", found / max(1, found + wrong), f"of {found} hits", "1.0")


def search_times(path: Path) -> None:
    """Time the newest and the best 20 of words by how common they are."""
    words = {
        "common": [news.VOCABULARY[i] for i in range(3, 60) if len(news.VOCABULARY[i]) > 1],
        # In two to fifty of a hundred articles.
        "middling": [news.VOCABULARY[i] for i in range(60, 3000, 40)],
        "rare": [news.VOCABULARY[i] for i in range(3000, 59_000, 800)],
    }
    with Archive(path, read_only=True) as archive:
        for order, kind, target in (
            ("newest", "common", "<= 50"),
            ("newest", "middling", "<= 50"),
            ("newest", "rare", "<= 50"),
            ("best", "rare", "<= 30"),
            ("best", "middling", "<= 300"),
            ("best", "common", "<= 300"),
        ):
            chosen = [word for word in words[kind] if len(word) > 1][:60]
            times = [
                timed_ms(lambda w=word, o=order: archive.search(w, limit=20, order=o))
                for word in chosen
            ]
            tell(f"search {order} 20, {kind} p50", statistics.median(times), "ms")
            tell(f"search {order} 20, {kind} p95", percentile(times, 0.95), "ms", target)
