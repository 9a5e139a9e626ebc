"""Chunks that carry media, its progress, and transfers of attachments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

import msgspec
from msgspec.structs import force_setattr

from ..errors import InvalidChunk, MalformedChunk, excerpt
from .base import FAMILIES, BaseStreamChunk
from .brief import brief
from .document import METADATA_FIELDS, UNCONVERTIBLE, extra_faults, form_of_field, metadata_fields, with_extra
from .kinds import MediaEncoding, MediaType
from .rules import MULTIMODAL_TYPES
from .text import TypeField, wrong_type

if TYPE_CHECKING:

    class MediaTypeField:
        """Tells type checkers that `media_type` takes a `MediaType` or its string."""

        def __get__(self, chunk: Any, owner: Any = None) -> MediaType | None: ...
        def __set__(self, chunk: Any, value: MediaType | str | None) -> None: ...

    class MediaEncodingField:
        """Tells type checkers that `media_encoding` takes a `MediaEncoding` or its string."""

        def __get__(self, chunk: Any, owner: Any = None) -> MediaEncoding | None: ...
        def __set__(self, chunk: Any, value: MediaEncoding | str | None) -> None: ...
else:
    MediaTypeField = MediaType | None
    MediaEncodingField = MediaEncoding | None

_ABSENT: Any = None
"""The default None, with a type that fits a descriptor."""
_MULTIMODAL_TYPES: Final = {t: t for t in MULTIMODAL_TYPES}
_MEDIA_TYPES: Final = {t.value: t for t in MediaType}
_ENCODINGS: Final = {e.value: e for e in MediaEncoding}


class MediaMetadata(
    msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True, repr_omit_defaults=True, forbid_unknown_fields=True
):
    """What is known of a medium.

    Attributes:
        mime_type: Such as ``image/png``.
        size_bytes: Size of the whole medium.
        width: Pixels.
        height: Pixels.
        duration_seconds: Length of audio or video.
        filename: Its name.
        checksum: ``sha256:<hex>``.
        channels: Of audio.
        sample_rate: Hertz.
        frames: Of video or animation.
        pages: Of a document.
        extra: Fields that this version does not know, in their JSON form.
    """

    mime_type: str
    size_bytes: int | None = None
    width: int | None = None
    height: int | None = None
    duration_seconds: float | None = None
    filename: str | None = None
    checksum: str | None = None
    channels: int | None = None
    sample_rate: int | None = None
    frames: int | None = None
    pages: int | None = None
    extra: dict[str, Any] | None = msgspec.field(default=None, name="$extra")

    def to_dict(self) -> dict[str, Any]:
        """Return the fields that are set, as JSON can hold them.

        Raises:
            UnencodableValue: A value has no JSON form.
        """
        values = ((name, getattr(self, name)) for name in METADATA_FIELDS)
        form = {n: form_of_field(n, value, f"media_metadata.{n}") for n, value in values if value is not None}
        return with_extra(form, self.extra, frozenset(METADATA_FIELDS))

    @classmethod
    def from_dict(cls, document: dict[str, Any]) -> Self:
        """Return the metadata whose `to_dict` is *document*.

        Raises:
            MalformedChunk: A field has the wrong type, or `mime_type` is missing.
        """
        try:
            return msgspec.convert(metadata_fields(document), cls)
        except UNCONVERTIBLE as problem:
            raise MalformedChunk(excerpt(problem), document) from None


class MultimodalStreamChunk(BaseStreamChunk, kw_only=True, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A chunk with media, progress or an attachment; see `rules.RULES` and `rules.FIELDS`.

    Raises:
        InvalidChunk: *type*, *media_type* or *media_encoding* is not one of the known names.
    """

    type: TypeField
    media_id: str | None = None
    media_type: MediaTypeField = _ABSENT
    media_encoding: MediaEncodingField = _ABSENT
    media_data: Any = None
    media_metadata: MediaMetadata | None = None
    text_content: str | None = None
    is_partial: bool = False
    partial_kind: str | None = None
    chunk_index: int | None = None
    total_chunks: int | None = None
    byte_offset: int | None = None
    path: str | None = None
    continuation_id: str | None = None
    provider: str | None = None
    model: str | None = None
    provider_data: dict[str, Any] | None = None
    progress_percentage: float | None = None
    bytes_transferred: int | None = None
    total_bytes: int | None = None
    stage: str | None = None
    queue_position: int | None = None
    eta_seconds: float | None = None
    log: str | None = None
    job: dict[str, Any] | None = None
    attachments: list[dict[str, Any]] | None = None

    def __post_init__(self) -> None:
        kind = self.type
        try:
            known = _MULTIMODAL_TYPES[kind]
        except (KeyError, TypeError):
            raise wrong_type(kind, MULTIMODAL_TYPES) from None
        if known is not kind:
            force_setattr(self, "type", known)
        if self.media_type.__class__ is not MediaType and self.media_type is not None:
            force_setattr(self, "media_type", _named(self, "media_type", _MEDIA_TYPES))
        if self.media_encoding.__class__ is not MediaEncoding and self.media_encoding is not None:
            force_setattr(self, "media_encoding", _named(self, "media_encoding", _ENCODINGS))

    def _faults(self) -> list[str]:
        metadata = self.media_metadata
        extra = extra_faults(metadata.extra, frozenset(METADATA_FIELDS)) if isinstance(metadata, MediaMetadata) else []
        return super()._faults() + [f"media_metadata.{fault}" for fault in extra]

    def is_complete(self) -> bool:
        """Return whether nothing more of the same medium follows."""
        if not self.is_partial:
            return True
        if self.chunk_index is None or self.total_chunks is None:
            return False
        return self.chunk_index >= self.total_chunks - 1

    def get_progress(self) -> float | None:
        """Return 0 to 100 from the percentage, else from bytes, else from the chunk's index; None if unknown."""
        if self.progress_percentage is not None:
            return self.progress_percentage
        if self.bytes_transferred is not None and self.total_bytes:
            return min(100.0, 100.0 * self.bytes_transferred / self.total_bytes)
        if self.chunk_index is not None and self.total_chunks:
            return min(100.0, 100.0 * (self.chunk_index + 1) / self.total_chunks)
        return None


def _named(chunk: MultimodalStreamChunk, field: str, names: dict[str, Any]) -> Any:
    value = getattr(chunk, field)
    if not isinstance(value, str) or value not in names:
        raise InvalidChunk(str(chunk.type), [f"{field} {brief(value)} is not one of " + ", ".join(names)])
    return names[value]


FAMILIES.update(dict.fromkeys(MULTIMODAL_TYPES, MultimodalStreamChunk))
