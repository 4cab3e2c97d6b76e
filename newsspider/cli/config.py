"""newsspider.toml in the working folder: what a person says once. The environment wins over it."""

import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from newsspider.errors import UsageError
from newsspider.notify import Channels, read_channels
from newsspider.profiles import interval

FILE = Path("newsspider.toml")
EVERY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Config:
    """The settings of this folder."""

    contact: str = ""
    """Mail address or page under which a webmaster reaches the operator."""
    every: timedelta = EVERY
    """How often a portal is crawled whose profile does not say."""
    profiles: Path | None = None
    """Folder of profiles, looked at before ./sites."""
    jobs: int = 4
    """Portals crawled side by side by `crawl --all`."""
    notify: Channels = field(default_factory=Channels)
    """Who is told of alarms."""


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is wanted")
    return value


def _jobs(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 64:
        raise ValueError("a number from 1 to 64 is wanted")
    return value


KEYS: dict[str, Callable[[Any], Any]] = {
    "contact": _text,
    "every": interval,
    "profiles": lambda value: Path(_text(value)),
    "jobs": _jobs,
    "notify": read_channels,
}


def read_config(path: Path = FILE) -> Config:
    """Return what *path* and the environment say; a missing file says nothing.

    Raises:
        UsageError: the file is no TOML, or has an unknown key or a value of the wrong kind.
    """
    table: dict[str, object] = {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        pass
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not a TOML file: {error}") from error
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in KEYS:
            raise UsageError(f"{path}: {key}: unknown key; known are {', '.join(KEYS)}")
        try:
            values[key] = KEYS[key](value)
        except ValueError as error:
            raise UsageError(f"{path}: {key}: {error}") from error
    contact = os.environ.get("NEWSSPIDER_CONTACT") or values.get("contact", "")
    return Config(**{**values, "contact": check_contact(contact) if contact else ""})


def check_contact(text: str) -> str:
    """Return *text*, a mail address or http(s) URL fit for a header.

    Raises:
        UsageError: it is neither.
    """
    contact = text.strip()
    is_plain = contact.isascii() and contact.isprintable() and " " not in contact
    if not is_plain or not ("@" in contact or contact.startswith(("http://", "https://"))):
        raise UsageError(f"contact is a mail address or a URL, not {text!r}")
    return contact


def remember_contact(contact: str, path: Path = FILE) -> None:
    """Put *contact* into *path*, which has none yet; before its tables, where there are some."""
    quoted = contact.replace("\\", "\\\\").replace('"', '\\"')
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(f'contact = "{quoted}"\n{text}', encoding="utf-8")
