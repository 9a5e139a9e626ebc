"""Bodies of event streams, made to go wrong, and short ways to say what comes out."""

from collections.abc import Iterable

from hypothesis import strategies as st

from massgen_stream.testing.cuts import decode, whole
from massgen_stream.wire.sse import ServerSentEvent, SSEDecoder

from . import sse_reference as reference

TOKENS = (
    *(b"data: ", b"data:", b"data", b"event: ", b"event:", b"event", b"id: ", b"id:", b"id", b"retry: ", b"retry:"),
    *(b"\n", b"\r", b"\r\n", b"\n\n", b"\r\r", b"\r\n\r\n", b":", b" ", b": ping", b"\xef\xbb\xbf", b"\xef", b"\xbb"),
    *(b"x", b"one", b"{}", b"12", b"\0", "é—😀".encode(), b"\xff", b"\x85", b"\x0b", "\u2028".encode(), b"Data: "),
    *(b"data: {}\n\n", b"event: e\ndata: d\n\n", b"data: a\r\n\r\n", b"x" * 20),
    *(b"data: a\rdata: b\n\n", b"data: a\r\n\n", b"data: a\n:", b"data: " + b"y" * 20 + b"\n\n"),
)
token_lists = st.lists(st.sampled_from(TOKENS), max_size=30)
bodies = token_lists.map(b"".join)


def events_of(body: bytes, **options: int) -> list[ServerSentEvent]:
    return decode(SSEDecoder(**options), whole(body))


def as_reference(events: Iterable[ServerSentEvent]) -> list[reference.Event]:
    return [reference.Event(e.event, e.data.decode("utf-8", "replace"), e.id or "") for e in events]


def message(data: bytes, **fields: object) -> ServerSentEvent:
    return ServerSentEvent("message", data, **fields)  # type: ignore[arg-type]
