"""One call: what a model gets told when something is wrong with it, and what its answer may hold."""

from __future__ import annotations

import asyncio
import concurrent.futures
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

import pytest

from massgen_stream.agent import FunctionTool, ToolOutput
from massgen_stream.agent.call import Call, Circumstances
from massgen_stream.agent.toolbox import Toolbox
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.narrow import content, done, error

from ..generation.fakes import whole
from .fakes import call, called

pytestmark = pytest.mark.anyio


async def test_what_is_wrong_is_told_to_the_model() -> None:
    def double(number: int) -> int:
        """Double it."""
        return number * 2

    asked = [
        call("nobody"),
        call("double", "c2"),
        call("double", "c3", number="four"),
        call("double", "c4", number=1, colour="red"),
        {"id": "c5", "name": "double", "arguments": "[1]", "kind": "function"},
        {"id": "c6", "name": "double", "arguments": "one", "kind": "custom"},
    ]
    came = await called(double, calls=asked)
    assert [text for text, _ in came.results] == [
        "there is no tool called 'nobody'; there are: double",
        "wrong arguments for double: Object missing required field `number`",
        "wrong arguments for double: Expected `int`, got `str` - at `$.number`",
        "wrong arguments for double: Object contains unknown field `colour`",
        "the arguments must be a JSON object, not [1]; call double again",
        "the arguments are not JSON: Expecting value: line 1 column 1 (char 0); call double again",
    ]
    assert all(is_error for _, is_error in came.results)
    assert [answer["is_error"] for answer in came.answers] == [True] * 6
    failed = [chunk.detail for chunk in came.of("custom_tool_status") if chunk.status == "failed"]
    assert failed[0] == "nobody: there is no tool called 'nobody'; there are: double"


async def test_no_answer_holds_a_key() -> None:
    async def leak() -> None:
        """Leak."""
        raise RuntimeError("401 for sk-proj-0123456789abcdef")

    came = await called(leak)
    assert came.results == [("RuntimeError: 401 for ***", True)]
    assert "0123456789" not in repr(came.chunks) + repr(came.stream.messages)


async def test_no_answer_holds_what_the_environment_hides(monkeypatch: pytest.MonkeyPatch) -> None:
    async def leak() -> None:
        """Leak."""
        raise RuntimeError("401 for d41d8cd98f00b204 at localhost")

    monkeypatch.setenv("SPEECH_API_KEY", "d41d8cd98f00b204")
    monkeypatch.setenv("DOOR_KEY", "local")
    came = await called(leak)
    assert came.results == [("RuntimeError: 401 for *** at localhost", True)]


@pytest.mark.parametrize("leaving", [SystemExit(3), StopIteration("x"), KeyError("k"), RecursionError()])
@pytest.mark.parametrize("in_loop", [True, False])
async def test_whatever_is_raised_is_an_answer(leaving: BaseException, in_loop: bool) -> None:
    def sync() -> None:
        """Leave."""
        raise leaving

    async def loop() -> None:
        """Leave."""
        raise leaving

    (result,) = (await called(loop if in_loop else sync)).results
    assert result[1]
    assert (result[0] or "").startswith((type(leaving).__name__, "RuntimeError"))


async def test_a_call_that_takes_too_long() -> None:
    async def wait() -> None:
        """Wait for ever."""
        await asyncio.Event().wait()

    came = await called(wait, tool_timeout=0.01)
    assert came.results == [("wait took longer than tool_timeout (0.01 s)", True)]
    assert came.end.finish_reason == "stop"


async def test_media_go_to_the_model_as_parts() -> None:
    picture = {"type": "image", "data": b"\x89PNG", "mime_type": "image/png"}

    def look() -> ToolOutput:
        """Look."""
        return ToolOutput([{"type": "text", "text": "There:"}, picture])

    came = await called(look)
    (result,) = came.of("tool_result")
    assert (result.content, result.attachments) == ("There:", [picture])
    assert came.answers[0]["content"] == [{"type": "text", "text": "There:"}, picture]


class Panic(BaseException):
    """What a library written in another language raises."""


async def _in_a_group() -> None:
    """Raise it in a group."""

    async def panic() -> None:
        raise Panic("inside")

    async with asyncio.TaskGroup() as group:
        group.create_task(panic())


def raising(problem: BaseException, way: str) -> Callable[[], Any]:
    def plain() -> None:
        """Raise it."""
        raise problem

    async def coroutine() -> None:
        """Raise it."""
        raise problem

    async def streaming() -> AsyncGenerator[BaseStreamChunk, None]:
        """Raise it."""
        yield content("a")
        raise problem

    functions: dict[str, Callable[[], Any]] = {"plain": plain, "coroutine": coroutine, "streaming": streaming}
    return functions[way]


@pytest.mark.parametrize("way", ["plain", "coroutine", "streaming"])
@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (Panic("index out of bounds"), "Panic: index out of bounds"),
        (pytest.fail.Exception("no"), "Failed: no"),
        (SystemExit(2), "SystemExit: 2"),
    ],
)
async def test_whatever_a_tool_raises_is_told_and_the_run_goes_on(problem: Any, told: str, way: str) -> None:
    async with asyncio.timeout(30):
        came = await called(FunctionTool(raising(problem, way), name="make"))
    assert came.results == [(told, True)]
    assert came.end.finish_reason == "stop"


@pytest.mark.parametrize("way", ["plain", "coroutine", "streaming"])
async def test_a_tool_that_nobody_closes_does_not_close_its_reader(way: str) -> None:
    async with asyncio.timeout(30):
        came = await called(FunctionTool(raising(GeneratorExit(), way), name="make"))
    ((told, is_error),) = came.results
    assert is_error
    assert str(told).startswith("RuntimeError: ")
    assert came.end.finish_reason == "stop"


async def test_a_group_of_problems_is_told() -> None:
    async with asyncio.timeout(30):
        came = await called(FunctionTool(_in_a_group, name="make"))
    assert came.results == [("BaseExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)", True)]


async def test_an_interrupted_program_is_no_answer_of_a_tool() -> None:
    async with asyncio.timeout(30):
        with pytest.raises(KeyboardInterrupt):
            await called(FunctionTool(raising(KeyboardInterrupt(), "streaming"), name="make"))


async def _let_go() -> None:
    """Wait for what somebody else has cancelled."""
    waited = asyncio.get_running_loop().create_future()
    waited.cancel()
    await waited


def _sync() -> None:
    """Raise it."""
    raise asyncio.CancelledError


def _pool() -> None:
    """Wait for what a pool has let go."""
    waited: concurrent.futures.Future[None] = concurrent.futures.Future()
    waited.cancel()
    waited.result()


async def _streaming() -> AsyncGenerator[BaseStreamChunk, None]:
    """Stream a little, and wait for what somebody else has cancelled."""
    yield content("a")
    await _let_go()


@pytest.mark.parametrize("function", [_let_go, _sync, _pool, _streaming])
async def test_a_cancellation_of_its_own_is_a_failure_of_the_tool(function: Any) -> None:
    tool = FunctionTool(function, name="wait")
    one = Call(call("wait"), "wait", Circumstances(Toolbox([tool]), tool_timeout=60))
    chunks: Any = [chunk async for chunk in one.run()]
    assert (chunks[-1].content, chunks[-1].is_error) == (
        "CancelledError: what the tool waited for was cancelled",
        True,
    )
    assert one.message()["is_error"]
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


@pytest.mark.parametrize("streams", [False, True])
async def test_a_cancellation_from_outside_is_none_of_its_own(streams: bool) -> None:
    began = asyncio.Event()

    async def wait() -> None:
        """Wait for ever."""
        began.set()
        await asyncio.Event().wait()

    async def stream() -> AsyncGenerator[BaseStreamChunk, None]:
        """Wait for ever."""
        yield content("a")
        await wait()

    tool = FunctionTool(stream if streams else wait, name="wait")
    one = Call(call("wait"), "wait", Circumstances(Toolbox([tool])))

    async def reads() -> None:
        async with aclosing(one.run()) as chunks:
            async for _ in chunks:
                pass

    reading = asyncio.create_task(reads())
    await began.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert one.message()["content"] == "the tool was cancelled"


async def _failing() -> None:
    raise RuntimeError("no more ink")


@pytest.mark.parametrize(
    ("ending", "problem"),
    [
        (_failing, "RuntimeError: no more ink"),
        (_let_go, "CancelledError: what the tool waited for was cancelled"),
        (asyncio.Event().wait, "make took longer than tool_timeout (0.05 s)"),
    ],
)
async def test_what_was_made_before_a_failure_is_told(ending: Any, problem: str) -> None:
    async def make() -> AsyncGenerator[BaseStreamChunk, None]:
        """Make it."""
        yield content("Here it")
        yield whole(media_id="m1", path="/made/a.png")
        yield error("a pen broke")
        await ending()

    came = await called(make, tool_timeout=0.05)
    ((text, is_error),) = came.results
    told = json.loads(text or "")
    assert is_error
    assert (told["error"], told["text"], told["notes"]) == (problem, "Here it", ["a pen broke"])
    assert [(one["path"], one["media_id"]) for one in told["media"]] == [("/made/a.png", "m1")]
    assert [(answer["content"], answer["is_error"]) for answer in came.answers] == [(text, True)]
    (failed,) = [one.detail for one in came.of("custom_tool_status") if one.status == "failed"]
    assert failed == f"make: {problem}"


async def test_what_was_answered_before_a_failure_is_told() -> None:
    picture = {"type": "image", "data": b"\x89PNG", "mime_type": "image/png"}

    async def make() -> AsyncGenerator[Any, None]:
        """Make it."""
        yield ToolOutput([{"type": "text", "text": "Made."}, picture])
        yield done("stop")
        raise RuntimeError("no more ink")

    came = await called(make)
    (result,) = came.of("tool_result")
    assert json.loads(result.content) == {"text": "Made.", "error": "RuntimeError: no more ink"}
    assert (result.attachments, result.is_error) == ([picture], True)


async def test_what_was_made_before_a_cancellation_is_told() -> None:
    async def make() -> AsyncGenerator[BaseStreamChunk, None]:
        """Make it."""
        yield whole(media_id="m1", path="/made/a.png")
        await asyncio.Event().wait()

    one = Call(call("make"), "make", Circumstances(Toolbox([FunctionTool(make)])))
    async with aclosing(one.run()) as chunks:
        async for chunk in chunks:
            if chunk.type == "media":
                one.cancel()
    told = json.loads(one.message()["content"])
    assert (told["error"], told["media"][0]["path"]) == ("the tool was cancelled", "/made/a.png")
