"""Chat Completions bodies as servers send them, and worse: a strategy for laws of decoders.

Every form is one that a real server has sent (see `massgen_stream.wire.openai_chat`), or one step away from it.
"""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from .wires_framing import cut_off, dumped, framed_pieces
from .wires_openai_chat_fields import USUAL, Fields, one_of_many

Data = dict[str, Any]
_FOREIGN: Final = (b": OPENROUTER PROCESSING", b":", b"retry: 10", b"id: 7", b"foreign line", b"event: ping")
_LAST: Final = (b"[DONE]", b"[DONE]", b"[DONE]", b" [DONE] ", None)
_BODIES: Final = (
    b'{"error":{"message":"Incorrect API key provided","type":"invalid_request_error","code":"invalid_api_key"}}',
    b'[{"error":{"code":429,"message":"quota","status":"RESOURCE_EXHAUSTED"}}]',
    b'{"detail":"Not Found"}',
    b'{"message": "no", "code": NaN}',
    b'{"id":"c1","object":"chat.completion","choices":[{"message":{"content":"hi"}}]}',
    b"<html><body>502 Bad Gateway</body></html>",
    b"[]",
    b"{}",
    b'{"error":',
    b'\xef\xbb\xbf{"error":"x"}',
    b"  \r\n<p>\xff</p>",
    b"",
    b"\n\n",
    b"plain words",
)


def events(*, fields: Fields = USUAL) -> SearchStrategy[Data]:
    """One event of a stream, as a document; numbers may be NaN."""
    return one_of_many(
        (6, fields.chat_events()), (1, fields.usage_events()), (1, fields.errors()), (1, fields.preludes())
    )


@st.composite
def wires(draw: DrawFn, *, fields: Fields | None = None, max_events: int = 6) -> bytes:
    """The bytes of a response: mostly event streams, whole or cut, with every framing; sometimes another body."""
    if draw(st.integers(0, 19)) == 1:
        return draw(st.sampled_from(_BODIES))
    chosen = draw(st.sampled_from(list(Fields.kinds()))) if fields is None else fields
    payloads = [_encoded(draw, event) for event in draw(st.lists(events(fields=chosen), max_size=max_events))]
    payloads += draw(st.lists(chosen.payloads(), max_size=1))
    if draw(st.booleans()):
        payloads = draw(st.permutations(payloads))
    payloads += draw(st.lists(chosen.finishes().map(dumped), max_size=2))
    last = draw(st.sampled_from(_LAST))
    body = _framed(draw, [*payloads, *([] if last is None else [last])])
    return cut_off(draw, body, 6)


def _encoded(draw: DrawFn, event: Data) -> bytes:
    return dumped(event, ascii_only=draw(st.booleans()))


def _framed(draw: DrawFn, payloads: list[bytes]) -> bytes:
    pieces = framed_pieces(draw, payloads, _FOREIGN)
    if draw(st.integers(0, 4)) == 1:  # no last blank line
        return b"".join(pieces[: -1 if draw(st.booleans()) else -2])
    return b"".join(pieces) + draw(st.sampled_from((b"", b"", b"", b"data: {}\n\n", b"rubbish")))
