"""Classes of edits: one known edit, exactly its class."""

import random
import time
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from newsspider.store.changes import CLASSES, FIELD_CLASSES, body_classes, classes

BODY = (
    "　　新华社北京3月18日电（记者 张三）板桥乡于18日召开校园安全会议，三方代表120人参加。\n"
    "　　会议指出，今年以来全乡投入资金35.6万元，整治隐患一百二十处，受到师生好评。\n"
    "　　The meeting lasted 2 hours and ended with a vote, officials said.\n"
    "　　下一步，该乡将继续加强巡查，共建平安校园。\n"
    "(于新 张继东)"
)


def swap(old: str, new: str) -> str:
    assert BODY.count(old) == 1
    return BODY.replace(old, new)


NAMED = [{"role": "author", "name": "于新", "raw": "于新"}]
EDITOR = [*NAMED, {"role": "editor", "name": "王文", "raw": "编辑：王文"}]
PHOTO = [{"url": "http://a.cn/1.jpg", "caption": "会场", "alt": None, "credit": None}]

CASES: dict[str, tuple[dict[str, tuple[Any, Any]], list[str]]] = {
    "title": ({"title": ("甲县开会", "乙县开会")}, ["title"]),
    "figure in the title": ({"title": ("死亡3人", "死亡5人")}, ["title"]),
    "kicker gone": ({"kicker": ("共建", None)}, ["field vanished"]),
    "subtitle came": ({"subtitle": (None, "三方联动")}, ["title"]),
    "title's marks": ({"title": ("为何？", "为何！")}, ["punctuation only"]),
    "wording": ({"body": (BODY, swap("继续加强", "持续加大"))}, ["wording"]),
    "words added": ({"body": (BODY, swap("校园安全会议", "校园安全工作会议"))}, ["wording"]),
    "words dropped": ({"body": (BODY, swap("三方代表", "代表"))}, ["wording"]),
    "English word": ({"body": (BODY, swap("officials", "teachers"))}, ["wording"]),
    "number": ({"body": (BODY, swap("120人", "210人"))}, ["number"]),
    "decimals": ({"body": (BODY, swap("35.6", "36"))}, ["number"]),
    "Han number": ({"body": (BODY, swap("一百二十处", "一百三十处"))}, ["number"]),
    "number left out": ({"body": (BODY, swap("120人", "人"))}, ["number"]),
    "day in the text": ({"body": (BODY, swap("3月18日电", "3月19日电"))}, ["number"]),
    "word that is a figure too": ({"body": ("一些人来了。", "这些人来了。")}, ["wording"]),
    "number and wording": (
        {"body": (BODY, swap("120人", "210人").replace("继续加强", "持续加大"))},
        ["wording", "number"],
    ),
    "marks": ({"body": (BODY, BODY.replace("。", "！"))}, ["punctuation only"]),
    "width": ({"body": (BODY, BODY.replace("，", ","))}, ["punctuation only"]),
    "paragraph break": ({"body": (BODY, swap("受到", "\n　　受到"))}, ["punctuation only"]),
    "paragraph removed": (
        {"body": (BODY, "\n".join(BODY.split("\n")[:2] + BODY.split("\n")[3:]))},
        ["paragraph removed"],
    ),
    "last paragraph removed": ({"body": (BODY, BODY.rpartition("\n")[0])}, ["paragraph removed"]),
    "paragraph added": ({"body": (BODY, f"{BODY}\n本报将继续关注。")}, ["paragraph added"]),
    "paragraph replaced": (
        {
            "body": (
                BODY,
                swap("下一步，该乡将继续加强巡查，共建平安校园。", "天气晴好，宜出门远行。"),
            )
        },
        ["paragraph removed", "paragraph added"],
    ),
    "removed and reworded": (
        {"body": (BODY, swap("继续加强", "持续加大").rpartition("\n")[0])},
        ["wording", "paragraph removed"],
    ),
    "body vanished": ({"body": (BODY, "")}, ["field vanished"]),
    "body came": ({"body": ("", "甲。")}, ["paragraph added"]),
    "date": ({"date_published": ("2023-03-21", "2023-03-22")}, ["date"]),
    "clock": (
        {"date_published": ("2023-03-21T10:00:00+08:00", "2023-03-21T11:00:00+08:00")},
        ["date"],
    ),
    "date vanished": ({"date_published": ("2023-03-21", None)}, ["field vanished"]),
    "date as printed too": (
        {
            "date_published": ("2023-03-21", "2023-03-22"),
            "date_published_raw": ("3月21日", "3月22日"),
            "date_published_precision": ("day", "day"),
        },
        ["date"],
    ),
    "source": ({"source": ("新华社", "人民网")}, ["source"]),
    "source vanished": ({"source": ("新华社", None)}, ["field vanished"]),
    "source came": ({"source": (None, "新华社"), "source_url": (None, "http://x.cn/")}, ["source"]),
    "author": (
        {"authors": (["于新"], ["张三"]), "credits": (NAMED, [{**NAMED[0], "name": "张三"}])},
        ["credit"],
    ),
    "second author": ({"authors": (["于新"], ["于新", "张三"])}, ["credit"]),
    "editor vanished": (
        {"editors": (["王文"], []), "credits": (EDITOR, NAMED)},
        ["field vanished"],
    ),
    "empty label came": ({"credits": (NAMED, [*NAMED, {**EDITOR[1], "name": None}])}, ["credit"]),
    "dateline with its text": (
        {
            "dateline": ("新华社北京3月18日电", "新华社北京3月19日电"),
            "body": (BODY, swap("3月18日电", "3月19日电")),
        },
        ["number"],
    ),
    "dateline alone": ({"dateline": ("新华社北京电", "新华社上海电")}, ["credit"]),
    "section": ({"section": ("要闻", "国内")}, ["section"]),
    "caption": ({"images": (PHOTO, [{**PHOTO[0], "caption": "会后"}])}, ["picture"]),
    "what no reader sees": ({"keywords": (["a"], ["b"]), "description": ("a", "b")}, []),
    "several": (
        {"title": ("甲", "乙"), "source": ("丙", None), "body": (BODY, swap("120人", "210人"))},
        ["title", "number", "field vanished"],
    ),
    "marks beside a title": (
        {"title": ("甲县", "乙县"), "body": (BODY, BODY.replace("。", "！"))},
        ["title"],
    ),
    "nothing": ({}, []),
}


@pytest.mark.parametrize("case", CASES)
def test_classes(case: str) -> None:
    changes, wanted = CASES[case]
    assert classes(changes) == wanted


def test_every_class_has_a_case_and_an_order() -> None:
    seen = {name for _, wanted in CASES.values() for name in wanted}
    assert seen == set(CLASSES)
    assert set(FIELD_CLASSES.values()) <= set(CLASSES)


LETTERS = st.text(
    st.sampled_from([chr(code) for code in range(0x4E10, 0x4E80) if chr(code) not in "两亿万"]),
    min_size=8,
    max_size=40,
)
PARAGRAPHS = st.lists(
    st.builds(lambda a, n, b: f"{a}，共{n}人{b}。", LETTERS, st.integers(10, 9999), LETTERS),
    min_size=2,
    max_size=8,
    unique=True,
)


def mutated(kind: str, lines: list[str], at: int) -> list[str]:
    """One edit of *kind* in paragraph *at*."""
    line = lines[at]
    before, after = lines[:at], lines[at + 1 :]
    if kind == "paragraph removed":
        return before + after
    if kind == "paragraph added":
        return [*before, "天气晴好宜出门远行。", line, *after]
    if kind == "punctuation only":
        return [*before, line.replace("，", "；"), *after]
    if kind == "number":
        figure = line.partition("共")[2].partition("人")[0]
        return [*before, line.replace(f"共{figure}人", f"共{int(figure) + 1}人"), *after]
    return [*before, f"{line[:4]}绝非{line[4:]}", *after]


@settings(max_examples=100, deadline=None)
@given(
    PARAGRAPHS,
    st.integers(0, 7),
    st.sampled_from(
        ["wording", "number", "punctuation only", "paragraph removed", "paragraph added"]
    ),
)
def test_one_edit_has_exactly_its_class(lines: list[str], at: int, kind: str) -> None:
    new = mutated(kind, lines, at % len(lines))
    assert classes({"body": ("\n".join(lines), "\n".join(new))}) == [kind]


@settings(max_examples=100, deadline=None)
@given(PARAGRAPHS, st.data())
def test_two_edits_have_both_classes(lines: list[str], data: st.DataObject) -> None:
    assume(len(lines) > 2)
    one, other = data.draw(st.permutations(range(len(lines))))[:2]
    new = mutated("number", mutated("wording", lines, one), other)
    assert classes({"body": ("\n".join(lines), "\n".join(new))}) == ["wording", "number"]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_have_classes(old: str, new: str) -> None:
    assert body_classes(old, new) <= set(CLASSES)
    assert body_classes(old, old) == set() or not old.strip()


@pytest.mark.parametrize("what", ["one long paragraph", "many paragraphs"])
def test_hostile_sizes_take_no_time(what: str) -> None:
    dice = random.Random(1)
    old = "".join(chr(dice.randrange(0x4E00, 0x9000)) for _ in range(200_000))
    new = old[::-1]
    if what == "many paragraphs":
        old, new = "\n".join(old), "\n".join(new)
    start = time.perf_counter()
    assert body_classes(old, new) <= {"wording", "paragraph removed", "paragraph added"}
    assert time.perf_counter() - start < 5
