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

BACKENDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "openai.chat": ".chat_completions:ChatCompletionsBackend",
        "openai.responses": ".response:ResponseBackend",
        "anthropic.messages": ".claude:ClaudeBackend",
        "google.generate_content": ".gemini:GeminiBackend",
        "google.interactions": ".interactions:InteractionsBackend",
        "grok": ".grok:GrokBackend",
        "azure_openai": ".azure_openai:AzureOpenAIBackend",
    }
)
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
    return backend_class(provider)(provider, model=model, api_key=api_key, base_url=base_url, **options)


def backend_class(provider: ProviderSpec) -> type[LLMBackend]:
    """Return the class of a provider's backend; no SDK is imported.

    Raises:
        UnknownProtocol: There is none for its protocol.
    """
    wanted = provider.backend or provider.protocol
    place = BACKENDS.get(wanted, wanted)
    if ":" not in place:
        raise UnknownProtocol(provider.protocol, tuple(BACKENDS))
    module, _, name = place.partition(":")
    found: type[LLMBackend] = getattr(import_module(module, __package__), name)
    return found


def libraries_of(provider: ProviderSpec) -> dict[str, str]:
    """Return what a provider needs installed: import names, and the extra of this package that brings each.

    Raises:
        UnknownProtocol: There is no backend for its protocol.
    """
    sdk = getattr(backend_class(provider), "sdk", None)
    return {**({sdk: provider.extra} if sdk is not None else {}), **provider.requires}
