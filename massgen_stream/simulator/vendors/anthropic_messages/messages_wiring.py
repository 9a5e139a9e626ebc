"""Events of a streamed message, in the order in which Anthropic sends them."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any, Final

from msgspec.structs import replace

from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import ChunkType
from ....stream_chunk.narrow import reasoning
from ....stream_chunk.text import TextStreamChunk
from ....wire.anthropic_messages import MessagesEncoder
from ....wire.sse_encoder import encode_event

_PROTOCOL: Final = "anthropic.messages"
_PING: Final = encode_event(b'{"type":"ping"}', event="ping")


class MessagesWiring:
    """Encodes one answer.

    Thinking is signed at its end, unless it brings a signature; a ping follows the beginning. Usage is told as it is
    known: what the request costs at the beginning, the rest at the end.

    Args:
        input_tokens: Size of the request.
    """

    def __init__(self, input_tokens: int) -> None:
        self._encoder = MessagesEncoder()
        self._encoder.start_usage = {
            "input_tokens": input_tokens,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "output_tokens": 1,
        }
        self._unsigned: TextStreamChunk | None = None
        self._thoughts = 0
        self._usage: dict[str, Any] | None = None

    def events(self, chunk: BaseStreamChunk) -> Iterator[bytes]:
        """Yield the events for *chunk*."""
        if isinstance(chunk, TextStreamChunk):
            yield from self._signature(chunk)
            if chunk.type is ChunkType.USAGE:
                yield from self._told(chunk)
                return
            if chunk.type is ChunkType.DONE and chunk.usage is None and self._usage is not None:
                chunk = replace(chunk, usage=self._usage)
        yield from self._encoded(chunk)
        if chunk.type is ChunkType.START:
            yield _PING

    def close(self) -> bytes:
        """Return what belongs after the last chunk."""
        return self._encoder.close()

    def _signature(self, chunk: TextStreamChunk) -> Iterator[bytes]:
        """Yield the signature of the thinking that ends before *chunk*."""
        if chunk.type is not ChunkType.REASONING:
            if chunk.type is not ChunkType.ERROR:
                yield from self._signed()
            return
        own = (chunk.provider_data or {}).get(_PROTOCOL, {})
        if "block" in own or (self._unsigned is not None and self._unsigned.item_id != chunk.item_id):
            yield from self._signed()
        self._unsigned = None if own else chunk

    def _signed(self) -> Iterator[bytes]:
        if self._unsigned is not None:
            self._thoughts += 1
            text = b64encode(f"simulated thought {self._thoughts}".encode()).decode()
            signature = {_PROTOCOL: {"signature": text}}
            yield from self._encoded(reasoning("", item_id=self._unsigned.item_id, provider_data=signature))
            self._unsigned = None

    def _told(self, chunk: TextStreamChunk) -> Iterator[bytes]:
        """Yield a report before the end, which is a `message_delta` without a reason to stop."""
        self._usage = chunk.usage
        told = {"input_tokens": (chunk.usage or {}).get("input_tokens", 0)}
        told["output_tokens"] = (chunk.usage or {}).get("output_tokens", 0)
        yield _report(told)

    def _encoded(self, chunk: BaseStreamChunk) -> Iterator[bytes]:
        return (event + b"\n\n" for event in self._encoder.encode(chunk).split(b"\n\n") if event)


def _report(usage: dict[str, int]) -> bytes:
    """Return a ``message_delta`` that tells *usage* only."""
    delta = {"stop_reason": None, "stop_sequence": None}
    body = {"type": "message_delta", "delta": delta, "usage": usage}
    return encode_event(json.dumps(body, separators=(",", ":")).encode(), event="message_delta")
