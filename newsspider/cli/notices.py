"""Who is told of alarms: each channel once when one is raised, once when it is over."""

from pathlib import Path

import click

from newsspider.errors import UsageError
from newsspider.notify import Channels, NotTold
from newsspider.store import Archive

NONE_CONFIGURED = "--notify: newsspider.toml names no command, webhook or mail under [notify]"


def check_channels(channels: Channels) -> None:
    """Raise UsageError when *channels* are none."""
    if not channels.names:
        raise UsageError(NONE_CONFIGURED)


def tell(db: Path, channels: Channels) -> bool:
    """Tell every channel what it has not heard; return whether all of it arrived.

    What did not arrive is sent by the next run.
    """
    arrived = True
    with Archive(db) as archive, archive.watching() as watch, watch.telling():
        for name in channels.names:
            news = watch.untold(name)
            if not news:
                continue
            try:
                channels.tell(name, news)
            except NotTold as error:
                click.echo(f"newsspider: {error}", err=True)
                arrived = False
            else:
                watch.told(name, news)
    return arrived
