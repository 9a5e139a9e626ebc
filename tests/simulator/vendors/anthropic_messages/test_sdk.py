"""Anthropic's own SDK against the simulator: typed, helped, raw and whole, and its errors."""

import base64
from collections.abc import AsyncIterator
from typing import Any

import anthropic
import httpx2
import pytest

from massgen_stream.simulator import Simulator, call, fail, refuse, text, think
from massgen_stream.stream_chunk.narrow import content, done, reasoning
from massgen_stream.wire import decoder

pytestmark = pytest.mark.anyio
USER: Any = [{"role": "user", "content": "Write a haiku about rivers"}]
ASK: dict[str, Any] = {"model": "claude-x", "max_tokens": 4096, "messages": USER}
WEATHER: Any = {
    "name": "get_weather",
    "input_schema": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 1}},
        "required": ["city", "days"],
    },
}
RUN: Any = [
    {"type": "web_search_20260318", "name": "web_search"},
    {"type": "web_fetch_20260318", "name": "web_fetch"},
    {"type": "code_execution_20260521", "name": "code_execution"},
]
THINK: Any = {"type": "adaptive"}


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    async with Simulator() as sim:
        yield sim


def client_of(sim: Simulator) -> anthropic.AsyncAnthropic:
    assert sim.url("claude") == sim.url("anthropic") == sim.url("anthropic.messages") == sim.origin
    return anthropic.AsyncAnthropic(base_url=sim.url("anthropic"), api_key="any", max_retries=0)


@pytest.fixture
async def client(sim: Simulator) -> AsyncIterator[anthropic.AsyncAnthropic]:
    async with client_of(sim) as client:
        yield client


def kinds(message: Any) -> list[str]:
    return [block.type for block in message.content]


async def test_typed_stream(client: anthropic.AsyncAnthropic) -> None:
    events: list[Any] = [event async for event in await client.messages.create(**ASK, stream=True)]
    assert [event.type for event in events[:2]] == ["message_start", "content_block_start"]
    start, end = events[0].message, events[-2]
    assert (start.id, start.model, start.role, start.usage.input_tokens) == ("msg_sim_1", "claude-x", "assistant", 7)
    assert "".join(event.delta.text for event in events[2:-3]).startswith("Cold springs")
    assert (end.delta.stop_reason, end.usage.output_tokens > 20) == ("end_turn", True)
    assert events[-1].type == "message_stop"


async def test_thinking_only_when_asked_for(client: anthropic.AsyncAnthropic) -> None:
    silent = await client.messages.create(**ASK, thinking={"type": "disabled"})
    assert kinds(silent) == ["text"]
    message: Any = await client.messages.create(**ASK, thinking=THINK)
    assert kinds(message) == ["thinking", "text"]
    assert "rivers" in message.content[0].thinking
    assert base64.b64decode(message.content[0].signature) == b"simulated thought 1"
    assert message.usage.output_tokens_details.thinking_tokens > 0


async def test_stream_helper_with_all_tools(client: anthropic.AsyncAnthropic) -> None:
    async with client.messages.stream(**ASK, thinking=THINK, tools=[*RUN, WEATHER]) as stream:
        events: list[Any] = [event async for event in stream]
        message: Any = await stream.get_final_message()
    assert {"thinking", "signature", "text", "citation", "input_json", "content_block_stop"} <= {e.type for e in events}
    assert kinds(message) == [
        "thinking",
        "server_tool_use",
        "web_search_tool_result",
        "text",
        "server_tool_use",
        "web_fetch_tool_result",
        "server_tool_use",
        "bash_code_execution_tool_result",
        "tool_use",
    ]
    search, found, said, *_, used = message.content[1:]
    assert (search.name, search.input, search.id) == ("web_search", {"query": "rivers"}, found.tool_use_id)
    assert said.citations[0].url == found.content[0].url
    assert (used.name, used.input) == ("get_weather", {"city": "rivers", "days": 1})
    assert message.stop_reason == "tool_use"


async def test_a_whole_message_is_the_streamed_one(client: anthropic.AsyncAnthropic) -> None:
    whole: Any = await client.messages.create(**ASK, thinking=THINK, tools=[*RUN, WEATHER])
    async with client.messages.stream(**ASK, thinking=THINK, tools=[*RUN, WEATHER]) as stream:
        streamed: Any = await stream.get_final_message()
    names = ("content", "stop_reason", "role", "type", "model")
    said = [{name: message.to_dict()[name] for name in names} for message in (whole, streamed)]
    assert repr(said[0]) == repr(said[1]).replace("sim_2_", "sim_1_").replace(
        base64.b64encode(b"srvtoolu_sim_2_0").decode(), base64.b64encode(b"srvtoolu_sim_1_0").decode()
    )


async def test_raw_stream(sim: Simulator, client: anthropic.AsyncAnthropic) -> None:
    create = client.messages.with_streaming_response.create
    async with create(**ASK, stream=True) as response:
        assert response.headers["request-id"] == "req_sim_1"
        assert "x-request-id" not in response.headers
        assert response.headers["content-type"].startswith("text/event-stream")
        body = b"".join([piece async for piece in response.iter_bytes()])
    assert body.startswith(b"event: message_start\ndata: {")
    assert b'event: ping\ndata: {"type":"ping"}\n\n' in body
    read = decoder("anthropic.messages")
    assert [chunk.type for chunk in [*read.feed(body), *read.close()]][-1] == "done"
    assert sim.requests[0].headers["authorization"] == "(hidden)"


async def test_tools_round_trip(client: anthropic.AsyncAnthropic) -> None:
    messages: Any = [{"role": "user", "content": "How is the weather in Oslo?"}]
    ask: dict[str, Any] = {"model": "m", "max_tokens": 4096, "tools": [WEATHER], "thinking": THINK}
    first: Any = await client.messages.create(messages=messages, **ask)
    assert first.content[-1].input == {"city": "Oslo", "days": 1}
    result = {"type": "tool_result", "tool_use_id": first.content[-1].id, "content": "4 degrees, rain"}
    messages += [{"role": "assistant", "content": first.content}, {"role": "user", "content": [result]}]
    second: Any = await client.messages.create(messages=messages, **ask)
    assert second.stop_reason == "end_turn"
    assert "4 degrees, rain" in second.content[-1].text


async def test_tools_that_the_client_runs(client: anthropic.AsyncAnthropic) -> None:
    bash: Any = {"type": "bash_20250124", "name": "bash"}
    message: Any = await client.messages.create(**ASK, tools=[bash])
    assert (message.content[0].name, list(message.content[0].input)) == ("bash", ["command"])
    forced: Any = await client.messages.create(
        **ASK, tools=[bash, WEATHER], tool_choice={"type": "tool", "name": "get_weather"}
    )
    assert [block.name for block in forced.content] == ["get_weather"]
    free = await client.messages.create(**ASK, tools=[bash, *RUN], tool_choice={"type": "none"})
    assert kinds(free) == ["text"]


async def test_structured_answers_and_stops(client: anthropic.AsyncAnthropic) -> None:
    schema: Any = {"type": "object", "properties": {"city": {"const": "Oslo"}}, "required": ["city"]}
    answer: Any = await client.messages.create(
        **ASK, output_config={"format": {"type": "json_schema", "schema": schema}}
    )
    assert answer.content[0].text == '{"city": "Oslo"}'
    stopped: Any = await client.messages.create(**ASK, stop_sequences=["voice"])
    assert stopped.content[0].text == "Cold springs find their "
    short: Any = await client.messages.create(**{**ASK, "max_tokens": 2})
    assert (short.stop_reason, len(short.content[0].text)) == ("max_tokens", 8)


async def test_tokens_are_counted_and_models_listed(client: anthropic.AsyncAnthropic) -> None:
    counted = await client.messages.count_tokens(model="m", messages=USER)
    message = await client.messages.create(**ASK)
    assert counted.input_tokens == message.usage.input_tokens == 7
    models = [model.id async for model in client.models.list()]
    assert models[0] == "simulator"
    assert (await client.models.retrieve("any/one")).id == "any/one"


async def test_scripts() -> None:
    redacted = {"anthropic.messages": {"block": {"type": "redacted_thinking", "data": "EqkE"}}}
    own = {"anthropic.messages": {"signature": "mine"}}
    turn = [
        think("Hm"),
        text("a"),
        reasoning("", provider_data=redacted),
        text("b"),
        reasoning("Oh"),
        reasoning("", provider_data=own),
    ]
    async with (
        Simulator([[*turn, call("f", {"x": 1})], [content("Wait"), done("pause")]]) as sim,
        client_of(sim) as client,
    ):
        message: Any = await client.messages.create(**ASK)
        paused = await client.messages.create(**ASK)
    assert kinds(message) == ["thinking", "text", "redacted_thinking", "text", "thinking", "tool_use"]
    assert (message.content[2].data, message.content[4].signature) == ("EqkE", "mine")
    assert message.content[-1].input == {"x": 1}
    assert paused.stop_reason == "pause_turn"


ERRORS = [
    ("400", anthropic.BadRequestError, "invalid_request_error"),
    ("401", anthropic.AuthenticationError, "authentication_error"),
    ("403", anthropic.PermissionDeniedError, "permission_error"),
    ("404", anthropic.NotFoundError, "not_found_error"),
    ("413", anthropic.APIStatusError, "request_too_large"),
    ("429", anthropic.RateLimitError, "rate_limit_error"),
    ("500", anthropic.InternalServerError, "api_error"),
    ("529", anthropic.InternalServerError, "overloaded_error"),
]


@pytest.mark.parametrize(("fault", "kind", "name"), ERRORS)
async def test_errors(
    client: anthropic.AsyncAnthropic, fault: str, kind: type[anthropic.APIStatusError], name: str
) -> None:
    with pytest.raises(kind) as caught:
        await client.messages.create(**{**ASK, "model": f"simulator/fault:{fault}"})
    body: Any = caught.value.body
    assert (body["type"], body["error"]["type"]) == ("error", name)
    assert (caught.value.status_code, caught.value.request_id) == (int(fault), "req_sim_1")


async def test_errors_in_the_stream_and_out_of_it() -> None:
    async with Simulator([[text("a"), fail("Overloaded", kind="overloaded")]] * 2) as sim, client_of(sim) as client:
        with pytest.raises(anthropic.APIStatusError, match="Overloaded"):
            _ = [event async for event in await client.messages.create(**ASK, stream=True)]
        with pytest.raises(anthropic.InternalServerError) as caught:
            await client.messages.create(**ASK)
    assert caught.value.status_code == 529


async def test_retry_after_and_the_key() -> None:
    async with Simulator([[refuse(529, retry_after=7)]], api_key="right") as sim, client_of(sim) as client:
        with pytest.raises(anthropic.AuthenticationError, match="invalid x-api-key"):
            await client.messages.create(**ASK)
        headers = {"x-api-key": "right"}
        async with httpx2.AsyncClient() as plain:
            answer = await plain.post(f"{sim.origin}/v1/messages", json=ASK, headers=headers)
    assert (answer.status_code, answer.headers["retry-after"]) == (529, "7")


async def test_usage_told_twice(client: anthropic.AsyncAnthropic) -> None:
    model = "simulator/fault:double_usage"
    async with client.messages.stream(**{**ASK, "model": model}) as stream:
        message = await stream.get_final_message()
    assert (message.stop_reason, message.usage.input_tokens) == ("end_turn", 7)
    assert message.usage.output_tokens > 20


async def test_files_come_and_go(client: anthropic.AsyncAnthropic) -> None:
    found = await client.files.upload(file=("a.txt", b"a\r\n--b", "text/plain"), expires_in_seconds=3600)
    assert (found.size_bytes, found.filename, found.mime_type) == (6, "a.txt", "text/plain")
    assert found.expires_at is not None
    assert (found.expires_at - found.created_at).total_seconds() == 3600
    assert (await client.files.upload(file=("b.txt", b"a\r\n--b"))).expires_at is None
    assert (await client.files.delete(found.id)).id == found.id
    with pytest.raises(anthropic.NotFoundError):
        await client.files.delete("file_nobody")


async def test_only_files_that_were_given_are_read(client: anthropic.AsyncAnthropic) -> None:
    def asked(file_id: str) -> Any:
        said: Any = [{"type": "document", "source": {"type": "file", "file_id": file_id}}]
        return client.messages.create(model="m", max_tokens=100, messages=[{"role": "user", "content": said}])

    file = await client.files.upload(file=("a.txt", b"words", "text/plain"))
    assert (await asked(file.id)).content
    await client.files.delete(file.id)
    with pytest.raises(anthropic.NotFoundError, match=f"File not found: {file.id}"):
        await asked(file.id)
