from __future__ import annotations

from dataclasses import dataclass

import pytest
from pydantic import BaseModel

from massgen_stream.agent.outputs import failure_of, output_of
from massgen_stream.agent.tools import ToolOutput
from massgen_stream.errors import ConfigurationError, UsageError


@dataclass
class Point:
    x: int


class Model(BaseModel):
    x: int


def test_values_become_json() -> None:
    assert output_of(Point(1)).content == '{"x":1}'
    assert output_of(Model(x=1)).content == '{"x":1}'
    assert output_of([None, "é"]).content == '[null,"é"]'
    cycle: list[object] = []
    cycle.append(cycle)
    with pytest.raises(UsageError, match="a list, which has no JSON form"):
        output_of(cycle)


def test_parts_have_text_and_media() -> None:
    image = {"type": "image", "url": "https://x.org/a.png"}
    output = ToolOutput([{"type": "text", "text": "a"}, image, {"type": "text", "text": "b"}])
    assert (output.text, output.media) == ("a\nb", [image])
    assert (ToolOutput("a").text, ToolOutput("a").media) == ("a", [])


def test_failures_say_what_they_are_and_hold_no_key() -> None:
    assert failure_of(ValueError("for k-1-secret and sk-0123456789abc"), ("k-1-secret",)) == ToolOutput(
        "ValueError: for *** and ***", is_error=True
    )
    assert failure_of(ValueError(), ()).content == "ValueError"
    assert failure_of(ConfigurationError("do this instead"), ()).content == "do this instead"
    assert len(failure_of(ValueError("x" * 100_000), ()).text) < 3000
