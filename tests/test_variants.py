"""The form of text for searching, and the file of character variants."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsspider
from newsspider.variants import (
    every_variant,
    index_phrase,
    index_words,
    search_fold,
    spellings,
    variants,
)

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
FOLDED = {
    "simplified stays": ("头发", "头发"),
    "traditional": ("頭髮發佈", "头发发布"),
    "regional forms": ("裡裏 為爲 衛衞 線綫", "里里 为为 卫卫 线线"),
    "full width": ("ＡＢＣ１２３", "abc123"),
    "old forms of other character sets": ("\uf900\U0002f81a", "岂冬"),
    "letters": ("Straße ÉCOLE", "strasse école"),
}


@pytest.mark.parametrize("case", FOLDED)
def test_fold(case: str) -> None:
    text, wanted = FOLDED[case]
    assert search_fold(text) == wanted


@given(st.text() | st.text(HAN))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert search_fold(search_fold(text)) == search_fold(text)


def test_the_file() -> None:
    path = Path(newsspider.__file__).parent / "han_variants.txt"
    text = path.read_text("utf-8")
    assert path.stat().st_size < 60_000
    assert "OpenCC" in text
    assert "Apache License, Version 2.0" in text
    found = variants()
    assert len(found) > 4000
    assert not found.keys() & set(found.values())
    for one, other in found.items():
        assert len(one) == len(other) == 1
        assert unicodedata.normalize("NFKC", one + other) == one + other
    assert every_variant().items() > found.items()
    assert not every_variant().keys() & set(every_variant().values())


WORDS = {
    "runs": ("改革开放40年", "改革 革开 开放 放 40 年"),
    "a lone character": ("我 a", "我 a"),
    "punctuation stays": ("共建，家", "共建 建 ， 家"),
    "a mark that repeats": ("人々の", "人々 々 の"),
    "a year": ("二〇二三", "二〇 〇二 二三 三"),
    "a plane above": ("𠮷野家", "𠮷野 野家 家"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize("case", WORDS)
def test_words_of_the_index(case: str) -> None:
    text, wanted = WORDS[case]
    assert index_words(text) == wanted


@given(st.text(st.sampled_from("中文字，a1 \u3000"), min_size=8, max_size=60), st.integers(1, 9))
def test_a_long_text_has_the_words_of_its_pieces(text: str, size: int) -> None:
    whole = index_words(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("newsspider.variants.LONG", size)
        assert index_words(text) == whole


@given(st.text(HAN | st.sampled_from("，a1 "), max_size=30), st.data())
def test_a_phrase_stands_where_its_text_stands(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    piece = text[start : data.draw(st.integers(start, len(text)))]
    if piece and piece[0].isalnum() and not (piece[0].isascii() or piece[-1].isascii()):
        phrase, is_beginning = index_phrase(piece)
        stands = f" {phrase}" if is_beginning else f" {phrase} "
        assert stands in f" {index_words(text)} "


@given(st.characters())
def test_a_character_is_a_spelling_of_what_it_is_folded_to(character: str) -> None:
    folded = search_fold(character)
    if len(folded) == 1:
        assert folded in spellings(folded)
    if character in every_variant():
        assert character in spellings(folded)
