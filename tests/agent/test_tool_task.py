"""Tools that do not end: nobody waits for them for ever, and they are not forgotten."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import anyio
import pytest

from massgen_stream.agent import Agent, FunctionTool, tool_task
from massgen_stream.agent.call import Call, Circumstances
from massgen_stream.agent.tool_task import ToolTask, Yielded
from massgen_stream.agent.toolbox import Toolbox
from massgen_stream.backend.patience import Interrupted
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.narrow import content

from ..backend.fakes import ScriptedBackend, saying
from ..backend.reading import spin, tasks
from .fakes import call, called, calling, read

pytestmark = pytest.mark.anyio
LATE = "stubborn took longer than tool_timeout (0.01 s)"


class Stubborn:
    """A tool that no cancellation ends.

    Attributes:
        entered: Set once it runs.
        free: Set it, and the tool ends.
        refused: How many cancellations it has swallowed.
    """

    def __init__(self) -> None:
        self.entered, self.free = asyncio.Event(), asyncio.Event()
        self.refused = 0

    async def stubborn(self) -> str:
        """Go on, whatever comes."""
        self.entered.set()
        while not self.free.is_set():
            try:
                await self.free.wait()
            except asyncio.CancelledError:
                self.refused += 1
        return "at last"

    async def streaming(self) -> AsyncGenerator[BaseStreamChunk, None]:
        """Say something, and go on, whatever comes."""
        yield content("Hm.")
        await self.stubborn()

    async def end(self) -> None:
        """Let it go, so that nothing is left of the test."""
        self.free.set()
        while tool_task._UNENDED:  # noqa: ASYNC110
            await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tool_task, "GRACE_SECONDS", 0.02)


@pytest.fixture
async def stubborn() -> AsyncGenerator[Stubborn, None]:
    made = Stubborn()
    yield made
    await made.end()
    assert made.refused == 1


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]


async def test_a_run_goes_on_without_a_tool_that_does_not_end(
    stubborn: Stubborn, caplog: pytest.LogCaptureFixture
) -> None:
    async def other() -> str:
        """Do it."""
        return "done"

    async with asyncio.timeout(30):
        came = await called(stubborn.stubborn, other, tool_timeout=0.01)
    assert came.results == [(LATE, True), ("done", False)]
    assert (came.end.finish_reason, came.chunks[-2].type) == ("stop", "complete_message")
    assert warnings(caplog) == ["the tool stubborn was cancelled and does not end; it is left running"]


async def test_a_stream_that_does_not_end_is_told_as_late(stubborn: Stubborn) -> None:
    tool = FunctionTool(stubborn.streaming, name="stubborn")
    async with asyncio.timeout(30):
        came = await called(tool, tool_timeout=0.01)
    (problem,) = came.of("error")
    assert (problem.source, problem.error) == ("stubborn", LATE)
    assert problem.error_info == {"kind": "timeout", "retryable": False, "provider": "fake"}
    assert came.results == [(LATE, True)]


async def test_what_is_left_running_is_not_forgotten(stubborn: Stubborn, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    await called(stubborn.stubborn, tool_timeout=0.01)
    (left,) = tool_task._UNENDED
    gc.collect()
    assert not left.done()
    await stubborn.end()
    assert left.done()
    assert caplog.messages[-1] == "the tool stubborn, which was left running, has ended"


@pytest.mark.parametrize("way", ["aclose", "cancel", "task"])
async def test_a_run_can_be_left_although_a_tool_does_not_end(stubborn: Stubborn, way: str) -> None:
    before = tasks()
    stream = Agent(ScriptedBackend(calling(call("stubborn")), saying("never")), [stubborn.stubborn]).run("Hello")
    reading = asyncio.create_task(read(stream))
    await stubborn.entered.wait()
    async with asyncio.timeout(30):
        if way == "aclose":
            await stream.aclose()
        elif way == "cancel":
            stream.cancel()
        else:
            reading.cancel()
        (read_,) = await asyncio.gather(reading, return_exceptions=True)
    if way == "task":
        assert isinstance(read_, asyncio.CancelledError)
    else:
        last: Any = read_[-1] if isinstance(read_, list) else read_
        assert last.finish_reason == "cancelled"
    await spin()
    assert tasks() - before == tool_task._UNENDED


async def test_closed_by_its_only_reader(stubborn: Stubborn) -> None:
    stream = Agent(ScriptedBackend(calling(call("stubborn")), saying("never")), [stubborn.stubborn]).run("Hello")
    async with asyncio.timeout(30), stream:
        async for chunk in stream:
            if chunk.type == "custom_tool_status":
                break
        await stubborn.entered.wait()
    assert len(tool_task._UNENDED) == 1


async def test_last_words_of_a_cancelled_tool_are_heard() -> None:
    async def polite() -> AsyncGenerator[BaseStreamChunk, None]:
        """Say goodbye."""
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            yield content("Good")
            await asyncio.sleep(0)
            yield content("bye.")

    came = await called(polite, tool_timeout=0.01)
    assert came.results == [("Goodbye.", False)]


async def _left_behind(tool: ToolTask) -> Any:
    """Read one thing, and let the tool stand at a ``yield``, without room for what it has."""
    first = await tool.next()
    await spin()
    return first


async def _all(tool: ToolTask) -> list[str]:
    return [getattr(one, "content", "") async for one in _rest(tool)]


async def _rest(tool: ToolTask) -> AsyncGenerator[Yielded, None]:
    while (one := await tool.next()) is not None:
        yield one


@pytest.mark.parametrize("through_a_function", [False, True])
async def test_a_tool_that_is_ahead_of_its_reader_may_say_its_last(through_a_function: bool) -> None:
    async def counting() -> AsyncGenerator[BaseStreamChunk, None]:
        """Count."""
        number = 0
        try:
            for number in range(9):
                yield content(str(number))
        except asyncio.CancelledError:
            yield content(f"said {number}")
            await asyncio.sleep(0)
            yield content("and paid")

    function = FunctionTool(counting)
    tool = ToolTask((lambda: function.run({})) if through_a_function else counting, "counting")
    first = await _left_behind(tool)
    tool.cancel()
    said = [first.content, *await _all(tool)]
    assert said == ["0", "1", "2", "said 2", "and paid"]


async def test_a_tool_that_is_ahead_of_its_reader_is_cancelled_once() -> None:
    came: list[str] = []

    async def counting() -> AsyncGenerator[BaseStreamChunk, None]:
        """Count."""
        try:
            while True:
                yield content("one")
        except BaseException as error:
            came.append(type(error).__name__)
            await asyncio.sleep(0)
            came.append("cleaned")
            raise

    tool = ToolTask(counting, "counting")
    await _left_behind(tool)
    tool.cancel()
    with pytest.raises(Interrupted):
        await _all(tool)
    assert came == ["CancelledError", "cleaned"]


async def test_a_stream_that_takes_no_exceptions_is_cancelled_as_well() -> None:
    closed = 0

    class Endless:
        """No generator."""

        def __aiter__(self) -> Endless:
            return self

        async def __anext__(self) -> BaseStreamChunk:
            return content("one")

        async def aclose(self) -> None:
            nonlocal closed
            closed += 1

    function = FunctionTool(Endless, name="endless")
    tool = ToolTask(lambda: function.run({}), "endless")
    await _left_behind(tool)
    tool.cancel()
    with pytest.raises(Interrupted):
        await _all(tool)
    assert closed == 1


async def test_a_tool_that_is_closed_may_clean_up_behind_its_last_words() -> None:
    is_clean = False

    async def talkative() -> AsyncGenerator[BaseStreamChunk, None]:
        """Talk."""
        nonlocal is_clean
        try:
            yield content("a")
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            for _ in range(5):
                yield content("b")
            is_clean = True

    tool = ToolTask(talkative, "talkative")
    await _left_behind(tool)
    await tool.close()
    assert is_clean
    assert not tool_task._UNENDED


class Patient:
    """A tool whose clean-up takes its time.

    Attributes:
        entered: Set once it runs.
        is_clean: Whether it has cleaned up.
    """

    def __init__(self) -> None:
        self.entered, self.is_clean = asyncio.Event(), False

    async def patient(self) -> str:
        """Wait."""
        try:
            self.entered.set()
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)
            self.is_clean = True
        return "never"


@pytest.mark.parametrize("way", ["scope", "task"])
@pytest.mark.parametrize("place", ["run", "call"])
async def test_a_tool_ends_in_order_where_its_reader_is_cancelled_again_and_again(
    place: str, way: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool_task, "GRACE_SECONDS", 30)
    one, before = Patient(), tasks()
    tool = FunctionTool(one.patient)

    async def reads() -> None:
        if place == "run":
            await read(Agent(ScriptedBackend(calling(call("patient")), saying("never")), [tool]).run("Hello"))
            return
        async with aclosing(Call(call("patient"), "patient", Circumstances(Toolbox([tool]))).run()) as chunks:
            async for _ in chunks:
                pass

    if way == "scope":
        async with anyio.create_task_group() as group:
            group.start_soon(reads)
            await one.entered.wait()
            group.cancel_scope.cancel()
    else:
        reading = asyncio.create_task(reads())
        await one.entered.wait()
        for _ in range(2):
            reading.cancel()
            await asyncio.sleep(0.001)
        with pytest.raises(asyncio.CancelledError):
            await reading
    assert one.is_clean
    assert (tasks(), warnings(caplog)) == (before, [])


@pytest.mark.parametrize("way", ["scope", "task"])
async def test_a_tool_that_does_not_end_is_told_once_its_time_is_over(
    stubborn: Stubborn, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    tool = ToolTask(lambda: FunctionTool(stubborn.stubborn).run({}), "stubborn")
    await stubborn.entered.wait()
    loop = asyncio.get_running_loop()
    until = loop.time() + tool_task.GRACE_SECONDS
    if way == "scope":
        with anyio.CancelScope() as scope:
            scope.cancel()
            await tool.close()
    else:
        closing = asyncio.create_task(tool.close())
        for _ in range(2):
            await asyncio.sleep(0)
            closing.cancel()
            assert warnings(caplog) == []
        with pytest.raises(asyncio.CancelledError):
            await closing
    assert loop.time() >= until
    assert warnings(caplog) == ["the tool stubborn was cancelled and does not end; it is left running"]


async def test_a_tool_that_talks_on_is_heard_for_a_while() -> None:
    async def talk() -> AsyncGenerator[BaseStreamChunk, None]:
        """Talk and talk."""
        while True:
            try:
                await asyncio.sleep(0.001)
            except asyncio.CancelledError:
                yield content("no ")
            yield content("blah ")

    came = await called(talk, tool_timeout=0.01)
    ((told, is_error),) = came.results
    assert is_error
    assert "talk took longer" in str(told)
    async with asyncio.timeout(30):
        while tool_task._UNENDED:  # noqa: ASYNC110 - once nobody reads, it is closed
            await asyncio.sleep(0)


async def test_a_call_that_nobody_reads_on_ends_its_tool(stubborn: Stubborn) -> None:
    one = Call(
        call("stubborn"), "stubborn", Circumstances(Toolbox([FunctionTool(stubborn.streaming, name="stubborn")]))
    )
    async with asyncio.timeout(30), aclosing(one.run()) as chunks:
        async for chunk in chunks:
            if chunk.type == "content":
                await stubborn.entered.wait()
                break
    assert len(tool_task._UNENDED) == 1


async def test_it_is_read_one_item_ahead() -> None:
    made = 0

    async def endless() -> AsyncGenerator[Yielded, None]:
        nonlocal made
        while True:
            made += 1
            yield content(str(made))

    tool = ToolTask(endless, "endless")
    for number in range(1, 4):
        one: Any = await tool.next()
        await spin()
        assert (one.content, made) == (str(number), number + 2)  # one waits for its reader, one for room
    await tool.close()
    assert not tool_task._UNENDED
