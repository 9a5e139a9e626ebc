"""Chunks to bytes: what a server says for them, and what has no place is named."""

import json
from typing import Any

import pytest

from massgen_stream.stream_chunk import narrow
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.stream_chunk.unknown import UnknownChunk
from massgen_stream.wire.google_generate_content import GenerateContentEncoder

from .saying import PROTOCOL, decoded, documents_of, encoded, only, types

UNSAID = "generateContent has no place for it"


LOST = [
    (narrow.start(provider="p", request_id="q"), ["start.provider", "start.request_id"]),
    (narrow.content("x", item_id="i", phase="commentary"), ["content.item_id", "content.phase"]),
    (narrow.content("x", provider_data={"openai.chat": {"s": 1}}), ["content.provider_data[openai.chat]"]),
    (narrow.reasoning("x", item_id="i"), ["reasoning.item_id"]),
    (narrow.refusal("x"), ["refusal"]),
    (narrow.reasoning_summary("x"), ["reasoning_summary"]),
    (narrow.turn_done("stop"), ["turn_done"]),
    (narrow.backend_status("retry"), ["backend_status"]),
    (narrow.backend_status("ignored_field", detail="nothing.known"), ["backend_status"]),
    (narrow.server_tool_call("c", "search"), ["server_tool_call"]),
    (narrow.complete_response({"output": []}), ["complete_response.output"]),
    (narrow.media("m", "image", media_encoding="file_id", media_data="f"), ["media"]),
    (narrow.error("x", tool_call_id="c"), ["error.tool_call_id"]),
    (UnknownChunk(type="new"), ["new"]),
    (narrow.reasoning_done("x"), []),
]


@pytest.mark.parametrize(("chunk", "lost"), LOST)
def test_what_has_no_place_is_named(chunk: Any, lost: list[str]) -> None:
    encoder = GenerateContentEncoder()
    encoder.encode(chunk)
    assert sorted(encoder.losses) == sorted(f"{name}: {UNSAID}" for name in lost)


@pytest.mark.parametrize("opaque", [{1: object()}, {"x": float("nan")}], ids=["object", "nan"])
def test_opaque_data_that_json_cannot_hold_is_a_loss(opaque: Any) -> None:
    encoder = GenerateContentEncoder()
    call = {**CALL, "provider_data": {PROTOCOL: opaque}}
    for chunk in (narrow.content("x", provider_data={PROTOCOL: {"parts": [opaque]}}), narrow.tool_calls([CALL])):
        encoder.encode(chunk)
    encoder.encode(TextStreamChunk(type="tool_calls", tool_calls=[call]))
    assert len(encoder.losses) == 2


def test_a_plain_answer_looks_like_google_s() -> None:
    chunks = [
        narrow.start(response_id="r", model="m"),
        narrow.content("Hi"),
        narrow.done("stop", usage={"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}),
    ]
    head = {"responseId": "r", "modelVersion": "m"}
    usage = {"promptTokenCount": 1, "candidatesTokenCount": 2, "totalTokenCount": 3}
    assert documents_of(encoded(chunks)) == [
        {**head, "candidates": [{"content": {"parts": [{"text": "Hi"}], "role": "model"}, "index": 0}]},
        {**head, "candidates": [{"index": 0, "finishReason": "STOP"}], "usageMetadata": usage},
    ]


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        ("stop", "STOP"),
        ("length", "MAX_TOKENS"),
        ("content_filter", "SAFETY"),
        ("pause", "CONTINUATION"),
        ("other", "OTHER"),
    ],
)
def test_a_finish_reason_of_ours_gets_google_s_word(reason: str, word: str) -> None:
    done = decoded(encoded([narrow.start(), narrow.content("x"), narrow.done(reason)]))[-1]
    assert (done.finish_reason, done.raw_finish_reason) == (reason, word)


@pytest.mark.parametrize("reason", ["incomplete", "cancelled"])
def test_a_cut_stream_just_stops(reason: str) -> None:
    body = encoded([narrow.start(response_id="r"), narrow.content("x"), narrow.done(reason)])
    assert decoded(body)[-1].finish_reason == "incomplete"


CALL = {"id": "c", "name": "f", "arguments": '{"a":[1,{"b":"x y"}],"n":12}', "kind": "function"}
CUTS = [
    [CALL["arguments"]],
    ["", CALL["arguments"]],
    list(CALL["arguments"]),
    ["", '{"a":[1', ',{"b":"x', ' y"}],"n":1', "2", "}"],
]


@pytest.mark.parametrize("pieces", CUTS, ids=len)
def test_arguments_of_any_vendor_in_any_pieces_arrive(pieces: list[str]) -> None:
    deltas = [narrow.tool_call_delta("c", text, tool_name=None if n else "f") for n, text in enumerate(pieces)]
    chunks = decoded(encoded([narrow.start(), *deltas, narrow.tool_calls([CALL]), narrow.done("tool_calls")]))
    (final,) = (call for chunk in only(chunks, "tool_calls") for call in chunk.tool_calls)
    assert (final["id"], final["name"], json.loads(final["arguments"])) == ("c", "f", json.loads(CALL["arguments"]))
    assert chunks[-1].finish_reason == "tool_calls"


def test_a_call_without_deltas_is_said_whole_with_its_signature() -> None:
    call = {**CALL, "provider_data": {PROTOCOL: {"thoughtSignature": "S"}}}
    body = encoded([narrow.start(), narrow.tool_calls([call]), narrow.done("tool_calls")])
    part = documents_of(body)[0]["candidates"][0]["content"]["parts"][0]
    assert part == {
        "functionCall": {"id": "c", "name": "f", "args": json.loads(CALL["arguments"])},
        "thoughtSignature": "S",
    }


def test_several_calls_whose_ends_come_together_all_arrive() -> None:
    other = {**CALL, "id": "d"}
    deltas = [narrow.tool_call_delta(one["id"], one["arguments"], tool_name="f") for one in (CALL, other)]
    chunks = decoded(encoded([narrow.start(), *deltas, narrow.tool_calls([CALL, other]), narrow.done("tool_calls")]))
    assert [call["id"] for chunk in only(chunks, "tool_calls") for call in chunk.tool_calls] == ["c", "d"]


@pytest.mark.parametrize(
    ("deltas", "loss"),
    [
        (['{"a":', '{},"b":1}'], "tool_call_delta: partial arguments have no place for an empty object or list"),
        (None, "tool_calls.arguments: they are no JSON object"),
    ],
)
def test_arguments_without_a_form_are_losses(deltas: list[str] | None, loss: str) -> None:
    encoder = GenerateContentEncoder()
    for text in deltas or ():
        encoder.encode(narrow.tool_call_delta("c", text, tool_name="f"))
    encoder.encode(narrow.tool_calls([{**CALL, "arguments": '{"a":{},"b":1}' if deltas else "{"}]))
    encoder.close()
    assert encoder.losses == [loss]


def test_a_citation_of_another_vendor_becomes_grounding() -> None:
    cited = [narrow.citation({"url": f"https://{n}", "title": "T"}) for n in range(2)]
    chunks = decoded(encoded([narrow.start(), narrow.content("x"), *cited, narrow.done("stop")]))
    assert [one.citation["url"] for one in only(chunks, "citation")] == ["https://0", "https://1"]


def test_an_error_of_another_vendor_is_said_in_google_s_form() -> None:
    chunks = decoded(encoded([narrow.error("no", error_info={"kind": "server", "status": 503}), narrow.done("error")]))
    assert types(chunks) == ["error", "done"]
    assert (chunks[0].error, chunks[0].error_info["code"]) == ("no", 503)


def test_a_start_is_said_before_an_error() -> None:
    failed = narrow.error("no", error_info={"kind": "server", "raw": {"message": "no"}})
    chunks = decoded(encoded([narrow.start(response_id="r"), failed, narrow.done("error")]))
    assert types(chunks)[:2] == ["start", "error"]
    assert chunks[0].response_id == "r"
