"""Bodies of media endpoints: event streams and documents, whole, cut, odd and broken."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

Data = dict[str, Any]
_ENDS: Final = (b"\n", b"\n", b"\n", b"\r\n", b"\r")
_FOREIGN: Final = (b": ping", b":", b"retry: 10", b"id: 7", b"foreign line", b"event: ping")
_RUBBISH: Final = (b"rubbish", b'{"type":', b"{}{}", b'"\xff"', b"[" * 3000, b"null", b'"text"', b"{}", b"")
ERRORS: Final[tuple[Any, ...]] = (
    {"type": "error", "error": {"message": "The server is overloaded", "type": "server_error", "code": "overloaded"}},
    {"type": "error", "error": {"message": "no", "param": None}}, {"type": "error", "message": "flat", "code": "x"},
    {"error": {"message": "Generation failed", "code": 502, "n": 1e999}}, {"error": "text"}, {"type": "error"},
    {"detail": "Not Found"}, {"error": {}},
)  # fmt: skip
"""Errors within a stream."""

_BODIES: Final = (
    b'{"error":{"message":"Incorrect API key provided","type":"invalid_request_error","code":"invalid_api_key"}}',
    b'[{"error":{"code":429,"message":"quota","status":"RESOURCE_EXHAUSTED"}}]', b'{"message": "no", "code": NaN}',
    b"<html><body>502 Bad Gateway</body></html>", b"[]", b"{}", b'{"error":', b'\xef\xbb\xbf{"error":"x"}', b"[" * 3000,
    b"{\xff}", b'{"id":"gpt","object":"model"}', b"  \r\n<p>\xff</p>", b"", b"\n\n", b"plain words",
)  # fmt: skip


@st.composite
def bodies(draw: DrawFn, events: SearchStrategy[Data], documents: SearchStrategy[Data], *, most: int = 6) -> bytes:
    """The bytes of a response: mostly a stream of *events*, sometimes one of *documents*, sometimes something else.

    Args:
        draw: Given by hypothesis.
        events: Documents of events, also odd ones.
        documents: What is answered without a stream.
        most: How many events at most.
    """
    kind = draw(st.integers(0, 19))
    if kind == 1:
        return draw(st.sampled_from(_BODIES))
    body = _dumped(draw, draw(documents)) if kind in (2, 3, 4, 5) else draw(_streams(events, most))
    return body[: draw(st.integers(0, len(body)))] if draw(st.integers(0, 5)) == 1 else body


@st.composite
def _streams(draw: DrawFn, events: SearchStrategy[Data], most: int) -> bytes:
    payloads = [
        _dumped(draw, event) for event in draw(st.lists(events | events | st.sampled_from(ERRORS), max_size=most))
    ]
    if draw(st.integers(0, 5)) == 1:
        payloads.insert(draw(st.integers(0, len(payloads))), draw(st.sampled_from(_RUBBISH)))
    payloads += draw(st.sampled_from(((), (), (b"[DONE]",))))
    return _framed(draw, payloads)


def _dumped(draw: DrawFn, event: Any) -> bytes:
    text = json.dumps(event, ensure_ascii=draw(st.booleans()), separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _framed(draw: DrawFn, payloads: Sequence[bytes]) -> bytes:
    end = draw(st.sampled_from(_ENDS))
    named = draw(st.booleans())
    pieces = [draw(st.sampled_from((b"", b"", b"", b"\xef\xbb\xbf")))]
    for payload in payloads:
        if draw(st.integers(0, 7)) == 1:
            pieces += [draw(st.sampled_from(_FOREIGN)), end, *([end] if draw(st.booleans()) else [])]
        pieces += [*([_name_of(payload), end] if named else []), b"data: ", payload, end, end]
    if draw(st.integers(0, 4)) == 1:  # no last blank line
        return b"".join(pieces[: -1 if draw(st.booleans()) else -2])
    return b"".join(pieces)


def _name_of(payload: bytes) -> bytes:
    """Return the line that names an event, as OpenAI's servers send it."""
    try:
        doc = json.loads(payload)
    except (ValueError, RecursionError):
        doc = None
    kind = doc.get("type") if isinstance(doc, dict) else None
    return b"event: " + (kind.encode() if isinstance(kind, str) and kind.isascii() else b"error")
