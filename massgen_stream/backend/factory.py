"""Backends by the name of their provider."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final

from ..errors import UnknownProtocol
from ..provider.discovery import get_provider
from ..provider.spec import ProviderSpec
from .base import LLMBackend

BACKENDS: Final[Mapping[str, str]] = MappingProxyType({"openai.chat": ".chat_completions:ChatCompletionsBackend"})
"""The backend of each wire protocol, or of a name in `ProviderSpec.backend`: ``module:class``."""


def create_backend(
    name: str | ProviderSpec,
    *,
    api: str | None = None,
    model: str | None = None,
    api_key: str | None = None,
    base_url: str | None = None,
    **options: Any,
) -> LLMBackend:
    """Return a backend for a provider.

    Args:
        name: The provider's name, or a provider of your own.
        api: One of the provider's APIs; by default its usual one.
        model: Model id; any that the provider knows.
        api_key: By default from the provider's environment variable.
        base_url: Sends everything there, as the vendor's SDK understands it; then a key is optional.
        options: `StreamLimits` by name (``total_timeout`` …); all others go to the vendor with every request.

    Raises:
        UnknownProvider: There is no provider of that name.
        MissingKey: The provider needs a key, and there is none.
        MissingExtra: The vendor's SDK is not installed; says what to install.
        ConfigurationError: An option cannot be used.
        UnknownProtocol: A provider of your own speaks a protocol without a backend.
    """
    provider = (name if isinstance(name, ProviderSpec) else get_provider(name)).with_api(api)
    place = BACKENDS.get(provider.backend or provider.protocol)
    if place is None:
        raise UnknownProtocol(provider.protocol, tuple(BACKENDS))
    module, _, cls = place.partition(":")
    backend: type[LLMBackend] = getattr(import_module(module, __package__), cls)
    return backend(provider, model=model, api_key=api_key, base_url=base_url, **options)
