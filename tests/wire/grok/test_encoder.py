from massgen_stream.stream_chunk.narrow import (
    content,
    done,
    error,
    reasoning,
    server_tool_call,
    start,
    tool_call_delta,
    tool_result,
    usage,
)
from massgen_stream.wire.grok import GrokEncoder

from .messages import decoded, encoded


def test_pieces_of_a_call_are_said_whole() -> None:
    pieces = [tool_call_delta("c", "", tool_name="add"), tool_call_delta("c", '{"a"'), tool_call_delta("c", ":1}")]
    documents, losses = encoded([start(response_id="r"), *pieces, done("tool_calls")])
    call = {"id": "c", "type": "TOOL_CALL_TYPE_CLIENT_SIDE_TOOL", "function": {"name": "add", "arguments": '{"a":1}'}}
    assert documents[1]["outputs"][0]["delta"]["tool_calls"] == [call]
    assert documents[2]["outputs"][0]["finish_reason"] == "REASON_TOOL_CALLS"
    assert losses == []


def test_tools_of_other_vendors_that_xai_has_too() -> None:
    chunks = [server_tool_call("s", "web_search", arguments="{}", status="in_progress"), tool_result("s", content="a")]
    documents, losses = encoded([start(response_id="r"), *chunks, done("stop")])
    assert losses == []
    kinds = [chunk.type for chunk in decoded(documents)]
    assert kinds == ["start", "server_tool_call", "tool_result", "complete_response", "done"]


def test_what_cannot_be_said_is_a_loss() -> None:
    encoder = GrokEncoder()
    assert encoder.encode(error("boom", error_info={"kind": "server"})) == []
    assert encoder.encode(server_tool_call("s", "maps", status="in_progress")) == []
    assert encoder.encode(content("a", phase="commentary"))
    encoder.encode(done("stop"))
    assert encoder.encode(content("b")) == []
    lost = [loss.partition(":")[0] for loss in encoder.losses]
    assert lost == ["error", "server_tool_call", "content.phase", "content"]


def test_usage_is_said_once() -> None:
    report = {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}
    documents, _ = encoded([start(), usage(report), done("stop", usage=report, usage_source="reported")])
    assert sum("usage" in document for document in documents) == 1
    assert decoded(documents)[-1].usage["total_tokens"] == 3  # type: ignore[attr-defined]


def test_every_message_names_response_model_and_time() -> None:
    encoder = GrokEncoder()
    encoder.created = "2026-11-20T12:00:00Z"
    encoder.encode(start(model="m", response_id="r"))
    (document,) = encoder.encode(reasoning("a"))
    assert (document["id"], document["model"], document["created"]) == ("r", "m", "2026-11-20T12:00:00Z")


def test_half_characters_have_no_place() -> None:
    documents, _ = encoded([content("a\ud800b")])
    assert documents[0]["outputs"][0]["delta"]["content"] == "a\ufffdb"
