"""Python functions as tools."""

from __future__ import annotations

import asyncio
import inspect
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from functools import partial
from typing import Any, Final

from ..errors import ConfigurationError, UsageError, excerpt
from ..media.closing import closing
from ..stream_chunk.base import BaseStreamChunk
from .outputs import output_of
from .signatures import Signature, without_partial
from .sync_calls import called_in_thread
from .tools import Tool, ToolOutput

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
"""What every vendor takes; https://platform.openai.com/docs/api-reference/chat/create is the strictest."""
_END: Final = object()


class FunctionTool(Tool):
    """A function that a model may call.

    A plain function runs in a thread of its own, a coroutine function in the event loop. One that returns a stream of
    chunks, as an async generator does, joins the stream of the run with them. What a function returns is told to the
    model: text as it is, nothing as ``null``, a `ToolOutput` as it says, all else as JSON.

    Args:
        function: The function; its signature and docstring make the schema, see `Signature`.
        name: By default the function's own.
        description: By default what its docstring says.

    Raises:
        ConfigurationError: It has no name that a model could use, or its parameters have no schema.
    """

    def __init__(
        self, function: Callable[..., Any], *, name: str | None = None, description: str | None = None
    ) -> None:
        self._function, self._signature = function, Signature(function)
        self.name = name or str(getattr(function, "__name__", type(function).__name__))
        if not _NAME.fullmatch(self.name):
            raise ConfigurationError(f"{excerpt(self.name)!r} is no name of a tool; give one: FunctionTool(…, name=…)")
        self.description = self._signature.description if description is None else description
        self.parameters = self._signature.schema

    async def run(self, arguments: dict[str, Any]) -> AsyncGenerator[BaseStreamChunk | ToolOutput, None]:
        """Call the function and yield what it returns, or streams.

        Raises:
            UsageError: The arguments do not fit, or what was streamed is no chunk.
        """
        returned = await self._call(partial(self._function, **self._signature.convert(arguments)))
        if not hasattr(returned, "__aiter__"):
            yield output_of(returned)
            return
        async with closing(returned):
            items = aiter(returned)
            coming = anext(items, _END)
            while (one := await coming) is not _END:
                if not isinstance(one, BaseStreamChunk | ToolOutput):
                    raise UsageError(f"{self.name} streams chunks, not {type(one).__name__}")
                try:
                    yield one
                    coming = anext(items, _END)
                except asyncio.CancelledError:  # it is the stream that is cancelled, and may say its last
                    coming = _cancelled(items)

    async def _call(self, call: Callable[[], Any]) -> Any:
        if _runs_in_loop(self._function):
            returned = call()
        else:
            returned = await called_in_thread(call)
        return await returned if inspect.isawaitable(returned) and not hasattr(returned, "__aiter__") else returned


async def _cancelled(items: AsyncIterator[Any]) -> Any:
    """Return what comes of a stream that is cancelled where it stands; `_END` if nothing does."""
    if not isinstance(items, AsyncGenerator):
        raise asyncio.CancelledError
    try:
        return await items.athrow(asyncio.CancelledError())
    except StopAsyncIteration:
        return _END


def _runs_in_loop(function: Any) -> bool:
    """Whether calling it returns at once."""
    function = without_partial(function)
    inner = function if inspect.isroutine(function) else getattr(function, "__call__", function)  # noqa: B004
    return inspect.iscoroutinefunction(inner) or inspect.isasyncgenfunction(inner)
