"""Google's SDK for interactions: imported, built and touched in a worker thread, each of which takes up to two seconds.

The SDK hands out raw streams in public, but makes one limit of the limits on connecting and reading, reads what it
sends once more, and tells everything twice where bodies are large. So its HTTP client is ours, as for the models: it
sends our bytes with our limits, and the SDK does addresses, authentication and errors.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from importlib import import_module
from typing import Any, Final, NamedTuple

from .gemini_capture import OUTGOING, CapturedResponse, Outgoing, capturing_client
from .gemini_client import GoogleAccess, encoded
from .sdk_client import MOST_IDLE, SDKClient

PROTOCOL: Final = "google.interactions"
_NO_KEY: Final = "none"
"""The SDK insists on a key; the header that would carry it is left out."""
_OWNERS: Final = ("model", "agent")
"""Who answers: the SDK insists on one."""


class Cursor(NamedTuple):
    """Where a cut stream goes on.

    Attributes:
        interaction_id: Id of the interaction that is stored.
        last_event_id: Of the latest whole event that came.
    """

    interaction_id: str
    last_event_id: str


class Stored(NamedTuple):
    """What is asked of an interaction that is stored, which answers with one document.

    Attributes:
        interaction_id: Its id.
        method: Of the SDK: ``get`` or ``cancel``.
    """

    interaction_id: str
    method: str = "get"


async def open_client(
    api_key: str | None,
    base_url: str | None,
    headers: Mapping[str, str],
    access: GoogleAccess,
    *,
    connect_timeout: float | None = None,
) -> SDKClient:
    """Return an open client; what takes time happens in a worker thread.

    Args:
        api_key: None: no header carries a key.
        base_url: None: the SDK's own.
        headers: Sent with every request.
        access: Developer API or Google Cloud.
        connect_timeout: Seconds to open a connection for what the SDK sends by itself; None: its one limit for all.
    """
    # not asyncio.to_thread: it would hand on the caller's context, in which a loop is running
    opening = partial(_open, api_key, base_url, dict(headers), access, connect_timeout)
    return await asyncio.get_running_loop().run_in_executor(None, opening)


def _open(
    api_key: str | None,
    base_url: str | None,
    headers: dict[str, str],
    access: GoogleAccess,
    connect_timeout: float | None,
) -> SDKClient:
    genai, httpx2, anyio = import_module("google.genai"), import_module("httpx2"), import_module("anyio")
    anyio.run(anyio.sleep, 0)  # loads what the first connection would otherwise load on the caller's loop
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=MOST_IDLE)  # each stream holds one
    options = {"base_url": base_url, "headers": headers or None, "api_version": access.api_version}
    given = {name: value for name, value in options.items() if value is not None}
    once = genai.types.HttpRetryOptions(attempts=1)
    key = api_key if access.enterprise else api_key or _NO_KEY
    keyless = key == _NO_KEY
    web = capturing_client(follow_redirects=True, limits=limits, connect_timeout=connect_timeout, keyless=keyless)
    http_options = genai.types.HttpOptions(**given, httpx_async_client=web, retry_options=once)
    sdk = genai.Client(api_key=key, http_options=http_options, **access.arguments())
    sender = _Sender(sdk.aio.interactions.with_streaming_response, keyless=keyless)

    async def close() -> None:
        await web.aclose()
        await sdk.aio.aclose()
        sdk.close()

    return SDKClient(sdk, sender.create, close, httpx2.Timeout, {})


class _Sender:
    """Sends requests through the SDK."""

    def __init__(self, interactions: Any, *, keyless: bool) -> None:
        self._interactions, self._keyless = interactions, keyless

    @asynccontextmanager
    async def create(
        self,
        *,
        body: Mapping[str, Any],
        cursor: Cursor | Stored | None,
        timeout: Any,  # noqa: ASYNC109 - httpx2's own limits, by kind
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
    ) -> AsyncGenerator[CapturedResponse, None]:
        """Send a request, or with *cursor* that for the rest of a stream or for what is stored.

        The answer is one document where neither asks for a stream. The response is closed behind it.
        """
        outgoing = Outgoing(
            b"" if cursor is not None else encoded(body),
            headers=extra_headers or {},
            query=extra_query or {},
            timeout=timeout,
            keyless=self._keyless,
        )
        try:
            yield CapturedResponse(await self._sent(body, cursor, outgoing))
        finally:
            if outgoing.response is not None:
                await outgoing.response.aclose()

    async def _sent(self, body: Mapping[str, Any], cursor: Cursor | Stored | None, outgoing: Outgoing) -> Any:
        if isinstance(cursor, Stored):
            asked = getattr(self._interactions, cursor.method)(cursor.interaction_id)
        elif cursor is not None:
            asked = self._interactions.get(cursor.interaction_id, stream=True, last_event_id=cursor.last_event_id)
        else:
            owner = {name: body[name] for name in _OWNERS if name in body}
            asked = self._interactions.create(**owner, input="", stream=body.get("stream") is True)
        token = OUTGOING.set(outgoing)
        try:
            async with asked:
                pass  # it is empty
        finally:
            OUTGOING.reset(token)
        return outgoing.response
