"""Sound and video made to keep limits."""

from __future__ import annotations

from math import sqrt
from typing import Any, Final

from ..stream_chunk.multimodal import MediaMetadata
from .converted import Converted
from .decoding_limits import DecodingLimits
from .limits import MediaLimits
from .local_file import LocalFile
from .picture_fitting import most_size
from .recording_conversion import sound_in_memory, video_in_memory
from .worker_pool import Stop

_SOUNDS: Final = ("audio/mpeg", "audio/ogg", "audio/mp4", "audio/aac", "audio/flac", "audio/wav")
"""What is made, in this order of what receivers know best."""
_LOSSLESS: Final = frozenset(("audio/flac", "audio/wav"))
_VIDEO: Final = "video/mp4"
_ROUNDS: Final = 4
_SPARE: Final = 0.92
"""Part of the bytes that is planned for; containers take the rest."""
_LEAST_SOUND: Final = 8_000
_USUAL_SOUND: Final = 128_000
_SPEECH: Final = 48_000
"""Bits per second below which one channel at 24 kHz sounds better than two at more."""
_LEAST_PICTURES: Final = 20_000
_BITS_PER_PIXEL: Final = 0.04
"""What H.264 needs to look fair, measured by its makers' own ladders at 24 frames per second."""
_USUAL_RATE: Final = 24.0
_LEAST_HEIGHT: Final = 96


def fit_sound(
    stop: Stop, file: LocalFile, metadata: MediaMetadata, limits: MediaLimits, decoding: DecodingLimits
) -> Converted | None:
    """Return sound that keeps *limits*; None if there is none. Blocks."""
    most, seconds = limits.most_bytes, metadata.duration_seconds
    own = [metadata.mime_type] if metadata.mime_type in _SOUNDS[:4] else []
    for mime_type in dict.fromkeys([*own, *_SOUNDS]):
        if not limits.takes(mime_type):
            continue
        if most is None:
            return sound_in_memory(stop, file, mime_type, {"bit_rate": _USUAL_SOUND}, decoding)
        if mime_type in _LOSSLESS or not seconds:
            made = sound_in_memory(stop, file, mime_type, {}, decoding)
            if len(made.data) <= most:
                return made
            continue
        found = _sound_of_size(stop, file, (mime_type, most, seconds), decoding)
        if found is not None:
            return found
    return None


def _sound_of_size(
    stop: Stop, file: LocalFile, wanted: tuple[str, int, float], decoding: DecodingLimits
) -> Converted | None:
    mime_type, most, seconds = wanted
    bits = min(float(_USUAL_SOUND), most * 8 / seconds * _SPARE)
    for _ in range(_ROUNDS):
        if bits < _LEAST_SOUND:
            return None
        speech = {"channels": 1, "sample_rate": 24_000} if bits < _SPEECH else {}
        made = sound_in_memory(stop, file, mime_type, {"bit_rate": int(bits), **speech}, decoding)
        if len(made.data) <= most:
            return made
        bits *= 0.9 * most / len(made.data)
    return None


def fit_video(
    stop: Stop, file: LocalFile, metadata: MediaMetadata, limits: MediaLimits, decoding: DecodingLimits
) -> Converted | None:
    """Return video that keeps *limits*; None if there is none. Blocks."""
    if not limits.takes(_VIDEO) or not metadata.width or not metadata.height:
        return None
    size, most, seconds = (
        most_size((metadata.width, metadata.height), limits),
        limits.most_bytes,
        metadata.duration_seconds,
    )
    form: dict[str, Any] = {}
    if size != (metadata.width, metadata.height):
        form = {"max_width": size[0], "max_height": size[1]}
    if limits.max_frames is not None and seconds and (metadata.frames or 0) > limits.max_frames:
        form["max_rate"] = limits.max_frames / seconds * 0.99
    if most is None:
        return video_in_memory(stop, file, form, decoding)
    made = video_in_memory(stop, file, form, decoding) if not _is_hopeless(file, form, most) else None
    if made is not None and len(made.data) <= most:
        return made
    return _video_of_size(stop, file, metadata, (size, most, form), decoding) if seconds else None


def _is_hopeless(file: LocalFile, form: dict[str, Any], most: int) -> bool:
    """Return whether copying alone cannot help: the same packets take the same bytes."""
    return not form and file.size_bytes > most


def _video_of_size(
    stop: Stop,
    file: LocalFile,
    metadata: MediaMetadata,
    wanted: tuple[tuple[int, int], int, dict[str, Any]],
    decoding: DecodingLimits,
) -> Converted | None:
    size, most, form = wanted
    seconds = metadata.duration_seconds or 0.0
    bits = most * 8 / seconds * _SPARE
    for _ in range(_ROUNDS):
        sound = min(float(_USUAL_SOUND), bits * 0.15) if metadata.channels else 0.0
        pictures = bits - sound
        if pictures < _LEAST_PICTURES:
            return None
        rate = min(form.get("max_rate", _USUAL_RATE), (metadata.frames or _USUAL_RATE * seconds) / seconds)
        scale = min(1.0, sqrt(pictures / (_BITS_PER_PIXEL * size[0] * size[1] * max(rate, 1.0))))
        height = max(min(_LEAST_HEIGHT, size[1]), int(size[1] * scale))
        tried = {**form, "bit_rate": int(pictures), "max_width": size[0], "max_height": height}
        tried |= {"sound": sound >= _LEAST_SOUND, "sound_bit_rate": int(sound)}
        made = video_in_memory(stop, file, tried, decoding)
        if len(made.data) <= most:
            return made
        bits *= 0.85 * most / len(made.data)
    return None
