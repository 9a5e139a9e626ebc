"""One question, asked and shown: streams the answer, and ends in order at Ctrl-C."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeGuard

from ..agent import Agent, MediaTool
from ..backend import ChunkStream, create_backend
from ..generation import MediaClients
from ..generation.open_jobs import OpenJobs
from ..provider import ProviderSpec
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.multimodal import MultimodalStreamChunk
from ..stream_chunk.text import TextStreamChunk
from .attachment import unsent_attachment
from .ending import finish_code
from .interrupt import on_interrupt
from .notices import notice, tell_open_jobs
from .option_names import error_in_options
from .respondent import introduction
from .times import Times, times_of


class Question(NamedTuple):
    """What is asked, and of whom.

    Attributes:
        messages: Neutral messages.
        tools: Neutral tools.
        provider: Who answers.
        named: Whether the user chose the provider.
        model: None: the provider's own.
        base_url: None: the provider's own.
        options: Options of the stream.
        attachments: Paths and URLs, in the order of their parts.
        media: Folder for media that the model makes; None: it makes none.
    """

    messages: Sequence[Mapping[str, Any]]
    tools: Sequence[Mapping[str, Any]]
    provider: ProviderSpec
    named: bool
    model: str | None
    base_url: str | None
    options: Mapping[str, Any]
    attachments: Sequence[str] = ()
    media: str | None = None


class Sink(Protocol):
    """Shows a stream."""

    def wait(self, text: str) -> None:
        """Say what is awaited."""

    def feed(self, chunk: BaseStreamChunk) -> None:
        """Show the next chunk."""

    def close(self, times: Times | None = None) -> None:
        """Show the end."""


class Watched(Sink, Protocol):
    """Shows a stream to somebody who needs time to look."""

    async def prepare(self, chunk: BaseStreamChunk) -> None:
        """Do what takes long before *chunk* is shown."""

    def glance(self, chunk: BaseStreamChunk) -> float:
        """Return how many seconds *chunk*, which was fed, needs to be seen."""


def converse(question: Question, sink: Watched) -> int:
    """Ask, show the answer and return the exit code.

    Raises:
        MassGenStreamError: The question cannot be asked.
        OSError: The answer cannot be shown.
    """
    return asyncio.run(_conversed(question, sink))


async def show(chunk: BaseStreamChunk, sink: Watched) -> None:
    """Show the next chunk, for as long as it takes to see it."""
    await sink.prepare(chunk)
    sink.feed(chunk)
    seconds = sink.glance(chunk)
    if seconds:
        await asyncio.sleep(seconds)


async def _conversed(question: Question, sink: Watched) -> int:
    provider = question.provider
    backend = create_backend(provider, model=question.model, base_url=question.base_url)
    async with backend, MediaClients() as clients:
        stream = Agent(backend, _tools(question, clients)).run(question.messages, **question.options)
        model = question.options.get("model") or backend.model
        with on_interrupt(stream.cancel) as interrupt:
            notice(introduction(provider, model, named=question.named, address=backend.account.shown_url))
            reason = await _shown(stream, sink, question)
        return interrupt.code if interrupt.happened else finish_code(reason)


def _tools(question: Question, clients: MediaClients) -> list[Any]:
    """Return what the model may call: what is declared ends the answer, since nobody here runs it."""
    if question.media is None:
        return list(question.tools)
    return [MediaTool(question.media, folders=(".",), clients=clients), *question.tools]


async def _shown(stream: ChunkStream, sink: Watched, question: Question) -> str | None:
    """Show the stream to its end, and say where files are and how to go on; return why it ended."""
    reason, paths, jobs = None, [], OpenJobs()
    try:
        sink.wait(f"waiting for {question.provider.name}")
        async with stream:
            async for chunk in stream:
                jobs.feed(chunk)
                await show(error_in_options("chat", chunk), sink)
                paths += [chunk.path] if _is_file(chunk) else []
                if isinstance(chunk, TextStreamChunk):
                    _warn_of_loss(chunk, question.attachments)
                    reason = chunk.finish_reason if chunk.type == ChunkType.DONE else reason
    finally:
        sink.close(times_of(stream))
        for path in paths:
            notice(f"wrote {path}")
        tell_open_jobs(jobs.handles())
    return reason


def _is_file(chunk: BaseStreamChunk) -> TypeGuard[MultimodalStreamChunk]:
    return isinstance(chunk, MultimodalStreamChunk) and not chunk.is_partial and chunk.path is not None


def _warn_of_loss(chunk: TextStreamChunk, attachments: Sequence[str]) -> None:
    """Say which attachment the provider never sees; the chunks that tell it are not for display."""
    if chunk.type == ChunkType.BACKEND_STATUS and chunk.status == "loss":
        unsent = unsent_attachment(chunk.detail or "", attachments)
        if unsent is not None:
            notice(f"warning: {unsent}")
