"""Bodies of ``streamGenerateContent``, and what comes of them."""

import json
from collections.abc import Sequence
from typing import Any

from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.testing.cuts import decode
from massgen_stream.wire.google_generate_content import GenerateContentDecoder, GenerateContentEncoder

PROTOCOL = "google.generate_content"


def event(**fields: Any) -> bytes:
    return b"data: " + json.dumps(fields).encode() + b"\r\n\r\n"


def candidate(**fields: Any) -> bytes:
    return event(candidates=[fields])


def parts(*said: dict[str, Any], index: int = 0, **fields: Any) -> bytes:
    return candidate(content={"parts": list(said), "role": "model"}, index=index, **fields)


def finish(reason: str = "STOP", **fields: Any) -> bytes:
    return candidate(finishReason=reason, index=0, **fields)


def call(**said: Any) -> dict[str, Any]:
    return {"functionCall": said}


def argument(path: str, **value: Any) -> dict[str, Any]:
    return call(partialArgs=[{"jsonPath": path, **value}], willContinue=True)


def decoded(*pieces: bytes) -> list[Any]:
    return decode(GenerateContentDecoder(), pieces)


def encoded(chunks: Sequence[BaseStreamChunk]) -> bytes:
    encoder = GenerateContentEncoder()
    return b"".join(map(encoder.encode, chunks)) + encoder.close()


def documents_of(body: bytes) -> list[dict[str, Any]]:
    return [json.loads(block.removeprefix(b"data: ")) for block in body.split(b"\n\n") if block]


def types(chunks: list[Any]) -> list[str]:
    return [str(chunk.type) for chunk in chunks]


def only(chunks: list[Any], kind: str) -> list[Any]:
    return [chunk for chunk in chunks if chunk.type == kind]
