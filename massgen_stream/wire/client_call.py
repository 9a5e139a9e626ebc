"""A call of one of the client's tools: announced with its name, then the arguments in pieces."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, ClassVar

from ..errors import MalformedEvent
from ..stream_chunk.call_arguments import settled_call
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.text import TextStreamChunk
from .indexed_parts import Chunks, Data, Part
from .json_value import finite, parse


class ClientCall(Part):
    """A call whose start has its name, perhaps its arguments, and what must go back with it.

    Args:
        name: Name of the tool; empty where it is not known.
        given: The arguments in the start; they count where no pieces come.
        identify: Returns its id, unique in the answer; called once the start is known to be usable.
        start: The start of the call.
        out: Gets the chunk that announces the call.
    """

    PROTOCOL: ClassVar[str] = ""
    """Whose `provider_data` the rest of the start becomes."""

    SAID: ClassVar[frozenset[str]] = frozenset()
    """Fields of the start that are said otherwise."""

    def __init__(self, name: str, given: str, identify: Callable[[], str], start: Data, out: Chunks) -> None:
        self._name, self._given = name, given
        self.call_id = identify()
        self._pieces: list[str] = []
        self._data: Data = {}
        self.keep(start)
        out.append(self._delta("", name=name or None))

    def keep(self, said: Data) -> None:
        """Keep what else the vendor says of the call, such as who called it."""
        known = {name: finite(value) for name, value in said.items() if name not in self.SAID}
        self._data |= {name: value for name, value in known.items() if value is not None}

    def add(self, piece: str, out: Chunks) -> None:
        """Add a piece of the arguments."""
        if piece:
            self._pieces.append(piece)
            out.append(self._delta(piece))

    def stop(self, out: Chunks) -> None:
        """Take the arguments of the start, if no others came."""
        if self._given and not self._pieces:
            self.add(self._given, out)

    def final(self, *, whole: bool) -> Data:
        """Return the complete call; *whole* tells that the vendor finished it."""
        call: Data = {
            "id": self.call_id, "name": self._name, "arguments": "".join(self._pieces), "kind": "function",
        }  # fmt: skip
        call = settled_call(call, whole=whole)
        return call | {"provider_data": {self.PROTOCOL: self._data}} if self._data else call

    def _delta(self, piece: str, name: str | None = None) -> TextStreamChunk:
        return TextStreamChunk(
            type=ChunkType.TOOL_CALL_DELTA, tool_call_id=self.call_id, arguments_delta=piece, tool_name=name
        )


def arguments_text(value: Any) -> str:
    """Return the arguments in the start of a call, as text; empty for what stands there until the pieces come."""
    if value is None or value == {}:
        return ""
    return value if isinstance(value, str) else json.dumps(finite(value), ensure_ascii=False, separators=(",", ":"))


def arguments_object(arguments: str) -> Data | None:
    """Return the object that *arguments* are; None where they are none."""
    try:
        value = finite(parse(arguments.encode("utf-8", "surrogatepass")))
    except MalformedEvent:
        return None
    return value if isinstance(value, dict) else None
