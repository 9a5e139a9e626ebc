"""The vendor's own SDK against everything that is not a fault, and its errors against what is."""

import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import openai
import pydantic
import pytest

from massgen_stream.simulator import Simulator, call, text, think

from .polling import until

pytestmark = pytest.mark.anyio
USER: Any = [{"role": "user", "content": "Write a haiku about rivers"}]
WEATHER: Any = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 1}},
            "required": ["city", "days"],
            "additionalProperties": False,
        },
        "strict": True,
    },
}
PNG = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n".ljust(70, b"\0")).decode()


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    async with Simulator() as sim:
        yield sim


@pytest.fixture
async def client(sim: Simulator) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(base_url=sim.url("openai"), api_key="any", max_retries=0) as client:
        yield client


async def test_typed_stream(client: openai.AsyncOpenAI) -> None:
    stream = await client.chat.completions.create(
        model="m", messages=USER, stream=True, stream_options={"include_usage": True}, reasoning_effort="high"
    )
    chunks = [chunk async for chunk in stream]
    assert {(chunk.id, chunk.model, chunk.object) for chunk in chunks} == {
        ("chatcmpl-sim-1", "m", "chat.completion.chunk")
    }
    assert all(isinstance(chunk.created, int) for chunk in chunks)
    assert chunks[0].choices[0].delta.role == "assistant"
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices).startswith("Cold springs")
    reasoning = [(c.choices[0].delta.model_extra or {}).get("reasoning_content") for c in chunks if c.choices]
    assert "rivers" in "".join(piece or "" for piece in reasoning)
    assert [c.choices[0].finish_reason for c in chunks if c.choices and c.choices[0].finish_reason] == ["stop"]
    assert chunks[-1].choices == []
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens_details is not None
    assert chunks[-1].usage.completion_tokens_details.reasoning_tokens


async def test_stream_helper(client: openai.AsyncOpenAI) -> None:
    async with client.chat.completions.stream(
        model="m", messages=USER, tools=[WEATHER], stream_options={"include_usage": True}
    ) as stream:
        events = [event async for event in stream]
    final = await stream.get_final_completion()
    done = [event for event in events if event.type == "tool_calls.function.arguments.done"]
    assert [(event.name, event.parsed_arguments) for event in done] == [("get_weather", {"city": "rivers", "days": 1})]
    assert final.choices[0].finish_reason == "tool_calls"
    assert [(c.id, c.type) for c in final.choices[0].message.tool_calls or ()] == [("call_sim_1_0_0", "function")]
    assert final.usage is not None


async def test_stream_helper_with_text_and_choices(client: openai.AsyncOpenAI) -> None:
    async with client.chat.completions.stream(model="m", messages=USER, n=2) as stream:
        deltas = [event.delta async for event in stream if event.type == "content.delta"]
    final = await stream.get_final_completion()
    texts = [choice.message.content or "" for choice in final.choices]
    assert len(set(texts)) == 2
    assert sum(map(len, deltas)) == sum(map(len, texts))
    assert [choice.finish_reason for choice in final.choices] == ["stop", "stop"]


async def test_create_without_streaming(client: openai.AsyncOpenAI) -> None:
    answer = await client.chat.completions.create(model="m", messages=USER, n=2)
    assert [len((choice.message.content or "").splitlines()) for choice in answer.choices] == [3, 3]
    assert answer.usage is not None
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    assert (answer.object, answer.model, answer.choices[1].index) == ("chat.completion", "m", 1)


async def test_tools_round_trip(client: openai.AsyncOpenAI) -> None:
    messages: Any = [{"role": "user", "content": "How is the weather in Oslo?"}]
    first = await client.chat.completions.create(model="m", messages=messages, tools=[WEATHER])
    message = first.choices[0].message
    assert first.choices[0].finish_reason == "tool_calls"
    assert message.content is None
    assert message.tool_calls is not None
    made = message.tool_calls[0]
    assert made.type == "function"
    assert json.loads(made.function.arguments) == {"city": "Oslo", "days": 1}
    messages += [message.to_dict(), {"role": "tool", "tool_call_id": made.id, "content": "4 degrees, rain"}]
    second = await client.chat.completions.create(model="m", messages=messages, tools=[WEATHER])
    assert second.choices[0].finish_reason == "stop"
    assert "4 degrees, rain" in (second.choices[0].message.content or "")


class Weather(pydantic.BaseModel):
    city: str
    degrees: float
    tags: list[str]


async def test_structured_answers(client: openai.AsyncOpenAI) -> None:
    parsed = await client.chat.completions.parse(model="m", messages=USER, response_format=Weather)
    assert parsed.choices[0].message.parsed == Weather(city="rivers", degrees=1, tags=["rivers"])
    plain = await client.chat.completions.create(model="m", messages=USER, response_format={"type": "json_object"})
    assert isinstance(json.loads(plain.choices[0].message.content or ""), dict)


async def test_length(client: openai.AsyncOpenAI) -> None:
    for bound in ({"max_tokens": 3}, {"max_completion_tokens": 3}):
        answer = await client.chat.completions.create(model="m", messages=USER, **bound)  # type: ignore[call-overload]
        assert answer.choices[0].message.content == "Cold springs"
        assert answer.choices[0].finish_reason == "length"
        assert answer.usage.completion_tokens == 3


async def test_images_are_seen(client: openai.AsyncOpenAI) -> None:
    part: Any = {"type": "image_url", "image_url": {"url": PNG}}
    answer = await client.chat.completions.create(model="m", messages=[{"role": "user", "content": [part]}])
    assert answer.choices[0].message.content == "I see 1 image (image/png, 70 bytes)."


async def test_models(client: openai.AsyncOpenAI) -> None:
    assert "simulator" in [model.id async for model in client.models.list()]
    assert (await client.models.retrieve("some/model")).id == "some/model"


async def test_raw_bytes_and_early_leave(sim: Simulator, client: openai.AsyncOpenAI) -> None:
    async with client.chat.completions.with_streaming_response.create(
        model="simulator/fault:slow;delay=0.001", messages=USER, stream=True
    ) as response:
        assert response.request_id == "req_sim_1"
        await anext(response.iter_bytes())
        assert sim.connections() == 1
    await until(lambda: sim.connections() == 0)


async def test_scripts_in_the_sdk() -> None:
    script = [think("Hm."), text("Let me look."), call("get_weather", {"city": "Rome", "days": 2}), call("again")]
    async with Simulator(script) as sim, openai.AsyncOpenAI(base_url=sim.url("openai"), api_key="any") as client:
        async with client.chat.completions.stream(model="m", messages=USER) as stream:
            async for _ in stream:
                pass
        streamed = (await stream.get_final_completion()).choices[0]
        whole = (await client.chat.completions.create(model="m", messages=USER)).choices[0]
        assert streamed.message.content == whole.message.content == "Let me look."
        assert [c.function.arguments for c in streamed.message.tool_calls or ()] == [
            '{"city": "Rome", "days": 2}',
            "{}",
        ]
        assert whole.finish_reason == streamed.finish_reason == "tool_calls"


def test_the_sync_client() -> None:
    with Simulator.threaded() as sim, openai.OpenAI(base_url=sim.url("openai"), api_key="any") as client:
        chunks = list(client.chat.completions.create(model="m", messages=USER, stream=True))
        assert chunks[-1].choices[0].finish_reason == "stop"
        with client.chat.completions.stream(model="m", messages=USER, tools=[WEATHER]) as stream:
            assert stream.get_final_completion().choices[0].finish_reason == "tool_calls"
        assert client.models.list().data[0].id == "simulator"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, openai.BadRequestError),
        (401, openai.AuthenticationError),
        (403, openai.PermissionDeniedError),
        (404, openai.NotFoundError),
        (429, openai.RateLimitError),
        (500, openai.InternalServerError),
        (503, openai.InternalServerError),
    ],
)
async def test_statuses_are_the_errors_of_the_sdk(
    client: openai.AsyncOpenAI, status: int, error: type[openai.APIStatusError]
) -> None:
    with pytest.raises(error) as caught:
        await client.chat.completions.create(model=f"m/fault:{status}", messages=USER)
    assert caught.value.request_id == "req_sim_1"
    assert isinstance(caught.value.body, dict)
    assert caught.value.body["message"]


async def test_the_sdk_retries_until_it_succeeds(sim: Simulator) -> None:
    async with openai.AsyncOpenAI(base_url=sim.url("openai"), api_key="any", max_retries=2) as client:
        await client.chat.completions.create(model="m/fault:429;retry_after=0.01;times=2", messages=USER)
    assert len(sim.requests) == 3


@pytest.mark.parametrize("fault", ["error", "malformed", "cut"])
async def test_faults_in_the_stream_are_errors_of_the_sdk(client: openai.AsyncOpenAI, fault: str) -> None:
    stream = await client.chat.completions.create(model=f"m/fault:{fault}", messages=USER, stream=True)
    with pytest.raises((openai.APIError, json.JSONDecodeError)):
        async for _ in stream:
            pass


@pytest.mark.parametrize("fault", ["comments", "no_end", "double_usage", "huge;size=1000000", "slow;delay=0;size=7"])
async def test_what_is_odd_but_allowed_is_accepted(client: openai.AsyncOpenAI, fault: str) -> None:
    stream = await client.chat.completions.create(
        model=f"m/fault:{fault}", messages=USER, stream=True, stream_options={"include_usage": True}
    )
    text = "".join([c.choices[0].delta.content or "" async for c in stream if c.choices])
    assert text.replace("x" * 1000000, "").startswith("Cold springs")


async def test_a_key_can_be_required() -> None:
    async with Simulator(api_key="right") as sim:
        for key, accepted in (("right", True), ("wrong", False)):
            async with openai.AsyncOpenAI(base_url=sim.url("openai"), api_key=key, max_retries=0) as client:
                if accepted:
                    assert (await client.models.list()).data
                else:
                    with pytest.raises(openai.AuthenticationError) as caught:
                        await client.chat.completions.create(model="m", messages=USER)
                    assert "right" not in str(caught.value)


async def test_bad_requests_are_told_as_openai_does(client: openai.AsyncOpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="empty array") as caught:
        await client.chat.completions.create(model="m", messages=[])
    assert caught.value.param == "messages"
    with pytest.raises(openai.BadRequestError, match="JSON body"):
        await client.post("/chat/completions", content=b"{oops", cast_to=object)


async def test_only_files_that_were_given_are_read(client: openai.AsyncOpenAI) -> None:
    def asked(file_id: str) -> Any:
        content: Any = [{"type": "text", "text": "Read"}, {"type": "file", "file": {"file_id": file_id}}]
        return client.chat.completions.create(model="m", messages=[{"role": "user", "content": content}])

    file = await client.files.create(file=("a.txt", b"words"), purpose="user_data")
    assert (await asked(file.id)).choices[0].message.content
    await client.files.delete(file.id)
    with pytest.raises(openai.NotFoundError, match=f"No such File object: {file.id}"):
        await asked(file.id)
