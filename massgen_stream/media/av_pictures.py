"""Pictures of recordings: one frame of a video, the cover of a song, the shape of a sound."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

import av
from av.container import InputContainer
from PIL import Image, ImageDraw

from ..errors import BrokenMedia
from .av_recordings import begins_at, decoded_frames, heard_stream, opened_recording, seconds_of, seen_stream
from .converted import Converted
from .decoding_limits import DecodingLimits
from .local_file import LocalFile
from .pillow_encoding import PictureForm, encoded_picture
from .worker_pool import Stop

_BEGIN: Final = 0.1
"""Part of a video after which its poster is taken: many begin black."""
_NEAR: Final = 0.05
"""Seconds by which the frame that is found may be late."""
_MICROSECONDS: Final = 1_000_000
_RATE: Final = 8000
_BUCKET: Final = 80
"""Samples whose loudest one is drawn: a hundredth of a second."""
_FULL: Final = 32768
_SCALE: Final = 4
"""The shape is drawn this many times larger and shrunk, which makes its edges smooth."""


def poster_of(
    stop: Stop, file: LocalFile, at_seconds: float | None, form: PictureForm, limits: DecodingLimits
) -> Converted:
    """Return the frame that is seen at a time; blocks.

    Raises:
        BrokenMedia: There is no video in it, or it is damaged.
        UnsafeMedia: It is over a limit.
    """
    frame = _frame_at(stop, file, at_seconds, limits, searching=True)
    if frame is None:  # the search went past the only picture that others are made from
        frame = _frame_at(stop, file, at_seconds, limits, searching=False)
    if frame is None:
        raise BrokenMedia("the video has no picture that can be decoded; it is cut off or damaged")
    image = _image(frame)
    losses: list[str] = []
    return encoded_picture(image, form, losses)


def _frame_at(
    stop: Stop, file: LocalFile, at_seconds: float | None, limits: DecodingLimits, *, searching: bool
) -> av.VideoFrame | None:
    """Return the frame that is seen at a time; None if none could be decoded there."""
    with opened_recording(file, limits) as source:
        seen = seen_stream(source)
        if seen is None:
            raise BrokenMedia(f"there is no video in it; it is {file.mime_type}")
        after = (seconds_of(source) or 0.0) * _BEGIN if at_seconds is None else at_seconds
        at = begins_at(source) + after
        if not searching or after <= 0:
            return _last_until(source, seen, at, limits, stop)
        with suppress(av.FFmpegError):  # what cannot be searched is read from its start
            source.seek(int(at * _MICROSECONDS))
        frame = _last_until(source, seen, at, limits, stop)
        return frame if frame is not None and frame.time <= at + _NEAR else None


def _last_until(
    source: InputContainer, seen: av.VideoStream, at: float, limits: DecodingLimits, stop: Stop
) -> av.VideoFrame | None:
    found: av.VideoFrame | None = None
    for frame in decoded_frames(source, [seen], limits, stop):
        if found is not None and frame.pts is not None and frame.time > at:
            break
        found = frame
    return found


def _image(frame: av.VideoFrame) -> Image.Image:
    image: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]
    return image.rotate(frame.rotation, expand=True) if frame.rotation else image


def waveform_of(
    stop: Stop, file: LocalFile, size: tuple[int, int], form: PictureForm, limits: DecodingLimits
) -> Converted:
    """Return the shape of a sound as a picture of *size*, width and height; blocks.

    Raises:
        BrokenMedia: There is no sound in it, or it is damaged.
        UnsafeMedia: It is over a limit.
    """
    with opened_recording(file, limits) as source:
        heard = heard_stream(source)
        if heard is None:
            raise BrokenMedia(f"there is no sound in it; it is {file.mime_type}")
        peaks = array("H", _peaks(source, heard, limits, stop))
    if not peaks:
        raise BrokenMedia("the sound has nothing that can be decoded; it is cut off or damaged")
    image = _drawn(peaks, *size)
    return encoded_picture(image, form, [])


def _peaks(source: InputContainer, heard: av.AudioStream, limits: DecodingLimits, stop: Stop) -> Iterator[int]:
    """Yield the loudest sample of each hundredth of a second, 0 to 32768."""
    resampler = av.AudioResampler("s16", "mono", _RATE, frame_size=_BUCKET)
    for frame in decoded_frames(source, [heard], limits, stop):
        frame.pts = None
        for one in resampler.resample(frame):
            yield _loudest(one)
    for one in resampler.resample(None):
        yield _loudest(one)


def _loudest(frame: av.AudioFrame) -> int:
    samples = memoryview(frame.planes[0]).cast("h")[: frame.samples]
    return max(max(samples, default=0), -min(samples, default=0))


def _drawn(peaks: array[int], width: int, height: int) -> Image.Image:
    """Draw one bar for each column, as tall as the loudest moment in it."""
    image = Image.new("L", (width, height * _SCALE), 255)
    draw = ImageDraw.Draw(image)
    middle = height * _SCALE / 2
    for column in range(width):
        start = column * len(peaks) // width
        part = peaks[start : max(start + 1, (column + 1) * len(peaks) // width)]
        reach = max(part, default=0) / _FULL * (middle - 1)
        draw.line((column, round(middle - reach), column, round(middle + reach)), fill=40)
    return image.resize((width, height), Image.Resampling.LANCZOS)
