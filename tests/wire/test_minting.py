"""Ids for what the vendor gave none."""

from typing import Any

from massgen_stream.wire.minting import Minting

from .openai_chat.saying import body, decoded, delta, only, piece


def test_ids_are_unique_and_say_what_they_are_of() -> None:
    minting = Minting("turn2-")
    minting.response_id = "r"
    assert [minting.another("call"), minting.another("call"), minting.another("image")] == [
        "turn2-r-call-0",
        "turn2-r-call-1",
        "turn2-r-image-0",
    ]
    assert minting.of("audio", 0) == minting.of("audio", 0) == "turn2-r-audio-0"


def ids(wire: bytes, **options: Any) -> list[str]:
    return [call["id"] for chunk in only(decoded(wire, **options), "tool_calls") for call in chunk.tool_calls]


def test_calls_of_two_turns_have_different_ids() -> None:
    wire = body(delta(tool_calls=[piece(0, None, "f", "{}")]))
    other = wire.replace(b'"id": "r"', b'"id": "s"')
    nameless = wire.replace(b'"id": "r"', b'"id": null')
    assert ids(wire) != ids(other)
    assert ids(nameless, id_prefix="a-") == ["a-response-call-0"] != ids(nameless, id_prefix="b-")


def test_an_id_that_comes_after_the_start_changes_nothing() -> None:
    late: Any = {"id": "late", "choices": [{"delta": {"tool_calls": [piece(1, None, "g", "{}")]}}]}
    first: Any = {"choices": [{"delta": {"tool_calls": [piece(0, None, "f", "{}")]}}]}
    wire = body(first, late)
    assert ids(wire) == ["response-call-0", "response-call-1"]
    (response,) = only(decoded(wire), "complete_response")
    assert response.response["id"] == "late"
