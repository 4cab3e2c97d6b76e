"""Where a body opens and closes: datelines, reporters' lines, bylines in brackets."""

import re
from dataclasses import dataclass

from newsspider.extract.bylines import western_names
from newsspider.extract.fields import (
    MAX_LINE,
    MAX_TAIL,
    UNBROKEN,
    labelled_persons,
    parse_field_line,
)
from newsspider.extract.names import is_han_name, split_names
from newsspider.extract.roles import MODIFIER, ROLES
from newsspider.items import Credit
from newsspider.text import HAN


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What the first paragraph of a body says about its origin."""

    dateline: str | None = None
    """As printed, without the credits in brackets behind it."""
    credits: tuple[Credit, ...] = ()


# Outlets by their last characters; a dateline without a day needs one.
OUTLET_WORD = (
    r"(?:[社网網報报台臺站家刊]|新闻|新聞|在线|在線|客户端|客戶端|财经|频道|中心|通讯|资讯|快讯|"
    r"观察|传媒|APP)"
)
DAY = r"(?:\d{1,2}月)?\d{1,2}日"
# 电话, 消息称 and 报道说 go on as sentences.
GOES_ON = r"[话話视視影脑腦子力器动動池台站商網网路码号號称稱说說指了的，,]"
TELLS = r"(?:消息|报道|報道|報導)"
DATELINE = re.compile(
    r"[\s（(【\[〔]{0,8}(?P<dateline>(?P<cited>据)?(?:"
    # With a day any outlet will do: 新华社北京4月24日电, 中国新闻在线3月18日安徽电.
    rf"{UNBROKEN}{{1,16}}?(?:\s{{1,2}}{UNBROKEN}{{0,12}}?)?{DAY}\s{{0,2}}[{HAN}]{{0,6}}?"
    rf"(?:专?电|專?電|快?讯|訊|{TELLS})(?!{GOES_ON})"
    # Without a day: 本报讯, 中国新闻在线 湖南讯, 央视网消息：
    rf"|(?:本[报報网網台刊社站]|{UNBROKEN}{{1,14}}?{OUTLET_WORD})\s?[{HAN}]{{0,4}}?"
    rf"(?:(?:专?电|專?電|快?讯|訊)(?=[\s（(【\[〔：:）)】\]〕]|$)|消息(?=[（(：:]))"
    r"))",
    re.I,
)
# 〔記者巫其倫／台北報導〕, 聯合報 記者林宸誼／即時報導
TAIWANESE = re.compile(
    rf"[\s〔【（(\[]{{0,4}}(?P<dateline>(?P<who>[{HAN}\s]{{0,10}}?(?:記者|记者|特派員|特派记者|"
    rf"特約記者)"
    rf"[\s{HAN}、．·]{{2,24}}?)\s?[／/╱∕]\s?[{HAN}]{{2,10}})(?:[〕】）)\]\s]|$)"
)
# （中央社記者王小明台北21日電）: the place follows the name without a mark.
CENTRAL_NEWS = re.compile(
    rf"[\s（(]{{0,4}}(?P<dateline>中央社(?P<who>記者[{HAN}]{{2,3}}(?:、[{HAN}]{{2,3}}){{0,3}})"
    rf"[{HAN}]{{2,8}}\d{{1,2}}日[{HAN}]{{0,4}}[電導])[）)]"
)
# WASHINGTON (AP) —, LONDON, Nov 19 (Reuters) -, Berlin (dpa) –: a place in capitals, or an agency.
_PLACE_WORD = r"[^\s(),:;!?]{1,20}"
WIRE = re.compile(
    rf"(?P<dateline>(?P<place>{_PLACE_WORD}(?:,?\s{_PLACE_WORD}){{0,5}})\s?"
    r"\((?P<wire>[^\W\d_][\w ./&-]{1,24})\))\s{0,2}[-–—―_]{1,2}\s"
)
AGENCY = re.compile(
    r"(?:AP|AFP|Reuters|dpa|SID|epd|KNA|APA|SDA|Keystone|EFE|Europa Press|ANSA|AGI|Adnkronos|Lusa|"
    r"Belga|ANP|NTB|TT|Ritzau|STT|PAP|ČTK|MTI|TASS|Interfax|Xinhua|Kyodo|Jiji|Yonhap|PTI|ANI|IANS|"
    r"UPI|Bloomberg|Anadolu|AA|DHA|İHA|MNA|IRNA|CNN|CNA|BBC)\b",
    re.I,
)
"""Agencies that datelines in Latin letters name."""
BRACKET = re.compile(r"[（(【\[〔]([^（()）【】\[\]〔〕]{1,100})[）)\]】〕]")
# 澎湃新闻记者 段彦超 廖艳: a whole line, perhaps one that ends in 北京报道.
REPORTER_LINE = re.compile(
    rf"[\s■●◎▲□○★☆◆◇|｜【（(\[]{{0,4}}(?P<who>{UNBROKEN}{{0,14}}?"
    r"(?:记者|記者|通讯员|通訊員|特派员|特約撰述|评论员|評論員|撰稿人)"
    rf"[\s:：丨|｜/／]{{0,3}}[{HAN}·\s、，,]{{2,40}}?)"
    rf"(?:\s[{HAN}]{{0,8}}(?:报道|報導|報道|电|電))?[\s】）)\]]{{0,4}}"
)
# Behind a dateline without a bracket names end where the sentence begins.
REPORTERS_BEHIND = re.compile(
    rf"\s{{0,4}}(?:{MODIFIER}{{0,3}}(?:记者|記者|通讯员|通訊員)\s{{0,2}}[{HAN}]{{2,9}}"
    rf"(?:[、\s][{HAN}]{{2,3}})?(?:\s|$)\s?){{1,2}}"
)


def parse_opening(paragraph: str) -> Opening:
    """Return the dateline that *paragraph*, the first of a body, begins with, and its credits.

    >>> parse_opening("新华社巴黎12月9日电（记者唐霁）法国9日再次爆发罢工").dateline
    '新华社巴黎12月9日电'
    >>> parse_opening("WASHINGTON (AP) — The House voted on Tuesday.").dateline
    'WASHINGTON (AP)'
    """
    head = paragraph[:MAX_LINE]
    if (wired := WIRE.match(head)) and _is_wired(wired):
        return Opening(dateline=wired["dateline"])
    for pattern in (CENTRAL_NEWS, TAIWANESE):
        if match := pattern.match(head):
            named = tuple(_persons(match["who"]))
            return Opening(dateline=match["dateline"].strip(), credits=named)
    # 据路透社报道 cites; 据新华社电 reprints.
    match = DATELINE.match(head)
    if match and not (match["cited"] and re.search(f"{TELLS}$", match["dateline"])):
        behind = head[match.end() :].lstrip()
        bracket = BRACKET.match(behind)
        persons: tuple[Credit, ...] = ()
        if bracket:
            persons = tuple(_persons(bracket[1]))
            if DATELINE.match(behind, bracket.end()):
                # A reprint keeps the dateline that it found behind its own.
                persons += parse_opening(behind[bracket.end() :]).credits
        elif reporters := REPORTERS_BEHIND.match(head, match.end()):
            persons = tuple(c for c in labelled_persons(reporters[0]) if _is_sure(c))
        return Opening(dateline=match["dateline"].strip(), credits=persons)
    return Opening(credits=tuple(_opening_credits(head)))


def _is_wired(match: re.Match[str]) -> bool:
    """Tell whether a place and a bracket are a dateline: capitals throughout, but for the day, or
    an agency in the bracket.
    """
    place = match["place"]
    if not place[0].isupper():
        return False
    return AGENCY.match(match["wire"]) is not None or place.partition(",")[0].isupper()


def _is_sure(credit: Credit) -> bool:
    return bool(credit.name) and is_han_name(credit.name or "")


def _opening_credits(head: str) -> list[Credit]:
    """Return the credits of a first paragraph without a dateline: a bracket, or the whole line."""
    bracket = BRACKET.match(head.lstrip())
    if bracket and (found := parse_field_line(bracket[1]) or labelled_persons(bracket[1])):
        return found
    if len(head) > MAX_TAIL:
        return []
    if (line := REPORTER_LINE.fullmatch(head.strip())) and (found := _persons(line["who"])):
        return found if all(credit.name for credit in found) else []
    return parse_field_line(head)


def _persons(text: str) -> list[Credit]:
    """Return the credits of `记者 X、Y 通讯员 Z`; without a label, sure names are authors."""
    if found := labelled_persons(text) or parse_field_line(text):
        return found
    return _all_names(text)


def _all_names(text: str) -> list[Credit]:
    """Return an author for each name where *text* is nothing but sure names."""
    names = split_names(text)
    if not names or not all(map(is_han_name, names)):
        return []
    if len("".join(names)) != sum(map(str.isalnum, text)):
        return []
    return [Credit(role="author", name=name, raw=text.strip()) for name in names]


TAIL_BRACKET = re.compile(r"[（(【\[〔]([^（()）【】\[\]〔〕]{1,100})[）)\]】〕][\s。]{0,4}$")
_NO_PERSON = re.compile(
    r"\b(?:images?|photos?|pictures?|media|news|inc|ltd|corp|company|group|university|institute)\b",
    re.I,
)
# 张三、李四/文 王五/图
WORK = r"(?:文并摄|文/图|图/文|文图|图文|摄影|攝影|摄|攝|图|圖|文|撰|整理|编译|译)"
WORKED = re.compile(
    rf"(?P<who>[{HAN}·、\s]{{2,30}}?)(?:\s?[/／]\s?|\s|(?=[摄攝]))(?P<work>{WORK})(?![{HAN}])"
)
SENTENCE_END = re.compile(r"[。！？!?…”\"』」\n]")


def parse_closing(paragraph: str) -> list[Credit]:
    """Return the credits that *paragraph*, one of the last of a body, consists of or ends with.

    >>> [c.name for c in parse_closing("活动圆满结束。(于新 张继东)")]
    ['于新', '张继东']
    """
    text = paragraph.strip()
    end = text[-MAX_TAIL:]
    if bracket := TAIL_BRACKET.search(end):
        before = end[: bracket.start()].rstrip()
        outside = not before or bool(SENTENCE_END.match(before[-1]))
        if found := _bracketed(bracket[1], outside):
            return found
    tail = text[-2 * MAX_TAIL :]
    cut = max((match.end() for match in SENTENCE_END.finditer(tail.rstrip("。"))), default=0)
    tail = tail[cut:].strip()
    if len(tail) > MAX_TAIL or (cut == 0 and len(text) > MAX_TAIL):
        return []
    if found := parse_field_line(tail):
        return found
    line = REPORTER_LINE.fullmatch(tail)
    return labelled_persons(line["who"]) if line else []


def parse_signature(paragraph: str) -> list[Credit]:
    """Return the credits of the names in Latin letters that *paragraph*, the last of a body, ends
    with in brackets behind its last sentence.

    >>> [c.name for c in parse_signature("The port opens in May. (Anna Wang and Tom Reed)")]
    ['Anna Wang', 'Tom Reed']
    """
    end = paragraph.strip()[-MAX_TAIL:]
    bracket = TAIL_BRACKET.search(end)
    before = end[: bracket.start()].rstrip() if bracket else ""
    if not bracket or before[-1:] not in tuple('.!?"”'):
        return []
    names = western_names(bracket[1])
    spoken = sum(len(re.findall(r"\w+", name)) for name in names)
    # Nothing but names: (Getty Images) and (AP) are no persons.
    if not names or spoken < len(re.findall(r"\w+", re.sub(r"\band\b", "", bracket[1]))):
        return []
    if any(_NO_PERSON.search(name) for name in names):
        return []
    return [Credit(role="author", name=name, raw=bracket[0].strip()) for name in names]


def _bracketed(text: str, outside: bool) -> list[Credit]:
    """Return the credits of a bracket at the end; bare names count only *outside* of a sentence."""
    # 陶小渔 文/图 first: as a field it would be 文 by a person called 图.
    worked = list(WORKED.finditer(text))
    if worked and sum(len(match[0].strip()) for match in worked) >= len(text.strip()) - len(worked):
        persons = [
            Credit(role=ROLES[match["work"]], name=name, raw=match[0].strip())
            for match in worked
            for name in split_names(match["who"])
            if is_han_name(name)
        ]
        if persons:
            return persons
    if found := parse_field_line(text) or labelled_persons(text):
        return found
    return _all_names(text) if outside else []
