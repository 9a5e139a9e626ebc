"""The same chunk in other shapes: the origin's (dataclass, enum and json) and a pydantic model."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any

from pydantic import BaseModel

FIELDS: dict[str, Any] = {
    "source": "agent_1",
    "timestamp": 1765000000.123,
    "sequence_number": 12345,
    "stream_id": "stream-0f3a",
    "content": " rivers run to the sea",
    "item_id": "msg_1",
}


class Kind(Enum):
    """As the origin's `ChunkType`."""

    CONTENT = "content"
    DONE = "done"


@dataclass
class DataclassChunk:
    """As the origin's `TextStreamChunk`: all optional, a dictionary without None, `json`."""

    type: Kind
    source: str | None = None
    timestamp: float | None = None
    sequence_number: int | None = None
    stream_id: str | None = None
    content: str | None = None
    tool_calls: list[dict[str, Any]] | None = None
    complete_message: dict[str, Any] | None = None
    response: dict[str, Any] | None = None
    error: str | None = None
    status: str | None = None
    reasoning_delta: str | None = None
    reasoning_text: str | None = None
    item_id: str | None = None
    content_index: int | None = None
    summary_index: int | None = None

    def encode(self) -> str:
        values = ((f.name, getattr(self, f.name)) for f in fields(self))
        return json.dumps({n: v.value if isinstance(v, Enum) else v for n, v in values if v is not None})

    @classmethod
    def decode(cls, text: str) -> DataclassChunk:
        document = json.loads(text)
        return cls(type=Kind(document.pop("type")), **document)


class PydanticChunk(BaseModel):
    """The same fields in pydantic."""

    type: Kind
    source: str | None = None
    timestamp: float | None = None
    sequence_number: int | None = None
    stream_id: str | None = None
    content: str | None = None
    tool_calls: list[dict[str, Any]] | None = None
    complete_message: dict[str, Any] | None = None
    response: dict[str, Any] | None = None
    error: str | None = None
    status: str | None = None
    reasoning_delta: str | None = None
    reasoning_text: str | None = None
    item_id: str | None = None
    content_index: int | None = None
    summary_index: int | None = None
