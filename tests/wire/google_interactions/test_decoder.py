"""Bytes to chunks: what each rule comes to; the laws are in `tests.wire.test_laws`."""

from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.stream_chunk.accumulator import Accumulator
from massgen_stream.testing.wires_google_interactions import interactions
from massgen_stream.wire.google_interactions import InteractionsDecoder

from .saying import (
    USAGE,
    add,
    begin,
    body,
    call,
    completed,
    created,
    decoded,
    end,
    event,
    of,
    only,
    own,
    say,
    types,
    updated,
)  # fmt: skip

HELLO = [begin("model_output"), add("text", text="Hel"), add("text", text="lo"), end()]
PNG = b"\x89PNG\r\n\x1a\nxyz"


def b64(data: bytes) -> str:
    return b64encode(data).decode()


@given(interactions())
def test_what_google_may_send_is_never_malformed(events: list[dict[str, Any]]) -> None:
    chunks = decoded(b"".join(map(event, events)))
    assert chunks[0].type == "start"
    assert types(chunks).count("start") == 1
    assert all(chunk.error_info["kind"] not in ("protocol", "transport") for chunk in only(chunks, "error"))


def test_an_answer() -> None:
    chunks = decoded(body(*HELLO))
    assert types(chunks) == ["start", "content", "content", "complete_response", "done"]
    assert (chunks[0].response_id, chunks[0].model) == ("v1_1", "gemini")
    assert [chunk.content for chunk in chunks[1:3]] == ["Hel", "lo"]
    assert {chunk.item_id for chunk in chunks[1:3]} == {"v1_1-text-0"}
    assert chunks[-2].response == completed()["interaction"]
    assert (chunks[-1].finish_reason, chunks[-1].raw_finish_reason) == ("stop", "completed")
    assert chunks[-1].usage["raw"] == USAGE


def test_done_comes_with_the_end_and_not_before() -> None:
    reader = InteractionsDecoder()
    assert "done" not in types(reader.feed(body(*HELLO, stop=False)))
    assert types(reader.feed(event(completed()))) == ["complete_response", "done"]
    assert reader.feed(event(created())) == reader.close() == []


def test_a_terminator_is_not_the_end() -> None:
    assert of(*HELLO, b"[DONE]", stop=False)[-1].finish_reason == "incomplete"


STATUSES = [
    ("completed", "stop", "tool_calls"), ("requires_action", "pause", "tool_calls"),
    ("incomplete", "length", "length"), ("budget_exceeded", "length", "length"),
    ("cancelled", "cancelled", "cancelled"), ("a_new_status", "other", "tool_calls"), ("failed", "error", "error"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "reason", "with_a_call"), STATUSES)
def test_every_status(status: str, reason: str, with_a_call: str) -> None:
    last = of(*HELLO, status=status)[-1]
    assert (last.finish_reason, last.raw_finish_reason, last.usage["raw"]) == (reason, status, USAGE)
    assert of(*call("c", "{}"), status=status)[-1].finish_reason == with_a_call


def test_a_status_alone_may_tell_the_end() -> None:
    last = of(*HELLO, updated(status="cancelled", usage=USAGE), stop=False)[-1]
    assert (last.finish_reason, last.raw_finish_reason, last.usage["raw"]) == ("cancelled", "cancelled", USAGE)


def test_a_cut_keeps_what_is_known() -> None:
    report = {**add("text", text="!"), "metadata": {"total_usage": USAGE}}
    chunks = of(*HELLO[:2], report, stop=False)
    assert types(chunks) == ["content", "content", "error", "done"]
    assert (chunks[-1].finish_reason, chunks[-1].raw_finish_reason) == ("incomplete", None)
    assert chunks[-1].usage["raw"] == USAGE


OVERLOADED = {"code": "unavailable", "message": "Overloaded"}


@pytest.mark.parametrize("stop", [True, False])
def test_an_error_ends_in_error_and_what_came_stands(stop: bool) -> None:
    error = {"event_type": "error", "error": OVERLOADED}
    chunks = of(*HELLO[:2], error, error, *HELLO[2:], stop=stop, status="failed")
    assert types(chunks) == ["content", "error", "content", "done"]
    assert chunks[1].error == "Overloaded"
    assert (chunks[1].error_info["kind"], chunks[1].error_info["raw"]) == ("overloaded", OVERLOADED)
    assert (chunks[-1].finish_reason, chunks[-1].raw_finish_reason) == ("error", "failed" if stop else None)


def test_a_failure_without_an_event_says_why() -> None:
    told = of(completed("failed", errors=[OVERLOADED]), stop=False)
    assert [chunk.error for chunk in only(told, "error")] == ["Overloaded"]
    untold = of(status="failed")
    assert "did not say why" in only(untold, "error")[0].error
    of_a_step = of(begin("model_output", error={"code": 3, "message": "blocked"}), end(), status="failed")
    assert [chunk.error for chunk in only(of_a_step, "error")] == ["blocked"]


UNKNOWN = [{}, {"event_type": None}, {"event_type": []}, {"event_type": "new", "text": "x"}, b"null", b"[DONE]", b""]


@pytest.mark.parametrize("unknown", UNKNOWN)
def test_what_is_unknown_says_nothing(unknown: Any) -> None:
    assert decoded(body(*HELLO[:2], unknown, *HELLO[2:])) == decoded(body(*HELLO))


def test_deltas_of_an_unknown_kind_say_nothing() -> None:
    assert of(*HELLO[:2], add("a_new_delta", text="x"), *HELLO[2:]) == of(*HELLO)


def test_steps_of_an_unknown_kind_are_kept_as_they_are() -> None:
    step = {"type": "a_new_step", "value": [1]}
    kept = only(of(begin("a_new_step", value=[1]), add("text", text="x"), end()), "content")
    assert [own(chunk) for chunk in kept] == [{"step": step}, {"deltas": [{"type": "text", "text": "x"}]}]
    assert {chunk.content for chunk in kept} == {""}


def test_the_input_is_not_repeated() -> None:
    echo = [begin("user_input", content=[{"type": "text", "text": "Hi"}]), add("text", text="Hi"), end()]
    assert types(of(*echo, add("image", data=b64(PNG)))) == ["done"]


THOUGHT = [
    begin("thought"), add("thought_summary", content={"type": "text", "text": "One."}),
    add("thought_signature", signature=""), add("thought_summary", content={"type": "text", "text": "Two."}),
    add("thought_signature", signature="sig"), end(),
]  # fmt: skip


def test_thoughts_have_summaries_and_a_signature() -> None:
    chunks = of(*THOUGHT)
    summaries = [(one.reasoning_summary_delta, one.summary_index) for one in only(chunks, "reasoning_summary")]
    assert summaries == [("One.", 0), ("Two.", 1)]
    assert [own(chunk) for chunk in only(chunks, "reasoning")] == [{"signature": "sig"}]
    accumulator = Accumulator()
    for chunk in chunks:
        accumulator.feed(chunk)
    part = accumulator.message()["content"][0]
    assert (part["summary"], part["provider_data"]) == (["One.", "Two."], {"google.interactions": {"signature": "sig"}})


def test_a_thought_may_hold_an_image() -> None:
    medium = only(of(begin("thought", summary=[{"type": "image", "data": b64(PNG)}])), "media")[0]
    assert (medium.display, own(medium), medium.media_data) == (False, {"thought": "v1_1-thought-0"}, PNG)


def test_a_call_and_its_signature() -> None:
    chunks = of(*call("c1", '{"a": 1}', signature="s1"), *call("c2", "", 1), status="requires_action")
    assert [chunk.arguments_delta for chunk in only(chunks, "tool_call_delta")] == ["", '{"a": 1}', ""]
    assert only(chunks, "tool_calls")[0].tool_calls == [
        {"id": "c1", "name": "look", "arguments": '{"a": 1}', "kind": "function",
         "provider_data": {"google.interactions": {"signature": "s1"}}},
        {"id": "c2", "name": "look", "arguments": "{}", "kind": "function"},
    ]  # fmt: skip


def test_arguments_may_stand_in_the_start() -> None:
    chunks = of(begin("function_call", id="c", name="look", arguments={"a": "é"}), end())
    assert [chunk.arguments_delta for chunk in only(chunks, "tool_call_delta")] == ["", '{"a":"é"}']


def test_a_call_that_was_cut_off_is_never_run() -> None:
    for documents, stop in ((call("c", '{"a": '), False), (call("c", '{"a": '), True)):
        found = only(of(*documents, stop=stop, status="incomplete"), "tool_calls")[0].tool_calls[0]
        assert (found["arguments"], found["invalid"]) == ('{"a": ', {"reason": "cut_off"})


def test_ids_are_unique_and_made_up_where_there_is_none() -> None:
    calls = only(of(*call("c", "{}"), *call("c", "{}", 1), *call("", "{}", 2)), "tool_calls")[0].tool_calls
    assert [one["id"] for one in calls] == ["c", "v1_1-call-0", "v1_1-call-1"]


ANNOTATIONS = [
    {"type": "url_citation", "url": "https://a", "title": "A", "start_index": 0, "end_index": 5},
    {"type": "file_citation", "document_uri": "f://1", "file_name": "a.pdf", "source": "text"},
    {"type": "place_citation", "name": "Café", "url": "https://maps", "place_id": "p"},
    {"type": "word_info", "text": "Zoë"},
]


def test_annotations_are_citations_and_go_back_as_they_came() -> None:
    chunks = of(begin("model_output"), add("text", text="Zoë é"), add("text_annotation_delta", annotations=ANNOTATIONS))
    assert own(only(chunks, "content")[1]) == {"annotations": ANNOTATIONS}
    assert [chunk.citation for chunk in only(chunks, "citation")] == [
        {"url": "https://a", "title": "A", "start": 0, "end": 4, "raw": ANNOTATIONS[0]},
        {"url": "f://1", "title": "a.pdf", "cited_text": "text", "raw": ANNOTATIONS[1]},
        {"url": "https://maps", "title": "Café", "raw": ANNOTATIONS[2]},
    ]


def test_an_image_is_whole_and_parts_the_text() -> None:
    image = add("image", data=b64(PNG), mime_type="image/png", resolution="high", uri="https://i")
    chunks = of(begin("model_output"), add("text", text="a"), image, add("text", text="b"))
    assert [chunk.item_id for chunk in only(chunks, "content")] == ["v1_1-text-0", "v1_1-text-1"]
    medium = only(chunks, "media")[0]
    assert (medium.media_id, str(medium.media_type), medium.media_data) == ("v1_1-image-0", "image", PNG)
    assert (medium.is_partial, own(medium)) == (False, {"resolution": "high", "uri": "https://i"})
    assert medium.media_metadata.checksum == f"sha256:{sha256(PNG).hexdigest()}"


@pytest.mark.parametrize("kind", ["audio", "video"])
def test_sound_and_video_come_in_segments(kind: str) -> None:
    first = add(kind, data=b64(b"0123"), mime_type="x/y", sample_rate=24000, channels=1)
    chunks = only(of(begin("model_output"), first, add(kind, data=b64(b"45")), end()), "media")
    assert [(one.media_data, one.byte_offset, one.partial_kind) for one in chunks] == [
        (b"0123", 0, "segment"), (b"45", 4, "segment"), (None, None, None),
    ]  # fmt: skip
    last = chunks[-1].media_metadata
    assert (last.size_bytes, last.checksum) == (6, f"sha256:{sha256(b'012345').hexdigest()}")
    assert (last.mime_type, last.sample_rate, last.channels) == ("x/y", 24000, 1)


def test_an_address_stands_for_a_medium() -> None:
    medium = only(of(add("video", uri="https://v", mime_type="video/mp4")), "media")[0]
    assert (str(medium.media_encoding), medium.media_data, medium.is_partial) == ("url", "https://v", False)


def test_a_cut_leaves_segments_open() -> None:
    chunks = of(add("audio", data=b64(b"0123"), mime_type="audio/l16"), stop=False)
    assert [chunk.is_partial for chunk in only(chunks, "media")] == [True]


SEARCH = [
    begin("google_search_call", id="s", signature=""), add("google_search_call", arguments={"queries": ["é"]}), end(),
    begin("google_search_result", 1, call_id="s"),
    add("google_search_result", 1, result=[{"search_suggestions": "x"}], is_error=False), end(1),
]  # fmt: skip


def test_a_search() -> None:
    chunks = of(*SEARCH)
    told = [(one.tool_name, one.arguments, one.status) for one in only(chunks, "server_tool_call")]
    assert told == [
        ("google_search", None, "in_progress"), ("google_search", '{"queries":["é"]}', "in_progress"),
        ("google_search", None, "completed"),
    ]  # fmt: skip
    result = only(chunks, "tool_result")[0]
    assert (result.tool_call_id, result.tool_name, result.is_error) == ("s", "google_search", None)
    assert result.content == '[{"search_suggestions":"x"}]'
    assert own(result)["step"]["result"] == [{"search_suggestions": "x"}]


def test_a_result_that_failed_and_one_with_media() -> None:
    start = begin("mcp_server_tool_call", id="m", name="ask", server_name="wiki", arguments={"q": 1})
    content = [{"type": "text", "text": "no"}, {"type": "image", "data": b64(PNG), "mime_type": "image/png"}]
    result = begin("mcp_server_tool_result", 1, call_id="m", result=content, is_error=True)
    chunks = of(start, end(), result, end(1))
    assert [chunk.status for chunk in only(chunks, "server_tool_call")] == ["in_progress", "failed"]
    told = only(chunks, "tool_result")[0]
    assert (told.tool_name, told.is_error) == ("ask", True)
    assert told.attachments == [{"type": "image", "base64": b64(PNG), "mime_type": "image/png"}]


def test_a_result_goes_on_or_says_it_again() -> None:
    start = begin("code_execution_result", call_id="c")
    for pieces in (["1", "2"], ["1", "12"]):
        chunks = of(start, *(add("code_execution_result", result=piece) for piece in pieces), end())
        assert [chunk.content for chunk in only(chunks, "tool_result")] == ["1", "12"]


def test_arguments_of_googles_calls_may_come_in_pieces() -> None:
    start = begin("mcp_server_tool_call", id="m", name="ask", server_name="wiki", arguments={})
    pieces = [add("arguments_delta", arguments=piece) for piece in ('{"q":', " 1}")]
    whole = only(of(start, *pieces, end()), "server_tool_call")[-1]
    assert (whole.arguments, own(whole)["step"]["arguments"]) == ('{"q": 1}', {"q": 1})
    cut = only(of(start, *pieces[:1], stop=False), "server_tool_call")[-1]
    assert (cut.arguments, cut.status) == ('{"q":', "incomplete")


def test_googles_call_may_wait_for_the_client() -> None:
    start = begin("tool_search_call", id="t", arguments={"function_names": ["f"]})
    chunks = of(start, end(), status="requires_action")
    assert [chunk.status for chunk in only(chunks, "server_tool_call")] == ["in_progress", "requires_action"]
    assert chunks[-1].finish_reason == "pause"


MALFORMED = [
    (add("text", text=5), "delta.text is int"), (add("arguments_delta", arguments=[]), "delta.arguments is list"),
    (add("image", data="????"), "delta.data is not base64"), (add("image", data=5), "delta.data is int"),
    (add("thought_summary", content=5), "delta.content is int"),
    (add("thought_summary", content={"type": "text", "text": 5}), "delta.content.text is int"),
    (begin("model_output", content="x"), "step.content is str"),
    (begin("model_output", content=[5]), "step.content has int"),
    (begin("model_output", content=[{"type": "text", "text": True}]), "content.text is bool"),
    (begin("thought", summary=[{"type": "image", "uri": 0.5}]), "summary.uri is float"),
    (begin("function_call", name={}), "step.name is dict"),
    (begin("function_call", name="f", arguments=[1]), "step.arguments is list"),
    ({"event_type": "step.delta", "delta": "x"}, "delta is str"), ({"event_type": "step.start", "step": 5}, "step is"),
    (b"rubbish", "not JSON"), (b'{"event_type":', "not JSON"), (b"[" * 3000, "not JSON"),
]  # fmt: skip


@pytest.mark.parametrize(("odd", "message"), MALFORMED)
def test_a_malformed_event_ends_the_stream_at_once(odd: Any, message: str) -> None:
    chunks = of(*HELLO[:2], odd, *HELLO[2:])
    assert types(chunks) == ["content", "error", "done"]
    assert message in chunks[1].error
    assert (chunks[1].error_info["kind"], chunks[-1].finish_reason) == ("protocol", "error")


DROPPED = [
    ("index", add("text", "0", text="")), ("interaction.id", created(id=5)), ("interaction.model", created(model=[])),  # type: ignore[arg-type]
    ("interaction.usage", created(usage="x")), ("usage.total_tokens", updated(usage={"total_tokens": "9"})),
    ("status", updated(status=5)), ("interaction_id", {**updated(), "interaction_id": 5}),
    ("event_id", updated(event_id=5)), ("metadata", updated(metadata=5)), ("step", end(9, step=5)),
    ("metadata.usage", updated(metadata={"usage": 5})), ("delta.signature", add("thought_signature", 9, signature=5)),
    ("delta.annotations", add("text_annotation_delta", 9, annotations=5)),
    ("delta.mime_type", add("image", 9, mime_type=5)), ("step.error", begin("model_output", 9, error=5)),
    ("summary.channels", begin("thought", 9, summary=[{"type": "image", "channels": -1}])),
]  # fmt: skip


@pytest.mark.parametrize(("path", "odd"), DROPPED)
def test_metadata_of_a_wrong_type_is_dropped_and_told_once(path: str, odd: Any) -> None:
    told = of(*HELLO[:2], odd, odd, *HELLO[2:])
    assert [chunk.detail for chunk in only(told, "backend_status")] == [path]
    assert [chunk.content for chunk in only(told, "content")] == ["Hel", "lo"]
    assert told[-1].finish_reason == "stop"


def test_steps_that_were_not_streamed_are_told_from_the_end() -> None:
    steps = [{"type": "user_input"}, {"type": "model_output", "content": [{"type": "text", "text": "Hi"}]}]
    assert [chunk.content for chunk in only(of(completed(steps=steps), stop=False), "content")] == ["Hi"]
    assert [chunk.content for chunk in only(of(*HELLO, completed(steps=steps), stop=False), "content")] == ["Hel", "lo"]


def final(words: str) -> dict[str, Any]:
    return {"type": "model_output", "content": [{"type": "text", "text": words}]}


def test_what_the_end_adds_to_the_text_is_one_more_delta() -> None:
    chunks = of(*HELLO, completed(steps=[{"type": "thought"}, final("Hello"), final(" there")]), stop=False)
    assert [(one.content, one.item_id) for one in only(chunks, "content")][-1] == (" there", "v1_1-text-0")
    assert not only(chunks, "backend_status")
    after_thought = of(*THOUGHT, completed(steps=[final("Hi")]), stop=False)
    assert [chunk.content for chunk in only(after_thought, "content")] == ["Hi"]


def test_deltas_stand_where_the_end_tells_something_else() -> None:
    chunks = of(*HELLO, completed(steps=[final("Bye")]), stop=False)
    assert "".join(chunk.content for chunk in only(chunks, "content")) == "Hello"
    assert [chunk.status for chunk in only(chunks, "backend_status")] == ["contradiction"]


def test_the_end_of_an_answer_in_parts_has_the_steps_of_all() -> None:
    first, second = final("Hello"), final(" you")
    pause = paused(steps=[first])
    chunks = of(*HELLO, pause, created(id="v1_2"), *say(" you"), completed(id="v1_2", steps=[second]), stop=False)
    assert not only(chunks, "backend_status")
    whole = decoded(
        body(*HELLO, pause, created(id="v1_2"), *say(" you"), completed(id="v1_2", steps=[second]), stop=False)
    )
    assert whole[-2].response["steps"] == [first, second]
    unknown = decoded(body(*HELLO, paused(), created(id="v1_2"), completed(id="v1_2", steps=[second]), stop=False))
    assert "steps" not in unknown[-2].response
    assert unknown[-3].content == " you"


def paused(**fields: Any) -> dict[str, Any]:
    return completed("requires_continuation", continuation_token="tok", **fields)


def test_an_answer_may_pause() -> None:
    reader = InteractionsDecoder()
    assert "done" not in types(reader.feed(body(*HELLO, paused(), b"[DONE]", stop=False)))
    assert (reader.continuation_token, reader.interaction_id) == ("tok", "v1_1")
    last: Any = reader.close()[-1]
    assert (last.finish_reason, last.raw_finish_reason) == ("pause", "requires_continuation")
    assert (last.finish_details, last.usage["raw"]) == ({"continuation_token": "tok"}, USAGE)


def test_an_answer_goes_on_in_another_request() -> None:
    reader = InteractionsDecoder()
    chunks: list[Any] = reader.feed(body(*HELLO, paused(), b"[DONE]", stop=False))
    chunks += reader.feed(event(created(id="v1_2")))
    assert reader.continuation_token is None
    chunks += reader.feed(b"".join(map(event, [*say(" there"), completed(id="v1_2")])))
    assert types(chunks) == ["start", "content", "content", "content", "complete_response", "done"]
    assert "".join(chunk.content for chunk in only(chunks, "content")) == "Hello there"
    assert (chunks[-2].response["id"], chunks[-2].response["continuation_ids"]) == ("v1_2", ["v1_1", "v1_2"])
    assert (chunks[-1].usage["total_tokens"], chunks[-1].usage["input_tokens"]) == (18, 8)
    assert chunks[-1].usage["raw"]["initial_input_tokens"] == 4


def test_a_second_part_that_is_cut_is_a_cut() -> None:
    last = of(*HELLO, paused(), *HELLO[:2], stop=False)[-1]
    assert (last.finish_reason, last.usage["raw"]) == ("incomplete", USAGE)


@given(interactions(), st.data())
def test_a_stream_that_goes_on_after_a_cut_is_the_uncut_one(events: list[dict[str, Any]], data: st.DataObject) -> None:
    marked = [{**document, "event_id": f"e{number}"} for number, document in enumerate(events)]
    wire = [event(document) for document in marked]
    whole = b"".join(wire)
    place = data.draw(st.integers(0, len(whole)))
    reader = InteractionsDecoder()
    chunks = reader.feed(whole[:place])
    reader.resume()
    seen = int(reader.last_event_id.removeprefix("e") or -1)
    chunks += reader.feed(b"".join(wire[seen + 1 :])) + reader.close()
    assert chunks == decoded(whole)


def test_it_knows_where_a_cut_stream_can_go_on() -> None:
    reader = InteractionsDecoder()
    marked = [{**document, "event_id": f"e{n}"} for n, document in enumerate([created(), *HELLO])]
    wire = b"".join(map(event, marked))
    reader.feed(wire[:-30])
    assert (reader.interaction_id, reader.last_event_id) == ("v1_1", "e3")


def test_a_body_that_is_no_stream_is_an_error() -> None:
    chunks = decoded(b'{"error":{"code":400,"message":"API key not valid","status":"INVALID_ARGUMENT"}}')
    assert types(chunks) == ["error", "done"]
    assert (chunks[0].error, chunks[0].error_info["kind"]) == ("API key not valid", "authentication")
