"""What a conversion gives."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import msgspec

from ..stream_chunk.multimodal import MediaMetadata


class Converted(msgspec.Struct, frozen=True, kw_only=True):
    """A medium in another form.

    Attributes:
        data: Its bytes.
        metadata: What is known of it, with size and SHA-256.
        losses: What the new form does not have any more, one line each.
    """

    data: bytes
    metadata: MediaMetadata
    losses: tuple[str, ...] = ()


def converted(data: bytes, mime_type: str, losses: list[str], **known: Any) -> Converted:
    """Return a conversion with the size and digest of *data*."""
    checksum = f"sha256:{sha256(data).hexdigest()}"
    metadata = MediaMetadata(mime_type=mime_type, size_bytes=len(data), checksum=checksum, **known)
    return Converted(data=data, metadata=metadata, losses=tuple(losses))
