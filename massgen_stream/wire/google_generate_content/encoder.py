"""Chunks to ``streamGenerateContent`` bytes: what Google sends for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Final

from ...errors import UnencodableValue
from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.jsonform import literal_form
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.multimodal import MultimodalStreamChunk
from ...stream_chunk.text import TextStreamChunk
from ..broken import broken_bytes, is_broken
from ..minting import Minting
from ..sse_encoder import encode_event
from .encoder_calls import CallEncoder
from .encoder_dropped import dropped_event, is_said_by_usage
from .encoder_ends import finish_body
from .encoder_losses import UNSAID, lost_fields
from .encoder_parts import MediaEncoder, SourceEncoder, own_data, text_part
from .envelope import FIELDS
from .usage import raw_of

Data = dict[str, Any]
_T = ChunkType
_PLAIN: Final = frozenset((_T.BACKEND_STATUS, _T.TOOL_CALL_DELTA, _T.TOOL_CALLS))
"""What is said in words of our own or of parsed JSON, NaN among them."""

_HEAD: Final = ("responseId", "modelVersion")
_RESPONSE: Final = (*_HEAD, *FIELDS, "candidates")


class GenerateContentEncoder:
    """Encodes one ``streamGenerateContent`` response; keeps the laws of `massgen_stream.wire.base.Encoder`.

    Every event names the response's id and model, as Google's do. What ends a call is said with the chunk after it.
    One thing is never said again, and is a loss: an event over the decoder's limit.

    Attributes:
        losses: What could not be said, one line each.
    """

    def __init__(self) -> None:
        self.losses: list[str] = []
        self._head: Data = {}
        self._minting = Minting("")
        self._calls = CallEncoder(self._minting)
        self._sources, self._media_parts = SourceEncoder(), MediaEncoder()
        self._broken: TextStreamChunk | None = None
        self._started = self._waits = self._said = self._ended = False

    def encode(self, chunk: BaseStreamChunk) -> bytes:
        """Return the bytes for *chunk*; what cannot be said is added to `losses`."""
        if self._ended:
            return self._lose(chunk, "the stream has ended")
        say = self._SAY.get(chunk.type)
        if say is None:
            return self._lose(chunk, UNSAID)
        if not chunk.validate():
            return self._lose(chunk, "it breaks the rules of its type")
        held = b"" if chunk.type in (_T.TOOL_CALL_DELTA, _T.TOOL_CALLS) else self._held()
        try:
            bodies = [body if chunk.type in _PLAIN else literal_form(body) for body in say(self, chunk)]
            data = held + b"".join(map(self._event, bodies))
        except (UnencodableValue, RecursionError) as problem:
            self._lose(chunk, str(problem))
            return held
        self.losses += lost_fields(chunk)
        return data + self._tail() if chunk.type is _T.DONE else data

    def close(self) -> bytes:
        """Return what waited for the end."""
        return self._held()

    def _lose(self, chunk: BaseStreamChunk, why: str) -> bytes:
        self.losses.append(f"{chunk.type}: {why}")
        return b""

    def _held(self) -> bytes:
        """Return the end of a call that waited for its complete form."""
        return b"".join(map(self._event, self._parts(self._calls.flush())))

    def _event(self, body: Data) -> bytes:
        self._said = True
        before = b""
        if self._waits:
            self._waits = False
            if "error" in body or any(body[name] != self._head.get(name) for name in _HEAD if name in body):
                before = _dumped({"candidates": [], **self._head})
        return before + _dumped(body if "error" in body else {**self._head, **body})

    def _candidate(self, index: int | None, said: Data) -> list[Data]:
        return [{"candidates": [{**said, "index": index or 0}]}]

    def _part(self, index: int | None, part: Data) -> list[Data]:
        return self._candidate(index, {"content": {"parts": [part], "role": "model"}})

    def _parts(self, parts: Iterable[tuple[int, Data]]) -> list[Data]:
        bodies = [body for index, part in parts for body in self._part(index, part)]
        self.losses += self._calls.losses
        self._calls.losses = []
        return bodies

    def _start(self, chunk: TextStreamChunk) -> list[Data]:
        if self._started:
            self._lose(chunk, "the stream has started")
            return []
        self._started = self._waits = True
        said = zip(_HEAD, (chunk.response_id, chunk.model), strict=True)
        self._head = {name: value for name, value in said if value}
        self._minting.response_id = chunk.response_id or ""
        return []

    def _content(self, chunk: TextStreamChunk) -> list[Data]:
        return self._part(chunk.choice_index, text_part(chunk.content or "", chunk.provider_data))

    def _reasoning(self, chunk: TextStreamChunk) -> list[Data]:
        part = text_part(chunk.reasoning_delta or "", chunk.provider_data)
        return self._part(chunk.choice_index, {**part, "thought": True})

    def _call_delta(self, chunk: TextStreamChunk) -> list[Data]:
        return self._parts(self._calls.piece(chunk))

    def _tool_calls(self, chunk: TextStreamChunk) -> list[Data]:
        return self._parts(self._calls.finals(chunk))

    def _server_tool(self, chunk: TextStreamChunk) -> list[Data]:
        part = own_data(chunk.provider_data).get("part")
        if not isinstance(part, dict):
            self._lose(chunk, UNSAID)
            return []
        return self._part(chunk.choice_index, part)

    def _citation(self, chunk: TextStreamChunk) -> list[Data]:
        said = self._sources.metadata(chunk.choice_index or 0, chunk.citation or {})
        return self._candidate(chunk.choice_index, said)

    def _usage(self, chunk: TextStreamChunk) -> list[Data]:
        return [{"usageMetadata": raw_of(chunk.usage or {})}]

    def _media(self, chunk: MultimodalStreamChunk) -> list[Data]:
        if not chunk.is_partial and chunk.media_data is None and chunk.media_metadata is not None:
            return []  # the end of what came in segments; a reader makes it of them
        found = self._media_parts.part(chunk)
        if found is None:
            self._lose(chunk, UNSAID)
            return []
        return self._part(*found)

    def _error(self, chunk: TextStreamChunk) -> list[Data]:
        info = chunk.error_info or {}
        if is_broken(info):
            self._broken = chunk  # what it breaks must come last
            return []
        raw = info.get("raw")
        if not raw:
            raw = {"code": info.get("status") or 500, "message": chunk.error, "status": info.get("code") or "INTERNAL"}
        return [{"error": raw}]

    def _status(self, chunk: TextStreamChunk) -> list[Data]:
        detail = chunk.detail or ""
        if chunk.status == "ignored_field" and is_said_by_usage(detail):
            return []
        if chunk.status == "contradiction" and chunk.tool_call_id is not None:
            part = {"functionCall": {"args": {"": "contradiction"}, "willContinue": True}}
            return self._part(self._calls.index_of(chunk.tool_call_id), part)
        event = dropped_event(detail) if chunk.status == "ignored_field" else None
        if event is None:
            self._lose(chunk, UNSAID)
        return [] if event is None else [event]

    def _response(self, chunk: TextStreamChunk) -> list[Data]:
        response = chunk.response or {}
        body = {name: value for name, value in response.items() if name in _RESPONSE}
        self.losses += [f"complete_response.{name}: {UNSAID}" for name in response if name not in body]
        return [body] if body else []

    def _done(self, chunk: TextStreamChunk) -> list[Data]:
        body = finish_body(chunk, raw_of(chunk.usage) if chunk.usage else None)
        if self._waits and not body:
            return [{"candidates": []}]  # the stream has begun, and that is all
        return [body] if body else []

    def _tail(self) -> bytes:
        """What broke the stream; one that did not break just ends."""
        self._ended = True
        if self._broken is None:
            return b""
        tail = broken_bytes(self._broken.error_info or {}, first=not self._said)
        if tail is None:
            self._lose(self._broken, UNSAID)
        return tail or b""

    def _nothing(self, _: BaseStreamChunk) -> list[Data]:
        return []  # readers build it themselves

    _SAY: ClassVar[Mapping[str, Callable[[GenerateContentEncoder, Any], list[Data]]]] = {
        _T.START: _start,
        _T.CONTENT: _content,
        _T.REASONING: _reasoning,
        _T.REASONING_DONE: _nothing,
        _T.TOOL_CALL_DELTA: _call_delta,
        _T.TOOL_CALLS: _tool_calls,
        _T.SERVER_TOOL_CALL: _server_tool,
        _T.TOOL_RESULT: _server_tool,
        _T.CITATION: _citation,
        _T.USAGE: _usage,
        _T.MEDIA: _media,
        _T.COMPLETE_MESSAGE: _nothing,
        _T.COMPLETE_RESPONSE: _response,
        _T.BACKEND_STATUS: _status,
        _T.ERROR: _error,
        _T.DONE: _done,
    }


def _dumped(document: Data) -> bytes:
    return encode_event(json.dumps(document, separators=(",", ":")).encode())
