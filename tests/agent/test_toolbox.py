from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from massgen_stream.agent import Tool, Toolbox, ToolOutput
from massgen_stream.errors import ConfigurationError, InvalidMessage
from massgen_stream.stream_chunk.base import BaseStreamChunk


class Echo(Tool):
    name = "echo"
    parameters = {"type": "object", "properties": {"text": {"type": "string"}}}  # noqa: RUF012
    guidance = "Echo what is said."

    async def run(self, arguments: dict[str, Any]) -> AsyncGenerator[BaseStreamChunk | ToolOutput, None]:
        yield ToolOutput(arguments["text"])


def hum() -> None:
    """Hum."""


DECLARED = {"type": "function", "function": {"name": "ask_me", "description": "Ask", "parameters": {}}}
VENDORS = {"type": "web_search_preview"}


def test_what_may_be_offered() -> None:
    box = Toolbox([Echo(), hum, DECLARED, VENDORS])
    assert [tool.name for tool in box] == ["echo", "hum"]
    assert box.definitions[0] == {"name": "echo", "description": "", "parameters": Echo.parameters}
    assert box.definitions[2:] == [DECLARED, VENDORS]
    assert box.guidance == "Echo what is said."
    assert isinstance(box.find("echo"), Echo)
    assert box.find("ask_me") is None
    assert [box.is_answered_by_caller(name) for name in ("ask_me", "echo", "nobody")] == [True, False, False]


def test_where_nothing_is_run_here_all_calls_are_the_callers() -> None:
    assert Toolbox([]).is_answered_by_caller("nobody")
    assert Toolbox([DECLARED]).is_answered_by_caller("nobody")


@pytest.mark.parametrize(
    ("offered", "problem"),
    [
        ([hum, hum], "two tools are called 'hum'"),
        ([hum, {"name": "hum"}], "two tools are called 'hum'"),
        ([3], "a int is no tool; use a function, a Tool or a definition"),
    ],
)
def test_what_may_not(offered: list[Any], problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        Toolbox(offered)


def test_a_definition_without_a_name() -> None:
    with pytest.raises(InvalidMessage, match="name"):
        Toolbox([{"description": "nameless"}])
