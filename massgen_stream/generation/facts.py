"""What a finished medium is, by its bytes: MIME type, and the sizes that a decoder sees."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from msgspec.structs import replace

from ..errors import MediaError, MediaMismatch, MissingExtra
from ..media.detection import detect
from ..media.mime_names import normal_mime
from ..media.probing import probe
from ..stream_chunk.media_item import DEFAULT_MIME_TYPE
from ..stream_chunk.multimodal import MediaMetadata

_DECODED: Final = ("width", "height", "duration_seconds", "channels", "sample_rate", "frames", "pages")


def typed(metadata: MediaMetadata | None, head: bytes) -> tuple[MediaMetadata, str | None]:
    """Return metadata with the type that the first bytes show, and a warning where another one was declared.

    A type with parameters (``audio/pcm;rate=24000``) stays as it is declared: no byte shows them.
    """
    known = metadata or MediaMetadata(mime_type=DEFAULT_MIME_TYPE)
    if not head:
        return known, None
    warning = None
    try:
        found = detect(head, mime_type=known.mime_type).mime_type
    except MediaMismatch as problem:
        found = problem.found or known.mime_type
        warning = f"the medium was {problem}"
    except MediaError as problem:
        return known, f"the medium is dubious: {problem}"
    return (known if normal_mime(known.mime_type) == found else replace(known, mime_type=found)), warning


async def measured(metadata: MediaMetadata, medium: Path | bytes) -> tuple[MediaMetadata, str | None]:
    """Return metadata with what its decoder sees, and a warning where it cannot read the medium.

    Without the libraries of the extra ``media`` nothing is added. What the vendor said stays.
    """
    try:
        found = (await probe(medium, mime_type=metadata.mime_type)).metadata
    except MissingExtra:
        return metadata, None
    except MediaError as problem:
        return metadata, f"the medium cannot be read back: {problem}"
    seen = {name: getattr(found, name) for name in _DECODED if getattr(metadata, name) is None}
    return replace(metadata, **{name: value for name, value in seen.items() if value is not None}), None
