"""Small pictures of media, for a list or a terminal, and the pages and text of documents."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from typing import TYPE_CHECKING, Any

from ..errors import BrokenMedia, ConfigurationError
from ..stream_chunk.kinds import MediaType
from .converted import Converted
from .decoding_limits import DEFAULT, DecodingLimits
from .kept_results import run_kept
from .local_file import LocalFile, local_file
from .mime_names import normal_mime
from .picture_conversion import convert_local
from .worker_pool import THREADS, Stop, Workers, library_for

if TYPE_CHECKING:
    from .cache import MediaCache
    from .pillow_encoding import PictureForm

_PDF = "application/pdf"


async def thumbnail(
    medium: Any, *, size: int = 256, mime_type: str = "image/webp", quality: int = 75,
    limits: DecodingLimits = DEFAULT, workers: Workers = THREADS, cache: MediaCache | None = None,
) -> Converted:  # fmt: skip
    """Return a small picture of a picture; of an animation, its first frame.

    Args:
        medium: Anything that `MediaSource.of` takes.
        size: Pixels of its longer side; nothing is enlarged.
        mime_type: Its format.
        quality: 1 to 100.
        limits: What is refused before it is decoded.
        workers: Where it is done.
        cache: Where the result is kept, and looked for first; None: nowhere.

    Raises:
        BrokenMedia: It is no picture, cut off or damaged.
        UnsafeMedia: It is over a limit.
        MediaError: It cannot be read.
    """
    _check_sizes(size)
    async with local_file(medium, max_bytes=limits.max_bytes) as file:
        wanted = (normal_mime(mime_type), size, size, quality, False)
        return await run_kept(cache, workers, Converted, convert_local, file, wanted, limits)


async def poster(
    medium: Any, *, at_seconds: float | None = None, size: int = 512, mime_type: str = "image/webp", quality: int = 75,
    limits: DecodingLimits = DEFAULT, workers: Workers = THREADS, cache: MediaCache | None = None,
) -> Converted:  # fmt: skip
    """Return one frame of a video.

    Args:
        medium: Anything that `MediaSource.of` takes.
        at_seconds: When it is seen; by default after a tenth of the video. After the end: the last one.
        size: Pixels of its longer side; nothing is enlarged.
        mime_type: Its format.
        quality: 1 to 100.
        limits: What is refused before it is decoded.
        workers: Where it is done.
        cache: Where the result is kept, and looked for first; None: nowhere.

    Raises:
        BrokenMedia: There is no video in it, or it is cut off or damaged.
        UnsafeMedia: It is over a limit.
        MediaError: It cannot be read.
    """
    _check_sizes(size)
    async with local_file(medium, max_bytes=limits.max_bytes) as file:
        _require(file, "video", MediaType.VIDEO)
        wanted = (normal_mime(mime_type), size, quality)
        return await run_kept(cache, workers, Converted, _poster, file, at_seconds, wanted, limits)


async def waveform(
    medium: Any, *, width: int = 256, height: int = 64, mime_type: str = "image/png",
    limits: DecodingLimits = DEFAULT, workers: Workers = THREADS, cache: MediaCache | None = None,
) -> Converted:  # fmt: skip
    """Return the shape of a sound, or of a video's sound: dark on white, as tall as it is loud.

    Args:
        medium: Anything that `MediaSource.of` takes.
        width: Pixels.
        height: Pixels.
        mime_type: Its format.
        limits: What is refused before it is decoded.
        workers: Where it is done.
        cache: Where the result is kept, and looked for first; None: nowhere.

    Raises:
        BrokenMedia: There is no sound in it, or it is cut off or damaged.
        UnsafeMedia: It is over a limit.
        MediaError: It cannot be read.
    """
    _check_sizes(width, height)
    limits.check_size(width, height)
    async with local_file(medium, max_bytes=limits.max_bytes) as file:
        _require(file, "sound", MediaType.AUDIO, MediaType.VIDEO)
        wanted = ((width, height), normal_mime(mime_type))
        return await run_kept(cache, workers, Converted, _waveform, file, *wanted, limits)


async def page_pictures(
    medium: Any, *, pages: Iterable[int] | None = None, size: int = 1024, mime_type: str = "image/webp",
    quality: int = 80, limits: DecodingLimits = DEFAULT, workers: Workers = THREADS, cache: MediaCache | None = None,
) -> AsyncGenerator[Converted, None]:  # fmt: skip
    """Yield pages of a PDF as pictures, in the order that is asked for.

    Args:
        medium: Anything that `MediaSource.of` takes.
        pages: Their numbers, from 1; None: all.
        size: Pixels of the longer side.
        mime_type: Their format.
        quality: 1 to 100.
        limits: What is refused before it is decoded.
        workers: Where it is done.
        cache: Where the result is kept, and looked for first; None: nowhere.

    Raises:
        BrokenMedia: It is no PDF, cut off or damaged.
        UnsafeMedia: It is over a limit.
        MediaError: It cannot be read, or has no such page.
    """
    _check_sizes(size)
    wanted = (normal_mime(mime_type), size, quality)
    async with local_file(medium, max_bytes=limits.max_bytes) as file:
        _require(file, "PDF", MediaType.DOCUMENT)
        for number in pages if pages is not None else range(1, 1 + await workers.run(_page_count, file, limits)):
            yield await run_kept(cache, workers, Converted, _page_picture, file, number, wanted, limits)


async def page_texts(
    medium: Any, *, pages: Iterable[int] | None = None, max_characters: int = 10_000_000,
    limits: DecodingLimits = DEFAULT, workers: Workers = THREADS,
) -> AsyncGenerator[str, None]:  # fmt: skip
    """Yield the text of pages of a PDF, lines apart by newlines; empty for a page that is only a picture.

    Args:
        medium: Anything that `MediaSource.of` takes.
        pages: Their numbers, from 1; None: all.
        max_characters: Most of all pages together; more is cut off.
        limits: What is refused.
        workers: Where it is done.

    Raises:
        BrokenMedia: It is no PDF, cut off or damaged.
        UnsafeMedia: It is over a limit.
        MediaError: It cannot be read, or has no such page.
    """
    async with local_file(medium, max_bytes=limits.max_bytes) as file:
        _require(file, "PDF", MediaType.DOCUMENT)
        for number in pages if pages is not None else range(1, 1 + await workers.run(_page_count, file, limits)):
            text = await workers.run(_page_text, file, number, max_characters, limits)
            max_characters -= len(text)
            yield text.replace("\r\n", "\n")


async def preview(
    medium: Any, *, size: int = 256, mime_type: str = "image/webp", limits: DecodingLimits = DEFAULT,
    workers: Workers = THREADS, cache: MediaCache | None = None,
) -> Converted:  # fmt: skip
    """Return a small picture of anything that has one: a picture, video, sound, or the first page of a PDF.

    Args:
        medium: Anything that `MediaSource.of` takes.
        size: Pixels of its longer side.
        mime_type: Its format.
        limits: What is refused before it is decoded.
        workers: Where it is done.
        cache: Where the result is kept, and looked for first; None: nowhere.

    Raises:
        BrokenMedia: There is no picture of its type, or it is cut off or damaged.
        UnsafeMedia: It is over a limit.
        MediaError: It cannot be read.
    """
    _check_sizes(size)
    async with local_file(medium, max_bytes=limits.max_bytes) as file:
        return await run_kept(cache, workers, Converted, preview_local, file, size, normal_mime(mime_type), limits)


def preview_local(stop: Stop, file: LocalFile, size: int, mime_type: str, limits: DecodingLimits) -> Converted:
    """Return a small picture of a local medium; blocks."""
    wanted = (mime_type, size, 75)
    if file.kind is MediaType.IMAGE:
        return convert_local(stop, file, (mime_type, size, size, 75, False), limits)
    if file.kind is MediaType.VIDEO:
        return _poster(stop, file, None, wanted, limits)
    if file.kind is MediaType.AUDIO:
        return _waveform(stop, file, (size, max(1, size // 4)), mime_type, limits)
    if file.mime_type == _PDF:
        return _page_picture(stop, file, 1, wanted, limits)
    raise BrokenMedia(f"there is no picture of {file.mime_type}")


def _form(mime_type: str, size: int, quality: int) -> PictureForm:
    from .pillow_encoding import ENCODERS, PictureForm  # noqa: PLC0415 - an optional library

    if mime_type not in ENCODERS:
        raise ConfigurationError(f"no pictures of type {mime_type!r} are made; use one of: {', '.join(ENCODERS)}")
    return PictureForm(mime_type=mime_type, max_width=size, max_height=size, quality=quality)


def _poster(
    stop: Stop, file: LocalFile, at: float | None, wanted: tuple[str, int, int], limits: DecodingLimits
) -> Converted:
    with library_for("taking pictures of videos"):
        from .av_pictures import poster_of  # noqa: PLC0415 - an optional library
    return poster_of(stop, file, at, _form(*wanted), limits)


def _waveform(stop: Stop, file: LocalFile, size: tuple[int, int], mime_type: str, limits: DecodingLimits) -> Converted:
    with library_for("drawing sound"):
        from .av_pictures import waveform_of  # noqa: PLC0415 - an optional library
    return waveform_of(stop, file, size, _form(mime_type, max(size), 75), limits)


def _page_picture(
    stop: Stop, file: LocalFile, number: int, wanted: tuple[str, int, int], limits: DecodingLimits
) -> Converted:
    with library_for("reading PDF"):
        from .pdf_pages import page_picture  # noqa: PLC0415 - an optional library
    return page_picture(stop, file, number, _form(*wanted), limits)


def _page_text(stop: Stop, file: LocalFile, number: int, most: int, limits: DecodingLimits) -> str:
    with library_for("reading PDF"):
        from .pdf_pages import page_text  # noqa: PLC0415 - an optional library
    return page_text(stop, file, number, most, limits)


def _page_count(stop: Stop, file: LocalFile, limits: DecodingLimits) -> int:
    with library_for("reading PDF"):
        from .pdf_pages import page_count  # noqa: PLC0415 - an optional library
    return page_count(stop, file, limits)


def _require(file: LocalFile, what: str, *kinds: MediaType) -> None:
    if file.kind not in kinds or (what == "PDF" and file.mime_type != _PDF):
        raise BrokenMedia(f"it is {file.mime_type}, no {what}")


def _check_sizes(*sizes: int) -> None:
    if min(sizes) < 1:
        raise ConfigurationError(f"a picture has at least one pixel, not {min(sizes)}")
