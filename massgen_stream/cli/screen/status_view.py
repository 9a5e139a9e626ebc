"""Status and errors on the screen."""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..times import Times
from .closing import closing_line
from .lines import error_line, hook_line, status_line
from .pages import Pages, Shows

_TOLD_BY_RESULT: Final = ("started", "completed", "failed")
_AS_EXPECTED: Final = ("stop", "tool_calls")


class StatusView:
    """Shows what happens around the answer, except for statuses whose word is *hidden*, and news that are none."""

    def __init__(self, pages: Pages, hidden: Container[str] = ()) -> None:
        self._pages, self._hidden = pages, hidden
        self._told: set[str] = set()

    def shows(self) -> Shows:
        """Return what is shown."""
        return {
            ChunkType.AGENT_STATUS: self._status,
            ChunkType.BACKEND_STATUS: self._status,
            ChunkType.COMPRESSION_STATUS: self._status,
            ChunkType.MCP_STATUS: self._status,
            ChunkType.CUSTOM_TOOL_STATUS: self._tool_status,
            ChunkType.HOOK_EXECUTION: self._hook,
            ChunkType.ERROR: self._error,
            ChunkType.TURN_DONE: self._turn_end,
        }

    def _status(self, chunk: TextStreamChunk) -> None:
        if chunk.status not in self._hidden and not self._is_known(chunk):
            self._pages.aside.line(status_line(chunk))

    def _is_known(self, chunk: TextStreamChunk) -> bool:
        """Whether the same has been told before; several media are made for the same reason."""
        if chunk.type is not ChunkType.BACKEND_STATUS or chunk.status != "info":
            return False
        news = (chunk.detail or "").partition(";")[0]
        known = news in self._told
        self._told.add(news)
        return known

    def _tool_status(self, chunk: TextStreamChunk) -> None:
        """Show what a tool tells on its way; its call and its result are told by themselves."""
        if chunk.status not in _TOLD_BY_RESULT:
            self._status(chunk)

    def _hook(self, chunk: TextStreamChunk) -> None:
        self._pages.aside.line(hook_line(chunk))

    def _error(self, chunk: TextStreamChunk) -> None:
        self._pages.item(error_line(chunk), "error")

    def _turn_end(self, chunk: TextStreamChunk) -> None:
        """Show an end that is news: a cost, or a failure."""
        if chunk.usage is None and chunk.finish_reason in _AS_EXPECTED:
            return
        self._pages.item([("turn ended: ", "quiet"), *closing_line(chunk, Times())])
