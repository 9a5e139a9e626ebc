"""What a prompt asks to have made, and the calls that come of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from massgen_stream.simulator.answers.reply import reply
from massgen_stream.simulator.answers.wishes import TOOL, Wish, wishes_of
from massgen_stream.simulator.ask import Ask, Tool

SCHEMA = {"properties": {"prompt": {"type": "string"}, "mode": {}, "audio_type": {}}, "required": ["prompt", "mode"]}
MAKER = Tool(TOOL, {"type": "object", **SCHEMA})
CLOCK = Tool("clock", {"type": "object", "properties": {}})
SEA = "The tide turns a page, reads the shore from left to right, and forgets it all."


@pytest.mark.parametrize(
    ("prompt", "wishes"),
    [
        ("draw a lighthouse and read me a line about it", [("image", "a lighthouse"), ("speech", SEA)]),
        (
            "Please draw a cat, animate it and play a tune",
            [("image", "a cat"), ("video", "a cat"), ("music", "a tune")],
        ),
        ("Create an image of a red fox", [("image", "a red fox")]),
        ("make me a video of waves", [("video", "waves")]),
        ("Could you paint the sea?", [("image", "the sea")]),
        ("draw a house. Tell me how it looks.", [("image", "a house")]),
        ("animate a boat", [("video", "a boat")]),
        ("play me a slow waltz", [("music", "a slow waltz")]),
        ('say "good night" to me', [("speech", "good night")]),
        ("say hello to the crew", [("speech", "hello to the crew")]),
        ("read out a poem about the sea", [("speech", SEA)]),
        ("Draw a house. Then say something about the sea", [("image", "a house"), ("speech", SEA)]),
        ("draw", [("image", "something")]),
        ("speak", [("speech", "Hello!")]),
        ("Write a haiku about rivers", []),
        ("What would you say about this?", []),
        ("How do I draw a circle?", []),
        ("read this file", []),
        ("Tell me a story", []),
        ("Who drew the Mona Lisa?", []),
        ("", []),
    ],
)
def test_what_is_asked_for(prompt: str, wishes: list[tuple[str, str]]) -> None:
    assert [tuple(wish) for wish in wishes_of(prompt)] == wishes


def answered(prompt: str, *tools: Tool, **more: Any) -> tuple[str, list[tuple[str, Any]]]:
    said = reply(Ask(model="m", prompt=prompt, tools=tools, **more))
    return said.text, [(one.name, json.loads(one.arguments)) for one in said.calls]


def test_words_first_then_one_call_for_each_medium() -> None:
    text, calls = answered("draw a lighthouse and read me a line about it", CLOCK, MAKER)
    assert text == f"Let me draw a lighthouse and say: “{SEA}”\n"
    assert calls == [
        (TOOL, {"prompt": "a lighthouse", "mode": "image"}),
        (TOOL, {"prompt": SEA, "mode": "audio", "audio_type": "speech"}),
    ]
    text, _ = answered("draw a cat, animate it and play a tune", MAKER)
    assert text == "Let me draw a cat, film a cat and play a tune\n"


def test_it_is_not_called_when_nothing_is_to_be_made() -> None:
    text, calls = answered("Write a haiku about rivers", MAKER)
    assert (len(text.splitlines()), calls) == (3, [])
    assert answered("Write a haiku", MAKER, CLOCK)[1] == [("clock", {})]
    assert answered("draw a cat and tell the clock", CLOCK, MAKER)[1][1] == ("clock", {})


def test_without_the_tool_there_are_words() -> None:
    assert answered("draw a cat")[1] == []
    assert answered("draw a cat", MAKER, tool_choice="none")[1] == []
    other = Tool(TOOL, {"type": "object", "properties": {"what": {"type": "string"}}})
    assert answered("draw a cat", other)[1][0][1].keys() == {"what"}


def test_it_can_be_forced() -> None:
    for choice in ("required", TOOL):
        ((name, arguments),) = answered("Write a haiku", MAKER, tool_choice=choice)[1]
        assert (name, set(arguments)) == (TOOL, {"prompt", "mode"})


def test_a_schema_without_kinds_of_sound_is_obeyed() -> None:
    tool = Tool(TOOL, {"type": "object", "properties": {"prompt": {}, "mode": {}}})
    assert json.loads(Wish("music", "a tune").arguments(tool)) == {"prompt": "a tune", "mode": "audio"}


def test_a_closing_text_says_where_things_are() -> None:
    picture = json.dumps({"media": [{"kind": "image", "path": "out/a.png"}]})
    sound = json.dumps({"media": [{"kind": "audio", "path": "out/b.wav"}], "notes": ["a sketch"]})
    text, calls = answered("draw a cat", MAKER, user_turn=False, results=(picture, sound))
    assert calls == []
    assert text.startswith("There you are: the image is in out/a.png and the audio is in out/b.wav. I am")
    text, _ = answered("draw a cat", MAKER, user_turn=False, results=("no luck", sound))
    assert text.startswith("There you are: the audio is in out/b.wav. Besides, I was told: “no luck” I am")


@pytest.mark.parametrize("result", ["no luck", "[]", '{"media": []}', '{"media": 3}', "{"])
def test_what_is_no_medium_is_quoted(result: str) -> None:
    text, _ = answered("draw a cat", MAKER, user_turn=False, results=(result,))
    assert text == f"The tool answered: “{result}”"
