"""Fields of a line: `来源：X 编辑：Y`, `文/张三`, `记者 张三 通讯员 李四`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from newsspider.extract.names import account_of, is_han_name, is_placeholder_source, split_names
from newsspider.extract.roles import (
    DIGIT_OR_CLOCK,
    MODIFIER,
    MODIFIER_CHARACTERS,
    OTHER_LABELS,
    ROLES,
    SEPARATOR,
    alternatives,
)
from newsspider.items import Credit
from newsspider.text import HAN, collapse

MAX_LINE = 600
"""Characters of a line that are read: fields stand in short lines."""
MAX_SOURCE = 40
MAX_PERSONS = 80
"""Characters of a value; a longer one is prose."""
MAX_GLUED = 4
"""Characters of a name that no space parts from its label."""
MAX_TAIL = 120
"""Characters after the last full stop of a paragraph that may be its credits."""

SHORT_LABELS = tuple(label for label in ROLES if len(label) == 1)
LONG_LABELS = tuple(label for label in ROLES if len(label) > 1)
BARE_LABELS = tuple(label for label in LONG_LABELS if not label.isascii())
PLAIN_LABELS = tuple(label.lower() for label in (*ROLES, *OTHER_LABELS) if label.isascii())
# Where a label can begin: to look at the rest only there saves nine tenths of the time.
FIRST_CHARACTERS = "".join(
    sorted({label[0] for label in (*ROLES, *OTHER_LABELS)} | set(MODIFIER_CHARACTERS))
)
# A label with its separator stands anywhere, glued to a clock or to the value before it; one
# character alone, or a label without a separator, only where a field may begin.
_FIELD = (
    rf"(?=[{re.escape(FIRST_CHARACTERS)}])(?:"
    rf"(?:^|(?<=[|｜\s\[【（(／]))(?P<bare>{MODIFIER}{{0,3}}(?:{alternatives(BARE_LABELS)}))"
    r"(?=[ \u3000\xa0]{1,4}[^\s:：|｜/／丨＝=])"
    rf"|(?P<label>{MODIFIER}{{0,3}}(?:{alternatives(LONG_LABELS)})|"
    rf"(?<![\w])(?:{alternatives(SHORT_LABELS)}))"
    rf"[ \u3000\xa0]{{0,3}}(?P<separator>{SEPARATOR})"
    rf"|(?P<other>(?:{alternatives(OTHER_LABELS)})[ \u3000\xa0]{{0,3}}[:：]"
    rf"|(?<=[\s\])】）|])(?:{alternatives(OTHER_LABELS)})(?![{HAN}])))"
)


@cache
def _field_pattern() -> re.Pattern[str]:
    """Return the pattern of a label in a line: it takes 0.1 s to compile."""
    return re.compile(_FIELD, re.I)


SEPARATORS = re.compile(rf"{SEPARATOR}|[ \u3000\xa0]")
"""A line without one has no fields."""
PICTURE_SOURCE = re.compile(
    r"\b(?:getty|shutterstock|i?stock ?photo|istock|imago|picture[ -]alliance|adobe ?stock|fotolia|"
    r"depositphotos|unsplash|pixabay|pexels|alamy)\b|(?:\b(?:dpa|afp|ap|epa|reuters)/|"
    r"/(?:dpa|afp|ap|epa|reuters)\b)|^(?:foto|photo|bild)\b|视觉中国|圖蟲|图虫",
    re.I,
)
"""What is named as the source of a picture alone."""
OPENERS, CLOSERS = "（(【[〔", "）)】]〕"
# A bar that is no label's parts fields.
VALUE_END = re.compile(rf"[。！？；;!?\n\u2028]|(?<=\w)\s{{0,3}}[|｜]|{DIGIT_OR_CLOCK.pattern}")
EDGES = " \t\u3000\xa0:：|｜丨/／＝=,，、-—"
UNBROKEN = r"[^\s，。！？；：、,;:!?“”\"（）()【】\[\]〔〕《》]"
SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """A label in a line, with the stretch of text up to the next one."""

    role: str | None
    """None for a label that is no credit."""
    begin: int
    value: str
    value_begin: int
    bare: bool


def parse_field_line(text: str) -> list[Credit]:
    """Return the credits of a line of `label: value` fields, in order; [] for a line without.

    A value ends at the next label, a date or clock, the end of a sentence, or the bracket around
    the field. An empty value, and one that names nobody, is one Credit without a name.

    >>> [(c.role, c.name) for c in parse_field_line("来源:勘探院  编辑:   时间:2023-03-21 13:21")]
    [('source', '勘探院'), ('editor', None)]
    """
    text = text[:MAX_LINE]
    return [credit for field in _fields(text) for credit in _credits_of(field, text)]


def _fields(text: str) -> Iterator[_Field]:
    """Yield the labelled fields of *text* that are credits."""
    if not SEPARATORS.search(text) or not _may_label(text):
        return
    matches = list(_field_pattern().finditer(text))
    limits = [*(match.start() for match in matches[1:]), len(text)]
    for match, limit in zip(matches, limits, strict=False):
        label = match["label"] or match["bare"]
        if label is None or (label.isascii() and _is_prose(text, match)):
            continue
        stop = _value_stop(text, match.end(), limit)
        yield _Field(
            role=_role(label),
            begin=match.start(),
            value=text[match.end() : stop].strip(EDGES),
            value_begin=match.end(),
            bare=match["label"] is None,
        )


def _is_prose(text: str, match: re.Match[str]) -> bool:
    """Tell whether a slash between spaces parts a Latin label from what is no value of it: Text /
    Bild is prose, Photo/Ann Reed is a credit.
    """
    if match["label"] is None or match["separator"] not in "/／":
        return False
    return text[match.end("label")].isspace() or text[match.end() : match.end() + 1].isspace()


def _may_label(text: str) -> bool:
    """Tell, at a twentieth of the price of a search, whether plain *text* can hold a label."""
    if not text.isascii():
        return True
    low = text.lower()
    return True in [label in low for label in PLAIN_LABELS]


def _value_stop(text: str, begin: int, limit: int) -> int:
    """Return where the value that begins at *begin* ends, not behind *limit*."""
    if end := VALUE_END.search(text, begin, limit):
        limit = end.start()
    opened: list[int] = []
    for place in range(begin, limit):
        if text[place] in OPENERS:
            opened.append(place)
        elif text[place] in CLOSERS:
            if not opened:
                return place
            opened.pop()
    # A bracket that does not close in the value holds the next field.
    return opened[0] if opened else limit


def _role(label: str) -> str | None:
    bare = SPACES.sub("", label).replace("／", "/")
    for start in range(len(bare)):
        if role := ROLES.get(bare[start:]) or ROLES.get(bare[start:].title()):
            return role
    return None


def _credits_of(field: _Field, text: str) -> list[Credit]:
    """Return the credits of one field; a bare label (编辑 李四) needs a value that is a name."""
    if field.role is None:
        return []
    end = text.find(field.value, field.value_begin) + len(field.value) if field.value else None
    raw = text[field.begin : field.value_begin if end is None else end].strip()
    if field.role == "source":
        value = account_of(_unbracketed(collapse(field.value)))
        if len(value) > MAX_SOURCE or (field.bare and not value):
            return []
        role = "photographer" if PICTURE_SOURCE.search(value) else "source"
        return [Credit(role=role, name=None if is_placeholder_source(value) else value, raw=raw)]
    if len(field.value) > MAX_PERSONS:
        return []
    names = split_names(field.value)
    if field.bare and not (names and all(map(is_han_name, names))):
        return []
    if not names:
        return [Credit(role=field.role, raw=raw)]
    return [Credit(role=field.role, name=name, raw=raw) for name in names]


def _unbracketed(value: str) -> str:
    """Return *value* without the brackets around all of it."""
    whole = value[:1] in OPENERS and value[-1:] in CLOSERS and value
    return value[1:-1].strip() if whole else value


# A label that its names follow, with or without a space; the first with the outlet before it.
PERSON_LABEL = re.compile(
    rf"(?:^{UNBROKEN}{{0,14}}?|{MODIFIER}{{0,3}})"
    r"(?P<label>记者|記者|通讯员|通訊員|特派员|特派員|评论员|評論員|实习生|實習生|撰稿人|专栏作者|"
    r"作者|编辑|編輯|编译|編譯|翻译|摄影|攝影|撰文|文字|供稿)"
    r"[\s:：/／丨|｜]{0,3}"
)


def labelled_persons(text: str) -> list[Credit]:
    """Return the credits of labels that stand before their names: `记者唐霁`, `通讯员 李琴雯 刘会`.

    Glued to its label, a value must be as short as a name: 作者系北京大学教授 names nobody.
    """
    found: list[Credit] = []
    matches = list(PERSON_LABEL.finditer(text[:MAX_LINE]))
    limits = [*(match.start() for match in matches[1:]), len(text[:MAX_LINE])]
    for match, stop in zip(matches, limits, strict=False):
        value = text[match.end() : stop]
        glued = match.end() == match.end("label")
        names = split_names(value) if len(value) <= MAX_PERSONS else []
        if not names or (glued and len(names[0]) > MAX_GLUED and "·" not in names[0]):
            continue
        raw = text[match.start() : stop].strip(" \t\u3000\xa0、，,;；")
        role = ROLES[match["label"]]
        found.extend(Credit(role=role, name=name, raw=raw) for name in names)
    return found
