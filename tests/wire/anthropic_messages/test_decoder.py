"""Bytes to chunks: what each rule comes to; the laws are in `tests.wire.test_laws`."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from massgen_stream.testing.wires_anthropic_messages import messages
from massgen_stream.wire.anthropic_messages import MessagesDecoder

from .saying import START, STOP, add, begin, body, decoded, done, end, ending, event, of, only, types

HELLO = [
    begin("text", text=""),
    add("text_delta", text="Hel"),
    {"type": "ping"},
    add("text_delta", text="lo"),
    end(),
    ending(),
]


@given(messages())
def test_what_claude_may_send_is_never_an_error(events: list[dict[str, Any]]) -> None:
    chunks = decoded(b"".join(map(event, events)))
    assert chunks[0].type == "start"
    assert not only(chunks, "error")
    assert types(chunks).count("start") == 1


def test_a_message() -> None:
    chunks: Any = decoded(body(*HELLO))
    assert types(chunks) == ["start", "content", "content", "complete_response", "done"]
    assert (chunks[0].response_id, chunks[0].model) == ("msg_1", "claude")
    assert [chunk.content for chunk in chunks[1:3]] == ["Hel", "lo"]
    assert {chunk.item_id for chunk in chunks[1:3]} == {"msg_1-text-0"}
    assert (chunks[-1].finish_reason, chunks[-1].raw_finish_reason) == ("stop", "end_turn")
    assert chunks[-1].usage["raw"] == {"input_tokens": 5, "output_tokens": 9}


def test_done_comes_with_the_end_and_not_before() -> None:
    reader = MessagesDecoder()
    assert "done" not in types(reader.feed(body(*HELLO, stop=False)))
    assert types(reader.feed(event(STOP))) == ["complete_response", "done"]
    assert reader.feed(event(START)) == reader.close() == []


def test_what_follows_the_end_says_nothing() -> None:
    assert decoded(body(*HELLO) + b"data: [DONE]\n\ndata: rubbish\n\n") == decoded(body(*HELLO))


def test_a_stop_reason_is_not_the_end() -> None:
    chunks = decoded(body(*HELLO, stop=False))
    assert types(chunks)[-3:] == ["error", "complete_response", "done"]
    last: Any = chunks[-1]
    assert (last.finish_reason, last.raw_finish_reason) == ("incomplete", "end_turn")


def test_the_last_blank_line_may_be_missing() -> None:
    assert decoded(body(*HELLO)[:-2]) == decoded(body(*HELLO)[:-1]) == decoded(body(*HELLO))
    assert done_of(body(*HELLO)[:-4]).finish_reason == "incomplete"


def done_of(wire: bytes) -> Any:
    return decoded(wire)[-1]


def test_usage_of_the_start_is_known_after_a_cut() -> None:
    last = done_of(body(*HELLO[:2], stop=False))
    assert (last.finish_reason, last.usage["input_tokens"], last.usage_source) == ("incomplete", 5, "reported")


OVERLOADED = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}


@pytest.mark.parametrize("stop", [True, False])
def test_an_error_ends_in_error_and_what_came_stands(stop: bool) -> None:
    chunks = of(*HELLO[:2], OVERLOADED, OVERLOADED, add("text_delta", text="lo"), stop=stop)
    assert types(chunks) == ["content", "error", "content", "done"]
    assert chunks[1].error == "Overloaded"
    assert chunks[1].error_info == {"kind": "overloaded", "retryable": True, "raw": OVERLOADED}
    assert (chunks[-1].finish_reason, chunks[-1].usage["input_tokens"]) == ("error", 5)


UNKNOWN = [{}, {"type": None}, {"type": []}, {"type": "a_new_event", "text": "x"}, b"null", b"5", b"[]", b"[DONE]", b""]


@pytest.mark.parametrize("unknown", UNKNOWN)
def test_what_is_unknown_says_nothing(unknown: Any) -> None:
    assert decoded(body(*HELLO[:3], unknown, *HELLO[3:])) == decoded(body(*HELLO))


def test_deltas_of_an_unknown_kind_say_nothing() -> None:
    assert of(*HELLO[:2], add("a_new_delta", text="x"), *HELLO[2:]) == of(*HELLO)


MALFORMED = [
    (add("text_delta", text=5), "delta.text is int"),
    (add("thinking_delta", thinking=[]), "delta.thinking is list"),
    (add("input_json_delta", partial_json={}), "delta.partial_json is dict"),
    (add("image_delta", data="????"), "delta.data is not base64"),
    (begin("text", text=True), "content_block.text is bool"),
    (begin("thinking", thinking=0.5), "content_block.thinking is float"),
    (begin("tool_use", id="t", name=5), "content_block.name is int"),
    (begin("tool_use", id="t", name="f", input=[1]), "content_block.input is list"),
    (begin("image", source={"type": "url"}), "content_block.source has no url"),
    (begin("image", source="x"), "content_block.source is str"),
    ({"type": "content_block_start", "content_block": 5}, "content_block is int"),
    ({"type": "content_block_delta", "delta": "x"}, "delta is str"),
]


@pytest.mark.parametrize(("broken", "message"), MALFORMED, ids=[message for _, message in MALFORMED])
def test_what_carries_text_arguments_or_media_must_be_usable(broken: Any, message: str) -> None:
    chunks = of(*HELLO[:2], broken, *HELLO[2:])
    assert types(chunks) == ["content", "error", "done"]
    assert message in chunks[1].error
    assert chunks[1].error_info["code"] == "malformed_event"
    assert chunks[-1].finish_reason == "error"


DROPPED = [
    ("index", {"type": "content_block_stop", "index": "?"}),
    ("message.id", {"type": "message_start", "message": {"id": 5}}),
    ("message", {"type": "message_start", "message": []}),
    ("usage", {"type": "message_delta", "delta": {}, "usage": 5}),
    ("usage.output_tokens", {"type": "message_delta", "usage": {"output_tokens": "9"}}),
    ("usage.output_tokens_details.thinking_tokens", ending(usage={"output_tokens_details": {"thinking_tokens": -1}})),
    ("delta.stop_reason", {"type": "message_delta", "delta": {"stop_reason": 5}}),
    ("delta.stop_details", {"type": "message_delta", "delta": {"stop_details": "x"}}),
    ("delta", {"type": "message_delta", "delta": "x"}),
    ("delta.signature", add("signature_delta", signature=5)),
    ("delta.citation", add("citations_delta", citation=5)),
    ("content_block.citations", begin("text", 7, text="", citations=[5])),
    ("content_block.id", begin("tool_use", 7, id=5, name="f")),
]


@pytest.mark.parametrize(("path", "odd"), DROPPED, ids=[path for path, _ in DROPPED])
def test_metadata_of_an_odd_type_is_dropped_and_told_once(path: str, odd: Any) -> None:
    chunks = of(*HELLO[:2], odd, odd, *HELLO[2:])
    assert [chunk.detail for chunk in only(chunks, "backend_status")] == [path]
    assert "".join(chunk.content for chunk in only(chunks, "content")) == "Hello"
    assert not only(chunks, "error")


@pytest.mark.parametrize("index", ["0", 0.0])
def test_an_odd_index_still_tells_blocks_apart(index: Any) -> None:
    chunks = of(*HELLO[:2], begin("thinking", 1, thinking=""), add("text_delta", index, text="lo"), ending())
    assert [chunk.item_id for chunk in only(chunks, "content")] == ["msg_1-text-0", "msg_1-text-0"]


def test_a_message_without_a_start_is_one() -> None:
    chunks: Any = decoded(body(*HELLO, start=False))
    assert types(chunks)[0] == "start"
    assert (chunks[0].response_id, chunks[1].item_id) == (None, "response-text-0")
    late: Any = decoded(body(*HELLO[:2], START, *HELLO[2:], start=False))
    assert types(late).count("start") == 1
    assert (late[0].response_id, late[-1].usage["input_tokens"]) == (None, 5)


def test_a_ping_starts_nothing() -> None:
    reader = MessagesDecoder()
    assert reader.feed(event({"type": "ping"})) == []
    assert types(reader.feed(event(START))) == ["start"]


def test_content_of_the_start_counts() -> None:
    start = {"type": "message_start", "message": {"id": "m", "content": [{"type": "text", "text": "Hi"}, 5]}}
    chunks: Any = decoded(body(start, *HELLO, start=False))
    assert [(chunk.content, chunk.item_id) for chunk in only(chunks, "content")] == [
        ("Hi", "m-text-0"),
        ("Hel", "m-text-1"),
        ("lo", "m-text-1"),
    ]


def test_ids_have_the_prefix() -> None:
    chunks: Any = decoded(body(*HELLO, start=False), id_prefix="t2-")
    assert only(chunks, "content")[0].item_id == "t2-response-text-0"


def test_nested_beyond_reading_is_malformed() -> None:
    chunks: Any = decoded(body(b"[" * 100_000))
    assert types(chunks)[-3:] == ["error", "complete_response", "done"]


@pytest.mark.parametrize("padding", [0, 30_000])
def test_memory_does_not_grow_with_the_text(padding: int) -> None:
    reader = MessagesDecoder()
    reader.feed(body(HELLO[0], stop=False))
    before = size_of(reader)
    for _ in range(200):
        reader.feed(event(add("text_delta", text="x" * (padding // 200 + 1))))
    assert size_of(reader) - before < 5_000


def size_of(thing: Any) -> int:
    seen: set[int] = set()

    def walk(value: Any) -> Iterator[int]:
        if id(value) in seen or isinstance(value, type):
            return
        seen.add(id(value))
        yield sys.getsizeof(value)
        inside = value if isinstance(value, list | tuple | set) else ()
        inside = [*value, *value.values()] if isinstance(value, dict) else inside
        for item in (*inside, *getattr(value, "__dict__", {}).values()):
            yield from walk(item)

    return sum(walk(thing))


def test_the_end_of_a_refusal() -> None:
    details = {"type": "refusal", "category": "cyber", "explanation": "no"}
    last = done(*HELLO[:2], ending("refusal", stop_details=details))
    assert (last.finish_reason, last.finish_details) == ("refusal", {"stop_details": details})
