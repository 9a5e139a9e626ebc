"""Pictures in chats, through OpenAI's SDK, streamed and not."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import openai
import pytest
from PIL import Image

from massgen_stream.simulator import Simulator

pytestmark = pytest.mark.anyio
ASK: Any = [{"role": "user", "content": "a lighthouse"}]


@asynccontextmanager
async def sdk(sim: Simulator) -> AsyncIterator[Any]:
    async with openai.AsyncOpenAI(api_key="k", base_url=sim.url("openrouter"), max_retries=0) as client:
        yield client.chat.completions


def size_of(image: Any) -> tuple[int, int]:
    kind, _, encoded = image["image_url"]["url"].partition(",")
    assert kind == "data:image/png;base64"
    with Image.open(BytesIO(b64decode(encoded))) as picture:
        picture.load()
        return picture.size


async def test_a_whole_answer() -> None:
    config = {"modalities": ["image", "text"], "image_config": {"aspect_ratio": "16:9", "image_size": "0.5K"}}
    async with Simulator() as sim, sdk(sim) as chat:
        message = (await chat.create(model="m", messages=ASK, extra_body=config)).choices[0].message
    assert message.content.startswith("You asked")
    assert [size_of(one) for one in message.images] == [(228, 128)]


async def test_a_streamed_answer_without_text() -> None:
    async with Simulator() as sim, sdk(sim) as chat:
        stream = await chat.create(model="m", messages=ASK, stream=True, extra_body={"modalities": ["image"]})
        deltas = [chunk.choices[0].delta async for chunk in stream if chunk.choices]
    images = [image for delta in deltas for image in (delta.model_extra or {}).get("images", [])]
    assert [size_of(one) for one in images] == [(256, 256)]
    assert "".join(delta.content or "" for delta in deltas) == ""


async def test_an_answer_of_words() -> None:
    async with Simulator() as sim, sdk(sim) as chat:
        message = (await chat.create(model="m", messages=ASK, modalities=["text"])).choices[0].message
    assert "images" not in (message.model_extra or {})


@pytest.mark.parametrize(
    "wrong",
    [
        {"modalities": ["smell"]},
        {"modalities": "image"},
        {"modalities": ["image"], "image_config": {"image_size": "9K"}},
    ],
)
async def test_what_is_refused(wrong: dict[str, Any]) -> None:
    async with Simulator() as sim, sdk(sim) as chat:
        with pytest.raises(openai.BadRequestError):
            await chat.create(model="m", messages=ASK, extra_body=wrong)
