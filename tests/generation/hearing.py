"""Sound in tests: its parts in a stream, and what a listener gets."""

from __future__ import annotations

import io
from typing import Any

import av

from .reading import of_type


def heard(encoded: bytes, **options: Any) -> tuple[str, float]:
    """Return the codec of a sound, and its length in seconds."""
    with av.open(io.BytesIO(encoded), "r", **options) as container:
        stream = container.streams.audio[0]
        samples = sum(frame.samples for frame in container.decode(stream))
        return stream.codec_context.name, samples / stream.codec_context.sample_rate


def segments(chunks: list[Any]) -> list[Any]:
    return [chunk for chunk in of_type(chunks, "media") if chunk.partial_kind == "segment"]
