"""A webhook leads to listed hosts only, and to no machine inside unless its network is listed as well."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import pytest

from drafter.errors import RequestError
from drafter.webhooks.address import AddressRefused, AllowList

OPEN = AllowList.read(("hooks.example.com", "*.partner.example"), ())
INSIDE = AllowList.read(("hooks.example.com",), ("10.1.0.0/16", "fd00:1::/64"))


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Gives every name these addresses, and keeps which names were asked for."""

    def serve(*addresses: str) -> list[str]:
        asked: list[str] = []

        async def answer(_loop: Any, host: str, port: int, **_options: Any) -> list[Any]:
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

        monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", answer)
        return asked

    return serve


@pytest.mark.parametrize("url", ["https://hooks.example.com/a?b=c", "https://HOOKS.example.com:8443/", "https://eu.partner.example/x"])
def test_a_listed_host_may_be_told(url: str) -> None:
    """By its name, or by a name below a listed one."""
    OPEN.check_url(url)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://other.example.com/", "webhook_host_not_allowed"),
        ("https://partner.example/", "webhook_host_not_allowed"),
        ("https://hooks.example.com.evil.example/", "webhook_host_not_allowed"),
        ("https://evilpartner.example/", "webhook_host_not_allowed"),
        ("https://169.254.169.254/latest/meta-data", "webhook_host_not_allowed"),
        ("http://hooks.example.com/", "invalid"),
        ("https://user:pw@hooks.example.com/", "invalid"),
        ("https://hooks.example.com\\@evil.example/", "invalid"),
        ("https://hooks.example.com/#x", "invalid"),
        ("file:///etc/passwd", "invalid"),
        ("gopher://hooks.example.com/", "invalid"),
        ("https://hooks.example.com:99999/", "invalid"),
        ("https://höoks.example.com/", "invalid"),
        ("https://hooks.example.com/" + "x" * 500, "invalid"),
        ("https:///x", "invalid"),
        ("https://[::1/", "invalid"),
        ("https://a..partner.example/", "invalid"),
        ("https://" + "a" * 64 + ".partner.example/", "invalid"),
    ],
)
def test_no_other_url_is_taken(url: str, code: str) -> None:
    """Look-alikes, users, other schemes, metadata: each refused with its code."""
    with pytest.raises(RequestError) as caught:
        OPEN.check_url(url)
    assert (caught.value.code, caught.value.field) == (code, "url")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.2.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255",
        "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
        "2002:7f00:1::", "ff02::1", "192.0.2.1", "fec0::1", "64:ff9b:1::7f00:1", "::ffff:0:7f00:1", "::7f00:1",
    ],
)  # fmt: skip
async def test_a_name_that_leads_inside_is_refused(name_server: Callable[..., list[str]], address: str) -> None:
    """Loopback, private, link-local, metadata, multicast, and all of them wrapped into IPv6."""
    name_server("8.8.8.8", address)
    for allowed in (OPEN, INSIDE):
        with pytest.raises(AddressRefused):
            await allowed.resolve("https://hooks.example.com/")


async def test_a_name_is_resolved_once_to_the_address_that_is_asked(name_server: Callable[..., list[str]]) -> None:
    """What it means a moment later does not matter."""
    asked = name_server("8.8.8.8", "2606:4700::1")
    assert await OPEN.resolve("https://hooks.example.com/") == "8.8.8.8"
    assert asked == ["hooks.example.com"]


@pytest.mark.parametrize(("url", "address"), [("http://hooks.example.com/", "10.1.2.3"), ("https://hooks.example.com/", "fd00:1::5")])
async def test_a_listed_network_may_be_reached(name_server: Callable[..., list[str]], url: str, address: str) -> None:
    """Also without TLS, which the open internet may not."""
    name_server(address)
    INSIDE.check_url(url)
    assert await INSIDE.resolve(url) == address
    name_server("8.8.8.8")
    with pytest.raises(AddressRefused):
        await INSIDE.resolve("http://hooks.example.com/")


async def test_a_host_that_is_no_longer_listed_is_not_told(name_server: Callable[..., list[str]]) -> None:
    """The list holds when it is sent, not only when it was made."""
    name_server("8.8.8.8")
    with pytest.raises(AddressRefused):
        await INSIDE.resolve("https://eu.partner.example/x")
