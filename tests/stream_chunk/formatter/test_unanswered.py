import copy
from typing import Any

from massgen_stream.stream_chunk.formatter import Loss, normalise_messages
from massgen_stream.stream_chunk.formatter.unanswered import with_made_up_answers

from .places import told

HELLO = {"role": "user", "content": "hi"}


def calling(*ids: str) -> dict[str, Any]:
    return {"role": "assistant", "tool_calls": [{"id": name, "name": "f", "arguments": "{}"} for name in ids]}


def answer(name: str) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": name, "content": "1"}


def made(*messages: dict[str, Any]) -> tuple[list[str], list[tuple[str, str]]]:
    """The messages as words, and the losses."""
    normal = normalise_messages(messages)
    before = copy.deepcopy(normal)
    losses: list[Loss] = []
    found = with_made_up_answers(normal, losses)
    assert normal == before
    names = [str(message.get("tool_call_id", message["role"])) for message in found]
    marks = ["!" if message.get("is_error") else "" for message in found]
    return [name + mark for name, mark in zip(names, marks, strict=True)], told(losses)


def test_a_conversation_without_gaps_stays_as_it_is() -> None:
    for messages in ([], [HELLO], [HELLO, calling("a", "b"), answer("b"), answer("a"), HELLO], [HELLO, calling("a")]):
        normal = normalise_messages(messages)
        assert with_made_up_answers(normal, []) == normal


def test_what_nobody_answered_is_answered_behind_the_other_answers() -> None:
    words, losses = made(calling("a", "b", "c"), answer("b"), HELLO)
    assert words == ["assistant", "b", "a!", "c!", "user"]
    assert losses == [("messages[0]", "result of call a made up"), ("messages[0]", "result of call c made up")]


def test_the_last_calls_wait_only_while_none_is_answered() -> None:
    assert made(calling("a", "b"), answer("a"))[0] == ["assistant", "a", "b!"]
    assert made(calling("a", "b"))[0] == ["assistant"]


def test_late_answers_count() -> None:
    assert made(calling("a"), HELLO, answer("a"))[1] == []
    assert made(calling("a"), calling("b"), answer("a"), answer("b"))[1] == []


def test_ids_that_begin_anew_are_of_another_turn() -> None:
    words, losses = made(calling("a"), HELLO, calling("a"), answer("a"))
    assert words == ["assistant", "a!", "user", "assistant", "a"]
    assert losses == [("messages[0]", "result of call a made up")]


def test_one_id_twice_needs_two_answers() -> None:
    assert made(calling("a", "a"), answer("a"), HELLO)[0] == ["assistant", "a", "a!", "user"]
