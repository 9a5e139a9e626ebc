"""Runs the application on a socket, in the event loop that is there."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from .connections import Connections
from .grpc_server import GrpcServer
from .protocol import counting_protocol

_KEEP_ALIVE_SECONDS = 75
"""As nginx; a client must not find that the connection it kept has closed while it slept."""
_PATIENCE_SECONDS = 5.0


class Hosting(uvicorn.Server):
    """A uvicorn server that is one guest among others in its loop.

    It leaves signals alone, wakes up only when it is stopped, and then ends open responses instead of waiting for them.
    """

    def __init__(self, app: ASGIApp, connections: Connections, grpc: GrpcServer) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=counting_protocol(connections, grpc),
                ws="none",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                proxy_headers=False,
                server_header=False,
                date_header=False,
                headers=[("server", "massgen_stream simulator")],
                timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            )
        )
        self._connections, self._grpc = connections, grpc
        self._stopping = asyncio.Event()
        self._started = asyncio.get_running_loop().create_future()

    async def start(self, listener: socket.socket) -> asyncio.Task[None]:
        """Serve *listener*; return the task that does, to be awaited after `stop`."""
        task = asyncio.create_task(self._serve_until_stopped(listener), name="massgen_stream simulator")
        try:
            await asyncio.wait({task, self._started}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            task.cancel()
            raise
        if task.done():
            task.result()
        return task

    def stop(self) -> None:
        """Close everything; the task of `start` ends soon."""
        self._stopping.set()

    async def _serve_until_stopped(self, listener: socket.socket) -> None:
        try:
            await self.serve(sockets=[listener])
        finally:  # also when the task is cancelled, which uvicorn itself does not clean up after
            self._close()
            listener.close()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen; the task of `start` calls it."""
        await super().startup(sockets)
        await self.on_tick(0)  # sets the default headers
        self._started.set_result(None)

    async def main_loop(self) -> None:
        """Wait for `stop`."""
        await self._stopping.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002 - uvicorn's signature
        """Close everything, and wait until it is."""
        self._close()
        tasks = set(self.server_state.tasks)
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=_PATIENCE_SECONDS)
            for task in late:
                task.cancel()
        for server in self.servers:
            await server.wait_closed()
        await self._grpc.aclose()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to whoever owns the process."""
        yield

    def _close(self) -> None:
        for server in getattr(self, "servers", ()):
            server.close()
        self._connections.abort()
