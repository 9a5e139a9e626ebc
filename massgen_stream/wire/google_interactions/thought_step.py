"""What the model thinks: summaries, and the signature that stands for the whole."""

from __future__ import annotations

from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..indexed_parts import Part
from ..metadata import Metadata
from .fields import Data, Place
from .media import medium_of, whole_medium
from .step import Chunks, Mint, own_data


class ThoughtStep(Part):
    """One thought; each content is a summary of its own. A thought that says nothing uses no id up.

    Args:
        mint: Makes ids.
    """

    def __init__(self, mint: Mint) -> None:
        self._mint = mint
        self._item_id: str | None = None
        self._summaries = 0

    def summarise(self, content: Data, place: Place, read: Metadata, out: Chunks) -> None:
        """Add a summary: text, or an image that the model drew for itself.

        Raises:
            UnusableField: Text or media in it cannot be used.
        """
        if place.kind == "text":
            self._say(place.text(content, "text"), out)
            return
        medium = medium_of(content, place, read)
        if medium is not None and (medium.data or medium.uri):
            out.append(whole_medium(self._mint(medium.kind), medium, thought=self._id()))

    def sign(self, signature: str, out: Chunks) -> None:
        """Add the signature."""
        if signature:
            data = own_data(signature=signature)
            out.append(
                TextStreamChunk(type=ChunkType.REASONING, reasoning_delta="", item_id=self._id(), provider_data=data)
            )

    def _say(self, text: str, out: Chunks) -> None:
        if text:
            out.append(TextStreamChunk(
                type=ChunkType.REASONING_SUMMARY,
                reasoning_summary_delta=text,
                item_id=self._id(),
                summary_index=self._summaries,
            ))  # fmt: skip
            self._summaries += 1

    def _id(self) -> str:
        if self._item_id is None:
            self._item_id = self._mint("thought")
        return self._item_id
