"""What the blocks of a message have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..indexed_parts import Part
from .fields import Data

PROTOCOL = "anthropic.messages"
Chunks = list[BaseStreamChunk]
Mint = Callable[[str], str]
"""Makes another id of a kind of thing."""


def own_data(**data: Any) -> Data:
    """Return `provider_data` of this protocol."""
    return {PROTOCOL: data}


class ItemBlock(Part):
    """A block whose chunks have an id: the vendor gives none, and a message has several blocks of a kind.

    Blocks that say nothing use no id up, so that the ids follow from the chunks alone.
    """

    kind = "block"

    def __init__(self, mint: Mint) -> None:
        self._mint = mint
        self._item_id: str | None = None

    @property
    def item_id(self) -> str:
        """The block's id."""
        if self._item_id is None:
            self._item_id = self._mint(self.kind)
        return self._item_id


class TextBlock(ItemBlock):
    """Visible text and its citations, which must go back with the text in the next request."""

    kind = "text"

    def say(self, text: str, out: Chunks) -> None:
        """Add a piece of text."""
        if text:
            out.append(TextStreamChunk(type=ChunkType.CONTENT, content=text, item_id=self.item_id))

    def cite(self, citation: Data, out: Chunks) -> None:
        """Add a citation: for readers, and for the text's part of the message."""
        told = {**_told(citation), "raw": citation}
        out.append(TextStreamChunk(type=ChunkType.CITATION, citation=told, item_id=self.item_id))
        data = own_data(citations=[citation])
        out.append(TextStreamChunk(type=ChunkType.CONTENT, content="", item_id=self.item_id, provider_data=data))


class ThinkingBlock(ItemBlock):
    """Thinking and its signature."""

    kind = "thinking"

    def think(self, text: str, out: Chunks) -> None:
        """Add a piece of thinking."""
        if text:
            out.append(TextStreamChunk(type=ChunkType.REASONING, reasoning_delta=text, item_id=self.item_id))

    def sign(self, signature: str, out: Chunks) -> None:
        """Add the signature, which stands for the whole block."""
        if signature:
            out.append(self._opaque(own_data(signature=signature)))

    def redact(self, block: Data, out: Chunks) -> None:
        """Add a block of thinking that the vendor does not show."""
        out.append(self._opaque(own_data(block=block)))

    def _opaque(self, data: Data) -> TextStreamChunk:
        return TextStreamChunk(type=ChunkType.REASONING, reasoning_delta="", item_id=self.item_id, provider_data=data)


def _told(citation: Data) -> Data:
    """What a citation says in our names; its figures are places in the source, not in the text, and stay in `raw`."""
    source = citation.get("source")
    found = {
        "url": citation.get("url", source if str(source).startswith(("http://", "https://")) else None),
        "title": citation.get("title", citation.get("document_title")),
        "file_id": citation.get("file_id"),
        "cited_text": citation.get("cited_text"),
    }
    return {name: value for name, value in found.items() if isinstance(value, str)}
