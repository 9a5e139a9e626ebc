"""ElevenLabs' sound with details to chunks: JSON Lines of speech, events of music, and errors."""

from __future__ import annotations

from typing import Any, Final

from ...errors import MalformedEvent
from ...stream_chunk.multimodal import MediaMetadata
from ..audio_format import MAGIC_BYTES, sound_metadata, told_format
from ..endpoint import EndpointDecoder
from ..event_stream import Chunks
from ..failure import is_error, vendor_error
from ..json_value import parse_fast
from ..openai_speech.track import SoundTrack
from ..openai_transcription.marks import TRANSCRIPT
from ..sse import DEFAULT_MAX_EVENT_BYTES, ServerSentEvent
from .details import AUDIO, COMPLETION, ERROR, PROTOCOL, detail_of, sound_of
from .words import SpokenWords

Data = dict[str, Any]
_SKIPPED: Final = b" \t\r\n\xef\xbb\xbf"
"""Blank space and the bytes of a byte order mark."""
_FIELD: Final = b"data: "


class SoundDecoder(EndpointDecoder):
    """Decodes one response with sound and details; keeps the laws of `massgen_stream.wire.base.Decoder`.

    Every event that says something is a segment of the sound, in order, an empty one if it has no sound. What it says
    besides (alignment, composition plan, metadata of the song …) is in ``provider_data["elevenlabs.sound"]``; all words
    with their times are in ``provider_data["transcript"]`` of the final chunk, in the form of
    `massgen_stream.wire.openai_transcription.marks`. The type of the sound is what its first bytes show, else what
    *audio_format* tells.

    The end of events is ``completion``. Lines have no end of their own: the end of the input is the end, unless the
    last line is cut.

    Args:
        id_prefix: Put before ids, which are all made up.
        max_event_bytes: Limit on one event, and on a line.
        audio_format: What was asked for, such as ``mp3_44100_128``; or a MIME type.

    Raises:
        ConfigurationError: There is no such format.
    """

    def __init__(
        self,
        *,
        id_prefix: str = "",
        max_event_bytes: int = DEFAULT_MAX_EVENT_BYTES,
        audio_format: str | None = None,
    ) -> None:
        super().__init__(id_prefix, max_event_bytes)
        self._told = None if audio_format is None else told_format(audio_format)
        self._lines: bool | None = None
        self._line_is_open = False
        self._track: SoundTrack | None = None
        self._words = SpokenWords()

    def feed(self, data: bytes) -> Chunks:
        """Return the chunks that *data* completes."""
        if self._lines is None:
            data = data.lstrip(_SKIPPED)
            if not data:
                return []
            self._lines = data.startswith(b"{")
            data = _FIELD + data if self._lines else data
        if not self._lines:
            return super().feed(data)
        out = super().feed(data.replace(b"\n", b"\n\n" + _FIELD))  # each line is the data of one event
        self._line_is_open = bool(data.rpartition(b"\n")[2].strip()) or (self._line_is_open and b"\n" not in data)
        return out

    def _event(self, event: ServerSentEvent, out: Chunks) -> None:
        self._line_is_open = False
        super()._event(event, out)

    def _fast(self, _payload: bytes, _out: Chunks, *, whole: bool) -> bool:  # noqa: ARG002 - any fields may come
        return False

    def _is_document(self, _doc: Data) -> bool:
        return False

    def _parsed(self, payload: bytes, event_name: str) -> Any:
        """Return the JSON of an event; sound may be its bare data, and an error need not be JSON."""
        try:
            found = parse_fast(payload)
            if isinstance(found, str) and found.startswith("{"):
                found = parse_fast(found.encode("utf-8", "surrogatepass"))
        except MalformedEvent:
            if event_name != AUDIO:
                return super()._parsed(payload, event_name)
            found = payload.decode("utf-8", "replace")
        return {"data": found} if event_name == AUDIO and isinstance(found, str) else found

    def _take_any(self, doc: Data, name: str, out: Chunks) -> None:
        if is_error(doc, name):
            self._tell_error(doc, out)
        else:
            self._take(doc, name, out)

    def _take(self, doc: Data, kind: str, out: Chunks) -> None:
        detail = detail_of(doc, kind)
        if detail.name == ERROR:
            told = doc.get(ERROR, detail.payload)
            self._tell(vendor_error(doc if told is None else told), out)
            return
        self._begin(out)
        if detail.name == COMPLETION:
            self._conclude(out)
            return
        sound, said = sound_of(detail)
        if sound or said:
            self._words.add(said)
            out.append(self._segments(sound).segment(sound, {PROTOCOL: said} if said else None))

    def _segments(self, sound: bytes) -> SoundTrack:
        """Return the track; what it is made of is known with its first bytes."""
        if self._track is None:
            self._track = SoundTrack(self._minting.another("audio"), MediaMetadata(mime_type="audio/mpeg"))
        if sound and not self._track.size:
            self._track.metadata = sound_metadata(sound[:MAGIC_BYTES], self._told)
        return self._track

    def _conclude(self, out: Chunks) -> None:
        """The documented end has come."""
        self._complete = True
        if self._track is not None and self._track.size and not self._errors:
            words = self._words.marks()
            out.append(self._track.final({TRANSCRIPT: {"words": words}} if words else None))
        self._finish(out)

    def _end_of_input(self, out: Chunks) -> None:
        has_sound = self._track is not None and self._track.size > 0
        if self._lines and has_sound and not self._line_is_open and not self._errors:
            self._conclude(out)
        else:
            super()._end_of_input(out)
