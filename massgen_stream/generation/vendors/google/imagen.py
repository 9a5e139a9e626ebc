"""Images by Imagen: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/imagen-api.

The SDK's ``generate_images`` and ``edit_image`` are deprecated and tell so with a warning; it sends the same requests
all the same, with the addresses and credentials that it knows.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, ClassVar

from ....backend.turn import Turn
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import MediaType
from ....wire.google_imagen import ImagenDecoder
from ...choices import EditMode
from ...config import GenerationConfig
from ...order import Order
from ...sdk_answers import answer
from .client import CloudGenerator, Door, opened
from .imagen_offer import (
    EDIT_MODES,
    FORMATS,
    MOST,
    RATIOS,
    RETIRED,
    SIZES,
    ImagenEditOffer,
    ImagenOffer,
    is_masked,
)
from .imagen_references import COMPUTED, references_of
from .interacting import with_a_medium

_Chunks = AsyncGenerator[BaseStreamChunk, None]
_Data = dict[str, Any]
_UNMARKED = "the images have no watermark, since Imagen takes a seed only without it"


class GoogleImagen(CloudGenerator):
    """Makes images; Google Cloud serves Imagen in its regions, not at ``global``: ``location`` names one."""

    name = "google"
    aliases = ("gemini",)
    offers: ClassVar = {
        MediaType.IMAGE: ImagenOffer(
            default_model="imagen-4.0-generate-001",
            models=("imagen-4.0-*", "imagen-3.0-generate-*", "imagen-3.0-fast-generate-*"),
            options=frozenset((
                "aspect_ratio", "guidance_scale", "language", "negative_prompt", "output_compression", "output_format",
                "seed", "size",
            )),
            most=MOST,
            sizes=SIZES,
            aspect_ratios=RATIOS,
            formats=FORMATS,
            retired=RETIRED,
        )
    }  # fmt: skip

    async def generate(self, order: Order, turn: Turn) -> _Chunks:
        """Yield the images, which come together."""
        config = order.config
        door = Door.of(config.extra_params, enterprise=True)
        losses: list[str] = []
        with turn.preparing():
            references = await references_of(config, door.params, losses)
        instance = {"prompt": config.prompt, **({"referenceImages": references} if references else {})}
        parameters = _parameters(config, door.params)
        body = {"instances": [instance], "parameters": parameters}
        async with opened(order, turn, door.access) as client:
            request = {"model": order.model, "extra_body": body, "verb": "predict"}
            chunks = answer(client, turn, lambda _: ImagenDecoder(id_prefix=turn.id_prefix), request)
            infos = [_UNMARKED] if parameters.get("addWatermark") is False else []
            async with aclosing(
                self.with_losses(order, with_a_medium(chunks, "an image"), losses, infos=infos)
            ) as told:
                async for chunk in told:
                    yield chunk


class GoogleImagenEdits(GoogleImagen):
    """Changes images, and makes images with the style, the shapes, the subject or the contents of others."""

    offers: ClassVar = {
        MediaType.IMAGE: ImagenEditOffer(
            default_model="imagen-3.0-capability-001",
            models=("imagen-3.0-capability-*",),
            priority=22,
            options=frozenset((
                "aspect_ratio", "control_image_path", "control_type", "edit_mode", "guidance_scale", "input_images",
                "language", "mask_dilation", "mask_mode", "mask_path", "negative_prompt", "output_compression",
                "output_format", "reference_images", "seed", "segmentation_classes", "steps", "style_description",
                "style_image_path", "subject_description", "subject_image_path", "subject_type",
            )),
            most=MOST,
            aspect_ratios=RATIOS,
            formats=FORMATS,
            edit_modes=frozenset(EDIT_MODES),
            most_images=1,
            needs_prompt=False,
            retired=RETIRED,
        )
    }  # fmt: skip


def _parameters(config: GenerationConfig, params: _Data) -> _Data:
    """Return the parameters as the SDK names them on the wire; `extra_params` win."""
    form, steps = config.output_format, config.steps
    mode = config.edit_mode or (EditMode.INPAINT if is_masked(config) else None)
    output = {"mimeType": form and f"image/{form.value}", "compressionQuality": config.output_compression}
    fields = {
        "sampleCount": config.n,
        "aspectRatio": None if mode is EditMode.OUTPAINT else config.aspect_ratio,
        "sampleImageSize": config.size,
        "negativePrompt": config.negative_prompt,
        "guidanceScale": config.guidance_scale,
        "language": config.language,
        "seed": config.seed,
        "addWatermark": None if config.seed is None else False,
        "includeRaiReason": True,
        "editMode": mode and EDIT_MODES[mode],
        "editConfig": None if steps is None else {"baseSteps": steps},
        "outputOptions": {name: value for name, value in output.items() if value is not None} or None,
    }
    given = {name: value for name, value in fields.items() if value is not None}
    return given | {name: value for name, value in params.items() if name != COMPUTED}
