"""Names that lead into the operator's own network are not followed there."""

import ipaddress
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred

# One resolver serves the whole process, and it is made before the spiders know their targets.
LOCAL_HOSTS: set[str] = set()
"""Hosts that may be local: those that the user named, and the proxies of the environment."""
LOCAL_HOSTS.update(urlsplit(proxy).hostname or "" for proxy in getproxies().values())


class PrivateAddress(OSError):
    """A public name resolves to an address of this machine or a private network."""


class GuardedResolver(CachingThreadedResolver):
    """Resolve names, but refuse private, loopback and link-local addresses.

    The check stands where the address is made, so it holds for redirects, for robots.txt and for a
    name whose address changes between two requests.
    """

    def getHostByName(  # noqa: N802
        self, name: str, timeout: Sequence[int] = ()
    ) -> "Deferred[str]":
        """Return the address of *name*; the Deferred fails with PrivateAddress for a local one."""
        found: Deferred[str] = super().getHostByName(name, timeout)
        return found.addCallback(self._check, name)

    def _check(self, address: Any, name: str) -> Any:
        found = ipaddress.ip_address(str(address))
        # At link-local addresses clouds keep their secrets; no host that a user names is there.
        if found.is_link_local or not (found.is_global or name in LOCAL_HOSTS):
            raise PrivateAddress(f"{name} resolves to {address}, a private address")
        return address
