"""Video as fragmented MP4: copied where it fits already, else encoded with H.264 and AAC."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

import av
import msgspec
from av.container import InputContainer, OutputContainer

from ..errors import BrokenMedia
from .av_encoding import FRAGMENTED, TICKS, SoundEncoder, SoundForm
from .av_recordings import begins_at, decoded_frames, heard_stream, opened_recording, seen_stream, turned_size
from .decoding_limits import DecodingLimits
from .local_file import LocalFile
from .worker_pool import Stop

_COPIED: Final = frozenset(("h264", "hevc", "av1", "libdav1d"))
"""Codecs that players of MP4 know."""
_COPIED_FROM: Final = ("mov", "matroska")
"""Containers that keep what a decoder needs apart from the packets, as MP4 does."""
_COPIED_SOUNDS: Final = frozenset(("aac",))
_OVER: Final = (("hflip", None), ("vflip", None))
_TURNS: Final = {90: (("transpose", "cclock"),), -90: (("transpose", "clock"),), 180: _OVER, -180: _OVER}
"""Filters that make a frame upright, by the degrees that it is to be turned against the clock."""
_SMALLEST: Final = 16
_MOST_WAITING: Final = 32
"""Packets that wait for one whose time of decoding is known: H.264 reorders at most 16."""
_USUAL_RATE: Final = 30
_MOST_EARLY: Final = 3000
"""Frames of sound that may come before the first picture: about a minute."""


class VideoForm(msgspec.Struct, frozen=True, kw_only=True):
    """The video that is wanted.

    Attributes:
        max_width: Pixels as people see it; it is shrunk to fit, never enlarged.
        max_height: Pixels.
        max_rate: Frames per second.
        bit_rate: Bits per second of the pictures; None: what *quality* takes.
        quality: 0 (all) to 51 (least), x264's constant rate factor.
        sound: Whether sound is kept.
        sound_bit_rate: Bits per second.
    """

    max_width: int | None = None
    max_height: int | None = None
    max_rate: float | None = None
    bit_rate: int | None = None
    quality: int = 23
    sound: bool = True
    sound_bit_rate: int = 128_000

    @property
    def any_size(self) -> bool:
        """Whether nothing asks for other pictures than there are."""
        return self.max_width is self.max_height is self.max_rate is self.bit_rate is None


def write_video(stop: Stop, output: Any, file: LocalFile, form: VideoForm, limits: DecodingLimits) -> list[str]:
    """Write *file* as fragmented MP4 to *output*, and return what gets lost; blocks.

    Raises:
        BrokenMedia: There is no video in it, or it is damaged.
        UnsafeMedia: It is over a limit.
    """
    with opened_recording(file, limits) as source:
        seen, heard = seen_stream(source), heard_stream(source)
        if seen is None:
            raise BrokenMedia(f"there is no video in it; it is {file.mime_type}")
        losses = [] if form.sound or heard is None else ["the sound is left out"]
        heard = heard if form.sound else None
        with av.open(output, "w", format="mp4", options=FRAGMENTED) as target:
            fits = (
                source.format.name.startswith(_COPIED_FROM)
                and seen.codec_context.name in _COPIED
                and (heard is None or heard.codec_context.name in _COPIED_SOUNDS)
            )
            if form.any_size and fits:
                _copy(stop, source, target, [one for one in (seen, heard) if one is not None])
            else:
                _Encoding(target, (seen, heard), begins_at(source), form, losses).run(stop, source, limits)
    return losses


def _copy(stop: Stop, source: InputContainer, target: OutputContainer, streams: list[Any]) -> None:
    copies = {stream.index: target.add_stream_from_template(stream) for stream in streams}
    waiting: dict[int, list[av.Packet[Any]]] = {stream.index: [] for stream in streams}
    for packet in source.demux(streams):
        stop.check()
        held = waiting[packet.stream.index]
        if packet.size:  # the one at the end is empty
            held.append(packet)
        if packet.dts is None and len(held) < _MOST_WAITING:
            continue
        _mux(target, copies, held)
    for held in waiting.values():
        _mux(target, copies, held)


def _mux(target: OutputContainer, copies: dict[int, Any], packets: list[av.Packet[Any]]) -> None:
    """Write *packets*; Matroska has no times of decoding, and FFmpeg finds them only for later packets."""
    if not packets:
        return
    following = packets[-1].dts
    for packet in reversed(packets[:-1] if following is not None else packets):
        shown = packet.pts or 0
        packet.dts = shown if following is None else min(shown, following - max(1, packet.duration or 1))
        following = packet.dts
    for packet in packets:
        packet.stream = copies[packet.stream.index]
        target.mux(packet)
    packets.clear()


class _Encoding:
    """One video while it is encoded again."""

    def __init__(
        self,
        target: OutputContainer,
        inputs: tuple[av.VideoStream, av.AudioStream | None],
        start: float,
        form: VideoForm,
        losses: list[str],
    ) -> None:
        seen, heard = inputs
        self._start = start
        self._target, self._form, self._losses = target, form, losses
        self._inputs = [one for one in (seen, heard) if one is not None]
        self._seen = seen
        self._pictures: av.VideoStream | None = None
        self._early: list[av.AudioFrame] = []
        self._upright: av.filter.Graph | None = None
        self._size = (0, 0)
        self._next_time = float("-inf")
        self._sound: SoundEncoder | None = None
        if heard is not None:
            self._sound = SoundEncoder(
                target, heard, "aac", SoundForm(bit_rate=form.sound_bit_rate), losses, start=start
            )

    def run(self, stop: Stop, source: InputContainer, limits: DecodingLimits) -> None:
        for frame in decoded_frames(source, self._inputs, limits, stop):
            if isinstance(frame, av.VideoFrame):
                self._show(frame)
            elif self._sound is not None:
                self._hear(self._sound, frame)
        if self._pictures is None:
            raise BrokenMedia("the video has no picture that can be decoded; it is cut off or damaged")
        self._target.mux(self._pictures.encode(None))
        if self._sound is not None:
            self._hear(self._sound, None)

    def _hear(self, sound: SoundEncoder, frame: av.AudioFrame | None) -> None:
        if self._pictures is None and frame is not None:  # no stream can be added once a packet is written
            self._early.append(frame)
            if len(self._early) > _MOST_EARLY:
                raise BrokenMedia("the first picture of the video comes long after its sound; it is damaged")
            return
        for one in (*self._early, frame):
            sound.encode(one)
        self._early.clear()

    def _show(self, frame: av.VideoFrame) -> None:
        if self._pictures is None:
            self._pictures = self._begin(frame)
        if frame.pts is None or frame.time < self._next_time:
            return
        time = frame.time
        self._next_time = time + (1 / self._form.max_rate - 0.002 if self._form.max_rate else 1e-6)
        upright = frame if self._upright is None else _through(self._upright, frame)
        shown = upright.reformat(width=self._size[0], height=self._size[1], format="yuv420p")
        shown.pts, shown.time_base = round(max(0.0, time - self._start) / TICKS), TICKS
        shown.pict_type = av.video.frame.PictureType.NONE  # the encoder chooses its own key frames
        self._target.mux(self._pictures.encode(shown))

    def _rate(self) -> Fraction:
        """Return how many frames a second there will be; what each frame says of its time counts more."""
        usual = Fraction(self._seen.average_rate or _USUAL_RATE)
        return min(usual, Fraction(self._form.max_rate or usual).limit_denominator(1001))

    def _begin(self, frame: av.VideoFrame) -> av.VideoStream:
        before = turned_size(frame)
        self._size = _fitting(before, self._form)
        if self._size != before:
            self._losses.append("shrunk from {} x {} to {} x {} pixels".format(*before, *self._size))
        rate = self._form.bit_rate
        told = f"at {rate} bits per second" if rate else f"with quality {self._form.quality}"
        self._losses.append(f"pictures encoded with libx264 {told}")
        options = {"preset": "veryfast"} | ({} if rate else {"crf": str(self._form.quality)})
        stream = self._target.add_stream("libx264", rate=self._rate(), options=options)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = *self._size, "yuv420p"
        stream.codec_context.time_base = TICKS
        stream.codec_context.gop_size = 60
        if rate:
            stream.bit_rate = rate
        if frame.rotation in _TURNS:
            self._upright = _turning(self._seen, _TURNS[frame.rotation])
        return stream


def _fitting(size: tuple[int, int], form: VideoForm) -> tuple[int, int]:
    """Return the size that fits, with even sides, as H.264's colours want them."""
    width, height = size
    scale = min(1.0, (form.max_width or width) / width, (form.max_height or height) / height)
    return tuple(max(_SMALLEST, int(side * scale) // 2 * 2) for side in size)  # type: ignore[return-value]


def _turning(stream: av.VideoStream, filters: Sequence[tuple[str, str | None]]) -> av.filter.Graph:
    graph = av.filter.Graph()
    source, sink = graph.add_buffer(template=stream), graph.add("buffersink")
    middle = [graph.add(name, setting) for name, setting in filters]
    for one, other in zip([source, *middle], [*middle, sink], strict=True):
        one.link_to(other)
    graph.configure()
    return graph


def _through(graph: av.filter.Graph, frame: av.VideoFrame) -> av.VideoFrame:
    graph.push(frame)
    upright = graph.pull()
    assert isinstance(upright, av.VideoFrame)
    return upright
