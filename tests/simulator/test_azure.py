"""Azure's surfaces of the simulator, through the vendor's own typed client."""

from typing import Any

import openai
import pytest

from massgen_stream.simulator import Simulator

pytestmark = pytest.mark.anyio
KEY = "key-of-mine-0123456789"
HELLO: Any = [{"role": "user", "content": "Hello"}]
VERSION = "2025-04-01-preview"


def client(sim: Simulator, **options: Any) -> openai.AsyncAzureOpenAI:
    return openai.AsyncAzureOpenAI(
        azure_endpoint=sim.url("azure_openai"), api_version=VERSION, api_key=KEY, max_retries=0, **options
    )


async def test_chat_streamed_and_whole() -> None:
    async with Simulator(api_key=KEY) as sim, client(sim) as azure:
        stream = await azure.chat.completions.create(model="mine", messages=HELLO, stream=True)
        said = "".join([event.choices[0].delta.content or "" async for event in stream if event.choices])
        whole = await azure.chat.completions.create(model="mine", messages=HELLO)
        assert said
        assert whole.choices[0].message.content
        assert whole.model == "mine"
        assert {request.path for request in sim.requests} == {"/openai/deployments/mine/chat/completions"}


async def test_the_deployment_of_the_path_is_the_model() -> None:
    async with Simulator() as sim, client(sim, azure_deployment="named") as azure:
        whole = await azure.chat.completions.create(model="another", messages=HELLO)
        assert whole.model == "named"


async def test_responses_streamed_and_whole() -> None:
    async with Simulator(api_key=KEY) as sim, client(sim) as azure:
        stream = await azure.responses.create(model="mine", input="Hello", stream=True)
        types = [event.type async for event in stream]
        whole = await azure.responses.create(model="mine", input="Hello")
        assert types[-1] == "response.completed"
        assert whole.output_text
        assert {request.path for request in sim.requests} == {"/openai/responses"}


async def test_a_wrong_key_and_a_missing_version() -> None:
    async with Simulator(api_key="another") as sim, client(sim) as azure:
        with pytest.raises(openai.AuthenticationError):
            await azure.chat.completions.create(model="mine", messages=HELLO)
    async with Simulator() as sim:
        base_url = sim.url("azure_openai") + "/openai/deployments/mine"
        async with openai.AsyncOpenAI(base_url=base_url, api_key=KEY, max_retries=0) as plain:
            with pytest.raises(openai.NotFoundError, match="Resource not found"):
                await plain.chat.completions.create(model="mine", messages=HELLO)


async def test_mistral_tells_usage_unasked() -> None:
    async with Simulator() as sim:
        async with openai.AsyncOpenAI(base_url=sim.url("mistral"), api_key=KEY) as mistral:
            stream = await mistral.chat.completions.create(model="mine", messages=HELLO, stream=True)
            usages = [event.usage async for event in stream]
        assert usages[-1] is not None
