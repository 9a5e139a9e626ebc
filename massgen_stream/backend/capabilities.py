"""What each backend can do, as the origin's registry tells it; every entry is derived from its provider."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from ..provider.discovery import providers
from ..provider.spec import ProviderSpec
from .native_tools import native_tool_named


class BackendCapabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What one backend can do.

    Attributes:
        backend_type: Name of the provider.
        provider_name: What people call it.
        supported_capabilities: The origin's words: ``web_search``, ``code_execution``, ``bash``, ``reasoning``,
            ``mcp``, ``filesystem_native``, ``filesystem_mcp``, ``image_generation``, ``image_understanding``,
            ``audio_generation``, ``audio_understanding``, ``video_generation``, ``video_understanding``.
        builtin_tools: Tools that the provider runs itself, by the option that switches each on.
        filesystem_support: How its agents reach files: ``none``, ``native`` or ``mcp``.
        models: Models worth naming, newest first; other ids work as well.
        default_model: Used when no model is named.
        env_var: Environment variable of the key; None where there is none to have.
        notes: One line for people.
        model_release_dates: By model, where known: ``2026-09`` or ``2026-09-08``.
        base_url: Where it is; None where the SDK knows, or everybody has an address of their own.
        context_tokens: Size of the context window in tokens, by model, where known.
        max_output_tokens: Most tokens of one answer, by model, where known.
        max_media_bytes: Kinds of media that it takes, with the largest size; None where it states none.
        media_sources: Where those sizes are stated, and the origin's figure where it differs.
        output_media: Kinds of media that it can answer with.
    """

    backend_type: str
    provider_name: str
    supported_capabilities: frozenset[str]
    builtin_tools: tuple[str, ...]
    filesystem_support: str
    models: tuple[str, ...]
    default_model: str
    env_var: str | None = None
    notes: str = ""
    model_release_dates: Mapping[str, str] = {}
    base_url: str | None = None
    context_tokens: Mapping[str, int] = {}
    max_output_tokens: Mapping[str, int] = {}
    max_media_bytes: Mapping[str, int | None] = {}
    media_sources: Mapping[str, str] = {}
    output_media: tuple[str, ...] = ()


class _Table(Mapping[str, BackendCapabilities]):
    """Looks at the providers when it is asked, so that importing this costs nothing and a new host is in it."""

    def __getitem__(self, name: str) -> BackendCapabilities:
        return capabilities_of(providers()[name])

    def __iter__(self) -> Iterator[str]:
        return iter(providers())

    def __len__(self) -> int:
        return len(providers())


BACKEND_CAPABILITIES: Final[Mapping[str, BackendCapabilities]] = _Table()
"""Every provider's capabilities by its name; read-only, derived from the providers."""


def get_capabilities(backend_type: str) -> BackendCapabilities | None:
    """Return what a backend can do; None where there is no such backend."""
    return BACKEND_CAPABILITIES.get(backend_type)


def has_capability(backend_type: str, capability: str) -> bool:
    """Return whether a backend exists and has a capability."""
    found = get_capabilities(backend_type)
    return found is not None and capability in found.supported_capabilities


def get_backends_with_capability(capability: str) -> list[str]:
    """Return the backends that have a capability."""
    return [name for name, found in BACKEND_CAPABILITIES.items() if capability in found.supported_capabilities]


def validate_backend_config(backend_type: str, config: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the configuration of a backend, one line each; empty when nothing is.

    Args:
        backend_type: Name of a provider.
        config: Options by name, as for `create_backend`: native tools, ``api``, ``mcp_servers``.
    """
    spec = providers().get(backend_type)
    if spec is None:
        return [f"unknown backend type {backend_type!r}; use one of: {', '.join(providers())}"]
    found = capabilities_of(spec)
    tools = {tool for option, value in config.items() if value and (tool := native_tool_named(option)) is not None}
    problems = [_without(found, tool) for tool in sorted(tools - {*found.builtin_tools})]
    api = config.get("api")
    if api is not None and api not in tuple(spec.apis):  # which also takes what has no hash
        problems.append(f"{backend_type} has no api {api!r}; it has: {', '.join(spec.apis) or 'none to choose'}")
    if config.get("mcp_servers") and "mcp" not in found.supported_capabilities:
        problems.append(f"{backend_type} does not support MCP servers")
    return problems


def capabilities_of(provider: ProviderSpec) -> BackendCapabilities:
    """Return what the backend of a provider can do."""
    models = provider.models
    return BackendCapabilities(
        backend_type=provider.name,
        provider_name=provider.title,
        supported_capabilities=frozenset(_words(provider)),
        builtin_tools=tuple(provider.native_tools),
        filesystem_support=provider.filesystem,
        models=tuple(model.id for model in models),
        default_model=provider.default_model,
        env_var=provider.api_key_env[0] if provider.api_key_env else None,
        notes=provider.notes,
        model_release_dates={model.id: model.released for model in models if model.released is not None},
        base_url=provider.base_url,
        context_tokens={model.id: model.context_tokens for model in models if model.context_tokens is not None},
        max_output_tokens={m.id: m.max_output_tokens for m in models if m.max_output_tokens is not None},
        max_media_bytes=dict(provider.input_media),
        media_sources=dict(provider.media_sources),
        output_media=provider.output_media,
    )


def _words(provider: ProviderSpec) -> Iterator[str]:
    yield from (_OF_TOOL[tool] for tool in provider.native_tools if tool in _OF_TOOL)
    yield from (f"{kind}_understanding" for kind in provider.input_media if kind in _SEEN_OR_HEARD)
    yield from (f"{kind}_generation" for kind in provider.output_media if kind in _SEEN_OR_HEARD)
    yield from _OF_FILESYSTEM[provider.filesystem]
    if provider.reasons:
        yield "reasoning"


def _without(found: BackendCapabilities, tool: str) -> str:
    offered = ", ".join(found.builtin_tools) or "none"
    return f"{found.backend_type} does not support {tool}; its native tools: {offered}"


_OF_TOOL: Final = {
    "web_search": "web_search",
    "code_execution": "code_execution",
    "shell": "bash",
    "image_generation": "image_generation",
}
_SEEN_OR_HEARD: Final = frozenset(("image", "audio", "video"))
_OF_FILESYSTEM: Final = {"none": (), "native": ("filesystem_native", "mcp"), "mcp": ("filesystem_mcp", "mcp")}
