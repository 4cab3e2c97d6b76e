"""A copy of an archive, whole and consistent, also while a crawl writes."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from newsspider.errors import ArchiveError

PAGES_AT_ONCE = 4_096
"""Pages copied between two looks at the clock: 16 MB."""

Progress = Callable[[int, int], None]
"""Is told how many pages are left, of how many."""


def backup(
    db: sqlite3.Connection, target: Path, *, force: bool = False, progress: Progress | None = None
) -> int:
    """Copy the archive to *target* and return its size in bytes; *force* replaces a file there.

    The copy is checked before it takes its name, so *target* is whole or not there.

    Raises:
        ArchiveError: something is there already, it cannot be written, or the copy is damaged.
    """
    if target.exists() and not (force and target.is_file()):
        raise ArchiveError(
            f"{target} exists: --force replaces it" if target.is_file() else f"{target} is no file"
        )
    if force and target.exists() and _is_open_here(db, target):
        raise ArchiveError(f"{target} is the archive itself")
    part = target.with_name(f".{target.name[:200]}.{os.getpid()}.part")
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as copy:
            # One snapshot: a crawl that writes meanwhile does not make the copy begin again.
            db.execute("begin")
            try:
                db.execute("select 1 from articles limit 1").fetchone()
                db.backup(copy, pages=PAGES_AT_ONCE, progress=_shown(progress))
            finally:
                db.execute("commit")
            copy.execute("pragma journal_mode = delete")
            found = copy.execute("pragma quick_check(1)").fetchone()[0]
            if found != "ok":
                raise ArchiveError(f"the copy is damaged: {found}")
        part.replace(target)
    except OSError as error:
        raise ArchiveError(f"cannot write {target}: {error}") from error
    except sqlite3.Error as error:
        raise ArchiveError(f"cannot copy to {target}: {error}") from error
    finally:
        for name in (part.name, f"{part.name}-journal", f"{part.name}-wal", f"{part.name}-shm"):
            part.with_name(name).unlink(missing_ok=True)
    return target.stat().st_size


def _is_open_here(db: sqlite3.Connection, target: Path) -> bool:
    path = db.execute("select file from pragma_database_list where name = 'main'").fetchone()[0]
    return bool(path) and target.samefile(path)


def _shown(progress: Progress | None) -> Callable[[int, int, int], None] | None:
    if progress is None:
        return None
    return lambda _, left, all_: progress(left, all_)
