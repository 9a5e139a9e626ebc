"""xAI's videos, against the simulator: begun, looked at, downloaded."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.errors import ConfigurationError
from massgen_stream.generation import collect_media, explain_media, generate_media
from massgen_stream.generation.continuations import Continuations
from massgen_stream.generation.registry import DEFAULT_MODELS
from massgen_stream.media.probing import probe
from massgen_stream.simulator import Simulator
from massgen_stream.simulator.vendors.grok import imagining
from massgen_stream.stream_chunk.kinds import MediaType

from ....simulator.polling import until
from ...fakes import PNG, instruments
from ...grok import KEY, made, sdk
from ...reading import data, details, finals, names, of_type, read, stored

pytestmark = pytest.mark.anyio
MODEL, EDITOR = "grok-imagine-video-1.5", "grok-imagine-video"
IMAGE, VIDEO = "https://example.org/a.png", "https://example.org/a.mp4"
START, LOOK = "/xai_api.Video/GenerateVideo", "/xai_api.Video/GetDeferredVideo"
EXTEND = "/xai_api.Video/ExtendVideo"


def paths(sim: Simulator) -> list[str]:
    return [request.path for request in sim.requests]


async def failed(faults: Any = None, **options: Any) -> tuple[Any, Simulator]:
    """Return the error that a stream ends with."""
    async with Simulator(faults=faults) as sim:
        chunks = await read(made(sim, mode="video", **options))
    (error,) = of_type(chunks, "error")
    assert finals(chunks) == []
    return error, sim


def test_it_is_registered() -> None:
    assert DEFAULT_MODELS["grok"][MediaType.VIDEO] == MODEL
    lines = explain_media(mode="video", environ={"XAI_API_KEY": "k"})
    assert [line for line in lines if line.startswith("grok")] == [
        f"grok: chosen, with {MODEL}",
        f"grok (xAI Grok, {EDITOR}): able, but comes later",
    ]
    edits = explain_media(mode="video", environ={"XAI_API_KEY": "k"}, input_videos=VIDEO)
    assert edits[:2] == [f"grok (xAI Grok, {MODEL}): it does not know input_videos", f"grok: chosen, with {EDITOR}"]
    several = {"XAI_API_KEY": "k", "GEMINI_API_KEY": "k", "OPENAI_API_KEY": "k"}
    assert explain_media(mode="video", environ=several)[0].startswith("grok: chosen")


async def test_a_video(tmp_path: Path) -> None:
    async with Simulator(api_key=KEY) as sim:
        stream = made(sim, mode="video", duration=3, aspect_ratio="9:16", output_path=tmp_path / "a.mp4")
        chunks = await read(stream)
        cost: Any = await stream.cost()
    (final,) = finals(chunks)
    assert data(chunks) == stored(tmp_path / "a.mp4")
    seen = (await probe(tmp_path / "a.mp4")).metadata
    assert (seen.mime_type, seen.width, seen.height, seen.duration_seconds) == ("video/mp4", 144, 256, 3.0)
    assert (final.media_metadata.duration_seconds, final.path) == (3.0, str(tmp_path / "a.mp4"))
    assert cost.usd == pytest.approx(0.15)
    assert [path.rpartition("/")[2] for path in paths(sim)][-1].endswith(".mp4")


async def test_the_percentage_is_that_of_xai_and_the_job_is_told() -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, mode="video"))
    progress = of_type(chunks, "media_progress")
    running = [one for one in progress if one.stage == "running"]
    assert progress[0].stage == "queued"
    assert [one.progress_percentage for one in running] == [0, 25, 50, 75]
    request_id = sim.requests[1].json["request_id"]
    handle = {"provider": "grok", "generator": "GrokVideos", "media_type": "video", "model": MODEL, "id": request_id}
    assert progress[0].job == {**handle, "media_id": progress[0].media_id, "prompt": "a lighthouse"}
    loading = [one for one in progress if one.stage == "downloading"]
    assert loading[-1].bytes_transferred == loading[-1].total_bytes == len(data(chunks))
    assert loading[-1].progress_percentage == 100
    assert {one.media_id for one in progress} == {finals(chunks)[0].media_id}
    assert paths(sim)[:6] == [START, *[LOOK] * 5]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({}, {}),
        ({"duration": 15, "size": "1080p"}, {"duration": 15, "resolution": "1080p"}),
        ({"input_images": IMAGE, "aspect_ratio": "2:3"}, {"image_url": IMAGE, "aspect_ratio": "2:3"}),
        (
            {"input_images": {"file_id": "f-1"}, "last_frame": IMAGE},
            {"image_file_id": "f-1", "last_frame_url": IMAGE},
        ),
        (
            {"reference_images": [IMAGE, IMAGE], "generate_audio": False},
            {"reference_image_urls": [IMAGE, IMAGE], "generate_audio": False},
        ),
        (
            {"keyframes": [{"image": IMAGE, "timestamp": 2}]},
            {"keyframes": [{"image_url": IMAGE, "timestamp": 2.0}]},
        ),
        ({"input_videos": VIDEO}, {"video_url": VIDEO}),
        ({"input_videos": {"file_id": "f-2"}, "edit_mode": "edit"}, {"video_file_id": "f-2"}),
        ({"input_videos": VIDEO, "model": MODEL}, {"video_url": VIDEO, "model": MODEL}),
    ],
)
async def test_the_request_is_that_of_the_sdk(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    async with Simulator(knows=["f-?"]) as sim, sdk(sim) as client:
        await read(made(sim, mode="video", **ours))
        model = EDITOR if "input_videos" in ours else MODEL
        await client.video.start("a lighthouse", **{"model": model, **theirs})
    assert (sim.requests[0].path, sim.requests[0].body) == (START, sim.requests[-1].body)


async def test_an_extension() -> None:
    async with Simulator() as sim, sdk(sim) as client:
        given = {"input_videos": VIDEO, "edit_mode": "extend", "duration": 10, "size": "720p"}
        chunks = await read(made(sim, mode="video", **given))
        await client.video.extend_start("a lighthouse", EDITOR, VIDEO, duration=10)
    assert sim.requests[0].path == "/xai_api.Video/ExtendVideo" == sim.requests[-1].path
    assert sim.requests[0].body == sim.requests[-1].body
    assert details(chunks, "info") == ["grok: the video is extended"]
    assert details(chunks, "loss") == ["grok: size is left out, since the video that is extended says it"]


async def test_what_is_told_before_is_told_once() -> None:
    async with Simulator(faults=["503"]) as sim:
        chunks = await read(made(sim, mode="video", input_videos=VIDEO))
    assert details(chunks, "info") == ["grok: the video is edited"]
    assert (len(details(chunks, "retry")), len(finals(chunks))) == (1, 1)


async def test_a_voice_of_xai() -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, mode="video", reference_images=PNG, voice="ara", policy="strict"))
        body = sim.requests[0].json
        older = await read(made(sim, mode="video", model=EDITOR, voice="ara"))
        alone = await read(made(sim, mode="video", voice="ara"))
    assert body["reference_audios"] == [{"voice_id": "ara"}]
    assert len(finals(chunks)) == 1
    assert details(older, "loss") == [f"grok: voice is left out, since {EDITOR} has no such option"]
    assert details(alone, "loss") == ["grok: voice is left out, since it goes with reference_images"]


async def test_an_edited_video_keeps_its_length_and_shape() -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, mode="video", input_videos=VIDEO, duration=5, aspect_ratio="1:1", size="480p"))
    assert details(chunks, "info") == ["grok: the video is edited"]
    assert [line.split()[1] for line in details(chunks, "loss")] == ["duration", "aspect_ratio", "size"]
    assert sim.requests[0].json.keys() == {"prompt", "model", "video"}


async def test_a_video_is_edited_and_extended_by_its_id(tmp_path: Path) -> None:
    store = Continuations(tmp_path / "c.sqlite")
    async with Simulator() as sim:
        (first,) = finals(await read(made(sim, mode="video", duration=2, continuations=store)))
        place = sim.requests[-1].path
        assert first.continuation_id.startswith("grok_vid_")
        store.close()
        restarted = Continuations(tmp_path / "c.sqlite")
        for mode, method, done in ((None, START, "edited"), ("edit", START, "edited"), ("extend", EXTEND, "extended")):
            before = len(sim.requests)
            given = {"continue_from": first.continuation_id, "prompt": "at night", "edit_mode": mode, "duration": 3}
            chunks = await read(made(sim, mode="video", continuations=restarted, **given))
            sent = sim.requests[before]
            assert sent.path == method
            assert sent.json["model"] == EDITOR
            assert sent.json["video"]["url"].endswith(place)
            assert details(chunks, "info") == [f"grok: the video is {done}"]
            why = "is left out, since the video that is edited says it"
            assert details(chunks, "loss") == ([] if mode == "extend" else [f"grok: duration {why}"])
            (last,) = finals(chunks)
            assert last.continuation_id not in (None, first.continuation_id)
        restarted.close()


async def test_a_stored_video_is_continued_by_its_file() -> None:
    stored_as = {"storage_options": {"filename": "a.mp4"}}
    async with Simulator() as sim:
        (first,) = finals(await read(made(sim, mode="video", extra_params=stored_as)))
        file_id = first.provider_data["grok"]["file_output"]["file_id"]
        before = len(sim.requests)
        await read(made(sim, mode="video", continue_from=first.continuation_id))
        assert sim.requests[before].json["video"] == {"file_id": file_id}


async def test_a_stored_video_is_known_as_long_as_it_is_stored(tmp_path: Path) -> None:
    now = [1_800_000_000.0]
    store = Continuations(tmp_path / "c.sqlite", wall_clock=lambda: now[0])
    stored_as = {"storage_options": {"filename": "a.mp4", "expires_after": 3600}}
    tools = instruments()._replace(wall_clock=lambda: now[0])
    async with Simulator(clock=lambda: now[0]) as sim:
        given = {"mode": "video", "continuations": store, "instruments": tools}
        (first,) = finals(await read(made(sim, extra_params=stored_as, **given)))
        now[0] += 3599
        assert (await store.find(first.continuation_id, "grok")).keys() == {"file_id"}
        now[0] += 1
        before = len(sim.requests)
        error = of_type(await read(made(sim, continue_from=first.continuation_id, **given)), "error")[0]
        assert "has expired at the vendor; give the medium as an input" in error.error
        assert len(sim.requests) == before
    store.close()


async def test_an_id_that_is_not_known() -> None:
    error, sim = await failed(continue_from="grok_vid_0123456789ab")
    assert (error.error_info["kind"], sim.requests) == ("invalid_request", [])
    assert "is not known here" in error.error


def test_a_continued_video_is_the_older_models_work() -> None:
    lines = explain_media("a", "video", environ={"XAI_API_KEY": "k"}, continue_from="grok_vid_0123456789ab")
    assert [line for line in lines if line.startswith("grok")] == [
        f"grok (xAI Grok, {MODEL}): it makes new videos, and changes none",
        f"grok: chosen, with {EDITOR}",
    ]


async def test_files_go_as_data_urls(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    async with Simulator() as sim:
        await read(made(sim, mode="video", input_images=tmp_path / "a.png"))
    assert sim.requests[0].json["image"]["image_url"].startswith("data:image/png;base64,iVBORw0KGgo")


async def test_a_film_goes_as_a_data_url(tmp_path: Path) -> None:
    async with Simulator() as sim:
        await read(made(sim, mode="video", duration=1, output_path=tmp_path / "a.mp4"))
        before = len(sim.requests)
        await read(made(sim, mode="video", input_videos=tmp_path / "a.mp4"))
    kind, _, encoded = sim.requests[before].json["video"]["url"].partition(",")
    assert (kind, b64decode(encoded)) == ("data:video/mp4;base64", stored(tmp_path / "a.mp4"))


@pytest.mark.parametrize("option", ["input_images", "reference_images", "last_frame", "keyframes", "input_videos"])
@pytest.mark.parametrize("data", [b"the words of a letter", b"%PDF-1.7 0123456789", None])
async def test_nothing_but_pictures_and_films_is_sent(option: str, data: bytes | None, tmp_path: Path) -> None:
    other = PNG if option == "input_videos" else b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"
    (tmp_path / "secret").write_bytes(other if data is None else data)
    given: Any = str(tmp_path / "secret")
    error, sim = await failed(**{option: {"image": given, "timestamp": 0} if option == "keyframes" else given})
    assert (error.error_info["kind"], sim.requests) == ("media", [])
    assert ", which is not one of " in error.error


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"duration": 16}, "duration is 16 s"),
        ({"duration": 0.5}, "duration is 0.5 s"),
        ({"duration": 11, "edit_mode": "extend", "input_videos": VIDEO}, "duration is 11 s"),
        ({"size": "4K"}, "size is 4K; it takes 480p, 720p, 1080p"),
        ({"aspect_ratio": "21:9"}, "aspect_ratio is 21:9"),
        ({"input_videos": VIDEO, "input_images": IMAGE}, "does not know input_videos .* does not know input_images"),
        ({"input_images": [IMAGE, IMAGE]}, "at most 1"),
        ({"edit_mode": "remix", "input_videos": VIDEO}, "edit_mode is remix; it takes edit, extend"),
        ({"edit_mode": "extend"}, "edit_mode extend needs a video: give input_videos or continue_from"),
        ({"input_videos": [VIDEO, VIDEO]}, "2 videos; it takes one"),
        ({"input_videos": VIDEO, "continue_from": "grok_vid_1"}, "2 videos; it takes one"),
        ({"keyframes": [{"image": IMAGE, "timestamp": 1}] * 5}, "5 keyframes; it takes at most 4"),
        ({"continue_from": "grok_vid_1", "input_images": IMAGE}, "does not know input_images"),
        ({"continue_from": "grok_img_1"}, "no medium that can be continued"),
        ({"keyframes": [{"image": IMAGE}]}, r"keyframes\[0\] needs an image and a timestamp"),
    ],
)
def test_what_it_cannot_do_is_refused_at_the_call(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        generate_media("a", "video", backend_type="grok", api_key=KEY, environ={}, **options)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"extra_params": {"colour": "red"}}, "colour"),
    ],
)
async def test_what_cannot_be_sent_is_an_error(options: dict[str, Any], said: str) -> None:
    error, sim = await failed(**options)
    assert (error.error_info["kind"], sim.requests) == ("invalid_request", [])
    with pytest.raises(ConfigurationError, match=said):
        raise ConfigurationError(error.error)


async def test_looks_that_fail_are_repeated_and_the_job_is_paid_once() -> None:
    async with Simulator(faults=[None, "503", "cut;how=reset", None, "429", "500"]) as sim:
        chunks = await read(made(sim, mode="video"))
    assert len(finals(chunks)) == 1
    assert paths(sim).count(START) == 1
    logs = [one.log for one in of_type(chunks, "media_progress") if one.log]
    assert len(logs) in (4, 5)  # after a reset, the channel may fail once more before it is open again
    assert all(log.startswith("a look at the job failed: ") for log in logs)


async def test_a_look_that_takes_too_long_is_repeated() -> None:
    async with Simulator(faults=[None, "silence"]) as sim:
        chunks = await read(made(sim, mode="video", read_timeout=0.2))
    (log,) = [one.log for one in of_type(chunks, "media_progress") if one.log]
    assert "within read_timeout (0.2 s)" in log
    assert len(finals(chunks)) == 1


async def test_a_video_without_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imagining.Imagining, "_stored", lambda *_: {"url": ""})
    error, _ = await failed()
    assert (error.error_info["kind"], error.error) == ("protocol", "malformed event: a video without its address")


async def test_pauses_grow_while_looks_fail() -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    tools = instruments()._replace(sleep=sleep)
    async with Simulator(faults=[None, *["503"] * 5]) as sim:
        await read(made(sim, mode="video", instruments=tools))
    assert pauses == [1, 2, 4, 8, 16]  # the job goes on meanwhile, and is there


async def test_looks_that_never_succeed_are_an_error(tmp_path: Path) -> None:
    error, sim = await failed([None, *["503"] * 20], output_dir=tmp_path)
    assert error.error_info["kind"] == "overloaded"
    assert paths(sim) == [START, *[LOOK] * 7]
    assert names(tmp_path) == []


async def test_a_look_that_is_refused_is_not_repeated() -> None:
    error, sim = await failed([None, "404"])
    assert (error.error_info["kind"], len(sim.requests)) == ("not_found", 2)


@pytest.mark.parametrize(
    ("code", "kind", "said"),
    [
        ("internal_error", "server", "The simulator was asked to fail"),
        ("invalid_argument", "invalid_request", "The simulator was asked to fail"),
        ("expired", "not_found", "has expired; start it again"),
        ("moderation", "content_filter", "moderation has withheld the video"),
    ],
)
async def test_jobs_that_fail(code: str, kind: str, said: str, tmp_path: Path) -> None:
    error, sim = await failed(model=f"simulator/fault:error;code={code}", output_dir=tmp_path)
    assert error.error_info["kind"] == kind
    assert said in error.error
    assert (paths(sim).count(START), names(tmp_path)) == (1, [])


async def test_what_becomes_of_a_stored_video() -> None:
    async with Simulator() as sim:
        (final,) = finals(await read(made(sim, mode="video", extra_params={"storage_options": {"filename": "a.mp4"}})))
        chunks = await read(made(sim, mode="video", extra_params={"storage_options": {"filename": "a/b"}}))
    file = final.provider_data["grok"]["file_output"]
    assert (file["file_id"][:9], file["filename"]) == ("file_sim_", "a.mp4")
    assert details(chunks, "warning") == ["xAI has not stored the video: The filename is not valid."]


@pytest.mark.parametrize(("fault", "kind"), [("401", "authentication"), ("400", "invalid_request")])
async def test_a_start_that_is_refused(fault: str, kind: str) -> None:
    error, sim = await failed([fault])
    assert (error.error_info["kind"], paths(sim)) == (kind, [START])


async def test_a_start_that_fails_is_repeated() -> None:
    async with Simulator(faults=["503"]) as sim:
        assert len(finals(await read(made(sim, mode="video")))) == 1
    assert paths(sim)[:2] == [START, START]


async def test_a_download_that_fails_leaves_no_file(tmp_path: Path) -> None:
    error, _ = await failed([*[None] * 6, "404"], output_path=tmp_path / "a.mp4")
    assert error.error_info["kind"] == "not_found"
    assert names(tmp_path) == []


async def test_a_download_that_breaks_goes_on(tmp_path: Path) -> None:
    async with Simulator(faults=[*[None] * 6, "cut;after=100000"]) as sim:
        chunks = await read(made(sim, mode="video", duration=3, output_path=tmp_path / "a.mp4"))
    assert stored(tmp_path / "a.mp4") == data(chunks)
    assert sim.requests[-1].headers["range"] == "bytes=100000-"


async def test_cancelling_stops_the_looks(tmp_path: Path) -> None:
    looked = asyncio.Event()

    async def sleep(_: float) -> None:
        looked.set()
        await asyncio.Event().wait()

    tools = instruments()._replace(sleep=sleep)
    async with Simulator() as sim:
        reading = asyncio.ensure_future(
            read(made(sim, mode="video", instruments=tools, output_path=tmp_path / "a.mp4"))
        )
        await asyncio.wait_for(looked.wait(), 5)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        await until(lambda: sim.connections() == 0)
    assert paths(sim) == [START, LOOK]
    assert names(tmp_path) == []


async def test_the_result_alone(tmp_path: Path) -> None:
    async with Simulator() as sim:
        given = {"api_key": KEY, "base_url": sim.url("grok"), "instruments": instruments(), "output_dir": tmp_path}
        result = await collect_media("a", "video", backend_type="grok", duration=2, **given)
    assert (result.success, result.media_type, result.model_used) == (True, "video", MODEL)
    assert result.duration_seconds == 2
    assert result.file_size_bytes == len(stored(str(result.output_path)))
