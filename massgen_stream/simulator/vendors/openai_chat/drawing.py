"""Pictures in a chat, as OpenRouter asks for them: https://openrouter.ai/docs/features/multimodal/image-generation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import ChunkType
from ...answers import answer
from ...answers.drawn import drawn
from ...ask import Ask
from ...body_fields import Body, object_at, wrong_type
from ...vendor import BadRequest

_RATIOS: Final = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
_PIXELS: Final[Mapping[str, int]] = {"0.5K": 128, "1K": 256, "2K": 512, "4K": 1024}
"""The shorter side, a quarter of what models make."""
_MODALITIES: Final = ("text", "image", "audio")


class ChatAsk(Ask, frozen=True):
    """One request for a picture.

    Attributes:
        size: Width and height in pixels.
        speaks: Whether there is text as well.
    """

    size: tuple[int, int] = (_PIXELS["1K"], _PIXELS["1K"])
    speaks: bool = True


def modalities_of(body: Body) -> list[str]:
    """Return what the answer shall hold.

    Raises:
        BadRequest: It is none of what there is.
    """
    wanted = body.get("modalities") or ["text"]
    if not isinstance(wanted, list) or not all(one in _MODALITIES for one in wanted):
        raise wrong_type("modalities", f"an array of {', '.join(_MODALITIES)}")
    return wanted


def size_of(body: Body) -> tuple[int, int]:
    """Return width and height of the picture.

    Raises:
        BadRequest: There is no such size.
    """
    config = object_at(body, "image_config")
    ratio, size = config.get("aspect_ratio", _RATIOS[0]), config.get("image_size", "1K")
    if ratio not in _RATIOS or size not in _PIXELS:
        raise BadRequest(f"{str(ratio)[:20]} at {str(size)[:20]} is not supported.", param="image_config")
    across, down = map(int, ratio.split(":"))
    return round(_PIXELS[size] * across / min(across, down)), round(_PIXELS[size] * down / min(across, down))


def drawn_answer(ask: ChatAsk, serial: int) -> Iterator[BaseStreamChunk]:
    """Yield the text, the picture and the end."""
    said = answer(ask, serial)
    for chunk in said:
        if chunk.type is ChunkType.DONE:
            yield from drawn(f"image-sim-{serial}", ask.size)
        if ask.speaks or chunk.type is not ChunkType.CONTENT:
            yield chunk
