"""What OpenAI's SDK may name again, and how it is refused what was not given, was deleted or has expired."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import openai
import pytest

from massgen_stream.simulator import Simulator
from massgen_stream.simulator.answers.picture import png

pytestmark = pytest.mark.anyio
DAY = 86_400.0
TOOL: Any = [{"type": "image_generation", "size": "16x16"}]


@asynccontextmanager
async def sdk(sim: Simulator) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(base_url=sim.url("openai.responses"), api_key="any", max_retries=0) as client:
        yield client


@pytest.fixture
async def client() -> AsyncIterator[openai.AsyncOpenAI]:
    async with Simulator() as sim, sdk(sim) as client:
        yield client


async def made(client: openai.AsyncOpenAI, **options: Any) -> Any:
    return await client.responses.create(**{"model": "m", "input": "Hi", **options})


async def refused(call: Any, status: int) -> Any:
    """Return the body of the error."""
    with pytest.raises(openai.APIStatusError) as raised:
        await call
    assert raised.value.status_code == status
    return raised.value.body


def previous(response_id: str) -> dict[str, Any]:
    return {
        "message": f"Previous response with id '{response_id}' not found.",
        "type": "invalid_request_error",
        "param": "previous_response_id",
        "code": "previous_response_not_found",
    }


@pytest.mark.parametrize("stream", [False, True])
async def test_a_response_is_continued_that_was_given(client: openai.AsyncOpenAI, stream: bool) -> None:
    first = await made(client)
    second = await made(client, previous_response_id=first.id)
    assert second.previous_response_id == first.id
    assert await refused(made(client, previous_response_id="resp_0", stream=stream), 400) == previous("resp_0")


@pytest.mark.parametrize("stream", [False, True])
async def test_one_that_was_not_stored_is_not_known(client: openai.AsyncOpenAI, stream: bool) -> None:
    answer = await made(client, store=False, stream=stream)
    if stream:
        assert len([event async for event in answer]) > 2
    assert (await refused(made(client, previous_response_id="resp_sim_1"), 400)) == previous("resp_sim_1")


async def test_one_that_was_refused_was_never_given() -> None:
    async with Simulator(faults=["429"]) as sim, sdk(sim) as client:
        await refused(made(client), 429)
        assert await refused(made(client, previous_response_id="resp_sim_1"), 400) == previous("resp_sim_1")


async def test_a_response_that_was_deleted(client: openai.AsyncOpenAI) -> None:
    first = await made(client, background=True)
    assert (await client.responses.retrieve(first.id)).id == first.id
    await client.responses.delete(first.id)
    assert await refused(made(client, previous_response_id=first.id), 400) == previous(first.id)
    for gone in (client.responses.retrieve, client.responses.delete, client.responses.cancel):
        assert f"Response with id '{first.id}' not found." in (await refused(gone(first.id), 404))["message"]


@pytest.mark.parametrize(("options", "days"), [({}, 30.0), ({"lifetime": 60.0}, 60 / DAY)])
async def test_a_response_expires(options: dict[str, Any], days: float) -> None:
    now = [0.0]
    async with Simulator(clock=lambda: now[0], **options) as sim, sdk(sim) as client:
        first = await made(client, background=True)
        now[0] = days * DAY - 1
        await made(client, previous_response_id=first.id)
        now[0] += 1
        assert await refused(made(client, previous_response_id=first.id), 400) == previous(first.id)
        await refused(client.responses.retrieve(first.id), 404)


async def test_simulators_do_not_know_each_others_responses(client: openai.AsyncOpenAI) -> None:
    async with Simulator() as other, sdk(other) as stranger:
        first = await made(client)
        assert await refused(made(stranger, previous_response_id=first.id), 400) == previous(first.id)


async def test_ids_of_elsewhere_are_taken_where_it_is_told_to_know_them() -> None:
    async with Simulator(knows=["resp_68*", "conv_1", "file-?"]) as sim, sdk(sim) as client:
        assert (await made(client, previous_response_id="resp_68af")).status == "completed"
        assert (await made(client, conversation="conv_1")).status == "completed"
        assert (await made(client, input=with_file("file-1"))).status == "completed"
        await refused(made(client, previous_response_id="resp_69"), 400)
        await refused(client.responses.retrieve("resp_68af"), 404)  # it knows the id, and no answer


async def test_conversations_come_and_go(client: openai.AsyncOpenAI) -> None:
    conversation = await client.conversations.create(metadata={"a": "b"})
    assert await client.conversations.retrieve(conversation.id) == conversation
    for named in (conversation.id, {"id": conversation.id}):
        assert (await made(client, conversation=named)).status == "completed"
    assert (await client.conversations.delete(conversation.id)).deleted
    said = f"Conversation with id '{conversation.id}' not found."
    assert (await refused(made(client, conversation=conversation.id), 404))["message"] == said
    assert (await refused(client.conversations.retrieve(conversation.id), 404))["message"] == said
    await refused(client.conversations.delete("conv_0"), 404)


@pytest.mark.parametrize("kind", ["image_generation_call", "item_reference"])
async def test_an_image_is_named_that_was_given(client: openai.AsyncOpenAI, kind: str) -> None:
    first = await made(client, tools=TOOL, input="Draw a boat", tool_choice={"type": "image_generation"})
    (image,) = [item for item in first.output if item.type == "image_generation_call"]
    said = {"role": "user", "content": "at night"}
    assert (await made(client, input=[said, {"type": kind, "id": image.id}])).status == "completed"
    body = await refused(made(client, input=[said, {"type": kind, "id": "ig_0"}]), 404)
    assert body["message"].startswith("Item with id 'ig_0' not found. Items are not persisted when `store`")


async def test_an_image_that_comes_whole_needs_no_store(client: openai.AsyncOpenAI) -> None:
    item: Any = {"type": "image_generation_call", "id": "ig_0", "status": "completed", "result": "iVBORw0KGgo="}
    assert (await made(client, input=[item, {"role": "user", "content": "at night"}])).status == "completed"


def with_file(file_id: str) -> Any:
    return [{"role": "user", "content": [{"type": "input_image", "file_id": file_id, "detail": "auto"}]}]


def with_mask(file_id: str) -> dict[str, Any]:
    return {"tools": [{**TOOL[0], "input_image_mask": {"file_id": file_id}}]}


async def test_files_are_named_that_were_given() -> None:
    now = [1000.0]
    async with Simulator(clock=lambda: now[0]) as sim, sdk(sim) as client:
        expiry: Any = {"anchor": "created_at", "seconds": 3600}
        file = await client.files.create(file=("a.png", png(8, 8)), purpose="vision", expires_after=expiry)
        assert (file.created_at, file.expires_at) == (1000, 4600)
        assert (await client.files.retrieve(file.id)).filename == "a.png"
        for options in ({"input": with_file(file.id)}, with_mask(file.id)):
            assert (await made(client, **options)).status == "completed"
        now[0] = 4600.0
        for options in ({"input": with_file(file.id)}, with_mask(file.id), {"input": with_file("file-0")}):
            body = await refused(made(client, **options), 404)
            assert body["message"].startswith("No such File object: file-")
        await refused(client.files.retrieve(file.id), 404)
