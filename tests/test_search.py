"""Search: what is found, in which order, what a person may type."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_articles import SEEN, article

from newsspider.errors import UsageError
from newsspider.store import Archive, fulltext
from newsspider.store.records import Batch
from newsspider.text import fold

TEXTS = {
    "共建": ("共建美好家园", "板桥乡昨日召开会议。"),
    "A股": ("收盘", "今日A股市场上涨，ＩＴ之家报道。"),
    "港股": ("恒生指数", "HKA2股份，股民3人，共 建。"),
    "开放": ("历史", "改革开放以来，改革，革开，开放。"),
    "英文": ("Straße in Köln", "The House passed a bill; O'Neill said “no”. x=1 AND y"),
    "罕字": ("𠮷野家与𫠠氏", "㐂、〇七年、𰻝𰻝面，家家𫠠家家"),
    "来源": ("无", "无"),
}
NAMES = list(TEXTS)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    path = tmp_path_factory.mktemp("search") / "archive.db"
    with Archive(path, create=True) as opened:
        articles = tuple(
            article(n, title=title, body=body) for n, (title, body) in enumerate(TEXTS.values())
        )
        last = article(99, title=None, body="", source="勘探开发研究院", authors=("于新",))
        opened.write(Batch(articles=(*articles[:-1], last)))
        yield opened


CASES = {
    "two characters": ("共建", ["共建"]),
    "a longer word": ("美好家园", ["共建"]),
    "pairs alone are no word": ("改革开放", ["开放"]),
    "pairs in a row are no word": ("改革革开", []),
    "words in any order": ("家园 板桥", ["共建"]),
    "ideographic space": ("家园　板桥", ["共建"]),
    "every word must occur": ("共建 收盘", []),
    "letter and character": ("A股", ["A股"]),
    "case": ("a股市场", ["A股"]),
    "full width is half width": ("it之家", ["A股"]),
    "half width is full width": ("ＩＴ之家", ["A股"]),
    "one character": ("股", ["A股", "港股"]),
    "two lone characters": ("股 民", ["港股"]),
    "digit and character": ("3人", ["港股"]),
    "apart is not together": ("建共", []),
    "source": ("研究院", ["来源"]),
    "author": ("于新", ["来源"]),
    "english": ("house BILL", ["英文"]),
    "parts of a word": ("hous", []),
    "apostrophe": ("O'Neill", ["英文"]),
    "folding of letters": ("strasse", ["英文"]),
    "accents": ("Koln", ["英文"]),
    "quotes of the question": ('"共建" “家园”', ["共建"]),
    "operators are words": ("AND", ["英文"]),
    "operators bind nothing": ("共建 OR 收盘", []),
    "columns are words": ("title:共建", []),
    "near": ("NEAR(共建 家园)", []),
    "star": ("共建*", ["共建"]),
    "minus": ("-共建", ["共建"]),
    "young characters": ("𫠠氏", ["罕字"]),
    "young characters alone": ("𰻝𰻝", ["罕字"]),
    "young characters between": ("家家𫠠家家", ["罕字"]),
    "not this young character": ("𫠢氏", []),
    "a plane above": ("𠮷野", ["罕字"]),
    "zero": ("〇七", ["罕字"]),
    "surrogates and zeros": ("共\0建\ud800", ["共建"]),
    "percent is no wildcard": ("股%", ["A股", "港股"]),
}


@pytest.mark.parametrize("case", CASES)
def test_search_finds(case: str, archive: Archive) -> None:
    text, wanted = CASES[case]
    found = archive.search(text)
    assert sorted(NAMES[row["id"] - 1] for row in found) == sorted(wanted)


@pytest.mark.parametrize("text", ["", "  ", '"', '"*"', "……", "😀", "\0", "\ud800 %", "OR " * 0])
def test_nothing_to_search_for(text: str, archive: Archive) -> None:
    with pytest.raises(UsageError, match="nothing to search for"):
        archive.search(text)


def test_too_much_to_search_for(archive: Archive) -> None:
    assert archive.search(" ".join(["共建"] * 500))
    with pytest.raises(UsageError, match="at most 64 words"):
        archive.search(" ".join(f"词{n}" for n in range(65)))
    with pytest.raises(UsageError, match="limit"):
        archive.search("共建", limit=0)
    assert archive.search("共建" * 20_000) == []
    assert archive.search(" ".join(f"家{n}" for n in range(64))) == []


def test_rows_say_what_and_where(archive: Archive) -> None:
    (row,) = archive.search("板桥乡")
    assert row == {
        "id": 1,
        "url": "http://news.example.cn/a/0.html",
        "title": "共建美好家园",
        "site": "example.cn",
        "date_published": None,
        "snippet": "板桥乡昨日召开会议。",
        "status": "live",
    }


SNIPPETS = {
    "whole": ("共建家园\n美好", "家园", "共建家园 美好"),
    "cut at both ends": ("前" * 100 + "共建" + "后" * 200, "共建", f"…{'前' * 30}共建{'后' * 88}…"),
    "elsewhere": ("正文" * 100, "题目", "正文" * 60 + "…"),
    "case": ("x" * 99 + "ABC", "abc", f"…{'x' * 30}ABC"),
    "the first of two": ("甲乙" + "丙" * 200 + "丁戊", "丁戊 甲乙", "甲乙" + "丙" * 118 + "…"),
    "nothing": ("", "共建", ""),
}


@pytest.mark.parametrize("case", SNIPPETS)
def test_snippet(case: str) -> None:
    body, text, wanted = SNIPPETS[case]
    assert fulltext.snippet(body, fulltext.ask(text).words) == wanted


def test_title_before_text_and_newest_first_without_index(tmp_path: Path) -> None:
    with Archive(tmp_path / "a.db", create=True) as archive:
        archive.write(
            Batch(
                articles=(
                    article(1, title="无关", body="共建" + "其他" * 30, date_published=SEEN),
                    article(2, title="共建", body="共建" + "其他" * 30),
                    article(3, title="无关", body="共享", date_published=SEEN.replace(year=2025)),
                )
            )
        )
        assert [row["id"] for row in archive.search("共建")] == [2, 1]
        assert [row["id"] for row in archive.search("共")] == [3, 1, 2]
        assert [row["id"] for row in archive.search("共", limit=1)] == [3]
        assert [row["id"] for row in archive.search("共建", since="2024")] == [1]
        assert [row["id"] for row in archive.search("共", until="2024-01-01")] == [1]
        assert archive.search("共建", site="b.cn") == archive.search("共建", status="gone") == []


# Few characters, so that words meet; some of each kind: common, rare, young, compatibility, others.
HAN = "改革开放共建家园的一〇々㐂𠮷\U0002b820\u9fef\uf900"
MIXED = st.text(HAN + "aA１ ，\n、é", max_size=40)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(MIXED, MIXED), min_size=1, max_size=12),
    st.lists(st.text(HAN, min_size=2, max_size=8), min_size=1, max_size=4),
    st.data(),
)
def test_han_words_are_found_exactly_where_they_stand(
    texts: list[tuple[str, str]], words: list[str], data: st.DataObject
) -> None:
    everything = "".join(body for _, body in texts)
    start = data.draw(st.integers(0, len(everything)))
    piece = everything[start : start + data.draw(st.integers(2, 8))]
    if len(piece) > 1 and all(c in HAN for c in piece):
        words.append(piece)
    with tempfile.TemporaryDirectory() as name, Archive(f"{name}/a.db", create=True) as archive:
        archive._db.execute("pragma synchronous = off")
        articles = tuple(article(n, title=t, body=b) for n, (t, b) in enumerate(texts))
        archive.write(Batch(articles=articles))
        for word in words:
            found = {row["id"] - 1 for row in archive.search(word, limit=100)}
            wanted = {
                n
                for n, (title, body) in enumerate(texts)
                if fold(word) in fold(title) or fold(word) in fold(body)
            }
            assert found == wanted, word
