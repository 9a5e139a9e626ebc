"""The rare events of a Responses stream: what each does. Events that are not in the table are unknown, and no error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from .events import (
    CALL_DELTAS,
    CALL_FINALS,
    CALL_ITEMS,
    LIFECYCLE,
    TERMINAL,
    TEXT_DELTAS,
    TEXT_EVENTS,
    TEXT_FINALS,
    TOOL_DELTAS,
    TOOL_FINALS,
    TOOL_STATES,
)
from .faults import Origin
from .media import preview
from .metadata import clean, document_at, index_at, word_at
from .response import ResponseState
from .texts import TextItem
from .tool_items import IMAGE

Data = dict[str, Any]
Chunks = list[BaseStreamChunk]
_Handler = Callable[[ResponseState, Data, str, Chunks], None]
_ITEM_DONE: Final = "response.output_item.done"
_TEXT_ITEMS: Final = frozenset(("message", "reasoning"))


def _begin(state: ResponseState, doc: Data, name: str, out: Chunks) -> None:
    if not state.started:
        out.insert(_before_statuses(out), state.start(document_at(doc, "response")))
    if name == "response.queued":
        out.append(TextStreamChunk(type=ChunkType.BACKEND_STATUS, status="info", detail="queued"))


def _before_statuses(out: Chunks) -> int:
    """The place before what this event has told of its own fields."""
    place = len(out)
    while place and out[place - 1].type is ChunkType.BACKEND_STATUS:
        place -= 1
    return place


def _terminate(state: ResponseState, doc: Data, name: str, out: Chunks) -> None:
    response = document_at(doc, "response")
    if not state.started:
        out.insert(_before_statuses(out), state.start(response))
    output = response.get("output")
    if not state.items and isinstance(output, list):  # a server that sends nothing before the end
        for index, item in enumerate(output):
            _finish_of_response(state, {"output_index": index, "item": item}, out)
    elif isinstance(output, list) and not state.items.pictured:  # one that sends pictures with the end alone
        for item in output:
            if isinstance(item, dict) and item.get("type") == IMAGE and item.get("result"):
                _finish_of_response(state, {"item": item}, out)
    state.terminate(name.rpartition(".")[2], response, out)


def _finish_of_response(state: ResponseState, found: Data, out: Chunks) -> None:
    """Take an item of the final object as if its own event had come."""
    state.dropped.tell(clean(found), out)
    _finish_item(state, found, _ITEM_DONE, out)


def _begin_item(state: ResponseState, doc: Data, name: str, out: Chunks) -> None:
    item = document_at(doc, "item")
    kind, index, item_id = word_at(item, "type"), index_at(doc, "output_index"), word_at(item, "id")
    if kind in _TEXT_ITEMS:
        state.items.text(index, item_id).begin(item)
    elif kind in CALL_ITEMS:
        call = state.items.call(index, item_id, CALL_ITEMS[kind])
        call.begin(item, Origin(name).within("item", type=kind), out)
    elif kind is not None:
        state.items.tool(doc, kind, item).begin(item, out)


def _finish_item(state: ResponseState, doc: Data, name: str, out: Chunks) -> None:
    item = document_at(doc, "item")
    kind, index, item_id = word_at(item, "type"), index_at(doc, "output_index"), word_at(item, "id")
    origin = Origin(name).within("item", type=kind)
    if kind in _TEXT_ITEMS:
        text = state.items.text(index, item_id)
        text.begin(item)
        text.finish(item, origin, out)
    elif kind in CALL_ITEMS:
        state.items.call(index, item_id, CALL_ITEMS[kind]).finish(item, origin, out)
    elif kind is not None:
        state.items.tool(doc, kind, item).finish(item, origin, out)


def _text_of(state: ResponseState, doc: Data) -> TextItem:
    return state.items.text(index_at(doc, "output_index"), word_at(doc, "item_id"))


def _say(state: ResponseState, doc: Data, name: str, out: Chunks) -> None:
    kind = TEXT_DELTAS[name]
    piece = Origin(name).text(doc, "delta")
    if piece:
        out.append(_text_of(state, doc).say(kind, index_at(doc, TEXT_EVENTS[kind].indexed_by), piece))


def _settle(state: ResponseState, doc: Data, name: str, out: Chunks) -> None:
    kind = TEXT_FINALS[name]
    events = TEXT_EVENTS[kind]
    text = Origin(name).text(doc, events.field)
    _text_of(state, doc).settle(kind, index_at(doc, events.indexed_by), text, out)


def _settle_part(state: ResponseState, doc: Data, name: str, out: Chunks) -> None:
    part = document_at(doc, "part")
    index = index_at(doc, "summary_index" if "summary" in name else "content_index")
    if part:
        origin = Origin(name).within("part", type=part.get("type"))
        _text_of(state, doc).settle_part(part, index, origin, out)


def _cite(state: ResponseState, doc: Data, _: str, out: Chunks) -> None:
    annotation = document_at(doc, "annotation")
    if annotation:
        _text_of(state, doc).cite(index_at(doc, "content_index"), annotation, out)


def _call_piece(state: ResponseState, doc: Data, name: str, out: Chunks) -> None:
    piece = Origin(name).text(doc, "delta")
    call = state.items.call(index_at(doc, "output_index"), word_at(doc, "item_id"), CALL_DELTAS[name])
    call.add(piece or "", out)


def _call_final(state: ResponseState, doc: Data, name: str, out: Chunks) -> None:
    call = state.items.call(index_at(doc, "output_index"), word_at(doc, "item_id"), CALL_FINALS[name])
    call.settle(doc, Origin(name), out)


def _tool_state(state: ResponseState, doc: Data, name: str, out: Chunks) -> None:
    kind, word = TOOL_STATES[name]
    state.items.tool(doc, kind, {"type": kind}).move(word, out)


def _tool_piece(state: ResponseState, doc: Data, name: str, _: Chunks) -> None:
    kind, piece = TOOL_DELTAS[name], Origin(name).text(doc, "delta")
    if piece:
        state.items.tool(doc, kind, {"type": kind}).add(index_at(doc, "command_index") or 0, piece)


def _tool_final(state: ResponseState, doc: Data, name: str, out: Chunks) -> None:
    kind, field = TOOL_FINALS[name]
    text = Origin(name).text(doc, field)
    if text:
        state.items.tool(doc, kind, {"type": kind}).replace(index_at(doc, "command_index") or 0, text, out)


def _shell_output(state: ResponseState, doc: Data, name: str, _: Chunks) -> None:
    kind, origin = "shell_call_output", Origin(name)
    delta = doc.get("delta")
    if isinstance(delta, str) or delta is None:
        pieces: list[str | None] = [delta]
    elif isinstance(delta, dict):
        pieces = [origin.within("delta").text(delta, stream) for stream in ("stdout", "stderr")]
    else:
        raise origin.unusable("delta", delta)
    for piece in pieces:
        if piece:
            state.items.tool(doc, kind, {"type": kind}).add(0, piece)


def _preview(state: ResponseState, doc: Data, name: str, out: Chunks) -> None:
    data = Origin(name).bytes_of(doc, "partial_image_b64")
    tool = state.items.tool(doc, IMAGE, {"type": IMAGE})
    if data and not tool.pictured:
        out.append(preview(tool.id, doc, data))


def _compact(_: ResponseState, __: Data, ___: str, out: Chunks) -> None:
    out.append(TextStreamChunk(type=ChunkType.COMPRESSION_STATUS, status="started"))


def _hear(state: ResponseState, doc: Data, name: str, out: Chunks) -> None:
    state.media.hear(word_at(doc, "item_id"), Origin(name).bytes_of(doc, "delta"), None, out)


def _transcribe(state: ResponseState, doc: Data, name: str, out: Chunks) -> None:
    state.media.hear(word_at(doc, "item_id"), None, Origin(name).text(doc, "delta"), out)


def _end_speech(state: ResponseState, doc: Data, _: str, out: Chunks) -> None:
    state.media.end_speech(word_at(doc, "item_id"), out)


def _media_start(state: ResponseState, doc: Data, _: str, out: Chunks) -> None:
    state.media.start(doc, out)


def _media_piece(state: ResponseState, doc: Data, name: str, out: Chunks) -> None:
    state.media.add(doc, Origin(name), out)


def _media_complete(state: ResponseState, doc: Data, name: str, out: Chunks) -> None:
    state.media.complete(doc, Origin(name), out)


def _nothing(_: ResponseState, __: Data, ___: str, ____: Chunks) -> None:
    """Known, and said again by another event."""


HANDLERS: Final[Mapping[str, _Handler]] = {
    **dict.fromkeys(LIFECYCLE, _begin),
    **dict.fromkeys(TERMINAL, _terminate),
    "response.output_item.added": _begin_item,
    _ITEM_DONE: _finish_item,
    **dict.fromkeys(TEXT_DELTAS, _say),
    **dict.fromkeys(TEXT_FINALS, _settle),
    "response.content_part.added": _nothing,
    "response.content_part.done": _settle_part,
    "response.reasoning_summary_part.added": _nothing,
    "response.reasoning_summary_part.done": _settle_part,
    "response.output_text.annotation.added": _cite,
    **dict.fromkeys(CALL_DELTAS, _call_piece),
    **dict.fromkeys(CALL_FINALS, _call_final),
    **dict.fromkeys(TOOL_STATES, _tool_state),
    **dict.fromkeys(TOOL_DELTAS, _tool_piece),
    **dict.fromkeys(TOOL_FINALS, _tool_final),
    "response.shell_call_output_content.delta": _shell_output,
    "response.shell_call_output_content.done": _nothing,
    "response.image_generation_call.partial_image": _preview,
    "response.compaction.compacting": _compact,
    "response.audio.delta": _hear,
    "response.audio.done": _end_speech,
    "response.audio.transcript.delta": _transcribe,
    "response.audio.transcript.done": _nothing,
    "response.media.start": _media_start,
    "response.media.delta": _media_piece,
    "response.media.complete": _media_complete,
}
