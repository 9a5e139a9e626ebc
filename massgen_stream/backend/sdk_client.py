"""A vendor's SDK as our backends use it: it sends and authenticates, and hands out the raw response."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, NamedTuple

from .limits import StreamLimits


class SDKClient(NamedTuple):
    """An open client.

    Attributes:
        sdk: The vendor's client itself.
        create: Sends a request; its context yields the response: ``headers`` and ``iter_bytes()``.
        close: Closes all connections.
        new_timeout: ``httpx2.Timeout``, or what the SDK takes instead.
        headers: For every request: where there is no key, the sign that its header is left out on purpose.
    """

    sdk: Any
    create: Callable[..., AbstractAsyncContextManager[Any]]
    close: Callable[[], Awaitable[None]]
    new_timeout: Callable[..., Any]
    headers: Mapping[str, Any]

    def with_headers(self, transport: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments of `create` for the transport; headers of the caller win."""
        given = transport.get("extra_headers", {})
        named = {name.lower() for name in given}
        ours = {name: value for name, value in self.headers.items() if name.lower() not in named}
        return {**transport, "extra_headers": {**ours, **given}}

    def timeout(self, limits: StreamLimits) -> Any:
        """Return the SDK's time limits for a stream."""
        connect, read = limits.connect_timeout, limits.read_timeout
        return self.new_timeout(connect=connect, read=read, write=read, pool=connect)
