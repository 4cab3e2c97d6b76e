"""Portal profiles: one TOML file says what is particular about a portal. No Python.

`load` reads one, `find` looks a name up, `match` finds the one whose portal a URL belongs to.
"""

import hashlib
import logging
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta, tzinfo
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from lxml import etree

from newsspider.errors import ProfileError
from newsspider.profiles.keys import FIELDS, interval, read_keys
from newsspider.profiles.selectors import compile_selector
from newsspider.urls import site_key_or_none

logger = logging.getLogger(__name__)

DEFAULT_ZONE = "Asia/Shanghai"
PACKAGED = Path(__file__).parent
LOCAL = Path("sites")
NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,63}")


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What is particular about one portal; every part may be absent."""

    name: str
    """Key of the portal: Article.site, the lock, the politeness slot."""
    path: Path
    version: str
    """Digest of the file: a stored article was read with this one."""
    home: str
    title: str | None = None
    sections: tuple[str, ...] = ()
    """Absolute URLs of list pages to start from, beside the home page."""
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    """Further hosts of the portal, beside the registrable domain of its home page."""
    timezone: str = DEFAULT_ZONE
    language: str | None = None
    delay_s: float | None = None
    """Least seconds between two requests; None leaves the default."""
    every: timedelta | None = None
    """How often the portal is crawled; None leaves the default."""
    user_agent: str | None = None
    tls_verify: bool = True
    obey_meta_robots: bool = False
    javascript: bool = False
    """Pages are empty until a browser has run their scripts."""
    article: tuple[re.Pattern[str], ...] = ()
    """Addresses of articles. Where given, nothing else is stored."""
    section: tuple[re.Pattern[str], ...] = ()
    """Addresses of list pages. Where given, no other list is followed."""
    exclude: tuple[re.Pattern[str], ...] = ()
    """Addresses never asked for."""
    strip: tuple[str, ...] = ()
    """Selectors of what is taken off the page before it is read."""
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Selectors per field, tried in order before the generic rules."""

    @cached_property
    def zone(self) -> tzinfo:
        """The time zone in which the portal prints its times."""
        return ZoneInfo(self.timezone)

    @cached_property
    def strip_xpaths(self) -> tuple[etree.XPath, ...]:
        """`strip`, compiled."""
        return tuple(compile_selector(s) for s in self.strip)

    @cached_property
    def _compiled(self) -> dict[str, tuple[etree.XPath, ...]]:
        return {name: tuple(map(compile_selector, found)) for name, found in self.fields.items()}

    def xpaths(self, name: str) -> tuple[etree.XPath, ...]:
        """Return the compiled selectors of field *name*, () without any."""
        return self._compiled.get(name, ())

    def covers(self, url: str) -> bool:
        """Tell whether *url* belongs to this portal."""
        site = site_key_or_none(url)
        return site is not None and site in self.sites

    @cached_property
    def sites(self) -> frozenset[str]:
        """Site keys of the home page and of the further hosts."""
        addresses = [self.home, *(host if "//" in host else f"//{host}" for host in self.hosts)]
        scheme = self.home.partition(":")[0]
        absolute = (a if "://" in a else f"{scheme}:{a}" for a in addresses)
        return frozenset(key for key in map(site_key_or_none, absolute) if key)

    def is_article(self, url: str) -> bool | None:
        """Tell whether *url* has the address of an article; None when the profile does not say."""
        return any(p.search(url) for p in self.article) if self.article else None

    def is_section(self, url: str) -> bool | None:
        """Tell whether *url* has the address of a list page; None when the profile does not say."""
        return any(p.search(url) for p in self.section) if self.section else None

    def is_excluded(self, url: str) -> bool:
        """Tell whether *url* must not be asked for."""
        return any(p.search(url) for p in self.exclude)


def load(path: Path) -> Profile:
    """Return the profile in the TOML file *path*.

    Raises:
        ProfileError: with file, key and reason.
    """
    try:
        data = path.read_bytes()
        table = tomllib.loads(data.decode("utf-8"))
    except OSError as error:
        raise ProfileError(f"{path}: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path}: not a TOML file: {error}") from error
    name = table.pop("name", path.stem)
    if not isinstance(name, str) or not NAME.fullmatch(name):
        reason = f"letters, digits, dots and dashes, at most 64, not {name!r}"
        raise ProfileError(f"{path}: name: {reason}")
    values = read_keys(table, path)
    version = hashlib.sha256(data).hexdigest()[:16]
    return Profile(name=name, path=path, version=version, **values)


def folders(chosen: Path | None = None) -> tuple[Path, ...]:
    """Return where profiles are looked for, in order: *chosen*, ./sites, the package."""
    return tuple(f for f in (chosen, LOCAL, PACKAGED) if f is not None)


def find(name: str, chosen: Path | None = None) -> Profile:
    """Return the profile called *name*, from *chosen*, ./sites or the package.

    Raises:
        ProfileError: there is none, or it cannot be used.
    """
    searched = folders(chosen)
    if NAME.fullmatch(name):
        for folder in searched:
            if (path := folder / f"{name}.toml").is_file():
                return load(path)
    places = ", ".join(str(f) for f in searched[:-1])
    raise ProfileError(
        f"no profile {name!r} in {places} or the package; "
        "to crawl a site without one, give its URL: https://..."
    )


def available(chosen: Path | None = None, *, packaged: bool = True) -> list[Path]:
    """Return the files of all profiles, the first of each name, sorted by name.

    *packaged* False leaves those of the package out: examples, no portal that somebody chose.
    """
    found: dict[str, Path] = {}
    for folder in folders(chosen)[: None if packaged else -1]:
        for path in sorted(folder.glob("*.toml")):
            found.setdefault(path.stem, path)
    return [found[name] for name in sorted(found)]


def match(url: str, paths: Iterable[Path]) -> Profile | None:
    """Return the first profile among *paths* whose portal *url* belongs to, or None.

    A file that cannot be used is passed over with a warning, unless it names the portal of *url*.

    Raises:
        ProfileError: such a file names it.
    """
    for path in paths:
        try:
            profile = load(path)
        except ProfileError as error:
            if _names(path, url):
                raise
            logger.warning("passed over: %s", error)
            continue
        if profile.covers(url):
            return profile
    return None


def _names(path: Path, url: str) -> bool:
    """Tell whether the text in *path* names the domain or address of *url*."""
    key = site_key_or_none(url)
    try:
        # The key of a bare address ends in its port, which the text may leave out.
        return key is not None and re.sub(r":\d+$", "", key).encode() in path.read_bytes()
    except OSError:
        return False


__all__ = ["FIELDS", "Profile", "available", "find", "folders", "interval", "load", "match"]
