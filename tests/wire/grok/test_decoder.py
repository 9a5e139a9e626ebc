from typing import Any

import pytest

from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.multimodal import MultimodalStreamChunk
from massgen_stream.wire.grok import GrokDecoder

from . import messages as wire
from .messages import client_call, decoded, image_result, output, saying, server_call

END = saying(output(finish="REASON_STOP"))


def of_type(chunks: list[BaseStreamChunk], kind: str) -> list[Any]:
    return [chunk for chunk in chunks if chunk.type == kind]


def test_text_event_by_event() -> None:
    chunks = decoded([saying(output(content="Hel")), saying(output(content="lo")), END])
    assert [chunk.type for chunk in chunks] == ["start", "content", "content", "complete_response", "done"]
    (start, done) = of_type(chunks, "start") + of_type(chunks, "done")
    assert (start.model, start.response_id) == ("grok-4.6", "r-1")
    assert [(chunk.content, chunk.item_id) for chunk in of_type(chunks, "content")] == [("Hel", None), ("lo", None)]
    assert (done.finish_reason, done.raw_finish_reason, done.usage_source) == ("stop", "REASON_STOP", "none")


def test_reasoning_and_its_encrypted_form() -> None:
    chunks = decoded(
        [
            saying(output(reasoning_content="Hm")),
            saying(output(encrypted_content="x1")),
            saying(output(content="a")),
            END,
        ]
    )
    first, second = of_type(chunks, "reasoning")
    assert (first.reasoning_delta, first.item_id, first.provider_data) == ("Hm", "r-1-reasoning-0", None)
    assert (second.reasoning_delta, second.item_id) == ("", "r-1-reasoning-0")
    assert second.provider_data == {"grok": {"encrypted_content": ["x1"]}}


def test_a_call_comes_whole_and_once() -> None:
    said = saying(output(tool_calls=[client_call()]))
    chunks = decoded([said, said, saying(output(finish="REASON_TOOL_CALLS"))])
    (calls,) = of_type(chunks, "tool_calls")
    assert calls.tool_calls == [{"id": "c-1", "name": "add", "arguments": '{"a":1}', "kind": "function"}]
    assert chunks[-1].finish_reason == "tool_calls"  # type: ignore[attr-defined]
    assert of_type(chunks, "backend_status") == []


def test_a_call_that_contradicts_itself_stands_as_it_came_first() -> None:
    chunks = decoded([saying(output(tool_calls=[client_call(), client_call(arguments="{}")])), END])
    (calls,), (status,) = of_type(chunks, "tool_calls"), of_type(chunks, "backend_status")
    assert calls.tool_calls[0]["arguments"] == '{"a":1}'
    assert (status.status, status.tool_call_id) == ("contradiction", "c-1")


@pytest.mark.parametrize(("arguments", "expected"), [("", "{}"), ("null", "{}"), ("[1", "[1")])
def test_arguments_that_are_no_json_are_never_executed(arguments: str, expected: str) -> None:
    chunks = decoded([saying(output(tool_calls=[client_call(arguments=arguments)])), END])
    (calls,) = of_type(chunks, "tool_calls")
    assert calls.tool_calls[0]["arguments"] == expected
    assert ("invalid" in calls.tool_calls[0]) == (expected == "[1")
    assert chunks[-1].finish_reason == ("stop" if expected == "[1" else "tool_calls")  # type: ignore[attr-defined]


def test_a_call_without_id_and_type_is_the_clients() -> None:
    chunks = decoded([saying(output(tool_calls=[{"function": {"name": "add", "arguments": "{}"}}])), END])
    (calls,) = of_type(chunks, "tool_calls")
    assert calls.tool_calls[0]["id"] == "r-1-call-0"


@pytest.mark.parametrize(
    ("status", "expected"),
    [("IN_PROGRESS", "in_progress"), ("COMPLETED", "completed"), ("INCOMPLETE", "incomplete"), ("FAILED", "failed")],
)
def test_a_tool_of_xais_by_status(status: str, expected: str) -> None:
    (call,) = of_type(decoded([saying(output(tool_calls=[server_call(status=status)])), END]), "server_tool_call")
    assert (call.tool_call_id, call.tool_name, call.status) == ("s-1", "web_search", expected)
    assert call.arguments == '{"query":"x"}'
    assert call.provider_data["grok"]["tool_call"]["type"] == "TOOL_CALL_TYPE_WEB_SEARCH_TOOL"


def test_a_type_and_a_status_that_are_not_known_are_not_guessed() -> None:
    call = {"id": "s-1", "type": 9, "status": 7, "function": {"name": "new_tool", "arguments": "{}"}}
    chunks = decoded([saying(output(tool_calls=[call])), saying(output(finish=17))])
    (told,) = of_type(chunks, "server_tool_call")
    assert (told.tool_name, told.status) == ("new_tool", None)
    assert told.provider_data["grok"]["tool_call"] == call
    assert of_type(chunks, "tool_calls") == []
    assert (chunks[-1].finish_reason, chunks[-1].raw_finish_reason) == ("other", "17")  # type: ignore[attr-defined]


def test_a_role_that_is_not_known_is_told_and_its_text_not_taken_for_the_answer() -> None:
    chunks = decoded([saying(output(role=17, content="?")), saying(output(role="ROLE_USER", content="?")), END])
    assert of_type(chunks, "content") == []
    (status,) = of_type(chunks, "backend_status")
    assert (status.status, status.detail) == ("ignored_field", "outputs[].delta.role")


def test_what_a_tool_of_xais_returned() -> None:
    ended = server_call(status="COMPLETED")
    chunks = decoded(
        [
            saying(output(tool_calls=[server_call()])),
            saying(output(1, role="ROLE_TOOL", content="found", encrypted_content="e", tool_calls=[ended])),
            saying(output(2, content="It is so.")),
            saying(output(2, finish="REASON_STOP")),
        ]
    )
    assert [chunk.type for chunk in chunks[1:4]] == ["server_tool_call", "tool_result", "content"]
    (result,), (text,) = of_type(chunks, "tool_result"), of_type(chunks, "content")
    assert (result.tool_call_id, result.tool_name, result.content) == ("s-1", "web_search", "found")
    assert result.provider_data == {"grok": {"tool_calls": [ended], "output": 1, "encrypted_content": "e"}}
    assert text.item_id == "r-1-output-2"
    assert chunks[-1].finish_details == {"outputs": [{"index": 2, "raw_finish_reason": "REASON_STOP"}]}  # type: ignore[attr-defined]


def test_a_failed_tool_of_xais_is_an_error() -> None:
    failed = server_call(status="FAILED", error_message="no net")
    chunks = decoded([saying(output(1, role="ROLE_TOOL", tool_calls=[failed])), END])
    (call,), (result,) = of_type(chunks, "server_tool_call"), of_type(chunks, "tool_result")
    assert call.status == "failed"
    assert (result.is_error, result.content) == (True, "")


def test_an_output_in_pieces_is_told_when_it_is_whole() -> None:
    documents = [
        saying(output(1, role="ROLE_TOOL", content="fo", tool_calls=[server_call()])),
        saying(output(1, role="ROLE_TOOL", content="und")),
        saying(output(2, content="a")),
        saying(output(2, finish="REASON_STOP")),
    ]
    (result,) = of_type(decoded(documents), "tool_result")
    assert result.content == "found"


def test_an_image_becomes_a_medium_and_leaves_its_place() -> None:
    ended = server_call(kind="IMAGE_GENERATION", status="COMPLETED")
    content = image_result()
    chunks = decoded([saying(output(1, role="ROLE_TOOL", content=content, tool_calls=[ended])), END])
    (result,), (medium,) = of_type(chunks, "tool_result"), of_type(chunks, "media")
    assert isinstance(medium, MultimodalStreamChunk)
    assert (medium.media_data, medium.media_encoding, medium.is_partial) == (wire.PNG, "binary", False)
    assert medium.media_metadata is not None
    assert (medium.media_metadata.mime_type, medium.media_metadata.size_bytes) == ("image/png", len(wire.PNG))
    assert result.provider_data["grok"]["image"] == {"media_id": medium.media_id, "at": content.index("data:")}
    assert "data:" not in result.content


@pytest.mark.parametrize(
    "content",
    ["{", "[]", '{"__type":"other","result":"data:image/png;base64,AAAA"}', "Rejected: unsafe", image_result() + "x"],
)
def test_an_output_without_a_usable_image_stays_text(content: str) -> None:
    ended = server_call(kind="IMAGE_GENERATION", status="COMPLETED")
    chunks = decoded([saying(output(1, role="ROLE_TOOL", content=content, tool_calls=[ended])), END])
    assert of_type(chunks, "media") == []
    assert of_type(chunks, "tool_result")[0].content == content


def test_citations_in_the_text_and_of_the_response() -> None:
    inline = {"id": "1", "start_index": 2, "end_index": 5, "web_citation": {"url": "https://a"}}
    found = {"id": "2", "collections_citation": {"file_id": "f-1", "chunk_content": "so", "score": 0.5}}
    chunks = decoded([saying(output(content="abcdef", citations=[inline, found])), {**END, "citations": ["https://b"]}])
    first, second, third = (chunk.citation for chunk in of_type(chunks, "citation"))
    assert first == {"url": "https://a", "start": 2, "end": 5, "raw": inline}
    assert second == {"file_id": "f-1", "cited_text": "so", "raw": found}
    assert third == {"url": "https://b", "raw": "https://b"}


def test_several_answers_side_by_side() -> None:
    documents = [
        saying(output(0, content="a"), output(1, content="b", tool_calls=[client_call()])),
        saying(output(0, finish="REASON_MAX_LEN"), output(1, finish="REASON_STOP")),
    ]
    chunks = decoded(documents, choices=2)
    assert [(chunk.content, chunk.choice_index) for chunk in of_type(chunks, "content")] == [("a", None), ("b", 1)]
    done: Any = chunks[-1]
    assert done.finish_reason == "length"
    row = {"index": 1, "finish_reason": "tool_calls", "raw_finish_reason": "REASON_STOP"}
    assert done.finish_details == {"choices": [row]}


def test_usage_with_what_it_cost() -> None:
    figures = {"prompt_tokens": 10, "completion_tokens": 5, "reasoning_tokens": 20, "total_tokens": 35}
    more = {"cost_in_usd_ticks": 7, "server_side_tools_used": ["SERVER_SIDE_TOOL_WEB_SEARCH"]}
    early = saying(output(content="a"), usage={"prompt_tokens": 10})
    done: Any = decoded([early, {**END, "usage": {**figures, **more}}])[-1]
    assert done.usage_source == "reported"
    assert done.usage == {
        "input_tokens": 10,
        "output_tokens": 5,
        "total_tokens": 35,
        "cached_input_tokens": 0,
        "reasoning_tokens": 20,
        "all_input_tokens": 10,
        "all_output_tokens": 25,
        "details": more,
        "raw": {**figures, **more},
    }


def test_the_envelope() -> None:
    logprobs = {"content": [{"token": "a", "logprob": "-Infinity"}]}
    first = saying(
        {**output(content="a"), "logprobs": logprobs}, created="2026-11-20T12:00:00Z", system_fingerprint="fp"
    )
    last = {**END, "service_tier": "SERVICE_TIER_PRIORITY", "output_files": [{"file_id": "f", "name": "a.txt"}]}
    (response,) = of_type(decoded([first, last]), "complete_response")
    assert response.response == {
        "id": "r-1",
        "model": "grok-4.6",
        "created": "2026-11-20T12:00:00Z",
        "system_fingerprint": "fp",
        "service_tier": "SERVICE_TIER_PRIORITY",
        "output_files": [{"file_id": "f", "name": "a.txt"}],
        "outputs": [{"index": 0, "logprobs": logprobs}],
    }


@pytest.mark.parametrize(
    "documents",
    [
        [],
        [saying(output(content="a"))],
        [saying(output(finish="REASON_TOOL_CALLS")), saying(output(2, content="a"))],
        [saying(output(finish="REASON_TOOL_CALLS")), saying(output(1, role="ROLE_TOOL", content="a"))],
    ],
)
def test_an_answer_without_its_end_is_a_cut_one(documents: list[dict[str, Any]]) -> None:
    chunks = decoded(documents)
    (error,), done = of_type(chunks, "error"), chunks[-1]
    assert error.error_info["code"] == "truncated"
    assert done.finish_reason == "incomplete"  # type: ignore[attr-defined]


def test_a_reason_told_after_the_tools_spoke_ends_the_answer() -> None:
    documents = [
        saying(output(tool_calls=[client_call()])),
        saying(output(1, role="ROLE_TOOL", content="a")),
        saying(output(finish="REASON_TOOL_CALLS")),
    ]
    assert decoded(documents)[-1].finish_reason == "tool_calls"  # type: ignore[attr-defined]


def test_ids_are_unique_across_turns() -> None:
    decoder = GrokDecoder(id_prefix="turn-2-")
    found: Any = decoder.feed_message(wire.message(saying(output(reasoning_content="a"))))[1]
    assert found.item_id == "turn-2-r-1-reasoning-0"
