"""How a chat stream ends on the wire, well or badly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from ...stream_chunk.jsonform import to_form
from ...stream_chunk.text import TextStreamChunk
from ..sse_encoder import encode_event
from .failure import MALFORMED, NOT_A_STREAM, TOO_LARGE, TRUNCATED

Data = dict[str, Any]
_BROKEN: Final = frozenset((MALFORMED, NOT_A_STREAM, TOO_LARGE, TRUNCATED))
_REASONS: Final[Mapping[str, str]] = {
    "stop": "stop",
    "length": "length",
    "content_filter": "content_filter",
}
"""The word for a `finish_reason` whose vendor's word is not known; what a reader concludes by itself needs none."""


def is_broken(info: Mapping[str, Any]) -> bool:
    """Return whether an error is one of our decoder's: bytes that break the protocol, or a cut."""
    return info.get("kind") in ("protocol", "transport") and info.get("code") in _BROKEN


def broken_bytes(info: Mapping[str, Any], *, first: bool) -> bytes | None:
    """Return bytes that break the stream in the same way; None when there are none."""
    code, raw = info["code"], info.get("raw")
    if code == TRUNCATED:
        return b""
    if code == MALFORMED:
        return encode_event((raw if isinstance(raw, str) and raw.strip() else "{").encode("utf-8", "surrogatepass"))
    if code == NOT_A_STREAM and first and raw is not None:
        return raw.encode() if isinstance(raw, str) else json.dumps(raw).encode()
    return None


def finish_choices(chunk: TextStreamChunk, *, cut: bool) -> list[Data]:
    """Return the choices of the event that carries the finish reasons of *chunk*."""
    details = chunk.finish_details or {}
    raw = chunk.raw_finish_reason or (None if cut else _REASONS.get(chunk.finish_reason or ""))
    first: Data = {"index": 0, "delta": {}, "finish_reason": raw}
    first |= to_form(
        {name: details[name] for name in ("native_finish_reason", "content_filter_results") if name in details}
    )
    rows = [first] if raw is not None else []
    for row in details.get("choices", ()):
        word = row.get("raw_finish_reason")
        rows.append({"index": row["index"], "delta": {}, "finish_reason": word})
    return rows


_DROPPED: Final[Mapping[str, Data]] = {
    **{
        name: {name: False}
        for name in ("id", "model", "system_fingerprint", "service_tier", "provider", "usage", "x_groq")
    },
    **{name: {name: "?"} for name in ("created", "citations", "search_results", "prompt_filter_results")},
    **{
        f"choices.{name}": {"choices": [{name: "?" if name == "index" else False}]}
        for name in ("index", "finish_reason", "native_finish_reason", "logprobs", "usage", "content_filter_results")
    },
    **{
        f"delta.{name}": {"choices": [{"index": 0, "delta": {name: "?"}}]}
        for name in ("annotations", "executed_tools", "reasoning_details", "extra_content")
    },
    "audio.id": {"choices": [{"index": 0, "delta": {"audio": {"id": 0}}}]},
}


def dropped_event(path: str | None) -> Data | None:
    """Return an event whose field at *path* has an unusable type, so that a reader drops it too."""
    return _DROPPED.get(path or "")
