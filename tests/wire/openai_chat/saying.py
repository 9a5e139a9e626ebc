"""Short ways to say a body, and to see what the decoder makes of it."""

import json
from typing import Any

from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.testing.cuts import decode
from massgen_stream.wire.openai_chat import ChatDecoder, ChatEncoder

Data = dict[str, Any]
DONE = b"data: [DONE]\n\n"


def event(document: Any) -> bytes:
    """Return one event; bytes stand for themselves."""
    payload = document if isinstance(document, bytes) else json.dumps(document).encode()
    return b"data: " + payload + b"\n\n"


def delta(*, index: int = 0, finish: str | None = None, **fields: Any) -> Data:
    """Return an event with one choice."""
    return {"id": "r", "choices": [{"index": index, "delta": fields, "finish_reason": finish}]}


def body(*documents: Any, done: bool = True) -> bytes:
    """Return the events of *documents*, and the mark of the end."""
    return b"".join(map(event, documents)) + (DONE if done else b"")


def decoded(data: bytes, **options: Any) -> list[BaseStreamChunk]:
    """Return the chunks of a whole body."""
    return decode(ChatDecoder(**options), [data])


def of(*documents: Any, done: bool = True) -> list[TextStreamChunk]:
    """Return the chunks of the events of *documents*, without `start`."""
    chunks: list[Any] = decoded(body(*documents, done=done))
    return [chunk for chunk in chunks if chunk.type != "start"]


def only(chunks: list[Any], kind: str) -> list[Any]:
    """Return the chunks of one type."""
    return [chunk for chunk in chunks if chunk.type == kind]


def types(chunks: list[Any]) -> list[str]:
    """Return the types of the chunks."""
    return [str(chunk.type) for chunk in chunks]


def calls(*documents: Any, done: bool = True) -> list[Data]:
    """Return the complete calls of choice 0."""
    return [call for chunk in only(of(*documents, done=done), "tool_calls") for call in chunk.tool_calls]


def piece(index: int | None = None, call_id: str | None = None, name: str | None = None, arguments: Any = None) -> Data:
    """Return a piece of a call, without what is None."""
    function = {key: value for key, value in (("name", name), ("arguments", arguments)) if value is not None}
    fields = {"index": index, "id": call_id, "function": function or None}
    return {key: value for key, value in fields.items() if value is not None}


def encoded(chunks: list[Any]) -> bytes:
    """Return the bytes of *chunks*, all of which must have a place."""
    encoder = ChatEncoder()
    data = b"".join(map(encoder.encode, chunks)) + encoder.close()
    assert encoder.losses == []
    return data


def documents_of(data: bytes) -> list[Any]:
    """Return the JSON documents of the events in *data*; ``[DONE]`` as text."""
    payloads = [part.removeprefix(b"data: ") for part in data.split(b"\n\n") if part]
    return ["[DONE]" if payload == b"[DONE]" else json.loads(payload) for payload in payloads]
