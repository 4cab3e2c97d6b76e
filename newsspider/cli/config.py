"""newsspider.toml in the working folder: what a person says once. The environment wins over it."""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from newsspider.errors import UsageError

FILE = Path("newsspider.toml")
KEYS = ("contact",)


@dataclass(frozen=True, kw_only=True)
class Config:
    """The settings of this folder."""

    contact: str = ""
    """Mail address or page under which a webmaster reaches the operator."""


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
    for key, value in table.items():
        if key not in KEYS:
            raise UsageError(f"{path}: {key}: unknown key; known are {', '.join(KEYS)}")
        if not isinstance(value, str):
            raise UsageError(f"{path}: {key}: a text is wanted")
    contact = os.environ.get("NEWSSPIDER_CONTACT") or str(table.get("contact", ""))
    return Config(contact=check_contact(contact) if contact else "")


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
    """Add *contact* to *path*, which has none yet."""
    quoted = contact.replace("\\", "\\\\").replace('"', '\\"')
    with path.open("a", encoding="utf-8") as file:
        file.write(f'contact = "{quoted}"\n')
