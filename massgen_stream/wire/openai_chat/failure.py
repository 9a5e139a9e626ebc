"""`error` chunks of a decoder: what the vendor said, and what is wrong with its bytes."""

from __future__ import annotations

import json
from typing import Any, Final

from ...errors import EventTooLarge, Truncated, WireError, excerpt
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..error_kinds import error_info_of, error_message_of
from .lenient import is_finite

NOT_A_STREAM: Final = "not_a_stream"
MALFORMED: Final = "malformed_event"
TOO_LARGE: Final = "event_too_large"
TRUNCATED: Final = "truncated"
_ERROR_KEYS: Final = ("error", "message", "detail", "errors")


def vendor_error(said: object) -> TextStreamChunk:
    """Return the chunk for an error that the vendor reported."""
    info = error_info_of(said)
    if not is_finite(said):
        info.pop("raw", None)
    return TextStreamChunk(type=ChunkType.ERROR, error=error_message_of(said), error_info=info)


def is_error(doc: dict[str, Any], event_name: str) -> bool:
    """Return whether a document without choices is an error: vLLM and Mistral send it bare, FastAPI as ``detail``."""
    if doc.get("error") or doc.get("object") == "error" or event_name == "error":
        return True
    return "choices" not in doc and ("detail" in doc or ("message" in doc and ("code" in doc or "type" in doc)))


def failure_of_wire(problem: WireError, payload: bytes = b"") -> TextStreamChunk:
    """Return the chunk for bytes that break the protocol, or that ended too early."""
    if isinstance(problem, Truncated):
        return _failure(str(problem), "transport", TRUNCATED, retryable=True)
    if isinstance(problem, EventTooLarge):
        return _failure(str(problem), "protocol", TOO_LARGE)
    failure = _failure(str(problem), "protocol", MALFORMED)
    if failure.error_info is not None and payload:
        failure.error_info["raw"] = excerpt(payload)
    return failure


def failure_of_body(body: bytes) -> TextStreamChunk:
    """Return the chunk for a body that is no event stream: a JSON error, a JSON answer, a page."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    first = said[0] if isinstance(said, list) and said else said
    if isinstance(first, dict) and any(first.get(key) for key in _ERROR_KEYS):
        return vendor_error(first)
    kind = "a page" if body.lstrip().startswith(b"<") else "a JSON document"
    failure = _failure(
        f"the server answered with {kind} instead of an event stream: {excerpt(body)}", "protocol", NOT_A_STREAM
    )
    if failure.error_info is not None:
        failure.error_info["raw"] = said if said is not None and is_finite(said) else body.decode("utf-8", "replace")
    return failure


def _failure(message: str, kind: str, code: str, *, retryable: bool = False) -> TextStreamChunk:
    info = {"kind": kind, "code": code, "retryable": retryable}
    return TextStreamChunk(type=ChunkType.ERROR, error=message, error_info=info)
