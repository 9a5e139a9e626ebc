"""OpenAI's Videos API, through its SDK's client, against the simulator."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any, get_args

import openai
import pytest
from openai.types import video_create_params, video_edit_params, video_extend_params, video_seconds, video_size

from massgen_stream.errors import ConfigurationError, MissingKey
from massgen_stream.generation import explain_media, generate_media
from massgen_stream.generation.continuations import Continuations
from massgen_stream.generation.registry import BACKEND_PRIORITY, DEFAULT_MODELS
from massgen_stream.generation.vendors.openai.videos import OpenAIVideos
from massgen_stream.media import probe
from massgen_stream.simulator import Simulator
from massgen_stream.simulator.answers.film import mp4
from massgen_stream.simulator.forms import Field, form_fields
from massgen_stream.stream_chunk.kinds import MediaType

from ....simulator.polling import until
from ...fakes import PNG, instruments
from ...openai import KEY, PROMPT
from ...openai_jobs import BEGIN, LOOK, failed, film, paths
from ...reading import data, details, finals, names, of_type, read, stored

pytestmark = pytest.mark.anyio
MODEL = "sora-2"
WARNING = "OpenAI has shut its Videos API down on 2026-09-24"


def video(sim: Simulator, **options: Any) -> Any:
    return film(sim, "openai", **options)


def fields(sim: Simulator) -> list[Field]:
    """Return the fields of the form that began the job."""
    request = sim.requests[0]
    return list(form_fields(request.headers["content-type"], request.body))


def texts(sim: Simulator) -> dict[str, str]:
    return {field.name: field.text for field in fields(sim) if field.filename is None}


def test_it_is_only_taken_when_it_is_asked_for() -> None:
    assert DEFAULT_MODELS["openai"][MediaType.VIDEO] == MODEL
    assert "openai" not in BACKEND_PRIORITY[MediaType.VIDEO]
    environ = {"OPENAI_API_KEY": "k"}
    assert f"openai (OpenAI, {MODEL}): only chosen by name or model" in explain_media("a", "video", environ=environ)
    for options in ({"backend_type": "openai"}, {"model": "sora-2-pro"}, {"continue_from": "sora_vid_0123456789ab"}):
        assert any(
            line.startswith("openai: chosen") for line in explain_media("a", "video", environ=environ, **options)
        )
    with pytest.raises(MissingKey, match="set OPENAI_API_KEY"):
        generate_media("a", "video", backend_type="openai", environ={})


def test_lengths_and_sizes_are_the_sdks() -> None:
    offer = OpenAIVideos.offers[MediaType.VIDEO]
    assert offer.sizes == get_args(video_size.VideoSize)
    assert offer.durations is not None
    assert tuple(f"{one:g}" for one in offer.durations.only) == get_args(video_seconds.VideoSeconds)


async def test_a_video(tmp_path: Path) -> None:
    async with Simulator(api_key=KEY) as sim:
        chunks = await read(video(sim, duration=8, size="1280x720", output_path=tmp_path / "a.mp4"))
        assert paths(sim) == [BEGIN, *[LOOK] * 5, f"{LOOK}/content"]
        sent = texts(sim)
        await until(lambda: sim.connections() == 0)
    assert sent == {"prompt": PROMPT, "model": MODEL, "seconds": "8", "size": "1280x720"}
    assert sent.keys() <= video_create_params.VideoCreateParams.__annotations__.keys()
    assert details(chunks, "warning")[0].startswith(WARNING)
    assert chunks[0].request_id == "req_sim_1"
    progress = of_type(chunks, "media_progress")
    assert progress[0].job["id"].startswith("video_")
    running = [one.progress_percentage for one in progress if one.stage != "downloading" and one.job is None]
    assert running == [0, 25, 50, 75]
    assert progress[-1].bytes_transferred == progress[-1].total_bytes
    (final,) = finals(chunks)
    assert final.continuation_id.startswith("sora_vid_")
    assert stored(tmp_path / "a.mp4") == data(chunks)
    found = (await probe(tmp_path / "a.mp4")).metadata
    assert (found.width, found.height, found.duration_seconds) == (320, 176, 8)
    assert final.media_metadata.duration_seconds == 8
    (response,) = of_type(chunks, "complete_response")
    assert (response.response["status"], response.response["seconds"]) == ("completed", "8")


async def test_the_requests_are_those_of_the_sdk() -> None:
    asked: dict[str, Any] = {"prompt": PROMPT, "model": MODEL, "seconds": "8", "size": "1280x720"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        async with Simulator() as sim, openai.AsyncOpenAI(api_key=KEY, base_url=sim.url("openai")) as client:
            reference = ("image-1.png", PNG, "image/png")
            begun = await client.videos.create(**asked, input_reference=reference)
            theirs = sorted(fields(sim))
            await client.videos.poll(begun.id, poll_interval_ms=1)
            before = len(sim.requests)
            await client.videos.remix(begun.id, prompt=PROMPT)
            remixed = sim.requests[before]
            given = {"edit_mode": "remix", "input_videos": {"file_id": begun.id}}
            await read(video(sim, **given))
            ours = sim.requests[before + 1]
            assert (ours.method, ours.path, ours.json) == (remixed.method, remixed.path, remixed.json)
    async with Simulator() as sim:
        await read(video(sim, duration=8, size="1280x720", input_images=PNG))
        assert sorted(fields(sim)) == theirs


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        ({}, {}),
        ({"aspect_ratio": "16:9"}, {"size": "1280x720"}),
        ({"model": "sora-2-pro", "size": "1792x1024", "duration": 4.0}, {"size": "1792x1024", "seconds": "4"}),
        ({"extra_params": {"style": "film"}}, {"style": "film"}),
    ],
)
async def test_parameters(options: dict[str, Any], sent: dict[str, str]) -> None:
    async with Simulator() as sim:
        assert len(finals(await read(video(sim, **options)))) == 1
        assert texts(sim) == {"prompt": PROMPT, "model": options.get("model", MODEL), **sent}


async def test_an_image_is_uploaded_or_named() -> None:
    async with Simulator() as sim:
        await read(video(sim, input_images=PNG))
        (file,) = [field for field in fields(sim) if field.filename]
        assert (file.name, file.content_type, file.data) == ("input_reference", "image/png", PNG)
    url = "https://example.org/a.png"
    for part, said in (({"file_id": "file-1"}, {"file_id": "file-1"}), (url, {"image_url": url})):
        async with Simulator(knows=["file-1"]) as sim:
            assert len(finals(await read(video(sim, input_images=part)))) == 1
            assert sim.requests[0].json == {"prompt": PROMPT, "model": MODEL, "input_reference": said}


async def test_a_video_is_remixed_extended_and_edited(tmp_path: Path) -> None:
    store = Continuations(tmp_path / "c.sqlite")
    async with Simulator() as sim:
        (first,) = finals(await read(video(sim, duration=8, continuations=store)))
        vendor_id = sim.requests[-1].path.split("/")[3]
        again = {"continue_from": first.continuation_id, "prompt": "at night", "size": "720x1280"}
        for mode, path, done, body in (
            (None, f"/{vendor_id}/remix", "remixed", {}),
            ("remix", f"/{vendor_id}/remix", "remixed", {}),
            ("extend", "/extensions", "extended", {"seconds": "12", "video": {"id": vendor_id}}),
            ("edit", "/edits", "edited", {"video": {"id": vendor_id}}),
        ):
            before = len(sim.requests)
            restarted = Continuations(tmp_path / "c.sqlite")
            chunks = await read(video(sim, edit_mode=mode, duration=12, continuations=restarted, **again))
            assert sim.requests[before].path == f"/v1/videos{path}"
            assert sim.requests[before].json == {"prompt": "at night", **body}
            assert details(chunks, "info") == [f"openai: the video is {done}"]
            left = ["size"] if mode == "extend" else ["duration", "size"]
            why = f"is left out, since the video that is {done} says it"
            assert details(chunks, "loss") == [f"openai: {name} {why}" for name in left]
            assert finals(chunks)[0].media_metadata.duration_seconds == (20 if mode == "extend" else 8)
            assert finals(chunks)[0].continuation_id not in (None, first.continuation_id)
            assert finals(chunks)[0].model == "sora-2"
            restarted.close()
    known = video_extend_params.VideoExtendParams.__annotations__, video_edit_params.VideoEditParams.__annotations__
    assert {"prompt", "seconds", "video"} == known[0].keys()
    assert {"prompt", "video"} == known[1].keys()
    store.close()


async def test_a_video_of_ones_own_is_edited_and_extended() -> None:
    film = mp4(16, 16, 1)
    for mode, path, seconds in ((None, "edits", {}), ("extend", "extensions", {"seconds": "4"})):
        async with Simulator() as sim:
            chunks = await read(video(sim, input_videos=film, edit_mode=mode))
            assert len(finals(chunks)) == 1
            assert sim.requests[0].path == f"/v1/videos/{path}"
            (file,) = [field for field in fields(sim) if field.filename]
            assert (file.name, file.content_type, file.data) == ("video", "video/mp4", film)
            assert texts(sim) == {"prompt": PROMPT, **seconds}


async def test_what_is_remixed_may_be_named_by_its_id() -> None:
    async with Simulator() as sim:
        await read(video(sim))
        vendor_id = sim.requests[-1].path.split("/")[3]
        before = len(sim.requests)
        chunks = await read(video(sim, input_videos={"file_id": vendor_id}, edit_mode="remix"))
        assert sim.requests[before].path == f"/v1/videos/{vendor_id}/remix"
    assert len(finals(chunks)) == 1


async def test_ids_that_are_not_known(tmp_path: Path) -> None:
    error, sim = await failed("openai", continue_from="sora_vid_0123456789ab")
    assert (error.error_info["kind"], sim.requests) == ("invalid_request", [])
    assert "is not known here" in error.error
    store = Continuations(tmp_path / "c.sqlite")
    old = await store.keep("sora_vid", "openai", {"id": "video_1"}, expires_seconds=0)
    error, sim = await failed("openai", continue_from=old, continuations=store)
    assert "has expired" in error.error
    store.close()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"duration": 5}, "duration is 5 s; it makes 4, 8, 12 s"),
        ({"duration": 16}, "duration is 16 s"),
        ({"duration": 5, "edit_mode": "extend", "continue_from": "sora_vid_1"}, "it makes 4, 8, 12, 16, 20 s"),
        ({"size": "640x480"}, "size is 640x480; it takes 720x1280"),
        ({"aspect_ratio": "1:1"}, "aspect_ratio is 1:1"),
        ({"edit_mode": "extend"}, "edit_mode extend needs continue_from or input_videos"),
        ({"edit_mode": "outpaint", "continue_from": "sora_vid_1"}, "it takes edit, extend, remix"),
        ({"edit_mode": "remix", "input_videos": b"x"}, "a remix needs continue_from, or a video by its id"),
        ({"input_videos": [b"x", b"y"]}, "it takes one video"),
        ({"input_videos": b"x", "continue_from": "sora_vid_1"}, "it takes one video"),
        ({"input_images": PNG, "continue_from": "sora_vid_1"}, "it takes images for new videos only"),
        ({"input_images": [PNG, PNG]}, "2 input images; it takes at most 1"),
        ({"last_frame": PNG}, "it does not know last_frame"),
    ],
)
def test_what_cannot_be_is_refused_at_the_call(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        generate_media("a", "video", backend_type="openai", api_key="k", environ={}, **options)
    assert said in str(refused.value)


async def test_what_is_inherited_may_be_anything() -> None:
    """It is left out, and told: no fault in it matters."""
    async with Simulator() as sim:
        (first,) = finals(await read(video(sim)))
        chunks = await read(video(sim, continue_from=first.continuation_id, duration=7, aspect_ratio="5:1"))
    assert len(finals(chunks)) == 1
    assert [line.split()[1] for line in details(chunks, "loss")] == ["aspect_ratio", "duration"]


async def test_size_wins_over_the_aspect_ratio() -> None:
    async with Simulator() as sim:
        chunks = await read(video(sim, size="720x1280", aspect_ratio="16:9"))
        assert texts(sim)["size"] == "720x1280"
    assert details(chunks, "loss") == ["openai: aspect_ratio is left out, since size says it"]


async def test_pauses_are_those_that_the_server_wants() -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    async with Simulator() as sim:
        await read(video(sim, instruments=instruments()._replace(sleep=sleep)))
    assert pauses == [2.5] * 4


@pytest.mark.parametrize(
    ("code", "kind"),
    [("moderation_blocked", "content_filter"), ("server_error", "server"), ("video_generation_failed", "unknown")],
)
async def test_jobs_that_fail(tmp_path: Path, code: str, kind: str) -> None:
    error, sim = await failed("openai", model=f"simulator/fault:error;code={code};message=No.", output_dir=tmp_path)
    assert (error.error, error.error_info["code"], error.error_info["kind"]) == ("No.", code, kind)
    assert (paths(sim).count(BEGIN), names(tmp_path)) == (1, [])


async def test_a_video_that_is_gone_leaves_no_file(tmp_path: Path) -> None:
    error, _ = await failed("openai", model="simulator/fault:error;code=expired", output_path=tmp_path / "a.mp4")
    assert (error.error_info["kind"], error.error_info["status"], names(tmp_path)) == ("not_found", 410, [])
