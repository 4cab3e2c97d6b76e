"""Bylines as Western pages print them, and the short ones of Chinese and Japanese pages."""

import re

from newsspider.extract.fields import MAX_LINE, labelled_persons, parse_field_line
from newsspider.extract.names import is_outlet, split_names
from newsspider.items import Credit
from newsspider.text import HAN, collapse

MAX_BYLINE = 300
"""Characters; a longer text is prose."""

# What opens a byline, with the role of the names behind it.
OPENERS: tuple[tuple[str, str], ...] = (
    (
        "photographer",
        r"photo(?:s|graph|graphs|graphy|graphed)?(?:\s+by|\s*:)"
        r"|fotos?(?:\s+(?:von|de|di))?\s*:|bild\s*:",
    ),
    ("editor", r"edit(?:ed|ing)\s+by|(?:redigiert|bearbeitet)\s+von"),
    ("translator", r"translat(?:ed|ion)\s+by|traduit\s+par|übersetzt\s+von|traducido\s+por"),
    (
        "author",
        r"(?:(?:story|words|text|written|reported|reporting|analysis|opinion|article|posted|"
        r"published|report|review)\s+)?by"
        r"|(?:ein\s+\w+\s+|text\s*:?\s*|interview\s+)?von|(?:propos\s+recueillis\s+|"
        r"texte?\s+)?par|por|di|door|af|av|przez|autor(?:in|es|a)?\s*:?|auteure?s?\s*:"
        r"|autor[ei]\s*:|автор(?:ы)?\s*:?|text\s*:|texte\s*:|texto\s*:|testo\s+di|skrivet\s+av|"
        r"skrevet\s+av|tekst\s*:?|geschreven\s+door"
        r"|words\s*:|authors?\s*:?|byline\s*:",
    ),
)  # fmt: skip
OPENER = re.compile(
    "|".join(rf"(?P<{role}>(?<![^\W_])(?:{pattern})(?!\w))\s*" for role, pattern in OPENERS), re.I
)
SPLIT = re.compile(
    r"\s*[,;|/•·&\n\u2028+]\s*(?:(?:and|und|et|y|e|en)\s+)?|\s+[-–—]\s+|\s+(?:and|und|et|y|e|en|og|och|i|и|with|mit|avec|con|"
    r"sowie)\s+",
    re.I,
)
# Where the post or the place of a person begins: in London, for The Times, at the UN.
PLACE = re.compile(
    r"\s+(?:in|for|at|from|aus|für|bei|pour|à|para|en|per|of|on|published|updated|last|reports?|"
    r"is|was|writes|schreibt)\s.*$",
    re.I | re.S,
)
POSTS = frozenset(
    """
    staff writer reporter reporters correspondent editor editors editorial columnist contributor
    contributors contributing bureau chief senior associate associated producer journalist
    photographer analyst agencies agency press news newsroom reuters afp ap dpa apa sda efe ansa
    pti ians upi xinhua redaktion redakteur redakteurin korrespondent korrespondentin
    journaliste rédaction rédacteur redacción redazione redactie team desk today guest special
    updated published min mins minutes read follow board magazine daily weekly online digital
    freelance intern executive managing deputy political national business economics sports
    health science technology culture world city crime courts education environment
    investigative data opinion columnists writers video audio subscribe share email contact bio
    profile view posts author authors pm am est edt gmt bst utc service services wire exclusive
    premium abo plus agence presse france-presse nachrichtenagentur volontär volontärin
    chefredakteur ressortleiter autor autorin autorenteam администратор редакция корреспондент
    gazete muhabir haber merkezi der die das des the this that with times tribune herald ajansı
    ajansi agencia radio fernsehen rundfunk newsdesk webmaster marketing coordinator founder
    developer keine kein alle beiträge kommentare interview datum thüringen sachsen bayern
    community unknown anonymous
    """.split()
)
OF_ONE = frozenset(
    """
    founder ceo developer coordinator reporter correspondent journalist columnist photographer
    redakteur redakteurin korrespondent korrespondentin journaliste muhabir
    """.split()
)
"""Posts that a person holds alone: behind a name they are no part of it."""
OUTLETS = frozenset("times tribune herald gazette gazete ajansı ajansi agencia".split())
"""Last words of the names of papers and agencies in Latin letters."""
PARTICLES = frozenset(
    """
    von van de der den del della di da dos das du la le el al bin ibn ben bint zu zur ten ter af
    av y e st. st mac mc d' o' abu dela
    """.split()
)
WORD = re.compile(r"[^\W\d_][\w.'’`´\-‐]*\.?")
MAX_WORDS = 6
HAN_BYLINE = re.compile(
    rf"(?P<who>[{HAN}·\s、，,]{{2,40}}?)\s?[/／]\s?(?P<outlet>[{HAN}A-Za-z0-9·\-]{{2,20}})"
)
KOREAN = re.compile(
    r"(?P<who>[가-힣]{2,4})\s?(?:선임|수습|인턴|전문)?\s?(?P<post>기자|특파원|논설위원|객원기자)"
)
JAPANESE = re.compile(
    r"(?:取材・文|文・写真|取材|文|構成|執筆|記者|"
    r"ライター)\s?[＝=：:／/]\s?(?P<who>[^\s＝=：:（(]{2,20}(?:[\s　][^\s＝=：:（(]{1,6})?)"
)


def parse_byline(text: str, language: str | None = None) -> list[Credit]:
    """Return the credits of *text*, an element that a page uses as a byline; outlets name nobody.

    With an opening word (By, Von, Par, Por, 文＝) or without; posts, places and dates are left out.
    *language* (BCP 47) tells a Chinese or Japanese byline where the letters do not.

    >>> [c.name for c in parse_byline("By Anna Brown and Tom O'Neil, Staff Writer")]
    ['Anna Brown', "Tom O'Neil"]
    """
    line = collapse(text[: 2 * MAX_BYLINE])
    if not line or len(line) > MAX_BYLINE:
        return []
    if re.search(f"[{HAN}가-힣ぁ-ん]", line) or (language or "").startswith(("zh", "ja", "ko")):
        return _east_asian(text.strip()[:MAX_LINE])
    raw = text.strip()
    openers = [match for match in OPENER.finditer(line) if _opens(match)]
    starts = [0, *(match.start() for match in openers)]
    found: list[Credit] = []
    for number, start in enumerate(starts):
        stop = starts[number + 1] if number + 1 < len(starts) else len(line)
        match = openers[number - 1] if number else None
        role = match.lastgroup if match else "author"
        piece = line[match.end() if match else start : stop]
        # What stands before the first opening word is a headline, a place or nothing.
        if match is None and openers:
            continue
        found.extend(
            Credit(role=role or "author", name=name, raw=raw) for name in western_names(piece)
        )
    return list(dict.fromkeys(found))


def _opens(match: re.Match[str]) -> bool:
    """Tell whether the word opens a byline; von, di and af are parts of names as well."""
    before = match.string[: match.start()].rstrip()
    unlike_a_name = match[0].rstrip().lower().endswith(("by", ":"))
    return match.lastgroup != "author" or unlike_a_name or not before or not before[-1].isalnum()


def western_names(text: str) -> list[str]:
    """Return the persons in *text*: words with a capital, parted by commas and the words for and.

    >>> western_names("Ludwig van Beethoven in Wien, Senior Editor & MARY ANN SMITH")
    ['Ludwig van Beethoven', 'MARY ANN SMITH']
    """
    names = []
    for piece in SPLIT.split(re.sub(r"[(\[<][^()\[\]<>]{0,80}[)\]>]", " ", text)):
        piece = PLACE.sub("", f" {piece}").strip(' :*_“”‘’«»@"')
        # A full stop belongs to Jr. and to initials alone.
        if piece.endswith(".") and len(piece.split()[-1]) > 4:
            piece = piece.rstrip(".")
        words = piece.split()
        while len(words) > 2 and words[-1].lower() in OF_ONE:
            words.pop()
        if is_western_name(" ".join(words)):
            names.append(" ".join(words))
    return list(dict.fromkeys(names))


def is_western_name(text: str) -> bool:
    """Tell whether *text* looks like first and last name: two to six words, with capitals."""
    words = text.split()
    if not 2 <= len(words) <= MAX_WORDS or len(text) > 60:
        return False
    capitals = 0
    for word in words:
        low = word.lower().strip(".,'’")
        if not WORD.fullmatch(word) or (low in POSTS and low not in PARTICLES):
            return False
        if word[0].isupper():
            capitals += 1
        elif low not in PARTICLES and not low.startswith(("d'", "d’", "al-", "el-", "l'")):
            return False
    return capitals >= 2 and words[0].lower() not in POSTS


def is_post(text: str) -> bool:
    """Tell whether *text* is a post rather than a person.

    >>> is_post("Associate Editor"), is_post("Anna Editor"), is_post("Reuters")
    (True, False, False)
    """
    words = text.lower().split()
    return len(words) > 1 and all(word in POSTS for word in words)


def _east_asian(text: str) -> list[Credit]:
    """Return the credits of a byline in Chinese, Japanese or Korean letters."""
    if match := KOREAN.search(text[:MAX_BYLINE]):
        return [Credit(role="reporter", name=match["who"], raw=match[0])]
    if match := JAPANESE.match(text):
        name = match["who"].strip()
        return [Credit(role="author", name=name, raw=match[0].strip())]
    if found := parse_field_line(text) or labelled_persons(text):
        return found
    if (match := HAN_BYLINE.fullmatch(text)) and is_outlet(match["outlet"]):
        return [
            *(Credit(role="author", name=name, raw=text) for name in split_names(match["who"])),
            Credit(role="source", name=match["outlet"], raw=text),
        ]
    if len(text) > 30 or is_outlet(text):
        return []
    return [Credit(role="author", name=name, raw=text) for name in split_names(text)]
