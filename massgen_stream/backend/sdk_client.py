"""A vendor's SDK as our backends use it: it sends and authenticates, and hands out the raw response."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from importlib import import_module
from typing import Any, Final, NamedTuple

from ..errors import ConfigurationError
from .limits import StreamLimits

MOST_IDLE: Final = 100
"""Connections that are kept for the next streams; as many as the SDKs keep."""

_HTTP_CLIENTS: Final = {"httpx2": "DefaultAsyncHttpxClient", "aiohttp": "DefaultAioHttpClient"}
"""What the option ``http_library`` chooses: the SDK's class."""


def checked_http_library(library: object) -> str:
    """Return *library*, which carries the bytes.

    Raises:
        ConfigurationError: There is no such one.
    """
    if not isinstance(library, str) or library not in _HTTP_CLIENTS:
        raise ConfigurationError(f"http_library must be one of {', '.join(_HTTP_CLIENTS)}, not {library!r}")
    return library


def new_http_client(sdk: Any, library: str) -> Any:
    """Return an HTTP client for a vendor's SDK without a limit on connections; each stream holds one.

    Args:
        sdk: The module ``openai`` or ``anthropic``.
        library: ``httpx2``, or ``aiohttp``, which takes less than half of its time.
    """
    endless = 0 if library == "aiohttp" else None  # aiohttp takes None for its own limit of 100
    limits = import_module("httpx2").Limits(max_connections=endless, max_keepalive_connections=MOST_IDLE)
    return getattr(sdk, _HTTP_CLIENTS[library])(limits=limits)


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
