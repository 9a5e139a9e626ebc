"""Calls and tools on the wire."""

from __future__ import annotations

import json
from typing import Any, Final

from ...stream_chunk.text import TextStreamChunk
from .encoder_places import Places
from .encoder_texts import OTHER_TEXT, own_data
from .events import CALL_EVENTS, PROTOCOL, TOOL_DELTAS, TOOL_FINALS, TOOL_STATES
from .tool_items import IMAGE, call_chunk, is_result, result_chunk, tool_name

Data = dict[str, Any]
_ADDED: Final = "response.output_item.added"
_DONE: Final = "response.output_item.done"
_KINDS: Final = {
    tool_name({"type": kind}): kind for kind in {kind for kind, _ in TOOL_STATES.values()} | {"shell_call"}
}
_DELTAS: Final = {kind: name for name, kind in TOOL_DELTAS.items()}
_FINALS: Final = {kind: (name, field) for name, (kind, field) in TOOL_FINALS.items() if name.endswith(".done")}
_RUNNING: Final = frozenset(("in_progress", "searching", "interpreting", "generating"))
_CUT_OFF: Final = {"reason": "cut_off"}


class ToolEncoder:
    """Says calls of the client's tools, tools of the vendor, and results.

    Args:
        places: The items of the response.

    Attributes:
        custom: Names of the client's custom tools, which are announced as such.
    """

    def __init__(self, places: Places) -> None:
        self._places = places
        self.custom: frozenset[str] = frozenset()
        self._kinds: dict[str, str] = {}
        self._told: dict[str, list[str]] = {}

    def piece(self, chunk: TextStreamChunk) -> list[Data]:
        """Return the events for a piece of a call."""
        call_id, events = chunk.tool_call_id or "", []
        if call_id not in self._told:
            events = self._begin(
                call_id, chunk.tool_name or "", "custom" if chunk.tool_name in self.custom else "function"
            )
        if chunk.arguments_delta:
            self._told[call_id].append(chunk.arguments_delta)
            events.append(
                {"type": CALL_EVENTS[self._kinds[call_id]].delta, **self._at(call_id), "delta": chunk.arguments_delta}
            )
        return events

    def calls(self, chunk: TextStreamChunk, *, broken: bool) -> list[Data]:
        """Return the events that complete calls; where the stream is *broken* they are left open."""
        events: list[Data] = []
        for call in chunk.tool_calls or ():
            kind = call.get("kind", "function")
            if call["id"] not in self._told or (broken and kind != self._kinds[call["id"]]):
                events += self._begin(call["id"], call["name"], kind)
            events += [] if broken else self._end(call, kind)
        return events

    def contradiction(self, call_id: str) -> list[Data] | None:
        """Return an event that contradicts the pieces of a call; None if there are none."""
        if call_id not in self._told:
            return None
        said = CALL_EVENTS[self._kinds[call_id]]
        return [{"type": said.done, **self._at(call_id), said.field: OTHER_TEXT}]

    def server_call(self, chunk: TextStreamChunk, picture: str | None) -> list[Data] | None:
        """Return the events for a tool of the vendor, with the base64 of its *picture*; None if there are none."""
        call_id, item = chunk.tool_call_id or "", own_data(chunk).get("item")
        if not isinstance(item, dict):
            return self._state(chunk, call_id)
        begun = chunk == call_chunk(call_id, item, ended=False)
        ended = chunk == call_chunk(call_id, item, ended=True) or not begun
        if picture is None and call_id not in self._places.said and begun:
            ended = ended and chunk.status not in _RUNNING
        self._places.said[call_id] = item
        said = item if picture is None else {**item, "result": picture}
        return [self._item(_DONE if ended else _ADDED, call_id, self._places.of("tool", call_id), said)]

    def result(self, chunk: TextStreamChunk) -> list[Data] | None:
        """Return the events for a result; None if there are none."""
        call_id, item = chunk.tool_call_id or "", own_data(chunk).get("item")
        if isinstance(item, dict):
            return [self._item(_DONE, call_id, self._places.next(), item)]
        if chunk.preliminary and chunk.content:
            place = {"item_id": call_id, "output_index": self._places.next(), "command_index": 0}
            delta = {"stdout": chunk.content}
            return [{"type": "response.shell_call_output_content.delta", **place, "delta": delta}]
        # what a call holds is told with it
        return [] if result_chunk(call_id, self._places.said.get(call_id, {})) == chunk else None

    def _item(self, name: str, call_id: str, index: int, item: Data) -> Data:
        """An item names its call itself, unless that name was taken or came too late."""
        own = item.get("call_id") or item.get("id")
        return {"type": name, **({} if own == call_id else {"item_id": call_id}), "output_index": index, "item": item}

    def is_picture_tool(self, chunk: Any) -> bool:
        """Return whether *chunk* tells of a tool that makes pictures."""
        item = own_data(chunk).get("item")
        return isinstance(item, dict) and item.get("type") == IMAGE

    def _begin(self, call_id: str, name: str, kind: str) -> list[Data]:
        self._kinds[call_id] = kind
        self._told.setdefault(call_id, [])
        said = CALL_EVENTS[kind]
        item = {"type": said.item, "call_id": call_id, "name": name, said.field: "", "status": "in_progress"}
        return [{"type": _ADDED, "output_index": self._places.of("call", call_id), "item": item}]

    def _end(self, call: Data, kind: str) -> list[Data]:
        call_id, arguments, told = call["id"], call["arguments"], "".join(self._told[call["id"]])
        if arguments == "{}" and told in ("", "null"):
            arguments = told  # readers settle that themselves
        own = (call.get("provider_data") or {}).get(PROTOCOL)
        rest = own.get("item") if isinstance(own, dict) else None
        said, cut = CALL_EVENTS[kind], call.get("invalid") == _CUT_OFF
        item = {"type": said.item, "call_id": call_id, "name": call["name"], said.field: arguments}
        item |= {"status": "incomplete" if cut else "completed"} | (rest if isinstance(rest, dict) else {})
        final = {"type": said.done, **self._at(call_id), said.field: arguments}
        return [
            *([] if cut else [final]),
            {"type": _DONE, "output_index": self._places.of("call", call_id), "item": item},
        ]

    def _at(self, call_id: str) -> Data:
        return {"item_id": call_id, "output_index": self._places.of("call", call_id)}

    def _state(self, chunk: TextStreamChunk, call_id: str) -> list[Data] | None:
        """A change of state, or arguments without an item."""
        kind = self._places.tool_kind(call_id, chunk.tool_name, _KINDS)
        if kind is None or is_result(kind):
            return None
        place = {"item_id": call_id, "output_index": self._places.of("tool", call_id)}
        if chunk.arguments is None:
            name = f"response.{kind}.{chunk.status}"
            return [{"type": name, **place}] if name in TOOL_STATES else None
        if kind not in _DELTAS:
            return None
        texts = pieces_of_arguments(kind, chunk.arguments)
        if chunk.status == "incomplete":
            return [
                {"type": _DELTAS[kind], **place, "command_index": number, "delta": text}
                for number, text in enumerate(texts)
            ]
        name, field = _FINALS[kind]
        return [{"type": name, **place, field: texts[0]}] if chunk.status is None and len(texts) == 1 else None


def pieces_of_arguments(kind: str, arguments: str) -> list[str]:
    """Return the texts that `tools.arguments_of_pieces` made *arguments* of."""
    if kind == "mcp_call":
        return [arguments]
    try:
        said = json.loads(arguments)
        texts = said["commands"] if kind == "shell_call" else [said["code"]]
    except (ValueError, KeyError, TypeError):
        return []
    return [text for text in texts if isinstance(text, str)]
