"""Credits out of printed lines: fields, datelines, closing bylines, Western bylines."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsspider.extract.credits import (
    ROLES,
    authors_of,
    editors_of,
    parse_byline,
    parse_closing,
    parse_field_line,
    parse_opening,
    source_of,
    split_names,
)
from newsspider.items import Credit

Expected = list[tuple[str, str | None]]


def pairs(found: list[Credit] | tuple[Credit, ...]) -> Expected:
    return [(credit.role, credit.name) for credit in found]


FIELD_LINES: list[tuple[str, Expected]] = [
    (
        "来源:勘探开发研究院  编辑:   时间:2023-03-21 13:21:05",
        [("source", "勘探开发研究院"), ("editor", None)],
    ),
    ("来源：新华网", [("source", "新华网")]),
    ("来源： 人民网-文化频道", [("source", "人民网-文化频道")]),
    ("来源于： 东区办事处", [("source", "东区办事处")]),
    ("信息来源：省发改委", [("source", "省发改委")]),
    ("來源：聯合報", [("source", "聯合報")]),
    ("来源：《财经》杂志", [("source", "《财经》杂志")]),
    ("来源：", [("source", None)]),
    ("来源：本站原创", [("source", None)]),
    ("来源：网络整理 作者：佚名", [("source", None), ("author", None)]),
    ("来源|广州参考、羊城晚报", [("source", "广州参考、羊城晚报")]),
    ("来源：澎湃新闻·澎湃号·政务", [("source", "澎湃新闻·澎湃号·政务")]),
    (
        "2019-09-26 12:11 来源：证券时报网 作者：李在山",
        [("source", "证券时报网"), ("author", "李在山")],
    ),
    ("12:11来源：证券时报网作者：李在山", [("source", "证券时报网"), ("author", "李在山")]),
    ("2019年06月15日08:18  来源：人民网", [("source", "人民网")]),
    ("来源：人民网 2019年06月15日08:18", [("source", "人民网")]),
    ("发表于 2014-08-24 21:30 | 来源 CSDN | 作者 魏星", [("source", "CSDN"), ("author", "魏星")]),
    ("时间：2019-09-25 作者：网络整理 阅读：1644", [("author", None)]),
    ("来源 CSDN | 0 条评论", [("source", "CSDN")]),
    ("来源：新浪网  字号 大 中 小", [("source", "新浪网")]),
    ("来源：当代商报 时间：2019-09-23 作者：", [("source", "当代商报"), ("author", None)]),
    ("编 辑：张三  来 源：新华网", [("editor", "张三"), ("source", "新华网")]),
    ("责任编辑：张迪", [("editor", "张迪")]),
    ("责任编辑 张迪", [("editor", "张迪")]),
    ("[责任编辑：刘斌]", [("editor", "刘斌")]),
    ("[责任编辑：韩保林 PK155]", [("editor", "韩保林")]),
    ("（责任编辑： HN666）", [("editor", None)]),
    ("（责任编辑：系统管理员）", [("editor", None)]),
    ("(责编：汤诗瑶、丁涛)", [("editor", "汤诗瑶"), ("editor", "丁涛")]),
    ("（编辑：严玉洁 王辉）", [("editor", "严玉洁"), ("editor", "王辉")]),
    ("【编辑：姚昊】", [("editor", "姚昊")]),
    ("编辑|禤志杰", [("editor", "禤志杰")]),
    ("责编｜陈梦莹 校对丨黄慧敏", [("editor", "陈梦莹"), ("proofreader", "黄慧敏")]),
    ("责编：杨倩_NF4425", [("editor", "杨倩")]),
    ("责任编辑：李明 (EN042)", [("editor", "李明")]),
    ("责编：Demi Xia", [("editor", "Demi Xia")]),
    ("[责任编辑：alonliu]", [("editor", "alonliu")]),
    ("編輯：王小明 責任編輯：陳大文", [("editor", "王小明"), ("editor", "陳大文")]),
    (
        "本文来源：中国新闻网 责任编辑： 王晓易_NE0011",
        [("source", "中国新闻网"), ("editor", "王晓易")],
    ),
    ("由市局供稿 摄影/张艳 编辑/苏芳", [("photographer", "张艳"), ("editor", "苏芳")]),
    (
        "执笔/叨叨姐、胡一刀&李小飞刀",
        [("author", "叨叨姐"), ("author", "胡一刀"), ("author", "李小飞刀")],
    ),
    ("文 | 张三 编辑 | 李四", [("author", "张三"), ("editor", "李四")]),
    ("文丨张三 图丨李四", [("author", "张三"), ("photographer", "李四")]),
    ("文/图 刘玺东 易赛楠", [("author", "刘玺东"), ("author", "易赛楠")]),
    ("文＝山田太郎 写真＝鈴木一郎", [("author", "山田太郎"), ("photographer", "鈴木一郎")]),
    (
        "撰文：张三　摄影：李四　校对：王五　审核：赵六　监制：孙七",
        [
            ("author", "张三"),
            ("photographer", "李四"),
            ("proofreader", "王五"),
            ("reviewer", "赵六"),
            ("producer", "孙七"),
        ],
    ),
    (
        "初审：张三 复审：李四 终审：王五",
        [("reviewer", "张三"), ("reviewer", "李四"), ("reviewer", "王五")],
    ),
    ("采写：南都见习记者 林子沛", [("reporter", "林子沛")]),
    ("图片来源：视觉中国", [("photographer", "视觉中国")]),
    ("作者：新华社", [("author", None)]),
    ("作者：[美]约翰·史密斯 译者：李明", [("author", "约翰·史密斯"), ("translator", "李明")]),
    ("Author: John Smith | Source: Xinhua", [("author", "John Smith"), ("source", "Xinhua")]),
    ("Editor: Li Yan", [("editor", "Li Yan")]),
    ("Quelle: dpa", [("source", "dpa")]),
    ("Quelle: (Strato)", [("source", "Strato")]),
    ("Bildquelle: Peter Baum", [("photographer", "Peter Baum")]),
    ("Quelle: fhm/Getty Images", [("photographer", "fhm/Getty Images")]),
    ("来源：视觉中国", [("photographer", "视觉中国")]),
    ("Photo/Ann Reed", [("photographer", "Ann Reed")]),
    # what only looks like a field
    ("以租金为主要盈利来源的共享充电宝", []),
    ("数据来源：Wind", []),
    ("编辑小段文字就可以", []),
    ("Bemerkungen zum Text / fehlende Stellen", []),
    ("Kontext: Anna Braun", []),
    ("记者从会上获悉，今年以来", []),
    ("原标题：某某新闻", []),
    ("作者单位是北京大学", []),
    ("2019-09-26 12:11", []),
    ("来源：" + "很长的一段话" * 20, []),
    ("", []),
]


@pytest.mark.parametrize(
    ("line", "expected"), FIELD_LINES, ids=[line[:40] for line, _ in FIELD_LINES]
)
def test_field_line(line: str, expected: Expected) -> None:
    found = parse_field_line(line)
    assert pairs(found) == expected
    assert all(credit.raw and credit.raw in line for credit in found)


def test_label_without_a_value_keeps_its_text() -> None:
    _, editor = parse_field_line("来源:勘探开发研究院  编辑:   时间:2023-03-21 13:21:05")
    assert editor == Credit(role="editor", name=None, raw="编辑:")


OPENINGS: list[tuple[str, str | None, Expected]] = [
    ("新华社北京11月17日电（记者 张三、李四）今天", "新华社北京11月17日电",
     [("reporter", "张三"), ("reporter", "李四")]),
    ("　　新华社巴黎12月9日电（记者唐霁）法国9日", "新华社巴黎12月9日电", [("reporter", "唐霁")]),
    ("中国新闻在线3月18日安徽电 今天", "中国新闻在线3月18日安徽电", []),
    ("中国新闻在线 湖南讯 近日", "中国新闻在线 湖南讯", []),
    ("TNW中文站 10月14日报道", "TNW中文站 10月14日报道", []),
    ("华龙网-新重庆客户端讯 今（9）日", "华龙网-新重庆客户端讯", []),
    ("IT之家9月30日消息 据外媒报道", "IT之家9月30日消息", []),
    ("长江网10月4日讯（记者陈智 整合） 国庆", "长江网10月4日讯", [("reporter", "陈智")]),
    ("中新网3月21日电 据", "中新网3月21日电", []),
    ("中新社北京3月21日电 (记者 张三)国务院", "中新社北京3月21日电", [("reporter", "张三")]),
    ("本报讯（记者 张三 通讯员 李琴雯 刘会）近日", "本报讯",
     [("reporter", "张三"), ("correspondent", "李琴雯"), ("correspondent", "刘会")]),
    ("本报讯（首席记者 张三）近日", "本报讯", [("reporter", "张三")]),
    ("本报讯 通讯员 周素雅吴继华", "本报讯",
     [("correspondent", "周素雅"), ("correspondent", "吴继华")]),
    ("据新华社北京11月17日电 国务院", "据新华社北京11月17日电", []),
    ("央视网消息：国务院", "央视网消息", []),
    ("〔記者巫其倫／台北報導〕財政部", "記者巫其倫／台北報導", [("reporter", "巫其倫")]),
    ("聯合報 記者林宸誼／即時報導", "聯合報 記者林宸誼／即時報導", [("reporter", "林宸誼")]),
    ("（中央社記者王小明台北21日電）行政院", "中央社記者王小明台北21日電",
     [("reporter", "王小明")]),
    ("（职工通讯员 李琴雯 刘会）近日", None,
     [("correspondent", "李琴雯"), ("correspondent", "刘会")]),
    ("澎湃新闻记者 段彦超 廖艳", None, [("reporter", "段彦超"), ("reporter", "廖艳")]),
    ("半月谈记者 史卫燕", None, [("reporter", "史卫燕")]),
    ("本报记者 张三 李四 北京报道", None, [("reporter", "张三"), ("reporter", "李四")]),
    ("【文/观察者网专栏作者 王文】", None, [("author", "王文")]),
    ("执笔/叨叨姐、胡一刀", None, [("author", "叨叨姐"), ("author", "胡一刀")]),
    ("文/张三", None, [("author", "张三")]),
    ("WASHINGTON (AP) — The House voted", "WASHINGTON (AP)", []),
    ("LONDON, Nov 19 (Reuters) - Sterling fell", "LONDON, Nov 19 (Reuters)", []),
    ("BEIJING, March 21 (Xinhua) -- China's top", "BEIJING, March 21 (Xinhua)", []),
    ("MADRID, 21 Mar. (EUROPA PRESS) - El Gobierno", "MADRID, 21 Mar. (EUROPA PRESS)", []),
    ("Berlin (dpa) – Die Regierung", "Berlin (dpa)", []),
    ("Frankfurt/Main (dpa-AFX) - Der Dax", "Frankfurt/Main (dpa-AFX)", []),
    ("São Paulo (AFP) - O governo", "São Paulo (AFP)", []),
    # prose
    ("Apple (AAPL) – the maker of phones – said", None, []),
    ("Tim Cook (CEO) - who came later - said", None, []),
    ("He said (AP) - and others", "He said (AP)", []),
    ("the House (AP) — voted", None, []),
    ("WASHINGTON (AP) reported that", None, []),
    ("据路透社9月30日报道，美国", None, []),
    ("美国《纽约时报》9月30日报道称，总统", None, []),
    ("新华社记者", None, []),
    ("这家公司在北京的消息", None, []),
    ("3月21日电影上映", None, []),
    ("她3月21日电话联系了我们", None, []),
    ("刚刚，在阿里2019云栖大会上，阿里巴巴集团", None, []),
    ("他在网上发消息说", None, []),
    ("记者从市政府获悉，近日全市开展了活动。", None, []),
    ("", None, []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("paragraph", "dateline", "expected"),
    OPENINGS,
    ids=[case[0][:30] or "empty" for case in OPENINGS],
)
def test_opening(paragraph: str, dateline: str | None, expected: Expected) -> None:
    opening = parse_opening(paragraph)
    assert opening.dateline == dateline
    assert pairs(opening.credits) == expected
    assert all(credit.raw in paragraph for credit in opening.credits)


def test_outlet_of_a_dateline_is_no_source() -> None:
    assert source_of(parse_opening("新华社北京11月17日电（记者 张三）今天").credits) is None


CLOSINGS: list[tuple[str, Expected]] = [
    ("活动圆满结束。(于新 张继东)", [("author", "于新"), ("author", "张继东")]),
    ("(于新 张继东)", [("author", "于新"), ("author", "张继东")]),
    ("（羅森）", [("author", "羅森")]),
    ("结束。（张巨峰）", [("author", "张巨峰")]),
    ("很好。（记者 张三 通讯员 李四）", [("reporter", "张三"), ("correspondent", "李四")]),
    ("很好。（新华社记者 张三）", [("reporter", "张三")]),
    ("（记者张三 李四 王五）", [("reporter", "张三"), ("reporter", "李四"), ("reporter", "王五")]),
    ("更多突破。（编译/林靖东）", [("translator", "林靖东")]),
    ("(文/图 刘玺东 易赛楠)", [("author", "刘玺东"), ("author", "易赛楠")]),
    (
        "（张三、李四/文 王五/图）",
        [("author", "张三"), ("author", "李四"), ("photographer", "王五")],
    ),
    ("（周斌 摄）", [("photographer", "周斌")]),
    ("责任编辑：张迪", [("editor", "张迪")]),
    ("（责编：汤诗瑶、丁涛）", [("editor", "汤诗瑶"), ("editor", "丁涛")]),
    ("来源：补壹刀微信公号", [("source", "补壹刀微信公号")]),
    ("（来源：新华网）", [("source", "新华网")]),
    ("由市局供稿 摄影/张艳 编辑/苏芳", [("photographer", "张艳"), ("editor", "苏芳")]),
    ("采写：南都见习记者 林子沛", [("reporter", "林子沛")]),
    ("本报记者 张三", [("reporter", "张三")]),
    ("文：张三 图：李四", [("author", "张三"), ("photographer", "李四")]),
    ("这是最后一段。责任编辑：张迪", [("editor", "张迪")]),
    ("编号是0001。（陶小渔 文/图）", [("author", "陶小渔")]),
    ("（沈亦鸣 图/文）", [("author", "沈亦鸣")]),
    # no credits
    ("（高雄）", []),
    ("（完）", []),
    ("他去了黄山（高速）", []),
    ("会议在京召开（张三）", []),
    ("（作者系北京大学教授）", []),
    ("（资料来源：参考消息、海外网等）", []),
    ("(本文来自澎湃新闻，更多原创资讯请下载“澎湃新闻”APP)", []),
    ("返回腾讯网首页>>", []),
    ("他说，这是记者张三第一次来到这里，" * 10, []),
    ("", []),
]


@pytest.mark.parametrize(
    ("paragraph", "expected"), CLOSINGS, ids=[c[0][:30] or "empty" for c in CLOSINGS]
)
def test_closing(paragraph: str, expected: Expected) -> None:
    found = parse_closing(paragraph)
    assert pairs(found) == expected
    assert all(credit.raw in paragraph for credit in found)


BYLINES: list[tuple[str, str | None, Expected]] = [
    ("By Anna Brown and Tom O'Neil, Staff Writer", "en",
     [("author", "Anna Brown"), ("author", "Tom O'Neil")]),
    ("BY ANNA BROWN", "en", [("author", "ANNA BROWN")]),
    ("Anna Brown", "en", [("author", "Anna Brown")]),
    ("By Anna Brown, Political Editor, and Tom Lee in London", "en",
     [("author", "Anna Brown"), ("author", "Tom Lee")]),
    ("By Anna Brown | Reuters | March 21, 2023", "en", [("author", "Anna Brown")]),
    ("By Theresa May for The Times", "en", [("author", "Theresa May")]),
    ("By John F. Kennedy Jr. & Mary-Jane O’Hara", "en",
     [("author", "John F. Kennedy Jr."), ("author", "Mary-Jane O’Hara")]),
    ("By Reuters Staff", "en", []),
    ("By The Associated Press", "en", []),
    ("Staff Reporter", "en", []),
    ("Updated March 21, 2023", "en", []),
    ("Reporting by Anna Brown in Paris; Editing by Tom Lee", "en",
     [("author", "Anna Brown"), ("editor", "Tom Lee")]),
    ("By Anna Brown Photos by Tom Lee", "en",
     [("author", "Anna Brown"), ("photographer", "Tom Lee")]),
    ("Von Anna Müller und Jörg von der Heide", "de",
     [("author", "Anna Müller"), ("author", "Jörg von der Heide")]),
    ("Ein Kommentar von Anna Müller", "de", [("author", "Anna Müller")]),
    ("Autor Roman Schmidt", "de", [("author", "Roman Schmidt")]),
    ("Von dpa", "de", []),
    ("Par Élodie Durand et Jean-Pierre Lévy", "fr",
     [("author", "Élodie Durand"), ("author", "Jean-Pierre Lévy")]),
    ("Por José García", "es", [("author", "José García")]),
    ("di Marco Rossi", "it", [("author", "Marco Rossi")]),
    ("Door Jan van den Berg", "nl", [("author", "Jan van den Berg")]),
    ("Av Kari Nordmann", "no", [("author", "Kari Nordmann")]),
    ("Автор: Иван Петров", "ru", [("author", "Иван Петров")]),
    ("文＝山田太郎", "ja", [("author", "山田太郎")]),
    ("取材・文／山田 太郎", "ja", [("author", "山田 太郎")]),
    ("홍길동 기자", "ko", [("reporter", "홍길동")]),
    ("石佳/中国青年报", "zh", [("author", "石佳"), ("source", "中国青年报")]),
    ("澎湃新闻记者 贺梨萍", "zh", [("reporter", "贺梨萍")]),
    ("段彦超 廖艳", "zh", [("author", "段彦超"), ("author", "廖艳")]),
    ("新华社", "zh", []),
    ("", None, []),
    ("a long sentence by a person " * 20, "en", []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "language", "expected"), BYLINES, ids=[case[0][:40] or "empty" for case in BYLINES]
)
def test_byline(text: str, language: str | None, expected: Expected) -> None:
    found = parse_byline(text, language)
    assert pairs(found) == expected
    assert all(credit.raw in text for credit in found)


def test_fields_of_the_article_derive_from_the_credits() -> None:
    credits_ = parse_field_line(
        "来源：新华网 作者：张三 记者：李四 编辑：王五 责编：赵六 校对：孙七 编译：周八"
    )
    assert source_of(credits_) == "新华网"
    assert authors_of(credits_) == ["张三", "李四"]
    assert editors_of(credits_) == ["王五", "赵六"]


def test_translator_is_the_author_when_nobody_else_is() -> None:
    assert authors_of(parse_closing("（编译/林靖东）")) == ["林靖东"]


def test_first_named_source_counts() -> None:
    assert source_of(parse_field_line("来源：本站 来源：新华网 来源：人民网")) == "新华网"


PIECES = [
    "来源", "编辑", "责任编辑", "作者", "文", "图", "记者", "：", ":", "|", "/", "／", "、", " ",
    "　", "（", "）", "[", "]", "【", "】", "张三", "李 明", "新华社", "电", "讯", "11月17日",
    "2023-03-21", "12:11", "。", "By ", "Anna Brown", " and ", "报道", "摄", "〔", "〕",
    "系统管理员", "-", "_NF44",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=25).map("".join))
def test_any_line_is_read_and_every_credit_is_printed_there(text: str) -> None:
    found = [
        *parse_field_line(text),
        *parse_opening(text).credits,
        *parse_closing(text),
        *parse_byline(text),
        *parse_byline(text, "zh"),
    ]
    for credit in found:
        assert credit.role in ROLES.values()
        assert credit.raw
        assert credit.raw in text
        assert credit.name is None or credit.name == credit.name.strip() != ""
    dateline = parse_opening(text).dateline
    assert dateline is None or dateline in text


@given(
    st.lists(st.sampled_from("赵钱孙李周吴郑王").flatmap(
        lambda surname: st.text("小明丽华强军芳敏静", min_size=2, max_size=2).map(surname.__add__)
    ), min_size=1, max_size=4, unique=True),
    st.sampled_from(["、", "，", " ", "　", "/", "&"]),
    st.sampled_from(
        ["责任编辑：{}", "[责编:{}]", "（编辑｜{}）", "来源：新华网 编 辑：{} 2023-03-21"]
    ),
)  # fmt: skip
def test_printed_editors_are_read_back(names: list[str], mark: str, form: str) -> None:
    assert editors_of(parse_field_line(form.format(mark.join(names)))) == names


RUNS = [
    "编辑", "编辑：", "（", "（记者", "来源：", "文/", "新华社北京11月17日电", "张三 ", "王",
    "　", " and ", "By ", "11月", "张三／", "记者张三", "[", "A1", "/", "·",
]  # fmt: skip


@pytest.mark.parametrize("run", RUNS)
def test_long_runs_take_linear_time(run: str) -> None:
    text = run * (200_000 // len(run))
    start = time.process_time()
    for function in (parse_field_line, parse_opening, parse_closing, parse_byline, split_names):
        function(text)
    assert time.process_time() - start < 2
