"""What a receiver takes: limits as values, checked against what is known of media. Nothing here is read or decoded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from ..errors import MediaOverLimit
from ..stream_chunk.kinds import MediaType
from ..stream_chunk.multimodal import MediaMetadata
from .mime_names import normal_mime

_BASE64_OF: Final = (4, 3)


class MediaLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Limits of one medium; None: there is none.

    Attributes:
        max_bytes: Its size.
        max_base64_bytes: Its size as base64, which some vendors count.
        max_pixels: Width times height.
        max_width: Pixels.
        max_height: Pixels.
        max_long_edge: Pixels of the longer side.
        max_frames: Of an animation or video.
        max_seconds: Of sound or video.
        max_pages: Of a document.
        mime_types: What is taken, by the types' own names; None: anything.
    """

    max_bytes: int | None = None
    max_base64_bytes: int | None = None
    max_pixels: int | None = None
    max_width: int | None = None
    max_height: int | None = None
    max_long_edge: int | None = None
    max_frames: int | None = None
    max_seconds: float | None = None
    max_pages: int | None = None
    mime_types: tuple[str, ...] | None = None

    @property
    def most_bytes(self) -> int | None:
        """Most bytes that satisfy both limits of size."""
        bare = None if self.max_base64_bytes is None else self.max_base64_bytes // _BASE64_OF[0] * _BASE64_OF[1]
        given = [limit for limit in (self.max_bytes, bare) if limit is not None]
        return min(given, default=None)

    def takes(self, mime_type: str) -> bool:
        """Return whether media of this type are taken."""
        return self.mime_types is None or normal_mime(mime_type) in map(normal_mime, self.mime_types)


class RequestLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Limits of all media in one request; None, or a kind that is absent: there is none.

    Attributes:
        receiver: Who has them, such as a provider and model, for the report.
        each: Of each medium, by kind.
        max_count: How many media of a kind.
        max_all_count: How many media.
        max_all_bytes: Their sizes together.
        max_all_pages: Pages of all documents together.
        max_all_seconds: Length of all sound and video together.
    """

    receiver: str = ""
    each: Mapping[str, MediaLimits] = msgspec.field(default_factory=dict)
    max_count: Mapping[str, int] = msgspec.field(default_factory=dict)
    max_all_count: int | None = None
    max_all_bytes: int | None = None
    max_all_pages: int | None = None
    max_all_seconds: float | None = None


class Breach(msgspec.Struct, frozen=True):
    """A limit that is not kept.

    Attributes:
        limit: Its name: a field of `MediaLimits` or `RequestLimits`.
        allowed: Its figure, or the types that are taken.
        value: What was found.
        what: Of what: a kind of medium, and its place where there are several.
    """

    limit: str
    allowed: float | tuple[str, ...]
    value: float | str
    what: str

    def __str__(self) -> str:
        if isinstance(self.allowed, tuple):
            return f"{self.what} is {self.value}, and mime_types are {', '.join(self.allowed) or 'none'}"
        return f"{self.what} has {_figure(self.value)} {_UNITS[self.limit]}, over {self.limit} {_figure(self.allowed)}"


_UNITS: Final = {
    "max_bytes": "bytes",
    "max_base64_bytes": "bytes as base64",
    "max_pixels": "pixels",
    "max_width": "pixels of width",
    "max_height": "pixels of height",
    "max_long_edge": "pixels on its longer side",
    "max_frames": "frames",
    "max_seconds": "seconds",
    "max_pages": "pages",
    "max_count": "media of this kind",
    "max_all_count": "media",
    "max_all_bytes": "bytes of media",
    "max_all_pages": "pages",
    "max_all_seconds": "seconds of sound and video",
}


def breaches(metadata: MediaMetadata, limits: MediaLimits, what: str = "the medium") -> list[Breach]:
    """Return every limit that a medium does not keep; figures that are not known break none."""
    found = [
        Breach(name, limit, value, what)
        for name, value in _figures(metadata).items()
        if value is not None and (limit := getattr(limits, name)) is not None and value > limit
    ]
    if not limits.takes(metadata.mime_type):
        found.append(Breach("mime_types", limits.mime_types or (), metadata.mime_type, what))
    return found


def request_breaches(media: Sequence[tuple[MediaType | str, MediaMetadata]], limits: RequestLimits) -> list[Breach]:
    """Return every limit that the media of a request do not keep, those of each medium first.

    Args:
        media: Kind and metadata of each, in order.
        limits: What the receiver takes.
    """
    found: list[Breach] = []
    for number, (kind, metadata) in enumerate(media):
        if str(kind) in limits.each:
            found += breaches(metadata, limits.each[str(kind)], f"{kind} {number + 1}")
    for kind, limit in limits.max_count.items():
        count = sum(str(one) == kind for one, _ in media)
        if count > limit:
            found.append(Breach("max_count", limit, count, f"the request, of {kind},"))
    totals = {
        "max_all_count": len(media),
        "max_all_bytes": _total(metadata.size_bytes for _, metadata in media),
        "max_all_pages": _total(metadata.pages for _, metadata in media),
        "max_all_seconds": _total(metadata.duration_seconds for _, metadata in media),
    }
    for name, total in totals.items():
        allowed = getattr(limits, name)
        if allowed is not None and total > allowed:
            found.append(Breach(name, allowed, total, "the request"))
    return found


def check_request(media: Sequence[tuple[MediaType | str, MediaMetadata]], limits: RequestLimits) -> None:
    """Check the media of a request.

    Raises:
        MediaOverLimit: Names every limit that is not kept, with its figure and the value, and who has it.
    """
    found = request_breaches(media, limits)
    if found:
        of = f" of {limits.receiver}" if limits.receiver else ""
        raise MediaOverLimit([f"{breach}{of}" for breach in found])


def _figures(metadata: MediaMetadata) -> dict[str, float | None]:
    width, height, size = metadata.width, metadata.height, metadata.size_bytes
    known = width is not None and height is not None
    return {
        "max_bytes": size,
        "max_base64_bytes": None if size is None else -(-size // _BASE64_OF[1]) * _BASE64_OF[0],
        "max_pixels": (width or 0) * (height or 0) if known else None,
        "max_width": width,
        "max_height": height,
        "max_long_edge": max(width or 0, height or 0) if known else None,
        "max_frames": metadata.frames,
        "max_seconds": metadata.duration_seconds,
        "max_pages": metadata.pages,
    }


def _total(values: Iterable[float | None]) -> float:
    return sum(value for value in values if value is not None)


def _figure(value: float | str) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)
