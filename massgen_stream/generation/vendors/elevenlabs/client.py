"""ElevenLabs' SDK (2.78): it sends and authenticates, our decoders read its bytes.

Its own iterators of lines and events drop what they cannot read, and one of them yields nothing at all, so the raw
response is read. It stands on the older ``httpx``; its client is made in a worker thread.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial, reduce
from importlib import import_module
from inspect import isawaitable
from types import MappingProxyType
from typing import Any, Final

from ....backend.account import Account
from ....backend.sdk_client import MOST_IDLE, SDKClient
from ....backend.turn import Turn
from ....media.worker_thread import opened_in_thread
from ...clients import MediaClients, lent_client
from ...sdk_answers import OpenResponse

LIBRARIES: Final[Mapping[str, str]] = {"elevenlabs": "elevenlabs"}
QUERY: Final = frozenset(("enable_logging", "optimize_streaming_latency"))
"""Parameters that belong into the address; all others belong into the body."""


@asynccontextmanager
async def opened(
    account: Account, turn: Turn, *resources: str, clients: MediaClients | None = None
) -> AsyncIterator[Any]:
    """Open the SDK's client, ``AsyncElevenLabs``, for one attempt.

    Args:
        account: Key and address.
        turn: The attempt; what this takes is not the vendor's time.
        resources: Parts of it that will be used, such as ``flows.video``: they are loaded in the thread as well.
        clients: Where it is kept for the next medium; None: it is closed behind this one.
    """
    limits = turn.limits
    key = (account.api_key, account.base_url, limits.connect_timeout, limits.read_timeout, resources)

    async def opening() -> tuple[Any, Any]:
        return await opened_in_thread(partial(_open, *key), lambda _: None)  # nothing is connected yet

    async with lent_client(clients, turn, (_open, *key), opening, lambda pair: pair[1].aclose()) as (sdk, _):
        yield sdk


def calling(sdk: Any, resource: str, method: str) -> SDKClient:
    """Return the client for one method, such as ``stream`` of ``text_to_speech``, whose raw response is read.

    `SDKClient.create` takes the method's arguments, and ``more``: parameters that it does not know.
    """
    raw = reduce(getattr, resource.split("."), sdk).with_raw_response

    @asynccontextmanager
    async def create(*, more: Mapping[str, Any], extra_headers: Any, **given: Any) -> AsyncIterator[OpenResponse]:
        del given["timeout"]  # the client has it
        query = given.pop("extra_query", {})
        asking = getattr(raw, method)(**given, request_options=options(extra_headers, more, query))
        if isawaitable(asking):  # it has been read
            yield _raw(await asking)
            return
        async with asking as response:
            yield _raw(response)

    return SDKClient(sdk, create, _nothing, lambda **_: {}, {})


def options(
    headers: Mapping[str, Any], more: Mapping[str, Any], query: Mapping[str, Any] = MappingProxyType({})
) -> dict[str, Any]:
    """Return the SDK's ``request_options``: nothing is sent twice, and *more* goes where it belongs."""
    return {
        "max_retries": 0,
        "additional_headers": dict(headers),
        "additional_query_parameters": {**{name: more[name] for name in more if name in QUERY}, **query},
        "additional_body_parameters": {name: more[name] for name in more if name not in QUERY},
    }


def document_of(response: Any) -> Any:
    """Return the JSON of an answer that has been read.

    Raises:
        ValueError: It is none.
    """
    return response._response.json()  # noqa: SLF001 - typed objects lose unknown fields


def _raw(response: Any) -> OpenResponse:
    return OpenResponse(response._response)  # noqa: SLF001 - the SDK hands out no other way to its bytes


def _open(
    api_key: str | None,
    base_url: str | None,
    connect: float | None,
    read: float | None,
    resources: tuple[str, ...],
) -> tuple[Any, Any]:
    elevenlabs, httpx = import_module("elevenlabs.client"), import_module("httpx")
    timeout = httpx.Timeout(connect=connect, read=read, write=read, pool=connect)
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=MOST_IDLE)
    http = httpx.AsyncClient(timeout=timeout, limits=limits, follow_redirects=False)  # the key would go along
    sdk = elevenlabs.AsyncElevenLabs(base_url=base_url, api_key=api_key, httpx_client=http, timeout=timeout)
    for resource in resources:
        reduce(getattr, resource.split("."), sdk)
    return sdk, http


async def _nothing() -> None:
    """The client is closed by whoever opened it."""
