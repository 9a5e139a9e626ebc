"""Tool calls on the wire: which index a call has, and what its pieces say."""

from __future__ import annotations

from typing import Any

from ...stream_chunk.jsonform import to_form
from ...stream_chunk.text import TextStreamChunk

Data = dict[str, Any]


class CallEncoder:
    """Gives every call of a choice its index, and remembers which calls have been said."""

    def __init__(self) -> None:
        self._places: dict[tuple[int, str], int] = {}

    def piece(self, chunk: TextStreamChunk) -> Data:
        """Return the wire form of a `tool_call_delta`."""
        function: Data = {"name": chunk.tool_name} if chunk.tool_name is not None else {}
        function["arguments"] = chunk.arguments_delta
        return self._placed(chunk, chunk.tool_call_id or "") | {"function": function}

    def rest(self, chunk: TextStreamChunk) -> list[Data]:
        """Return what a `tool_calls` chunk adds to the deltas: calls without any, custom calls, vendor data."""
        return [piece for call in chunk.tool_calls or () if (piece := self._rest_of(chunk, call)) is not None]

    def _rest_of(self, chunk: TextStreamChunk, call: Data) -> Data | None:
        known = (chunk.choice_index or 0, call["id"]) in self._places
        piece = self._placed(chunk, call["id"])
        if call.get("kind") == "custom":
            piece["type"] = "custom"
            if not known:
                piece["custom"] = {"name": call["name"], "input": call["arguments"]}
        elif not known:
            piece["function"] = {"name": call["name"], "arguments": call["arguments"]}
        extra = ((call.get("provider_data") or {}).get("openai.chat") or {}).get("extra_content")
        if extra:
            piece["extra_content"] = to_form(extra)
        return piece if not known or extra or piece["type"] == "custom" else None

    def _placed(self, chunk: TextStreamChunk, call_id: str) -> Data:
        choice = chunk.choice_index or 0
        taken = sum(1 for index, _ in self._places if index == choice)
        place = self._places.setdefault((choice, call_id), taken)
        return {"index": place, "id": call_id, "type": "function"}
