"""Gemini's videos, through Interactions in the background, against the simulator."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from google.genai._gaos.types import interactions as types
from msgspec.structs import replace
from pydantic import TypeAdapter

from massgen_stream.backend import StreamLimits, Turn
from massgen_stream.backend.account import Account
from massgen_stream.backend.sdk_client import SDKClient
from massgen_stream.errors import ConfigurationError, MissingKey, ProviderError
from massgen_stream.generation import GenerationConfig, Order, explain_media, generate_media, resume_media
from massgen_stream.generation.continuations import Continuations
from massgen_stream.generation.jobs import Look
from massgen_stream.generation.registry import DEFAULT_MODELS
from massgen_stream.generation.vendors.google import parts as google_parts
from massgen_stream.generation.vendors.google.client import Door
from massgen_stream.generation.vendors.google.files import google_file
from massgen_stream.generation.vendors.google.omni import OmniJob
from massgen_stream.media.probing import probe
from massgen_stream.provider.gemini import SPEC
from massgen_stream.simulator import Simulator
from massgen_stream.simulator.answers.film import mp4
from massgen_stream.stream_chunk.kinds import MediaType
from massgen_stream.stream_chunk.narrow import media

from ....simulator.polling import until
from ...fakes import PNG, instruments
from ...google_media import KEY, WORDS, Token, left, made, refused
from ...reading import data, details, finals, names, of_type, read, stored

pytestmark = pytest.mark.anyio
MODEL = "gemini-omni-1.2-flash"
START, LOOK = "POST /v1/interactions", "GET /v1/interactions/"
FILM = mp4(32, 32, 1)
IMAGE = {"type": "image", "data": b64encode(PNG).decode(), "mime_type": "image/png"}
VIDEO = {"type": "video", "data": b64encode(FILM).decode(), "mime_type": "video/mp4"}
SAID = {"type": "text", "text": WORDS}


def filmed(sim: Simulator, **options: Any) -> Any:
    return made(sim, "video", **options)


def calls(sim: Simulator) -> list[str]:
    return [f"{request.method} {request.path}" for request in sim.requests]


def begun(sim: Simulator) -> Any:
    """Return the body of the latest request that began a video."""
    return [request.json for request in sim.requests if request.method == "POST"][-1]


def test_it_is_registered() -> None:
    assert DEFAULT_MODELS["google"][MediaType.VIDEO] == MODEL
    environ = {"GEMINI_API_KEY": "k"}
    assert f"google: chosen, with {MODEL}" in explain_media("a", "video", environ=environ)
    older = "gemini-omni-1.1-flash"
    assert f"google: chosen, with {older}" in explain_media("a", "video", environ=environ, model=older)
    several = {**environ, "XAI_API_KEY": "k", "OPENAI_API_KEY": "k"}
    assert explain_media("a", "video", environ=several)[0].startswith("grok: chosen")
    assert f"google: chosen, with {MODEL}" in explain_media(
        "a", "video", environ=several, input_videos=FILM, edit_mode="upscale"
    )
    with pytest.raises(MissingKey, match="set GEMINI_API_KEY"):
        generate_media("a", "video", backend_type="gemini", model=MODEL, environ={})


async def test_a_video(tmp_path: Path) -> None:
    async with Simulator(api_key=KEY) as sim:
        chunks = await read(filmed(sim, duration=3, aspect_ratio="9:16", size="360p", output_path=tmp_path / "a.mp4"))
        await until(lambda: sim.connections() == 0)
    assert calls(sim)[0] == START
    assert begun(sim) == {
        "model": MODEL,
        "input": [{"type": "user_input", "content": [SAID]}],
        "response_format": {"type": "video", "aspect_ratio": "9:16", "resolution": "360p", "duration": "3s"},
        "generation_config": {"video_config": {"task": "text_to_video"}},
        "background": True,
    }
    assert [call.startswith(LOOK) for call in calls(sim)[1:]] == [True] * 5
    assert data(chunks) == stored(tmp_path / "a.mp4")
    seen = (await probe(tmp_path / "a.mp4")).metadata
    assert (seen.mime_type, seen.width, seen.height, seen.duration_seconds) == ("video/mp4", 144, 256, 3.0)
    assert [one.stage for one in of_type(chunks, "media_progress")] == ["queued", "running"]
    (response,) = of_type(chunks, "complete_response")
    assert (response.response["status"], "steps" in response.response) == ("completed", False)
    assert (chunks[-1].finish_reason, chunks[-1].usage["output_tokens"]) == ("stop", 3 * 5792)
    assert [chunk.type for chunk in chunks].count("start") == 1


async def test_the_job_is_told_first_and_can_be_taken_up_again(tmp_path: Path) -> None:
    async with Simulator() as sim:
        async with filmed(sim) as stream:
            async for chunk in stream:
                if chunk.type == "media_progress":
                    break
        handle = chunk.job
        await until(lambda: calls(sim)[-1].endswith("/cancel"))
    assert (handle["provider"], handle["generator"], handle["model"]) == ("google", "GoogleOmni", MODEL)
    async with Simulator() as sim:
        first = await read(filmed(sim))
        handle = of_type(first, "media_progress")[0].job
        again = resume_media(
            handle, output_path=tmp_path / "b.mp4", api_key=KEY, base_url=sim.url("gemini"), environ={},
            instruments=instruments(),
        )  # fmt: skip
        chunks = await read(again)
    assert calls(sim).count(START) == 1
    assert stored(tmp_path / "b.mp4") == data(first) == data(chunks)
    assert finals(chunks)[0].media_id == finals(first)[0].media_id


@pytest.mark.parametrize(
    ("options", "content", "task"),
    [
        ({"input_images": PNG}, [IMAGE, SAID], "image_to_video"),
        ({"reference_images": [PNG, PNG]}, [IMAGE, IMAGE, SAID], "reference_to_video"),
        (
            {"input_images": PNG, "last_frame": PNG},
            [IMAGE, IMAGE, {**SAID, "text": f"[# Sources <FIRST_FRAME>@Image1 <LAST_FRAME>@Image2] {WORDS}"}],
            "image_to_video",
        ),
        (
            {"input_images": PNG, "reference_images": [PNG]},
            [
                IMAGE, IMAGE,
                {**SAID, "text": f"[# Sources <FIRST_FRAME>@Image1] [# References <IMAGE_REF_0>@Image2] {WORDS}"},
            ],
            None,
        ),
        ({"input_videos": FILM}, [VIDEO, SAID], "edit"),
        ({"input_videos": FILM, "edit_mode": "edit", "reference_images": PNG}, [VIDEO, IMAGE, SAID], "edit"),
        (
            {"input_videos": FILM, "edit_mode": "extend", "prompt": ""},
            [VIDEO, {**SAID, "text": "Extend this video."}],
            "extend",
        ),
        ({"input_videos": FILM, "edit_mode": "upscale"}, [VIDEO, SAID], "upscale"),
        (
            {"input_videos": {"file_id": "files/a1"}},
            [{"type": "video", "uri": "https://generativelanguage.googleapis.com/v1beta/files/a1"}, SAID],
            "edit",
        ),
        (
            {"input_images": "https://example.org/a.png"},
            [{"type": "image", "uri": "https://example.org/a.png", "mime_type": "image/png"}, SAID],
            "image_to_video",
        ),
    ],
)  # fmt: skip
async def test_what_is_made_of_media(options: dict[str, Any], content: list[Any], task: str | None) -> None:
    async with Simulator(knows=["a1"]) as sim:
        chunks = await read(filmed(sim, **options))
    sent = begun(sim)
    assert sent["input"][0]["content"] == content
    assert sent.get("generation_config") == (None if task is None else {"video_config": {"task": task}})
    assert len(finals(chunks)) == 1
    known = TypeAdapter(types.CreateModelInteraction).validate_python(sent)
    assert known.model_dump(exclude_none=True, exclude_unset=True).keys() == sent.keys()
    assert "UNKNOWN" not in repr(known)


@pytest.mark.parametrize(
    ("mode", "done", "left_out", "shape"),
    [
        ("edit", "edited", ["aspect_ratio", "duration"], {}),
        ("extend", "extended", ["aspect_ratio"], {"duration": "5s"}),
        ("upscale", "upscaled", ["aspect_ratio", "duration"], {}),
    ],
)
async def test_a_video_keeps_its_shape(mode: str, done: str, left_out: list[str], shape: dict[str, Any]) -> None:
    given = {"input_videos": FILM, "edit_mode": mode, "aspect_ratio": "16:9", "duration": 5, "size": "720p"}
    async with Simulator() as sim:
        chunks = await read(filmed(sim, **given))
    assert details(chunks, "info") == [f"google: the video is {done}"]
    assert details(chunks, "loss") == [
        f"google: {name} is left out, since the video that is {done} says it" for name in left_out
    ]
    assert begun(sim)["response_format"] == {"type": "video", "resolution": "720p", **shape}


async def test_a_large_video_is_fetched_with_the_key_once_it_is_ready(tmp_path: Path) -> None:
    async with Simulator(api_key=KEY) as sim:
        chunks = await read(filmed(sim, size="1080p", output_path=tmp_path / "a.mp4"))
    assert begun(sim)["response_format"]["delivery"] == "uri"
    file = calls(sim)[-1].removeprefix("GET /v1beta/files/").removesuffix(":download")
    assert calls(sim)[-3:] == [f"GET /v1/files/{file}"] * 2 + [f"GET /v1beta/files/{file}:download"]
    assert stored(tmp_path / "a.mp4") == data(chunks) == mp4(512, 288, 4)
    loading = [one for one in of_type(chunks, "media_progress") if one.stage == "downloading"]
    assert loading[-1].progress_percentage == 100
    assert finals(chunks)[0].continuation_id.startswith("gemini_vid_")


async def test_a_video_that_cannot_be_fetched_is_an_error(tmp_path: Path) -> None:
    async with Simulator(faults=[None] * 6 + ["404"]) as sim:
        error = await refused(filmed(sim, size="4k", output_path=tmp_path / "a.mp4"), tmp_path)
    assert error.error_info["kind"] == "not_found"


async def test_a_video_is_continued_twice() -> None:
    kept = Continuations()
    async with Simulator() as sim:
        first = await read(filmed(sim, continuations=kept))
        handle = of_type(first, "media_progress")[0].job
        second = await read(
            filmed(sim, continuations=kept, continue_from=finals(first)[0].continuation_id, prompt="at night")
        )
        assert begun(sim)["previous_interaction_id"] == handle["id"]
        assert begun(sim)["generation_config"] == {"video_config": {"task": "edit"}}
        assert begun(sim)["input"][0]["content"] == [{"type": "text", "text": "at night"}]
        handle = of_type(second, "media_progress")[0].job
        last = finals(second)[0].continuation_id
        third = await read(filmed(sim, continuations=kept, continue_from=last, edit_mode="extend", duration=10))
        assert begun(sim)["previous_interaction_id"] == handle["id"]
        assert begun(sim)["generation_config"] == {"video_config": {"task": "extend"}}
    assert (details(second, "info"), details(third, "info")) == (
        ["google: the video is edited"], ["google: the video is extended"],
    )  # fmt: skip


async def test_an_id_that_is_not_known_is_an_error() -> None:
    async with Simulator() as sim:
        chunks = await read(filmed(sim, continue_from="gemini_vid_0123456789ab", continuations=Continuations()))
        assert sim.requests == []
    assert "is not known here" in of_type(chunks, "error")[0].error
    with pytest.raises(ConfigurationError, match="be continued"):
        generate_media("a", "video", backend_type="google", api_key=KEY, environ={}, continue_from="grok_vid_0123")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"duration": 2}, "duration is 2 s; it makes 3 to 15 s"),
        ({"duration": 4.5}, "duration is 4.5 s; it makes whole seconds"),
        ({"duration": 12, "model": "gemini-omni-1.1-flash"}, "gemini-omni-1.1-flash makes at most 10 s"),
        ({"duration": 12, "edit_mode": "extend", "input_videos": FILM}, "duration is 12 s; it makes 3 to 10 s"),
        ({"aspect_ratio": "1:1"}, "aspect_ratio is 1:1; it takes 16:9, 9:16"),
        ({"size": "480p"}, "size is 480p; it takes 360p, 720p, 1080p, 4k"),
        ({"prompt": "", "input_images": PNG}, "it needs a prompt"),
        ({"input_images": [PNG, PNG]}, "2 input images; it takes at most 1"),
        ({"last_frame": PNG}, "last_frame needs the first one: give input_images"),
        ({"reference_images": [PNG] * 11}, "11 images; it takes at most 10"),
        ({"input_videos": [FILM, FILM]}, "2 videos; it edits or extends one"),
        ({"input_videos": FILM, "continue_from": "gemini_vid_0"}, "2 videos; it edits or extends one"),
        ({"edit_mode": "extend"}, "edit_mode extend needs a video: give input_videos or continue_from"),
        ({"edit_mode": "remix", "input_videos": FILM}, "edit_mode is remix; it takes edit, extend, upscale"),
        ({"input_videos": FILM, "input_images": PNG}, "input_images belongs to a new video"),
        ({"keyframes": [{"image": PNG, "timestamp": 1}]}, "it does not know keyframes"),
    ],
)
def test_what_cannot_be_is_refused_at_the_call(options: dict[str, Any], said: str) -> None:
    given = {"prompt": "a", "model": MODEL, **options}
    with pytest.raises(ConfigurationError) as refused:
        generate_media(mode="video", backend_type="google", api_key="k", environ={}, **given)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("model", "kind", "said"),
    [
        ("gemini-omni/fault:error;code=moderation", "content_filter", "Google has answered without a video"),
        ("gemini-omni/fault:error;message=It broke.", "server", "It broke."),
        (
            "gemini-omni/fault:error;code=expired",
            "not_found",
            "The interaction is not found; the job has expired there",
        ),
    ],
)
async def test_jobs_that_fail(tmp_path: Path, model: str, kind: str, said: str) -> None:
    async with Simulator() as sim:
        error = await refused(filmed(sim, model=model, output_dir=tmp_path), tmp_path)
    assert (error.error_info["kind"], error.error[: len(said)]) == (kind, said)
    assert calls(sim).count(START) == 1


@pytest.mark.parametrize(("fault", "kind"), [("400", "invalid_request"), ("401", "authentication")])
async def test_what_the_host_refuses(fault: str, kind: str) -> None:
    async with Simulator(faults=fault) as sim:
        error = await refused(filmed(sim))
        assert (error.error_info["kind"], len(sim.requests)) == (kind, 1)


async def test_looks_that_fail_are_repeated_and_the_job_is_paid_once() -> None:
    async with Simulator(faults=[None, "503", "cut;how=reset;after=0", None, "429"]) as sim:
        chunks = await read(filmed(sim))
    assert len(finals(chunks)) == 1
    assert calls(sim).count(START) == 1
    logs = [one.log for one in of_type(chunks, "media_progress") if one.log]
    assert len(logs) == 3
    assert all(log.startswith("a look at the job failed: ") for log in logs)


@pytest.mark.parametrize("fault", ["html;code=200", "json;code=200"])
async def test_answers_that_are_none_end_the_stream_at_last(fault: str) -> None:
    async with Simulator(faults=[None, *[fault] * 9]) as sim:
        error = await refused(filmed(sim))
    assert error.error_info["kind"] == "protocol"


@pytest.mark.parametrize("leave", ["cancel", "break", "task"])
async def test_leaving_cancels_the_interaction(tmp_path: Path, leave: str) -> None:
    async with Simulator() as sim:
        stream = filmed(sim, output_path=tmp_path / "a.mp4")
        chunks = await left(sim, stream, "media_progress", leave)
        job = of_type(chunks, "media_progress")[0].job
        await until(lambda: calls(sim)[-1] == f"POST /v1/interactions/{job['id']}/cancel")
    assert names(tmp_path) == []


async def test_one_that_somebody_else_has_cancelled_is_an_error() -> None:
    async with Simulator() as sim:
        stream = filmed(sim)
        chunks = []
        async for chunk in stream:
            chunks.append(chunk)
            if chunk.type == "media_progress" and chunk.job is not None:
                await left(sim, resumed(sim, chunk.job), "media_progress", "break")
    (error,) = of_type(chunks, "error")
    assert (error.error_info["kind"], error.error) == ("cancelled", "the interaction was cancelled by somebody else")


def resumed(sim: Simulator, job: Any) -> Any:
    return resume_media(job, api_key=KEY, base_url=sim.url("gemini"), environ={}, instruments=instruments())


async def test_through_google_cloud_large_videos_are_in_the_answer() -> None:
    params = {"enterprise": True, "project": "p", "location": "global", "credentials": Token()}
    async with Simulator() as sim:
        chunks = await read(filmed(sim, api_key=None, size="1080p", extra_params=params))
    assert {request.path.partition("/interactions")[0] for request in sim.requests} == {
        "/v1beta1/projects/p/locations/global"
    }
    assert begun(sim)["response_format"] == {"type": "video", "resolution": "1080p"}
    assert data(chunks) == mp4(512, 288, 4)


async def test_a_key_alone_opens_google_cloud(tmp_path: Path) -> None:
    environ = {"GOOGLE_GENAI_USE_ENTERPRISE": "true", "GOOGLE_API_KEY": KEY}
    async with Simulator() as sim:
        given: dict[str, Any] = {"environ": {**environ, "GOOGLE_VERTEX_BASE_URL": sim.url("gemini")}}
        given |= {"instruments": instruments(), "continuations": Continuations(), "output_dir": tmp_path}
        given |= {"extra_params": {"enterprise": True}, "api_key": KEY, "base_url": sim.url("gemini")}
        chunks = await read(generate_media(WORDS, "video", backend_type="google", **given))
        assert sim.requests[0].path == "/v1beta1/interactions"
    assert len(finals(chunks)) == 1


async def test_a_project_alone_opens_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert f"google: chosen, with {MODEL}" in explain_media("a", "video", environ={"GOOGLE_CLOUD_PROJECT": "p"})
    both = explain_media("a", "video", environ={"GEMINI_API_KEY": "k", "GOOGLE_CLOUD_PROJECT": "p"})
    assert [line for line in both if line.startswith("google: chosen")] == [f"google: chosen, with {MODEL}"]
    params = {"project": "p", "location": "global", "credentials": Token()}
    async with Simulator() as sim:
        environ = {"GOOGLE_CLOUD_PROJECT": "p", "GOOGLE_VERTEX_BASE_URL": sim.url("gemini")}
        given: dict[str, Any] = {"environ": environ, "extra_params": params, "instruments": instruments()}
        given |= {"continuations": Continuations()}
        chunks = await read(generate_media(WORDS, "video", **given, output_path=tmp_path / "a.mp4"))
        handle, video = of_type(chunks, "media_progress")[0].job, finals(chunks)[0].continuation_id
        given["environ"]["GEMINI_API_KEY"] = "k"  # the other door does not know what was made behind this one
        await read(generate_media("at night", "video", **given, continue_from=video))
        assert begun(sim)["previous_interaction_id"] == handle["id"]
        monkeypatch.setattr("google.auth.default", lambda **_: (Token(), "other"))
        again = await read(resume_media(handle, environ=environ, instruments=instruments()))
    assert {request.path.partition("/interactions")[0] for request in sim.requests} == {
        "/v1beta1/projects/p/locations/global"
    }
    assert (handle["generator"], handle["enterprise"], handle["project"]) == ("GoogleCloudOmni", True, "p")
    assert "credentials" not in handle
    assert data(again) == data(chunks) == stored(tmp_path / "a.mp4")


async def test_several_videos_in_one_answer() -> None:
    order = Order(GenerationConfig(prompt="a", media_type=MediaType.VIDEO), MODEL, Account(None, None), no_pause)
    steps = [{"type": "model_output", "content": [VIDEO]}, {"type": "model_output", "content": [VIDEO]}]
    answer = json.dumps({"id": "v1_a", "status": "completed", "model": MODEL, "steps": steps}, indent=1).encode()
    job = OmniJob(cast("SDKClient", None), Door.of({}), order, Turn(None, StreamLimits(), id_prefix="abc"))
    chunks = [chunk async for chunk in job.finish(Look(is_done=True, answer=answer))]
    assert [chunk.media_id for chunk in finals(chunks)] == ["abc-video-1", "abc-video-2"]


async def test_a_file_that_google_cannot_process_is_an_error() -> None:
    order = Order(GenerationConfig(prompt="a", media_type=MediaType.VIDEO), MODEL, Account(None, None), no_pause)
    found = SimpleNamespace(state=SimpleNamespace(name="FAILED"))
    files = SimpleNamespace(get=lambda **_: answering(found))
    client: Any = SimpleNamespace(sdk=SimpleNamespace(aio=SimpleNamespace(files=files)))
    url = "https://generativelanguage.googleapis.com/v1beta/files/abc:download?alt=media"
    final = media("m", MediaType.VIDEO, media_data=url, media_encoding="url")
    with pytest.raises(ProviderError, match="could not process the video files/abc"):
        [chunk async for chunk in google_file(final, client, order, StreamLimits())]
    found.state.name = "PROCESSING"
    with pytest.raises(ProviderError, match="processing the video files/abc for 60 minutes") as caught:
        [chunk async for chunk in google_file(final, client, order, StreamLimits())]
    assert caught.value.kind == "timeout"


@pytest.mark.parametrize(("kind", "given"), [("image", {"input_images": PNG}), ("video", {"input_videos": FILM})])
async def test_a_medium_over_the_limit(monkeypatch: pytest.MonkeyPatch, kind: str, given: dict[str, Any]) -> None:
    monkeypatch.setattr(google_parts, "SPEC", replace(SPEC, input_media={kind: 2**20 // 2**20}))
    async with Simulator() as sim:
        error = await refused(filmed(sim, **given))
        assert sim.requests == []
    assert f"the {kind} is over the limit of" in error.error


async def no_pause(_: float) -> None:
    """Wait for nothing."""


async def answering(found: Any) -> Any:
    return found
