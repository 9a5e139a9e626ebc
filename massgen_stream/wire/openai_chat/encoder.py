"""Chunks to Chat Completions bytes: what a server sends for them."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from ...errors import UnencodableValue
from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.jsonform import to_form
from ...stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from ...stream_chunk.multimodal import MultimodalStreamChunk
from ...stream_chunk.text import TextStreamChunk
from ..sse_encoder import encode_event
from .encoder_calls import CallEncoder
from .encoder_ends import broken_bytes, dropped_event, finish_choices, is_broken
from .usage import raw_of

Data = dict[str, Any]
_ENVELOPE = ("created", "system_fingerprint", "service_tier", "provider", "prompt_filter_results")
_UNSAID = "Chat Completions has no place for it"


class ChatEncoder:
    """Encodes one Chat Completions stream; keeps the laws of `massgen_stream.wire.base.Encoder`.

    Every event names the response's id and model, as OpenAI's do.

    Attributes:
        losses: What could not be said, one line each.
    """

    def __init__(self) -> None:
        self.losses: list[str] = []
        self._head: Data = {"object": "chat.completion.chunk"}
        self._identity: Data = {}
        self._calls = CallEncoder()
        self._usage: object = None
        self._sources: tuple[list[Any], list[Any]] = ([], [])
        self._broken: TextStreamChunk | None = None
        self._said = self._ended = False

    def encode(self, chunk: BaseStreamChunk) -> bytes:
        """Return the bytes for *chunk*; what cannot be said is added to `losses`."""
        if self._ended:
            self._lose(chunk, "the stream has ended")
            return b""
        say = self._SAY.get(chunk.type)
        if say is None:
            self._lose(chunk, _UNSAID)
            return b""
        try:
            return b"".join(map(self._event, say(self, chunk))) + self._tail(chunk)
        except UnencodableValue as problem:
            self._lose(chunk, str(problem))
            return b""

    def close(self) -> bytes:
        """Return nothing: a stream without `done` is a cut one."""
        return b""

    def _lose(self, chunk: BaseStreamChunk, why: str) -> None:
        self.losses.append(f"{chunk.type}: {why}")

    def _event(self, body: Data) -> bytes:
        self._said = True
        document = {**self._identity, **self._head, **body}
        return encode_event(json.dumps(document, ensure_ascii=True, separators=(",", ":")).encode())

    def _delta(self, chunk: TextStreamChunk, delta: Data, **choice: Any) -> list[Data]:
        return [{"choices": [{"index": chunk.choice_index or 0, "delta": delta, "finish_reason": None, **choice}]}]

    def _start(self, chunk: TextStreamChunk) -> list[Data]:
        if self._said:
            self._lose(chunk, "the stream has started")
            return []
        known = {"id": chunk.response_id, "model": chunk.model}
        self._identity = {name: value for name, value in known.items() if value is not None}
        for name in ("provider", "request_id"):
            if getattr(chunk, name) is not None:
                self.losses.append(f"start.{name}: {_UNSAID}")
        return self._delta(chunk, {"role": "assistant", "content": ""})

    def _content(self, chunk: TextStreamChunk) -> list[Data]:
        data = self._own_data(chunk)
        self._lose_fields(chunk, "item_id", "phase")
        if data.get("content_parts"):
            return self._delta(chunk, {"content": data["content_parts"]})
        extra = {"extra_content": data["extra_content"]} if "extra_content" in data else {}
        return self._delta(chunk, {"content": chunk.content, **extra})

    def _refusal(self, chunk: TextStreamChunk) -> list[Data]:
        self._lose_fields(chunk, "item_id")
        return self._delta(chunk, {"refusal": chunk.content})

    def _reasoning(self, chunk: TextStreamChunk) -> list[Data]:
        data = self._own_data(chunk)
        self._lose_fields(chunk, "item_id", "content_index")
        if "reasoning_details" in data:
            text = {"reasoning": chunk.reasoning_delta} if chunk.reasoning_delta else {}
            return self._delta(chunk, {**text, "reasoning_details": data["reasoning_details"]})
        if "thinking_signature" in data:
            thought = [{"type": "text", "text": chunk.reasoning_delta}]
            part = {"type": "thinking", "thinking": thought, "signature": data["thinking_signature"]}
            return self._delta(chunk, {"content": [part]})
        return self._delta(chunk, {"reasoning_content": chunk.reasoning_delta})

    def _call_delta(self, chunk: TextStreamChunk) -> list[Data]:
        return self._delta(chunk, {"tool_calls": [self._calls.piece(chunk)]})

    def _tool_calls(self, chunk: TextStreamChunk) -> list[Data]:
        pieces = self._calls.rest(chunk)
        return self._delta(chunk, {"tool_calls": pieces}) if pieces else []

    def _server_tool(self, chunk: TextStreamChunk) -> list[Data]:
        item = self._own_data(chunk).get("executed_tool")
        if item is None:
            self._lose(chunk, _UNSAID)
            return []
        return self._delta(chunk, {"executed_tools": [item]})

    def _citation(self, chunk: TextStreamChunk) -> list[Data]:
        citation = chunk.citation or {}
        raw = citation.get("raw")
        if isinstance(raw, dict) and "search_result" in raw:
            self._sources[0].append(raw.get("citation"))
            self._sources[1].append(raw["search_result"])
            return [{"choices": [], "citations": list(self._sources[0]), "search_results": list(self._sources[1])}]
        names = {"url": "url", "title": "title", "start": "start_index", "end": "end_index", "cited_text": "content"}
        made = {"type": "url_citation", "url_citation": {names[n]: v for n, v in citation.items() if n in names}}
        return self._delta(chunk, {"annotations": [to_form(raw if raw is not None else made)]})

    def _usage_event(self, chunk: TextStreamChunk) -> list[Data]:
        self._usage = raw_of(chunk.usage or {})
        return [{"choices": [], "usage": to_form(self._usage)}]

    def _media(self, chunk: MultimodalStreamChunk) -> list[Data]:
        if chunk.media_type is MediaType.AUDIO and chunk.is_partial:
            data = b64encode(chunk.media_data).decode() if isinstance(chunk.media_data, bytes) else None
            audio = {"id": chunk.media_id, "data": data, "transcript": chunk.text_content}
            said = {name: value for name, value in audio.items() if value is not None}
            return [{"choices": [{"index": 0, "delta": {"audio": said}, "finish_reason": None}]}]
        if chunk.media_type is MediaType.AUDIO and chunk.media_data is None:
            return []  # the decoder makes it of the segments
        url = _image_url(chunk)
        if url is None:
            self._lose(chunk, _UNSAID)
            return []
        image = {"type": "image_url", "image_url": {"url": url}}
        return [{"choices": [{"index": 0, "delta": {"images": [image]}, "finish_reason": None}]}]

    def _error(self, chunk: TextStreamChunk) -> list[Data]:
        info = chunk.error_info or {}
        if is_broken(info):
            self._broken = chunk  # what it breaks must come last
            return []
        raw = info.get("raw")
        return [{"error": to_form(raw) if raw is not None else {"message": chunk.error, "code": info.get("code")}}]

    def _status(self, chunk: TextStreamChunk) -> list[Data]:
        event = dropped_event(chunk.detail) if chunk.status == "ignored_field" else None
        if event is None:
            self._lose(chunk, _UNSAID)
        return [event] if event is not None else []

    def _response(self, chunk: TextStreamChunk) -> list[Data]:
        response = chunk.response or {}
        self._head |= {name: response[name] for name in _ENVELOPE if name in response}
        self._lose_unknown(response)
        choices = response.get("choices")
        rows = [{"index": row["index"], "delta": {}, "logprobs": row["logprobs"]} for row in choices or ()]
        return [{"choices": rows, **to_form({name: response[name] for name in _ENVELOPE if name in response})}]

    def _lose_unknown(self, response: Mapping[str, Any]) -> None:
        for name in response:
            if name not in ("id", "model", "choices", *_ENVELOPE):
                self.losses.append(f"complete_response.{name}: {_UNSAID}")

    def _done(self, chunk: TextStreamChunk) -> list[Data]:
        events: list[Data] = []
        usage = raw_of(chunk.usage) if chunk.usage else None
        if usage is not None and usage != self._usage:
            events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": None}], "usage": to_form(usage)})
        choices = finish_choices(chunk, cut=self._broken is not None)
        return [*events, {"choices": choices}] if choices else events

    def _tail(self, chunk: BaseStreamChunk) -> bytes:
        """The end: ``[DONE]``, or what broke the stream."""
        if chunk.type is not ChunkType.DONE:
            return b""
        self._ended = True
        if self._broken is None:
            return encode_event(b"[DONE]")
        tail = broken_bytes(self._broken.error_info or {}, first=not self._said)
        if tail is None:
            self._lose(self._broken, _UNSAID)
        return tail or b""

    def _lose_fields(self, chunk: TextStreamChunk, *names: str) -> None:
        self.losses += [f"{chunk.type}.{name}: {_UNSAID}" for name in names if getattr(chunk, name) is not None]

    def _own_data(self, chunk: TextStreamChunk) -> Data:
        data = chunk.provider_data or {}
        self.losses += [f"{chunk.type}.provider_data[{name}]: {_UNSAID}" for name in data if name != "openai.chat"]
        own: Data = to_form(data.get("openai.chat") or {})
        return own

    def _nothing(self, _: BaseStreamChunk) -> list[Data]:
        return []  # readers build it themselves

    _SAY: ClassVar[Mapping[str, Callable[[ChatEncoder, Any], list[Data]]]] = {
        ChunkType.START: _start,
        ChunkType.CONTENT: _content,
        ChunkType.REFUSAL: _refusal,
        ChunkType.REASONING: _reasoning,
        ChunkType.REASONING_DONE: _nothing,
        ChunkType.TOOL_CALL_DELTA: _call_delta,
        ChunkType.TOOL_CALLS: _tool_calls,
        ChunkType.SERVER_TOOL_CALL: _server_tool,
        ChunkType.TOOL_RESULT: _server_tool,
        ChunkType.CITATION: _citation,
        ChunkType.USAGE: _usage_event,
        ChunkType.MEDIA: _media,
        ChunkType.COMPLETE_MESSAGE: _nothing,
        ChunkType.COMPLETE_RESPONSE: _response,
        ChunkType.BACKEND_STATUS: _status,
        ChunkType.ERROR: _error,
        ChunkType.DONE: _done,
    }


def _image_url(chunk: MultimodalStreamChunk) -> str | None:
    if chunk.media_type is not MediaType.IMAGE or chunk.is_partial:
        return None
    if chunk.media_encoding is MediaEncoding.URL:
        return str(chunk.media_data)
    if not isinstance(chunk.media_data, bytes) and chunk.media_encoding is not MediaEncoding.BASE64:
        return None
    data = chunk.media_data
    text = b64encode(data).decode() if isinstance(data, bytes) else data
    mime_type = chunk.media_metadata.mime_type if chunk.media_metadata else "image/jpeg"
    return f"data:{mime_type};base64,{text}"
