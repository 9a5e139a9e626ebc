"""What must be remembered of a tool that the vendor runs, from its announcement to its end."""

from __future__ import annotations

from typing import Any

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from .faults import Origin
from .media import final_image
from .tool_items import IMAGE, as_json, call_chunk, is_result, result_chunk, tool_name, without_picture

Data = dict[str, Any]
Chunks = list[BaseStreamChunk]


class ToolItem:
    """One tool, or the result of one.

    Args:
        call_id: Its id, unique in the response; of a result that of its call.
        kind: Type of the item.
        told: The tools of the response that a reader knows of, in order; this one adds itself.

    Attributes:
        id: Its id.
        kind: Type of the item.
        pictured: Whether its picture is complete.
    """

    __slots__ = ("_answered", "_last", "_name", "_pieces", "_told", "id", "kind", "pictured")

    def __init__(self, call_id: str, kind: str, told: list[ToolItem]) -> None:
        self.id, self.kind = call_id, kind
        self._told = told
        self.pictured = False
        self._name = tool_name({"type": kind})
        self._last: TextStreamChunk | None = None
        self._answered: TextStreamChunk | None = None
        self._pieces: dict[int, list[str]] = {}

    def begin(self, item: Data, out: Chunks) -> None:
        """Take the announcement."""
        self._name = tool_name(item)
        if not is_result(self.kind):
            self._tell(call_chunk(self.id, item, ended=False), out)
            self._answer(item, out)

    def move(self, state: str, out: Chunks) -> None:
        """Take a change of state."""
        if self._last is None or self._last.status != state:
            self._tell(self._chunk(status=state), out)

    def add(self, index: int, piece: str) -> None:
        """Take a piece of the arguments, or of the result."""
        self._pieces.setdefault(index, []).append(piece)

    def replace(self, index: int, text: str, out: Chunks) -> None:
        """Take arguments that are whole; those of a shell are so only with the item."""
        self._pieces[index] = [text]
        if self.kind != "shell_call":
            arguments, self._pieces = self._arguments(), {}
            self._tell(self._chunk(arguments=arguments), out)

    def finish(self, item: Data, origin: Origin, out: Chunks) -> None:
        """Take the whole item: its picture, the call and its result."""
        self._name, self._pieces = tool_name(item), {}
        if item.get("type") == IMAGE and not self.pictured:
            image = final_image(self.id, item, origin)
            if image is not None:
                self.pictured = True
                out.append(image)
        if not is_result(self.kind):
            self._tell(call_chunk(self.id, item, ended=True), out)
        self._answer(item, out)

    def cut(self) -> TextStreamChunk | None:
        """The stream has ended: return what came of a tool that did not."""
        if not self._pieces:
            return None
        if is_result(self.kind):
            text = "".join(piece for pieces in self._pieces.values() for piece in pieces)
            return TextStreamChunk(type=ChunkType.TOOL_RESULT, tool_call_id=self.id, content=text, preliminary=True)
        return self._chunk(arguments=self._arguments(), status="incomplete")

    def _answer(self, item: Data, out: Chunks) -> None:
        result = result_chunk(self.id, without_picture(item))
        if result is not None and result != self._answered:
            self._answered = result
            self._say(result, out)

    def _tell(self, chunk: TextStreamChunk, out: Chunks) -> None:
        if chunk != self._last:
            self._last = chunk
            self._say(chunk, out)

    def _say(self, chunk: TextStreamChunk, out: Chunks) -> None:
        if self not in self._told:
            self._told.append(self)
        out.append(chunk)

    def _chunk(self, **fields: Any) -> TextStreamChunk:
        return TextStreamChunk(type=ChunkType.SERVER_TOOL_CALL, tool_call_id=self.id, tool_name=self._name, **fields)

    def _arguments(self) -> str:
        texts = ["".join(self._pieces[index]) for index in sorted(self._pieces)]
        return arguments_of_pieces(self.kind, texts)


def arguments_of_pieces(kind: str, texts: list[str]) -> str:
    """Return the arguments that are told in pieces, by index of the piece."""
    if kind == "shell_call":
        return as_json({"commands": texts})
    return as_json({"code": texts[0]}) if kind == "code_interpreter_call" else texts[0]
