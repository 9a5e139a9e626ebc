"""What backends share whose SDK hands out the raw response: openai, anthropic, and Google's for interactions."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, aclosing
from typing import Any, ClassVar, Protocol

from ..provider.spec import ProviderSpec
from ..stream_chunk.base import BaseStreamChunk
from ..wire import Decoder, decoder
from .base import LLMBackend
from .file_endpoint import FileEndpoint
from .host import LaunchedHost
from .once import OncePerLoop
from .requirements import require
from .sdk_client import SDKClient, checked_http_library
from .turn import Turn
from .uploads import Uploads


class WireRequest(Protocol):
    """A request that was checked and formatted at the call.

    Attributes:
        transport: ``extra_headers`` and ``extra_query``, for the SDK.
    """

    transport: Mapping[str, Any]

    async def body(self) -> dict[str, Any]:
        """Return a body of one's own, whole: files are read when it is first asked for."""


class RawResponseBackend(LLMBackend):
    """Streams through the vendor's SDK, which sends and authenticates; our decoder reads its bytes.

    A subclass prepares requests (`WireRequest`) and opens the SDK's client.

    Args:
        provider: A provider that speaks the class's wire protocol, or its name.
        http_library: What carries the bytes: ``httpx2``, or ``aiohttp``, which takes less than half of its time.
        options: As `LLMBackend`; what is no limit goes into the request.

    Attributes:
        sdk: The SDK's import name.
        placeholders: Arguments that the SDK insists on, and that the body replaces.
        files: What the SDK does with files; None where nothing can be uploaded.

    Raises:
        MissingExtra: The SDK, or what the provider needs besides it, is not installed.
    """

    sdk: ClassVar[str]
    placeholders: ClassVar[Mapping[str, Any]]
    files: ClassVar[FileEndpoint | None] = None

    def __init__(self, provider: ProviderSpec | str, *, http_library: str = "httpx2", **options: Any) -> None:
        super().__init__(provider, **options)
        self.http_library = checked_http_library(http_library)
        faster = {"aiohttp": "aiohttp"} if http_library == "aiohttp" else {}
        require({self.sdk: self.provider.extra, **self.provider.requires, **faster}, self.provider.name)
        launch = self.provider.launch
        self._host = OncePerLoop(lambda: LaunchedHost.start(launch)) if launch is not None else None
        self._client = OncePerLoop(self._opened)
        if self.files is not None and self.provider.uploads:
            told = self.instruments
            self.uploads = Uploads(self.files, self._files_door, self.provider.name, told.wall_clock, told.sleep)

    async def stream_attempt(self, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        """Yield what the decoder makes of one response."""
        request: WireRequest = turn.payload
        with turn.preparing():
            client = await self._client.get()
            body = await request.body() if turn.resume is None else {}
        transport = {**client.with_headers(request.transport), "timeout": client.timeout(turn.limits)}
        if turn.resume is None:
            reader = turn.use(decoder(self.provider.protocol, id_prefix=turn.id_prefix))
            turn.cursor = self._cursor(body, reader)
        else:
            reader = turn.resume.decoder
        async with self._send(client, body, transport, turn) as response:
            turn.take_headers(response.headers)
            async with aclosing(response.iter_bytes()) as pieces:
                async for piece in pieces:
                    for chunk in reader.feed(piece):
                        yield chunk

    async def aclose(self) -> None:
        """Close connections, and stop the host if it was started here; a later stream opens new ones."""
        client = await self._client.take()
        host = await self._host.take() if self._host is not None else None
        try:
            if client is not None:
                await client.close()
        finally:
            if host is not None:
                await host.aclose()

    @abstractmethod
    async def _open(self, base_url: str | None) -> SDKClient:
        """Return an open client; what takes time happens in a worker thread."""

    def _send(
        self,
        client: SDKClient,
        body: dict[str, Any],
        transport: Mapping[str, Any],
        turn: Turn,  # noqa: ARG002 - for those that can continue a cut stream
    ) -> AbstractAsyncContextManager[Any]:
        """Send a request; with ``turn.resume``, the one for the rest of a stream that was cut.

        The SDK would walk through a request's content, to no avail: it is what it makes of it already.
        """
        model = {"model": body.pop("model")} if "model" in body else {}
        return client.create(**model, **self.placeholders, stream=True, extra_body=body, **transport)

    def _cursor(self, _body: Mapping[str, Any], _reader: Decoder) -> Callable[[], Any] | None:
        """Return what tells where a cut stream can go on (see `Turn.cursor`); None where the vendor cannot."""
        return None

    async def _files_door(self) -> tuple[Any, Mapping[str, Any]]:
        client = await self._client.get()
        return client.sdk, {**client.with_headers({}), "timeout": client.timeout(self.limits)}

    async def _opened(self) -> SDKClient:
        base_url = self.account.base_url
        if base_url is None and self._host is not None:
            base_url = (await self._host.get()).base_url
        return await self._open(base_url)
