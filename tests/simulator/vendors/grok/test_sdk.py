"""The real xAI SDK takes everything that the simulator says over gRPC."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import grpc
import pytest
import xai_sdk
from pydantic import BaseModel
from xai_sdk.chat import image, system, tool, tool_result, user
from xai_sdk.tools import code_execution, collections_search, image_generation, web_search, x_search

from massgen_stream.errors import UnknownProvider
from massgen_stream.simulator import Simulator, call, cut, fail, refuse, stall, text, think

from ...polling import until

pytestmark = pytest.mark.anyio
KEY = "right-key"
ADD = tool("add", "Adds.", {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]})


@asynccontextmanager
async def talking(*turns: Any, **options: Any) -> AsyncIterator[tuple[Any, Simulator]]:
    async with Simulator(turns or None, **options) as sim:
        client = client_of(sim)
        try:
            yield client, sim
        finally:
            await client.close()


def client_of(sim: Simulator, key: str = KEY) -> Any:
    host = sim.url("grok").removeprefix("http://")
    return xai_sdk.AsyncClient(
        api_key=key, api_host=host, use_insecure_channel=True, channel_options=[("grpc.enable_retries", 0)]
    )


async def streamed(chat: Any) -> Any:
    return [response async for response, _ in chat.stream()][-1]


async def test_text_streamed_and_not() -> None:
    async with talking() as (client, sim):
        chat = client.chat.create("grok-4.6", messages=[system("Be brief."), user("hello")])
        whole, in_pieces = await chat.sample(), await streamed(chat)
        assert whole.content == in_pieces.content
        assert whole.content.startswith("Hello!")
        assert whole.finish_reason == in_pieces.finish_reason == "REASON_STOP"
        assert whole.usage == in_pieces.usage
        assert whole.usage.total_tokens == whole.usage.prompt_tokens + whole.usage.completion_tokens
        assert whole.cost_usd > 0
        assert (whole.role, whole.reasoning_content, list(whole.tool_calls)) == ("ROLE_ASSISTANT", "", [])
        assert whole.created.year == in_pieces.created.year >= 2026
        assert [request.path for request in sim.requests] == [
            "/xai_api.Chat/GetCompletion",
            "/xai_api.Chat/GetCompletionChunk",
        ]


async def test_reasoning_when_it_is_asked_for() -> None:
    async with talking() as (client, _):
        chat = client.chat.create("grok-4.6", messages=[user("hi")], reasoning_effort="low", use_encrypted_content=True)
        response = await streamed(chat)
        assert response.reasoning_content
        assert response.encrypted_content == "simulated-1-c2VjcmV0"
        figures = response.usage
        assert figures.total_tokens == figures.prompt_tokens + figures.completion_tokens + figures.reasoning_tokens


async def test_two_turns_with_a_tool() -> None:
    async with talking() as (client, sim):
        chat = client.chat.create("grok-4.6", messages=[user("add")], tools=[ADD], use_encrypted_content=True)
        response = await streamed(chat)
        (made,) = response.tool_calls
        assert (made.function.name, json.loads(made.function.arguments).keys()) == ("add", {"a"})
        assert response.finish_reason == "REASON_TOOL_CALLS"
        chat.append(response).append(tool_result("3", made.id))
        assert "3" in (await chat.sample()).content
        sent = sim.requests[1].json["messages"]
        assert sent[1]["encrypted_content"] == response.encrypted_content
        assert sent[2]["tool_call_id"] == made.id


async def test_tools_that_xai_runs() -> None:
    tools = [web_search(), x_search(), code_execution(), collections_search(["c-1"]), image_generation()]
    wanted = ["web_search_call_output", "code_execution_call_output"]
    async with talking() as (client, _):
        chat = client.chat.create("grok-4.6", messages=[user("draw")], tools=tools, include=wanted)
        for response in (await streamed(chat), await chat.sample()):
            (drawn,) = response.image_outputs
            assert (drawn.mime_type, drawn.image[:8], drawn.image_uuid) == ("image/png", b"\x89PNG\r\n\x1a\n", "sim01")
            assert [bool(one.message.content) for one in response.tool_outputs] == [True, False, True, False, True]
            assert len(response.tool_calls) == len(tools)
            assert list(response.citations) == ["https://example.com/simulated"]
            assert response.content


async def test_an_image_is_seen_and_answers_may_be_several() -> None:
    async with talking() as (client, _):
        picture = image("data:image/png;base64,iVBORw0KGgo=", detail="high")
        chat = client.chat.create("grok-4.6", messages=[user("what is it?", picture)])
        assert "1 image (image/png, 8 bytes)" in (await chat.sample()).content
        with pytest.warns(PendingDeprecationWarning):
            answers = await chat.sample_batch(3)
        assert [bool(one.content) for one in answers] == [True, True, True]


class Place(BaseModel):
    city: str


async def test_structured_answers() -> None:
    async with talking() as (client, _):
        _, place = await client.chat.create("grok-4.6", messages=[user("where?")]).parse(Place)
        assert isinstance(place, Place)


async def test_a_script() -> None:
    async with talking([think("Hm."), text("a"), text("b"), call("add", {"a": 1})]) as (client, _):
        response = await streamed(client.chat.create("grok-4.6", messages=[user("x")], tools=[ADD]))
        assert (response.reasoning_content, response.content) == ("Hm.", "ab")
        assert response.tool_calls[0].function.arguments == '{"a": 1}'


@pytest.mark.parametrize(
    ("step", "code", "words"),
    [
        (refuse(400), grpc.StatusCode.INVALID_ARGUMENT, "failed"),
        (refuse(429, retry_after=2), grpc.StatusCode.RESOURCE_EXHAUSTED, "slow down"),
        (refuse(503, "busy"), grpc.StatusCode.UNAVAILABLE, "busy"),
        (fail("boom", kind="overloaded"), grpc.StatusCode.UNAVAILABLE, "boom"),
        (fail("boom", code="DEADLINE_EXCEEDED"), grpc.StatusCode.DEADLINE_EXCEEDED, "boom"),
        (cut(), grpc.StatusCode.UNAVAILABLE, "closed"),
        (cut("reset"), grpc.StatusCode.UNAVAILABLE, ""),  # reset, closed or removed: which one gRPC sees is a race
    ],
)
@pytest.mark.parametrize("whole", [True, False])
async def test_errors(step: Any, code: grpc.StatusCode, words: str, whole: bool) -> None:
    async with talking([step], [step]) as (client, _):
        chat = client.chat.create("grok-4.6", messages=[user("x")])
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await (chat.sample() if whole else streamed(chat))
        assert (caught.value.code(), words in str(caught.value.details())) == (code, True)
        if code is grpc.StatusCode.RESOURCE_EXHAUSTED:
            assert dict(caught.value.trailing_metadata())["retry-after"] == "2"


async def test_the_key() -> None:
    async with talking(api_key=KEY) as (client, sim):
        assert (await client.chat.create("grok-4.6", messages=[user("x")]).sample()).content
        other = client_of(sim, "wrong-key")
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await other.chat.create("grok-4.6", messages=[user("x")]).sample()
        await other.close()
        assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
        assert sim.requests[0].headers["authorization"] == "(hidden)"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"model": ""}, "model"),
        ({"tools": [tool("", "", {})]}, "name"),
        ({"tools": [ADD], "tool_choice": xai_sdk.chat.required_tool("sub")}, "sub"),
    ],
)
async def test_what_xai_would_refuse(settings: dict[str, Any], words: str) -> None:
    async with talking() as (client, _):
        chat = client.chat.create(**{"model": "grok-4.6", "messages": [user("x")], **settings})
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await chat.sample()
        assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert words in str(caught.value.details())


async def test_a_fault_by_model() -> None:
    async with talking() as (client, _):
        with pytest.raises(grpc.aio.AioRpcError, match="RESOURCE_EXHAUSTED"):
            await client.chat.create("simulator/fault:429", messages=[user("x")]).sample()


async def test_calls_and_connections_are_counted() -> None:
    async with talking([text("a"), stall()]) as (client, sim):
        came = asyncio.Event()

        async def read() -> None:
            async for _ in client.chat.create("grok-4.6", messages=[user("x")]).stream():
                came.set()

        reading = asyncio.ensure_future(read())
        await asyncio.wait_for(came.wait(), 5)  # a call that is cancelled before it runs goes on at the server
        assert sim.connections() == 1
        reading.cancel()
        await asyncio.wait([reading])
        await until(lambda: sim.connections() == 0)
        assert (sim.connections().idle, sim.connections().total) == (1, 1)


async def test_leaving_ends_every_call() -> None:
    sim = Simulator([stall()])
    async with sim:
        client = client_of(sim)
        reading = asyncio.ensure_future(streamed(client.chat.create("grok-4.6", messages=[user("x")])))
        await until(lambda: sim.connections() == 1)
    with pytest.raises(grpc.aio.AioRpcError):
        await reading
    await client.close()


async def test_http1_in_pieces_is_no_http2() -> None:
    async with Simulator() as sim:
        host, _, port = sim.origin.removeprefix("http://").rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        for piece in (b"P", b"UT / HTTP/1.1\r\nhost: x\r\n\r\n"):
            writer.write(piece)
            await asyncio.sleep(0.01)
        assert (await reader.readline()).startswith(b"HTTP/1.1 405")
        writer.close()
        await writer.wait_closed()


async def test_one_port_for_all() -> None:
    async with Simulator() as sim:
        assert {sim.url("grok"), sim.url("xai")} == {sim.origin}
        with pytest.raises(UnknownProvider):
            sim.url("nobody")


async def test_a_server_in_another_thread() -> None:
    with Simulator.threaded([text("a")]) as sim:
        client = client_of(sim)
        assert (await client.chat.create("grok-4.6", messages=[user("x")]).sample()).content == "a"
        await client.close()
