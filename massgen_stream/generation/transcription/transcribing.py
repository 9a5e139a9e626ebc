"""`transcribe`: what is said in a recording, as a stream of chunks."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from ...backend.account import Account
from ...backend.holdback import Origin
from ...backend.instruments import Instruments
from ...backend.limits import StreamLimits
from ...backend.requirements import require
from ...backend.run import Job
from ...backend.stream import ChunkStream
from ...provider.spec import ProviderSpec
from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.narrow import backend_status
from ..clients import MediaClients
from .engine import Asked, Engine
from .hosts import TranscriptionHost, host_of


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
        provider: ``openai``, ``elevenlabs``, ``gemini``, ``chatcompletion`` (any server with OpenAI's endpoint; meant
            by a `base_url` alone) or ``simulator``. By default the first of these whose key is set.
        model: Model id; by default the provider's own, or the one that is known to answer in the format.
        language: What is spoken, such as ``en``.
        api_key: By default from the provider's environment variable.
        base_url: Sends everything there.
        options: ``speakers=True`` for who speaks, ``words=True`` for times of words, ``keywords``; fields of the
            vendor's form (``prompt`` …, see docs/transcription.md); `StreamLimits` by name; ``extra_headers``,
            ``extra_query``, ``extra_body``; ``clients`` (see `massgen_stream.MediaClients`);
            ``environ`` and ``instruments`` instead of the process's.

    Raises:
        UnknownProvider: There is no provider of that name.
        MissingKey: It needs a key, and there is none; names the variable.
        MissingExtra: Its SDK is not installed.
        ConfigurationError: An option cannot be, or the model is known not to take it.
        MediaError: The file cannot be read, or is over the limit.
    """
    named: dict[str, Any] = {"provider": provider, "model": model, "api_key": api_key, "base_url": base_url}
    return ChunkStream(_job(source, **named, language=language, **options))


def _job(
    source: Any,
    *,
    provider: str | None,
    model: str | None,
    api_key: str | None,
    base_url: str | None,
    environ: Mapping[str, str] | None = None,
    instruments: Instruments | None = None,
    clients: MediaClients | None = None,
    **options: Any,
) -> Job:
    environ = os.environ if environ is None else environ
    spec, host = host_of(provider, base_url, environ)
    limits, rest = StreamLimits().taking(options)
    account = Account.of(spec, api_key, base_url, environ)
    kind = engine_of(host)
    require({**kind.libraries, **spec.requires}, spec.name)
    engine = kind(Asked(source, spec, host, account, model, rest, limits, clients))
    origin = Origin(spec.name, engine.model, account.secrets, account.base_url)
    notes = _notes(spec, host, engine)
    return Job(engine.attempt, engine.payload, notes, origin, limits, instruments or Instruments(), None)


def engine_of(host: TranscriptionHost) -> type[Engine]:
    """Return the class that asks a host."""
    module, _, name = host.engine.partition(":")
    found: type[Engine] = getattr(import_module(module, __package__), name)
    return found


def _notes(spec: ProviderSpec, host: TranscriptionHost, engine: Engine) -> list[BaseStreamChunk]:
    retirement = host.retirement(engine.model)
    said = [("simulated", spec.simulated)] if spec.simulated else []
    said += [("info", engine.chosen)] if engine.chosen else []
    said += [("warning", f"model {engine.model}: {retirement}")] if retirement else []
    said += [("loss", f"{spec.name}: {loss}") for loss in engine.losses]
    return [backend_status(status, detail=detail) for status, detail in said]
