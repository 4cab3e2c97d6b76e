"""The sample portal as a program, and the demo that crawls it."""

import http.client
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path


def test_serves_as_a_module(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "newsspider.sample", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parent.parent)},
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        connection = http.client.HTTPConnection(url.removeprefix("http://"))
        connection.request("GET", "/robots.txt")
        assert b"Crawl-delay" in connection.getresponse().read()
        connection.close()
    finally:
        process.terminate()
        process.communicate(timeout=10)


def test_demo_touches_no_file_of_another(
    newsspider: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    mine = tmp_path / "mine.db"
    mine.write_text("my letters")
    ended = newsspider("demo", "--db", mine, "--port", "0")
    assert ended.returncode == 2
    assert "was not made by the demo" in ended.stderr
    assert mine.read_text() == "my letters"
