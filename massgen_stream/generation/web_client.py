"""HTTP APIs that have no SDK: JSON goes out and bytes come back, through httpx2."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from importlib import import_module
from typing import Any, Final, Self

import msgspec

from ..backend.limits import StreamLimits
from ..backend.sdk_client import MOST_IDLE
from ..backend.status_error import told_by_body
from ..backend.turn import Turn
from ..errors import ProviderError
from ..media.worker_thread import opened_in_thread
from .clients import lent_client
from .form_file import FormFile
from .order import Order

LIBRARIES: Final[Mapping[str, str]] = {"httpx2": "http"}
Refusal = Callable[[bytes, int], ProviderError | None]
"""Returns what a host says with an error status, of its body and the status; None: it is read as any host's."""
_ERROR: Final = 400


class WebClient:
    """Connections to one host.

    Args:
        http: ``httpx2.AsyncClient``.
        refusal: Reads the host's own errors.
    """

    def __init__(self, http: Any, refusal: Refusal | None = None) -> None:
        self._http, self._refusal = http, refusal

    @classmethod
    async def open(
        cls, base_url: str, limits: StreamLimits, headers: Mapping[str, str], *, refusal: Refusal | None = None
    ) -> Self:
        """Return a client; the library is loaded in a worker thread, since that takes a moment.

        Args:
            base_url: Where the host is; a user and a password in it become a header.
            limits: How long a connection, and an answer, may take.
            headers: Sent with every request to the host.
            refusal: See `WebClient`.
        """
        http = await opened_in_thread(lambda: _http_client(base_url, limits, dict(headers)), lambda _: None)
        return cls(http, refusal)

    async def get(self, path: str, **query: str) -> bytes:
        """Return what is behind a path, or a whole address of the same host.

        Raises:
            ProviderError: The host refuses. What the connection raises is translated by whoever reads the stream.
        """
        return await self._answer("GET", path, params=query)

    async def post(self, path: str, body: Any = None, *, is_long: bool = False) -> bytes:
        """Send JSON, or nothing, and return the answer.

        Args:
            path: As in `get`.
            body: The JSON.
            is_long: Whether the answer may take any time; then the caller sees to it that somebody still works on it.

        Raises:
            ProviderError: As `get`.
        """
        sent = {} if body is None else {"content": msgspec.json.encode(body), "headers": _JSON}
        usual = self._http.timeout
        patience = {"timeout": (usual.connect, None, usual.write, usual.pool)} if is_long else {}
        return await self._answer("POST", path, **sent, **patience)

    async def upload(self, path: str, field: str, file: FormFile) -> bytes:
        """Send a file as a form, and return the answer.

        Raises:
            ProviderError: As `get`.
        """
        return await self._answer("POST", path, files={field: (file.filename, file.data, file.mime_type)})

    async def _answer(self, method: str, path: str, **sent: Any) -> bytes:
        response = await self._http.request(method, path, **sent)
        body: bytes = response.content
        if response.status_code >= _ERROR:
            raise self._refused(body, response)
        return body

    def _refused(self, body: bytes, response: Any) -> ProviderError:
        own = self._refusal(body, response.status_code) if self._refusal is not None else None
        if own is not None:
            return own
        told = told_by_body(body, response.status_code, response.headers, time.time())
        return ProviderError(told.message, **told.info)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()


@asynccontextmanager
async def opened(
    order: Order, turn: Turn, base_url: str, headers: Mapping[str, str], *, refusal: Refusal | None = None
) -> AsyncIterator[WebClient]:
    """Open the connections for one attempt; arguments as `WebClient.open`."""
    limits = turn.limits
    opening = partial(WebClient.open, base_url, limits, headers, refusal=refusal)
    key = (WebClient, base_url, limits.connect_timeout, limits.read_timeout, *sorted(headers.items()), refusal)
    async with lent_client(order.clients, turn, key, opening, lambda web: web.aclose()) as web:
        yield web


_JSON: Final = {"content-type": "application/json"}


def _http_client(base_url: str, limits: StreamLimits, headers: dict[str, str]) -> Any:
    httpx2, anyio = import_module("httpx2"), import_module("anyio")
    anyio.run(anyio.sleep, 0)  # loads what the first connection would otherwise load on the caller's loop
    connect, read = limits.connect_timeout, limits.read_timeout
    timeout = httpx2.Timeout(connect=connect, read=read, write=read, pool=connect)
    most = httpx2.Limits(max_connections=None, max_keepalive_connections=MOST_IDLE)  # each medium holds one
    return httpx2.AsyncClient(base_url=base_url, headers=headers, timeout=timeout, limits=most)
