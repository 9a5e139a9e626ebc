from typing import Any

import pytest

from massgen_stream.backend.gemini_options import generation_config
from massgen_stream.errors import ConfigurationError

SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}}


def config(model: str = "gemini-3.8-flash", **options: Any) -> Any:
    return generation_config(options, model)


@pytest.mark.parametrize(
    ("effort", "level"),
    [("minimal", "MINIMAL"), ("low", "LOW"), ("medium", "MEDIUM"), ("high", "HIGH"), ("xhigh", "XHIGH")],
)
def test_effort_is_a_level(effort: str, level: str) -> None:
    assert config(reasoning_effort=effort) == ({"thinkingConfig": {"thinkingLevel": level}}, [])


@pytest.mark.parametrize(("effort", "level"), [("none", "MINIMAL"), ("max", "XHIGH")])
def test_levels_that_gemini_does_not_have_are_told(effort: str, level: str) -> None:
    found, (loss,) = config(reasoning_effort=effort)
    assert found == {"thinkingConfig": {"thinkingLevel": level}}
    assert effort in loss


@pytest.mark.parametrize(("effort", "budget"), [("none", 0), ("low", 1024), ("medium", 8192), ("max", 24_576)])
def test_effort_is_a_budget_for_gemini_2(effort: str, budget: int) -> None:
    assert config("models/gemini-2.5-flash", reasoning_effort=effort) == (
        {"thinkingConfig": {"thinkingBudget": budget}},
        [],
    )


def test_thoughts_are_shown_when_asked_for() -> None:
    found, _ = config(include_thoughts=True, thinking_budget=5, thinking_config={"x": 1})
    assert found == {"thinkingConfig": {"x": 1, "includeThoughts": True, "thinkingBudget": 5}}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"type": "text"}, {}),
        ({"type": "json_object"}, {"responseMimeType": "application/json"}),
        (
            {"type": "json_schema", "json_schema": {"name": "n", "schema": SCHEMA, "strict": True}},
            {"responseMimeType": "application/json", "responseJsonSchema": SCHEMA},
        ),
    ],
)
def test_formats(given: Any, found: Any) -> None:
    assert config(response_format=given) == (found, [])


def test_the_other_options() -> None:
    assert config(stop=["a"], modalities=["text", "IMAGE"])[0] == {
        "stopSequences": ["a"],
        "responseModalities": ["TEXT", "IMAGE"],
    }
    assert config(logprobs=True, top_logprobs=3)[0] == {"responseLogprobs": True, "logprobs": 3}
    assert config(logprobs=2)[0] == {"responseLogprobs": True, "logprobs": 2}
    assert config(logprobs=True)[0] == {"responseLogprobs": True}
    assert config(logprobs=False, stop=None) == ({}, [])


@pytest.mark.parametrize(
    "options",
    [
        {"reasoning_effort": "huge"},
        {"stop": 5},
        {"modalities": "text"},
        {"response_format": "json"},
        {"response_format": {"type": "json_schema", "json_schema": {}}},
        {"thinking_config": 1},
    ],
)
def test_what_cannot_be_used(options: Any) -> None:
    with pytest.raises(ConfigurationError):
        config(**options)
