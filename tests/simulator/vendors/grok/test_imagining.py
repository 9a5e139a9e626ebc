"""The real xAI SDK makes images and videos over gRPC."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from io import BytesIO
from typing import Any

import av
import grpc
import httpx2
import pytest
import xai_sdk
from PIL import Image
from xai_sdk.proto import deferred_pb2
from xai_sdk.video import VideoGenerationError

from massgen_stream.simulator import Simulator

pytestmark = pytest.mark.anyio
IMAGE, VIDEO = "grok-imagine-image-2.0", "grok-imagine-video-1.5"
KEY = "right-key"
URL = "https://example.org/a.png"
AT_ONCE = timedelta(microseconds=1)


@asynccontextmanager
async def talking(**options: Any) -> AsyncIterator[tuple[Any, Simulator]]:
    async with Simulator(**options) as sim:
        host = sim.url("grok").removeprefix("http://")
        client = xai_sdk.AsyncClient(
            api_key=KEY, api_host=host, use_insecure_channel=True, channel_options=[("grpc.enable_retries", 0)]
        )
        try:
            yield client, sim
        finally:
            await client.close()


async def refused(call: Any) -> Any:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value.code()


@pytest.mark.parametrize("form", ["url", "base64"])
@pytest.mark.parametrize(
    ("ratio", "resolution", "size"),
    [
        (None, None, (256, 256)),
        ("16:9", "2k", (910, 512)),
        ("9:16", "1k", (256, 455)),
        ("19.5:9", None, (555, 256)),
    ],
)
async def test_images(form: str, ratio: Any, resolution: Any, size: tuple[int, int]) -> None:
    async with talking(api_key=KEY) as (client, _):
        made = await client.image.sample("a", IMAGE, image_format=form, aspect_ratio=ratio, resolution=resolution)
        with Image.open(BytesIO(await made.image)) as picture:
            picture.load()
            assert (picture.format, picture.size) == ("PNG", size)
    assert (made.model, made.respect_moderation, made.cost_usd) == (IMAGE, True, 0.02)


async def test_several_images_of_others() -> None:
    async with talking() as (client, _):
        made = await client.image.sample_batch("a", IMAGE, 3, image_urls=[URL, "data:image/png;base64,AA=="])
        assert len(made) == 3
        assert made[0].cost_usd == pytest.approx(0.06)
        stored = await client.image.sample("a", IMAGE, storage_options={"filename": "a.png"})
        assert stored.file_output.filename == "a.png"


async def test_moderation_withholds_the_first() -> None:
    async with talking() as (client, _):
        made = await client.image.sample_batch("a", "simulator/fault:error;code=moderation", 2)
        assert [one.respect_moderation for one in made] == [False, True]
        with pytest.raises(ValueError, match="did not respect moderation"):
            _ = made[0].url


async def test_a_video_and_how_far_it_is() -> None:
    async with talking(api_key=KEY) as (client, _):
        started = await client.video.start("a", VIDEO, duration=3, aspect_ratio="4:3", image_url=URL)
        seen = []
        while (found := await client.video.get(started.request_id)).status == deferred_pb2.PENDING:
            seen.append(found.response.progress)
        assert seen == [0, 25, 50, 75]
        assert (found.status, found.response.progress) == (deferred_pb2.DONE, 100)
        async with httpx2.AsyncClient() as http:
            answer = await http.get(found.response.video.url)
        assert answer.headers["content-type"] == "video/mp4"
        with av.open(BytesIO(answer.content), "r") as film:
            stream = film.streams.video[0]
            assert (stream.codec.name, stream.width, stream.height) == ("h264", 192, 144)
            assert len(list(film.decode(stream))) == 3


async def test_the_ways_that_wait() -> None:
    async with talking() as (client, sim):
        made = await client.video.generate("a", VIDEO, video_url=URL, interval=AT_ONCE)
        longer = await client.video.extend("a", VIDEO, made.url, duration=2, interval=AT_ONCE)
        assert (made.duration, longer.duration) == (6, 2)
        assert made.url.startswith(sim.origin)
        assert made.respect_moderation
        assert (made.cost_usd, longer.cost_usd) == (pytest.approx(0.3), pytest.approx(0.1))


@pytest.mark.parametrize("code", ["internal_error", "invalid_argument"])
async def test_a_job_that_fails(code: str) -> None:
    async with talking() as (client, _):
        with pytest.raises(VideoGenerationError, match="asked to fail") as caught:
            await client.video.generate("a", f"simulator/fault:error;code={code}", interval=AT_ONCE)
        assert caught.value.code == code


async def test_a_job_that_expires_and_one_that_is_withheld() -> None:
    async with talking() as (client, _):
        with pytest.raises(RuntimeError, match="expired"):
            await client.video.generate("a", "simulator/fault:error;code=expired", interval=AT_ONCE)
        withheld = await client.video.generate("a", "simulator/fault:error;code=moderation", interval=AT_ONCE)
        assert not withheld.respect_moderation


async def test_what_xai_would_refuse() -> None:
    bad, gone = grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.NOT_FOUND
    async with talking() as (client, _):
        assert await refused(client.image.sample("", IMAGE)) is bad
        assert await refused(client.image.sample("a", "")) is bad
        assert await refused(client.image.sample_batch("a", IMAGE, 11)) is bad
        assert await refused(client.image.sample("a", IMAGE, image_url="a.png")) is bad
        assert await refused(client.video.start("a", VIDEO, duration=16)) is bad
        assert await refused(client.video.extend_start("a", VIDEO, URL, duration=11)) is bad
        assert await refused(client.video.extend_start("a", VIDEO, "a.mp4")) is bad
        assert await refused(client.video.start("a", VIDEO, last_frame_url="/a.png")) is bad
        assert await refused(client.video.get("nothing")) is gone
        assert await refused(client.image.sample("a", "simulator/fault:error")) is grpc.StatusCode.INTERNAL


async def test_faults_meet_starts_looks_and_downloads() -> None:
    async with talking(faults=["429", None, "503", *[None] * 5, "404"]) as (client, _):
        assert await refused(client.video.start("a", VIDEO)) is grpc.StatusCode.RESOURCE_EXHAUSTED
        started = await client.video.start("a", VIDEO)
        assert await refused(client.video.get(started.request_id)) is grpc.StatusCode.UNAVAILABLE
        while (found := await client.video.get(started.request_id)).status == deferred_pb2.PENDING:
            pass
        assert (await client.video.get(started.request_id)).status == deferred_pb2.DONE
        async with httpx2.AsyncClient() as http:
            assert (await http.get(found.response.video.url)).status_code == 404
            assert (await http.get(found.response.video.url)).status_code == 200


async def test_the_key() -> None:
    async with talking(api_key="another") as (client, sim):
        assert await refused(client.image.sample("a", IMAGE)) is grpc.StatusCode.UNAUTHENTICATED
        async with httpx2.AsyncClient() as http:
            assert (await http.get(f"{sim.origin}/grok/media/nothing.mp4")).status_code == 404


async def test_a_video_is_named_by_its_address_as_long_as_it_is_there() -> None:
    now = [0.0]
    async with talking(clock=lambda: now[0]) as (client, sim), httpx2.AsyncClient() as web:
        film = await client.video.generate("a", VIDEO, interval=AT_ONCE)
        began = await client.video.start("b", VIDEO, video_url=film.url)
        assert (await web.get(film.url)).status_code == 200
        now[0] = 86_400.0
        assert (await web.get(film.url)).status_code == 404
        for url in (film.url, f"{sim.origin}/grok/media/none.mp4"):
            assert await refused(client.video.start("b", VIDEO, video_url=url)) is grpc.StatusCode.INVALID_ARGUMENT
            call = client.image.sample("b", IMAGE, image_url=url)
            assert await refused(call) is grpc.StatusCode.INVALID_ARGUMENT
        assert (await client.video.start("b", VIDEO, video_url="https://example.org/a.mp4")).request_id
        assert (await client.video.get(began.request_id)).status == deferred_pb2.EXPIRED
        assert await refused(client.video.get("none")) is grpc.StatusCode.NOT_FOUND


async def test_only_files_that_were_given_are_changed() -> None:
    async with talking() as (client, _):
        file = await client.files.upload(b"film", filename="a.mp4")
        assert (await client.video.start("b", VIDEO, video_file_id=file.id)).request_id
        await client.files.delete(file.id)
        assert await refused(client.video.start("b", VIDEO, video_file_id=file.id)) is grpc.StatusCode.NOT_FOUND
