"""Clients of vendors that stay open from one medium to the next."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from ..backend.once import OncePerLoop
from ..backend.turn import Turn
from ..outlasting import ended

_LOG: Final = logging.getLogger(__name__)
MOST: Final = 50
"""Clients that are kept; of those that nobody uses, the one that was not used for the longest time is closed first."""
Client = TypeVar("Client")


class MediaClients(AbstractAsyncContextManager["MediaClients"]):
    """Keeps the clients of vendors open: connections, and what their SDKs set up, serve one medium after the other.

    Pass it as ``clients`` to `generate_media`, `resume_media` and `transcribe`; a chat about images then goes on
    through the client that began it. Without it each call opens what it needs, and closes it at its end. Streams of
    one event loop may share it.

    Laws:
        1. Media that need the same client at the same time share one, and one opening.
        2. A client that is in use is not closed; after `aclose` it is closed behind the last who uses it.
        3. An opening that failed is forgotten.
        4. Whose medium is done does not hear of another client that fails to close: the log does.

    Args:
        most: How many clients are kept.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: dict[Hashable, _Kept] = {}
        self._closing: set[asyncio.Future[None]] = set()

    @asynccontextmanager
    async def lent(
        self,
        key: Hashable,
        opening: Callable[[], Awaitable[Client]],
        closing: Callable[[Client], Awaitable[object]],
    ) -> AsyncIterator[Client]:
        """Lend the client of that key; raises what opening it raises.

        Args:
            key: What tells it from others: vendor, address, key, and all that is set when it is made.
            opening: Makes it.
            closing: Ends its connections.
        """
        kept = self._kept.pop(key) if key in self._kept else _Kept(opening, closing)
        self._kept[key] = kept  # the latest one
        kept.users += 1
        try:
            yield await kept.client.get()
        finally:
            kept.users -= 1
            await self._close_surplus()

    async def aclose(self) -> None:
        """Close all clients that nobody uses, and the others behind their users: none is kept any more."""
        self._most = 0
        await self._close_surplus()
        while self._closing:
            await ended(*self._closing)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _close_surplus(self) -> None:
        """Close what is too much, and forget what came to nothing; it goes on where the caller is cancelled."""
        idle = [key for key, kept in self._kept.items() if not kept.users]
        empty = [key for key in idle if self._kept[key].client.is_empty]
        full = [key for key in idle if key not in empty]
        surplus = full[: max(0, len(self._kept) - len(empty) - self._most)]
        closings = [asyncio.ensure_future(self._kept.pop(key).close()) for key in (*empty, *surplus)]
        for closing in closings:
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)
        await ended(*closings)


@asynccontextmanager
async def lent_client(
    clients: MediaClients | None,
    turn: Turn,
    key: Hashable,
    opening: Callable[[], Awaitable[Client]],
    closing: Callable[[Client], Awaitable[object]],
) -> AsyncIterator[Client]:
    """Lend a client for one attempt; what opening it takes is not the vendor's time.

    Args:
        clients: Where it is kept for the next medium; None: it is closed behind this one.
        turn: The attempt.
        key: As the others, see `MediaClients.lent`.
        opening: The same.
        closing: The same.
    """
    async with AsyncExitStack() as open_things:
        kept = await open_things.enter_async_context(MediaClients()) if clients is None else clients
        with turn.preparing():
            client = await open_things.enter_async_context(kept.lent(key, opening, closing))
        yield client


class _Kept:
    """One client, and how many use it."""

    def __init__(self, opening: Callable[[], Awaitable[Any]], closing: Callable[[Any], Awaitable[object]]) -> None:
        self.client, self.users = OncePerLoop(opening), 0
        self._closing = closing

    async def close(self) -> None:
        client = await self.client.take()
        try:
            if client is not None:
                await self._closing(client)
        except Exception as problem:  # noqa: BLE001 - it is nobody's medium that suffers
            _LOG.warning("the client of a vendor was not closed in order: %s", problem)
