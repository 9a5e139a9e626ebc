"""The anthropic SDK's client: imported, built and touched in a worker thread, each of which takes up to two seconds."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Mapping
from functools import partial
from importlib import import_module
from typing import Any, Final
from urllib.parse import urlsplit

from ..wire import decoder
from .sdk_client import SDKClient, new_http_client

ANTHROPIC_HOST: Final = "api.anthropic.com"
_AUTHORIZATION: Final = "Authorization"
_NO_KEY: Final = "none"
"""Without a key the SDK would look for one in the environment, in profiles and in the cloud; none is sent."""

_HEADERS_VARIABLE: Final = "ANTHROPIC_CUSTOM_HEADERS"
_ADDRESS_VARIABLE: Final = "ANTHROPIC_BASE_URL"


async def open_client(
    api_key: str | None,
    base_url: str | None,
    headers: Mapping[str, str],
    *,
    protocol: str,
    http_library: str = "httpx2",
) -> SDKClient:
    """Return an open client; what takes time happens in a worker thread.

    Args:
        api_key: None: no header carries a key.
        base_url: None: the SDK's own.
        headers: Sent with every request.
        protocol: Wire protocol of its streams.
        http_library: What carries the bytes; see `new_http_client`.
    """
    # not asyncio.to_thread: it would hand on the caller's context, in which a loop is running
    opening = partial(_open, api_key, base_url, dict(headers), protocol, http_library)
    return await asyncio.get_running_loop().run_in_executor(None, opening)


def _open(
    api_key: str | None, base_url: str | None, headers: dict[str, Any], protocol: str, http_library: str
) -> SDKClient:
    anthropic, httpx2, anyio = import_module("anthropic"), import_module("httpx2"), import_module("anyio")
    decoder(protocol)
    anyio.run(anyio.sleep, 0)  # loads what the first connection would otherwise load on the caller's loop
    if not _is_meant(base_url, os.environ):
        headers = dict.fromkeys(_header_names(os.environ), anthropic.Omit()) | headers
    sdk = anthropic.AsyncAnthropic(
        api_key=api_key or _NO_KEY,
        base_url=base_url,
        max_retries=0,
        default_headers=headers,
        http_client=new_http_client(anthropic, http_library),
    )
    create = sdk.messages.with_streaming_response.create
    unsigned = {} if api_key else {_AUTHORIZATION: anthropic.Omit()}
    return SDKClient(sdk, create, sdk.close, httpx2.Timeout, unsigned)


def _is_meant(base_url: str | None, environ: Mapping[str, str]) -> bool:
    """Return whether the headers of the environment, which may hold secrets, are meant for an address."""
    return base_url is None or _host(base_url) in (ANTHROPIC_HOST, _host(environ.get(_ADDRESS_VARIABLE, "")))


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").lower()


def _header_names(environ: Mapping[str, str]) -> Iterator[str]:
    """Yield the names of the headers that the SDK takes from the environment, as it reads them."""
    for line in environ.get(_HEADERS_VARIABLE, "").split("\n"):
        name, colon, _ = line.partition(":")
        if colon:
            yield name.strip()
