"""Conversations with Gemini's image models: through ``generateContent``, or through Interactions.

Both are sent by the backends for language models, which know the wires: messages are neutral, and what a model wants
back of an earlier answer (thought signatures, pictures) is in the message that was kept.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, NamedTuple, Self

from ....backend.base import LLMBackend
from ....backend.gemini import GeminiBackend
from ....backend.interactions import InteractionsBackend
from ....backend.turn import Turn
from ....provider.gemini import SPEC
from ....stream_chunk.accumulator import Accumulator
from ....stream_chunk.formatter.google_generate_content.media import is_read_by_google
from ...choices import OutputFormat
from ...clients import lent_client
from ...config import GenerationConfig
from ...form_file import form_file
from ...order import Order
from .client import Door
from .image_offer import API, CODING, GENERATE_CONTENT, INTERACTIONS

Data = dict[str, Any]
_PICTURES: Final = ("image/png", "image/jpeg", "image/webp", "image/heic", "image/heif")
"""https://ai.google.dev/gemini-api/docs/image-understanding#supported-formats"""
_MOST_BYTES: Final = 100 * 2**20
"""https://ai.google.dev/gemini-api/docs/file-input-methods, for a whole request"""
_THOUGHTLESS: Final = "gemini-2."
"""Models that make no drafts while they think, and take no option for it."""


class ImageChat(NamedTuple):
    """A turn of a conversation, with what was said before.

    Attributes:
        door: Developer API, or Google Cloud; and further parameters.
        api: One of the two.
        model: Model id.
        messages: What is sent: all of the conversation, or the new message where the server knows the rest.
        previous: Id of the interaction that is continued; None: the server is not asked to remember one.
        config: What is asked for.
        losses: What is left out of it, one line each.
    """

    door: Door
    api: str
    model: str
    messages: list[Data]
    previous: str | None
    config: GenerationConfig
    losses: list[str]

    @classmethod
    async def of(cls, order: Order, *, enterprise: bool) -> Self:
        """Return the turn that an order asks for; its images are read.

        Raises:
            ConfigurationError: What is to be continued is not known.
            MediaError: An image cannot be read, or is none that the models take.
        """
        config = order.config
        door = Door.of(config.extra_params, enterprise=enterprise)
        kept = await order.continued() if config.continue_from is not None else {}
        new = {"role": "user", "content": [{"type": "text", "text": config.prompt}, *await _images(config)]}
        asked = door.params.get(API, GENERATE_CONTENT)
        api, model = kept.get("api", asked), config.model or kept.get("model") or order.model
        lost = [name for name in CODING if name in config.given() and api != asked]
        losses = [f"{name} is left out, since the conversation goes on through {api}" for name in lost]
        messages = [*kept.get("messages", ()), new]
        return cls(door, api, model, messages, kept.get("interaction_id"), config.without(*lost), losses)

    @asynccontextmanager
    async def backend(self, order: Order, turn: Turn) -> AsyncIterator[LLMBackend]:
        """Lend the backend that sends it."""
        kind: Callable[..., LLMBackend] = InteractionsBackend if self.api == INTERACTIONS else GeminiBackend
        access, key, base_url = self.door.access, order.account.api_key, self.door.base_url(order)
        arguments: Data = access.arguments() | {"api_version": access.api_version}

        async def opening() -> LLMBackend:
            return kind(SPEC, api_key=key, base_url=base_url, environ={}, **arguments)

        known_by = (kind, key, base_url, access)
        async with lent_client(order.clients, turn, known_by, opening, lambda backend: backend.aclose()) as backend:
            yield backend

    def options(self) -> Data:
        """Return the options of the request; `extra_params` win."""
        config = self.config
        ours = self._interaction() if self.api == INTERACTIONS else self._content()
        if not self.model.startswith(_THOUGHTLESS) and config.partial_images != 0:
            ours["include_thoughts"] = True  # drafts are thoughts
        if config.seed is not None:
            ours["seed"] = config.seed
        return ours | {name: value for name, value in self.door.params.items() if name != API}

    def kept(self, heard: Accumulator) -> Data:
        """Return what the picture in an answer is continued from: the interaction, or all that was said."""
        known = {"api": self.api, "model": self.model}
        if self.api == INTERACTIONS and heard.response_id and self.door.params.get("store") is not False:
            return {**known, "interaction_id": heard.response_id}
        return {**known, "messages": [*self.messages, heard.message()]}

    def _content(self) -> Data:
        """https://ai.google.dev/api/generate-content#ImageConfig."""
        config, form = self.config, self.config.output_format
        image: Data = {"aspectRatio": config.aspect_ratio, "imageSize": config.size}
        if self.door.access.enterprise:
            mime_type = None if form is None else f"image/{form.value}"
            output = {"mimeType": mime_type, "compressionQuality": config.output_compression}
            image["imageOutputOptions"] = _given(output) or None
        asked = _given(image)
        return {"modalities": ["TEXT", "IMAGE"], **({"image_config": asked} if asked else {})}

    def _interaction(self) -> Data:
        """``ImageResponseFormat`` in https://ai.google.dev/api/interactions-api."""
        config = self.config
        mime_type = "image/jpeg" if config.output_format is OutputFormat.JPEG else None
        image = {"aspect_ratio": config.aspect_ratio, "image_size": config.size, "mime_type": mime_type}
        before = {} if self.previous is None else {"previous_interaction_id": self.previous}
        return {"response_format": {"type": "image", **_given(image)}, **before}


def _given(fields: Data) -> Data:
    return {name: value for name, value in fields.items() if value is not None}


async def _images(config: GenerationConfig) -> list[Data]:
    """Return all images, their bytes read: the conversation may go on when files have gone."""
    found: list[Data] = []
    for number, part in enumerate((*config.images, *config.reference_images), 1):
        if part.get("file_id") is not None or is_read_by_google(part.get("url") or ""):
            found.append(part)
            continue
        file = await form_file(part, f"image {number}", "", takes=_PICTURES, most_bytes=_MOST_BYTES)
        found.append({"type": "image", "data": file.data, "mime_type": file.mime_type})
    return found
