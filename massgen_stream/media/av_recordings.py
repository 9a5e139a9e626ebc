"""Sound and video through PyAV: opened with one demultiplexer, within limits, and with our errors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any, Final

import av
from av.container import InputContainer
from av.stream import Disposition, Stream

from ..errors import BrokenMedia, UnsafeMedia, excerpt
from .decoding_limits import DecodingLimits, refuse_above
from .local_file import LocalFile
from .worker_pool import Stop

DEMULTIPLEXERS: Final = {
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "video/3gpp": "mov",
    "audio/mp4": "mov",
    "audio/3gpp": "mov",
    "video/webm": "matroska",
    "video/x-matroska": "matroska",
    "audio/webm": "matroska",
    "audio/x-matroska": "matroska",
    "video/ogg": "ogg",
    "audio/ogg": "ogg",
    "audio/opus": "ogg",
    "audio/vorbis": "ogg",
    "audio/speex": "ogg",
    "video/x-msvideo": "avi",
    "video/mp2t": "mpegts",
    "video/mpeg": "mpeg",
    "video/x-flv": "flv",
    "video/x-ms-asf": "asf",
    "video/x-ms-wmv": "asf",
    "audio/x-ms-wma": "asf",
    "audio/wav": "wav",
    "audio/mpeg": "mp3",
    "audio/aac": "aac",
    "audio/flac": "flac",
    "audio/aiff": "aiff",
    "audio/amr": "amr",
    "audio/x-caf": "caf",
}
"""By MIME type, the one that is used: the others include playlists, which read files and addresses named in them."""

_LEAST_RATE: Final = 1000
"""Hertz; with fewer, some bytes last hours, and fill memory at any usual rate."""
_MOST_RATE: Final = 6_000_000
"""Hertz: twice what DSD recordings have."""
_MOST_CHANNELS: Final = 128
_MOST_USELESS: Final = 50
"""Packets at the start that may fail to decode: two seconds of video."""
_MICROSECONDS: Final = 1_000_000


@contextmanager
def opened_recording(file: LocalFile, limits: DecodingLimits) -> Iterator[InputContainer]:
    """Open sound or video; what is done to it inside raises our errors too.

    Raises:
        BrokenMedia: It is damaged, or there is no demultiplexer for its type.
        UnsafeMedia: It is over a limit.
    """
    name = DEMULTIPLEXERS.get(file.mime_type)
    if name is None:
        raise BrokenMedia(f"there is no decoder for {file.mime_type}; convert it to video/mp4 or audio/wav first")
    with (
        translated(file.kind),
        _raw(file) as raw,
        av.open(raw, "r", format=name, metadata_errors="replace") as container,
    ):
        _check(container, limits)
        yield container


@contextmanager
def _raw(file: LocalFile) -> Iterator[str | IO[bytes]]:
    if file.path is not None:
        yield file.path  # FFmpeg reads it by itself, without asking Python for each block
        return
    with file.opened() as raw:
        yield raw


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Let FFmpeg's errors be ours."""
    try:
        yield
    except (av.FFmpegError, EOFError, ValueError, IndexError, MemoryError, OverflowError, UnicodeError) as error:
        text = getattr(error, "strerror", None) or error
        raise BrokenMedia(f"the {what} cannot be decoded: {excerpt(text)}; it is cut off or damaged") from error


def seen_stream(container: InputContainer) -> av.VideoStream | None:
    """Return the first video that can be decoded; a cover of a song is none."""
    videos = (one for one in container.streams.video if _decodable(one))
    return next((one for one in videos if not one.disposition & Disposition.attached_pic), None)


def heard_stream(container: InputContainer) -> av.AudioStream | None:
    """Return the first sound that can be decoded."""
    return next((one for one in container.streams.audio if _decodable(one)), None)


def seconds_of(container: InputContainer) -> float | None:
    """Return how long it lasts by its own figures; None where it states none."""
    if container.duration is not None and container.duration > 0:
        return container.duration / _MICROSECONDS
    lengths = [
        float(stream.duration * stream.time_base)
        for stream in container.streams
        if stream.duration is not None and stream.time_base is not None
    ]
    return max(lengths, default=None)


def begins_at(container: InputContainer) -> float:
    """Return the time of its first frame in seconds; broadcasts begin anywhere within a day."""
    return (container.start_time or 0) / _MICROSECONDS


def turned_size(frame: av.VideoFrame) -> tuple[int, int]:
    """Return width and height as people see it: phones store video turned, and say so."""
    return (frame.height, frame.width) if frame.rotation % 180 else (frame.width, frame.height)


def decoded_frames(
    container: InputContainer, streams: Sequence[Stream], limits: DecodingLimits, stop: Stop
) -> Iterator[Any]:
    """Yield the frames of *streams* as the file has them, within limits."""
    frames = pictures = 0
    start = begins_at(container)
    for number, packet in enumerate(container.demux(list(streams))):
        stop.check()
        for frame in _decoded(packet, is_early=frames == 0 and number < _MOST_USELESS):
            frames += 1
            if isinstance(frame, av.VideoFrame):
                pictures += 1
                limits.check_size(frame.width, frame.height)
                refuse_above("max_frames", pictures, limits.max_frames, f"a video of {pictures} frames")
            limits.check_time((getattr(frame, "time", None) or start) - start)
            yield frame


def _decoded(packet: Any, *, is_early: bool) -> Sequence[Any]:
    """Return the frames of a packet; a recording that was begun in its middle has some before them that are no use."""
    try:
        return list(packet.decode())
    except av.FFmpegError:
        if is_early:
            return ()
        raise


def _decodable(stream: Stream) -> bool:
    """Return whether FFmpeg knows the codec; damaged files name others."""
    context: Any = stream.codec_context
    return context is not None


def _check(container: InputContainer, limits: DecodingLimits) -> None:
    for stream in container.streams.video:
        if not _decodable(stream):
            continue
        limits.check_size(stream.codec_context.width, stream.codec_context.height)
        stream.codec_context.options = {"max_pixels": str(limits.max_pixels)}
        stream.thread_type = "AUTO"
    for sound in container.streams.audio:
        rate, channels = (
            (sound.codec_context.sample_rate, sound.codec_context.channels) if _decodable(sound) else (0, 0)
        )
        if (rate and not _LEAST_RATE <= rate <= _MOST_RATE) or channels > _MOST_CHANNELS:
            raise UnsafeMedia(f"a sound of {rate} samples per second in {channels} channels; it is damaged or a bomb")
    limits.check_time(seconds_of(container) or 0.0)
