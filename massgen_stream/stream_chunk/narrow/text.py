"""Constructors of text, reasoning and citations."""

from __future__ import annotations

from ..kinds import ChunkType
from ..text import TextStreamChunk
from .checked import Data, checked


def start(
    *,
    provider: str | None = None,
    model: str | None = None,
    response_id: str | None = None,
    request_id: str | None = None,
) -> TextStreamChunk:
    """First of each attempt or turn; nothing visible yet."""
    return checked(
        TextStreamChunk(
            type=ChunkType.START,
            provider=provider,
            model=model,
            response_id=response_id,
            request_id=request_id,
        )
    )


def content(
    content: str,
    *,
    item_id: str | None = None,
    phase: str | None = None,
    choice_index: int | None = None,
    provider_data: Data | None = None,
) -> TextStreamChunk:
    """The next piece of visible text; empty only when it carries `provider_data`."""
    return checked(
        TextStreamChunk(
            type=ChunkType.CONTENT,
            content=content,
            item_id=item_id,
            phase=phase,
            choice_index=choice_index,
            provider_data=provider_data,
        )
    )


def refusal(
    content: str,
    *,
    item_id: str | None = None,
    choice_index: int | None = None,
) -> TextStreamChunk:
    """The next piece of a refusal."""
    return checked(
        TextStreamChunk(
            type=ChunkType.REFUSAL,
            content=content,
            item_id=item_id,
            choice_index=choice_index,
        )
    )


def reasoning(
    reasoning_delta: str,
    *,
    item_id: str | None = None,
    content_index: int | None = None,
    choice_index: int | None = None,
    provider_data: Data | None = None,
) -> TextStreamChunk:
    """The next piece of reasoning, or an opaque signature of it."""
    return checked(
        TextStreamChunk(
            type=ChunkType.REASONING,
            reasoning_delta=reasoning_delta,
            item_id=item_id,
            content_index=content_index,
            choice_index=choice_index,
            provider_data=provider_data,
        )
    )


def reasoning_done(
    reasoning_text: str,
    *,
    item_id: str | None = None,
    content_index: int | None = None,
    choice_index: int | None = None,
    provider_data: Data | None = None,
) -> TextStreamChunk:
    """The whole reasoning of an item."""
    return checked(
        TextStreamChunk(
            type=ChunkType.REASONING_DONE,
            reasoning_text=reasoning_text,
            item_id=item_id,
            content_index=content_index,
            choice_index=choice_index,
            provider_data=provider_data,
        )
    )


def reasoning_summary(
    reasoning_summary_delta: str,
    *,
    item_id: str | None = None,
    summary_index: int | None = None,
    choice_index: int | None = None,
    provider_data: Data | None = None,
) -> TextStreamChunk:
    """The next piece of a summary of the reasoning."""
    return checked(
        TextStreamChunk(
            type=ChunkType.REASONING_SUMMARY,
            reasoning_summary_delta=reasoning_summary_delta,
            item_id=item_id,
            summary_index=summary_index,
            choice_index=choice_index,
            provider_data=provider_data,
        )
    )


def reasoning_summary_done(
    reasoning_summary_text: str,
    *,
    item_id: str | None = None,
    summary_index: int | None = None,
    choice_index: int | None = None,
    provider_data: Data | None = None,
) -> TextStreamChunk:
    """The whole summary."""
    return checked(
        TextStreamChunk(
            type=ChunkType.REASONING_SUMMARY_DONE,
            reasoning_summary_text=reasoning_summary_text,
            item_id=item_id,
            summary_index=summary_index,
            choice_index=choice_index,
            provider_data=provider_data,
        )
    )


def citation(
    citation: Data,
    *,
    item_id: str | None = None,
    choice_index: int | None = None,
) -> TextStreamChunk:
    """A source that the text rests on."""
    return checked(
        TextStreamChunk(
            type=ChunkType.CITATION,
            citation=citation,
            item_id=item_id,
            choice_index=choice_index,
        )
    )
