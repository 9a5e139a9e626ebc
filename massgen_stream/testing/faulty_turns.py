"""The last turn of a stream, with one fault in it: for each rule of a turn, of calls, messages and media."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from . import strategies_values as values
from .strategies_blocks import Block, chunk, pieces
from .strategies_media import held, media, segments
from .strategies_values import Data

_T = ChunkType
_ID: Final = "faulty"
_OTHER: Final = "other"
_START: Final = chunk(_T.START, model="m")


def _turn(*body: BaseStreamChunk, reason: str = "stop", **end: Any) -> Block:
    return [_START, *body, chunk(_T.DONE, finish_reason=reason, **end)]


def _late_start(draw: DrawFn) -> Block:
    shown = chunk(_T.CONTENT, content=draw(values.text(min_size=1)))
    return _turn(shown, *[chunk(_T.BACKEND_STATUS, status="retry")] * draw(st.booleans()), _START)


def _error_missing(draw: DrawFn) -> Block:
    return _turn(chunk(_T.CONTENT, content="He"), reason=draw(st.sampled_from(("error", "incomplete"))))


def _error_ignored(draw: DrawFn) -> Block:
    reason = draw(st.sampled_from(("stop", "length", "content_filter", "pause", "other")))
    return _turn(chunk(_T.ERROR, error="the vendor failed", error_info={"kind": "server"}), reason=reason)


def _reason_tool_calls(draw: DrawFn) -> Block:
    return _turn(_calls(), reason=draw(st.sampled_from(("stop", "other"))))


def _reason_refusal(draw: DrawFn) -> Block:
    refusal = chunk(_T.REFUSAL, content=draw(values.text(min_size=1)))
    return _turn(refusal, reason=draw(st.sampled_from(("stop", "other", "tool_calls"))))


def _usage_source(draw: DrawFn) -> Block:
    wrong: tuple[tuple[str | None, Data | None], ...]
    wrong = (("none", {}), (None, {"input_tokens": 1}), ("reported", None), ("estimated", None))
    source, usage = draw(st.sampled_from(wrong))
    return _turn(usage=usage, usage_source=source)


def _usage_missing(draw: DrawFn) -> Block:
    usage = {"input_tokens": draw(values.integers(0))}
    return _turn(chunk(_T.USAGE, usage=usage), usage_source=draw(st.sampled_from((None, "none"))))


def _changed_text(draw: DrawFn, texts: list[str]) -> str:
    text = "".join(texts)
    return draw(st.sampled_from((text[:-1], text + "x", text + text)))


def _reasoning(draw: DrawFn) -> Block:
    texts = draw(pieces())
    deltas = [chunk(_T.REASONING, reasoning_delta=text, item_id=_ID) for text in texts]
    item_id = draw(st.sampled_from((_ID, _OTHER)))
    text = _changed_text(draw, texts) if item_id == _ID else "".join(texts)
    return _turn(*deltas, chunk(_T.REASONING_DONE, reasoning_text=text, item_id=item_id))


def _summary(draw: DrawFn) -> Block:
    texts = draw(pieces())
    deltas = [chunk(_T.REASONING_SUMMARY, reasoning_summary_delta=text, item_id=_ID) for text in texts]
    text = _changed_text(draw, texts)
    return _turn(*deltas, chunk(_T.REASONING_SUMMARY_DONE, reasoning_summary_text=text, item_id=_ID))


def _delta(arguments: str) -> BaseStreamChunk:
    return chunk(_T.TOOL_CALL_DELTA, tool_call_id=_ID, arguments_delta=arguments, tool_name="f")


def _calls(arguments: str = '{"a": 1}', call_id: str = _ID) -> BaseStreamChunk:
    return chunk(_T.TOOL_CALLS, tool_calls=[{"id": call_id, "name": "f", "arguments": arguments, "kind": "function"}])


def _call_arguments(draw: DrawFn) -> Block:
    told, complete = draw(st.sampled_from((('{"a": 1', '{"a": 1}'), ("[]", "{}"), ("{}", "null"), ("null", ""))))
    cut = draw(st.integers(0, len(told)))
    return _turn(_delta(told[:cut]), _delta(told[cut:]), _calls(complete), reason="tool_calls")


def _call_twice(draw: DrawFn) -> Block:
    return _turn(_calls(), *[chunk(_T.CONTENT, content="…")] * draw(st.booleans()), _calls(), reason="tool_calls")


def _call_late(draw: DrawFn) -> Block:
    return _turn(_delta("{}"), _calls("{}"), _delta(draw(st.sampled_from(("", "{}")))), reason="tool_calls")


def _call_open(draw: DrawFn) -> Block:
    return _turn(_delta(draw(values.arguments())), reason=draw(st.sampled_from(("stop", "length", "other"))))


def _message(*parts: dict[str, Any]) -> BaseStreamChunk:
    return chunk(_T.COMPLETE_MESSAGE, complete_message={"role": "assistant", "content": [*parts]})


def _part(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def _message_text(draw: DrawFn) -> Block:
    texts = draw(pieces())
    return _turn(*[chunk(_T.CONTENT, content=text) for text in texts], _message(_part(_changed_text(draw, texts))))


def _message_calls(draw: DrawFn) -> Block:
    call = {"type": "tool_call", "id": _OTHER, "name": "f", "arguments": "{}"}
    return _turn(_calls("{}"), _message(*[call] * draw(st.booleans())), reason="tool_calls")


def _message_twice(draw: DrawFn) -> Block:
    text = draw(values.text(min_size=1))
    return _turn(chunk(_T.CONTENT, content=text), _message(_part(text)), _message(_part(text)))


def _message_late(draw: DrawFn) -> Block:
    late = (chunk(_T.CONTENT, content="x"), chunk(_T.REASONING, reasoning_delta="x"), _calls())
    one = draw(st.sampled_from(late))
    return _turn(_message(), one, reason="tool_calls" if one.type is _T.TOOL_CALLS else "stop")


def _segments(draw: DrawFn) -> tuple[list[MultimodalStreamChunk], bytes]:
    made = draw(st.lists(st.binary(min_size=1, max_size=6), min_size=2, max_size=3))
    return segments(_ID, made, media_type="audio"), b"".join(made)


def _final(data: bytes, **more: Any) -> MultimodalStreamChunk:
    return media(_ID, **{"media_type": "audio", "media_metadata": values.described(data), **more})


def _renamed(one: MultimodalStreamChunk, **fields: Any) -> MultimodalStreamChunk:
    return MultimodalStreamChunk(type=one.type, **{**one.set_fields(), **fields})


def _partial_kind(draw: DrawFn) -> Block:
    nameless: dict[str, Any] = {"media_id": None, "partial_kind": "preview"}
    fields = draw(st.sampled_from((nameless, {"media_id": _ID, "partial_kind": None})))
    partial = MultimodalStreamChunk(type="media", media_type="image", is_partial=True, **fields, **held(b"x"))
    return _turn(partial, _final(b"x", media_type="image", **held(b"x")))


def _segment_index(draw: DrawFn) -> Block:
    made, data = _segments(draw)
    made[-1] = _renamed(made[-1], chunk_index=draw(st.sampled_from((0, len(made), 2**64))))
    return _turn(*made, _final(data))


def _segment_offset(draw: DrawFn) -> Block:
    made, data = _segments(draw)
    made[-1] = _renamed(made[-1], byte_offset=draw(st.sampled_from((0, len(data), 2**64))))
    return _turn(*made, _final(data))


def _progress(draw: DrawFn) -> Block:
    low, high = sorted(draw(st.tuples(values.floats(0, 49), values.floats(50, 100))))
    both = [MultimodalStreamChunk(type="media_progress", media_id=_ID, progress_percentage=at) for at in (high, low)]
    return _turn(*both)


def _media_open(draw: DrawFn) -> Block:
    made, _ = _segments(draw)
    return _turn(*made, reason=draw(st.sampled_from(("stop", "length", "pause"))))


def _media_late(draw: DrawFn) -> Block:
    made, data = _segments(draw)
    progress = MultimodalStreamChunk(type="media_progress", media_id=_ID, stage="processing")
    return _turn(*made, _final(data), draw(st.sampled_from((made[-1], progress, _final(data)))))


def _media_metadata(draw: DrawFn) -> Block:
    made, data = _segments(draw)
    return _turn(*made, _final(data, media_metadata=None, path="a.wav"))


def _media_copy(draw: DrawFn) -> Block:
    made, data = _segments(draw)
    return _turn(*made, _final(data, **held(data, as_text=draw(st.booleans()))))


def _media_digest(draw: DrawFn) -> Block:
    made, data = _segments(draw)
    size = MediaMetadata(mime_type="audio/wav", size_bytes=len(data) + draw(st.sampled_from((-1, 1))))
    metadata = draw(st.sampled_from((size, MediaMetadata(mime_type="audio/wav", checksum="sha256:" + "0" * 64))))
    if draw(st.booleans()):
        return _turn(*made, _final(data, media_metadata=metadata))
    return _turn(_final(data, media_metadata=metadata, **held(data)))


FAULTY_TURNS: Final[Mapping[str, Callable[[DrawFn], Block]]] = {
    "start": _late_start,
    "error_missing": _error_missing,
    "error_ignored": _error_ignored,
    "reason_tool_calls": _reason_tool_calls,
    "reason_refusal": _reason_refusal,
    "usage_source": _usage_source,
    "usage_missing": _usage_missing,
    "reasoning": _reasoning,
    "reasoning_summary": _summary,
    "call_arguments": _call_arguments,
    "call_twice": _call_twice,
    "call_late": _call_late,
    "call_open": _call_open,
    "message_text": _message_text,
    "message_calls": _message_calls,
    "message_twice": _message_twice,
    "message_late": _message_late,
    "partial_kind": _partial_kind,
    "segment_index": _segment_index,
    "segment_offset": _segment_offset,
    "progress": _progress,
    "media_open": _media_open,
    "media_late": _media_late,
    "media_metadata": _media_metadata,
    "media_copy": _media_copy,
    "media_digest": _media_digest,
}
"""A turn for each rule that a single turn can break."""
