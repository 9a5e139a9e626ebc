"""Which addresses a download may connect to; asked again for every connection, with what the name resolved to."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from ..errors import UnreachableMedia, excerpt

Address = IPv4Address | IPv6Address

_NAT64: Final = IPv6Network("64:ff9b::/96")  # https://www.rfc-editor.org/rfc/rfc6052#section-2.1
_LOW_32_BITS: Final = 2**32 - 1


def is_public(address: str) -> bool:
    """Return whether an IP address, and every address that it carries inside it, belongs to the public internet."""
    found = ip_address(address.partition("%")[0])
    return all(one.is_global and not one.is_multicast for one in (found, *_carried(found)))


def _carried(address: Address) -> list[IPv4Address]:
    """Return the IPv4 addresses that a gateway would reach by an IPv6 address."""
    if isinstance(address, IPv4Address):
        return []
    teredo = address.teredo or ()
    nat64 = IPv4Address(int(address) & _LOW_32_BITS) if address in _NAT64 else None
    return [one for one in (address.ipv4_mapped, address.sixtofour, nat64, *teredo) if one is not None]


class AddressRules:
    """What may be connected to besides the public internet.

    Args:
        allow_private: True for everything, False for nothing, or the names, addresses and networks (``10.0.0.0/8``)
            that may be reached.
    """

    def __init__(self, allow_private: bool | Iterable[str]) -> None:
        self._everything = allow_private is True
        entries = [] if isinstance(allow_private, bool) else [entry.lower() for entry in allow_private]
        networks = {entry: _network(entry) for entry in entries}
        self._names = {entry for entry, network in networks.items() if network is None}
        self._networks = [network for network in networks.values() if network is not None]

    def allows(self, host: str, address: str) -> bool:
        """Return whether *host*, which resolved to *address*, may be connected to there."""
        if self._everything or host.lower() in self._names or is_public(address):
            return True
        found = ip_address(address.partition("%")[0])
        return any(found in network for network in self._networks)


def _network(entry: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(entry, strict=False)
    except ValueError:
        return None


def checked_url(url: str) -> str:
    """Return *url* without its fragment.

    Raises:
        UnreachableMedia: It is no http or https URL with a host, or holds a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UnreachableMedia(f"{shown_url(url)} is no URL") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise UnreachableMedia(f"{shown_url(url)} cannot be fetched; pass an http or https URL")
    if "@" in parts.netloc:
        raise UnreachableMedia(f"{shown_url(url)} holds a name or password; pass them with headers")
    if not url.isascii() or any(character <= " " for character in url):
        raise UnreachableMedia(f"{shown_url(url)} holds characters that a URL has not; quote them")
    return parts._replace(fragment="").geturl()


def shown_url(url: str) -> str:
    """Return what of a URL may be told: no password, and no query, which may hold a signature."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        return excerpt(parts._replace(netloc=host, query="", fragment="").geturl())
    except ValueError:
        return "the URL"
