"""The integration tests of the origin's multimodal design, as they would be written against it, and made to check more.

The origin: https://github.com/massgen/MassGen, its design of multimodal support, section 7.
"""

from __future__ import annotations

import base64

import pytest

from massgen_stream.backend import ChatCompletionsBackend, ClaudeBackend, LLMBackend
from massgen_stream.simulator import Simulator
from massgen_stream.stream_chunk import BaseStreamChunk, ChunkType, TextStreamChunk

pytestmark = pytest.mark.anyio
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(16)).decode()


async def read(backend: LLMBackend, text: str, image: dict[str, str]) -> list[BaseStreamChunk]:
    messages = [{"role": "user", "content": [{"type": "text", "text": text}, {"type": "image", **image}]}]
    response = await backend.stream_with_tools(messages, [])
    chunks: list[BaseStreamChunk] = [chunk async for chunk in response]
    await backend.aclose()
    assert len(chunks) > 0
    assert any(isinstance(chunk, TextStreamChunk) and chunk.type == ChunkType.CONTENT for chunk in chunks)
    assert chunks[-1].type == ChunkType.DONE
    return chunks


async def test_openai_image_input() -> None:
    async with Simulator() as sim:
        backend = ChatCompletionsBackend(model="gpt-4-vision-preview", base_url=sim.url("openai"), api_key="any")
        await read(backend, "What's in this image?", {"url": "https://example.com/image.jpg"})
        (request,) = sim.requests
    text, image = request.json["messages"][0]["content"]
    assert text == {"type": "text", "text": "What's in this image?"}
    assert image == {"type": "image_url", "image_url": {"url": "https://example.com/image.jpg"}}


async def test_claude_image_base64() -> None:
    async with Simulator() as sim:
        backend = ClaudeBackend(model="claude-3-opus", base_url=sim.url("claude"), api_key="any")
        await read(backend, "Describe this image", {"base64": PNG, "mime_type": "image/png"})
        (request,) = sim.requests
    text, image = request.json["messages"][0]["content"]
    assert text == {"type": "text", "text": "Describe this image"}
    assert image == {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}}
