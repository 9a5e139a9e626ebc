"""Calls: of the client's tools, and of tools that the vendor runs itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...stream_chunk.jsonform import text_form
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..client_call import ClientCall, arguments_object, arguments_text
from ..indexed_parts import Part
from ..json_value import finite
from .block import PROTOCOL, Chunks, own_data
from .fields import Data, block_text, unusable_block


def call_input(block: Data) -> str:
    """Return the arguments in the start of a client's call.

    Raises:
        UnusableField: `input` is neither an object nor text.
    """
    value = block.get("input")
    if value is not None and not isinstance(value, dict | str):
        raise unusable_block("tool_use", "input", value)
    return arguments_text(value)


class CallBlock(ClientCall):
    """A call of one of the client's tools.

    Args:
        identify: Returns its id, unique in the response; called once the block is known to be usable.
        block: The start of the block.
        out: Gets the chunk that announces the call.

    Raises:
        UnusableField: Name or arguments cannot be used.
    """

    PROTOCOL = PROTOCOL
    SAID = frozenset(("type", "id", "name", "input"))

    def __init__(self, identify: Callable[[], str], block: Data, out: Chunks) -> None:
        super().__init__(block_text(block, "tool_use", "name"), call_input(block), identify, block, out)


class ServerCallBlock(Part):
    """A call that the vendor runs: its chunks have the whole block as it must go back.

    Args:
        block: The start of the block, with usable `id` and `name`.
        out: Gets the chunk that announces the call.
    """

    def __init__(self, block: Data, out: Chunks) -> None:
        self._block: Data = finite(block)
        self.call_id, self.name = str(block["id"]), str(block["name"])
        self._pieces: list[str] = []
        self._stopped = False
        out.append(self._chunk(status="in_progress", provider_data=own_data(block=self._block)))

    def add(self, piece: str) -> None:
        """Add a piece of the arguments; after the end of the block it comes too late."""
        if not self._stopped:
            self._pieces.append(piece)

    def stop(self, out: Chunks) -> None:
        """Tell the arguments."""
        if self._stopped:
            return
        self._stopped = True
        arguments = self._joined() or arguments_text(self._block.get("input")) or "{}"
        self._pieces.clear()
        given = arguments_object(arguments)  # what is no object leaves that of the start in place
        block = self._block if given is None else {**self._block, "input": given}
        out.append(self._chunk(arguments=arguments, status="in_progress", provider_data=own_data(block=block)))

    def cut(self, out: Chunks) -> None:
        """Tell the arguments so far."""
        arguments = self._joined()
        if arguments and not self._stopped:
            out.append(self._chunk(arguments=arguments, status="incomplete"))

    def ended(self, *, failed: bool, out: Chunks) -> None:
        """Tell that the result has come."""
        self.stop(out)
        out.append(self._chunk(status="failed" if failed else "completed"))

    def _joined(self) -> str:
        return text_form("".join(self._pieces))

    def _chunk(self, **fields: Any) -> TextStreamChunk:
        return TextStreamChunk(
            type=ChunkType.SERVER_TOOL_CALL, tool_call_id=self.call_id, tool_name=self.name, **fields
        )
