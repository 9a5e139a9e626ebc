"""Constructors of tool calls and results."""

from __future__ import annotations

from ..kinds import ChunkType
from ..text import TextStreamChunk
from .checked import Data, checked


def tool_call_delta(
    tool_call_id: str,
    arguments_delta: str,
    *,
    tool_name: str | None = None,
    choice_index: int | None = None,
) -> TextStreamChunk:
    """The next piece of a call of one of the client's tools."""
    return checked(
        TextStreamChunk(
            type=ChunkType.TOOL_CALL_DELTA,
            tool_call_id=tool_call_id,
            arguments_delta=arguments_delta,
            tool_name=tool_name,
            choice_index=choice_index,
        )
    )


def tool_calls(
    tool_calls: list[Data],
    *,
    choice_index: int | None = None,
) -> TextStreamChunk:
    """Complete calls of the client's tools, each exactly once."""
    return checked(
        TextStreamChunk(
            type=ChunkType.TOOL_CALLS,
            tool_calls=tool_calls,
            choice_index=choice_index,
        )
    )


def server_tool_call(
    tool_call_id: str,
    tool_name: str,
    *,
    arguments: str | None = None,
    status: str | None = None,
    choice_index: int | None = None,
    provider_data: Data | None = None,
) -> TextStreamChunk:
    """A tool that the vendor runs itself, or an item of the vendor's that the client must answer."""
    return checked(
        TextStreamChunk(
            type=ChunkType.SERVER_TOOL_CALL,
            tool_call_id=tool_call_id,
            tool_name=tool_name,
            arguments=arguments,
            status=status,
            choice_index=choice_index,
            provider_data=provider_data,
        )
    )


def tool_result(
    tool_call_id: str,
    *,
    content: str | None = None,
    attachments: list[Data] | None = None,
    tool_name: str | None = None,
    is_error: bool | None = None,
    preliminary: bool | None = None,
    choice_index: int | None = None,
    provider_data: Data | None = None,
) -> TextStreamChunk:
    """What a tool returned."""
    return checked(
        TextStreamChunk(
            type=ChunkType.TOOL_RESULT,
            tool_call_id=tool_call_id,
            content=content,
            attachments=attachments,
            tool_name=tool_name,
            is_error=is_error,
            preliminary=preliminary,
            choice_index=choice_index,
            provider_data=provider_data,
        )
    )
