"""Tool calls on the wire: whole where they come whole, else in partial arguments.

A piece that ends a call waits for the next chunk: if that is the complete call, what it adds belongs to the same part.
"""

from __future__ import annotations

import json
from typing import Any, Final

from ...stream_chunk.jsonform import literal_form
from ...stream_chunk.text import TextStreamChunk
from ..minting import Minting
from .arguments_reader import ArgumentsReader
from .calls import PROTOCOL

Data = dict[str, Any]
Key = tuple[int, str]
_GOES_ON: Final = "willContinue"


class CallEncoder:
    """Says the calls of a stream.

    Args:
        minting: Makes the ids that a decoder makes; such an id is not said.

    Attributes:
        losses: What could not be said.
    """

    def __init__(self, minting: Minting) -> None:
        self.losses: list[str] = []
        self._minting, self._minted = minting, 0
        self._readers: dict[Key, ArgumentsReader] = {}
        self._held: tuple[Key, Data] | None = None

    def piece(self, chunk: TextStreamChunk) -> list[tuple[int, Data]]:
        """Return the parts for a `tool_call_delta`, each with the index of its candidate."""
        key, text = (chunk.choice_index or 0, chunk.tool_call_id or ""), chunk.arguments_delta or ""
        reader = self._readers.get(key)
        if reader is not None and self._held is not None and self._held[0] == key and reader.continues(text):
            said = self._held[1]["functionCall"]
            before: list[tuple[int, Data]] = []
        else:
            before, said = self.flush(), {}
        if reader is None:
            reader = self._readers[key] = ArgumentsReader()
            said |= self._opening(key[1], chunk.tool_name)
            arguments = _object(text)
            if arguments is not None:
                reader.closed = True
                return [*before, *self._say(key, {**said, "args": arguments})]
        partial = [*said.get("partialArgs", ()), *reader.feed(text)]
        said |= {"partialArgs": partial} if partial else {}
        if not reader.closed:
            said[_GOES_ON] = True
        else:
            said.pop(_GOES_ON, None)
        return [*before, *self._say(key, said)]

    def finals(self, chunk: TextStreamChunk) -> list[tuple[int, Data]]:
        """Return the parts for a `tool_calls` chunk."""
        return [part for call in chunk.tool_calls or () for part in self._final(chunk.choice_index or 0, call)]

    def index_of(self, call_id: str) -> int:
        """Return the index of the candidate that a call belongs to."""
        return next((index for index, known in self._readers if known == call_id), 0)

    def flush(self) -> list[tuple[int, Data]]:
        """Return the part that waited."""
        if self._held is None:
            return []
        (key, part), self._held = self._held, None
        number = self._readers[key].flush()
        if number:
            said = part["functionCall"]
            said["partialArgs"] = [*said.get("partialArgs", ()), *number]
        if self._readers[key].lost:
            self.losses.append("tool_call_delta: partial arguments have no place for an empty object or list")
        return [(key[0], part)]

    def _say(self, key: Key, said: Data) -> list[tuple[int, Data]]:
        part = {"functionCall": said}
        reader = self._readers[key]
        if reader.closed or reader.waits:
            self._held = key, part
            return []
        return [(key[0], part)]

    def _opening(self, call_id: str, name: str | None) -> Data:
        said: Data = {"name": name} if name else {}
        if call_id.endswith(self._minting.of("call", self._minted)):
            self._minted += 1
            return said
        return {"id": call_id, **said} if call_id else said

    def _final(self, index: int, call: Data) -> list[tuple[int, Data]]:
        key = (index, call["id"])
        extras = _own_data(call)
        late_id = extras.pop("id", None)
        late = {"id": late_id} if late_id else {}
        if self._held is not None and self._held[0] == key and self._readers[key].closed:
            part = self._held[1]
            part["functionCall"] |= late
            part |= extras
            return self.flush()
        before = self.flush()
        reader = self._readers.get(key)
        if reader is None:
            return [*before, *self._whole(key, call, late, extras)]
        if reader.closed:
            self.losses += [f"tool_calls.provider_data[{PROTOCOL}]: the call has been said"] if extras else []
            return before
        if "invalid" not in call:
            reader.closed = True
            return [*before, (index, {"functionCall": late, **extras})]
        return [*before, (index, {"functionCall": {**late, _GOES_ON: True}, **extras})] if late or extras else before

    def _whole(self, key: Key, call: Data, late: Data, extras: Data) -> list[tuple[int, Data]]:
        self._readers[key] = ArgumentsReader()
        self._readers[key].closed = True
        arguments = _object(call["arguments"])
        if arguments is None:
            self.losses.append("tool_calls.arguments: they are no JSON object")
        said = {**self._opening(call["id"], call["name"]), **late, "args": arguments or {}}
        return [(key[0], {"functionCall": said, **extras})]


def _object(text: str) -> Data | None:
    """Return the JSON object that *text* is; None if it is none."""
    if not text.startswith("{") or not text.endswith("}"):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _own_data(call: Data) -> Data:
    data = call.get("provider_data")
    own = data.get(PROTOCOL) if isinstance(data, dict) else None
    return dict(literal_form(own)) if isinstance(own, dict) else {}
