"""Two texts compared: what a reader sees, that nothing is lost, that it stays fast."""

import itertools
import json
import random
import time
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from sample_articles import FULL, LATER, article

from newsspider.cli import main
from newsspider.errors import NotFound
from newsspider.store import Archive
from newsspider.store.difference import compare_lines, compare_texts
from newsspider.store.records import Batch

SIGNS = {"=": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}


def shown(old: str, new: str) -> str:
    return "".join(SIGNS[piece.mark].format(piece.text) for piece in compare_texts(old, new))


CASES = {
    "a number with a point": ("增长1.2亿只。", "增长1.02亿只。", "增长[-1.2-]{+1.02+}亿只。"),
    "a number with commas": ("共1,200元。", "共1,250元。", "共[-1,200-]{+1,250+}元。"),
    "a number": ("事故造成3人受伤。", "事故造成5人受伤。", "事故造成[-3-]{+5+}人受伤。"),
    "a word put in": ("现场已清理。", "现场已清理完毕。", "现场已清理{+完毕+}。"),
    "a word taken out": ("张三、李四出席。", "张三出席。", "张三[-、李四-]出席。"),
    "a Latin word is one": ("The fox jumps.", "The fox jumped.", "The fox [-jumps-]{+jumped+}."),
    "a number is one": ("上涨12点", "上涨13点", "上涨[-12-]{+13+}点"),
    "a sentence of its own": (
        "会议召开。天气晴好。",
        "会议召开。领导讲话。天气晴好。",
        "会议召开。{+领导讲话。+}天气晴好。",
    ),
    "sentences that share nothing": (
        "会议召开。天气晴好。",
        "会议召开。暴雨将至！",
        "会议召开。[-天气晴好。-]{+暴雨将至！+}",
    ),
    "English sentences": (
        "It rained. He left. It cost 3.5 m.",
        "It rained. It cost 3.6 m.",
        "It rained. [-He left. -]It cost [-3.5-]{+3.6+} m.",
    ),
    "no chance letters": ("甲乙丙的丁戊己", "子丑寅的卯辰巳", None),
    "everything new": ("", "共建", "{+共建+}"),
    "everything gone": ("共建", "", "[-共建-]"),
    "nothing": ("", "", ""),
    "the same": ("共建。家园", "共建。家园", "共建。家园"),
}


@pytest.mark.parametrize("case", CASES)
def test_texts(case: str) -> None:
    old, new, wanted = CASES[case]
    assert shown(old, new) == (f"[-{old}-]{{+{new}+}}" if wanted is None else wanted)


def test_paragraphs_are_aligned_first() -> None:
    old = "第一段没有变化。\n第二段说三人受伤。\n第三段将被删去。\n第四段也没有变化。"
    new = "第一段没有变化。\n完全另外写的内容！\n第二段说五人受伤。\n第四段也没有变化。"
    lines = compare_lines(old, new)
    assert [(line.before, line.after) for line in lines] == [(None, 2), (2, 3), (3, None)]
    assert [piece.text for piece in lines[1].pieces] == ["第二段说", "三", "五", "人受伤。"]
    assert compare_lines(old, old) == []
    assert compare_lines("甲\n", "甲") == []


TEXT = st.text("共建家园的ab 3.。！\n，", max_size=60)


@given(TEXT, TEXT)
def test_pieces_are_both_texts(old: str, new: str) -> None:
    pieces = compare_texts(old, new)
    assert "".join(piece.text for piece in pieces if piece.mark != "+") == old
    assert "".join(piece.text for piece in pieces if piece.mark != "-") == new
    assert all(piece.text for piece in pieces)
    assert all(one.mark != other.mark for one, other in itertools.pairwise(pieces))


@given(TEXT, TEXT)
def test_lines_are_both_texts(old: str, new: str) -> None:
    lines = compare_lines(old, new)
    before, after = old.split("\n"), new.split("\n")
    for line in lines:
        gone = "".join(piece.text for piece in line.pieces if piece.mark != "+")
        come = "".join(piece.text for piece in line.pieces if piece.mark != "-")
        assert gone == (before[line.before - 1] if line.before else "")
        assert come == (after[line.after - 1] if line.after else "")
    kept = [t for n, t in enumerate(before, 1) if t and n not in {line.before for line in lines}]
    stay = [t for n, t in enumerate(after, 1) if t and n not in {line.after for line in lines}]
    assert kept == stay


LETTERS = [chr(code) for code in range(0x4E00, 0x4E00 + 2000)]
LONG = {
    "news": "，" * 200 + "。" * 100 + "\n" * 20,
    "one paragraph": "，" * 200 + "。" * 100,
    "one sentence": "，" * 20,
    "short lines": "\n" * 2000,
}


@pytest.mark.parametrize("against", ["edited", "another"])
@pytest.mark.parametrize("case", LONG)
def test_a_long_body_takes_no_long_time(case: str, against: str) -> None:
    dice = random.Random(7)
    old = dice.choices(LETTERS + list(LONG[case]), k=100_000)
    new = list(old) if against == "edited" else dice.choices(LETTERS + list("。\n"), k=100_000)
    for _ in range(500):
        new[dice.randrange(len(new))] = dice.choice(LETTERS)
    start = time.process_time()
    assert compare_lines("".join(old), "".join(new))
    assert time.process_time() - start < 5


# --- of an archive ------------------------------------------------------------------------------


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "a.db"
    with Archive(path, create=True) as archive:
        archive.write(Batch(articles=(FULL, article(2))))
        second = replace(
            FULL,
            title="板桥乡召开安全会议",
            body=FULL.body.replace("12", "13"),
            authors=("于新",),
            fetched_at=LATER,
        )
        archive.write(Batch(articles=(second,)))
    return path


def test_diff_of_readings(db: Path) -> None:
    with Archive(db, read_only=True) as archive:
        found = archive.diff(1)
        assert found == archive.diff(FULL.url, 1, 2)
        assert (found["from"]["reading"], found["to"]["reading"]) == (1, 2)
        assert found["fields"]["title"]["pieces"] == [
            ["=", "板桥乡召开"],
            ["-", "校园"],
            ["=", "安全会议"],
        ]
        assert found["fields"]["authors"] == {"before": ["于新", "张继东"], "after": ["于新"]}
        (line,) = found["body"]
        assert (line["before"], line["after"]) == (2, 2)
        assert ["-", "12"] in line["pieces"]
        assert archive.diff(1, 2, 1)["fields"]["title"]["after"] == FULL.title
        alone = archive.diff(2)
        assert (alone["fields"], alone["body"]) == ({}, [])
        for numbers in ((3, None), (1, 9), (0, 1)):
            with pytest.raises(NotFound, match="no reading"):
                archive.diff(1, *numbers)


def test_diff_command(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*arguments: str) -> str:
        result = CliRunner().invoke(main, ["diff", *arguments, "--db", str(db)], color=True)
        assert result.exit_code == 0
        return result.output

    text = run("1")
    assert "--- reading 1, revision 1, seen 2024-01-01T08:00:00+08:00" in text
    assert "title: 板桥乡召开[-校园-]安全会议" in text
    assert 'authors: [-["于新", "张继东"]-]{+["于新"]+}' in text
    assert "paragraph 2: 会议指出，A股上涨[-12-]{+13+}点。" in text
    assert json.loads(run("1", "--json"))["id"] == 1
    assert "no difference" in run("2")
    monkeypatch.setattr("newsspider.cli.diff.is_colored", lambda: True)
    assert "[-" not in run("1").replace("\x1b[", "")
    assert "\x1b[32m13\x1b[0m" in run("1")
