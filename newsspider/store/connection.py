"""Opening the database file: what it is, in which mode, and what to say when it cannot be used."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsspider.errors import ArchiveError, NewerSchema, NotAnArchive

APPLICATION_ID = 0x4E535044
"""PRAGMA application_id of every archive: NSPD, so that no other SQLite file is taken for one."""
SCHEMA_VERSION = 1
"""PRAGMA user_version: how many migrations this version of newsspider knows."""
CACHE_KIB = 32 * 1024
"""Pages that a writer keeps in memory: indexes are written to all over."""
BUSY_TIMEOUT_S = 10.0
"""How long a statement waits for another process to end its transaction."""


@contextmanager
def speaking_of(path: Path) -> Iterator[None]:
    """Turn what SQLite says about the file into an ArchiveError of one line that names *path*.

    IntegrityError and ProgrammingError pass: they are mistakes of this package, not of the file.
    """
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise
    except sqlite3.DatabaseError as error:
        raise _told(path, error) from error


def _told(path: Path, error: sqlite3.DatabaseError) -> ArchiveError:
    code = getattr(error, "sqlite_errorname", "")
    if code == "SQLITE_NOTADB":
        return NotAnArchive(f"{path} is no SQLite database")
    if code.startswith("SQLITE_BUSY"):
        return ArchiveError(f"{path} is locked by another process; try again when it has finished")
    if code.startswith("SQLITE_CORRUPT"):
        return ArchiveError(f"{path} is damaged: {error}")
    if code.startswith(("SQLITE_FULL", "SQLITE_IOERR_SHM")):
        return ArchiveError(f"no space left to write {path}")
    return ArchiveError(f"{path}: {error}")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run the block as one write transaction: all of it is committed, or nothing."""
    connection.execute("begin immediate")
    try:
        yield
        connection.execute("commit")
    except BaseException:
        # A full disk or an I/O error may have ended the transaction already.
        if connection.in_transaction:
            connection.execute("rollback")
        raise


def open_archive(path: Path, *, create: bool, read_only: bool) -> sqlite3.Connection:
    """Return a connection in autocommit mode to the archive at *path*, upgraded for writing.

    Raises:
        NotAnArchive: no SQLite database, or one that newsspider did not make.
        NewerSchema: written by a newer newsspider.
        ArchiveError: missing (and not *create*), a directory, unwritable, locked, damaged.
    """
    try:
        _check_place(path, create=create, read_only=read_only)
    except (OSError, ValueError) as error:
        raise ArchiveError(f"cannot open {path}: {error}") from error
    with speaking_of(path):
        if read_only:
            return _open_for_reading(path)
        return _open_for_writing(path, create=create)


def _check_place(path: Path, *, create: bool, read_only: bool) -> None:
    if "\0" in str(path):
        raise ValueError("a zero byte in the name")
    if create and not read_only:
        path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        raise ArchiveError(f"{path} is a directory, not an archive")
    if path.exists():
        # A pipe would block for ever.
        if not path.is_file():
            raise ArchiveError(f"{path} is no regular file")
        writable = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    elif create and not read_only:
        writable = os.access(path.parent, os.W_OK)
    else:
        raise ArchiveError(
            f"no archive at {path}: `newsspider crawl` makes one, --db names another"
        )
    if not os.access(path if path.exists() else path.parent, os.R_OK):
        raise ArchiveError(f"no permission to read {path}")
    if not read_only and not writable:
        raise ArchiveError(f"no permission to write {path}, or to its folder")


def _connect(path: Path, options: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?{options}",
        uri=True,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        cached_statements=256,
    )
    connection.row_factory = sqlite3.Row
    return connection


def _open_for_reading(path: Path) -> sqlite3.Connection:
    connection = _connect(path, "mode=ro")
    try:
        return _checked(connection, path)
    except sqlite3.OperationalError as error:
        connection.close()
        wal = path.with_name(path.name + "-wal")
        unreadable = getattr(error, "sqlite_errorname", "").startswith(
            ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR_SHM")
        )
        # A read-only folder or a full disk has no place for the files beside a WAL database.
        # Without a log that waits to be read nobody writes, so the file may be taken as it is:
        # https://sqlite.org/wal.html#read_only_databases
        if not unreadable or (wal.exists() and wal.stat().st_size):
            raise
    return _checked(_connect(path, "mode=ro&immutable=1"), path)


def _checked(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    try:
        _check_identity(connection, path)
        if _pragma(connection, "user_version") < SCHEMA_VERSION:
            raise ArchiveError(
                f"{path} was written by an older newsspider: the next crawl upgrades it"
            )
    except BaseException:
        connection.close()
        raise
    return connection


def _open_for_writing(path: Path, *, create: bool) -> sqlite3.Connection:
    connection = _connect(path, "mode=rwc" if create else "mode=rw")
    try:
        if not (create and _is_empty(connection)):
            _check_identity(connection, path)
        _use_wal(connection)
        connection.execute("pragma synchronous = normal")
        connection.execute("pragma foreign_keys = on")
        connection.execute(f"pragma cache_size = -{CACHE_KIB}")
        if _pragma(connection, "user_version") < SCHEMA_VERSION:
            # Loaded for this alone: sqlite-utils takes longer to import than a search takes.
            from newsspider.store.migrations import upgrade

            upgrade(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _use_wal(connection: sqlite3.Connection) -> None:
    # The change of mode does not wait for others by itself, and several may make one archive.
    patience = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("pragma journal_mode = wal").fetchone()
        except sqlite3.OperationalError as error:
            busy = getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY")
            if not busy or time.monotonic() > patience:
                raise
            time.sleep(0.02)
        else:
            return


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"pragma {name}").fetchone()[0])


def _is_empty(connection: sqlite3.Connection) -> bool:
    """Tell whether the database holds nothing: a new file, or one whose maker was killed."""
    if _pragma(connection, "application_id") != 0:
        return False
    return not connection.execute("select count(*) from sqlite_master").fetchone()[0]


def _check_identity(connection: sqlite3.Connection, path: Path) -> None:
    if _pragma(connection, "application_id") != APPLICATION_ID:
        if not _pragma(connection, "page_count"):
            raise NotAnArchive(f"{path} is empty: no archive of newsspider")
        raise NotAnArchive(f"{path} is a SQLite database, but no archive of newsspider")
    version = _pragma(connection, "user_version")
    if version > SCHEMA_VERSION:
        raise NewerSchema(
            f"{path} was written by a newer newsspider "
            f"(schema {version}, this version knows {SCHEMA_VERSION})"
        )
