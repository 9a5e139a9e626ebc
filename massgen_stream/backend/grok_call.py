"""One streaming gRPC call: read message by message, ended in any case, cancelled when nothing comes for too long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, NamedTuple

from ..errors import MalformedEvent, TransportError


class Connecting(NamedTuple):
    """What a call that is not connected waits for.

    Attributes:
        place: Host and port.
        seconds: How long; None: no limit.
        is_ready: Whether there is a connection.
        again: Whether an attempt has failed before.
    """

    place: str
    seconds: float | None
    is_ready: Callable[[], bool]
    again: bool


class GrpcCall:
    """A call under way; the SDK's own streams leave theirs running when they are closed early.

    gRPC knows deadlines for a whole call, which a slow reader would use up, and none between two messages. So a timer
    of the loop watches the call, and looks again when its time has come.

    Args:
        call: ``grpc.aio.UnaryStreamCall``.
        end: What reading gives at the end: ``grpc.aio.EOF``.
        read_timeout: Seconds that one read may take; None: no limit.
        connecting: For how long the first read may lack a connection.
    """

    __slots__ = ("_call", "_connect_timer", "_end", "_late", "_limit", "_loop", "_since", "_timer")

    def __init__(self, call: Any, end: Any, read_timeout: float | None, connecting: Connecting) -> None:
        self._call, self._end, self._limit = call, end, read_timeout
        self._loop = asyncio.get_running_loop()
        self._since: float | None = None  # when the read under way began
        self._timer: asyncio.TimerHandle | None = None
        self._late: tuple[str, str] | None = None
        self._connect_timer: asyncio.TimerHandle | None = None
        if connecting.seconds is not None:
            self._connect_timer = self._loop.call_later(connecting.seconds, self._look_for_connection, connecting)

    async def read(self) -> Any:
        """Return the next message; None at the end.

        Raises:
            TransportError: Nothing came within a limit.
            MalformedEvent: What came is no message; gRPC gives None for it.
        """
        if self._limit is not None:
            self._since = self._loop.time()
            if self._timer is None:
                self._timer = self._loop.call_at(self._since + self._limit, self._look)
        try:
            message = await self._call.read()
        except asyncio.CancelledError:
            if self._late is not None:
                why, kind = self._late
                raise TransportError(why, kind=kind) from None  # made here: kept, it would refer to us by its traceback
            raise
        finally:
            self._since = None
        if self._connect_timer is not None:
            self._connect_timer.cancel()
            self._connect_timer = None
        if message is None:
            raise MalformedEvent("no message of xAI's API")
        return None if message is self._end else message

    async def headers(self) -> dict[str, str]:
        """Return the metadata that came before the first message; call it after that has been read."""
        found = await self._call.initial_metadata()
        return {str(name): value for name, value in found or () if isinstance(value, str)}

    def close(self) -> None:
        """End the call; harmless when it has ended."""
        for timer in (self._timer, self._connect_timer):
            if timer is not None:
                timer.cancel()
        self._timer = self._connect_timer = None
        self._call.cancel()

    def _look(self) -> None:
        """Cancel the call if the read under way takes too long; while the reader has the stream, stop looking."""
        self._timer = None
        if self._since is None or self._limit is None:
            return
        due = self._since + self._limit
        if due > self._loop.time():
            self._timer = self._loop.call_at(due, self._look)
        else:
            self._give_up(f"nothing came from the server within read_timeout ({self._limit:g} s)")

    def _look_for_connection(self, connecting: Connecting) -> None:
        self._connect_timer = None
        if connecting.is_ready():
            return
        if connecting.again:
            self._give_up(f"cannot reach {connecting.place}: there is still no connection", "transport")
        else:
            self._give_up(f"no connection to {connecting.place} within connect_timeout ({connecting.seconds:g} s)")

    def _give_up(self, why: str, kind: str = "timeout") -> None:
        if self._late is None:
            self._late = (why, kind)
            self._call.cancel()
