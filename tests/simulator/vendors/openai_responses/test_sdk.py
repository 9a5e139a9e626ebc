"""The openai SDK, typed and raw, against the Responses API."""

import json
from base64 import b64decode
from collections.abc import AsyncIterator
from typing import Any

import openai
import pydantic
import pytest

from massgen_stream.simulator import Simulator, call, fail, refuse, text, think

from ...polling import until

pytestmark = pytest.mark.anyio
PROMPT = "Write a haiku about rivers"
WEATHER: Any = {
    "type": "function",
    "name": "get_weather",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 1}},
        "required": ["city", "days"],
        "additionalProperties": False,
    },
    "strict": True,
}
HOSTED: Any = [
    {"type": "web_search"},
    {"type": "file_search", "vector_store_ids": ["vs_1"]},
    {"type": "code_interpreter", "container": {"type": "auto"}},
    {"type": "image_generation", "partial_images": 2, "size": "48x32"},
    {"type": "shell", "environment": {"type": "container_auto"}},
]


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    async with Simulator() as sim:
        yield sim


def connected(sim: Simulator) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(base_url=sim.url("openai.responses"), api_key="any", max_retries=0)


@pytest.fixture
async def client(sim: Simulator) -> AsyncIterator[openai.AsyncOpenAI]:
    async with connected(sim) as client:
        yield client


async def events_of(client: openai.AsyncOpenAI, **options: Any) -> list[Any]:
    return [event async for event in await client.responses.create(model="m", stream=True, **options)]


async def test_typed_stream(client: openai.AsyncOpenAI) -> None:
    events = await events_of(client, input=PROMPT)
    assert [event.sequence_number for event in events] == list(range(len(events)))
    kinds = list(dict.fromkeys(event.type for event in events))
    assert kinds == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    for event in events:  # an event that the SDK does not know becomes the first type of its union
        assert type(event).__name__.lower() == "".join(_words(event.type)) + "event"
    final = events[-1].response
    assert final.output_text.startswith("Cold springs")
    assert (final.id, final.model, final.status, final.object) == ("resp_sim_1", "m", "completed", "response")
    assert final.usage.total_tokens == final.usage.input_tokens + final.usage.output_tokens
    assert final.usage.input_tokens_details.cached_tokens == 0
    assert [item.id for item in final.output] == ["msg_sim_1_0"]


def _words(kind: str) -> list[str]:
    """The parts of an event's type as the SDK's classes spell them."""
    return kind.replace("output_text", "text").replace("text.annotation", "output_text_annotation").replace(
        ".", "_"
    ).split("_")  # fmt: skip


async def test_reasoning_only_as_it_is_asked_for(client: openai.AsyncOpenAI) -> None:
    plain = await client.responses.create(model="m", input=PROMPT)
    assert [item.type for item in plain.output] == ["message"]
    silent = await client.responses.create(model="m", input=PROMPT, reasoning={"effort": "low"})
    assert silent.output[0].to_dict() == {"id": "rs_sim_2_0", "type": "reasoning", "summary": []}
    include: Any = ["reasoning.encrypted_content"]
    said = await client.responses.create(
        model="m", input=PROMPT, reasoning={"effort": "low", "summary": "auto"}, include=include, store=False
    )
    reasoning = said.output[0]
    assert reasoning.type == "reasoning"
    assert "rivers" in reasoning.summary[0].text
    assert str(reasoning.encrypted_content).startswith("gAAAAA")
    assert said.usage is not None
    assert said.usage.output_tokens_details.reasoning_tokens
    output: Any = [item.to_dict() for item in said.output]
    again = await client.responses.create(model="m", input=output)
    assert again.status == "completed"
    spoiled: Any = {**reasoning.to_dict(), "encrypted_content": "gAAAAAspoiled"}
    with pytest.raises(openai.BadRequestError) as caught:
        await client.responses.create(model="m", input=[spoiled])
    assert caught.value.code == "invalid_encrypted_content"


async def test_tools_round_trip(client: openai.AsyncOpenAI) -> None:
    items: Any = [{"role": "user", "content": "How is the weather in Oslo?"}]
    first = await client.responses.create(model="m", input=items, tools=[WEATHER])
    (made,) = first.output
    assert made.type == "function_call"
    assert json.loads(made.arguments) == {"city": "Oslo", "days": 1}
    items += [
        made.to_dict(),
        {
            "type": "function_call_output",
            "call_id": made.call_id,
            "output": [{"type": "input_text", "text": "4, rain"}],
        },
    ]
    second = await client.responses.create(model="m", input=items, tools=[WEATHER])
    assert "4, rain" in second.output_text


async def test_stream_helper(client: openai.AsyncOpenAI) -> None:
    async with client.responses.stream(model="m", input="How is the weather in Oslo?", tools=[WEATHER]) as stream:
        events = [event async for event in stream]
        final = await stream.get_final_response()
    done = [event for event in events if event.type == "response.function_call_arguments.done"]
    assert [json.loads(event.arguments) for event in done] == [{"city": "Oslo", "days": 1}]
    assert final.output[0].type == "function_call"
    assert final.output[0].parsed_arguments == {"city": "Oslo", "days": 1}


class Weather(pydantic.BaseModel):
    city: str
    degrees: float
    tags: list[str]


async def test_structured_answers(client: openai.AsyncOpenAI) -> None:
    parsed = await client.responses.parse(model="m", input=PROMPT, text_format=Weather)
    assert parsed.output_parsed == Weather(city="rivers", degrees=1, tags=["rivers"])


async def test_hosted_tools_whole(client: openai.AsyncOpenAI) -> None:
    include: Any = ["code_interpreter_call.outputs", "file_search_call.results", "web_search_call.action.sources"]
    answer = await client.responses.create(model="m", input="Rivers", tools=HOSTED, include=include)
    search, files, code, image, shell, output, message = answer.output
    assert search.type == "web_search_call"
    assert (search.action.type, search.status) == ("search", "completed")
    assert files.type == "file_search_call"
    assert files.results
    assert code.type == "code_interpreter_call"
    assert code.outputs is not None
    assert [one.to_dict() for one in code.outputs] == [{"logs": "6\n", "type": "logs"}]
    assert image.type == "image_generation_call"
    assert b64decode(image.result or "")[:8] == b"\x89PNG\r\n\x1a\n"
    assert (shell.type, output.type) == ("shell_call", "shell_call_output")
    assert message.type == "message"
    assert message.content[0].type == "output_text"
    assert [note.type for note in message.content[0].annotations] == ["url_citation"]
    bare = await client.responses.create(model="m", input="Rivers", tools=HOSTED)
    assert bare.output[1].to_dict()["results"] is None
    assert bare.output[2].to_dict()["outputs"] is None


async def test_hosted_tools_streamed(client: openai.AsyncOpenAI) -> None:
    kinds = [event.type for event in await events_of(client, input="Rivers", tools=HOSTED)]
    for name in (
        "web_search_call.searching",
        "file_search_call.completed",
        "code_interpreter_call_code.delta",
        "code_interpreter_call_code.done",
        "code_interpreter_call.interpreting",
        "image_generation_call.generating",
        "output_text.annotation.added",
    ):
        assert f"response.{name}" in kinds
    assert kinds.count("response.image_generation_call.partial_image") == 2


@pytest.mark.parametrize(
    ("tool", "kind"),
    [({"type": "shell"}, "shell_call"), ({"type": "computer"}, "computer_call")],
)
async def test_tools_of_the_client_end_the_answer(client: openai.AsyncOpenAI, tool: Any, kind: str) -> None:
    answer = await client.responses.create(model="m", input="Rivers", tools=[tool])
    assert [item.type for item in answer.output] == [kind]


async def test_length(client: openai.AsyncOpenAI) -> None:
    answer = await client.responses.create(model="m", input=PROMPT, max_output_tokens=3)
    assert (answer.output_text, answer.status) == ("Cold springs", "incomplete")
    assert answer.incomplete_details is not None
    assert answer.incomplete_details.reason == "max_output_tokens"


async def test_what_the_request_said_is_repeated(client: openai.AsyncOpenAI) -> None:
    answer = await client.responses.create(model="m", input=PROMPT, instructions="Be brief.", metadata={"a": "b"})
    assert (answer.instructions, answer.metadata, answer.tools) == ("Be brief.", {"a": "b"}, [])


async def test_in_the_background(client: openai.AsyncOpenAI) -> None:
    events = await events_of(client, input=PROMPT, background=True)
    assert [event.type for event in events[:3]] == ["response.created", "response.queued", "response.in_progress"]
    assert [event.response.status for event in events[:3]] == ["queued", "queued", "in_progress"]
    assert [event.sequence_number for event in events] == list(range(len(events)))
    rest = [e async for e in await client.responses.retrieve("resp_sim_1", stream=True, starting_after=7)]
    assert rest == events[8:]
    every = [e async for e in await client.responses.retrieve("resp_sim_1", stream=True)]
    assert every == events
    assert await client.responses.retrieve("resp_sim_1") == events[-1].response
    assert (await client.responses.cancel("resp_sim_1")).id == "resp_sim_1"
    whole = await client.responses.create(model="m", input=PROMPT, background=True)
    assert await client.responses.retrieve(whole.id) == whole


async def test_what_was_not_kept_is_not_found(client: openai.AsyncOpenAI) -> None:
    await client.responses.create(model="m", input=PROMPT)
    with pytest.raises(openai.NotFoundError):
        await client.responses.retrieve("resp_sim_1")
    with pytest.raises(openai.BadRequestError) as caught:
        await client.responses.retrieve("resp_sim_1", stream=True, extra_query={"starting_after": "soon"})
    assert caught.value.param == "starting_after"


async def test_scripts() -> None:
    script = [
        [think("hm"), text("I look."), call("look", {"a": 1})],
        [text("a"), fail("no more", code="server_error")],
        [refuse(429, retry_after=3)],
    ]
    async with Simulator(script) as sim, connected(sim) as client:
        answer = await client.responses.create(model="m", input=PROMPT)
        assert [item.type for item in answer.output] == ["reasoning", "message", "function_call"]
        kinds = [event.type for event in await events_of(client, input=PROMPT)]
        assert (kinds.count("error"), kinds[-1]) == (1, "response.failed")
        with pytest.raises(openai.RateLimitError) as caught:
            await client.responses.create(model="m", input=PROMPT)
        assert caught.value.response.headers["retry-after"] == "3"


async def test_an_error_that_is_not_streamed_is_one_of_http() -> None:
    async with Simulator([text("a"), fail("no more", code="server_error")]) as sim, connected(sim) as client:
        with pytest.raises(openai.InternalServerError, match="no more"):
            await client.responses.create(model="m", input=PROMPT)


async def test_bad_requests_and_keys() -> None:
    async with Simulator(api_key="right") as sim, connected(sim) as client:
        with pytest.raises(openai.AuthenticationError):
            await client.responses.create(model="m", input=PROMPT)
        good = client.with_options(api_key="right")
        wizards: Any = [{"role": "wizard", "content": ""}]
        with pytest.raises(openai.BadRequestError) as caught:
            await good.responses.create(model="m", input=wizards)
        assert caught.value.param == "input[0].role"
        with pytest.raises(openai.BadRequestError):
            await good.post("/responses", cast_to=object, body=[1])


async def test_raw_bytes_and_early_leave(sim: Simulator, client: openai.AsyncOpenAI) -> None:
    async with client.responses.with_streaming_response.create(
        model="simulator/fault:slow;delay=0.001", input=PROMPT, stream=True
    ) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        await anext(response.iter_bytes())
        assert sim.connections() == 1
    await until(lambda: sim.connections() == 0)


async def test_files_come_and_go(client: openai.AsyncOpenAI) -> None:
    found = await client.files.create(
        file=("a.txt", b"a\r\n--b", "text/plain"),
        purpose="user_data",
        expires_after={"anchor": "created_at", "seconds": 3600},
    )
    assert (found.bytes, found.filename, found.purpose) == (6, "a.txt", "user_data")
    assert found.expires_at == found.created_at + 3600
    again = await client.files.create(file=b"a\r\n--b", purpose="vision")
    assert (again.id, again.expires_at) == (found.id, None)
    assert (await client.files.delete(found.id)).deleted is True
    with pytest.raises(openai.NotFoundError):
        await client.files.delete("file-nobody")
    with pytest.raises(openai.BadRequestError, match="purpose"):
        await client.files.create(file=b"a", purpose="nothing")  # type: ignore[arg-type]  # on purpose
