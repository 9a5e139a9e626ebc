"""Images by OpenAI's Images API, and by hosts that speak it: https://developers.openai.com/api/docs/guides/image-generation."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any, ClassVar, Final

from ..backend.turn import Turn
from ..provider.openai import SPEC
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType, MediaType
from ..stream_chunk.narrow import backend_status
from ..wire.openai_images import ImagesDecoder
from .choices import EditMode, OutputFormat
from .config import GenerationConfig
from .form_file import FormFile, form_file
from .generator import Generator
from .openai_calls import answer, opened
from .openai_image_offer import RETIRED, SIZES, UNSTREAMED, OpenAIImageOffer, is_edit, size_of
from .order import Order

_Chunks = AsyncGenerator[BaseStreamChunk, None]
_PROTOCOL: Final = "openai.images"
_USUAL_PREVIEWS: Final = 2
_PNG: Final = ("image/png",)
_PICTURES: Final = ("image/png", "image/webp", "image/jpeg")
_MOST_BYTES: Final = 50 * 2**20
_MOST_MASK_BYTES: Final = 4 * 2**20


class OpenAIImages(Generator):
    """Makes and changes images; previews come while one is made."""

    name = "openai"
    title = "OpenAI"
    host = SPEC
    libraries: ClassVar = {"openai": "openai"}
    offers: ClassVar = {
        MediaType.IMAGE: OpenAIImageOffer(
            default_model="gpt-image-2.6-sunburst",
            models=("gpt-image-*", "chatgpt-image-*", "dall-e-*"),
            options=frozenset((
                "aspect_ratio", "background", "edit_mode", "input_images", "markup_path", "mask_mode", "mask_path",
                "output_compression", "output_format", "partial_images", "quality", "reference_images", "size",
            )),
            priority=10,
            most=10,
            aspect_ratios=tuple(SIZES),
            formats=(OutputFormat.PNG, OutputFormat.JPEG, OutputFormat.WEBP, OutputFormat.GIF, OutputFormat.SVG),
            edit_modes=frozenset((EditMode.EDIT, EditMode.INPAINT)),
            most_images=16,
            retired=RETIRED,
        )
    }  # fmt: skip

    async def generate(self, order: Order, turn: Turn) -> _Chunks:
        """Yield previews and pictures, as they come."""
        config = order.config
        with turn.preparing():
            files = await _files(config)
        method = "edit" if files else "generate"
        arguments = {"prompt": config.prompt, **_fields(config, order.model), **files}
        losses = _losses(config)
        async with opened(order, turn, self.host, resource="images", protocol=_PROTOCOL, method=method) as client:
            chunks = answer(
                client,
                turn,
                lambda _: ImagesDecoder(id_prefix=turn.id_prefix),
                {**arguments, "extra_body": config.extra_params},
            )
            async with aclosing(chunks):
                async for chunk in chunks:
                    yield chunk
                    if chunk.type is ChunkType.START:
                        for loss in losses:
                            yield backend_status("loss", detail=f"{self.name}: {loss}")


def _fields(config: GenerationConfig, model: str) -> dict[str, Any]:
    """Return the fields of the request, except prompt and files."""
    form, background = config.output_format, config.background
    fields = {
        "model": model,
        "n": config.n if config.n > 1 else None,
        "size": size_of(config),
        "quality": config.quality,
        "background": None if background is None else background.value,
        "output_format": None if form is None else form.value,
        "output_compression": config.output_compression,
    }
    if _is_streamed(config):
        previews = _USUAL_PREVIEWS if config.partial_images is None else config.partial_images
        fields |= {"stream": True, "partial_images": previews}
    return {name: value for name, value in fields.items() if value is not None}


def _is_streamed(config: GenerationConfig) -> bool:
    """OpenAI refuses to stream several images, and some formats."""
    return config.n == 1 and config.output_format not in UNSTREAMED


def _losses(config: GenerationConfig) -> list[str]:
    losses = []
    if config.n > 1 and config.partial_images:
        losses.append("partial_images is left out, since only a single image is streamed")
    if config.size is not None and config.aspect_ratio is not None:
        losses.append("aspect_ratio is left out, since size says it")
    return losses


async def _files(config: GenerationConfig) -> dict[str, Any]:
    """Return the files of an edit: images in their order, and the mask, which is transparent where to edit."""
    if not is_edit(config):
        return {}
    files: dict[str, Any] = {"image": await _images((*config.images, *config.reference_images))}
    for name in ("mask", "markup"):
        path = getattr(config, f"{name}_path")
        if path is not None:
            files[name] = await form_file(path, f"{name}_path", name, takes=_PNG, most_bytes=_MOST_MASK_BYTES)
    return files


async def _images(parts: Sequence[Any]) -> list[FormFile]:
    return [
        await form_file(part, f"image {number}", f"image-{number}", takes=_PICTURES, most_bytes=_MOST_BYTES)
        for number, part in enumerate(parts, 1)
    ]
