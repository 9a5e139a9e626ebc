"""Counts what is open."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self


class ConnectionCount(int):
    """How many responses are open: requests that came and whose answer has neither ended nor lost its client.

    A connection that a client keeps alive in its pool between two requests is not open in this sense.

    Attributes:
        idle: Connections without a response.
        total: Connections accepted since the start.
    """

    idle: int
    total: int

    def __new__(cls, active: int, *, sockets: int, total: int) -> Self:
        """Return *active* as a count; *sockets* are the open connections."""
        count = super().__new__(cls, active)
        count.idle, count.total = max(0, sockets - active), total
        return count

    def __repr__(self) -> str:
        return f"<{int(self)} open, {self.idle} idle, {self.total} in total>"


class Connections:
    """The connections of one server."""

    def __init__(self) -> None:
        self._transports: set[asyncio.Transport] = set()
        self._active = self._total = 0

    def count(self) -> ConnectionCount:
        """Return what is open now."""
        return ConnectionCount(self._active, sockets=len(self._transports), total=self._total)

    def opened(self, transport: asyncio.Transport) -> None:
        """A client has connected."""
        self._transports.add(transport)
        self._total += 1

    def closed(self, transport: asyncio.Transport) -> None:
        """A connection has ended, whoever ended it."""
        self._transports.discard(transport)

    @contextmanager
    def responding(self) -> Iterator[None]:
        """Count one response while the block runs."""
        self._active += 1
        try:
            yield
        finally:
            self._active -= 1

    def abort(self) -> None:
        """End every connection at once; what waits to be written is dropped."""
        for transport in list(self._transports):
            transport.abort()
