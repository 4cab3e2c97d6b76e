"""Where values stand on a page: paths that lead back, places that hold what they say."""

from typing import Any

import pytest
from conftest import article_page
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from newsspider.extract import page as parsing
from newsspider.extract import read
from newsspider.extract.finder import Place, quoted, text_at
from newsspider.extract.paths import Paths, common_ancestor, leaves, value_at
from newsspider.extract.places import find_places
from newsspider.extract.survey import Page

URL = "http://news.example.cn/a/1.html"
TAGS = st.sampled_from(["div", "p", "b", "o:p", "x-y", "td", "table", "h1", "s1"])
HEAD = """
<meta name=description content="三座水库的汛前检查"><meta name=keywords content="水库,汛前">
<link rel=canonical href="/a/1.html"><meta property="article:section" content=本地>
<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "headline": "x",
 "datePublished": "2024-05-06T07:08:09+08:00", "author": [{"@type": "Person", "name": "于新"}]}]}
</script>"""
LINES = "<div class=end>（责任编辑：李琴雯）</div>"


@st.composite
def markup(draw: st.DrawFn) -> str:
    parts = draw(
        st.lists(st.tuples(TAGS, st.booleans(), st.text("甲乙 <", max_size=4)), max_size=30)
    )
    return "".join(f"<{'' if opens else '/'}{tag}>{text}" for tag, opens, text in parts)


@given(markup())
@settings(deadline=None)
def test_a_path_leads_back_to_its_element(html: str) -> None:
    root = parsing.parse(parsing.clean(f"<html><body>{html}".encode()))
    paths = Paths()
    paths.note(root)
    for element in paths.elements():
        path = paths.of(element)
        assert path is not None
        assert root.xpath(path) == [element]
    assert paths.of(etree.Element("p")) is None


@given(markup(), st.text(max_size=20))
@settings(max_examples=40, deadline=None)
def test_no_page_breaks_the_search(html: str, title: str) -> None:
    body = f"<html><title>{title}</title><h1>{title}</h1>{html}{'<p>正文一段，说明情况。</p>' * 3}"
    data = body.encode("utf-8", "replace")
    article = read(data, URL).article
    for places in find_places(Page(html=data, url=URL), article).values():
        for place in places:
            assert text_at(parsing.parse(parsing.clean(data)), place) is not None


JSON = st.recursive(
    st.text(max_size=5) | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=20,
)


@given(JSON)
def test_key_paths_lead_back(value: Any) -> None:
    for path, text in leaves(value):
        assert value_at(value, path) == text


FIELDS = {
    "title": ("/html/body/div[2]/h1", None, None, "城东水库检查完成"),
    "source": ("/html/body/div[2]/div[1]", None, None, "来源：江城日报"),
    "date_published": ("/html/body/div[2]/div[1]", None, None, "2024-05-06 07:08:09"),
    "date_published_raw": ("/html/body/div[2]/div[1]", None, None, "2024-05-06 07:08:09"),
    "body": ("/html/body/div[2]/div[2]", None, None, "本报讯　市水利局"),
    "description": ("/html/head/meta[2]", "content", None, "三座水库的汛前检查"),
    "keywords": ("/html/head/meta[3]", "content", None, "水库,汛前"),
    "section": ("/html/head/meta[4]", "content", None, "本地"),
    "canonical_url": ("/html/head/link", "href", None, "/a/1.html"),
    "editors": ("/html/body/div[3]", None, None, "责任编辑：李琴雯"),
}


@pytest.mark.parametrize("name", FIELDS)
def test_places_of_fields(name: str) -> None:
    html = article_page("城东水库检查完成", head=HEAD, links=LINES)
    article = read(html, URL).article
    found = find_places(Page(html=html, url=URL), article)
    xpath, attribute, key, text = FIELDS[name]
    place = found[name][0]
    assert (place.xpath, place.attribute, place.key) == (xpath, attribute, key)
    assert "".join(text.split()) in "".join(place.text.split())


def test_a_value_of_json_ld_has_its_key_path() -> None:
    html = article_page("水库检查", head=HEAD).replace("　时间：2024-05-06 07:08:09".encode(), b"")
    article = read(html, URL).article
    assert article.provenance["date_published"] == "json-ld"
    (place,) = find_places(Page(html=html, url=URL), article)["date_published"]
    assert (place.xpath, place.key) == ("/html/head/script", "$.@graph[0].datePublished")
    root = parsing.parse(parsing.clean(html))
    assert text_at(root, place) == "2024-05-06T07:08:09+08:00"


@pytest.mark.parametrize(
    "place",
    [
        Place(xpath="/html/body/p[9]"),
        Place(xpath="/html/@lang"),
        Place(xpath="]"),
        Place(xpath="/html/body", attribute="class"),
        Place(xpath="/html/body", key="$.a"),
    ],
    ids=["no element", "an attribute", "no path", "no such attribute", "no JSON"],
)
def test_no_such_place(place: Place) -> None:
    assert text_at(parsing.parse(b"<html lang=zh><body><p>x"), place) is None


def test_common_ancestor_and_quotation() -> None:
    root = parsing.parse(b"<html><body><div><p>a<b>c</b></p><p>d</p></div>")
    (div,) = root.iter("div")
    assert common_ancestor([*root.iter("b"), *root.iter("p")][1:]) is div
    assert common_ancestor([]) is None
    long = "甲" * 300 + "乙丙" + "丁" * 300
    assert quoted(long, "乙丙").startswith("…甲") and "乙丙" in quoted(long, "乙丙")
    assert quoted(" a \n b ", "b") == "a b"
