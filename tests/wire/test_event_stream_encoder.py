"""What encoders of event streams share, seen through a protocol of texts."""

from collections.abc import Mapping
from typing import Any, ClassVar

import pytest

from massgen_stream.errors import MalformedEvent, Truncated, UnencodableValue
from massgen_stream.stream_chunk import BaseStreamChunk, TextStreamChunk, narrow
from massgen_stream.stream_chunk.kinds import ChunkType
from massgen_stream.wire.event_stream_encoder import Data, Events, EventStreamEncoder, Say, encode_document
from massgen_stream.wire.failure import failure_of_body, failure_of_wire

START, FIRST, OVER = b'data: {"start":""}\n\n', b'data: {"text":"a"}\n\n', b"over"


class Texts(EventStreamEncoder):
    """Says texts; a text ``"nan"`` has no form, and ``"none"`` no place."""

    UNSAID = "no place"
    ONE_CHOICE = True
    NEEDS_START = frozenset((ChunkType.CONTENT,))

    def _event(self, body: Data) -> bytes:
        self._said = True
        return encode_document(body)

    def _lost_fields(self, chunk: BaseStreamChunk) -> list[str]:
        return [f"{chunk.type}.extra"] if chunk.extra else []

    def _opening(self, chunk: TextStreamChunk) -> Events:
        return [{"start": chunk.response_id or ""}]

    def _vendor_error(self, chunk: TextStreamChunk) -> Events:
        return [{"error": chunk.error}]

    def _terminator(self, _chunk: TextStreamChunk) -> bytes:
        return OVER

    def _content(self, chunk: TextStreamChunk) -> Events | None:
        if chunk.content == "nan":
            raise UnencodableValue("content", "is no text")
        if chunk.content == "deep":
            raise RecursionError("too deep")
        return None if chunk.content == "none" else [{"text": chunk.content}]

    def _done(self, _: TextStreamChunk) -> Events:
        return []

    def _refusal(self, chunk: TextStreamChunk) -> Events:
        return self._or_lose(chunk, None if chunk.content == "none" else [{"no": chunk.content}])

    SAY: ClassVar[Mapping[str, Say]] = {
        **EventStreamEncoder.SHARED,
        ChunkType.CONTENT: _content,
        ChunkType.REFUSAL: _refusal,
        ChunkType.DONE: _done,
    }


def said(*chunks: BaseStreamChunk) -> tuple[bytes, list[str]]:
    encoder = Texts()
    return b"".join(map(encoder.encode, chunks)) + encoder.close(), encoder.losses


def broken(problem: Any, payload: bytes = b"") -> BaseStreamChunk:
    return failure_of_wire(problem, payload)


def test_a_stream() -> None:
    chunks = narrow.start(response_id="r"), narrow.content("a"), narrow.refusal("b"), narrow.done("stop")
    assert said(*chunks) == (b'data: {"start":"r"}\n\n' + FIRST + b'data: {"no":"b"}\n\n' + OVER, [])


def test_a_start_comes_first_and_once() -> None:
    assert said(narrow.content("a"), narrow.start()) == (START + FIRST, ["start: the stream has started"])


def test_a_start_is_said_for_what_has_no_place() -> None:
    assert said(narrow.content("none"), narrow.content("a")) == (START + FIRST, ["content: no place"])


def test_what_readers_build_themselves_is_not_said() -> None:
    assert said(TextStreamChunk(type="reasoning_done", reasoning_text="x")) == (b"", [])


@pytest.mark.parametrize(
    ("chunk", "loss"),
    [
        (narrow.content("none"), "content: no place"),
        (narrow.content("nan"), "content: cannot encode content: is no text"),
        (narrow.content("deep"), "content: too deep"),
        (narrow.content("a", choice_index=1), "content: no place"),
        (narrow.refusal("none"), "refusal: no place"),
        (narrow.usage({"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}), "usage: no place"),
        (TextStreamChunk(type="content"), "content: it breaks the rules of its type"),
    ],
)
def test_what_is_lost(chunk: BaseStreamChunk, loss: str) -> None:
    data, losses = said(narrow.start(), chunk)
    assert (data, len(losses)) == (START, 1)
    assert losses[0].startswith(loss)


def test_fields_are_lost_beside_what_is_said() -> None:
    data, losses = said(TextStreamChunk(type="content", content="a", extra={"n": 1}))
    assert (data, losses) == (START + FIRST, ["content.extra"])


def test_nothing_is_said_after_the_end() -> None:
    assert said(narrow.done("stop"), narrow.content("a")) == (OVER, ["content: the stream has ended"])


def test_an_error_of_the_vendor() -> None:
    chunk = narrow.error("no", error_info={"kind": "server", "retryable": False})
    assert said(chunk, narrow.done("error")) == (b'data: {"error":"no"}\n\n' + OVER, [])


def test_what_broke_the_stream_comes_last() -> None:
    data, losses = said(broken(MalformedEvent("not JSON", b"{"), b"{"), narrow.content("a"), narrow.done("error"))
    assert (data, losses) == (START + FIRST + b"data: {\n\n", [])


def test_a_cut_stream_has_no_end() -> None:
    assert said(narrow.content("a"), broken(Truncated()), narrow.done("incomplete")) == (START + FIRST, [])


def test_a_body_that_is_no_stream_is_alone() -> None:
    page = failure_of_body(b"<html>")
    assert said(page, narrow.done("error")) == (b"<html>", [])
    assert said(narrow.content("a"), page, narrow.done("error")) == (START + FIRST, ["error: no place"])
