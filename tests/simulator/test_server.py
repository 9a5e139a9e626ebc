import asyncio
import signal
import socket
import sys
import threading
import urllib.request

import anyio
import httpx2
import pytest

from massgen_stream.errors import ConfigurationError, MissingExtra, UnknownProvider
from massgen_stream.provider import providers
from massgen_stream.simulator import Simulator, stall, text
from massgen_stream.simulator.scripts import Step
from massgen_stream.simulator.vendor import vendors

from .polling import until

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("nothing_unclosed")]
ASKED = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "stream": True}


async def test_it_answers_and_is_gone_afterwards() -> None:
    before = asyncio.all_tasks()
    async with Simulator() as sim, httpx2.AsyncClient() as client:
        origin = sim.origin
        answer = await client.post(f"{sim.url('openai')}/chat/completions", json=ASKED)
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.text.endswith("data: [DONE]\n\n")
    assert asyncio.all_tasks() == before
    async with httpx2.AsyncClient() as client:
        with pytest.raises(httpx2.ConnectError):
            await client.get(origin)
    with pytest.raises(ConfigurationError, match="not running"):
        sim.url("openai")


async def test_it_can_run_again_and_many_can_run_at_once() -> None:
    sim = Simulator()
    async with sim:
        with pytest.raises(ConfigurationError, match="already running"):
            await sim.__aenter__()
    async with sim, Simulator() as other:
        assert sim.origin != other.origin


async def test_signals_belong_to_whoever_owns_the_process() -> None:
    handlers = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    async with Simulator():
        assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == handlers


async def test_every_provider_of_a_served_protocol_has_a_url() -> None:
    async with Simulator() as sim:
        served = {vendor.protocol for vendor in vendors()}
        assert {name for name, spec in providers().items() if spec.protocol in served} <= set(sim.urls())
        assert all(url.startswith(sim.origin) for url in sim.urls().values())
        assert sim.url("azure_openai") == sim.origin
        assert sim.url("mistral") == f"{sim.origin}/mistral/v1"
        assert sim.url("openai.chat") == sim.url("simulator") == f"{sim.origin}/v1"
        with pytest.raises(UnknownProvider, match="groq"):
            sim.url("nobody")


async def test_requests_are_kept_without_secrets_and_in_bounds() -> None:
    async with Simulator(keep_requests=2) as sim, httpx2.AsyncClient() as client:
        for number in range(3):
            headers = {"Authorization": "Bearer sk-secret", "X-API-Key": "sk-secret", "X-Number": str(number)}
            await client.post(f"{sim.url('openai')}/chat/completions", json=ASKED, headers=headers)
        kept = sim.requests
        assert [request.headers["x-number"] for request in kept] == ["1", "2"]
        assert kept[0].json == ASKED
        assert (kept[0].method, kept[0].path) == ("POST", "/v1/chat/completions")
        assert kept[0].headers["authorization"] == "(hidden)"
        assert "secret" not in str(kept) + str([request.headers for request in kept])


async def test_connections_count_open_responses() -> None:
    async with Simulator([text("a"), stall()]) as sim, httpx2.AsyncClient() as client:
        assert sim.connections() == 0
        async with client.stream("POST", f"{sim.url('openai')}/chat/completions", json=ASKED) as response:
            await anext(response.aiter_bytes())
            assert sim.connections() == 1
            assert (sim.connections().idle, sim.connections().total) == (0, 1)
        await until(lambda: sim.connections() == 0)
        await until(lambda: sim.connections().idle == 0)
        assert sim.connections().total == 1


async def test_a_finished_response_leaves_an_idle_connection() -> None:
    async with Simulator() as sim, httpx2.AsyncClient() as client:
        for _ in range(3):
            await client.get(f"{sim.origin}/healthz")
        await until(lambda: sim.connections() == 0)
        assert (sim.connections().idle, sim.connections().total) == (1, 1)
        assert repr(sim.connections()) == "<0 open, 1 idle, 1 in total>"


@pytest.mark.parametrize("script", [[stall()], [text("a"), stall()]])
async def test_leaving_ends_every_open_response_at_once(script: list[Step]) -> None:
    ended = 0

    async def listen(url: str, client: httpx2.AsyncClient) -> None:
        nonlocal ended
        with pytest.raises(httpx2.TransportError):
            await client.post(url, json=ASKED, timeout=None)
        ended += 1

    async with httpx2.AsyncClient() as client, anyio.create_task_group() as tasks, Simulator(script) as sim:
        for _ in range(5):
            tasks.start_soon(listen, f"{sim.url('openai')}/chat/completions", client)
        await until(lambda: sim.connections() == 5)
    assert ended == 5


async def test_a_client_that_leaves_during_its_request_is_forgotten(caplog: pytest.LogCaptureFixture) -> None:
    async with Simulator() as sim:
        stream = await anyio.connect_tcp("127.0.0.1", int(sim.origin.rpartition(":")[2]))
        await stream.send(b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{")
        await until(lambda: sim.connections() == 1)
        await stream.aclose()
        await until(lambda: sim.connections() == 0 and sim.connections().idle == 0)
    assert not caplog.records


async def test_a_cancelled_owner_leaves_nothing() -> None:
    before = asyncio.all_tasks()
    with anyio.CancelScope() as scope:
        async with Simulator():
            scope.cancel()
            await anyio.sleep_forever()
    assert asyncio.all_tasks() == before


async def test_a_busy_port_is_told_with_what_to_do() -> None:
    async with Simulator() as sim:
        port = int(sim.origin.rpartition(":")[2])
        with pytest.raises(ConfigurationError, match=f"port {port} on 127.0.0.1 is in use"):
            await Simulator(port=port).__aenter__()


@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.1"])
async def test_an_impossible_address_is_told(host: str) -> None:
    with pytest.raises(ConfigurationError, match="cannot listen on"):
        await Simulator(host=host).__aenter__()


async def test_addresses_are_those_that_a_client_can_use() -> None:
    async with Simulator(host="0.0.0.0") as sim:
        assert sim.origin.startswith("http://127.0.0.1:")
    if socket.has_ipv6:
        async with Simulator(host="::1") as sim, httpx2.AsyncClient() as client:
            assert (await client.get(f"{sim.origin}/healthz")).text == "ok\n"


async def test_without_its_libraries_it_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("massgen_stream.simulator.app")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "starlette.applications", None)
    with pytest.raises(MissingExtra, match=r"massgen-stream\[simulator\]"):
        await Simulator().__aenter__()


def test_in_a_thread_it_serves_code_without_a_loop() -> None:
    with Simulator.threaded([text("Hello")], delay=0) as sim:
        with urllib.request.urlopen(f"{sim.origin}/healthz", timeout=5) as answer:
            assert answer.read() == b"ok\n"
        assert sim.connections().total == 1
        assert any(thread.name == "massgen_stream simulator" for thread in threading.enumerate())
    assert not any(thread.name == "massgen_stream simulator" for thread in threading.enumerate())


def test_in_a_thread_errors_reach_the_caller() -> None:
    with (
        Simulator.threaded() as sim,
        pytest.raises(ConfigurationError, match="in use"),
        Simulator.threaded(port=int(sim.origin.rpartition(":")[2])),
    ):
        pass


async def test_the_page_tells_people_and_programs_where_to_go() -> None:
    async with Simulator() as sim, httpx2.AsyncClient(base_url=sim.origin) as client:
        page = (await client.get("/")).json()
        assert page["urls"] == sim.urls()
        assert page["faults"]["cut"].startswith("The body stops after 'after' bytes; 'how' is 'end', 'close' ")
        assert not [text for text in page["faults"].values() if "`" in text or "*" in text]
        html = await client.get("/", headers={"accept": "text/html"})
        assert sim.url("groq") in html.text
        assert html.headers["content-type"].startswith("text/html")


async def test_unknown_paths_are_errors_that_clients_can_read() -> None:
    async with Simulator() as sim, httpx2.AsyncClient(base_url=sim.origin) as client:
        for answer, status in ((await client.get("/nowhere"), 404), (await client.get("/v1/chat/completions"), 405)):
            assert answer.status_code == status
            assert answer.json()["error"]["code"] == "unknown_url"
        answer = await client.post("/chat/completions", json=ASKED)
        assert "must end in /v1" in answer.json()["error"]["message"]
