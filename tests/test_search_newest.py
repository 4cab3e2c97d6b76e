"""Search among the newest: exact in any order of arrival, and what of too many hits is ranked."""

import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sample_articles import SEEN, article

from newsspider.store import Archive, search
from newsspider.store.records import Batch


def filled(folder: Path, texts: Sequence[str], days: Sequence[int]) -> Archive:
    """Return an archive of these texts, published so many days behind SEEN."""
    archive = Archive(folder / "a.db", create=True)
    archive.write(
        Batch(
            articles=tuple(
                article(n, body=text, date_published=SEEN + timedelta(days=day))
                for n, (text, day) in enumerate(zip(texts, days, strict=True))
            )
        )
    )
    return archive


def test_too_many_hits_are_ranked_among_the_newest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(7)
    days = dice.sample(range(2000), 600)
    texts = ["共建" * dice.randrange(1, 4) + "，其他。" * dice.randrange(9) for _ in days]
    with filled(tmp_path, texts, days) as archive:
        order = sorted(range(600), key=lambda n: -days[n])
        for text in ("共建", "共", "共建 -没有", "其他 OR 共建"):
            found = archive.search(text, order="newest", limit=50)
            assert [row["id"] - 1 for row in found] == order[:50], text
        whole = [row["id"] for row in archive.search("共建")]
        assert archive.search("共建")[0]["ranked_within"] is None
        monkeypatch.setattr(search, "RANKED_AT_MOST", 100)
        monkeypatch.setattr(search, "RANKED_NEWEST", 80)
        found = archive.search("共建", limit=20)
        assert {row["ranked_within"] for row in found} == {80}
        assert {row["id"] - 1 for row in found} <= set(order[:80])
        best = [n for n in order[:80] if texts[n].startswith("共建" * 3)]
        assert texts[found[0]["id"] - 1].count("共建") == 3
        assert len(best) > 1
        assert archive.search("共")[0]["ranked_within"] == 300
        # The same ranking as the index has, where both see everything.
        monkeypatch.setattr(search, "RANKED_NEWEST", 1000)
        again = [row["id"] for row in archive.search("共建")]
        assert len(set(again[:10]) & set(whole)) >= 8
        assert [row["id"] for row in archive.search("共建 since:2024-06", order="newest")] == [
            n + 1 for n in order if days[n] >= 152
        ][:20]


WORDS = ("共建", "港口", "晨报", "晚报")
QUESTIONS: dict[str, Callable[[str], bool]] = {
    "共建": lambda t: "共建" in t,
    "港口": lambda t: "港口" in t,
    "晨报": lambda t: "晨报" in t,
    "晚报": lambda t: "晚报" in t,
    "晨报 晚报": lambda t: False,
    "港口 -共建": lambda t: "港口" in t and "共建" not in t,
    "港 -共建": lambda t: "港口" in t and "共建" not in t,
    "(报 OR 港) 共建": lambda t: ("报" in t or "港" in t) and "共建" in t,
}


@pytest.mark.parametrize(
    "join_s", [1e-12, search.JOIN_S, 1], ids=["all read", "as is", "all walked"]
)
def test_the_newest_are_exact_after_a_backfill_in_any_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, join_s: float
) -> None:
    monkeypatch.setattr(search, "JOIN_S", join_s)
    monkeypatch.setattr(search, "PROBE", 5)
    monkeypatch.setattr(search, "LEAST_LOOKS", 3)
    dice = random.Random(11)
    days = list(range(150)) + dice.sample(range(150, 900), 250)
    # 晨报 is common among the old alone, 晚报 among the new alone.
    texts = [
        "，".join(
            w
            for w, share in zip(WORDS, (0.9, 0.1, day < 200, day > 600), strict=True)
            if dice.random() < share
        )
        or "无"
        for day in days
    ]
    with filled(tmp_path, texts, days) as archive:
        order = sorted(range(len(days)), key=lambda n: -days[n])
        for asked, holds in QUESTIONS.items():
            right = [n + 1 for n in order if holds(texts[n])]
            for limit in (1, 20, 1000):
                rows = archive.search(asked, order="newest", limit=limit)
                assert [row["id"] for row in rows] == right[:limit], asked
            span = [n + 1 for n in order if holds(texts[n]) and 100 <= days[n] <= 365]
            rows = archive.search(
                asked, order="newest", since="2024-04-10", until="2024-12-31", limit=1000
            )
            assert [row["id"] for row in rows] == span, asked
