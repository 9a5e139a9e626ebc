"""Short ways to say a body, and to see what the decoder makes of it."""

import json
from typing import Any

from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.testing.cuts import decode
from massgen_stream.wire.google_interactions import InteractionsDecoder, InteractionsEncoder

Data = dict[str, Any]
USAGE: Data = {"total_tokens": 9, "total_input_tokens": 4, "total_output_tokens": 5}


def event(document: Any) -> bytes:
    """Return one event; bytes stand for themselves."""
    payload = document if isinstance(document, bytes) else json.dumps(document).encode()
    return b"data: " + payload + b"\n\n"


def created(**fields: Any) -> Data:
    """Return the event that begins an interaction."""
    known = {"id": "v1_1", "status": "in_progress", "model": "gemini"}
    return {"event_type": "interaction.created", "interaction": {**known, **fields}}


def updated(**fields: Any) -> Data:
    """Return a status update."""
    return {"event_type": "interaction.status_update", "interaction_id": "v1_1", **fields}


def begin(kind: str, index: int | None = 0, **fields: Any) -> Data:
    """Return the start of a step."""
    return {"event_type": "step.start", "index": index, "step": {"type": kind, **fields}}


def add(kind: str, index: int | None = 0, **fields: Any) -> Data:
    """Return a delta of a step."""
    return {"event_type": "step.delta", "index": index, "delta": {"type": kind, **fields}}


def end(index: int | None = 0, **fields: Any) -> Data:
    """Return the stop of a step."""
    return {"event_type": "step.stop", "index": index, **fields}


def completed(status: str = "completed", **fields: Any) -> Data:
    """Return the event that ends an interaction."""
    interaction = {"id": "v1_1", "status": status, "usage": USAGE, **fields}
    return {"event_type": "interaction.completed", "interaction": interaction}


def say(text: str, index: int = 0) -> list[Data]:
    """Return the events of a step of text."""
    return [begin("model_output", index), add("text", index, text=text), end(index)]


def call(call_id: str, arguments: str, index: int = 0, **fields: Any) -> list[Data]:
    """Return the events of a call of the client's tool."""
    start = begin("function_call", index, id=call_id, name="look", arguments={}, **fields)
    return [start, add("arguments_delta", index, arguments=arguments), end(index)]


def body(*documents: Any, start: bool = True, stop: bool = True, status: str = "completed") -> bytes:
    """Return the events of *documents* between the start and the end of an interaction."""
    return b"".join(map(event, [*([created()] if start else []), *documents, *([completed(status)] if stop else [])]))


def decoded(data: bytes, **options: Any) -> list[Any]:
    """Return the chunks of a whole body."""
    return decode(InteractionsDecoder(**options), [data])


def of(*documents: Any, stop: bool = True, status: str = "completed") -> list[Any]:
    """Return the chunks of the events of *documents*, without `start` and `complete_response`."""
    chunks = decoded(body(*documents, stop=stop, status=status))
    return [chunk for chunk in chunks if chunk.type not in ("start", "complete_response")]


def only(chunks: list[Any], kind: str) -> list[Any]:
    """Return the chunks of one type."""
    return [chunk for chunk in chunks if chunk.type == kind]


def types(chunks: list[Any]) -> list[str]:
    """Return the types of the chunks."""
    return [str(chunk.type) for chunk in chunks]


def own(chunk: Any) -> Data:
    """Return the protocol's own data of a chunk."""
    data: Data = (chunk.provider_data or {}).get("google.interactions", {})
    return data


def encoded(chunks: list[Any]) -> bytes:
    """Return the bytes for *chunks*, of which nothing may be lost."""
    encoder = InteractionsEncoder()
    data = b"".join(map(encoder.encode, chunks)) + encoder.close()
    assert encoder.losses == []
    return data


def documents_of(data: bytes) -> list[Data]:
    """Return the events of an encoded body."""
    lines = [line.removeprefix(b"data: ") for line in data.splitlines() if line.startswith(b"data: ")]
    return [json.loads(line) for line in lines if line != b"[DONE]"]


def read_again(chunks: list[BaseStreamChunk]) -> list[Any]:
    """Return what a reader makes of *chunks* once they are encoded."""
    return decoded(encoded(chunks))
