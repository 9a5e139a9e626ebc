"""Chunks to Responses bytes: what a server sends for them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import ClassVar, Final, TypeGuard

from ...errors import UnencodableValue
from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.jsonform import literal_form
from ...stream_chunk.kinds import ChunkType, MediaType
from ...stream_chunk.multimodal import MultimodalStreamChunk
from ...stream_chunk.text import TextStreamChunk
from ..broken import is_broken
from ..event_stream_encoder import Data, Events, EventStreamEncoder, Say, encode_document
from .encoder_ends import error_body, error_event, final_response, is_unsaid, terminal_type
from .encoder_losses import UNSAID, lost_fields
from .encoder_media import MediaEncoder, base64_of
from .encoder_places import Places
from .encoder_texts import TextEncoder, contradicted
from .encoder_tools import ToolEncoder
from .events import CALL_CONTRADICTION
from .faults import nested
from .metadata import ignored_paths

_T = ChunkType
_IGNORED: Final = frozenset(ignored_paths())


class ResponsesEncoder(EventStreamEncoder):
    """Encodes one Responses stream; keeps the laws of `massgen_stream.wire.base.Encoder`.

    What the decoder leaves out is said all the same, as OpenAI says it: the announcement of every item and part, and
    their ends. One thing is never said again, and is a loss: an event over the decoder's limit.

    Attributes:
        losses: What could not be said, one line each.
        created_at: Unix time that the response names, unless its final object says another.
    """

    UNSAID = UNSAID

    def __init__(self) -> None:
        super().__init__()
        self.created_at = 0
        self._places = Places()
        self._texts, self._tools = TextEncoder(self._places), ToolEncoder(self._places)
        self._media = MediaEncoder(self._places)
        self._head: Data = {"id": "", "object": "response", "model": ""}
        self._number = 0
        self._picture: MultimodalStreamChunk | None = None  # waits for the tool that made it
        self._response: Data | None = None
        self._answered = False

    @property
    def custom_tools(self) -> frozenset[str]:
        """Names of the client's custom tools; their calls are announced as such, others only end as such."""
        return self._tools.custom

    @custom_tools.setter
    def custom_tools(self, names: frozenset[str]) -> None:
        self._tools.custom = names

    def encode(self, chunk: BaseStreamChunk) -> bytes:
        """Return the bytes for *chunk*; what cannot be said is added to `losses`."""
        return b"" if self._answered and chunk.type is _T.DONE else super().encode(chunk)

    def close(self) -> bytes:
        """Return what waited for the next chunk; a stream without `done` is a cut one."""
        picture, self._picture = self._picture, None
        return b"" if picture is None else b"".join(map(self._event, self._media.events(picture) or []))

    def _say(self, chunk: BaseStreamChunk, say: Say) -> bytes:
        if self._is_answer(chunk):
            return self._answer(chunk)
        before = b"" if self._takes_picture(chunk) else self.close()
        return before + super()._say(chunk, say)

    def _bytes(self, chunk: BaseStreamChunk, events: Events) -> bytes:
        return super()._bytes(chunk, [literal_form(event) for event in events])

    def _event(self, body: Data) -> bytes:
        self._said = True
        document = {"type": body["type"], "sequence_number": self._number, **body}
        self._number += 1
        return encode_document(document, event=body["type"])

    def _lost_fields(self, chunk: BaseStreamChunk) -> list[str]:
        return lost_fields(chunk)

    def _is_answer(self, chunk: BaseStreamChunk) -> TypeGuard[TextStreamChunk]:
        """Whether *chunk* is an error before anything else: servers answer without a stream then."""
        if self._number or not isinstance(chunk, TextStreamChunk) or chunk.type is not _T.ERROR:
            return False
        return not is_broken(chunk.error_info or {})

    def _answer(self, chunk: TextStreamChunk) -> bytes:
        self._ended = self._answered = True
        try:
            return json.dumps(literal_form(error_body(chunk.error_info or {}, chunk.error))).encode()
        except UnencodableValue as problem:
            return self._lose(chunk, str(problem))

    def _takes_picture(self, chunk: BaseStreamChunk) -> bool:
        """Whether *chunk* tells of the tool that made the picture that waits."""
        if self._picture is None or not isinstance(chunk, TextStreamChunk):
            return False
        same = chunk.type is _T.SERVER_TOOL_CALL and chunk.tool_call_id == self._picture.media_id
        return same and self._tools.is_picture_tool(chunk)

    def _snapshot(self, status: str) -> Data:
        return {
            **self._head, "created_at": self.created_at, "status": status, "error": None, "incomplete_details": None,
            "instructions": None, "metadata": {}, "output": [], "parallel_tool_calls": True, "temperature": None,
            "tool_choice": "auto", "tools": [], "top_p": None, "usage": None,
        }  # fmt: skip

    def _opening(self, chunk: TextStreamChunk) -> Events:
        self._head |= {"id": chunk.response_id or "", "model": chunk.model or ""}
        names = ("response.created", "response.in_progress")
        return [{"type": name, "response": self._snapshot("in_progress")} for name in names]

    def _server_call(self, chunk: TextStreamChunk) -> Events | None:
        picture, self._picture = self._picture, None
        return self._tools.server_call(chunk, None if picture is None else base64_of(picture))

    def _medium(self, chunk: MultimodalStreamChunk) -> Events | None:
        whole = chunk.type is _T.MEDIA and not chunk.is_partial and base64_of(chunk) is not None
        if whole and chunk.media_type is MediaType.IMAGE and chunk.media_id is not None:
            self._picture = chunk
            return []
        return self._media.events(chunk)

    def _status(self, chunk: TextStreamChunk) -> Events | None:
        detail = chunk.detail or ""
        if chunk.status == "ignored_field" and detail in _IGNORED:
            return [{"type": "response.in_progress", **nested(detail, False)}]
        if chunk.status == "info" and detail == "queued":
            return [{"type": "response.queued", "response": self._snapshot("queued")}]
        if chunk.status != "contradiction":
            return None
        name, item_id = contradicted(detail)
        return self._tools.contradiction(item_id) if name == CALL_CONTRADICTION else self._texts.contradiction(detail)

    def _compressing(self, chunk: TextStreamChunk) -> Events | None:
        return [{"type": "response.compaction.compacting"}] if chunk.status == "started" else None

    def _vendor_error(self, chunk: TextStreamChunk) -> Events:
        return [error_event(chunk.error_info or {}, chunk.error)]

    def _complete(self, chunk: TextStreamChunk) -> Events:
        self._response = chunk.response
        return []

    def _done(self, chunk: TextStreamChunk) -> Events:
        if self._broken is not None or is_unsaid(chunk, self._response):
            return []
        response = final_response(chunk, self._snapshot("completed"), self._response)
        events = self._texts.endings("incomplete" if chunk.finish_reason == "length" else "completed")
        if self._places.empty and response.get("output"):  # readers take the output of a stream without items
            events += self._texts.nothing()
        return [*events, {"type": terminal_type(chunk, response), "response": response}]

    SAY: ClassVar[Mapping[str, Say]] = {
        **EventStreamEncoder.SHARED,
        _T.CONTENT: lambda self, chunk: self._texts.content(chunk),
        _T.REFUSAL: lambda self, chunk: self._texts.refusal(chunk),
        _T.REASONING: lambda self, chunk: self._texts.reasoning(chunk),
        _T.REASONING_DONE: lambda self, chunk: self._texts.reasoning_done(chunk),
        _T.REASONING_SUMMARY: lambda self, chunk: self._texts.summary(chunk),
        _T.REASONING_SUMMARY_DONE: lambda self, chunk: self._texts.summary_done(chunk),
        _T.TOOL_CALL_DELTA: lambda self, chunk: self._tools.piece(chunk),
        _T.TOOL_CALLS: lambda self, chunk: self._tools.calls(chunk, broken=self._broken is not None),
        _T.SERVER_TOOL_CALL: _server_call,
        _T.TOOL_RESULT: lambda self, chunk: self._tools.result(chunk),
        _T.CITATION: lambda self, chunk: self._texts.citation(chunk),
        _T.MEDIA: _medium,
        _T.MEDIA_PROGRESS: _medium,
        _T.COMPLETE_RESPONSE: _complete,
        _T.BACKEND_STATUS: _status,
        _T.COMPRESSION_STATUS: _compressing,
        _T.DONE: _done,
    }
