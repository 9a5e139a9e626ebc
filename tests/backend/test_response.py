"""The Responses API over a real socket: the openai SDK on our side, the simulator on the other."""

import asyncio
import json
import logging
from base64 import b64decode
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest

from massgen_stream.backend import ResponseBackend, create_backend
from massgen_stream.backend.instruments import Instruments
from massgen_stream.errors import ConfigurationError, MissingKey
from massgen_stream.provider import get_provider
from massgen_stream.simulator import Simulator, call, cut, fail, raw, text, think
from massgen_stream.simulator.faults import HEADER
from massgen_stream.stream_chunk import Accumulator
from massgen_stream.stream_chunk.base import BaseStreamChunk

from ..simulator.polling import until
from .reading import HELLO, error_info, of_type, read, types, verified
from .reading import text as text_of

pytestmark = pytest.mark.anyio
KEY = "key-of-mine-0123456789"
ASK = [{"role": "user", "content": "How is the weather in Oslo?"}]
WEATHER = {
    "name": "get_weather",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


@asynccontextmanager
async def talking(
    script: Any = None, faults: Any = None, **options: Any
) -> AsyncGenerator[tuple[ResponseBackend, Simulator], None]:
    async with (
        Simulator(script, faults, clock=lambda: 5.0) as sim,
        ResponseBackend(base_url=sim.url("openai"), api_key=KEY, **options) as backend,
    ):
        yield backend, sim


async def accumulated(backend: ResponseBackend, messages: Any, tools: Any = None, **options: Any) -> Accumulator:
    found = Accumulator()
    chunks = [chunk async for chunk in backend.stream_with_tools(messages, tools, **options)]
    verified(chunks)
    for chunk in chunks:
        found.feed(chunk)
    return found


def sent(sim: Simulator) -> Any:
    return sim.requests[-1].json


async def test_a_whole_answer() -> None:
    async with talking([text("Hel"), text("lo")], source="agent-1") as (backend, sim):
        chunks = await read(backend.stream_with_tools(HELLO, model="m-0"))
        assert types(chunks) == ["start", "content", "content", "complete_response", "complete_message", "done"]
        start, last = chunks[0], chunks[-1]
        assert (start.provider, start.model, start.source) == ("openai", "m-0", "agent-1")
        assert (start.response_id, start.request_id) == ("resp_sim_1", "req_sim_1")
        assert (last.finish_reason, last.raw_finish_reason, last.usage_source) == ("stop", "completed", "reported")
        assert sim.requests[0].path == "/v1/responses"
        assert sent(sim) == {"model": "m-0", "input": HELLO, "stream": True}
        await until(lambda: sim.connections() == 0)


def test_the_provider() -> None:
    assert isinstance(create_backend("openai", api_key=KEY), ResponseBackend)
    assert create_backend("openai", api="chat", api_key=KEY).protocol == "openai.chat"
    with pytest.raises(MissingKey, match="OPENAI_API_KEY"):
        ResponseBackend(environ={})
    spec = get_provider("openai")
    assert spec.retirement("gpt-5") == spec.retirement("gpt-5-2025-08-07")
    assert spec.retirement("gpt-6.1-terra") is spec.retirement("gpt-5.4-mini") is None
    for gone in ("gpt-3.5-turbo", "o1-mini", "gpt-4-turbo", "gpt-5-codex", "o4-mini", "gpt-4o-2024-05-13"):
        assert str(spec.retirement(gone)).startswith("shut down on ")
    for closing in ("gpt-4o", "gpt-4.1-mini", "o3", "gpt-5.1"):
        assert str(spec.retirement(closing)).startswith("will be shut down on ")


async def test_a_retired_model_is_told_and_still_asked() -> None:
    async with talking([text("ok")]) as (backend, sim):
        chunks = await read(backend.stream_with_tools(HELLO, model="gpt-3.5-turbo"))
        (status,) = of_type(chunks, "backend_status")
        assert status.status == "warning"
        assert "2026-10-23" in str(status.detail)
        assert text_of(chunks) == "ok"
        assert sent(sim)["model"] == "gpt-3.5-turbo"


async def test_options_find_their_place() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
    options: dict[str, Any] = {
        "max_tokens": 500,
        "reasoning_effort": "low",
        "reasoning": {"summary": "auto"},
        "verbosity": "low",
        "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": schema, "strict": True}},
        "previous_response_id": "resp_0",
        "conversation": None,
        "metadata": {"a": "b"},
        "brand_new": 1,
        "include": ["web_search_call.action.sources"],
        "logprobs": True,
        "stop": ["x"],
        "seed": 1,
        "extra_body": {"more": True},
        "extra_headers": {"X-Mine": "1"},
        "stream_options": {"y": 2},
    }
    async with talking() as (backend, sim):
        chunks = await read(backend.stream_with_tools(HELLO, [WEATHER], tool_choice={"name": "get_weather"}, **options))
        found = sent(sim)
        assert found.pop("tools") == [{"type": "function", **WEATHER, "strict": False}]
        assert found == {
            "model": "gpt-6.1-terra",
            "input": HELLO,
            "stream": True,
            "stream_options": {"y": 2},
            "tool_choice": {"type": "function", "name": "get_weather"},
            "max_output_tokens": 500,
            "reasoning": {"summary": "auto", "effort": "low"},
            "text": {
                "verbosity": "low",
                "format": {"type": "json_schema", "name": "n", "schema": schema, "strict": True},
            },
            "previous_response_id": "resp_0",
            "metadata": {"a": "b"},
            "brand_new": 1,
            "include": ["web_search_call.action.sources", "message.output_text.logprobs"],
            "more": True,
        }
        assert sim.requests[-1].headers["x-mine"] == "1"
        losses = [chunk.detail for chunk in of_type(chunks, "backend_status") if chunk.status == "loss"]
        assert [str(loss).partition(":")[0] for loss in losses] == ["option stop dropped", "option seed dropped"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n": 2}, "option n: the Responses API gives one answer"),
        ({"response_format": "json"}, "response_format must be an object with a type"),
        ({"response_format": {"type": "json_object"}, "text": {"format": {"type": "text"}}}, "the same as text.format"),
        ({"include": "reasoning.encrypted_content"}, "include must be a list of names"),
        ({"include": [{}]}, "include must be a list of names"),
        ({"text": "low", "response_format": {"type": "json_object"}}, "text must be an object, not str"),
        ({"reasoning_effort": "low", "reasoning": {"effort": "high"}}, "the same as reasoning.effort"),
        ({"max_tokens": 1, "max_output_tokens": 2}, "the same as max_output_tokens"),
        ({"maps": True}, "openai has no native tool maps"),
    ],
)
async def test_options_that_cannot_be_meant(options: dict[str, Any], message: str) -> None:
    async with ResponseBackend(api_key=KEY, base_url="http://127.0.0.1:9/v1") as backend:
        with pytest.raises(ConfigurationError, match=message):
            backend.stream_with_tools(HELLO, **options)


async def test_only_openai_is_asked_not_to_pad() -> None:
    async with ResponseBackend(api_key=KEY) as backend:
        request = backend.prepare(HELLO, (), "m", {}).payload
        assert (await request.body())["stream_options"] == {"include_obfuscation": False}


async def test_the_origins_native_tools() -> None:
    async with talking() as (backend, sim):
        tools = {"enable_web_search": True, "enable_code_interpreter": True, "shell": {"environment": None}}
        found = await accumulated(backend, ASK, [WEATHER], **tools)
        assert [tool["type"] for tool in sent(sim)["tools"]] == ["function", "web_search", "code_interpreter", "shell"]
        assert sent(sim)["include"] == ["code_interpreter_call.outputs"]
        ran = [part["tool_name"] for part in found.message()["content"] if part["type"] == "server_tool_call"]
        assert ran == ["web_search", "code_interpreter", "shell"]
        assert [result["content"] for result in found.tool_results] == ["4\n"]


async def test_pictures_grow_sharper() -> None:
    async with talking() as (backend, _):
        found = await accumulated(backend, ASK, image_generation={"partial_images": 2, "size": "64x32"})
    (medium,) = found.media.values()
    assert (medium.mime_type, medium.complete, len(medium.previews)) == ("image/png", True, 2)
    for data in (*medium.previews, medium.data):
        assert isinstance(data, bytes)
        assert data.startswith(b"\x89PNG")


async def test_a_picture_goes_back_with_the_item_that_made_it() -> None:
    async with talking() as (backend, sim):
        first = await accumulated(backend, ASK, image_generation=True)
        second = await accumulated(backend, [*ASK, first.message(), *ASK])
        item = sent(sim)["input"][1]
    (medium,) = first.media.values()
    assert (item["type"], item["id"]) == ("image_generation_call", medium.media_id)
    assert b64decode(item["result"]) == medium.data
    assert second.finish_reason == "stop"


async def test_a_shell_that_the_client_runs() -> None:
    async with talking() as (backend, sim):
        tools = {"shell": {"environment": {"type": "local"}}}
        first = await accumulated(backend, ASK, **tools)
        (asked,) = first.message()["content"]
        assert asked["status"] == "requires_action"
        answer = {"role": "tool", "tool_call_id": asked["tool_call_id"], "content": "Oslo"}
        await accumulated(backend, [*ASK, first.message(), answer], **tools)
        call_item, output = sent(sim)["input"][1:]
    assert (call_item["type"], output["type"]) == ("shell_call", "shell_call_output")
    assert output["output"][0]["stdout"] == "Oslo"


@pytest.mark.parametrize("store", [None, False])
async def test_two_turns_with_tools_and_reasoning(store: bool | None) -> None:
    options: dict[str, Any] = {"reasoning_effort": "low", "reasoning_summary": "auto", "store": store}
    async with talking(**options) as (backend, sim):
        first = await accumulated(backend, ASK, [WEATHER], web_search=True)
        assert first.finish_reason == "tool_calls"
        assert sent(sim).get("include") == (["reasoning.encrypted_content"] if store is False else None)
        (made,) = first.tool_calls
        answer = {"role": "tool", "tool_call_id": made["id"], "content": "4 degrees"}
        second = await accumulated(backend, [*ASK, first.message(), answer], [WEATHER], web_search=True)
        items = sent(sim)["input"]
    assert "4 degrees" in second.text
    assert first.reasoning_summary.startswith("The user asks about")
    output = first_output(first)
    assert json.dumps(items[1]) == json.dumps(output[0])
    assert [item["type"] for item in items[1:]] == [
        "reasoning",
        "web_search_call",
        "function_call",
        "function_call_output",
    ]
    assert items[2] == output[1]
    without_status = {name: value for name, value in output[2].items() if name != "status"}
    assert items[3] == without_status
    assert items[4] == {"type": "function_call_output", "call_id": made["id"], "output": "4 degrees"}
    assert ("encrypted_content" in items[1]) is (store is False)


def first_output(found: Accumulator) -> list[dict[str, Any]]:
    """What the vendor's own record of the answer holds."""
    parts = found.message()["content"]
    items = [part["provider_data"]["openai.responses"]["item"] for part in parts if part["type"] != "tool_call"]
    (call,) = [part for part in parts if part["type"] == "tool_call"]
    made = {"type": "function_call", "call_id": call["id"], "name": call["name"], "arguments": call["arguments"]}
    return [*items, made | call["provider_data"]["openai.responses"]["item"]]


async def test_reasoning_that_a_server_would_have_to_keep_is_not_sent_to_one_that_keeps_nothing() -> None:
    async with talking(reasoning_effort="low") as (backend, sim):
        first = await accumulated(backend, ASK)
        assert first.message()["content"][0]["type"] == "reasoning"
        chunks = await read(backend.stream_with_tools([*ASK, first.message(), *ASK], store=False))
        assert [item.get("type") for item in sent(sim)["input"]] == [None, "message", None]
    assert [status.status for status in of_type(chunks, "backend_status")] == ["loss"]


async def test_encrypted_reasoning_that_was_changed_is_refused() -> None:
    async with talking(store=False, reasoning_effort="low") as (backend, _):
        first = await accumulated(backend, ASK)
        message = first.message()
        message["content"][0]["provider_data"]["openai.responses"]["item"]["encrypted_content"] += "x"
        chunks = await read(backend.stream_with_tools([*ASK, message, *ASK]))
    assert error_info(chunks)["code"] == "invalid_encrypted_content"


async def test_custom_tools() -> None:
    tool = {"type": "custom", "custom": {"name": "sql"}}
    async with talking([[call("sql", "SELECT 1")], [text("done")]]) as (backend, sim):
        first = await accumulated(backend, ASK, [tool])
        (made,) = first.tool_calls
        assert (made["kind"], made["arguments"]) == ("custom", "SELECT 1")
        answer = {"role": "tool", "tool_call_id": made["id"], "content": "1"}
        await accumulated(backend, [*ASK, first.message(), answer], [tool])
        assert [item.get("type") for item in sent(sim)["input"]] == [
            None,
            "custom_tool_call",
            "custom_tool_call_output",
        ]


async def test_files_are_read_when_they_are_sent(tmp_path: Any) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(24))
    messages = [{"role": "user", "content": [{"type": "image", "path": path}]}]
    async with talking() as (backend, sim):
        chunks = await read(backend.stream_with_tools(messages))
        assert text_of(chunks) == "I see 1 image (image/png, 32 bytes)."
        (part,) = sent(sim)["input"][0]["content"]
        assert part["image_url"].startswith("data:image/png;base64,iVBORw0KGgo")


WORDS = [text(f"word {number} ") for number in range(30)]
LONG = [think("hm"), *WORDS, call("look", {"where": "there and back again"})]


def facts(chunks: list[BaseStreamChunk]) -> list[dict[str, Any]]:
    """What a stream says, without what belongs to its transport."""
    odd = ("timestamp", "stream_id", "sequence_number", "request_id")
    said = [
        chunk.to_dict() for chunk in chunks if chunk.type != "backend_status" or chunk.to_dict()["status"] == "info"
    ]
    return [{name: value for name, value in one.items() if name not in odd} for one in said]


async def post(sim: Simulator, body: dict[str, Any]) -> bytes:
    """The bytes of an answer."""
    async with httpx2.AsyncClient() as client:
        return (await client.post(f"{sim.url('openai')}/responses", json=body)).content


async def background(faults: Any, **options: Any) -> tuple[list[BaseStreamChunk], Simulator]:
    async with talking(LONG, faults, background=True, **options) as (backend, sim):
        chunks = [chunk async for chunk in backend.stream_with_tools(HELLO, [WEATHER])]
        await until(lambda: sim.connections() == 0)
    verified(chunks)
    return chunks, sim


@pytest.mark.parametrize("how", ["close", "end"])
@pytest.mark.parametrize("after", [2100, 3000, 4567, 6000, 9000])
async def test_a_response_in_the_background_survives_a_cut(after: int, how: str) -> None:
    whole, _ = await background(None)
    chunks, sim = await background([f"cut;after={after};how={how}"])
    assert facts(chunks) == facts(whole)
    asked = [(request.method, request.path) for request in sim.requests]
    assert asked == [("POST", "/v1/responses"), ("GET", "/v1/responses/resp_sim_1")]
    query = sim.requests[1].query
    assert query["stream"] == "true"
    assert int(query["starting_after"]) >= 1
    assert [chunk.to_dict()["status"] for chunk in chunks if chunk.type == "backend_status"] == ["info", "resume"]


async def test_what_was_asked_for_is_asked_for_again() -> None:
    chunks, sim = await background(["cut;after=4000"], store=False)
    assert sim.requests[1].query["include[]"] == "reasoning.encrypted_content"
    assert chunks[-1].type == "done"


async def test_a_stream_that_is_cut_again_goes_on_again() -> None:
    whole, _ = await background(None)
    async with talking(LONG, background=True) as (backend, sim):
        header = {HEADER: "cut;after=3500;times=3"}
        stream = backend.stream_with_tools(HELLO, [WEATHER], extra_headers=header)
        chunks = [chunk async for chunk in stream]
        assert [request.method for request in sim.requests] == ["POST", "GET", "GET", "GET"]
    verified(chunks)
    assert facts(chunks) == facts(whole)


async def test_a_response_that_is_not_kept_is_over() -> None:
    async with talking(LONG, ["cut;after=4000"]) as (backend, sim):
        chunks = await read(backend.stream_with_tools(HELLO))
        assert len(sim.requests) == 1
    assert (chunks[-1].finish_reason, error_info(chunks)["kind"]) == ("incomplete", "transport")


async def test_a_cut_before_anything_is_known_is_tried_anew() -> None:
    async with talking(LONG, ["cut;after=100"], background=True) as (backend, sim):
        chunks = await read(backend.stream_with_tools(HELLO))
        assert [request.method for request in sim.requests] == ["POST", "POST"]
    assert text_of(chunks).startswith("word 0 word 1 ")


async def test_a_response_that_was_lost_meanwhile() -> None:
    async with talking(LONG, background=True) as (backend, sim):
        header = {HEADER: "cut;after=4000;times=1"}
        stream = backend.stream_with_tools(HELLO, extra_headers=header)
        chunks = [await anext(stream)]
        sim._engine._kept._answers.clear()  # the vendor forgets
        chunks += [chunk async for chunk in stream]
    assert verified(chunks)[-1].finish_reason == "error"
    assert error_info(verified(chunks))["kind"] == "not_found"


@pytest.mark.parametrize("script", [[fail("boom")], [text("Hi."), fail("boom")]])
@pytest.mark.parametrize("before_the_end", [1, 300, 700])
async def test_an_error_that_came_before_a_cut_is_told_once(script: Any, before_the_end: int) -> None:
    async with talking(script, background=True) as (backend, sim):
        whole = [chunk async for chunk in backend.stream_with_tools(HELLO)]
        size = len(await post(sim, {"model": backend.model, "input": HELLO, "stream": True, "background": True}))
    at_once = Instruments(jitter=lambda: 0.999)
    faults = [f"cut;after={size - before_the_end}"]
    async with talking(script, faults, background=True, instruments=at_once) as (backend, sim):
        chunks = [chunk async for chunk in backend.stream_with_tools(HELLO)]
        assert [request.method for request in sim.requests] == ["POST", "GET"]
    assert error_info(verified(chunks)) == error_info(verified(whole))
    assert facts(chunks) == facts(whole)


@pytest.mark.parametrize("how", ["cancel", "total_timeout"])
async def test_what_is_open_is_ended_when_nothing_follows_the_cut(how: str) -> None:
    item = {"id": "ci_1", "type": "code_interpreter_call", "status": "in_progress"}
    began = {"type": "response.output_item.added", "sequence_number": 50, "output_index": 9, "item": item}
    code = {"type": "response.code_interpreter_call_code.delta", "sequence_number": 51, "output_index": 9}
    events = (began, code | {"delta": "1+"})
    script = [text("a"), *(raw(f"data: {json.dumps(event)}\n\n".encode()) for event in events), cut()]
    patient = Instruments(sleep=lambda _: asyncio.Event().wait())
    limits: dict[str, Any] = {"total_timeout": 0.3} if how == "total_timeout" else {}
    async with talking(script, background=True, instruments=patient) as (backend, _):
        stream = backend.stream_with_tools(HELLO, **limits)
        chunks = []
        async for chunk in stream:
            chunks.append(chunk)
            if how == "cancel" and chunk.to_dict().get("status") == "resume":
                stream.cancel()
    last = of_type(verified(chunks), "server_tool_call")[-1]
    assert (last.status, last.arguments) == ("incomplete", '{"code":"1+"}')
    assert verified(chunks)[-1].finish_reason == ("cancelled" if how == "cancel" else "error")


async def test_leaving_early_leaves_nothing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    async with talking([*WORDS, cut()]) as (backend, sim):
        for _ in range(20):
            async with backend.stream_with_tools(HELLO) as stream:
                async for chunk in stream:
                    if chunk.type == "content":
                        break
        await until(lambda: sim.connections() == 0)
    assert not caplog.records
