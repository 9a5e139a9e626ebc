"""The string enums of a chunk: its type, the kind of its media and the encoding of its data."""

from __future__ import annotations

from enum import StrEnum


class ChunkType(StrEnum):
    """What a chunk is. The first group are text chunks, the last four carry media."""

    START = "start"
    CONTENT = "content"
    REFUSAL = "refusal"
    REASONING = "reasoning"
    REASONING_DONE = "reasoning_done"
    REASONING_SUMMARY = "reasoning_summary"
    REASONING_SUMMARY_DONE = "reasoning_summary_done"
    TOOL_CALL_DELTA = "tool_call_delta"
    TOOL_CALLS = "tool_calls"
    SERVER_TOOL_CALL = "server_tool_call"
    TOOL_RESULT = "tool_result"
    CITATION = "citation"
    USAGE = "usage"
    COMPLETE_MESSAGE = "complete_message"
    COMPLETE_RESPONSE = "complete_response"
    TURN_DONE = "turn_done"
    DONE = "done"
    ERROR = "error"
    AGENT_STATUS = "agent_status"
    BACKEND_STATUS = "backend_status"
    COMPRESSION_STATUS = "compression_status"
    MCP_STATUS = "mcp_status"
    CUSTOM_TOOL_STATUS = "custom_tool_status"
    HOOK_EXECUTION = "hook_execution"

    MEDIA = "media"
    MEDIA_PROGRESS = "media_progress"
    ATTACHMENT = "attachment"
    ATTACHMENT_COMPLETE = "attachment_complete"


class MediaType(StrEnum):
    """What kind of thing the media is."""

    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    FILE = "file"
    DOCUMENT = "document"


class MediaEncoding(StrEnum):
    """How `media_data` holds the media: text forms are `str`, ``binary`` is `bytes`."""

    BASE64 = "base64"
    URL = "url"
    FILE_PATH = "file_path"
    FILE_ID = "file_id"
    BINARY = "binary"
