"""OpenAI's Chat Completions, and every server that speaks them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from typing import Any, Final

from ..provider.spec import ProviderSpec
from ..stream_chunk.base import BaseStreamChunk
from ..wire import decoder
from .base import LLMBackend, Prepared
from .chat_request import ChatRequest
from .host import LaunchedHost
from .limits import StreamLimits
from .once import OncePerLoop
from .openai_client import OpenAIClient, is_openai, open_client
from .requirements import require
from .turn import Turn

PROTOCOL: Final = "openai.chat"


class ChatCompletionsBackend(LLMBackend):
    """Streams chat completions: the openai SDK sends and authenticates, our decoder reads its bytes.

    Args:
        provider: A provider of the wire protocol ``openai.chat``, or its name.
        options: As `LLMBackend`; what is no limit goes into the request's body unless it is None, ``extra_headers``
            and ``extra_query`` excepted.

    Raises:
        MissingExtra: The openai SDK, or what the provider needs besides it, is not installed.
    """

    def __init__(self, provider: ProviderSpec | str = "chatcompletion", **options: Any) -> None:
        super().__init__(provider, **options)
        require({"openai": self.provider.extra, **self.provider.requires}, self.provider.name)
        launch = self.provider.launch
        self._host = OncePerLoop(lambda: LaunchedHost.start(launch)) if launch is not None else None
        self._client = OncePerLoop(self._opened)

    def prepare(
        self, messages: Iterable[Mapping[str, Any]], tools: Iterable[Any], model: str, options: Mapping[str, Any]
    ) -> Prepared:
        """Format and check a request; files are looked at, and read later."""
        obfuscated = self._host is None and is_openai(self.account.base_url)
        request = ChatRequest(self.provider, messages, tools, model, options, obfuscated=obfuscated)
        return Prepared(request, [str(loss) for loss in request.losses])

    async def stream_attempt(self, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        """Yield what the decoder makes of one response."""
        request: ChatRequest = turn.payload
        with turn.preparing():
            client = await self._client.get()
            body = await request.body()
        reader = turn.use(decoder(PROTOCOL, id_prefix=turn.id_prefix))
        async with client.create(
            model=body.pop("model"),
            messages=(),  # the SDK would walk through them, to no avail: they are what it makes of them already
            stream=True,
            extra_body=body,
            timeout=_timeout(client, turn.limits),
            **client.with_headers(request.transport),
        ) as response:
            turn.request_id = response.headers.get("x-request-id")
            async with aclosing(response.iter_bytes()) as pieces:
                async for piece in pieces:
                    for chunk in reader.feed(piece):
                        yield chunk

    async def aclose(self) -> None:
        """Close connections, and stop the host if it was started here; a later stream opens new ones."""
        client = await self._client.take()
        if client is not None:
            await client.aclose()
        host = await self._host.take() if self._host is not None else None
        if host is not None:
            await host.aclose()

    async def _opened(self) -> OpenAIClient:
        base_url = self.account.base_url
        if base_url is None and self._host is not None:
            base_url = (await self._host.get()).base_url
        return await open_client(self.account.api_key, base_url, self.provider.default_headers)


def _timeout(client: OpenAIClient, limits: StreamLimits) -> Any:
    connect, read = limits.connect_timeout, limits.read_timeout
    return client.timeout(connect=connect, read=read, write=read, pool=connect)
