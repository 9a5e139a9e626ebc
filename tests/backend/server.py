"""A small real HTTP server that follows a plan per request and counts its open connections."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

Plan = Callable[["Exchange"], Awaitable[None]]


class Exchange:
    """One request, and the way to answer it byte by byte."""

    def __init__(self, path: str, headers: dict[str, str], body: bytes, writer: asyncio.StreamWriter) -> None:
        self.path, self.headers, self.body, self._writer = path, headers, body, writer
        self.kept_alive = True
        self.closed = asyncio.Event()

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    async def head(self, status: int = 200, content_type: str = "text/event-stream", **headers: str) -> None:
        lines = [f"HTTP/1.1 {status} Whatever", f"content-type: {content_type}", "transfer-encoding: chunked"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self._writer.write("\r\n".join(lines).encode() + b"\r\n\r\n")
        await self._writer.drain()

    async def send(self, data: bytes) -> None:
        self._writer.write(b"%x\r\n%s\r\n" % (len(data), data))
        await self._writer.drain()

    async def events(self, *documents: object) -> None:
        for document in documents:
            text = document if isinstance(document, str) else json.dumps(document)
            await self.send(f"data: {text}\n\n".encode())

    async def end(self) -> None:
        self._writer.write(b"0\r\n\r\n")
        await self._writer.drain()

    async def cut(self) -> None:
        """Break the connection in the middle of the response."""
        self.kept_alive = False
        self._writer.close()

    async def hold(self) -> None:
        """Say nothing until the client has gone."""
        self.kept_alive = False
        await self.closed.wait()

    async def reply(self, status: int, body: object, content_type: str = "application/json", **headers: str) -> None:
        await self.head(status, content_type, **headers)
        await self.send(body if isinstance(body, bytes) else json.dumps(body).encode())
        await self.end()


class Server:
    """Follows `plans` in order, the last one for all further requests."""

    def __init__(self, *plans: Plan) -> None:
        self.plans = list(plans)
        self.exchanges: list[Exchange] = []
        self.connections = 0
        self.accepted = 0
        self.changed = asyncio.Condition()
        self.url = ""

    async def all_closed(self) -> None:
        """Wait until no connection is open."""
        async with self.changed:
            await self.changed.wait_for(lambda: self.connections == 0)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._count(1)
        try:
            while await self._exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # gone, or the test is over
        finally:
            writer.close()
            await self._count(-1)

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines if line)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        exchange = Exchange(first.split()[1], headers, body, writer)
        plan = self.plans[min(len(self.exchanges), len(self.plans) - 1)]
        self.exchanges.append(exchange)
        watch = asyncio.ensure_future(self._watch(reader, exchange))
        try:
            await plan(exchange)
        finally:
            if exchange.kept_alive:
                watch.cancel()
            await asyncio.wait([watch])
        return exchange.kept_alive

    async def _watch(self, reader: asyncio.StreamReader, exchange: Exchange) -> None:
        """Notice the client's end of file; a plan that holds waits for it."""
        if exchange.kept_alive:
            await asyncio.sleep(0)
        while not reader.at_eof():
            if reader._exception is not None:  # type: ignore[attr-defined]
                break
            await asyncio.sleep(0.005)
        exchange.closed.set()

    async def _count(self, change: int) -> None:
        self.connections += change
        self.accepted += max(change, 0)
        async with self.changed:
            self.changed.notify_all()


@asynccontextmanager
async def serving(*plans: Plan) -> AsyncGenerator[Server, None]:
    server = Server(*plans)
    listener = await asyncio.start_server(server.handle, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/v1"
    try:
        yield server
    finally:
        listener.close()


def delta(text: str | None = None, *, finish: str | None = None, **fields: object) -> dict[str, object]:
    """One Chat Completions event."""
    content = {} if text is None else {"content": text}
    choice = {"index": 0, "delta": {**content, **fields}, "finish_reason": finish}
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m-1", "choices": [choice]}


USAGE = {
    "id": "chatcmpl-1",
    "object": "chat.completion.chunk",
    "created": 1,
    "model": "m-1",
    "choices": [],
    "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5},
}


def answering(*texts: str) -> Plan:
    """A whole answer, one event per text."""

    async def plan(exchange: Exchange) -> None:
        await exchange.head(x_request_id="req-1")
        await exchange.events(delta("", role="assistant"), *map(delta, texts), delta(finish="stop"), USAGE, "[DONE]")
        await exchange.end()

    return plan


def failing(status: int, body: object, **headers: str) -> Plan:
    """An error before the stream."""

    async def plan(exchange: Exchange) -> None:
        await exchange.reply(status, body, **headers)

    return plan


def starting(*texts: str) -> Plan:
    """An answer that begins and then says no more."""

    async def plan(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.events(*map(delta, texts))
        await exchange.hold()

    return plan


def breaking(*texts: str) -> Plan:
    """An answer whose connection breaks."""

    async def plan(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.events(*map(delta, texts))
        await exchange.cut()

    return plan


async def silent(exchange: Exchange) -> None:
    """No answer at all."""
    await exchange.hold()
