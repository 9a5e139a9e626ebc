"""An HTTP server that answers byte by byte as a test says, also against the rules."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

DATA = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400
TAG: dict[str, Any] = {"etag": '"v1"'}


class Request:
    """A request, and the connection to answer it on."""

    def __init__(self, path: str, headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        self.path, self.headers, self.writer = path, headers, writer

    @property
    def start(self) -> int:
        """First byte that is asked for."""
        return int(self.headers.get("range", "bytes=0-").removeprefix("bytes=").rstrip("-"))

    async def head(self, status: int = 200, **headers: object) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"HTTP/1.1 {status} x", *(f"{name}: {value}" for name, value in named.items()), "connection: close"]
        self.writer.write("\r\n".join(lines).encode() + b"\r\n\r\n")
        await self.writer.drain()

    async def body(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self, data: bytes = DATA, status: int = 200, **headers: object) -> None:
        given = {"content_type": "image/png", "content_length": len(data)} | headers
        await self.head(status, **given)
        await self.body(data)

    async def part(self, data: bytes = DATA, **headers: object) -> None:
        """Answer a request for a range as it should be answered."""
        span = f"bytes {self.start}-{len(data) - 1}/{len(data)}"
        await self.answer(data[self.start :], 206, **({"content_range": span} | TAG | headers))

    def reset(self) -> None:
        self.writer.transport.abort()


Plan = Callable[[Request], Awaitable[None]]


class Server:
    """Serves one request per connection, by the plans in turn; the last one again and again."""

    def __init__(self, *plans: Plan) -> None:
        self.plans = list(plans)
        self.requests: list[Request] = []
        self.open = 0
        self.idle = asyncio.Event()
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        self.idle.clear()
        try:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in lines[1:] if line)
            request = Request(lines[0].split(" ")[1], headers, writer)
            self.requests.append(request)
            plan = self.plans.pop(0) if len(self.plans) > 1 else self.plans[0]
            await plan(request)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.open -= 1
            self.idle.set()
            writer.close()


@asynccontextmanager
async def serving(*plans: Plan) -> AsyncIterator[Server]:
    server = Server(*plans)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/photo.png"
    try:
        yield server
    finally:
        listening.close()
