"""Grok, over xAI's gRPC API."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping
from typing import Any, Final

from ..provider.spec import ProviderSpec
from ..stream_chunk.base import BaseStreamChunk
from ..wire.grok import GrokDecoder
from .base import LLMBackend, Prepared
from .grok_client import GrokClient, target_of
from .grok_files import GROK_FILES, FileService, files_transport
from .grok_options import PARAMETERS
from .grok_request import GrokRequest
from .once import OncePerLoop
from .requirements import require
from .turn import Turn
from .uploads import Uploads

XAI_URL: Final = "https://api.x.ai"


class GrokBackend(LLMBackend):
    """Streams chats with Grok: xAI's SDK brings the messages, the channel and the call are our own.

    Options are the fields of xAI's request (``max_turns``, ``previous_response_id``, ``store_messages``,
    ``use_encrypted_content``, ``search_parameters``, ``include``, ``service_tier``, ``agent_count`` …) and the neutral
    ones; ``include`` and ``service_tier`` take xAI's short words. ``extra_headers`` become metadata of the call.

    Args:
        provider: A provider of the protocol ``grok``, or its name.
        options: As `LLMBackend`; what is no limit goes into the request unless it is None. ``base_url`` is
            ``http://host:port`` for a channel without encryption, or ``https://host``.

    Raises:
        MissingExtra: xAI's SDK, or what the provider needs besides it, is not installed.
        ConfigurationError: ``base_url`` has a path.
    """

    protocol = "grok"
    parameters = PARAMETERS
    home = XAI_URL

    def __init__(self, provider: ProviderSpec | str = "grok", **options: Any) -> None:
        super().__init__(provider, **options)
        require({"xai_sdk": self.provider.extra, **self.provider.requires}, self.provider.name)
        self._base_url = self.account.base_url or XAI_URL
        target_of(self._base_url)
        self._client = OncePerLoop(self._opened)
        if self.provider.uploads:
            told = self.instruments
            self.uploads = Uploads(GROK_FILES, self._files_door, self.provider.name, told.wall_clock, told.sleep)

    def prepare(
        self, messages: Iterable[Mapping[str, Any]], tools: Iterable[Any], model: str, options: Mapping[str, Any]
    ) -> Prepared:
        """Format and check a request; files are looked at, and read later.

        Whether xAI's messages have a field for every option is known once the SDK is loaded: then it is an `error`.
        """
        request = GrokRequest(self.provider, messages, tools, model, options)
        return Prepared(request, request.losses, request.media, request.warnings)

    async def stream_attempt(self, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        """Yield what the decoder makes of the messages of one call; the call ends with the generator."""
        request: GrokRequest = turn.payload
        with turn.preparing():
            client = await self._client.get()
            message = await client.request(await request.body())
        reader = turn.use(GrokDecoder(id_prefix=turn.id_prefix, choices=request.choices))
        call = client.stream(message, request.metadata, turn.limits)
        try:
            found = await call.read()
            if found is not None:
                turn.take_headers(await call.headers())
            while found is not None:
                for chunk in reader.feed_message(found):
                    yield chunk
                found = await call.read()
        finally:
            call.close()

    async def aclose(self) -> None:
        """Close the channel; a later stream opens a new one."""
        client = await self._client.take()
        if client is not None:
            await client.close()

    async def _files_door(self) -> tuple[FileService, Mapping[str, Any]]:
        return (await self._client.get()).files, files_transport(self.limits)

    async def _opened(self) -> GrokClient:
        return await GrokClient.open(
            self.account.api_key,
            self._base_url,
            self.provider.default_headers,
            connect_timeout=self.limits.connect_timeout,
        )
