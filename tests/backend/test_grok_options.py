import json
from typing import Any

import pytest
from google.protobuf import json_format
from xai_sdk.proto import chat_pb2

from massgen_stream.backend.grok_options import FIELDS, grok_fields
from massgen_stream.errors import ConfigurationError

SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}}
OURS = {"model", "messages", "tools", "tool_choice"}


def parsed(**options: Any) -> Any:
    fields, _ = grok_fields(options)
    return json_format.ParseDict(fields, chat_pb2.GetCompletionsRequest())


def test_the_fields_are_those_of_the_protocol() -> None:
    assert {field.name for field in chat_pb2.GetCompletionsRequest.DESCRIPTOR.fields} == FIELDS | OURS


def test_neutral_options() -> None:
    request = parsed(
        max_tokens=9,
        temperature=0.5,
        top_p=0.25,
        seed=7,
        stop="END",
        reasoning_effort="xhigh",
        parallel_tool_calls=False,
        user="u",
        n=None,
    )
    assert (request.max_tokens, request.temperature, request.top_p, request.seed) == (9, 0.5, 0.25, 7)
    assert (list(request.stop), request.user, request.parallel_tool_calls) == (["END"], "u", False)
    assert request.reasoning_effort == chat_pb2.EFFORT_XHIGH
    assert not request.HasField("n")


def test_options_of_xais_own() -> None:
    request = parsed(
        previous_response_id="r",
        store_messages=True,
        use_encrypted_content=True,
        max_turns=3,
        include=["web_search_call_output", "INCLUDE_OPTION_INLINE_CITATIONS", 8],
        service_tier="priority",
        agent_count=4,
        search_parameters={"mode": "on", "max_search_results": 5, "sources": [{"x": {"included_x_handles": ["a"]}}]},
        guidelines=[{"type": "policy", "category": "violence", "behavior": "decline"}],
        max_completion_tokens=5,
    )
    assert (request.previous_response_id, request.store_messages, request.use_encrypted_content) == ("r", True, True)
    assert (request.max_turns, list(request.include), request.max_tokens) == (3, [1, 7, 8], 5)
    assert request.service_tier == 2
    assert request.agent_count == chat_pb2.AGENT_COUNT_4
    assert request.search_parameters.mode == chat_pb2.ON_SEARCH_MODE
    assert request.search_parameters.sources[0].x.included_x_handles == ["a"]
    assert request.guidelines[0].policy.category == chat_pb2.GUIDELINE_CATEGORY_VIOLENCE


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ("text", chat_pb2.FORMAT_TYPE_TEXT),
        ({"type": "json_object"}, chat_pb2.FORMAT_TYPE_JSON_OBJECT),
        ({"type": "json_schema", "json_schema": {"name": "a", "schema": SCHEMA}}, chat_pb2.FORMAT_TYPE_JSON_SCHEMA),
        ({"type": "json_schema", "name": "a", "schema": SCHEMA}, chat_pb2.FORMAT_TYPE_JSON_SCHEMA),
        ({"format_type": "FORMAT_TYPE_JSON_SCHEMA", "schema": json.dumps(SCHEMA)}, chat_pb2.FORMAT_TYPE_JSON_SCHEMA),
    ],
)
def test_response_formats(given: Any, kind: int) -> None:
    found = parsed(response_format=given).response_format
    assert found.format_type == kind
    assert not found.schema or json.loads(found.schema) == SCHEMA


def test_losses() -> None:
    fields, losses = grok_fields({"metadata": {"a": "b"}, "reasoning_effort": "minimal", "top_k": 3})
    assert fields == {"reasoning_effort": "EFFORT_LOW"}
    assert [loss.partition(" ")[2].partition(" ")[0] for loss in losses] == ["metadata", "top_k", "reasoning_effort"]


def test_newer_fields_pass_in_extra_body() -> None:
    fields, _ = grok_fields({"extra_body": {"brand_new": 1, "service_tier": "raw"}})
    assert fields == {"brand_new": 1, "service_tier": "raw"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"brand_new": 1}, "extra_body"),
        ({"reasoning_effort": "great"}, "none, minimal, low"),
        ({"response_format": {"type": "json_schema"}}, "schema"),
        ({"response_format": {"type": "grammar"}}, "text, json_object"),
        ({"response_format": 1}, "object or a word"),
        ({"search_parameters": "on"}, "object"),
        ({"extra_query": {"a": "b"}}, "gRPC has no query"),
        ({"functions": []}, "pass tools"),
    ],
)
def test_what_is_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        grok_fields(options)


@pytest.mark.parametrize("options", [{"reasoning_effort": {}}, {"stop": 5}, {"include": 5}, {"guidelines": 5}])
def test_a_value_of_another_type_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        grok_fields(options)
