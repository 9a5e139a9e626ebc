"""Google's SDK for interactions: imported, built and touched in a worker thread, each of which takes up to two seconds.

The SDK hands out raw streams in public, but makes one limit of the limits on connecting and reading, reads what it
sends once more, and tells everything twice where bodies are large. So its HTTP client is ours, as for the models: it
sends our bytes with our limits, and the SDK does addresses, authentication and errors.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final, NamedTuple

from ..errors import ProviderError
from .gemini_capture import OUTGOING, CapturedResponse, Outgoing
from .gemini_client import encoded
from .google_sdk import opened_sdk
from .sdk_client import SDKClient

PROTOCOL: Final = "google.interactions"
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


async def open_client(*door: Any, connect_timeout: float | None = None) -> SDKClient:
    """Return an open client for interactions; arguments as `opened_sdk`."""
    return await opened_sdk(_sending, *door, connect_timeout=connect_timeout)


def _sending(_: Any, sdk: Any, keyless: bool) -> Any:
    return _Sender(sdk.aio.interactions.with_streaming_response, keyless=keyless).create


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
            async with asked as shown:  # it is empty
                if outgoing.response is None:
                    raise _led_elsewhere(shown.status_code)
        finally:
            OUTGOING.reset(token)
        return outgoing.response


def _led_elsewhere(status: int) -> ProviderError:
    """Return the error for a redirect, which the SDK takes for an answer."""
    why = f"HTTP {status}: the server leads elsewhere; give the address where it leads as base_url"
    return ProviderError(why, kind="invalid_request", status=status)
