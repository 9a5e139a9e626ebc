"""Characters, which new videos may name."""

from __future__ import annotations

import openai
import pytest
from openai.types import Video

from massgen_stream.simulator import Simulator
from massgen_stream.simulator.answers.film import mp4

from .test_sdk import sdk

pytestmark = [pytest.mark.anyio, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
FILM = ("a.mp4", mp4(16, 16, 1), "video/mp4")


async def test_a_character_is_named_that_was_given() -> None:
    async with Simulator() as sim, sdk(sim) as client:
        made = await client.videos.create_character(name="Ada", video=FILM)
        assert made.id is not None
        assert (await client.videos.get_character(made.id)).name == "Ada"
        body = {"prompt": "a", "characters": [{"id": made.id}]}
        assert (await client.post("/videos", cast_to=Video, body=body)).status == "queued"
        assert (await client.videos.create(prompt="a", extra_body={"characters": [{"id": made.id}]})).status == "queued"


async def test_one_that_was_not_given_is_refused() -> None:
    async with Simulator() as sim, sdk(sim) as client:
        with pytest.raises(openai.NotFoundError, match="char_0"):
            await client.videos.get_character("char_0")
        with pytest.raises(openai.NotFoundError, match="char_0"):
            await client.videos.create(prompt="a", extra_body={"characters": [{"id": "char_0"}]})
        with pytest.raises(openai.BadRequestError, match="'name'"):
            await client.videos.create_character(name="", video=FILM)
