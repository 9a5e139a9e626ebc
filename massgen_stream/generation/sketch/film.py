"""A scene as a film: fragmented MP4 with sound, made while it is read."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

import av
import msgspec

from ...media.av_encoding import FRAGMENTED
from ...media.worker_pool import Output, Stop
from .music import tune
from .painter import moment
from .scene import Scene
from .sounds import SAMPLE_RATE

FRAME_RATE: Final = 24
_AAC_SAMPLES: Final = 1024
_ENCODING: Final = {"preset": "veryfast", "crf": "24", "tune": "zerolatency"}
"""Frames come out as they go in, so that the first second can be seen after a second's work."""
_SCENE_SECONDS: Final = 8.0
"""How long it takes until everything is where it began."""


class Film(msgspec.Struct):
    """What is filmed, and how far it is.

    Attributes:
        scene: What is seen.
        width: Pixels; even.
        height: Pixels; even.
        seconds: Its length.
        sound: Whether it has any.
        frames_done: Frames that are encoded; the worker counts, whoever reads looks at it.
    """

    scene: Scene
    width: int
    height: int
    seconds: float
    sound: bool = True
    frames_done: int = 0

    @property
    def frames(self) -> int:
        """How many frames there are."""
        return max(1, round(self.seconds * FRAME_RATE))

    @property
    def percentage(self) -> float:
        """How much of it is encoded, 0 to 100."""
        return 100.0 * self.frames_done / self.frames


def write_film(stop: Stop, output: Output, film: Film) -> None:
    """Write the film to *output*, a fragment each second; blocks."""
    with av.open(output, "w", format="mp4", options=FRAGMENTED) as target:
        pictures = _pictures(target, film)
        heard = _Heard(target, film) if film.sound else None
        for number in range(film.frames):
            stop.check()
            target.mux(pictures.encode(_frame(film, number)))
            film.frames_done = number + 1
            if heard is not None:
                heard.play(until=film.frames_done * SAMPLE_RATE // FRAME_RATE)
        target.mux(pictures.encode(None))
        if heard is not None:
            heard.end()


class _Heard:
    """The sound of a film, which goes on as its pictures do."""

    def __init__(self, target: Any, film: Film) -> None:
        self._target = target
        self._stream: Any = target.add_stream("aac", rate=SAMPLE_RATE, layout="mono")
        self._frames: Iterator[Any] = _sound_frames(film)
        self._next: Any = next(self._frames, None)

    def play(self, until: float) -> None:
        """Encode what is heard until so many samples have passed."""
        while self._next is not None and self._next.pts <= until:
            self._target.mux(self._stream.encode(self._next))
            self._next = next(self._frames, None)

    def end(self) -> None:
        """Encode the rest."""
        self.play(math.inf)
        self._target.mux(self._stream.encode(None))


def _frame(film: Film, number: int) -> av.VideoFrame:
    image = moment(film.scene, film.width, film.height, number / FRAME_RATE / _SCENE_SECONDS % 1)
    picture: Any = av.VideoFrame.from_image(image)  # type: ignore[no-untyped-call]
    frame: av.VideoFrame = picture.reformat(format="yuv420p")
    frame.pts, frame.time_base = number, Fraction(1, FRAME_RATE)
    return frame


def _pictures(target: Any, film: Film) -> Any:
    stream = target.add_stream("libx264", rate=FRAME_RATE, options=_ENCODING)
    stream.width, stream.height, stream.pix_fmt = film.width, film.height, "yuv420p"
    stream.codec_context.gop_size = FRAME_RATE
    return stream


def _sound_frames(film: Film) -> Iterator[av.AudioFrame]:
    """Yield the tune in frames of the encoder's size."""
    waiting, place = array("h"), 0
    for piece in tune(film.scene, film.frames / FRAME_RATE):
        waiting.extend(piece)
        while len(waiting) >= _AAC_SAMPLES:
            yield _sound_frame(waiting[:_AAC_SAMPLES], place)
            del waiting[:_AAC_SAMPLES]
            place += _AAC_SAMPLES
    if waiting:
        yield _sound_frame(waiting, place)


def _sound_frame(samples: array[int], place: int) -> av.AudioFrame:
    frame = av.AudioFrame(format="s16", layout="mono", samples=len(samples))
    frame.planes[0].update(samples.tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
    frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, place, Fraction(1, SAMPLE_RATE)
    return frame
