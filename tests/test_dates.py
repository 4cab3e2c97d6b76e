"""Times as pages print them."""

import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider.dates import When, date_in_url, find_printed, parse_machine, parse_printed
from newsspider.dates.words import MONTHS
from newsspider.items import iso

CHINA = dt.timezone(dt.timedelta(hours=8), "CST")
BERLIN = dt.timezone(dt.timedelta(hours=1), "CET")
NOW = dt.datetime(2023, 3, 22, 14, 30, 20, tzinfo=CHINA)


def shown(when: When | None) -> str | None:
    """Return *when* in wall-clock time, cut to its precision; a foreign offset is added."""
    if when is None:
        return None
    text = iso(when.moment, when.precision) or ""
    text = text.replace("T", " ")
    if when.precision == "day":
        return text
    clock, offset = text[:-6], text[-6:]
    clock = clock[:-3] if when.precision == "minute" else clock
    return clock if offset == "+08:00" else clock + offset


PRINTED = [
    # Chinese, as portals print them
    ("2019年11月25日 18:57", "2019-11-25 18:57"),
    ("2019年06月15日08:18", "2019-06-15 08:18"),
    ("2019年9月7日 08:05:32", "2019-09-07 08:05:32"),
    ("2017-03-10 08:42:00", "2017-03-10 08:42:00"),
    ("(2020-01-21 11:12)", "2020-01-21 11:12"),
    ("时间:2023-03-21 13:21:05", "2023-03-21 13:21:05"),
    ("发布时间：2023-03-21 13:21", "2023-03-21 13:21"),
    ("发布日期: 2012-06-24", "2012-06-24"),
    ("发表于 2014-08-24 21:30 |", "2014-08-24 21:30"),
    ("2023/3/21 9:05", "2023-03-21 09:05"),
    ("2023.03.21", "2023-03-21"),
    ("2023.03.21 13:21", "2023-03-21 13:21"),
    ("2023 - 03 - 21 13:21", "2023-03-21 13:21"),
    ("2023年3月21日", "2023-03-21"),
    ("2023 年 3 月 21 日 13 时 21 分", "2023-03-21 13:21"),
    ("2023年3月21日13时21分05秒", "2023-03-21 13:21:05"),
    ("2023年3月21日13点21分", "2023-03-21 13:21"),
    ("2023年3月21日下午3点", "2023-03-21 15:00"),
    ("2023年3月21日 上午9:05", "2023-03-21 09:05"),
    ("2023年3月21日 下午 1:21", "2023-03-21 13:21"),
    ("2023年3月21日 中午12:10", "2023-03-21 12:10"),
    ("2023年3月21日 凌晨12:10", "2023-03-21 00:10"),
    ("2023-03-21 晚上8:05", "2023-03-21 20:05"),
    ("2023年3月21日 星期二 13:21", "2023-03-21 13:21"),
    ("2023年03月21日（周二）13:21", "2023-03-21 13:21"),
    ("２０２３年３月２１日　１３：２１", "2023-03-21 13:21"),
    ("2012年12月10日, 格林尼治标准时间10:41", "2012-12-10 10:41+00:00"),
    ("2023年3月21日 北京时间13:21", "2023-03-21 13:21"),
    ("2019\n09/07\n19:02", "2019-09-07 19:02"),
    ("2019-09-0712:11", "2019-09-07 12:11"),
    ("2023-03-21T13:21:05+08:00", "2023-03-21 13:21:05"),
    ("2023-03-21 13:21:05.0", "2023-03-21 13:21:05"),
    ("10-08 12:00", "2022-10-08 12:00"),
    ("发布时间：03-20 12:00", "2023-03-20 12:00"),
    ("3月20日 12:00", "2023-03-20 12:00"),
    ("12月30日", "2022-12-30"),
    ("3月21日", "2023-03-21"),
    ("[03-21]", "2023-03-21"),
    ("03/21", "2023-03-21"),
    ("02-29", "2020-02-29"),
    ("18-03-08", "2018-03-08"),
    ("18-03-08 23:16", "2018-03-08 23:16"),
    ("20230321", "2023-03-21"),
    ("二〇二三年三月二十一日", "2023-03-21"),
    ("二○一九年十二月十日", "2019-12-10"),
    ("二零二二年十月三十一日", "2022-10-31"),
    ("民國112年3月21日", "2023-03-21"),
    ("中華民國 112 年 3 月 21 日", "2023-03-21"),
    ("112年3月21日", "2023-03-21"),
    ("民國一百一十二年三月二十一日", "2023-03-21"),
    # against the clock of the reader
    ("昨天 09:15", "2023-03-21 09:15"),
    ("昨天", "2023-03-21"),
    ("今天 09:15", "2023-03-22 09:15"),
    ("前天", "2023-03-20"),
    ("5分钟前", "2023-03-22 14:25"),
    ("5 分鐘前", "2023-03-22 14:25"),
    ("半小时前", "2023-03-22 14:00"),
    ("3小时前", "2023-03-22"),
    ("20小时前", "2023-03-21"),
    ("2天前", "2023-03-20"),
    ("1周前", "2023-03-15"),
    ("刚刚", "2023-03-22 14:30"),
    ("剛剛", "2023-03-22 14:30"),
    ("5 minutes ago", "2023-03-22 14:25"),
    ("2 days ago", "2023-03-20"),
    ("an hour ago", "2023-03-22"),
    ("just now", "2023-03-22 14:30"),
    ("Yesterday", "2023-03-21"),
    # Japanese and Korean
    ("2023年3月21日 13時21分", "2023-03-21 13:21"),
    ("2023年3月21日（火）13:21", "2023-03-21 13:21"),
    ("2023/03/21 13:21 JST", "2023-03-21 13:21+09:00"),
    ("令和5年3月21日", "2023-03-21"),
    ("令和元年5月1日", "2019-05-01"),
    ("2023년 3월 21일 오후 1:21", "2023-03-21 13:21"),
    ("2023년 3월 21일 13시 21분", "2023-03-21 13:21"),
    ("입력 2023.03.21. 오후 1:21", "2023-03-21 13:21"),
    # English
    ("March 21, 2023 1:21 pm", "2023-03-21 13:21"),
    ("March 21, 2023", "2023-03-21"),
    ("21 March 2023", "2023-03-21"),
    ("21st of March 2023", "2023-03-21"),
    ("Published: Tuesday, 21 March 2023 at 13:21", "2023-03-21 13:21"),
    ("Mar. 21, 2023, at 1:21 PM EST", "2023-03-21 13:21-05:00"),
    ("Mar. 21, 2023, at 1:21 PM ET", "2023-03-21 13:21-04:00"),
    ("Jan. 21, 2023 1:21 a.m. ET", "2023-01-21 01:21-05:00"),
    ("Jan 21, 2023 12:05 a.m. PT", "2023-01-21 00:05-08:00"),
    ("1:21 PM EDT, Tue March 21, 2023", "2023-03-21 13:21-04:00"),
    ("Tue 21 Mar 2023 13.21 GMT", "2023-03-21 13:21+00:00"),
    ("21 March 2023, 13:21 GMT+1", "2023-03-21 13:21+01:00"),
    ("21 March 2023 13:21 (UTC+05:30)", "2023-03-21 13:21+05:30"),
    ("21 March 2023 13:21 IST", "2023-03-21 13:21+05:30"),
    ("21-Mar-2023 13:21", "2023-03-21 13:21"),
    ("2023-Mar-21", "2023-03-21"),
    ("Sept. 7, 2022", "2022-09-07"),
    ("May 1st, 2022", "2022-05-01"),
    ("March 21 2023 | 9 am", "2023-03-21 09:00"),
    ("Mar 21", "2023-03-21"),
    ("21 March", "2023-03-21"),
    # other languages
    ("21. März 2023, 13:21 Uhr", "2023-03-21 13:21"),
    ("21.03.2023 - 13:21", "2023-03-21 13:21"),
    ("21.03.2023, 13.21 Uhr", "2023-03-21 13:21"),
    ("Dienstag, 21.3.2023 um 13 Uhr", "2023-03-21 13:00"),
    ("21.03.23, 13:21 Uhr", "2023-03-21 13:21"),
    ("21.03.23", "2023-03-21"),
    ("21. März 2023", "2023-03-21"),
    ("21 / März / 2023", "2023-03-21"),
    ("21 / 03 / 2023", "2023-03-21"),
    ("March, 21 2023", "2023-03-21"),
    ("الثلاثاء 21 فيفري 2023", "2023-02-21"),
    ("Publié le 21 mars 2023 à 13h21", "2023-03-21 13:21"),
    ("le 1er août 2022 à 9 h 05", "2022-08-01 09:05"),
    ("21/03/2023 à 13:21", "2023-03-21 13:21"),
    ("21 de marzo de 2023", "2023-03-21"),
    ("21 de marzo de 2023 a las 13:21 h", "2023-03-21 13:21"),
    ("21 mar 2023 13:21 CET", "2023-03-21 13:21+01:00"),
    ("21 de março de 2023 às 13h21", "2023-03-21 13:21"),
    ("21 marzo 2023 alle 13:21", "2023-03-21 13:21"),
    ("21 maart 2023 om 13:21 uur", "2023-03-21 13:21"),
    ("21. mars 2023 kl. 13.21", "2023-03-21 13:21"),
    ("21 mars 2023 kl 13.21", "2023-03-21 13:21"),
    ("21. marts 2023", "2023-03-21"),
    ("21 марта 2023 г. в 13:21", "2023-03-21 13:21"),
    ("13:21, 21 марта 2023", "2023-03-21 13:21"),
    ("21 березня 2023, 13:21", "2023-03-21 13:21"),
    ("21 marca 2023, 13:21", "2023-03-21 13:21"),
    ("21 Mart 2023 - 13:21", "2023-03-21 13:21"),
    ("21 tháng 3, 2023", "2023-03-21"),
    ("2023. március 21. 13:21", "2023-03-21 13:21"),
    ("31/12/2022 13:21", "2022-12-31 13:21"),
    ("12/31/2022", "2022-12-31"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PRINTED, ids=[text for text, _ in PRINTED])
def test_printed_time_is_read(text: str, expected: str) -> None:
    when = parse_printed(text, zone=CHINA, now=NOW)
    assert shown(when) == expected
    assert when is not None
    assert when.raw in text
    assert when.moment.tzinfo is not None


UNREAD = [
    "",
    "  ",
    "新闻",
    "2023年2月30日",
    "2023-13-01",
    "2023-00-10",
    "2023-3-32",
    "1.2.3.4",
    "2023.3.21.4",
    "192.168.2019.12.11.10",
    "电话 010-2023-03-21",
    "/2023/03/21/",
    "1889年3月21日",
    "2123年3月21日",
    "2023-03-24 15:00",
    "03/04/2023",
    "第3-21期",
    "3小时",
    "March",
    "Chapter 21, 2023",
    "5 Punkte 2023",
    "阅读 1234",
    "12:30",
    "0000-00-00 00:00:00",
    "x" * 300 + "2023-03-21",
]


@pytest.mark.parametrize("text", UNREAD, ids=[text[:30] or "empty" for text in UNREAD])
def test_what_is_no_time_is_not_read(text: str) -> None:
    assert parse_printed(text, zone=CHINA, now=NOW) is None


NEED_A_CLOCK = [
    "昨天",
    "5分钟前",
    "刚刚",
    "10-08 12:00",
    "3月21日",
    "an hour ago",
    "Mar 21",
    "yesterday",
]


@pytest.mark.parametrize("text", NEED_A_CLOCK)
def test_relative_times_are_left_out_without_a_clock_to_read_them_against(text: str) -> None:
    assert parse_printed(text, zone=CHINA, language="en") is None


LINES = [
    ("12:11来源：新华网 2019-09-26 12:11 来源：证券时报网", ["2019-09-26 12:11"]),
    ("2019-09-26 12:11来源：证券时报网作者：李在山", ["2019-09-26 12:11"]),
    (
        "发布时间：2023-03-20 08:00 更新时间：2023-03-21 09:30",
        ["2023-03-20 08:00", "*2023-03-21 09:30"],
    ),
    (
        "Published March 20, 2023 8:00 am | Updated March 21, 2023 9:30 am",
        ["2023-03-20 08:00", "*2023-03-21 09:30"],
    ),
    ("Stand: 21.03.2023, 13:21 Uhr", ["*2023-03-21 13:21"]),
    ("他于2023年3月1日到达，3月5日离开，10-08没有时间", ["2023-03-01"]),
    ("昨天 09:15 编辑 昨天大家都来了 5分钟前", ["2023-03-21 09:15", "2023-03-22 14:25"]),
    ("2019-09-24 12:11 2019-09-25", ["2019-09-24 12:11", "2019-09-25"]),
    ("共 3 页 2019年", []),
    ("阅读(2019) 评论(03) 2019/09/07", ["2019-09-07"]),
    ("https://a.example/2019/09/07/1.html", []),
    ("1.2.2020 und 3.4.2021", ["2020-02-01", "2021-04-03"]),
    ("更新 2023-03-21 10:00 发布 2023-03-20 10:00", ["*2023-03-21 10:00", "2023-03-20 10:00"]),
]


@pytest.mark.parametrize(("text", "expected"), LINES, ids=[text for text, _ in LINES])
def test_every_time_of_a_line_is_found_in_order(text: str, expected: list[str]) -> None:
    found = find_printed(text, zone=CHINA, now=NOW)
    assert [("*" if w.modified else "") + (shown(w) or "") for w in found] == expected
    assert all(when.raw in text for when in found)


FORMATS = [
    "{d.year}年{d.month}月{d.day}日 {d:%H:%M}",
    "{d.year}年{d:%m}月{d:%d}日{d:%H:%M}",
    "{d:%Y-%m-%d %H:%M}",
    "{d:%Y/%m/%d %H:%M}",
    "{d:%Y.%m.%d %H:%M}",
    "({d:%Y-%m-%d %H:%M})",
    "时间：{d:%Y-%m-%d %H:%M} 来源：",
    "{d:%d.%m.%Y, %H:%M} Uhr",
    "{d.day}. {german} {d.year}, {d:%H.%M} Uhr",
    "{english} {d.day}, {d.year} {twelve}",
    "{d.day} {english} {d.year} at {twelve}",
    "le {d.day} {french} {d.year} à {d:%H}h{d:%M}",
    "{d.day} {russian} {d.year}, {d:%H:%M}",
    "{d.year}年{d.month}月{d.day}日 {d.hour}時{d:%M}分",
    "民國{roc}年{d.month}月{d.day}日 {d:%H:%M}",
]
ENGLISH = "January February March April May June July August September October November December"
GERMAN = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
FRENCH = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
RUSSIAN = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"


@given(
    moment=st.datetimes(dt.datetime(1990, 1, 2), dt.datetime(2099, 12, 31)),
    form=st.sampled_from(FORMATS),
)
def test_every_formatted_time_is_read_back(moment: dt.datetime, form: str) -> None:
    moment = moment.replace(second=0, microsecond=0)
    text = form.format(
        d=moment,
        english=ENGLISH.split()[moment.month - 1],
        german=GERMAN.split()[moment.month - 1],
        french=FRENCH.split()[moment.month - 1],
        russian=RUSSIAN.split()[moment.month - 1],
        twelve=f"{moment.hour % 12 or 12}:{moment:%M} {'am' if moment.hour < 12 else 'pm'}",
        roc=moment.year - 1911,
    )
    when = parse_printed(text, zone=CHINA)
    assert when is not None
    assert when.moment == moment.replace(tzinfo=CHINA)
    assert when.precision == "minute"


@given(
    st.datetimes(dt.datetime(1990, 1, 2), dt.datetime(2099, 12, 31)),
    st.integers(-12 * 4, 14 * 4),
)
def test_every_iso_time_is_read_back(moment: dt.datetime, quarters: int) -> None:
    moment = moment.replace(microsecond=0)
    aware = moment.replace(tzinfo=dt.timezone(dt.timedelta(minutes=15 * quarters)))
    when = parse_machine(aware.isoformat(), BERLIN)
    assert when is not None
    assert when.moment == aware


@given(st.text(alphabet="0123456789-/.:年月日 TZ+前秒昨天上下午二〇March,", max_size=60))
def test_any_text_is_read_without_error_and_to_a_plausible_time(text: str) -> None:
    for when in find_printed(text, zone=CHINA, now=NOW):
        assert 1990 <= when.moment.year <= 2023
        assert when.raw in text
        assert when.moment.utcoffset() is not None
    parse_printed(text, zone=CHINA, now=NOW)
    parse_machine(text, CHINA)
    date_in_url(text)


def test_us_times_follow_summer_time() -> None:
    shown_at = [
        shown(parse_printed(f"{day} 1:00 PM ET", zone=CHINA))
        for day in ("March 11, 2023", "March 12, 2023", "November 4, 2023", "November 5, 2023")
    ]
    assert [text and text[-6:] for text in shown_at] == ["-05:00", "-04:00", "-04:00", "-05:00"]


def test_own_name_of_the_zone_goes_first() -> None:
    chicago = dt.timezone(dt.timedelta(hours=-6), "CST")
    text = "2023-01-21 13:21 CST"
    assert shown(parse_printed(text, zone=CHINA)) == "2023-01-21 13:21"
    assert shown(parse_printed(text, zone=chicago)) == "2023-01-21 13:21-06:00"


def test_month_names_mean_one_month_each() -> None:
    assert set(MONTHS.values()) == set(range(1, 13))
    assert all(name == name.lower() and len(name) >= 3 for name in MONTHS)


HOSTILE = [" " * 200_000, "2025-" * 50_000, "2025/1/" * 30_000, "1" * 200_000, "2023年" * 50_000,
           "12:" * 60_000, "一" * 200_000, "王前" * 60_000, "1 mar " * 30_000]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:7] for text in HOSTILE])
def test_long_runs_take_linear_time(text: str) -> None:
    start = time.perf_counter()
    find_printed(text, zone=CHINA, now=NOW)
    parse_printed(text, zone=CHINA, now=NOW)
    parse_machine(text, CHINA)
    date_in_url(text)
    assert time.perf_counter() - start < 2


def test_white_space_of_the_page_source_within_a_time_is_read_over() -> None:
    when = parse_printed("21.\n\t\t\t\tMärz\n\t\t\t\t2023", zone=CHINA, now=NOW, language="de")
    assert shown(when) == "2023-03-21"
    assert when is not None and when.raw == "21. März 2023"
