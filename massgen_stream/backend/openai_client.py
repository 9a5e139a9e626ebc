"""The openai SDK's client: imported, built and touched in a worker thread, each of which takes up to two seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from functools import partial, reduce
from importlib import import_module
from typing import Any, Final
from urllib.parse import urlsplit

from ..wire import decoder
from .sdk_client import SDKClient, new_http_client

OPENAI_HOST: Final = "api.openai.com"
OPENAI_HOME: Final = f"https://{OPENAI_HOST}/v1"
_AUTHORIZATION: Final = "Authorization"
_NO_KEY: Final = "none"
"""The SDK insists on a key; the header that would carry it is left out."""

NewClient = Callable[[Any, Mapping[str, Any]], Any]
"""Makes the SDK's client of its module and the usual arguments."""


def is_openai(base_url: str | None) -> bool:
    """Return whether an address is OpenAI's own."""
    return base_url is None or (urlsplit(base_url).hostname or "").lower() == OPENAI_HOST


def plain_client(openai: Any, arguments: Mapping[str, Any]) -> Any:
    """Return ``openai.AsyncOpenAI``."""
    return openai.AsyncOpenAI(**arguments)


async def open_client(
    api_key: str | None,
    base_url: str | None,
    headers: Mapping[str, str],
    *,
    resource: str,
    protocol: str,
    method: str = "create",
    http_library: str = "httpx2",
    new: NewClient = plain_client,
) -> SDKClient:
    """Return an open client; what takes time happens in a worker thread.

    Args:
        api_key: None: no header carries a key.
        base_url: None: the SDK's own.
        headers: Sent with every request.
        resource: What creates the streams, such as ``chat.completions``.
        protocol: Wire protocol of its streams.
        method: The resource's method.
        http_library: What carries the bytes; see `new_http_client`.
        new: Makes the client.
    """
    # not asyncio.to_thread: it would hand on the caller's context, in which a loop is running
    opening = partial(
        _open,
        api_key,
        base_url,
        dict(headers),
        resource=resource,
        protocol=protocol,
        method=method,
        http_library=http_library,
        new=new,
    )
    return await asyncio.get_running_loop().run_in_executor(None, opening)


def streaming_method(sdk: Any, resource: str, method: str) -> Callable[..., AbstractAsyncContextManager[Any]]:
    """Return what sends a request for *method* of *resource*, and hands out the raw response."""
    owner = reduce(getattr, resource.split("."), sdk)
    found: Callable[..., AbstractAsyncContextManager[Any]] = getattr(owner.with_streaming_response, method)
    return found


def _open(
    api_key: str | None,
    base_url: str | None,
    headers: dict[str, Any],
    *,
    resource: str,
    protocol: str,
    method: str,
    http_library: str,
    new: NewClient,
) -> SDKClient:
    openai, httpx2, anyio = import_module("openai"), import_module("httpx2"), import_module("anyio")
    decoder(protocol)
    anyio.run(anyio.sleep, 0)  # loads what the first connection would otherwise load on the caller's loop
    if not is_openai(base_url):  # the SDK would tell any host the OpenAI organisation of the environment
        headers |= {"OpenAI-Organization": openai.Omit(), "OpenAI-Project": openai.Omit()}
    http_client = new_http_client(openai, http_library)
    arguments = {"api_key": api_key or _NO_KEY, "base_url": base_url, "max_retries": 0, "default_headers": headers}
    sdk = new(openai, {**arguments, "http_client": http_client})
    create = streaming_method(sdk, resource, method)
    return SDKClient(sdk, create, sdk.close, httpx2.Timeout, {} if api_key else {_AUTHORIZATION: openai.Omit()})
