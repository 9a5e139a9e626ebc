from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import pytest

import massgen_stream
from massgen_stream.agent import Agent, Tool, ToolOutput
from massgen_stream.backend import create_backend
from massgen_stream.errors import ConfigurationError
from massgen_stream.provider import providers
from massgen_stream.simulator import Simulator, text
from massgen_stream.simulator import call as calls
from massgen_stream.stream_chunk.base import BaseStreamChunk

from ..backend.fakes import ScriptedBackend, saying
from .fakes import call, calling, ran, read

pytestmark = pytest.mark.anyio


def get_weather(city: str) -> str:
    """Tell the weather."""
    return f"Sunny in {city}"


def test_the_public_names() -> None:
    assert massgen_stream.Agent is Agent
    assert massgen_stream.Tool is Tool
    assert massgen_stream.ToolOutput is ToolOutput
    assert set(dir(massgen_stream.agent)) >= {"Agent", "FunctionTool", "MediaTool", "Tool", "ToolOutput", "Toolbox"}
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = massgen_stream.agent.Nothing


@pytest.mark.parametrize("name", ["max_rounds", "max_concurrency"])
@pytest.mark.parametrize("value", [0, -1, True, "3", 1.5])
def test_limits_that_cannot_be(name: str, value: Any) -> None:
    with pytest.raises(ConfigurationError, match=f"{name} must be a whole number, 1 or more, not"):
        Agent(ScriptedBackend(saying("Hi.")), **{name: value})


@pytest.mark.parametrize("value", [0, -1.0, "3", True, float("nan")])
def test_time_limits_that_cannot_be(value: Any) -> None:
    with pytest.raises(ConfigurationError, match="tool_timeout must be a number of seconds above 0"):
        Agent(ScriptedBackend(saying("Hi.")), tool_timeout=value)


async def test_the_guidance_of_tools_stands_before_the_conversation() -> None:
    class Guided(Tool):
        name = "guided"
        parameters = {"type": "object"}  # noqa: RUF012
        guidance = "Use it well."

        async def run(self, _: dict[str, Any]) -> AsyncGenerator[BaseStreamChunk | ToolOutput, None]:
            yield ToolOutput("done")

    one = await ran([Guided()], calling(call("guided")), saying("Hi."), messages=[{"role": "user", "content": "Go"}])
    for turn in (0, 1):
        system, user = one.asked(turn)["messages"][:2]
        assert system == {"role": "system", "content": "Use it well."}
        assert user == {"role": "user", "content": "Go"}
    assert one.results == [("done", False)]
    assert [message["role"] for message in one.stream.messages] == ["user", "assistant", "tool", "assistant"]


async def test_an_agent_may_be_the_tool_of_another() -> None:
    inner = Agent(ScriptedBackend(calling(call("get_weather", city="Oslo")), saying("Sunny.")), [get_weather])

    async def ask_expert(question: str) -> AsyncGenerator[BaseStreamChunk, None]:
        """Ask somebody who knows."""
        async with aclosing(inner.run(question)) as stream:
            async for chunk in stream:
                yield chunk

    one = await ran(
        [ask_expert], calling(call("ask_expert", question="Weather?")), saying("It is sunny."), source="boss"
    )
    assert one.results == []  # all have a source here
    told = [(chunk.source, chunk.content) for chunk in one.of("tool_result")]
    assert told == [("boss/ask_expert", "Sunny in Oslo"), ("boss", "Sunny.")]
    assert one.answers[0]["content"] == "Sunny."


async def test_a_wrapped_tool_is_how_a_hook_begins() -> None:
    class Logged(Tool):
        def __init__(self, tool: Tool) -> None:
            self._tool, self.log = tool, list[Any]()
            self.name, self.description, self.parameters = tool.name, tool.description, tool.parameters

        async def run(self, arguments: dict[str, Any]) -> AsyncGenerator[BaseStreamChunk | ToolOutput, None]:
            self.log.append(arguments)
            async with aclosing(self._tool.run(arguments)) as stream:
                async for one in stream:
                    yield one

    hook = Logged(massgen_stream.FunctionTool(get_weather))
    one = await ran([hook], calling(call("get_weather", city="Rome")), saying("Fine."))
    assert (one.results, hook.log) == ([("Sunny in Rome", False)], [{"city": "Rome"}])


@pytest.mark.parametrize("provider", ["openai", "claude", "gemini", "grok", "chatcompletion"])
async def test_every_wire_takes_the_answers_back(provider: str) -> None:
    script = [
        [text("Let me see."), calls("get_weather", {"city": "Oslo"}), calls("get_weather", {"town": 1})],
        [text("Sunny.")],
    ]
    async with Simulator(script) as sim:
        backend = create_backend(provider, base_url=sim.url(provider), api_key="any-key")
        async with backend:
            stream = Agent(backend, [get_weather]).run("How is the weather?")
            chunks = await read(stream)
    results = [chunk for chunk in chunks if chunk.type == "tool_result"]
    assert [chunk.content for chunk in results] == [  # type: ignore[attr-defined]
        "Sunny in Oslo",
        "wrong arguments for get_weather: Object contains unknown field `town`",
    ]
    assert chunks[-1].finish_reason == "stop"  # type: ignore[attr-defined]
    assert stream.messages[-1]["content"][0]["text"] == "Sunny."
    assert len(sim.requests) == 2
    assert provider in providers()
