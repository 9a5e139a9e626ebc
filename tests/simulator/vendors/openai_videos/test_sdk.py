"""OpenAI's own SDK against the simulator's videos, and OpenRouter's documents."""

from __future__ import annotations

import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import openai
import pytest
from openai.types import Video

from massgen_stream.media import probe
from massgen_stream.simulator import Simulator
from massgen_stream.simulator.answers.film import mp4
from massgen_stream.simulator.answers.picture import png

pytestmark = pytest.mark.anyio
KEY = "sk-test-0123456789"


@pytest.fixture(autouse=True)
def _deprecated() -> Iterator[None]:
    """The SDK warns of its own methods."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


@asynccontextmanager
async def sdk(sim: Simulator) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(api_key=KEY, base_url=sim.url("openai"), max_retries=0) as client:
        yield client


async def done(client: openai.AsyncOpenAI, video: Any) -> Any:
    return await client.videos.poll(video.id, poll_interval_ms=1)


async def length(data: bytes) -> tuple[int | None, int | None, float | None]:
    found = (await probe(data, mime_type="video/mp4")).metadata
    return found.width, found.height, found.duration_seconds


async def test_a_video_from_its_prompt_to_its_file() -> None:
    async with Simulator(api_key=KEY) as sim, sdk(sim) as client:
        video = await client.videos.create(prompt="a lighthouse", seconds="8", size="1280x720")
        assert (video.status, video.progress, video.seconds, video.size) == ("queued", 0, "8", "1280x720")
        seen = [await client.videos.retrieve(video.id) for _ in range(5)]
        assert [one.progress for one in seen] == [0, 25, 50, 75, 100]
        assert [one.status for one in seen] == ["queued", *["in_progress"] * 3, "completed"]
        content = await client.videos.download_content(video.id)
        assert await length(content.content) == (320, 176, 8.0)
        assert (await client.videos.delete(video.id)).deleted
        with pytest.raises(openai.NotFoundError):
            await client.videos.retrieve(video.id)


async def test_the_hint_when_to_look_again() -> None:
    async with Simulator() as sim, sdk(sim) as client:
        video = await client.videos.create(prompt="a")
        answer = await client.videos.with_raw_response.retrieve(video.id)
        assert answer.headers["openai-poll-after-ms"] == "2500"


async def test_a_reference_is_uploaded_or_named() -> None:
    async with Simulator() as sim, sdk(sim) as client:
        video = await client.videos.create(prompt="a", input_reference=("a.png", png(8, 8), "image/png"))
        assert video.status == "queued"
        file = await client.files.create(file=("a.png", png(8, 8), "image/png"), purpose="vision")
        body = {"prompt": "a", "input_reference": {"file_id": file.id}}
        assert (await client.post("/videos", cast_to=Video, body=body)).status == "queued"
        body["input_reference"] = {"file_id": "file-0"}
        with pytest.raises(openai.NotFoundError, match="No such File object: file-0"):
            await client.post("/videos", cast_to=Video, body=body)
        with pytest.raises(openai.BadRequestError, match="unsupported mimetype"):
            await client.videos.create(prompt="a", input_reference=("a.txt", b"words", "text/plain"))


async def test_videos_of_videos() -> None:
    async with Simulator() as sim, sdk(sim) as client:
        first = await done(client, await client.videos.create(prompt="a", seconds="8"))
        remix = await client.videos.remix(first.id, prompt="b")
        assert (remix.remixed_from_video_id, remix.seconds, remix.prompt) == (first.id, "8", "b")
        source = {"video": {"id": first.id}}
        body = {"prompt": "c", "seconds": "20", **source}
        assert (await client.post("/videos/extensions", cast_to=Video, body=body)).seconds == "28"
        edited = await client.videos.edit(prompt="d", video=("a.mp4", mp4(16, 16, 1), "video/mp4"))
        assert edited.seconds == "4"
        with pytest.raises(openai.BadRequestError, match="not completed"):
            await client.post("/videos/edits", cast_to=Video, body={"prompt": "e", "video": {"id": remix.id}})
        with pytest.raises(openai.BadRequestError, match="Invalid value: '30'"):
            await client.post("/videos/extensions", cast_to=Video, body={**body, "seconds": "30"})


@pytest.mark.parametrize(
    ("options", "said"),
    [({"seconds": "5"}, "Invalid value: '5'"), ({"size": "640x480"}, "'640x480'"), ({"prompt": ""}, "'prompt'")],
)
async def test_what_is_refused(options: dict[str, Any], said: str) -> None:
    async with Simulator() as sim, sdk(sim) as client:
        with pytest.raises(openai.BadRequestError, match=said):
            await client.videos.create(**{"prompt": "a", **options})


async def test_jobs_that_fail() -> None:
    async with Simulator() as sim, sdk(sim) as client:
        model = "simulator/fault:error;code=moderation_blocked;message=No"
        video = await done(client, await client.videos.create(prompt="a", model=model))
        assert (video.status, video.error.code, video.error.message) == ("failed", "moderation_blocked", "No")
        gone = await done(client, await client.videos.create(prompt="a", model="simulator/fault:error;code=expired"))
        assert gone.status == "completed"
        with pytest.raises(openai.APIStatusError, match="expired"):
            await client.videos.download_content(gone.id)
        with pytest.raises(openai.ConflictError, match="not ready"):
            await client.videos.download_content((await client.videos.create(prompt="a")).id)


@asynccontextmanager
async def routed(sim: Simulator) -> AsyncIterator[httpx2.AsyncClient]:
    headers = {"authorization": f"Bearer {KEY}"}
    async with httpx2.AsyncClient(base_url=sim.url("openrouter"), headers=headers) as client:
        yield client


async def test_a_routed_video() -> None:
    part = {"type": "image_url", "image_url": {"url": "https://e.org/a.png"}}
    body = {
        "model": "any/other", "prompt": "a", "duration": 4, "resolution": "480p", "aspect_ratio": "1:1",
        "frame_images": [{**part, "frame_type": "first_frame"}], "input_references": [part],
    }  # fmt: skip
    async with Simulator(api_key=KEY) as sim, routed(sim) as client:
        begun = (await client.post("/videos", json=body)).json()
        assert begun["status"] == "pending"
        assert begun["id"].startswith("gen-vid-")
        seen = [(await client.get(f"/videos/{begun['id']}")).json() for _ in range(5)]
        assert [one["status"] for one in seen] == ["pending", *["in_progress"] * 3, "completed"]
        assert seen[-1]["usage"] == {"cost": 0.4, "is_byok": False}
        assert (await client.get(seen[-1]["unsigned_urls"][0], headers={"authorization": ""})).status_code == 401
        film = await client.get(seen[-1]["unsigned_urls"][0])
        assert await length(film.content) == (112, 112, 4.0)
        assert (await client.get(f"/videos/{begun['id']}/content?index=1")).status_code == 404
        again = await client.post("/videos", json={**body, "previous_job_id": begun["id"]})
        assert again.json()["status"] == "pending"


@pytest.mark.parametrize(
    "wrong",
    [
        {"prompt": ""}, {"duration": 31}, {"size": "big"}, {"aspect_ratio": "5:1"}, {"previous_job_id": "gen-vid-0"},
        {"frame_images": [{"type": "image_url", "image_url": {"url": "data:"}}]}, {"input_references": ["a"]},
        {"input_references": [{"type": "image_url", "image_url": {"url": "a.png"}}]}, {"model": None},
    ],
)  # fmt: skip
async def test_what_is_refused_of_routed_videos(wrong: dict[str, Any]) -> None:
    async with Simulator() as sim, routed(sim) as client:
        answer = await client.post("/videos", json={"model": "m", "prompt": "a", **wrong})
        assert answer.status_code in (400, 404)
        assert answer.json()["error"]["message"]


async def test_the_list_of_models_says_what_is_refused() -> None:
    frame = {"type": "image_url", "image_url": {"url": "https://e.org/a.png"}, "frame_type": "last_frame"}
    async with Simulator(api_key=KEY) as sim, routed(sim) as client:
        assert (await client.get("/videos/models", headers={"authorization": ""})).status_code == 401
        listed = {one["id"]: one for one in (await client.get("/videos/models")).json()["data"]}
        hailuo = listed["minimax/hailuo-2.3"]
        assert (hailuo["supported_durations"], hailuo["supported_frame_images"]) == ([6, 10], ["first_frame"])
        assert listed["openai/sora-2-pro"]["supported_sizes"] is None
        body = {"model": hailuo["id"], "prompt": "a", "duration": 6, "resolution": "1080p", "aspect_ratio": "16:9"}
        assert (await client.post("/videos", json=body)).json()["status"] == "pending"
        for wrong in ({"duration": 7}, {"resolution": "720p"}, {"aspect_ratio": "1:1"}, {"frame_images": [frame]}):
            answer = await client.post("/videos", json={**body, **wrong})
            assert answer.status_code == 400
            assert "does not support" in answer.json()["error"]["message"]


@pytest.mark.parametrize(("code", "status"), [("expired", "expired"), ("cancelled", "cancelled"), ("x", "failed")])
async def test_routed_jobs_that_fail(code: str, status: str) -> None:
    async with Simulator() as sim, routed(sim) as client:
        model = f"simulator/fault:error;code={code};message=No"
        begun = (await client.post("/videos", json={"model": model, "prompt": "a"})).json()
        *_, last = [(await client.get(f"/videos/{begun['id']}")).json() for _ in range(5)]
        assert (last["status"], last["error"]) == (status, "No")
        assert (await client.get(f"/videos/{begun['id']}/content")).status_code in (409, 410)


async def test_only_videos_that_were_given_are_changed() -> None:
    async with Simulator() as sim, sdk(sim) as client:
        with pytest.raises(openai.NotFoundError, match="'video_0'"):
            await client.videos.remix("video_0", prompt="b")
        for place in ("edits", "extensions"):
            body = {"prompt": "c", "seconds": "4", "video": {"id": "video_0"}}
            with pytest.raises(openai.NotFoundError, match="'video_0'"):
                await client.post(f"/videos/{place}", cast_to=Video, body=body)
    async with Simulator(knows=["video_0"]) as sim, sdk(sim) as client:
        assert (await client.videos.remix("video_0", prompt="b")).status == "queued"


async def test_a_video_expires_when_it_says() -> None:
    now = [5000.0]
    async with Simulator(clock=lambda: now[0]) as sim, sdk(sim) as client:
        video = await done(client, await client.videos.create(prompt="a"))
        assert (video.created_at, video.expires_at) == (5000, 5000 + 86_400)
        now[0] = 5000 + 86_400 - 1
        assert (await client.videos.download_content(video.id)).content
        now[0] += 1
        for gone in (client.videos.retrieve, client.videos.delete, client.videos.download_content):
            with pytest.raises(openai.NotFoundError, match=video.id):
                await gone(video.id)
        with pytest.raises(openai.NotFoundError, match=video.id):
            await client.videos.remix(video.id, prompt="b")


async def test_a_routed_job_that_has_expired_says_so() -> None:
    now = [5000.0]
    body = {"model": "google/veo-3.1", "prompt": "a"}
    async with Simulator(clock=lambda: now[0], lifetime=60) as sim, routed(sim) as client:
        begun = (await client.post("/videos", json=body)).json()
        for _ in range(6):
            last = (await client.get(f"/videos/{begun['id']}")).json()
        assert last["status"] == "completed"
        now[0] += 60
        assert (await client.get(f"/videos/{begun['id']}")).json()["status"] == "expired"
        assert (await client.get(f"/videos/{begun['id']}/content")).status_code == 404
        again = await client.post("/videos", json={**body, "previous_job_id": begun["id"]})
        assert again.status_code == 404
        assert (await client.get("/videos/gen-vid-0")).status_code == 404
