"""Messages on their way into a request: formatted at the call, and once more when the bytes of files are needed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Generic, TypeVar

from ..provider.spec import ProviderSpec
from ..stream_chunk.formatter import Formatter, Loss, normalise_messages
from ..stream_chunk.formatter.unanswered import with_made_up_answers
from .media_input import check_media, head, whole, with_files

Payload = TypeVar("Payload")


class Formatted(Generic[Payload]):
    """Messages as a wire protocol has them; files are looked at now and read when they are sent.

    A call that nobody answered gets an answer that says so, since servers refuse what goes on without one.

    Args:
        formatter: Of the wire protocol.
        messages: Neutral messages.
        provider: Its limits are checked.

    Attributes:
        losses: What the wire could not hold.

    Raises:
        UsageError: A message cannot be used.
        MediaError: A file cannot be read, or a medium is too large.
    """

    def __init__(
        self, formatter: Formatter[Payload], messages: Iterable[Mapping[str, Any]], provider: ProviderSpec
    ) -> None:
        self._formatter = formatter
        self.losses: list[Loss] = []
        normal = with_made_up_answers(normalise_messages(messages), self.losses)
        self._files = normal if check_media(normal, provider.input_media, provider.name) else None
        found = formatter.format_messages(with_files(normal, head) if self._files else normal)
        self._payload: Payload = found[0]
        self.losses += found[1]

    async def payload(self) -> Payload:
        """Return the payload; files are read once, in a worker thread.

        Raises:
            MediaError: A file has become unreadable.
        """
        if self._files is not None:
            await asyncio.to_thread(self._load, self._files)
            self._files = None
        return self._payload

    def _load(self, files: list[dict[str, Any]]) -> None:
        self._payload, _ = self._formatter.format_messages(with_files(files, whole))
