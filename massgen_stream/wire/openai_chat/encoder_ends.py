"""How a chat stream ends on the wire, well or badly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from ...stream_chunk.text import TextStreamChunk
from ..sse_encoder import encode_event
from .failure import MALFORMED, NOT_A_STREAM, TOO_LARGE, TRUNCATED
from .finish import UNSTATED

Data = dict[str, Any]
_BROKEN: Final = frozenset((MALFORMED, NOT_A_STREAM, TOO_LARGE, TRUNCATED))
_WORDS: Final[Mapping[str, str]] = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool_calls",
    "content_filter": "content_filter",
    "refusal": "stop",
    "pause": "stop",
}
"""OpenAI's word for a `finish_reason` whose vendor's word is not known; the others are told by other means."""

_DETAILS: Final = ("native_finish_reason", "content_filter_results")


def is_broken(info: Mapping[str, Any]) -> bool:
    """Return whether an error is one of our decoder's: bytes that break the protocol, or a cut."""
    return info.get("kind") in ("protocol", "transport") and info.get("code") in _BROKEN


def broken_bytes(info: Mapping[str, Any], *, first: bool) -> bytes | None:
    """Return bytes that break the stream in the same way; None when there are none."""
    code, raw = info["code"], info.get("raw")
    if code == TRUNCATED:
        return b""
    if code == MALFORMED:
        return encode_event(_malformed(raw) if isinstance(raw, str) else json.dumps(raw).encode())
    if code == NOT_A_STREAM and first and isinstance(raw, str):
        return raw.encode("utf-8", "replace")
    return None


def _malformed(shown: str) -> bytes:
    """Return bytes that are not JSON and are shown as *shown*, where whatever cannot be printed became a space."""
    data = shown.replace(" ", "\x01").encode("utf-8", "replace").replace("\ufffd".encode(), b"\xff")
    return data or b"\x01"


def finish_choices(chunk: TextStreamChunk, *, cut: bool) -> list[Data]:
    """Return the choices of the event that carries the finish reasons of *chunk*.

    Of a *cut* stream those without a reason are there too: they are why it is a cut one.
    """
    details = chunk.finish_details or {}
    first = {"index": 0, "finish_reason": chunk.finish_reason, "raw_finish_reason": chunk.raw_finish_reason, **details}
    said = _choice(first, cut=cut)
    others = details.get("choices")
    rows = [_choice(row, cut=cut) for row in others if isinstance(row, dict)] if isinstance(others, list) else []
    return [said, *rows] if said["finish_reason"] is not None or (cut and rows) else rows


def _choice(row: Mapping[str, Any], *, cut: bool) -> Data:
    word = row.get("raw_finish_reason")
    if word is None and not cut and not row.get(UNSTATED):
        word = _WORDS.get(row.get("finish_reason") or "")
    details = {name: row[name] for name in _DETAILS if name in row}
    return {"index": row.get("index"), "delta": {}, "finish_reason": word, **details}
