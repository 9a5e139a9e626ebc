"""What a finished medium is, by its bytes: MIME type, and the sizes that a decoder sees."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from msgspec.structs import replace

from ..errors import MediaError, MediaMismatch, MissingExtra
from ..media.detection import detect
from ..media.mime_names import normal_mime
from ..media.probing import probe
from ..stream_chunk.kinds import MediaType
from ..stream_chunk.media_item import DEFAULT_MIME_TYPE
from ..stream_chunk.multimodal import MediaMetadata
from ..wire.audio_format import option_of
from .choices import MADE

_FAMILIES: Final = tuple(kind.value for kind in MADE)
_ALSO: Final = frozenset(
    (("video", "image/gif"), ("video", "image/webp"), ("audio", "video/mp4"), ("audio", "video/webm"))
)
"""Types that are named after another kind than they hold."""
_DOCUMENTS: Final = frozenset(("application/json", "application/xml", "application/xhtml+xml", "application/pdf"))
_DECODED: Final = ("width", "height", "duration_seconds", "channels", "sample_rate", "frames", "pages")

_SAMPLE_BYTES: Final = {"audio/pcm": 2, "audio/l16": 2, "audio/basic": 1, "audio/x-mulaw": 1, "audio/x-alaw": 1}
_USUAL: Final = {"audio/l16": (None, 1), "audio/basic": (8000, 1)}
"""Sample rate and channels where nothing tells them: https://www.rfc-editor.org/rfc/rfc2586 and
https://www.rfc-editor.org/rfc/rfc2046#section-4.3."""


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


def check_kind(kind: MediaType, metadata: MediaMetadata, said: MediaType | None) -> None:
    """Check that a medium is of the kind that was asked for; a page that tells an error is none.

    Args:
        kind: Image, video or audio.
        metadata: With the type that its bytes show.
        said: What the generator calls it.

    Raises:
        MediaError: It is another one.
    """
    mime_type = normal_mime(metadata.mime_type)
    family = mime_type.partition("/")[0]
    is_other = family in _FAMILIES and family != kind.value and (kind.value, mime_type) not in _ALSO
    if mime_type in _DOCUMENTS or family == "text" or is_other:
        raise MediaError(f"what came is {mime_type}, and no {kind.value}")
    if said is not None and said != kind:
        raise MediaError(f"what came is called {said.value}, and is to be {kind.value}")


def timed(metadata: MediaMetadata, size_bytes: int) -> MediaMetadata:
    """Return metadata with the length of samples that have no header: their number tells it, and no decoder does."""
    name = normal_mime(metadata.mime_type)
    width, (usual_rate, usual_channels) = _SAMPLE_BYTES.get(name), _USUAL.get(name, (None, None))
    rate = metadata.sample_rate or option_of(metadata.mime_type, "rate") or usual_rate
    channels = metadata.channels or option_of(metadata.mime_type, "channels") or usual_channels
    if width is None or not (rate and channels and size_bytes) or metadata.duration_seconds is not None:
        return metadata
    return replace(metadata, duration_seconds=size_bytes / (width * channels * rate))


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
