"""`generate_media`: a medium as a stream of chunks."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from ..backend.account import Account
from ..backend.holdback import Origin
from ..backend.instruments import Instruments
from ..backend.limits import StreamLimits
from ..backend.requirements import require
from ..backend.run import Job
from ..backend.stream import ChunkStream
from ..errors import ConfigurationError
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import MediaType
from ..stream_chunk.narrow import backend_status
from .choices import Policy, chosen
from .config import GenerationConfig
from .continuations import Continuations, continuations_of
from .file_names import check_places
from .generator import Generator
from .inputs import check_inputs
from .order import Order
from .production import Production
from .selector import ANY, Candidate, Selection, refusal, select

LOCAL: Final = "local"
"""Name of the generator that needs no key."""
_MASK_WINS: Final = "mask_path and continue_from are both given; the mask counts, and nothing is continued"


class Request(NamedTuple):
    """What was asked for, and how.

    Attributes:
        config: The medium.
        policy: What becomes of options that the generator does not know.
        limits: Times and retries.
        api_key: For the generator that is named.
        base_url: The same.
        environ: Holds keys and addresses.
        instruments: Time, chance and ids.
        continuations: Where it is kept what media are continued from.
        notes: Warnings about the request itself.
        own: A generator of the caller's own, which is the only one then.
    """

    config: GenerationConfig
    policy: Policy
    limits: StreamLimits
    api_key: str | None
    base_url: str | None
    environ: Mapping[str, str]
    instruments: Instruments
    continuations: Continuations
    notes: tuple[str, ...] = ()
    own: type[Generator] | None = None

    @classmethod
    def of(
        cls,
        config: GenerationConfig | None,
        *,
        policy: Policy | str | None = None,
        api_key: str | None = None,
        base_url: str | None = None,
        environ: Mapping[str, str] | None = None,
        instruments: Instruments | None = None,
        continuations: Continuations | None = None,
        **options: Any,
    ) -> Request:
        """Return the request; *options* are fields of `GenerationConfig` and of `StreamLimits`, None: not given.

        Raises:
            ConfigurationError: One does not exist, or cannot be.
        """
        limits, fields = StreamLimits().taking(options)
        config, own = _config(config, {name: value for name, value in fields.items() if value is not None})
        if (api_key is not None or base_url is not None) and config.backend in ANY:
            raise ConfigurationError("api_key and base_url belong to one generator; name it with backend_type")
        wins = config.mask_path is not None and config.continue_from is not None
        config = config.without("continue_from") if wins else config
        manner = Policy.DEGRADE if policy is None else chosen("policy", policy, Policy)
        environ = os.environ if environ is None else environ
        around = (environ, instruments or Instruments(), continuations or continuations_of(environ))
        return cls(config, manner, limits, api_key, base_url, *around, (_MASK_WINS,) if wins else (), own)

    def selection(self) -> Selection:
        """Return who makes it, and who else could."""
        opened = self.api_key is not None or self.base_url is not None
        known = None if self.own is None else (self.own,)
        return select(self.config, self.environ, policy=self.policy, opened=opened, known=known)


def generate_media(
    prompt: str | None = None,
    mode: MediaType | str | None = None,
    *,
    backend_type: str | type[Generator] | None = None,
    model: str | None = None,
    output_path: str | os.PathLike[str] | None = None,
    output_dir: str | os.PathLike[str] | None = None,
    **options: Any,
) -> ChunkStream:
    """Return the stream that makes a medium; nothing is sent before its first read.

    Without a name the first generator is taken, by priority, that can do it and has a key; without any key the local
    engine makes a sketch and says so in the first status chunk.

    Args:
        prompt: What to make; of speech, the words to speak.
        mode: ``image`` (unless given), ``video`` or ``audio``.
        backend_type: Name of the generator, such as ``openai`` or ``local``; or a generator class of your own.
        model: Model id; by default the generator's own.
        output_path: File for the medium; it appears when it is whole.
        output_dir: Folder for it, instead.
        options: Fields of `GenerationConfig`, and of `StreamLimits` (``total_timeout`` …); ``policy`` (see `Policy`);
            ``api_key`` and ``base_url`` of the named generator; ``config``, a whole `GenerationConfig` instead of its
            fields; ``environ``, ``instruments`` and ``continuations`` instead of the process's.

    Raises:
        UnknownProvider: No generator has that name.
        MissingKey: The named generator has no key.
        MissingExtra: Its SDK is not installed.
        ConfigurationError: Something cannot be, or nobody can do it; tells who could, and with which variable.
        MediaError: A file of the request cannot be read.
    """
    named: dict[str, Any] = {"prompt": prompt, "mode": mode, "backend_type": backend_type, "model": model}
    request = _request(output_path=output_path, output_dir=output_dir, **named, **options)
    return _stream(request, request.selection())


def explain_media(prompt: str | None = None, mode: MediaType | str | None = None, **options: Any) -> list[str]:
    """Return who would make a medium and why the others would not, one line each; arguments as `generate_media`.

    Raises:
        UnknownProvider: No generator has that name.
        ConfigurationError: Something cannot be.
    """
    if prompt is None and options.get("config") is None:
        prompt = "anything"
    return _request(prompt=prompt, mode=mode, **options).selection().lines()


def _request(
    *, mode: object = None, backend_type: object = None, config: GenerationConfig | None = None, **options: Any
) -> Request:
    return Request.of(config, media_type=mode, backend=backend_type, **options)


def _config(config: GenerationConfig | None, fields: dict[str, Any]) -> tuple[GenerationConfig, type[Generator] | None]:
    """Return the request for the fields that were given, and the generator class among them."""
    if config is not None and fields:
        raise ConfigurationError(f"{', '.join(sorted(fields))} stand beside a whole config; put them into it")
    own = fields.get("backend")
    if not (isinstance(own, type) and issubclass(own, Generator)):
        return config or GenerationConfig.of(**fields), None
    return GenerationConfig.of(**{**fields, "backend": own.name}), own


def _stream(request: Request, selection: Selection) -> ChunkStream:
    found = selection.chosen
    if found is None:
        raise refusal(selection, request.config)
    check_places(request.config)
    check_inputs(request.config)
    generator = found.generator
    account = Account.of(generator.host, request.api_key, request.base_url, request.environ)
    instruments = request.instruments
    order = Order(
        found.fit.config,
        selection.model,
        account,
        instruments.sleep,
        generator.name,
        found.offer.continuation,
        request.continuations,
        instruments.wall_clock,
    )
    return stream_of(generator, order, _notes(request, selection, found), request.limits, instruments)


def stream_of(
    generator: type[Generator],
    order: Order,
    notes: Sequence[BaseStreamChunk],
    limits: StreamLimits,
    instruments: Instruments,
) -> ChunkStream:
    """Return the stream in which *generator* makes an order.

    Raises:
        MissingExtra: What it needs is not installed.
    """
    require(generator.libraries, generator.name)
    production = Production(generator(), order)
    origin = Origin(generator.name, order.model, order.account.secrets, order.account.base_url)
    return ChunkStream(Job(production.attempt, order, notes, origin, limits, instruments, None))


def _notes(request: Request, selection: Selection, found: Candidate) -> list[BaseStreamChunk]:
    said = []
    if found.generator.name == LOCAL and request.config.backend in ANY:
        said.append(("info", _why_local(selection)))
    said += [("warning", note) for note in request.notes]
    if found.offer.warning is not None:
        said.append(("warning", found.offer.warning))
    retirement = found.offer.retirement(selection.model)
    if retirement is not None:
        said.append(("warning", f"model {selection.model}: {retirement}"))
    said += [("loss", f"{found.generator.name}: {loss}") for loss in found.fit.losses]
    return [backend_status(status, detail=detail) for status, detail in said]


def _why_local(selection: Selection) -> str:
    doors = dict.fromkeys(variable for one in selection.candidates if one.able for variable in one.missing[:1])
    hint = f"; for a model's work set {' or '.join(doors)}" if doors else ""
    return f"no key is set that could make this, so the local engine does: a sketch, and no model behind it{hint}"
