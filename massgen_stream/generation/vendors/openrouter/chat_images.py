"""Images in the chats of models behind OpenRouter: https://openrouter.ai/docs/features/multimodal/image-generation.

`OpenRouterImages` comes first. This is taken for models that draw in chats only, and where ``modalities`` in
`extra_params` say that the answer shall hold an image; ``["image"]`` asks for no text beside it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Any, ClassVar, Final

from ....backend.chat_request import ChatRequest
from ....backend.turn import Turn
from ....provider.openrouter import SPEC
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import MediaType
from ...choices import EditMode
from ...config import GenerationConfig
from ...drawn_answers import drawn_answer
from ...generator import Generator
from ...offer import Offer
from ...openai_sdk import opened
from ...order import Order
from .images import MODALITIES
from .parts import media_url

_Chunks = AsyncGenerator[BaseStreamChunk, None]
_PROTOCOL: Final = "openai.chat"
_USUAL: Final = ("image", "text")
_CONFIG: Final = "image_config"


class _ChatOffer(Offer, frozen=True, kw_only=True):
    """Images in chats."""

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        if config.edit_mode is not None and not (config.images or config.reference_images):
            yield f"edit_mode {config.edit_mode} needs input_images"


class OpenRouterChatImages(Generator):
    """Makes and changes images in a chat; what the model says comes as text."""

    name = "openrouter"
    title = "OpenRouter"
    host = SPEC
    libraries: ClassVar = {"openai": "openai"}
    offers: ClassVar = {
        MediaType.IMAGE: _ChatOffer(
            default_model="openai/gpt-5-image",
            models=("openai/gpt-5*-image*",),
            options=frozenset((
                "aspect_ratio", "edit_mode", "input_images", "reference_images", "seed", "size",
            )),
            priority=41,
            sizes=("0.5K", "1K", "2K", "4K"),
            aspect_ratios=("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"),
            edit_modes=frozenset((EditMode.EDIT,)),
        )
    }  # fmt: skip

    async def generate(self, order: Order, turn: Turn) -> _Chunks:
        """Yield what the model says, and its pictures."""
        with turn.preparing():
            request = await _request(order)
            body = await request.body()
        async with (
            opened(order, turn, self.host, resource="chat.completions", protocol=_PROTOCOL) as client,
            aclosing(drawn_answer(client, turn, _PROTOCOL, body, messages=())) as chunks,
            aclosing(self.with_losses(order, chunks, request.losses)) as told,
        ):
            async for chunk in told:
                yield chunk


async def _request(order: Order) -> ChatRequest:
    """Return the request.

    Raises:
        UsageError: A parameter cannot be used.
        MediaError: An image cannot be read, or is none that is taken.
    """
    config = order.config
    shape = {"aspect_ratio": config.aspect_ratio, "image_size": config.size}
    asked = {name: value for name, value in shape.items() if value is not None}
    extra = dict(config.extra_params)
    given = extra.pop(_CONFIG, {})
    options: dict[str, Any] = {
        MODALITIES: list(_USUAL),
        _CONFIG: {**asked, **given} if isinstance(given, dict) else given,
        "seed": config.seed,
        **extra,
    }
    options = {name: value for name, value in options.items() if value != {}}
    images = [
        {"type": "image", "url": await media_url("image", part, f"image {number}")}
        for number, part in enumerate((*config.images, *config.reference_images), 1)
    ]
    said = [{"type": "text", "text": config.prompt}, *images]
    return ChatRequest(SPEC, [{"role": "user", "content": said}], (), order.model, options, openai=False)
