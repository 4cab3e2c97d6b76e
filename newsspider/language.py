"""The language of a text: by its letters, by what the page declares, by common words.

Pure functions of their arguments; all input is hostile, all work linear in its size.
"""

import re
import string
from collections import Counter
from functools import cache, lru_cache

from newsspider.text import HAN, HAN_RUN

ASCII_RUN = re.compile("[\x00-\x7f]+")
LATIN = string.ascii_letters.encode()
# Letters that one language of a script has and its neighbours lack, the rarer language first.
CYRILLIC = (
    ("kk", "әғқңұһ"),
    ("mk", "ѓќѕ"),
    ("sr", "ђћџјљњ"),
    ("be", "ў"),
    ("uk", "іїєґ"),
    ("ru", "ыэё"),
    ("bg", "ъщю"),
)
ARABIC = (("ug", "ېۇۆۈ"), ("ur", "ٹڈےں"), ("fa", "پچژگ"), ("ar", "ةىأإ"))
# Scripts that settle the language, as far as news goes.
SCRIPTS = {
    "ko": "\uac00-\ud7a3", "el": "\u0370-\u03ff", "he": "\u0590-\u05ff", "th": "\u0e00-\u0e7f",
    "hi": "\u0900-\u097f", "bn": "\u0980-\u09ff", "ta": "\u0b80-\u0bff", "te": "\u0c00-\u0c7f",
    "ka": "\u10a0-\u10ff", "hy": "\u0530-\u058f", "km": "\u1780-\u17ff", "my": "\u1000-\u109f",
    "lo": "\u0e80-\u0eff", "am": "\u1200-\u137f", "bo": "\u0f00-\u0fff", "mn": "\u1800-\u18af",
    "kana": "\u3041-\u3096\u30a1-\u30fa", "han": HAN, "cyrillic": "\u0400-\u04ff",
    "arabic": "\u0620-\u06ff", "latin": "A-Za-z\u00c0-\u024f\u1e00-\u1eff",
}  # fmt: skip
SCRIPT = re.compile("|".join(f"(?P<{name}>[{letters}])" for name, letters in SCRIPTS.items()))
WORD = re.compile(r"[^\W\d_]+")
# Frequent short words that the neighbouring languages do not have.
STOP_WORDS = {
    "en": "the and of to is was that for with on are his from this have they which were",
    "de": "der die und das ist nicht ein eine den dem mit auf sich für auch von wird wurde",
    "fr": "le les des est et une dans pour qui sur pas au aux avec ce cette sont été",
    "es": "el los las y una por con para del que se es su como más pero fue",
    "it": "il di che è gli della per non con del sono una nel alla anche le più",
    "pt": "o os da do em um uma não para com que dos no na são ao mais foi",
    "nl": "het een van en dat niet voor zijn op met ook aan wordt naar bij door",
    "sv": "och att det som är för inte på med har till ett av från",
    "da": "og at det er som til af den på ikke med har blev efter",
    "no": "og det er som på til av ikke med har fra etter men ble",
    "fi": "ja on ei se että oli hän ovat mutta myös kuin sekä",
    "pl": "i w na się nie z że jest do to przez oraz jak po dla",
    "cs": "a se na je že v s to jsou by byl také jako podle",
    "tr": "ve bir bu için ile olarak da de çok olan daha kadar sonra",
    "vi": "và của là các có được cho trong không với một đã người",
    "id": "yang dan di untuk dengan dari pada ini itu tidak dalam akan juga",
    "ro": "și de la în este nu pentru care cu din să mai fost",
    "hu": "a az és hogy nem is egy meg volt van azt csak",
}
LANGUAGES_OF = {
    word: [language for language, words in STOP_WORDS.items() if word in words.split()]
    for word in " ".join(STOP_WORDS.values()).split()
}
CLEARLY = 8
"""So many times as many different characters of one script settle which it is."""
LANGUAGE_SAMPLE = 5_000
"""Characters of a text that say what language it is in."""


def guess_language(text: str, declared: str | None = None) -> str | None:
    """Return the BCP 47 tag of the language of *text* (zh-Hans, zh-Hant, ja, en); None if unsure.

    The letters decide as far as they can, then what the page declares (its lang attribute, any
    spelling), then common words. Of a declared tag only the language is kept.

    >>> guess_language("中国的经济发展"), guess_language("the cat and the dog of the house")
    ('zh-Hans', 'en')
    """
    said = _primary(declared)
    sample = text[:LANGUAGE_SAMPLE]
    # ASCII and Han make up most texts, and are counted by the run.
    others = "" if sample.isascii() else ASCII_RUN.sub("", sample)
    rest = HAN_RUN.sub("", others)
    letters = sample.encode("ascii", "ignore")
    latin = len(letters) - len(letters.translate(None, LATIN))
    sizes = Counter(latin=latin, han=3 * (len(others) - len(rest)))
    for character in rest:
        if name := _script_of(character):
            # A Han character or a syllable says as much as three letters.
            sizes[name] += 3 if name in ("kana", "ko") else 1
    if not any(sizes.values()):
        return said
    script = sizes.most_common(1)[0][0]
    if script in ("han", "kana"):
        # Chinese quotes a の at most.
        if sizes["kana"] * 15 > sizes["han"]:
            return "ja"
        return _chinese_script(sample, (declared or "").lower())
    if script == "cyrillic":
        return _by_letters(sample, CYRILLIC, said)
    if script == "arabic":
        return _by_letters(sample, ARABIC, said)
    return _latin(sample, said) if script == "latin" else script


@lru_cache(maxsize=16_384)
def _script_of(character: str) -> str | None:
    """Return the script of a letter by its name in SCRIPTS; None for what is no letter."""
    match = SCRIPT.match(character)
    return match.lastgroup if match else None


def _primary(declared: str | None) -> str | None:
    """Return the language of a tag such as en-US or zh_CN; None for what is no tag."""
    match = re.match(r"\s*([a-z]{2,3})(?![a-z])", declared[:40].lower()) if declared else None
    return (
        {"nb": "no", "nn": "no", "iw": "he", "in": "id"}.get(match[1], match[1]) if match else None
    )


@cache
def _one_script_only() -> tuple[frozenset[str], frozenset[str]]:
    """Return the characters of simplified and those of traditional Chinese that the other lacks.

    The common half of either national character set, less all of the other one: 10 ms, once.
    """
    simplified = _characters("gb2312", range(0xB0, 0xD8))
    gb2312 = _characters("gb2312", range(0xB0, 0xF8))
    traditional = _characters("big5", range(0xA4, 0xC7))
    big5 = _characters("big5", range(0xA4, 0xFA))
    return simplified - big5, traditional - gb2312


def _characters(codec: str, leads: range) -> frozenset[str]:
    trails = bytes(range(0x40, 0xFF))
    # A line for each pair, so that one that is no character does not take the next one's lead.
    pairs = bytearray(b"\n" * (3 * len(leads) * len(trails)))
    pairs[0::3] = b"".join(bytes([lead]) * len(trails) for lead in leads)
    pairs[1::3] = trails * len(leads)
    return frozenset("".join(HAN_RUN.findall(pairs.decode(codec, "ignore"))))


def _chinese_script(sample: str, declared: str) -> str:
    """Return zh-Hans or zh-Hant; where no character tells, by the declared region, else zh."""
    simplified, traditional = _one_script_only()
    there = set(sample)
    hans, hant = len(there & simplified), len(there & traditional)
    # Characters that occur once are counted faster than how often each does.
    if hans < CLEARLY * hant and hant < CLEARLY * hans:
        hans = sum(map(sample.count, there & simplified))
        hant = sum(map(sample.count, there & traditional))
    if hans != hant:
        return "zh-Hans" if hans > hant else "zh-Hant"
    if declared.startswith("ja"):
        return "ja"
    if re.search(r"hant|tw|hk|mo\b", declared):
        return "zh-Hant"
    return "zh-Hans" if re.search(r"hans|cn|sg|my\b", declared) else "zh"


def _by_letters(sample: str, table: tuple[tuple[str, str], ...], said: str | None) -> str | None:
    """Return the language of *table* whose own letters occur; *said* when that is another one."""
    if said and said not in (language for language, _ in table):
        return said
    sample = sample.lower()
    counts = {language: sum(map(sample.count, letters)) for language, letters in table}
    threshold = max(1, len(sample) // 500)
    return next((language for language, count in counts.items() if count >= threshold), said)


def _latin(sample: str, said: str | None) -> str | None:
    """Return *said* unless the common words clearly speak against it, or their language."""
    counts: Counter[str] = Counter()
    found = Counter(WORD.findall(sample.lower()))
    for word in found.keys() & LANGUAGES_OF.keys():
        for language in LANGUAGES_OF[word]:
            counts[language] += found[word]
    ranked = counts.most_common(2)
    best, most = ranked[0] if ranked else ("", 0)
    next_most = ranked[1][1] if len(ranked) > 1 else 0
    if said and said not in ("zh", "ja", "ko", "ru", "ar"):
        # Templates say en for everything: a text of another language shows in every line.
        return best if most >= 20 and most > 3 * counts[said] and most > 2 * next_most else said
    return best if most >= 3 and most > 1.5 * next_most else None
