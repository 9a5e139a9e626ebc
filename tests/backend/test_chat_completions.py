"""The whole path over a real socket, with the real openai SDK."""

import asyncio
import gc
import json
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.backend import ChatCompletionsBackend, requirements
from massgen_stream.backend.chat_request import ChatRequest
from massgen_stream.errors import (
    ConfigurationError,
    InvalidMessage,
    MediaError,
    MissingExtra,
    MissingKey,
    UnresolvedMedia,
)
from massgen_stream.provider import ProviderSpec, get_provider

from .reading import HELLO, error_info, of_type, read, spin, tasks, text, types
from .server import (
    USAGE,
    Exchange,
    Plan,
    Server,
    answering,
    breaking,
    delta,
    failing,
    serving,
    silent,
    starting,
)

pytestmark = pytest.mark.anyio
KEY = "key-of-mine-0123456789"
LIMITED = {"error": {"message": "slow down", "type": "requests", "code": "rate_limit_exceeded"}}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(24)


@asynccontextmanager
async def talking(*plans: Plan, **options: Any) -> AsyncGenerator[tuple[ChatCompletionsBackend, Server], None]:
    async with (
        serving(*plans) as server,
        ChatCompletionsBackend(base_url=server.url, api_key=KEY, **options) as backend,
    ):
        yield backend, server
    await asyncio.wait_for(server.all_closed(), 5)


def sending(*documents: object) -> Plan:
    async def plan(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.events(*documents)
        await exchange.end()

    return plan


@pytest.fixture
def without_collector() -> Generator[None, None, None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


async def test_a_whole_answer() -> None:
    async with talking(answering("Hel", "lo"), source="agent-1") as (backend, server):
        chunks = await read(backend.stream_with_tools(HELLO, model="m-0"))
        expected = ["start", "content", "content", "usage", "complete_response", "complete_message", "done"]
        assert types(chunks) == expected
        start, last = chunks[0], chunks[-1]
        assert (start.provider, start.model) == ("chatcompletion", "m-1")
        assert (start.response_id, start.request_id) == ("chatcmpl-1", "req-1")
        assert (last.finish_reason, last.raw_finish_reason, last.usage_source) == ("stop", "stop", "reported")
        assert last.usage is not None
        assert last.usage["total_tokens"] == 5
        sent = server.exchanges[0]
        assert sent.path == "/v1/chat/completions"
        assert sent.headers["authorization"] == f"Bearer {KEY}"
        assert sent.json == {
            "model": "m-0",
            "messages": HELLO,
            "stream": True,
            "stream_options": {"include_usage": True},
        }


async def test_tools_and_reasoning() -> None:
    call = {"index": 0, "id": "call-1", "type": "function", "function": {"name": "add", "arguments": ""}}
    pieces = [{"index": 0, "function": {"arguments": piece}} for piece in ('{"a":', "1}")]
    plan = sending(
        delta(reasoning_content="Let me see."),
        delta(tool_calls=[call]),
        *(delta(tool_calls=[piece]) for piece in pieces),
        delta(finish="tool_calls"),
        USAGE,
        "[DONE]",
    )
    tool = {"name": "add", "description": "Adds.", "parameters": {"type": "object"}}
    async with talking(plan) as (backend, server):
        chunks = await read(backend.stream_with_tools(HELLO, [tool], tool_choice="required"))
        (calls,) = of_type(chunks, "tool_calls")
        assert calls.tool_calls == [{"id": "call-1", "name": "add", "arguments": '{"a":1}', "kind": "function"}]
        assert of_type(chunks, "reasoning_done")[0].reasoning_text == "Let me see."
        assert chunks[-1].finish_reason == "tool_calls"
        assert server.exchanges[0].json["tools"][0]["function"]["name"] == "add"
        assert server.exchanges[0].json["tool_choice"] == "required"


async def test_options_reach_the_body_and_the_transport() -> None:
    async with talking(answering("a"), temperature=0.1, seed=1) as (backend, server):
        body: dict[str, Any] = {"temperature": 0.9, "brand_new": {"x": 1}, "extra_body": {"more": True}}
        transport: dict[str, Any] = {"extra_headers": {"X-Mine": "1"}, "extra_query": {"q": "2"}}
        await read(backend.stream_with_tools(HELLO, **body, **transport, stream_options={"y": 2}))
        sent = server.exchanges[0]
        assert (sent.json["temperature"], sent.json["seed"]) == (0.9, 1)
        assert (sent.json["brand_new"], sent.json["more"]) == ({"x": 1}, True)
        assert sent.json["stream_options"] == {"include_usage": True, "y": 2}
        assert sent.headers["x-mine"] == "1"
        assert sent.path.endswith("?q=2")
        assert not {"extra_body", "extra_headers", "extra_query"} & sent.json.keys()


async def test_a_connection_is_used_again() -> None:
    async with talking(answering("a")) as (backend, server):
        for _ in range(3):
            await read(backend.stream_with_tools(HELLO))
        assert server.accepted == 1


async def test_429_with_retry_after_then_an_answer() -> None:
    async with talking(failing(429, LIMITED, retry_after="0.02", x_request_id="req-0"), answering("ok")) as (
        backend,
        server,
    ):
        chunks = await read(backend.stream_with_tools(HELLO))
        assert types(chunks)[:4] == ["start", "backend_status", "start", "content"]
        assert [start.request_id for start in of_type(chunks, "start")] == ["req-0", "req-1"]
        (retry,) = of_type(chunks, "backend_status")
        assert (retry.status, retry.detail) == ("retry", "attempt 2 of 3 in 0.02 s: slow down")
        assert chunks[-1].finish_reason == "stop"
        assert len(server.exchanges) == 2


async def test_500s_until_attempts_run_out() -> None:
    down = {"error": {"message": "down", "type": "server_error"}}
    async with talking(failing(500, down, retry_after_ms="1")) as (backend, server):
        chunks = await read(backend.stream_with_tools(HELLO))
        assert types(chunks) == ["start", "backend_status", "start", "backend_status", "start", "error", "done"]
        info = error_info(chunks)
        assert (info["kind"], info["status"], info["provider"]) == ("server", 500, "chatcompletion")
        assert info["raw"] == down
        assert chunks[-1].finish_reason == "error"
        assert len(server.exchanges) == 3


async def test_the_server_may_forbid_a_retry() -> None:
    async with talking(failing(500, {"error": {"message": "no"}}, x_should_retry="false")) as (backend, server):
        chunks = await read(backend.stream_with_tools(HELLO))
        assert not error_info(chunks)["retryable"]
        assert len(server.exchanges) == 1


@pytest.mark.parametrize(
    ("status", "body", "kind", "message"),
    [
        (401, {"error": {"message": f"bad key {KEY}"}}, "authentication", "bad key ***"),
        (404, {"error": "no such model"}, "not_found", "no such model"),
        (400, {"error": {"code": "context_length_exceeded", "message": "too long"}}, "context_length", "too long"),
        (422, {"detail": [{"loc": ["body"], "msg": "Field required"}]}, "invalid_request", "Field required"),
        (418, b"", "invalid_request", "HTTP 418 without a body"),
        (403, b"<html><head><title>Blocked</title>", "permission", "HTTP 403: Blocked"),
    ],
)
async def test_errors_before_the_stream(status: int, body: object, kind: str, message: str) -> None:
    async with talking(failing(status, body)) as (backend, server):
        chunks = await read(backend.stream_with_tools(HELLO))
        assert types(chunks) == ["start", "error", "done"]
        assert of_type(chunks, "error")[0].error == message
        assert error_info(chunks)["kind"] == kind
        assert len(server.exchanges) == 1
        assert KEY not in json.dumps([chunk.to_dict() for chunk in chunks])


async def test_nobody_is_there() -> None:
    async with serving(silent) as server:
        url = server.url
    async with ChatCompletionsBackend(base_url=url, api_key=KEY, max_retries=0) as backend:
        chunks = await read(backend.stream_with_tools(HELLO))
    info = error_info(chunks)
    assert (info["kind"], info["retryable"], chunks[-1].finish_reason) == ("transport", True, "incomplete")
    message = of_type(chunks, "error")[0].error
    assert message is not None
    assert message.startswith(f"cannot reach {url.removeprefix('http://').removesuffix('/v1')}: ")


async def test_a_cut_in_the_middle() -> None:
    async with talking(breaking("Hel", "lo")) as (backend, server):
        chunks = await read(backend.stream_with_tools(HELLO))
        assert text(chunks) == "Hello"
        assert error_info(chunks)["kind"] == "transport"
        assert chunks[-1].finish_reason == "incomplete"
        (message,) = of_type(chunks, "complete_message")
        assert message.complete_message == {"role": "assistant", "content": [{"type": "text", "text": "Hello"}]}
        assert len(server.exchanges) == 1


async def test_a_cut_before_anything_was_visible_is_tried_again() -> None:
    async with talking(breaking(""), answering("ok")) as (backend, server):
        chunks = await read(backend.stream_with_tools(HELLO, retry_budget=5))
        assert text(chunks) == "ok"
        assert len(server.exchanges) == 2


async def test_a_clean_end_without_the_documented_one_is_a_cut_too() -> None:
    async with talking(sending(delta("a"))) as (backend, _):
        chunks = await read(backend.stream_with_tools(HELLO))
        assert (error_info(chunks)["code"], chunks[-1].finish_reason) == ("truncated", "incomplete")


async def test_a_cut_after_the_finish_reason_is_no_error() -> None:
    async def plan(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.events(delta("a"), delta(finish="stop"), USAGE)
        await exchange.cut()

    async with talking(plan) as (backend, _):
        chunks = await read(backend.stream_with_tools(HELLO))
        assert not of_type(chunks, "error")
        assert chunks[-1].finish_reason == "stop"


async def test_malformed_json_ends_the_stream() -> None:
    async with talking(sending(delta("a"), '{"choices": [', delta("b"), "[DONE]")) as (backend, _):
        chunks = await read(backend.stream_with_tools(HELLO))
        assert text(chunks) == "a"
        assert (error_info(chunks)["kind"], chunks[-1].finish_reason) == ("protocol", "error")


async def test_an_error_in_the_stream_before_text_is_tried_again() -> None:
    overloaded = {"error": {"message": "overloaded", "code": 503}}
    async with talking(sending(overloaded, "[DONE]"), answering("ok")) as (backend, _):
        chunks = await read(backend.stream_with_tools(HELLO))
        assert text(chunks) == "ok"
        assert not of_type(chunks, "error")


async def test_a_page_instead_of_a_stream() -> None:
    async def plan(exchange: Exchange) -> None:
        await exchange.reply(200, b"<html>Log in</html>", "text/html")

    async with talking(plan) as (backend, _):
        chunks = await read(backend.stream_with_tools(HELLO))
        assert (error_info(chunks)["kind"], chunks[-1].finish_reason) == ("protocol", "error")


@pytest.mark.parametrize("limit", ["first_chunk_timeout", "total_timeout", "read_timeout"])
@pytest.mark.parametrize("plan", [silent, starting()])
async def test_endless_silence(limit: str, plan: Plan) -> None:
    options: dict[str, Any] = {limit: 0.05, "max_retries": 0}
    async with talking(plan) as (backend, server):
        chunks = await read(backend.stream_with_tools(HELLO, **options))
        assert (error_info(chunks)["kind"], chunks[-1].finish_reason) == ("timeout", "error")
        assert limit in (of_type(chunks, "error")[0].error or "")
        await asyncio.wait_for(server.all_closed(), 5)


async def test_silence_after_the_first_text_trips_read_and_total_only() -> None:
    async with talking(starting("a")) as (backend, _):
        limits = {"first_chunk_timeout": 0.3, "read_timeout": 0.4}
        chunks = await read(backend.stream_with_tools(HELLO, **limits))  # type: ignore[arg-type]
        assert "read_timeout" in (of_type(chunks, "error")[0].error or "")
        chunks = await read(backend.stream_with_tools(HELLO, total_timeout=0.3))
        assert error_info(chunks)["code"] == "total_timeout"
        assert text(chunks) == "a"


async def test_a_slow_reader_trips_nothing() -> None:
    async with talking(answering(*"abcdef")) as (backend, _):
        await read(backend.stream_with_tools(HELLO))  # so that the SDK is loaded
        chunks = []
        async for chunk in backend.stream_with_tools(
            HELLO, total_timeout=0.2, first_chunk_timeout=0.2, read_timeout=0.2
        ):
            chunks.append(chunk)
            await asyncio.sleep(0.03)
        assert chunks[-1].finish_reason == "stop"  # type: ignore[attr-defined]


async def test_cancel() -> None:
    async with talking(starting("Hel", "lo")) as (backend, server):
        stream = backend.stream_with_tools(HELLO)
        chunks = []
        async for chunk in stream:
            chunks.append(chunk)
            if len(chunks) == 3:
                stream.cancel()
        assert chunks[-1].finish_reason == "cancelled"  # type: ignore[attr-defined]
        assert types(chunks) == ["start", "content", "content", "complete_response", "complete_message", "done"]
        await asyncio.wait_for(server.all_closed(), 5)


@pytest.mark.usefixtures("without_collector")
async def test_break_closes_the_connection_without_the_garbage_collector() -> None:
    before = tasks()
    async with talking(starting("a")) as (backend, server):
        async for chunk in backend.stream_with_tools(HELLO):
            if chunk.type == "content":
                break
        await asyncio.wait_for(server.all_closed(), 5)
        assert not leftovers(before)


def leftovers(before: set[asyncio.Task[Any]]) -> list[str]:
    """Tasks that are new and not the server's."""
    return [repr(task) for task in tasks() - before if "server.py" not in repr(task)]


LEAVE: dict[str, Callable[[Any], Any]] = {
    "aclose": lambda stream: stream.aclose(),
    "async with": lambda stream: stream.__aexit__(None, None, None),
}


@pytest.mark.parametrize("leave", LEAVE.values(), ids=LEAVE.keys())
async def test_leaving_closes_the_connection(leave: Callable[[Any], Any]) -> None:
    async with talking(starting("a")) as (backend, server):
        stream = backend.stream_with_tools(HELLO)
        assert (await anext(stream)).type == "start"
        assert server.connections == 1
        await leave(stream)
        await asyncio.wait_for(server.all_closed(), 5)


async def test_cancelling_the_task_closes_the_connection() -> None:
    before = tasks()
    async with talking(starting("a")) as (backend, server):
        consumer = asyncio.ensure_future(read(backend.stream_with_tools(HELLO)))
        while not server.exchanges:  # noqa: ASYNC110 - the server of these tests tells nobody
            await asyncio.sleep(0.005)
        consumer.cancel()
        with pytest.raises(asyncio.CancelledError):
            await consumer
        await asyncio.wait_for(server.all_closed(), 5)
        assert not leftovers(before)


async def test_cancelling_the_first_use_leaves_a_usable_backend() -> None:
    async with talking(answering("a")) as (backend, _):
        consumer = asyncio.ensure_future(read(backend.stream_with_tools(HELLO)))
        await spin()
        consumer.cancel()
        with pytest.raises(asyncio.CancelledError):
            await consumer
        assert text(await read(backend.stream_with_tools(HELLO))) == "a"


@pytest.mark.usefixtures("without_collector")
async def test_300_abandoned_streams_leave_nothing() -> None:
    before = tasks()
    async with talking(starting("a")) as (backend, server):

        async def abandon() -> None:
            async for chunk in backend.stream_with_tools(HELLO):
                if chunk.type == "content":
                    return

        for _ in range(15):
            await asyncio.gather(*(abandon() for _ in range(20)))
        await asyncio.wait_for(server.all_closed(), 10)
        assert len(server.exchanges) == 300
        assert not leftovers(before)


async def test_concurrent_first_uses_build_one_client(monkeypatch: pytest.MonkeyPatch) -> None:
    import openai

    built: list[int] = []
    init = openai.AsyncOpenAI.__init__

    def counting(self: Any, **options: Any) -> None:
        built.append(1)
        init(self, **options)

    monkeypatch.setattr(openai.AsyncOpenAI, "__init__", counting)
    async with talking(answering("a")) as (backend, _):
        answers = await asyncio.gather(*(read(backend.stream_with_tools(HELLO)) for _ in range(10)))
        assert {text(chunks) for chunks in answers} == {"a"}
    assert len(built) == 1


async def test_the_loop_runs_while_the_client_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    from massgen_stream.backend import openai_client

    turns_while_building: list[int] = []
    beats = 0
    entered, go = threading.Event(), threading.Event()
    build = openai_client._open

    def slow(*arguments: Any, **options: Any) -> Any:
        before = beats
        entered.set()
        assert go.wait(5)  # the loop lets us go on: if it were blocked, this would fail
        turns_while_building.append(beats - before)
        return build(*arguments, **options)

    async def heart() -> None:
        nonlocal beats
        while True:
            beats += 1
            if entered.is_set() and beats > 50:
                go.set()
            await asyncio.sleep(0)

    monkeypatch.setattr(openai_client, "_open", slow)
    async with talking(answering("a")) as (backend, _):
        heartbeat = asyncio.ensure_future(heart())
        assert text(await read(backend.stream_with_tools(HELLO))) == "a"
        heartbeat.cancel()
    assert turns_while_building[0] > 0


async def test_after_aclose_a_stream_opens_a_new_client() -> None:
    async with talking(answering("a")) as (backend, server):
        await read(backend.stream_with_tools(HELLO))
        await backend.aclose()
        await asyncio.wait_for(server.all_closed(), 5)
        assert text(await read(backend.stream_with_tools(HELLO))) == "a"


async def test_a_host_without_a_key_gets_no_authorization(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-environment-1234")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
    async with serving(answering("a")) as server, ChatCompletionsBackend("ollama", base_url=server.url) as backend:
        await read(backend.stream_with_tools(HELLO))
        sent = server.exchanges[0].headers
        assert not {"authorization", "openai-organization"} & sent.keys()
        assert "sk-of" not in json.dumps(sent)


async def test_only_openai_is_told_not_to_pad() -> None:
    request = ChatCompletionsBackend(api_key=KEY, environ={}).prepare(HELLO, [], "m", {}).payload
    assert (await request.body())["stream_options"] == {"include_usage": True, "include_obfuscation": False}


async def test_a_quirk_changes_the_body() -> None:
    def without_options(body: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in body.items() if name != "stream_options"}

    spec = ProviderSpec(
        name="odd",
        title="Odd",
        protocol="openai.chat",
        default_model="m",
        key_required=False,
        request_quirk=without_options,
    )
    async with serving(answering("a")) as server, ChatCompletionsBackend(spec, base_url=server.url) as backend:
        await read(backend.stream_with_tools(HELLO))
        assert "stream_options" not in server.exchanges[0].json


async def test_a_launched_host(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(answering("a")) as server:
        running = 0

        @asynccontextmanager
        async def launch() -> AsyncGenerator[str, None]:
            nonlocal running
            running += 1
            yield server.url
            running -= 1

        spec = ProviderSpec(
            name="inside",
            title="Inside",
            protocol="openai.chat",
            default_model="m",
            launch=launch,
            simulated="no model",
        )
        async with ChatCompletionsBackend(spec, environ={}) as backend:
            for _ in range(2):
                chunks = await read(backend.stream_with_tools(HELLO))
            assert running == 1
        assert running == 0
        (status,) = of_type(chunks, "backend_status")
        assert (status.status, status.detail, status.display) == ("simulated", "no model", True)
        await read(backend.stream_with_tools(HELLO))
        connections = (await backend._client.get()).sdk._client
        close = connections.aclose

        async def close_badly() -> None:
            await close()
            raise OSError("will not close")

        monkeypatch.setattr(connections, "aclose", close_badly)
        with pytest.raises(OSError, match="will not close"):
            await backend.aclose()
        assert running == 0


async def test_files_are_read_and_losses_told(tmp_path: Path) -> None:
    picture = tmp_path / "picture.dat"
    picture.write_bytes(PNG)
    parts = [{"type": "image", "path": str(picture)}, {"type": "video", "url": "http://x/y.mp4"}]

    async def plan(exchange: Exchange) -> None:
        picture.unlink()  # a second attempt does not read it again
        await exchange.reply(500, {}, retry_after_ms="1")

    async with talking(plan, answering("a")) as (backend, server):
        chunks = await read(backend.stream_with_tools([{"role": "user", "content": parts}]))
        (loss,) = (status for status in of_type(chunks, "backend_status") if status.status == "loss")
        assert not loss.display
        assert "video" in (loss.detail or "")
        (part,) = server.exchanges[1].json["messages"][0]["content"]
        assert part["image_url"]["url"].startswith("data:image/png;base64,iVBORw0KGgo")
        assert server.exchanges[0].json == server.exchanges[1].json


async def test_a_file_that_vanishes_is_an_error_of_the_stream(tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(PNG)
    async with talking(answering("a")) as (backend, server):
        stream = backend.stream_with_tools([{"role": "user", "content": [{"type": "image", "path": picture}]}])
        picture.unlink()
        chunks = await read(stream)
        assert error_info(chunks)["kind"] == "media"
        assert server.exchanges == []


@pytest.mark.parametrize(
    ("messages", "options", "error"),
    [
        ("hello", {}, InvalidMessage),
        ([{"role": "nobody", "content": "x"}], {}, InvalidMessage),
        (HELLO, {"model": 5}, ConfigurationError),
        (HELLO, {"total_timeout": -1}, ConfigurationError),
        (HELLO, {"timeout": 5}, ConfigurationError),
        (HELLO, {"stream": False}, ConfigurationError),
        (HELLO, {"extra_body": [1]}, ConfigurationError),
        (HELLO, {"temperature": object()}, ConfigurationError),
        (HELLO, {"top_p": float("nan")}, ConfigurationError),
        (HELLO, {"tool_choice": 5}, InvalidMessage),
        ([{"role": "user", "content": [{"type": "audio", "file_id": "file-1"}]}], {}, UnresolvedMedia),
        ([{"role": "user", "content": [{"type": "image", "path": "/no/such/file"}]}], {}, MediaError),
        ([{"role": "user", "content": [{"type": "image", "data": bytes(21 * 2**20)}]}], {}, MediaError),
    ],
)
async def test_misuse_is_raised_at_the_call(messages: Any, options: dict[str, Any], error: type[Exception]) -> None:
    backend = ChatCompletionsBackend(api_key=KEY)
    with pytest.raises(error):
        backend.stream_with_tools(messages, **options)


async def test_a_tool_that_is_none_is_raised_at_the_call() -> None:
    with pytest.raises(InvalidMessage, match="tools"):
        ChatCompletionsBackend(api_key=KEY).stream_with_tools(HELLO, [5])


@pytest.mark.parametrize(("library", "extra"), [("openai", "openai"), ("starlette", "simulator")])
async def test_libraries_must_be_installed(monkeypatch: pytest.MonkeyPatch, library: str, extra: str) -> None:
    monkeypatch.setattr(requirements, "find_spec", lambda name: None if name == library else name)
    with pytest.raises(MissingExtra, match=rf"massgen-stream\[{extra}\]"):
        ChatCompletionsBackend("simulator")


async def test_all_that_must_be_installed_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "find_spec", lambda _: None)
    with pytest.raises(MissingExtra, match=r"massgen-stream\[openai,simulator\]"):
        ChatCompletionsBackend("simulator")


async def test_a_missing_key_names_its_variable() -> None:
    with pytest.raises(MissingKey, match="OPENAI_API_KEY"):
        ChatCompletionsBackend(environ={})


def test_one_backend_serves_one_event_loop_after_another() -> None:
    async def once(backends: list[ChatCompletionsBackend]) -> str:
        async with serving(answering("a")) as server:
            backend = backends[0]
            backend.account.base_url = server.url
            answer = text(await read(backend.stream_with_tools(HELLO)))
            await backend.aclose()
            await server.all_closed()
            return answer

    backends = [ChatCompletionsBackend(base_url="http://127.0.0.1:1/v1", api_key=KEY)]
    assert [asyncio.run(once(backends)), asyncio.run(once(backends))] == ["a", "a"]


@pytest.mark.parametrize(("openai", "name"), [(True, "max_completion_tokens"), (False, "max_tokens")])
async def test_openai_itself_calls_the_limit_otherwise(openai: bool, name: str) -> None:
    request = ChatRequest(get_provider("chatcompletion"), HELLO, (), "m", {"max_tokens": 5}, openai=openai)
    body = await request.body()
    assert {"max_tokens", "max_completion_tokens"} & body.keys() == {name}
    assert body["stream_options"].get("include_obfuscation") is (False if openai else None)


async def test_a_host_renames_and_drops_options() -> None:
    options = {"seed": 1, "user": "me", "stream_options": {"include_usage": True}, "max_completion_tokens": 7}
    request = ChatRequest(get_provider("mistral"), HELLO, (), "m", options, openai=False)
    body = await request.body()
    assert (body["random_seed"], body["max_tokens"]) == (1, 7)
    assert not {"user", "seed", "stream_options"} & body.keys()
    (loss,) = request.losses
    assert loss.startswith("option user dropped: Mistral refuses fields")


async def test_a_native_tool_joins_the_tools() -> None:
    options = {"web_search": {"max_results": 3}}
    request = ChatRequest(get_provider("openrouter"), HELLO, [{"name": "add"}], "m", options, openai=False)
    own, search = (await request.body())["tools"]
    assert own["function"]["name"] == "add"
    assert search == {"type": "openrouter:web_search", "parameters": {"max_results": 3}}
