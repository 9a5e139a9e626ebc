"""Images by the models behind ElevenLabs' flows: https://elevenlabs.io/docs/api-reference/flows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import ClassVar, Final

from ....backend.turn import Turn
from ....provider.elevenlabs import HOST
from ....stream_chunk.kinds import MediaType
from ...config import GenerationConfig
from ...config_checks import pixels
from ...jobs import JobGenerator
from ...offer import Offer
from ...order import Order
from .client import LIBRARIES, opened
from .flows import Body, FlowJob, reference, references
from .sound import NAME

_FLOW: Final = "flows.image"
_MOST_IMAGES: Final = 14
"""Of the model that takes most; the others refuse what is too many."""


class _ImageOffer(Offer, frozen=True, kw_only=True):
    """Images; what else a model takes, its host says."""

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        if pixels(config.size):
            yield f"size is {config.size}; it takes words such as 1K, 2K or 4K, with an aspect_ratio"


class ElevenLabsImages(JobGenerator):
    """Makes and changes images with models of others; only chosen by name, since their own hosts show previews."""

    name = NAME
    title = "ElevenLabs"
    host = HOST
    libraries: ClassVar = LIBRARIES
    offers: ClassVar = {
        MediaType.IMAGE: _ImageOffer(
            default_model="gpt-image-2.5-sunburst",
            models=("bytedance-seedream-5-*",),
            options=frozenset((
                "aspect_ratio", "background", "input_images", "mask_path", "quality", "reference_images", "seed",
                "size",
            )),
            most_images=_MOST_IMAGES,
        )
    }  # fmt: skip

    @asynccontextmanager
    async def job(self, order: Order, turn: Turn) -> AsyncIterator[FlowJob]:
        """Open the SDK; a request is made of the order unless its job was begun before."""
        with turn.preparing():
            body = None if order.job is not None else await image_request(order.config, order.model)
        async with opened(order.account, turn, _FLOW, clients=order.clients) as sdk:
            yield FlowJob(sdk.flows.image, body, order, order.media_id(turn))


async def image_request(config: GenerationConfig, model: str) -> Body:
    """Return the body of a request; a mask is transparent where the first image may be edited, as ours are.

    Raises:
        MediaError: A medium cannot be read.
    """
    mask = None if config.mask_path is None else {"path": str(config.mask_path)}
    found = {
        "model_id": model,
        "prompt": config.prompt,
        "images": await references("image", (*config.images, *config.reference_images), "image"),
        "mask": None if mask is None else await reference("image", mask, "mask_path"),
        "aspect_ratio": config.aspect_ratio,
        "resolution": config.size,
        "quality": config.quality,
        "background": None if config.background is None else config.background.value,
        "seed": config.seed,
    }
    return {name: value for name, value in found.items() if value not in (None, [])}
