"""Performs a sequence of ops as one gRPC call.

Bytes of the body are messages in their JSON form, one per line. A line that is no JSON is sent as it is, as a message
that cannot be read; one that holds only ``error`` ends the call with that status.
"""

from __future__ import annotations

import asyncio
import json
from asyncio import Transport
from collections.abc import AsyncIterator, Iterator
from importlib import import_module
from typing import Any, Final, NamedTuple

from .ops import Close, Head, Op, Wait
from .player import drop_connection

_REFUSED: Final = 400
ERROR: Final = "error"
_CODES: Final = {
    400: "INTERNAL",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "UNIMPLEMENTED",
    **dict.fromkeys((429, 502, 503, 504), "UNAVAILABLE"),
}
"""https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md; any other is unknown."""
_OF_HTTP: Final = ("content-type", "cache-control")
_STREAM, _DOCUMENT = "application/grpc", "application/json"


class Messages(NamedTuple):
    """How messages are made.

    Attributes:
        json_format: protobuf's module.
        response: Type of the answer's messages.
    """

    json_format: Any
    response: Any

    def encoded(self, document: Any) -> bytes:
        """Return the bytes of a message for its JSON form."""
        data: bytes = self.json_format.ParseDict(document, self.response()).SerializeToString()
        return data

    def document(self, message: Any) -> Any:
        """Return the JSON form of a message."""
        return self.json_format.MessageToDict(message, preserving_proto_field_name=True)


async def play(ops: Iterator[Op], messages: Messages, context: Any, client: Transport | None) -> None:
    """Perform ops as a stream of messages."""
    waiting = b""
    async for piece in _pieces(ops, context, client, _STREAM):
        *lines, waiting = (waiting + piece).split(b"\n")
        for line in filter(None, lines):
            await _say(line, messages, context)


async def play_whole(ops: Iterator[Op], messages: Messages, context: Any, client: Transport | None) -> bytes:
    """Perform ops as one message; return its bytes."""
    body = b"".join([piece async for piece in _pieces(ops, context, client, _DOCUMENT)])
    document = _parsed(body)
    return body if document is None else messages.encoded(document)


async def _pieces(ops: Iterator[Op], context: Any, client: Transport | None, expected: str) -> AsyncIterator[bytes]:
    for op in ops:
        if isinstance(op, Head):
            await _begin(op, ops, context, expected)
        elif isinstance(op, Wait):
            await (asyncio.Event().wait() if op.seconds is None else asyncio.sleep(op.seconds))
        elif isinstance(op, Close):
            if op.how != "end" and client is not None:
                await drop_connection(client, reset=op.how == "reset")
            return
        else:
            yield op


async def _begin(head: Head, ops: Iterator[Op], context: Any, expected: str) -> None:
    """Begin the answer; an error, and what is no answer of this API, ends the call."""
    kind = dict(head.headers)["content-type"]
    metadata = tuple((name, value) for name, value in head.headers if name not in _OF_HTTP)
    if head.status < _REFUSED and kind == expected:
        await context.send_initial_metadata(metadata)
        return
    said = _parsed(b"".join(op for op in ops if isinstance(op, bytes))) or {}
    if "code" not in said:
        said = _of_no_answer(head.status)
    await _fail(said, context, metadata)


def _of_no_answer(status: int) -> dict[str, str]:
    """Return what gRPC's core makes of a page, for a server that speaks gRPC cannot send one."""
    if status < _REFUSED:
        return {"code": "UNKNOWN", "message": "Stream removed (Data frame with END_STREAM flag received)"}
    return {"code": _CODES.get(status, "UNKNOWN"), "message": f"Received http2 header with status: {status}"}


async def _say(line: bytes, messages: Messages, context: Any) -> None:
    document = _parsed(line)
    if document is not None and document.keys() == {ERROR}:
        await _fail(document[ERROR], context, ())
    await context.write(line if document is None else messages.encoded(document))


async def _fail(said: Any, context: Any, metadata: tuple[tuple[str, str], ...]) -> None:
    codes = import_module("grpc").StatusCode
    code = getattr(codes, str(said.get("code")), codes.UNKNOWN)
    await context.abort(code, str(said.get("message", "")), trailing_metadata=metadata)


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
