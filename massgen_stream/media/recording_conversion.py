"""Sound and video in other formats, sizes and rates: whole, or as a stream while they are made."""

from __future__ import annotations

import io
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from typing import TYPE_CHECKING, Any, Final

from ..errors import BrokenMedia, ConfigurationError, MediaOverLimit
from ..stream_chunk.kinds import MediaType
from .converted import Converted, converted
from .decoding_limits import DEFAULT, DecodingLimits
from .kept_results import run_kept
from .local_file import LocalFile, local_file
from .mime_names import normal_mime
from .probing import probed
from .worker_pool import THREADS, Output, Stop, Workers, library_for

if TYPE_CHECKING:
    from .av_encoding import SoundForm
    from .av_video_encoding import VideoForm
    from .cache import MediaCache

_BARE: Final = "audio/pcm"
"""Samples without a container: nothing in them says what they are."""


async def convert_audio(
    medium: Any,
    *,
    mime_type: str = "audio/wav",
    limits: DecodingLimits = DEFAULT,
    workers: Workers = THREADS,
    cache: MediaCache | None = None,
    **form: Any,
) -> Converted:
    """Return sound, or the sound of a video, in another format.

    Args:
        medium: Anything that `MediaSource.of` takes.
        mime_type: WAV, FLAC, MP3, Ogg (Opus), AAC, MP4, or ``audio/pcm``: samples of 16 bits without a header.
        limits: What is refused, and the most bytes of the result.
        workers: Where it is done.
        cache: Where the result is kept, and looked for first; None: nowhere.
        **form: ``sample_rate`` (Hertz), ``channels`` (1 or 2), ``bit_rate`` (per second).

    Raises:
        ConfigurationError: No sound of this type is made, or an option is wrong.
        BrokenMedia: There is no sound in it, or it is cut off or damaged.
        UnsafeMedia: It is over a limit.
        MediaOverLimit: The result is.
        MediaError: It cannot be read.
    """
    _check_options(form, _SOUND_OPTIONS)
    async with local_file(medium, max_bytes=limits.max_bytes) as file:
        wanted = normal_mime(mime_type)
        return await run_kept(cache, workers, Converted, sound_in_memory, file, wanted, form, limits)


async def stream_audio(
    medium: Any,
    *,
    mime_type: str = "audio/mpeg",
    limits: DecodingLimits = DEFAULT,
    workers: Workers = THREADS,
    **form: Any,
) -> AsyncGenerator[bytes, None]:
    """Yield what `convert_audio` returns while it is made; the header of WAV and FLAC cannot tell its length then.

    Raises:
        MediaError: As `convert_audio`.
        ConfigurationError: As `convert_audio`.
    """
    _check_options(form, _SOUND_OPTIONS)
    async with local_file(medium, max_bytes=limits.max_bytes) as file:
        pieces = workers.stream(_sound_to, file, {"mime_type": normal_mime(mime_type), **form}, limits)
        async with aclosing(pieces):
            async for piece in pieces:
                yield piece


async def convert_video(
    medium: Any,
    *,
    limits: DecodingLimits = DEFAULT,
    workers: Workers = THREADS,
    cache: MediaCache | None = None,
    **form: Any,
) -> Converted:
    """Return a video as fragmented MP4: copied where nothing else is asked for and MP4 can hold it, else encoded again.

    Args:
        medium: Anything that `MediaSource.of` takes.
        limits: What is refused, and the most bytes of the result.
        workers: Where it is done.
        cache: Where the result is kept, and looked for first; None: nowhere.
        **form: ``max_width``, ``max_height`` (pixels; the shape is kept, nothing is enlarged), ``max_rate`` (frames per
            second), ``bit_rate`` (per second, of the pictures), ``quality`` (0 is best, 51 worst, 23 usual),
            ``sound`` (whether it is kept), ``sound_bit_rate``.

    Raises:
        ConfigurationError: An option is wrong.
        BrokenMedia: There is no video in it, or it is cut off or damaged.
        UnsafeMedia: It is over a limit.
        MediaOverLimit: The result is.
        MediaError: It cannot be read.
    """
    _check_options(form, _VIDEO_OPTIONS)
    async with local_file(medium, max_bytes=limits.max_bytes) as file:
        return await run_kept(cache, workers, Converted, video_in_memory, file, form, limits)


async def stream_video(
    medium: Any, *, limits: DecodingLimits = DEFAULT, workers: Workers = THREADS, **form: Any
) -> AsyncGenerator[bytes, None]:
    """Yield what `convert_video` returns while it is made; a player can begin with the first fragment.

    Raises:
        MediaError: As `convert_video`.
        ConfigurationError: As `convert_video`.
    """
    _check_options(form, _VIDEO_OPTIONS)
    async with local_file(medium, max_bytes=limits.max_bytes) as file:
        pieces = workers.stream(_video_to, file, form, limits)
        async with aclosing(pieces):
            async for piece in pieces:
                yield piece


_SOUND_OPTIONS: Final = frozenset(("sample_rate", "channels", "bit_rate"))
_VIDEO_OPTIONS: Final = frozenset((
    "max_width", "max_height", "max_rate", "bit_rate", "quality", "sound", "sound_bit_rate",
))  # fmt: skip


def _check_options(form: dict[str, Any], known: frozenset[str]) -> None:
    for name, value in form.items():
        if name not in known:
            raise ConfigurationError(f"unknown option {name!r}; use one of: {', '.join(sorted(known))}")
        if value is not None and (not isinstance(value, int | float) or value < 0):
            raise ConfigurationError(f"option {name} must be a number of 0 or more, not {value!r}")


def sound_in_memory(
    stop: Stop, file: LocalFile, mime_type: str, form: dict[str, Any], limits: DecodingLimits
) -> Converted:
    """Return sound in another form; blocks."""
    body = _Bounded(limits.max_result_bytes)
    with body.told():
        losses = _write_sound(stop, body, file, {"mime_type": mime_type, **form}, limits)
    return _with_facts(stop, body, mime_type, losses, limits)


def video_in_memory(stop: Stop, file: LocalFile, form: dict[str, Any], limits: DecodingLimits) -> Converted:
    """Return video in another form; blocks."""
    body = _Bounded(limits.max_result_bytes)
    with body.told():
        losses = _write_video(stop, body, file, form, limits)
    return _with_facts(stop, body, "video/mp4", losses, limits)


def _sound_to(stop: Stop, output: Output, file: LocalFile, form: dict[str, Any], limits: DecodingLimits) -> None:
    _write_sound(stop, output, file, form, limits)


def _video_to(stop: Stop, output: Output, file: LocalFile, form: dict[str, Any], limits: DecodingLimits) -> None:
    _write_video(stop, output, file, form, limits)


def _write_sound(stop: Stop, output: Any, file: LocalFile, form: dict[str, Any], limits: DecodingLimits) -> list[str]:
    with library_for("converting sound"):
        from .av_encoding import SoundForm, write_sound  # noqa: PLC0415 - an optional library

    _refuse_others(file)
    wanted: SoundForm = SoundForm(**form)
    return write_sound(stop, output, file, wanted, limits)


def _write_video(stop: Stop, output: Any, file: LocalFile, form: dict[str, Any], limits: DecodingLimits) -> list[str]:
    with library_for("converting video"):
        from .av_video_encoding import VideoForm, write_video  # noqa: PLC0415 - an optional library

    _refuse_others(file)
    wanted: VideoForm = VideoForm(**form)
    return write_video(stop, output, file, wanted, limits)


def _refuse_others(file: LocalFile) -> None:
    if file.kind not in (MediaType.AUDIO, MediaType.VIDEO):
        raise BrokenMedia(f"it is {file.mime_type}, neither sound nor video")


def _with_facts(stop: Stop, body: io.BytesIO, mime_type: str, losses: list[str], limits: DecodingLimits) -> Converted:
    data = body.getvalue()
    if mime_type == _BARE:
        return converted(data, mime_type, losses)
    kind = MediaType(mime_type.partition("/")[0])
    made = LocalFile(kind=kind, mime_type=mime_type, shown=True, size_bytes=len(data), data=data)
    metadata = probed(stop, made, limits, whole=False).metadata
    known = {
        name: getattr(metadata, name) for name in ("width", "height", "duration_seconds", "channels", "sample_rate")
    }
    return converted(data, mime_type, losses, **known)


class _Bounded(io.BytesIO):
    """Memory that holds so much and no more."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self._is_full = False

    def write(self, data: Any) -> int:
        self._is_full = self._is_full or self.tell() + len(data) > self._most
        if self._is_full:
            raise OSError("full")  # FFmpeg makes an error of its own of it
        return super().write(data)

    @contextmanager
    def told(self) -> Iterator[None]:
        """Say so where the work inside fails because it is full.

        Raises:
            MediaOverLimit: It is.
        """
        try:
            yield
        except BrokenMedia:
            if self._is_full:
                raise MediaOverLimit(
                    (f"the converted medium has more than max_result_bytes {self._most}; stream it",)
                ) from None
            raise
