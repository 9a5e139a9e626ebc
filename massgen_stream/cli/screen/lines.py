"""How a chunk that is told in one line looks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.multimodal import MultimodalStreamChunk
from ...stream_chunk.text import TextStreamChunk
from ..plain_text import one_line
from .figures import seconds_text, size_text
from .page import Line

_ARGUMENTS: Final = 1000
_RESULT: Final = 300
_GOOD_RESULT: Final = 76
_NAME: Final = 80
_ERROR: Final = 1000
"""Longest texts shown, in characters."""
_NEWS: Final = ("info", "simulated")


def tool_call_line(call: Mapping[str, Any]) -> Line:
    """Return name and arguments of a call of one of the client's tools, and why it is invalid if it is."""
    line = [("→ ", "tool"), *_call(call.get("name"), call.get("arguments"))]
    if call.get("invalid"):
        reason = call["invalid"].get("reason") if isinstance(call["invalid"], dict) else call["invalid"]
        line.append((f"  invalid: {one_line(str(reason), _NAME)}", "warning"))
    return line


def server_tool_line(chunk: TextStreamChunk) -> Line:
    """Return a tool that the vendor runs itself, with its status."""
    line = [("⚙ ", "tool"), *_call(chunk.tool_name, chunk.arguments)]
    if chunk.status:
        failed = chunk.status in ("failed", "incomplete", "requires_action")
        line.append((f"  {chunk.status.replace('_', ' ')}", "warning" if failed else "quiet"))
    return line


def _call(name: object, arguments: object) -> Line:
    shown = one_line(arguments if isinstance(arguments, str) else "", _ARGUMENTS)
    return [(one_line(str(name or "tool"), _NAME), "strong"), (f" {shown}" if shown else "", "")]


def tool_result_line(chunk: TextStreamChunk) -> Line:
    """Return the start of what a tool returned."""
    style = "error" if chunk.is_error else "tool"
    name = one_line(chunk.tool_name or "result", _NAME)
    text = one_line(chunk.content or "", _RESULT if chunk.is_error else _GOOD_RESULT)
    return [("← ", style), (name, "strong"), (f" {text}" if text else "", "quiet"), (_attached(chunk), "quiet")]


def _attached(chunk: TextStreamChunk) -> str:
    kinds = [one_line(str(part.get("type", "file")), _NAME) for part in chunk.attachments or []]
    return f" [{', '.join(kinds)}]" if kinds else ""


def status_line(chunk: TextStreamChunk) -> Line:
    """Return a status with its detail; a backend's needs no introduction, and its plain news speak for themselves."""
    who = "" if chunk.type == ChunkType.BACKEND_STATUS else chunk.type.removesuffix("_status").replace("_", " ") + " "
    word, detail = one_line(chunk.status or "", _NAME).replace("_", " "), one_line(chunk.detail or "", _RESULT)
    if chunk.type == ChunkType.BACKEND_STATUS and word in _NEWS and detail:
        return [(f"· {detail}", "quiet")]
    return [(f"· {who}{word}{f': {detail}' if detail else ''}", "quiet")]


def hook_line(chunk: TextStreamChunk) -> Line:
    """Return a hook that has run."""
    info = chunk.hook_info or {}
    name = info.get("hook_name") or info.get("name") or info.get("hook_type") or ""
    return [(f"· hook {one_line(str(name), _NAME)}".rstrip(), "quiet")]


def error_line(chunk: TextStreamChunk) -> Line:
    """Return what went wrong, with the kind, status and wait that `error_info` tells."""
    info = chunk.error_info or {}
    facts = [one_line(str(info["kind"]).replace("_", " "), _NAME)] if info.get("kind") else []
    if info.get("status"):
        facts.append(f"status {one_line(str(info['status']), _NAME)}")
    if isinstance(info.get("retry_after_seconds"), int | float):
        facts.append(f"try again in {seconds_text(info['retry_after_seconds'])}")
    told = f" ({', '.join(facts)})" if facts else ""
    return [("error: ", "error"), (one_line(chunk.error or "", _ERROR), "error"), (told, "quiet")]


def citation_line(number: int, citation: Mapping[str, Any]) -> Line:
    """Return a numbered source."""
    place = citation.get("url") or citation.get("file_id") or ""
    title = citation.get("title") or citation.get("cited_text") or ""
    texts = [one_line(str(text), _RESULT) for text in (title, place) if text]
    return [(f"[{number}] ", "tool"), (" — ".join(texts) or "source", "quiet")]


def media_line(chunk: MultimodalStreamChunk, size_bytes: int | None) -> Line:
    """Return type, size and place of a medium or a preview of it; *size_bytes* is what has arrived."""
    kind = str(chunk.media_type or "attachment")
    name = f"{kind} preview" if chunk.is_partial else kind
    facts = [text for text in (*_measures(chunk), _size(chunk, size_bytes)) if text]
    place = media_place(chunk)
    arrow = f" → {one_line(place)}" if place else ""
    return [("◆ ", "media"), (name, "strong"), (f"  {', '.join(facts)}" if facts else "", "quiet"), (arrow, "media")]


def attachment_line(part: Mapping[str, Any]) -> Line:
    """Return an attachment that has been transferred, with the reference that stands for it now."""
    names = (part.get("filename"), part.get("mime_type"))
    facts = ", ".join(one_line(str(name), _NAME) for name in names if name)
    place = one_line(str(part.get("file_id") or part.get("url") or part.get("path") or ""), _RESULT)
    kind = one_line(str(part.get("type") or "attachment"), _NAME)
    return [("◆ ", "media"), (kind, "strong"), (f"  {facts}", "quiet"), (f" → {place}" if place else "", "media")]


def caption_line(text: str) -> Line:
    """Return what a medium shows, in words."""
    return [(f"  {one_line(text, _ERROR)}", "quiet")]


def log_line(text: str) -> Line:
    """Return the next line of a job's log."""
    return [(f"  {one_line(text, _RESULT)}", "quiet")]


def media_place(chunk: MultimodalStreamChunk) -> str:
    """Return the path, address or id under which the medium is found; empty for data in memory."""
    if chunk.path:
        return chunk.path
    held = chunk.media_data if chunk.media_encoding in ("url", "file_path", "file_id") else None
    return held if isinstance(held, str) and not held.startswith("data:") else ""


def _measures(chunk: MultimodalStreamChunk) -> list[str]:
    known = chunk.media_metadata
    if known is None:
        return []
    seconds = known.duration_seconds
    return [
        one_line(known.mime_type, _NAME),
        f"{known.width}×{known.height}" if known.width and known.height else "",
        seconds_text(seconds) if seconds is not None else "",
    ]


def _size(chunk: MultimodalStreamChunk, size_bytes: int | None) -> str:
    known = chunk.media_metadata.size_bytes if chunk.media_metadata else None
    size = size_bytes if known is None else known
    return "" if size is None else size_text(size)
