"""Which output of a response a chunk belongs to."""

from __future__ import annotations

import re
from typing import Any, Final

from ...stream_chunk.base import BaseStreamChunk
from .images import PROTOCOL

Data = dict[str, Any]
_ITEM: Final = re.compile(r"-(?:output|reasoning)-(\d{1,9})\Z")


class Outputs:
    """The outputs said so far, and the tools that some of them speak for.

    Attributes:
        said: What the tools have said, by output: content, and encrypted content.
    """

    def __init__(self) -> None:
        self._highest = -1
        self._tools: dict[str, int] = {}
        self.said: dict[int, tuple[str, str]] = {}

    def of(self, chunk: Any) -> int:
        """Return the output that the assistant says *chunk* in."""
        marked = own_data(chunk).get("output")
        index = marked if type(marked) is int else _of_item(getattr(chunk, "item_id", None))
        return self.use(index if index is not None else getattr(chunk, "choice_index", None) or 0)

    def of_tool(self, chunk: Any) -> int:
        """Return the output that the tool of *chunk* speaks in: its own, else a new one."""
        marked = own_data(chunk).get("output")
        if type(marked) is int:
            return self.use(marked)
        if "tool_calls" in own_data(chunk):
            return self.use(0)
        tool = getattr(chunk, "tool_call_id", None) or getattr(chunk, "media_id", None) or ""
        return self.use(self._tools.setdefault(tool, self.next()))

    def next(self) -> int:
        """Return the index of an output that is not there yet."""
        return self._highest + 1

    def use(self, index: int) -> int:
        """Return *index*, which is there from now on."""
        self._highest = max(self._highest, index)
        return index


def own_data(chunk: BaseStreamChunk) -> Data:
    """Return the provider data of this protocol."""
    own = (getattr(chunk, "provider_data", None) or {}).get(PROTOCOL)
    return own if isinstance(own, dict) else {}


def _of_item(item_id: str | None) -> int | None:
    found = _ITEM.search(item_id) if item_id else None
    return int(found[1]) if found else None
