"""newsspider serve: the reading room."""

from contextlib import suppress
from pathlib import Path

import click

from newsspider.cli.common import database_option
from newsspider.web import check_installed


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on; all: 0.0.0.0."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8001,
    show_default=True,
    help="Port to listen on; 0: a free one.",
)
@click.option(
    "--allow-host",
    "allowed",
    multiple=True,
    metavar="NAME",
    help="Answer under this name, too, as behind a proxy; can be repeated.",
)
@database_option
def serve(host: str, port: int, allowed: tuple[str, ...], db: Path) -> None:
    """Serve the archive as web pages: search, articles, changes, portals, tables, SQL.

    Only this machine can ask unless --host says otherwise. A crawl may go on meanwhile. Ctrl-C
    ends it.

    \b
        newsspider serve
        newsspider serve --db other.db --port 0
    """
    check_installed()
    from newsspider.store.room import ReadingRoom
    from newsspider.web import server

    ReadingRoom(db).close()
    listening = server.listen(host, port)
    click.echo(server.address_of(listening))
    with suppress(KeyboardInterrupt), listening:
        server.run(db.resolve(), listening, host=host, allowed=allowed)
