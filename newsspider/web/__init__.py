"""The reading room: pages in front of Datasette, on loopback. Needs the extra `web`."""

import importlib.util

from newsspider.errors import UsageError

NEEDED = ("datasette", "uvicorn")


def check_installed() -> None:
    """Check that the extra is there.

    Raises:
        UsageError: it is not; the message says how to get it.
    """
    if any(importlib.util.find_spec(name) is None for name in NEEDED):
        raise UsageError(
            "serve needs Datasette: pipx install --force '.[web]' in the checkout of newsspider, "
            "or pip install datasette where it is installed"
        )
