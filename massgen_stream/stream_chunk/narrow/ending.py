"""Constructors of finals and of the end of a turn or stream."""

from __future__ import annotations

from ..kinds import ChunkType
from ..text import TextStreamChunk
from .checked import Data, checked


def usage(
    usage: Data,
) -> TextStreamChunk:
    """A usage report that the vendor sent before the end."""
    return checked(
        TextStreamChunk(
            type=ChunkType.USAGE,
            usage=usage,
        )
    )


def complete_message(
    complete_message: Data,
    *,
    choice_index: int | None = None,
) -> TextStreamChunk:
    """The whole assistant message, once per turn, before its end."""
    return checked(
        TextStreamChunk(
            type=ChunkType.COMPLETE_MESSAGE,
            complete_message=complete_message,
            choice_index=choice_index,
        )
    )


def complete_response(
    response: Data,
) -> TextStreamChunk:
    """The vendor's final object."""
    return checked(
        TextStreamChunk(
            type=ChunkType.COMPLETE_RESPONSE,
            response=response,
        )
    )


def turn_done(
    finish_reason: str,
    *,
    raw_finish_reason: str | None = None,
    finish_details: Data | None = None,
    usage: Data | None = None,
    usage_source: str | None = None,
    media_results: list[Data] | None = None,
) -> TextStreamChunk:
    """An inner turn, or one source of a merged stream, has ended."""
    return checked(
        TextStreamChunk(
            type=ChunkType.TURN_DONE,
            finish_reason=finish_reason,
            raw_finish_reason=raw_finish_reason,
            finish_details=finish_details,
            usage=usage,
            usage_source=usage_source,
            media_results=media_results,
        )
    )


def done(
    finish_reason: str,
    *,
    raw_finish_reason: str | None = None,
    finish_details: Data | None = None,
    usage: Data | None = None,
    usage_source: str | None = None,
    media_results: list[Data] | None = None,
) -> TextStreamChunk:
    """The stream has ended; always the last chunk."""
    return checked(
        TextStreamChunk(
            type=ChunkType.DONE,
            finish_reason=finish_reason,
            raw_finish_reason=raw_finish_reason,
            finish_details=finish_details,
            usage=usage,
            usage_source=usage_source,
            media_results=media_results,
        )
    )


def error(
    error: str,
    *,
    error_info: Data | None = None,
    tool_call_id: str | None = None,
    media_id: str | None = None,
) -> TextStreamChunk:
    """Something went wrong."""
    return checked(
        TextStreamChunk(
            type=ChunkType.ERROR,
            error=error,
            error_info=error_info,
            tool_call_id=tool_call_id,
            media_id=media_id,
        )
    )
