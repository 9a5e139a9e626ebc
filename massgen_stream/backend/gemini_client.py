"""Google's SDK: imported, built and touched in a worker thread, each of which takes up to two seconds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from importlib import import_module
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from ..errors import ConfigurationError
from ..provider.spec import ProviderSpec
from .gemini_capture import OUTGOING, CapturedResponse, Outgoing, capturing_client
from .sdk_client import MOST_IDLE, SDKClient

_NO_KEY: Final = "none"
"""The SDK insists on a key; the header that would carry it is left out."""
_PLACEHOLDER: Final = "-"
"""The SDK insists on contents; ours go out in their place."""


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


async def open_client(
    api_key: str | None,
    base_url: str | None,
    headers: Mapping[str, str],
    access: GoogleAccess,
    *,
    connect_timeout: float | None = None,
) -> SDKClient:
    """Return an open client; what takes time happens in a worker thread.

    Args:
        api_key: None: no header carries a key.
        base_url: None: the SDK's own.
        headers: Sent with every request.
        access: Developer API or Google Cloud.
        connect_timeout: Seconds to open a connection for what the SDK sends by itself; None: its one limit for all.
    """
    # not asyncio.to_thread: it would hand on the caller's context, in which a loop is running
    opening = partial(_open, api_key, base_url, dict(headers), access, connect_timeout)
    return await asyncio.get_running_loop().run_in_executor(None, opening)


def _open(
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
    web = capturing_client(follow_redirects=True, limits=limits, connect_timeout=connect_timeout, keyless=keyless)
    sdk = genai.Client(
        api_key=key, http_options=genai.types.HttpOptions(**given, httpx_async_client=web), **access.arguments()
    )
    config = genai.types.GenerateContentConfig(
        automatic_continuation=False, automatic_function_calling={"disable": True}
    )
    sender = _Sender(sdk.aio.models.generate_content_stream, config, keyless=keyless)

    async def close() -> None:
        await web.aclose()
        await sdk.aio.aclose()
        sdk.close()

    return SDKClient(sdk, sender.create, close, httpx2.Timeout, {})


class _Sender:
    """Sends requests through the SDK."""

    def __init__(self, stream: Any, config: Any, *, keyless: bool) -> None:
        self._stream, self._config, self._keyless = stream, config, keyless

    @asynccontextmanager
    async def create(
        self,
        *,
        model: str,
        extra_body: Mapping[str, Any],
        timeout: Any,  # noqa: ASYNC109 - httpx2's own limits, by kind
        stream: bool = True,  # noqa: ARG002 - the call that all SDKs share
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        verb: str | None = None,
    ) -> AsyncGenerator[CapturedResponse, None]:
        """Send a request; yields the response, which is closed behind it.

        With a *verb*, such as ``predict``, that is asked of the model instead, at the address that the SDK makes.
        """
        outgoing = Outgoing(
            encoded(extra_body),
            headers=extra_headers or {},
            query=extra_query or {},
            timeout=timeout,
            keyless=self._keyless,
            verb=verb,
        )
        try:
            yield CapturedResponse(await self._sent(model, outgoing))
        finally:
            if outgoing.response is not None:
                await outgoing.response.aclose()

    async def _sent(self, model: str, outgoing: Outgoing) -> Any:
        token = OUTGOING.set(outgoing)
        try:
            async for _ in await self._stream(model=model, contents=_PLACEHOLDER, config=self._config):
                pass  # it is empty
        finally:
            OUTGOING.reset(token)
        return outgoing.response


def encoded(body: Mapping[str, Any]) -> bytes:
    """Return a request's body as JSON."""
    try:
        return msgspec.json.encode(body)
    except (UnicodeEncodeError, OverflowError):  # half characters, integers of more than 64 bits
        return json.dumps(body, allow_nan=False).encode()
