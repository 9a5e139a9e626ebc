"""Requests for ``generateContent`` through Google's SDK."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import msgspec

from .gemini_capture import OUTGOING, CapturedResponse, Outgoing
from .google_sdk import opened_sdk
from .sdk_client import SDKClient

_PLACEHOLDER: Final = "-"
"""The SDK insists on contents; ours go out in their place."""


async def open_client(*door: Any, connect_timeout: float | None = None) -> SDKClient:
    """Return an open client for ``generateContent``; arguments as `opened_sdk`."""
    return await opened_sdk(_sending, *door, connect_timeout=connect_timeout)


def _sending(genai: Any, sdk: Any, keyless: bool) -> Any:
    config = genai.types.GenerateContentConfig(
        automatic_continuation=False, automatic_function_calling={"disable": True}
    )
    return _Sender(sdk.aio.models.generate_content_stream, config, keyless=keyless).create


class _Sender:
    """Sends requests through the SDK."""

    def __init__(self, stream: Any, config: Any, *, keyless: bool) -> None:
        self._stream, self._config, self._keyless = stream, config, keyless

    @asynccontextmanager
    async def create(
        self,
        *,
        model: str,
        extra_body: Mapping[str, Any],
        timeout: Any,  # noqa: ASYNC109 - httpx2's own limits, by kind
        stream: bool = True,  # noqa: ARG002 - the call that all SDKs share
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        verb: str | None = None,
    ) -> AsyncGenerator[CapturedResponse, None]:
        """Send a request; yields the response, which is closed behind it.

        With a *verb*, such as ``predict``, that is asked of the model instead, at the address that the SDK makes.
        """
        outgoing = Outgoing(
            encoded(extra_body),
            headers=extra_headers or {},
            query=extra_query or {},
            timeout=timeout,
            keyless=self._keyless,
            verb=verb,
        )
        try:
            yield CapturedResponse(await self._sent(model, outgoing))
        finally:
            if outgoing.response is not None:
                await outgoing.response.aclose()

    async def _sent(self, model: str, outgoing: Outgoing) -> Any:
        token = OUTGOING.set(outgoing)
        try:
            async for _ in await self._stream(model=model, contents=_PLACEHOLDER, config=self._config):
                pass  # it is empty
        finally:
            OUTGOING.reset(token)
        return outgoing.response


def encoded(body: Mapping[str, Any]) -> bytes:
    """Return a request's body as JSON."""
    try:
        return msgspec.json.encode(body)
    except (UnicodeEncodeError, OverflowError):  # half characters, integers of more than 64 bits
        return json.dumps(body, allow_nan=False).encode()
