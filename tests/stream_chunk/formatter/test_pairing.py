from typing import Any

from massgen_stream.stream_chunk.formatter import normalise_messages

from .places import place_of_fault


def asked(*ids: str | None) -> dict[str, Any]:
    calls = [{"id": call_id, "type": "function", "function": {"name": "f", "arguments": "{}"}} for call_id in ids]
    return {"role": "assistant", "content": None, "tool_calls": calls}


def answer(call_id: str | None = None) -> dict[str, Any]:
    return {"role": "tool", "content": "x", **({} if call_id is None else {"tool_call_id": call_id})}


def ids(*messages: dict[str, Any]) -> list[str]:
    found: list[str] = []
    for message in normalise_messages(messages):
        calls = (part["id"] for part in message["content"] if part["type"] == "tool_call")
        found += [message["tool_call_id"]] if message["role"] == "tool" else calls
    return found


def test_ids_that_are_there_stay() -> None:
    assert ids(asked("a", "b"), answer("b"), answer("a")) == ["a", "b", "b", "a"]


def test_answers_without_ids_belong_to_the_first_call_still_waiting() -> None:
    assert ids(asked("a", "b"), answer(), answer()) == ["a", "b", "a", "b"]
    assert ids(asked("a", "b"), answer("a"), answer("")) == ["a", "b", "a", "b"]


def test_calls_without_ids_get_new_ones() -> None:
    assert ids(asked("", None), answer(), answer()) == ["call_0", "call_1", "call_0", "call_1"]
    assert ids(asked(""), answer(), asked(""), answer()) == ["call_0", "call_0", "call_1", "call_1"]
    assert ids(asked("call_0", ""), answer(), answer()) == ["call_0", "call_1", "call_0", "call_1"]


def test_an_answer_without_a_call_is_a_fault() -> None:
    assert place_of_fault(normalise_messages, [asked("a"), answer(), answer()]) == "messages[2].tool_call_id"
