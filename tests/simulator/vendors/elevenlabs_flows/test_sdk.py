"""ElevenLabs' own SDK against the simulator's flows: begun, looked at, downloaded."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import httpx
import pytest
from elevenlabs.core.api_error import ApiError
from elevenlabs.types import MediaGenerationResponse_Completed as Completed
from elevenlabs.types import MediaGenerationResponse_Failed as Failed
from elevenlabs.types.image_generation_request import ImageGenerationRequest
from elevenlabs.types.image_generation_request import ImageGenerationRequest_GptImage2 as ImageRequest
from elevenlabs.types.video_generation_request import VideoGenerationRequest_BytedanceSeedanceV2 as SeedanceRequest
from elevenlabs.types.video_generation_request import VideoGenerationRequest_Veo31Generate001 as VideoRequest

from massgen_stream.media import probe
from massgen_stream.simulator import Simulator
from massgen_stream.simulator.answers.picture import png

from ....generation.elevenlabs import KEY, sdk

pytestmark = pytest.mark.anyio
MODEL, SEEDANCE = "veo-3.1-generate-001", "bytedance-seedance-v2"
PICTURE: Any = {"type": "inline_base64", "content_base64": b64encode(png(8, 8)).decode(), "mime_type": "image/png"}


def a_video(**more: Any) -> Any:
    return VideoRequest(**{"prompt": "a lighthouse", **more})


async def end_of(resource: Any, generation_id: str) -> tuple[list[str], Any]:
    states: list[str] = []
    while True:
        told = await resource.get(generation_id)
        states.append(told.status)
        if told.status in {"completed", "failed"}:
            return states, told


async def test_a_video_from_its_prompt_to_its_file() -> None:
    async with Simulator(api_key=KEY) as sim, sdk(sim) as client, httpx.AsyncClient() as http:
        begun = await client.flows.video.create(request=a_video(duration_secs="6", aspect_ratio="9:16"))
        assert begun.status == "pending"
        states, told = await end_of(client.flows.video, begun.id)
        assert isinstance(told, Completed)
        body = await http.get(told.content_url)  # without a key
    assert states == ["pending", "generating", "generating", "generating", "completed"]
    assert told.content_mime_type == body.headers["content-type"] == "video/mp4"
    found = (await probe(body.content)).metadata
    assert (found.width, found.height, found.duration_seconds) == (144, 256, 6.0)


async def test_an_image() -> None:
    async with Simulator(api_key=KEY) as sim, sdk(sim) as client, httpx.AsyncClient() as http:
        request = ImageRequest(prompt="a lighthouse", aspect_ratio="1:1")
        _, told = await end_of(client.flows.image, (await client.flows.image.create(request=request)).id)
        body = await http.get(told.content_url)
        missing = await http.get(told.content_url.replace(".png", "0.png"))
    found = (await probe(body.content)).metadata
    assert (found.mime_type, found.width, found.height) == ("image/png", 144, 144)
    assert missing.status_code == 404


async def test_media_that_a_request_takes() -> None:
    frames: Any = {"start_frame": PICTURE, "end_frame": {"type": "asset", "asset_id": "asset-1"}}
    async with Simulator() as sim, sdk(sim) as client:
        create = client.flows.video.create
        first = await create(request=a_video(**frames))
        assert first.status == "pending"
        videos: Any = [{"type": "generation", "generation_id": first.id}]
        request = SeedanceRequest(prompt="a", images=[PICTURE], videos=videos)
        assert (await create(request=request)).status == "pending"
        roles: Any = [{"image": PICTURE, "role": "subject"}]
        assert (await create(request=a_video(images=roles))).status == "pending"
        empty: Any = {"type": "inline_base64", "content_base64": "", "mime_type": "image/png"}
        await refused(create(request=a_video(start_frame=empty)), 422, "start_frame")
        await refused(create(request=SeedanceRequest(prompt="a", images=[empty])), 422, "images")


async def refused(call: Any, status: int, words: str) -> None:
    with pytest.raises(ApiError) as raised:
        await call
    assert raised.value.status_code == status
    assert words in str(raised.value.body)


async def test_what_is_refused() -> None:
    async with Simulator(faults=["429"], api_key=KEY) as sim, sdk(sim) as client:
        video = client.flows.video
        await refused(video.create(request=a_video(), request_options={"max_retries": 0}), 429, "too_many_concurrent")
        await refused(video.create(request=a_video(prompt="")), 422, "prompt")
        await refused(video.get("nothing"), 404, "not_found")
    async with Simulator(api_key="xi-other-0123456789") as sim, sdk(sim) as client:
        await refused(client.flows.video.create(request=a_video()), 401, "invalid_api_key")


async def test_a_model_of_images_has_fields_of_its_own() -> None:
    kinds = ImageGenerationRequest.__args__[0].__args__  # type: ignore[attr-defined]
    every = {"mask": PICTURE, "quality": "low", "background": "opaque", "resolution": "1K", "seed": 7}
    async with Simulator() as sim, sdk(sim) as client:
        for kind in kinds:
            for field, value in every.items():
                asked = client.flows.image.create(request=kind(prompt="a", images=[PICTURE], **{field: value}))
                if field in kind.model_fields:
                    assert (await asked).status == "pending"
                else:
                    await refused(asked, 422, field)
        assert (
            await client.flows.image.create(request=kinds[0](prompt="a", **dict.fromkeys(every)))
        ).status == "pending"


async def test_a_job_that_fails() -> None:
    async with Simulator() as sim, sdk(sim) as client:
        request = VideoRequest.construct(model_id="simulator/fault:error;code=moderated;message=not this", prompt="a")
        begun = await client.flows.video.create(request=request)
        _, told = await end_of(client.flows.video, begun.id)
    assert isinstance(told, Failed)
    assert (told.failure_reason, told.error_message) == ("moderated", "not this")


async def test_only_generations_that_were_given_are_named() -> None:
    now = [0.0]
    async with Simulator(clock=lambda: now[0], lifetime=60) as sim, sdk(sim) as client, httpx.AsyncClient() as http:
        first = await client.flows.video.create(request=a_video())
        _, told = await end_of(client.flows.video, first.id)
        assert isinstance(told, Completed)
        now[0] = 60.0
        for generation_id in (first.id, "none"):
            videos: Any = [{"type": "generation", "generation_id": generation_id}]
            request = SeedanceRequest(prompt="a", videos=videos)
            await refused(client.flows.video.create(request=request), 404, "was not found")
            await refused(client.flows.video.get(generation_id), 404, "not_found")
        assert (await http.get(told.content_url)).status_code == 404
