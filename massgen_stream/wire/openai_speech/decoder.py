"""Speech bytes to chunks: raw sound, the event stream of ``stream_format="sse"``, and errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from msgspec import MsgspecError

from ...errors import ConfigurationError, Truncated
from ..audio_format import MAGIC_BYTES, TEXT_BYTES, is_text, sound_metadata, told_format
from ..endpoint import EndpointDecoder
from ..event_stream import Chunks
from ..failure import failure_of_wire
from ..sse import DEFAULT_MAX_EVENT_BYTES
from .events import DATA, DELTA, SPOKEN, Event, decode_event, lenient_event
from .track import SoundTrack

Data = dict[str, Any]
_EVENTS: Final = (b"data:", b"event:", b"id:", b"retry:")


class SpeechDecoder(EndpointDecoder):
    """Decodes one response of the Speech API; keeps the laws of `massgen_stream.wire.base.Decoder`.

    Sound comes in segments; its metadata is what its first bytes show (MP3, Ogg, FLAC, AAC, WAV …), else what
    *audio_format* tells, else OpenAI's raw samples: 16 bit, 24 kHz, mono. Of raw sound, any cut of the bytes gives
    equal chunks after joining adjacent segments. A body that begins with a field of an event, or whose first 32 bytes
    are text, is an event stream, a JSON error or a page; sound waits for its first 12 bytes, to be seen together.

    The end of an event stream is ``speech.audio.done``; a document that holds all of the sound, as Mistral sends it,
    is taken as that event. Raw sound has no end of its own: the end of the input is the
    end, and a cut cannot be seen, unless *content_length* tells how many bytes there should be.

    Args:
        id_prefix: Put before ids, which are all made up.
        max_event_bytes: Limit on one event.
        audio_format: What was asked for: ``mp3``, ``opus``, ``aac``, ``flac``, ``wav``, ``pcm``, a name of ElevenLabs
            such as ``pcm_16000``, or a MIME type.
        content_length: Bytes of raw sound, from the header ``Content-Length`` of a body without content encoding.

    Raises:
        ConfigurationError: There is no such format, or the length is no number of bytes.
    """

    KNOWN = frozenset((DELTA, SPOKEN))
    WHOLE = SPOKEN

    def __init__(
        self,
        *,
        id_prefix: str = "",
        max_event_bytes: int = DEFAULT_MAX_EVENT_BYTES,
        audio_format: str | None = None,
        content_length: int | None = None,
    ) -> None:
        super().__init__(id_prefix, max_event_bytes)
        if content_length is not None and (type(content_length) is not int or content_length < 0):
            raise ConfigurationError(f"content_length must be a number of bytes, not {content_length!r:.40}")
        self._told = None if audio_format is None else told_format(audio_format)
        self._content_length = content_length
        self._head: bytes | None = b""  # until it is known whether the body is sound
        self._raw = False
        self._track: SoundTrack | None = None

    def feed(self, data: bytes) -> Chunks:
        """Return the chunks that *data* completes."""
        if self._ended or not data:
            return []
        if self._head is not None:
            data = self._begun(self._head + data)
            if not data:
                return []
        return [self._sound(data)] if self._raw and self._track else self._first_feed(data)

    def close(self) -> Chunks:
        """Return the chunks that the end of the input completes."""
        out: Chunks = []
        if self._head:
            head, self._head = self._head, None
            self._raw = not (head.startswith(_EVENTS) or is_text(head[:TEXT_BYTES]))
            out = self._first_feed(head)
        if self._raw and not self._ended:
            self._end_of_sound(out)
            return out
        return out + super().close()

    def _begun(self, head: bytes) -> bytes:
        """Return what is known to be sound or text; empty while that is open."""
        known = head.startswith(_EVENTS)
        text = known or is_text(head[:TEXT_BYTES])
        if not known and len(head) < (TEXT_BYTES if text else MAGIC_BYTES):
            self._head = head
            return b""
        self._head, self._raw = None, not text
        return head

    def _first_feed(self, data: bytes) -> Chunks:
        """Take the first of the sound, or any of the text."""
        if not self._raw:
            return super().feed(data)
        out: Chunks = []
        self._begin(out)
        return [*out, self._sound(data)]

    def _sound(self, data: bytes) -> Any:
        if self._track is None:
            self._track = SoundTrack(self._minting.another("audio"), sound_metadata(data[:MAGIC_BYTES], self._told))
        return self._track.segment(data)

    def _end_of_sound(self, out: Chunks) -> None:
        if self._track is None or (self._content_length is not None and self._track.size < self._content_length):
            self._break(failure_of_wire(Truncated()), "incomplete", out)
            return
        out.append(self._track.final())
        self._complete = True
        self._finish(out)

    def _fast(self, payload: bytes, out: Chunks, *, whole: bool) -> bool:
        try:
            event = decode_event(payload)
        except (MsgspecError, UnicodeDecodeError):
            return False
        if whole or event.error is not None or event.type not in self.KNOWN:
            return False
        self._use(event, event.type or "", (), out)
        return True

    def _take(self, doc: Data, kind: str, out: Chunks) -> None:
        event, dropped = lenient_event(doc)
        self._use(event, kind, dropped, out)

    def _is_document(self, doc: Data) -> bool:
        return DATA in doc

    def _use(self, event: Event, kind: str, dropped: Sequence[str], out: Chunks) -> None:
        self._begin(out)
        self._tell_dropped(dropped, out)
        self._take_usage(event.usage, out)
        sound = event.audio or event.audio_data
        if sound:
            out.append(self._sound(sound))
        if kind == SPOKEN:
            self._complete = True
            if self._track is not None and not self._errors:
                out.append(self._track.final())
            self._finish(out)
