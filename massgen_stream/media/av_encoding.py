"""Sound and video written in another form through PyAV, packet by packet; nothing is held but what encoders hold."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

import av
import msgspec
from av.container import OutputContainer

from ..errors import BrokenMedia, ConfigurationError
from .av_recordings import decoded_frames, heard_stream, opened_recording
from .decoding_limits import DecodingLimits
from .local_file import LocalFile
from .worker_pool import Stop

FRAGMENTED: Final = {"movflags": "frag_keyframe+empty_moov+delay_moov+default_base_moof"}
"""MP4 that can be written to a pipe, and played before its end is there; the delay lets it tell where streams begin."""

SOUNDS: Final = {
    "audio/wav": ("wav", "pcm_s16le"),
    "audio/pcm": ("s16le", "pcm_s16le"),
    "audio/mpeg": ("mp3", "libmp3lame"),
    "audio/flac": ("flac", "flac"),
    "audio/ogg": ("ogg", "libopus"),
    "audio/opus": ("ogg", "libopus"),
    "audio/aac": ("adts", "aac"),
    "audio/mp4": ("mp4", "aac"),
}
"""Container and codec by MIME type; ``audio/pcm`` is bare samples of 16 bits, little end first."""
_LOSSLESS: Final = frozenset(("pcm_s16le", "flac"))
_MOST_CHANNELS: Final = 2


class SoundForm(msgspec.Struct, frozen=True, kw_only=True):
    """The sound that is wanted.

    Attributes:
        mime_type: Its format; one of `SOUNDS`.
        sample_rate: Hertz; None: as it is, or the next that the codec knows.
        channels: 1 or 2; None: as it is, at most 2.
        bit_rate: Bits per second, where the codec loses something.
    """

    mime_type: str = "audio/wav"
    sample_rate: int | None = None
    channels: int | None = None
    bit_rate: int | None = None


def write_sound(stop: Stop, output: Any, file: LocalFile, form: SoundForm, limits: DecodingLimits) -> list[str]:
    """Write the first sound of *file* to *output*, and return what gets lost; blocks.

    Args:
        stop: Asked before each packet.
        output: Has `write`; where it has `seek` as well, headers tell the true length.
        file: The medium.
        form: What is wanted.
        limits: What is refused.

    Raises:
        ConfigurationError: There is no encoder for the type, or it does not take the figures.
        BrokenMedia: There is no sound in it, or it is damaged.
        UnsafeMedia: It is over a limit.
    """
    if form.mime_type not in SOUNDS:
        raise ConfigurationError(f"no sound of type {form.mime_type!r} is made; use one of: {', '.join(SOUNDS)}")
    muxer, codec = SOUNDS[form.mime_type]
    with opened_recording(file, limits) as source:
        heard = heard_stream(source)
        if heard is None:
            raise BrokenMedia(f"there is no sound in it; it is {file.mime_type}")
        losses = ["the pictures are left out"] if source.streams.video and file.mime_type.startswith("video/") else []
        options = FRAGMENTED if muxer == "mp4" else {}
        with av.open(output, "w", format=muxer, options=options) as target:
            encoder = SoundEncoder(target, heard, codec, form, losses)
            for frame in decoded_frames(source, [heard], limits, stop):
                encoder.encode(frame)
            encoder.encode(None)
    return losses


class SoundEncoder:
    """The stream that sound is encoded to.

    Args:
        target: The file that it is part of.
        heard: The stream that it comes from.
        codec: FFmpeg's name of the codec.
        form: Rate, channels and bit rate that are wanted.
        losses: Grows by what the new form cannot hold.
        start: Time in seconds at which the whole recording begins; None: sound begins at once.

    Raises:
        ConfigurationError: There are more channels than two.
    """

    def __init__(
        self,
        target: OutputContainer,
        heard: av.AudioStream,
        codec: str,
        form: SoundForm,
        losses: list[str],
        *,
        start: float | None = None,
    ) -> None:
        context = heard.codec_context
        wanted = form.sample_rate or context.sample_rate
        rates = av.Codec(codec, "w").audio_rates or [wanted]
        rate = min((one for one in rates if one >= wanted), default=max(rates))
        channels = form.channels or min(context.channels, _MOST_CHANNELS)
        if channels > _MOST_CHANNELS:
            raise ConfigurationError(f"sound is made with 1 or 2 channels, not {channels}")
        if rate < context.sample_rate:
            losses.append(f"{context.sample_rate} samples per second are {rate} now")
        if channels < context.channels:
            losses.append(f"{context.channels} channels are {channels} now")
        if codec not in _LOSSLESS:
            told = f" at {form.bit_rate} bits per second" if form.bit_rate else ""
            losses.append(f"sound encoded with {codec}{told}")
        stream = target.add_stream(codec, rate=rate, layout="mono" if channels == 1 else "stereo")
        assert isinstance(stream, av.AudioStream)
        if form.bit_rate and codec not in _LOSSLESS:
            stream.bit_rate = form.bit_rate
        self._target, self._stream, self._samples = target, stream, 0
        self._start = start

    def encode(self, frame: av.AudioFrame | None) -> None:
        """Encode one frame; None: what the encoder still holds. A gap in the source becomes no gap."""
        if frame is not None:
            if self._start is not None:
                self._samples = max(0, round(((frame.time or 0.0) - self._start) * frame.sample_rate))
                self._start = None
            frame.pts, frame.time_base = self._samples, Fraction(1, frame.sample_rate)
            self._samples += frame.samples
        self._target.mux(self._stream.encode(frame))


TICKS: Final = Fraction(1, 90_000)
"""Time base of encoded video, MPEG's own; finer than any frame rate, so variable ones stay as they are."""
