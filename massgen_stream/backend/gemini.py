"""Google Gemini's ``generateContent``, by key or through Google Cloud."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from typing import Any

from ..stream_chunk.base import BaseStreamChunk
from ..wire.google_generate_content import GenerateContentDecoder
from .base import Prepared
from .gemini_client import open_client
from .gemini_request import PARAMETERS, GeminiRequest
from .google_backend import GoogleBackend
from .turn import Turn


class GeminiBackend(GoogleBackend):
    """Streams ``generateContent``: Google's SDK authenticates and knows the addresses, our decoder reads its bytes.

    What the vendor's SDK calls a chat (``client.aio.chats``) needs nothing here: messages are neutral, and what a model
    wants back (thought signatures, parts of tools that Google ran) is in the messages of earlier answers. An answer
    that stops for being long (``CONTINUATION``) is continued by further requests within the same stream, unless the
    option ``automatic_continuation`` is false; its usage is that of all of them together. The SDK never calls
    functions itself.

    Arguments and errors are those of `GoogleBackend`.
    """

    protocol = "google.generate_content"
    parameters = PARAMETERS
    request_types = ("google.genai.types:GenerateContentConfig",)
    opening = staticmethod(open_client)

    def prepare(
        self, messages: Iterable[Mapping[str, Any]], tools: Iterable[Any], model: str, options: Mapping[str, Any]
    ) -> Prepared:
        """Format and check a request; files are looked at, and read later."""
        request = GeminiRequest(self.provider, messages, tools, model, options, enterprise=self._access.enterprise)
        return Prepared(request, request.losses, request.media, request.warnings)

    async def stream_attempt(self, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        """Yield what the decoder makes of one answer, and of the responses that continue it."""
        request: GeminiRequest = turn.payload
        with turn.preparing():
            client = await self._client.get()
            body = await request.body()
        transport = {**client.with_headers(request.transport), "timeout": client.timeout(turn.limits)}
        reader, token = _reader(turn)
        if request.continues:
            turn.cursor = lambda: reader.checkpoint
        while True:
            asked = {**body, "continuationToken": token} if token else dict(body)
            async with self._send(client, asked, transport, turn) as response:
                turn.take_headers(response.headers)
                async with aclosing(response.iter_bytes()) as pieces:
                    async for piece in pieces:
                        for chunk in reader.feed(piece):
                            yield chunk
            for chunk in reader.end_body():
                yield chunk
            token = reader.continuation if request.continues else None
            if token is None:
                return
            reader.go_on(token)


def _reader(turn: Turn) -> tuple[GenerateContentDecoder, str | None]:
    """The decoder of an attempt, and where it goes on."""
    if turn.resume is not None and isinstance(turn.resume.decoder, GenerateContentDecoder):
        turn.resume.decoder.go_on(turn.resume.cursor)
        return turn.resume.decoder, turn.resume.cursor
    reader = GenerateContentDecoder(id_prefix=turn.id_prefix)
    turn.use(reader)
    return reader, None
