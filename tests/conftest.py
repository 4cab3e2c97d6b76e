"""Fixtures shared by the tests: the command line as a process, servers on loopback."""

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sample_articles import FULL, LATER, SEEN, article

from newsspider.store import Archive
from newsspider.store.records import Batch, RunEnd

ROOT = Path(__file__).parent.parent


@pytest.fixture
def newsspider(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs `newsspider` in an empty folder of its own."""

    def run(*arguments: str | Path, timeout_s: float = 120) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("NEWSSPIDER_")}
        environment["PYTHONPATH"] = str(ROOT)
        return subprocess.run(
            [sys.executable, "-m", "newsspider", *map(str, arguments)],
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout_s,
            check=False,
        )

    return run


@contextmanager
def serving(script: Path, *arguments: str) -> Iterator[str]:
    """Run a server script that prints its base URL first; yield that URL; end it."""
    process = subprocess.Popen(
        [sys.executable, str(script), *arguments], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(timeout=10)
        if process.stdout:
            process.stdout.close()


def folder_of(variable: str) -> Path:
    """Return the folder that the environment variable names, or skip the test, saying so."""
    path = os.environ.get(variable)
    if not path:
        pytest.skip(f"{variable} is not set")
    return Path(path)


Answer = tuple[int, dict[str, str], bytes]


class LoopbackSite:
    """A site of fixed answers on a free port of 127.0.0.1; an unknown path is a 404."""

    def __init__(self, answers: dict[str, Answer | bytes]) -> None:
        self.answers = answers
        self.hits: Counter[str] = Counter()
        self.headers: dict[str, dict[str, str]] = {}
        """Request headers of the last request for each path, names in lower case."""
        self.delay_s = 0.0
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.hits[self.path] += 1
                site.headers[self.path] = {k.lower(): v for k, v in self.headers.items()}
                time.sleep(site.delay_s)
                found = site.answers.get(self.path, (404, {}, b"not found"))
                status, headers, body = found if isinstance(found, tuple) else (200, {}, found)
                self.send_response(status)
                for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def loopback() -> Iterator[Callable[..., LoopbackSite]]:
    """Return a function that serves a table of answers until the test ends."""
    sites: list[LoopbackSite] = []

    def serve(answers: dict[str, Answer | bytes]) -> LoopbackSite:
        sites.append(LoopbackSite(answers))
        return sites[-1]

    yield serve
    for site in sites:
        site.close()


PARAGRAPH = (
    "本报讯　市水利局昨天完成了三座水库的汛前检查，闸门、备用电源和水位计逐一试过，值班表已经排好。"
)


def article_page(title: str, *, links: str = "", head: str = "", text: str = PARAGRAPH) -> bytes:
    """Return a plain article as a portal would serve it."""
    body = "".join(f"<p>　　{text}第{n}段说明情况。</p>" for n in range(1, 6))
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}_例子新闻网</title>{head}'
        f"</head><body><div class=nav><a href='/'>首页</a></div><div class=main><h1>{title}</h1>"
        f"<div class=info>来源：江城日报　时间：2024-05-06 07:08:09</div>"
        f"<div class=content>{body}</div></div>{links}</body></html>"
    ).encode()


def list_page(name: str, links: dict[str, str]) -> bytes:
    """Return a list page that links to each address under its title."""
    items = "".join(f'<li><a href="{url}">{title}</a></li>' for url, title in links.items())
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{name}</title></head>'
        f"<body><h1>{name}</h1><ul>{items}</ul></body></html>"
    ).encode()


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """An archive of three articles and a run, where the commands look for it."""
    path = tmp_path / "data" / "archive.db"
    hostile = article(
        3, title="\x1b[31m红\u202e\n字", body="共建\x07\r\n第二行", site="b.cn", source="=1+1"
    )
    with Archive(path, create=True) as archive:
        one = archive.begin_run("example.cn", started=SEEN, targets=["x"], options={})
        archive.write(Batch(articles=(FULL, article(2), hostile)), run_id=one)
        archive.end_run(one, RunEnd(finished=LATER, exit=0, counts={"new": 3}))
    return path
