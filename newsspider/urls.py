"""Addresses: the canonical form that identifies an article, the site that it belongs to.

The rules are data, below; `canonical` applies them on top of w3lib's RFC 3986 clean-up.
"""

import ipaddress
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, safe_url_string

from newsspider.errors import BadUrl

if TYPE_CHECKING:
    import tldextract

MAX_URL_LENGTH = 2083
"""Longer addresses are refused by Scrapy and by most servers."""

# Query parameters that say where a reader came from, never which article is meant.
TRACKING_PREFIXES = tuple("utm_ spm scm _hs mc_ pk_ mtm_ at_ hmsr hmpl hmcu hmkw hmci".split())
TRACKING_PARAMETERS = frozenset(
    """
    fbclid gclid dclid gbraid wbraid msclkid yclid igshid twclid ttclid _ga _gl ref ref_src
    referrer cmpid ncid ocid smid taid sh_kit guccounter guce_referrer guce_referrer_sig
    amp_js_v usqp from isappinstalled nsukey sharer_shareid sharer_sharetime share_token
    share_from share_source share_medium share_plat share_session_id share_tag shareuid wfr
    for bd_vid tt_from tt_group_id chksm scene clicktime enterid mpshare srcid sudaref display
    vt pos rfunc tj cre mod loc r rf wm loginid tdsourcetag jsessionid phpsessid aspsessionid
    sessionid sid
    """.split()
)
# Chinese portals use short parameters both ways; these carry the article's id on some of them.
AMBIGUOUS_PARAMETERS = frozenset("mod loc r pos display for from sid ref scene".split())
# What a share or feed link puts into an ambiguous parameter.
TRACKING_VALUES = re.compile(
    r"(?:timeline|singlemessage|groupmessage|weixin|wechat|weibo|qq|qzone|rss|feed|related|share|"
    r"search|home|index|list|hot|top|sitemap|email|mail|twitter|facebook|app|mobile|pc|wap|baidu|"
    r"toutiao|push|recommend)[\w-]*",
    re.I,
)
INDEX_FILES = re.compile(r"/(?:index|default)\.(?:s?html?|php|aspx?|jsp)$", re.I)
SESSION_SEGMENT = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.I)
# How portals spell other editions of one page. They are one article only if their texts agree, too.
EDITION_HOSTS = frozenset("www m wap 3g 4g h5 mobile touch amp mip".split())
EDITION_FOLDERS = frozenset("m wap 3g 4g h5 mobile touch amp mip print printer".split())
EDITION_PARAMETERS = frozenset("print printable amp mobile wap mip".split())
EDITION_NAME = re.compile(
    r"^(?:print|wap|m)[_-](?=\w)|[_.-](?:print|wap|amp|mip)(?=\.\w+$|$)", re.I
)
# What is no page to read: answers of these kinds are never asked for.
ASSET = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|bmp|tiff?|css|js|mjs|json|woff2?|ttf|eot|mp[34g]|m4[av]|avi|mov|flv|wmv|webm|"
    r"wav|ogg|m3u8|ts|pdf|docx?|xlsx?|pptx?|zip|rar|7z|tar|t?gz|bz2|exe|apk|dmg|ipa|iso|swf|psd|torrent)$",
    re.I,
)


# Nearly all links of a portal: nothing in them that a rule below or RFC 3986 would change but an
# index file or the default port. Such an address takes a tenth of the time.
PLAIN = re.compile(
    r"(https?)://([a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?)(?::([1-9]\d{0,3}|[1-5]\d{4}))?((?:/[\w~-][\w.~-]*)*/?)",
    re.A,
)
PLAIN_PATH = re.compile(r"(?:/[\w~-][\w.~-]*)+/?", re.A)
PLAIN_QUERY = re.compile(r"[\w.~-]+=[\w.~-]+(?:&[\w.~-]+=[\w.~-]+)*", re.A)
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::(?:[1-9]\d{0,3}|[1-5]\d{4}))?(?=/)", re.A)


def _plain(url: str, base: str | None) -> tuple[re.Match[str], str] | None:
    """Return the match of PLAIN on *url*, made absolute, and its query less what tracks readers.

    None where it takes more than that to read *url*.
    """
    if len(url) > 500:
        return None
    url, mark, query = url.partition("?")
    if mark:
        if not PLAIN_QUERY.fullmatch(query):
            return None
        query = without_tracking(query)
    if base and url.startswith("/") and PLAIN_PATH.fullmatch(url):
        origin = ORIGIN.match(base)
        url = origin[0] + url if origin else url
    found = PLAIN.fullmatch(url)
    return (found, query) if found else None


def _is_tracking(name: str, value: str) -> bool:
    name = name.lower()
    if name in AMBIGUOUS_PARAMETERS:
        return bool(TRACKING_VALUES.fullmatch(value)) or not value
    return name in TRACKING_PARAMETERS or name.startswith(TRACKING_PREFIXES)


def without_tracking(query: str) -> str:
    """Return *query* less the parameters that only track readers, the others as they were.

    >>> without_tracking("id=7&utm_source=weixin&from=timeline&from=2020")
    'id=7&from=2020'
    """
    kept = []
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if pair and not _is_tracking(name, value):
            kept.append(pair)
    return "&".join(kept)


def parse_http(url: str, base: str | None = None) -> SplitResult:
    """Return the parts of *url*, made absolute by *base*.

    Raises:
        BadUrl: it is malformed, has no host, or is not http or https.
    """
    try:
        absolute = urljoin(base, url.strip()) if base else url.strip()
        parts = urlsplit(absolute)
        port = parts.port
    except ValueError as error:
        raise BadUrl(f"malformed URL {shown(url)}: {error}") from error
    if parts.scheme.lower() not in ("http", "https"):
        raise BadUrl(f"not an http or https URL: {shown(url)}")
    if not parts.hostname or port == 0:
        raise BadUrl(f"URL without a host: {shown(url)}")
    if re.search(r"[\s\x00-\x1f\x7f<>\"\\^`{|}]", parts.netloc):
        raise BadUrl(f"malformed host in URL {shown(url)}")
    if not parts.netloc.isascii():
        try:
            parts.hostname.encode("idna")
        except UnicodeError as error:
            raise BadUrl(f"malformed host in URL {shown(url)}") from error
    if len(absolute) > MAX_URL_LENGTH:
        raise BadUrl(f"URL longer than {MAX_URL_LENGTH} characters: {shown(url)}")
    return parts


def shown(url: str, limit: int = 120) -> str:
    """Return *url* quoted for a message: one line, bounded, control characters escaped."""
    text = url.encode("unicode_escape").decode("ascii") if not url.isprintable() else url
    return repr(text if len(text) <= limit else text[:limit] + "…")


@lru_cache(maxsize=16_384)
def fetchable(url: str, base: str | None = None) -> str:
    """Return the address to ask for: absolute, escaped, without fragment and tracking.

    Raises:
        BadUrl: as parse_http.
    """
    if plain := _plain(url, base):
        found, query = plain
        address = found[0] if found[4] else f"{found[0]}/"
        return f"{address}?{query}" if query else address
    parts = parse_http(url, base)
    path = SESSION_SEGMENT.sub("", parts.path) or "/"
    bare = urlunsplit((parts.scheme, parts.netloc, path, without_tracking(parts.query), ""))
    try:
        return str(safe_url_string(bare))
    except (ValueError, UnicodeError) as error:
        raise BadUrl(f"malformed URL {shown(url)}: {error}") from error


@lru_cache(maxsize=16_384)
def canonical(url: str, base: str | None = None) -> str:
    """Return the form of *url* under which an article is known; applying it twice changes nothing.

    Scheme and host in lower case, default port, credentials, fragment, session ids, tracking
    parameters and index files dropped, dot segments resolved, escapes and the order of parameters
    as w3lib normalises them
    (https://w3lib.readthedocs.io/en/latest/w3lib.html#w3lib.url.canonicalize_url).

    >>> canonical("HTTP://News.Example.cn:80/a/./b/index.html?utm_source=x&id=2#top")
    'http://news.example.cn/a/b/?id=2'

    Raises:
        BadUrl: as parse_http.
    """
    if plain := _plain(url, base):
        found, query = plain
        scheme, host, port, path = found.groups()
        is_default = not port or port == ("443" if scheme == "https" else "80")
        netloc = host if is_default else f"{host}:{port}"
        if query:
            query = "?" + "&".join(sorted(query.split("&"), key=lambda pair: pair.split("=")))
        return f"{scheme}://{netloc}{INDEX_FILES.sub('/', path) or '/'}{query}"
    parts = parse_http(url, base)
    try:
        parts = urlsplit(canonicalize_url(fetchable(url, base)))
        host = (parts.hostname or "").rstrip(".")
        port = parts.port
    except (ValueError, UnicodeError) as error:
        raise BadUrl(f"malformed URL {shown(url)}: {error}") from error
    if not host:
        raise BadUrl(f"URL without a host: {shown(url)}")
    scheme = parts.scheme.lower()
    netloc = f"[{host}]" if ":" in host else host
    if port and port != (443 if scheme == "https" else 80):
        netloc += f":{port}"
    # urljoin resolves dot segments but keeps them at the root; w3lib leaves the path alone.
    path = _without_dots(SESSION_SEGMENT.sub("", parts.path))
    path = INDEX_FILES.sub("/", path) or "/"
    return urlunsplit((scheme, netloc, path, without_tracking(parts.query), ""))


def edition_key(url: str) -> str:
    """Return what the editions of one page have in common: desktop, mobile, print, https.

    *url* is canonical. The key is no address.

    >>> edition_key("https://m.example.cn/wap/a/7_print.html?print=1&id=2")
    'example.cn/a/7.html?id=2'
    """
    parts = urlsplit(url)
    first, _, rest = parts.netloc.partition(".")
    host = rest if first in EDITION_HOSTS and "." in rest else parts.netloc
    segments = [segment for segment in parts.path.split("/") if segment]
    while len(segments) > 1 and segments[0].lower() in EDITION_FOLDERS:
        del segments[0]
    while len(segments) > 1 and segments[-1].lower() in EDITION_FOLDERS:
        del segments[-1]
    if segments:
        segments[-1] = EDITION_NAME.sub("", segments[-1])
    pairs = parts.query.split("&")
    kept = [pair for pair in pairs if pair.partition("=")[0].lower() not in EDITION_PARAMETERS]
    return "/".join((host, *segments)) + ("?" + "&".join(kept) if any(kept) else "")


def _without_dots(path: str) -> str:
    """Resolve dot segments as RFC 3986, 5.2.4 says."""
    if "/." not in path:
        return path
    out: list[str] = []
    segments = path.split("/")
    for segment in segments[1:]:
        if segment == "..":
            if out:
                out.pop()
        elif segment != ".":
            out.append(segment)
    if segments[-1] in (".", ".."):
        out.append("")
    return "/" + "/".join(out)


def canonical_or_none(url: str | None, base: str | None = None) -> str | None:
    """Return canonical(url), or None where that is no address to ask for."""
    if not url:
        return None
    try:
        return canonical(url, base)
    except BadUrl:
        return None


@cache
def _suffixes() -> "tldextract.TLDExtract":
    import tldextract

    # The list that comes with the package; without these arguments it goes to the network.
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=4096)
def _site_of_host(host: str) -> str | None:
    """Return the registrable domain of *host*, or None for an address or a name without one."""
    found = _suffixes().extract_str(host, include_psl_private_domains=True)
    return found.top_domain_under_public_suffix or None


def site_key(url: str) -> str:
    """Return the key of the site of *url*: its registrable domain, else host:port.

    >>> site_key("https://news.sina.com.cn/c/1.html"), site_key("http://127.0.0.1:8017/a")
    ('sina.com.cn', '127.0.0.1:8017')

    Raises:
        BadUrl: as parse_http.
    """
    if len(url) <= MAX_URL_LENGTH and (origin := ORIGIN.match(url)):
        return _site_of_origin(origin[0])
    return _site_of_origin(parse_http(url)._replace(path="", query="", fragment="").geturl())


@lru_cache(maxsize=4096)
def _site_of_origin(origin: str) -> str:
    parts = parse_http(origin)
    host = (parts.hostname or "").rstrip(".").lower()
    if not is_address(host) and (domain := _site_of_host(host)):
        return domain
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def site_key_or_none(url: str | None) -> str | None:
    """Return site_key(url), or None where that is no address to ask for."""
    if not url:
        return None
    try:
        return site_key(url)
    except BadUrl:
        return None


def is_address(host: str) -> bool:
    """Tell whether *host* is an IP address rather than a name."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def is_local_host(host: str) -> bool:
    """Tell whether *host* is this machine or a private network by its spelling, without DNS."""
    host = host.strip("[]").rstrip(".").lower()
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def is_asset(url: str) -> bool:
    """Tell whether the path of *url* ends like a file that is no page: a picture, a film."""
    return bool(ASSET.search(urlsplit(url).path))
