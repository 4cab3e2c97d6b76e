"""Whether two texts are one: reprints and excerpts are, fillings of one form are not."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsspider.dedupe import (
    SHORTEST_COPY,
    Fingerprint,
    fingerprint,
    likeness,
    reprint_edits,
)
from newsspider.variants import search_fold

LETTERS = [chr(code) for code in range(0x4E00, 0x5200)]


def print_of(text: str) -> Fingerprint:
    return fingerprint(search_fold(text))


def sentences(seed: int, count: int) -> list[str]:
    """Sentences that no other seed has."""
    dice = random.Random(seed)

    def clause() -> str:
        return "".join(dice.choices(LETTERS, k=dice.randint(8, 16)))

    return [f"{clause()}，{clause()}。" for _ in range(count)]


STORY = sentences(1, 24)
OTHER = sentences(2, 24)
FIGURES = [
    f"{STORY[n][:9]}{100 + 7 * n}人，{STORY[n][9:16]}{3 * n + 11}亿元，{STORY[n][16:]}"
    for n in range(12)
]


def joined(parts: list[str]) -> str:
    return "\n".join("".join(parts[at : at + 3]) for at in range(0, len(parts), 3))


def edited(parts: list[str], share: float) -> list[str]:
    """Every so many sentences replaced."""
    step = round(1 / share)
    return [OTHER[n] if n % step == 0 else part for n, part in enumerate(parts)]


def form(number: int, fixed: int = 8) -> str:
    """A report: some sentences always stand in it, in the others the figures change."""
    dice = random.Random(number)
    lines = STORY[:fixed]
    lines += [
        f"{STORY[n][:10]}上涨{dice.randint(10, 9999)}点，报{dice.randint(10, 9999)}元。"
        for n in range(10, 22)
    ]
    return joined(lines)


WEIBO = "　　 （本报记者 张三）\n"
ALIKE: dict[str, tuple[str, str]] = {
    "same": (joined(STORY), joined(STORY)),
    "white space": (joined(STORY), "　　" + joined(STORY).replace("\n", "\n\n　　")),
    "punctuation": (joined(STORY), joined(STORY).replace("，", ",").replace("。", "！")),
    "width and case": (joined(STORY) + "ABC", joined(STORY) + "ａｂｃ"),
    "traditional": (joined(["头发" + part for part in STORY]), joined(["頭髮" + p for p in STORY])),
    "new opening and byline": (joined(STORY), f"华商网讯 {OTHER[0]}\n{joined(STORY)}{WEIBO}"),
    "a tenth edited": (joined(STORY), joined(edited(STORY, 0.1))),
    "a fifth edited": (joined(STORY), joined(edited(STORY, 0.2))),
    "a third edited": (joined(STORY), joined(edited(STORY, 0.34))),
    "first half": (joined(STORY), joined(STORY[:12])),
    "last half": (joined(STORY), joined(STORY[12:])),
    "edited half": (joined(STORY), joined(edited(STORY[:12], 0.2))),
    "paragraphs added": (joined(STORY), joined(STORY + OTHER[:12])),
    "order": (joined(STORY), joined(STORY[::-1])),
    "every sentence touched": (
        joined(FIGURES),
        joined([f"{part[:3]}了{part[3:]}" for part in FIGURES]),
    ),
    "one figure corrected": (form(1), form(1).replace("上涨", "下跌", 1)),
}
APART: dict[str, tuple[str, str]] = {
    "others": (joined(STORY), joined(OTHER)),
    "a quarter shared": (joined(STORY), joined(STORY[:6] + OTHER[:18])),
    "form": (form(1), form(2)),
    "form, half of it fixed": (form(1, 14), form(2, 14)),
    "form, more of it fixed": (form(1, 18), form(2, 18)),
    "round-up of five": (
        joined(STORY[:6]),
        joined([s for seed in range(5, 9) for s in sentences(seed, 6)] + STORY[:6]),
    ),
    "too short": ("".join(STORY[:2]), "".join(STORY[:2]) + "。"),
    "no words": ("。" * 500, "。" * 500),
    "empty": ("", ""),
}


@pytest.mark.parametrize("case", ALIKE)
def test_one_text(case: str) -> None:
    one, other = map(print_of, ALIKE[case])
    there, back = likeness(one, other), likeness(other, one)
    assert there is not None
    assert there == back
    assert 0.5 <= there.share <= 1


@pytest.mark.parametrize("case", APART)
def test_two_texts(case: str) -> None:
    one, other = map(print_of, APART[case])
    assert likeness(one, other) is None
    assert likeness(other, one) is None


KINDS = {
    "white space": "exact",
    "punctuation": "exact",
    "traditional": "exact",
    "a fifth edited": "near",
    "first half": "near",
    "every sentence touched": "touched",
}


@pytest.mark.parametrize("case", KINDS)
def test_kind_of_likeness(case: str) -> None:
    found = likeness(*map(print_of, ALIKE[case]))
    assert found is not None
    assert found.kind == KINDS[case]


def test_what_many_articles_share_counts_for_nothing() -> None:
    notice = "".join(f"{part}" for part in OTHER[:14])
    one, other = (print_of(joined(sentences(seed, 8)) + "\n" + notice) for seed in (3, 4))
    assert likeness(one, other) is not None
    common = frozenset(c for s in print_of(notice).sentences.values() for c in s.clauses)
    assert likeness(one, other, common=common) is None
    copy = print_of(joined(sentences(3, 8)))
    assert likeness(one, copy, common=common) is not None


def test_changed_figures_are_a_correction_while_the_news_is_fresh() -> None:
    old = joined(STORY + [f"{part[:12]}{n + 10}人{part[12:]}" for n, part in enumerate(OTHER[:4])])
    new = joined(STORY + [f"{part[:12]}{n + 50}人{part[12:]}" for n, part in enumerate(OTHER[:4])])
    one, other = print_of(old), print_of(new)
    assert likeness(one, other, days_apart=0.5) is not None
    assert likeness(one, other, days_apart=30.0) is None


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.text(max_size=400), st.integers(1, 9))
def test_any_text_has_a_fingerprint_and_a_verdict(one: str, other: str, times: int) -> None:
    first, second = print_of(one * times), print_of(other)
    assert likeness(first, second) == likeness(second, first)
    assert list(first.passages) == sorted(first.passages)
    assert (first.exact is None) == (len(first.plain) < SHORTEST_COPY)
    assert first.size_bytes == sum(s.size_bytes for s in first.sentences.values())


@pytest.mark.parametrize(
    ("between", "count"),
    [
        pytest.param("，", 2, id="comma"),
        pytest.param("，，", 2, id="commas"),
        pytest.param("：“", 2, id="several marks"),
        pytest.param("5，000", 1, id="figure"),
        pytest.param("：，8", 2, id="figure behind a mark"),
        pytest.param("，，8", 2, id="figure behind commas"),
        pytest.param("", 1, id="none"),
    ],
)
def test_a_sentence_ends_its_clauses_at_marks_and_not_within_a_figure(
    between: str, count: int
) -> None:
    first, second = search_fold(STORY[0][:7]), search_fold(STORY[1][:7])
    text = print_of(f"{first}{between}{second}。{joined(STORY[2:9])}")
    own = next(iter(text.sentences.values()))
    assert len(own.clauses) == count
    assert (own.clauses[0][:7], own.clauses[-1][-7:]) == (first, second)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(12, 40), st.sampled_from(["edit", "half", "shuffle"]))
def test_a_reprint_of_any_text_is_found(seed: int, count: int, what: str) -> None:
    parts = sentences(seed, count)
    copies: dict[str, Callable[[], list[str]]] = {
        "edit": lambda: [OTHER[n % 24] if n % 5 == 4 else p for n, p in enumerate(parts)],
        "half": lambda: parts[: (count + 1) // 2],
        "shuffle": lambda: random.Random(seed).sample(parts, count),
    }
    original, copy = print_of(joined(parts)), print_of(joined(copies[what]()))
    assert likeness(original, copy) is not None
    assert set(original.passages) & set(copy.passages)


REPRINTS: dict[str, tuple[list[str], list[str], dict[str, int]]] = {
    "nothing": (STORY, STORY, {}),
    "sentence changed": (
        STORY,
        [STORY[0][:9] + "又" + STORY[0][9:], *STORY[1:]],
        {"sentences_changed": 1},
    ),
    "sentence dropped": (STORY, STORY[:4] + STORY[5:], {"sentences_dropped": 1}),
    "sentence added": (STORY, [*STORY[:4], OTHER[0], *STORY[4:]], {"sentences_added": 1}),
    "sentence replaced": (
        STORY,
        [OTHER[0], *STORY[1:]],
        {"sentences_dropped": 1, "sentences_added": 1},
    ),
}


@pytest.mark.parametrize("case", REPRINTS)
def test_what_a_reprint_changed(case: str) -> None:
    original, copy, wanted = REPRINTS[case]
    found = reprint_edits("".join(original), "".join(copy))
    counted = {
        name: getattr(found, name)
        for name in ("sentences_changed", "sentences_dropped", "sentences_added")
    }
    assert {name: count for name, count in counted.items() if count} == wanted
    assert found.sentences_kept == len(set(original) & set(copy))
    assert not found.title_changed


def test_paragraphs_of_a_reprint() -> None:
    paragraphs = joined(STORY[:12]).split("\n")
    without = "\n".join([paragraphs[0], *paragraphs[2:]])
    found = reprint_edits("\n".join(paragraphs), f"{without}\n{OTHER[0]}")
    assert (found.paragraphs_dropped, found.paragraphs_added) == (1, 1)
    assert reprint_edits("", "", original_title="甲", copy_title="乙").title_changed
    assert not reprint_edits("", "", original_title="甲！", copy_title="甲").title_changed
