"""xAI's gRPC services for media: the SDK brings messages and stubs, and is imported in a worker thread."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from importlib import import_module
from typing import Any, Final, NamedTuple, Self

from ....backend.account import Account
from ....backend.grok import XAI_URL
from ....backend.grok_client import metadata_of, open_channel
from ....backend.limits import StreamLimits
from ....backend.turn import Turn
from ....errors import ConfigurationError, MalformedEvent, TransportError, excerpt
from ....provider.grok import SPEC
from ...clients import lent_client
from ...order import Order

_IMAGE_FIELDS: Final = ("image", "images", "video", "last_frame", "reference_images", "keyframes")
"""Fields that may hold whole media: a message with one of them is made in a worker thread."""


class _Libraries(NamedTuple):
    """What is imported: ``grpc``, its ``aio``, messages and stubs of the service, protobuf's JSON form, the version."""

    grpc: Any
    aio: Any
    messages: Any
    stubs: Any
    json_format: Any
    version: str


class GrokService:
    """An open channel to one service.

    Args:
        libraries: What was imported.
        service: ``Image`` or ``Video``.
        account: Key and address.
        limits: How long a connection, and an answer, may take.
    """

    def __init__(self, libraries: _Libraries, service: str, account: Account, limits: StreamLimits) -> None:
        self._libraries, self._limits = libraries, limits
        base_url = account.base_url or XAI_URL
        self._channel = open_channel(libraries.grpc, libraries.aio, base_url, limits.connect_timeout)
        self._stub = getattr(libraries.stubs, f"{service}Stub")(self._channel)
        self._metadata = metadata_of(SPEC.default_headers, libraries.version, account.api_key)

    @classmethod
    async def open(cls, service: str, account: Account, limits: StreamLimits) -> Self:
        """Return the service.

        Raises:
            ConfigurationError: The address has a path.
        """
        libraries = await asyncio.get_running_loop().run_in_executor(None, _import, service.lower())
        return cls(libraries, service, account, limits)

    async def message(self, method: str, body: Mapping[str, Any]) -> Any:
        """Return the message that *method* takes, for its JSON form.

        Raises:
            ConfigurationError: The message has no such field, or a value does not fit.
        """
        if body.keys().isdisjoint(_IMAGE_FIELDS):
            return self._parsed(method, body)
        return await asyncio.get_running_loop().run_in_executor(None, partial(self._parsed, method, body))

    async def ask(self, method: str, message: Any) -> Any:
        """Return the answer; a call that is no longer awaited is cancelled.

        Raises:
            TransportError: Nothing came in time; gRPC's own deadline cannot be told from a connection that broke.
            MalformedEvent: What came is no message; gRPC gives None for it.
        """
        limit = self._limits.read_timeout
        call = getattr(self._stub, method)(message, metadata=self._metadata)
        try:
            async with asyncio.timeout(limit):
                answer = await call
        except TimeoutError:
            why = f"nothing came from the server within read_timeout ({limit or 0:g} s)"
            raise TransportError(why, kind="timeout") from None
        if answer is None:
            raise MalformedEvent("no message of xAI's API")
        return answer

    async def aclose(self) -> None:
        """Close the channel."""
        await self._channel.close()

    def _parsed(self, method: str, body: Mapping[str, Any]) -> Any:
        json_format = self._libraries.json_format
        try:
            return json_format.ParseDict(body, getattr(self._libraries.messages, f"{method}Request")())
        except json_format.ParseError as problem:
            said = str(problem).partition("\n")[0].replace(f'Message type "xai_api.{method}Request"', "it")
            raise ConfigurationError(f"xAI's API cannot hold the request: {excerpt(said)}") from None


@asynccontextmanager
async def opened(service: str, order: Order, turn: Turn) -> AsyncIterator[GrokService]:
    """Open the channel to ``Image`` or ``Video`` for one attempt; raises as `GrokService.open`."""
    account, limits = order.account, turn.limits
    opening = partial(GrokService.open, service, account, limits)
    key = (GrokService, service, account.api_key, account.base_url, limits.connect_timeout, limits.read_timeout)
    async with lent_client(order.clients, turn, key, opening, lambda found: found.aclose()) as found:
        yield found


def _import(service: str) -> _Libraries:
    proto = import_module("xai_sdk.proto")
    return _Libraries(
        grpc=import_module("grpc"),
        aio=import_module("grpc.aio"),
        messages=getattr(proto, f"{service}_pb2"),
        stubs=getattr(proto, f"{service}_pb2_grpc"),
        json_format=import_module("google.protobuf.json_format"),
        version=str(import_module("xai_sdk").__version__),
    )
