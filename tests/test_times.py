"""Which of the times of a page is that of its publication."""

import pytest

from newsspider import extract

ZH = "<p>河道管理处每天派两组人沿堤巡查，重点看涵闸和险工段，发现渗水立即上报，当天处理。</p>" * 3
EN = (
    "<p>Two teams walk along the dike every day and look at the sluices, because last winter the "
    "water came through, and nobody had seen it before the field was flooded.</p>" * 3
)
URL = "https://news.example.com/walk"


def read(head: str, line: str, *, tail: str = "", lang: str = "en", url: str = URL) -> str | None:
    """Return the day of publication of a page with these elements."""
    html = (
        f"<html lang={lang}><head><title>Along the dike</title>{head}</head><body>"
        f"<h1>Along the dike</h1><div>{line}</div><div class=content>{EN}</div>{tail}</body></html>"
    )
    found = extract(html, url).date_published
    return found.isoformat() if found else None


def ld(published: str, modified: str = "") -> str:
    changed = f',"dateModified":"{modified}"' if modified else ""
    return (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Along the dike",'
        f'"datePublished":"{published}"{changed}}}</script>'
    )


def meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{content}">'


@pytest.mark.parametrize(
    ("head", "line", "expected"),
    [
        pytest.param(
            ld("2023-11-09T02:11:03Z"), "November 8, 2023", "2023-11-08T23:11:03-03:00", id="west"
        ),
        pytest.param(
            ld("2023-11-08T20:11:03Z"), "November 9, 2023", "2023-11-09T00:11:03+04:00", id="east"
        ),
        pytest.param(ld("2025-06-12"), "November 2, 2022", "2022-11-02", id="printed-beside"),
        pytest.param(
            ld("2022-11-02T08:00:00Z"),
            "<figure><figcaption>The dike as it was on June 12, 2010</figcaption></figure>",
            "2022-11-02T08:00:00+00:00",
            id="caption",
        ),
        pytest.param(
            ld("2021-11-01T05:00:14+01:00"), "11/01/2021", "2021-11-01T05:00:14+01:00", id="order"
        ),
        pytest.param(
            ld("2012-09-12T16:45:28Z", "2021-09-08T18:02:10Z"),
            "September 8, 2021",
            "2012-09-12T16:45:28+00:00",
            id="printed-day-is-the-change",
        ),
        pytest.param(
            meta("date", "2026-01-26T14:32:06Z"), "21 January 2022", "2022-01-21", id="unsure-meta"
        ),
        pytest.param(
            meta("date", "2021-12-20T11:02:44Z"), "27 January 2022", "2022-01-27", id="later"
        ),
        pytest.param(
            meta("date", "2026-01-26T14:32:06Z"),
            "<time itemprop=datePublished datetime=2022-01-27T08:00:00Z>today</time>",
            "2022-01-27T08:00:00+00:00",
            id="element-before-unsure-meta",
        ),
        pytest.param(
            meta("published_on", "2026-01-22T21:00:00Z"), "", "2026-01-22T21:00:00+00:00", id="like"
        ),
        pytest.param(meta("expires_publish_date", "2027-01-22"), "", None, id="unlike"),
        pytest.param(
            '<meta itemprop="datePublished" content="2020-02-19">'
            '<meta itemprop="datePublished" content="2019-02-12">'
            + meta("article:published_time", "2017-04-12T18:33:59Z"),
            "",
            "2017-04-12T18:33:59+00:00",
            id="repeated-for-a-list",
        ),
        pytest.param(
            "",
            "<time itemprop=dateModified>2018-08-29 14:15:57</time> "
            "<time itemprop=datePublished>2018-06-22 10:20:00</time>",
            "2018-06-22T10:20:00+00:00",
            id="change-and-publication-in-one-line",
        ),
        pytest.param(
            "", "Posted on June 29, 2020 <i>November 12, 2021</i>", "2020-06-29", id="two-days"
        ),
        pytest.param(
            "<script>showDate('2020/04/17 01:43:09')</script>",
            "",
            "2020-04-17T01:43:09+00:00",
            id="written-by-a-script",
        ),
        pytest.param(
            '<script>var page = {firstPublicationDate: "20230428"}</script>',
            "",
            "2023-04-28",
            id="state-of-an-app",
        ),
        pytest.param("", "Published on 01/25/26", "2026-01-25", id="year-of-two-digits"),
        pytest.param(
            ld("2024-09-10T16:07:00Z"), "09.10.2024", "2024-09-10T16:07:00+00:00", id="points"
        ),
        pytest.param(
            "",
            "<h3>10 April 2025, 18:00, in the room above the library of the town</h3>"
            "<p class=author>Anna Brown</p><p class=date>March 6, 2025</p>",
            "2025-03-06",
            id="of-an-event",
        ),
        pytest.param(
            "",
            "<p>Received 2023 Mar 1; Accepted 2023 Apr 2; Published 2023 May 3.</p>",
            "2023-05-03",
            id="making-of-a-paper",
        ),
        pytest.param(
            "",
            "<p class=caption>3 May 2023 | Water, Winter</p>" + "<p>Dike</p>" * 5,
            "2023-05-03",
            id="named-a-caption-below-the-headline",
        ),
        pytest.param(
            meta("sailthru.date", "2016-12-15") + meta("og:article:published_time", "2016-12-14"),
            "",
            "2016-12-14",
            id="plain-name-before-a-vendor's",
        ),
    ],
)
def test_day_of_publication(head: str, line: str, expected: str | None) -> None:
    got = read(head, line)
    if expected is None:
        assert got is None
    elif len(expected) == 10:
        assert (got or "")[:10] == expected
    else:
        assert got == expected


LABELS = [
    ("en", "Date published: 3 May 2023"),
    ("en", "This entry was posted on Wednesday, May 3rd, 2023 at 23:03 and is filed under walks, "
     "water and winter, and you can follow any responses to it, and leave one, if you so like"),
    ("de", "Erschienen am: 03.05.2023"),
    ("de", "Dieser Beitrag wurde am Mittwoch, 3. Mai 2023 um 10:03 Uhr veröffentlicht und unter "
     "Wasser, Winter, Wege und anderem abgelegt; man kann auch alle Antworten dazu verfolgen"),
    ("fr", "Mis en ligne le 3 mai 2023"),
    ("es", "Fecha de publicación: 3 de mayo de 2023"),
    ("it", "Pubblicato il 3 maggio 2023"),
    ("pt", "Publicado em 3 de maio de 2023"),
    ("nl", "Gepubliceerd op 3 mei 2023"),
    ("pl", "Opublikowano: 3 maja 2023"),
    ("ru", "Опубликовано 3 мая 2023"),
    ("tr", "Yayınlanma tarihi: 3 Mayıs 2023"),
    ("ja", "公開日：2023年5月3日"),
    ("ko", "입력 2023년 5월 3일"),
    ("vi", "Ngày đăng: 3 tháng 5, 2023"),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "line"), LABELS, ids=[f"{a}-{b[:12]}" for a, b in LABELS])
def test_labelled_line_in_the_foot(lang: str, line: str) -> None:
    tail = "<p>Walks</p>" * 20 + f"<footer><p>{line}</p></footer>"
    html = f"<html lang={lang}><h1>Along the dike</h1><div>{EN}</div>{tail}</html>"
    found = extract(html, "https://a.example/x").date_published
    assert found is not None
    assert found.date().isoformat() == "2023-05-03"


@pytest.mark.parametrize(
    "line",
    [
        "Copyright © 19.12.2019 by the board",
        "Next review due: 11 January 2029",
        "Walks 3 May",
        "Site last updated: December 20, 2025",
    ],
)
def test_what_a_foot_says_of_other_days(line: str) -> None:
    assert read("", "", tail="<p>Walks</p>" * 20 + f"<footer><p>{line}</p></footer>") is None


@pytest.mark.parametrize(
    ("lang", "head", "opening", "expected"),
    [
        pytest.param("de", "", "Karlsruhe, (12.11.2021). ", "2021-11-12", id="place-and-day"),
        pytest.param("de", "", "27.1.2022 - ", "2022-01-27", id="day"),
        pytest.param(
            "de",
            "",
            "Anna Braun</p><p>Ein Weg</p><p>Von Jo Weiß</p><p>27.1.2022 - ",
            "2022-01-27",
            id="behind-a-byline",
        ),
        pytest.param("en", "<title>Dike | Post | 28.04.2023</title>", "", "2023-04-28", id="title"),
        pytest.param("en", "", "They met on 12 May 2021. ", None, id="prose"),
    ],
)
def test_day_that_the_text_opens_with(
    lang: str, head: str, opening: str, expected: str | None
) -> None:
    text = f"<p>{opening}{EN[3:]}"
    html = f"<html lang={lang}>{head}<body><h1>Along the dike</h1><div>{text}</div></body></html>"
    found = extract(html, URL).date_published
    assert (found.date().isoformat() if found else None) == expected


def test_chinese_datelines_tell_no_day() -> None:
    html = f"<html lang=zh><h1>沿堤二十里</h1><div><p>2023年3月1日 - 据介绍，{ZH[3:]}</div></html>"
    assert extract(html, "http://a.example.cn/x").date_published is None


def test_a_caption_inside_the_text_tells_no_day() -> None:
    picture = "<figure><img src=a.jpg><figcaption>The dike, 24 April 2023</figcaption></figure>"
    tail = "<ul><li>Date 28 April 2023</li></ul>"
    html = f"<html lang=en><h1>Along the dike</h1><div>{EN}{picture}{EN}</div>{tail}</html>"
    found = extract(html, "https://a.example/x").date_published
    assert found is not None
    assert found.date().isoformat() == "2023-04-28"
