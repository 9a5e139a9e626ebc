"""Pictures made to keep limits."""

from __future__ import annotations

from math import sqrt
from typing import Final, NamedTuple

from ..stream_chunk.multimodal import MediaMetadata
from .converted import Converted
from .decoding_limits import DecodingLimits
from .limits import MediaLimits
from .local_file import LocalFile
from .picture_conversion import convert_local
from .worker_pool import Stop

_QUALITIES: Final = (85, 65)
"""Tried in this order: below, fewer pixels look better than worse ones."""
_ROUNDS: Final = 10
_LEAST_SIDE: Final = 16
_ANY: Final = ("image/webp", "image/jpeg", "image/png")
"""What is made where a receiver takes everything."""
_KEPT: Final = frozenset(("image/jpeg", "image/png", "image/webp", "image/gif"))
_MOVING: Final = frozenset(("image/gif", "image/webp", "image/png"))


class _Form(NamedTuple):
    """What is tried: types in order, the largest width and height, and whether it moves."""

    types: list[str]
    box: tuple[int, int]
    moving: bool = False


def fit_picture(
    stop: Stop, file: LocalFile, metadata: MediaMetadata, limits: MediaLimits, decoding: DecodingLimits
) -> Converted | None:
    """Return a picture that keeps *limits*; None if there is none. Blocks."""
    if not metadata.width or not metadata.height:
        return None
    box = most_size((metadata.width, metadata.height), limits)
    frames = metadata.frames or 1
    moving = frames > 1 and (limits.max_frames is None or frames <= limits.max_frames)
    types = _types(metadata.mime_type, limits)
    if moving:
        form = _Form([one for one in types if one in _MOVING], box, moving=True)
        moved = _smallest(stop, file, limits.most_bytes, form, decoding)
        if moved is not None:
            return moved
    return _smallest(stop, file, limits.most_bytes, _Form(types, box), decoding)


def most_size(size: tuple[int, int], limits: MediaLimits) -> tuple[int, int]:
    """Return the largest width and height of the same shape that keep *limits*."""
    width, height = size
    scales = [1.0]
    if limits.max_width is not None:
        scales.append(limits.max_width / width)
    if limits.max_height is not None:
        scales.append(limits.max_height / height)
    if limits.max_long_edge is not None:
        scales.append(limits.max_long_edge / max(size))
    if limits.max_pixels is not None:
        scales.append(sqrt(limits.max_pixels / (width * height)))
    scale = min(scales)
    new_width, new_height = max(1, round(width * scale)), max(1, round(height * scale))
    if limits.max_pixels is not None and new_width * new_height > limits.max_pixels:
        return max(1, int(width * scale)), max(1, int(height * scale))
    return new_width, new_height


def _types(mime_type: str, limits: MediaLimits) -> list[str]:
    """Return the types to try, the picture's own first."""
    others = [one for one in _ANY if limits.takes(one)]
    own = [mime_type] if mime_type in _KEPT and limits.takes(mime_type) else []
    return [*own, *(one for one in others if one != mime_type)]


def _smallest(stop: Stop, file: LocalFile, most: int | None, form: _Form, decoding: DecodingLimits) -> Converted | None:
    width, height = form.box
    for _ in range(_ROUNDS):
        least: int | None = None
        for mime_type in form.types:
            for quality in _QUALITIES if mime_type in ("image/jpeg", "image/webp") else _QUALITIES[:1]:
                stop.check()
                made = convert_local(stop, file, (mime_type, width, height, quality, form.moving), decoding)
                if most is None or len(made.data) <= most:
                    return made
                least = min(least or len(made.data), len(made.data))
        if least is None or most is None or min(width, height) <= _LEAST_SIDE:
            return None
        scale = min(0.9, max(0.4, sqrt(most / least) * 0.95))
        width, height = max(1, int(width * scale)), max(1, int(height * scale))
    return None
