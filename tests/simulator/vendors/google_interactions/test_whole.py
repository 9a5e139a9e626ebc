"""Events put together, as for a client that does not stream."""

import json
from typing import Any

import pytest

from massgen_stream.simulator.vendor import Refused
from massgen_stream.simulator.vendors.google_interactions.whole import whole_interaction


def body(*events: Any) -> bytes:
    return b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events) + b"data: [DONE]\n\n"


def step(index: int, kind: str, *deltas: Any, **fields: Any) -> list[Any]:
    said = [{"event_type": "step.delta", "index": index, "delta": delta} for delta in deltas]
    return [{"event_type": "step.start", "index": index, "step": {"type": kind, **fields}}, *said]


END = {"event_type": "interaction.completed", "interaction": {"id": "v1_1", "status": "completed"}}


def test_every_step() -> None:
    image = {"type": "image", "data": "AA==", "mime_type": "image/png"}
    events = [
        *step(0, "thought", {"type": "thought_summary", "content": {"type": "text", "text": "Hm"}},
              {"type": "thought_signature", "signature": "s"}),
        *step(1, "model_output", {"type": "text", "text": "a"}, {"type": "text", "text": "b"},
              {"type": "text_annotation_delta", "annotations": [{"type": "url_citation"}]}, image),
        *step(2, "function_call", {"type": "arguments_delta", "arguments": '{"a"'},
              {"type": "arguments_delta", "arguments": ":1}"}, id="c", name="f", arguments={}),
        *step(3, "google_search_result", {"type": "google_search_result", "result": []}, call_id="s"),
    ]  # fmt: skip
    assert whole_interaction(body(*events, END)) == {
        "id": "v1_1", "status": "completed",
        "steps": [
            {"type": "thought", "summary": [{"type": "text", "text": "Hm"}], "signature": "s"},
            {"type": "model_output", "content": [
                {"type": "text", "text": "ab", "annotations": [{"type": "url_citation"}]}, image]},
            {"type": "function_call", "id": "c", "name": "f", "arguments": {"a": 1}},
            {"type": "google_search_result", "call_id": "s", "result": []},
        ],
    }  # fmt: skip


@pytest.mark.parametrize(("code", "status"), [("unavailable", 503), ("rate_limit_exceeded", 429), ("internal", 500)])
def test_an_error_is_an_http_error(code: str, status: int) -> None:
    with pytest.raises(Refused) as caught:
        whole_interaction(body({"event_type": "error", "error": {"code": code, "message": "no"}}))
    assert (caught.value.refuse.status, caught.value.refuse.code, caught.value.refuse.message) == (status, code, "no")


@pytest.mark.parametrize("stream", [b"", b"data: 5\n\n", b"data: rubbish\n\n"])
def test_what_cannot_be_read(stream: bytes) -> None:
    with pytest.raises(ValueError, match=r"object|Expecting"):
        whole_interaction(stream)
