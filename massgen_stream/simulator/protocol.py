"""HTTP as uvicorn speaks it, with the two things that the simulator needs besides: a count and a way to hang up."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from .connections import Connections
from .grpc_server import GrpcServer
from .player import TRANSPORT
from .tunnel import Tunnel, is_http2


def counting_protocol(connections: Connections, grpc: GrpcServer) -> type[H11Protocol]:
    """Return uvicorn's pure Python HTTP protocol that reports to *connections* and passes HTTP/2 on to *grpc*.

    It hands its transport to the application, which ASGI has no word for: dropping a connection needs it.
    """

    class CountingProtocol(H11Protocol):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self.access_log = False
            self._fresh = True
            self._tunnel: Tunnel | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self.app_state = {TRANSPORT: transport}
            connections.opened(transport)

        def data_received(self, data: bytes) -> None:
            fresh, self._fresh = self._fresh, False
            if fresh and is_http2(data):
                self._tunnel = Tunnel(self.transport, grpc)
            if self._tunnel is not None:
                self._tunnel.feed(data)
            else:
                super().data_received(data)

        def eof_received(self) -> None:
            if self._tunnel is None:
                super().eof_received()

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            connections.closed(self.transport)
            if self._tunnel is not None:
                self._tunnel.close()

    return CountingProtocol
