"""The shell of every decoder of event streams, seen through a protocol of one word."""

import pytest

from massgen_stream.stream_chunk import BaseStreamChunk, TextStreamChunk
from massgen_stream.testing.cuts import byte_by_byte, decode
from massgen_stream.wire.event_stream import EventStreamDecoder, is_complete
from massgen_stream.wire.sse import ServerSentEvent


class Words(EventStreamDecoder):
    """Every event is a word; the word ``"end"`` ends the stream."""

    def _event(self, event: ServerSentEvent, out: list[BaseStreamChunk]) -> None:
        word = event.data.decode().strip('"')
        if word == "odd":
            self._tell_dropped(["word", "word"], out)
        elif word == "end":
            self._finish("stop", out)
        else:
            out.append(TextStreamChunk(type="content", content=word))

    def _end_of_input(self, out: list[BaseStreamChunk]) -> None:
        self._finish("incomplete", out)

    def _break(self, failure: TextStreamChunk, reason: str, out: list[BaseStreamChunk]) -> None:
        out.append(failure)
        self._finish(reason, out)

    def _finish(self, reason: str, out: list[BaseStreamChunk]) -> None:
        self._ended = True
        out.append(TextStreamChunk(type="done", finish_reason=reason))


def said(body: bytes, limit: int = 1000) -> list[str | None]:
    chunks = decode(Words(limit), byte_by_byte(body))
    assert chunks == decode(Words(limit), [body])
    texts = [chunk for chunk in chunks if isinstance(chunk, TextStreamChunk)]
    return [chunk.content or chunk.detail or (chunk.error and "error") or chunk.finish_reason for chunk in texts]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'data: "a"\n\ndata: "end"\n\n', ["a", "stop"]),
        (b'data: "a"\n\ndata: "end"\n\ndata: "b"\n\n', ["a", "stop"]),
        (b'data: "a"\n\ndata: "end"', ["a", "stop"]),
        (b'data: "a"\n\ndata: "b', ["a", "incomplete"]),
        (b'data: "a"\n\n', ["a", "incomplete"]),
        (b"", ["incomplete"]),
        (b'{"error": {"message": "no"}}', ["error", "error"]),
        (b"<html>", ["error", "error"]),
        (b'data: "odd"\n\ndata: "odd"\n\ndata: "end"\n\n', ["word", "stop"]),
    ],
)
def test_streams_and_their_ends(body: bytes, expected: list[str]) -> None:
    assert said(body) == expected


def test_an_event_over_the_limit_ends_the_stream() -> None:
    assert said(b'data: "a"\n\ndata: "' + b"b" * 50 + b'"\n\ndata: "c"\n\n', limit=30) == ["a", "error", "error"]


@pytest.mark.parametrize(
    ("payload", "whole"), [(b"[DONE]", True), (b" [DONE]\n", True), (b"{}", True), (b'{"a":', False), (b"[DON", False)]
)
def test_a_payload_without_its_blank_line(payload: bytes, whole: bool) -> None:
    assert is_complete(payload) is whole
