import json
from typing import Any

import pytest

from massgen_stream.stream_chunk.formatter import GenerateContentFormatter
from massgen_stream.stream_chunk.formatter.google_generate_content.calls import STAND_IN, response_of, texts_of

from ..places import told
from .test_texts import OWN, spoken

Data = dict[str, Any]


def call(arguments: str = "{}", **more: Any) -> Data:
    return {"type": "tool_call", "id": "c1", "name": "f", "arguments": arguments, "kind": "function", **more}


def own(**data: Any) -> Data:
    return {OWN: data}


@pytest.mark.parametrize(
    ("arguments", "args", "lost"),
    [
        ('{"a": 1}', {"a": 1}, []),
        ("", {}, []),
        ("[1]", {"invalid_arguments": "[1]"}, ["arguments wrapped"]),
        ('{"a": NaN}', {"invalid_arguments": '{"a": NaN}'}, ["arguments wrapped"]),
        ('{"a', {"invalid_arguments": '{"a'}, ["arguments wrapped"]),
    ],
)
def test_arguments(arguments: str, args: Data, lost: list[str]) -> None:
    invalid = {"invalid": {"reason": "x"}}
    parts, losses = spoken(call(arguments, **invalid))
    assert parts == [{"functionCall": {"id": "c1", "name": "f", "args": args}}]
    assert [what for _, what in losses] == lost


def test_custom_calls_and_calls_without_a_name() -> None:
    parts, losses = spoken({**call("free text"), "kind": "custom"})
    assert parts == [{"functionCall": {"id": "c1", "name": "f", "args": {"input": "free text"}}}]
    assert losses == [("messages[0].content[0]", "text wrapped as argument `input`")]
    parts, losses = spoken({**call(), "name": "", "invalid": {"reason": "x"}})
    assert parts[0]["functionCall"]["name"] == "unknown"
    assert losses == [("messages[0].content[0]", "name 'unknown' made up")]


def test_an_id_that_google_did_not_send_is_not_sent_back() -> None:
    messages: list[Data] = [
        {"role": "assistant", "content": [call(provider_data=own(id=None, thoughtSignature="YQ=="))]},
        {"role": "tool", "tool_call_id": "c1", "content": "a"},
    ]
    payload, losses = GenerateContentFormatter().format_messages(messages)
    assert losses == []
    assert payload.contents[0]["parts"] == [{"functionCall": {"name": "f", "args": {}}, "thoughtSignature": "YQ=="}]
    assert payload.contents[1]["parts"] == [{"functionResponse": {"name": "f", "response": {"result": "a"}}}]


def test_an_id_that_came_late_is_sent() -> None:
    parts, _ = spoken(call(provider_data=own(id="late")))
    assert parts[0]["functionCall"]["id"] == "late"


def test_only_the_first_call_of_a_step_needs_a_signature() -> None:
    calls = [call(), {**call(), "id": "c2"}]
    parts, losses = spoken(*calls, signed_calls=True)
    assert [part.get("thoughtSignature") for part in parts] == [STAND_IN, None]
    assert losses == [("messages[0]", f"thoughtSignature {STAND_IN!r} put in")]
    signed = call(provider_data=own(thoughtSignature="YQ=="))
    assert spoken(signed, calls[1], signed_calls=True)[1] == []
    assert spoken(*calls) == ([{"functionCall": {"id": i, "name": "f", "args": {}}} for i in ("c1", "c2")], [])


def test_the_stand_in_is_no_signature_when_it_is_read() -> None:
    formatter = GenerateContentFormatter(signed_calls=True)
    payload, _ = formatter.format_messages([{"role": "assistant", "content": [call()]}])
    (message,) = formatter.parse_messages(payload)
    assert message["content"] == [call()]


@pytest.mark.parametrize(
    ("texts", "is_error", "response"),
    [
        (["sunny"], False, {"result": "sunny"}),
        (["a", "b"], False, {"result": ["a", "b"]}),
        ([], False, {"result": ""}),
        (["no"], True, {"error": "no"}),
        (['{"a": 1}'], True, {"error": '{"a": 1}'}),
        (['{"a": 1, "b": [2]}'], False, {"a": 1, "b": [2]}),
        (['{"a":1,"b":[2]}'], False, {"a": 1, "b": [2]}),
        (['{"a": 1.10}'], False, {"result": '{"a": 1.10}'}),
        (['{"a": 1, "a": 2}'], False, {"result": '{"a": 1, "a": 2}'}),
        (['{"result": "x"}'], False, {"result": '{"result": "x"}'}),
        (['{"result": 1}'], False, {"result": 1}),
        (["[1]"], False, {"result": "[1]"}),
        (["{"], False, {"result": "{"}),
    ],
)
def test_answers(texts: list[str], is_error: bool, response: Data) -> None:
    assert response_of(texts, is_error=is_error) == response
    said, failed = texts_of(response, "here")
    assert failed == is_error
    if "a" in response:
        said, texts = [json.dumps(json.loads(text)) for text in said], [json.dumps(json.loads(text)) for text in texts]
    assert said == (texts or [""])


def test_the_name_of_an_answered_function() -> None:
    formatter = GenerateContentFormatter()
    answer = {"role": "tool", "tool_call_id": "x", "content": "a"}
    payload, losses = formatter.format_messages([{**answer, "tool_name": "g"}])
    assert payload.contents[0]["parts"] == [{"functionResponse": {"id": "x", "name": "g", "response": {"result": "a"}}}]
    assert losses == []
    payload, losses = formatter.format_messages([answer])
    assert payload.contents[0]["parts"][0]["functionResponse"]["name"] == "unknown"
    assert told(losses) == [("messages[0]", "name 'unknown' made up")]
