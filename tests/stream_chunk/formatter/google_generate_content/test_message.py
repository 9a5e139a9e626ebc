from typing import Any

import pytest

from massgen_stream.errors import InvalidMessage
from massgen_stream.stream_chunk.accumulator import Accumulator
from massgen_stream.stream_chunk.formatter import GenerateContentFormatter
from massgen_stream.wire import decoder

from ..places import told
from .test_calls import call
from .test_texts import OWN

Data = dict[str, Any]
USER = {"role": "user", "content": "hi"}
PNG = {"type": "image", "base64": "AAAA", "mime_type": "image/png"}
WAV = {"type": "audio", "base64": "AAAA", "mime_type": "audio/wav"}


def formatted(*messages: Data, **options: bool) -> tuple[list[Data], Data | None, list[tuple[str, str]]]:
    payload, losses = GenerateContentFormatter(**options).format_messages(messages)
    return payload.contents, payload.system_instruction, told(losses)


def test_system_messages_are_one_instruction() -> None:
    system: list[Data] = [{"role": "system", "content": text} for text in "abc"]
    contents, instruction, losses = formatted(*system[:2], USER, system[2])
    assert contents == [{"role": "user", "parts": [{"text": "hi"}]}]
    assert instruction == {"parts": [{"text": text} for text in "abc"]}
    assert losses == [("messages[3]", "moved to the front")]


def test_a_system_message_holds_only_text() -> None:
    _, instruction, losses = formatted({"role": "system", "content": [{"type": "text", "text": "a"}, PNG]})
    assert instruction == {"parts": [{"text": "a"}]}
    assert losses == [("messages[0].content[1]", "image dropped")]


def test_what_one_side_says_in_a_row_is_one_content() -> None:
    assistant: list[Data] = [{"role": "assistant", "content": "a"}, {"role": "assistant", "content": [call()]}]
    answers = [{"role": "tool", "tool_call_id": "c1", "content": text} for text in "xy"]
    contents, _, losses = formatted(USER, USER, *assistant, *answers, USER)
    assert [(one["role"], len(one["parts"])) for one in contents] == [
        ("user", 1),
        ("user", 1),
        ("model", 2),
        ("user", 2),
        ("user", 1),
    ]
    assert losses == []


def test_media_of_answers() -> None:
    answer = {"role": "tool", "tool_call_id": "c1", "content": [PNG, WAV, {"type": "text", "text": "see"}]}
    other = {"role": "tool", "tool_call_id": "c2", "content": [WAV]}
    calls = {"role": "assistant", "content": [call(), {**call(), "id": "c2"}]}
    contents, _, losses = formatted(calls, answer, other)
    inline = {"mimeType": "image/png", "data": "AAAA"}
    response = {"id": "c1", "name": "f", "response": {"result": "see"}, "parts": [{"inlineData": inline}]}
    assert contents[1]["parts"][0] == {"functionResponse": response}
    assert contents[1]["parts"][1]["functionResponse"]["response"] == {
        "result": "The result follows in the next message."
    }
    sound = {"inlineData": {"mimeType": "audio/wav", "data": "AAAA"}}
    assert contents[2] == {"role": "user", "parts": [{"text": "Result of tool call c1:"}, sound, sound]}
    assert losses == [
        ("messages[1].content[1]", "audio moved into a user message behind it"),
        ("messages[1].content[2]", "text moved before media"),
        ("messages[2].content[0]", "audio moved into a user message behind it"),
    ]


def test_a_system_message_parts_no_answers() -> None:
    answers = [{"role": "tool", "tool_call_id": i, "content": [WAV]} for i in ("c1", "c2")]
    calls = {"role": "assistant", "content": [call(), {**call(), "id": "c2"}]}
    contents, instruction, _ = formatted(calls, answers[0], {"role": "system", "content": "hm"}, answers[1])
    assert [len(one["parts"]) for one in contents] == [2, 2, 3]
    assert instruction == {"parts": [{"text": "hm"}]}


def test_models_without_media_in_answers() -> None:
    answer = {"role": "tool", "tool_call_id": "c1", "tool_name": "f", "content": [PNG]}
    contents, _, losses = formatted(answer, media_in_responses=False)
    assert "parts" not in contents[0]["parts"][0]["functionResponse"]
    assert contents[1]["parts"][1] == {"inlineData": {"mimeType": "image/png", "data": "AAAA"}}
    assert losses == [("messages[0].content[0]", "image moved into a user message behind it")]


def test_what_another_vendor_ran_is_dropped() -> None:
    ran = [
        {"type": "server_tool_call", "tool_call_id": "s", "tool_name": "web_search"},
        {"type": "tool_result", "tool_call_id": "s", "content": "x", "provider_data": {"anthropic.messages": {"a": 1}}},
    ]
    contents, _, losses = formatted({"role": "assistant", "content": [*ran, {"type": "text", "text": "a"}]})
    assert contents == [{"role": "model", "parts": [{"text": "a"}]}]
    assert [what for _, what in losses] == [
        "server_tool_call dropped",
        "provider_data of anthropic.messages dropped",
        "tool_result dropped",
    ]


def test_a_picture_of_another_candidate_is_not_of_this_message() -> None:
    other = {**PNG, "provider_data": {OWN: {"candidate": 1}}}
    contents, _, losses = formatted({"role": "assistant", "content": [PNG, other]})
    assert [len(one["parts"]) for one in contents] == [1]
    assert losses == [("messages[0].content[1]", "image dropped")]


def test_an_empty_instruction_is_none() -> None:
    assert formatted({"role": "system", "content": []}, USER)[1] is None


def test_names_and_unknown_keys_are_reported() -> None:
    _, _, losses = formatted({**USER, "name": "Ada", "x": 1})
    assert losses == [("messages[0]", "x dropped"), ("messages[0]", "name dropped")]


def test_data_that_is_no_object() -> None:
    with pytest.raises(InvalidMessage, match="must be an object"):
        formatted({**USER, "provider_data": {OWN: 1}})


def test_a_generated_picture_goes_back_with_its_signature() -> None:
    event = (
        b'data: {"candidates":[{"content":{"parts":[{"text":"Look:"},'
        b'{"inlineData":{"mimeType":"image/png","data":"AAAA"},"thoughtSignature":"c2ln"}],"role":"model"},"finishReason":"STOP"}]}\n\n'
    )
    decode, found = decoder(OWN), Accumulator()
    for chunk in [*decode.feed(event), *decode.close()]:
        found.feed(chunk)
    contents, _, losses = formatted(USER, found.message(), {"role": "user", "content": "make it blue"})
    picture = {"inlineData": {"mimeType": "image/png", "data": "AAAA"}, "thoughtSignature": "c2ln"}
    assert contents[1] == {"role": "model", "parts": [{"text": "Look:"}, picture]}
    assert losses == []
