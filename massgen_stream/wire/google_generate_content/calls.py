"""Calls of the client's tools: whole ones, and ones whose arguments stream.

At most one call is open at a time: pieces that continue it have no name, or its id. Ids are often absent; then one is
made up, and the vendor's id stands as null in `provider_data`, so that it is not sent back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from ...stream_chunk.call_arguments import settled_call
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from .arguments_writer import ArgumentsWriter
from .events import FunctionCall

Data = dict[str, Any]
PROTOCOL: Final = "google.generate_content"


class Call:
    """One call: what is known of it so far."""

    __slots__ = ("extras", "id", "name", "pieces", "vendor_id", "writer")

    def __init__(self, call_id: str, said: FunctionCall, writer: ArgumentsWriter) -> None:
        self.id, self.vendor_id, self.name, self.writer = call_id, said.id or None, said.name or "", writer
        self.extras: Data = {}
        self.pieces: list[str] = []

    def agrees(self, arguments: Data) -> bool:
        """Return whether *arguments* are what has come so far."""
        try:
            said: Any = json.loads("".join(self.pieces) + self.writer.rest())
        except (ValueError, RecursionError):
            return False
        return bool(said == arguments)

    def final(self) -> Data:
        """Return the complete call; one that was not closed is cut off."""
        call: Data = {"id": self.id, "name": self.name, "arguments": "".join(self.pieces), "kind": "function"}
        call = settled_call(call, whole=self.writer.closed)
        data = ({} if self.vendor_id == self.id else {"id": self.vendor_id}) | self.extras
        return call | {"provider_data": {PROTOCOL: data}} if data else call


class Calls:
    """The calls of one candidate.

    Args:
        choice_index: Index of the candidate, None for the first.
        mint: Makes an id.

    Attributes:
        valid: Whether there was a call that can be executed.
    """

    def __init__(self, choice_index: int | None, mint: Callable[[], str]) -> None:
        self._choice_index, self._mint = choice_index, mint
        self._ids: set[str] = set()
        self._open: Call | None = None
        self.valid = False

    def feed(self, said: FunctionCall, extras: Data) -> list[TextStreamChunk] | None:
        """Return the chunks of a part with a call; None when it tells of no call at all.

        Args:
            said: The call, or a piece of the open one.
            extras: The part's other fields.

        Raises:
            UnusableField: A value has a path that does not continue the arguments.
        """
        call = self._continued(said)
        if call is not None:
            return list(self._go_on(call, said, extras))
        whole = said.args is not None and not said.willContinue
        if said.name or said.id or said.args or said.partialArgs or whole:
            return list(self._begin(said, extras))
        return None

    def end(self) -> Iterator[TextStreamChunk]:
        """Return the final of a call that is still open: it is cut off."""
        if self._open is not None:
            yield self._final(self._open)

    def _continued(self, said: FunctionCall) -> Call | None:
        """Return the open call if *said* is a piece of it."""
        call = self._open
        if call is None or (said.name and (said.id or "") != call.vendor_id):
            return None
        return call if not said.id or call.vendor_id in (None, said.id) else None

    def _begin(self, said: FunctionCall, extras: Data) -> Iterator[TextStreamChunk]:
        writer = ArgumentsWriter()
        text = _text(writer, said)
        yield from self.end()
        call_id = said.id or self._mint()
        while call_id in self._ids:
            call_id = self._mint()
        self._ids.add(call_id)
        call = self._open = Call(call_id, said, writer)
        call.extras |= extras
        call.pieces.append(text)
        yield self._delta(call, text, call.name or None)
        if writer.closed:
            yield self._final(call)

    def _go_on(self, call: Call, said: FunctionCall, extras: Data) -> Iterator[TextStreamChunk]:
        contradicts = bool(said.args) and call.writer.begun and not call.agrees(said.args or {})
        text = _text(call.writer, said)
        call.extras |= extras
        call.vendor_id = call.vendor_id or said.id or None
        if contradicts:
            yield _contradiction(call)
        if text:
            call.pieces.append(text)
            yield self._delta(call, text, None)
        if call.writer.closed:
            yield self._final(call)

    def _delta(self, call: Call, text: str, name: str | None) -> TextStreamChunk:
        return TextStreamChunk(
            type=ChunkType.TOOL_CALL_DELTA,
            tool_call_id=call.id,
            arguments_delta=text,
            tool_name=name,
            choice_index=self._choice_index,
        )

    def _final(self, call: Call) -> TextStreamChunk:
        self._open = None
        final = call.final()
        self.valid = self.valid or "invalid" not in final
        return TextStreamChunk(type=ChunkType.TOOL_CALLS, tool_calls=[final], choice_index=self._choice_index)


def _text(writer: ArgumentsWriter, said: FunctionCall) -> str:
    """Return the text that *said* adds to the arguments."""
    text = "".join(map(writer.feed, said.partialArgs or ()))
    if said.args and not writer.begun:
        return text + writer.take(said.args)
    return text if said.willContinue else text + writer.close()


def _contradiction(call: Call) -> TextStreamChunk:
    detail = f"the arguments of call {call.id} differ from their pieces"
    return TextStreamChunk(type=ChunkType.BACKEND_STATUS, status="contradiction", detail=detail, tool_call_id=call.id)
