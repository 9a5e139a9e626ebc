"""Responses bodies as servers send them, and worse: a strategy for laws of decoders.

Every form is one that a real server has sent (see `massgen_stream.wire.openai_responses`), or one step away from it.
"""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from .wires_framing import cut_off, dumped, framed_pieces
from .wires_openai_responses_fields import USUAL, Fields

Data = dict[str, Any]
_FOREIGN: Final = (b": keep-alive", b":", b"retry: 10", b"id: 7", b"foreign line", b"event: ping")
_BODIES: Final = (
    b'{"error":{"message":"Incorrect API key provided","type":"invalid_request_error","code":"invalid_api_key"}}',
    b'{"detail":"Not Found"}',
    b'{"id":"resp_1","object":"response","status":"completed","output":[]}',
    b"<html><body>502 Bad Gateway</body></html>",
    b"[]",
    b"",
    b"\n\n",
    b"plain words",
)
_LAST: Final = (b"", b"", b"", b"data: [DONE]\n\n", b"data: {}\n\n", b"rubbish")


@st.composite
def wires(draw: DrawFn, *, fields: Fields | None = None, max_events: int = 8) -> bytes:
    """The bytes of a response: mostly event streams, whole or cut, with every framing; sometimes another body."""
    if draw(st.integers(0, 19)) == 1:
        return draw(st.sampled_from(_BODIES))
    chosen = draw(st.sampled_from(list(Fields.kinds()))) if fields is None else fields
    events = draw(st.lists(chosen.begins(), max_size=1))
    events += draw(st.lists(chosen.events(), max_size=max_events))
    events += draw(st.lists(chosen.ends(), max_size=2))
    payloads = [dumped(event, ascii_only=draw(st.booleans())) for event in events]
    payloads += draw(st.lists(chosen.payloads(), max_size=1))
    if draw(st.integers(0, 3)) == 1:
        payloads = draw(st.permutations(payloads))
    body = _framed(draw, payloads)
    return cut_off(draw, body, 6)


def usual_wires() -> SearchStrategy[bytes]:
    """Bodies in which nothing is odd."""
    return wires(fields=USUAL)


def _framed(draw: DrawFn, payloads: list[bytes]) -> bytes:
    pieces = framed_pieces(draw, payloads, _FOREIGN)
    if draw(st.integers(0, 4)) == 1:
        pieces = pieces[:-1] if draw(st.booleans()) else pieces[:-2]
    return b"".join(pieces) + draw(st.sampled_from(_LAST))
