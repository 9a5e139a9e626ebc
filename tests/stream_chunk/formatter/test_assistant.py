from typing import Any

import pytest

from massgen_stream.stream_chunk.formatter.assistant import read_assistant

DETAIL = {"type": "reasoning.text", "text": "hm", "index": 0}


def read(**fields: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The parts, and what is left of the fields."""
    return read_assistant(fields, "message", None), fields


def reasoning(text: str, **data: Any) -> dict[str, Any]:
    return {"type": "reasoning", "text": text, "provider_data": {"openai.chat": data}}


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning", "thinking"])
def test_reasoning_remembers_its_field(field: str) -> None:
    assert read(**{field: "hm"}) == ([reasoning("hm", field=field)], {})
    assert read(**{field: ""}) == ([reasoning("", field=field)], {})


def test_details_are_kept_and_read() -> None:
    summary = {"type": "reasoning.summary", "summary": "oh"}
    details = [DETAIL, {"type": "reasoning.encrypted", "data": "x"}, summary]
    assert read(reasoning_details=details) == ([reasoning("hmoh", reasoning_details=details)], {})
    both, _ = read(reasoning="hm", reasoning_content="hm", reasoning_details=[DETAIL])
    assert both == [
        reasoning("hm", field="reasoning_content", reasoning_details=[DETAIL]),
        reasoning("hm", field="reasoning"),
    ]


def test_what_is_no_reasoning_is_left() -> None:
    fields: dict[str, Any] = {"reasoning": {"effort": "low"}, "reasoning_details": "x", "audio": "x", "images": ["x"]}
    assert read(**fields) == ([], fields)


def test_audio_is_named_by_its_id() -> None:
    parts, _ = read(audio={"id": "a1", "transcript": "hi"})
    data = {"openai.chat": {"audio": {"transcript": "hi"}}}
    assert parts == [{"type": "audio", "file_id": "a1", "provider_data": data}]


def test_images_in_content_and_beside_it() -> None:
    image = {"type": "image_url", "image_url": {"url": "https://x.y/z"}}
    for field in ("images", "content"):
        parts, left = read(**{field: [image]})
        assert parts == [{"type": "image", "url": "https://x.y/z", "provider_data": {"openai.chat": {"field": field}}}]
        assert left == {}


def test_a_signature_beside_text_belongs_to_the_last_text() -> None:
    parts, left = read(content=[{"type": "text", "text": "a"}, {"type": "text", "text": "b"}], extra_content={"g": 1})
    assert parts == [
        {"type": "text", "text": "a"},
        {"type": "text", "text": "b", "provider_data": {"openai.chat": {"extra_content": {"g": 1}}}},
    ]
    assert left == {}
    assert read(content=None, extra_content={"g": 1}) == ([], {"extra_content": {"g": 1}})
