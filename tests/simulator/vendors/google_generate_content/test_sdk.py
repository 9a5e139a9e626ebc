"""Google's own SDK against the simulator: typed streams, whole answers, errors, models, tokens."""

import json
import struct
import zlib
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from google import genai
from google.genai import errors, types

from massgen_stream.simulator import Simulator, call, fail, text, think
from massgen_stream.stream_chunk.narrow import done

pytestmark = pytest.mark.anyio
MODEL = "gemini-3.8-flash"
PROMPT = "Write a haiku about rivers"
WEATHER = types.FunctionDeclaration(
    name="get_weather",
    parameters_json_schema={
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 1}},
        "required": ["city", "days"],
    },
)
TOOLS: Any = [types.Tool(function_declarations=[WEATHER])]
THOUGHTS = types.ThinkingConfig(include_thoughts=True)


@asynccontextmanager
async def client_of(sim: Simulator, **options: Any) -> AsyncGenerator[genai.client.AsyncClient, None]:
    """The SDK's client, which carries its bytes with httpx2."""
    async with httpx2.AsyncClient() as web:
        http_options = types.HttpOptions(base_url=sim.url("google"), httpx_async_client=web)
        client = genai.Client(**{"api_key": "any", **options}, http_options=http_options)
        yield client.aio
        client.close()


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    async with Simulator() as sim:
        yield sim


@pytest.fixture
async def client(sim: Simulator) -> AsyncIterator[genai.client.AsyncClient]:
    async with client_of(sim) as client:
        yield client


async def streamed(client: genai.client.AsyncClient, contents: Any = PROMPT, **config: Any) -> list[Any]:
    given = types.GenerateContentConfig(**config)
    stream = await client.models.generate_content_stream(model=MODEL, contents=contents, config=given)
    return [chunk async for chunk in stream]


async def whole(client: genai.client.AsyncClient, contents: Any = PROMPT, model: str = MODEL, **config: Any) -> Any:
    given = types.GenerateContentConfig(**config)
    return await client.models.generate_content(model=model, contents=contents, config=given)


def parts_of(*chunks: Any) -> list[types.Part]:
    """All parts of the first candidate."""
    contents = [chunk.candidates[0].content for chunk in chunks if chunk.candidates]
    return [part for content in contents if content for part in content.parts or ()]


async def test_typed_stream(client: genai.client.AsyncClient) -> None:
    chunks = await streamed(client)
    assert {(chunk.response_id, chunk.model_version) for chunk in chunks} == {("sim00000001", MODEL)}
    assert "".join(chunk.text or "" for chunk in chunks).startswith("Cold springs")
    assert not any(part.thought or part.thought_signature for part in parts_of(*chunks))
    assert chunks[-1].candidates[0].finish_reason is types.FinishReason.STOP
    usage = chunks[-1].usage_metadata
    assert usage.total_token_count == usage.prompt_token_count + usage.candidates_token_count


async def test_thoughts_and_a_signature_when_asked_for(client: genai.client.AsyncClient) -> None:
    chunks = await streamed(client, thinking_config=THOUGHTS)
    parts = parts_of(*chunks)
    thoughts = [part for part in parts if part.thought]
    assert "rivers" in "".join(part.text or "" for part in thoughts)
    assert parts[: len(thoughts)] == thoughts
    assert (parts[-1].text, parts[-1].thought_signature) == ("", b"simulated signature 1")
    usage = chunks[-1].usage_metadata
    assert usage.thoughts_token_count > 0
    written = usage.candidates_token_count + usage.thoughts_token_count
    assert usage.total_token_count == usage.prompt_token_count + written


async def test_a_whole_answer_is_the_streamed_one(client: genai.client.AsyncClient) -> None:
    answer = await whole(client, thinking_config=THOUGHTS)
    thought, said, end = answer.candidates[0].content.parts
    assert (thought.thought, said.thought, end.text) == (True, None, "")
    assert said.text == "".join(chunk.text or "" for chunk in await streamed(client))
    assert answer.usage_metadata.thoughts_token_count > 0


async def test_calls_come_whole_and_signed(client: genai.client.AsyncClient) -> None:
    for chunks in (
        await streamed(client, "Weather in Oslo", tools=TOOLS),
        [await whole(client, "Weather in Oslo", tools=TOOLS)],
    ):
        (part,) = parts_of(*chunks)
        assert part.function_call is not None
        assert part.function_call.name == "get_weather"
        assert part.function_call.args == {"city": "Oslo", "days": 1}
        assert part.function_call.id
        assert part.thought_signature


async def test_a_chat_with_tools(client: genai.client.AsyncClient) -> None:
    chat = client.chats.create(model=MODEL, config=types.GenerateContentConfig(tools=TOOLS))
    (asked,) = parts_of(await chat.send_message("Weather in Oslo"))
    assert asked.function_call is not None
    answer = types.Part.from_function_response(name="get_weather", response={"result": "sunny"})
    assert (await chat.send_message(answer)).text == "The tool answered: “sunny”"


async def test_a_call_without_its_signature_is_refused(sim: Simulator, client: genai.client.AsyncClient) -> None:
    asked = types.Part(function_call=types.FunctionCall(name="get_weather", args={}))
    answer = types.Part.from_function_response(name="get_weather", response={"result": "sunny"})
    turns: list[Any] = [
        types.UserContent("Weather?"),
        types.ModelContent([asked]),
        types.UserContent([answer]),
    ]
    with pytest.raises(errors.ClientError, match="missing a thought_signature"):
        await whole(client, turns, tools=TOOLS)
    assert (await whole(client, turns, "gemini-2.5-flash", tools=TOOLS)).text
    assert (await whole(client, [*turns, types.UserContent("And now?")], tools=TOOLS)).function_calls
    assert len(sim.requests) == 3


async def test_google_s_own_tools(client: genai.client.AsyncClient) -> None:
    tools: Any = [types.Tool(code_execution=types.ToolCodeExecution()), types.Tool(google_search=types.GoogleSearch())]
    answer = await whole(client, tools=tools)
    assert answer.executable_code == "print(6 * 7)"
    assert answer.code_execution_result == "42\n"
    grounding = answer.candidates[0].grounding_metadata
    assert [chunk.web.uri for chunk in grounding.grounding_chunks] == ["https://example.com/", "https://example.org/"]
    assert grounding.web_search_queries == ["rivers"]


async def test_searches_are_shown_beside_functions(client: genai.client.AsyncClient) -> None:
    tools: Any = [*TOOLS, types.Tool(google_search=types.GoogleSearch())]
    shown = types.ToolConfig(include_server_side_tool_invocations=True)
    search, result, call = parts_of(await whole(client, "Weather in Oslo", tools=tools, tool_config=shown))
    assert search.tool_call is not None
    assert result.tool_response is not None
    assert (search.tool_call.id, search.tool_call.args) == (result.tool_response.id, {"queries": ["Oslo"]})
    assert call.function_call is not None


async def test_arguments_in_pieces(sim: Simulator) -> None:
    """The SDK asks for them only in Google Cloud."""
    config = types.ToolConfig(
        function_calling_config=types.FunctionCallingConfig(
            stream_function_call_arguments=True, mode=types.FunctionCallingConfigMode.AUTO
        )
    )
    async with client_of(sim, enterprise=True) as client:
        chunks = await streamed(client, "Weather in Oslo", tools=TOOLS, tool_config=config)
    calls = [part.function_call for part in parts_of(*chunks) if part.function_call]
    assert len(calls) > 1
    assert calls[0].name == "get_weather"
    assert calls[0].will_continue
    assert "".join(arg.string_value or "" for call in calls for arg in call.partial_args or ()) == "Oslo"


async def test_a_picture(client: genai.client.AsyncClient) -> None:
    chunks = await streamed(client, response_modalities=["TEXT", "IMAGE"])
    (picture,) = [part for part in parts_of(*chunks) if part.inline_data]
    assert picture.inline_data is not None
    data = picture.inline_data.data or b""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    begin = data.index(b"IDAT") + 4
    zlib.decompress(data[begin : data.index(b"IEND") - 8])
    assert picture.thought_signature


async def test_json_that_fits_a_schema(client: genai.client.AsyncClient) -> None:
    schema = {"type": "OBJECT", "properties": {"n": {"type": "INTEGER", "minimum": 3}}, "required": ["n"]}
    answer = await whole(client, response_mime_type="application/json", response_schema=schema)
    assert json.loads(answer.text) == {"n": 3}


async def test_bounds_and_candidates(client: genai.client.AsyncClient) -> None:
    answer = await whole(client, max_output_tokens=2, candidate_count=2)
    assert [one.finish_reason for one in answer.candidates] == [types.FinishReason.MAX_TOKENS] * 2
    assert (await whole(client, stop_sequences=[" stone"])).text == "Cold springs find their voice,\nstone by"


async def test_media_are_seen(client: genai.client.AsyncClient) -> None:
    image = types.Part.from_bytes(data=b"\x89PNG\r\n\x1a\n", mime_type="image/png")
    answer = await whole(client, [image, "What is this?"])
    assert answer.text.startswith("I see 1 image (image/png, 8 bytes).")


async def test_an_answer_that_pauses_is_continued_by_the_sdk() -> None:
    details = {"continuationToken": "dDE="}
    pause = done("pause", raw_finish_reason="CONTINUATION", finish_details=details)
    async with Simulator([[text("one "), pause], [text("two")]] * 2) as sim, client_of(sim) as client:
        assert "".join(chunk.text or "" for chunk in await streamed(client)) == "one two"
        assert (await whole(client)).text == "one two"
        assert [request.json.get("continuationToken") for request in sim.requests] == [None, "dDE="] * 2


async def test_scripts() -> None:
    async with Simulator([think("hm"), text("Hi"), call("f", {"a": 1})]) as sim, client_of(sim) as client:
        thought, said, asked = parts_of(*await streamed(client))
        assert (thought.text, thought.thought, said.text) == ("hm", True, "Hi")
        assert asked.function_call is not None
        assert asked.function_call.args == {"a": 1}


async def test_errors() -> None:
    async with Simulator(faults="429;retry_after=3") as sim, client_of(sim) as client:
        for ask in (streamed, whole):
            with pytest.raises(errors.ClientError) as caught:
                await ask(client)
            assert (caught.value.code, caught.value.status) == (429, "RESOURCE_EXHAUSTED")
            assert caught.value.details["error"]["details"][0]["retryDelay"] == "3s"
    async with Simulator([text("a"), fail("broken", code="INTERNAL")]) as sim, client_of(sim) as client:
        with pytest.raises(errors.ServerError, match="broken"):
            await streamed(client)
        with pytest.raises(errors.ServerError, match="broken"):
            await whole(client)
    async with Simulator(api_key="right") as sim, client_of(sim, api_key="wrong") as client:
        with pytest.raises(errors.ClientError) as caught:
            await whole(client)
        assert caught.value.details["error"]["details"][0]["reason"] == "API_KEY_INVALID"


async def test_models_and_tokens(client: genai.client.AsyncClient) -> None:
    names = [model.name async for model in await client.models.list()]
    assert names[0] == "models/simulator"
    assert (await client.models.get(model="simulator")).input_token_limit == 1_048_576
    assert (await client.models.count_tokens(model=MODEL, contents="x" * 40)).total_tokens == 10


async def test_a_fault_by_the_name_of_the_model(client: genai.client.AsyncClient) -> None:
    with pytest.raises(errors.ServerError):
        await whole(client, model="simulator/fault:503;times=1")
    assert (await whole(client, model="simulator/fault:503;times=1")).text


async def test_google_cloud(sim: Simulator) -> None:
    async with client_of(sim, enterprise=True) as client:
        assert (await whole(client)).text
        assert "".join(chunk.text or "" for chunk in await streamed(client))
    assert {request.path.partition(":")[0] for request in sim.requests} == {
        f"/v1beta1/publishers/google/models/{MODEL}"
    }


async def test_pictures_of_any_shape_with_their_drafts(client: genai.client.AsyncClient) -> None:
    chunks = await streamed(
        client,
        response_modalities=["TEXT", "IMAGE"],
        image_config=types.ImageConfig(aspect_ratio="16:9", image_size="512"),
        thinking_config=THOUGHTS,
    )
    draft, picture = [part for part in parts_of(*chunks) if part.inline_data]
    assert (draft.thought, picture.thought, picture.thought_signature) == (True, None, b"simulated signature 1")
    pictures: list[Any] = [part.inline_data for part in (draft, picture)]
    sizes = [struct.unpack_from(">16xII", one.data) for one in pictures]
    assert sizes == [(48, 27)] * 2


@pytest.mark.parametrize("config", [{"aspect_ratio": "wide"}, {"image_size": "8K"}])
async def test_pictures_of_no_shape(client: genai.client.AsyncClient, config: Any) -> None:
    with pytest.raises(errors.ClientError, match="image_config"):
        await whole(client, response_modalities=["IMAGE"], image_config=types.ImageConfig(**config))
