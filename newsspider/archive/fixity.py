"""Whether the files of the raw archive are what the manifests and the rows say."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from newsspider.archive.manifests import manifest_path, published
from newsspider.archive.reader import RawArchive
from newsspider.archive.repair import digest_of
from newsspider.errors import RawArchiveError

FileFacts = Mapping[str, Any]
"""name, bytes, sha256 of a file; the last two None while it is being written."""
Pointers = Callable[[str], Sequence[int]]
"""Returns the places in a file at which rows say that a record begins."""
MOST_PLACES = 5
"""Damaged places of one file that are told; the others are counted."""


def file_findings(raw: RawArchive, files: Iterable[FileFacts], pointers: Pointers) -> Iterator[str]:
    """Yield what is wrong with each of *files*: gone, altered and where, or a row leads nowhere."""
    for facts in files:
        name = facts["name"]
        places = pointers(name)
        try:
            path = raw.path_of(name)
        except RawArchiveError as error:
            if facts["sha256"] or places:
                yield str(error)
            continue
        try:
            yield from _one(raw, path, facts, places)
        except (RawArchiveError, OSError) as error:
            yield f"{path} cannot be read: {error}"


def _one(raw: RawArchive, path: Path, facts: FileFacts, places: Sequence[int]) -> Iterator[str]:
    damage: list[str] = []
    starts = {frame.offset for frame in raw.frames(path, damage.append)}
    if facts["sha256"]:
        size = path.stat().st_size
        if size != facts["bytes"]:
            yield f"{path} has {size} bytes, not {facts['bytes']}"
        elif digest_of(path) != facts["sha256"]:
            yield f"{path} was altered: its SHA-256 is not that of the manifest"
        yield from damage[:MOST_PLACES]
        if len(damage) > MOST_PLACES:
            yield f"{path}: {len(damage) - MOST_PLACES} more damaged places"
    lost = [at for at in places if at not in starts]
    if lost:
        yield f"{path}: rows name {len(lost)} records that are not there, the first at {lost[0]}"


def copy_findings(folder: Path, sealed: Iterable[tuple[int, str, str, bool]]) -> Iterator[str]:
    """Yield what is wrong with the copies of manifests in *folder*.

    *sealed* are number, SHA-256, document of every manifest, and whether it has a copy for sure.
    """
    last = None
    for number, sha256, document, has_copy in sealed:
        last = sha256
        path = manifest_path(folder, number, sha256)
        if not path.exists():
            if has_copy:
                yield f"{path} is not there"
        elif path.read_bytes() != document.encode():
            yield f"{path} is not the manifest in the archive"
    if last is None:
        return
    # What follows the last manifest was taken out of the archive, not of the folder.
    for _, path in published(folder):
        if f'"previous": "{last}"'.encode() in path.read_bytes():
            yield f"{path} follows the last manifest, but the archive has none after it"
