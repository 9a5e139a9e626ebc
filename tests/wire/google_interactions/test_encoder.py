"""Chunks to bytes: what a server says for them, and what has no place is named."""

from typing import Any

import pytest
from hypothesis import given

from massgen_stream.stream_chunk import narrow
from massgen_stream.stream_chunk.multimodal import MediaMetadata
from massgen_stream.stream_chunk.unknown import UnknownChunk
from massgen_stream.testing.wires_google_interactions import interactions
from massgen_stream.testing.wires_google_interactions_steps import DELTAS, ODD, STEPS
from massgen_stream.wire.google_interactions import InteractionsDecoder, InteractionsEncoder
from massgen_stream.wire.google_interactions.encoder_dropped import dropped_event

from .saying import add, begin, body, completed, decoded, documents_of, encoded, end, event, only, read_again, types
from .test_decoder import DROPPED, HELLO, MALFORMED, SEARCH, THOUGHT

UNSAID = "an Interactions stream has no place for it"


@given(interactions())
def test_steps_come_one_after_the_other_as_google_sends_them(events: list[dict[str, Any]]) -> None:
    documents = documents_of(encoded(decoded(b"".join(map(event, events)))))
    starts = [doc["index"] for doc in documents if doc["event_type"] == "step.start"]
    assert starts == list(range(len(starts)))
    assert documents[0]["event_type"] == "interaction.created"
    assert documents[-1]["event_type"] == "interaction.completed"


def test_each_event_is_named_and_the_end_has_a_terminator() -> None:
    data = encoded([narrow.start(response_id="v1_1", model="g"), narrow.content("x"), narrow.done("stop")])
    names = [line.removeprefix(b"event: ").decode() for line in data.splitlines() if line.startswith(b"event: ")]
    assert names[:-1] == [doc["event_type"] for doc in documents_of(data)] == [
        "interaction.created", "interaction.status_update", "step.start", "step.delta", "step.stop",
        "interaction.completed",
    ]  # fmt: skip
    assert data.endswith(b"event: done\ndata: [DONE]\n\n")


def test_events_may_be_marked() -> None:
    encoder = InteractionsEncoder()
    encoder.event_ids = "event-{}".format
    data = b"".join(map(encoder.encode, [narrow.start(), narrow.content("x"), narrow.done("stop")]))
    documents = documents_of(data)
    assert [doc["event_id"] for doc in documents] == [f"event-{n}" for n in range(len(documents))]
    reader = InteractionsDecoder()
    reader.feed(data)
    assert reader.last_event_id == f"event-{len(documents) - 1}"


def test_chunks_of_other_origin() -> None:
    """Without ids, without a start, and calls without deltas."""
    call = {"id": "t1", "name": "f", "arguments": '{"a":1}', "kind": "function"}
    chunks: list[Any] = [
        narrow.reasoning("hm"), narrow.content("a"), narrow.content("b"), narrow.tool_calls([call]),
        narrow.content("c"),
        narrow.server_tool_call("s1", "google_search", status="in_progress"),
        narrow.server_tool_call("s1", "google_search", arguments='{"queries":["q"]}', status="in_progress"),
        narrow.server_tool_call("s1", "google_search", status="completed"),
        narrow.tool_result("s1", tool_name="google_search", content="found"),
        narrow.server_tool_call("s2", "lookup", arguments='{"q":1}', status="in_progress"),
        narrow.tool_result("s2", tool_name="lookup", content="no", is_error=True),
        narrow.citation({"url": "https://a"}),
        narrow.done("tool_calls", usage={"input_tokens": 3, "output_tokens": 4}, usage_source="reported"),
    ]  # fmt: skip
    read = read_again(chunks)
    assert types(read)[0] == "start"
    assert [chunk.content for chunk in only(read, "content")] == ["a", "b", "c", ""]
    assert only(read, "reasoning_summary")[0].reasoning_summary_delta == "hm"
    assert only(read, "tool_calls")[0].tool_calls == [call]
    told = [(one.tool_name, one.arguments, one.status) for one in only(read, "server_tool_call")]
    assert told == [
        ("google_search", None, "in_progress"), ("google_search", '{"queries":["q"]}', "in_progress"),
        ("google_search", None, "completed"), ("lookup", '{"q":1}', "in_progress"), ("lookup", None, "failed"),
    ]  # fmt: skip
    assert [chunk.content for chunk in only(read, "tool_result")] == ["found", "no"]
    assert only(read, "citation")[0].citation["url"] == "https://a"
    assert (read[-1].finish_reason, read[-1].raw_finish_reason) == ("tool_calls", "requires_action")
    assert read[-1].usage["raw"] == {"total_input_tokens": 3, "total_output_tokens": 4}


@pytest.mark.parametrize(
    ("reason", "word"),
    [("stop", "completed"), ("length", "incomplete"), ("tool_calls", "requires_action"), ("refusal", "completed"),
     ("pause", "requires_continuation"), ("content_filter", "incomplete"), ("other", "completed")],
)  # fmt: skip
def test_reasons_without_a_word(reason: str, word: str) -> None:
    last = documents_of(encoded([narrow.start(response_id="v1_1"), narrow.done(reason)]))[-1]
    assert (last["interaction"]["id"], last["interaction"]["status"]) == ("v1_1", word)


def test_a_report_may_come_before_the_end() -> None:
    report = narrow.usage({"input_tokens": 3, "output_tokens": 4})
    last = read_again([narrow.start(response_id="v1_1"), report, narrow.done("incomplete")])[-1]
    assert last.usage["raw"] == {"total_input_tokens": 3, "total_output_tokens": 4}


@pytest.mark.parametrize("reason", ["incomplete", "cancelled", "error"])
def test_a_stream_that_broke_off_has_no_end(reason: str) -> None:
    documents = documents_of(encoded([narrow.start(), narrow.done(reason)]))
    assert [doc["event_type"] for doc in documents] == ["interaction.created", "interaction.status_update"]


ERRORS = [
    (narrow.error("no"), {"code": "internal", "message": "no"}),
    (
        narrow.error("no", error_info={"kind": "overloaded", "retryable": True}),
        {"code": "unavailable", "message": "no"},
    ),
    (narrow.error("no", error_info={"kind": "server", "raw": {"code": "x", "n": 1}}), {"code": "x", "n": 1}),
]


@pytest.mark.parametrize(("chunk", "error"), ERRORS)
def test_errors(chunk: Any, error: Any) -> None:
    data = encoded([chunk])
    assert documents_of(data) == [{"event_type": "error", "error": error}]
    assert data.startswith(b"event: error\n")


@pytest.mark.parametrize("odd", [odd for odd, _ in MALFORMED] + [odd for _, odd in DROPPED])
def test_odd_fields_are_said_again(odd: Any) -> None:
    chunks = decoded(body(*HELLO[:2], odd, *HELLO[2:]))
    assert read_again(chunks) == chunks


@pytest.mark.parametrize("step", [*STEPS, *ODD], ids=str)
def test_each_step_is_said_again(step: dict[str, Any]) -> None:
    start = {"event_type": "step.start", "index": 0, "step": step}
    kind = step["type"] if isinstance(step.get("type"), str) else ""
    deltas = [{"event_type": "step.delta", "index": 0, "delta": delta} for delta in DELTAS.get(kind, ())]
    for wire in (body(start, *deltas, end()), body(start, *deltas, stop=False), body(start, status="requires_action")):
        chunks = decoded(wire)
        assert read_again(chunks) == chunks


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
        narrow.content("x", provider_data={"google.interactions": {"y": 1}}),
        ["content.provider_data[google.interactions][y]"],
    ),
    (narrow.turn_done("stop"), ["turn_done"]),
    (narrow.backend_status("retry"), ["backend_status"]),
    (narrow.backend_status("ignored_field", detail="nothing.known"), ["backend_status"]),
    (narrow.tool_result("c", content="x"), ["tool_result"]),
    (narrow.tool_calls([{"id": "c", "name": "f", "arguments": "x", "kind": "custom"}]), ["tool_calls.kind custom"]),
    (narrow.media_progress("m", progress_percentage=5), ["media_progress"]),
    (media(media_type="file"), ["media"]),
    (media(media_encoding="file_path"), ["media"]),
    (media(is_partial=True, partial_kind="preview"), ["media"]),
    (media(media_data=None, media_encoding=None), ["media"]),
    (media(text_content="a caption"), ["media.text_content", "image id m"]),
    (narrow.error("x", tool_call_id="c"), ["error.tool_call_id"]),
    (narrow.done("stop", finish_details={"x": 1}), ["done.finish_details[x]"]),
    (UnknownChunk(type="new"), ["new"]),
    (narrow.reasoning_done("x"), []),
    (narrow.complete_message({"role": "assistant", "content": []}), []),
]


@pytest.mark.parametrize(("chunk", "lost"), LOST, ids=[f"{chunk.type}-{lost}" for chunk, lost in LOST])
def test_what_has_no_place_is_named(chunk: Any, lost: list[str]) -> None:
    encoder = InteractionsEncoder()
    encoder.encode(chunk)
    assert sorted(encoder.losses) == sorted(f"{name}: {UNSAID}" for name in lost)


def test_an_event_exists_for_every_field_that_is_dropped() -> None:
    assert dropped_event("status") == {"event_type": "interaction.status_update", "status": False}
    assert dropped_event("nothing.known") is None


def test_opaque_data_is_said_as_it_came() -> None:
    step = {"type": "google_search_call", "id": "s", "signature": "sig", "$x": {"$bytes": "?"}}
    start = {"event_type": "step.start", "index": 0, "step": step}
    documents = documents_of(encoded(decoded(body(start, end()))))
    assert next(doc for doc in documents if doc["event_type"] == "step.start")["step"] == step


@pytest.mark.anyio
async def test_the_vendors_sdk_reads_the_same_events() -> None:
    genai = pytest.importorskip("google.genai")
    httpx2 = pytest.importorskip("httpx2")
    audio = [begin("model_output", 6), add("audio", 6, data="AAAA", mime_type="audio/l16", rate=24000), end(6)]
    call = [
        begin("function_call", 5, id="c", name="f", arguments={}),
        add("arguments_delta", 5, arguments="{}"),
        end(5),
    ]
    events = [*THOUGHT, *_at(1, HELLO), *_at(2, SEARCH), *call, *audio, completed("requires_action")]

    async def read(data: bytes) -> list[Any]:
        def answer(_: Any) -> Any:
            return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=data)

        transport = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
        options = genai.types.HttpOptions(base_url="http://x", httpx_async_client=transport)
        client = genai.Client(api_key="k", http_options=options)
        stream = await client.aio.interactions.create(model="m", input="x", stream=True)
        return [one.model_dump(exclude_none=True, mode="json") async for one in stream]

    ours, theirs = await read(encoded(decoded(body(*events, stop=False)))), await read(body(*events, stop=False))
    assert "UNKNOWN" not in str(ours)
    assert _joined(ours) == _joined(theirs)


def _at(index: int, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**document, "index": document["index"] + index} for document in events]


def _joined(events: list[Any]) -> list[Any]:
    """The types of the events; what says nothing is left out."""
    return [
        (one["event_type"], one.get("delta", {}).get("type"))
        for one in events
        if one["event_type"] not in ("interaction.status_update", "interaction.created")
        and one.get("delta", {}).get("signature") != ""
    ]
