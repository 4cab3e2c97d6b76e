"""Pages that no portal sends on purpose: cut, shuffled, wrongly declared, huge. All are read."""

import gc
import os
import random
import re
import subprocess
import sys
import time
import tracemalloc

import pytest
from conftest import PARAGRAPH, ROOT, article_page
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml.html import fragment_fromstring

from newsspider.extract import confidence, extract, timelines, words
from newsspider.extract.markup import ATTRIBUTES, TAGS, sanitised
from newsspider.extract.phrases import Phrases

URL = "http://news.example.cn/a/20240102_1.html"
RELATED = "".join(
    f"<li><a href='/a/{n}.html'>第{n}号水库汛前检查全部完成</a></li>" for n in range(9)
)
PAGE = article_page("三座水库汛前检查全部完成", links=f"<h3>相关阅读</h3><ul>{RELATED}</ul>")
ENCODINGS = "utf-8 gb18030 big5 shift_jis euc-kr cp1252 utf-16 utf-16-le utf-32".split()
SLOWEST_S = 0.3
TEXT = PARAGRAPH.partition("　")[2]


def read_soundly(data: bytes, content_type: str | None = None) -> float:
    """Read a page, see that nothing went wrong, and return the CPU seconds that it took."""
    start = time.process_time()
    article = extract(data, URL, content_type=content_type)
    spent = time.process_time() - start
    assert "error" not in article.provenance
    assert 0.0 <= article.confidence <= 1.0
    return spent


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32), st.integers(2, 40))
def test_a_shuffled_page_is_read(seed: int, pieces: int) -> None:
    cuts = sorted(random.Random(seed).sample(range(1, len(PAGE)), pieces))
    parts = [PAGE[a:b] for a, b in zip([0, *cuts], [*cuts, len(PAGE)], strict=True)]
    random.Random(seed).shuffle(parts)
    assert read_soundly(b"".join(parts)) < SLOWEST_S


@pytest.mark.parametrize("declared", ENCODINGS)
@pytest.mark.parametrize("used", ENCODINGS)
def test_every_encoding_with_every_declaration_is_read(used: str, declared: str) -> None:
    page = PAGE.decode().replace('charset="utf-8"', f'charset="{declared}"')
    data = page.encode(used, "replace")
    assert read_soundly(data, f"text/html; charset={declared}") < SLOWEST_S
    article = extract(data, URL)
    if used in ("utf-8", "utf-16", declared) and used not in ("cp1252", "shift_jis", "euc-kr"):
        # UTF-8 and marks are seen in the bytes, whatever is declared.
        assert TEXT[:12] in article.body or used == "big5"


@pytest.mark.parametrize(
    "page",
    [
        pytest.param("<p>" + "字" * 350_000, id="one-line-of-han"),
        pytest.param("来源:" + " " * 200_000 + "<p>" + "2025-" * 50_000, id="field-and-digits"),
        pytest.param("<a href=/x>" * 20_000, id="open-links"),
        pytest.param("<div class='" + "related-news " * 20_000 + "'>x</div>", id="class-names"),
        pytest.param("<p>" + "(image: " * 30_000, id="captions"),
        pytest.param("<p>" + "<b>x</b>" * 30_000, id="parts"),
        pytest.param("<table>" + "<tr><td>x" * 20_000, id="cells"),
        pytest.param("<script type='application/ld+json'>" + '{"a":' * 60_000, id="json"),
    ],
)
def test_a_huge_page_takes_bounded_time(page: str) -> None:
    assert read_soundly(page.encode()) < 3.0


def test_a_line_of_350000_characters_is_kept() -> None:
    line = "字" * 350_000
    page = PAGE.replace(b'</div><div class="page">', b"").replace(
        b"</div></div>", f"<p>{line}</p></div></div>".encode(), 1
    )
    article = extract(page, URL)
    assert TEXT in article.body
    assert line in article.body


LARGE = {
    "links": "<ul>" + "<li><a href=/a/1.html>第一号水库汛前检查全部完成</a></li>" * 150_000,
    "pictures": "<p><img src=/i/1.jpg>第一段说明情况</p>" * 150_000,
    "paragraphs": f"<p>{PARAGRAPH}</p>" * 60_000,
    "items": "<ul>" + "<li>第一项说明情况" * 150_000,
    "cells": "<table>" + "<tr><td>第一格<td>1" * 75_000,
    "lines": "字字<br>" * 1_500_000,
    "parts": "<p>" + "<b>字</b>" * 1_500_000,
    "boxes": "<div>" * 2_000_000,
    "metas": "<meta name=k content=词>" * 150_000,
    "scripts": '<script type="application/ld+json">{"@type":"NewsArticle"}</script>' * 150_000,
    "long text": "<p>" + "字" * 2_700_000,
    "long title": f"<title>{'题' * 350_000}</title><h1>{'题' * 350_000}</h1>",
}
MEASURE = """
import resource, sys, time
from newsspider.extract import extract
page = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.process_time()
article = extract(page, "http://news.example.cn/a/20240102_1.html")
spent = time.process_time() - start
assert "error" not in article.provenance, article.provenance
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(spent, (peak - before) / 1024, article.provenance.get("cut", "whole"), len(article.body))
"""


@pytest.mark.parametrize("name", LARGE)
def test_a_page_of_megabytes_takes_bounded_memory_and_time(name: str) -> None:
    page = PAGE.replace(b'</div><div class="page">', b"").replace(
        b"</div></div>", f"{LARGE[name]}</div></div>".encode(), 1
    )
    done = subprocess.run(
        [sys.executable, "-c", MEASURE],
        input=page,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
        timeout=60,
    )
    seconds, more_mb, *cut, length = done.stdout.split()
    assert float(seconds) < 8  # 0.3 to 3 on an idle machine
    assert float(more_mb) < 160
    assert (cut == [b"too", b"large"]) == (name != "long title"), cut
    assert int(length) > 100, "what stands before it is read"


def test_long_texts_are_not_kept_at_hand() -> None:
    def read_long(n: int) -> None:
        extract(f"<title>{n}{'题' * 9_000}</title><h1>{n}{'题' * 9_000}</h1><p>{n}{'字' * 300_000}")

    read_long(0)
    tracemalloc.start()
    try:
        for n in range(1, 7):
            read_long(n)
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] < 600_000, "one of them takes as much"
    finally:
        tracemalloc.stop()


def test_the_cost_is_linear_in_the_size() -> None:
    """Four times the page takes four times as long: less than seven, whatever else runs here."""

    def seconds(count: int) -> float:
        text = f"<p>　　{PARAGRAPH}</p>" * count
        links = "".join(
            f"<li><a href=/a/{n}.html>第{n}号水库检查全部完成</a>" for n in range(count)
        )
        page = f"<h1>水库检查完成</h1><div>{text}</div><ul>{links}</ul>".encode()
        return min(read_soundly(page) for _ in range(3))

    seconds(100)
    assert seconds(4000) < 7 * seconds(1000)


PHRASES = {
    name: one
    for module in (words, timelines, confidence)
    for name, one in vars(module).items()
    if isinstance(one, Phrases)
}


@pytest.mark.parametrize("name", PHRASES)
def test_a_pattern_that_matches_is_looked_for(name: str) -> None:
    """The words that a pattern needs are in all that it matches."""
    phrases = PHRASES[name]
    letters = st.characters(max_codepoint=0x9FFF, exclude_categories=["Cs"])
    plain = re.compile(phrases.pattern.pattern)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.from_regex(plain, alphabet=letters))
    def check(text: str) -> None:
        assert phrases.may_occur(text)
        assert bool(phrases.search(text)) == bool(phrases.pattern.search(text))

    check()


HTML = st.lists(
    st.one_of(
        st.sampled_from(
            '<p> </p> <a> </a> <a href="http://a.cn/"> <a href="javascript:x"> <img src=x> '
            "<script> </script> <b onclick=x> <table> <tr> <td> &amp; &#0; \" ' > <".split(" ")
        ),
        st.text(st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc", "Cn")), max_size=8),
    ),
    max_size=12,
).map("".join)


@settings(max_examples=200, deadline=None)
@given(HTML)
def test_what_is_kept_as_html_is_clean(html: str) -> None:
    """Whatever goes in: nothing but the listed elements, attributes and kinds of address."""
    kept = fragment_fromstring(sanitised(html), create_parent="section")
    for element in kept.iterdescendants():
        assert element.tag in TAGS
        assert set(element.keys()) <= ATTRIBUTES.get(element.tag, set())
        address = element.get("href") or element.get("src") or "https://"
        assert address.startswith(("http://", "https://"))
