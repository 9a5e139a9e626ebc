"""Each fault as a plain HTTP client sees it."""

from collections.abc import AsyncIterator
from typing import Any

import anyio
import httpx2
import pytest

from massgen_stream.simulator import Simulator, cut, text
from massgen_stream.wire import decoder

from .polling import until

pytestmark = pytest.mark.anyio
ASKED = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "stream": True}
PATH = "/chat/completions"


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    async with Simulator([text("Hello"), text(" "), text("world")]) as sim:
        yield sim
        await until(lambda: sim.connections() == 0)


async def read(sim: Simulator, fault: str, **more: Any) -> tuple[bytes, httpx2.Response, Exception | None]:
    """The body as far as it came, and how the connection ended."""
    body = b""
    headers = {"x-simulate-fault": fault} if fault else {}
    async with (
        httpx2.AsyncClient(base_url=sim.url("openai")) as client,
        client.stream("POST", PATH, json=ASKED | more, headers=headers) as response,
    ):
        try:
            async for piece in response.aiter_raw():
                body += piece
        except httpx2.TransportError as problem:
            return body, response, problem
        return body, response, None


async def test_cut_at_byte_k_shows_k_bytes_and_an_error(sim: Simulator) -> None:
    whole, _, _ = await read(sim, "")
    for after in (0, 1, 77, len(whole) - 1):
        body, _, problem = await read(sim, f"cut;after={after}")
        assert len(body) == after
        assert body[:20] == whole[: min(after, 20)]
        assert isinstance(problem, httpx2.RemoteProtocolError)


async def test_a_slow_reader_still_gets_all_that_came_before_the_cut() -> None:
    words = "x" * 5_000_000  # more than sockets hold
    async with Simulator([text(words), cut()]) as sim:
        body, _, problem = await read(sim, "")
    assert words.encode() in body
    assert isinstance(problem, httpx2.RemoteProtocolError)


async def test_cut_by_reset(sim: Simulator) -> None:
    _, _, problem = await read(sim, "cut;after=77;how=reset")
    assert isinstance(problem, httpx2.ReadError)


async def test_cut_that_looks_like_an_end(sim: Simulator) -> None:
    body, response, problem = await read(sim, "cut;after=77;how=end")
    assert (len(body), problem, response.status_code) == (77, None, 200)


async def test_status_with_retry_after_then_success(sim: Simulator) -> None:
    seen = [await read(sim, "503;retry_after=1;times=2") for _ in range(3)]
    assert [response.status_code for _, response, _ in seen] == [503, 503, 200]
    assert [response.headers.get("retry-after") for _, response, _ in seen] == ["1", "1", None]


async def test_the_model_name_chooses_a_fault_too(sim: Simulator) -> None:
    _, response, _ = await read(sim, "", model="simulator/fault:429;retry_after=3")
    assert (response.status_code, response.headers["retry-after"]) == (429, "3")


async def test_another_body(sim: Simulator) -> None:
    body, response, _ = await read(sim, "html")
    assert response.headers["content-type"] == "text/html"
    read_chunks = decoder("openai.chat")
    chunks = read_chunks.feed(body) + read_chunks.close()
    assert [str(chunk.type) for chunk in chunks] == ["error", "done"]


async def test_slow_bytes_come_one_by_one(sim: Simulator) -> None:
    async with httpx2.AsyncClient(base_url=sim.url("openai")) as client:
        headers = {"x-simulate-fault": "slow;delay=0.0001"}
        async with client.stream("POST", PATH, json=ASKED, headers=headers) as response:
            pieces = [piece async for piece in response.aiter_raw()]
    assert len(pieces) > len(b"".join(pieces)) / 4  # the kernel may join a few
    assert b"".join(pieces).endswith(b"data: [DONE]\n\n")


async def test_silence_before_the_headers_lasts_until_the_client_leaves(sim: Simulator) -> None:
    with pytest.raises(httpx2.ReadTimeout):
        async with httpx2.AsyncClient(base_url=sim.url("openai"), timeout=httpx2.Timeout(5, read=0.03)) as client:
            await client.post(PATH, json=ASKED, headers={"x-simulate-fault": "silence"})


async def test_silence_after_k_bytes(sim: Simulator) -> None:
    async with (
        httpx2.AsyncClient(base_url=sim.url("openai")) as client,
        client.stream("POST", PATH, json=ASKED, headers={"x-simulate-fault": "silence;after=9"}) as response,
    ):
        pieces = response.aiter_raw()
        body = await anext(pieces)
        while len(body) < 9:
            body += await anext(pieces)
        assert body.startswith(b"data: {")
        assert len(body) == 9
        with anyio.move_on_after(0.03) as scope:
            await anext(pieces)
        assert scope.cancelled_caught


async def test_a_client_that_does_not_read_holds_nobody_up() -> None:
    async with Simulator(faults="huge;size=20000000") as sim, httpx2.AsyncClient(base_url=sim.url("openai")) as client:
        async with client.stream("POST", PATH, json=ASKED):
            await until(lambda: sim.connections() == 1)
            assert (await client.get(f"{sim.origin}/healthz")).status_code == 200
        await until(lambda: sim.connections() == 0)
