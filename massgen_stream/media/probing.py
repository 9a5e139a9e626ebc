"""What the decoder of a medium says of it: sizes, lengths, frames, pages."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from ..errors import BrokenMedia
from ..stream_chunk.kinds import MediaType
from ..stream_chunk.multimodal import MediaMetadata
from .archive import check_archive, refuse_hidden_archive
from .box_sizes import check_whole
from .decoding_limits import DEFAULT, DecodingLimits
from .file_ends import check_end
from .local_file import LocalFile, local_file
from .worker_pool import THREADS, Stop, Workers, library_for

_ZIP_BASED: Final = ("application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument.")


class Probed(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a medium.

    Attributes:
        kind: Image, audio, video, document or file.
        metadata: MIME type, size, and by kind: width and height as people see it, duration, frames, channels, sample
            rate, pages. What nobody knows without decoding all of it is absent.
        codecs: How sound and pictures are coded, such as ``("h264", "aac")``.
        whole: Whether all of it was decoded, and is sound.
    """

    kind: MediaType
    metadata: MediaMetadata
    codecs: tuple[str, ...] = ()
    whole: bool = False


async def probe(
    medium: Any,
    *,
    mime_type: str | None = None,
    filename: str | None = None,
    whole: bool = False,
    limits: DecodingLimits = DEFAULT,
    workers: Workers = THREADS,
) -> Probed:
    """Return what the decoder says of a medium.

    Reads headers, and of a video its first frame: some milliseconds, whatever its size. Types without a decoder here
    (SVG, JPEG XL, office documents) get their type and size alone.

    Args:
        medium: Anything that `MediaSource.of` takes.
        mime_type: What it is declared as.
        filename: Its name.
        whole: Decode all of it, so that damage anywhere is found, and look for the mark by which its format ends; also
            counts frames, measures the duration and takes the SHA-256.
        limits: What is refused before it is decoded.
        workers: Where it is done.

    Raises:
        BrokenMedia: It is empty, cut off or damaged.
        MediaMismatch: It is not what it is declared as.
        UnsafeMedia: It is over a limit, or two formats at once.
        MediaError: It cannot be read.
        MissingExtra: The library for its kind is not installed.
    """
    async with local_file(medium, max_bytes=limits.max_bytes, mime_type=mime_type, filename=filename) as file:
        return await workers.run(probed, file, limits, whole)


def probed(stop: Stop, file: LocalFile, limits: DecodingLimits, whole: bool) -> Probed:
    """Return what is known of a local medium; blocks."""
    if file.kind in (MediaType.IMAGE, MediaType.DOCUMENT) and not _is_zip(file):
        refuse_hidden_archive(file)
    check_whole(file)
    if whole:
        check_end(file, stop, is_archive=_is_zip(file))
    found = _by_kind(stop, file, limits, whole)
    checksum = file.digest(stop.check) if whole else file.checksum
    metadata = MediaMetadata(
        mime_type=found.pop("mime_type", file.mime_type),
        size_bytes=file.size_bytes,
        filename=file.filename,
        checksum=checksum,
        **{name: value for name, value in found.items() if name != "codecs" and value is not None},
    )
    kind = MediaType.AUDIO if metadata.mime_type.startswith("audio/") else file.kind
    return Probed(kind=kind, metadata=metadata, codecs=found.get("codecs", ()), whole=whole)


def _is_zip(file: LocalFile) -> bool:
    return file.mime_type.startswith(_ZIP_BASED) or file.mime_type.endswith(("/zip", "+zip"))


def _by_kind(stop: Stop, file: LocalFile, limits: DecodingLimits, whole: bool) -> dict[str, Any]:
    if _is_zip(file):
        check_archive(file, limits)
        return {}
    if file.kind is MediaType.IMAGE:
        return _of_picture(stop, file, limits, whole)
    if file.kind in (MediaType.AUDIO, MediaType.VIDEO):
        return _of_recording(stop, file, limits, whole)
    return _of_pages(stop, file, limits, whole) if file.mime_type == "application/pdf" else {}


def _of_picture(stop: Stop, file: LocalFile, limits: DecodingLimits, whole: bool) -> dict[str, Any]:
    with library_for("reading pictures"):
        from . import pillow_pictures as pictures  # noqa: PLC0415 - an optional library

    if file.mime_type not in pictures.DECODERS:
        return {}
    with pictures.opened_picture(file, limits) as image:
        width, height = pictures.shown_size(image)
        frames = pictures.frame_count(image)
        limits.check_size(image.width, image.height, frames)
        seconds = pictures.decode_all(image, limits, stop) if whole else None
    return {
        "width": width,
        "height": height,
        "frames": frames if frames > 1 else None,
        "duration_seconds": seconds or None,
        "codecs": (pictures.DECODERS[file.mime_type].lower(),),
    }


def _of_recording(stop: Stop, file: LocalFile, limits: DecodingLimits, whole: bool) -> dict[str, Any]:
    with library_for("reading sound and video"):
        from . import av_recordings as recordings  # noqa: PLC0415 - an optional library
        from .av_probing import recording_facts  # noqa: PLC0415

    if file.mime_type not in recordings.DEMULTIPLEXERS:
        return {}
    with recordings.opened_recording(file, limits) as container:
        facts = recording_facts(container, limits, stop, whole=whole)
    if not facts["codecs"]:
        raise BrokenMedia("it holds neither sound nor video; it is cut off or damaged")
    if facts.get("width") is None and file.mime_type.startswith("video/"):
        facts["mime_type"] = "audio/" + file.mime_type.removeprefix("video/")
    return facts


def _of_pages(stop: Stop, file: LocalFile, limits: DecodingLimits, whole: bool) -> dict[str, Any]:
    with library_for("reading PDF"):
        from .pdf_pages import opened_pages  # noqa: PLC0415 - an optional library

    with opened_pages(file, limits) as document:
        for number in range(len(document)) if whole else ():
            stop.check()
            document.get_page(number).close()
        return {"pages": len(document)}
