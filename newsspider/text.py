"""Text: bytes to characters, white space, the form for hashing, for terminals.

Pure functions of their arguments; all input is hostile, all work linear in its size.
"""

import codecs
import re
import unicodedata
from dataclasses import dataclass

from w3lib.encoding import resolve_encoding

# Where pages declare their encoding: the standard says 1,024 bytes, portals put scripts before it.
DECLARATION_BYTES = 16_384
COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.S)
META_CHARSET = re.compile(rb"<meta\s[^>]{0,512}?charset\s{0,8}=[\s\"']{0,8}([\w.:+-]{2,40})", re.I)
XML_ENCODING = re.compile(
    rb"^\s{0,64}<\?xml[^>]{0,200}?encoding\s{0,8}=\s{0,8}[\"']([\w.:+-]{2,40})", re.I
)
HEADER_CHARSET = re.compile(r"charset\s{0,8}=[\s\"']{0,8}([A-Za-z0-9_.:+-]{2,40})", re.I)
# The longer mark first: the one of UTF-32-LE starts with the one of UTF-16-LE.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Python's codecs are not all character sets (base64, zlib, unicode_escape): never for a page.
CHARACTER_SETS = re.compile(
    r"gb18030|big5hkscs|euc_jp|johab|iso2022_jp|cp\d{3,4}|iso8859-\d{1,2}|koi8-[rtu]|mac-\w+|ptcp154"
)
# Declared by servers and templates without looking: cp1252 stands for latin-1 and ascii as well.
CARELESS = "cp1252"
SAMPLE_BYTES = 16_384
HIGH_BYTES = 1_024
HIGH_RUN = re.compile(rb"[\x80-\xff]+")
ASCII_BYTES = re.compile(rb"[\x00-\x7f]+")
UTF8_RUN = re.compile(
    rb"(?:[\xe1-\xef][\x80-\xbf]{2}|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{3})+"
)
# Characters that make up a sixth of written Chinese; bytes that are read wrongly hardly show one.
COMMON_HAN = re.compile(
    "[的一是不了在人有我他这這个個们們中来來上大为為和国國地到以说說时時要就出会會年月日]"
)
PRIVATE_USE = re.compile("[\ue000-\uf8ff\ufffd]")

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HAN_RUN = re.compile(f"[{HAN}]+")
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f\u0080-\u0084\u0086-\u009f\xad\u180e\u200b\u200e\u200f\u2060\ufeff]"
)
# Joiners carry meaning between letters of Arabic and Indic scripts and between emoji; else noise.
JOINED = "\u0600-\u1cff\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
STRAY_JOINER = re.compile(f"(?<![{JOINED}])[\u200c\u200d]|[\u200c\u200d](?![{JOINED}])")
# unicodedata sorts combining marks by insertion, quadratic in the run; no text stacks 30 (UAX 15).
MAX_MARKS = 30
MARKS = re.compile(rf"[^\w\s\x00-\x7f]{{{MAX_MARKS + 1},}}")
UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The characters of a page, and how they were read."""

    text: str
    declared: str | None
    """The encoding that the page, else its header, names, in lower case; None when neither does."""
    used: str
    """Python's name of the codec that gave the text."""
    replaced: int
    """How many characters could not be read and became U+FFFD."""


def decode(data: bytes, content_type: str | None = None) -> Decoded:
    """Return *data* as text; page and *content_type* (of the header) are asked, the bytes decide.

    A byte order mark wins, then valid UTF-8, then what the page declares, then the header. gb2312
    and gbk mean gb18030; a declaration of utf-8 or latin-1 that the bytes contradict is read as
    Chinese where that makes sense. Never raises; a sequence cut off at the end is U+FFFD.

    >>> decode("共建".encode("gbk"), "text/html; charset=utf-8")
    Decoded(text='共建', declared='utf-8', used='gb18030', replaced=0)
    """
    names = _declarations(data, content_type)
    declared = names[0] if names else None
    for mark, marked in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], marked, declared)
    if data[:2] in (b"<\0", b"\0<"):
        return _decoded(data, "utf-16-le" if data[1] == 0 else "utf-16-be", declared)
    known = [codec for name in names if (codec := _codec(name))]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(data, _choose(data, known), declared)
    if "iso2022_jp" in known and b"\x1b$" in data:
        return _decoded(data, "iso2022_jp", declared)
    return Decoded(text=text, declared=declared, used="utf-8", replaced=0)


def _declarations(data: bytes, content_type: str | None) -> list[str]:
    """Return the encodings that the page and then its header name, lower case."""
    head = COMMENT.sub(b"", data[:DECLARATION_BYTES])
    found = [
        match[1].decode("latin-1")
        for pattern in (XML_ENCODING, META_CHARSET)
        if (match := pattern.search(head))
    ]
    if content_type and (header := HEADER_CHARSET.search(content_type[:500])):
        found.append(header[1])
    return [name.lower() for name in found]


def _codec(name: str) -> str | None:
    """Return Python's codec for what pages mean by *name*; None for UTF-8, UTF-16 and nonsense."""
    name = name.removeprefix("x-").replace("windows-949", "cp949")
    codec = resolve_encoding(name) if name.isascii() and "\0" not in name else None
    return codec if codec and CHARACTER_SETS.fullmatch(codec) else None


def _decoded(data: bytes, codec: str, declared: str | None) -> Decoded:
    text = data.decode(codec, "replace")
    replaced = text.count("\ufffd")
    if replaced and codec == "utf-8":
        replaced = max(0, replaced - data.count(b"\xef\xbf\xbd"))
    return Decoded(text=text, declared=declared, used=codec, replaced=replaced)


def _choose(data: bytes, known: list[str]) -> str:
    """Return the codec for *data*, no valid UTF-8, that declares *known*, the page's word first."""
    sample = _sample(data)
    # Legacy bytes read as UTF-8 are nearly all errors, damaged UTF-8 nearly all right.
    high = ASCII_BYTES.sub(b"", sample)[:HIGH_BYTES]
    left = UTF8_RUN.sub(b"", high)
    if len(high) > 2 * len(left):
        return "utf-8"
    trusted = [codec for codec in dict.fromkeys(known) if codec != CARELESS]
    if len(trusted) == 1:
        return trusted[0]
    if trusted:
        # min keeps the first of equals: the page before the header.
        return min(trusted, key=lambda codec: _decoded(sample, codec, None).replaced)
    scores = {codec: _chinese(sample, codec) for codec in ("gb18030", "big5hkscs")}
    best = max(scores, key=lambda codec: scores[codec])
    if scores[best] > 0:
        return best
    # No common character: Western letters stand alone among ASCII, Chinese comes in pairs.
    runs = HIGH_RUN.findall(sample)
    alone = sum(len(run) == 1 for run in runs)
    return CARELESS if 2 * alone > len(runs) else "gb18030"


def _sample(data: bytes) -> bytes:
    """Return enough of *data* to tell its encoding, from its first byte that is not ASCII."""
    first = HIGH_RUN.search(data)
    begin = first.start() if first else 0
    return data[begin : begin + SAMPLE_BYTES]


def _chinese(data: bytes, codec: str) -> int:
    """Return how Chinese *data* reads in *codec*: common characters less unreadable ones."""
    text = data.decode(codec, "replace")
    return len(COMMON_HAN.findall(text)) - len(PRIVATE_USE.findall(text))


def collapse(text: str) -> str:
    """Return *text* with white space as single spaces, none at its ends, all visible.

    White space is Unicode's (no-break and ideographic spaces, line ends); zero-width characters,
    soft hyphens, byte order marks and control characters are invisible.

    >>> collapse("　　共\\u200b建 \\xa0 \\ufeff 未来\\n")
    '共建 未来'
    """
    if not text.isascii() or not text.isprintable():
        text = INVISIBLE.sub("", text)
        if "\u200c" in text or "\u200d" in text:
            text = STRAY_JOINER.sub("", text)
    return " ".join(text.split())


def fold(text: str) -> str:
    """Return *text* for comparing and hashing: NFKC, case folded. Folding twice changes nothing.

    >>> fold("Ｎｅｗｓ　ＡＢＣ ﬁn STRASSE straße")
    'news abc fin strasse strasse'
    """
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", MARKS.sub(_thinned, text)).casefold()
    return unicodedata.normalize("NFKC", text)


def _thinned(match: re.Match[str]) -> str:
    """Return the run less what exceeds MAX_MARKS combining marks in a row."""
    kept: list[str] = []
    marks = 0
    for character in match[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= MAX_MARKS:
            kept.append(character)
    return "".join(kept)


def printable(text: str, newlines: bool = False) -> str:
    """Return *text* safe to write to a terminal: one line, or its own lines with *newlines*.

    Control characters show as their pictures (␛ for ESC) or as U+FFFD, lone surrogates as U+FFFD;
    marks that reorder or hide text are dropped; line ends and tabs become spaces.

    >>> printable("a\\x1b[31mb\\u202ec\\nd")
    'a␛[31mbc d'
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n")
    if not newlines:
        return UNPRINTABLE.sub(_picture, text)
    return "\n".join(UNPRINTABLE.sub(_picture, line) for line in text.split("\n"))


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code in (0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029):
        return " "
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return "\ufffd" if code < 0xA0 or 0xD800 <= code <= 0xDFFF else ""
