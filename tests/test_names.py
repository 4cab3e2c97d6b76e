"""Names of persons in credits, and what is none."""

import pytest

from newsspider.extract.names import account_of, is_han_name, is_outlet, split_names

NAMES: list[tuple[str, list[str]]] = [
    ("汤诗瑶、丁涛", ["汤诗瑶", "丁涛"]),
    ("汤诗瑶，丁涛", ["汤诗瑶", "丁涛"]),
    ("汤诗瑶　丁涛", ["汤诗瑶", "丁涛"]),
    ("汤诗瑶/丁涛&王文", ["汤诗瑶", "丁涛", "王文"]),
    ("李 明 王小红", ["李明", "王小红"]),
    ("李 明", ["李明"]),
    ("周素雅吴继华", ["周素雅", "吴继华"]),
    ("张三李四", ["张三", "李四"]),
    ("欧阳修文", ["欧阳修文"]),
    ("体育教科书", ["体育教科书"]),
    ("诸葛明 上官小红、鲜于光", ["诸葛明", "上官小红", "鲜于光"]),
    ("约翰·史密斯", ["约翰·史密斯"]),
    ("买买提·艾力", ["买买提·艾力"]),
    ("Demi Xia", ["Demi Xia"]),
    ("Demi Xia、张三", ["Demi Xia", "张三"]),
    ("杨倩_NF4425", ["杨倩"]),
    ("韩保林 PK155", ["韩保林"]),
    ("HN666", []),
    ("李明（实习生）", ["李明"]),
    ("王文 摄", ["王文"]),
    ("观察者网专栏作者 王文", ["王文"]),
    ("本报记者张三", ["张三"]),
    ("张三，张三", ["张三"]),
    ("新华社", []),
    ("东区办事处、宣传部", []),
    ("中国青年报 李明", ["李明"]),
    ("未知", []),
    ("佚名", []),
    ("系统管理员", []),
    ("admin", []),
    ("本站", []),
    ("12345", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), NAMES, ids=[text or "empty" for text, _ in NAMES])
def test_names_are_split(text: str, expected: list[str]) -> None:
    assert split_names(text) == expected


@pytest.mark.parametrize(("text", "outlet"), [
    ("人民日报", True), ("东区办事处", True), ("中国新闻网", True), ("省发改委", True),
    ("江淮网", True), ("李国报", False), ("王文", False), ("叨叨姐", False), ("某某有限公司", True),
])  # fmt: skip
def test_outlets_are_told_from_persons(text: str, outlet: bool) -> None:
    assert is_outlet(text) is outlet


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("欧阳修", True),
        ("司马小红", True),
        ("钟离春", True),
        ("上官婉儿", True),
        ("赫连勃", True),
        ("江淮网", False),
        ("石家庄", False),
        ("平安办", False),
        ("东方早报", False),
    ],
)
def test_han_names_are_sure(text: str, name: bool) -> None:
    assert is_han_name(text) is name


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("微信公众号“河边观察”（ID：hebian）", "河边观察"),
        ("公众号：河边观察", "河边观察"),
        ("百家号 河边观察", "河边观察"),
        ("转自微信公众号「河边观察」", "河边观察"),
        ("河边观察微信公众号", "河边观察微信公众号"),
        ("渤海早报", "渤海早报"),
    ],
)
def test_account_behind_its_platform(text: str, account: str) -> None:
    assert account_of(text) == account
