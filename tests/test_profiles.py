"""Profiles: what a TOML file may say, and that a bad one is refused with file, key and reason."""

from pathlib import Path

import pytest

from newsspider.errors import ProfileError
from newsspider.profiles import available, find, load, match

GOOD = """
title = "例子新闻网"
home = "https://www.example.cn/"
sections = ["/news/", "https://society.example.cn/"]
hosts = ["example-news.cn"]
timezone = "Asia/Taipei"
delay = 2.5
tls_verify = false
strip = [".ad", "//div[@id='share']"]

[urls]
article = ['/\\d{4}/\\d+\\.html$']
section = '/list'
exclude = ['/live/']

[fields]
title = "h1.title"
body = ["div.content", "//td[@class='zw']"]
"""


def write(folder: Path, text: str, name: str = "example.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_profile_says_all_of_it(tmp_path: Path) -> None:
    profile = load(write(tmp_path, GOOD))
    assert profile.name == "example"
    assert profile.sections == ("https://www.example.cn/news/", "https://society.example.cn/")
    assert str(profile.zone) == "Asia/Taipei"
    assert profile.delay_s == 2.5
    assert profile.tls_verify is False
    assert profile.sites == {"example.cn", "example-news.cn"}
    assert profile.covers("http://m.example-news.cn/1")
    assert not profile.covers("http://example.com/")
    assert profile.is_article("https://www.example.cn/2023/7.html") is True
    assert profile.is_article("https://www.example.cn/about") is False
    assert profile.is_section("https://www.example.cn/list/3") is True
    assert profile.is_excluded("https://www.example.cn/live/1")
    assert len(profile.xpaths("body")) == 2
    assert profile.xpaths("source") == ()
    assert len(profile.strip_xpaths) == 2


def test_the_version_follows_the_file(tmp_path: Path) -> None:
    first = load(write(tmp_path, GOOD)).version
    assert load(write(tmp_path, GOOD)).version == first
    assert load(write(tmp_path, GOOD + "\n# changed\n")).version != first


HOME = 'home = "http://example.cn/"\n'


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ('title = "x"', "home", "missing"),
        ('home = "example.cn"', "home", "not an http"),
        ('home = "file:///etc/passwd"', "home", "not an http"),
        ("home = 3", "home", "a text is wanted"),
        (HOME + 'selectors = "x"', "selectors", "unknown key"),
        (HOME + "delay = -1", "delay", "seconds from 0"),
        (HOME + 'delay = "1s"', "delay", "seconds from 0"),
        (HOME + "delay = true", "delay", "seconds from 0"),
        (HOME + 'timezone = "Peking"', "timezone", "no time zone"),
        (HOME + 'timezone = "../../etc/passwd"', "timezone", "no time zone"),
        (HOME + 'tls_verify = "no"', "tls_verify", "true or false"),
        (HOME + "sections = [1]", "sections", "a text is wanted"),
        (HOME + 'sections = ["javascript:x"]', "sections", "not an http"),
        (HOME + 'strip = "div["', "strip", "bad selector"),
        (HOME + "[fields]\ntitel = 'h1'", "fields.titel", "unknown key"),
        (HOME + "[fields]\ntitle = '//h1['", "fields.title", "bad selector"),
        (HOME + "[fields]\ntitle = 'h1:nonsense()'", "fields.title", "bad selector"),
        (HOME + "[fields]\ntitle = ''", "fields.title", "a text is wanted"),
        (HOME + "[urls]\narticle = '(['", "urls.article", "bad regular expression"),
        (HOME + "[urls]\npages = 'x'", "urls.pages", "unknown key"),
        (HOME + "urls = 3", "urls", "a table is wanted"),
        (HOME + "name = '../x'", "name", "letters, digits"),
    ],
)
def test_a_bad_profile_is_refused_with_file_key_and_reason(
    tmp_path: Path, text: str, key: str, reason: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ProfileError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: {key}: ")
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("data", [b"home = ", b"\xff\xfe\x00", b"\x00" * 9], ids=repr)
def test_what_is_no_toml_is_refused_with_the_file(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(data)
    with pytest.raises(ProfileError, match="not a TOML file"):
        load(path)


def test_the_chosen_folder_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    chosen, local = tmp_path / "chosen", tmp_path / "sites"
    chosen.mkdir()
    local.mkdir()
    write(local, HOME, "a.toml")
    write(chosen, HOME, "a.toml")
    write(local, HOME, "b.toml")
    assert find("a", chosen).path == chosen / "a.toml"
    assert find("b", chosen).path == Path("sites/b.toml")
    assert find("sample").name == "sample"
    assert [p.stem for p in available(chosen)] == ["a", "b", "sample"]


@pytest.mark.parametrize("name", ["nobody", "../sample", "a/b", "", "x" * 99])
def test_an_unknown_name_says_where_it_was_looked_for(name: str) -> None:
    with pytest.raises(ProfileError, match="no profile"):
        find(name)


def test_match_finds_the_profile_of_a_url(tmp_path: Path) -> None:
    write(tmp_path, HOME, "first.toml")
    found = match("https://m.example.cn/x", [tmp_path / "first.toml"])
    assert found is not None
    assert found.name == "first"
    assert match("https://example.com/x", [tmp_path / "first.toml"]) is None


BROKEN = [b'home = "http://example.cn/"\nhome = ', b'home = "http://www.example.cn/"\ndelay = -1\n']


@pytest.mark.parametrize("data", BROKEN, ids=["no-toml", "bad-key"])
def test_a_broken_profile_stops_only_its_own_portal(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, data: bytes
) -> None:
    (tmp_path / "a.toml").write_bytes(data)
    write(tmp_path, 'home = "http://example.com/"', "b.toml")
    paths = [tmp_path / "a.toml", tmp_path / "b.toml"]
    found = match("http://news.example.com/x", paths)
    assert found is not None
    assert found.name == "b"
    assert match("http://127.0.0.1:8080/x", paths) is None
    assert [str(tmp_path / "a.toml") in line for line in caplog.messages] == [True, True]
    with pytest.raises(ProfileError):
        match("http://news.example.cn/x", paths)
