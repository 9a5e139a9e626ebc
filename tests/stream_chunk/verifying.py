"""Short ways to say a stream and to see what the verifier thinks of it."""

from typing import Any

from msgspec.structs import replace

from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.grammar import Breach
from massgen_stream.stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.stream_chunk.verifier import StreamVerifier


def text(kind: str, **fields: Any) -> TextStreamChunk:
    return TextStreamChunk(type=kind, **fields)


def said(words: str = "Hello", **fields: Any) -> TextStreamChunk:
    return text("content", content=words, **fields)


def start(**fields: Any) -> TextStreamChunk:
    return text("start", model="m", **fields)


def done(reason: str = "stop", **fields: Any) -> TextStreamChunk:
    return text("done", finish_reason=reason, **fields)


def turn_done(reason: str = "stop", **fields: Any) -> TextStreamChunk:
    return text("turn_done", finish_reason=reason, **fields)


def error(**fields: Any) -> TextStreamChunk:
    return text("error", error="it broke", **fields)


def delta(arguments: str, call_id: str = "c", **fields: Any) -> TextStreamChunk:
    return text("tool_call_delta", tool_call_id=call_id, arguments_delta=arguments, **fields)


def call(arguments: str = "{}", call_id: str = "c", **fields: Any) -> dict[str, Any]:
    return {"id": call_id, "name": "f", "arguments": arguments, "kind": "function", **fields}


def calls(*given: dict[str, Any], **fields: Any) -> TextStreamChunk:
    return text("tool_calls", tool_calls=[*given], **fields)


def message(*parts: dict[str, Any], **fields: Any) -> TextStreamChunk:
    return text("complete_message", complete_message={"role": "assistant", "content": [*parts]}, **fields)


def part(words: str, kind: str = "text", **fields: Any) -> dict[str, Any]:
    return {"type": kind, "text": words, **fields}


def media(media_id: str | None = "m", **fields: Any) -> MultimodalStreamChunk:
    return MultimodalStreamChunk(type="media", media_type="audio", media_id=media_id, **fields)


def segment(data: bytes, index: int | None, offset: int, **fields: Any) -> MultimodalStreamChunk:
    place: dict[str, Any] = {"chunk_index": index, "byte_offset": offset, "is_partial": True, "partial_kind": "segment"}
    return media(**{"media_data": data, "media_encoding": "binary", **place, **fields})


def preview(data: bytes, **fields: Any) -> MultimodalStreamChunk:
    return media(media_data=data, media_encoding="binary", is_partial=True, partial_kind="preview", **fields)


def progress(percentage: float | None, media_id: str | None = "m", **fields: Any) -> MultimodalStreamChunk:
    return MultimodalStreamChunk(
        type="media_progress", media_id=media_id, progress_percentage=percentage, stage="running", **fields
    )


def metadata(**fields: Any) -> MediaMetadata:
    return MediaMetadata(mime_type="audio/wav", **fields)


def numbered(*chunks: BaseStreamChunk) -> list[BaseStreamChunk]:
    """Number, stamp and name the chunks, as the gate does."""
    return [
        replace(chunk, sequence_number=number, timestamp=1000.0 + number, stream_id="s")
        for number, chunk in enumerate(chunks)
    ]


def breaches(chunks: list[BaseStreamChunk], **options: Any) -> list[Breach]:
    """Return what the verifier finds in a whole stream; what it returned and what it kept are the same."""
    verifier = StreamVerifier(**options)
    found = [breach for chunk in chunks for breach in verifier.feed(chunk)] + verifier.close()
    assert found == verifier.breaches
    return found


def rules(*chunks: BaseStreamChunk, **options: Any) -> list[tuple[str, int]]:
    """Return rule and position of every breach in a stream of those chunks, numbered."""
    return [(breach.rule, breach.position) for breach in breaches(numbered(*chunks), **options)]
