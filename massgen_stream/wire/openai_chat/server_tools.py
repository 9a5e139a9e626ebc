"""Tools that the vendor runs itself: Groq's ``executed_tools`` (https://console.groq.com/docs/compound)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk

Data = dict[str, Any]


class ServerTools:
    """Calls and results of one choice; every piece is the whole item as far as it is known.

    Args:
        choice_index: Index of the choice, None for the first.
        mint: Makes an id of the item's index, another one each time where it has none.
    """

    def __init__(self, choice_index: int | None, mint: Callable[[int | None], str]) -> None:
        self._choice_index, self._mint = choice_index, mint
        self._called: set[str] = set()
        self._answered: set[str] = set()

    def feed(self, item: Any) -> Iterator[TextStreamChunk]:
        """Return the call when it is new, and its result when it has one."""
        if not isinstance(item, dict):
            return
        index = item.get("index")
        call_id = self._mint(index if type(index) is int and index >= 0 else None)
        output = item.get("output")
        answered = isinstance(output, str)
        if call_id not in self._called:
            self._called.add(call_id)
            yield self._call(call_id, item, "completed" if answered else "in_progress")
        if answered and call_id not in self._answered:
            self._answered.add(call_id)
            yield self._result(call_id, item, output)

    def _call(self, call_id: str, item: Data, status: str) -> TextStreamChunk:
        arguments = item.get("arguments")
        return TextStreamChunk(
            type=ChunkType.SERVER_TOOL_CALL,
            tool_call_id=call_id,
            tool_name=_name(item),
            arguments=arguments if isinstance(arguments, str) else None,
            status=status,
            choice_index=self._choice_index,
            provider_data={"openai.chat": {"executed_tool": item}},
        )

    def _result(self, call_id: str, item: Data, output: Any) -> TextStreamChunk:
        return TextStreamChunk(
            type=ChunkType.TOOL_RESULT,
            tool_call_id=call_id,
            tool_name=_name(item),
            content=output,
            choice_index=self._choice_index,
            provider_data={"openai.chat": {"executed_tool": item}},
        )


def _name(item: Data) -> str:
    name = item.get("type") or item.get("name")
    return name if isinstance(name, str) else "tool"
