"""On whose clock a page prints its times, as far as its address and its language tell."""

import re
from zoneinfo import ZoneInfo

# Countries of one time zone, or nearly so, by the last label of the host.
_BY_DOMAIN = {
    "cn": "Asia/Shanghai", "hk": "Asia/Hong_Kong", "mo": "Asia/Macau", "tw": "Asia/Taipei",
    "sg": "Asia/Singapore", "my": "Asia/Kuala_Lumpur", "jp": "Asia/Tokyo", "kr": "Asia/Seoul",
    "th": "Asia/Bangkok", "vn": "Asia/Ho_Chi_Minh", "ph": "Asia/Manila", "in": "Asia/Kolkata",
    "pk": "Asia/Karachi", "bd": "Asia/Dhaka", "il": "Asia/Jerusalem", "ae": "Asia/Dubai",
    "tr": "Europe/Istanbul", "az": "Asia/Baku", "de": "Europe/Berlin", "at": "Europe/Vienna",
    "ch": "Europe/Zurich", "li": "Europe/Vaduz", "fr": "Europe/Paris", "be": "Europe/Brussels",
    "nl": "Europe/Amsterdam", "lu": "Europe/Luxembourg", "it": "Europe/Rome",
    "es": "Europe/Madrid", "pt": "Europe/Lisbon", "uk": "Europe/London", "ie": "Europe/Dublin",
    "dk": "Europe/Copenhagen", "no": "Europe/Oslo", "se": "Europe/Stockholm",
    "fi": "Europe/Helsinki", "is": "Atlantic/Reykjavik", "ee": "Europe/Tallinn",
    "lv": "Europe/Riga", "lt": "Europe/Vilnius", "pl": "Europe/Warsaw", "cz": "Europe/Prague",
    "sk": "Europe/Bratislava", "hu": "Europe/Budapest", "ro": "Europe/Bucharest",
    "bg": "Europe/Sofia", "gr": "Europe/Athens", "hr": "Europe/Zagreb", "rs": "Europe/Belgrade",
    "ua": "Europe/Kyiv", "za": "Africa/Johannesburg", "ng": "Africa/Lagos",
    "ke": "Africa/Nairobi", "eg": "Africa/Cairo", "nz": "Pacific/Auckland",
    "ar": "America/Argentina/Buenos_Aires", "co": "America/Bogota", "pe": "America/Lima",
    "uy": "America/Montevideo", "ve": "America/Caracas", "cl": "America/Santiago",
    # Of several zones the one that most of the press works in.
    "au": "Australia/Sydney", "br": "America/Sao_Paulo", "mx": "America/Mexico_City",
    "id": "Asia/Jakarta", "ru": "Europe/Moscow",
}  # fmt: skip
# Languages that one zone speaks, by the first subtag.
_BY_LANGUAGE = {
    "zh": "Asia/Shanghai", "ja": "Asia/Tokyo", "ko": "Asia/Seoul", "de": "Europe/Berlin",
    "it": "Europe/Rome", "pl": "Europe/Warsaw", "cs": "Europe/Prague", "sv": "Europe/Stockholm",
    "da": "Europe/Copenhagen", "nb": "Europe/Oslo", "no": "Europe/Oslo", "fi": "Europe/Helsinki",
    "hu": "Europe/Budapest", "tr": "Europe/Istanbul", "el": "Europe/Athens",
    "vi": "Asia/Ho_Chi_Minh", "th": "Asia/Bangkok", "he": "Asia/Jerusalem",
}  # fmt: skip
_HOST_END = re.compile(r"^https?://[^/?#:]*?\.([a-z]{2})\.?(?:[:/?#]|$)", re.I)


def likely_zone(url: str, language: str | None) -> ZoneInfo | None:
    """Return the zone that the times of a page are likely of; None where it could be any.

    >>> likely_zone("https://www.a.co.uk/x", "en"), likely_zone("https://a.com/", "en")
    (zoneinfo.ZoneInfo(key='Europe/London'), None)
    """
    found = _HOST_END.match(url)
    name = _BY_DOMAIN.get(found[1].lower()) if found else None
    name = name or _BY_LANGUAGE.get((language or "").split("-")[0])
    return ZoneInfo(name) if name else None
