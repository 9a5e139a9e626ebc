"""Calls of OpenAI's media endpoints: its SDK sends and authenticates, our decoder reads the bytes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from importlib import import_module
from typing import Any, Final, NamedTuple

from ....backend.openai_client import open_client
from ....backend.sdk_client import SDKClient
from ....backend.turn import Turn
from ....provider.spec import ProviderSpec
from ....stream_chunk.base import BaseStreamChunk
from ....wire.base import Decoder
from ...order import Order

DEPRECATIONS: Final = "see https://developers.openai.com/api/docs/deprecations"

Headers = Mapping[str, str]


@asynccontextmanager
async def opened(
    order: Order, turn: Turn, host: ProviderSpec, *, resource: str, protocol: str, method: str = "create"
) -> AsyncIterator[SDKClient]:
    """Open the SDK's client for one attempt.

    Args:
        order: Says key and address.
        turn: The attempt; what this takes is not the vendor's time.
        host: Whose headers are sent.
        resource: Of the SDK, such as ``images``.
        protocol: Wire protocol of the answer.
        method: The resource's method.
    """
    account = order.account
    with turn.preparing():
        client = await open_client(
            account.api_key, account.base_url, host.default_headers, resource=resource, protocol=protocol, method=method
        )
    try:
        yield client
    finally:
        await client.close()


async def answer(
    client: SDKClient,
    turn: Turn,
    decoder: Callable[[Headers], Decoder],
    arguments: Mapping[str, Any],
    *,
    is_sound: bool = False,
    transport: Mapping[str, Any] | None = None,
) -> AsyncGenerator[BaseStreamChunk, None]:
    """Yield what the decoder makes of one answer, as its bytes come, its end included.

    Args:
        client: See `opened`.
        turn: The attempt.
        decoder: Makes it, of the answer's headers.
        arguments: Of the SDK's method.
        is_sound: Whether the body has no end of its own: then a connection that breaks cuts it, whatever has come.
        transport: ``extra_headers`` and ``extra_query``.
    """
    sending = {**client.with_headers(transport or {}), "timeout": client.timeout(turn.limits)}
    async with client.create(**arguments, **sending) as response:
        turn.take_headers(response.headers)
        reader = decoder(response.headers)
        if not is_sound:
            turn.use(reader)
        async with aclosing(response.iter_bytes()) as pieces:
            async for piece in pieces:
                for chunk in reader.feed(piece):
                    yield chunk
        for chunk in reader.close():
            yield chunk


class Opened(NamedTuple):
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


def posting(client: SDKClient, path: str) -> SDKClient:
    """Return *client* for an endpoint that its SDK has no method for: `SDKClient.create` sends `extra_body` as JSON."""

    @asynccontextmanager
    async def create(*, extra_body: Any, extra_headers: Headers, **timeout: Any) -> AsyncIterator[Opened]:
        openai, httpx2 = import_module("openai"), import_module("httpx2")  # loaded, since the client is open
        response = await client.sdk.post(
            path,
            cast_to=httpx2.Response,
            body=extra_body,
            options={"headers": extra_headers, **timeout},
            stream=True,
            stream_cls=openai.AsyncStream[object],
        )
        try:
            yield Opened(response)
        finally:
            await response.aclose()

    return client._replace(create=create)
