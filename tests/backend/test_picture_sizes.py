"""Pixels of images: refused at the call, or made to fit, and what the vendor says of those that were not looked at."""

from __future__ import annotations

from base64 import b64decode, b64encode, encodebytes
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anthropic
import pytest

from massgen_stream.backend import create_backend
from massgen_stream.backend.media_arrival import MediaArrival
from massgen_stream.backend.media_task import MediaTask
from massgen_stream.backend.picture_sizes import PictureLimits, picture_size
from massgen_stream.errors import MediaOverLimit
from massgen_stream.media.picture_heads import Readable, Size, stored_size
from massgen_stream.provider import get_provider
from massgen_stream.simulator import Simulator
from massgen_stream.stream_chunk.formatter import normalise_messages

from ..media.files import picture
from ..media.lying_server import Request, serving
from .reading import of_type, read

pytestmark = pytest.mark.anyio
KEY = "key-of-mine-0123456789"
LONG_HEAD = picture("JPEG", exif=b"Exif\0\0" + bytes(60_000), icc_profile=bytes(3_000_000))
SMALL, WIDE, LARGE = picture(), picture(width=2001, height=10), picture(width=8001, height=10)
AT_CALL = "messages[0].content[0]: image has 8001 pixels on its longer side, over max_long_edge 8000 of claude; send a"


def asked(*images: Any) -> list[dict[str, Any]]:
    parts = [{"type": "image", **(one if isinstance(one, dict) else {"data": one})} for one in images]
    return [{"role": "user", "content": [*parts, {"type": "text", "text": "What is it?"}]}]


def backend(sim: Simulator, provider: str = "claude", **options: Any) -> Any:
    return create_backend(provider, base_url=sim.url(provider), api_key=KEY, **options)


def sizes(sim: Simulator) -> list[Any]:
    blocks = [block for block in sim.requests[-1].json["messages"][0]["content"] if block["type"] == "image"]
    return [picture_size({"base64": block["source"]["data"]}) for block in blocks]


@pytest.mark.parametrize("source", ["data", "base64", "path"])
@pytest.mark.parametrize("policy", ["upload", "refuse"])
async def test_an_image_of_too_many_pixels_is_refused_at_the_call(tmp_path: Path, source: str, policy: str) -> None:
    (tmp_path / "a.png").write_bytes(LARGE)
    part = {"data": LARGE, "base64": b64encode(LARGE).decode(), "path": str(tmp_path / "a.png")}[source]
    async with Simulator() as sim, backend(sim) as claude:
        with pytest.raises(MediaOverLimit) as refused:
            claude.stream_with_tools(asked({source: part}), media_policy=policy)
        assert of_type(await read(claude.stream_with_tools(asked(WIDE))), "error") == []
    assert str(refused.value) == f"{AT_CALL} smaller one, or pass media_policy='fit'"


async def test_many_images_have_a_lower_limit() -> None:
    async with Simulator() as sim, backend(sim) as claude:
        assert of_type(await read(claude.stream_with_tools(asked(*[WIDE] * 20))), "error") == []
        with pytest.raises(MediaOverLimit) as refused:
            claude.stream_with_tools(asked(*[SMALL] * 20, WIDE))
    assert str(refused.value) == (
        "messages[0].content[20]: image has 2001 pixels on its longer side, over max_long_edge 2000 of claude for more"
        " than 20 images; send fewer or smaller ones, or pass media_policy='fit'"
    )


async def test_what_a_model_made_is_neither_counted_nor_refused() -> None:
    made = {"role": "assistant", "content": [{"type": "image", "data": LARGE}, {"type": "text", "text": "Here."}]}
    async with Simulator() as sim, backend(sim) as claude:
        said = [*asked(*[WIDE] * 20), made, {"role": "user", "content": "And now?"}]
        assert of_type(await read(claude.stream_with_tools(said)), "error") == []


async def test_images_are_made_to_fit_and_told() -> None:
    async with Simulator() as sim, backend(sim, media_policy="fit") as claude:
        chunks = await read(claude.stream_with_tools(asked(LARGE, WIDE)))
        assert sizes(sim) == [(8000, 10), (2001, 10)]
        (told,) = [one.detail for one in of_type(chunks, "backend_status") if one.status == "loss"]
        assert told == "messages[0].content[0]: shrunk from 8001 x 10 to 8000 x 10 pixels"
        await read(claude.stream_with_tools(asked(*[WIDE] * 21)))
        assert sizes(sim) == [(2000, 10)] * 21


@pytest.mark.parametrize("fits", [True, False])
async def test_an_image_that_is_fetched_is_looked_at_when_it_is_there(fits: bool) -> None:
    async def whole(request: Request) -> None:
        await request.answer(LARGE)

    limits = PictureLimits.of(get_provider("claude"), normalise_messages(asked(SMALL)))
    async with serving(whole) as server:
        task = MediaTask("here", {"type": "image", "url": server.url}, "image", None, None, fits, None, True)
        arrival = MediaArrival(task._replace(pixels=limits))
        if fits:
            assert [chunk async for chunk in arrival.chunks()]
            assert picture_size(arrival.part) == (8000, 10)
        else:
            with pytest.raises(MediaOverLimit, match="here: image has 8001 pixels on its longer side"):
                [chunk async for chunk in arrival.chunks()]


async def test_an_area() -> None:
    async with Simulator() as sim, backend(sim, "groq") as groq:
        with pytest.raises(MediaOverLimit, match=r"image has 33177601 pixels, over max_pixels 33177600 of groq; send"):
            groq.stream_with_tools(asked(head(33_177_601, 1)))
        groq.stream_with_tools(asked(head(33_177_600, 1)))


def head(width: int, height: int) -> bytes:
    """Return a PNG that only says how large it is."""
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes(9)


@pytest.mark.parametrize("provider", ["openai", "gemini", "grok", "moonshot"])
def test_hosts_that_state_none_get_any(provider: str) -> None:
    assert PictureLimits.of(get_provider(provider), normalise_messages(asked(LARGE))) is None


@pytest.mark.parametrize(
    ("part", "size"),
    [
        ({"data": LARGE}, (8001, 10)),
        ({"base64": b64encode(picture("JPEG", exif=b"Exif\0\0" + bytes(60_000))).decode()}, (64, 48)),
        ({"base64": b64encode(picture("GIF")).decode()}, (64, 48)),
        ({"base64": encodebytes(picture("GIF")).decode()}, (64, 48)),
        ({"base64": encodebytes(picture("JPEG", exif=b"Exif\0\0" + bytes(60_000))).decode()}, (64, 48)),
        ({"base64": b64encode(LONG_HEAD).decode()}, (64, 48)),
        ({"base64": encodebytes(LONG_HEAD).decode()}, None),
        ({"base64": "a"}, None),
        ({"base64": "\x80"}, None),
        ({"base64": b64encode(b"BM" + bytes(100)).decode()}, None),
        ({"path": "/none/at/all.png"}, None),
        ({"url": "https://example.org/a.png"}, None),
        ({"file_id": "file-1"}, None),
    ],
)
def test_the_size_of_a_part(part: dict[str, Any], size: Any) -> None:
    assert picture_size({"type": "image", **part}) == size


@pytest.mark.parametrize("coded", [b64encode, encodebytes])
def test_of_base64_only_little_is_decoded(monkeypatch: pytest.MonkeyPatch, coded: Callable[[bytes], bytes]) -> None:
    count = 0

    def counting(text: str) -> bytes:
        nonlocal count
        count += len(text)
        return b64decode(text)

    monkeypatch.setattr("massgen_stream.backend.base64_file.b64decode", counting)
    picture_size({"type": "image", "base64": coded(LONG_HEAD).decode()})
    assert 0 < count < 20_000


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[Size | None]:
    """What was found in pictures."""
    found: list[Size | None] = []

    def looking(file: Readable) -> Size | None:
        found.append(stored_size(file))
        return found[-1]

    monkeypatch.setattr("massgen_stream.media.picture_heads.stored_size", looking)
    return found


@pytest.mark.parametrize("policy", ["refuse", "fit", "upload"])
async def test_an_image_is_looked_at_once(looks: list[Size | None], policy: str) -> None:
    async with Simulator() as sim, backend(sim) as claude:
        claude.stream_with_tools(asked(SMALL, WIDE), media_policy=policy)
    assert looks == [(64, 48), (2001, 10)]


async def test_no_image_of_a_request_that_is_too_large_is_looked_at(looks: list[Size | None]) -> None:
    async with Simulator() as sim, backend(sim) as claude:
        with pytest.raises(MediaOverLimit, match=r"^4 media together have 28\.0 MiB"):
            claude.stream_with_tools(asked(*[SMALL + bytes(7 * 2**20)] * 4))
    assert looks == []


async def test_the_vendor_refuses_the_same() -> None:
    async with Simulator() as sim:
        client = anthropic.AsyncAnthropic(api_key=KEY, base_url=sim.url("claude"), max_retries=0)
        for images, said in (
            ([LARGE], "messages.0.content.0.image.source.base64.data: At least one of the image dimensions exceed max"),
            ([*[SMALL] * 20, WIDE], "exceed max allowed size for many-image requests: 2000 pixels"),
        ):
            bare = {"type": "base64", "media_type": "image/png"}
            content: Any = [{"type": "image", "source": {**bare, "data": b64encode(one).decode()}} for one in images]
            with pytest.raises(anthropic.BadRequestError) as refused:
                await client.messages.create(
                    model="claude-sonnet-5", max_tokens=9, messages=[{"role": "user", "content": content}]
                )
            assert said in refused.value.message
        await client.close()
