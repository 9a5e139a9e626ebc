"""`error` chunks of a decoder: what the vendor said, and what is wrong with its bytes."""

from __future__ import annotations

from typing import Any, Final

from ..errors import EventTooLarge, MalformedEvent, Truncated, WireError, excerpt
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.text import TextStreamChunk
from .body import KEPT_BODY_BYTES
from .error_kinds import error_info_of, error_message_of
from .faults import UnusableField
from .json_value import finite, parse
from .scrub import scrub

NOT_A_STREAM: Final = "not_a_stream"
MALFORMED: Final = "malformed_event"
TOO_LARGE: Final = "event_too_large"
TRUNCATED: Final = "truncated"
ERROR_KEYS: Final = ("error", "message", "detail", "errors", "err_msg")
"""Where a body that is no event stream tells an error."""


def vendor_error(said: object) -> TextStreamChunk:
    """Return the chunk for an error that the vendor reported."""
    said = finite(said)
    return TextStreamChunk(type=ChunkType.ERROR, error=error_message_of(said), error_info=error_info_of(said))


def is_error(doc: dict[str, Any], event_name: str) -> bool:
    """Return whether *doc* tells an error: vLLM and Mistral send it bare, FastAPI as ``detail``."""
    if doc.get("error") or doc.get("object") == "error":
        return True
    if doc.get("choices") is not None:
        return False
    return event_name == "error" or _is_bare_error(doc)


def _is_bare_error(doc: dict[str, Any]) -> bool:
    if doc.get("message") and (doc.get("code") or "error" in str(doc.get("type")).lower()):
        return True
    return bool(doc.get("detail")) and not doc.keys() & {"type", "event", "object"}


def failure_of_wire(problem: WireError, payload: bytes = b"") -> TextStreamChunk:
    """Return the chunk for bytes that break the protocol, or that ended too early."""
    if isinstance(problem, Truncated):
        return _failure(str(problem), "transport", TRUNCATED, retryable=True)
    if isinstance(problem, EventTooLarge):
        return _failure(str(problem), "protocol", TOO_LARGE)
    if isinstance(problem, UnusableField):
        return _failure(str(problem), "protocol", MALFORMED, raw=problem.event)
    said = excerpt(payload)
    return _failure(scrub(str(MalformedEvent("not JSON", said))), "protocol", MALFORMED, raw=said)


def failure_of_body(body: bytes) -> TextStreamChunk:
    """Return the chunk for a body that is no event stream: a JSON error, a JSON answer, a page."""
    try:
        said = parse(body)
    except MalformedEvent:
        said = None
    first = said[0] if isinstance(said, list) and said else said
    if isinstance(first, dict) and any(first.get(key) for key in ERROR_KEYS):
        return vendor_error(first)
    kind = "a page" if body.startswith(b"<") else "a JSON document"
    text = body.decode("utf-8", "replace")
    message = f"the server answered with {kind} instead of an event stream: {scrub(excerpt(text))}"
    bounded = text.encode()[:KEPT_BODY_BYTES].decode("utf-8", "ignore")
    return _failure(message, "protocol", NOT_A_STREAM, raw=bounded)


def _failure(message: str, kind: str, code: str, *, retryable: bool = False, raw: object = None) -> TextStreamChunk:
    info = {"kind": kind, "code": code, "retryable": retryable}
    return TextStreamChunk(type=ChunkType.ERROR, error=message, error_info=info | ({"raw": raw} if raw else {}))
