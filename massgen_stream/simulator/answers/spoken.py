"""Speech that nobody understands, as samples and as files."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from ...generation.sketch import voice
from ...generation.sketch.scene import scene_of
from ...generation.wave_header import wave_header

SAMPLE_RATE: Final = 24_000
"""Hertz; OpenAI's. The voice is made for fewer, and sounds a little higher for it."""
BY_ARITHMETIC: Final = ("pcm", "wav")
"""Formats that need no library."""
_CODED: Final = {
    "mp3": ("mp3", "libmp3lame"),
    "opus": ("ogg", "libopus"),
    "aac": ("adts", "aac"),
    "flac": ("flac", "flac"),
}
"""Container and codec by OpenAI's word."""
_PIECE_BYTES: Final = 4096


def speech(text: str, form: str = "pcm", *, speed: float = 1.0) -> Iterator[bytes]:
    """Yield the pieces of a sound: for `BY_ARITHMETIC` each sound of the text, else parts of a file.

    Args:
        text: The words.
        form: ``pcm`` (16 bits, mono) or ``wav``; with PyAV also ``mp3``, ``opus``, ``aac`` and ``flac``.
        speed: 1 is normal.
    """
    sounds = (part.tobytes() for part in voice.spoken(scene_of(text, None), voice.plan(text, speed)))
    if form == "wav":
        yield wave_header(None, sample_rate=SAMPLE_RATE)
    if form in BY_ARITHMETIC:
        yield from sounds
        return
    whole = _coded(b"".join(sounds), form)
    for start in range(0, len(whole), _PIECE_BYTES):
        yield whole[start : start + _PIECE_BYTES]


def _coded(samples: bytes, form: str) -> bytes:
    import av  # noqa: PLC0415 - an optional library

    muxer, codec = _CODED[form]
    out = BytesIO()
    sound = BytesIO(wave_header(len(samples), sample_rate=SAMPLE_RATE) + samples)
    with av.open(sound, "r") as source, av.open(out, "w", format=muxer) as target:
        stream: Any = target.add_stream(codec, rate=SAMPLE_RATE)
        for frame in source.decode(audio=0):
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return out.getvalue()
