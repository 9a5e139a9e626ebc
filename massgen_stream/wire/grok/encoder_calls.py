"""Calls that come in pieces, which xAI's messages hold only whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...stream_chunk.message_parts import CallPart
from ...stream_chunk.text import TextStreamChunk

Data = dict[str, Any]


class OpenCalls:
    """Calls whose pieces have come, and that were not said yet."""

    def __init__(self) -> None:
        self._calls: dict[tuple[int, str], CallPart] = {}
        self._closed: set[str] = set()

    def add(self, chunk: TextStreamChunk) -> None:
        """Add a piece."""
        call_id = chunk.tool_call_id or ""
        part = self._calls.setdefault((chunk.choice_index or 0, call_id), CallPart(call_id))
        part.pieces.append(chunk.arguments_delta or "")
        part.name = part.name or chunk.tool_name or ""

    def close(self, call_ids: Iterable[str]) -> None:
        """Forget calls that are said whole."""
        said = set(call_ids)
        self._calls = {key: part for key, part in self._calls.items() if key[1] not in said}

    def take(self) -> dict[int, list[Data]]:
        """Return the calls by choice, and forget them."""
        calls, self._calls = self._calls, {}
        found: dict[int, list[Data]] = {}
        for (choice, _), part in calls.items():
            found.setdefault(choice, []).append(part.told())
        return found
