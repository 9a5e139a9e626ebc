"""HTTP APIs without an SDK: what is sent, and what refusals tell."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from typing import Any

import httpx2
import pytest

from massgen_stream.backend.limits import StreamLimits
from massgen_stream.errors import ProviderError
from massgen_stream.generation.form_file import FormFile
from massgen_stream.generation.web_client import WebClient
from massgen_stream.simulator import Simulator
from massgen_stream.simulator.forms import form_fields

from ..simulator.polling import until

pytestmark = pytest.mark.anyio


def answering(status: int = 200, body: bytes = b"{}", **headers: str) -> tuple[Any, list[httpx2.Request]]:
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(status, content=body, headers=headers)

    return httpx2.AsyncClient(base_url="http://host.example/api", transport=httpx2.MockTransport(answer)), seen


async def test_what_is_sent() -> None:
    http, seen = answering(body=b"[1]")
    async with aclosing(WebClient(http)) as web:
        assert await web.get("/a", q="1") == b"[1]"
        assert await web.post("/b", {"x": "ü"}) == b"[1]"
        await web.post("/c")
        await web.upload("/d", "content", FormFile("a.png", b"png", "image/png"))
        await web.get("http://host.example/api/e")
    assert [(one.method, str(one.url)) for one in seen] == [
        ("GET", "http://host.example/api/a?q=1"), ("POST", "http://host.example/api/b"),
        ("POST", "http://host.example/api/c"), ("POST", "http://host.example/api/d"), ("GET", "http://host.example/api/e"),
    ]  # fmt: skip
    assert (json.loads(seen[1].content), seen[1].headers["content-type"]) == ({"x": "ü"}, "application/json")
    assert seen[2].content == b""
    (field,) = form_fields(seen[3].headers["content-type"], seen[3].content)
    assert (field.name, field.filename, field.data, field.content_type) == ("content", "a.png", b"png", "image/png")


async def test_refusals() -> None:
    http, _ = answering(429, b'{"detail": "slow down"}', **{"retry-after": "3"})
    async with aclosing(WebClient(http)) as web:
        with pytest.raises(ProviderError, match="slow down") as caught:
            await web.get("/a")
    assert (caught.value.kind, caught.value.status, caught.value.retry_after_seconds) == ("rate_limited", 429, 3.0)


@pytest.mark.parametrize(("own", "said"), [(ProviderError("of its own"), "of its own"), (None, "HTTP 500")])
async def test_hosts_with_errors_of_their_own(own: ProviderError | None, said: str) -> None:
    http, _ = answering(500, b"rubbish")
    async with aclosing(WebClient(http, lambda *_: own)) as web:
        with pytest.raises(ProviderError, match=said):
            await web.post("/a", {})


async def test_nothing_stays_open() -> None:
    async with Simulator() as sim:
        async with aclosing(await WebClient.open(sim.origin, StreamLimits(), {"x-mine": "1"})) as web:
            assert await web.get("/healthz") == b"ok\n"
            assert sim.connections().idle == 1
        await until(lambda: sim.connections() == sim.connections().idle == 0)


async def test_a_host_may_be_asked_for_many_media_at_once() -> None:
    limits = StreamLimits(connect_timeout=0.5)
    gate = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await gate.wait()
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=256)
    port = server.sockets[0].getsockname()[1]
    async with server, aclosing(await WebClient.open(f"http://127.0.0.1:{port}", limits, {})) as web:
        asked = [asyncio.create_task(web.get("/")) for _ in range(110)]
        await asyncio.wait(asked, timeout=1)
        gate.set()
        assert await asyncio.gather(*asked) == [b"{}"] * 110
