"""Google's own SDK against Imagen of the simulator: new images, changed ones, refusals."""

from __future__ import annotations

import io
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from google import genai
from google.genai import errors, types
from PIL import Image

from massgen_stream.simulator import Simulator, refuse
from massgen_stream.stream_chunk.narrow import complete_response, done

from ....media.files import picture

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore:The (generate_images|edit_image) method is deprecated"),
]
MODEL, EDITOR = "imagen-4.0-generate-001", "imagen-3.0-capability-001"
SILENT = types.HttpRetryOptions(attempts=1)


@asynccontextmanager
async def client_of(sim: Simulator, **options: Any) -> AsyncGenerator[Any, None]:
    """The SDK's client for Google Cloud, in express mode."""
    async with httpx2.AsyncClient() as web:
        http_options = types.HttpOptions(base_url=sim.url("gemini"), httpx_async_client=web, retry_options=SILENT)
        client = genai.Client(**{"enterprise": True, "api_key": "any", **options}, http_options=http_options)
        yield client.aio
        client.close()


@pytest.fixture
async def client() -> AsyncIterator[Any]:
    async with Simulator() as sim, client_of(sim) as client:
        yield client


def raw(data: bytes | None = None) -> Any:
    image = types.Image(image_bytes=data or picture(), mime_type="image/png")
    return types.RawReferenceImage(reference_id=1, reference_image=image)


def mask(data: bytes | None = None, **config: Any) -> Any:
    image = types.Image(image_bytes=data, mime_type="image/png") if data else None
    settings = types.MaskReferenceConfig(**config)
    return types.MaskReferenceImage(reference_id=2, reference_image=image, config=settings)


async def edited(client: Any, *images: Any, **config: Any) -> list[Any]:
    given = types.EditImageConfig(number_of_images=1, **config)
    answer = await client.models.edit_image(model=EDITOR, prompt="a boat", reference_images=list(images), config=given)
    return answer.generated_images or []


def looked_at(generated: Any) -> tuple[tuple[int, int], str | None, str]:
    with Image.open(io.BytesIO(generated.image.image_bytes)) as image:
        image.load()
        return image.size, image.format, generated.image.mime_type


async def test_new_images(client: Any) -> None:
    answer = await client.models.generate_images(model=MODEL, prompt="a lighthouse")
    assert [looked_at(one) for one in answer.generated_images] == [((96, 96), "PNG", "image/png")] * 4
    config = types.GenerateImagesConfig(
        number_of_images=1, aspect_ratio="9:16", image_size="2K", output_mime_type="image/jpeg",
        output_compression_quality=50,
    )  # fmt: skip
    answer = await client.models.generate_images(model=MODEL, prompt="a lighthouse", config=config)
    assert [looked_at(one) for one in answer.generated_images] == [((108, 192), "JPEG", "image/jpeg")]


async def test_changed_images_keep_their_size(client: Any) -> None:
    (found,) = await edited(client, raw(), mask(mask_mode="MASK_MODE_FOREGROUND"), edit_mode="EDIT_MODE_BGSWAP")
    assert looked_at(found)[0] == (64, 48)
    (found,) = await edited(client, raw(), mask(picture(mode="L"), mask_mode="MASK_MODE_USER_PROVIDED"))
    assert looked_at(found)[0] == (64, 48)


@pytest.mark.parametrize(
    ("images", "config", "said"),
    [
        ([raw()], {"edit_mode": "EDIT_MODE_INPAINT_REMOVAL"}, "A raw and a mask reference image are required"),
        ([mask(mask_mode="MASK_MODE_DEFAULT")], {}, "A mask needs a raw reference image"),
        ([raw(), raw()], {}, "At most one raw"),
        ([raw(), mask(mask_mode="MASK_MODE_USER_PROVIDED")], {}, "MASK_MODE_USER_PROVIDED needs a mask image"),
        ([raw(), mask(picture(width=8), mask_mode="MASK_MODE_USER_PROVIDED")], {}, "in the same size"),
        ([raw(b"nothing")], {}, "is not supported: use PNG or JPEG"),
        ([raw()], {"aspect_ratio": "16:9", "seed": 3}, "Seed is not supported when watermark is enabled"),
        ([raw()], {"output_mime_type": "image/webp"}, "makes image/png"),
    ],
)
async def test_what_is_refused(client: Any, images: list[Any], config: dict[str, Any], said: str) -> None:
    with pytest.raises(errors.ClientError, match=said) as refused:
        await edited(client, *images, **config)
    assert (refused.value.code, refused.value.status) == (400, "INVALID_ARGUMENT")


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"number_of_images": 5}, "sampleCount"),
        ({"aspect_ratio": "21:9"}, "is not supported"),
        ({"image_size": "4K"}, "is not supported"),
        ({"output_compression_quality": 5}, "compressionQuality"),
    ],
)
async def test_what_is_refused_of_new_images(client: Any, config: dict[str, Any], said: str) -> None:
    with pytest.raises(errors.ClientError, match=said):
        await client.models.generate_images(model=MODEL, prompt="x", config=types.GenerateImagesConfig(**config))


async def test_scripts_and_keys() -> None:
    withheld = {"predictions": [{"raiFilteredReason": "Support codes: 1"}]}
    script: Any = [[complete_response(withheld), done("content_filter")], [refuse(429, retry_after=2)]]
    async with Simulator(script, api_key="right") as sim:
        async with client_of(sim, api_key="right") as client:
            answer = await client.models.generate_images(model=MODEL, prompt="x")
            assert [one.rai_filtered_reason for one in answer.generated_images] == ["Support codes: 1"]
            with pytest.raises(errors.ClientError) as busy:
                await client.models.generate_images(model=MODEL, prompt="x")
            assert busy.value.code == 429
        async with client_of(sim, api_key="wrong") as client:
            with pytest.raises(errors.ClientError, match="UNAUTHENTICATED"):
                await client.models.generate_images(model=MODEL, prompt="x")


async def test_other_requests() -> None:
    async with Simulator() as sim, httpx2.AsyncClient() as web:
        url = f"{sim.url('gemini')}/v1/publishers/google/models/{MODEL}:predict"
        for body, said in (
            ({}, "Exactly one instance"),
            ({"instances": [{"prompt": ""}]}, "Text prompt is required"),
            ({"instances": [{"prompt": "x"}], "parameters": {"sampleSize": 1}}, "Unknown parameter: sampleSize"),
            ({"instances": [{"prompt": "x"}], "parameters": {"editMode": "PAINT"}}, "Invalid editMode: PAINT"),
            ({"instances": [{"referenceImages": [{"referenceType": "NONE"}]}]}, "needs a referenceType"),
            ({"instances": [{"referenceImages": [1]}]}, "an array of objects"),
        ):
            answer = await web.post(url, json=body)
            assert (answer.status_code, said in answer.json()["error"]["message"]) == (400, True), answer.text
