"""One medium while it arrives."""

from __future__ import annotations

from base64 import b64decode
from hashlib import sha256
from typing import Any, Final

from .kinds import MediaEncoding, MediaType
from .message_parts import merged_data
from .multimodal import MediaMetadata, MultimodalStreamChunk

DEFAULT_MIME_TYPE: Final = "application/octet-stream"
_ITEMS: Final = frozenset((
    "media_id", "media_type", "mime_type", "metadata", "data", "encoding", "previews", "complete", "text", "path",
))  # fmt: skip
_SOURCES: Final = {MediaEncoding.URL: "url", MediaEncoding.FILE_PATH: "path", MediaEncoding.FILE_ID: "file_id"}


def described(data: bytes, mime_type: str, **known: Any) -> MediaMetadata:
    """Return metadata with the size and SHA-256 of *data*."""
    return MediaMetadata(
        mime_type=mime_type, size_bytes=len(data), checksum=f"sha256:{sha256(data).hexdigest()}", **known
    )


class MediaItem:
    """Everything a stream said of one medium. Reads like an object and like a mapping.

    Attributes:
        media_id: Its id.
        media_type: Image, audio, video, file or document.
        metadata: The latest metadata.
        encoding: Of `data`: binary, or what kind of reference it is.
        previews: Data of each preview, in order of arrival.
        complete: True once its final chunk has come.
        path: File that holds it, if it was written to one.
    """

    def __init__(self, media_id: str) -> None:
        self.media_id = media_id
        self.media_type: MediaType | None = None
        self.metadata: MediaMetadata | None = None
        self.encoding: MediaEncoding | None = None
        self.previews: list[bytes | str] = []
        self.complete = False
        self.path: str | None = None
        self._segments: list[bytes] = []
        self._reference: str | None = None
        self._text: list[str] = []
        self._provider_data: list[dict[str, Any]] = []

    def __getitem__(self, name: str) -> Any:
        if name not in _ITEMS:
            raise KeyError(name)
        return getattr(self, name)

    @property
    def data(self) -> bytes | str | None:
        """The bytes so far, or the URL, path or file id; None when neither has come."""
        if len(self._segments) > 1:
            self._segments = [b"".join(self._segments)]
        return self._segments[0] if self._segments else self._reference

    @property
    def mime_type(self) -> str | None:
        """The MIME type, where known."""
        return self.metadata.mime_type if self.metadata else None

    @property
    def text(self) -> str:
        """Caption or transcript so far."""
        return "".join(self._text)

    def feed(self, chunk: MultimodalStreamChunk) -> None:
        """Take a `media` chunk of this medium."""
        self.media_type = chunk.media_type or self.media_type
        self.metadata = chunk.media_metadata or self.metadata
        self.path = chunk.path or self.path
        if chunk.text_content:
            self._text.append(chunk.text_content)
        if chunk.provider_data:
            self._provider_data.append(chunk.provider_data)
        if chunk.media_data is not None:
            self._take(chunk)
        self.complete = self.complete or not chunk.is_partial

    def neutral(self) -> dict[str, Any] | None:
        """Return the part of a message: ``{"type", "data" | "path" | "url" | "file_id", …}``; None without data."""
        data = self.data
        if self.path is not None:
            source: dict[str, Any] = {"path": self.path}
        elif isinstance(data, bytes):
            source = {"data": data}
        elif data is not None and self.encoding in _SOURCES:
            source = {_SOURCES[self.encoding]: data}
        else:
            return None
        metadata = self.metadata
        known = {
            "mime_type": self.mime_type,
            "filename": metadata.filename if metadata else None,
            "provider_data": merged_data(self._provider_data),
        }
        part = {"type": str(self.media_type or MediaType.FILE), **source, "media_id": self.media_id}
        return part | {name: value for name, value in known.items() if value is not None}

    def _take(self, chunk: MultimodalStreamChunk) -> None:
        data = bytes_or_reference(chunk)
        if chunk.partial_kind == "preview" and chunk.is_partial:
            self.previews.append(data)
            return
        self.encoding = MediaEncoding.BINARY if isinstance(data, bytes) else chunk.media_encoding
        if isinstance(data, str):
            self._reference = data
        elif chunk.is_partial:
            self._segments.append(data)
        else:
            self._segments = [data]


def bytes_or_reference(chunk: MultimodalStreamChunk) -> bytes | str:
    """Return the bytes in *chunk*, or the text that stands for them; base64 that cannot be read is text."""
    data = chunk.media_data
    if isinstance(data, str):
        if chunk.media_encoding is not MediaEncoding.BASE64:
            return data
        try:
            return b64decode(data, validate=True)
        except ValueError:
            return data
    return bytes(data)
