"""The HTTP client that Google's SDK sends with, and that keeps what it gets.

The SDK has no public way to a raw stream, leaves the connection open when its stream is closed early (its generators
are nested), and would turn a request into its own types. So it is given an HTTP client of its user's, as its options
allow, and does addresses, authentication and errors with it: the client sends our bytes in place of those of the SDK,
keeps the response, and shows the SDK an empty one.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import httpx2

_KEY: Final = "x-goog-api-key"
_REFUSED: Final = 300
"""Redirects as well: they are not followed, since the key would go along to wherever they lead."""
_COMMAND: Final = "x-goog-upload-command"
_STATUS: Final = "x-goog-upload-status"
_MADE_ANEW: Final = frozenset(("content-length", "host", "transfer-encoding"))


class Outgoing:
    """One request on its way: what goes out in place of the SDK's own, and what came for it.

    Attributes:
        response: The response, once it has begun; whoever sent the request closes it.
    """

    def __init__(
        self,
        content: bytes,
        *,
        headers: Mapping[str, str],
        query: Mapping[str, Any],
        timeout: Any,
        keyless: bool,
        verb: str | None = None,
    ) -> None:
        """Make a request.

        Args:
            content: The body.
            headers: Beside the SDK's; these win.
            query: Beside the SDK's.
            timeout: ``httpx2.Timeout``.
            keyless: Whether the key that the SDK insists on is left out.
            verb: What is asked of the model in place of the SDK's method, such as ``predict``.
        """
        self._content, self._headers, self._query, self._timeout = content, headers, query, timeout
        self._keyless, self._verb = keyless, verb
        self.response: httpx2.Response | None = None

    def request(self, client: httpx2.AsyncClient, made: httpx2.Request) -> httpx2.Request:
        """Return what is sent in place of *made*."""
        named = {name.lower() for name in self._headers} | _MADE_ANEW | ({_KEY} if self._keyless else frozenset())
        headers = {name: value for name, value in made.headers.items() if name.lower() not in named}
        return client.build_request(
            made.method,
            self._address(made.url).copy_merge_params(dict(self._query)),
            content=self._content,
            headers=headers | dict(self._headers),
            timeout=self._timeout,
        )

    def _address(self, made: httpx2.URL) -> httpx2.URL:
        if self._verb is None:
            return made
        model = made.raw_path.partition(b"?")[0].rpartition(b":")[0]
        return made.copy_with(raw_path=b"%s:%s" % (model, self._verb.encode()))


OUTGOING: Final[ContextVar[Outgoing | None]] = ContextVar("outgoing", default=None)
"""The request of the running task, while the SDK sends it."""


class CapturedResponse:
    """The raw response.

    Attributes:
        headers: Its headers.
        iter_bytes: Makes the iterator over its body, with encodings undone.
    """

    def __init__(self, response: httpx2.Response) -> None:
        self.headers: Mapping[str, str] = response.headers
        self.iter_bytes: Callable[[], AsyncGenerator[bytes, None]] = response.aiter_bytes


def capturing_client(
    *, connect_timeout: float | None = None, keyless: bool = False, **arguments: Any
) -> httpx2.AsyncClient:
    """Return a client that sends `OUTGOING` and keeps its response; imports httpx2, so call it in a worker thread.

    What the SDK sends by itself, about files, goes out as it is, but within *connect_timeout* and, where there is
    none, without a key.

    Args:
        connect_timeout: Seconds; None: the SDK's one limit for all.
        keyless: Whether the key that the SDK insists on is left out.
        arguments: Those of ``httpx2.AsyncClient``.
    """
    import httpx2  # noqa: PLC0415 - loading takes time, and is for those who use it

    class CapturingClient(httpx2.AsyncClient):
        async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
            outgoing = OUTGOING.get()
            if outgoing is None:
                _limit(request, connect_timeout, keyless=keyless)
                return _ended_where_refused(request, await super().send(request, **options))
            response = await super().send(outgoing.request(self, request), **options)
            if response.status_code >= _REFUSED:
                return response  # the SDK reads it, closes it and raises its error
            outgoing.response = response
            return httpx2.Response(response.status_code, headers={}, request=request, content=b"")

    return CapturingClient(**arguments, follow_redirects=False)


def _limit(request: httpx2.Request, connect_timeout: float | None, *, keyless: bool) -> None:
    """Say how long connecting may take: the SDK has one limit, that for reading."""
    if connect_timeout is not None:
        limits = request.extensions.get("timeout") or {}
        request.extensions["timeout"] = {**limits, "connect": connect_timeout, "pool": connect_timeout}
    if keyless:
        request.headers.pop(_KEY, None)


def _ended_where_refused(request: httpx2.Request, response: httpx2.Response) -> httpx2.Response:
    """Say that an upload is over where it was refused: the SDK would send the same three times more, in silence."""
    if response.status_code >= _REFUSED and _COMMAND in request.headers:
        response.headers.setdefault(_STATUS, "final")
    return response
