"""The Interactions API over a real socket: Google's SDK on our side, the simulator on the other."""

import asyncio
import json
import logging
import threading
from base64 import b64encode
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.backend import GeminiBackend, InteractionsBackend, create_backend
from massgen_stream.errors import ConfigurationError, MissingKey
from massgen_stream.simulator import Simulator, call, fail, stall, text, think
from massgen_stream.simulator.faults import HEADER
from massgen_stream.stream_chunk import Accumulator
from massgen_stream.stream_chunk.narrow import done
from massgen_stream.wire.google_interactions.usage import usage_of

from ..simulator.polling import until
from .reading import HELLO, error_info, of_type, read, types, verified
from .reading import text as text_of

pytestmark = pytest.mark.anyio
KEY = "key-of-mine-0123456789"
OWN = "google.interactions"
STEPS = [{"type": "user_input", "content": [{"type": "text", "text": "Hello"}]}]
ASK = [{"role": "user", "content": "How is the weather in Oslo?"}]
WEATHER = {
    "name": "get_weather",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
LONG = [
    think("Let me count."),
    *(text(f"word {number} ") for number in range(60)),
    call("get_weather", {"city": "Oslo"}),
]


@asynccontextmanager
async def talking(
    script: Any = None, faults: Any = None, **options: Any
) -> AsyncGenerator[tuple[InteractionsBackend, Simulator], None]:
    async with (
        Simulator(script, faults, clock=lambda: 5.0) as sim,
        InteractionsBackend(base_url=sim.url("gemini"), api_key=KEY, **options) as backend,
    ):
        yield backend, sim


async def accumulated(backend: InteractionsBackend, messages: Any, tools: Any = None, **options: Any) -> Accumulator:
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
        chunks = await read(backend.stream_with_tools([{"role": "user", "content": "Hello"}], model="m-0"))
        assert types(chunks) == ["start", "content", "content", "complete_response", "complete_message", "done"]
        start, last = chunks[0], chunks[-1]
        assert (start.provider, start.model, start.source) == ("gemini", "m-0", "agent-1")
        assert (start.response_id, start.request_id) == ("v1_sim_1", "req_sim_1")
        assert (last.finish_reason, last.raw_finish_reason, last.usage_source) == ("stop", "completed", "reported")
        assert sim.requests[0].path == "/v1/interactions"
        assert sent(sim) == {"model": "m-0", "input": STEPS, "stream": True}
        await until(lambda: sim.connections() == 0)


def test_the_provider() -> None:
    backend = create_backend("gemini", api="interactions", api_key=KEY)
    assert isinstance(backend, InteractionsBackend)
    assert backend.protocol == InteractionsBackend(api_key=KEY).provider.protocol == OWN
    assert isinstance(create_backend("gemini", api_key=KEY), GeminiBackend)
    assert backend.supports_multimodal_output()["video"]
    with pytest.raises(MissingKey, match="GEMINI_API_KEY"):
        InteractionsBackend(environ={})
    with pytest.raises(ConfigurationError, match=r"speaks google\.interactions"):
        InteractionsBackend("gemini", api="generate_content", api_key=KEY)


async def test_a_key_goes_where_google_wants_it_and_nowhere_without_one() -> None:
    async with Simulator([text("ok")], api_key=KEY) as sim:
        async with InteractionsBackend(base_url=sim.url("gemini"), api_key=KEY) as backend:
            assert text_of(await read(backend.stream_with_tools(HELLO))) == "ok"
            assert "x-goog-api-key" in sim.requests[-1].headers
        async with InteractionsBackend(base_url=sim.url("gemini"), environ={}, max_retries=0) as backend:
            chunks = await read(backend.stream_with_tools(HELLO, extra_headers={"X-Mine": "1"}, extra_query={"a": "b"}))
            assert error_info(chunks)["kind"] == "authentication"
            assert "x-goog-api-key" not in sim.requests[-1].headers
            assert (sim.requests[-1].headers["x-mine"], sim.requests[-1].query["a"]) == ("1", "b")


async def test_google_cloud_has_addresses_of_its_own() -> None:
    credentials = pytest.importorskip("google.oauth2.credentials").Credentials("token-of-mine")
    async with Simulator([text("ok")]) as sim:
        door: dict[str, Any] = {"enterprise": True, "project": "p", "location": "eu", "credentials": credentials}
        async with InteractionsBackend(base_url=sim.url("gemini"), environ={}, **door) as backend:
            chunks = await read(backend.stream_with_tools(HELLO, max_retries=0))
            assert text_of(chunks) == "ok"
            assert sim.requests[-1].path == "/v1beta1/projects/p/locations/eu/interactions"
            assert sim.requests[-1].headers["authorization"] == "(hidden)"
    with pytest.raises(ConfigurationError, match="leave it out"):
        InteractionsBackend(api_key=KEY, http_library="aiohttp")


async def test_options_find_their_place() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
    options: dict[str, Any] = {
        "generation_config": {"image_config": {"aspect_ratio": "1:1"}},
        "max_tokens": 500, "temperature": 0.5, "top_p": 0.9, "seed": 3, "stop": "END",
        "reasoning_effort": "low", "include_thoughts": True, "modalities": ["text"], "background": None,
        "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": schema}},
        "previous_interaction_id": "v1_0", "store": True, "service_tier": "flex", "labels": {"a": "b"},
        "user": "u", "top_k": 5, "extra_body": {"safety_settings": []}, "web_search": True,
        "file_search": {"file_search_store_names": ["s"]},
    }  # fmt: skip
    async with talking() as (backend, sim):
        chunks = await read(backend.stream_with_tools(HELLO, [WEATHER], tool_choice={"name": "get_weather"}, **options))
        found = sent(sim)
        assert found.pop("input")
        assert found == {
            "model": "gemini-3.8-flash",
            "tools": [
                {"type": "function", **WEATHER}, {"type": "google_search"},
                {"type": "file_search", "file_search_store_names": ["s"]},
            ],
            "generation_config": {
                "image_config": {"aspect_ratio": "1:1"}, "max_output_tokens": 500, "temperature": 0.5, "top_p": 0.9,
                "seed": 3, "stop_sequences": ["END"], "thinking_level": "low", "thinking_summaries": "auto",
                "tool_choice": {"allowed_tools": {"mode": "any", "tools": ["get_weather"]}},
            },
            "response_format": {"type": "text", "mime_type": "application/json", "schema": schema},
            "response_modalities": ["text"], "previous_interaction_id": "v1_0", "store": True, "service_tier": "flex",
            "labels": {"a": "b"}, "safety_settings": [], "stream": True,
        }  # fmt: skip
        told = " ".join(str(chunk.detail) for chunk in of_type(chunks, "backend_status"))
        assert "option user dropped" in told
        assert "option top_k dropped" in told


@pytest.mark.parametrize(
    ("options", "why"),
    [({"n": 2}, "ask several times"), ({"input": "x"}, "messages are the first argument"),
     ({"system_instruction": "x"}, "role system"), ({"stop": 5}, "stop must be"),
     ({"reasoning_effort": "extreme"}, "reasoning_effort must be one of"),
     ({"response_format": {"type": "grammar"}}, "response_format must be"),
     ({"agent": "a", "temperature": 1}, "an agent takes no temperature"), ({"memory": True}, "no native tool memory")],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_at_the_call(options: Any, why: str) -> None:
    backend = InteractionsBackend(api_key=KEY)
    with pytest.raises(ConfigurationError, match=why):
        backend.stream_with_tools(HELLO, **options)


async def test_an_agent_takes_the_place_of_the_model() -> None:
    async with talking([text("ok")]) as (backend, sim):
        agent = {"agent": "deep-research-preview-04-2026", "agent_config": {"type": "deep-research"}}
        assert text_of(await read(backend.stream_with_tools(HELLO, background=True, **agent))) == "ok"
        assert "model" not in sent(sim)
        assert sent(sim).items() >= {**agent, "background": True}.items()


async def test_a_conversation_with_a_tool_carries_every_signature() -> None:
    async with talking() as (backend, sim):
        asked = {"include_thoughts": True, "web_search": True}
        first = await accumulated(backend, ASK, [WEATHER], **asked)
        assert first.finish_reason == "tool_calls"
        (made,) = first.tool_calls
        answer = {"role": "tool", "tool_call_id": made["id"], "content": "7 degrees"}
        second = await accumulated(backend, [*ASK, first.message(), answer], [WEATHER], **asked)
        steps = sent(sim)["input"]
        signature = b64encode(b"simulated signature 1").decode()
        assert [step["type"] for step in steps] == [
            "user_input", "thought", "google_search_call", "google_search_result", "function_call", "function_result",
        ]  # fmt: skip
        assert (steps[1]["signature"], steps[1]["summary"][0]["text"]) == (signature, first.reasoning_summary)
        assert steps[2]["id"] == steps[3]["call_id"] == "google_search_sim_1"
        assert steps[4]["arguments"] == json.loads(made["arguments"])
        assert steps[5] == {
            "type": "function_result", "call_id": made["id"], "name": "get_weather", "result": "7 degrees",
        }  # fmt: skip
        assert "7 degrees" in second.text


async def test_the_server_remembers_what_it_keeps() -> None:
    async with talking() as (backend, sim):
        first = await accumulated(backend, ASK, [WEATHER])
        kept = next(iter(first.tool_calls))["id"]
        answer = {"role": "tool", "tool_call_id": kept, "tool_name": "get_weather", "content": "7 degrees"}
        second = await accumulated(backend, [answer], [WEATHER], previous_interaction_id="v1_sim_1")
        assert sent(sim)["previous_interaction_id"] == "v1_sim_1"
        assert [step["type"] for step in sent(sim)["input"]] == ["function_result"]
        assert "7 degrees" in second.text


async def test_files_and_pictures(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    content = [{"type": "text", "text": "What is it?"}, {"type": "image", "path": str(tmp_path / "a.png")}]
    async with talking() as (backend, sim):
        found = await accumulated(backend, [{"role": "user", "content": content}], modalities=["text", "image"])
        image = {"type": "image", "data": "iVBORw0KGgo=", "mime_type": "image/png"}
        assert sent(sim)["input"][0]["content"][1] == image
        assert found.text.startswith("I see 1 image (image/png, 8 bytes)")
        (medium,) = found.media.values()
        assert isinstance(medium.data, bytes)
        assert medium.data.startswith(b"\x89PNG")
        assert medium.complete


def paused(token: str) -> Any:
    usage = usage_of({"total_tokens": 5, "total_input_tokens": 2, "total_output_tokens": 3})
    details = {"continuation_token": token}
    return done("pause", raw_finish_reason="requires_continuation", finish_details=details, usage=usage)


async def test_a_long_answer_goes_on_in_the_same_stream() -> None:
    script = [[text("Hel"), paused("tok-1")], [text("lo "), paused("tok-2")], [text("there")]]
    async with talking(script) as (backend, sim):
        chunks = await read(backend.stream_with_tools([{"role": "user", "content": "Hello"}]))
        assert text_of(chunks) == "Hello there"
        assert types(chunks).count("start") == types(chunks).count("done") == 1
        first, *others = [request.json for request in sim.requests]
        assert first["input"] == STEPS
        assert others == [
            {"model": first["model"], "stream": True, "continuation_token": f"tok-{number}",
             "previous_interaction_id": f"v1_sim_{number}"}
            for number in (1, 2)
        ]  # fmt: skip
        (response,) = of_type(chunks, "complete_response")
        assert (response.response or {})["continuation_ids"] == ["v1_sim_1", "v1_sim_2", "v1_sim_3"]
        assert (chunks[-1].usage or {})["total_tokens"] > 10


async def test_what_is_not_kept_is_told_once_more() -> None:
    async with talking([[text("Hel"), paused("tok-1")], [text("lo")]], store=False) as (backend, sim):
        assert text_of(await read(backend.stream_with_tools(HELLO))) == "Hello"
        first, second = [request.json for request in sim.requests]
        assert second == {**first, "continuation_token": "tok-1"}


@pytest.mark.parametrize("options", [{"automatic_continuation": False}, {"background": True}, {"agent": "a"}])
async def test_a_long_answer_may_stay_as_it_is(options: Any) -> None:
    async with talking([[text("Hel"), paused("tok-1")], [text("lo")]]) as (backend, sim):
        chunks = await read(backend.stream_with_tools(HELLO, **options))
        assert (text_of(chunks), chunks[-1].finish_reason) == ("Hel", "pause")
        assert chunks[-1].finish_details == {"continuation_token": "tok-1"}
        assert len(sim.requests) == 1


async def test_the_same_token_twice_is_not_asked_for_again() -> None:
    async with talking([paused("tok-1")]) as (backend, sim):
        chunks = await read(backend.stream_with_tools(HELLO))
        assert (chunks[-1].finish_reason, len(sim.requests)) == ("pause", 2)


def facts(chunks: Any) -> list[str]:
    """What the chunks say, but not when, and not that the stream was cut; ids that are made up hold the stream's."""
    odd = ("timestamp", "sequence_number", "stream_id")
    said = [chunk.to_dict() for chunk in chunks if chunk.to_dict().get("status") != "resume"]
    plain = [{name: value for name, value in one.items() if name not in odd} for one in said]
    return [str(one).replace(chunks[0].stream_id, "") for one in plain]


async def long_answer(faults: Any = None, **options: Any) -> tuple[Any, Simulator]:
    async with talking(LONG, faults, **options) as (backend, sim):
        chunks = [chunk async for chunk in backend.stream_with_tools(HELLO, [WEATHER])]
        await until(lambda: sim.connections() == 0)
    verified(chunks)
    return chunks, sim


@pytest.mark.parametrize(("after", "how"), [(900, "close"), (2000, "end"), (4567, "reset"), (9000, "close")])
async def test_an_answer_survives_a_cut(after: int, how: str) -> None:
    whole, _ = await long_answer()
    chunks, sim = await long_answer([f"cut;after={after};how={how}"])
    assert facts(chunks) == facts(whole)
    asked = [(request.method, request.path) for request in sim.requests]
    assert asked == [("POST", "/v1/interactions"), ("GET", "/v1/interactions/v1_sim_1")]
    assert sim.requests[1].query["stream"] == "true"
    assert sim.requests[1].query["last_event_id"].startswith("sim-")
    assert sim.requests[1].body == b""


async def test_a_stream_that_is_cut_again_goes_on_again() -> None:
    whole, _ = await long_answer()
    async with talking(LONG) as (backend, sim):
        stream = backend.stream_with_tools(HELLO, [WEATHER], extra_headers={HEADER: "cut;after=2500;times=3"})
        chunks = [chunk async for chunk in stream]
        assert [request.method for request in sim.requests] == ["POST", "GET", "GET", "GET"]
    assert facts(verified(chunks)) == facts(whole)


async def test_an_answer_that_is_not_kept_is_over() -> None:
    chunks, sim = await long_answer(["cut;after=4000"], store=False)
    assert len(sim.requests) == 1
    assert (chunks[-1].finish_reason, error_info(chunks)["kind"]) == ("incomplete", "transport")


async def test_a_cut_before_anything_is_known_is_tried_anew() -> None:
    chunks, sim = await long_answer(["cut;after=60"])
    assert [request.method for request in sim.requests] == ["POST", "POST"]
    assert text_of(chunks).startswith("word 0 word 1 ")


async def test_an_answer_that_was_lost_meanwhile() -> None:
    async with talking(LONG) as (backend, sim):
        stream = backend.stream_with_tools(HELLO, extra_headers={HEADER: "cut;after=4000;times=1"})
        chunks = [await anext(stream)]
        sim._engine._kept._answers.clear()  # the vendor forgets
        chunks += [chunk async for chunk in stream]
    assert verified(chunks)[-1].finish_reason == "error"
    assert error_info(verified(chunks))["kind"] == "not_found"


async def test_a_cut_between_two_parts_of_an_answer() -> None:
    """The second part is asked for once more, since the first one is known to be whole."""
    async with talking([[text("Hel"), paused("tok-1")], [text("lo"), text(" there")]]) as (backend, sim):
        stream = backend.stream_with_tools(HELLO, extra_headers={HEADER: "cut;after=1400;times=2"})
        assert text_of(verified([chunk async for chunk in stream])) == "Hello there"
        assert [request.method for request in sim.requests].count("POST") == 2


REFUSALS = [
    (400, "invalid_request"),
    (403, "permission"),
    (404, "not_found"),
    (429, "rate_limited"),
    (503, "overloaded"),
]


@pytest.mark.parametrize(("status", "kind"), REFUSALS)
async def test_refusals_are_told_with_their_kind(status: int, kind: str) -> None:
    async with talking(None, [str(status)], max_retries=0) as (backend, _):
        info = error_info(await read(backend.stream_with_tools(HELLO)))
        assert (info["kind"], info["status"]) == (kind, status)


async def test_retries_are_ours() -> None:
    async with talking([text("ok")], ["503;times=2"], retry_budget=30) as (backend, sim):
        chunks = await read(backend.stream_with_tools(HELLO))
        assert text_of(chunks) == "ok"
        assert len(sim.requests) == 3
        assert [chunk.status for chunk in of_type(chunks, "backend_status")] == ["retry", "retry"]


async def test_an_error_in_the_stream_ends_it() -> None:
    async with talking([text("Hel"), fail("Too busy.", kind="overloaded")]) as (backend, _):
        chunks = await read(backend.stream_with_tools(HELLO))
        assert (text_of(chunks), chunks[-1].finish_reason) == ("Hel", "error")
        assert error_info(chunks)["kind"] == "overloaded"


async def test_nobody_is_there() -> None:
    async with InteractionsBackend(base_url="http://127.0.0.1:9", api_key=KEY, max_retries=0) as backend:
        info = error_info(await read(backend.stream_with_tools(HELLO)))
        assert (info["kind"], info["retryable"]) == ("transport", True)


@pytest.mark.parametrize("script", [[stall(), text("x")], [text("x"), stall()]])
async def test_silence_is_a_timeout(script: Any) -> None:
    async with talking(script, max_retries=0, read_timeout=0.2) as (backend, _):
        chunks = await read(backend.stream_with_tools(HELLO))
        assert error_info(chunks)["kind"] == "timeout"
        assert "read_timeout" in str(of_type(chunks, "error")[0].error)


async def test_leaving_early_leaves_nothing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    async with talking([*LONG, stall()]) as (backend, sim):
        await read(backend.stream_with_tools(HELLO, read_timeout=0.05, max_retries=0))
        tasks, threads = len(asyncio.all_tasks()), threading.active_count()
        for _ in range(20):
            async with backend.stream_with_tools(HELLO) as stream:
                async for chunk in stream:
                    if chunk.type == "content":
                        break
        await until(lambda: sim.connections() == 0)
        await until(lambda: len(asyncio.all_tasks()) <= tasks + 1)
        assert threading.active_count() <= threads
    assert not caplog.records


FAULTS = [
    "html",
    "json",
    "malformed",
    "error",
    "double_usage",
    "no_end",
    "comments",
    "slow;size=300;delay=0.001",
    "cut;after=700",
]


@pytest.mark.parametrize("fault", FAULTS)
async def test_every_fault_keeps_the_grammar(fault: str) -> None:
    async with talking([text("Hello"), text(" you")], [fault], max_retries=0, store=False) as (backend, sim):
        chunks = await read(backend.stream_with_tools(HELLO))
        assert verified(chunks)[-1].type == "done"
        await until(lambda: sim.connections() == 0)
