"""Google Gemini's ``generateContent``, by key or through Google Cloud."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from typing import Any, ClassVar

from ..provider.discovery import get_provider
from ..provider.spec import ProviderSpec
from ..stream_chunk.base import BaseStreamChunk
from ..wire.google_generate_content import GenerateContentDecoder
from .base import Prepared
from .gemini_client import open_client
from .gemini_files import GEMINI_FILES, files_transport
from .gemini_request import PARAMETERS, GeminiRequest
from .google_sdk import GoogleAccess, check_library, through_door
from .raw_response import RawResponseBackend
from .sdk_client import SDKClient
from .turn import Turn


class GeminiBackend(RawResponseBackend):
    """Streams ``generateContent``: Google's SDK authenticates and knows the addresses, our decoder reads its bytes.

    What the vendor's SDK calls a chat (``client.aio.chats``) needs nothing here: messages are neutral, and what a model
    wants back (thought signatures, parts of tools that Google ran) is in the messages of earlier answers. An answer
    that stops for being long (``CONTINUATION``) is continued by further requests within the same stream, unless the
    option ``automatic_continuation`` is false; its usage is that of all of them together. The SDK never calls
    functions itself.

    Args:
        provider: A provider of the wire protocol ``google.generate_content``, or its name.
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

    protocol = "google.generate_content"
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
        self._access = GoogleAccess(enterprise, project, location, credentials, api_version)
        super().__init__(through_door(spec, self._access), **options)
        check_library(self.http_library, self.provider.name)

    def prepare(
        self, messages: Iterable[Mapping[str, Any]], tools: Iterable[Any], model: str, options: Mapping[str, Any]
    ) -> Prepared:
        """Format and check a request; files are looked at, and read later."""
        request = GeminiRequest(self.provider, messages, tools, model, options, enterprise=self._access.enterprise)
        return Prepared(request, request.losses, request.media)

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

    async def _files_door(self) -> tuple[Any, Mapping[str, Any]]:
        return (await self._client.get()).sdk, files_transport(self.account.base_url, self.limits)

    async def _open(self, base_url: str | None) -> SDKClient:
        account, headers, connect = self.account, self.provider.default_headers, self.limits.connect_timeout
        return await open_client(account.api_key, base_url, headers, self._access, connect_timeout=connect)


def _reader(turn: Turn) -> tuple[GenerateContentDecoder, str | None]:
    """The decoder of an attempt, and where it goes on."""
    if turn.resume is not None and isinstance(turn.resume.decoder, GenerateContentDecoder):
        turn.resume.decoder.go_on(turn.resume.cursor)
        return turn.resume.decoder, turn.resume.cursor
    reader = GenerateContentDecoder(id_prefix=turn.id_prefix)
    turn.use(reader)
    return reader, None
