"""Images by the models behind ElevenLabs' flows: https://elevenlabs.io/docs/api-reference/flows."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar, Final

from ....backend.turn import Turn
from ....media.picture_masks import clear_mask
from ....media.worker_thread import in_thread
from ....provider.elevenlabs import HOST
from ....stream_chunk.kinds import MediaType
from ...config import GenerationConfig
from ...form_file import FormFile
from ...jobs import JobGenerator
from ...offer import Offer
from ...order import Order
from .client import LIBRARIES, opened
from .flow_pictures import PICTURE_DEPENDENT, PICTURE_MODELS, picture_faults, unknown_to_picture_model
from .flows import MOST_BYTES, Body, FlowJob, inline, references
from .sound import NAME

_FLOW: Final = "flows.image"
_MOST_IMAGES: Final = 14
"""Of the model that takes most; the others refuse what is too many."""


class _ImageOffer(Offer, frozen=True, kw_only=True):
    """Images, with what each model takes."""

    def knows(self, option: str, config: GenerationConfig) -> bool:
        """Return whether the model has an option."""
        unknown = unknown_to_picture_model(config.model or self.default_model)
        return super().knows(option, config) and option not in unknown

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        yield from picture_faults(config.model or self.default_model, config)


class ElevenLabsImages(JobGenerator):
    """Makes and changes images with models of others; chosen by name or model, since their own hosts show previews."""

    name = NAME
    title = "ElevenLabs"
    host = HOST
    libraries: ClassVar = LIBRARIES
    offers: ClassVar = {
        MediaType.IMAGE: _ImageOffer(
            default_model="gpt-image-2.5-sunburst",
            models=tuple(PICTURE_MODELS),
            options=PICTURE_DEPENDENT | {"aspect_ratio", "input_images", "reference_images"},
            most_images=_MOST_IMAGES,
        )
    }

    @asynccontextmanager
    async def job(self, order: Order, turn: Turn) -> AsyncIterator[FlowJob]:
        """Open the SDK; a request is made of the order unless its job was begun before."""
        losses: list[str] = []
        with turn.preparing():
            body = None if order.job is not None else await image_request(order.config, order.model, losses)
        async with opened(order.account, turn, _FLOW, clients=order.clients) as sdk:
            yield FlowJob(sdk.flows.image, body, order, order.media_id(turn), losses)


async def image_request(config: GenerationConfig, model: str, losses: list[str]) -> Body:
    """Return the body of a request; *losses* grows by what was changed about its mask.

    Raises:
        MediaError: A medium cannot be read, or the mask does not fit the first image.
        MissingExtra: Pillow is not installed, and there is a mask.
    """
    images = await references("image", (*config.images, *config.reference_images), "image")
    found = {
        "model_id": model,
        "prompt": config.prompt,
        "images": images,
        "mask": None if config.mask_path is None else await _mask(config.mask_path, images[0], losses),
        "aspect_ratio": config.aspect_ratio,
        "resolution": config.size,
        "quality": config.quality,
        "background": None if config.background is None else config.background.value,
        "seed": config.seed,
    }
    return {name: value for name, value in found.items() if value not in (None, [])}


async def _mask(path: Path, first: Body, losses: list[str]) -> Body:
    """Return the reference to the mask, which is transparent where the *first* image may be edited, as ours are."""
    content = first.get("content_base64")
    picture = None if content is None else await in_thread(lambda: b64decode(content))
    mask = await clear_mask(path, picture, most_bytes=MOST_BYTES)
    losses += mask.changes
    return await inline(FormFile("mask.png", mask.data, "image/png"))
