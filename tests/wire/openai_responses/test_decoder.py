"""Bytes to chunks: what each rule comes to; the laws are in `tests.wire.test_laws`."""

import json
from base64 import b64encode
from typing import Any

import pytest

from massgen_stream.testing.cuts import decode
from massgen_stream.wire.openai_responses import ResponsesDecoder, ResponsesEncoder
from massgen_stream.wire.openai_responses.documents import HANDLERS

CREATED = {"type": "response.created", "response": {"id": "resp_1", "model": "gpt-6"}}
COMPLETED = {"type": "response.completed", "response": {"id": "resp_1", "status": "completed"}}


def body_of(*events: dict[str, Any]) -> bytes:
    return b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events)


def told(*events: dict[str, Any], end: dict[str, Any] | None = COMPLETED) -> list[Any]:
    """Return the chunks between `start` and `complete_response`."""
    chunks = decode(ResponsesDecoder(), [body_of(CREATED, *events, *([end] if end else []))])
    return [chunk for chunk in chunks[1:] if chunk.type not in ("complete_response", "done")]


def end_of(*events: dict[str, Any], **response: Any) -> Any:
    end = {"type": "response.completed", "response": {"status": "completed", **response}}
    return decode(ResponsesDecoder(), [body_of(CREATED, *events, end)])[-1]


def event(name: str, **fields: Any) -> dict[str, Any]:
    return {"type": f"response.{name}", "output_index": 0, **fields}


def item(step: str, /, **fields: Any) -> dict[str, Any]:
    return event(f"output_item.{step}", item=fields)


def test_every_documented_event_is_known() -> None:
    documented = """created in_progress queued completed failed incomplete output_item.added output_item.done
        content_part.added content_part.done output_text.delta output_text.done output_text.annotation.added
        refusal.delta refusal.done reasoning_text.delta reasoning_text.done reasoning_summary_part.added
        reasoning_summary_part.done reasoning_summary_text.delta reasoning_summary_text.done
        function_call_arguments.delta function_call_arguments.done custom_tool_call_input.delta
        custom_tool_call_input.done shell_call_command.added shell_call_command.delta shell_call_command.done
        shell_call_output_content.delta shell_call_output_content.done web_search_call.in_progress
        web_search_call.searching web_search_call.completed file_search_call.in_progress file_search_call.searching
        file_search_call.completed code_interpreter_call.in_progress code_interpreter_call.interpreting
        code_interpreter_call.completed code_interpreter_call_code.delta code_interpreter_call_code.done
        image_generation_call.in_progress image_generation_call.generating image_generation_call.completed
        image_generation_call.partial_image mcp_list_tools.in_progress mcp_list_tools.completed mcp_list_tools.failed
        mcp_call.in_progress mcp_call.completed mcp_call.failed mcp_call_arguments.delta mcp_call_arguments.done
        compaction.compacting audio.delta audio.done audio.transcript.delta audio.transcript.done
        media.start media.delta media.complete"""
    assert {f"response.{name}" for name in documented.split()} == set(HANDLERS)


def test_items_are_told_apart_by_index_though_their_ids_change() -> None:
    said = told(
        item("added", type="message", id="msg_1", phase="commentary"),
        event("output_text.delta", item_id="a", content_index=0, delta="Hel"),
        event("output_text.delta", item_id="b", content_index=0, delta="lo"),
        event("output_text.done", item_id="c", content_index=0, text="Hello"),
    )
    assert [(chunk.content, chunk.item_id, chunk.phase) for chunk in said] == [
        ("Hel", "msg_1", "commentary"),
        ("lo", "msg_1", "commentary"),
    ]


def test_a_final_that_goes_on_gives_a_last_delta() -> None:
    said = told(
        event("output_text.delta", item_id="m", delta="Hel"),
        event("output_text.done", item_id="m", text="Hello"),
        event("content_part.done", item_id="m", part={"type": "output_text", "text": "Hello"}),
    )
    assert [chunk.content for chunk in said] == ["Hel", "lo"]


def test_a_final_that_contradicts_is_told_once_and_the_deltas_stand() -> None:
    said = told(
        event("output_text.delta", item_id="m", delta="Hello"),
        event("output_text.done", item_id="m", text="Bye"),
        event("content_part.done", item_id="m", part={"type": "output_text", "text": "Bye"}),
    )
    assert [(chunk.type, chunk.status) for chunk in said] == [("content", None), ("backend_status", "contradiction")]


def test_arguments_that_only_the_final_has() -> None:
    said = told(
        item("added", type="function_call", id="fc", call_id="call_1", name="weather", arguments=""),
        event("function_call_arguments.done", item_id="other", arguments='{"a":1}'),
        item("done", type="function_call", id="fc", call_id="call_1", name="weather", arguments='{"a":1}'),
    )
    assert [chunk.arguments_delta for chunk in said[:2]] == ["", '{"a":1}']
    assert said[2].tool_calls == [{
        "id": "call_1", "name": "weather", "arguments": '{"a":1}', "kind": "function",
        "provider_data": {"openai.responses": {"item": {"id": "fc"}}},
    }]  # fmt: skip
    assert len(said) == 3


def test_parallel_calls_by_index_and_a_repeated_id() -> None:
    calls = [
        {"type": f"response.output_item.{name}", "output_index": index, "item": {
            "type": "function_call", "call_id": "same", "name": f"f{index}", "arguments": "{}"}}
        for name in ("added", "done") for index in (0, 1)
    ]  # fmt: skip
    ids = [call["id"] for chunk in told(*calls) for call in chunk.tool_calls or ()]
    assert ids == ["same", "resp_1-call-0"]


def test_a_custom_call_and_one_that_was_cut_off() -> None:
    said = told(
        item("done", type="custom_tool_call", call_id="c", name="sql", input="SELECT"),
        {**item("added", type="function_call", call_id="d", name="f"), "output_index": 1},
        {**event("function_call_arguments.delta", delta='{"a"'), "output_index": 1},
        end=None,
    )
    calls = [call for chunk in said for call in chunk.tool_calls or ()]
    assert [(call["kind"], call["arguments"], call.get("invalid")) for call in calls] == [
        ("custom", "SELECT", None),
        ("function", '{"a"', {"reason": "cut_off"}),
    ]


@pytest.mark.parametrize(
    ("kind", "fields", "status"),
    [
        ("computer_call", {"status": "completed"}, "requires_action"),
        ("apply_patch_call", {"status": "completed"}, "requires_action"),
        ("mcp_approval_request", {}, "requires_action"),
        ("shell_call", {"environment": {"type": "local"}}, "requires_action"),
        ("shell_call", {"environment": {"type": "container_reference"}}, "completed"),
        ("tool_search_call", {"execution": "client"}, "requires_action"),
        ("tool_search_call", {"execution": "server"}, "completed"),
        ("mcp_call", {"status": "failed"}, "failed"),
        ("an_unknown_item", {}, "completed"),
    ],
)
def test_who_must_act(kind: str, fields: dict[str, Any], status: str) -> None:
    (said,) = told(item("done", type=kind, id="x", **fields))
    assert (said.type, said.status, said.tool_call_id) == ("server_tool_call", status, "x")
    assert said.provider_data == {"openai.responses": {"item": {"type": kind, "id": "x", **fields}}}


@pytest.mark.parametrize(
    ("fields", "arguments"),
    [
        ({"action": {"type": "click"}}, '{"type":"click"}'),
        ({"actions": [{"type": "click"}]}, '{"actions":[{"type":"click"}]}'),
        ({"action": {"type": "click"}, "actions": [1]}, '{"action":{"type":"click"},"actions":[1]}'),
        ({}, None),
    ],
)
def test_what_a_computer_is_to_do(fields: dict[str, Any], arguments: str | None) -> None:
    (call,) = told(item("done", type="computer_call", id="cu_1", call_id="c1", status="completed", **fields))
    assert call.arguments == arguments


NUMBERED = [
    CREATED,
    event("output_text.delta", item_id="m", content_index=0, delta="Hel"),
    event("output_text.delta", item_id="m", content_index=0, delta="lo"),
    item("added", type="function_call", id="fc_1", call_id="c1", name="f"),
    event("function_call_arguments.delta", item_id="fc_1", delta='{"a":'),
    event("function_call_arguments.delta", item_id="fc_1", delta="1}"),
    item("done", type="function_call", id="fc_1", call_id="c1", name="f", arguments='{"a":1}'),
    COMPLETED,
]


def test_a_cut_body_goes_on_after_the_last_whole_event() -> None:
    events = [body_of({**one, "sequence_number": number}) for number, one in enumerate(NUMBERED)]
    body = b"".join(events)
    whole = decode(ResponsesDecoder(), [body])
    for place in range(len(body)):
        decoder = ResponsesDecoder()
        chunks = decoder.feed(body[:place])
        cursor = decoder.cursor()
        if cursor is None:
            assert place < len(events[0])
            continue
        assert cursor == ("resp_1", sum(len(b"".join(events[: n + 1])) <= place for n in range(len(events))) - 1)
        decoder.resume()
        chunks += decoder.feed(b"".join(events[cursor.sequence_number + 1 :])) + decoder.close()
        assert chunks == whole


@pytest.mark.parametrize("events", [[], [{"type": "response.created"}], [{**CREATED, "sequence_number": "first"}]])
def test_events_that_do_not_tell_where_they_are_cannot_be_taken_up(events: list[dict[str, Any]]) -> None:
    decoder = ResponsesDecoder()
    decoder.feed(body_of(*events))
    assert decoder.cursor() is None


def test_code_that_was_cut_off_is_not_lost() -> None:
    said = told(
        item("added", type="code_interpreter_call", id="ci", code=""),
        event("code_interpreter_call_code.delta", delta="print("),
        event("code_interpreter_call_code.delta", delta="1"),
        end=None,
    )
    assert said[-1].arguments == '{"code":"print(1"}'
    assert (said[-1].status, said[-2].type) == ("incomplete", "error")


def test_results_inside_and_outside_of_calls() -> None:
    outputs = [{"type": "logs", "logs": "1"}, {"type": "image", "url": "data:image/png;base64,AA=="}]
    said = told(
        item("done", type="code_interpreter_call", id="ci", code="1", outputs=outputs),
        {
            **item("done", type="shell_call_output", call_id="c", output=[{"stdout": "a", "stderr": "b"}]),
            "output_index": 1,
        },
    )
    assert [chunk.type for chunk in said] == ["server_tool_call", "tool_result", "tool_result"]
    assert (said[1].content, said[1].attachments) == ("1", [{"type": "image", "url": "data:image/png;base64,AA=="}])
    assert (said[2].tool_call_id, said[2].content) == ("c", "ab")


def test_images_come_sharper_and_then_whole_and_their_item_without_them() -> None:
    png = b"\x89PNG\r\n\x1a\n0123"
    picture = b64encode(png).decode()
    preview = event(
        "image_generation_call.partial_image",
        item_id="ig",
        partial_image_b64=picture,
        partial_image_index=0,
        size="3x2",
    )
    whole = item("done", type="image_generation_call", id="ig", result=picture, output_format="png", size="3x2")
    first, last, call = told(preview, whole, preview)
    assert (first.is_partial, first.partial_kind, first.chunk_index, first.media_data) == (True, "preview", 0, png)
    assert (last.is_partial, last.media_id, last.media_data) == (False, "ig", png)
    assert (last.media_metadata.mime_type, last.media_metadata.width, last.media_metadata.height) == ("image/png", 3, 2)
    assert "result" not in call.provider_data["openai.responses"]["item"]


def test_a_picture_may_come_with_the_end_alone() -> None:
    picture = b64encode(b"\x89PNG0123").decode()
    preview = event("image_generation_call.partial_image", item_id="ig", partial_image_b64=picture)
    whole = {"type": "image_generation_call", "id": "ig", "status": "completed", "result": picture}
    end = {"type": "response.completed", "response": {"id": "resp_1", "status": "completed", "output": [whole, 5]}}
    first, last, call = told(preview, end=end)
    assert (first.is_partial, last.is_partial, last.media_id) == (True, False, first.media_id)
    assert (last.media_data, call.status) == (b"\x89PNG0123", "completed")
    done = item("done", **whole)
    assert [chunk.type for chunk in told(preview, done, end=end)] == ["media", "media", "server_tool_call"]


def test_speech_and_its_transcript() -> None:
    said = told(
        event("audio.delta", delta=b64encode(b"\0\1").decode()),
        event("audio.transcript.delta", delta="hi"),
        event("audio.done"),
    )
    assert [(chunk.media_data, chunk.text_content, chunk.is_partial) for chunk in said] == [
        (b"\0\1", None, True),
        (None, "hi", True),
        (None, None, False),
    ]
    assert said[2].media_metadata.size_bytes == 2


def test_media_of_the_original_design() -> None:
    said = told(
        event("media.start", media_type="video"),
        event("media.delta", media_type="video", data=b64encode(b"ab").decode(), index=0, total=2),
        event("media.delta", media_type="video", data=b64encode(b"cd").decode(), index=1, total=2),
        event("media.complete", media_type="video", mime_type="video/mp4", size=4, filename="a.mp4", width=8, height=6),
        event("media.complete", media_type="image", encoding="url", data="https://a/b.png", mime_type="image/png"),
    )
    assert [chunk.type for chunk in said] == ["media_progress", "media", "media", "media", "media"]
    assert [chunk.byte_offset for chunk in said[1:3]] == [0, 2]
    metadata = said[3].media_metadata
    assert (metadata.mime_type, metadata.filename, metadata.width, metadata.size_bytes) == ("video/mp4", "a.mp4", 8, 4)
    assert (said[4].media_encoding, said[4].media_data) == ("url", "https://a/b.png")


def test_citations_of_a_later_part_count_from_the_beginning_of_the_item() -> None:
    said = told(
        event("output_text.delta", item_id="m", content_index=0, delta="Hello"),
        event("output_text.delta", item_id="m", content_index=1, delta="world"),
        event("output_text.annotation.added", item_id="m", content_index=1,
              annotation={"type": "url_citation", "url": "u", "start_index": 1, "end_index": 3}),
    )  # fmt: skip
    assert (said[2].citation["start"], said[2].citation["end"], said[2].citation["raw"]["start_index"]) == (6, 8, 1)


def test_flat_and_nested_errors_and_the_failed_response_are_one() -> None:
    failed = {"type": "response.failed", "response": {"status": "failed", "error": {"code": "server_error"}}}
    for error in ({"message": "m", "code": "rate_limit_exceeded"}, {"error": {"message": "m", "code": "x"}}):
        (said,) = told({"type": "error", "sequence_number": 1, **error}, end=failed)
        assert (said.type, said.error) == ("error", "m")
    (alone,) = told(end=failed)
    assert alone.error_info["kind"] == "server"


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        ({}, "stop"),
        ({"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}, "length"),
        ({"status": "incomplete", "incomplete_details": {"reason": "content_filter"}}, "content_filter"),
        ({"status": "incomplete", "incomplete_details": {"reason": "steered"}}, "other"),
        ({"status": "cancelled"}, "cancelled"),
        ({"status": "failed"}, "error"),
        ({"status": "a new word"}, "other"),
    ],
)
def test_how_it_ends(response: dict[str, Any], reason: str) -> None:
    done = end_of(**response)
    assert (done.finish_reason, done.raw_finish_reason) == (reason, response.get("status", "completed"))
    details = response.get("incomplete_details")
    assert done.finish_details == ({"incomplete_details": details} if details else None)


def test_usage_counts_everything_and_drops_what_is_no_number() -> None:
    usage = {"input_tokens": 3, "output_tokens": 2, "total_tokens": 5, "input_tokens_details": {"cached_tokens": "x"}}
    done = end_of(usage=usage)
    assert (done.usage["all_input_tokens"], done.usage["all_output_tokens"], done.usage["raw"]) == (3, 2, usage)
    assert "cached_input_tokens" not in done.usage


def test_odd_metadata_is_told_once_and_odd_text_ends_the_stream() -> None:
    odd = event("output_text.delta", item_id=5, content_index="0", delta="a")
    said = told(odd, odd)
    assert [chunk.detail for chunk in said if chunk.type == "backend_status"] != []
    assert [chunk.content for chunk in said if chunk.type == "content"] == ["a", "a"]
    assert len([chunk for chunk in said if chunk.detail == "item_id"]) == 1
    (broken,) = told(event("output_text.delta", delta=5))
    assert broken.error_info["code"] == "malformed_event"
    assert broken.error_info["raw"] == {"type": "response.output_text.delta", "delta": 0}


def test_only_the_end_tells_everything() -> None:
    output = [{"type": "message", "id": "m", "content": [{"type": "output_text", "text": "hi"}]}]
    chunks = decode(ResponsesDecoder(), [body_of({"type": "response.completed", "response": {"output": output}})])
    assert [chunk.type for chunk in chunks] == ["start", "content", "complete_response", "done"]


def test_a_part_may_be_cited_before_it_has_text() -> None:
    chunks = decode(ResponsesDecoder(), [body_of(
        CREATED,
        event("output_text.delta", item_id="m", content_index=0, delta="Hello"),
        event("output_text.annotation.added", item_id="m", content_index=1, annotation={"url": "u", "start_index": 0}),
        COMPLETED,
    )])  # fmt: skip
    encoder = ResponsesEncoder()
    assert decode(ResponsesDecoder(), [b"".join(map(encoder.encode, chunks))]) == chunks


def test_an_item_that_the_vendor_calls_incomplete_is_cut_off() -> None:
    said = told(item("done", type="function_call", call_id="c", name="f", arguments='{"a"', status="incomplete"))
    assert said[-1].tool_calls[0]["invalid"] == {"reason": "cut_off"}


def test_the_same_error_twice_is_one_and_another_is_not() -> None:
    error = {"type": "error", "message": "m"}
    assert [chunk.error for chunk in told(error, error, {"type": "error", "message": "n"})] == ["m", "n"]


def test_an_error_without_a_terminal_event_is_the_end() -> None:
    chunks: list[Any] = decode(ResponsesDecoder(), [body_of(CREATED, {"type": "error", "message": "m"})])
    assert [chunk.type for chunk in chunks] == ["start", "error", "done"]
    assert chunks[-1].finish_reason == "error"
