from typing import Any

import pytest

from massgen_stream.stream_chunk.formatter import GenerateContentFormatter

from ..places import told

OWN = "google.generate_content"
Data = dict[str, Any]


def spoken(*parts: Data, **options: bool) -> tuple[list[Data], list[tuple[str, str]]]:
    """The parts of an assistant's message, and what is lost."""
    payload, losses = GenerateContentFormatter(**options).format_messages(
        [{"role": "assistant", "content": list(parts)}]
    )
    return (payload.contents[0]["parts"] if payload.contents else []), told(losses)


def marked(text: str, *places: Data, kind: str = "text") -> Data:
    return {"type": kind, "text": text, "provider_data": {OWN: {"parts": list(places)}}}


def test_a_text_is_split_where_google_split_it() -> None:
    text = marked(
        "Grüße 🌍, und mehr",
        {"start": 0, "end": 5, "thoughtSignature": "YQ=="},
        {"start": 7, "end": 7, "text": "", "thoughtSignature": "Yg=="},
        {"start": 7, "end": 7, "thoughtSignature": "Yw=="},
        {"start": 17, "end": 17, "text": "", "thoughtSignature": "ZA=="},
    )
    assert spoken(text) == (
        [
            {"thoughtSignature": "YQ==", "text": "Grüße"},
            {"text": " 🌍"},
            {"text": "", "thoughtSignature": "Yg=="},
            {"thoughtSignature": "Yw=="},
            {"text": ", und mehr"},
            {"text": "", "thoughtSignature": "ZA=="},
        ],
        [],
    )


def test_thoughts_are_split_too() -> None:
    thought = marked("ab", {"start": 1, "end": 2, "thoughtSignature": "YQ=="}, kind="reasoning")
    expected = [{"text": "a", "thought": True}, {"thoughtSignature": "YQ==", "text": "b", "thought": True}]
    assert spoken(thought) == (expected, [])


@pytest.mark.parametrize(
    "places",
    [
        [{"start": 0, "end": 9}],
        [{"start": 2, "end": 1}],
        [{"start": 0, "end": 2}, {"start": 1, "end": 3}],
        [{"start": "0", "end": 1}],
        [{"start": False, "end": 1}],
        ["a"],
        "a",
    ],
)
def test_places_of_another_text_are_dropped(places: Any) -> None:
    part = {"type": "text", "text": "abc", "provider_data": {OWN: {"parts": places}}}
    assert spoken(part) == ([{"text": "abc"}], [("messages[0].content[0]", "signatures dropped")])


def test_other_data_goes_with_the_first_part() -> None:
    part = {"type": "text", "text": "ab", "provider_data": {OWN: {"partMetadata": {"x": 1}}}}
    assert spoken(part) == ([{"partMetadata": {"x": 1}, "text": "ab"}], [])
    empty = {"type": "text", "text": "", "provider_data": {OWN: {"partMetadata": {"x": 1}}}}
    assert spoken(empty) == ([{"partMetadata": {"x": 1}, "text": ""}], [])


def test_empty_texts_of_an_assistant() -> None:
    empty = {"type": "text", "text": ""}
    assert spoken(empty, {"type": "text", "text": "a"}) == ([{"text": "a"}], [])
    assert spoken(empty) == ([{"text": ""}], [])
    where = "messages[0]"
    lost = [(f"{where}.content[0]", "reasoning dropped"), (where, "message dropped")]
    assert spoken({"type": "reasoning", "text": ""}) == ([], lost)


def test_a_summary_stands_for_reasoning_without_text() -> None:
    part = {"type": "reasoning", "text": "", "summary": ["a", "b"]}
    assert spoken(part) == ([{"text": "a\n\nb", "thought": True}], [])
    assert spoken({"type": "refusal", "text": "no"}) == (
        [{"text": "no"}],
        [("messages[0].content[0]", "refusal sent as text")],
    )
