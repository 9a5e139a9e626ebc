"""Google's own SDK against Veo of the simulator: operations, new videos and longer ones, refusals."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from google.genai import errors, types

from massgen_stream.simulator import Simulator
from massgen_stream.simulator.answers.film import mp4

from ....generation.fakes import PNG
from ....generation.google_media import Token
from ..google_imagen.test_sdk import client_of

pytestmark = pytest.mark.anyio
MODEL = "veo-3.1-generate-001"
OPERATION = f"projects/p/locations/l/publishers/google/models/{MODEL}/operations/1"
FILM = types.Video(video_bytes=mp4(32, 32, 1), mime_type="video/mp4")
IMAGE = types.Image(image_bytes=PNG, mime_type="image/png")


@pytest.fixture
async def client() -> AsyncIterator[Any]:
    async with Simulator() as sim, client_of(sim) as client:
        yield client


async def begun(client: Any, *, model: str = MODEL, config: Any = None, **source: Any) -> Any:
    source = source or {"prompt": "a lighthouse"}
    return await client.models.generate_videos(
        model=model, source=types.GenerateVideosSource(**source), config=types.GenerateVideosConfig(**(config or {}))
    )


async def looked(client: Any, operation: Any) -> list[Any]:
    """Return what each look finds, until the operation is done."""
    found: list[Any] = []
    while not found or not found[-1].done:
        found.append(await client.operations.get(operation))
    return found


async def made(client: Any, **fields: Any) -> list[Any]:
    last = (await looked(client, await begun(client, **fields)))[-1]
    return [one.video for one in last.response.generated_videos]


async def test_an_operation(client: Any) -> None:
    operation = await begun(client, config={"duration_seconds": 4, "aspect_ratio": "9:16", "resolution": "1080p"})
    assert operation.name.startswith(
        f"projects/simulator/locations/global/publishers/google/models/{MODEL}/operations/"
    )
    looks = await looked(client, operation)
    assert [look.done for look in looks] == [None] * 4 + [True]
    (video,) = (one.video for one in looks[-1].response.generated_videos)
    assert (video.video_bytes, video.mime_type) == (mp4(288, 512, 4), "video/mp4")


async def test_with_a_project() -> None:
    options = {"project": "p", "location": "global", "credentials": Token(), "api_key": None}
    async with Simulator() as sim, client_of(sim, **options) as client:
        operation = await begun(client)
        assert operation.name.startswith("projects/p/locations/global/publishers/google/models/")
        assert len(await looked(client, operation)) == 5


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        ({"image": IMAGE, "config": {"last_frame": IMAGE}}, 8),
        ({"prompt": "a", "config": {"reference_images": [{"image": IMAGE, "reference_type": "ASSET"}]}}, 8),
        ({"video": FILM}, 7),
    ],
)
async def test_what_it_is_made_of(client: Any, fields: dict[str, Any], seconds: int) -> None:
    (video,) = await made(client, **fields)
    assert video.video_bytes == mp4(256, 144, seconds)


async def test_several_into_a_bucket(client: Any) -> None:
    videos = await made(client, config={"number_of_videos": 2, "output_gcs_uri": "gs://b/out/"})
    folder, name = videos[0].uri.rsplit("/", 1)
    assert (re.fullmatch(r"gs://b/out/\d{20}", folder) is not None, name) == (True, "sample_0.mp4")
    assert [video.uri for video in videos] == [f"{folder}/sample_0.mp4", f"{folder}/sample_1.mp4"]


async def test_a_video_that_is_withheld(client: Any) -> None:
    operation = await begun(client, model="veo-fault:error;code=moderation", config={"number_of_videos": 2})
    response = (await looked(client, operation))[-1].response
    assert (len(response.generated_videos), response.rai_media_filtered_count) == (1, 1)
    assert response.rai_media_filtered_reasons[0].startswith("The video was withheld")


async def test_an_operation_that_fails(client: Any) -> None:
    operation = await begun(client, model="veo-fault:error;message=It broke.")
    assert (await looked(client, operation))[-1].error == {"code": 13, "message": "It broke."}


async def test_an_operation_that_has_expired(client: Any) -> None:
    operation = await begun(client, model="veo-fault:error;code=expired")
    with pytest.raises(errors.ClientError, match="The operation is not found"):
        await looked(client, operation)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"prompt": ""}, "A prompt, an image or a video is required"),
        ({"image": IMAGE, "video": FILM}, "Image and video are not supported together"),
        ({"prompt": "a", "config": {"last_frame": IMAGE}}, "The last frame needs the first one"),
        (
            {"image": IMAGE, "config": {"reference_images": [{"image": IMAGE, "reference_type": "ASSET"}]}},
            "Reference images are not supported with other media",
        ),
        ({"prompt": "a", "config": {"duration_seconds": 9}}, "durationSeconds must be 4 to 8"),
        ({"prompt": "a", "config": {"aspect_ratio": "1:1"}}, "aspectRatio must be one of 16:9, 9:16"),
        ({"prompt": "a", "config": {"resolution": "360p"}}, "resolution must be one of 720p, 1080p, 4k"),
        ({"image": types.Image(image_bytes=PNG)}, "A medium needs a gcsUri, or bytes and their mimeType"),
    ],
)
async def test_what_google_refuses(client: Any, fields: dict[str, Any], said: str) -> None:
    with pytest.raises(errors.ClientError, match=said):
        await begun(client, **fields)


async def test_a_bucket_may_hold_anything_but_what_has_expired_in_it() -> None:
    now = [0.0]
    async with Simulator(clock=lambda: now[0], lifetime=60) as sim, client_of(sim) as client:
        (ours,) = await made(client, config={"output_gcs_uri": "gs://b"})
        theirs = types.Video(uri="gs://b/theirs.mp4", mime_type="video/mp4")
        for video in (ours, theirs):
            assert len(await made(client, video=video)) == 1
        now[0] = 60.0
        assert len(await made(client, video=theirs)) == 1
        with pytest.raises(errors.ClientError, match="is not found") as raised:
            await begun(client, video=ours)
        assert raised.value.code == 404
        with pytest.raises(errors.ClientError, match="There is no job"):
            await looked(client, types.GenerateVideosOperation.model_validate({"name": OPERATION}))
