"""Models on Replicate, over HTTP, against the simulator."""

from __future__ import annotations

import asyncio
import io
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from massgen_stream.errors import ConfigurationError, MissingKey
from massgen_stream.generation import collect_media, explain_media, generate_media, resume_media
from massgen_stream.generation.registry import BACKEND_API_KEYS, BACKEND_PRIORITY, DEFAULT_MODELS
from massgen_stream.media import probe
from massgen_stream.simulator import Simulator
from massgen_stream.simulator.forms import form_fields
from massgen_stream.simulator.vendors.replicate import predictions
from massgen_stream.stream_chunk.kinds import MediaType

from ....simulator.polling import until
from ...fakes import PNG, instruments
from ...reading import data, details, finals, names, of_type, read, stored

pytestmark = pytest.mark.anyio
KEY, PROMPT = "r8_0123456789abcdef", "a lighthouse at dusk"
IMAGE, VIDEO, SDXL = "stability-ai/stable-diffusion-3.5-large", "bytedance/seedance-2.0", "stability-ai/sdxl:39ed"
URL = "https://example.org/a.png"


def made(sim: Simulator, **options: Any) -> Any:
    given = {"prompt": PROMPT, "environ": {}, "api_key": KEY, "instruments": instruments(), **options}
    return generate_media(backend_type="replicate", base_url=sim.url("replicate"), **given)


def asked(sim: Simulator) -> Any:
    """Return the one request that began a prediction."""
    (begun,) = (one for one in sim.requests if one.method == "POST" and one.path.endswith("/predictions"))
    return begun


def looks(sim: Simulator) -> int:
    return sum(one.method == "GET" and "/predictions/" in one.path for one in sim.requests)


def picture(width: int = 64, height: int = 48, *, hole: bool = False) -> bytes:
    image, out = Image.new("RGBA", (width, height), "red"), io.BytesIO()
    if hole:
        image.paste((0, 0, 0, 0), (0, 0, width // 2, height))
    image.save(out, "PNG")
    return out.getvalue()


def opened(url: str) -> Image.Image:
    return Image.open(io.BytesIO(b64decode(url.partition(",")[2])))


async def failed(faults: Any = None, **options: Any) -> tuple[Any, Simulator]:
    """Return the error that a stream ends with; no medium is whole, and nothing stays open."""
    async with Simulator(faults=faults) as sim:
        chunks = await read(made(sim, **options))
        await until(lambda: sim.connections() == 0)
    (error,) = of_type(chunks, "error")
    assert finals(chunks) == []
    assert KEY not in repr(chunks)
    assert error.error_info["provider"] == "replicate"
    return error, sim


def test_it_is_registered() -> None:
    assert BACKEND_API_KEYS["replicate"] == ("REPLICATE_API_TOKEN",)
    assert DEFAULT_MODELS["replicate"] == {MediaType.IMAGE: IMAGE, MediaType.VIDEO: VIDEO}
    environ = {"REPLICATE_API_TOKEN": "k"}
    assert f"replicate: chosen, with {IMAGE}" in explain_media(environ=environ)
    assert f"replicate: chosen, with {VIDEO}" in explain_media(mode="video", environ=environ)
    several = {**environ, "OPENAI_API_KEY": "k"}
    assert f"replicate (Replicate, {IMAGE}): able, but comes later" in explain_media(environ=several)
    named = explain_media(environ=several, model="black-forest-labs/flux-schnell")
    assert "replicate: chosen, with black-forest-labs/flux-schnell" in named
    assert BACKEND_PRIORITY[MediaType.IMAGE].index("stable_diffusion") < BACKEND_PRIORITY[MediaType.IMAGE].index(
        "replicate"
    )
    with pytest.raises(MissingKey, match="set REPLICATE_API_TOKEN"):
        generate_media("a", backend_type="replicate", environ={})


async def test_a_picture_with_the_percentage_of_the_logs(tmp_path: Path) -> None:
    async with Simulator(api_key=KEY) as sim:
        chunks = await read(made(sim, aspect_ratio="16:9", output_path=tmp_path / "a.png"))
        await until(lambda: sim.connections() == 0)
    assert (asked(sim).path, asked(sim).json) == (
        f"/replicate/v1/models/{IMAGE}/predictions", {"input": {"prompt": PROMPT, "aspect_ratio": "16:9"}}
    )  # fmt: skip
    assert "version" not in asked(sim).json
    (final,) = finals(chunks)
    running = [one for one in of_type(chunks, "media_progress") if one.stage == "running"]
    assert [one.progress_percentage for one in running] == [25, 50, 75]
    assert [one.log for one in of_type(chunks, "media_progress") if one.log] == ["Using seed: 5"]
    assert data(chunks) == stored(tmp_path / "a.png")
    assert (final.media_metadata.width, final.media_metadata.height) == (96, 54)
    assert (final.model, looks(sim), chunks[-1].finish_reason) == (IMAGE, 5, "stop")
    (response,) = of_type(chunks, "complete_response")
    assert (response.response["metrics"], "input" in response.response) == ({"predict_time": 2.5}, False)


async def test_the_job_is_told_and_can_be_taken_up_again(tmp_path: Path) -> None:
    async with Simulator() as sim:
        async with made(sim) as stream:
            async for chunk in stream:
                if getattr(chunk, "job", None) is not None:
                    handle: Any = chunk.job
                    predictions_before = looks(sim)
                    break
        (prediction,) = [one.json for one in sim.requests if one.path.endswith("/cancel")] or [None]
        assert prediction is None
        assert handle["provider"] == "replicate"
        assert handle["urls"]["get"].endswith(handle["id"])
        assert predictions_before == 0
        assert [one.path.rpartition("/")[2] for one in sim.requests][-1] == "cancel"


async def test_a_job_goes_on_where_it_is(tmp_path: Path) -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim))
        handle = of_type(chunks, "media_progress")[0].job
        again = resume_media(
            handle, output_path=tmp_path / "b.png", api_key=KEY, base_url=sim.url("replicate"), environ={},
            instruments=instruments(),
        )  # fmt: skip
        more = await read(again)
    assert asked(sim)
    assert data(more) == data(chunks) == stored(tmp_path / "b.png")


async def test_several_pictures_by_a_version(tmp_path: Path) -> None:
    async with Simulator() as sim:
        chunks = await read(
            made(sim, model=SDXL, n=3, size="64x32", seed=7, steps=5, sampler="DDIM", output_dir=tmp_path)
        )
    assert asked(sim).path == "/replicate/v1/predictions"
    assert asked(sim).json == {
        "version": "39ed",
        "input": {
            "prompt": PROMPT, "width": 64, "height": 32, "num_outputs": 3, "seed": 7, "num_inference_steps": 5,
            "scheduler": "DDIM",
        },
    }  # fmt: skip
    assert len({one.media_id for one in finals(chunks)}) == len(names(tmp_path)) == 3


async def test_models_that_make_one_at_a_time_are_asked_several_times(tmp_path: Path) -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, n=2, output_dir=tmp_path))
    begun = [one for one in sim.requests if one.path.endswith("/predictions")]
    assert (len(begun), len(finals(chunks)), len(names(tmp_path))) == (2, 2, 2)


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        ({"guidance_scale": 3.5, "steps": 20, "seed": 0}, {"cfg": 3.5, "steps": 20, "seed": 0}),
        (
            {"output_format": "jpeg", "output_compression": 80},
            {"output_format": "jpg", "output_quality": 80},
        ),
        ({"model": f"{IMAGE}-turbo", "negative_prompt": "fog"}, {"negative_prompt": "fog"}),
        ({"input_images": URL, "strength": 0.5}, {"image": URL, "prompt_strength": 0.5}),
        ({"extra_params": {"magic": True}}, {"magic": True}),
    ],
)
async def test_parameters(options: dict[str, Any], sent: dict[str, Any]) -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, **options))
    assert asked(sim).json["input"] == {"prompt": PROMPT, **sent}
    assert details(chunks, "loss") == details(chunks, "info") == []
    assert len(finals(chunks)) == 1


async def test_what_the_model_has_no_input_for_is_told() -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, negative_prompt="fog", size="64x64", voice="x"))
    assert asked(sim).json["input"] == {"prompt": PROMPT}
    assert details(chunks, "loss") == [
        f"replicate: {name} is left out, since {who} has no such option"
        for name, who in (("negative_prompt", IMAGE), ("size", IMAGE), ("voice", "it"))
    ]


async def test_models_that_are_not_known_get_the_usual_names() -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, model="somebody/new-model", size="64x64", input_images=PNG, output_format="png"))
    given = asked(sim).json["input"]
    assert given.pop("image").startswith("data:image/png;base64,iVBOR")
    assert given == {"prompt": PROMPT, "width": 64, "height": 64, "output_format": "png"}
    assert details(chunks, "info") == [
        "replicate: the inputs of somebody/new-model are not known here; they go under the usual names"
    ]


async def test_a_video(tmp_path: Path) -> None:
    async with Simulator() as sim:
        options = {"duration": 3, "aspect_ratio": "16:9", "size": "480p", "generate_audio": False, "seed": 1}
        media = {"input_images": URL, "last_frame": URL}
        chunks = await read(made(sim, mode="video", **options, **media, output_path=tmp_path / "a.mp4"))
    assert asked(sim).json["input"] == {
        "prompt": PROMPT, "duration": 3, "aspect_ratio": "16:9", "resolution": "480p", "generate_audio": False,
        "seed": 1, "image": URL, "last_frame_image": URL,
    }  # fmt: skip
    assert data(chunks) == stored(tmp_path / "a.mp4")
    assert (await probe(tmp_path / "a.mp4")).metadata.duration_seconds == 3


async def test_references_of_a_video() -> None:
    async with Simulator() as sim:
        await read(made(sim, mode="video", reference_images=[URL, PNG], input_videos="https://example.org/a.mp4"))
    given = asked(sim).json["input"]
    assert given["reference_images"][0] == URL
    assert given["reference_images"][1].startswith("data:image/png;base64,")
    assert given["reference_videos"] == ["https://example.org/a.mp4"]


async def test_a_mask_is_white_where_it_was_transparent(tmp_path: Path) -> None:
    (tmp_path / "mask.png").write_bytes(picture(hole=True))
    async with Simulator() as sim:
        options = {"input_images": picture(), "mask_path": tmp_path / "mask.png", "edit_mode": "inpaint"}
        await read(made(sim, model=SDXL, **options))
    mask = opened(asked(sim).json["input"]["mask"]).convert("L")
    assert [mask.getpixel(place) for place in ((5, 5), (60, 40))] == [255, 0]


async def test_a_mask_is_looked_at_before_anything_is_sent(tmp_path: Path) -> None:
    mask, given = tmp_path / "mask.png", {"model": SDXL, "input_images": picture(128, 64), "edit_mode": "inpaint"}
    async with Simulator() as sim:
        mask.write_bytes(picture(64, 32, hole=True))
        chunks = await read(made(sim, **given, mask_path=mask))
        assert opened(asked(sim).json["input"]["mask"]).size == (128, 64)
        before = len(sim.requests)
        mask.write_bytes(picture(64, 64, hole=True))
        (error,) = of_type(await read(made(sim, **given, mask_path=mask)), "error")
        assert len(sim.requests) == before
    assert details(chunks, "loss") == ["replicate: the mask is resized from 64x32 to 128x64, the size of its picture"]
    assert error.error == "the mask is 64x64, its picture 128x64; make them the same size"


async def test_a_picture_is_widened() -> None:
    async with Simulator() as sim:
        chunks = await read(
            made(sim, model=SDXL, input_images=picture(64, 64), edit_mode="outpaint", aspect_ratio="2:1")
        )
    given = asked(sim).json["input"]
    assert opened(given["image"]).size == opened(given["mask"]).size == (128, 64)
    assert details(chunks, "loss") == []


async def test_large_files_are_uploaded(tmp_path: Path) -> None:
    noise = Image.effect_noise((1000, 1000), 90)
    noise.save(tmp_path / "a.png")
    async with Simulator(api_key=KEY) as sim:
        await read(made(sim, input_images=tmp_path / "a.png"))
    upload = sim.requests[0]
    (field,) = form_fields(upload.headers["content-type"], upload.body)
    assert (upload.path, field.name, field.data) == ("/replicate/v1/files", "content", stored(tmp_path / "a.png"))
    assert asked(sim).json["input"]["image"].startswith(f"http://{upload.headers['host']}/replicate/v1/files/")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"model": "flux"}, "it takes owner/name, or owner/name:version"),
        ({"model": "../predictions"}, "it takes owner/name, or owner/name:version"),
        ({"model": "flux/.."}, "it takes owner/name, or owner/name:version"),
        ({"model": "./flux:1"}, "it takes owner/name, or owner/name:version"),
        ({"input_images": PNG, "mask_path": "m.png"}, f"{IMAGE} does not know mask_path"),
        ({"negative_prompt": "fog", "policy": "strict"}, f"{IMAGE} does not know negative_prompt"),
        ({"input_images": PNG, "edit_mode": "outpaint", "aspect_ratio": "2:1"}, "no input for a mask"),
        ({"input_images": PNG, "model": "stability-ai/stable-diffusion-3"}, "does not know input_images"),
        ({"edit_mode": "edit"}, "needs input_images"),
        ({"size": "2K"}, "it takes pixels such as"),
        ({"mode": "video", "duration": 2.5}, "whole seconds"),
        ({"mode": "video", "model": "minimax/video-01", "last_frame": URL}, "does not know last_frame"),
        ({"input_images": {"file_id": "f"}}, "no file ids"),
        ({"mode": "audio"}, "replicate makes no audio"),
    ],
)
def test_what_it_cannot_do_is_refused_at_the_call(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        generate_media("a", **{"mode": "image", **options}, backend_type="replicate", api_key=KEY, environ={})


@pytest.mark.parametrize(
    ("code", "kind", "said"),
    [
        ("server_error", "unknown", "The simulator was asked to fail"),
        ("nsfw", "content_filter", "NSFW content detected"),
        ("canceled", "cancelled", "was canceled"),
        ("aborted", "timeout", "took too long to begin"),
    ],
)
async def test_predictions_that_fail(code: str, kind: str, said: str, tmp_path: Path) -> None:
    error, sim = await failed(model=f"simulator/fault:error;code={code}", output_dir=tmp_path)
    assert error.error_info["kind"] == kind
    assert said in error.error
    assert (asked(sim).path, names(tmp_path)) == ("/replicate/v1/predictions", [])


@pytest.mark.parametrize(
    ("fault", "kind"), [("401", "authentication"), ("402", "quota"), ("404", "not_found"), ("422", "invalid_request")]
)
async def test_a_start_that_is_refused(fault: str, kind: str) -> None:
    error, sim = await failed([fault])
    assert (error.error_info["kind"], error.error_info["status"]) == (kind, int(fault))
    assert asked(sim)


async def test_a_start_that_is_tried_again() -> None:
    async with Simulator(faults=["429;retry_after=0", "503"]) as sim:
        chunks = await read(made(sim))
    assert (len(finals(chunks)), len(details(chunks, "retry"))) == (1, 2)


async def test_looks_that_fail_are_repeated_and_the_job_is_paid_once() -> None:
    async with Simulator(faults=[None, "503", "cut;how=reset", None, "429"]) as sim:
        chunks = await read(made(sim))
    assert asked(sim)
    assert len(finals(chunks)) == 1
    logs = [one.log for one in of_type(chunks, "media_progress") if one.log and one.log.startswith("a look")]
    assert len(logs) == 3


async def test_a_look_that_is_refused_is_not_repeated() -> None:
    error, sim = await failed([None, "404"])
    assert (error.error_info["kind"], looks(sim)) == ("not_found", 1)


async def test_a_look_that_cannot_be_read() -> None:
    error, sim = await failed([None, *["html"] * 9])
    assert (error.error_info["kind"], looks(sim)) == ("protocol", 7)


async def test_what_was_told_before_a_look_that_cannot_be_read_is_not_told_twice() -> None:
    async with Simulator(faults=[*[None] * 4, "html"]) as sim:
        chunks = await read(made(sim))
    assert (len(finals(chunks)), chunks[-1].finish_reason, len(of_type(chunks, "error"))) == (1, "stop", 0)


async def test_a_download_that_fails_leaves_no_file(tmp_path: Path) -> None:
    error, _ = await failed([*[None] * 6, "404"], output_path=tmp_path / "a.png")
    assert (error.error_info["kind"], names(tmp_path)) == ("not_found", [])


async def test_addresses_of_other_hosts_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    document = predictions.Predictions._document

    def elsewhere(*given: Any) -> Any:
        return {**document(*given), "urls": {"get": "http://192.0.2.1/steal", "cancel": "http://192.0.2.1/steal"}}

    monkeypatch.setattr(predictions.Predictions, "_document", elsewhere)
    async with Simulator() as sim:
        assert len(finals(await read(made(sim)))) == 1
    assert looks(sim) == 5


async def test_a_prediction_that_is_done_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(predictions, "_status", lambda _: "succeeded")
    document = predictions.Predictions._document

    def at_once(own: Any, name: str, job: Any, _: str) -> Any:
        return document(own, name, job, "succeeded")

    monkeypatch.setattr(predictions.Predictions, "_document", at_once)
    async with Simulator() as sim:
        chunks = await read(made(sim))
    assert (looks(sim), len(finals(chunks))) == (0, 1)


async def test_words_come_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(predictions.Predictions, "_output", lambda *_: ["A light", "house.", "http://127.0.0.1/x"][:2])
    async with Simulator() as sim:
        chunks = await read(made(sim))
    assert [one.content for one in of_type(chunks, "content")] == ["A lighthouse."]
    assert chunks[-1].finish_reason == "error"


@pytest.mark.parametrize("leave", ["cancel", "task", "close"])
async def test_leaving_cancels_the_prediction(tmp_path: Path, leave: str) -> None:
    waiting = asyncio.Event()

    async def sleep(_: float) -> None:
        waiting.set()
        await asyncio.Event().wait()

    async with Simulator() as sim:
        stream = made(sim, instruments=instruments()._replace(sleep=sleep), output_path=tmp_path / "a.png")

        async def reader() -> None:
            async with stream:
                async for _ in stream:
                    pass

        task = asyncio.create_task(reader())
        await asyncio.wait_for(waiting.wait(), 5)
        if leave == "close":
            await stream.aclose()
        _ = stream.cancel() if leave == "cancel" else task.cancel()
        await asyncio.wait([task])
        await until(lambda: sim.connections() == 0)
    assert [one.path.rpartition("/")[2] for one in sim.requests].count("cancel") == 1
    assert names(tmp_path) == []


async def test_the_result_alone(tmp_path: Path) -> None:
    async with Simulator() as sim:
        given = {"api_key": KEY, "base_url": sim.url("replicate"), "instruments": instruments(), "output_dir": tmp_path}
        result = await collect_media("a", backend_type="replicate", **given)
    assert (result.success, result.backend_name, result.model_used) == (True, "replicate", IMAGE)
    assert result.file_size_bytes == len(stored(str(result.output_path)))
