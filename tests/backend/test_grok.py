"""Grok over gRPC, against the simulator: what is sent, what goes back in the next turn, and that nothing stays."""

import asyncio
import gc
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from massgen_stream.backend import GrokBackend, create_backend
from massgen_stream.backend.cost import usage_cost
from massgen_stream.errors import ConfigurationError, InvalidMessage, MediaError, MissingKey
from massgen_stream.provider import get_provider
from massgen_stream.simulator import Simulator, call, cut, raw, stall, text, think
from massgen_stream.stream_chunk import Accumulator
from massgen_stream.stream_chunk.narrow import reasoning

from ..simulator.polling import until
from .reading import HELLO, error_info, of_type, read, tasks, types
from .reading import text as text_of

pytestmark = pytest.mark.anyio
KEY = "key-of-mine-0123456789"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(24)
ADD = {"name": "add", "description": "Adds.", "parameters": {"type": "object", "properties": {}}}


@asynccontextmanager
async def talking(*turns: Any, **options: Any) -> AsyncIterator[tuple[GrokBackend, Simulator]]:
    async with (
        Simulator(turns or None) as sim,
        GrokBackend(base_url=sim.url("grok"), api_key=KEY, **options) as backend,
    ):
        yield backend, sim


async def answer(backend: GrokBackend, messages: list[dict[str, Any]], **options: Any) -> Accumulator:
    found = Accumulator()
    async for chunk in backend.stream_with_tools(messages, [ADD], **options):
        found.feed(chunk)
    assert found.complete, found.error
    return found


async def test_a_whole_answer() -> None:
    async with talking([text("Hel"), text("lo")], source="agent-1") as (backend, sim):
        chunks = await read(backend.stream_with_tools(HELLO, model="grok-4.5", max_tokens=9))
        (request,) = sim.requests
    assert types(chunks) == ["start", "content", "content", "complete_response", "complete_message", "done"]
    assert (chunks[0].provider, chunks[0].model, chunks[0].request_id) == ("grok", "grok-4.5", "req_sim_1")
    last = chunks[-1]
    assert (last.finish_reason, last.raw_finish_reason, last.usage_source) == ("stop", "REASON_STOP", "reported")
    assert last.usage is not None
    assert last.usage["details"]["cost_in_usd_ticks"] > 0
    cost = usage_cost(last.usage, None, None)
    assert cost is not None
    assert cost.source == "reported"
    assert request.path == "/xai_api.Chat/GetCompletionChunk"
    assert request.headers["authorization"] == "(hidden)"
    assert request.headers["xai-sdk-version"].startswith("python/")
    sent = {"messages": [{"content": [{"text": "hello"}], "role": "ROLE_USER"}], "model": "grok-4.5"}
    assert request.json == {**sent, "max_tokens": 9, "n": 1}


async def test_the_key_goes_with_every_call_and_headers_become_metadata() -> None:
    async with Simulator(api_key=KEY) as sim, GrokBackend(base_url=sim.url("grok"), api_key=KEY) as backend:
        chunks = await read(backend.stream_with_tools(HELLO, extra_headers={"X-Conversation": "7"}))
        assert chunks[-1].finish_reason == "stop"
        assert sim.requests[0].headers["x-conversation"] == "7"
    async with talking() as (backend, sim), GrokBackend(base_url=sim.url("grok"), environ={}) as unnamed:
        await read(unnamed.stream_with_tools(HELLO))
        assert "authorization" not in sim.requests[0].headers


async def test_two_turns_with_tools_and_encrypted_reasoning() -> None:
    thought = reasoning("", provider_data={"grok": {"encrypted_content": ["c2VjcmV0/+=="]}})
    async with talking([think("Hm."), thought, text("So:"), call("add", {"a": 1})], [text("3.")]) as (backend, sim):
        first = await answer(backend, HELLO, use_encrypted_content=True)
        (made,) = first.tool_calls
        result = {"role": "tool", "tool_call_id": made["id"], "content": "3"}
        second = await answer(backend, [*HELLO, first.message(), result], use_encrypted_content=True)
        asked, sent = (request.json for request in sim.requests)
    assert (asked["use_encrypted_content"], asked["tools"][0]["function"]["name"]) == (True, "add")
    assert second.text == "3."
    assert sent["messages"][1:] == [
        {
            "role": "ROLE_ASSISTANT",
            "content": [{"text": "So:"}],
            "reasoning_content": "Hm.",
            "encrypted_content": "c2VjcmV0/+==",
            "tool_calls": [
                {
                    "id": made["id"],
                    "type": "TOOL_CALL_TYPE_CLIENT_SIDE_TOOL",
                    "function": {"name": "add", "arguments": '{"a": 1}'},
                }
            ],
        },
        {"role": "ROLE_TOOL", "content": [{"text": "3"}], "tool_call_id": made["id"]},
    ]


async def test_tools_that_xai_runs_go_back_as_they_came() -> None:
    native: dict[str, Any] = {"web_search": {"allowed_domains": ["e.com"]}, "image_generation": True}
    async with talking() as (backend, sim):
        chunks = [one async for one in backend.stream_with_tools(HELLO, **native, include=["web_search_call_output"])]
        found = Accumulator()
        for chunk in chunks:
            found.feed(chunk)
        (medium,) = found.media.values()
        await read(backend.stream_with_tools([*HELLO, found.message(), {"role": "user", "content": "And?"}]))
        asked, sent = (request.json for request in sim.requests)
    assert asked["tools"] == [{"web_search": {"allowed_domains": ["e.com"]}}, {"image_generation": {}}]
    assert asked["include"] == ["INCLUDE_OPTION_WEB_SEARCH_CALL_OUTPUT"]
    assert (medium.mime_type, medium.complete) == ("image/png", True)
    assert [result["tool_name"] for result in found.tool_results] == ["web_search", "image_generation"]
    assert found.citations
    calls, searched, drawn, said = sent["messages"][1:5]
    assert [one["id"] for one in calls["tool_calls"]] == [searched["tool_call_id"], drawn["tool_call_id"]]
    assert searched["tool_calls"][0]["status"] == drawn["tool_calls"][0]["status"] == "TOOL_CALL_STATUS_COMPLETED"
    assert '"result": "data:image/png;base64,iVBORw0KGgo' in drawn["content"][0]["text"]
    assert said["content"] == [{"text": found.text}]


async def test_several_answers() -> None:
    async with talking() as (backend, _):
        chunks = await read(backend.stream_with_tools(HELLO, n=2))
        assert {chunk.choice_index for chunk in of_type(chunks, "content")} == {None, 1}


async def test_an_answer_as_json() -> None:
    schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    wanted = {"type": "json_schema", "json_schema": {"name": "place", "schema": schema}}
    async with talking() as (backend, _):
        assert text_of(await read(backend.stream_with_tools(HELLO, response_format=wanted))).startswith('{"city":')


async def test_files_are_read_when_they_are_sent(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(PNG + bytes(100_000))
    parts = [{"type": "image", "path": picture}, {"type": "document", "data": b"%PDF-1.7", "filename": "a.pdf"}]
    async with talking() as (backend, sim):
        await read(backend.stream_with_tools([{"role": "user", "content": parts}]))
        (image, document) = sim.requests[0].json["messages"][0]["content"]
    assert image["image_url"]["image_url"].startswith("data:image/png;base64,iVBORw0KGgo")
    assert document == {"file": {"data": "JVBERi0xLjc=", "filename": "a.pdf", "mime_type": "application/pdf"}}


@pytest.mark.parametrize(
    ("messages", "options", "problem"),
    [
        (HELLO, {"brand_new": 1}, ConfigurationError),
        (HELLO, {"n": 0}, ConfigurationError),
        (HELLO, {"extra_headers": {"bad name": "x"}}, ConfigurationError),
        (HELLO, {"maps": True}, ConfigurationError),
        ([{"role": "user", "content": [{"type": "image", "path": "/no/such/file.png"}]}], {}, MediaError),
        ([{"role": "nobody", "content": ""}], {}, InvalidMessage),
    ],
)
def test_misuse_is_raised_at_the_call(messages: Any, options: dict[str, Any], problem: type[Exception]) -> None:
    backend = GrokBackend(api_key=KEY)
    with pytest.raises(problem):
        backend.stream_with_tools(messages, **options)


async def test_what_the_protocol_cannot_hold_is_an_error_of_the_request() -> None:
    async with talking() as (backend, sim):
        chunks = await read(backend.stream_with_tools(HELLO, temperature="hot"))
        assert error_info(chunks)["kind"] == "invalid_request"
        assert "temperature" in str(of_type(chunks, "error")[0].error)
        assert sim.requests == []


def test_addresses() -> None:
    assert create_backend("grok", api_key=KEY, base_url="http://127.0.0.1:1/").account.base_url
    with pytest.raises(ConfigurationError, match="without a path"):
        GrokBackend(api_key=KEY, base_url="http://127.0.0.1:1/v1")
    with pytest.raises(MissingKey, match="XAI_API_KEY"):
        GrokBackend(environ={})
    assert GrokBackend(environ={"XAI_API_KEY": KEY}).model == "grok-4.6"


async def test_a_host_of_ones_own() -> None:
    def quirk(body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "user": "all"}

    host = msgspec.structs.replace(
        get_provider("grok"), name="mine", dropped_options={"seed": "no dice"}, request_quirk=quirk
    )
    async with Simulator([text("a")]) as sim, GrokBackend(host, base_url=sim.url("grok"), api_key=KEY) as backend:
        chunks = await read(backend.stream_with_tools(HELLO, seed=1))
        assert (sim.requests[0].json["user"], "seed" in sim.requests[0].json) == ("all", False)
    assert of_type(chunks, "backend_status")[0].detail == "option seed dropped: no dice"


async def test_a_retired_model_is_told() -> None:
    async with talking([text("a")]) as (backend, _):
        chunks = await read(backend.stream_with_tools(HELLO, model="grok-4-1-fast-reasoning"))
    (warning,) = of_type(chunks, "backend_status")
    assert (warning.status, "grok-4.3" in str(warning.detail)) == ("warning", True)
    assert chunks[-1].finish_reason == "stop"


async def test_a_connection_is_used_again() -> None:
    async with talking() as (backend, sim):
        for _ in range(3):
            await read(backend.stream_with_tools(HELLO))
        assert sim.connections().total == 1


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_nobody_there(scheme: str) -> None:
    async with GrokBackend(base_url=f"{scheme}://127.0.0.1:1", api_key=KEY, max_retries=1) as backend:
        chunks = await read(backend.stream_with_tools(HELLO))
    assert [chunk.status for chunk in of_type(chunks, "backend_status")] == ["retry"]
    assert error_info(chunks)["kind"] == "transport"
    assert chunks[-1].finish_reason == "incomplete"


async def test_somebody_who_does_not_speak() -> None:
    connections: set[asyncio.StreamWriter] = set()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.add(writer)
        while await reader.read(4096):
            pass
        writer.close()
        await writer.wait_closed()
        connections.discard(writer)

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with GrokBackend(base_url=url, api_key=KEY, connect_timeout=0.05, max_retries=0) as backend:
        chunks = await read(backend.stream_with_tools(HELLO))
    await until(lambda: not connections)
    server.close()
    assert error_info(chunks)["kind"] == "timeout"
    assert "connect_timeout" in str(of_type(chunks, "error")[0].error)


async def test_a_host_that_comes_back_is_found_again() -> None:
    async with Simulator([text("a")]) as sim:
        url, port = sim.url("grok"), int(sim.origin.rpartition(":")[2])
        backend = GrokBackend(base_url=url, api_key=KEY, max_retries=0)
        assert (await read(backend.stream_with_tools(HELLO)))[-1].finish_reason == "stop"
    assert (await read(backend.stream_with_tools(HELLO)))[-1].finish_reason == "incomplete"
    async with Simulator([text("b")], port=port), backend:
        assert text_of(await read(backend.stream_with_tools(HELLO))) == "b"


async def test_silence_between_messages() -> None:
    async with talking([text("a"), stall()], read_timeout=0.1) as (backend, sim):
        chunks = await read(backend.stream_with_tools(HELLO))
        await until(lambda: sim.connections() == 0)
    assert error_info(chunks) | {"raw": None} == {"kind": "timeout", "provider": "grok", "retryable": True, "raw": None}
    assert (text_of(chunks), chunks[-1].finish_reason) == ("a", "error")


async def test_a_slow_reader_trips_no_limit() -> None:
    async with talking([text("a"), text("b"), text("c")], read_timeout=0.05, total_timeout=0.2) as (backend, _):
        found = ""
        async for chunk in backend.stream_with_tools(HELLO):
            await asyncio.sleep(0.06)
            found += (getattr(chunk, "content", None) or "") if chunk.type == "content" else ""
        assert (found, chunk.type) == ("abc", "done")
        assert getattr(chunk, "finish_reason", None) == "stop"


async def test_words_of_nobody() -> None:
    async with talking([text("a"), raw(b"\xff\xff\n"), text("b")], max_retries=0) as (backend, _):
        chunks = await read(backend.stream_with_tools(HELLO))
    assert error_info(chunks)["kind"] == "protocol"
    assert (text_of(chunks), chunks[-1].finish_reason) == ("a", "error")


async def test_a_cut_keeps_what_came() -> None:
    async with talking([text("a"), stall(0.02), cut("reset")]) as (backend, _):
        chunks = await read(backend.stream_with_tools(HELLO))
    assert (text_of(chunks), chunks[-1].finish_reason) == ("a", "incomplete")
    assert error_info(chunks)["kind"] == "transport"


async def test_streams_left_early_end_their_calls() -> None:
    """The SDK's own streams go on behind the back of a reader who left."""
    async with talking([text("Hello"), stall()]) as (backend, sim):
        await leave(backend)
        before, threads = len(tasks()), threading.active_count()
        gc.disable()
        try:
            for _ in range(4):
                await asyncio.gather(*(leave(backend) for _ in range(50)))
            await until(lambda: sim.connections() == 0 and len(tasks()) <= before)
        finally:
            gc.enable()
        names = [thread.name for thread in threading.enumerate() if not thread.name.startswith("asyncio_")]
        assert len(names) <= threads
        assert len(sim.requests) == 201
        assert sim.connections().total == 1


async def leave(backend: GrokBackend) -> None:
    async for chunk in backend.stream_with_tools(HELLO):
        if chunk.type == "content":
            break


async def test_a_reader_that_is_cancelled_ends_its_call() -> None:
    async with talking([text("Hello"), stall()]) as (backend, sim):
        task = asyncio.ensure_future(leave_at_end(backend))
        await until(lambda: sim.connections() == 1)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        await until(lambda: sim.connections() == 0)


async def leave_at_end(backend: GrokBackend) -> None:
    async for _ in backend.stream_with_tools(HELLO):
        pass


def test_one_backend_in_two_loops() -> None:
    async def one(backend: GrokBackend) -> str:
        try:
            return text_of(await read(backend.stream_with_tools(HELLO)))
        finally:
            await backend.aclose()

    with Simulator.threaded([text("a")]) as sim:
        backend = GrokBackend(base_url=sim.url("grok"), api_key=KEY)
        assert [asyncio.run(one(backend)) for _ in range(2)] == ["a", "a"]
