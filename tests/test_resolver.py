"""Names that lead into the operator's network: the address that counts is the resolved one."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from newsspider.spiders.resolver import LOCAL_HOSTS, GuardedResolver, PrivateAddress

NAMED, OTHER = "oa.example.cn", "www.example.cn"


@pytest.mark.parametrize(
    ("name", "address", "is_allowed"),
    [
        (OTHER, "93.184.216.34", True),
        (OTHER, "2606:2800:220:1:248:1893:25c8:1946", True),
        (OTHER, "127.0.0.1", False),
        (OTHER, "10.1.2.3", False),
        (OTHER, "172.16.0.1", False),
        (OTHER, "192.168.1.1", False),
        (OTHER, "100.64.0.1", False),
        (OTHER, "0.0.0.0", False),
        (OTHER, "169.254.169.254", False),
        (OTHER, "::1", False),
        (OTHER, "fe80::1", False),
        (OTHER, "fd00::1", False),
        (OTHER, "::ffff:127.0.0.1", False),
        # What the user names may be in the own network, but nothing that is named is link-local.
        (NAMED, "10.1.2.3", True),
        (NAMED, "127.0.0.1", True),
        (NAMED, "169.254.169.254", False),
        (f"x.{NAMED}", "10.1.2.3", False),
    ],
)
def test_where_a_name_may_lead(
    monkeypatch: pytest.MonkeyPatch, name: str, address: str, is_allowed: bool
) -> None:
    monkeypatch.setattr("newsspider.spiders.resolver.LOCAL_HOSTS", {*LOCAL_HOSTS, NAMED})
    reactor = SimpleNamespace(getThreadPool=lambda: None)
    resolver = GuardedResolver(cast(Any, reactor), 10, 1.0)
    if is_allowed:
        assert resolver._check(address, name) == address
    else:
        with pytest.raises(PrivateAddress):
            resolver._check(address, name)
