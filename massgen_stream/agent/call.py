"""One call of a tool, from its arguments to its answer."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, Final, NamedTuple

from ..backend.patience import CANCELLED, Interrupted, Patience
from ..errors import UsageError, excerpt
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.narrow import custom_tool_status, tool_result
from .outputs import failure_of, secrets_of
from .relay import Relay
from .tool_task import ToolTask, Yielded
from .toolbox import Toolbox
from .tools import Tool, ToolOutput

_DETAIL: Final = 300
_TIMEOUT: Final = "tool_timeout"
_WAITED: Final = "CancelledError: what the tool waited for was cancelled"
"""The tool raised it itself: nobody cancelled the call."""


class Circumstances(NamedTuple):
    """What calls have in common.

    Attributes:
        toolbox: The tools of the run.
        secrets: What no answer may hold.
        tool_timeout: Seconds that one call may take; None: no limit.
    """

    toolbox: Toolbox
    secrets: tuple[str, ...] = ()
    tool_timeout: float | None = None


class Call:
    """One call.

    Args:
        call: ``{"id", "name", "arguments", …}``.
        source: Source of the chunks that the tool streams.
        around: What it has in common with others.
    """

    def __init__(self, call: Mapping[str, Any], source: str, around: Circumstances) -> None:
        self._call, self._source, self._around = call, source, around
        self._id, self._name = str(call["id"]), str(call["name"])
        self._patience = Patience()
        self._failure: str | None = None
        self._output: ToolOutput | None = None

    async def run(self) -> AsyncGenerator[BaseStreamChunk, None]:
        """Yield what is told of the call, its result last; nothing but a cancellation from outside is raised."""
        if self._patience.reason is not None:
            return
        yield custom_tool_status("started", detail=self._name, tool_call_id=self._id)
        relay = Relay(self._source)
        with self._timed():
            async with self._running() as tool:
                while (one := await self._next(tool)) is not None:
                    for chunk in relay.take(one):
                        yield chunk
        cancelled = self._patience.reason == CANCELLED
        for chunk in relay.end(self._failure, cancelled=cancelled, late=self._is_late):
            yield chunk
        self._output = relay.output(self._failure)
        if cancelled:
            return
        yield self._ended(self._output)
        yield self._result(self._output)

    def message(self) -> dict[str, Any]:
        """Return the tool message for the model."""
        output = self._output or ToolOutput("the tool was cancelled", is_error=True)
        answer: dict[str, Any] = {"role": "tool", "tool_call_id": self._id, "content": output.content}
        return answer | ({"is_error": True} if output.is_error else {})

    def cancel(self) -> None:
        """End the call; what has come of it can still be read."""
        self._patience.cancel()

    async def _next(self, tool: ToolTask) -> Yielded | None:
        """Return what the tool yields next; None when it has ended, and then `_failure` says why, if it failed."""
        try:
            return await self._coming(tool)
        except Interrupted:
            self._failure = self._interrupted()
        except asyncio.CancelledError:
            if _is_cancelled():
                raise
            self._failure = _WAITED
        except (KeyboardInterrupt, GeneratorExit):
            raise
        except BaseException as error:  # noqa: BLE001 - the border to other people's functions
            self._failure = failure_of(error, (*self._around.secrets, *secrets_of(os.environ))).text
        return None

    async def _coming(self, tool: ToolTask) -> Yielded | None:
        """Return what comes next; once waiting is over, the tool is cancelled and may say its last."""
        if self._patience.reason is None:
            with suppress(Interrupted):
                return await self._patience.wait(tool.next())
        tool.cancel()
        return await tool.next()

    @asynccontextmanager
    async def _running(self) -> AsyncGenerator[ToolTask, None]:
        tool = ToolTask(lambda: self._tool().run(self._arguments()), self._name)
        try:
            yield tool
        finally:
            await tool.close()

    @contextmanager
    def _timed(self) -> Iterator[None]:
        self._patience.begin()
        self._patience.limit(_TIMEOUT, self._around.tool_timeout)
        try:
            yield
        finally:
            self._patience.end()

    @property
    def _is_late(self) -> bool:
        """Whether the tool has failed by its limit."""
        return self._failure is not None and self._patience.reason == _TIMEOUT

    def _interrupted(self) -> str:
        if self._patience.reason == CANCELLED:
            return "the tool was cancelled"
        return f"{self._name} took longer than {_TIMEOUT} ({self._around.tool_timeout:g} s)"

    def _ended(self, output: ToolOutput) -> BaseStreamChunk:
        if not output.is_error:
            return custom_tool_status("completed", detail=self._name, tool_call_id=self._id)
        told = f"{self._name}: {self._failure or output.text}"[:_DETAIL]
        return custom_tool_status("failed", detail=told, tool_call_id=self._id)

    def _result(self, output: ToolOutput) -> BaseStreamChunk:
        return tool_result(
            self._id,
            tool_name=self._name,
            content=output.text,
            attachments=output.media or None,
            is_error=output.is_error or None,
        )

    def _tool(self) -> Tool:
        tool = self._around.toolbox.find(self._name)
        if tool is None:
            known = ", ".join(one.name for one in self._around.toolbox) or "none"
            raise UsageError(f"there is no tool called {excerpt(self._name)!r}; there are: {known}")
        return tool

    def _arguments(self) -> dict[str, Any]:
        text = str(self._call.get("arguments") or "{}")
        invalid = self._call.get("invalid")
        if invalid:
            raise UsageError(f"the call cannot be used: {excerpt(invalid.get('reason'))}; call {self._name} again")
        try:
            arguments = json.loads(text)
        except (ValueError, RecursionError) as problem:
            raise UsageError(f"the arguments are not JSON: {excerpt(problem)}; call {self._name} again") from None
        if not isinstance(arguments, dict):
            raise UsageError(f"the arguments must be a JSON object, not {excerpt(text)}; call {self._name} again")
        return arguments


def _is_cancelled() -> bool:
    """Whether somebody outside cancels what runs here."""
    task = asyncio.current_task()
    return task is None or task.cancelling() > 0
