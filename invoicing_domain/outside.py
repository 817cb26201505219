"""Which addresses may be called on behalf of somebody who names a URL: asked when it is saved, and at each call.

A URL that customers choose must not lead to the house itself: its database, its neighbours, the cloud's metadata. What
counts is the address, not the name: each address of a name is looked at, and whoever calls connects to those that were
looked at (a name may lead elsewhere a moment later).
"""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit

LONGEST_URL: Final = 2000
PORTS: Final = frozenset({443, 8443})

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
"""The addresses of a name, as text; raises OSError."""

# What Python calls global all the same: addresses that lead to another one than they say (IPv4 inside IPv6: NAT64,
# Teredo, 6to4, and its relays), and those of protocols and sites, where clouds keep their metadata.
_REFUSED: Final = tuple(
    ip_network(text)
    for text in (
        *("64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "192.88.99.0/24"),
        *("192.0.0.0/24", "fec0::/10"),
    )
)


class Unfit(Exception):  # noqa: N818 - names what was met
    """A URL that may not be called; the message says why, in words that fit after its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A URL taken apart: what to connect to, whom to ask for, and what."""

    is_encrypted: bool
    host: str
    port: int
    authority: str
    path: str


def system_resolver(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Outside:
    """`allow_private` lets calls go to this machine and its network, without encryption and to any port."""

    allow_private: bool = False
    resolve: Resolve = system_resolver

    def target(self, url: str) -> Target:
        """Raises Unfit for what no call may be made to, whatever it resolves to."""
        parts, port = _split(url)
        if parts.scheme not in ({"https", "http"} if self.allow_private else {"https"}):
            raise Unfit("has to begin with https://")
        if not parts.hostname:
            raise Unfit("has no host")
        if parts.username is not None or parts.password is not None:
            raise Unfit("may not hold a user name or password")
        if parts.fragment:
            raise Unfit("may not have a fragment (#)")
        port = port or (443 if parts.scheme == "https" else 80)
        if port not in PORTS and not self.allow_private:
            raise Unfit("has to lead to port 443 or 8443")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return Target(
            is_encrypted=parts.scheme == "https", host=parts.hostname, port=port, authority=parts.netloc, path=path
        )

    def addresses(self, target: Target) -> Sequence[str]:
        """Where to connect to; raises Unfit when the name leads nowhere, or one of its addresses is not public."""
        try:
            found = self.resolve(target.host, target.port)
        except (OSError, UnicodeError):
            found = ()
        if not found:
            raise Unfit(f"names a host that cannot be found: {target.host}")
        if not self.allow_private and not all(is_public(ip_address(one)) for one in found):
            raise Unfit(f"leads to an address that is not public: {target.host}")
        return found


def is_public(address: Address) -> bool:
    """Whether an address belongs to somebody on the internet; an IPv4 address in the form of IPv6 counts as itself."""
    inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    if inner is not None:
        return is_public(inner)
    refused = any(address in network for network in _REFUSED if network.version == address.version)
    return address.is_global and not address.is_multicast and not refused


def _split(url: str) -> tuple[SplitResult, int | None]:
    if len(url) > LONGEST_URL:
        raise Unfit(f"has more than {LONGEST_URL} characters")
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise Unfit("may hold printable ASCII only, without spaces and backslashes")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Unfit(f"is no URL: {error}") from None
    return parts, port
