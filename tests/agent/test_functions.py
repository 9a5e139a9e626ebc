from __future__ import annotations

import asyncio
import functools
import threading
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.agent import FunctionTool, ToolOutput
from massgen_stream.errors import ConfigurationError, UsageError
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.narrow import content

pytestmark = pytest.mark.anyio


async def called(function: Any, **arguments: Any) -> list[Any]:
    return [one async for one in FunctionTool(function, name="tool").run(arguments)]


def plain(number: int) -> int:
    """Double."""
    return number * 2


async def waiting(number: int) -> int:
    """Double, later."""
    await asyncio.sleep(0)
    return number * 2


async def streaming(number: int) -> AsyncGenerator[BaseStreamChunk, None]:
    """Double, in pieces."""
    for _ in range(number):
        yield content("ab")


class Stream:
    """A stream that is no generator, and can be closed."""

    def __init__(self, number: int) -> None:
        self.left, self.closed = number, False

    def __aiter__(self) -> AsyncIterator[BaseStreamChunk]:
        return self

    async def __anext__(self) -> BaseStreamChunk:
        if not self.left:
            raise StopAsyncIteration
        self.left -= 1
        return content("ab")

    async def aclose(self) -> None:
        self.closed = True


async def test_every_kind_of_function() -> None:
    assert await called(plain, number=2) == [ToolOutput("4")]
    assert await called(waiting, number=2) == [ToolOutput("4")]
    assert await called(functools.partial(waiting, number=3)) == [ToolOutput("6")]
    assert await called(lambda number: waiting(number * 1), number=2) == [ToolOutput("4")]
    assert await called(streaming, number=2) == [content("ab")] * 2
    assert await called(lambda number: streaming(number * 1), number=1) == [content("ab")]


async def test_a_stream_is_closed_wherever_it_is_left() -> None:
    made = Stream(3)

    async def start() -> Stream:
        """Start it."""
        return made

    running = FunctionTool(start).run({})
    assert await anext(running) == content("ab")
    assert not made.closed
    await running.aclose()
    assert made.closed


async def test_only_plain_functions_leave_the_loop() -> None:
    here = threading.get_ident()
    seen: list[int] = []

    def sync() -> None:
        seen.append(threading.get_ident())

    async def asynchronous() -> None:
        seen.append(threading.get_ident())

    await called(sync)
    await called(asynchronous)
    assert [one == here for one in seen] == [False, True]


async def test_what_is_no_chunk_is_refused() -> None:
    async def words() -> AsyncGenerator[str, None]:
        yield "hello"

    with pytest.raises(UsageError, match="tool streams chunks, not str"):
        await called(words)


def test_names_and_words() -> None:
    tool = FunctionTool(plain)
    assert (tool.name, tool.description) == ("plain", "Double.")
    renamed = FunctionTool(plain, name="twice", description="Times two")
    assert renamed.definition() == {
        "name": "twice",
        "description": "Times two",
        "parameters": {
            "type": "object",
            "properties": {"number": {"type": "integer"}},
            "required": ["number"],
            "additionalProperties": False,
        },
    }
    with pytest.raises(ConfigurationError, match=r"'<lambda>' is no name of a tool; give one: "):
        FunctionTool(lambda: None)
    with pytest.raises(ConfigurationError, match="is no name of a tool"):
        FunctionTool(plain, name="a b")


@pytest.mark.parametrize(
    ("returned", "text"),
    [
        ("text", "text"),
        (None, "null"),
        ({"a": [1, 2.5, True]}, '{"a":[1,2.5,true]}'),
        (Path("a"), '"a"'),
        (ToolOutput("as it is"), "as it is"),
    ],
)
async def test_what_is_returned_is_told(returned: Any, text: str) -> None:
    assert await called(lambda: returned) == [ToolOutput(text)]


async def test_what_cannot_be_told_is_said() -> None:
    with pytest.raises(UsageError, match="the tool returned a object, which has no JSON form"):
        await called(object)
