"""HTTP as uvicorn speaks it, with the two things that the simulator needs besides: a count and a way to hang up."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from .connections import Connections
from .player import TRANSPORT


def counting_protocol(connections: Connections) -> type[H11Protocol]:
    """Return uvicorn's pure Python HTTP protocol that reports to *connections*.

    It hands its transport to the application, which ASGI has no word for: dropping a connection needs it.
    """

    class CountingProtocol(H11Protocol):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self.access_log = False

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self.app_state = {TRANSPORT: transport}
            connections.opened(transport)

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            connections.closed(self.transport)

    return CountingProtocol
