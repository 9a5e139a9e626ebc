"""Connections that are refused when a name leads to an address that is not allowed.

The name is resolved here, once, and the connection goes to the address that was checked: a name that resolves to
something else a moment later (DNS rebinding) gains nothing. Proxies of the environment are not used, since they would
resolve the name again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import httpcore2
from anyio import getaddrinfo

from ..errors import PrivateAddress
from .address_rules import AddressRules

Resolve = Callable[[str, int], Awaitable[list[str]]]


async def resolve(host: str, port: int) -> list[str]:
    """Return the IP addresses of *host*, in the order of the system."""
    found = await getaddrinfo(host, port, type=1)  # 1: SOCK_STREAM
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


class GuardedBackend(httpcore2.AsyncNetworkBackend):
    """Opens TCP connections to allowed addresses only.

    Attributes:
        rules: What is allowed.
        resolve: Finds the addresses of a name.
    """

    def __init__(self, rules: AddressRules, resolve: Resolve) -> None:
        self.rules, self.resolve = rules, resolve
        self._inner = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface of httpcore2
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to the first allowed address of *host* that answers.

        Raises:
            PrivateAddress: None of its addresses is allowed.
            httpcore2.ConnectError: It has no address, or none answers.
        """
        problem: Exception | None = None
        for address in await self._allowed(host, port):
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                problem = error
        raise problem or httpcore2.ConnectError("no address")

    async def _allowed(self, host: str, port: int) -> list[str]:
        try:
            addresses = await self.resolve(host, port)
        except OSError as error:
            raise httpcore2.ConnectError(f"the name cannot be resolved: {error.strerror}") from None
        allowed = [address for address in addresses if self.rules.allows(host, address)]
        if addresses and not allowed:
            raise PrivateAddress(host, addresses[0])
        return allowed


def new_pool(rules: AddressRules, resolver: Resolve | None) -> httpcore2.AsyncConnectionPool:
    """Return connections for one download."""
    backend = GuardedBackend(rules, resolver or resolve)
    return httpcore2.AsyncConnectionPool(max_connections=1, max_keepalive_connections=1, network_backend=backend)
