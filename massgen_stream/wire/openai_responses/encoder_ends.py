"""How a Responses stream ends on the wire, well or badly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...stream_chunk.text import TextStreamChunk
from .events import TERMINAL
from .usage import raw_of

Data = dict[str, Any]
_STATUSES: Final[Mapping[str, str]] = {
    "length": "incomplete",
    "content_filter": "incomplete",
    "error": "failed",
    "cancelled": "cancelled",
}
_DETAILS: Final = {"length": {"reason": "max_output_tokens"}, "content_filter": {"reason": "content_filter"}}
_UNSAID: Final = frozenset(("incomplete", "cancelled", "error"))
"""Ends that a server tells by sending nothing more."""

_FLAT: Final = frozenset(("code", "message", "param"))


def is_unsaid(chunk: TextStreamChunk, response: Data | None) -> bool:
    """Return whether a `done` is told by sending nothing."""
    return response is None and chunk.raw_finish_reason is None and chunk.finish_reason in _UNSAID


def final_response(chunk: TextStreamChunk, head: Data, response: Data | None) -> Data:
    """Return the vendor's final object: its own, else one made of *head* and what `done` says."""
    if response is None:
        reason = chunk.finish_reason or ""
        details = (chunk.finish_details or {}).get("incomplete_details") or _DETAILS.get(reason)
        status = chunk.raw_finish_reason or _STATUSES.get(reason, "completed")
        response = {**head, "status": status, "incomplete_details": details}
    if chunk.usage and not response.get("usage"):
        response = {**response, "usage": raw_of(chunk.usage)}
    return response


def terminal_type(chunk: TextStreamChunk, response: Data) -> str:
    """Return the type of the last event."""
    name = f"response.{chunk.raw_finish_reason or response.get('status')}"
    return name if name in TERMINAL else "response.completed"


def error_event(info: Mapping[str, Any], message: str | None) -> Data:
    """Return the event for an error: OpenAI's flat form where it has a place for everything, else the nested one."""
    raw = info.get("raw")
    if not isinstance(raw, dict):
        raw = {"code": info.get("code"), "message": message}
    return {"type": "error", **raw} if raw.keys() <= _FLAT else {"type": "error", "error": raw}


def error_body(info: Mapping[str, Any], message: str | None) -> Data:
    """Return the body with which a server that has not begun to stream tells an error."""
    raw = info.get("raw")
    if isinstance(raw, dict) and any(raw.get(name) for name in ("error", "message", "detail", "errors")):
        return raw
    return {"error": {"message": message, "code": info.get("code"), "type": info.get("kind")}}
