"""Every exception raised on purpose; its text is one line that names the thing."""


class NewsspiderError(Exception):
    """Base of all errors of this package; its text is one line for a person."""


class UsageError(NewsspiderError):
    """The caller asked for something that makes no sense: exit status 2."""


class BadUrl(UsageError):
    """A URL that cannot be asked for: malformed, without host, or neither http nor https."""


class ProfileError(UsageError):
    """A portal profile that cannot be used; the text names the file, the key and the reason."""


class ArchiveError(NewsspiderError):
    """An archive that cannot be opened, read or written."""


class NotAnArchive(ArchiveError):
    """The file is no SQLite database, or one that newsspider did not make."""


class NewerSchema(ArchiveError):
    """The database was written by a newer newsspider."""


class BadLine(ArchiveError):
    """A line of an export that is no article; the text names its number and the reason."""


class SiteLocked(NewsspiderError):
    """Another run holds the lock of this archive and site: exit status 75."""


class NotDue(NewsspiderError):
    """The site was crawled so lately that it is not its turn: exit status 0."""


class NotFound(NewsspiderError):
    """Nothing is stored under that id or URL."""


class RawArchiveError(ArchiveError):
    """The raw archive cannot be read or written; the text names the file."""


class DamagedRecord(RawArchiveError):
    """A record is cut short, altered or no WARC record; `following` is where the next may begin."""

    def __init__(self, message: str, *, following: int | None = None) -> None:
        super().__init__(message)
        self.following = following


class SeveralRecords(RawArchiveError):
    """One gzip member holds the whole file: its records have no place of their own."""


class MissingRecord(RawArchiveError):
    """The file, or the record that a revisit refers to, is not there."""
