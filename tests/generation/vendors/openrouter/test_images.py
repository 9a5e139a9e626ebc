"""OpenRouter's images, through the openai SDK, against the simulator."""

from __future__ import annotations

import io
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from massgen_stream.errors import ConfigurationError, MissingKey
from massgen_stream.generation import explain_media, generate_media
from massgen_stream.generation.registry import BACKEND_API_KEYS
from massgen_stream.simulator import Simulator, cut, refuse, stall, text
from massgen_stream.simulator.answers.drawn import drawn

from ....simulator.polling import until
from ...fakes import PNG, instruments
from ...leaving import left
from ...openai import KEY, PROMPT, last
from ...reading import finals, names, of_type, previews, read, stored

pytestmark = pytest.mark.anyio
MODEL = "google/gemini-3.1-flash-lite-image"


def made(sim: Simulator, **options: Any) -> Any:
    given = {"prompt": PROMPT, "environ": {}, "api_key": KEY, "instruments": instruments(), **options}
    return generate_media(backend_type="openrouter", base_url=sim.url("openrouter"), **given)


def test_it_is_registered() -> None:
    assert BACKEND_API_KEYS["openrouter"] == ("OPENROUTER_API_KEY",)
    environ = {"OPENROUTER_API_KEY": "k", "OPENAI_API_KEY": "k"}
    assert f"openrouter: chosen, with {MODEL}" in explain_media(environ={"OPENROUTER_API_KEY": "k"})
    assert f"openrouter: chosen, with {MODEL}" not in explain_media(environ=environ)
    named = explain_media(environ=environ, model="bytedance-seed/seedream-4.5")
    assert "openrouter: chosen, with bytedance-seed/seedream-4.5" in named
    with pytest.raises(MissingKey, match="set OPENROUTER_API_KEY"):
        generate_media("a", backend_type="openrouter", environ={})
    with pytest.raises(ConfigurationError, match="edit_mode edit needs input_images"):
        generate_media("a", backend_type="openrouter", environ={"OPENROUTER_API_KEY": "k"}, edit_mode="edit")
    with pytest.raises(ConfigurationError, match="it does not know mask_path"):
        generate_media("a", backend_type="openrouter", api_key="k", environ={}, input_images=PNG, mask_path="m.png")


async def test_a_preview_and_the_picture(tmp_path: Path) -> None:
    async with Simulator(api_key=KEY) as sim:
        chunks = await read(made(sim, size="64x32", output_path=tmp_path / "a.png"))
        sent = last(sim)
        await until(lambda: sim.connections() == 0)
    assert (sent.path, sent.json) == (
        "/v1/images", {"model": MODEL, "prompt": PROMPT, "size": "64x32", "stream": True}
    )  # fmt: skip
    assert sent.headers["authorization"] == "(hidden)"
    assert len(previews(chunks)) == 1
    with Image.open(io.BytesIO(stored(tmp_path / "a.png"))) as image:
        assert (image.size, image.format) == ((64, 32), "PNG")
    assert chunks[0].request_id == "req_sim_1"
    assert (chunks[-1].finish_reason, chunks[-1].usage_source) == ("stop", "reported")


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        ({"seed": 0, "aspect_ratio": "16:9"}, {"seed": 0, "aspect_ratio": "16:9", "stream": True}),
        ({"size": "2K", "quality": "high"}, {"resolution": "2K", "quality": "high", "stream": True}),
        ({"n": 2, "output_format": "webp"}, {"n": 2, "output_format": "webp"}),
        ({"output_format": "svg"}, {"output_format": "svg"}),
        (
            {"background": "opaque", "extra_params": {"user": "u"}},
            {"background": "opaque", "user": "u", "stream": True},
        ),
    ],
)
async def test_parameters(options: dict[str, Any], sent: dict[str, Any]) -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, **options))
        assert last(sim).json == {"model": MODEL, "prompt": PROMPT, **sent}
    assert len(finals(chunks)) == options.get("n", 1)


async def test_images_are_sent_as_they_are() -> None:
    url = "https://example.org/a.png"
    async with Simulator() as sim:
        chunks = await read(made(sim, input_images=[PNG, url], edit_mode="edit", reference_images=PNG))
        urls = [one["image_url"]["url"] for one in last(sim).json["input_references"]]
    assert urls[1] == url
    assert [b64decode(one.removeprefix("data:image/png;base64,")) for one in (urls[0], urls[2])] == [PNG, PNG]
    assert chunks[-1].usage["details"]["input_tokens_details"]["image_tokens"] == 3 * 194


async def test_text_on_the_way() -> None:
    picture = list(drawn("m", (32, 32)))
    async with Simulator([[text("I begin with the sky. "), *picture]]) as sim:
        chunks = await read(made(sim))
    assert [chunk.content for chunk in of_type(chunks, "content")] == ["I begin with the sky. "]
    assert len(finals(chunks)) == 1


@pytest.mark.parametrize(("status", "kind"), [(400, "content_filter"), (401, "authentication"), (404, "not_found")])
async def test_what_the_host_refuses(tmp_path: Path, status: int, kind: str) -> None:
    code = "moderation_blocked" if kind == "content_filter" else None
    async with Simulator([refuse(status, "No.", code=code)]) as sim:
        chunks = await read(made(sim, output_dir=tmp_path))
    (error,) = of_type(chunks, "error")
    assert (error.error_info["kind"], error.error_info["provider"]) == (kind, "openrouter")
    assert (finals(chunks), names(tmp_path)) == ([], [])
    assert KEY not in repr(chunks)


async def test_busy_and_broken(tmp_path: Path) -> None:
    async with Simulator([[refuse(429)], [refuse(502)]]) as sim:
        assert len(finals(await read(made(sim)))) == 1
        assert len(sim.requests) == 3
    async with Simulator([[next(drawn("m", (32, 32), 1)), cut()]]) as sim:
        chunks = await read(made(sim, output_path=tmp_path / "a.png"))
        assert len(sim.requests) == 1
    assert (finals(chunks), names(tmp_path), chunks[-1].finish_reason) == ([], [], "incomplete")


async def test_a_silent_server() -> None:
    async with Simulator([stall()]) as sim:
        chunks = await read(made(sim, read_timeout=0.05, max_retries=0))
    assert of_type(chunks, "error")[0].error_info["kind"] == "timeout"


@pytest.mark.parametrize("leave", ["cancel", "break", "task"])
async def test_leaving_closes_the_connection(tmp_path: Path, leave: str) -> None:
    async with Simulator([[next(drawn("m", (32, 32), 1)), stall()]]) as sim:
        await left(made(sim, output_path=tmp_path / "a.png"), leave, "media")
        await until(lambda: sim.connections() == 0)
    assert names(tmp_path) == []
