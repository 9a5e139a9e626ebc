"""Stable Diffusion on a server of one's own, over HTTP, against the simulator."""

from __future__ import annotations

import asyncio
import io
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from massgen_stream.errors import ConfigurationError, MissingExtra
from massgen_stream.generation import collect_media, explain_media, generate_media
from massgen_stream.generation.registry import BACKEND_API_KEYS, BACKEND_PRIORITY, DEFAULT_MODELS, has_api_key
from massgen_stream.simulator import Simulator, refuse, stall
from massgen_stream.stream_chunk.kinds import MediaType

from ....simulator.polling import until
from ...fakes import instruments
from ...reading import details, finals, names, of_type, previews, read, stored

pytestmark = pytest.mark.anyio
PROMPT = "a lighthouse at dusk"
NEW, CHANGE, LOOK, INTERRUPT = (f"/sdapi/v1/{name}" for name in ("txt2img", "img2img", "progress", "interrupt"))


def made(sim: Simulator, **options: Any) -> Any:
    environ = {"STABLE_DIFFUSION_URL": sim.url("stable_diffusion")}
    given = {"prompt": PROMPT, "environ": environ, "instruments": instruments(), **options}
    return generate_media(backend_type="stable_diffusion", **given)


def paths(sim: Simulator) -> list[str]:
    return [request.path for request in sim.requests]


def sent(sim: Simulator) -> dict[str, Any]:
    (body,) = (request.json for request in sim.requests if request.path in (NEW, CHANGE))
    return dict(body)


def picture(width: int = 64, height: int = 48, kind: str = "PNG", *, hole: bool = False) -> bytes:
    image, out = Image.new("RGBA" if hole else "RGB", (width, height), "red"), io.BytesIO()
    if hole:
        image.paste((0, 0, 0, 0), (0, 0, width // 2, height))
    image.save(out, kind)
    return out.getvalue()


def opened(data: bytes | str) -> Image.Image:
    image = Image.open(io.BytesIO(b64decode(data) if isinstance(data, str) else data))
    image.load()
    return image


async def failed(*, faults: Any = None, script: Any = None, **options: Any) -> tuple[Any, Simulator]:
    """Return the error that a stream ends with; no medium is whole, and nothing stays open."""
    async with Simulator(script, faults) as sim:
        chunks = await read(made(sim, **options))
        await until(lambda: sim.connections() == 0)
    (error,) = of_type(chunks, "error")
    assert finals(chunks) == []
    return error, sim


def test_it_is_registered() -> None:
    assert BACKEND_API_KEYS["stable_diffusion"] == ("STABLE_DIFFUSION_URL",)
    assert DEFAULT_MODELS["stable_diffusion"] == {MediaType.IMAGE: "loaded"}
    order = [name for name in BACKEND_PRIORITY[MediaType.IMAGE] if name in ("openai", "openrouter", "stable_diffusion")]
    assert order == ["openai", "openrouter", "stable_diffusion"]
    environ = {"STABLE_DIFFUSION_URL": "http://127.0.0.1:7860"}
    assert (has_api_key("stable_diffusion", environ), has_api_key("stable_diffusion", {})) == (True, False)
    assert "stable_diffusion: chosen, with loaded" in explain_media(environ=environ)
    several = explain_media(environ={**environ, "OPENAI_API_KEY": "k"})
    assert "stable_diffusion (Stable Diffusion, loaded): able, but comes later" in several
    with pytest.raises(ConfigurationError, match=r"needs the address of a server; set STABLE_DIFFUSION_URL .*base_url"):
        generate_media("a", backend_type="stable_diffusion", environ={})


async def test_a_key_is_no_address() -> None:
    stream = generate_media("a", backend_type="stable_diffusion", api_key="k", environ={}, instruments=instruments())
    (error,) = of_type(await read(stream), "error")
    assert "set STABLE_DIFFUSION_URL" in error.error


def test_the_library_is_named_where_it_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("massgen_stream.backend.requirements._installed", lambda library: library != "httpx2")
    with pytest.raises(MissingExtra, match=r"massgen-stream\[http\]"):
        generate_media("a", backend_type="stable_diffusion", base_url="http://127.0.0.1:7860", environ={})


async def test_previews_percentages_and_the_picture(tmp_path: Path) -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, size="64x48", output_path=tmp_path / "a.png"))
        await until(lambda: sim.connections() == 0)
    assert sent(sim) == {"prompt": PROMPT, "width": 64, "height": 48}
    assert paths(sim)[:2] == [LOOK, NEW]
    (final,) = finals(chunks)
    shown, told = previews(chunks), of_type(chunks, "media_progress")
    assert [one.progress_percentage for one in told] == [0, 25, 50, 75]
    assert [one.chunk_index for one in shown] == [0, 1, 2]
    assert len({one.media_data for one in [*shown, final]}) == 4
    assert {opened(one.media_data).size for one in [*shown, final]} == {(64, 48)}
    assert {one.media_id for one in [*shown, *told]} == {final.media_id}
    assert all(one.eta_seconds for one in told)
    assert stored(tmp_path / "a.png") == final.media_data
    assert (chunks[0].provider, chunks[-1].finish_reason) == ("stable_diffusion", "stop")


async def test_several_pictures_with_their_seeds(tmp_path: Path) -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, n=2, seed=7, size="64x64", output_dir=tmp_path))
    assert (sent(sim)["n_iter"], sent(sim)["seed"]) == (2, 7)
    told = [one.provider_data["stable_diffusion"] for one in finals(chunks)]
    assert [one["seed"] for one in told] == [7, 8]
    assert told[1]["infotext"] == f"{PROMPT}\nSeed: 8"
    assert [one.model for one in finals(chunks)] == ["simulator"] * 2
    for final in finals(chunks):
        mine = [one for one in of_type(chunks, "media_progress") if one.media_id == final.media_id]
        assert [one.progress_percentage for one in mine] == [0, 25, 50, 75]
        assert len([one for one in previews(chunks) if one.media_id == final.media_id]) == 3
    assert len(names(tmp_path)) == 2


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ({}, {}),
        ({"negative_prompt": "fog", "seed": 0, "steps": 5}, {"negative_prompt": "fog", "seed": 0, "steps": 5}),
        ({"guidance_scale": 0, "sampler": "Euler a"}, {"cfg_scale": 0, "sampler_name": "Euler a"}),
        ({"model": "sd_xl_base"}, {"override_settings": {"sd_model_checkpoint": "sd_xl_base"}}),
        (
            {"model": "m", "extra_params": {"override_settings": {"CLIP_stop_at_last_layers": 2}, "tiling": True}},
            {"override_settings": {"sd_model_checkpoint": "m", "CLIP_stop_at_last_layers": 2}, "tiling": True},
        ),
        ({"aspect_ratio": "16:9"}, {"width": 680, "height": 384}),
        ({"aspect_ratio": "1:1"}, {"width": 512, "height": 512}),
    ],
)
async def test_parameters(options: dict[str, Any], fields: dict[str, Any]) -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, **options))
    assert sent(sim) == {"prompt": PROMPT, **fields}
    assert len(finals(chunks)) == 1
    assert details(chunks, "loss") == []


async def test_what_is_left_out_is_told() -> None:
    async with Simulator() as sim:
        chunks = await read(
            made(sim, size="64x64", aspect_ratio="1:1", strength=0.5, output_format="webp", quality="hd")
        )
    assert sent(sim) == {"prompt": PROMPT, "width": 64, "height": 64}
    assert [line.partition(" is left out")[0] for line in details(chunks, "loss")] == [
        "stable_diffusion: output_format", "stable_diffusion: quality", "stable_diffusion: aspect_ratio",
        "stable_diffusion: strength",
    ]  # fmt: skip


@pytest.mark.parametrize(("most", "count", "skips"), [(0, 0, "true"), (1, 1, "false"), (9, 3, "false")])
async def test_as_many_previews_as_are_asked_for(most: int, count: int, skips: str) -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, size="32x32", partial_images=most))
    assert len(previews(chunks)) == count
    assert {request.query["skip_current_image"] for request in sim.requests if request.path == LOOK} == {skips}


async def test_a_picture_is_changed(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(picture(63, 50, "JPEG"))
    async with Simulator() as sim:
        chunks = await read(made(sim, input_image_paths=[tmp_path / "a.jpg"], strength=0.4, edit_mode="edit"))
    body = sent(sim)
    assert b64decode(body.pop("init_images")[0]) == stored(tmp_path / "a.jpg")
    assert body == {"prompt": PROMPT, "denoising_strength": 0.4, "resize_mode": 1, "width": 64, "height": 64}
    assert paths(sim)[1] == CHANGE
    assert len(finals(chunks)) == 1


async def test_the_shape_of_a_changed_picture() -> None:
    async with Simulator() as sim:
        await read(made(sim, input_images=picture(256, 256), aspect_ratio="4:1"))
    assert (sent(sim)["width"], sent(sim)["height"]) == (512, 128)


async def test_a_mask_is_white_where_it_was_transparent(tmp_path: Path) -> None:
    (tmp_path / "mask.png").write_bytes(picture(64, 64, hole=True))
    async with Simulator() as sim:
        await read(made(sim, input_images=picture(64, 64), mask_path=tmp_path / "mask.png", edit_mode="inpaint"))
    mask = opened(sent(sim)["mask"]).convert("L")
    assert [mask.getpixel(place) for place in ((5, 5), (60, 60))] == [255, 0]
    assert (sent(sim)["inpainting_fill"], sent(sim)["inpaint_full_res"]) == (1, False)


async def test_a_mask_of_the_same_shape_is_resized_and_told(tmp_path: Path) -> None:
    (tmp_path / "mask.png").write_bytes(picture(32, 32, hole=True))
    async with Simulator() as sim:
        chunks = await read(made(sim, input_images=picture(64, 64), mask_path=tmp_path / "mask.png"))
    assert opened(sent(sim)["mask"]).size == (64, 64)
    told = "stable_diffusion: the mask is resized from 32x32 to 64x64, the size of its picture"
    assert details(chunks, "loss") == [told]


async def test_a_picture_is_widened() -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, input_images=picture(64, 64), edit_mode="outpaint", aspect_ratio="2:1"))
    body = sent(sim)
    canvas, mask = opened(body["init_images"][0]), opened(body["mask"]).convert("L")
    assert canvas.size == mask.size == (body["width"], body["height"]) == (128, 64)
    assert [mask.getpixel((x, 32)) for x in (5, 64, 120)] == [255, 0, 255]
    assert body["inpainting_fill"] == 0
    assert details(chunks, "loss") == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"size": "100x100"}, "sides are multiples of 8"),
        ({"size": "2K"}, "sides are multiples of 8"),
        ({"n": 101}, "n must be"),
        ({"edit_mode": "inpaint", "input_images": picture()}, "inpaint needs a mask_path"),
        ({"edit_mode": "edit"}, "edit needs input_images"),
        ({"edit_mode": "outpaint", "input_images": picture()}, "give aspect_ratio, or size"),
        ({"edit_mode": "upscale", "input_images": picture()}, "edit_mode is upscale"),
        ({"input_images": [picture(), picture()]}, "at most 1"),
        ({"input_images": {"file_id": "f"}}, "no file ids"),
        ({"input_images": picture(), "mask_mode": "foreground"}, "a server without extensions makes no mask"),
        ({"reference_images": picture()}, "does not know reference_images"),
    ],
)
def test_what_it_cannot_do_is_refused_at_the_call(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        generate_media("a", backend_type="stable_diffusion", base_url="http://127.0.0.1:1", environ={}, **options)


@pytest.mark.parametrize("address", ["{}/", "{}/sdapi/v1", "{}/sdapi/v1/"])
async def test_addresses(address: str) -> None:
    async with Simulator() as sim:
        url = address.format(sim.url("stable_diffusion"))
        assert len(finals(await read(made(sim, base_url=url, size="32x32")))) == 1


async def test_the_token_of_a_proxy() -> None:
    async with Simulator() as sim:
        await read(made(sim, api_key="token", size="32x32"))
        assert {request.headers.get("authorization") for request in sim.requests} == {"(hidden)"}


async def test_a_user_and_a_password() -> None:
    async with Simulator(api_key="bWU6c2VjcmV0") as sim:
        assert len(finals(await read(made(sim, api_key="me:secret", size="32x32")))) == 1
        url = sim.url("stable_diffusion").replace("http://", "http://me:secret@")
        assert len(finals(await read(made(sim, base_url=url, size="32x32")))) == 1
        chunks = await read(made(sim, size="32x32"))
    (error,) = of_type(chunks, "error")
    assert error.error_info["kind"] == "authentication"
    assert "secret" not in repr(chunks)


@pytest.mark.parametrize(
    ("options", "kind", "said"),
    [
        ({"sampler": "Magic"}, "not_found", "Sampler not found"),
        ({"extra_params": {"steps": "many"}}, "invalid_request", "valid integer"),
        ({"size": "4096x64", "max_retries": 0}, "server", "CUDA out of memory"),
    ],
)
async def test_what_the_server_refuses(options: dict[str, Any], kind: str, said: str, tmp_path: Path) -> None:
    if "extra_params" in options:
        options = {"extra_params": {"width": "many"}}
    error, sim = await failed(output_dir=tmp_path, **options)
    assert (error.error_info["kind"], names(tmp_path)) == (kind, [])
    assert said in error.error
    assert paths(sim).count(NEW) == 1


async def test_a_server_that_is_not_there() -> None:
    stream = generate_media(
        "a", backend_type="stable_diffusion", base_url="http://127.0.0.1:1", environ={}, instruments=instruments()
    )
    chunks = await read(stream)
    (error,) = of_type(chunks, "error")
    assert (error.error_info["kind"], len(details(chunks, "retry"))) == ("transport", 2)


async def test_looks_that_fail_do_no_harm() -> None:
    async with Simulator(faults=[None, None, "503", None, "429"]) as sim:
        chunks = await read(made(sim, size="32x32"))
    logs = [one.log for one in of_type(chunks, "media_progress") if one.log]
    assert [log.partition(":")[0] for log in logs] == ["a look at the progress failed"] * 2
    assert len(finals(chunks)) == 1


@pytest.mark.parametrize("fault", ["404", "503", "html", "html;code=502", "json"])
async def test_a_server_without_progress(fault: str) -> None:
    async with Simulator(faults=[fault]) as sim:
        chunks = await read(made(sim, size="32x32"))
    assert (paths(sim), previews(chunks), len(finals(chunks))) == ([LOOK, NEW], [], 1)


async def test_looks_end_after_too_many_failures() -> None:
    async with Simulator(faults=[None, None, *["500"] * 20]) as sim:
        chunks = await read(made(sim, size="32x32", n=3))
    logs = [one.log for one in of_type(chunks, "media_progress") if one.log]
    assert (len(logs), logs[-1].rpartition("; ")[2]) == (6, "nobody looks any more")
    assert len(finals(chunks)) == 3


@pytest.mark.parametrize("fault", ["cut", "html"])
async def test_an_answer_that_cannot_be_used(fault: str, tmp_path: Path) -> None:
    error, _ = await failed(faults=[None, fault], output_dir=tmp_path, max_retries=0)
    assert error.error_info["kind"] in ("protocol", "transport")
    assert names(tmp_path) == []


async def test_a_silent_server() -> None:
    error, _ = await failed(faults=[None, "silence"], read_timeout=0.2, max_retries=0)
    assert error.error_info["kind"] == "timeout"


async def test_a_server_that_stops_working() -> None:
    async with Simulator(faults=[None, "slow;delay=60;size=1000000"]) as sim:
        chunks = await read(made(sim, size="32x32", read_timeout=1, max_retries=0))
    assert of_type(chunks, "error")[0].error_info["kind"] == "timeout"
    assert len(previews(chunks)) == 3


async def test_a_server_may_work_longer_than_it_may_be_silent() -> None:
    looks = 0

    async def sleep(_: float) -> None:
        nonlocal looks
        looks += 1
        await asyncio.sleep(0.4)

    async with Simulator() as sim:
        tools = instruments()._replace(sleep=sleep)
        chunks = await read(made(sim, size="32x32", read_timeout=1.2, instruments=tools, max_retries=0))
    assert (looks * 0.4 > 1.2, len(finals(chunks))) == (True, 1)


async def test_a_script() -> None:
    error, sim = await failed(script=[refuse(500, "RuntimeError: shapes do not match")], max_retries=0)
    assert error.error == "RuntimeError: shapes do not match"
    assert paths(sim).count(NEW) == 1


@pytest.mark.parametrize("leave", ["cancel", "task", "close"])
async def test_leaving_interrupts_the_server(tmp_path: Path, leave: str) -> None:
    async with Simulator([[stall()]]) as sim:
        stream = made(sim, output_path=tmp_path / "a.png")

        async def reader() -> None:
            async with stream:
                async for _ in stream:
                    pass

        task = asyncio.create_task(reader())
        await until(lambda: NEW in paths(sim))
        if leave == "close":
            await stream.aclose()
        _ = stream.cancel() if leave == "cancel" else task.cancel()
        await asyncio.wait([task])
        await until(lambda: sim.connections() == 0)
    assert (paths(sim).count(INTERRUPT), paths(sim)[-1], names(tmp_path)) == (1, INTERRUPT, [])


async def test_a_server_goes_on_with_the_next_one_when_somebody_has_left() -> None:
    async with Simulator() as sim:
        async with made(sim, size="32x32") as stream:
            async for chunk in stream:
                if chunk.type == "media_progress":
                    break
        chunks = await read(made(sim, size="64x64"))
    assert paths(sim).count(INTERRUPT) == 1
    assert {opened(one.media_data).size for one in [*previews(chunks), *finals(chunks)]} == {(64, 64)}


async def test_work_of_others_is_neither_shown_nor_interrupted() -> None:
    gate = asyncio.Event()

    async def sleep(_: float) -> None:
        await gate.wait()

    async with Simulator() as sim:
        other = asyncio.create_task(
            read(made(sim, size="64x64", n=20, instruments=instruments()._replace(sleep=sleep)))
        )
        await until(lambda: paths(sim).count(LOOK) > 1)
        came: list[Any] = []
        async with made(sim, size="32x32") as stream:
            async for chunk in stream:
                came.append(chunk)
                if getattr(chunk, "stage", None) == "queued":
                    break
        gate.set()
        theirs = await other
    assert INTERRUPT not in paths(sim)
    assert [getattr(chunk, "progress_percentage", None) for chunk in came] == [None] * len(came)
    assert [getattr(chunk, "stage", None) for chunk in came][-1] == "queued"
    assert len(finals(theirs)) == 20


async def test_it_waits_for_others_and_then_tells_its_own_progress() -> None:
    async with Simulator() as sim:
        other = asyncio.create_task(read(made(sim, size="64x64", n=20)))
        await until(lambda: paths(sim).count(LOOK) > 2)
        chunks = await read(made(sim, size="32x32"))
        await other
    told = of_type(chunks, "media_progress")
    assert [one.stage for one in told].count("queued") <= 1
    assert told[-1].progress_percentage == 75
    assert {opened(one.media_data).size for one in previews(chunks)} == {(32, 32)}


async def test_the_result_alone(tmp_path: Path) -> None:
    async with Simulator() as sim:
        environ = {"STABLE_DIFFUSION_URL": sim.url("stable_diffusion")}
        result = await collect_media("a", environ=environ, instruments=instruments(), output_dir=tmp_path)
    assert (result.success, result.backend_name, result.model_used) == (True, "stable_diffusion", "simulator")
    assert result.file_size_bytes == len(stored(str(result.output_path)))
