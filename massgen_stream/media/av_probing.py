"""What a recording says of itself, confirmed by decoding its beginning, or all of it."""

from __future__ import annotations

from typing import Any

import av
from av.container import InputContainer

from ..errors import BrokenMedia
from .av_recordings import begins_at, decoded_frames, heard_stream, seconds_of, seen_stream, turned_size
from .decoding_limits import DecodingLimits
from .worker_pool import Stop

_SHORTER_SECONDS = 0.001


def recording_facts(container: InputContainer, limits: DecodingLimits, stop: Stop, *, whole: bool) -> dict[str, Any]:
    """Return what is known of sound and video by name of `MediaMetadata`'s fields, and the names of the codecs.

    Raises:
        BrokenMedia: Nothing can be decoded, or with *whole* not all.
    """
    seen, heard = seen_stream(container), heard_stream(container)
    streams = [one for one in (seen, heard) if one is not None]
    facts: dict[str, Any] = {"codecs": tuple(one.codec_context.name for one in streams)}
    facts["duration_seconds"] = seconds_of(container)
    if heard is not None:
        facts |= {"channels": heard.codec_context.channels, "sample_rate": heard.codec_context.sample_rate}
    if seen is not None:
        facts["frames"] = seen.frames or None
    if whole and streams:
        measured = _measured(container, streams, limits, stop)
        _check_length(container, facts["duration_seconds"], measured["duration_seconds"])
        return facts | measured
    if streams:
        first = next(decoded_frames(container, streams[:1], limits, stop), None)
        if first is None:
            raise BrokenMedia(f"the {streams[0].type} has nothing that can be decoded; it is cut off or damaged")
        if isinstance(first, av.VideoFrame):
            facts["width"], facts["height"] = turned_size(first)
    return facts


def _check_length(container: InputContainer, stated: float | None, measured: float) -> None:
    """Refuse sound that lacks samples of those it states: FLAC counts them (RFC 9639, 8.2), and ends anywhere."""
    if container.format.name == "flac" and stated is not None and measured < stated - _SHORTER_SECONDS:
        raise BrokenMedia(f"it is cut off: {measured:.3f} s of sound are there, and it says that it has {stated:.3f}")


def _measured(container: InputContainer, streams: list[Any], limits: DecodingLimits, stop: Stop) -> dict[str, Any]:
    """Decode all of it: the frames that are there, and when the last of them ends."""
    pictures, end = 0, 0.0
    found: dict[str, Any] = {}
    samples = 0
    for frame in decoded_frames(container, streams, limits, stop):
        if isinstance(frame, av.VideoFrame):
            pictures += 1
            found["width"], found["height"] = turned_size(frame)
            length = float(frame.duration * frame.time_base) if frame.duration and frame.time_base else 0.0
        else:
            samples += frame.samples
            found["channels"], found["sample_rate"] = frame.layout.nb_channels, frame.sample_rate
            length = frame.samples / frame.sample_rate if frame.sample_rate else 0.0
        end = max(end, (frame.time or 0.0) + length)
    if not pictures and not samples:
        raise BrokenMedia("nothing in it can be decoded; it is cut off or damaged")
    found["duration_seconds"] = round(end - max(begins_at(container), 0.0), 6)
    return found | ({"frames": pictures} if pictures else {})
