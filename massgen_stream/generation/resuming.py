"""`resume_media`: a job that was begun before, in this process or another."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ..backend.account import Account
from ..backend.instruments import Instruments
from ..backend.limits import StreamLimits
from ..backend.stream import ChunkStream
from ..errors import ConfigurationError
from .clients import MediaClients
from .config import GenerationConfig
from .continuations import Continuations, continuations_of
from .file_names import check_places
from .generator import Generator
from .job_handle import JobHandle
from .jobs import JobGenerator
from .offer import Offer
from .order import Order
from .streaming import stream_of


def resume_media(
    handle: Mapping[str, Any] | str | bytes,
    *,
    output_path: str | os.PathLike[str] | None = None,
    output_dir: str | os.PathLike[str] | None = None,
    backend_type: type[Generator] | None = None,
    **options: Any,
) -> ChunkStream:
    """Return the stream of a job that goes on at the vendor: nothing is begun, and nothing paid, a second time.

    Args:
        handle: The `job` of the first ``media_progress`` chunk of the stream that began it, or its JSON.
        output_path: File for the medium; it appears when it is whole.
        output_dir: Folder for it, instead.
        backend_type: The generator class of your own that began it.
        options: Fields of `StreamLimits`; ``api_key`` and ``base_url``; ``environ``, ``instruments`` and
            ``continuations`` instead of the process's; ``clients`` (see `MediaClients`).

    Raises:
        ConfigurationError: The handle is none, or its generator has no jobs; an option does not exist.
        UnknownProvider: No generator has the name in it.
        MissingKey: The generator has no key.
        MissingExtra: Its SDK is not installed.
    """
    found = JobHandle.of(handle, backend_type)
    places = {"output_path": output_path, "output_dir": output_dir}
    config = GenerationConfig.of(media_type=found.media_type, prompt=found.prompt, **places)
    check_places(config)
    limits, around = StreamLimits().taking(options)
    return _resumed(found, config, limits, **_known(around))


def _resumed(
    found: JobHandle,
    config: GenerationConfig,
    limits: StreamLimits,
    *,
    api_key: str | None = None,
    base_url: str | None = None,
    environ: Mapping[str, str] | None = None,
    instruments: Instruments | None = None,
    continuations: Continuations | None = None,
    clients: MediaClients | None = None,
) -> ChunkStream:
    environ, instruments = os.environ if environ is None else environ, instruments or Instruments()
    order = Order(
        config,
        found.model,
        Account.of(found.generator.host, api_key, base_url, environ),
        instruments.sleep,
        found.generator.name,
        _offer_of(found).continuation,
        continuations or continuations_of(environ),
        instruments.wall_clock,
        found.job,
        found.media_id,
        clients=clients,
    )
    return stream_of(found.generator, order, (), limits, instruments)


def _offer_of(found: JobHandle) -> Offer:
    offer = found.generator.offers.get(found.media_type)
    if offer is None or not issubclass(found.generator, JobGenerator):
        raise ConfigurationError(f"{found.generator.name} has no jobs of {found.media_type.value} to go on with")
    return offer


def _known(options: dict[str, Any]) -> dict[str, Any]:
    unknown = sorted(options.keys() - {"api_key", "base_url", "environ", "instruments", "continuations", "clients"})
    if unknown:
        raise ConfigurationError(f"no option is called {', '.join(unknown)}; what is made was said when the job began")
    return options
