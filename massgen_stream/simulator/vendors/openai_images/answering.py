"""The default answer: real pictures of what nobody asked for."""

from __future__ import annotations

from collections.abc import Iterator

from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.narrow import done
from ....wire.media_usage import usage_of
from ...answers.drawn import drawn
from ...answers.tokens import CHARACTERS_PER_TOKEN
from .image_ask import ImageAsk

_INPUT_IMAGE_TOKENS = 194
_PICTURE_TOKENS = 1056
_PREVIEW_TOKENS = 100
"""https://developers.openai.com/api/docs/guides/image-generation: what a preview costs"""


def picture_answer(ask: ImageAsk) -> Iterator[BaseStreamChunk]:
    """Yield all pictures with their previews, and the end with its usage."""
    previews = ask.previews if ask.stream else 0
    for number in range(ask.choices):
        yield from drawn(f"image-{number}", ask.size, previews, form=ask.form, quality=ask.compression)
    text = -(-ask.input_characters // CHARACTERS_PER_TOKEN)
    images = ask.input_images * _INPUT_IMAGE_TOKENS
    drawn_tokens = ask.choices * (_PICTURE_TOKENS + previews * _PREVIEW_TOKENS)
    raw = {
        "input_tokens": text + images,
        "output_tokens": drawn_tokens,
        "total_tokens": text + images + drawn_tokens,
        "input_tokens_details": {"image_tokens": images, "text_tokens": text},
    }
    yield done("stop", usage=usage_of(raw), usage_source="reported")
