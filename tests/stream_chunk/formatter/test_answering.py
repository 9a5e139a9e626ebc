import copy
from typing import Any

from massgen_stream.stream_chunk.formatter import Loss, normalise_messages
from massgen_stream.stream_chunk.formatter.answering import with_answers_in_place

from .places import told

HELLO = {"role": "user", "content": "hi"}


def calling(*ids: str) -> dict[str, Any]:
    return {"role": "assistant", "tool_calls": [{"id": name, "name": "f", "arguments": "{}"} for name in ids]}


def answer(name: str) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": name, "content": "1"}


def placed(*messages: dict[str, Any]) -> tuple[list[str], list[tuple[str, str]]]:
    """The messages as words, and the losses."""
    normal = normalise_messages(messages)
    before = copy.deepcopy(normal)
    losses: list[Loss] = []
    found = with_answers_in_place(normal, losses)
    assert normal == before
    names = [str(message.get("tool_call_id", message["role"])) for message in found]
    marks = ["!" if message.get("is_error") else "" for message in found]
    return [name + mark for name, mark in zip(names, marks, strict=True)], told(losses)


def test_a_conversation_without_gaps_stays_as_it_is() -> None:
    for messages in ([], [HELLO], [HELLO, calling("a", "b"), answer("b"), answer("a"), HELLO], [HELLO, calling("a")]):
        normal = normalise_messages(messages)
        assert with_answers_in_place(normal, []) == normal


def test_what_nobody_answered_is_answered_behind_the_other_answers() -> None:
    words, losses = placed(calling("a", "b", "c"), answer("b"), HELLO)
    assert words == ["assistant", "b", "a!", "c!", "user"]
    assert losses == [("messages[0]", "result of call a made up"), ("messages[0]", "result of call c made up")]


def test_the_last_calls_wait_only_while_none_is_answered() -> None:
    assert placed(calling("a", "b"), answer("a"))[0] == ["assistant", "a", "b!"]
    assert placed(calling("a", "b"))[0] == ["assistant"]


def test_answers_move_in_front_of_what_was_said_meanwhile() -> None:
    words, losses = placed(
        calling("a", "b"), answer("b"), HELLO, {"role": "system", "content": "Hm."}, answer("a"), HELLO
    )
    assert words == ["assistant", "b", "a", "user", "system", "user"]
    assert losses == [("messages[4]", "tool message moved forward")]
    assert placed(calling("a", "b"), HELLO, answer("a"))[0] == ["assistant", "a", "b!", "user"]


def test_messages_of_one_step_stay_together() -> None:
    words, losses = placed(calling("a"), calling("b"), answer("a"), answer("b"))
    assert (words, losses) == (["assistant", "assistant", "a", "b"], [])


def test_ids_that_begin_anew_are_of_another_turn() -> None:
    words, losses = placed(calling("a"), HELLO, calling("a"), answer("a"))
    assert words == ["assistant", "a!", "user", "assistant", "a"]
    assert losses == [("messages[0]", "result of call a made up")]


def test_one_id_twice_needs_two_answers() -> None:
    assert placed(calling("a", "a"), answer("a"), HELLO)[0] == ["assistant", "a", "a!", "user"]
