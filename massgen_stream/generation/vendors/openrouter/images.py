"""Images by the models behind OpenRouter, https://openrouter.ai/docs/features/multimodal/image-generation."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Any, ClassVar, Final

from ....backend.turn import Turn
from ....provider.openrouter import SPEC
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import MediaType
from ....wire.openai_images import ImagesDecoder
from ...choices import EditMode, OutputFormat
from ...config import GenerationConfig
from ...config_checks import pixels
from ...generator import Generator
from ...offer import Offer
from ...openai_sdk import opened, posting
from ...order import Order
from ...sdk_answers import answer
from .parts import media_parts

_Chunks = AsyncGenerator[BaseStreamChunk, None]
MODALITIES: Final = "modalities"
"""Of `extra_params`: what the answer in a chat shall hold."""


class _ImagesOffer(Offer, frozen=True, kw_only=True):
    """Images by the endpoint for them."""

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        if MODALITIES in config.extra_params:
            yield f"extra_params hold {MODALITIES}, which are those of a chat"
        if config.edit_mode is not None and not (config.images or config.reference_images):
            yield f"edit_mode {config.edit_mode} needs input_images"


class OpenRouterImages(Generator):
    """Makes and changes images; what the model writes meanwhile comes as text."""

    name = "openrouter"
    title = "OpenRouter"
    host = SPEC
    libraries: ClassVar = {"openai": "openai"}
    offers: ClassVar = {
        MediaType.IMAGE: _ImagesOffer(
            default_model="google/gemini-3.1-flash-lite-image",
            models=("google/*-image*", "openai/gpt-image-*", "bytedance-seed/*", "black-forest-labs/*"),
            options=frozenset((
                "aspect_ratio", "background", "edit_mode", "input_images", "output_compression", "output_format",
                "quality", "reference_images", "seed", "size",
            )),
            priority=40,
            most=10,
            formats=(OutputFormat.PNG, OutputFormat.JPEG, OutputFormat.WEBP, OutputFormat.SVG),
            edit_modes=frozenset((EditMode.EDIT,)),
        )
    }  # fmt: skip

    async def generate(self, order: Order, turn: Turn) -> _Chunks:
        """Yield previews and pictures, as they come."""
        with turn.preparing():
            body = await _body(order.config, order.model)
        sdk = opened(order, turn, self.host, resource="images", protocol="openai.images", method="generate")
        async with sdk as client:
            chunks = answer(
                posting(client, "/images"),
                turn,
                lambda _: ImagesDecoder(id_prefix=turn.id_prefix),
                {"extra_body": {**body, **order.config.extra_params}},
            )
            async with aclosing(chunks):
                async for chunk in chunks:
                    yield chunk


async def _body(config: GenerationConfig, model: str) -> dict[str, Any]:
    form, background = config.output_format, config.background
    body = {
        "model": model,
        "prompt": config.prompt,
        "input_references": await media_parts("image", (*config.images, *config.reference_images)) or None,
        "n": config.n if config.n > 1 else None,
        "aspect_ratio": config.aspect_ratio,
        "size" if pixels(config.size) else "resolution": config.size,
        "quality": config.quality,
        "background": None if background is None else background.value,
        "output_format": None if form is None else form.value,
        "output_compression": config.output_compression,
        "seed": config.seed,
        "stream": True if config.n == 1 and form is not OutputFormat.SVG else None,  # models that stream refuse both
    }
    return {name: value for name, value in body.items() if value is not None}
