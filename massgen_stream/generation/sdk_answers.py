"""Answers of vendors' SDKs: the SDK sends and authenticates, our decoder reads the bytes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from typing import Any, NamedTuple

from ..backend.sdk_client import SDKClient
from ..backend.turn import Turn
from ..stream_chunk.base import BaseStreamChunk
from ..wire.base import Decoder

Headers = Mapping[str, str]


async def answer(
    client: SDKClient,
    turn: Turn,
    decoder: Callable[[Headers], Decoder],
    arguments: Mapping[str, Any],
    *,
    is_endless: bool = False,
    transport: Mapping[str, Any] | None = None,
) -> AsyncGenerator[BaseStreamChunk, None]:
    """Yield what the decoder makes of one answer, as its bytes come, its end included.

    Args:
        client: Of the vendor's SDK.
        turn: The attempt.
        decoder: Makes it, of the answer's headers.
        arguments: Of the SDK's method.
        is_endless: Whether the body has no end of its own: then a connection that breaks cuts it, whatever has come.
        transport: ``extra_headers`` and ``extra_query``.
    """
    sending = {**client.with_headers(transport or {}), "timeout": client.timeout(turn.limits)}
    async with client.create(**arguments, **sending) as response:
        turn.take_headers(response.headers)
        reader = decoder(response.headers)
        if not is_endless:
            turn.use(reader)
        async with aclosing(response.iter_bytes()) as pieces:
            async for piece in pieces:
                for chunk in reader.feed(piece):
                    yield chunk
        for chunk in reader.close():
            yield chunk


class OpenResponse(NamedTuple):
    """An open response of ``httpx2`` or ``httpx``, in the form that OpenAI's SDK gives its own."""

    response: Any

    @property
    def headers(self) -> Headers:
        """Its headers."""
        found: Headers = self.response.headers
        return found

    def iter_bytes(self) -> AsyncGenerator[bytes, None]:
        """Return the bytes of its body, as they come."""
        found: AsyncGenerator[bytes, None] = self.response.aiter_bytes()
        return found
