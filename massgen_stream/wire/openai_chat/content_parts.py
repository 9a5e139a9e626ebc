"""Content as a list of parts, as Mistral sends it (https://docs.mistral.ai/capabilities/reasoning)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.jsonform import text_form
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..faults import DELTA, unusable
from ..minting import Minting
from .media import image_chunk, image_urls

Data = dict[str, Any]
_PART = f"{DELTA}.content[]"


def part_chunks(parts: Any, choice_index: int | None, minting: Minting) -> Iterator[BaseStreamChunk]:
    """Return the chunks of a list of parts: text, thoughts, images, and whatever else must go back unchanged.

    Raises:
        UnusableField: A part holds text or media of an unusable type.
    """
    for part in parts:
        if isinstance(part, str):
            part = {"type": "text", "text": part}
        if part is None:
            continue
        if not isinstance(part, dict):
            raise unusable(_PART, part)
        kind = part.get("type")
        if kind == "image_url":
            for url in image_urls([part]):
                yield image_chunk(url, minting.another("image"))
        elif (chunk := _text_chunk(part, kind, choice_index)) is not None:
            yield chunk


def _text_chunk(part: Data, kind: Any, choice_index: int | None) -> TextStreamChunk | None:
    if kind == "text":
        text = _joined(part.get("text"), f"{_PART}.text")
        return TextStreamChunk(type=ChunkType.CONTENT, content=text, choice_index=choice_index) if text else None
    if kind == "thinking":
        return _thought(part, choice_index)
    data = {"openai.chat": {"content_parts": [part]}}
    return TextStreamChunk(type=ChunkType.CONTENT, content="", choice_index=choice_index, provider_data=data)


def _thought(part: Data, choice_index: int | None) -> TextStreamChunk | None:
    text, signature = _joined(part.get("thinking"), f"{_PART}.thinking"), part.get("signature")
    data = {"openai.chat": {"thinking_signature": signature}} if isinstance(signature, str) and signature else None
    if not (text or data):
        return None
    return TextStreamChunk(
        type=ChunkType.REASONING, reasoning_delta=text, choice_index=choice_index, provider_data=data
    )


def _joined(value: Any, path: str) -> str:
    """Return text that is a string, or a list of text parts."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, list):
        texts = (_joined(item.get("text") if isinstance(item, dict) else item, path) for item in value)
        return text_form("".join(texts))
    raise unusable(path, value)
