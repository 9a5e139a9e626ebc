"""Status and errors on the screen."""

from __future__ import annotations

from collections.abc import Container

from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..times import Times
from .closing import closing_line
from .lines import error_line, hook_line, status_line
from .pages import Pages, Shows


class StatusView:
    """Shows what happens around the answer, except for statuses whose word is *hidden*."""

    def __init__(self, pages: Pages, hidden: Container[str] = ()) -> None:
        self._pages, self._hidden = pages, hidden

    def shows(self) -> Shows:
        """Return what is shown."""
        return {
            ChunkType.AGENT_STATUS: self._status,
            ChunkType.BACKEND_STATUS: self._status,
            ChunkType.COMPRESSION_STATUS: self._status,
            ChunkType.MCP_STATUS: self._status,
            ChunkType.CUSTOM_TOOL_STATUS: self._status,
            ChunkType.HOOK_EXECUTION: self._hook,
            ChunkType.ERROR: self._error,
            ChunkType.TURN_DONE: self._turn_end,
        }

    def _status(self, chunk: TextStreamChunk) -> None:
        if chunk.status not in self._hidden:
            self._pages.aside.line(status_line(chunk))

    def _hook(self, chunk: TextStreamChunk) -> None:
        self._pages.aside.line(hook_line(chunk))

    def _error(self, chunk: TextStreamChunk) -> None:
        self._pages.item(error_line(chunk), "error")

    def _turn_end(self, chunk: TextStreamChunk) -> None:
        self._pages.item([("turn ended: ", "quiet"), *closing_line(chunk, Times())])
