import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.simulator.answers import answer
from massgen_stream.simulator.ask import Ask, Seen, Tool
from massgen_stream.stream_chunk.text import TextStreamChunk

WEATHER = Tool(
    "get_weather",
    {"type": "object", "properties": {"city": {"type": "string"}, "unit": {"enum": ["C", "F"]}}, "required": ["city"]},
)
CLOCK = Tool("clock", {"type": "object", "properties": {}})


def asking(prompt: str = "Write a haiku about rivers", **more: Any) -> Ask:
    return Ask(model="m", prompt=prompt, **{"input_characters": len(prompt)} | more)


def joined(chunks: list[TextStreamChunk], field: str, choice: int = 0) -> str:
    return "".join(getattr(chunk, field) or "" for chunk in chunks if (chunk.choice_index or 0) == choice)


def text_of(ask: Ask) -> str:
    return joined(answer(ask, 1), "content")


def test_a_haiku_about_rivers_has_three_lines_and_comes_word_by_word() -> None:
    chunks = answer(asking(), 1)
    text = joined(chunks, "content")
    assert len(text.splitlines()) == 3
    assert "sea" in text
    assert len([chunk for chunk in chunks if chunk.content]) == len(text.split())


def test_the_same_request_gets_the_same_answer() -> None:
    assert answer(asking(choices=3), 1) == answer(asking(choices=3), 1)


@pytest.mark.parametrize(
    "prompt", ["Explain monads", "haiku about cats", "hello", "tell me a joke", "who are you?", ""]
)
def test_everything_gets_an_answer(prompt: str) -> None:
    assert text_of(asking(prompt)).strip()


def test_an_unknown_topic_is_named_and_the_simulator_says_what_it_is() -> None:
    text = text_of(asking("What do you think of Icelandic sheep?"))
    assert "Icelandic sheep" in text
    assert "simulator" in text


def test_plain_text_alone_unless_more_is_asked_for() -> None:
    types = {str(chunk.type) for chunk in answer(asking(), 1)}
    assert types == {"content", "done"}


def test_reasoning_comes_first_when_asked_for() -> None:
    chunks = answer(asking(reasoning=True), 1)
    kinds = [str(chunk.type) for chunk in chunks]
    assert kinds[0] == "reasoning"
    assert kinds == sorted(kinds, key=["reasoning", "content", "done"].index)
    assert "rivers" in joined(chunks, "reasoning_delta")


def test_the_first_tool_is_called_with_arguments_that_fit() -> None:
    chunks = answer(asking("What is the weather in Paris?", tools=(WEATHER, CLOCK)), 4)
    calls = [chunk for chunk in chunks if chunk.tool_call_id]
    assert {chunk.tool_call_id for chunk in calls} == {"call_sim_4_0_0"}
    assert [chunk.tool_name for chunk in calls if chunk.tool_name] == ["get_weather"]
    assert json.loads(joined(chunks, "arguments_delta")) == {"city": "Paris"}
    assert chunks[-1].finish_reason == "tool_calls"
    assert joined(chunks, "content") == ""


def test_tools_named_in_the_prompt_are_called_in_order() -> None:
    chunks = answer(asking("Use clock and get_weather", tools=(WEATHER, CLOCK)), 1)
    assert [chunk.tool_name for chunk in chunks if chunk.tool_name] == ["get_weather", "clock"]
    assert [chunk.tool_call_id for chunk in chunks if chunk.tool_name] == ["call_sim_1_0_0", "call_sim_1_0_1"]


@pytest.mark.parametrize(
    ("more", "called"),
    [
        ({"tool_choice": "none"}, []),
        ({"tool_choice": "clock"}, ["clock"]),
        ({"user_turn": False, "results": ("sunny",)}, []),
        ({"user_turn": False, "results": ("sunny",), "tool_choice": "required"}, ["get_weather"]),
    ],
)
def test_the_choice_among_tools_is_kept(more: dict[str, Any], called: list[str]) -> None:
    chunks = answer(asking("Weather?", tools=(WEATHER, CLOCK), **more), 1)
    assert [chunk.tool_name for chunk in chunks if chunk.tool_name] == called


def test_what_tools_answered_is_quoted() -> None:
    text = text_of(asking(tools=(WEATHER,), user_turn=False, results=("18 degrees", "noon")))
    assert text == "The tools answered: “18 degrees” and “noon”"


def test_media_is_acknowledged() -> None:
    png, photo = Seen("image", "image/png", 68), Seen("image", "https://example.com/a.jpg")
    assert text_of(asking("", media=(png,))) == "I see 1 image (image/png, 68 bytes)."
    text = text_of(asking("tell me a joke", media=(png, Seen("audio", "audio/wav", 9), photo)))
    seen = "I see 2 images (image/png, 68 bytes; https://example.com/a.jpg) and 1 audio (audio/wav, 9 bytes). "
    assert text.startswith(seen + "Why did")


def test_json_is_json_and_fits_its_schema() -> None:
    assert json.loads(text_of(asking(json=True)))["simulated"] is True
    assert json.loads(text_of(asking("About Rome", json=True, schema=WEATHER.parameters))) == {"city": "Rome"}


def test_stop_texts_end_the_answer() -> None:
    assert text_of(asking(stop=("stone", "zebra"))) == "Cold springs find their voice,\n"


def test_usage_counts_four_characters_as_a_token_and_media_as_85() -> None:
    done = answer(asking("abcde", input_characters=5, input_media=2, reasoning=True), 1)[-1]
    assert done.usage is not None
    assert done.usage["input_tokens"] == 2 + 2 * 85
    assert done.usage["total_tokens"] == done.usage["input_tokens"] + done.usage["output_tokens"]
    assert 0 < done.usage["reasoning_tokens"] < done.usage["output_tokens"]
    assert "reasoning_tokens" not in (answer(asking(), 1)[-1].usage or {})


@given(st.integers(1, 60), st.booleans(), st.booleans())
def test_max_tokens_cut_everything_alike(most: int, reasoning: bool, tools: bool) -> None:
    ask = asking(reasoning=reasoning, tools=(WEATHER,) if tools else ())
    whole, cut = answer(ask, 1), answer(asking(reasoning=reasoning, tools=ask.tools, max_tokens=most), 1)
    fields = ("reasoning_delta", "content", "arguments_delta")
    said = ["".join(joined(chunks, field) for field in fields) for chunks in (whole, cut)]
    assert said[1] == said[0][: 4 * most]
    assert (cut[-1].finish_reason == "length") == (len(said[0]) > 4 * most)


def test_choices_differ_where_they_can_and_are_interleaved() -> None:
    chunks = answer(asking(choices=3), 1)
    texts = [joined(chunks, "content", choice) for choice in range(3)]
    assert len(set(texts)) == 3
    assert [chunk.choice_index for chunk in chunks[:4]] == [None, 1, 2, None]
    assert [row["index"] for row in (chunks[-1].finish_details or {})["choices"]] == [1, 2]
