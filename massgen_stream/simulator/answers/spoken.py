"""Speech that nobody understands, and small tunes, as samples and as files."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any, Final

from ...generation.sketch import voice
from ...generation.sketch.music import tune
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
    "ulaw": ("mulaw", "pcm_mulaw"),
    "alaw": ("alaw", "pcm_alaw"),
}
"""Container and codec by OpenAI's word."""
_PIECE_BYTES: Final = 4096


def speech(text: str, form: str = "pcm", *, speed: float = 1.0, rate: int = SAMPLE_RATE) -> Iterator[bytes]:
    """Yield the pieces of a sound: for `BY_ARITHMETIC` each sound of the text, else parts of a file.

    Args:
        text: The words.
        form: ``pcm`` (16 bits, mono) or ``wav``; with PyAV also ``mp3``, ``opus``, ``aac``, ``flac``, ``ulaw`` and
            ``alaw``.
        speed: 1 is normal.
        rate: Samples per second.
    """
    return dialogue([text], form, speed=speed, rate=rate)


def dialogue(
    texts: Iterable[str], form: str = "pcm", *, speed: float = 1.0, rate: int = SAMPLE_RATE
) -> Iterator[bytes]:
    """Yield the pieces of one sound of several texts; as for `speech`."""
    spoken = (part for text in texts for part in voice.spoken(scene_of(text, None), voice.plan(text, speed)))
    return _in_form((part.tobytes() for part in spoken), form, rate)


def music(text: str, form: str = "pcm", *, seconds: float, rate: int = SAMPLE_RATE) -> Iterator[bytes]:
    """Yield the pieces of a tune that goes with a text; *form* and *rate* as for `speech`."""
    return _in_form((part.tobytes() for part in tune(scene_of(text, None), seconds)), form, rate)


def _in_form(sounds: Iterator[bytes], form: str, rate: int) -> Iterator[bytes]:
    if form == "wav":
        yield wave_header(None, sample_rate=rate)
    if form in BY_ARITHMETIC:
        yield from sounds if rate == SAMPLE_RATE else (_at_rate(sound, rate) for sound in sounds)
        return
    whole = _coded(b"".join(sounds), form, rate)
    for start in range(0, len(whole), _PIECE_BYTES):
        yield whole[start : start + _PIECE_BYTES]


def _at_rate(samples: bytes, rate: int) -> bytes:
    """Return samples that are taken from *samples* as often as they are needed: heard, not enjoyed."""
    found = memoryview(samples).cast("h")
    return array("h", (found[at * SAMPLE_RATE // rate] for at in range(len(found) * rate // SAMPLE_RATE))).tobytes()


def _coded(samples: bytes, form: str, rate: int) -> bytes:
    import av  # noqa: PLC0415 - an optional library

    muxer, codec = _CODED[form]
    out = BytesIO()
    sound = BytesIO(wave_header(len(samples), sample_rate=SAMPLE_RATE) + samples)
    with av.open(sound, "r") as source, av.open(out, "w", format=muxer) as target:
        stream: Any = target.add_stream(codec, rate=rate, layout="mono")
        for frame in source.decode(audio=0):
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return out.getvalue()
