"""Constructors of status chunks."""

from __future__ import annotations

from ..kinds import ChunkType
from ..text import TextStreamChunk
from .checked import Data, checked


def agent_status(
    status: str,
    *,
    detail: str | None = None,
    tool_call_id: str | None = None,
) -> TextStreamChunk:
    """What an agent is doing."""
    return checked(
        TextStreamChunk(
            type=ChunkType.AGENT_STATUS,
            status=status,
            detail=detail,
            tool_call_id=tool_call_id,
        )
    )


def backend_status(
    status: str,
    *,
    detail: str | None = None,
    tool_call_id: str | None = None,
) -> TextStreamChunk:
    """What a backend is doing or wants known."""
    return checked(
        TextStreamChunk(
            type=ChunkType.BACKEND_STATUS,
            status=status,
            detail=detail,
            tool_call_id=tool_call_id,
        )
    )


def compression_status(
    status: str,
    *,
    detail: str | None = None,
    tool_call_id: str | None = None,
) -> TextStreamChunk:
    """Compression of the conversation."""
    return checked(
        TextStreamChunk(
            type=ChunkType.COMPRESSION_STATUS,
            status=status,
            detail=detail,
            tool_call_id=tool_call_id,
        )
    )


def mcp_status(
    status: str,
    *,
    detail: str | None = None,
    tool_call_id: str | None = None,
) -> TextStreamChunk:
    """State of a Model Context Protocol server."""
    return checked(
        TextStreamChunk(
            type=ChunkType.MCP_STATUS,
            status=status,
            detail=detail,
            tool_call_id=tool_call_id,
        )
    )


def custom_tool_status(
    status: str,
    *,
    detail: str | None = None,
    tool_call_id: str | None = None,
) -> TextStreamChunk:
    """State of a tool that runs locally."""
    return checked(
        TextStreamChunk(
            type=ChunkType.CUSTOM_TOOL_STATUS,
            status=status,
            detail=detail,
            tool_call_id=tool_call_id,
        )
    )


def hook_execution(
    hook_info: Data,
    *,
    tool_call_id: str | None = None,
) -> TextStreamChunk:
    """A hook has run."""
    return checked(
        TextStreamChunk(
            type=ChunkType.HOOK_EXECUTION,
            hook_info=hook_info,
            tool_call_id=tool_call_id,
        )
    )
