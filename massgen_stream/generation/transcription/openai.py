"""OpenAI's transcription endpoint, and hosts that have it: https://developers.openai.com/api/docs/guides/speech-to-text."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from functools import partial
from typing import Any, ClassVar, Final

from ...backend.host import LaunchedHost
from ...backend.openai_client import open_client
from ...backend.sdk_client import SDKClient
from ...backend.turn import Turn
from ...stream_chunk.base import BaseStreamChunk
from ...wire.openai_transcription import TranscriptionDecoder
from ...wire.openai_transcription.decoder import TEXTS
from ...wire.openai_transcription.subtitles import SUBTITLES
from ..clients import lent_client
from ..sdk_answers import answer
from .engine import Asked, Engine
from .input import FormFile, Recording, sample_url
from .options import wish_of

_PROTOCOL: Final = "openai.transcription"
_RESOURCE: Final = "audio.transcriptions"
_EVENTS: Final = "text/event-stream"
_SAMPLES: Final = "known_speaker_references"


class OpenAITranscription(Engine):
    """Sends a form; the answer is a stream of events, or a document."""

    libraries: ClassVar = {"openai": "openai"}

    def __init__(self, asked: Asked) -> None:
        self._spec, self._account, self._clients = asked.spec, asked.account, asked.clients
        self._wish = wish_of(asked.host, asked.model, asked.options)
        self._recording = Recording(asked.source, asked.spec.name, asked.host.max_bytes)
        self.model, self.chosen = self._wish.model, self._wish.chosen

    async def attempt(self, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        """Yield what the decoder makes of one answer."""
        async with AsyncExitStack() as open_things:
            with turn.preparing():
                file = await open_things.enter_async_context(self._recording.opened())
                arguments = await self._arguments(file)
            client = await open_things.enter_async_context(self._client(turn))
            wish = self._wish
            endless = wish.response_format in TEXTS
            chunks = answer(client, turn, self._decoder, arguments, is_endless=endless, transport=wish.transport)
            async with aclosing(chunks):
                async for chunk in chunks:
                    yield chunk

    async def _arguments(self, file: FormFile) -> dict[str, Any]:
        wish = self._wish
        fields = dict(wish.fields)
        if _SAMPLES in fields:
            fields[_SAMPLES] = [await sample_url(sample) for sample in fields[_SAMPLES]]
        stream = {} if wish.response_format in SUBTITLES else {"stream": True}  # a file comes whole
        return {"file": tuple(file), "model": wish.model, **stream, **fields, "extra_body": wish.more or None}

    def _decoder(self, headers: Mapping[str, str]) -> TranscriptionDecoder:
        """Return the decoder for the answer: a host that streams does so in events, whatever the format."""
        is_stream = headers.get("content-type", "").lower().startswith(_EVENTS)
        return TranscriptionDecoder(response_format="json" if is_stream else self._wish.response_format or "json")

    @asynccontextmanager
    async def _client(self, turn: Turn) -> AsyncIterator[SDKClient]:
        """Open the SDK's client, and the host first if it runs in this process."""
        launch, base_url, clients = self._spec.launch, self._account.base_url, self._clients
        async with AsyncExitStack() as open_things:
            if launch is not None and base_url is None:
                with turn.preparing():
                    launched = await LaunchedHost.start(launch)
                open_things.push_async_callback(launched.aclose)
                base_url, clients = launched.base_url, None
            door = (self._account.api_key, base_url)
            opening = partial(open_client, *door, self._spec.default_headers, resource=_RESOURCE, protocol=_PROTOCOL)
            key = (open_client, *door, self._spec.name, _RESOURCE)
            lending = lent_client(clients, turn, key, opening, lambda client: client.close())
            yield await open_things.enter_async_context(lending)
