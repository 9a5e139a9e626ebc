"""Sound as Google streams it: bare samples, which become a WAV file or are described, so that players know what to do.

Google's ``audio/l16`` is little-endian, 24 kHz and mono unless it says otherwise
(https://ai.google.dev/gemini-api/docs/speech-generation), whatever https://www.rfc-editor.org/rfc/rfc2586 has for it.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Final

from msgspec.structs import replace

from ....backend.interactions_client import open_client
from ....backend.turn import Turn
from ....media.mime_names import normal_mime
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import ChunkType, MediaType
from ....stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from ...choices import OutputFormat
from ...order import Order
from ...segments import Segments
from ...wave_header import wave_header
from .client import Door, opened
from .interacting import Body, interaction, with_a_medium, with_params

_SAMPLES: Final = ("audio/l16", "audio/pcm")
_RATE: Final = re.compile(r";\s*rate=([0-9]{4,6})\b")
_NAMES: Final = {"audio/mulaw": "audio/x-mulaw", "audio/alaw": "audio/x-alaw"}
_USUAL_RATE: Final = 24_000
_ENDS: Final = frozenset((ChunkType.COMPLETE_RESPONSE, ChunkType.ERROR, ChunkType.DONE))
_WAVE_MAGIC: Final = b"RIFF"


class GoogleSound:
    """Takes the chunks of one answer, and makes of the sound among them what was asked for.

    Args:
        form: What was asked for; None: what players know.
        said: The words, told with the final chunk; None: the model says them itself.
    """

    def __init__(self, form: OutputFormat | None, *, said: str | None) -> None:
        self._is_wave = form in (None, OutputFormat.WAV)
        self._said = said
        self._open: dict[str, _Samples] = {}
        self._ended: tuple[_Samples, MultimodalStreamChunk] | None = None

    def take(self, chunk: BaseStreamChunk) -> list[BaseStreamChunk]:
        """Return *chunk* as its reader gets it. The end of samples waits: they may go on in another response."""
        if not isinstance(chunk, MultimodalStreamChunk) or chunk.type is not ChunkType.MEDIA:
            return [*(self._released() if chunk.type in _ENDS else ()), chunk]
        media_id, released = chunk.media_id or "", self._begin(chunk)
        samples = self._open.get(media_id)
        if samples is None:
            return [*released, self._final(replace(chunk, media_metadata=_named(chunk.media_metadata)))]
        if chunk.is_partial:
            return [*released, samples.segment(chunk)]
        self._ended = (samples, chunk)
        return []

    def _begin(self, chunk: MultimodalStreamChunk) -> list[BaseStreamChunk]:
        """Take note of a sound that begins; return the end of the one before it, unless it goes on with that."""
        if not chunk.is_partial or (chunk.media_id or "") in self._open:
            return []
        samples = _Samples(chunk, is_wave=self._is_wave) if _is_samples(chunk) else None
        if samples is not None and self._ended is not None and self._ended[0].metadata == samples.metadata:
            samples, self._ended = self._ended[0], None
        released = self._released()
        if samples is not None:
            self._open[chunk.media_id or ""] = samples
        return released

    def _released(self) -> list[BaseStreamChunk]:
        if self._ended is None:
            return []
        (samples, final), self._ended = self._ended, None
        return [self._final(replace(final, media_id=samples.media_id, media_metadata=samples.metadata))]

    def _final(self, chunk: MultimodalStreamChunk) -> MultimodalStreamChunk:
        return chunk if chunk.is_partial else replace(chunk, text_content=self._said or chunk.text_content)


async def sounding(order: Order, turn: Turn, body: Body, sound: GoogleSound) -> AsyncGenerator[BaseStreamChunk, None]:
    """Yield what a streamed interaction says, its sound taken by *sound* from the first bytes on."""
    door = Door.of(order.config.extra_params)
    async with (
        opened(order, turn, door.access, open_client=open_client) as client,
        aclosing(with_a_medium(interaction(client, turn, with_params(body, door.params)), "sound")) as chunks,
    ):
        async for chunk in chunks:
            for one in sound.take(chunk):
                yield one


class _Samples:
    """One sound, whose first segment is known.

    Attributes:
        media_id: Its id.
        metadata: What it is.
    """

    def __init__(self, first: MultimodalStreamChunk, *, is_wave: bool) -> None:
        self.media_id = first.media_id or ""
        rate, channels = _measures(first.media_metadata)
        form: dict[str, Any] = {"sample_rate": rate, "channels": channels}
        self.metadata = MediaMetadata(mime_type="audio/wav" if is_wave else "audio/pcm", **form)
        self._header = wave_header(None, **form) if is_wave else b""
        self._segments = Segments(self.media_id, MediaType.AUDIO, self.metadata)

    def segment(self, chunk: MultimodalStreamChunk) -> MultimodalStreamChunk:
        """Return the next segment; the first one with the header."""
        data = chunk.media_data if isinstance(chunk.media_data, bytes) else b""
        head, self._header = self._header, b""
        return self._segments.next(head + data)


def _named(metadata: MediaMetadata | None) -> MediaMetadata | None:
    """Return metadata with the usual name of the type."""
    if metadata is None:
        return None
    name = normal_mime(metadata.mime_type)
    return replace(metadata, mime_type=_NAMES.get(name, name))


def _is_samples(chunk: MultimodalStreamChunk) -> bool:
    metadata, data = chunk.media_metadata, chunk.media_data
    plain = (metadata.mime_type if metadata else "").partition(";")[0].strip().lower()
    return plain in _SAMPLES and isinstance(data, bytes) and not data.startswith(_WAVE_MAGIC)


def _measures(metadata: MediaMetadata | None) -> tuple[int, int]:
    """Return sample rate and channels, as fields or the MIME type say."""
    if metadata is None:
        return _USUAL_RATE, 1
    named = _RATE.search(metadata.mime_type)
    return metadata.sample_rate or (int(named[1]) if named else _USUAL_RATE), metadata.channels or 1
