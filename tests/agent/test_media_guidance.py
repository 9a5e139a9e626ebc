from __future__ import annotations

import json

import jsonschema
import pytest

from massgen_stream.agent.media_arguments import MediaArguments
from massgen_stream.agent.media_guidance import CONTINUED, EXAMPLES, Example, guidance, possible
from massgen_stream.generation import GenerationConfig, generators
from massgen_stream.stream_chunk.kinds import MediaType

EVERYBODY = [(one, kind, offer) for one in generators() for kind, offer in one.offers.items()]
OPERATIONS = {
    "generate", "edit", "mask", "style", "control", "subject", "continue", "image-to-video", "speech", "music",
}  # fmt: skip


def test_there_is_an_example_for_each_operation() -> None:
    assert {one.operation for one in EXAMPLES} >= OPERATIONS
    assert len({one.operation for one in EXAMPLES}) == len(EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.operation)
def test_examples_can_be_asked_for(example: Example) -> None:
    jsonschema.validate(dict(example.arguments), MediaArguments(EVERYBODY).schema)
    config = example.config("fake_1")
    assert config.media_type is MediaType(example.arguments["mode"])
    assert config.continue_from == ("fake_1" if "continue_from" in example.arguments else None)


def test_the_text_holds_the_examples_as_they_are() -> None:
    text = guidance("draw_it", EXAMPLES)
    assert "with the tool draw_it" in text
    for example in EXAMPLES:
        (line,) = [line for line in text.splitlines() if line.startswith(f"- {example.operation} (")]
        assert json.loads(line.partition("): ")[2]) == example.arguments


def test_only_what_is_possible() -> None:
    plain = possible(EXAMPLES, lambda config: not config.given())
    assert [one.operation for one in plain] == ["generate"]
    continued = possible(EXAMPLES, lambda config: config.continue_from == "b_0", prefixes=["a", "b"])
    assert [one.operation for one in continued] == ["continue"]
    rest = [one for one in EXAMPLES if CONTINUED not in one.arguments.values()]
    assert possible(EXAMPLES, lambda _: True) == rest


def test_who_must_be_named_is_named() -> None:
    def can(config: GenerationConfig) -> bool:
        return config.backend == "b" if config.style_image_path else not config.given()

    generate, style = possible(EXAMPLES, can, names=["a", "b"])
    assert "backend" not in generate.arguments
    assert (style.operation, style.arguments["backend"]) == ("style", "b")
