"""Messages of a streamed answer, each in its JSON form on a line of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import ChunkType
from ....stream_chunk.text import TextStreamChunk
from ....wire.grok import GrokEncoder
from .codes import code_of_error

_TICKS_PER_TOKEN: Final = 20_000
"""Two dollars for a million tokens; a tick is 1e-10 USD."""


class GrokWiring:
    """Encodes one answer, made at *created* (Unix seconds); every message says so.

    An `error` ends the call: gRPC has no other way to say it.
    """

    def __init__(self, created: int) -> None:
        self._encoder = GrokEncoder()
        self._encoder.created = datetime.fromtimestamp(created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def events(self, chunk: BaseStreamChunk) -> Iterator[bytes]:
        """Yield the messages for *chunk*."""
        if isinstance(chunk, TextStreamChunk) and chunk.type is ChunkType.ERROR:
            yield _line({"error": {"code": code_of_error(chunk.error_info or {}), "message": chunk.error}})
            return
        yield from map(_line, map(_priced, self._encoder.encode(chunk)))

    def close(self) -> bytes:
        """Return what belongs after the last chunk."""
        return b"".join(map(_line, self._encoder.close()))


def _priced(document: dict[str, Any]) -> dict[str, Any]:
    """A usage report as xAI makes it: reasoning is no part of the completion, and the cost is told."""
    usage = document.get("usage")
    if not isinstance(usage, dict) or "cost_in_usd_ticks" in usage:
        return document
    written = usage.get("completion_tokens", 0) - usage.get("reasoning_tokens", 0)
    figures = {
        "completion_tokens": max(0, written),
        "cost_in_usd_ticks": usage.get("total_tokens", 0) * _TICKS_PER_TOKEN,
    }
    return {**document, "usage": {**usage, **figures}}


def _line(document: object) -> bytes:
    return json.dumps(document).encode() + b"\n"
