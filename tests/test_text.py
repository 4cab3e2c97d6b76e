"""Bytes to text, white space, Han pairs, terminals, languages."""

import re
import time
import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from newsspider.language import guess_language
from newsspider.text import collapse, decode, fold, printable

NEWS = "中国的经济在改革开放以来有了很大的发展，人们的生活一天比一天好。"
TRADITIONAL = "中國的經濟在改革開放以來有了很大的發展，人們的生活一天比一天好。"
JAPANESE = "東京オリンピックの開会式が行われ、多くの人が会場に集まりました。"
KOREAN = "서울에서 열린 회의에서 대통령은 경제 정책을 발표했다."
RUSSIAN = "Президент России выступил с обращением к гражданам страны."
GERMAN = "Die Bundesregierung hat über die größte Reform für Schüler beraten."
FRENCH = "L’été dernier, le président a été réélu à la majorité."


def page(text: str, charset: str | None = None) -> str:
    meta = f'<meta charset="{charset}">' if charset else ""
    return f"<html><head>{meta}<title>{text}</title></head><body><p>{text}</p></body></html>"


DECODED = [
    ("utf-8", NEWS, "utf-8", None, "utf-8", "utf-8"),
    ("utf-8, nothing declared", NEWS, None, None, "utf-8", "utf-8"),
    ("utf-8 that says gb2312", NEWS, "gb2312", None, "utf-8", "utf-8"),
    ("utf-8 that says gbk twice", NEWS, "gbk", "text/html; charset=gbk", "utf-8", "utf-8"),
    ("utf-8 that says latin-1", FRENCH, "iso-8859-1", None, "utf-8", "utf-8"),
    ("gbk", NEWS, "gbk", None, "gb18030", "gb18030"),
    ("gb2312", NEWS, "gb2312", None, "gb18030", "gb18030"),
    ("gb18030 under gb2312", NEWS + "镕囍㐀𠮷", "gb2312", None, "gb18030", "gb18030"),
    ("gbk, header only", NEWS, None, "text/html; charset=GBK", "gb18030", "gb18030"),
    ("gbk, header lies", NEWS, "gbk", "text/html; charset=utf-8", "gb18030", "gb18030"),
    ("gbk, meta lies", NEWS, "utf-8", "text/html; charset=gbk", "gb18030", "gb18030"),
    ("gbk that says utf-8", NEWS, "utf-8", None, "gb18030", "gb18030"),
    ("gbk that says latin-1", NEWS, "iso-8859-1", None, "gb18030", "gb18030"),
    ("gbk, latin-1 header", NEWS, None, "text/html; charset=ISO-8859-1", "gb18030", "gb18030"),
    ("gbk, nothing declared", NEWS, None, None, "gb18030", "gb18030"),
    ("gbk, nonsense declared", NEWS, "x-none", None, "gb18030", "gb18030"),
    ("gbk without a common character", "神舟飞船", "utf-8", None, "gb18030", "gb18030"),
    ("x-gbk", NEWS, "x-gbk", None, "gb18030", "gb18030"),
    ("big5", TRADITIONAL, "big5", None, "big5", "big5hkscs"),
    ("big5 that says utf-8", TRADITIONAL, "utf-8", None, "big5", "big5hkscs"),
    ("big5, nothing declared", TRADITIONAL, None, None, "big5", "big5hkscs"),
    ("shift_jis", JAPANESE, "Shift_JIS", None, "cp932", "cp932"),
    ("euc-jp", JAPANESE, "euc-jp", None, "euc_jp", "euc_jp"),
    ("iso-2022-jp", JAPANESE, "iso-2022-jp", None, "iso2022_jp", "iso2022_jp"),
    ("euc-kr", KOREAN, "euc-kr", None, "cp949", "cp949"),
    ("windows-1251", RUSSIAN, "windows-1251", None, "cp1251", "cp1251"),
    ("koi8-r", RUSSIAN, "koi8-r", None, "koi8-r", "koi8-r"),
    ("koi8-r, header", RUSSIAN, None, "text/html;charset='KOI8-R'", "koi8-r", "koi8-r"),
    ("latin-1 is windows-1252", FRENCH, "iso-8859-1", None, "cp1252", "cp1252"),
    ("windows-1252 that says utf-8", FRENCH, "utf-8", None, "cp1252", "cp1252"),
    ("windows-1252, nothing declared", GERMAN, None, None, "cp1252", "cp1252"),
    ("windows-1254", "Türkiye'de şehir ışık", "iso-8859-9", None, "cp1254", "cp1254"),
    ("iso-8859-2", "Příliš žluťoučký kůň", "iso-8859-2", None, "iso8859-2", "iso8859-2"),
    ("ascii", "News", "us-ascii", None, "ascii", "utf-8"),
    ("utf-16 by its zeros", NEWS, None, None, "utf-16-le", "utf-16-le"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "charset", "header", "encoding", "used"),
    [case[1:] for case in DECODED],
    ids=[case[0] for case in DECODED],
)
def test_page_is_decoded(
    text: str, charset: str | None, header: str | None, encoding: str, used: str
) -> None:
    html = page(text, charset)
    decoded = decode(html.encode(encoding), header)
    assert decoded.text == html
    assert decoded.used == used
    assert decoded.replaced == 0


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_mark_wins_and_goes(encoding: str) -> None:
    html = page(NEWS, "gbk")
    decoded = decode(html.encode(encoding), "text/html; charset=big5")
    assert (decoded.text, decoded.declared, decoded.replaced) == (
        html,
        "gbk" if encoding == "utf-8-sig" else "big5",
        0,
    )


DECLARED = [
    (b'<meta charset="GBK">', None, "gbk"),
    (b"<META http-equiv=Content-Type content='text/html; charset=gb2312'>", None, "gb2312"),
    (b'<?xml version="1.0" encoding="Big5"?><html>', None, "big5"),
    (b"<!-- <meta charset=gbk> --><meta charset=utf-8>", None, "utf-8"),
    (b"<!-- <meta charset=gbk>", None, None),
    (b"<title>x</title>", 'text/html; charset="GB2312"', "gb2312"),
    (b"<meta charset=utf-8>", "text/html; charset=gbk", "utf-8"),
    (b" " * 5000 + b"<meta charset=gbk>", None, "gbk"),
    (b" " * 20000 + b"<meta charset=gbk>", None, None),
    (b"<p>charset=gbk</p>", "text/html", None),
]


@pytest.mark.parametrize(("data", "header", "declared"), DECLARED, ids=range(len(DECLARED)))
def test_declaration_is_reported(data: bytes, header: str | None, declared: str | None) -> None:
    assert decode(data, header).declared == declared


CODECS_THAT_ARE_NONE = ["base64", "rot13", "zlib", "idna", "unicode_escape", "punycode", "hex",
                        "undefined", "utf-7", "raw_unicode_escape", "../x", "%s"]  # fmt: skip


@pytest.mark.parametrize("name", CODECS_THAT_ARE_NONE)
def test_declared_codec_that_is_no_character_set_is_ignored(name: str) -> None:
    data = page("\\u0041 " + NEWS, name).encode("gbk")
    assert decode(data).text == data.decode("gbk")


def test_damaged_utf8_stays_utf8() -> None:
    data = page(NEWS * 3, "gb2312").encode()
    middle = data.index("革".encode())
    damaged = data[:middle] + b"\xe9" + data[middle + 3 :]
    decoded = decode(damaged, "text/html; charset=gbk")
    assert (decoded.used, decoded.replaced) == ("utf-8", 1)
    assert NEWS in decoded.text


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "big5", "euc-jp", "euc-kr"])
def test_cut_in_the_middle_of_a_character_loses_only_that(encoding: str) -> None:
    text = {"big5": TRADITIONAL, "euc-jp": JAPANESE, "euc-kr": KOREAN}.get(encoding, NEWS)
    html = f'<meta charset="{encoding}"><p>{text}'
    data = (html + text[0]).encode(encoding)[:-1]
    decoded = decode(data)
    assert decoded.text.removesuffix("\ufffd") == html
    assert decoded.replaced <= 1


HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
ENCODINGS = ["utf-8", "gbk", "gb18030", "big5"]
CLAIMS = [None, "utf-8", "gb2312", "gbk", "iso-8859-1", "us-ascii", "windows-1252", "nonsense"]


@given(
    text=st.text(HAN, max_size=40),
    encoding=st.sampled_from(ENCODINGS),
    meta=st.sampled_from(CLAIMS),
    header=st.sampled_from(CLAIMS),
)
def test_any_encoding_survives_any_careless_declaration(
    text: str, encoding: str, meta: str | None, header: str | None
) -> None:
    try:
        data = page((TRADITIONAL if encoding == "big5" else NEWS) + text, meta).encode(encoding)
    except UnicodeEncodeError:
        assume(False)
    # A page that says GBK is believed when its bytes are not UTF-8.
    assume(encoding != "big5" or not {meta, header} & {"gb2312", "gbk"})
    decoded = decode(data, header and f"text/html; charset={header}")
    assert decoded.text == data.decode("big5hkscs" if encoding == "big5" else encoding)


@given(st.binary(max_size=400), st.none() | st.text(max_size=40))
@example(b"\xff", None)
@example(b"<\0", "charset=utf-16")
@example(b"\x80\x80", "text/html; charset=\u0661\u0662")
def test_any_bytes_decode(data: bytes, header: str | None) -> None:
    decoded = decode(data, header)
    decoded.text.encode("utf-8")
    assert decoded.replaced <= decoded.text.count("\ufffd")


COLLAPSED = [
    ("ideographic indent", "　　共建　未来 ", "共建 未来"),
    ("no-break spaces", "a\xa0\xa0b\u202fc", "a b c"),
    ("line ends", " a\r\n\t b\u2028c\x0bd\x85e ", "a b c d e"),
    ("zero width", "共\u200b建\ufeff未\u2060来\xad", "共建未来"),
    ("controls", "a\x00b\x08c\x1bd\x7fe\x9ff", "abcdef"),
    ("stray joiners", "共\u200d建\u200c", "共建"),
    ("family keeps its joiners", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    ("Persian keeps its joiner", "می\u200cخواهم", "می\u200cخواهم"),
    ("marks of direction", "a\u200eb\u200f", "ab"),
    ("nothing", " \u3000\u200b\n", ""),
]


@pytest.mark.parametrize(
    ("text", "expected"), [c[1:] for c in COLLAPSED], ids=[c[0] for c in COLLAPSED]
)
def test_white_space_collapses(text: str, expected: str) -> None:
    assert collapse(text) == expected


@given(st.text())
def test_collapsing_twice_changes_nothing(text: str) -> None:
    once = collapse(text)
    assert collapse(once) == once
    assert once == once.strip()
    assert "  " not in once


@given(st.text())
@example("ΐ\u0345ſ\u0307ŉ")
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


FOLDED = [
    ("ＡＢＣ１２３", "abc123"),
    ("Straße", "strasse"),
    ("①㈱", "1(株)"),
    ("ｶﾞ", "ガ"),
    ("A", "a"),
]


@pytest.mark.parametrize(("text", "expected"), FOLDED)
def test_folding(text: str, expected: str) -> None:
    assert fold(text) == expected


PRINTABLE = [
    ("escape sequence", "a\x1b[2Jb", False, "a␛[2Jb"),
    ("C1 control", "a\x9b31mb", False, "a\ufffd31mb"),
    ("bell, NUL and DEL", "\x07\x00\x7f", False, "␇␀␡"),
    ("direction", "a\u202eb\u2066c\u200fd", False, "abcd"),
    ("hidden tags", "a\U000e0041b", False, "ab"),
    ("lone surrogate", "a\ud800b", False, "a\ufffdb"),
    ("lines become spaces", "a\nb\r\nc\td\u2028e", False, "a b c d e"),
    ("lines stay when asked for", "a\nb\r\nc\rd", True, "a\nb\nc d"),
    ("family", "👨\u200d👩", False, "👨\u200d👩"),
    ("Chinese", "　共建", False, "　共建"),
]


@pytest.mark.parametrize(
    ("text", "newlines", "expected"), [c[1:] for c in PRINTABLE], ids=[c[0] for c in PRINTABLE]
)
def test_printable(text: str, newlines: bool, expected: str) -> None:
    assert printable(text, newlines) == expected


ANY_CHARACTER = st.characters(codec=None, exclude_categories=())


@given(st.text(ANY_CHARACTER), st.booleans())
def test_printable_text_is_inert(text: str, newlines: bool) -> None:
    for character in printable(text, newlines):
        if newlines and character == "\n":
            continue
        assert unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
        assert unicodedata.bidirectional(character) not in (
            "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI",
        )  # fmt: skip


LANGUAGES = [
    (NEWS, None, "zh-Hans"),
    (NEWS, "en", "zh-Hans"),
    (TRADITIONAL, "zh-CN", "zh-Hant"),
    ("上海", "zh-CN", "zh-Hans"),
    ("上海", "zh-TW", "zh-Hant"),
    ("上海", "zh", "zh"),
    ("上海", None, "zh"),
    ("上海", "ja", "ja"),
    (JAPANESE, None, "ja"),
    (NEWS + "鲜の每日", None, "zh-Hans"),
    (KOREAN, None, "ko"),
    (RUSSIAN + " Это было объявлено", None, "ru"),
    ("Президент України виступив із зверненням до громадян", None, "uk"),
    ("Прэзідэнт краіны выступіў", None, "be"),
    ("Председателят на парламента каза, че ще има избори", "bg", "bg"),
    ("Председник је рекао да ће избори бити", None, "sr"),
    ("Президент Қазақстан халқына үндеу жасады", None, "kk"),
    (GERMAN + " Das ist nicht der Fall und wird sich auch nicht ändern.", None, "de"),
    (GERMAN, "de-AT", "de"),
    ("The president of the country said that it was not for him.", None, "en"),
    ("Le président a dit que les élections sont dans une semaine pour le pays", None, "fr"),
    ("El presidente dijo que las elecciones de los estados se harán por la tarde", None, "es"),
    ("Il presidente ha detto che gli elettori sono alla fine della strada", None, "it"),
    ("O presidente disse que não vai às eleições em São Paulo e na região dos lagos", None, "pt"),
    ("Het kabinet zei dat een van de plannen niet voor het weekend wordt besproken", None, "nl"),
    ("رئیس جمهور گفت که این کشور پیشرفت کرده است", None, "fa"),
    ("قال الرئيس إن الحكومة ستعلن عن الخطة الجديدة", None, "ar"),
    ("Ο πρόεδρος είπε", None, "el"),
    ("नई दिल्ली में बैठक", None, "hi"),
    ("กรุงเทพ", None, "th"),
    ("Breaking", None, None),
    ("Breaking", "en-US", "en"),
    ("Suomen hallitus", "fi", "fi"),
    ("(" * 40 + " die und der das ist nicht ein mit auf sich für auch von wird" * 4, "en", "de"),
    ("", None, None),
    ("12345", "nb-NO", "no"),
    ("12345", "{{lang}}", None),
]


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    LANGUAGES,
    ids=[f"{text[:24]}-{declared}" for text, declared, _ in LANGUAGES],
)
def test_language(text: str, declared: str | None, expected: str | None) -> None:
    assert guess_language(text, declared) == expected


@given(st.text(), st.none() | st.text(max_size=20))
def test_any_text_has_a_language_or_none(text: str, declared: str | None) -> None:
    language = guess_language(text, declared)
    assert language is None or re.fullmatch("[a-z]{2,3}(-Han[st])?", language)


HOSTILE = [" " * 300_000, "\u3000\u200d" * 100_000, "a" + "\u0301\u0327" * 100_000, "共" * 300_000,
           "\x1b" * 300_000, "<!--" * 80_000, "<meta " * 50_000, "charset=" * 40_000]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=[repr(text[:4]) for text in HOSTILE])
def test_long_runs_take_linear_time(text: str) -> None:
    start = time.perf_counter()
    for function in (collapse, fold, printable, guess_language):
        function(text)
    decode(text.encode(), text)
    decode(text.encode("gb18030"), text)
    assert time.perf_counter() - start < 3
