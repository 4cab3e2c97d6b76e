"""The second opinion on the blocks of a body: sound tables, and what it mends on small pages."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider import extract
from newsspider.extract import trees
from newsspider.extract.passages import NAMES, candidates, features, score
from newsspider.extract.survey import Page, Stage, survey

ONE = (
    "The ferry left an hour late because the lock keeper could not be found, and nobody on the "
    "quay was surprised."
)
TWO = (
    "Since the spring the crossing has been run by three brothers, who share one boat and one "
    "licence between them."
)
THREE = (
    "In winter, when the ice closes the upper channel, they carry post and bread on foot, as their "
    "father did before them."
)
TEXT = [f"{text} {n}." for n in ("First", "Second", "Third") for text in (ONE, TWO, THREE)]
PARAGRAPHS = "".join(f"<p>{text}</p>" for text in TEXT)


def page(inner: str) -> bytes:
    title = "Three brothers and one boat"
    head = f"<head><title>{title}</title></head>"
    return f"<html>{head}<body><h1>{title}</h1>{inner}</body></html>".encode()


def body(inner: str) -> list[str]:
    return extract(page(inner), "https://www.example.org/news/three-brothers").body.split("\n")


class Asked(list[float]):
    """Numbers that remember which of them were asked for."""

    def __init__(self, numbers: list[float]) -> None:
        super().__init__(numbers)
        self.seen: set[int] = set()

    def __getitem__(self, at: int) -> float:  # type: ignore[override]
        self.seen.add(at)
        return super().__getitem__(at)


@given(st.lists(st.floats(-60, 5_000), min_size=len(NAMES), max_size=len(NAMES)))
def test_the_trees_ask_for_numbers_that_there_are(numbers: list[float]) -> None:
    asked = Asked(numbers)
    total = trees.others(asked, trees.first(asked))
    assert len(asked.seen) > 5
    assert max(asked.seen) < len(NAMES)
    assert math.isfinite(total)


@given(st.lists(st.floats(), min_size=len(NAMES), max_size=len(NAMES)))
def test_any_numbers_have_a_score(numbers: list[float]) -> None:
    assert math.isfinite(score(numbers))


@pytest.mark.parametrize(
    "inner",
    [
        pytest.param(PARAGRAPHS, id="paragraphs"),
        pytest.param(f"<div>{TEXT[0]}<br>{TEXT[1]}</div><table><tr><td>a<td>b</table>", id="lines"),
        pytest.param(f"<aside>{TEXT[0]}</aside>{PARAGRAPHS}<form>{TEXT[1]}</form>", id="claims"),
    ],
)
def test_every_candidate_has_as_many_numbers_as_names(inner: str) -> None:
    scene = survey(Page(html=page(inner)), Stage(), judge=False).scene
    wanted = candidates(scene, "threebrothersandoneboat")
    rows = list(features(scene, wanted))
    assert len(rows) == len(wanted) > 0
    assert {len(row) for row in rows if row is not None} <= {len(NAMES)}
    assert all(math.isfinite(number) for row in rows if row is not None for number in row)


@pytest.mark.parametrize(
    ("inner", "added"),
    [
        pytest.param(
            "<div class=article><div class=teaser-text><p>" + ONE + " Above.</p></div>"
            f"<div class=news-text>{PARAGRAPHS}</div></div>",
            f"{ONE} Above.",
            id="first-paragraph-in-a-box-named-for-teasers",
        ),
        pytest.param(
            f"<div class=article-body>{PARAGRAPHS}<ul><li><a href=/boats/1001>The boat itself</a>: "
            f"{TWO}</li><li><a href=/boats/1002>The licence of 1931</a>: {THREE}</li></ul>"
            f"<p>{ONE} Last.</p></div>",
            f"The boat itself: {TWO}",
            id="items-with-a-link-and-a-sentence",
        ),
    ],
)
def test_text_that_looks_like_something_else_is_added(inner: str, added: str) -> None:
    assert added in body(inner)


@pytest.mark.parametrize(
    "inner",
    [
        pytest.param(
            f"<div class=article-body>{PARAGRAPHS}</div><h3>Related stories</h3><ul>"
            f"<li><a href=/news/1001.html>The lock keeper is back</a><p>{ONE} Teaser.</p></li>"
            f"<li><a href=/news/1002.html>Ice on the channel</a><p>{TWO} Teaser.</p></li></ul>",
            id="related-list-with-teasers",
        ),
        pytest.param(
            f"<div class=article-body>{PARAGRAPHS}<p>Sign up for our newsletter, and read the best "
            "of the week on Friday morning.</p></div>",
            id="invitation",
        ),
        pytest.param(
            f"<div class=article-body><figure><img src=/1.jpg><figcaption>{ONE} Seen from the quay."
            f"</figcaption></figure>{PARAGRAPHS}</div>",
            id="caption",
        ),
        pytest.param(
            f"<div class=article-body>{PARAGRAPHS}</div><div id=comments>"
            + "".join(f"<p>{THREE} Comment {n}.</p>" for n in range(4))
            + "</div>",
            id="comments",
        ),
    ],
)
def test_what_is_named_otherwise_is_never_added(inner: str) -> None:
    assert body(inner) == TEXT
