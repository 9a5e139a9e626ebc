"""One stream of each wire, read in each way: raw bytes, our backend, the SDK's typed stream. Each counts its texts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

import anthropic
import httpx2
import openai
from google import genai
from google.genai import types

from massgen_stream.backend import LLMBackend, create_backend
from massgen_stream.stream_chunk import ChunkType

QUESTION = "Write a haiku about rivers"
MESSAGES: list[Any] = [{"role": "user", "content": QUESTION}]
READ_SECONDS = 600
Contender = Callable[[str], Awaitable[int]]


class Contenders(NamedTuple):
    """The ways to read one wire; each takes a model's name. `aiohttp` is ours with ``http_library="aiohttp"``."""

    raw: Contender
    ours: Contender
    typed: Contender
    aiohttp: Contender | None = None
    backends: tuple[LLMBackend, ...] = ()

    def ways(self) -> dict[str, Contender]:
        """Return the contenders by name."""
        found = {"raw": self.raw, "ours": self.ours, "typed": self.typed}
        return found if self.aiohttp is None else {**found, "aiohttp": self.aiohttp}


def chat(origin: str) -> Contenders:
    client = openai.AsyncOpenAI(api_key="none", base_url=f"{origin}/v1", max_retries=0)

    async def typed(model: str) -> int:
        count = 0
        async for event in await client.chat.completions.create(model=model, messages=MESSAGES, stream=True):
            count += bool(event.choices and event.choices[0].delta.content)
        return count

    backend, faster = _backends("chatcompletion", f"{origin}/v1")
    return Contenders(_raw(f"{origin}/v1/chat/completions"), _ours(backend), typed, _ours(faster), (backend, faster))


def responses(origin: str) -> Contenders:
    client = openai.AsyncOpenAI(api_key="none", base_url=f"{origin}/v1", max_retries=0)

    async def typed(model: str) -> int:
        count = 0
        async for event in await client.responses.create(model=model, input=QUESTION, stream=True):
            count += event.type == "response.output_text.delta"
        return count

    backend, faster = _backends("openai", f"{origin}/v1")
    return Contenders(_raw(f"{origin}/v1/responses"), _ours(backend), typed, _ours(faster), (backend, faster))


def claude(origin: str) -> Contenders:
    client = anthropic.AsyncAnthropic(api_key="none", base_url=origin, max_retries=0)

    async def typed(model: str) -> int:
        count = 0
        async for event in await client.messages.create(model=model, messages=MESSAGES, max_tokens=9, stream=True):
            count += event.type == "content_block_delta"
        return count

    backend, faster = _backends("claude", origin)
    return Contenders(_raw(f"{origin}/v1/messages"), _ours(backend), typed, _ours(faster), (backend, faster))


def gemini(origin: str) -> Contenders:
    client = genai.Client(api_key="none", http_options=types.HttpOptions(base_url=origin))

    async def typed(model: str) -> int:
        count = 0
        async for event in await client.aio.models.generate_content_stream(model=model, contents=QUESTION):
            count += bool(event.candidates)
        return count

    async def raw(model: str) -> int:
        return await _read_raw(f"{origin}/v1/models/{model}:streamGenerateContent?alt=sse", {})

    backend = create_backend("gemini", base_url=origin, api_key="none")
    return Contenders(raw, _ours(backend), typed, backends=(backend,))


WIRES: Mapping[str, Callable[[str], Contenders]] = {
    "openai.chat": chat,
    "openai.responses": responses,
    "claude": claude,
    "gemini": gemini,
}


def _backends(name: str, base_url: str) -> tuple[LLMBackend, LLMBackend]:
    usual = create_backend(name, base_url=base_url, api_key="none")
    return usual, create_backend(name, base_url=base_url, api_key="none", http_library="aiohttp")


def _ours(backend: LLMBackend) -> Contender:
    async def ours(model: str) -> int:
        count = 0
        async for chunk in backend.stream_with_tools(MESSAGES, [], model=model):
            count += chunk.type is ChunkType.CONTENT
        return count

    return ours


def _raw(url: str) -> Contender:
    async def raw(model: str) -> int:
        return await _read_raw(url, {"model": model, "messages": MESSAGES, "stream": True})

    return raw


_CLIENT = httpx2.AsyncClient(timeout=READ_SECONDS)


async def _read_raw(url: str, body: Mapping[str, Any]) -> int:
    size = 0
    async with _CLIENT.stream("POST", url, json=dict(body)) as response:
        async for data in response.aiter_bytes():
            size += len(data)
    return size
