"""OpenRouter's videos, through the openai SDK's client, against the simulator."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.errors import ConfigurationError, MissingKey
from massgen_stream.generation import explain_media, generate_media
from massgen_stream.generation.continuations import Continuations
from massgen_stream.generation.registry import BACKEND_PRIORITY, DEFAULT_MODELS
from massgen_stream.media import probe
from massgen_stream.simulator import Simulator
from massgen_stream.simulator.answers.film import mp4
from massgen_stream.simulator.answers.spoken import speech
from massgen_stream.stream_chunk.kinds import MediaType

from ....simulator.polling import until
from ...fakes import PNG
from ...openai import KEY, PROMPT
from ...openai_jobs import BEGIN, LOOK, failed, film, paths
from ...reading import data, details, finals, names, of_type, read, stored

pytestmark = pytest.mark.anyio
MODEL = "google/veo-3.1-fast"
URL = "https://example.org/a.png"
FIELDS = {
    "aspect_ratio", "callback_url", "creativity", "duration", "frame_images", "generate_audio", "input_references",
    "model", "previous_job_id", "prompt", "provider", "resolution", "seed", "session_id", "size", "trace",
    "upscale_factor", "user",
}  # fmt: skip
"""Of ``VideoGenerationRequest`` in the SDK `openrouter` 1.3.84."""


def made(sim: Simulator, **options: Any) -> Any:
    return film(sim, "openrouter", **options)


def test_it_is_registered() -> None:
    assert DEFAULT_MODELS["openrouter"][MediaType.VIDEO] == MODEL
    order = BACKEND_PRIORITY[MediaType.VIDEO]
    assert order.index("grok") < order.index("openrouter")
    assert f"openrouter: chosen, with {MODEL}" in explain_media("a", "video", environ={"OPENROUTER_API_KEY": "k"})
    several = {"OPENROUTER_API_KEY": "k", "XAI_API_KEY": "k"}
    assert f"openrouter (OpenRouter, {MODEL}): able, but comes later" in explain_media("a", "video", environ=several)
    named = explain_media("a", "video", environ=several, model="bytedance/seedance-2.0")
    assert "openrouter: chosen, with bytedance/seedance-2.0" in named
    with pytest.raises(MissingKey, match="set OPENROUTER_API_KEY"):
        generate_media("a", "video", backend_type="openrouter", environ={})


async def test_a_video(tmp_path: Path) -> None:
    async with Simulator(api_key=KEY) as sim:
        chunks = await read(made(sim, duration=4, output_path=tmp_path / "a.mp4"))
        assert paths(sim) == [BEGIN, *[LOOK] * 5, f"{LOOK}/content"]
        assert sim.requests[0].json == {"model": MODEL, "prompt": PROMPT, "duration": 4}
        assert sim.requests[-1].query == {"index": "0"}
        await until(lambda: sim.connections() == 0)
    assert chunks[0].request_id == "req_sim_1"
    progress = of_type(chunks, "media_progress")
    assert progress[0].job["id"].startswith("gen-vid-")
    assert [one.stage for one in progress[:3]] == ["queued", "running", "downloading"]
    assert progress[-1].bytes_transferred == progress[-1].total_bytes
    (final,) = finals(chunks)
    assert final.continuation_id.startswith("openrouter_vid_")
    assert stored(tmp_path / "a.mp4") == data(chunks)
    found = (await probe(tmp_path / "a.mp4")).metadata
    assert (found.width, found.height, found.duration_seconds) == (320, 176, 4)
    assert chunks[-1].usage["details"] == {"cost": 0.4, "is_byok": False}
    assert (chunks[-1].finish_reason, chunks[-1].usage_source) == ("stop", "reported")


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        ({"size": "1080p", "aspect_ratio": "9:16"}, {"resolution": "1080p", "aspect_ratio": "9:16"}),
        ({"size": "1280x720", "seed": 0}, {"size": "1280x720", "seed": 0}),
        ({"generate_audio": False, "duration": 6.0}, {"generate_audio": False, "duration": 6}),
        (
            {"extra_params": {"upscale_factor": 2, "creativity": 1, "provider": {"options": {}}}},
            {"upscale_factor": 2, "creativity": 1, "provider": {"options": {}}},
        ),
    ],
)
async def test_parameters(options: dict[str, Any], sent: dict[str, Any]) -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, **options))
        assert (len(finals(chunks)), details(chunks, "warning")) == (1, [])
        (begun,) = [request for request in sim.requests if request.method == "POST"]
    assert begun.json == {"model": MODEL, "prompt": PROMPT, **sent}
    assert begun.json.keys() <= FIELDS


async def test_frames_and_references() -> None:
    sound = b"".join(speech("hello", "wav"))
    given = {
        "input_images": PNG, "last_frame": URL, "reference_images": [URL, PNG], "input_videos": mp4(16, 16, 1),
        "input_audios": sound,
    }  # fmt: skip
    async with Simulator() as sim:
        assert len(finals(await read(made(sim, prompt="", **given)))) == 1
        body = sim.requests[0].json
    assert body.keys() == {"model", "frame_images", "input_references"}
    first, last = body["frame_images"]
    assert (first["frame_type"], last["frame_type"], last["image_url"]) == ("first_frame", "last_frame", {"url": URL})
    kinds = [part["type"] for part in body["input_references"]]
    assert kinds == ["image_url", "image_url", "video_url", "audio_url"]
    urls = [first["image_url"]["url"], *(part[part["type"]]["url"] for part in body["input_references"])]
    assert urls.pop(1) == URL
    sent = [(url.partition(";")[0], b64decode(url.partition(",")[2])) for url in urls]
    assert sent == [
        ("data:image/png", PNG), ("data:image/png", PNG), ("data:video/mp4", mp4(16, 16, 1)), ("data:audio/wav", sound)
    ]  # fmt: skip


async def test_a_video_is_continued_twice(tmp_path: Path) -> None:
    async with Simulator() as sim:
        model, store = "bytedance/seedance-2.0", Continuations(tmp_path / "c.sqlite")
        (first,) = finals(await read(made(sim, model=model, continuations=store)))
        store.close()
        before, restarted = len(sim.requests), Continuations(tmp_path / "c.sqlite")
        chunks = await read(made(sim, prompt="at night", continue_from=first.continuation_id, continuations=restarted))
        second, body = finals(chunks)[0], sim.requests[before].json
        assert body == {"model": model, "prompt": "at night", "previous_job_id": sim.requests[1].path.split("/")[3]}
        assert details(chunks, "info") == [
            "openrouter: the video is continued; whether that edits or extends it is its model's to know"
        ]
        before = len(sim.requests)
        third = await read(made(sim, continue_from=second.continuation_id, continuations=restarted))
        assert len(finals(third)) == 1
        assert sim.requests[before].json["model"] == model
        restarted.close()
    error, _ = await failed("openrouter", continue_from="openrouter_vid_0123456789ab")
    assert "is not known here" in error.error


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"duration": 4.5}, "duration is 4.5 s; it makes whole seconds"),
        ({"duration": 20}, "duration is 20 s; google/veo-3.1-fast makes 4, 6, 8 s"),
        ({"duration": 6, "model": "openai/sora-2-pro"}, "duration is 6 s; openai/sora-2-pro makes 4, 8, 12, 16, 20 s"),
        ({"duration": 2, "model": "kwaivgi/kling-v3.0-pro"}, "duration is 2 s; kwaivgi/kling-v3.0-pro makes 3 to 15 s"),
        ({"duration": 7, "model": "minimax/hailuo-2.3"}, "duration is 7 s; minimax/hailuo-2.3 makes 6, 10 s"),
        ({"duration": 13, "model": "bytedance/seedance-1-5-pro"}, "seedance-1-5-pro makes 4 to 12 s"),
        ({"duration": 0.5}, "duration is 0.5 s; it makes whole seconds"),
        ({"size": "5K"}, "size is 5K; it takes pixels such as 1280x720, or 360p"),
        ({"aspect_ratio": "5:1"}, "aspect_ratio is 5:1; it takes 16:9"),
        ({"input_images": [PNG, PNG]}, "2 input images; it takes at most 1"),
        ({"reference_images": {"file_id": "f"}}, "no file ids"),
        ({"edit_mode": "extend", "continue_from": "openrouter_vid_1"}, "it does not know edit_mode"),
    ],
)
def test_what_cannot_be_is_refused_at_the_call(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        generate_media("a", "video", backend_type="openrouter", api_key="k", environ={}, **options)
    assert said in str(refused.value)


LISTED = "GET /v1/videos/models"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"model": "alibaba/wan-2.7", "duration": 1}, "duration is 1 s; alibaba/wan-2.7 makes 2, 3, 4,"),
        ({"size": "480p"}, "size is 480p; google/veo-3.1-fast makes 720p, 1080p, 4K"),
        ({"size": "480x480"}, "size is 480x480; google/veo-3.1-fast makes 1280x720, 720x1280"),
        ({"aspect_ratio": "1:1"}, "aspect_ratio is 1:1; google/veo-3.1-fast makes 16:9, 9:16"),
        (
            {"model": "minimax/hailuo-2.3", "size": "1080p", "aspect_ratio": "1:1", "last_frame": URL},
            "minimax/hailuo-2.3 makes 16:9; a last_frame is given; minimax/hailuo-2.3 takes first_frame",
        ),
    ],
)
async def test_what_the_list_of_models_does_not_have_is_refused_before_it_is_paid(
    options: dict[str, Any], said: str
) -> None:
    error, sim = await failed("openrouter", **options)
    assert (paths(sim), error.error_info["kind"]) == ([LISTED], "invalid_request")
    assert said in error.error


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        ({"model": "alibaba/wan-2.7", "duration": 3}, 1),
        ({"model": "openai/sora-2-pro", "size": "1024x1792", "input_images": PNG}, 1),  # null: not said
        ({"model": "some/new-one", "duration": 30, "size": "2K"}, 1),
        ({"model": "kwaivgi/kling-v3.0-std", "duration": 3}, 0),
        ({"seed": 1, "input_images": PNG}, 0),
        ({"model": "alibaba/wan-2.7", "duration": 3, "input_videos": mp4(16, 16, 1)}, 0),
    ],
)
async def test_the_list_is_asked_once_and_only_when_it_alone_knows(options: dict[str, Any], asked: int) -> None:
    async with Simulator() as sim:
        await read(made(sim, **options))
        assert paths(sim)[: asked + 1] == [*[LISTED] * asked, BEGIN]
        assert paths(sim).count(LISTED) == asked


@pytest.mark.parametrize("fault", ["500", "404", "cut;after=40", "html;code=200", "json;code=200"])
async def test_a_list_that_cannot_be_read_is_told_and_stops_nothing(fault: str) -> None:
    async with Simulator(None, [fault]) as sim:
        chunks = await read(made(sim, size="720p"))
        assert paths(sim)[:2] == [LISTED, BEGIN]
    assert len(finals(chunks)) == 1
    told = "openrouter: OpenRouter's list of video models cannot be read, so what is asked for was not checked"
    assert [one.startswith(told) for one in details(chunks, "warning")] == [True]


async def test_a_file_of_another_kind_is_refused() -> None:
    error, sim = await failed("openrouter", input_images=b"%PDF-1.7 no picture")
    assert (error.error_info["kind"], sim.requests) == ("media", [])


@pytest.mark.parametrize(
    ("fault", "kind", "said"),
    [
        ("error;code=x;message=Blocked by content policy.", "content_filter", "Blocked by content policy."),
        ("error;code=x;message=Out of memory", "unknown", "Out of memory"),
        ("error;code=cancelled;message=Stopped", "cancelled", "Stopped"),
        ("error;code=expired;message=Too old", "not_found", "Too old"),
    ],
)
async def test_jobs_that_fail(tmp_path: Path, fault: str, kind: str, said: str) -> None:
    error, sim = await failed("openrouter", model=f"simulator/fault:{fault}", output_dir=tmp_path)
    assert (error.error_info["kind"], error.error) == (kind, said)
    assert (paths(sim).count(BEGIN), names(tmp_path)) == (1, [])
