"""Chunks to bytes: what is said for chunks that no decoder made."""

from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.narrow import content, done, start
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.testing.cuts import decode
from massgen_stream.wire.openai_responses import ResponsesDecoder, ResponsesEncoder


def decoded(body: bytes) -> list[BaseStreamChunk]:
    return decode(ResponsesDecoder(), [body])


def test_what_the_decoder_leaves_out_is_said_as_openai_says_it() -> None:
    encoder = ResponsesEncoder()
    chunks = [start(model="gpt-6", response_id="resp_1"), content("Hi", item_id="m"), done("stop")]
    said = b"".join(map(encoder.encode, chunks))
    names = [line.removeprefix(b"event: ").decode() for line in said.splitlines() if line.startswith(b"event:")]
    assert [name.removeprefix("response.") for name in names] == [
        "created", "in_progress", "output_item.added", "content_part.added", "output_text.delta", "output_text.done",
        "content_part.done", "output_item.done", "completed",
    ]  # fmt: skip
    assert [chunk.type for chunk in decoded(said)] == ["start", "content", "complete_response", "done"]


def test_calls_that_come_only_complete() -> None:
    encoder = ResponsesEncoder()
    call = {"id": "c", "name": "f", "arguments": '{"a":1}', "kind": "custom"}
    chunks = [start(model="m"), TextStreamChunk(type="tool_calls", tool_calls=[call]), done("tool_calls")]
    again = decoded(b"".join(map(encoder.encode, chunks)))
    assert [chunk.tool_calls for chunk in again if isinstance(chunk, TextStreamChunk) and chunk.tool_calls] == [[call]]
    assert encoder.losses == []


def test_an_error_before_anything_else_is_a_plain_answer() -> None:
    encoder = ResponsesEncoder()
    error = TextStreamChunk(type="error", error="no", error_info={"kind": "quota", "code": "insufficient_quota"})
    said = encoder.encode(error) + encoder.encode(done("error"))
    assert said.startswith(b"{")
    assert [chunk.type for chunk in decoded(said)] == ["error", "done"]


def test_what_cannot_be_said_is_a_loss() -> None:
    encoder = ResponsesEncoder()
    encoder.encode(start(model="m"))
    assert encoder.encode(TextStreamChunk(type="agent_status", status="working")) == b""
    assert encoder.encode(TextStreamChunk(type="backend_status", status="contradiction", detail="x")) == b""
    encoder.encode(TextStreamChunk(type="content", content="a", choice_index=1))
    assert [loss.partition(":")[0] for loss in encoder.losses] == [
        "agent_status",
        "backend_status",
        "content.choice_index",
    ]
