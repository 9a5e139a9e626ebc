"""Chunks to bytes: what a server says for them, and what has no place is named."""

from typing import Any

import pytest
from hypothesis import given

from massgen_stream.stream_chunk import narrow
from massgen_stream.stream_chunk.multimodal import MediaMetadata
from massgen_stream.stream_chunk.unknown import UnknownChunk
from massgen_stream.testing.wires_anthropic_messages import messages
from massgen_stream.testing.wires_anthropic_messages_blocks import BLOCKS, DELTAS, ODD
from massgen_stream.wire.anthropic_messages import MessagesEncoder
from massgen_stream.wire.anthropic_messages.encoder_dropped import dropped_event

from .saying import START, STOP, add, begin, body, decoded, documents_of, encoded, end, ending, event, only, own, types
from .test_decoder import DROPPED, HELLO, MALFORMED

UNSAID = "a Messages stream has no place for it"


@given(messages())
def test_blocks_come_one_after_the_other_as_claude_sends_them(events: list[dict[str, Any]]) -> None:
    documents = documents_of(encoded(decoded(b"".join(map(event, events)))))
    starts = [doc["index"] for doc in documents if doc["type"] == "content_block_start"]
    assert starts == list(range(len(starts)))
    assert documents[0]["type"] == "message_start"
    assert [doc["type"] for doc in documents[-2:]] == ["message_delta", "message_stop"]


def test_each_event_is_named() -> None:
    data = encoded([narrow.start(response_id="m", model="c"), narrow.content("x"), narrow.done("stop")])
    names = [line.removeprefix(b"event: ").decode() for line in data.splitlines() if line.startswith(b"event: ")]
    assert names == [doc["type"] for doc in documents_of(data)] == [
        "message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta",
        "message_stop",
    ]  # fmt: skip


def test_chunks_of_other_origin() -> None:
    """Without ids, without a start, and calls without deltas."""
    call = {"id": "t1", "name": "f", "arguments": '{"a":1}', "kind": "function"}
    chunks = [
        narrow.reasoning("hm"), narrow.content("a"), narrow.content("b"), narrow.tool_calls([call]),
        narrow.content("c"),
        narrow.server_tool_call("s1", "search", arguments='{"q":1}', status="in_progress"),
        narrow.server_tool_call("s1", "search", status="completed"),
        narrow.tool_result("s1", tool_name="search", content="found"),
        narrow.citation({"url": "https://a"}),
        narrow.done("tool_calls", usage={"input_tokens": 3, "output_tokens": 4}, usage_source="reported"),
    ]  # fmt: skip
    read: Any = decoded(encoded(chunks))
    assert types(read)[0] == "start"
    assert [chunk.content for chunk in only(read, "content")] == ["a", "b", "c", ""]
    assert [chunk.item_id for chunk in only(read, "content")][:3] == [
        "response-text-0", "response-text-0", "response-text-1",
    ]  # fmt: skip
    assert only(read, "tool_calls")[0].tool_calls == [call]
    assert [chunk.arguments for chunk in only(read, "server_tool_call")] == [None, '{"q":1}', None]
    assert only(read, "tool_result")[0].content == "found"
    assert only(read, "citation")[0].citation["url"] == "https://a"
    assert (read[-1].finish_reason, read[-1].raw_finish_reason) == ("tool_calls", "tool_use")
    assert read[-1].usage["raw"] == {"input_tokens": 3, "output_tokens": 4}


@pytest.mark.parametrize(
    ("reason", "word"),
    [("stop", "end_turn"), ("length", "max_tokens"), ("tool_calls", "tool_use"), ("pause", "pause_turn"),
     ("refusal", "refusal"), ("content_filter", "refusal"), ("other", None)],
)  # fmt: skip
def test_reasons_without_a_word(reason: str, word: str | None) -> None:
    documents = documents_of(encoded([narrow.start(), narrow.done(reason)]))
    assert documents[1]["delta"]["stop_reason"] == word
    assert documents[-1] == {"type": "message_stop"}


@pytest.mark.parametrize("reason", ["incomplete", "cancelled", "error"])
def test_a_stream_that_broke_off_has_no_end(reason: str) -> None:
    assert types_of(encoded([narrow.start(), narrow.done(reason)])) == ["message_start"]


def types_of(data: bytes) -> list[str]:
    return [doc["type"] for doc in documents_of(data)]


def test_the_start_may_tell_usage() -> None:
    encoder = MessagesEncoder()
    encoder.start_usage = {"input_tokens": 5, "output_tokens": 1}
    start = documents_of(encoder.encode(narrow.start(response_id="m")))[0]
    assert start["message"]["usage"] == {"input_tokens": 5, "output_tokens": 1}


ERRORS = [
    (narrow.error("no"), {"type": "error", "error": {"type": "api_error", "message": "no"}}),
    (narrow.error("no", error_info={"kind": "overloaded", "retryable": True}),
     {"type": "error", "error": {"type": "overloaded_error", "message": "no"}}),
    (narrow.error("no", error_info={"kind": "server", "raw": {"type": "ping"}}),
     {"type": "error", "error": {"type": "api_error", "message": "no"}}),
    (narrow.error("no", error_info={"kind": "server", "raw": {"type": "a_word", "n": 1}}), {"type": "a_word", "n": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("chunk", "document"), ERRORS)
def test_errors(chunk: Any, document: Any) -> None:
    data = encoded([chunk])
    assert documents_of(data) == [document]
    assert data.startswith(b"event: error\n")


@pytest.mark.parametrize("odd", [odd for odd, _ in MALFORMED] + [odd for _, odd in DROPPED])
def test_odd_fields_are_said_again(odd: Any) -> None:
    wire = body(*HELLO[:2], odd, *HELLO[2:])
    chunks = decoded(wire)
    assert decoded(encoded(chunks)) == chunks


@pytest.mark.parametrize("block", [*BLOCKS, *ODD], ids=str)
def test_each_block_is_said_again(block: dict[str, Any]) -> None:
    start = {"type": "content_block_start", "index": 0, "content_block": block}
    kind = block["type"] if isinstance(block["type"], str) else ""
    deltas = [{"type": "content_block_delta", "index": 0, "delta": delta} for delta in DELTAS.get(kind, ())[:3]]
    for wire in (body(start, *deltas, end(), ending()), body(start, *deltas, stop=False)):
        chunks = decoded(wire)
        assert decoded(encoded(chunks)) == chunks


def media(**fields: Any) -> Any:
    known = {"media_encoding": "url", "media_data": "https://x", "media_metadata": MediaMetadata(mime_type="image/png")}
    return narrow.media("m", **{"media_type": "image", **known, **fields})


LOST = [
    # chunk, losses
    (narrow.start(provider="p", request_id="q"), ["start.provider", "start.request_id"]),
    (narrow.content("x", item_id="i", phase="commentary"), ["text id i", "content.phase"]),
    (narrow.content("x", choice_index=1), ["content"]),
    (narrow.refusal("x"), ["refusal"]),
    (narrow.reasoning("x", content_index=0), ["reasoning.content_index"]),
    (narrow.reasoning("x", provider_data={"openai.chat": {"s": 1}}), ["reasoning.provider_data[openai.chat]"]),
    (
        narrow.content("x", provider_data={"anthropic.messages": {"y": 1}}),
        ["content.provider_data[anthropic.messages][y]"],
    ),
    (narrow.reasoning_summary("x"), ["reasoning_summary"]),
    (narrow.turn_done("stop"), ["turn_done"]),
    (narrow.usage({"input_tokens": 1}), ["usage"]),
    (narrow.backend_status("retry"), ["backend_status"]),
    (narrow.backend_status("info", detail="something"), ["backend_status"]),
    (narrow.backend_status("ignored_field", detail="nothing.known"), ["backend_status"]),
    (narrow.compression_status("completed"), ["compression_status"]),
    (narrow.tool_result("c", content="x"), ["tool_result"]),
    (narrow.tool_calls([{"id": "c", "name": "f", "arguments": "x", "kind": "custom"}]), ["tool_calls.kind custom"]),
    (narrow.media_progress("m", progress_percentage=5), ["media_progress"]),
    (media(media_type="video"), ["media"]),
    (media(media_encoding="file_path"), ["media"]),
    (media(is_partial=True, partial_kind="preview"), ["media"]),
    (media(is_partial=True, partial_kind="preview", media_encoding="binary", media_data=b"x"), ["media"]),
    (media(is_partial=True, partial_kind="segment", byte_offset=0), ["media"]),
    (media(media_data=None, media_encoding=None), ["media"]),
    (media(text_content="a caption"), ["media.text_content", "image id m"]),
    (narrow.error("x", tool_call_id="c"), ["error.tool_call_id"]),
    (narrow.done("stop", finish_details={"x": 1}), ["done.finish_details[x]"]),
    (narrow.complete_response({"id": "other", "x": 1}), ["complete_response.id"]),
    (UnknownChunk(type="new"), ["new"]),
    (narrow.reasoning_done("x"), []),
    (narrow.complete_message({"role": "assistant", "content": []}), []),
]


@pytest.mark.parametrize(("chunk", "lost"), LOST, ids=[f"{chunk.type}-{lost}" for chunk, lost in LOST])
def test_what_has_no_place_is_named(chunk: Any, lost: list[str]) -> None:
    encoder = MessagesEncoder()
    encoder.encode(chunk)
    assert sorted(encoder.losses) == sorted(f"{name}: {UNSAID}" for name in lost)


def test_an_event_exists_for_every_field_that_is_dropped() -> None:
    assert dropped_event("usage.output_tokens") == {"type": "message_delta", "usage": {"output_tokens": False}}
    assert dropped_event("nothing.known") is None


def test_who_called_comes_with_a_stop() -> None:
    """The chunks tell it with the complete call, long after the start of its block."""
    wire = body(begin("tool_use", id="t", name="f", input={}, caller={"type": "direct"}), end(), ending("tool_use"))
    stop = next(
        doc for doc in documents_of(encoded(decoded(wire))) if "content_block" in doc and doc["type"].endswith("stop")
    )
    assert stop["content_block"]["caller"] == {"type": "direct"}


def test_opaque_data_is_said_as_it_came() -> None:
    block = {"type": "redacted_thinking", "data": "EqkE", "$x": {"$bytes": "?"}}
    wire = body({"type": "content_block_start", "index": 0, "content_block": block}, end(), ending())
    chunks = decoded(wire)
    assert own(only(chunks, "reasoning")[0])["block"] == block
    assert begin("x")["type"] == "content_block_start"
    assert next(doc for doc in documents_of(encoded(chunks)) if "content_block" in doc)["content_block"] == block


@pytest.mark.anyio
async def test_the_vendors_sdk_reads_the_same_message() -> None:
    anthropic = pytest.importorskip("anthropic")
    httpx2 = pytest.importorskip("httpx2")
    events = [
        begin("thinking", thinking="", signature=""), add("thinking_delta", thinking="hm"),
        add("signature_delta", signature="sig"), end(),
        begin("text", 1, text=""), add("text_delta", 1, text="Hello"), end(1),
        begin("tool_use", 2, id="t", name="f", input={}), add("input_json_delta", 2, partial_json='{"a":1}'), end(2),
        ending("tool_use"),
    ]  # fmt: skip
    named = [b"event: " + doc["type"].encode() + b"\n" + event(doc) for doc in (START, *events, STOP)]  # it reads these
    wire = b"".join(named)

    async def read(data: bytes) -> Any:
        def answer(_: Any) -> Any:
            return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=data)

        transport = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
        async with anthropic.AsyncAnthropic(api_key="k", http_client=transport) as client:
            message = [{"role": "user", "content": "x"}]
            async with client.messages.stream(model="claude", max_tokens=5, messages=message) as stream:
                return (await stream.get_final_message()).to_dict()

    ours, theirs = await read(encoded(decoded(wire))), await read(wire)
    assert ours["content"] == theirs["content"]
    assert (ours["stop_reason"], ours["usage"]) == (theirs["stop_reason"], theirs["usage"])
