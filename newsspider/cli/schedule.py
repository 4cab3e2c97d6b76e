"""newsspider schedule: lines for cron, units for systemd."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from newsspider.cli.common import json_option, show_json
from newsspider.cli.config import Config, read_config
from newsspider.cli.fleet import portals
from newsspider.errors import NewsspiderError, UsageError
from newsspider.schedule import Job, block, calendar, cron_line, units, with_block
from newsspider.text import printable


class NoCrontab(NewsspiderError):
    """There is no program crontab, or it refuses."""


@click.command()
@click.option("--show", "action", flag_value="show", default=True, help="Print them; the default.")
@click.option("--install", "action", flag_value="install", help="Put the lines into your crontab.")
@click.option("--remove", "action", flag_value="remove", help="Take them out of your crontab.")
@click.option(
    "--profiles",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of profiles, looked at before ./sites.",
)
@click.option(
    "--db",
    type=click.Path(path_type=Path),
    default="data/archive.db",
    show_default=True,
    help="The archive.",
)
@json_option
def schedule(action: str, folder: Path | None, db: Path, as_json: bool) -> None:
    """Print crontab lines and systemd units that crawl every profile as often as it says.

    Each portal has its own minute. --install and --remove touch nothing in your crontab but
    newsspider's own block for this folder.

    \b
        newsspider schedule --show
        newsspider schedule --install

    Exit status: 0 done, 1 the crontab cannot be read or written, 2 no profiles, or a bad one.
    """
    here = Path.cwd()
    if action == "remove":
        _install(here, [])
        return
    config = read_config()
    jobs = _jobs(here, config, folder or config.profiles, db)
    if action == "install":
        _install(here, block(jobs, here))
    elif as_json:
        show_json([_as_json(job) for job in jobs])
    else:
        _show(jobs, here)


def _jobs(here: Path, config: Config, folder: Path | None, db: Path) -> list[Job]:
    """Return a job for each profile.

    Raises:
        UsageError: a profile cannot be used, or nobody could be reached by webmasters.
    """
    found = portals(folder)
    for portal in found:
        if portal.error:
            raise UsageError(portal.error)
    if not config.contact:
        click.echo("no contact in newsspider.toml: public portals will not be crawled", err=True)
    out = []
    for portal in found:
        assert portal.profile is not None  # noqa: S101
        arguments = ["crawl", portal.name, "--if-due", "--quiet", "--db", str(here / db)]
        if folder:
            arguments += ["--profiles", str(here / folder)]
        if config.notify.names:
            arguments.append("--notify")
        command = (sys.executable, "-m", "newsspider", *arguments)
        every = portal.profile.every or config.every
        out.append(Job(name=portal.name, every=every, folder=here, command=command))
    return out


def _as_json(job: Job) -> dict[str, Any]:
    return {
        "name": job.name,
        "every_s": int(job.every.total_seconds()),
        "cron": cron_line(job),
        "calendar": calendar(job),
        "units": units(job),
    }


def _show(jobs: list[Job], here: Path) -> None:
    click.echo("# crontab; `newsspider schedule --install` puts this block into yours")
    for line in block(jobs, here):
        click.echo(printable(line))
    click.echo("\n# systemd; one file each in ~/.config/systemd/user/, then:")
    click.echo("#   systemctl --user daemon-reload")
    click.echo("#   systemctl --user enable --now newsspider-NAME.timer")
    click.echo("#   loginctl enable-linger   (they run while you are logged out, too)")
    for job in jobs:
        for name, text in units(job).items():
            click.echo(f"\n# ~/.config/systemd/user/{name}\n{text}", nl=False)


def _install(here: Path, lines: list[str]) -> None:
    before = _crontab("-l")
    after = with_block(before, here, lines)
    if after == before:
        click.echo("the crontab is as it should be", err=True)
        return
    _crontab("-", text=after)
    words = f"in your crontab: {len(lines) - 2}" if lines else "out of your crontab"
    click.echo(words, err=True)


def _crontab(argument: str, text: str | None = None) -> str:
    """Run crontab and return what it prints, "" where the user has none.

    Raises:
        NoCrontab: it is missing or ends with an error. Nothing must be written then: what the
            user has would be lost.
    """
    try:
        done = subprocess.run(  # noqa: S603
            ["crontab", argument],  # noqa: S607
            input=text and text.encode("utf-8", "surrogateescape"),
            stdin=None if text is not None else subprocess.DEVNULL,
            capture_output=True,
            env={**os.environ, "LC_ALL": "C"},
            timeout=60,
            check=False,
        )
    except FileNotFoundError as error:
        raise NoCrontab(
            "no program crontab: install cron, or use the systemd units of `schedule --show`"
        ) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoCrontab(f"crontab {argument}: {error}") from error
    words = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode and not (argument == "-l" and "no crontab for" in words):
        raise NoCrontab(f"crontab {argument}: {words or f'status {done.returncode}'}")
    return "" if done.returncode else done.stdout.decode("utf-8", "surrogateescape")
