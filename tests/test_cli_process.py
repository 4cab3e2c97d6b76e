"""The commands as processes: what they load, what ends them, which encodings they speak."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sample_articles import FULL, article

from newsspider.store import Archive
from newsspider.store.records import Batch


def process(*arguments: str, **options: Any) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "newsspider", *arguments]
    return subprocess.run(command, capture_output=True, timeout=60, check=False, **options)


def test_reading_commands_start_without_scrapy(db: Path) -> None:
    code = "import sys; from newsspider.cli import main\ntry: main(sys.argv[1:])\n"
    code += "except SystemExit: print(*sys.modules)"
    for arguments in (["--help"], ["search", "共建", "--db", str(db)]):
        command = [sys.executable, "-c", code, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
        modules = done.stdout.rpartition("\n")[0].split() + done.stdout.split()
        assert "newsspider.cli" in modules
        assert not {"scrapy", "twisted", "sqlite_utils"} & set(modules)


def test_a_command_ends_without_a_look_through_its_memory() -> None:
    code = "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count())); "
    code += "import newsspider.cli"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert int(done.stdout) > 10_000


def test_a_reader_that_goes_away(db: Path) -> None:
    with Archive(db) as archive:
        archive.write(Batch(articles=tuple(article(n, body="共建" * 2000) for n in range(9, 60))))
    command = [sys.executable, "-m", "newsspider", "export", "--db", str(db)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as export:
        assert export.stdout
        assert export.stderr
        export.stdout.read(10)
        export.stdout.close()
        assert export.stderr.read() == b""
        assert export.wait(60) == 1


def test_an_interrupt_is_130() -> None:
    command = [sys.executable, "-m", "newsspider", "extract", "-"]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, **pipes) as waiting:  # type: ignore[call-overload]
        # More than a pipe holds: the write ends when the command has come so far as to read.
        waiting.stdin.write(b"<p>" * 100_000)
        waiting.stdin.flush()
        # Python hears of a signal that comes between two reads only after the second.
        time.sleep(1.0)
        waiting.send_signal(signal.SIGINT)
        assert waiting.wait(60) == 130
        assert b"Traceback" not in waiting.stderr.read()


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "utf-8"])
def test_json_is_utf_8_and_text_what_the_terminal_speaks(encoding: str, db: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    done = process("show", "1", "--json", "--db", str(db), env=environment)
    assert json.loads(done.stdout)["title"] == FULL.title
    done = process("export", "--db", str(db), env=environment)
    assert json.loads(done.stdout.splitlines()[0])["title"] == FULL.title
    done = process("show", "1", "--db", str(db), env=environment)
    assert done.returncode == 0
    # ASCII is taken for a terminal that forgot to say what it speaks.
    assert (FULL.title or "").encode("utf-8" if encoding == "ascii" else encoding) in done.stdout
