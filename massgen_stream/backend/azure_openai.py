"""Azure OpenAI: deployments of OpenAI's models, through Chat Completions or Responses."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any, ClassVar, Final

from msgspec.structs import replace

from ..errors import ConfigurationError, MissingKey
from ..provider.discovery import get_provider
from ..provider.spec import ProviderSpec
from ..stream_chunk.base import BaseStreamChunk
from .azure_access import AzureAccess, TokenProvider, is_loopback
from .base import LLMBackend, Prepared
from .chat_completions import ChatCompletionsBackend
from .openai_client import open_client
from .raw_response import RawResponseBackend
from .response import ResponseBackend
from .sdk_client import SDKClient
from .turn import Turn

API_VERSION: Final = "2025-04-01-preview"
"""The last version with a date: https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle."""
_SEEING: Final = ("gpt-4o*", "gpt-4.*", "gpt-4-turbo*", "gpt-5*", "gpt-6*", "o1*", "o3*", "o4*")
_SAYING_SO: Final = ("vision", "gpt-4v")


class AzureOpenAIBackend(LLMBackend):
    """Streams from a deployment: the backend of the API that is asked for does, with a client for Azure.

    The address is that of the resource, or, with ``/openai/v1`` at its end, of its v1 surface. By default it comes
    from ``AZURE_OPENAI_ENDPOINT``.

    Args:
        provider: A provider like ``azure_openai``, or its name.
        api: ``chat`` (Chat Completions, as by default) or ``responses``.
        model: Name of the deployment.
        azure_deployment: Name of the deployment, where it is not the model; it then stands in the URL of every request.
        azure_ad_token_provider: Returns a token of Microsoft Entra ID, at once or when awaited; no key is needed then.
        api_version: Of deployment URLs; by default ``OPENAI_API_VERSION``, else `API_VERSION`.
        model_family: The model behind the deployment, such as ``gpt-4o``: decides whether it takes images.
        base_url: Endpoint of the resource.
        environ: The environment; by default the process's.
        http_library: What carries the bytes, as in `RawResponseBackend`.
        options: As `LLMBackend`.

    Raises:
        ConfigurationError: There is no endpoint, or an option cannot be used.
        MissingKey: There is neither a key nor a token provider.
    """

    sdk = "openai"
    parameters = ChatCompletionsBackend.parameters
    request_types = (*ChatCompletionsBackend.request_types, *ResponseBackend.request_types)

    def __init__(
        self,
        provider: ProviderSpec | str = "azure_openai",
        *,
        api: str | None = None,
        model: str | None = None,
        azure_deployment: str | None = None,
        azure_ad_token_provider: TokenProvider | None = None,
        api_version: str | None = None,
        model_family: str | None = None,
        base_url: str | None = None,
        environ: Mapping[str, str] | None = None,
        http_library: str = "httpx2",
        **options: Any,
    ) -> None:
        if azure_ad_token_provider is not None and not callable(azure_ad_token_provider):
            raise ConfigurationError("azure_ad_token_provider must be a function that returns a token, and no token")
        env = os.environ if environ is None else environ
        spec = (get_provider(provider) if isinstance(provider, str) else provider).with_api(api)
        given = {
            "model": model or azure_deployment,
            "base_url": _address(spec, base_url, env),
            "environ": env,
            **options,
        }
        super().__init__(spec, **given)
        if self.account.api_key is None and azure_ad_token_provider is None and not is_loopback(given["base_url"]):
            raise MissingKey(spec.name, (spec.api_key_env or ("api_key",))[0])
        version = api_version or env.get("OPENAI_API_VERSION", "").strip() or API_VERSION
        if not sees(model_family, self.model):
            media = {kind: size for kind, size in spec.input_media.items() if kind != "image"}
            self.provider = replace(spec, input_media=media)
        access = AzureAccess(version, azure_ad_token_provider, azure_deployment)
        self._served = _served_by(self.provider, access, {**given, "http_library": http_library})

    def prepare(
        self, messages: Iterable[Mapping[str, Any]], tools: Iterable[Any], model: str, options: Mapping[str, Any]
    ) -> Prepared:
        """Format and check a request, as the API's own backend does."""
        return self._served.prepare(messages, tools, model, options)

    def stream_attempt(self, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        """Return one attempt, as the API's own backend makes it."""
        return self._served.stream_attempt(turn)

    async def aclose(self) -> None:
        """Close connections; a later stream opens new ones."""
        await self._served.aclose()


class _OnAzure(RawResponseBackend):
    """A backend whose client is one for Azure."""

    resource: ClassVar[str]

    def __init__(self, provider: ProviderSpec, access: AzureAccess, **options: Any) -> None:
        super().__init__(provider, **options)
        self._access = access

    async def _open(self, base_url: str | None) -> SDKClient:
        signed = self.account.api_key or ("a token" if self._access.token_provider is not None else None)
        return await open_client(
            signed,
            base_url,
            self.provider.default_headers,
            resource=self.resource,
            protocol=self.provider.protocol,
            http_library=self.http_library,
            new=self._access.client,
        )


class _ChatOnAzure(_OnAzure, ChatCompletionsBackend):
    resource = "chat.completions"


class _ResponsesOnAzure(_OnAzure, ResponseBackend):
    resource = "responses"


_SERVING: Final = {"openai.chat": _ChatOnAzure, "openai.responses": _ResponsesOnAzure}


def sees(family: str | None, deployment: str) -> bool:
    """Return whether a deployment takes images, by its model *family* or by its own name, as the origin decides."""
    names = [name.lower() for name in (family, deployment) if name]
    return any(
        fnmatchcase(name, pattern) for name in names for pattern in (*_SEEING, *(f"*{word}*" for word in _SAYING_SO))
    )


def _address(provider: ProviderSpec, base_url: str | None, environ: Mapping[str, str]) -> str:
    address = base_url or provider.address(environ)
    if address is None:
        variable = (provider.base_url_env or ("base_url",))[0]
        raise ConfigurationError(f"{provider.name} needs the endpoint of your resource; set {variable} or base_url")
    return address


def _served_by(provider: ProviderSpec, access: AzureAccess, options: Mapping[str, Any]) -> RawResponseBackend:
    backend = _SERVING.get(provider.protocol)
    if backend is None:
        raise ConfigurationError(f"{provider.name} has no backend for {provider.protocol}")
    return backend(provider, access, **options)
