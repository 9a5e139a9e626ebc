"""How sound is coded: our words, ElevenLabs' (elevenlabs 2.78: ``codec_rate_bitrate``), and samples made a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from msgspec.structs import replace

from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import ChunkType
from ....stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from ...choices import OutputFormat
from ...config import GenerationConfig
from ...wave_header import HEADER_BYTES, wave_header

_CODED: Final = {
    OutputFormat.MP3: "mp3_44100_128",
    OutputFormat.OPUS: "opus_48000_128",
    OutputFormat.PCM: "pcm_24000",
    OutputFormat.ULAW: "ulaw_8000",
    OutputFormat.ALAW: "alaw_8000",
}
FORMATS: Final = tuple(_CODED)
_WAVE_RATE: Final = 24_000
_CODING: Final = re.compile(r"(mp3|opus)_\d{4,5}_\d{2,3}|(pcm|wav)_\d{4,5}|(ulaw|alaw)_8000")
_SAMPLES: Final = "pcm"


class Coding(NamedTuple):
    """How one sound is coded.

    Attributes:
        asked: ElevenLabs' word; None: its own choice.
        told: What its decoder is told.
        is_wave: Whether samples become a WAV file here.
    """

    asked: str | None
    told: str
    is_wave: bool = False


def coding_of(config: GenerationConfig, *, has_wave: bool = False, is_mono: bool = True) -> Coding:
    """Return how a sound is to be coded.

    Args:
        config: Says the format, and in `quality` ElevenLabs' own word, such as ``mp3_44100_192``.
        has_wave: Whether the endpoint makes WAV files itself.
        is_mono: Whether its samples are known to have one channel.
    """
    form = config.output_format
    if config.quality is not None:
        asked = config.quality
    elif form is OutputFormat.WAV:
        asked = f"wav_{_WAVE_RATE}" if has_wave else f"{_SAMPLES}_{_WAVE_RATE}"
    else:
        asked = _CODED[form] if form is not None else ""
    told = asked or OutputFormat.MP3.value
    if told.startswith(_SAMPLES) and not is_mono:
        told = f"audio/pcm;rate={told.rpartition('_')[2]}"
    return Coding(asked or None, told, form is OutputFormat.WAV and asked.startswith(_SAMPLES))


def coding_faults(config: GenerationConfig) -> Iterator[str]:
    """Yield why `quality` is no word of ElevenLabs', or another format than the one that is asked for."""
    word, form = config.quality, config.output_format
    if word is None:
        return
    if not _CODING.fullmatch(word):
        yield f"quality is {word!r:.40}; it takes ElevenLabs' output_format, such as mp3_44100_192 or pcm_16000"
    elif form is not None and word.partition("_")[0] != form.value:
        wraps = form is OutputFormat.WAV and word.startswith(_SAMPLES)
        if not wraps:
            yield f"quality is {word}, and output_format {form}; give one of them"


class WaveFile:
    """Makes a WAV file of the segments of samples, from the first one on. Its header does not tell a length."""

    def __init__(self) -> None:
        self._rate, self._channels = _WAVE_RATE, 1
        self._has_begun = False

    def take(self, chunk: BaseStreamChunk) -> BaseStreamChunk:
        """Return *chunk* as its reader gets it."""
        if not isinstance(chunk, MultimodalStreamChunk) or chunk.type is not ChunkType.MEDIA:
            return chunk
        if not chunk.is_partial:
            return replace(chunk, media_metadata=self._metadata())
        if self._has_begun:
            return replace(chunk, byte_offset=(chunk.byte_offset or 0) + HEADER_BYTES)
        return self._first(chunk) if chunk.media_data else chunk

    def _first(self, chunk: MultimodalStreamChunk) -> MultimodalStreamChunk:
        self._has_begun = True
        known = chunk.media_metadata
        self._rate = (known.sample_rate if known is not None else None) or self._rate
        head = wave_header(None, sample_rate=self._rate, channels=self._channels)
        data = chunk.media_data if isinstance(chunk.media_data, bytes) else b""
        return replace(chunk, media_data=head + data, media_metadata=self._metadata())

    def _metadata(self) -> MediaMetadata:
        return MediaMetadata(mime_type="audio/wav", sample_rate=self._rate, channels=self._channels)
