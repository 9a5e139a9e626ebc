"""Who writes down what is said: one class for each way of asking."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Mapping
from typing import Any, ClassVar, NamedTuple

from ...backend.account import Account
from ...backend.limits import StreamLimits
from ...backend.turn import Turn
from ...provider.spec import ProviderSpec
from ...stream_chunk.base import BaseStreamChunk
from ..clients import MediaClients
from .hosts import TranscriptionHost


class Asked(NamedTuple):
    """What was asked for.

    Attributes:
        source: The recording, as `massgen_stream.media.MediaSource.of` takes it.
        spec: To whom it goes.
        host: What is known of it.
        account: Key and address.
        model: Model id; None: the host's own.
        options: All others, as they were given.
        limits: Times and retries.
        clients: Where its client is kept for the next recording; None: it is closed behind this one.
    """

    source: Any
    spec: ProviderSpec
    host: TranscriptionHost
    account: Account
    model: Any
    options: Mapping[str, Any]
    limits: StreamLimits
    clients: MediaClients | None = None


class Engine(ABC):
    """Transcribes one recording, as often as it is tried.

    Attributes:
        libraries: What it needs installed: import name, and the extra of this package that brings it.
        model: Model id.
        chosen: Why it is this model and not the host's usual one; None where that needs no word.
        losses: What is left out, one line each.
    """

    libraries: ClassVar[Mapping[str, str]] = {}
    model: str
    chosen: str | None = None
    losses: tuple[str, ...] = ()

    @abstractmethod
    def __init__(self, asked: Asked) -> None:
        """Check what is asked for; nothing is sent.

        Raises:
            UsageError: An option cannot be, or the model is known not to take it.
            MediaError: The file cannot be read, or is over the limit.
        """

    @property
    def payload(self) -> Any:
        """What `Turn.payload` is in its attempts."""
        return self

    @abstractmethod
    def attempt(self, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        """Yield what is said, as `content`: one attempt, whose end, errors and `done` its caller adds."""
