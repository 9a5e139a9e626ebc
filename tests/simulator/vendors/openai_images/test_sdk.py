"""The openai SDK, typed and raw, against the Images API."""

import io
from base64 import b64decode
from collections.abc import AsyncIterator
from typing import Any

import openai
import pytest
from PIL import Image

from massgen_stream.simulator import Simulator, fail, refuse
from massgen_stream.simulator.answers.picture import png
from massgen_stream.wire import SSEDecoder

from ....media.files import mask, picture

pytestmark = pytest.mark.anyio
PROMPT = "a lighthouse"
MODEL = "gpt-image-2.6-flare"


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    async with Simulator(clock=lambda: 5.0) as sim:
        yield sim


def connected(sim: Simulator) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(base_url=sim.url("openai"), api_key="any", max_retries=0)


@pytest.fixture
async def client(sim: Simulator) -> AsyncIterator[openai.AsyncOpenAI]:
    async with connected(sim) as client:
        yield client


def seen(encoded: str) -> tuple[tuple[int, int], str | None]:
    with Image.open(io.BytesIO(b64decode(encoded))) as image:
        image.load()
        return image.size, image.format


def asked(**more: Any) -> Any:
    return {"model": MODEL, "prompt": PROMPT, "size": "64x32", **more}


async def test_typed_stream(client: openai.AsyncOpenAI) -> None:
    events = [one async for one in await client.images.generate(**asked(stream=True, partial_images=2))]
    assert [event.type for event in events] == [
        "image_generation.partial_image", "image_generation.partial_image", "image_generation.completed"
    ]  # fmt: skip
    assert [event.partial_image_index for event in events[:2]] == [0, 1]
    assert {seen(event.b64_json) for event in events} == {((64, 32), "PNG")}
    for event in events:
        form = (event.created_at, event.size, event.quality, event.background, event.output_format)
        assert form == (5, "64x32", "auto", "auto", "png")
    usage = events[-1].usage
    assert (usage.input_tokens, usage.output_tokens, usage.total_tokens) == (3, 1256, 1259)
    assert (usage.input_tokens_details.image_tokens, usage.input_tokens_details.text_tokens) == (0, 3)


async def test_typed_stream_of_an_edit(client: openai.AsyncOpenAI) -> None:
    edit = client.images.edit
    events = [one async for one in await edit(**asked(image=png(8, 8), mask=mask(8, 8), stream=True, partial_images=1))]
    assert [event.type for event in events] == ["image_edit.partial_image", "image_edit.completed"]
    assert events[-1].usage.input_tokens_details.image_tokens == 194


async def test_whole(client: openai.AsyncOpenAI) -> None:
    found = await client.images.generate(**asked(n=2, output_format="webp", output_compression=10, quality="low"))
    assert [seen(one.b64_json) for one in found.data or () if one.b64_json] == [((64, 32), "WEBP")] * 2
    assert (found.created, found.size, found.quality, found.output_format) == (5, "64x32", "low", "webp")
    assert found.usage is not None
    assert found.usage.output_tokens == 2 * 1056
    edited = await client.images.edit(**asked(image=[png(8, 8)] * 3, n=1))
    assert edited.usage is not None
    assert edited.usage.input_tokens_details.image_tokens == 3 * 194


async def test_raw(client: openai.AsyncOpenAI) -> None:
    create = client.images.with_streaming_response.generate
    async with create(**asked(stream=True, partial_images=1)) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        decoder = SSEDecoder()
        events = [event async for piece in response.iter_bytes() for event in decoder.feed(piece)]
    assert [event.event for event in events] == ["image_generation.partial_image", "image_generation.completed"]


async def test_edits_that_refer_to_images(sim: Simulator, client: openai.AsyncOpenAI) -> None:
    file = await client.files.create(file=("a.png", b"a", "image/png"), purpose="vision")
    body = asked(images=[{"file_id": file.id}, {"image_url": "https://example.org/a.png"}])
    found = await client.post("/images/edits", body=body, cast_to=dict[str, Any])
    assert found["usage"]["input_tokens_details"]["image_tokens"] == 2 * 194


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"prompt": ""}, "Missing required parameter: 'prompt'"),
        ({"model": ""}, "you must provide a model"),
        ({"n": 2, "stream": True}, "Streaming is only supported with n=1."),
        ({"n": 11}, "from 1 to 10"),
        ({"size": "100x100"}, "sides must be divisible by 16"),
        ({"size": "big"}, "Invalid size 'big'"),
        ({"quality": "best"}, "Invalid value: 'best'"),
        ({"background": "pink"}, "Invalid value: 'pink'"),
        ({"output_format": "bmp"}, "Invalid value: 'bmp'"),
        ({"output_format": "svg", "n": 2}, "n must be 1 with output_format svg"),
        ({"output_format": "svg", "stream": True}, "not supported with output_format svg"),
        ({"output_format": "gif", "stream": True}, "not supported with output_format gif"),
        ({"output_compression": 5}, "not supported for PNG"),
        ({"stream": True, "partial_images": 4}, "from 1 to 3"),
    ],
)
async def test_what_is_refused(client: openai.AsyncOpenAI, body: dict[str, Any], said: str) -> None:
    with pytest.raises(openai.BadRequestError, match=said):
        await client.images.generate(**asked(**body))


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"image": b"nothing"}, r"unsupported mimetype \('text/plain'\)"),
        ({"image": b""}, r"unsupported mimetype \('application/octet-stream'\)"),
        ({"image": []}, "1 to 16 images are expected, got 0"),
        ({"image": [png(8, 8)] * 17}, "1 to 16 images are expected, got 17"),
        ({"image": png(8, 8), "mask": b"\xff\xd8\xff\xe0" + bytes(20)}, r"'mask': unsupported mimetype"),
        (
            {"image": png(8, 8), "mask": picture(width=8, height=8)},
            "Invalid mask image format - mask image missing alpha",
        ),
        ({"image": [png(8, 8), png(8, 4)], "mask": mask(8, 4)}, "mask size does not match image size"),
    ],
)
async def test_what_is_refused_of_files(client: openai.AsyncOpenAI, files: dict[str, Any], said: str) -> None:
    with pytest.raises(openai.BadRequestError, match=said):
        await client.images.edit(**asked(**files))


async def test_edits_without_a_form(client: openai.AsyncOpenAI) -> None:
    for body, said in ((asked(), "'images'"), ([1], "multipart/form-data")):
        with pytest.raises(openai.BadRequestError, match=said):
            await client.post("/images/edits", body=body, cast_to=dict[str, Any])


async def test_scripts_and_faults() -> None:
    blocked = refuse(400, "Your request was rejected by the safety system.", code="moderation_blocked")
    async with Simulator([[blocked], [fail("no paint", code="server_error")]]) as sim, connected(sim) as client:
        with pytest.raises(openai.BadRequestError) as refused:
            await client.images.generate(**asked(stream=True))
        assert refused.value.code == "moderation_blocked"
        with pytest.raises(openai.InternalServerError, match="no paint"):
            await client.images.generate(**asked())
    async with Simulator(faults="error;after=1") as sim, connected(sim) as client:
        stream = await client.images.generate(**asked(stream=True, partial_images=2))
        assert (await anext(stream)).type == "image_generation.partial_image"
        with pytest.raises(openai.APIError):
            await anext(stream)
        with pytest.raises(openai.RateLimitError):
            await client.images.generate(prompt=PROMPT, model="simulator/fault:429")
    async with Simulator(api_key="mine") as sim, connected(sim) as client:
        with pytest.raises(openai.AuthenticationError):
            await client.images.edit(**asked(image=png(8, 8)))


async def test_an_edit_of_a_file_that_is_not_there(client: openai.AsyncOpenAI) -> None:
    body = asked(images=[{"file_id": "file-1"}])
    with pytest.raises(openai.NotFoundError, match="No such File object: file-1"):
        await client.post("/images/edits", body=body, cast_to=dict[str, Any])
