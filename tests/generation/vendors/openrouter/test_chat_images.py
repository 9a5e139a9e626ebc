"""Images in chats at OpenRouter, through the openai SDK, against the simulator."""

from __future__ import annotations

import io
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from massgen_stream.errors import ConfigurationError
from massgen_stream.generation import explain_media, generate_media
from massgen_stream.generation.registry import DEFAULT_MODELS, generators_of
from massgen_stream.generation.vendors.openrouter.chat_images import OpenRouterChatImages
from massgen_stream.simulator import Simulator, refuse, stall, text
from massgen_stream.simulator.answers.drawn import drawn
from massgen_stream.stream_chunk.kinds import MediaType
from massgen_stream.stream_chunk.narrow import done, media

from ....simulator.polling import until
from ...fakes import PNG, instruments
from ...grok import sdk
from ...leaving import left
from ...openai import KEY, PROMPT, last
from ...reading import details, finals, names, of_type, read, stored

pytestmark = pytest.mark.anyio
MODEL = "openai/gpt-5-image"
URL = "https://example.org/a.png"


def made(sim: Simulator, **options: Any) -> Any:
    given = {"prompt": PROMPT, "environ": {}, "api_key": KEY, "instruments": instruments(), "model": MODEL, **options}
    return generate_media(backend_type="openrouter", base_url=sim.url("openrouter"), **given)


def chosen(**options: Any) -> list[str]:
    """Return what is said of the two generators of OpenRouter: the one for images first."""
    lines = explain_media(environ={"OPENROUTER_API_KEY": "k"}, **options)
    return [line for line in lines if line.startswith("openrouter")]


def test_the_model_says_which_endpoint_is_asked() -> None:
    assert OpenRouterChatImages in generators_of("openrouter")
    images = DEFAULT_MODELS["openrouter"][MediaType.IMAGE]
    assert chosen()[0] == f"openrouter: chosen, with {images}"
    assert chosen(model="google/gemini-3-pro-image")[0].startswith("openrouter: chosen")
    for model in (MODEL, "openai/gpt-5.4-image-2"):
        assert chosen(model=model)[1] == f"openrouter: chosen, with {model}"
    asked = chosen(extra_params={"modalities": ["image"]})
    assert asked == [
        f"openrouter (OpenRouter, {images}): extra_params hold modalities, which are those of a chat",
        f"openrouter: chosen, with {MODEL}"
    ]  # fmt: skip


async def test_a_picture_and_what_is_said_of_it(tmp_path: Path) -> None:
    async with Simulator(api_key=KEY) as sim:
        chunks = await read(made(sim, size="1K", aspect_ratio="16:9", seed=0, output_path=tmp_path / "a.png"))
        sent = last(sim)
        await until(lambda: sim.connections() == 0)
    assert (sent.path, sent.json) == (
        "/v1/chat/completions",
        {
            "model": MODEL, "stream": True, "stream_options": {"include_usage": True}, "seed": 0,
            "messages": [{"role": "user", "content": PROMPT}], "modalities": ["image", "text"],
            "image_config": {"aspect_ratio": "16:9", "image_size": "1K"},
        },
    )  # fmt: skip
    (final,) = finals(chunks)
    assert stored(tmp_path / "a.png") == final.media_data
    with Image.open(io.BytesIO(final.media_data)) as image:
        assert (image.size, image.format) == ((455, 256), "PNG")
    assert "".join(one.content for one in of_type(chunks, "content")).startswith("You asked")
    assert (chunks[-1].finish_reason, chunks[-1].usage_source) == ("stop", "reported")
    assert chunks[0].model == MODEL


async def test_no_words_where_none_are_wanted() -> None:
    extra = {"modalities": ["image"], "image_config": {"image_size": "0.5K"}, "provider": {"order": ["x"]}}
    async with Simulator() as sim:
        chunks = await read(made(sim, aspect_ratio="1:1", model=None, extra_params=extra))
        body = last(sim).json
    assert (body["modalities"], body["provider"]) == (["image"], {"order": ["x"]})
    assert body["image_config"] == {"aspect_ratio": "1:1", "image_size": "0.5K"}
    assert (len(finals(chunks)), of_type(chunks, "content")) == (1, [])


async def test_images_are_sent_as_they_are() -> None:
    async with Simulator() as sim:
        await read(made(sim, input_images=[PNG, URL], reference_images=PNG, edit_mode="edit"))
        said, *images = last(sim).json["messages"][0]["content"]
    assert said == {"type": "text", "text": PROMPT}
    urls = [one["image_url"]["url"] for one in images]
    assert urls[1] == URL
    assert [b64decode(one.removeprefix("data:image/png;base64,")) for one in (urls[0], urls[2])] == [PNG, PNG]
    assert "image_config" not in last(sim).json


async def test_several_pictures_and_one_that_is_elsewhere() -> None:
    async with Simulator() as other, sdk(other) as grok:
        place = (await grok.image.sample("a", "m", image_format="url")).url
        remote = media("m", "image", media_data=place, media_encoding="url")
        async with Simulator([[*drawn("a", (32, 32)), remote, done("stop")]]) as sim:
            chunks = await read(made(sim))
    assert [chunk.media_metadata.size_bytes is not None for chunk in finals(chunks)] == [True, True]
    assert len({chunk.media_id for chunk in finals(chunks)}) == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"size": "1024x1024"}, "size is 1024x1024; it takes 0.5K, 1K, 2K, 4K"),
        ({"aspect_ratio": "5:1"}, "aspect_ratio is 5:1"),
        ({"edit_mode": "edit"}, "edit_mode edit needs input_images"),
        ({"mask_path": "m.png", "input_images": PNG}, "it does not know mask_path"),
    ],
)
def test_what_cannot_be_is_refused_at_the_call(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        generate_media("a", backend_type="openrouter", api_key="k", environ={}, model=MODEL, **options)
    assert said in str(refused.value)


async def test_losses_are_told() -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, quality="high"))
    assert details(chunks, "loss") == ["openrouter: quality is left out, since it has no such option"]


async def failed(script: Any = None, faults: Any = None, **options: Any) -> tuple[Any, list[Any]]:
    async with Simulator(script, faults) as sim:
        chunks = await read(made(sim, **options))
        await until(lambda: sim.connections() == 0)
    (error,) = of_type(chunks, "error")
    assert (finals(chunks), error.error_info["provider"]) == ([], "openrouter")
    assert KEY not in repr(chunks)
    return error, chunks


async def test_words_instead_of_a_picture(tmp_path: Path) -> None:
    error, chunks = await failed([[text("I cannot draw.")]], output_dir=tmp_path)
    assert (error.error_info["kind"], chunks[-1].finish_reason) == ("media", "error")
    assert (chunks[-1].usage_source, names(tmp_path)) == ("reported", [])


async def test_what_a_filter_withholds() -> None:
    error, _ = await failed([[text("No."), done("content_filter", raw_finish_reason="content_filter")]])
    assert error.error_info["kind"] == "content_filter"


@pytest.mark.parametrize(("status", "kind"), [(400, "invalid_request"), (401, "authentication"), (404, "not_found")])
async def test_what_the_host_refuses(status: int, kind: str) -> None:
    error, _ = await failed([refuse(status, "No.")])
    assert (error.error_info["kind"], error.error_info["status"]) == (kind, status)


@pytest.mark.parametrize("fault", ["500", "cut;after=600", "malformed;after=0", "html;code=200", "error;after=0"])
async def test_what_goes_wrong_leaves_no_file(tmp_path: Path, fault: str) -> None:
    error, _ = await failed(faults=[fault] * 3, output_path=tmp_path / "a.png", max_retries=0)
    assert error.error
    assert names(tmp_path) == []


@pytest.mark.parametrize("leave", ["cancel", "break", "task"])
async def test_leaving_closes_the_connection_and_leaves_no_file(tmp_path: Path, leave: str) -> None:
    async with Simulator([[text("I begin. "), stall()]]) as sim:
        await left(made(sim, output_path=tmp_path / "a.png"), leave, "content")
        await until(lambda: sim.connections() == 0)
    assert names(tmp_path) == []
