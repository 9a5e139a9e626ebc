"""Videos and images of ElevenLabs' flows, against the simulator: begun, looked at, downloaded."""

from __future__ import annotations

from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from elevenlabs import types as sdk_types
from elevenlabs.types.image_generation_request import ImageGenerationRequest
from elevenlabs.types.image_generation_request import ImageGenerationRequest_GptImage25Sunburst as ImageRequest
from elevenlabs.types.video_generation_request import VideoGenerationRequest

from massgen_stream.errors import ConfigurationError
from massgen_stream.generation import collect_media, explain_media, generate_media, resume_media
from massgen_stream.generation.registry import BACKEND_PRIORITY, DEFAULT_MODELS
from massgen_stream.generation.vendors.elevenlabs.flow_models import VIDEO_MODELS
from massgen_stream.generation.vendors.elevenlabs.flow_pictures import PICTURE_MODELS
from massgen_stream.media.probing import probe
from massgen_stream.simulator import Simulator
from massgen_stream.stream_chunk.kinds import MediaType

from ....media.files import audio_file, mask, picture
from ...elevenlabs import KEY, left, made, sdk
from ...fakes import PNG, instruments
from ...reading import data, details, finals, names, of_type, read, stored

pytestmark = pytest.mark.anyio
MODEL = "veo-3.1-generate-001"
SEEDANCE, AURORA = "bytedance-seedance-v2", "creatify-aurora"
WAV = audio_file("wav", 0.1)


def inline(data: bytes, mime_type: str = "image/png") -> dict[str, str]:
    return {"type": "inline_base64", "content_base64": b64encode(data).decode(), "mime_type": mime_type}


PICTURE, SOUND, MASK = inline(PNG), inline(WAV, "audio/wav"), mask()
ASSET = {"type": "asset", "asset_id": "asset-1"}
FILE = {"file_id": "asset-1"}


def video(sim: Simulator, **options: Any) -> Any:
    return made(sim, **{"mode": "video", "prompt": "a lighthouse", **options})


def paths(sim: Simulator) -> list[str]:
    return [request.path for request in sim.requests]


def test_it_is_registered() -> None:
    assert DEFAULT_MODELS["elevenlabs"][MediaType.VIDEO] == MODEL
    order = BACKEND_PRIORITY[MediaType.VIDEO]
    assert max(map(order.index, ("grok", "openrouter"))) < order.index("elevenlabs") < order.index("local")
    keys = {"ELEVENLABS_API_KEY": "k"}
    assert f"elevenlabs: chosen, with {MODEL}" in explain_media(mode="video", environ=keys)
    several = explain_media(mode="video", environ={**keys, "XAI_API_KEY": "k"})
    assert any(line.startswith("grok: chosen") for line in several)
    assert "elevenlabs" not in BACKEND_PRIORITY[MediaType.IMAGE]
    lines = explain_media(mode="image", environ=keys, model="bytedance-seedream-5-pro")
    assert "elevenlabs: chosen, with bytedance-seedream-5-pro" in lines


def test_the_models_are_those_of_the_sdk() -> None:
    known = {
        one.model_fields["model_id"].default: one
        for one in VideoGenerationRequest.__args__[0].__args__  # type: ignore[attr-defined]
    }
    assert set(VIDEO_MODELS) == set(known)
    names_of = {"reference_images": "images", "last_frame": "end_frame", "duration": "duration_secs"}
    names_of |= {"input_videos": "videos", "input_audios": "audios"}
    for model, facts in VIDEO_MODELS.items():
        fields = set(known[model].model_fields) | {"style_image_path"}
        taken = {names_of.get(name, name) for name in facts.takes}
        assert (taken - {"audios"} if facts.is_lipsync else taken) <= fields, model
        assert not ({"seed", "negative_prompt"} - facts.takes) & fields, model
    assert sdk_types.VeoImageReference.model_fields.keys() == {"image", "role"}


def sdk_images() -> dict[str, Any]:
    """Return the SDK's types of requests for images, by model."""
    kinds = ImageGenerationRequest.__args__[0].__args__  # type: ignore[attr-defined]
    return {one.model_fields["model_id"].default: one for one in kinds}


def test_the_models_of_images_are_those_of_the_sdk() -> None:
    fields = {"size": "resolution", "mask_path": "mask"}
    known, usual = sdk_images(), {"model_id", "webhook", "prompt", "images", "aspect_ratio"}
    assert set(PICTURE_MODELS) == set(known)
    for model, facts in PICTURE_MODELS.items():
        assert {fields.get(name, name) for name in facts.known} == set(known[model].model_fields) - usual, model
        hints = get_type_hints(known[model])
        for field, values in (
            ("aspect_ratio", facts.aspect_ratios), ("resolution", facts.sizes), ("quality", facts.qualities),
        ):  # fmt: skip
            stated = [one for part in get_args(hints.get(field)) for one in get_args(part) or (part,)]
            assert {one for one in stated if isinstance(one, str)} == set(values), (model, field)


@pytest.mark.parametrize("model", PICTURE_MODELS)
async def test_each_model_of_images_gets_the_fields_that_it_has(model: str, tmp_path: Path) -> None:
    place = tmp_path / "mask.png"
    place.write_bytes(MASK)
    facts = PICTURE_MODELS[model]
    given: dict[str, Any] = {"aspect_ratio": "1:1", "background": "opaque", "seed": 7, "input_images": picture()}
    given |= {"size": facts.sizes[-1] if facts.sizes else "1K", "quality": "low"}
    given |= {"mask_path": place} if "mask_path" in facts.takes else {}
    lines = explain_media("a", "image", environ={"ELEVENLABS_API_KEY": "k"}, model=model)
    assert f"elevenlabs: chosen, with {model}" in lines
    async with Simulator() as sim:
        chunks = await read(made(sim, mode="image", prompt="a", model=model, **given))
        sent = {name: value for name, value in sim.requests[0].json.items() if value is not None}
    assert sdk_images()[model](**sent).model_extra == {}
    lost = {line.split()[1] for line in details(chunks, "loss")}
    assert lost == {"background", "seed", "size", "quality"} - facts.known
    assert len(finals(chunks)) == 1


async def test_a_video(tmp_path: Path) -> None:
    async with Simulator(api_key=KEY) as sim:
        chunks = await read(video(sim, duration=4, aspect_ratio="9:16", output_path=tmp_path / "a.mp4"))
    assert data(chunks) == stored(tmp_path / "a.mp4")
    seen = (await probe(tmp_path / "a.mp4")).metadata
    assert (seen.mime_type, seen.width, seen.height, seen.duration_seconds) == ("video/mp4", 144, 256, 4.0)
    (final,) = finals(chunks)
    assert (final.path, final.media_metadata.duration_seconds) == (str(tmp_path / "a.mp4"), 4.0)
    progress = of_type(chunks, "media_progress")
    assert [one.stage for one in progress[:3]] == ["queued", "running", "downloading"]
    assert progress[-1].progress_percentage == 100
    assert paths(sim)[0] == "/v1/flows/video"
    assert paths(sim)[1:6] == [f"/v1/flows/video/{progress[0].job['id']}"] * 5


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        (
            {"duration": 8, "size": "4k", "aspect_ratio": "16:9", "negative_prompt": "fog", "seed": 0},
            {"duration_secs": 8, "resolution": "4K", "aspect_ratio": "16:9", "negative_prompt": "fog", "seed": 0},
        ),
        (
            {"input_images": PNG, "last_frame": FILE, "generate_audio": False},
            {"start_frame": PICTURE, "end_frame": ASSET, "generate_audio": False},
        ),
        (
            {"reference_images": [PNG, FILE], "duration": 8},
            {
                "images": [{"image": PICTURE, "role": "subject"}, {"image": ASSET, "role": "subject"}],
                "duration_secs": 8,
            },
        ),
        (
            {"model": SEEDANCE, "size": "4K", "reference_images": PNG, "input_videos": FILE, "input_audios": WAV},
            {"resolution": "4k", "images": [PICTURE], "videos": [ASSET], "audios": [SOUND]},
        ),
        (
            {"model": AURORA, "prompt": "", "input_images": PNG, "input_audios": WAV, "guidance_scale": 2.5},
            {"prompt": None, "image": PICTURE, "audio": SOUND, "guidance_scale": 2.5},
        ),
        ({"extra_params": {"enhance_prompt": True}}, {"enhance_prompt": True}),
    ],
)
async def test_parameters(options: dict[str, Any], sent: dict[str, Any]) -> None:
    async with Simulator() as sim, sdk(sim) as client:
        chunks = await read(video(sim, **options))
        body = {"model_id": options.get("model", MODEL), "prompt": "a lighthouse", **sent}
        body = {name: value for name, value in body.items() if value is not None}
        assert sim.requests[0].json == body
        request: Any = _typed(body)
        await client.flows.video.create(request=request)
        assert sim.requests[-1].json == body
    assert details(chunks, "loss") == []
    assert len(finals(chunks)) == 1


def _typed(body: dict[str, Any]) -> Any:
    """Return the SDK's own request for *body*."""
    kinds = VideoGenerationRequest.__args__[0].__args__  # type: ignore[attr-defined]
    kind = next(one for one in kinds if one.model_fields["model_id"].default == body["model_id"])
    found = kind(**body)
    assert found.model_extra == {}
    return found


async def test_a_style_goes_to_veo(tmp_path: Path) -> None:
    (tmp_path / "style.png").write_bytes(PNG)
    async with Simulator() as sim:
        await read(video(sim, style_image_path=tmp_path / "style.png"))
        assert sim.requests[0].json["images"] == [{"image": PICTURE, "role": "style"}]


async def test_what_a_model_does_not_know_is_told() -> None:
    async with Simulator() as sim:
        options: dict[str, Any] = {"model": "bytedance-seedance-v2.5", "seed": 1, "negative_prompt": "fog"}
        chunks = await read(video(sim, **options))
        assert sim.requests[0].json == {"model_id": "bytedance-seedance-v2.5", "prompt": "a lighthouse"}
    assert [line.split()[1] for line in details(chunks, "loss")] == ["negative_prompt", "seed"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"duration": 5}, f"duration is 5 s; {MODEL} makes 4, 6, 8 s"),
        ({"duration": 4.5, "model": SEEDANCE}, "duration is 4.5 s; it takes whole seconds"),
        ({"duration": 4.5, "model": "veo-9"}, "duration is 4.5 s; it takes whole seconds"),
        ({"aspect_ratio": "1:1"}, f"aspect_ratio is 1:1; {MODEL} takes 16:9, 9:16"),
        ({"size": "480p"}, f"size is 480p; {MODEL} takes 720p, 1080p, 4K"),
        ({"input_videos": b"x"}, f"{MODEL} does not know input_videos"),
        ({"reference_images": [PNG] * 4}, f"4 reference_images; {MODEL} takes at most 3"),
        ({"reference_images": PNG, "input_images": PNG}, "not both"),
        ({"reference_images": PNG, "duration": 4}, "with references"),
        ({"last_frame": PNG}, "last_frame needs a first frame"),
        ({"input_images": [PNG, PNG]}, "2 input images; it takes at most 1"),
        ({"input_audios": WAV, "model": SEEDANCE}, "input_audios need reference_images or input_videos"),
        ({"model": AURORA, "input_images": PNG}, "it moves the lips of one image by one sound"),
        ({"prompt": "", "reference_images": PNG}, "it needs a prompt"),
        ({"continue_from": "grok_vid_1"}, "it is of its making, but elevenlabs is asked for"),
        ({"mode": "image", "size": "1024x1024"}, "gpt-image-2.5-sunburst takes 1K, 2K, 4K"),
        ({"mode": "image", "quality": "best"}, "gpt-image-2.5-sunburst takes low, medium, high, xhigh, max"),
        ({"mode": "image", "aspect_ratio": "9:20", "model": "gpt-image-1"}, "gpt-image-1 takes 1:1, 3:2, 2:3"),
        (
            {"mode": "image", "model": "gemini-3-pro-image", "input_images": PNG, "mask_path": "m.png"},
            "gemini-3-pro-image does not know mask_path",
        ),
    ],
)
def test_what_cannot_be_is_refused_at_the_call(options: dict[str, Any], said: str) -> None:
    given: dict[str, Any] = {"prompt": "a", "mode": "video", "backend_type": "elevenlabs", "api_key": "k", **options}
    with pytest.raises(ConfigurationError) as refused:
        generate_media(environ={}, **given)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("reason", "kind"),
    [("moderated", "content_filter"), ("timeout", "timeout"), ("charging_failed", "quota"), ("model_error", "server")],
)
async def test_a_job_that_fails(tmp_path: Path, reason: str, kind: str) -> None:
    async with Simulator() as sim:
        model = f"simulator/fault:error;code={reason};message=No."
        chunks = await read(video(sim, model=model, output_dir=tmp_path))
    (error,) = of_type(chunks, "error")
    assert (error.error, error.error_info["kind"], error.error_info["code"]) == ("No.", kind, reason)
    assert (paths(sim).count("/v1/flows/video"), names(tmp_path), finals(chunks)) == (1, [], [])


@pytest.mark.parametrize(
    ("faults", "status"),
    [(["422"], 422), (["401"], 401), ([None, "404"], 404), ([None, *["500"] * 7], 500)],
)
async def test_what_the_host_refuses(tmp_path: Path, faults: list[str | None], status: int) -> None:
    async with Simulator(faults=faults) as sim:
        chunks = await read(video(sim, output_dir=tmp_path, max_retries=0))
    (error,) = of_type(chunks, "error")
    assert error.error_info["status"] == status
    assert (finals(chunks), names(tmp_path), KEY in repr(chunks)) == ([], [], False)


async def test_looks_that_fail_are_taken_again_and_the_pause_is_the_servers() -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    told = instruments()
    async with Simulator(faults=[None, "429;retry_after=7", "500"]) as sim:
        stream = video(sim, instruments=type(told)(sleep=sleep, jitter=told.jitter, new_id=told.new_id))
        chunks = await read(stream)
    assert waits[:4] == [7, 6, 1, 1]  # what the server said; ours, twice as long the second time; its usual hint
    assert len(finals(chunks)) == 1


async def test_a_download_that_fails_leaves_no_file(tmp_path: Path) -> None:
    async with Simulator(faults=[*[None] * 6, "404", "404", "404"]) as sim:
        chunks = await read(video(sim, output_path=tmp_path / "a.mp4", max_retries=0))
    assert of_type(chunks, "error")
    assert (names(tmp_path), finals(chunks)) == ([], [])


async def test_a_job_is_found_again(tmp_path: Path) -> None:
    async with Simulator() as sim:
        async with video(sim) as stream:
            async for chunk in stream:
                if chunk.type == "media_progress" and chunk.job:
                    handle = chunk.job
                    break
        place: dict[str, Any] = {
            "api_key": KEY,
            "base_url": sim.url("elevenlabs"),
            "environ": {},
            "instruments": instruments(),
        }
        chunks = await read(resume_media(handle, output_path=tmp_path / "a.mp4", **place))
        assert paths(sim).count("/v1/flows/video") == 1
    assert data(chunks) == stored(tmp_path / "a.mp4")


@pytest.mark.parametrize("leave", ["cancel", "break", "task"])
async def test_leaving_leaves_nothing(tmp_path: Path, leave: str) -> None:
    async with Simulator(faults=[None, "silence"]) as sim:
        await left(sim, video(sim, output_path=tmp_path / "a.mp4"), leave, "media_progress", tmp_path)


async def test_an_image(tmp_path: Path) -> None:
    (tmp_path / "mask.png").write_bytes(MASK)
    options: dict[str, Any] = {"input_images": picture(), "mask_path": tmp_path / "mask.png", "quality": "xhigh"}
    async with Simulator() as sim:
        options |= {"aspect_ratio": "1:1", "size": "2K", "extra_params": {"webhook": None}}
        chunks = await read(made(sim, mode="image", prompt="a lamp", output_path=tmp_path / "a.png", **options))
        sent = sim.requests[0]
    assert sent.path == "/v1/flows/image"
    body: dict[str, Any] = {"model_id": "gpt-image-2.5-sunburst", "prompt": "a lamp"}
    body |= {"images": [inline(picture())], "mask": inline(MASK)}
    body |= {"quality": "xhigh", "aspect_ratio": "1:1", "resolution": "2K"}
    assert {name: value for name, value in sent.json.items() if value is not None} == body
    assert ImageRequest(**body).model_extra == {}
    assert finals(chunks)[0].media_metadata.width == 144
    assert stored(tmp_path / "a.png") == data(chunks)


async def test_a_mask_is_looked_at_before_anything_is_sent(tmp_path: Path) -> None:
    place = tmp_path / "mask.png"
    (tmp_path / "mask.webp").write_bytes(mask(128, 96, "WEBP"))
    async with Simulator() as sim:
        given: dict[str, Any] = {"mode": "image", "prompt": "a", "input_images": picture()}
        chunks = await read(made(sim, **given, mask_path=tmp_path / "mask.webp"))
        assert (await probe(b64decode(sim.requests[0].json["mask"]["content_base64"]))).metadata.width == 64
        before = len(sim.requests)
        place.write_bytes(picture())
        (error,) = of_type(await read(made(sim, **given, mask_path=place)), "error")
        assert len(sim.requests) == before
        place.write_bytes(MASK)
        given["input_images"] = {"file_id": "asset_1"}  # nobody here knows its size
        await read(made(sim, **given, mask_path=place))
        assert sim.requests[before].json["mask"] == inline(MASK)
    assert details(chunks, "loss") == ["elevenlabs: the mask is resized from 128x96 to 64x48, the size of its picture"]
    assert error.error.startswith("the mask has no alpha channel, and black and white are not read as one; save it as")


async def test_a_result_without_its_address_is_no_result() -> None:
    result = await collect_media(
        "a", "video", backend_type="elevenlabs", api_key=KEY, base_url="http://127.0.0.1:9", environ={}, max_retries=0
    )
    assert (result.success, "cannot reach 127.0.0.1:9" in (result.error or "")) == (False, True)
