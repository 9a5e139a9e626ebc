"""Veo's videos, through Google's SDK and Google Cloud, against the simulator."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from google.genai import types

from massgen_stream.backend.account import Account
from massgen_stream.backend.google_sdk import GoogleAccess
from massgen_stream.errors import ConfigurationError
from massgen_stream.generation import GenerationConfig, Order, explain_media, generate_media, resume_media
from massgen_stream.generation.continuations import Continuations
from massgen_stream.generation.vendors.google.jobs import door_of, where
from massgen_stream.media.probing import probe
from massgen_stream.simulator import Simulator
from massgen_stream.simulator.answers.film import mp4
from massgen_stream.stream_chunk.kinds import MediaType

from ....simulator.polling import until
from ...fakes import PNG, instruments
from ...google_media import KEY, WORDS, Token, left, made, refused
from ...reading import data, details, finals, names, of_type, read, stored

pytestmark = pytest.mark.anyio
MODEL = "veo-3.1-generate-001"
EXPRESS = "/v1beta1/publishers/google/models"
START, LOOK = ":predictLongRunning", ":fetchPredictOperation"
FILM = mp4(32, 32, 1)
IMAGE = {"bytesBase64Encoded": b64encode(PNG).decode(), "mimeType": "image/png"}
VIDEO = {"bytesBase64Encoded": b64encode(FILM).decode(), "mimeType": "video/mp4"}


def filmed(sim: Simulator, **options: Any) -> Any:
    return made(sim, "video", **{"model": MODEL, **options})


def methods(sim: Simulator) -> list[str]:
    return [":" + request.path.rpartition(":")[2] for request in sim.requests]


def begun(sim: Simulator) -> Any:
    """Return the body of the latest request that began a video."""
    return [request.json for request in sim.requests if request.path.endswith(START)][-1]


def test_it_is_registered() -> None:
    environ = {"GOOGLE_CLOUD_PROJECT": "p"}
    assert f"google: chosen, with {MODEL}" in explain_media("a", "video", environ=environ, model=MODEL)
    express = {"GOOGLE_GENAI_USE_ENTERPRISE": "true", "GOOGLE_API_KEY": "k"}
    assert f"google: chosen, with {MODEL}" in explain_media("a", "video", environ=express, model=MODEL)
    assert f"google (Google Veo, {MODEL}): no key; set GOOGLE_CLOUD_PROJECT" in explain_media(
        "a", "video", environ={"GEMINI_API_KEY": "k"}, model=MODEL
    )
    both = explain_media("a", "video", environ={**environ, "GEMINI_API_KEY": "k"})
    assert "google: chosen, with gemini-omni-1.2-flash" in both
    assert f"google (Google Veo, {MODEL}): able, but comes later" in both


async def test_a_video(tmp_path: Path) -> None:
    options = {"duration": 4, "aspect_ratio": "9:16", "size": "720p", "output_path": tmp_path / "a.mp4"}
    async with Simulator(api_key=KEY) as sim:
        chunks = await read(filmed(sim, **options))
        await until(lambda: sim.connections() == 0)
    assert sim.requests[0].path == f"{EXPRESS}/{MODEL}{START}"
    assert begun(sim) == {
        "instances": [{"prompt": WORDS}],
        "parameters": {"durationSeconds": 4, "aspectRatio": "9:16", "resolution": "720p"},
    }
    assert methods(sim) == [START, *[LOOK] * 5]
    assert [one.stage for one in of_type(chunks, "media_progress")] == ["queued", "running"]
    handle = of_type(chunks, "media_progress")[0].job
    assert sim.requests[-1].json == {"operationName": handle["id"]}
    assert data(chunks) == stored(tmp_path / "a.mp4")
    seen = (await probe(tmp_path / "a.mp4")).metadata
    assert (seen.mime_type, seen.width, seen.height, seen.duration_seconds) == ("video/mp4", 144, 256, 4.0)
    assert (chunks[-1].finish_reason, finals(chunks)[0].media_id) == ("stop", handle["media_id"])


async def test_with_a_project() -> None:
    params = {"project": "p", "location": "us-central1", "credentials": Token()}
    async with Simulator() as sim:
        chunks = await read(filmed(sim, api_key=None, extra_params=params))
    place = "/v1beta1/projects/p/locations/us-central1/publishers/google/models"
    assert {request.path.rpartition(":")[0] for request in sim.requests} == {f"{place}/{MODEL}"}
    handle = of_type(chunks, "media_progress")[0].job
    assert (handle["enterprise"], handle["project"], handle["location"]) == (True, "p", "us-central1")
    assert "credentials" not in handle


@pytest.mark.parametrize(
    ("options", "instance", "parameters"),
    [
        ({"seed": 0, "generate_audio": False}, {}, {"seed": 0, "generateAudio": False}),
        ({"negative_prompt": "people", "quality": "lossless"}, {}, {
            "negativePrompt": "people", "compressionQuality": "LOSSLESS"}),
        ({"size": "4k", "duration": 8}, {}, {"resolution": "4k", "durationSeconds": 8}),
        ({"model": "veo-2.0-generate-001", "duration": 5}, {}, {"durationSeconds": 5}),
        ({"input_images": PNG}, {"image": IMAGE}, None),
        ({"input_images": PNG, "last_frame": PNG}, {"image": IMAGE, "lastFrame": IMAGE}, None),
        ({"input_images": "gs://b/a.png"}, {"image": {"gcsUri": "gs://b/a.png"}}, None),
        (
            {"reference_images": [PNG, PNG], "duration": 8},
            {"referenceImages": [{"image": IMAGE, "referenceType": "ASSET"}] * 2},
            {"durationSeconds": 8},
        ),
        ({"input_videos": FILM}, {"video": VIDEO}, None),
        (
            {"input_videos": "gs://b/a.mp4", "edit_mode": "extend"},
            {"video": {"gcsUri": "gs://b/a.mp4", "mimeType": "video/mp4"}},
            None,
        ),
        ({"extra_params": {"person_generation": "dont_allow", "fps": 24}}, {}, {
            "personGeneration": "dont_allow", "fps": 24}),
    ],
)  # fmt: skip
async def test_parameters(options: dict[str, Any], instance: Any, parameters: Any) -> None:
    async with Simulator() as sim:
        chunks = await read(filmed(sim, **options))
    sent = begun(sim)
    assert sent["instances"] == [{"prompt": WORDS, **instance}]
    assert sent.get("parameters") == parameters
    assert len(finals(chunks)) == 1
    assert details(chunks, "loss") == []


async def test_a_style(tmp_path: Path) -> None:
    (tmp_path / "style.png").write_bytes(PNG)
    async with Simulator() as sim:
        await read(filmed(sim, style_image_path=tmp_path / "style.png"))
    assert begun(sim)["instances"][0]["referenceImages"] == [{"image": IMAGE, "referenceType": "STYLE"}]


async def test_several_videos(tmp_path: Path) -> None:
    async with Simulator() as sim:
        chunks = await read(filmed(sim, n=3, duration=4, output_dir=tmp_path))
    assert begun(sim)["parameters"]["sampleCount"] == 3
    assert methods(sim).count(START) == 1
    assert len({final.media_id for final in finals(chunks)}) == len(finals(chunks)) == len(names(tmp_path)) == 3


async def test_a_video_is_extended_and_never_edited() -> None:
    kept = Continuations()
    async with Simulator() as sim:
        first = await read(filmed(sim, duration=4, continuations=kept))
        (final,) = finals(first)
        assert final.continuation_id.startswith("veo_vid_")
        options = {"continue_from": final.continuation_id, "continuations": kept, "prompt": "at night"}
        second = await read(filmed(sim, **options, duration=4, aspect_ratio="16:9"))
        sent = begun(sim)
        assert sent["instances"] == [
            {
                "prompt": "at night",
                "video": {"bytesBase64Encoded": b64encode(data(first)).decode(), "mimeType": "video/mp4"},
            }
        ]
        assert "parameters" not in sent
        options = {"continue_from": finals(second)[0].continuation_id, "edit_mode": "extend", "prompt": ""}
        third = await read(filmed(sim, **options, continuations=kept))
        assert "prompt" not in begun(sim)["instances"][0]
    why = "google: the video is extended; Veo does not edit, so the prompt says how it goes on"
    assert details(second, "info") == [why]
    assert details(second, "loss") == [
        "google: aspect_ratio is left out, since the video is extended",
        "google: duration is left out, since the video is extended",
    ]
    assert details(third, "info") == ["google: the video is extended"]
    assert finals(second)[0].media_metadata.duration_seconds == 7.0


async def test_a_video_in_a_bucket_is_told_and_continued_by_its_address() -> None:
    kept, bucket = Continuations(), {"output_gcs_uri": "gs://b/out"}
    async with Simulator() as sim:
        first = await read(filmed(sim, extra_params=bucket, continuations=kept))
        (final,) = finals(first)
        place = final.media_data
        assert (final.media_encoding, place[:11], place[-13:]) == ("url", "gs://b/out/", "/sample_0.mp4")
        assert details(first, "info") == [f"google: the video is at {place}"]
        await read(filmed(sim, continue_from=final.continuation_id, continuations=kept))
    assert begun(sim)["instances"][0]["video"] == {"gcsUri": place, "mimeType": "video/mp4"}


async def test_a_job_is_taken_up_again() -> None:
    async with Simulator() as sim:
        first = await read(filmed(sim, duration=4))
        handle = of_type(first, "media_progress")[0].job
        again = resume_media(handle, api_key=KEY, base_url=sim.url("gemini"), environ={}, instruments=instruments())
        chunks = await read(again)
    assert methods(sim).count(START) == 1
    assert data(chunks) == data(first)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"duration": 3}, "duration is 3 s; it makes 4, 5, 6, 7, 8 s"),
        ({"duration": 5}, f"duration is 5 s; {MODEL} makes 4, 6, 8 s"),
        ({"duration": 4, "model": "veo-2.0-generate-001"}, "veo-2.0-generate-001 makes 5, 6, 7, 8 s"),
        ({"duration": 4, "reference_images": PNG}, "duration is 4 s; with reference images it makes 8 s"),
        ({"aspect_ratio": "1:1"}, "aspect_ratio is 1:1; it takes 16:9, 9:16"),
        ({"size": "360p"}, "size is 360p; it takes 720p, 1080p, 4k"),
        ({"quality": "high"}, "quality is high; it takes optimized, lossless"),
        ({"prompt": "", "reference_images": PNG}, "it needs a prompt, beside reference images"),
        ({"last_frame": PNG}, "last_frame needs the first one: give input_images"),
        ({"reference_images": PNG, "input_images": PNG}, "reference images and frames exclude each other"),
        ({"reference_images": [PNG] * 4}, "4 reference images; it takes at most 3, or one of a style"),
        ({"edit_mode": "extend"}, "edit_mode extend needs a video: give input_videos or continue_from"),
        ({"edit_mode": "edit", "input_videos": FILM}, "edit_mode is edit; it takes extend"),
        ({"input_videos": [FILM, FILM]}, "2 videos; it extends one"),
        ({"input_videos": FILM, "input_images": PNG}, "input_images belongs to a new video"),
        ({"model": "veo-2.0-generate-001", "generate_audio": True}, "veo-2.0-generate-001 makes no sound"),
        ({"keyframes": [{"image": PNG, "timestamp": 1}]}, "it does not know keyframes"),
    ],
)
def test_what_cannot_be_is_refused_at_the_call(options: dict[str, Any], said: str) -> None:
    given = {"prompt": "a", "model": MODEL, **options}
    with pytest.raises(ConfigurationError) as refused:
        generate_media(mode="video", backend_type="google", api_key="k", environ={}, **given)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"extra_params": {"colour": "red"}}, "google-genai's GenerateVideosConfig does not take colour"),
        ({"extra_params": {"fps": "many"}}, "google-genai's GenerateVideosConfig does not take"),
        ({"continue_from": "veo_vid_0123456789ab", "continuations": Continuations()}, "is not known here"),
    ],
)
async def test_what_cannot_be_sent_is_an_error(options: dict[str, Any], said: str) -> None:
    async with Simulator() as sim:
        error = await refused(filmed(sim, **options))
        assert sim.requests == []
    assert error.error_info["kind"] == "invalid_request"
    assert said in error.error


@pytest.mark.parametrize(
    ("model", "kind", "said"),
    [
        ("veo-fault:error;code=moderation", "content_filter", "Google's filters have withheld 1 of the videos: "),
        ("veo-fault:error;message=It broke.", "server", "It broke."),
        ("veo-fault:error;code=expired", "not_found", "The operation is not found; the job has expired there"),
    ],
)
async def test_jobs_that_fail(tmp_path: Path, model: str, kind: str, said: str) -> None:
    async with Simulator() as sim:
        error = await refused(filmed(sim, model=model, output_dir=tmp_path), tmp_path)
    assert (error.error_info["kind"], error.error[: len(said)]) == (kind, said)
    assert methods(sim).count(START) == 1


async def test_what_is_left_of_several_that_were_filtered() -> None:
    async with Simulator() as sim:
        chunks = await read(filmed(sim, model="veo-fault:error;code=moderation", n=2))
    assert len(finals(chunks)) == 1
    assert details(chunks, "warning")[0].startswith("Google's filters have withheld 1 of the videos: The video was")


@pytest.mark.parametrize(("fault", "kind"), [("400", "invalid_request"), ("403", "permission")])
async def test_what_the_host_refuses(fault: str, kind: str) -> None:
    async with Simulator(faults=fault) as sim:
        error = await refused(filmed(sim))
        assert (error.error_info["kind"], len(sim.requests)) == (kind, 1)


async def test_a_busy_server_is_asked_again_and_a_job_is_paid_once() -> None:
    async with Simulator(faults=["429", None, "503", "cut;how=reset;after=0", "429"]) as sim:
        chunks = await read(filmed(sim))
    assert len(finals(chunks)) == 1
    assert methods(sim)[:2] == [START, START]
    logs = [one.log for one in of_type(chunks, "media_progress") if one.log]
    assert len(logs) == 3


async def test_a_look_that_takes_too_long_is_repeated() -> None:
    async with Simulator(faults=[None, "silence"]) as sim:
        chunks = await read(filmed(sim, read_timeout=0.3))
    assert len(finals(chunks)) == 1
    assert len([one for one in of_type(chunks, "media_progress") if one.log]) == 1


@pytest.mark.parametrize("leave", ["cancel", "break", "task"])
async def test_leaving_leaves_nothing(tmp_path: Path, leave: str) -> None:
    async with Simulator() as sim:
        chunks = await left(sim, filmed(sim, output_path=tmp_path / "a.mp4"), "media_progress", leave)
    assert names(tmp_path) == []
    assert finals(chunks) == []


def test_the_fields_are_those_of_the_sdk() -> None:
    fields = types.GenerateVideosConfig.model_fields.keys()
    assert {"aspect_ratio", "duration_seconds", "resolution", "negative_prompt", "seed", "generate_audio"} <= fields
    assert {"number_of_videos", "compression_quality", "last_frame", "reference_images"} <= fields


def test_a_job_is_found_again_behind_its_door() -> None:
    order = Order(GenerationConfig(prompt="a", media_type=MediaType.VIDEO), MODEL, Account(None, None), no_pause)
    access = GoogleAccess(enterprise=True, project="p", location="global", credentials=Token())
    again = door_of(order._replace(job={"id": "x", **where(access)})).access
    assert again == GoogleAccess(enterprise=True, project="p", location="global")
    assert door_of(order).access == GoogleAccess()
    assert door_of(order, enterprise=True).access == GoogleAccess(enterprise=True)


async def no_pause(_: float) -> None:
    """Wait for nothing."""
