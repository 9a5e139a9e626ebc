"""Events of a streamed answer, as the Developer API sends them: calls whole, thoughts apart from the output."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import ChunkType
from ....stream_chunk.text import TextStreamChunk
from ....wire.google_generate_content import GenerateContentEncoder
from ....wire.google_generate_content.encoder_ends import WORDS


class GenerateContentWiring:
    """Encodes one answer; the pieces of a call wait for its end.

    Args:
        pieces: Whether they do not, as where a request to Google Cloud wants arguments in pieces.
    """

    def __init__(self, *, pieces: bool = False) -> None:
        self._pieces = pieces
        self._encoder = GenerateContentEncoder()
        self._open: dict[tuple[int, str], list[TextStreamChunk]] = {}

    def events(self, chunk: BaseStreamChunk) -> Iterator[bytes]:
        """Yield the events for *chunk*."""
        if isinstance(chunk, TextStreamChunk) and chunk.type is ChunkType.TOOL_CALL_DELTA and not self._pieces:
            self._open.setdefault((chunk.choice_index or 0, chunk.tool_call_id or ""), []).append(chunk)
            return
        yield from self._flush()
        if isinstance(chunk, TextStreamChunk) and chunk.usage is not None:
            chunk = replace(chunk, usage=_googles(chunk.usage))
        if isinstance(chunk, TextStreamChunk) and chunk.type is ChunkType.DONE:
            chunk = _stated(chunk)
        yield from self._encoded(chunk)

    def close(self) -> bytes:
        """Return what belongs after the last chunk."""
        return b"".join(self._flush()) + self._encoder.close()

    def _flush(self) -> Iterator[bytes]:
        calls, self._open = self._open, {}
        for deltas in calls.values():
            text = "".join(delta.arguments_delta or "" for delta in deltas)
            yield from self._encoded(replace(deltas[0], arguments_delta=text))

    def _encoded(self, chunk: BaseStreamChunk) -> Iterator[bytes]:
        return (event + b"\n\n" for event in self._encoder.encode(chunk).split(b"\n\n") if event)


def _stated(done: TextStreamChunk) -> TextStreamChunk:
    """An end that says Google's word for every candidate, where there are several."""
    rows = (done.finish_details or {}).get("choices")
    if not isinstance(rows, list):
        return done
    worded = [{"raw_finish_reason": WORDS.get(row.get("finish_reason")), **row} for row in rows]
    raw = done.raw_finish_reason or WORDS.get(done.finish_reason or "")
    return replace(done, raw_finish_reason=raw, finish_details={**(done.finish_details or {}), "choices": worded})


def _googles(usage: dict[str, Any]) -> dict[str, Any]:
    """A report in which the output leaves thoughts out; one that Google sent stays."""
    written, thought = usage.get("output_tokens"), usage.get("reasoning_tokens")
    if "raw" in usage or not isinstance(written, int) or not isinstance(thought, int):
        return usage
    return {**usage, "output_tokens": max(0, written - thought)}
