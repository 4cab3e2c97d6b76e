"""newsspider demo: the bundled sample portal, crawled twice and looked at."""

import json
import shlex
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import click

from newsspider.sample import SamplePortal

SITES = ("127.0.0.1:", "sample")
"""How the site of a crawl of the sample portal begins: its address, or the name of its profile."""
WORD = "共建"


def _started(port: int) -> SamplePortal:
    """Return the portal, started on *port*, or on a free one when that is taken."""
    try:
        return SamplePortal(port).start()
    except OSError:
        portal = SamplePortal(0).start()
        click.echo(f"port {port} is taken, the portal is at {portal.base_url}", err=True)
        return portal


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "newsspider", *arguments]


def _run(*arguments: str) -> None:
    """Run a command of newsspider as a process of its own; when it fails, leave with its status."""
    click.echo(click.style(f"\n$ newsspider {shlex.join(arguments)}", bold=True))
    sys.stdout.flush()
    status = subprocess.run(_command(*arguments), check=False).returncode  # noqa: S603
    if status:
        raise click.exceptions.Exit(status)


def _is_demo(db: Path) -> bool:
    """Tell whether every run in *db* was a crawl of a portal on this machine."""
    arguments = _command("runs", "--json", "--limit", "1000000", "--db", str(db))
    answer = subprocess.run(arguments, capture_output=True, check=False)  # noqa: S603
    if answer.returncode:
        return False
    sites = [run["site"] for run in json.loads(answer.stdout)]
    return bool(sites) and all(site.startswith(SITES) for site in sites)


def _make_room(db: Path) -> None:
    """Remove what an earlier demo left in *db*.

    Raises:
        click.UsageError: it is something else.
    """
    if not db.exists():
        return
    if not db.is_file() or not _is_demo(db):
        raise click.UsageError(f"{db} was not made by the demo; name another file with --db")
    for suffix in ("", "-wal", "-shm"):
        db.with_name(db.name + suffix).unlink(missing_ok=True)


def _show_off(portal: SamplePortal, db: str) -> None:
    """Crawl *portal* on two days, and print what the archive then knows."""
    home = f"{portal.base_url}/"
    _run("crawl", home, "--db", db, "--delay", "0")
    changes = portal.advance()
    click.echo(
        f"\nA day later: {len(changes.new)} new articles, {len(changes.edited)} edited, "
        f"{len(changes.removed)} removed."
    )
    _run("crawl", home, "--db", db, "--delay", "0", "--revisit", "all")
    _run("stats", "--db", db)
    _run("show", portal.design_url, "--db", db)
    _run("search", WORD, "--db", db)
    click.echo("\nWhat to try next:")
    for arguments in (
        ("search", "轮渡", "--since", "2025-09", "--db", db),
        ("export", "--format", "jsonl", "--db", db),
        ("demo", "--serve"),
    ):
        click.echo(f"  newsspider {shlex.join(arguments)}")


@click.command()
@click.option(
    "--db",
    type=click.Path(path_type=Path, dir_okay=False),
    default="data/demo.db",
    show_default=True,
    help="Where the archive is made; an earlier demo there is replaced, nothing else is.",
)
@click.option("--serve", is_flag=True, help="Only serve the portal, until Ctrl-C.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8900,
    show_default=True,
    help="Of the portal; 0, or a port that is taken: a free one.",
)
def demo(db: Path, serve: bool, port: int) -> None:
    """Crawl the bundled sample portal twice, with a day between, and show what it got.

    The portal is a news site of invented articles on 127.0.0.1: nothing goes to the network.

    \b
        newsspider demo
        newsspider demo --serve --port 8900

    Exit status: 0, or that of the first step that failed; 2 when --db is no database of the demo.
    """
    if not serve:
        _make_room(db)
    portal = _started(port)
    try:
        if serve:
            click.echo(portal.base_url)
            with suppress(KeyboardInterrupt):
                threading.Event().wait()
        else:
            _show_off(portal, str(db))
    finally:
        portal.stop()
