"""`transcribe`: what is said in a recording, as a stream of chunks."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from typing import Any, Final, NamedTuple

from ..backend.account import Account
from ..backend.holdback import Origin
from ..backend.host import LaunchedHost
from ..backend.instruments import Instruments
from ..backend.limits import StreamLimits
from ..backend.openai_client import open_client
from ..backend.requirements import require
from ..backend.run import Job
from ..backend.sdk_client import SDKClient
from ..backend.stream import ChunkStream
from ..backend.turn import Turn
from ..provider.spec import ProviderSpec
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.narrow import backend_status
from ..wire.openai_transcription import TranscriptionDecoder
from .transcription_hosts import TranscriptionHost, host_of
from .transcription_input import FormFile, Recording, sample_url
from .transcription_options import Wish, wish_of

_PROTOCOL: Final = "openai.transcription"
_RESOURCE: Final = "audio.transcriptions"
_SDK: Final = {"openai": "openai"}
_EVENTS: Final = "text/event-stream"
_SAMPLES: Final = "known_speaker_references"


def transcribe(
    source: Any,
    *,
    provider: str | None = None,
    model: str | None = None,
    language: str | None = None,
    api_key: str | None = None,
    base_url: str | None = None,
    **options: Any,
) -> ChunkStream:
    """Return the stream of what is said in a recording; nothing is sent before its first read.

    Text is `content`. When it was said, and by whom, is in ``provider_data["transcript"]`` of `content` chunks, as far
    as the model tells it (`massgen_stream.wire.openai_transcription.marks`); `collect_transcript` gathers it.

    Args:
        source: Anything that `massgen_stream.media.MediaSource.of` takes; a file is read while it is sent.
        provider: ``openai``, ``chatcompletion`` (any server with OpenAI's endpoint; meant by a `base_url` alone) or
            ``simulator``.
        model: Model id; by default ``gpt-transcribe``, or the one that is known to answer in the format.
        language: What is spoken, such as ``en``.
        api_key: By default from the provider's environment variable.
        base_url: Sends everything there.
        options: ``speakers=True`` for who speaks, ``words=True`` for times of words; fields of the vendor's form
            (``prompt``, ``keywords`` …, see `wish_of`); `StreamLimits` by name; ``extra_headers``, ``extra_query``,
            ``extra_body``; ``environ`` and ``instruments`` instead of the process's.

    Raises:
        UnknownProvider: There is no provider of that name.
        MissingKey: It needs a key, and there is none; names the variable.
        MissingExtra: Its SDK is not installed.
        ConfigurationError: An option cannot be, or the model is known not to take it.
        MediaError: The file cannot be read, or is over the limit.
    """
    named: dict[str, Any] = {"provider": provider, "model": model, "api_key": api_key, "base_url": base_url}
    return ChunkStream(_job(source, **named, language=language, **options))


class Transcription(NamedTuple):
    """What is sent, as often as it is tried.

    Attributes:
        spec: To whom.
        account: Key and address.
        wish: What is asked for.
        recording: What is heard.
    """

    spec: ProviderSpec
    account: Account
    wish: Wish
    recording: Recording

    async def attempt(self, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        """Yield what the decoder makes of one answer."""
        async with AsyncExitStack() as open_things:
            with turn.preparing():
                file = await open_things.enter_async_context(self.recording.opened())
                arguments = await self._arguments(file)
                client = await open_things.enter_async_context(self._client())
            response = await open_things.enter_async_context(
                client.create(
                    **arguments, **client.with_headers(self.wish.transport), timeout=client.timeout(turn.limits)
                )
            )
            turn.take_headers(response.headers)
            reader = turn.use(self._decoder(response.headers))
            pieces = await open_things.enter_async_context(aclosing(response.iter_bytes()))
            async for piece in pieces:
                for chunk in reader.feed(piece):
                    yield chunk

    async def _arguments(self, file: FormFile) -> dict[str, Any]:
        wish = self.wish
        fields = dict(wish.fields)
        if _SAMPLES in fields:
            fields[_SAMPLES] = [await sample_url(sample) for sample in fields[_SAMPLES]]
        return {"file": tuple(file), "model": wish.model, "stream": True, **fields, "extra_body": wish.more or None}

    def _decoder(self, headers: Mapping[str, str]) -> TranscriptionDecoder:
        """Return the decoder for the answer: a host that streams does so in events, whatever the format."""
        is_stream = headers.get("content-type", "").lower().startswith(_EVENTS)
        return TranscriptionDecoder(response_format=None if is_stream else self.wish.response_format)

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[SDKClient]:
        """Open the SDK's client, and the host first if it runs in this process."""
        launch, base_url = self.spec.launch, self.account.base_url
        async with AsyncExitStack() as open_things:
            if launch is not None and base_url is None:
                launched = await LaunchedHost.start(launch)
                open_things.push_async_callback(launched.aclose)
                base_url = launched.base_url
            headers = self.spec.default_headers
            client = await open_client(self.account.api_key, base_url, headers, resource=_RESOURCE, protocol=_PROTOCOL)
            open_things.push_async_callback(client.close)
            yield client


def _job(
    source: Any,
    *,
    provider: str | None,
    model: str | None,
    api_key: str | None,
    base_url: str | None,
    environ: Mapping[str, str] | None = None,
    instruments: Instruments | None = None,
    **options: Any,
) -> Job:
    spec, host = host_of(provider, base_url)
    limits, rest = StreamLimits().taking(options)
    wish = wish_of(host, model, rest)
    account = Account.of(spec, api_key, base_url, os.environ if environ is None else environ)
    require({**_SDK, **spec.requires}, spec.name)
    task = Transcription(spec, account, wish, Recording(source, spec.name, host.max_bytes))
    origin = Origin(spec.name, wish.model, account.secrets, account.base_url)
    return Job(task.attempt, task, _notes(spec, host, wish), origin, limits, instruments or Instruments(), None)


def _notes(spec: ProviderSpec, host: TranscriptionHost, wish: Wish) -> list[BaseStreamChunk]:
    retirement = host.retirement(wish.model)
    said = [("simulated", spec.simulated)] if spec.simulated else []
    said += [("info", wish.chosen)] if wish.chosen else []
    said += [("warning", f"model {wish.model}: {retirement}")] if retirement else []
    return [backend_status(status, detail=detail) for status, detail in said]
