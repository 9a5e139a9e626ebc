from typing import Any

import pytest

from massgen_stream.stream_chunk.formatter import GenerateContentFormatter
from massgen_stream.stream_chunk.formatter.google_generate_content import GenerateContentPayload

from ..places import place_of_fault

FORMATTER = GenerateContentFormatter()
Data = dict[str, Any]


def parsed(*contents: Data, system: Data | None = None) -> list[Data]:
    return FORMATTER.parse_messages(GenerateContentPayload(list(contents), system))


def called(*names: str) -> Data:
    return {"role": "model", "parts": [{"functionCall": {"name": name}} for name in names]}


def answered(*names: str) -> Data:
    return {"parts": [{"functionResponse": {"name": name, "response": {"result": name}}} for name in names]}


def test_answers_without_ids_find_their_calls_by_name() -> None:
    _, *answers = parsed(called("f", "g", "f"), answered("g", "f", "f"))
    assert [answer["tool_call_id"] for answer in answers] == ["call_1", "call_0", "call_2"]
    _, answer = parsed(called("f"), answered("other"))
    assert answer["tool_call_id"] == "call_1"
    assert answer["provider_data"] == {"google.generate_content": {"id": None}}


def test_ids_that_are_taken_are_not_made_up() -> None:
    call = {"functionCall": {"id": "call_0", "name": "f"}}
    (message,) = parsed({"role": "model", "parts": [call, {"functionCall": {"name": "g"}}]})
    assert [part["id"] for part in message["content"]] == ["call_0", "call_1"]


def test_answers_among_other_parts() -> None:
    parts = [{"text": "a"}, *answered("f")["parts"], {"text": "b"}]
    messages = parsed(called("f"), {"role": "user", "parts": parts})
    assert [message["role"] for message in messages] == ["assistant", "user", "tool", "user"]


def test_names_of_protocol_buffers_are_read() -> None:
    (message,) = parsed(
        {"parts": [{"inline_data": {"mime_type": "image/png", "data": "AAAA"}, "thought_signature": "YQ=="}]}
    )
    (part,) = message["content"]
    assert (part["type"], part["base64"]) == ("image", "AAAA")
    assert part["provider_data"] == {"google.generate_content": {"thoughtSignature": "YQ=="}}


def test_a_result_without_an_id_belongs_to_the_latest_call() -> None:
    run = [{"executableCode": {"code": "1"}}, {"codeExecutionResult": {"outcome": "OUTCOME_FAILED", "output": "no"}}]
    (message,) = parsed({"role": "model", "parts": run})
    call, result = message["content"]
    assert call["tool_call_id"] == result["tool_call_id"] == "tool_0"
    assert (result["content"], result["is_error"]) == ("no", True)


def test_an_instruction_with_a_role() -> None:
    (message,) = parsed(system={"role": "user", "parts": [{"text": "a"}]})
    assert message["role"] == "system"
    payload, _ = FORMATTER.format_messages([message])
    assert payload.system_instruction == {"role": "user", "parts": [{"text": "a"}]}


@pytest.mark.parametrize(
    ("contents", "where"),
    [
        ("a", "contents"),
        (["a"], "contents[0]"),
        ([{"parts": {}}], "contents[0].parts"),
        ([{"parts": ["a"]}], "contents[0].parts[0]"),
        ([{"parts": [{"functionCall": 1}]}], "contents[0].parts[0].functionCall"),
        ([{"parts": [{"functionResponse": {"response": [1]}}]}], "contents[0].parts[0].response"),
    ],
)
def test_what_is_no_request(contents: Any, where: str) -> None:
    assert place_of_fault(FORMATTER.parse_messages, GenerateContentPayload(contents)) == where
