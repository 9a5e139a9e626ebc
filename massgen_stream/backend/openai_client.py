"""The openai SDK's client: imported, built and touched in a worker thread, each of which takes up to two seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from openai import AsyncOpenAI

OPENAI_HOST: Final = "api.openai.com"
_AUTHORIZATION: Final = "Authorization"
_NO_KEY: Final = "none"
"""The SDK insists on a key; the header that would carry it is left out."""


class OpenAIClient(NamedTuple):
    """An open client.

    Attributes:
        sdk: The client itself.
        create: ``chat.completions.with_streaming_response.create``.
        timeout: Makes the SDK's time limits.
        headers: For every request: where there is no key, the sign that its header is left out on purpose.
    """

    sdk: AsyncOpenAI
    create: Callable[..., Any]
    timeout: Callable[..., Any]
    headers: Mapping[str, Any]

    def with_headers(self, transport: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments of `create` for the transport; headers of the caller win."""
        given = transport.get("extra_headers", {})
        ours = {} if any(name.lower() == _AUTHORIZATION.lower() for name in given) else self.headers
        return {**transport, "extra_headers": {**ours, **given}}

    async def aclose(self) -> None:
        """Close all connections."""
        await self.sdk.close()


def is_openai(base_url: str | None) -> bool:
    """Return whether an address is OpenAI's own."""
    return base_url is None or (urlsplit(base_url).hostname or "").lower() == OPENAI_HOST


async def open_client(api_key: str | None, base_url: str | None, headers: Mapping[str, str]) -> OpenAIClient:
    """Return an open client; what takes time happens in a worker thread."""
    # not asyncio.to_thread: it would hand on the caller's context, in which a loop is running
    return await asyncio.get_running_loop().run_in_executor(None, _open, api_key, base_url, dict(headers))


def _open(api_key: str | None, base_url: str | None, headers: dict[str, Any]) -> OpenAIClient:
    openai, httpx2, anyio = import_module("openai"), import_module("httpx2"), import_module("anyio")
    import_module("massgen_stream.wire.openai_chat")
    anyio.run(anyio.sleep, 0)  # loads what the first connection would otherwise load on the caller's loop
    if not is_openai(base_url):  # the SDK would tell any host the OpenAI organisation of the environment
        headers |= {"OpenAI-Organization": openai.Omit(), "OpenAI-Project": openai.Omit()}
    client = openai.AsyncOpenAI(api_key=api_key or _NO_KEY, base_url=base_url, max_retries=0, default_headers=headers)
    create = client.chat.completions.with_streaming_response.create
    return OpenAIClient(client, create, httpx2.Timeout, {} if api_key else {_AUTHORIZATION: openai.Omit()})
