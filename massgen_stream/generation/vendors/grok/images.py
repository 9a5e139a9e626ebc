"""xAI's images over gRPC: https://docs.x.ai/developers/model-capabilities/images.

xAI changes an image that it is given; it has no ids by which to continue. So an image is kept here, and sent again.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from typing import Any, ClassVar, Final

from msgspec.structs import replace

from ....backend.turn import Turn
from ....errors import MalformedEvent, ProviderError
from ....media.worker_thread import in_thread
from ....provider.grok import SPEC
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import MediaEncoding, MediaType
from ....stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from ....stream_chunk.narrow import backend_status, media, usage
from ....wire.base64_text import base64_bytes
from ....wire.grok.images import PROTOCOL
from ....wire.grok.proto_json import plain
from ....wire.grok.usage import usage_of
from ...choices import EditMode
from ...config import GenerationConfig
from ...generator import Generator
from ...offer import Offer
from ...order import Order
from .fields import Body, image_field, word, words
from .service import opened

_Chunks = AsyncGenerator[BaseStreamChunk, None]

# xai/api/v1/image.proto; its ratios with a decimal point cannot be written as a ratio of whole numbers
_RATIOS: Final = words(
    "IMG_ASPECT_RATIO_",
    *("auto", "1:1", "3:4", "4:3", "9:16", "16:9", "2:3", "3:2", "9:20", "20:9", "1:2", "2:1"),
)
_RESOLUTIONS: Final = words("IMG_RESOLUTION_", "1k", "2k")
_QUALITIES: Final = words("IMG_QUALITY_", "low", "medium", "high")
_MOST, _MOST_IMAGES = 10, 5
_DATA: Final = "data:"


class _ImageOffer(Offer, frozen=True, kw_only=True):
    """Images that are made or changed; the one that is continued is one of its inputs."""

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        if config.quality is not None and config.quality.lower() not in _QUALITIES:
            yield f"quality is {config.quality}; it takes {', '.join(_QUALITIES)}"
        given = len(config.images) + (config.continue_from is not None)
        if config.edit_mode is not None and not given:
            yield f"edit_mode {config.edit_mode} needs an image: give input_images or continue_from"
        if config.continue_from is not None and given > _MOST_IMAGES:
            yield f"{given} images, with the one that is continued; it takes at most {_MOST_IMAGES}"


class GrokImages(Generator):
    """Makes and edits images with xAI's models, one or several with one request."""

    name = "grok"
    title = "xAI Grok"
    aliases = ("xai",)
    host = SPEC
    libraries: ClassVar = {"xai_sdk": "xai"}
    offers: ClassVar = {
        MediaType.IMAGE: _ImageOffer(
            default_model="grok-imagine-image-2.0",
            models=("grok-imagine-image*",),
            options=frozenset(("input_images", "aspect_ratio", "size", "quality", "edit_mode")),
            priority=30,
            most=_MOST,
            sizes=("1k", "2k", "1K", "2K"),
            aspect_ratios=tuple(_RATIOS),
            edit_modes=frozenset((EditMode.EDIT,)),
            most_images=_MOST_IMAGES,
            continuation="grok_img",
        )
    }

    async def generate(self, order: Order, turn: Turn) -> _Chunks:
        """Yield the images, and what they cost."""
        with turn.preparing():
            body = await image_request(order)
        async with opened("Image", order, turn) as service:
            with turn.preparing():
                message = await service.message("GenerateImage", body)
            answer = await service.ask("GenerateImage", message)
        if answer.HasField("usage"):
            yield usage(usage_of(plain(answer.usage)))
        withheld = sum(not image.respect_moderation for image in answer.images)
        if withheld and withheld == len(answer.images):
            raise ProviderError("xAI's moderation has withheld the image", kind="content_filter")
        if withheld:
            detail = f"xAI's moderation has withheld {withheld} of {len(answer.images)} images"
            yield backend_status("warning", detail=detail)
        for number, image in enumerate(answer.images, 1):
            if image.storage_error:
                yield backend_status("warning", detail=f"xAI has not stored the image: {image.storage_error}")
            if image.respect_moderation:
                final = await _final(order.media_id(turn, number), image)
                yield replace(final, continuation_id=await order.keep(_reference(final)))


async def image_request(order: Order) -> Body:
    """Return the ``GenerateImageRequest`` for an order, in its JSON form.

    Raises:
        ConfigurationError: xAI has no word for a value, or what is to be continued is not known.
        MediaError: An image cannot be read.
    """
    config = order.config
    before = [await order.continued()] if config.continue_from is not None else []
    images = [await image_field(part) for part in (*before, *config.images)]
    body: Body = {"prompt": config.prompt, "model": order.model, "n": config.n, "format": "IMG_FORMAT_BASE64"}
    body |= {"image": images[0]} if len(images) == 1 else {"images": images} if images else {}
    for option, field, known in (
        ("aspect_ratio", "aspect_ratio", _RATIOS),
        ("size", "resolution", _RESOLUTIONS),
        ("quality", "quality", _QUALITIES),
    ):
        value = getattr(config, option)
        if value is not None:
            body[field] = word(option, value, known)
    return {**body, **config.extra_params}


def _reference(final: MultimodalStreamChunk) -> Body:
    """Return the image as a media part, to be given again."""
    kind = "url" if final.media_encoding is MediaEncoding.URL else "data"
    return {"type": "image", kind: final.media_data}


async def _final(media_id: str, image: Any) -> MultimodalStreamChunk:
    own = {PROTOCOL: {"file_output": plain(image.file_output)}} if image.HasField("file_output") else None
    if image.url:
        return media(
            media_id,
            MediaType.IMAGE,
            media_data=image.url,
            media_encoding=MediaEncoding.URL,
            provider_data=own,
        )
    kind, _, encoded = image.base64.partition(",")
    if not kind.startswith(_DATA) or not encoded:
        raise MalformedEvent("an image without its data")
    data = await in_thread(base64_bytes, encoded, "images.base64")
    return media(
        media_id,
        MediaType.IMAGE,
        media_data=data,
        media_encoding=MediaEncoding.BINARY,
        media_metadata=MediaMetadata(mime_type=kind.removeprefix(_DATA).partition(";")[0]),
        provider_data=own,
    )
