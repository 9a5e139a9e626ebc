"""What the gate does to the chunks of one stream."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.stream_chunk import narrow
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.gate import INVISIBLE, Gate
from massgen_stream.stream_chunk.kinds import ChunkType
from massgen_stream.stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from massgen_stream.stream_chunk.rules import COMMON
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.stream_chunk.unknown import UnknownChunk
from massgen_stream.stream_chunk.verifier import StreamVerifier
from massgen_stream.testing.strategies import chunks as any_chunks

CALL = {"id": "c", "name": "f", "arguments": '{"a":1}', "kind": "function"}


def passed(*chunks: BaseStreamChunk, gate: Gate | None = None, legal: bool = True) -> list[Any]:
    """Return what a gate makes of *chunks*, which must keep the grammar."""
    gate = gate or Gate(stream_id="s")
    verifier = StreamVerifier(raising=legal)
    found = [one for chunk in chunks for one in gate.feed(chunk, 1.0)]
    for one in found:
        verifier.feed(one)
    return found


def types(chunks: list[Any]) -> list[str]:
    return [str(chunk.type) for chunk in chunks]


def test_chunks_are_numbered_and_stamped() -> None:
    gate = Gate(stream_id="s", source="a")
    found = [one for time in (5.0, 7.5, 6.0, 8.0) for one in gate.feed(narrow.content("x"), time)]
    assert [(one.sequence_number, one.timestamp, one.stream_id, one.source) for one in found] == [
        (0, 5.0, "s", "a"),
        (1, 7.5, "s", "a"),
        (2, 7.5, "s", "a"),
        (3, 8.0, "s", "a"),
    ]


def test_a_source_of_its_own_is_kept() -> None:
    (chunk,) = Gate(stream_id="s", source="a").feed(TextStreamChunk(type="content", content="x", source="b"), 1.0)
    assert chunk.source == "b"


@pytest.mark.parametrize(
    "chunk",
    [
        TextStreamChunk(type="content", content="x", sequence_number=7, stream_id="other", timestamp=99.0, source="b"),
        TextStreamChunk(type="backend_status", status="info", sequence_number=7, stream_id="other"),
        MultimodalStreamChunk(type="media_progress", stage="queued", sequence_number=0, stream_id="other"),
        UnknownChunk(type="new", raw={"type": "new", "sequence_number": 7}, sequence_number=7, stream_id="other"),
    ],
)
def test_chunks_of_other_streams_are_copied_not_changed(chunk: BaseStreamChunk) -> None:
    before = chunk.to_dict()
    (one,) = Gate(stream_id="s").feed(chunk, 1.0)
    assert chunk.to_dict() == before
    assert (one.sequence_number, one.stream_id, one.timestamp) == (0, "s", 1.0)
    assert {**one.to_dict(), **dict.fromkeys(COMMON)} == {**before, **dict.fromkeys(COMMON)}


def test_a_constant_may_be_yielded_twice_and_into_two_streams() -> None:
    constant = narrow.content("x")
    first, second = Gate(stream_id="s"), Gate(stream_id="t")
    found = [one for gate in (first, first, second) for one in gate.feed(constant, 1.0)]
    assert [(one.sequence_number, one.stream_id) for one in found] == [(0, "s"), (1, "s"), (0, "t")]
    assert len({id(one) for one in found}) == 3


def test_what_is_visible() -> None:
    for kind in ChunkType:
        gate = Gate(stream_id="s")
        assert not gate.visible
        cls: Any = MultimodalStreamChunk if kind.value.startswith(("media", "attachment")) else TextStreamChunk
        gate.feed(cls(type=kind), 1.0)
        assert gate.visible == (kind not in INVISIBLE)
        assert gate.ended == (kind is ChunkType.DONE)


def test_nothing_passes_after_done() -> None:
    gate = Gate(stream_id="s")
    assert types(
        passed(narrow.content("x"), narrow.done("stop"), narrow.content("y"), narrow.done("stop"), gate=gate)
    ) == [
        "content",
        "complete_message",
        "done",
    ]
    assert gate.end("cancelled", 2.0) == []
    assert gate.ended


def test_the_finals_that_did_not_come() -> None:
    found = passed(
        narrow.reasoning("wh"),
        narrow.reasoning("y"),
        narrow.reasoning_summary("sum", item_id="i", summary_index=1),
        narrow.content("x"),
        narrow.tool_call_delta("c", '{"a":', tool_name="f"),
        narrow.tool_call_delta("c", "1}"),
        narrow.done("stop"),
    )
    finals = found[6:]
    assert types(finals) == ["reasoning_done", "reasoning_summary_done", "tool_calls", "complete_message", "done"]
    assert (finals[0].reasoning_text, finals[1].reasoning_summary_text, finals[1].summary_index) == ("why", "sum", 1)
    assert finals[2].tool_calls == [CALL]
    assert finals[3].complete_message["content"] == [
        {"type": "reasoning", "text": "why"},
        {"type": "reasoning", "text": "", "summary": ["sum"], "item_id": "i"},
        {"type": "text", "text": "x"},
        {"type": "tool_call", **CALL},
    ]
    assert finals[4].finish_reason == "tool_calls"


def test_finals_that_came_come_once() -> None:
    message = {"role": "assistant", "content": [{"type": "text", "text": "x"}, {"type": "tool_call", **CALL}]}
    given_chunks = [
        narrow.reasoning("why"),
        narrow.reasoning_done("why"),
        narrow.reasoning_summary("sum"),
        narrow.reasoning_summary_done("sum"),
        narrow.content("x"),
        narrow.tool_calls([CALL]),
        narrow.complete_message(message),
        narrow.done("tool_calls"),
    ]
    assert types(passed(*given_chunks)) == [str(chunk.type) for chunk in given_chunks]


CALLS = [
    # arguments, reason, arguments of the final, why invalid, reason of the end
    ('{"a":1}', "stop", '{"a":1}', None, "tool_calls"),
    ("", "stop", "{}", None, "tool_calls"),
    ("null", "tool_calls", "{}", None, "tool_calls"),
    ('{"a":', "stop", '{"a":', "malformed_json", "stop"),
    ('{"a":', "length", '{"a":', "cut_off", "length"),
    ('{"a":', "cancelled", '{"a":', "cut_off", "cancelled"),
    ("", "cancelled", "", "cut_off", "cancelled"),
    ('{"a":1}', "cancelled", '{"a":1}', None, "cancelled"),
]


@pytest.mark.parametrize(("arguments", "reason", "expected", "invalid", "end"), CALLS)
def test_calls_that_no_decoder_completed(
    arguments: str, reason: str, expected: str, invalid: str | None, end: str
) -> None:
    *_, calls, _, done = passed(narrow.tool_call_delta("c", arguments, tool_name="f"), narrow.done(reason))
    (call,) = calls.tool_calls
    assert (call["arguments"], call.get("invalid")) == (expected, None if invalid is None else {"reason": invalid})
    assert done.finish_reason == end


ENDS = [
    # what came, the reason given, the reason passed
    ([narrow.tool_calls([CALL])], "stop", "tool_calls"),
    ([narrow.tool_calls([CALL])], "other", "tool_calls"),
    ([narrow.tool_calls([CALL])], "length", "length"),
    ([narrow.tool_calls([{**CALL, "invalid": {"reason": "x"}}])], "stop", "stop"),
    ([narrow.refusal("no")], "stop", "refusal"),
    ([narrow.refusal("no")], "tool_calls", "refusal"),
    ([narrow.refusal("no"), narrow.tool_calls([CALL])], "stop", "tool_calls"),
    ([narrow.refusal("no")], "content_filter", "content_filter"),
    ([narrow.refusal("no", choice_index=1)], "stop", "stop"),
    ([narrow.error("m")], "stop", "error"),
    ([narrow.error("m")], "cancelled", "cancelled"),
    ([narrow.error("m", tool_call_id="c")], "stop", "stop"),
    ([narrow.error("m", media_id="c")], "stop", "stop"),
]


@pytest.mark.parametrize(("chunks", "reason", "expected"), ENDS)
def test_the_reason_of_the_end(chunks: list[Any], reason: str, expected: str) -> None:
    done = passed(*chunks, narrow.done(reason, raw_finish_reason="raw"))[-1]
    assert (done.finish_reason, done.raw_finish_reason) == (expected, "raw")


@pytest.mark.parametrize(("reason", "kind"), [("error", "unknown"), ("incomplete", "transport")])
def test_a_failure_that_nothing_explains_gets_an_error(reason: str, kind: str) -> None:
    error, done = passed(narrow.done(reason))
    assert (error.type, error.error_info["kind"], done.finish_reason) == ("error", kind, reason)
    assert types(passed(narrow.content("x"), narrow.error("m"), narrow.done(reason))).count("error") == 1
    two = passed(narrow.error("m"), narrow.turn_done(reason), narrow.done(reason))
    assert types(two) == ["error", "turn_done", "done"]


def test_an_error_explains_its_own_turn_only() -> None:
    found = passed(narrow.error("m"), narrow.turn_done("error"), narrow.start(), narrow.done("error"))
    assert types(found) == ["error", "turn_done", "start", "error", "done"]


def test_an_empty_source_is_one() -> None:
    delta = TextStreamChunk(type="reasoning", reasoning_delta="x", source="")
    final = TextStreamChunk(type="reasoning_done", reasoning_text="x", source="")
    found = passed(delta, final, narrow.done("stop"), gate=Gate(stream_id="s", source="a"))
    assert [(str(one.type), one.source) for one in found] == [
        ("reasoning", ""),
        ("reasoning_done", ""),
        ("complete_message", ""),
        ("done", "a"),
    ]


def test_end_ends_a_stream_whose_decoder_did_not() -> None:
    gate = Gate(stream_id="s")
    gate.feed(narrow.content("x"), 1.0)
    found: list[Any] = gate.end("error", 2.0, error=narrow.error("timeout", error_info={"kind": "timeout"}))
    assert types(found) == ["error", "complete_message", "done"]
    assert (found[-1].finish_reason, found[-1].usage_source, found[0].timestamp) == ("error", "none", 2.0)


USAGE = [
    # what came, usage and source of the end
    ([], None, None, None, "none"),
    ([narrow.usage({"input_tokens": 1})], None, None, {"input_tokens": 1}, "reported"),
    ([narrow.usage({"input_tokens": 1})], None, "none", {"input_tokens": 1}, "reported"),
    (
        [narrow.usage({"input_tokens": 1}), narrow.usage({"input_tokens": 2})],
        None,
        None,
        {"input_tokens": 2},
        "reported",
    ),
    ([narrow.usage({"input_tokens": 1})], {"input_tokens": 9}, "estimated", {"input_tokens": 9}, "estimated"),
    ([], {"input_tokens": 9}, None, {"input_tokens": 9}, "reported"),
    ([], None, "reported", None, "none"),
]


@pytest.mark.parametrize(("chunks", "usage", "source", "found", "found_source"), USAGE)
def test_the_end_has_the_best_known_usage(
    chunks: list[Any], usage: Any, source: str | None, found: Any, found_source: str
) -> None:
    done = passed(*chunks, narrow.done("stop", usage=usage, usage_source=source))[-1]
    assert (done.usage, done.usage_source) == (found, found_source)


def test_usage_of_several_turns_is_their_sum() -> None:
    gate = Gate(stream_id="s")
    assert gate.usage is None
    found = passed(
        narrow.usage({"input_tokens": 1, "raw": {"a": 1}}),
        narrow.turn_done("stop"),
        narrow.content("x"),
        narrow.turn_done("stop", usage={"input_tokens": 2}),
        narrow.usage({"input_tokens": 4, "output_tokens": 1}),
        narrow.done("stop"),
        gate=gate,
    )
    ends = [one.usage for one in found if one.type in ("turn_done", "done")]
    assert ends == [{"input_tokens": 1, "raw": {"a": 1}}, {"input_tokens": 2}, {"input_tokens": 7, "output_tokens": 1}]
    assert gate.usage == {"input_tokens": 7, "output_tokens": 1}


def test_a_turn_has_finals_of_its_own() -> None:
    found = passed(
        narrow.start(),
        narrow.content("one"),
        narrow.tool_calls([CALL]),
        narrow.turn_done("stop"),
        narrow.tool_result("c", content="42"),
        narrow.start(),
        narrow.content("two"),
        narrow.turn_done("stop"),
        narrow.done("stop"),
    )
    messages = [one.complete_message["content"] for one in found if one.type == "complete_message"]
    assert messages == [
        [{"type": "text", "text": "one"}, {"type": "tool_call", **CALL}],
        [{"type": "text", "text": "two"}],
    ]
    assert [one.finish_reason for one in found if one.type == "turn_done"] == ["tool_calls", "stop"]


def test_a_turn_may_begin_with_a_final() -> None:
    where: dict[str, Any] = {"item_id": "i"}
    found = passed(
        narrow.reasoning("a", **where),
        narrow.reasoning_summary("b", **where),
        narrow.turn_done("stop"),
        narrow.reasoning_done("c", **where),
        narrow.turn_done("stop"),
        narrow.reasoning_summary_done("d", **where),
        narrow.done("stop"),
    )
    assert [one.reasoning_delta for one in found if one.type == "reasoning"] == ["a", "c"]
    assert [one.reasoning_summary_delta for one in found if one.type == "reasoning_summary"] == ["b", "d"]
    assert "backend_status" not in types(found)


def test_an_attempt_may_start_again() -> None:
    retry = narrow.backend_status("retry")
    found = passed(narrow.start(), retry, narrow.start(), narrow.content("x"), narrow.done("stop"))
    assert types(found) == ["start", "backend_status", "start", "content", "complete_message", "done"]


def test_choices_have_finals_of_their_own() -> None:
    found = passed(
        narrow.content("a"),
        narrow.content("b", choice_index=1),
        narrow.reasoning("c", choice_index=1),
        narrow.tool_call_delta("d", "{}", tool_name="f", choice_index=1),
        narrow.done("stop"),
    )
    assert [(str(one.type), one.choice_index) for one in found[4:-1]] == [
        ("reasoning_done", 1),
        ("tool_calls", 1),
        ("complete_message", None),
        ("complete_message", 1),
    ]
    assert found[-1].finish_reason == "stop"


def test_sources_of_a_merged_stream_do_not_mix() -> None:
    def said(kind: str, source: str, **fields: Any) -> TextStreamChunk:
        return TextStreamChunk(type=kind, source=source, **fields)

    found = passed(
        said("reasoning", "a", reasoning_delta="x"),
        said("reasoning", "b", reasoning_delta="y"),
        said("turn_done", "a", finish_reason="stop"),
        said("reasoning_done", "b", reasoning_text="y"),
        said("content", "b", content="z"),
        narrow.done("stop"),
    )
    assert [(str(one.type), one.source) for one in found[2:]] == [
        ("reasoning_done", "a"),
        ("complete_message", "a"),
        ("turn_done", "a"),
        ("reasoning_done", "b"),
        ("content", "b"),
        ("complete_message", "b"),
        ("done", None),
    ]


def test_a_gated_stream_passes_another_gate_as_it_is() -> None:
    sound: dict[str, Any] = {"media_encoding": "binary", "is_partial": True, "partial_kind": "segment"}
    first = passed(
        narrow.start(),
        narrow.reasoning("why"),
        narrow.content("x"),
        narrow.media("m", "audio", media_data=b"12", byte_offset=0, chunk_index=0, **sound),
        narrow.tool_call_delta("c", "{}", tool_name="f"),
        narrow.usage({"input_tokens": 1}),
        narrow.done("stop"),
    )
    assert passed(*first, gate=Gate(stream_id="s")) == first


def test_media_end_with_size_and_digest_and_are_told_at_the_end() -> None:
    sound: dict[str, Any] = {"media_encoding": "binary", "is_partial": True, "partial_kind": "segment"}
    segments = [
        narrow.media(
            "m",
            "audio",
            media_data=b"12",
            byte_offset=0,
            chunk_index=0,
            media_metadata=MediaMetadata(mime_type="audio/wav"),
            **sound,
        ),
        narrow.media("m", "audio", media_data=b"3", byte_offset=2, chunk_index=1, **sound),
    ]
    *_, final, done = passed(*segments, narrow.done("stop"))
    assert (final.media_metadata.size_bytes, final.media_metadata.mime_type, final.media_data) == (3, "audio/wav", None)
    digest = "sha256:a665a45920422f9d417e4867efdc4fb8a04a1f3fff1fa07e998e86f7f7a27ae3"
    assert done.media_results == [
        {"media_id": "m", "media_type": "audio", "mime_type": "audio/wav", "size_bytes": 3, "checksum": digest}
    ]
    assert types(passed(*segments, narrow.error("m"), narrow.done("incomplete"))) == ["media", "media", "error", "done"]


def test_results_of_turns_are_summed_up_at_the_end() -> None:
    image: dict[str, Any] = {"media_encoding": "url", "media_data": "https://x"}
    found = passed(
        narrow.media("a", "image", **image),
        narrow.turn_done("stop"),
        narrow.media("b", "image", **image),
        narrow.done("stop"),
    )
    ends = [[row["media_id"] for row in one.media_results] for one in found if one.type in ("turn_done", "done")]
    assert ends == [["a"], ["a", "b"]]


def test_the_message_names_media_without_their_bytes() -> None:
    found = passed(
        narrow.content("a"),
        narrow.media("m", "image", media_encoding="binary", media_data=b"1"),
        narrow.content("b"),
        narrow.media(
            "n",
            "image",
            media_encoding="url",
            media_data="https://x",
            media_metadata=MediaMetadata(mime_type="image/png"),
        ),
        narrow.done("stop"),
    )
    assert found[-2].complete_message["content"] == [
        {"type": "text", "text": "a"},
        {"type": "text", "text": "b"},
        {"type": "image", "url": "https://x", "media_id": "n", "mime_type": "image/png"},
    ]


def test_bytes_of_media_are_not_kept() -> None:
    gate = Gate(stream_id="s")
    for number in range(3):
        data = bytes(100_000 + number)
        segment = narrow.media(
            "m",
            "audio",
            media_encoding="binary",
            media_data=data,
            is_partial=True,
            partial_kind="segment",
            byte_offset=0,
        )
        gate.feed(segment, 1.0)
        gate.feed(narrow.media(f"i{number}", "image", media_encoding="base64", media_data="AAAA" * 25_000), 1.0)
    assert not any(isinstance(one, bytes | str) and len(one) > 50_000 for one in reachable(gate))


def reachable(value: Any, seen: set[int] | None = None) -> list[Any]:
    seen = set() if seen is None else seen
    if id(value) in seen:
        return []
    seen.add(id(value))
    held: list[Any] = []
    if isinstance(value, dict):
        held = [*value, *value.values()]
    elif isinstance(value, list | tuple | set):
        held = list(value)
    elif type(value).__module__.startswith("massgen_stream"):
        names = [
            *getattr(value, "__slots__", ()),
            *getattr(value, "__struct_fields__", ()),
            *getattr(value, "__dict__", ()),
        ]
        held = [getattr(value, name) for name in names]
    return [value, *(found for one in held for found in reachable(one, seen))]


@given(st.lists(any_chunks(), max_size=5))
def test_no_chunks_make_it_raise(chunks: list[Any]) -> None:
    gate = Gate(stream_id="s")
    found = [one for chunk in chunks for one in gate.feed(chunk, 1.0)] + gate.end("stop", 2.0)
    assert [one.sequence_number for one in found] == list(range(len(found)))
    assert [str(one.type) for one in found].count("done") == 1
    for one in found:
        one.check()
