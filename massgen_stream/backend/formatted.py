"""Messages on their way into a request: formatted at the call, and once more when the bytes of media are there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from functools import partial
from typing import Any, Final, Generic, Self, TypeVar

from ..provider.spec import ProviderSpec
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.formatter import Formatter, Loss, normalise_messages
from ..stream_chunk.formatter.answering import with_answers_in_place
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.text import TextStreamChunk
from .media_arrival import MediaArrival
from .media_input import Message, Part, Place, check_media, check_request, head, whole, with_files, with_parts
from .media_kinds import refuse_kinds, unknown_kinds
from .media_options import FIT, MediaOptions
from .media_task import media_tasks
from .picture_sizes import PictureLimits, check_pixels
from .uploads import Uploads

Payload = TypeVar("Payload")
_AT_ONCE: Final = 4
"""Media of one request that are fetched, made to fit and uploaded at a time."""


class Formatted(Generic[Payload]):
    """Messages as a wire protocol has them; media are looked at now, and read, fetched and made to fit when they go.

    Answers of tools are moved to their calls, and a call that nobody answered gets an answer that says so.

    Args:
        formatter: Of the wire protocol.
        messages: Neutral messages.
        provider: Its limits are checked.
        model: Model id: some take no media.
        options: What may be done with media is among them (`MediaOptions`).

    Attributes:
        losses: What the wire could not hold.
        warnings: What the provider may not take, one line each.
        ready: Whether the payload is whole.

    Raises:
        UsageError: A message cannot be used.
        ConfigurationError: An option of media cannot be used.
        MediaError: A file cannot be read, or a medium is too large.
    """

    def __init__(
        self,
        formatter: Formatter[Payload],
        messages: Iterable[Mapping[str, Any]],
        provider: ProviderSpec,
        options: Mapping[str, Any] | None = None,
        *,
        model: str = "",
    ) -> None:
        self._formatter = formatter
        self.losses: list[Loss] = []
        normal = with_answers_in_place(normalise_messages(messages), self.losses)
        refuse_kinds(normal, provider, model)
        wishes, pixels = MediaOptions.of(options or {}), PictureLimits.of(provider, normal)
        self._provider = provider
        self._tasks = media_tasks(normal, formatter, provider, wishes, pixels)
        limits, uploads = provider.input_media, provider.uploads
        has_files = check_media(normal, limits, provider.name, uploads=uploads, spared=self._tasks)
        check_request(normal, provider.request_media_bytes, provider.name, spared=self._tasks)
        if wishes.media_policy != FIT:  # else those that are over are among the tasks
            check_pixels(normal, pixels)
        self.ready = not has_files and not self._tasks
        self._messages: list[Message] = [] if self.ready else normal
        self._brought: dict[Place, Part] = {}
        stand_ins = {place: task.stand_in() for place, task in self._tasks.items()}
        found = formatter.format_messages(normal if self.ready else with_files(with_parts(normal, stand_ins), head))
        self._payload: Payload = found[0]
        self.losses += found[1]
        self.warnings = [*unknown_kinds(normal, provider, self.losses)]

    @property
    def waiting(self) -> Self | None:
        """It, where media have to be brought before it is whole."""
        return None if self.ready else self

    async def resolve(self, uploads: Uploads | None = None) -> AsyncGenerator[BaseStreamChunk, None]:
        """Bring the media, once: yield how far transfers are and what media lose; files are read in a worker thread.

        Several are on their way at a time; the chunks of each come in order, and those of one among those of others.

        Args:
            uploads: Where media may be uploaded to.

        Raises:
            MediaError: A medium cannot be had, or is over a limit.
        """
        from .merging import merged  # noqa: PLC0415 - only where media are on their way

        missing = [place for place in self._tasks if place not in self._brought]  # by an attempt that failed later
        arrivals = [partial(self._arriving, place, MediaArrival(self._tasks[place], uploads)) for place in missing]
        async with aclosing(merged(arrivals, most=_AT_ONCE)) as told:
            async for _, chunk in told:
                yield chunk
        for more in await asyncio.to_thread(self._load, with_parts(self._messages, self._brought)):
            yield _loss(str(more))

    async def _arriving(self, place: Place, arrival: MediaArrival) -> AsyncGenerator[BaseStreamChunk, None]:
        async with aclosing(arrival.chunks()) as told:
            async for chunk in told:
                yield chunk
        self._brought[place] = arrival.part
        for lost in arrival.losses:
            yield _loss(lost, display=True)  # whoever gave the medium wants to know

    async def payload(self) -> Payload:
        """Return the payload; media that nobody has brought yet are brought.

        Raises:
            MediaError: A medium cannot be had, or is over a limit.
        """
        if not self.ready:
            async with aclosing(self.resolve()) as told:
                async for _ in told:
                    pass
        return self._payload

    def _load(self, messages: list[Message]) -> list[Loss]:
        """Format the messages with their media, and return what is lost besides what was told at the call."""
        check_request(messages, self._provider.request_media_bytes, self._provider.name)
        self._payload, losses = self._formatter.format_messages(with_files(messages, whole))
        self.ready, self._messages, self._brought = True, [], {}
        return [loss for loss in losses if loss not in self.losses]


def _loss(detail: str, *, display: bool = False) -> TextStreamChunk:
    return TextStreamChunk(type=ChunkType.BACKEND_STATUS, status="loss", detail=detail, display=display)
