"""The command line: `newsspider COMMAND`. A command's module is loaded when it is called."""

import atexit
import gc
import importlib
import keyword
import os
import sqlite3
import sys
from collections.abc import Sequence
from typing import Any

import click

from newsspider import __version__
from newsspider.errors import NewsspiderError, SiteLocked, UsageError
from newsspider.text import printable

COMMANDS = {
    "crawl": "Crawl portals into the archive.",
    "extract": "Read one page and print its article.",
    "search": "Print stored articles that hold every word.",
    "show": "Print one stored article.",
    "history": "List every reading of one article.",
    "diff": "Show what changed in one article.",
    "export": "Write stored articles as JSON Lines or CSV.",
    "import": "Write the articles of an export into an archive.",
    "stats": "Print what is in the archive, in numbers.",
    "runs": "Print the last crawls.",
    "reextract": "Read the archive again with the current extractor and profiles.",
    "why": "Show where each field of one article comes from.",
    "health": "Show how portals fare, and what is wrong.",
    "gaps": "List days with too little, and listed pages that are not stored.",
    "schedule": "Print crontab lines and systemd units, or install the former.",
    "report": "Write a month's charts as one HTML file.",
    "verify": "Check that the archive holds what it says.",
    "warc": "Say what the raw archive holds, or prune it.",
    "backup": "Copy the archive, also while a crawl writes.",
    "serve": "Serve the archive as web pages, for reading.",
    "demo": "Crawl the bundled sample portal and show what it got.",
}
"""Name of a command, which is its module and function here, and what it does."""

# As it ends, Python looks through all objects for cycles, several times: they go with the process.
atexit.register(gc.freeze)

EXIT_STATUSES = """\b
Exit status: 0 ok, 1 error, 2 bad usage, 3 finished with alarms, 4 nothing fetched or most
requests failed, 75 another run holds the site, 130 interrupted."""


class Commands(click.Group):
    """A group that imports a command only to run it, and ends every error in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of all commands, in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002
        cmd_name: str,
    ) -> click.Command | None:
        """Return the command *cmd_name*; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        name = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        command = getattr(importlib.import_module(f"newsspider.cli.{name}"), name)
        assert isinstance(command, click.Command)  # noqa: S101
        return command

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002
        formatter: click.HelpFormatter,
    ) -> None:
        """Write what the commands do, without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command and leave with its exit status; a number that it returns is one."""
        options: dict[str, Any] = {**extra, "prog_name": prog_name, "complete_var": complete_var}
        if not standalone_mode:
            return super().main(args, standalone_mode=False, **options)
        for stream in (sys.stdout, sys.stderr):
            # A terminal that lacks a character shows ? for it; JSON and files are UTF-8 anyway.
            if reconfigure := getattr(stream, "reconfigure", None):
                reconfigure(errors="replace")
        sys.exit(self._status(args, options))

    def _status(self, args: Sequence[str] | None, options: dict[str, Any]) -> int:
        try:
            result = super().main(args, standalone_mode=False, **options)
            sys.stdout.flush()
        except click.ClickException as error:
            error.show()
            return error.exit_code
        except (KeyboardInterrupt, click.Abort):
            return 130
        except BrokenPipeError:
            # The reader has gone; what is left in the buffer must not fail again at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        except NewsspiderError as error:
            return _told(str(error), _exit_status(error))
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            return _told(f"{place}{error.strerror or error}", 1)
        except sqlite3.Error as error:
            return _told(f"{error}", 1)
        except Exception as error:
            if os.environ.get("NEWSSPIDER_DEBUG"):
                raise
            kind = type(error).__name__
            return _told(f"a bug: {kind}: {error} (NEWSSPIDER_DEBUG=1 shows where)", 1)
        return result if isinstance(result, int) else 0


def _exit_status(error: NewsspiderError) -> int:
    if isinstance(error, UsageError):
        return 2
    return 75 if isinstance(error, SiteLocked) else 1


def _told(message: str, status: int) -> int:
    click.echo(f"newsspider: {printable(message)}", err=True)
    return status


@click.group(cls=Commands, epilog=EXIT_STATUSES)
@click.version_option(__version__, prog_name="newsspider")
def main() -> None:
    """Archive news portals: every article, its lists, every later change, in one SQLite file.

    \b
        newsspider crawl https://news.example.org/
        newsspider search 共建
    """
