"""ElevenLabs' music and sound effects, through its SDK, against the simulator."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.simulator import Simulator, cut, raw, refuse, stall

from ...elevenlabs import last, left, made, sdk
from ...hearing import heard, segments
from ...reading import data, details, finals, names, of_type, read, stored
from .test_speech import PROTOCOL

pytestmark = pytest.mark.anyio
PLAN = {
    "positive_global_styles": ["folk"],
    "negative_global_styles": [],
    "sections": [
        {
            "section_name": "Verse",
            "positive_local_styles": [],
            "negative_local_styles": [],
            "duration_ms": 4000,
            "lines": ["the sea goes in", "the sea goes out"],
        }
    ],
}
DETAILED = {"detailed": True}


def song(sim: Simulator, **options: Any) -> Any:
    return made(sim, **{"prompt": "a song of the sea", "audio_type": "music", **options})


async def test_music_comes_in_segments(tmp_path: Path) -> None:
    async with Simulator() as sim:
        chunks = await read(song(sim, duration=3.5, instrumental=True, output_dir=tmp_path))
        sent = last(sim)
    assert (sent.path, sent.query) == ("/v1/music/stream", {})
    assert sent.json == {
        "prompt": "a song of the sea",
        "model_id": "music_v2_5",
        "music_length_ms": 3500,
        "force_instrumental": True,
    }
    (final,) = finals(chunks)
    assert (final.media_metadata.mime_type, final.text_content) == ("audio/mpeg", None)
    codec, seconds = heard(stored(final.path))
    assert codec == "mp3float"
    assert seconds == pytest.approx(3.5, abs=0.5)
    assert len(segments(chunks)) > 1


async def test_details_come_before_the_sound_as_they_come() -> None:
    async with Simulator() as sim:
        chunks = await read(song(sim, duration=3, extra_params={"with_timestamps": True, "store_for_inpainting": True}))
        assert last(sim).path == "/v1/music/detailed/stream"
        assert last(sim).json["with_timestamps"] is last(sim).json["store_for_inpainting"] is True
    plan, metadata, *rest = segments(chunks)
    assert (plan.media_data, plan.provider_data[PROTOCOL].keys()) == (b"", {"composition_plan"})
    assert metadata.provider_data[PROTOCOL]["song_metadata"]["title"] == "A Song Of"
    assert data(chunks) == b"".join(one.media_data for one in rest)
    words = finals(chunks)[0].provider_data["transcript"]["words"]
    assert [word["text"] for word in words] == ["a", "song", "of", "the", "sea"]
    assert words[-1]["end_seconds"] == 3


async def test_details_alone() -> None:
    async with Simulator() as sim:
        chunks = await read(song(sim, extra_params=DETAILED))
        assert (last(sim).path, "detailed" in last(sim).json) == ("/v1/music/detailed/stream", False)
    assert finals(chunks)[0].provider_data is None
    assert "composition_plan" in segments(chunks)[0].provider_data[PROTOCOL]


async def test_a_composition_says_it_all() -> None:
    async with Simulator() as sim:
        options = {"composition": PLAN, "seed": 5, "duration": 9, "instrumental": False, "model": "music_v1"}
        chunks = await read(song(sim, output_format="pcm", **options))
        assert last(sim).json == {"composition_plan": PLAN, "seed": 5, "model_id": "music_v1"}
        assert last(sim).query == {"output_format": "pcm_24000"}
    why = "is left out, since the composition says it"
    assert details(chunks, "loss") == [f"elevenlabs: {name} {why}" for name in ("duration", "instrumental", "prompt")]
    (final,) = finals(chunks)
    assert final.media_metadata.mime_type == "audio/pcm;rate=24000"  # how many channels it has is not documented


@pytest.mark.parametrize(
    ("options", "prompt"),
    [
        ({"lyrics": "Sea, oh sea"}, "a song of the sea\n\nLyrics:\nSea, oh sea"),
        ({"lyrics": "Sea, oh sea", "prompt": "", "audio_type": None}, "Lyrics:\nSea, oh sea"),
    ],
)
async def test_lyrics_are_part_of_the_prompt(options: dict[str, Any], prompt: str) -> None:
    async with Simulator() as sim:
        chunks = await read(song(sim, output_format="pcm", seed=1, **options))
        assert last(sim).json == {"prompt": prompt, "model_id": "music_v2_5"}
    assert finals(chunks)[0].text_content == "Sea, oh sea"
    assert details(chunks, "loss") == ["elevenlabs: seed is left out, since it goes with a composition alone"]


async def test_the_request_is_that_of_the_sdk() -> None:
    async with Simulator() as sim, sdk(sim) as client:
        await read(song(sim, composition=PLAN, prompt="", seed=5, quality="pcm_24000", extra_params=DETAILED))
        given: dict[str, Any] = {"composition_plan": PLAN, "seed": 5, "model_id": "music_v2_5"}
        async for _ in client.music.compose_detailed_stream(output_format="pcm_24000", **given):
            pass
        ours, theirs = sim.requests
    assert (ours.path, ours.query, ours.json) == (theirs.path, theirs.query, theirs.json)


def event(name: str, content: Any) -> bytes:
    return b"data: " + json.dumps({"event": name, "data": content}).encode() + b"\n\n"


async def test_a_song_without_its_end_is_cut_although_the_body_ends_in_order(tmp_path: Path) -> None:
    body = event("song_metadata", {"title": "Sea"}) + event("audio_chunk", b64encode(b"ID3" + bytes(90)).decode())
    async with Simulator([[raw(body)], [raw(body), raw(event("completion", {}))]]) as sim:
        options = {"extra_params": DETAILED, "output_path": tmp_path / "a.mp3"}
        chunks = await read(song(sim, **options))
        assert (of_type(chunks, "error")[0].error_info["code"], names(tmp_path)) == ("truncated", [])
        assert (chunks[-1].finish_reason, len(sim.requests)) == ("incomplete", 1)
        assert data(await read(song(sim, **options))) == b"ID3" + bytes(90)


async def test_a_refused_song_says_what_it_could_be() -> None:
    async with Simulator([refuse(400, "No Beatles.", code="bad_prompt")]) as sim:
        (error,) = of_type(await read(song(sim)), "error")
    assert (error.error_info["kind"], error.error_info["raw"]["detail"]["status"]) == ("content_filter", "bad_prompt")


@pytest.mark.parametrize("params", [{}, DETAILED])
async def test_music_that_breaks_off(tmp_path: Path, params: dict[str, Any]) -> None:
    sound = b"ID3" + bytes(2000)
    body = raw(event("audio_chunk", b64encode(sound).decode()) if params else sound)
    async with Simulator([[body, cut()]]) as sim:
        chunks = await read(song(sim, output_path=tmp_path / "a.mp3", extra_params=params))
    assert (names(tmp_path), chunks[-1].finish_reason, finals(chunks)) == ([], "incomplete", [])


@pytest.mark.parametrize("missing", [0, 1])
async def test_a_connection_that_breaks_at_the_documented_end_breaks_nothing(tmp_path: Path, missing: int) -> None:
    whole = event("audio_chunk", b64encode(b"ID3" + bytes(2000)).decode()) + event("completion", {})
    async with Simulator([[raw(whole[: len(whole) - missing]), cut()]]) as sim:
        chunks = await read(song(sim, output_path=tmp_path / "a.mp3", extra_params=DETAILED))
    assert (names(tmp_path), chunks[-1].finish_reason, len(finals(chunks))) == (["a.mp3"], "stop", 1)


@pytest.mark.parametrize("leave", ["cancel", "break", "task"])
async def test_leaving_closes_the_connection_and_leaves_no_file(tmp_path: Path, leave: str) -> None:
    body = raw(event("audio_chunk", b64encode(b"ID3" + bytes(2000)).decode()))
    async with Simulator([[body, stall()]]) as sim:
        stream = song(sim, output_path=tmp_path / "a.mp3", extra_params=DETAILED)
        await left(sim, stream, leave, "media", tmp_path)


@pytest.mark.parametrize(
    ("options", "asked", "mime_type"),
    [
        ({"output_format": "wav"}, {"output_format": "wav_24000"}, "audio/wav"),
        ({}, {}, "audio/mpeg"),
        ({"output_format": "opus"}, {"output_format": "opus_48000_128"}, "audio/ogg"),
    ],
)
async def test_a_sound_effect(tmp_path: Path, options: dict[str, Any], asked: dict[str, str], mime_type: str) -> None:
    async with Simulator() as sim, sdk(sim) as client:
        given: dict[str, Any] = {"prompt": "a door", "audio_type": "sfx", "duration": 1.5, "guidance_scale": 0.0}
        chunks = await read(made(sim, output_dir=tmp_path, extra_params={"loop": True}, **given, **options))
        arguments: dict[str, Any] = {"text": "a door", "duration_seconds": 1.5, "prompt_influence": 0.0, "loop": True}
        stream = client.text_to_sound_effects.convert(model_id="eleven_text_to_sound_v2", **arguments, **asked)
        assert len(b"".join([piece async for piece in stream])) == len(data(chunks))
        ours, theirs = sim.requests
    assert (ours.path, ours.query, ours.json) == (theirs.path, theirs.query, theirs.json)
    (final,) = finals(chunks)
    assert final.media_metadata.mime_type == mime_type
    assert heard(stored(final.path))[1] == pytest.approx(1.5, abs=0.5)
