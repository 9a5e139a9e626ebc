"""Performs a sequence of ops as one ASGI response, for as long as the client is there."""

from __future__ import annotations

import socket
import struct
from asyncio import Transport
from collections.abc import Iterable, Iterator, MutableMapping
from typing import Any

import anyio
from anyio.lowlevel import checkpoint
from starlette.types import Receive, Scope, Send

from .ops import Close, Head, Op, Wait

TRANSPORT = "transport"
"""Key of the connection's transport in the ASGI state."""

_FLUSH_SECONDS = 0.001
_ABORTIVE = struct.pack("ii", 1, 0)  # SO_LINGER on, zero seconds: close() sends RST, see socket(7)


class Playing:
    """An ASGI response that performs *ops*; it ends when they do, or as soon as the client has gone."""

    def __init__(self, ops: Iterable[Op]) -> None:
        self._ops = iter(ops)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Perform the ops."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_cancel_when_gone, receive, tasks.cancel_scope)
            await _perform(self._ops, scope["state"][TRANSPORT], send)
            tasks.cancel_scope.cancel()


async def _cancel_when_gone(receive: Receive, scope: anyio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


async def _perform(ops: Iterator[Op], transport: Transport, send: Send) -> None:
    for op in ops:
        if isinstance(op, Wait):
            await (anyio.sleep_forever() if op.seconds is None else anyio.sleep(op.seconds))
        elif isinstance(op, Close) and op.how != "end":
            await drop_connection(transport, reset=op.how == "reset")
        elif isinstance(op, Close):
            break
        else:
            await send(_message(op))
            await checkpoint()  # the server writes without waiting: others must run, and a cancellation arrive
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _message(op: Head | bytes) -> MutableMapping[str, Any]:
    if isinstance(op, bytes):
        return {"type": "http.response.body", "body": op, "more_body": True}
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in op.headers]
    return {"type": "http.response.start", "status": op.status, "headers": headers}


async def drop_connection(transport: Transport, *, reset: bool) -> None:
    """Close a connection, and wait for the cancellation that follows."""
    if reset:
        while transport.get_write_buffer_size():  # noqa: ASYNC110 - transports tell nobody that they are empty
            await anyio.sleep(_FLUSH_SECONDS)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORTIVE)
        transport.abort()
    else:
        transport.close()
    await anyio.sleep_forever()
