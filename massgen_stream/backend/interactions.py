"""Google's Interactions API: answers that the server keeps, agents, media of every kind."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from typing import Any, ClassVar

from ..provider.discovery import get_provider
from ..provider.spec import ProviderSpec
from ..stream_chunk.base import BaseStreamChunk
from ..wire.google_interactions import InteractionsDecoder
from .base import Prepared
from .gemini_files import GEMINI_FILES, files_transport
from .google_sdk import GoogleAccess, check_library, through_door
from .interactions_client import PROTOCOL, Cursor, open_client
from .interactions_request import PARAMETERS, InteractionsRequest
from .parameters import Body
from .raw_response import RawResponseBackend
from .sdk_client import SDKClient
from .turn import Turn


class InteractionsBackend(RawResponseBackend):
    """Streams interactions: Google's SDK authenticates and knows the addresses, our decoder reads its bytes.

    The server keeps answers unless ``store=False`` is given: the next message may name the one before it
    (``previous_interaction_id``), and a stream that is cut is taken up where it was. An answer that stops for being
    long (``requires_continuation``) is continued by further requests within the same stream, unless the option
    ``automatic_continuation`` is false; its usage is that of all of them together. An ``agent`` takes the place of the
    model; with ``background=True`` the server goes on without us.

    Args:
        provider: A provider of the wire protocol ``google.interactions``, or the name of one that has it as an API.
        enterprise: Through Google Cloud (Gemini Enterprise Agent Platform, once Vertex AI): then a key is optional.
        project: Of Google Cloud.
        location: Region of Google Cloud.
        credentials: ``google.auth.credentials.Credentials``, by default those of the environment.
        api_version: Such as ``v1beta``; by default the SDK's.
        options: As `LLMBackend`; what is no limit goes into the request.

    Raises:
        MissingExtra: The SDK is not installed.
        ConfigurationError: `http_library` is another one than ``httpx2``.
    """

    protocol = PROTOCOL
    parameters = PARAMETERS
    sdk = "google.genai"
    placeholders: ClassVar[Mapping[str, Any]] = {}
    files = GEMINI_FILES

    def __init__(
        self,
        provider: ProviderSpec | str = "gemini",
        *,
        enterprise: bool = False,
        project: str | None = None,
        location: str | None = None,
        credentials: Any = None,
        api_version: str | None = None,
        **options: Any,
    ) -> None:
        spec = get_provider(provider) if isinstance(provider, str) else provider
        if spec.protocol != PROTOCOL and options.get("api") is None:
            spec = spec.with_api("interactions")
        self._access = GoogleAccess(enterprise, project, location, credentials, api_version)
        super().__init__(through_door(spec, self._access), **options)
        check_library(self.http_library, self.provider.name)

    def prepare(
        self, messages: Iterable[Mapping[str, Any]], tools: Iterable[Any], model: str, options: Mapping[str, Any]
    ) -> Prepared:
        """Format and check a request; files are looked at, and read later."""
        request = InteractionsRequest(self.provider, messages, tools, model, options)
        return Prepared(request, request.losses, request.media)

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

    async def _files_door(self) -> tuple[Any, Mapping[str, Any]]:
        return (await self._client.get()).sdk, files_transport(self.account.base_url, self.limits)

    async def _open(self, base_url: str | None) -> SDKClient:
        account, headers, connect = self.account, self.provider.default_headers, self.limits.connect_timeout
        return await open_client(account.api_key, base_url, headers, self._access, connect_timeout=connect)


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
