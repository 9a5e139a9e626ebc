"""Google's Interactions API: answers that the server keeps, agents, media of every kind."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from typing import Any

from ..provider.discovery import get_provider
from ..provider.spec import ProviderSpec
from ..stream_chunk.base import BaseStreamChunk
from ..wire.google_interactions import InteractionsDecoder
from .base import Prepared
from .google_backend import GoogleBackend
from .interactions_client import PROTOCOL, Cursor, open_client
from .interactions_request import PARAMETERS, InteractionsRequest
from .parameters import Body
from .turn import Turn


class InteractionsBackend(GoogleBackend):
    """Streams interactions: Google's SDK authenticates and knows the addresses, our decoder reads its bytes.

    The server keeps answers unless ``store=False`` is given: the next message may name the one before it
    (``previous_interaction_id``), and a stream that is cut is taken up where it was. An answer that stops for being
    long (``requires_continuation``) is continued by further requests within the same stream, unless the option
    ``automatic_continuation`` is false; its usage is that of all of them together. An ``agent`` takes the place of the
    model; with ``background=True`` the server goes on without us.

    Arguments and errors are those of `GoogleBackend`.
    """

    protocol = PROTOCOL
    parameters = PARAMETERS
    request_types = (
        "google.genai.interactions:CreateModelInteractionParam",
        "google.genai.interactions:CreateAgentInteractionParam",
    )
    opening = staticmethod(open_client)

    def __init__(self, provider: ProviderSpec | str = "gemini", **options: Any) -> None:
        spec = get_provider(provider) if isinstance(provider, str) else provider
        if spec.protocol != PROTOCOL and options.get("api") is None:
            spec = spec.with_api("interactions")
        super().__init__(spec, **options)

    def prepare(
        self, messages: Iterable[Mapping[str, Any]], tools: Iterable[Any], model: str, options: Mapping[str, Any]
    ) -> Prepared:
        """Format and check a request; files are looked at, and read later."""
        request = InteractionsRequest(self.provider, messages, tools, model, options)
        return Prepared(request, request.losses, request.media, request.warnings)

    async def stream_attempt(self, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        """Yield what the decoder makes of one answer, and of the responses that continue it."""
        request: InteractionsRequest = turn.payload
        with turn.preparing():
            client = await self._client.get()
            body = await request.body()
        transport = {**client.with_headers(request.transport), "timeout": client.timeout(turn.limits)}
        reader, cursor = _reader(turn, request)
        while True:
            async with client.create(body=body, cursor=cursor, **transport) as response:
                turn.take_headers(response.headers)
                async with aclosing(response.iter_bytes()) as pieces:
                    async for piece in pieces:
                        for chunk in reader.feed(piece):
                            yield chunk
            for chunk in reader.end_body():
                yield chunk
            following = following_body(body, reader) if request.continues else None
            if following is None:
                turn.cursor = None if reader.is_over else turn.cursor  # an answer that paused was not cut
                return
            body, cursor = following, None


def _reader(turn: Turn, request: InteractionsRequest) -> tuple[InteractionsDecoder, Cursor | None]:
    """The decoder of an attempt, and where it goes on."""
    if turn.resume is not None and isinstance(turn.resume.decoder, InteractionsDecoder):
        return turn.resume.decoder, turn.resume.cursor
    reader = InteractionsDecoder(id_prefix=turn.id_prefix)
    if request.stored:
        turn.cursor = lambda: _cursor(reader)
    return turn.use(reader), None


def _cursor(reader: InteractionsDecoder) -> Cursor | None:
    known = reader.interaction_id and reader.last_event_id
    return Cursor(reader.interaction_id, reader.last_event_id) if known else None


def following_body(body: Body, reader: InteractionsDecoder) -> Body | None:
    """The request with which an answer goes on, as the SDK sends it; None where it is over.

    The server knows what it keeps; otherwise it is told everything once more. The same token twice would say the same.
    """
    token = reader.continuation_token
    if token is None or token == body.get("continuation_token"):
        return None
    if body.get("store") is False or not reader.interaction_id:
        return {**body, "continuation_token": token}
    rest = {name: value for name, value in body.items() if name != "input"}
    return {**rest, "continuation_token": token, "previous_interaction_id": reader.interaction_id}
