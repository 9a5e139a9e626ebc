"""How a request gets into an Azure resource: which client, which surface, key or token."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

TokenProvider = Callable[[], str | Awaitable[str]]
"""Returns a token of Microsoft Entra ID, at once or when awaited; called before every request."""


class AzureAccess(NamedTuple):
    """What makes the openai SDK's client for one resource.

    Attributes:
        api_version: Of the deployment URLs; the v1 surface has none.
        token_provider: Used instead of the key.
        deployment: Part of the URL instead of the model.
    """

    api_version: str
    token_provider: TokenProvider | None = None
    deployment: str | None = None

    def client(self, openai: Any, arguments: Mapping[str, Any]) -> Any:
        """Return the client for the surface that ``arguments["base_url"]`` names.

        Args:
            openai: The SDK's module.
            arguments: Those of ``openai.AsyncOpenAI``.
        """
        rest = {name: value for name, value in arguments.items() if name not in ("api_key", "base_url")}
        url, key = str(arguments["base_url"]), arguments["api_key"]
        token = None if self.token_provider is None else awaitable(self.token_provider)
        if is_v1(url):
            return openai.AsyncOpenAI(base_url=url, api_key=key if token is None else token, **rest)
        credential = {"api_key": key} if token is None else {"azure_ad_token_provider": token}
        place = {"base_url": url} if _names_deployment(url) else {"azure_endpoint": _endpoint(url)}
        if self.deployment is not None and "azure_endpoint" in place:
            place["azure_deployment"] = self.deployment
        return openai.AsyncAzureOpenAI(api_version=self.api_version, **place, **credential, **rest)


def is_v1(base_url: str) -> bool:
    """Return whether an address is the v1 surface, which takes OpenAI's own requests and no API version."""
    return urlsplit(base_url).path.rstrip("/").endswith("/openai/v1")


def is_loopback(base_url: str) -> bool:
    """Return whether an address is on this machine, where no key is needed: a simulator, or a proxy."""
    return urlsplit(base_url).hostname in {"127.0.0.1", "::1", "localhost"}


def awaitable(provider: TokenProvider) -> Callable[[], Awaitable[str]]:
    """Return *provider* as a coroutine function; one that answers at once is called in a worker thread.

    Those of ``azure.identity`` fetch a token over the network when theirs has expired.
    """
    if inspect.iscoroutinefunction(provider):
        return provider

    async def token() -> str:
        found = await asyncio.to_thread(provider)
        return await found if inspect.isawaitable(found) else found

    return token


def _names_deployment(base_url: str) -> bool:
    return "/openai/deployments/" in urlsplit(base_url).path


def _endpoint(base_url: str) -> str:
    return base_url.rstrip("/").removesuffix("/openai")
