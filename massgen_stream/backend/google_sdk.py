"""Google's SDK: imported, built and touched in a worker thread, each of which takes up to two seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from ..errors import ConfigurationError
from ..provider.spec import ProviderSpec
from .gemini_capture import capturing_client
from .sdk_client import MOST_IDLE, SDKClient

_NO_KEY: Final = "none"
"""The SDK insists on a key; the header that would carry it is left out."""
HTTP_LIBRARY: Final = "httpx2"
"""What the SDK takes a client of its user's from, while it reads the response with it."""


class GoogleAccess(msgspec.Struct, frozen=True):
    """Which of Google's two doors requests go through.

    Attributes:
        enterprise: Through Google Cloud (Gemini Enterprise Agent Platform, once Vertex AI).
        project: Of Google Cloud; None: the environment's, or the one that the key belongs to.
        location: Region; None: the environment's, else ``global``.
        credentials: ``google.auth.credentials.Credentials``; None: the environment's.
        api_version: Such as ``v1beta``; None: the SDK's usual one.
    """

    enterprise: bool = False
    project: str | None = None
    location: str | None = None
    credentials: Any = None
    api_version: str | None = None

    @property
    def is_placed(self) -> bool:
        """Whether it says whose door it is, so that no key is needed."""
        return any((self.project, self.location, self.credentials))

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of ``genai.Client`` that say so."""
        found = {"project": self.project, "location": self.location, "credentials": self.credentials}
        return {"enterprise": self.enterprise, **{name: value for name, value in found.items() if value is not None}}


def through_door(spec: ProviderSpec, access: GoogleAccess) -> ProviderSpec:
    """Return the provider behind a door; the SDK knows Google Cloud's addresses, and a project needs no key."""
    if not access.enterprise:
        return spec
    keys = () if access.is_placed else spec.api_key_env
    return replace(
        spec, base_url=None, base_url_env=("GOOGLE_VERTEX_BASE_URL",), api_key_env=keys, key_required=False, uploads={}
    )


def check_library(library: str, provider: str) -> None:
    """Refuse to carry bytes with another library than the SDK takes a client of.

    Raises:
        ConfigurationError: *library* is another one.
    """
    if library != HTTP_LIBRARY:
        raise ConfigurationError(f"http_library: {provider} is read with {HTTP_LIBRARY}; leave it out")


async def opened_sdk(
    sending: Callable[[Any, Any, bool], Any],
    api_key: str | None,
    base_url: str | None,
    headers: Mapping[str, str],
    access: GoogleAccess,
    *,
    connect_timeout: float | None = None,
) -> SDKClient:
    """Return an open client; what takes time happens in a worker thread.

    Args:
        sending: Makes what sends requests, of the SDK's package, its client, and whether no header carries a key.
        api_key: None: no header carries a key.
        base_url: None: the SDK's own.
        headers: Sent with every request.
        access: Developer API or Google Cloud.
        connect_timeout: Seconds to open a connection for what the SDK sends by itself; None: its one limit for all.
    """
    # not asyncio.to_thread: it would hand on the caller's context, in which a loop is running
    door: dict[str, Any] = {"api_key": api_key, "base_url": base_url, "headers": dict(headers), "access": access}
    opening = partial(_open, sending, connect_timeout=connect_timeout, **door)
    return await asyncio.get_running_loop().run_in_executor(None, opening)


def _open(
    sending: Callable[[Any, Any, bool], Any],
    *,
    api_key: str | None,
    base_url: str | None,
    headers: dict[str, str],
    access: GoogleAccess,
    connect_timeout: float | None,
) -> SDKClient:
    genai, httpx2, anyio = import_module("google.genai"), import_module("httpx2"), import_module("anyio")
    anyio.run(anyio.sleep, 0)  # loads what the first connection would otherwise load on the caller's loop
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=MOST_IDLE)  # each stream holds one
    options = {"base_url": base_url, "headers": headers or None, "api_version": access.api_version}
    given = {name: value for name, value in options.items() if value is not None}
    key = api_key or (None if access.enterprise and (base_url is None or access.is_placed) else _NO_KEY)
    keyless = key == _NO_KEY
    web = capturing_client(limits=limits, connect_timeout=connect_timeout, keyless=keyless)
    once = genai.types.HttpRetryOptions(attempts=1)
    http_options = genai.types.HttpOptions(**given, httpx_async_client=web, retry_options=once)
    sdk = genai.Client(api_key=key, http_options=http_options, **access.arguments())

    async def close() -> None:
        await web.aclose()
        await sdk.aio.aclose()
        sdk.close()

    return SDKClient(sdk, sending(genai, sdk, keyless), close, httpx2.Timeout, {})
