"""From what a person types to the plan of a crawl."""

from datetime import date
from pathlib import Path

import pytest

from newsspider.errors import UsageError
from newsspider.plan import CrawlOptions, expand, merge, plan_crawl


def test_a_url_starts_there_and_at_the_front_page() -> None:
    plan = plan_crawl("https://news.example.cn/a/1.html?utm_source=x")
    assert plan.site == "example.cn"
    assert plan.seeds == ("https://news.example.cn/a/1.html", "https://news.example.cn/")
    assert plan.in_scope("http://m.example.cn/x")
    assert not plan.in_scope("http://example.com/")
    assert not plan.is_local


def test_same_host_narrows_the_scope() -> None:
    plan = plan_crawl("https://news.example.cn/", CrawlOptions(same_host=True))
    assert plan.in_scope("https://news.example.cn/x")
    assert not plan.in_scope("https://m.example.cn/x")


def test_bare_addresses_keep_to_their_port() -> None:
    plan = plan_crawl("http://127.0.0.1:8000/")
    assert plan.in_scope("http://127.0.0.1:8000/x")
    assert not plan.in_scope("http://127.0.0.1:8001/x")
    assert plan.is_local


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://news.example.cn:443/x", True),
        ("http://news.example.cn:80/x", True),
        ("http://news.example.cn:8081/x", True),
        ("http://www.example.cn:8081/x", False),
        ("http://news.example.cn:22/x", False),
        ("http://news.example.cn:6379/x", False),
    ],
)
def test_odd_ports_must_be_named(url: str, wanted: bool) -> None:
    assert plan_crawl("http://news.example.cn:8081/").in_scope(url) is wanted


def test_a_profile_names_odd_ports(tmp_path: Path) -> None:
    text = 'home = "http://a.cn/"\nfeeds = ["http://old.a.cn:8080/rss"]\n'
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    plan = plan_crawl("a", CrawlOptions(folder=tmp_path))
    assert plan.in_scope("http://old.a.cn:8080/1.html")
    assert not plan.in_scope("http://old.a.cn:8081/1.html")


def test_a_section_or_page_is_its_only_seed() -> None:
    for reach in ("section", "page"):
        plan = plan_crawl("https://news.example.cn/a/", CrawlOptions(reach=reach))
        assert plan.seeds == ("https://news.example.cn/a/",)


def test_the_profile_of_a_url_is_used(tmp_path: Path) -> None:
    text = 'home = "https://www.example.cn/"\nsections = ["/a/"]\ndelay = 7\n'
    (tmp_path / "example.toml").write_text(text, encoding="utf-8")
    options = CrawlOptions(folder=tmp_path)
    for target in ("example", "https://m.example.cn/x"):
        plan = plan_crawl(target, options)
        assert plan.site == "example"
        assert plan.delay_s == 7
        assert "https://www.example.cn/a/" in plan.seeds
    assert plan_crawl("example", CrawlOptions(folder=tmp_path, delay_s=0)).delay_s == 0


def test_targets_of_one_site_are_one_crawl() -> None:
    targets = ("https://a.example.cn/1", "https://b.example.cn/2", "https://example.com/")
    plans = merge(plan_crawl(t) for t in targets)
    assert [p.site for p in plans] == ["example.cn", "example.com"]
    assert {"https://a.example.cn/1", "https://b.example.cn/2"} <= set(plans[0].seeds)


@pytest.mark.parametrize(
    "options",
    [
        CrawlOptions(delay_s=-1),
        CrawlOptions(delay_s=float("nan")),
        CrawlOptions(revisit="often"),  # type: ignore[arg-type]
        CrawlOptions(until_known=0),
    ],
    ids=repr,
)
def test_bad_options_are_refused(options: CrawlOptions) -> None:
    with pytest.raises(UsageError):
        plan_crawl("https://news.example.cn/", options)


@pytest.mark.parametrize(
    ("template", "since", "wanted"),
    [
        ("http://a.cn/{n:3-5}.htm", None, ["3", "4", "5"]),
        ("http://a.cn/{n:5-3}.htm", None, []),
        ("http://a.cn/{yyyy}{mm}{dd}.htm", "2024-02-28", ["20240301", "20240229", "20240228"]),
        ("http://a.cn/{yy}-{m}-{d}.htm", "2024-03-01", ["24-3-1"]),
        ("http://a.cn/{yyyy}-{mm}.htm", "2024-02-01", ["2024-03", "2024-02"]),
        ("http://a.cn/{n:1-2}-{n:8-9}.htm", None, ["1-8", "1-9", "2-8", "2-9"]),
        ("http://a.cn/plain.htm", None, ["plain"]),
    ],
)
def test_expand(template: str, since: str | None, wanted: list[str]) -> None:
    first = date.fromisoformat(since) if since else None
    found = expand(template, first, date(2024, 3, 1))
    assert found == [f"http://a.cn/{name}.htm" for name in wanted]


@pytest.mark.parametrize("template", ["http://a.cn/{yyyy}", "http://a.cn/{n:1-999999}"])
def test_templates_that_say_too_little_or_too_much(template: str) -> None:
    with pytest.raises(UsageError):
        expand(template, None, date(2024, 3, 1))
