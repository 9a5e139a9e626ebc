"""The closed vocabularies of the protocol: every word a chunk may use where not any word will do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

FINISH_REASONS: Final = (
    "stop",
    "length",
    "tool_calls",
    "content_filter",
    "refusal",
    "pause",
    "cancelled",
    "incomplete",
    "error",
    "other",
)
"""Why a turn ended. ``incomplete``: cut. ``error``: vendor, protocol or timeout. Both follow an `error` chunk."""

USAGE_SOURCES: Final = ("reported", "estimated", "none")

ERROR_KINDS: Final = (
    "authentication",
    "permission",
    "not_found",
    "invalid_request",
    "rate_limited",
    "quota",
    "overloaded",
    "server",
    "timeout",
    "transport",
    "protocol",
    "content_filter",
    "context_length",
    "cancelled",
    "tool",
    "media",
    "unknown",
)

PHASES: Final = ("commentary", "final_answer")

PARTIAL_KINDS: Final = ("segment", "preview")
"""``segment``: append the bytes. ``preview``: replaces what was shown before."""

STAGES: Final = ("queued", "running", "uploading", "downloading", "processing")

TOOL_CALL_TEXTS: Final = ("id", "name", "arguments")
"""The strings that every tool call has."""

TOOL_CALL_KINDS: Final = ("function", "custom")

STATUSES: Final[Mapping[str, tuple[str, ...]]] = {
    "server_tool_call": (
        "in_progress",
        "searching",
        "interpreting",
        "generating",
        "completed",
        "failed",
        "incomplete",
        "requires_action",
    ),
    "agent_status": ("started", "working", "waiting", "answered", "voted", "completed", "failed", "cancelled"),
    "backend_status": (
        "connecting",
        "retry",
        "resume",
        "warning",
        "loss",
        "ignored_field",
        "contradiction",
        "simulated",
        "info",
    ),
    "compression_status": ("started", "completed", "failed"),
    "mcp_status": (
        "connecting",
        "connected",
        "tools_listed",
        "call_started",
        "call_completed",
        "failed",
        "disconnected",
    ),
    "custom_tool_status": ("started", "running", "completed", "failed"),
}
"""The words `status` may hold, by chunk type."""

USAGE_NUMBERS: Final = (
    "input_tokens",
    "output_tokens",
    "total_tokens",
    "cached_input_tokens",
    "cache_write_tokens",
    "reasoning_tokens",
    "all_input_tokens",
    "all_output_tokens",
)
"""The figures of a usage report; an unknown one is absent, never zero."""
