"""Passes an HTTP/2 connection on to the gRPC server behind the simulator's one port."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from .grpc_server import GrpcServer

_LOG: Final = logging.getLogger(__name__)
_PREFACE: Final = b"PRI "
"""How every HTTP/2 client begins, and no HTTP/1 request: https://www.rfc-editor.org/rfc/rfc9113#section-3.4."""


def is_http2(data: bytes) -> bool:
    """Return whether the first bytes of a connection are HTTP/2; clients send the whole preface at once."""
    return data.startswith(_PREFACE)


class Tunnel(asyncio.Protocol):
    """One connection's way to the gRPC server: bytes go both ways as they are, and both ends close together.

    Args:
        client: The client's side.
        server: Is started by the first tunnel.
    """

    def __init__(self, client: asyncio.Transport, server: GrpcServer) -> None:
        self._client, self._server = client, server
        self._waiting = bytearray()
        self._upstream: asyncio.Transport | None = None
        self._opening = asyncio.get_running_loop().create_task(self._open(), name="massgen_stream simulator tunnel")

    def feed(self, data: bytes) -> None:
        """Pass on what the client says."""
        if self._upstream is not None:
            self._upstream.write(data)
        else:
            self._waiting += data

    def close(self) -> None:
        """The client has gone."""
        self._opening.cancel()
        if self._upstream is not None:
            self._upstream.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The server's side is open."""
        if isinstance(transport, asyncio.Transport):
            self._upstream = transport
            self._server.introduce(transport.get_extra_info("sockname")[1], self._client)
            transport.write(bytes(self._waiting))
            self._waiting.clear()

    def data_received(self, data: bytes) -> None:
        """Pass on what the server says; HTTP/2's own flow control bounds it."""
        if not self._client.is_closing():
            self._client.write(data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """The server has closed."""
        self._client.close()

    async def _open(self) -> None:
        try:
            port = await self._server.port()
            await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", port)
        except (OSError, ImportError):
            _LOG.warning("the simulator's gRPC server cannot be reached", exc_info=True)
            self._client.abort()
