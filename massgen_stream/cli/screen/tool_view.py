"""Tools on the screen: calls, what the vendor runs itself, results."""

from __future__ import annotations

from typing import Final

from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from .lines import server_tool_line, tool_call_line, tool_result_line
from .pages import Pages, Shows

_ENDS: Final = ("completed", "failed", "incomplete", "requires_action")


class ToolView:
    """Shows each call when it is complete, and each tool of the vendor's when it begins and when it ends."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._running: set[str] = set()

    def shows(self) -> Shows:
        """Return what is shown."""
        return {
            ChunkType.TOOL_CALLS: self._calls,
            ChunkType.SERVER_TOOL_CALL: self._server_tool,
            ChunkType.TOOL_RESULT: self._result,
        }

    def _calls(self, chunk: TextStreamChunk) -> None:
        for call in chunk.tool_calls or []:
            self._pages.item(tool_call_line(call))

    def _server_tool(self, chunk: TextStreamChunk) -> None:
        call = chunk.tool_call_id or ""
        if call in self._running and chunk.status not in _ENDS:
            return
        self._running.add(call)
        self._pages.item(server_tool_line(chunk))

    def _result(self, chunk: TextStreamChunk) -> None:
        if not chunk.preliminary:
            self._pages.item(tool_result_line(chunk))
