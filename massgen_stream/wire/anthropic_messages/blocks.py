"""The blocks of one message: which block an event belongs to, by its index."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar, Final

from ..indexed_parts import IndexedParts, Part
from ..json_value import finite
from ..metadata import DroppedFields, Metadata
from ..minting import Minting
from .block import Chunks, TextBlock, ThinkingBlock
from .fields import Data, block_text, delta_text
from .images import ImageBlock, upload_chunk
from .raw_block import RawBlock
from .tool_blocks import CallBlock, ServerCallBlock
from .tool_results import RESULTS, has_failed, result_chunk

_NOTHING: Final[Data] = {}


class Blocks(IndexedParts):
    """Opens blocks, gives them their deltas and stops them.

    A delta without a block of its kind opens one: servers that leave out the start still say something.

    Args:
        minting: Makes ids.
    """

    def __init__(self, minting: Minting) -> None:
        super().__init__(minting)
        self._calls: list[CallBlock] = []
        self._server_calls: dict[str, ServerCallBlock] = {}
        self._answered: set[str] = set()

    def start(self, index: int | None, block: Data, read: Metadata, out: Chunks) -> None:
        """Take a ``content_block_start``.

        Raises:
            UnusableField: Text, arguments or media in it cannot be used.
        """
        index = self._place(index, out)
        kind = block.get("type")
        begin = self._BEGIN.get(kind) if isinstance(kind, str) else None
        self._parts[index] = (begin or Blocks._begin_raw)(self, block, read, out)

    def delta(self, index: int | None, delta: Data, read: Metadata, out: Chunks) -> None:
        """Take the delta of a ``content_block_delta``; one of an unknown kind only counts in a block that is kept raw.

        Raises:
            UnusableField: Text, arguments or media in it cannot be used.
        """
        kind = delta.get("type")
        take = self._TAKE.get(kind) if isinstance(kind, str) else None
        if take is not None:
            take(self, index, delta, read, out)
            return
        block = self._at(index)
        if isinstance(block, RawBlock):
            block.delta(delta, out)

    def text(self, index: int | None, text: str, out: Chunks) -> None:
        """Take a piece of text."""
        block = self._parts.get(self._latest if index is None else index)
        if block.__class__ is not TextBlock and text:
            block = self._open(index, self._new_text, out)
        if text:
            block.say(text, out)  # type: ignore[union-attr] # the line above made it one

    def thinking(self, index: int | None, text: str, out: Chunks) -> None:
        """Take a piece of thinking."""
        if text:
            self._of_kind(index, ThinkingBlock, self._new_thinking, out).think(text, out)

    def arguments(self, index: int | None, piece: str, out: Chunks) -> None:
        """Take a piece of the arguments of a call."""
        block = self._at(index)
        if isinstance(block, ServerCallBlock):
            block.add(piece)
        elif piece:
            self._of_kind(index, CallBlock, lambda: self._call(_NOTHING, Metadata(out, DroppedFields()), out), out).add(
                piece, out
            )

    def stop(self, index: int | None, block: Data, out: Chunks) -> None:
        """Take a ``content_block_stop``; the whole *block*, where it comes with it, may say more of a call."""
        found = self._at(index)
        if found is None:
            return
        if isinstance(found, CallBlock):
            found.keep(block)
        found.stop(out)

    def calls(self, *, whole: bool) -> list[Data]:
        """Return the complete calls of the client's tools; *whole* tells that the vendor finished them."""
        return [call.final(whole=whole) for call in self._calls]

    def _new_text(self) -> TextBlock:
        return TextBlock(self._minting.another)

    def _new_thinking(self) -> ThinkingBlock:
        return ThinkingBlock(self._minting.another)

    def _begin_text(self, block: Data, read: Metadata, out: Chunks) -> Part:
        begun, text = self._new_text(), block_text(block, "text", "text")
        begun.say(text, out)
        citations = block.get("citations")
        usable = [item for item in citations if isinstance(item, dict)] if isinstance(citations, list) else []
        if citations is not None and (not isinstance(citations, list) or len(usable) < len(citations)):
            read.drop("content_block.citations")
        for citation in usable:
            begun.cite(finite(citation), out)
        return begun

    def _begin_thinking(self, block: Data, read: Metadata, out: Chunks) -> Part:
        begun = self._new_thinking()
        begun.think(block_text(block, "thinking", "thinking"), out)
        begun.sign(read.text(block, "signature", "content_block"), out)
        return begun

    def _begin_redacted(self, block: Data, _: Metadata, out: Chunks) -> Part:
        begun = self._new_thinking()
        begun.redact(finite(block), out)
        return begun

    def _begin_call(self, block: Data, read: Metadata, out: Chunks) -> Part:
        return self._call(block, read, out)

    def _call(self, block: Data, read: Metadata, out: Chunks) -> CallBlock:
        call = CallBlock(lambda: self._call_id(block, read), block, out)
        self._calls.append(call)
        return call

    def _call_id(self, block: Data, read: Metadata) -> str:
        return self._unique(read.text(block, "id", "content_block"))

    def _begin_server_call(self, block: Data, read: Metadata, out: Chunks) -> Part:
        call_id, name = block.get("id"), block.get("name")
        if not (isinstance(call_id, str) and isinstance(name, str) and call_id and name) or call_id in self._ids:
            return self._begin_raw(block, read, out)
        self._ids.add(call_id)
        call = self._server_calls[call_id] = ServerCallBlock(block, out)
        return call

    def _begin_result(self, block: Data, read: Metadata, out: Chunks) -> Part:
        call_id = block.get("tool_use_id")
        if not isinstance(call_id, str) or not call_id or call_id in self._answered:
            return self._begin_raw(block, read, out)
        self._answered.add(call_id)
        call = self._server_calls.get(call_id)
        if call is not None:
            call.ended(failed=has_failed(block), out=out)
        out.append(result_chunk(block, call.name if call else None))
        return Part()

    def _begin_image(self, block: Data, _: Metadata, out: Chunks) -> Part:
        return ImageBlock(self._minting.another, block, out)

    def _begin_upload(self, block: Data, read: Metadata, out: Chunks) -> Part:
        if not isinstance(block.get("file_id"), str) or not block["file_id"]:
            return self._begin_raw(block, read, out)
        out.append(upload_chunk(finite(block), self._minting.another("file")))
        return Part()

    def _begin_raw(self, block: Data, _: Metadata, out: Chunks) -> Part:
        return RawBlock(self._minting.another, block, out)

    def _take_text(self, index: int | None, delta: Data, _: Metadata, out: Chunks) -> None:
        self.text(index, delta_text(delta, "text_delta", "text"), out)

    def _take_thinking(self, index: int | None, delta: Data, _: Metadata, out: Chunks) -> None:
        self.thinking(index, delta_text(delta, "thinking_delta", "thinking"), out)

    def _take_arguments(self, index: int | None, delta: Data, _: Metadata, out: Chunks) -> None:
        self.arguments(index, delta_text(delta, "input_json_delta", "partial_json"), out)

    def _take_signature(self, index: int | None, delta: Data, read: Metadata, out: Chunks) -> None:
        signature = read.text(delta, "signature", "delta")
        if signature:
            self._of_kind(index, ThinkingBlock, self._new_thinking, out).sign(signature, out)

    def _take_citation(self, index: int | None, delta: Data, read: Metadata, out: Chunks) -> None:
        citation = read.data(delta, "citation", "delta.")
        if citation:
            self._of_kind(index, TextBlock, self._new_text, out).cite(citation, out)

    def _take_image(self, index: int | None, delta: Data, _: Metadata, out: Chunks) -> None:
        block = self._of_kind(index, ImageBlock, lambda: ImageBlock(self._minting.another, _NOTHING, out), out)
        if block.is_whole:
            block = self._open(index, lambda: ImageBlock(self._minting.another, _NOTHING, out), out)
        block.add(delta, out)

    _BEGIN: ClassVar[Mapping[str, Callable[[Blocks, Data, Metadata, Chunks], Part]]] = {
        "text": _begin_text,
        "thinking": _begin_thinking,
        "redacted_thinking": _begin_redacted,
        "tool_use": _begin_call,
        "server_tool_use": _begin_server_call,
        "mcp_tool_use": _begin_server_call,
        "image": _begin_image,
        "container_upload": _begin_upload,
        **dict.fromkeys(RESULTS, _begin_result),
    }
    _TAKE: ClassVar[Mapping[str, Callable[[Blocks, int | None, Data, Metadata, Chunks], None]]] = {
        "text_delta": _take_text,
        "thinking_delta": _take_thinking,
        "input_json_delta": _take_arguments,
        "signature_delta": _take_signature,
        "citations_delta": _take_citation,
        "image_delta": _take_image,
    }
