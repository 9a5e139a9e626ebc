"""Short ways to say a body, and to see what the decoder makes of it."""

import json
from typing import Any

from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.testing.cuts import decode
from massgen_stream.wire.anthropic_messages import MessagesDecoder, MessagesEncoder

Data = dict[str, Any]
START: Data = {
    "type": "message_start",
    "message": {"id": "msg_1", "model": "claude", "content": [], "usage": {"input_tokens": 5, "output_tokens": 1}},
}
STOP: Data = {"type": "message_stop"}


def event(document: Any) -> bytes:
    """Return one event; bytes stand for themselves."""
    payload = document if isinstance(document, bytes) else json.dumps(document).encode()
    return b"data: " + payload + b"\n\n"


def begin(kind: str, index: int | None = 0, **fields: Any) -> Data:
    """Return the start of a block."""
    return {"type": "content_block_start", "index": index, "content_block": {"type": kind, **fields}}


def add(kind: str, index: int | None = 0, **fields: Any) -> Data:
    """Return a delta of a block."""
    return {"type": "content_block_delta", "index": index, "delta": {"type": kind, **fields}}


def end(index: int | None = 0) -> Data:
    """Return the stop of a block."""
    return {"type": "content_block_stop", "index": index}


def ending(reason: str | None = "end_turn", *, usage: Any = None, **fields: Any) -> Data:
    """Return the event that tells why the message ends."""
    return {"type": "message_delta", "delta": {"stop_reason": reason, **fields}, "usage": usage or {"output_tokens": 9}}


def body(*documents: Any, start: bool = True, stop: bool = True) -> bytes:
    """Return the events of *documents* between the start and the stop of a message."""
    return b"".join(map(event, [*([START] if start else []), *documents, *([STOP] if stop else [])]))


def decoded(data: bytes, **options: Any) -> list[BaseStreamChunk]:
    """Return the chunks of a whole body."""
    return decode(MessagesDecoder(**options), [data])


def of(*documents: Any, stop: bool = True) -> list[Any]:
    """Return the chunks of the events of *documents*, without `start` and `complete_response`."""
    chunks = decoded(body(*documents, stop=stop))
    return [chunk for chunk in chunks if chunk.type not in ("start", "complete_response")]


def only(chunks: list[Any], kind: str) -> list[Any]:
    """Return the chunks of one type."""
    return [chunk for chunk in chunks if chunk.type == kind]


def types(chunks: list[Any]) -> list[str]:
    """Return the types of the chunks."""
    return [str(chunk.type) for chunk in chunks]


def own(chunk: Any) -> Data:
    """Return the protocol's own data of a chunk."""
    data: Data = (chunk.provider_data or {}).get("anthropic.messages", {})
    return data


def calls(*documents: Any, stop: bool = True) -> list[Data]:
    """Return the complete calls."""
    return [call for chunk in only(of(*documents, stop=stop), "tool_calls") for call in chunk.tool_calls]


def done(*documents: Any, stop: bool = True) -> TextStreamChunk:
    """Return the last chunk."""
    last: TextStreamChunk = of(*documents, stop=stop)[-1]
    assert last.type == "done"
    return last


def encoded(chunks: list[Any]) -> bytes:
    """Return the bytes for *chunks*, of which nothing may be lost."""
    encoder = MessagesEncoder()
    data = b"".join(map(encoder.encode, chunks)) + encoder.close()
    assert encoder.losses == []
    return data


def documents_of(data: bytes) -> list[Data]:
    """Return the events of an encoded body."""
    lines = [line for line in data.splitlines() if line.startswith(b"data: ")]
    return [json.loads(line.removeprefix(b"data: ")) for line in lines]
