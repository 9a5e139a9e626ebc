"""Running text on the screen: the answer, reasoning, a refusal."""

from __future__ import annotations

from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from .pages import Pages, Shows


class TextView:
    """Shows text as it arrives. Choices but the first are left to the end of the stream (see `Told`)."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._reasoned = False

    def shows(self) -> Shows:
        """Return what is shown."""
        return {
            ChunkType.CONTENT: self._content,
            ChunkType.REFUSAL: self._refusal,
            ChunkType.REASONING: self._reasoning,
            ChunkType.REASONING_SUMMARY: self._reasoning,
            ChunkType.REASONING_DONE: self._whole_reasoning,
            ChunkType.REASONING_SUMMARY_DONE: self._whole_reasoning,
        }

    def _content(self, chunk: TextStreamChunk) -> None:
        if chunk.content and not chunk.choice_index:
            self._pages.speaker(chunk.source)
            self._pages.say(chunk.content, f"answer {chunk.source}")

    def _refusal(self, chunk: TextStreamChunk) -> None:
        if not chunk.choice_index:
            self._pages.aside.flow(chunk.content or "", "refusal", "refusal")

    def _reasoning(self, chunk: TextStreamChunk) -> None:
        text = chunk.reasoning_delta or chunk.reasoning_summary_delta
        if text and not chunk.choice_index:
            self._reasoned = True
            self._reason(chunk, text)

    def _whole_reasoning(self, chunk: TextStreamChunk) -> None:
        """Show a final only where no delta came before it."""
        text = chunk.reasoning_text or chunk.reasoning_summary_text
        if text and not self._reasoned and not chunk.choice_index:
            self._reason(chunk, text)
        self._reasoned = False

    def _reason(self, chunk: TextStreamChunk, text: str) -> None:
        self._pages.speaker(chunk.source)
        place = f"{chunk.source} {chunk.item_id} {chunk.content_index} {chunk.summary_index}"
        self._pages.aside.flow(text, f"reasoning {place}", "reasoning")
