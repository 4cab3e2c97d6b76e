"""Copies of the manifests beside the raw archive: who rewrites the database has to find them."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from newsspider.errors import RawArchiveError

NAME = re.compile(r"manifest-(\d{6,})-([0-9a-f]{12})\.json")


def manifest_path(folder: Path, number: int, sha256: str) -> Path:
    """Return where the copy of a manifest is kept; archives that share a folder never collide."""
    return folder / f"manifest-{number:06}-{sha256[:12]}.json"


def publish(folder: Path, number: int, sha256: str, document: str) -> Path:
    """Write the copy of a manifest and return its path.

    Raises:
        RawArchiveError: it cannot be written.
    """
    path = manifest_path(folder, number, sha256)
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(document.encode())
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except OSError as error:
        raise RawArchiveError(f"cannot write {path}: {error.strerror or error}") from error
    return path


def published(folder: Path) -> Iterator[tuple[int, Path]]:
    """Yield number and path of every copy in *folder*, by name."""
    for path in sorted(folder.glob("manifest-*.json")):
        if found := NAME.fullmatch(path.name):
            yield int(found[1]), path
