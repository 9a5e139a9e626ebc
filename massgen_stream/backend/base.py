"""The interface of all backends, and what they share."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import Any, ClassVar, NamedTuple, Self

from ..errors import ConfigurationError
from ..outlasting import to_its_end
from ..provider.discovery import get_provider
from ..provider.spec import MEDIA_KINDS, ProviderSpec
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.text import TextStreamChunk
from .account import Account
from .call_timing import CallTimer, CallTiming
from .estimate import characters
from .filesystem import FilesystemSupport
from .holdback import Origin
from .instruments import Instruments
from .limits import StreamLimits
from .parameters import Parameters
from .run import Job
from .spelling import unknown_among, with_notes
from .stream import ChunkStream
from .turn import Turn
from .uploading import Uploading
from .waiting_media import WaitingMedia, with_media


class Prepared(NamedTuple):
    """A request, checked and formatted as far as that goes without waiting.

    Attributes:
        payload: What `LLMBackend.stream_attempt` finds in its turn.
        losses: What the wire could not hold, one line each.
        media: What is read, fetched and made to fit before the first attempt.
        warnings: What the vendor may refuse, one line each.
    """

    payload: Any
    losses: Sequence[str] = ()
    media: WaitingMedia | None = None
    warnings: Sequence[str] = ()


class LLMBackend(Uploading, ABC):
    """Talks to one provider.

    An author writes `stream_attempt`: one attempt at one turn, as a generator of what a decoder gives; and, when the
    wire needs formatting, `prepare`. Numbering, times, retries, limits, errors and `done` are added here.

    Args:
        provider: A provider, or its name.
        api: One of the provider's APIs; by default its usual one.
        model: Model id; any that the provider knows. By default the provider's own.
        api_key: By default from the provider's environment variables.
        base_url: Sends everything there, as the vendor's SDK understands it.
        environ: The environment; by default the process's.
        instruments: Time, chance and ids.
        options: `StreamLimits` by name; all others go to the vendor with every request.

    Attributes:
        protocol: The wire protocol that the class speaks; None where it is left to the author.
        home: Where the class's SDK goes when the provider names no address.
        parameters: What the wire makes of options.
        request_types: The SDK's types of a request, ``module:name``: what they name is an option that is known.
        calls: Times that an author took by hand.

    Raises:
        UnknownProvider: There is no provider of that name.
        MissingKey: The provider needs a key and there is none.
        ConfigurationError: An option cannot be used.
    """

    protocol: ClassVar[str | None] = None
    home: ClassVar[str | None] = None
    parameters: ClassVar[Parameters | None] = None
    request_types: ClassVar[Sequence[str]] = ()

    def __init__(
        self,
        provider: ProviderSpec | str,
        *,
        api: str | None = None,
        model: str | None = None,
        api_key: str | None = None,
        base_url: str | None = None,
        environ: Mapping[str, str] | None = None,
        instruments: Instruments | None = None,
        **options: Any,
    ) -> None:
        spec = get_provider(provider) if isinstance(provider, str) else provider
        self.provider = _speaking(spec.with_api(api), self.protocol, type(self).__name__)
        self.account = Account.of(self.provider, api_key, base_url, os.environ if environ is None else environ)
        self.model = self.provider.default_model if model is None else _model(model)
        self.limits, self.options = StreamLimits().taking(options)
        self.instruments = Instruments() if instruments is None else instruments
        self.calls = CallTimer(self.instruments.clock, self.instruments.wall_clock)

    @abstractmethod
    def stream_attempt(self, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        """Yield one attempt at one turn: send the request and yield what the decoder makes of the answer.

        Hand the decoder to ``turn.use``, and leave its end, every error and `done` to the caller of this: exceptions
        of the SDK and of its HTTP library are translated there. Close what is opened here.
        """

    def prepare(
        self, messages: Iterable[Mapping[str, Any]], tools: Iterable[Any], model: str, options: Mapping[str, Any]
    ) -> Prepared:
        """Return the request for a turn; misuse is raised here, at the call. Must not wait for anything.

        Args:
            messages: As the caller gave them.
            tools: As the caller gave them; empty when there are none.
            model: Model id.
            options: Those that are not `StreamLimits`.
        """
        return Prepared({"messages": messages, "tools": tools, "model": model, **options})

    def stream_with_tools(
        self, messages: Iterable[Mapping[str, Any]], tools: Iterable[Any] | None = None, **options: Any
    ) -> ChunkStream:
        """Return the stream of the model's answer; nothing is sent before its first read.

        Args:
            messages: Neutral messages, or OpenAI-shaped ones.
            tools: Tools that the model may call: ``{"name", "description", "parameters"}``.
            options: ``model``, `StreamLimits` by name, and whatever the vendor takes; they win over the backend's.

        Raises:
            UsageError: A message, tool or option cannot be used.
            MediaError: A file cannot be read, or a medium is too large.
        """
        limits, rest = self.limits.taking(options)
        merged = self.options | rest
        model = merged.pop("model", None)
        model = self.model if model is None else _model(model)
        asked = (_kept(messages), () if tools is None else _kept(tools))
        prepared = self.prepare(*asked, model, merged)
        place = self.account.base_url or (self.home if self.provider.launch is None else None)
        origin = Origin(self.provider.name, model, self.account.secrets, place)
        notes = self._notes(prepared, model)
        counting = partial(characters, asked)
        begin = self.stream_attempt
        if prepared.media is not None:
            begin = partial(with_media, self.stream_attempt, prepared.media, self.uploads)
        unknown = unknown_among(merged, self.parameters or Parameters(), self.provider, self.request_types)
        if unknown is not None and unknown.is_readable:
            notes += unknown.notes()
        elif unknown is not None:
            begin = partial(with_notes, begin, unknown)
        return ChunkStream(Job(begin, prepared.payload, notes, origin, limits, self.instruments, counting))

    def start_api_call_timing(self, model: str) -> None:
        """Begin to time a call, for authors who take times by hand; streams have their own `ChunkStream.timing`."""
        self.calls.start(model)

    def record_first_token(self) -> None:
        """Take the time of the first token of the call; called again, it changes nothing."""
        self.calls.first_token()

    def end_api_call_timing(self, success: bool = True, error: str | None = None) -> CallTiming | None:
        """End the call and return its times; None when none is under way."""
        return self.calls.end(success=success, error=error)

    def get_provider_name(self) -> str:
        """Return the provider's name."""
        return self.provider.name

    def get_filesystem_support(self) -> FilesystemSupport:
        """Return how the backend reaches files."""
        return FilesystemSupport(self.provider.filesystem)

    def supports_multimodal_input(self) -> dict[str, bool]:
        """Return which kinds of media the provider takes: image, audio, video, document."""
        return {kind: kind in self.provider.input_media for kind in MEDIA_KINDS}

    def supports_multimodal_output(self) -> dict[str, bool]:
        """Return which kinds of media the provider can answer with."""
        return {kind: kind in self.provider.output_media for kind in MEDIA_KINDS}

    def get_max_media_size(self, media_type: str) -> int | None:
        """Return the largest size in bytes of a kind of media; None where the provider states none."""
        return self.provider.input_media.get(media_type)

    def validate_media_input(self, media_type: str, data: Any) -> bool:
        """Return whether the provider takes *data*: bytes, or base64 text; what has no length is taken for small."""
        if media_type not in self.provider.input_media:
            return False
        limit = self.get_max_media_size(media_type)
        size = len(data) if hasattr(data, "__len__") else 0
        return limit is None or (size * 3 // 4 if isinstance(data, str) else size) <= limit

    def is_stateful(self) -> bool:
        """Return whether the backend keeps the conversation itself, so that only new messages are sent."""
        return False

    def clear_history(self) -> None:
        """Forget the conversation, keep the session; nothing to do for a backend without state."""

    def reset_state(self) -> None:
        """Forget conversation and session; nothing to do for a backend without state."""

    async def aclose(self) -> None:
        """Close connections; a later stream opens new ones."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await to_its_end(self.aclose())

    def __repr__(self) -> str:
        place = f", base_url={self.account.shown_url!r}" if self.account.base_url else ""
        return f"{type(self).__name__}(provider={self.provider.name!r}, model={self.model!r}{place})"

    def _notes(self, prepared: Prepared, model: str) -> list[BaseStreamChunk]:
        retirement = self.provider.retirement(model)
        said = [("simulated", self.provider.simulated, True)] if self.provider.simulated else []
        said += [("warning", f"model {model}: {retirement}", True)] if retirement else []
        said += [("warning", warning, True) for warning in prepared.warnings]
        said += [("loss", loss, False) for loss in prepared.losses]
        return [
            TextStreamChunk(type=ChunkType.BACKEND_STATUS, status=status, detail=detail, display=display)
            for status, detail, display in said
        ]


def _speaking(provider: ProviderSpec, protocol: str | None, backend: str) -> ProviderSpec:
    if protocol not in (None, provider.protocol):
        how = f"create_backend({provider.name!r}, …) makes the backend that does"
        raise ConfigurationError(f"{backend} speaks {protocol}, {provider.name} speaks {provider.protocol}; {how}")
    return provider


def _kept(given: Any) -> Any:
    """Return what may be read more than once; what cannot be read is refused where it is formatted."""
    return list(given) if isinstance(given, list | Iterator) else given


def _model(model: object) -> str:
    if not isinstance(model, str) or not model:
        raise ConfigurationError(f"model must be the id of a model, not {model!r}")
    return model
