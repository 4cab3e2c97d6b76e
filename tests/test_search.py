"""Search: what is found, in which order, what a person may type."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_articles import SEEN, article

from newsspider.errors import UsageError
from newsspider.store import Archive
from newsspider.store.fulltext import hits_pattern, snippet
from newsspider.store.question import ask
from newsspider.store.records import Batch
from newsspider.store.views import QUERIES
from newsspider.variants import search_fold

TEXTS = {
    "共建": ("共建美好家园", "板桥乡昨日召开会议。"),
    "A股": ("收盘", "今日A股市场上涨，ＩＴ之家报道。"),
    "港股": ("恒生指数", "HKA2股份，股民3人，共 建。"),
    "开放": ("历史", "改革开放以来，改革，革开，改革，开放。"),
    "英文": ("Straße in Köln", "The House passed a bill; O'Neill said “no”. x=1 AND y"),
    "罕字": ("𠮷野家与𫠠氏", "㐂、〇七年、𰻝𰻝面，家家𫠠家家"),
    "繁体": ("頭髮", "裡面"),
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
    "lower case operators are words": ("and y", ["英文"]),
    "and": ("共建 AND 家园", ["共建"]),
    "or": ("共建 OR 收盘", ["共建", "A股"]),
    "or binds less than and": ("共建 家园 OR 收盘 家园 OR 市场", ["共建", "A股"]),
    "brackets": ("(共建 OR 市场) (家园 OR 恒生)", ["共建"]),
    "brackets of a Chinese keyboard": ("（共建 OR 市场） 会议", ["共建"]),
    "minus": ("股 -市场", ["港股"]),
    "not": ("股 NOT 市场", ["港股"]),
    "and not": ("股 AND NOT 市场", ["港股"]),
    "not not": ("股 NOT NOT 市场", ["A股"]),
    "not a bracket": ("股 -(市场 恒生)", ["A股", "港股"]),
    "not one of a bracket": ("股 -(市场 OR 恒生)", []),
    "minus inside a word": ("over-bill", []),
    "a dash is no minus": ("家园 - 板桥", ["共建"]),
    "a phrase": ('"passed a bill"', ["英文"]),
    "words of a phrase elsewhere": ('"bill passed"', []),
    "phrase over punctuation": ('"改革 开放"', ["开放"]),
    "cited": ("「美好家园」", ["共建"]),
    "quotes are not nested": ('"美好"家园', ["共建"]),
    "title": ("title:共建", ["共建"]),
    "not in the title": ("title:板桥", []),
    "source field": ("source:勘探", ["来源"]),
    "source field, full-width colon": ("source：勘探", ["来源"]),
    "source is no text": ("source:共建", []),
    "author field": ('author:"于新"', ["来源"]),
    "author by a part": ("author:新", ["来源"]),
    "site field": ("site:example.cn 共建", ["共建"]),
    "another site": ("site:cn 共建", []),
    "not this site": ("股 -site:example.cn", []),
    "one of two sites": ("股 (site:b.cn OR site:example.cn)", ["A股", "港股"]),
    "near is a word": ("NEAR(共建 家园)", []),
    "caret": ("^共建", ["共建"]),
    "plus": ("共建+家园", []),
    "braces": ("{title}:共建", []),
    "an unknown field is words": ("column:共建", []),
    "star": ("共建*", ["共建"]),
    "a star after letters": ("hous*", ["英文"]),
    "a star before letters": ("*ouse", []),
    "traditional": ("歷史 開放", ["开放"]),
    "traditional of two simplified forms": ("乾 OR 開會", ["共建"]),
    "young characters": ("𫠠氏", ["罕字"]),
    "young characters alone": ("𰻝𰻝", ["罕字"]),
    "young characters between": ("家家𫠠家家", ["罕字"]),
    "not this young character": ("𫠢氏", []),
    "a plane above": ("𠮷野", ["罕字"]),
    "zero": ("〇七", ["罕字"]),
    "surrogates and zeros": ("共\0建\ud800", ["共建"]),
    "simplified of a traditional text": ("头发", ["繁体"]),
    "traditional of a traditional text": ("頭髮", ["繁体"]),
    "both in one word": ("頭发", ["繁体"]),
    "a lone traditional character": ("髮", ["繁体", "来源"]),
    "another traditional form of it": ("發", ["繁体", "来源"]),
    "percent is no wildcard": ("股%", ["A股", "港股"]),
}


@pytest.mark.parametrize("case", CASES)
def test_search_finds(case: str, archive: Archive) -> None:
    text, wanted = CASES[case]
    found = archive.search(text)
    assert sorted(NAMES[row["id"] - 1] for row in found) == sorted(wanted)


BAD = {
    "nothing": ("", "nothing to search for in ''"),
    "spaces": (" \u3000", "nothing to search for"),
    "a star in quotes": ('"*"', "nothing to search for"),
    "dots": ("……", "nothing to search for"),
    "emoji": ("😀", "nothing to search for"),
    "zero": ("\0", "nothing to search for"),
    "surrogate": ("\ud800 %", "nothing to search for"),
    "empty quotes": ('""', "nothing to search for"),
    "empty brackets": ("()", "nothing to search for"),
    "a quote": ('共建 "家园', "quotation mark that nothing closes at character 4 .*家园"),
    "a bracket": ("共建 (家园", "bracket that nothing closes at character 4"),
    "a closing bracket": ("共建) 家园", "bracket that nothing opens at character 3"),
    "and at the start": ("AND 共建", "AND wants words on both sides at character 1"),
    "and at the end": ("共建 AND", "AND wants words on both sides at character 7 .*its end"),
    "and twice": ("共建 AND AND 家园", "AND wants words on both sides at character 8"),
    "or at the start": ("OR 共建", "OR wants words to find on both sides at character 1"),
    "or at the end": ("共建 OR ", "OR wants words to find on both sides at character 7"),
    "or nothing but not": ("共建 OR -家园", "OR wants words to find on both sides at character 7"),
    "not at the end": ("共建 NOT", "NOT wants a word after it at character 4"),
    "only excluded": ("-共建", "only excluded words in"),
    "only excluded in a bracket": ("共建 (-家园)", "only excluded words in the bracket at char"),
    "no value": ("共建 site:", "site: wants a value at character 4"),
    "a space before the value": ("site: a.cn", "site: wants a value at character 1"),
    "an empty value": ('source:"" 共建', "source: wants a value at character 1"),
    "or of a time": ("共建 OR since:2024", "since: is for the whole search.* at character 7"),
    "not a time": ("共建 -until:2024", "until: is for the whole search"),
    "a time in a bracket": ("(共建 until:2024)", "until: is for the whole search"),
    "no time": ("共建 since:gestern", "not a date such as"),
    "only a time": ("since:2024", "nothing to search for"),
    "deep": ("(" * 5000 + "共建", "too many brackets within brackets at character 21"),
    "control characters": ("\x1b[31m)", r"at character 6 of the search: '\)'"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_question(case: str, archive: Archive) -> None:
    text, message = BAD[case]
    with pytest.raises(UsageError, match=message) as caught:
        archive.search(text)
    assert str(caught.value).isprintable()


PIECES = """AND OR NOT - ( ) （ " “ * ^ : site: since: title: NEAR( {a 共 共建 A股 ' ; --""".split()


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(PIECES) | st.text(max_size=3),
        max_size=12,
    )
)
def test_a_question_is_answered_or_refused(archive: Archive, parts: list[str]) -> None:
    for text in ("".join(parts), " ".join(parts)):
        for order in ("best", "newest"):
            try:
                archive.search(text, order=order)
            except UsageError as error:
                assert str(error).isprintable()


def test_too_much_to_search_for(archive: Archive) -> None:
    assert archive.search(" ".join(["共建"] * 64))
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
        "title_marks": [],
        "marks": [[0, 3]],
        "status": "live",
        "ranked_within": None,
    }


SNIPPETS = {
    "whole": ("共建家园\n美好", "家园", "共建家园 美好"),
    "cut at both ends": ("前" * 100 + "共建" + "后" * 200, "共建", f"…{'前' * 30}共建{'后' * 88}…"),
    "elsewhere": ("正文" * 100, "题目", "正文" * 60 + "…"),
    "case": ("x" * 98 + " ABC", "abc", f"…{'x' * 29} ABC"),
    "the first of two": ("甲乙" + "丙" * 200 + "丁戊", "丁戊 甲乙", "甲乙" + "丙" * 118 + "…"),
    "nothing": ("", "共建", ""),
    "traditional": ("前" * 99 + "頭髮", "头发", f"…{'前' * 30}頭髮"),
}


@pytest.mark.parametrize("case", SNIPPETS)
def test_snippet(case: str) -> None:
    body, text, wanted = SNIPPETS[case]
    assert snippet(body, hits_pattern(ask(text).wanted()))[0] == wanted


MARKS = {
    "each hit": ("共建，共 建，共建", "共建", ["共建", "共建"]),
    "each word": ("共建美好家园", "家园 共建", ["共建", "家园"]),
    "the longer one": ("共建家园共建", "共建 共建家园", ["共建家园", "共建"]),
    "as spelled there": (
        "頭髮 Ｂill Köln KÖLN",
        "头发 bill koln",
        ["頭髮", "Ｂill", "Köln", "KÖLN"],
    ),
    "whole words": ("bill billed 4bill A股bill", "bill", ["bill", "bill"]),
    "the beginning of a word": ("bill billed", "bil*", ["bil", "bil"]),
    "over punctuation": ("IT、之家", "it之家", ["IT、之家"]),
    "not what is excluded": ("共建家园", "共建 -美好", ["共建"]),
    "not other fields": ("共建于新", "共建 author:于新", ["共建"]),
    "nothing": ("共享", "共建", []),
    "patterns are text": ("a.b [x]", "[x]", ["x"]),
}


@pytest.mark.parametrize("case", MARKS)
def test_marks(case: str) -> None:
    body, text, wanted = MARKS[case]
    shown, found = snippet(body, hits_pattern(ask(text).wanted()))
    assert [shown[start:end] for start, end in found] == wanted


def test_title_before_text_or_newest_first(tmp_path: Path) -> None:
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
        for text in ("共", "共建 OR 共享"):
            newest = archive.search(text, order="newest")
            assert [row["id"] for row in newest] == [3, 2, 1]
            assert [row["id"] for row in archive.search(text, order="newest", limit=1)] == [3]
        assert [row["id"] for row in archive.search("共建", since="2024")] == [1]
        assert [row["id"] for row in archive.search("共", until="2024-01-01")] == [1]
        assert [row["id"] for row in archive.search("共建 since:2024 until:2024-06")] == [1]
        assert archive.search("共建 since:2024-02 since:2023") == []
        assert archive.search("共建", site="b.cn") == archive.search("共建", status="gone") == []


# Few characters, so that words meet; some of each kind: common, rare, young, compatibility, others.
HAN = "改革开開放共建家园的一〇々㐂𠮷發髮发\U0002b820\u9fef\uf900"
MIXED = st.text(HAN + "aA１ ，\n、é", max_size=40)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(MIXED, MIXED), min_size=1, max_size=12),
    st.lists(st.text(HAN, min_size=1, max_size=8), min_size=1, max_size=4),
    st.data(),
)
def test_han_words_are_found_exactly_where_they_stand(
    texts: list[tuple[str, str]], words: list[str], data: st.DataObject
) -> None:
    everything = "".join(body for _, body in texts)
    start = data.draw(st.integers(0, len(everything)))
    piece = everything[start : start + data.draw(st.integers(1, 8))]
    if piece and all(c in HAN for c in piece):
        words.append(piece)
    with tempfile.TemporaryDirectory() as name, Archive(f"{name}/a.db", create=True) as archive:
        archive._db.execute("pragma synchronous = off")
        articles = tuple(article(n, title=t, body=b) for n, (t, b) in enumerate(texts))
        archive.write(Batch(articles=articles))
        for word in words:
            wanted = {
                n
                for n, both in enumerate(texts)
                if any(search_fold(word) in search_fold(text) for text in both)
            }
            for order in ("best", "newest"):
                rows = archive.search(word, order=order, limit=100)
                assert {row["id"] - 1 for row in rows} == wanted, word
            for query in ("search_newest", "search_best"):
                hits = archive._db.execute(QUERIES[query].sql, {"q": word})
                assert {row["id"] - 1 for row in hits} == wanted, word
