"""Images by Gemini's models, https://ai.google.dev/gemini-api/docs/image-generation.

They are asked by ``generateContent``; ``extra_params={"api": "interactions"}`` asks through Interactions instead, where
the server remembers what it made.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import ClassVar

from ....backend.turn import Turn
from ....provider.gemini import SPEC
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import MediaType
from ...generator import Generator
from ...order import Order
from .client import CloudGenerator
from .image_chat import ImageChat
from .image_offer import image_offer
from .interacting import with_a_medium
from .pictures import Pictures

_Chunks = AsyncGenerator[BaseStreamChunk, None]


class GoogleImages(Generator):
    """Makes and changes images in a conversation; drafts come as previews."""

    name = "google"
    title = "Google Gemini"
    aliases = ("gemini",)
    host = SPEC
    libraries: ClassVar = {"google.genai": "google"}
    offers: ClassVar = {MediaType.IMAGE: image_offer(priority=20)}
    enterprise: ClassVar = False

    async def generate(self, order: Order, turn: Turn) -> _Chunks:
        """Yield previews, what the model writes, and the pictures."""
        with turn.preparing():
            chat = await ImageChat.of(order, enterprise=self.enterprise)
        async with chat.backend(order, turn) as backend:
            prepared = backend.prepare(chat.messages, (), chat.model, chat.options())
            turn.payload = prepared.payload
            pictures = Pictures(order, turn, chat.kept)
            chunks = with_a_medium(pictures.of(backend.stream_attempt(turn)), "an image")
            async with aclosing(self.with_losses(order, chunks, (*chat.losses, *prepared.losses))) as told:
                async for chunk in told:
                    yield chunk


class GoogleCloudImages(GoogleImages, CloudGenerator):
    """The same through Google Cloud, which has formats besides."""

    title = CloudGenerator.title
    host = CloudGenerator.host
    offers: ClassVar = {MediaType.IMAGE: image_offer(priority=21, enterprise=True)}
    enterprise = True
