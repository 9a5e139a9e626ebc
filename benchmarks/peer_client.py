"""Reads streams with a peer and prints its µs of CPU per text event by regime; runs in the peers' environment.

``python peer_client.py PEER WIRE ORIGIN``
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import statistics
import sys
import time
from collections.abc import Awaitable, Callable

COUNTS = {"paced": 1_500, "back": 3_000, "batched": 3_200}
ROUNDS = 3
QUESTION = "Write a haiku about rivers"
Contender = Callable[[str], Awaitable[int]]


def langchain(wire: str, origin: str) -> Contender:
    def model_of(model: str):
        if wire.startswith("openai."):
            from langchain_openai import ChatOpenAI

            is_responses = wire == "openai.responses"
            return ChatOpenAI(
                model=model, base_url=f"{origin}/v1", api_key="none", max_retries=0, use_responses_api=is_responses
            )
        if wire == "claude":
            from langchain_anthropic import ChatAnthropic

            return ChatAnthropic(model=model, base_url=origin, api_key="none", max_retries=0, max_tokens=9)
        from langchain_google_genai import ChatGoogleGenerativeAI

        return ChatGoogleGenerativeAI(model=model, base_url=origin, api_key="none", max_retries=0)

    async def read(model: str) -> int:
        return sum([bool(chunk.text) async for chunk in model_of(model).astream(QUESTION)])

    return read


def pydantic_ai(wire: str, origin: str) -> Contender:
    from pydantic_ai import Agent

    def model_of(model: str):
        if wire.startswith("openai."):
            from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
            from pydantic_ai.providers.openai import OpenAIProvider

            made = OpenAIResponsesModel if wire == "openai.responses" else OpenAIChatModel
            return made(model, provider=OpenAIProvider(base_url=f"{origin}/v1", api_key="none"))
        if wire == "claude":
            from pydantic_ai.models.anthropic import AnthropicModel
            from pydantic_ai.providers.anthropic import AnthropicProvider

            return AnthropicModel(model, provider=AnthropicProvider(base_url=origin, api_key="none"))
        from pydantic_ai.models.google import GoogleModel
        from pydantic_ai.providers.google import GoogleProvider

        return GoogleModel(model, provider=GoogleProvider(base_url=origin, api_key="none"))

    async def read(model: str) -> int:
        async with Agent(model_of(model)).run_stream(QUESTION) as result:
            return sum([bool(delta) async for delta in result.stream_text(delta=True, debounce_by=None)])

    return read


def litellm(wire: str, origin: str) -> Contender:
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # it would fetch one from the network
    import litellm as package

    package.REPEATED_STREAMING_CHUNK_LIMIT = 10**9  # our server repeats itself, and it would take that for a fault
    prefixes = {"openai.chat": "openai", "claude": "anthropic", "gemini": "gemini"}
    base = {"openai.chat": f"{origin}/v1", "claude": origin, "gemini": f"{origin}/v1/models"}

    async def read(model: str) -> int:
        if wire == "openai.responses":
            # it streams only from models that it knows: our server finds the regime in the input as well
            events = await package.aresponses(
                model="openai/gpt-4o-mini", input=model, stream=True, api_base=f"{origin}/v1", api_key="none"
            )
            return sum([event.type == "response.output_text.delta" async for event in events])
        api_base = f"{base[wire]}/{model}" if wire == "gemini" else base[wire]
        events = await package.acompletion(
            model=f"{prefixes[wire]}/{model}",
            messages=[{"role": "user", "content": QUESTION}],
            stream=True,
            api_base=api_base,
            api_key="none",
        )
        return sum([bool(event.choices and event.choices[0].delta.content) async for event in events])

    return read


PEERS = {"langchain": langchain, "pydantic_ai": pydantic_ai, "litellm": litellm}


async def measure(contender: Contender) -> dict[str, float]:
    return {regime: await measure_regime(contender, regime, count) for regime, count in COUNTS.items()}


async def measure_regime(contender: Contender, regime: str, count: int) -> float:
    await contender(f"96-{regime}")
    times = []
    for _ in range(ROUNDS):
        gc.collect()
        start = time.process_time()
        seen = await contender(f"{count}-{regime}")
        times.append((time.process_time() - start) / count * 1e6)
        assert seen >= count, seen
    return statistics.median(times)


def main() -> None:
    peer, wire, origin = sys.argv[1:]
    print(json.dumps(asyncio.run(measure(PEERS[peer](wire, origin)))))


if __name__ == "__main__":
    main()
