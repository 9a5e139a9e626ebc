"""Google's own SDK against the simulator: typed and raw streams, whole answers, reading again, errors."""

import io
import json
import zlib
from base64 import b64decode
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from google import genai
from google.genai import types
from PIL import Image

from massgen_stream.simulator import Simulator, call, cut, fail, text, think
from massgen_stream.stream_chunk.narrow import done
from massgen_stream.wire.google_interactions import InteractionsDecoder

pytestmark = pytest.mark.anyio
MODEL = "gemini-3.8-flash"
PROMPT = "Write a haiku about rivers"
WEATHER: Any = {
    "type": "function",
    "name": "get_weather",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 1}},
        "required": ["city", "days"],
    },
}


@asynccontextmanager
async def client_of(sim: Simulator, **options: Any) -> AsyncGenerator[Any, None]:
    """The SDK's client, which carries its bytes with httpx2 and tries once."""
    async with httpx2.AsyncClient() as web:
        once = types.HttpRetryOptions(attempts=1)
        http_options = types.HttpOptions(base_url=sim.url("gemini"), httpx_async_client=web, retry_options=once)
        client = genai.Client(**{"api_key": "any", **options}, http_options=http_options)
        yield client.aio.interactions
        client.close()


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    async with Simulator(clock=lambda: 5.0) as sim:
        yield sim


@pytest.fixture
async def client(sim: Simulator) -> AsyncIterator[Any]:
    async with client_of(sim) as client:
        yield client


async def streamed(client: Any, given: Any = PROMPT, **options: Any) -> list[Any]:
    stream = await client.create(**{"model": MODEL, "input": given, **options}, stream=True)
    events = [event async for event in stream]
    assert "UNKNOWN" not in str([event.model_dump() for event in events])
    return events


async def whole(client: Any, given: Any = PROMPT, **options: Any) -> Any:
    return await client.create(**{"model": MODEL, "input": given, **options})


def deltas(events: list[Any], kind: str) -> list[Any]:
    return [event.delta for event in events if event.event_type == "step.delta" and event.delta.type == kind]


async def test_typed_stream(client: Any) -> None:
    events = await streamed(client)
    assert [event.event_type for event in events[:3]] == [
        "interaction.created", "interaction.status_update", "step.start",
    ]  # fmt: skip
    assert [event.event_id for event in events] == [f"sim-{number}" for number in range(len(events))]
    assert "".join(delta.text for delta in deltas(events, "text")).startswith("Cold springs")
    last = events[-1].interaction
    assert (last.id, last.status, last.model) == ("v1_sim_1", "completed", MODEL)
    assert (last.created, last.updated) == ("1970-01-01T00:00:05Z",) * 2
    usage = last.usage
    assert usage.total_tokens == usage.total_input_tokens + usage.total_output_tokens
    assert not deltas(events, "thought_summary")


async def test_a_whole_answer(client: Any) -> None:
    found = await whole(client)
    assert (found.id, found.status, found.output_text[:12]) == ("v1_sim_1", "completed", "Cold springs")
    assert [step.type for step in found.steps] == ["model_output"]


async def test_thoughts_come_when_they_are_asked_for(client: Any) -> None:
    config = {"thinking_summaries": "auto"}
    events = await streamed(client, generation_config=config)
    (summary,), (signed,) = deltas(events, "thought_summary"), deltas(events, "thought_signature")
    assert "haiku" in summary.content.text or "rivers" in summary.content.text
    found = await whole(client, generation_config=config)
    assert [step.type for step in found.steps] == ["thought", "model_output"]
    assert (found.steps[0].summary[0].text, b64decode(signed.signature)) == (
        summary.content.text, b"simulated signature 1",
    )  # fmt: skip
    assert found.usage.total_thought_tokens > 0


async def test_functions_are_called_and_their_results_quoted(client: Any) -> None:
    events = await streamed(client, "Weather in Oslo", tools=[WEATHER])
    (start,) = [event.step for event in events if event.event_type == "step.start"]
    assert (start.type, start.name) == ("function_call", "get_weather")
    assert "".join(delta.arguments for delta in deltas(events, "arguments_delta")).startswith('{"city"')
    assert events[-1].interaction.status == "requires_action"
    found = await whole(client, "Weather in Oslo", tools=[WEATHER])
    (made,) = found.steps
    assert made.arguments["days"] >= 1
    result = {"type": "function_result", "call_id": made.id, "name": made.name, "result": "7 degrees"}
    answer = await whole(client, [result], tools=[WEATHER], previous_interaction_id=found.id)
    assert "7 degrees" in answer.output_text


@pytest.mark.parametrize("tool", ["google_search", "google_maps", "url_context", "file_search", "code_execution"])
async def test_googles_own_tools(client: Any, tool: str) -> None:
    events = await streamed(client, tools=[{"type": tool}])
    steps = [event.step.type for event in events if event.event_type == "step.start"]
    assert steps == [f"{tool}_call", f"{tool}_result", "model_output"]
    cited = [one for delta in deltas(events, "text_annotation_delta") for one in delta.annotations]
    assert bool(cited) == (tool in ("google_search", "google_maps", "file_search"))
    found = await whole(client, tools=[{"type": tool}])
    assert [step.type for step in found.steps] == steps


@pytest.mark.parametrize(
    "options", [{"response_modalities": ["text", "image"]}, {"response_format": {"type": "image"}}]
)
async def test_a_picture_is_a_real_one(client: Any, options: Any) -> None:
    (delta,) = deltas(await streamed(client, **options), "image")
    assert delta.mime_type == "image/png"
    data = b64decode(delta.data)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    start = data.index(b"IDAT") + 4
    assert len(zlib.decompress(data[start : start + int.from_bytes(data[start - 8 : start - 4])])) == 64 * (1 + 96 * 3)
    found = await whole(client, **options)
    assert found.output_image.data == delta.data


async def test_json_answers_fit_their_schema(client: Any) -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    wanted = {"type": "text", "mime_type": "application/json", "schema": schema}
    found = await whole(client, response_format=wanted)
    assert set(json.loads(found.output_text)) == {"n"}


async def test_raw_streams(client: Any, sim: Simulator) -> None:
    reader = InteractionsDecoder()
    chunks: list[Any] = []
    async with client.with_streaming_response.create(model=MODEL, input=PROMPT, stream=True) as response:
        async for piece in response.iter_bytes():
            chunks += reader.feed(piece)
    assert "".join(chunk.content or "" for chunk in chunks if chunk.type == "content").startswith("Cold springs")
    assert chunks[-1].finish_reason == "stop"
    assert sim.requests[-1].path == "/v1/interactions"


async def test_an_answer_can_be_read_again_from_any_event(client: Any) -> None:
    events = await streamed(client)
    for number in (0, 4, len(events) - 1):
        stream = await client.get("v1_sim_1", stream=True, last_event_id=f"sim-{number}")
        assert [event.event_id async for event in stream] == [event.event_id for event in events[number + 1 :]]
    again = await client.get("v1_sim_1", stream=True)
    assert len([event async for event in again]) == len(events)
    found = await client.get("v1_sim_1")
    assert found.output_text.startswith("Cold springs")
    assert (await client.cancel("v1_sim_1")).status == "completed"
    await client.delete("v1_sim_1")


async def test_what_is_not_stored_cannot_be_read_again(client: Any) -> None:
    await streamed(client, store=False)
    with pytest.raises(Exception, match="'v1_sim_1' is not found"):
        await client.get("v1_sim_1")


async def test_the_sdk_goes_on_where_an_answer_pauses() -> None:
    details = {"continuation_token": "tok"}
    pause = done("pause", raw_finish_reason="requires_continuation", finish_details=details)
    async with Simulator([[text("Hel"), pause], [text("lo")]]) as sim, client_of(sim) as client:
        events = await streamed(client)
        assert "".join(delta.text for delta in deltas(events, "text")) == "Hello"
        assert sim.requests[1].json["continuation_token"] == "tok"
        assert sim.requests[1].json["previous_interaction_id"] == "v1_sim_1"


async def test_scripts() -> None:
    async with Simulator([think("Hm."), text("a"), call("f", {"x": 1})]) as sim, client_of(sim) as client:
        found = await whole(client)
        assert [step.type for step in found.steps] == ["thought", "model_output", "function_call"]
        assert found.steps[2].arguments == {"x": 1}


async def test_errors_have_googles_shape() -> None:
    async with Simulator(api_key="right") as sim, client_of(sim, api_key="wrong") as client:
        with pytest.raises(Exception, match="Incorrect API key") as caught:
            await whole(client)
        assert getattr(caught.value, "status_code", None) == 401
        assert caught.value.body["error"]["code"] == "invalid_api_key"  # type: ignore[attr-defined]
    async with Simulator([fail("no", kind="overloaded")]) as sim, client_of(sim) as client:
        (event,) = [event for event in await streamed(client) if event.event_type == "error"]
        assert (event.error.code, event.error.message) == ("unavailable", "no")
        with pytest.raises(Exception, match="no"):
            await whole(client)


@pytest.mark.parametrize("prefix", ["v1", "v1beta"])
async def test_both_versions(sim: Simulator, prefix: str) -> None:
    async with httpx2.AsyncClient() as web:
        response = await web.post(f"{sim.origin}/{prefix}/interactions", json={"model": "m", "input": "Hi"})
    assert response.json()["status"] == "completed"


async def test_a_cut_stays_cut() -> None:
    async with Simulator([text("a"), cut()]) as sim, client_of(sim) as client:
        with pytest.raises(Exception, match=r"(?i)peer closed|incomplete|disconnect"):
            await streamed(client)


async def test_a_picture_of_any_shape_with_its_draft(client: Any) -> None:
    form = {"type": "image", "aspect_ratio": "8:1", "image_size": "2K", "mime_type": "image/jpeg"}
    events = await streamed(client, response_format=form, generation_config={"thinking_summaries": "auto"})
    drafts = [one.content for one in deltas(events, "thought_summary") if one.content.type == "image"]
    (picture,) = deltas(events, "image")
    assert [(one.type, one.mime_type) for one in drafts] == [("image", "image/jpeg")]
    with Image.open(io.BytesIO(b64decode(picture.data))) as image:
        assert (image.size, image.format) == ((192, 24), "JPEG")


@pytest.mark.parametrize("wrong", [{"aspect_ratio": "8"}, {"image_size": "1"}, {"mime_type": "image/png"}, {"n": 2}])
async def test_a_picture_that_is_not_made(client: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(Exception, match="response_format") as refused:
        await whole(client, response_format={"type": "image", **wrong})
    assert getattr(refused.value, "status_code", None) == 400
