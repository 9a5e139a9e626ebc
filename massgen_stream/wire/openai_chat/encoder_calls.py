"""Tool calls on the wire: which index a call has, and what its pieces say.

Only the first piece of a call has its id, type and name, as OpenAI sends it: its SDK joins the strings of all pieces.
"""

from __future__ import annotations

from typing import Any

from ...stream_chunk.text import TextStreamChunk

Data = dict[str, Any]


class CallEncoder:
    """Gives every call of a choice its index, and remembers which calls have been said."""

    def __init__(self) -> None:
        self._places: dict[int, dict[str, int]] = {}
        self._named: set[tuple[int, str]] = set()

    def piece(self, chunk: TextStreamChunk) -> Data:
        """Return the wire form of a `tool_call_delta`."""
        choice, call_id = chunk.choice_index or 0, chunk.tool_call_id or ""
        function: Data = {}
        if chunk.tool_name is not None and (choice, call_id) not in self._named:
            self._named.add((choice, call_id))
            function["name"] = chunk.tool_name
        function["arguments"] = chunk.arguments_delta
        return self._placed(choice, call_id, "function") | {"function": function}

    def rest(self, chunk: TextStreamChunk) -> list[Data]:
        """Return what a `tool_calls` chunk adds to the deltas: calls without any, custom calls, vendor data."""
        choice = chunk.choice_index or 0
        return [piece for call in chunk.tool_calls or () if (piece := self._rest_of(choice, call)) is not None]

    def _rest_of(self, choice: int, call: Data) -> Data | None:
        known = call["id"] in self._places.get(choice, ())
        custom = call.get("kind") == "custom"
        piece = self._placed(choice, call["id"], "custom" if custom else "function")
        if custom:
            piece["type"] = "custom"
        if not known and custom:
            piece["custom"] = {"name": call["name"], "input": call["arguments"]}
        elif not known:
            piece["function"] = {"name": call["name"], "arguments": call["arguments"]}
        extra = _extra_content(call)
        if extra:
            piece["extra_content"] = extra
        return piece if not known or extra or custom else None

    def _placed(self, choice: int, call_id: str, kind: str) -> Data:
        places = self._places.setdefault(choice, {})
        if call_id in places:
            return {"index": places[call_id]}
        place = places[call_id] = len(places)
        return {"index": place, "id": call_id, "type": kind}


def _extra_content(call: Data) -> Any:
    data = call.get("provider_data")
    own = data.get("openai.chat") if isinstance(data, dict) else None
    return own.get("extra_content") if isinstance(own, dict) else None
