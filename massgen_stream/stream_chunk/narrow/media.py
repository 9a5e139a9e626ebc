"""Constructors of media chunks."""

from __future__ import annotations

from ..kinds import ChunkType, MediaEncoding, MediaType
from ..multimodal import MediaMetadata, MultimodalStreamChunk
from .checked import Data, checked


def media(
    media_id: str,
    media_type: MediaType | str,
    *,
    media_data: bytes | str | None = None,
    path: str | None = None,
    media_metadata: MediaMetadata | None = None,
    text_content: str | None = None,
    media_encoding: MediaEncoding | str | None = None,
    is_partial: bool = False,
    partial_kind: str | None = None,
    chunk_index: int | None = None,
    total_chunks: int | None = None,
    byte_offset: int | None = None,
    continuation_id: str | None = None,
    provider: str | None = None,
    model: str | None = None,
    provider_data: Data | None = None,
) -> MultimodalStreamChunk:
    """A medium, or a segment or preview of it."""
    return checked(
        MultimodalStreamChunk(
            type=ChunkType.MEDIA,
            media_id=media_id,
            media_type=media_type,
            media_data=media_data,
            path=path,
            media_metadata=media_metadata,
            text_content=text_content,
            media_encoding=media_encoding,
            is_partial=is_partial,
            partial_kind=partial_kind,
            chunk_index=chunk_index,
            total_chunks=total_chunks,
            byte_offset=byte_offset,
            continuation_id=continuation_id,
            provider=provider,
            model=model,
            provider_data=provider_data,
        )
    )


def media_progress(
    media_id: str,
    *,
    progress_percentage: float | None = None,
    bytes_transferred: int | None = None,
    total_bytes: int | None = None,
    stage: str | None = None,
    queue_position: int | None = None,
    eta_seconds: float | None = None,
    log: str | None = None,
    job: Data | None = None,
    media_type: MediaType | str | None = None,
    provider: str | None = None,
    model: str | None = None,
) -> MultimodalStreamChunk:
    """How far a medium or its job is."""
    return checked(
        MultimodalStreamChunk(
            type=ChunkType.MEDIA_PROGRESS,
            media_id=media_id,
            progress_percentage=progress_percentage,
            bytes_transferred=bytes_transferred,
            total_bytes=total_bytes,
            stage=stage,
            queue_position=queue_position,
            eta_seconds=eta_seconds,
            log=log,
            job=job,
            media_type=media_type,
            provider=provider,
            model=model,
        )
    )


def attachment(
    *,
    attachments: list[Data] | None = None,
    media_data: bytes | str | None = None,
    path: str | None = None,
    bytes_transferred: int | None = None,
    media_id: str | None = None,
    media_type: MediaType | str | None = None,
    media_encoding: MediaEncoding | str | None = None,
    media_metadata: MediaMetadata | None = None,
    progress_percentage: float | None = None,
    total_bytes: int | None = None,
    stage: str | None = None,
    provider: str | None = None,
) -> MultimodalStreamChunk:
    """A transfer of the user's media to or from the vendor."""
    return checked(
        MultimodalStreamChunk(
            type=ChunkType.ATTACHMENT,
            attachments=attachments,
            media_data=media_data,
            path=path,
            bytes_transferred=bytes_transferred,
            media_id=media_id,
            media_type=media_type,
            media_encoding=media_encoding,
            media_metadata=media_metadata,
            progress_percentage=progress_percentage,
            total_bytes=total_bytes,
            stage=stage,
            provider=provider,
        )
    )


def attachment_complete(
    *,
    attachments: list[Data] | None = None,
    media_data: bytes | str | None = None,
    path: str | None = None,
    media_id: str | None = None,
    media_type: MediaType | str | None = None,
    media_encoding: MediaEncoding | str | None = None,
    media_metadata: MediaMetadata | None = None,
    bytes_transferred: int | None = None,
    total_bytes: int | None = None,
    provider: str | None = None,
) -> MultimodalStreamChunk:
    """The transfer has ended; the reference stands for the media from now on."""
    return checked(
        MultimodalStreamChunk(
            type=ChunkType.ATTACHMENT_COMPLETE,
            attachments=attachments,
            media_data=media_data,
            path=path,
            media_id=media_id,
            media_type=media_type,
            media_encoding=media_encoding,
            media_metadata=media_metadata,
            bytes_transferred=bytes_transferred,
            total_bytes=total_bytes,
            provider=provider,
        )
    )
