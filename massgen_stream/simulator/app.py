"""The ASGI application: the vendors' APIs, a page that tells where they are, and a sign of life."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HTTPRequest
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from .connections import Connections
from .engine import Engine
from .page import html_page, json_page
from .player import Playing
from .request import Request, read_json, without_secrets
from .vendor import Path, Vendor

MOST_BODY_BYTES = 256 * 2**20
"""Room for a request with several videos; more is refused with 413."""

Keep = Callable[[Request], None]
Endpoint = Callable[[HTTPRequest], Awaitable[ASGIApp]]


def create_app(
    engine: Engine,
    served: Sequence[Vendor],
    connections: Connections,
    urls: Callable[[], Mapping[str, str]],
    keep: Keep,
) -> ASGIApp:
    """Return the application.

    Args:
        engine: Decides the answers.
        served: The APIs.
        connections: Is told of every response.
        urls: Returns the `base_url` of each provider, for the page.
        keep: Is given every request of a vendor's API.
    """
    shared: dict[tuple[str, str], list[tuple[Vendor, Path]]] = {}
    for vendor in served:
        for path in vendor.paths():
            shared.setdefault((path.method, path.path), []).append((vendor, path))
    routes = [
        Route(address, _endpoint(engine, ways, keep), methods=[method]) for (method, address), ways in shared.items()
    ]
    pages = [Route("/", _page(urls)), Route("/healthz", _alive)]
    not_here = partial(_not_here, frozenset(path for _, path in shared))
    return Counted(Starlette(routes=routes + pages, exception_handlers={HTTPException: not_here}), connections)


class Counted:
    """Counts each response of *app* while it is open."""

    def __init__(self, app: ASGIApp, connections: Connections) -> None:
        self._app, self._connections = app, connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; a client that left before its request was complete wants no answer."""
        with self._connections.responding(), suppress(ClientDisconnect):
            await self._app(scope, receive, send)


def _endpoint(engine: Engine, served: Sequence[tuple[Vendor, Path]], keep: Keep) -> Endpoint:
    """Answer at one address; where several APIs have it, the headers tell whose client asks."""

    async def respond(incoming: HTTPRequest) -> ASGIApp:
        body = await _body(incoming)
        headers = {name.lower(): value for name, value in incoming.headers.items()}
        request = Request(
            method=incoming.method,
            path=incoming.url.path,
            headers=without_secrets(headers),
            params={name: str(value) for name, value in incoming.path_params.items()},
            query=without_secrets(dict(incoming.query_params)),
            body=body,
            json=read_json(body),
        )
        keep(request)
        vendor, path = next((one for one in served if _is_client_of(one[0], headers)), served[-1])
        return Playing(engine.respond(vendor, path, request, vendor.key(headers)))

    return respond


def _is_client_of(vendor: Vendor, headers: Mapping[str, str]) -> bool:
    return vendor.key_header in headers or vendor.client_header in headers


async def _body(incoming: HTTPRequest) -> bytes:
    body = bytearray()
    async for piece in incoming.stream():
        body += piece
        if len(body) > MOST_BODY_BYTES:
            raise HTTPException(413, f"The request is larger than {MOST_BODY_BYTES} bytes.")
    return bytes(body)


def _page(urls: Callable[[], Mapping[str, str]]) -> Endpoint:
    async def page(incoming: HTTPRequest) -> Response:
        if "text/html" in incoming.headers.get("accept", ""):
            return HTMLResponse(html_page(urls()))
        return JSONResponse(json_page(urls()))

    return page


async def _alive(_incoming: HTTPRequest) -> Response:
    return PlainTextResponse("ok\n")


async def _not_here(known: frozenset[str], incoming: HTTPRequest, problem: Exception) -> Response:
    """An error in the shape that most clients read, since no vendor's path was met."""
    status = problem.status_code if isinstance(problem, HTTPException) else 500
    path = incoming.url.path
    message = f"{problem.detail}: {incoming.method} {path}" if isinstance(problem, HTTPException) else "Error"
    if status == 404 and f"/v1{path}" in known:  # noqa: PLR2004 - HTTP
        message += "; the base URL of this client must end in /v1"
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": "unknown_url"}
    return JSONResponse({"error": error}, status_code=status)
