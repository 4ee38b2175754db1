"""Where a webhook may lead: to hosts that the operator listed, and to no machine of his own unless he listed its network as well.

A name is resolved once, and the connection goes to the very address that was looked at: a name that turns to another address a moment later
(DNS rebinding) leads nowhere.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from drafter.errors import RequestError

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

MAX_URL_CHARS = 500
_HOST = re.compile(r"(?=.{1,253}\.?$)[^.]{1,63}(?:\.[^.]{1,63})*\.?")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_NOBODYS = tuple(ipaddress.ip_network(network) for network in ("fec0::/10", "64:ff9b:1::/48", "::ffff:0:0:0/96", "::/96"))
"""Global to the standard library, and all the same somebody's own: site-local, local NAT64, and IPv4 in older wrappings."""


class AddressRefused(Exception):
    """The host has no address that may be asked."""


@dataclass(frozen=True, slots=True)
class AllowList:
    """Hosts, and networks that are none of the open internet's and may be asked all the same."""

    hosts: tuple[str, ...]
    """Names, or `*.example.com` for all names below one."""
    networks: tuple[IpNetwork, ...] = ()

    @classmethod
    def read(cls, hosts: Sequence[str], networks: Sequence[str]) -> AllowList:
        """The list as settings write it."""
        return cls(tuple(host.lower() for host in hosts), tuple(ipaddress.ip_network(network) for network in networks))

    def check_url(self, url: str) -> None:
        """Nothing when a webhook may have this URL.

        Raises:
            RequestError: `invalid`, or (`webhook_host_not_allowed`) the host is not listed.
        """
        parts = _split(url)
        if parts is None:
            message = f"must be https://host/…, at most {MAX_URL_CHARS} ASCII characters, without a user and without a fragment"
            raise RequestError(message, code="invalid", field="url")
        if not self._lists(parts.hostname or ""):
            raise RequestError("this host is not among DRAFTER_WEBHOOK_HOSTS", code="webhook_host_not_allowed", field="url")
        if parts.scheme == "http" and not self.networks:
            raise RequestError("must be https; http is for the networks of DRAFTER_WEBHOOK_NETWORKS", code="invalid", field="url")

    async def resolve(self, url: str) -> str:
        """The address that the URL's host has now.

        Raises:
            AddressRefused: it has none, or one that may not be asked; one bad address among good ones is enough.
        """
        parts = _split(url)
        if parts is None or not self._lists(parts.hostname or ""):
            raise AddressRefused("not listed")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            found = await asyncio.get_running_loop().getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as exc:
            raise AddressRefused("no address") from exc
        addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
        if not addresses or not all(self._may_ask(address, is_plain=parts.scheme == "http") for address in addresses):
            raise AddressRefused("a private address")
        return str(addresses[0])

    def _lists(self, host: str) -> bool:
        host = host.rstrip(".").lower()
        return any(host.endswith(listed[1:]) if listed.startswith("*.") else host == listed for listed in self.hosts)

    def _may_ask(self, address: IpAddress, *, is_plain: bool) -> bool:
        """True for the open internet with TLS, and for networks that the operator listed."""
        real = _unwrapped(address)
        if any(real in network for network in self.networks if network.version == real.version):
            return True
        return (
            real.is_global and not real.is_multicast and not is_plain and not any(real in n for n in _NOBODYS if n.version == real.version)
        )


def _split(url: str) -> SplitResult | None:
    """The URL's parts; None when it is none that is asked."""
    if len(url) > MAX_URL_CHARS or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        is_fine = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.hostname or "") and parts.port != 0
    except ValueError:
        return None
    return parts if is_fine and "@" not in parts.netloc and not parts.fragment else None


def _unwrapped(address: IpAddress) -> IpAddress:
    """The IPv4 address inside one that only carries it."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
