"""The reading room in a real browser: the chromium of the system, driven by playwright."""

import re
import shutil
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from reading_room import fill, serving_room

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NARROW = {"width": 360, "height": 740}
PATIENCE_MS = 20_000

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")


@dataclass(kw_only=True)
class Watched:
    """A page, what its console said, and where it sent requests."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path: Path = tmp_path_factory.mktemp("room") / "archive.db"
    fill(path)
    with serving_room(path) as address:
        yield address


Open = Callable[..., Watched]


@pytest.fixture
def visit(browser: Browser, base: str) -> Iterator[Open]:
    """Return a function that opens a page in a new window, which must end without a complaint."""
    opened: list[Watched] = []

    def call(path: str, *, locale: str = "en-GB", **options: object) -> Watched:
        context = browser.new_context(locale=locale, base_url=base, **options)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        watched = Watched(page=context.new_page())
        watched.page.on("console", lambda message: watched.complaints.append(message.text))
        watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        watched.page.on(
            "request", lambda request: watched.hosts.add(urllib.parse.urlsplit(request.url).netloc)
        )
        watched.page.on("dialog", lambda dialog: watched.complaints.append(dialog.message))
        watched.page.goto(path)
        opened.append(watched)
        return watched

    yield call
    for watched in opened:
        assert watched.complaints == []
        assert watched.hosts == {urllib.parse.urlsplit(base).netloc}
        watched.page.context.close()


def test_search_read_compare_follow(visit: Open) -> None:
    page = visit("/").page
    page.keyboard.press("/")
    page.keyboard.type("校园")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("1 hit")
    expect(page.locator("mark").first).to_have_text("校园")
    # The keys are there once the page has loaded, a moment after its text.
    page.wait_for_load_state()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("板桥乡召开校园安全会议")
    page.get_by_role("link", name="市场开业").first.click()
    expect(page).to_have_url(re.compile(r"/article/2$"))
    page.get_by_role("link", name="Compare").click()
    expect(page.locator("del")).to_have_text(["三"])
    expect(page.locator("ins")).to_have_text(["五", "补充一段。"])
    page.wait_for_load_state()
    before, after = page.locator(".diff tbody tr").first.locator("td").all()
    left, right = before.bounding_box(), after.bounding_box()
    assert left and right
    assert left["x"] + left["width"] <= right["x"]
    assert left["y"] == right["y"]


def test_facets_and_pages(visit: Open) -> None:
    page = visit("/search?q=简报&order=newest").page
    page.locator(".facet").get_by_role("link", name="月报").click()
    expect(page.get_by_role("status")).to_have_text("23 hits")
    page.get_by_role("link", name="Next page").click()
    expect(page.locator(".cards li")).to_have_count(3)
    page.get_by_role("link", name="Remove Source").click()
    expect(page.get_by_role("status")).to_have_text("45 hits")


def test_keys(visit: Open) -> None:
    page = visit("/portal/many.cn").page
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    items = page.locator("[data-item]")
    for key, place in (("j", 0), ("j", 1), ("j", 2), ("k", 1), ("k", 0), ("k", 0)):
        page.keyboard.press(key)
        expect(items.nth(place)).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("j/k?")
    expect(page.locator("[data-search]")).to_have_value("j/k?")


def test_language_and_colours_are_switched_and_remembered(visit: Open) -> None:
    page = visit("/article/6", color_scheme="light").page
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("heading", name="同文转载")).to_be_visible()
    page.get_by_role("link", name="深色").click()
    page.goto("/search")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert sum(map(int, re.findall(r"\d+", dark))) < 150
    assert visit("/", locale="zh-CN").page.get_by_role("heading", name="阅览室").is_visible()


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
@pytest.mark.parametrize(
    "path",
    ["/", "/search?q=共建", "/article/1", "/article/4", "/article/6", "/article/2/diff",
     "/article/2", "/portal/many.cn", "/outlet/江城日报", "/search", "/search?q=(", "/nowhere"],
)  # fmt: skip
def test_a_narrow_screen_never_scrolls_sideways(visit: Open, path: str, locale: str) -> None:
    watched = visit(path, viewport=NARROW, locale=locale)
    # A page that is not there is told by the browser's console.
    watched.complaints[:] = [c for c in watched.complaints if "40" not in c]
    assert watched.page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]


def test_a_calendar_that_is_too_wide_begins_with_its_end(visit: Open) -> None:
    page = visit("/", viewport=NARROW).page
    for chart in page.locator(".calendar .latest > svg").all():
        box = chart.bounding_box()
        assert box
        assert box["width"] > NARROW["width"]
        assert box["x"] + box["width"] <= NARROW["width"]


def test_a_hostile_archive_stays_inert(visit: Open) -> None:
    for path in ("/", "/search?q=共建", "/search?status=live", "/article/4", "/article/4/diff"):
        page = visit(path).page
        page.wait_for_load_state("networkidle")
        assert not page.evaluate(
            "document.querySelectorAll('script:not([src^=\"/room/\"])').length"
        )
        assert page.evaluate("document.images.length") == 1
    page.goto("/article/4")
    expect(page.locator("h1")).to_contain_text('<script>fetch("http://evil.example/")</script>')
    for summary in page.locator("summary").all():
        summary.click()
    page.get_by_role("link", name="evil.example").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("<script>alert(1)</script>")


def test_the_tables_work_under_their_policy(visit: Open) -> None:
    page = visit("/archive/articles?_search=共建&_size=5").page
    expect(page.locator(".rows-and-columns tbody tr")).to_have_count(5)
    page.locator("th .dropdown-menu-icon").nth(1).click()
    expect(page.locator(".dropdown-menu").last).to_be_visible()
    page.goto("/archive?sql=select+1+as+one")
    expect(page.locator(".CodeMirror")).to_be_visible()
    page.get_by_role("button", name="Run SQL").click()
    expect(page.locator(".rows-and-columns td")).to_have_text(["1"])


def test_without_script(visit: Open) -> None:
    page = visit("/", java_script_enabled=False).page
    page.get_by_role("searchbox").fill("航班")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="港口恢复全部航班").click()
    expect(page.get_by_role("heading", name="Copies of this story")).to_be_visible()
    expect(page.get_by_role("button", name="Keys (?)")).to_be_hidden()


def test_print_leaves_out_what_is_for_the_screen(visit: Open) -> None:
    page = visit("/article/1").page
    page.emulate_media(media="print")
    for selector in (".top", ".bottom", ".lists", ".evidence"):
        expect(page.locator(selector)).to_be_hidden()
    expect(page.locator(".body")).to_be_visible()
    expect(page.locator(".cite blockquote")).to_be_visible()
