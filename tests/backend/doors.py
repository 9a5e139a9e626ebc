"""Every way to a model that there is, found as users find them: providers, and the APIs of each."""

from __future__ import annotations

from typing import Any, NamedTuple

from massgen_stream.backend import LLMBackend, create_backend
from massgen_stream.backend.factory import BACKENDS
from massgen_stream.provider import ProviderSpec, providers


class Door(NamedTuple):
    """A provider behind one of its APIs."""

    provider: ProviderSpec
    api: str | None
    http_library: str | None = None

    @property
    def protocol(self) -> str:
        return self.provider.with_api(self.api).protocol

    @property
    def kind(self) -> str:
        """What distinguishes its backend."""
        changed = self.provider.with_api(self.api)
        return f"{changed.backend}:{changed.protocol}" if changed.backend else changed.protocol

    def backend(self, base_url: str, **options: Any) -> LLMBackend:
        given = {"api_key": "any", **options}
        if self.http_library is not None:
            given["http_library"] = self.http_library
        return create_backend(self.provider, api=self.api, base_url=base_url, **given)

    def __repr__(self) -> str:
        return "-".join(word for word in (self.provider.name, self.api, self.http_library) if word)


def doors() -> list[Door]:
    """Return every provider that is reached over a network, once for each of its APIs."""
    every = [Door(spec, api) for spec in providers().values() if spec.launch is None for api in (spec.apis or (None,))]
    return [door for door in every if (door.provider.with_api(door.api).backend or door.protocol) in BACKENDS]


def with_aiohttp() -> list[Door]:
    """Return doors of backends that can carry their bytes with another library."""
    kinds = one_of_each_kind()
    return [
        kinds[kind]._replace(http_library="aiohttp")
        for kind in ("openai.chat", "openai.responses", "anthropic.messages")
        if kind in kinds
    ]


def one_of_each_kind() -> dict[str, Door]:
    """Return one door for each backend and wire protocol."""
    found: dict[str, Door] = {}
    for door in doors():
        found.setdefault(door.kind, door)
    return found
