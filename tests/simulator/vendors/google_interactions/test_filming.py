"""Videos of the Interactions API, through Google's SDK."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import AsyncIterator
from typing import Any

import pytest

from massgen_stream.simulator import Simulator
from massgen_stream.simulator.answers.film import mp4

from .test_sdk import client_of, deltas, streamed

pytestmark = pytest.mark.anyio
MODEL = "gemini-omni-1.2-flash"
SMALL = {"type": "video", "duration": "3s", "aspect_ratio": "9:16", "resolution": "360p"}
FILM = mp4(144, 256, 3)


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    async with Simulator() as sim:
        yield sim


@pytest.fixture
async def client(sim: Simulator) -> AsyncIterator[Any]:
    async with client_of(sim) as client:
        yield client


async def begun(client: Any, **fields: Any) -> Any:
    given = {"model": MODEL, "input": "a lighthouse", "response_format": SMALL, "background": True, **fields}
    return await client.create(**given)


async def looked(client: Any, interaction: Any) -> list[Any]:
    """Return what each look finds, until the interaction has ended."""
    found: list[Any] = []
    while not found or found[-1].status == "in_progress":
        found.append(await client.get(interaction.id))
    return found


async def test_in_the_background(client: Any) -> None:
    interaction = await begun(client)
    assert (interaction.status, interaction.model, interaction.steps) == ("in_progress", MODEL, None)
    looks = await looked(client, interaction)
    assert [look.status for look in looks] == ["in_progress"] * 4 + ["completed"]
    assert b64decode(looks[-1].output_video.data) == FILM
    assert looks[-1].usage.total_output_tokens == 3 * 5792


async def test_streamed_and_at_once(client: Any) -> None:
    film = deltas(await streamed(client, "a lighthouse", model=MODEL, response_format=SMALL), "video")
    assert b"".join(b64decode(one.data) for one in film) == FILM
    whole = await client.create(model=MODEL, input="a lighthouse", response_format=SMALL)
    assert b"".join(b64decode(one.data) for step in whole.steps for one in step.content) == FILM


async def test_by_its_address(sim: Simulator, client: Any) -> None:
    interaction = await begun(client, response_format={**SMALL, "delivery": "uri"})
    looks = await looked(client, interaction)
    assert re.fullmatch(
        re.escape(sim.origin) + r"/v1beta/files/film-[0-9a-f]{12}:download\?alt=media", looks[-1].output_video.uri
    )


async def test_it_is_continued_once_it_is_there(client: Any) -> None:
    first = await begun(client)
    edit: Any = {"previous_interaction_id": first.id, "generation_config": {"video_config": {"task": "edit"}}}
    with pytest.raises(Exception, match="not completed"):
        await begun(client, **edit)
    await looked(client, first)
    assert (await looked(client, await begun(client, **edit)))[-1].status == "completed"
    with pytest.raises(Exception, match="'v1_0' is not found"):
        await begun(client, **{**edit, "previous_interaction_id": "v1_0"})


async def test_cancelled(client: Any) -> None:
    interaction = await begun(client)
    assert (await client.cancel(interaction.id)).status == "cancelled"
    assert (await client.get(interaction.id)).status == "cancelled"


@pytest.mark.parametrize(
    ("model", "status", "steps"),
    [
        ("gemini-omni/fault:error;code=boom;message=It broke.", "failed", None),
        ("gemini-omni/fault:error;code=moderation", "completed", [0]),
    ],
)
async def test_ends_without_a_video(client: Any, model: str, status: str, steps: Any) -> None:
    last = (await looked(client, await begun(client, model=model)))[-1]
    made = None if last.steps is None else [len(step.content) for step in last.steps if step.type == "model_output"]
    assert (last.status, made, last.output_video) == (status, steps, None)


async def test_one_that_has_expired(client: Any) -> None:
    interaction = await begun(client, model="gemini-omni/fault:error;code=expired")
    with pytest.raises(Exception, match="not found"):
        await looked(client, interaction)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"response_format": {"type": "video", "duration": "2s"}}, "3 to 15 seconds"),
        ({"response_format": {"type": "video", "duration": "long"}}, "response_format.duration"),
        ({"response_format": {"type": "video", "aspect_ratio": "1:1"}}, "response_format.aspect_ratio"),
        ({"response_format": {"type": "video", "resolution": "8k"}}, "response_format.resolution"),
        ({"generation_config": {"video_config": {"task": "remix"}}}, "video_config.task"),
        ({"generation_config": {"video_config": {"task": "extend"}}}, "The task 'extend' needs a video"),
    ],
)
async def test_what_google_refuses(client: Any, fields: dict[str, Any], said: str) -> None:
    with pytest.raises(Exception, match=said):
        await begun(client, **fields)


async def test_only_interactions_that_were_given_are_continued(client: Any) -> None:
    first = await client.create(model="gemini-3.8-flash", input="Hi")
    second = await client.create(model="gemini-3.8-flash", input="And?", previous_interaction_id=first.id)
    assert second.status == "completed"
    await client.delete(first.id)
    unstored = await client.create(model="gemini-3.8-flash", input="Hi", store=False)
    for interaction_id in ("v1_0", first.id, unstored.id):
        with pytest.raises(Exception, match=f"'{interaction_id}' is not found") as raised:
            await client.create(model="gemini-3.8-flash", input="And?", previous_interaction_id=interaction_id)
        assert getattr(raised.value, "status_code", None) == 404
    for gone in (client.get, client.cancel, client.delete):
        with pytest.raises(Exception, match="is not found"):
            await gone(first.id)


async def test_interactions_expire() -> None:
    now = [0.0]
    async with Simulator(clock=lambda: now[0]) as sim, client_of(sim) as client:
        first, film = await client.create(model="gemini-3.8-flash", input="Hi"), await begun(client)
        now[0] = 55 * 86_400.0
        for one in (first, film):
            with pytest.raises(Exception, match="is not found"):
                await client.get(one.id)
            with pytest.raises(Exception, match="is not found"):
                await client.create(model=MODEL, input="And?", previous_interaction_id=one.id)
