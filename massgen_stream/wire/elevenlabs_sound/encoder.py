"""Chunks to ElevenLabs' sound with details: what a server sends for them, as events or as JSON Lines."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any, Final

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.jsonform import literal_form
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.multimodal import MultimodalStreamChunk
from ...stream_chunk.text import TextStreamChunk
from ..endpoint_encoder import EndpointEncoder
from ..failure import TRUNCATED
from ..openai_speech.encoder import sound_in
from ..openai_transcription.marks import TRANSCRIPT
from .details import AUDIO, BASE64, COMPLETION, ERROR, PROTOCOL, RESERVED

Data = dict[str, Any]
_T = ChunkType
_CUT: Final = b"{"
"""A line that is not whole tells a cut."""


class SoundEncoder(EndpointEncoder):
    """Encodes one response with sound and details; keeps the laws of `massgen_stream.wire.base.Encoder`.

    Never said again, and losses, are an event over the decoder's limit and a foreign document over 64 KiB.

    Args:
        lines: Write JSON Lines, as ElevenLabs does for speech, instead of events, as it does for music. They say how a
            piece of sound goes on, errors and a cut, and no end without sound.

    Attributes:
        losses: What could not be said, one line each.
    """

    UNSAID = "sound with details has no place for it"
    BARE = {"type": AUDIO, "data": ""}  # noqa: RUF012 - never changed
    PLACES = {  # noqa: RUF012 - never changed
        _T.START: ("provider", "model", "response_id", "request_id"),
        _T.ERROR: ("tool_call_id", "media_id"),
        _T.DONE: ("finish_details", "raw_finish_reason", "media_results", "usage"),
        _T.MEDIA: ("text_content", "total_chunks", "path", "continuation_id", "provider", "model"),
    }
    OWN = (PROTOCOL, None)

    def __init__(self, *, lines: bool = False) -> None:
        super().__init__()
        self._lines = lines
        self._has_sound = False

    def _lost(self, chunk: BaseStreamChunk) -> list[str]:
        return [name for name in super()._lost(chunk) if name != f"provider_data[{TRANSCRIPT}]"]

    def _say(self, chunk: BaseStreamChunk) -> list[Data] | None:
        sound = sound_in(chunk) if isinstance(chunk, MultimodalStreamChunk) else None
        if sound is None or not isinstance(chunk, MultimodalStreamChunk):
            return None
        said = (chunk.provider_data or {}).get(PROTOCOL) or {}
        if not sound and not said:
            return []
        self._has_sound = self._has_sound or bool(sound)
        return [_event(b64encode(sound).decode(), said if isinstance(said, dict) else {PROTOCOL: said})]

    def _framed(self, body: Data) -> bytes:
        if isinstance(body.get("error"), dict):
            return json.dumps(literal_form(body)).encode() + b"\n" if self._lines else super()._framed(body)
        named = {"event": body["type"], **{name: value for name, value in body.items() if name != "type"}}
        if "error" in body:  # what is no object stands where events have their data
            named = {"event": ERROR, "data": body["error"]}
        if not self._lines:
            return b"data: " + json.dumps(literal_form(named), separators=(",", ":")).encode() + b"\n\n"
        if body["type"] == COMPLETION and self._has_sound:
            return b""  # the end of the lines is the end
        return json.dumps(literal_form(_line(named))).encode() + b"\n"

    def _waiting(self) -> list[Data]:
        return []

    def _end(self, chunk: TextStreamChunk, usage: Data | None) -> list[Data]:  # noqa: ARG002 - no place for it
        if chunk.finish_reason == "other":
            self._terminates = True
            return self._bare()
        return [{"type": COMPLETION, "data": {}}]

    def _report(self, usage: Data) -> list[Data]:  # noqa: ARG002 - no place for it
        return []

    def _stream_tail(self) -> bytes:
        tail = super()._stream_tail()
        if not self._lines:
            return tail
        if self._broken is not None and (self._broken.error_info or {}).get("code") == TRUNCATED:
            return _CUT
        return b"".join(line.removeprefix(b"data: ") + b"\n" for line in tail.splitlines() if line)


def _event(sound: str, said: Data) -> Data:
    """Return the event for sound and what is said with it, in the shortest form that says it."""
    if not said:
        return {"type": AUDIO, "data": sound}
    (name, value), *others = said.items()
    if sound or others or name in RESERVED:
        return {"type": AUDIO, "data": {BASE64: sound, **said}}
    return {"type": name, "data": value}


def _line(event: Data) -> Data:
    """Return the line for an event: its fields by themselves, where no name is in the way."""
    name, data = event["event"], event["data"]
    if name in (COMPLETION, ERROR):
        return event
    if name != AUDIO:
        return {BASE64: "", name: data}
    if isinstance(data, str):
        return {BASE64: data}
    return event if (data.keys() - {BASE64}) & RESERVED else data
