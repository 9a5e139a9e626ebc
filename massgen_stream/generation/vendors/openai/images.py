"""Images by OpenAI's Images API, and by hosts that speak it: https://developers.openai.com/api/docs/guides/image-generation."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, ClassVar, Final

from ....backend.turn import Turn
from ....provider.openai import SPEC
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import MediaType
from ....wire.openai_images import ImagesDecoder
from ...config import GenerationConfig
from ...generator import Generator
from ...openai_sdk import opened
from ...order import Order
from ...sdk_answers import answer
from .image_files import image_file, markup_file, mask_file
from .image_offer import (
    EDIT_MODES,
    FORMATS,
    MOST_IMAGES,
    OPTIONS,
    RETIRED,
    SIZES,
    UNSTREAMED,
    OpenAIImagesOffer,
    given_images,
    is_edit,
    picture_fields,
    previews_of,
)

_Chunks = AsyncGenerator[BaseStreamChunk, None]
_PROTOCOL: Final = "openai.images"


class OpenAIImages(Generator):
    """Makes and changes images; previews come while one is made."""

    name = "openai"
    title = "OpenAI"
    host = SPEC
    libraries: ClassVar = {"openai": "openai"}
    offers: ClassVar = {
        MediaType.IMAGE: OpenAIImagesOffer(
            default_model="gpt-image-2.6-sunburst",
            models=("gpt-image-*", "chatgpt-image-*", "dall-e-*"),
            options=OPTIONS | {"markup_path"},
            priority=10,
            most=10,
            aspect_ratios=tuple(SIZES),
            formats=FORMATS,
            edit_modes=EDIT_MODES,
            most_images=MOST_IMAGES,
            retired=RETIRED,
        )
    }

    async def generate(self, order: Order, turn: Turn) -> _Chunks:
        """Yield previews and pictures, as they come."""
        config = order.config
        losses: list[str] = []
        with turn.preparing():
            files = await _files(config, losses)
        method = "edit" if files else "generate"
        arguments = {"prompt": config.prompt, **_fields(config, order.model), **files}
        async with opened(order, turn, self.host, resource="images", protocol=_PROTOCOL, method=method) as client:
            chunks = answer(
                client,
                turn,
                lambda _: ImagesDecoder(id_prefix=turn.id_prefix),
                {**arguments, "extra_body": config.extra_params},
            )
            async with aclosing(self.with_losses(order, chunks, losses)) as told:
                async for chunk in told:
                    yield chunk


def _fields(config: GenerationConfig, model: str) -> dict[str, Any]:
    """Return the fields of the request, except prompt and files."""
    fields: dict[str, Any] = {"model": model, **picture_fields(config)}
    if config.n > 1:
        fields["n"] = config.n
    if _is_streamed(config):
        fields |= {"stream": True, "partial_images": previews_of(config)}
    return fields


def _is_streamed(config: GenerationConfig) -> bool:
    """OpenAI refuses to stream several images, and some formats."""
    return config.n == 1 and config.output_format not in UNSTREAMED


async def _files(config: GenerationConfig, losses: list[str]) -> dict[str, Any]:
    """Return the files of an edit: images in their order, and what is laid over the first one."""
    if not is_edit(config):
        return {}
    images = [await image_file(*one) for one in enumerate(given_images(config), 1)]
    files: dict[str, Any] = {"image": images}
    if config.mask_path is not None:
        files["mask"] = await mask_file(config.mask_path, images[0].data, losses)
    if config.markup_path is not None:
        files["markup"] = await markup_file(config.markup_path)
    return files
