"""Chunks to Speech bytes: what a server sends for them, as events or as raw sound."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from typing import Any

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.jsonform import literal_form
from ...stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from ...stream_chunk.multimodal import MultimodalStreamChunk
from ...stream_chunk.text import TextStreamChunk
from ..broken import broken_bytes, is_broken
from ..endpoint_encoder import EndpointEncoder
from .events import DELTA, SPOKEN

Data = dict[str, Any]
_T = ChunkType


class SpeechEncoder(EndpointEncoder):
    """Encodes one response of the Speech API; keeps the laws of `massgen_stream.wire.base.Encoder`.

    As events it says everything that the decoder reads: segments one by one, usage, errors. As raw sound it says sound,
    and an error before any; its reader must be told a format that the bytes do not show, and joins segments otherwise.
    Never said again, and losses, are an event over the decoder's limit and a foreign document over 64 KiB.

    Args:
        raw: Write raw sound, as OpenAI does by default, instead of events.

    Attributes:
        losses: What could not be said, one line each.
    """

    UNSAID = "a Speech stream has no place for it"
    BARE = {"type": DELTA}  # noqa: RUF012 - never changed
    PLACES = {  # noqa: RUF012 - never changed
        _T.START: ("provider", "model", "response_id", "request_id"),
        _T.ERROR: ("tool_call_id", "media_id"),
        _T.DONE: ("finish_details", "raw_finish_reason", "media_results"),
        _T.MEDIA: ("text_content", "total_chunks", "path", "continuation_id", "provider", "model"),
    }
    OWN = ("", frozenset())
    FIELDS = frozenset(("usage",))

    def __init__(self, *, raw: bool = False) -> None:
        super().__init__()
        self._raw = raw

    def encode(self, chunk: BaseStreamChunk) -> bytes:
        """Return the bytes for *chunk*; what cannot be said is added to `losses`."""
        if not self._raw or self._ended:
            return super().encode(chunk)
        if not chunk.validate():
            return self._lose(chunk, "it breaks the rules of its type")
        data = self._raw_bytes(chunk)
        if data is None:
            return self._lose(chunk, self.UNSAID)
        self.losses += (f"{chunk.type}.{name}: {self.UNSAID}" for name in self._lost(chunk))
        self._said = self._said or bool(data)
        return data

    def _raw_bytes(self, chunk: BaseStreamChunk) -> bytes | None:
        if isinstance(chunk, MultimodalStreamChunk):
            return sound_in(chunk)
        if chunk.type is _T.ERROR and isinstance(chunk, TextStreamChunk):
            return self._raw_error(chunk)
        if chunk.type is _T.DONE and isinstance(chunk, TextStreamChunk):
            self._ended = True
            if chunk.usage:
                self.losses.append(f"done.usage: {self.UNSAID}")
        return b"" if chunk.type in (_T.START, _T.DONE, _T.COMPLETE_MESSAGE) else None

    def _raw_error(self, chunk: TextStreamChunk) -> bytes | None:
        """Return a body that is an error; None once there was sound, which nothing can follow."""
        info = chunk.error_info or {}
        if is_broken(info):
            return _after_sound(info) if self._said else broken_bytes(info, first=True)
        if self._said:
            return None
        raw = info.get("raw") or {"error": {"message": chunk.error, "type": info.get("kind"), "code": info.get("code")}}
        return json.dumps(literal_form(raw)).encode()

    def _say(self, chunk: BaseStreamChunk) -> list[Data] | None:
        sound = sound_in(chunk) if isinstance(chunk, MultimodalStreamChunk) else None
        if sound is None:
            return None
        return [{"type": DELTA, "audio": b64encode(sound).decode()}] if sound else []

    def _waiting(self) -> list[Data]:
        return []

    def _end(self, chunk: TextStreamChunk, usage: Data | None) -> list[Data]:
        if chunk.finish_reason == "other":
            self._terminates = True
            return self._report(usage) if usage else self._bare()
        return [{"type": SPOKEN, **({"usage": usage} if usage else {})}]

    def _report(self, usage: Data) -> list[Data]:
        return [{**self.BARE, "usage": usage}]


def _after_sound(info: Data) -> bytes | None:
    """A cut is told by sending nothing more; nothing else can follow sound."""
    return b"" if info.get("code") == "truncated" else None


def sound_in(chunk: MultimodalStreamChunk) -> bytes | None:
    """Return the sound in a chunk, empty if it has none; None if it has no place here."""
    is_preview = chunk.is_partial and chunk.partial_kind == "preview"
    if chunk.type is not _T.MEDIA or chunk.media_type is not MediaType.AUDIO or is_preview:
        return None
    data = chunk.media_data
    if data is None:
        return None if chunk.path else b""
    if chunk.media_encoding is MediaEncoding.BASE64 and isinstance(data, str):
        try:
            return b64decode(data, validate=True)
        except ValueError:
            return None
    return bytes(data) if isinstance(data, bytes) else None
