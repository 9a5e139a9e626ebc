"""OpenAI's SDK, for the media endpoints of OpenAI and of hosts that have them as well."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib import import_module
from typing import Any

from ..backend.openai_client import open_client, streaming_method
from ..backend.sdk_client import SDKClient
from ..backend.turn import Turn
from ..provider.spec import ProviderSpec
from .clients import lent_client
from .order import Order
from .sdk_answers import Headers, OpenResponse


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
    door = (order.account.api_key, order.account.base_url)
    opening = partial(open_client, *door, host.default_headers, resource=resource, protocol=protocol, method=method)
    key = (open_client, *door, host.name, resource)
    async with lent_client(order.clients, turn, key, opening, lambda client: client.close()) as client:
        yield client._replace(create=streaming_method(client.sdk, resource, method))


def posting(client: SDKClient, path: str) -> SDKClient:
    """Return *client* for an endpoint that its SDK has no method for: `SDKClient.create` sends `extra_body` as JSON."""

    @asynccontextmanager
    async def create(*, extra_body: Any, extra_headers: Headers, **timeout: Any) -> AsyncIterator[OpenResponse]:
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
            yield OpenResponse(response)
        finally:
            await response.aclose()

    return client._replace(create=create)
