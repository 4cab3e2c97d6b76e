"""The pass over a page: what the parser's events become, with a tree and without."""

import dataclasses
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider.extract import page
from newsspider.extract.blocks import Outline
from newsspider.extract.phrases import Phrases
from newsspider.extract.walk import DEEP, TooDeep, Walk, replay

PAGES = {
    "empty": b"",
    "white-space": b" \n ",
    "comment-alone": b"<!-- nothing -->",
    "text-alone": "共建 &amp; 共享".encode(),
    "joined-around-comment": b"<p>a&amp;b<!-- c -->d<?x y?>e</p>",
    "breaks": b"<div>one<br>two<br><br>three</div>four",
    "empty-boxes": b"<div>a<div></div>b<p> </p>c<section><div><p></p></div></section></div>",
    "link-in-text": b"<p>see <a href=/x title='T &lt;'>the <b>page</b></a> now</p>",
    "card": b"<ul><li>first <a href=/x>lead<img src=p.jpg><h3>Title</h3><p>Teaser</p></a></li>",
    "card-in-span": b"<div><a href=/x><span>big<div>inner</div></span><h3>Title</h3></a>tail</div>",
    "link-without-address": b"<a name=top><div>x</div></a><a href=/y>y</a>",
    "nested-links": b"<a href=/a>a<a href=/b>b</a></a>",
    "head": b"<html lang=zh><head><title>T</title><meta name=a content=b><base href=/b/>"
    b"<script type='application/ld+json'>{\"a\": \"</p>\"}</script></head><body><p>x</body></html>",
    "skipped": b"<div>a<svg><title>t</title><text>no</text></svg>b<noscript><p>c</noscript></div>",
    "marks": b"<div><time datetime=2024-01-02>Updated <b>today</b></time> and "
    b"<meta itemprop=datePublished content=2024-01-01><p itemprop=dateCreated content=x></p></div>",
    "table": b"<table><tr><th>a<td>b<tr><td><h2>c</h2></table>",
    "names": b"<div class='nav x' id=k><span class=s>a<i>b</i></span><p hidden role=main>c</div>",
}  # fmt: skip


def plain(outline: Outline) -> dict[str, Any]:
    """Return an outline as plain data, less the places of elements, which only a tree needs."""
    found = dataclasses.asdict(outline)
    for one in [*found["nodes"], *found["pictures"]]:
        del one["order"]
    return found


@pytest.mark.parametrize("data", PAGES.values(), ids=PAGES)
def test_events_and_tree_give_one_outline(data: bytes) -> None:
    assert plain(page.outline_of(data)) == plain(replay(page.parse(data), Walk()))


TAGS = "p div a b span li ul h2 br img time td table tr script svg title".split()
PIECES = st.one_of(
    st.sampled_from([f"<{tag} {more}>" for tag in TAGS for more in ("", "class=c href=/x src=i")]),
    st.sampled_from([f"</{tag}>" for tag in TAGS]),
    st.sampled_from(["word", " ", "共建", "&lt;", "&nbsp;"]),
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_markup_has_one_outline(html: str) -> None:
    data = html.encode()
    outline = page.outline_of(data)
    assert plain(outline) == plain(replay(page.parse(data), Walk()))
    for at, node in enumerate(outline.nodes):
        assert node.parent < at < node.end_node <= len(outline.nodes)
        assert node.first <= node.end <= len(outline.blocks)
    for link in outline.links:
        assert link.own_node < 0 or outline.nodes[link.own_node].tag == "a"


def test_text_behind_the_end_of_the_page_is_kept() -> None:
    outline = page.outline_of(b"<p>in</p></body></html >\n<div>behind</div>after")
    assert [block.text for block in outline.blocks] == ["in", "behind", "after"]
    assert [node.tag for node in outline.nodes].count("html") == 1
    assert outline.nodes[0].end == 3


def test_a_card_is_a_node_that_begins_with_its_link() -> None:
    outline = page.outline_of(PAGES["card"])
    link = outline.links[0]
    card = outline.nodes[link.own_node]
    assert [block.text for block in outline.blocks] == ["first", "lead", "Title", "Teaser"]
    assert (card.tag, card.first, card.end) == ("a", 1, 4)
    assert (link.block, link.end_block, link.node) == (1, 4, link.own_node)
    assert (outline.pictures[0].node, outline.pictures[0].block) == (link.own_node, 1)


def test_a_page_too_deep_ends_at_once_and_leaves_nothing_behind() -> None:
    with pytest.raises(TooDeep):
        page.outline_of(b"<i>" * (2 * DEEP) + b"deep" + b"</b>" * (2 * DEEP))
    assert [block.text for block in page.outline_of(b"<p>next").blocks] == ["next"]


def test_every_thread_reads_its_own_page() -> None:
    found: dict[int, list[str]] = {}

    def read(number: int) -> None:
        data = b"".join(b"<p>%d-%d</p>" % (number, line) for line in range(300))
        found[number] = [block.text for block in page.outline_of(data).blocks]

    threads = [threading.Thread(target=read, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: [f"{n}-{line}" for line in range(300)] for n in range(4)}


PHRASES = {
    "needed-words": Phrases(r"\bsaid\b|据悉", needs="said|据悉"),
    "no-needs": Phrases(r"\bsaid\b|据悉"),
}


@pytest.mark.parametrize("phrases", PHRASES.values(), ids=PHRASES)
def test_texts_that_hold_a_phrase_are_counted(phrases: Phrases) -> None:
    texts = ["He Said so, she said so", "unsaid", "据悉", "nothing"]
    assert phrases.held_by(texts) == sum(bool(phrases.search(text)) for text in texts) == 2
    assert phrases.held_by(["nothing", ""]) == phrases.held_by([]) == 0
