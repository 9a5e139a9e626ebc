"""OpenAI's speech, through its SDK, against the simulator."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import openai
import pytest
from openai.types.audio import SpeechCreateParams

from massgen_stream.errors import ConfigurationError, MissingKey
from massgen_stream.generation import explain_media, generate_media
from massgen_stream.generation.registry import DEFAULT_MODELS
from massgen_stream.simulator import Simulator, cut, raw, refuse, stall
from massgen_stream.simulator.answers.spoken import speech
from massgen_stream.stream_chunk.kinds import MediaType

from ....simulator.polling import until
from ...hearing import heard, segments
from ...leaving import left
from ...openai import KEY, last, made
from ...reading import data, details, finals, names, of_type, read, stored

pytestmark = pytest.mark.anyio
MODEL = "gpt-4o-mini-tts"
SSE = {"stream_format": "sse"}
WORDS = "The lighthouse is lit. Who keeps it?"


def spoken(sim: Simulator, **options: Any) -> Any:
    return made(sim, "audio", **{"prompt": WORDS, **options})


def test_it_is_registered() -> None:
    assert DEFAULT_MODELS["openai"][MediaType.AUDIO] == MODEL
    environ = {"OPENAI_API_KEY": "k"}
    assert f"openai: chosen, with {MODEL}" in explain_media("a", "audio", environ=environ)
    assert "openai: chosen, with tts-1-hd" in explain_media("a", "audio", environ=environ, model="tts-1-hd")
    assert not any(
        "openai: chosen" in line for line in explain_media("a", "audio", environ=environ, audio_type="music")
    )
    with pytest.raises(MissingKey, match="set OPENAI_API_KEY"):
        generate_media("a", "audio", backend_type="openai", environ={})


@pytest.mark.parametrize(
    ("form", "codec", "mime_type"),
    [
        (None, "mp3float", "audio/mpeg"),
        ("mp3", "mp3float", "audio/mpeg"),
        ("opus", "opus", "audio/ogg"),
        ("aac", "aac", "audio/aac"),
        ("flac", "flac", "audio/flac"),
        ("wav", "pcm_s16le", "audio/wav"),
    ],
)
async def test_sound_comes_in_segments(tmp_path: Path, form: str | None, codec: str, mime_type: str) -> None:
    async with Simulator(api_key=KEY) as sim:
        chunks = await read(spoken(sim, output_format=form, output_dir=tmp_path))
        sent = last(sim)
        await until(lambda: sim.connections() == 0)
    asked = {} if form is None else {"response_format": form}
    assert (sent.path, sent.json) == (
        "/v1/audio/speech", {"model": MODEL, "input": WORDS, "voice": "alloy", **asked}
    )  # fmt: skip
    assert len(segments(chunks)) > 1
    (final,) = finals(chunks)
    assert (final.media_metadata.mime_type, final.text_content) == (mime_type, WORDS)
    sound = stored(final.path)
    assert sound == data(chunks)
    found, seconds = heard(sound)
    assert found.startswith(codec.removesuffix("float"))
    assert seconds == pytest.approx(heard(b"".join(speech(WORDS, "wav")))[1], abs=0.1)
    assert details(chunks, "loss") == []
    assert details(chunks, "warning")[0].startswith(f"model {MODEL}: will be shut down on 2027-01-06")
    assert chunks[-1].finish_reason == "stop"


async def test_samples_are_described() -> None:
    async with Simulator() as sim:
        chunks = await read(spoken(sim, output_format="pcm", speed=2))
        assert last(sim).json["speed"] == 2
    metadata = finals(chunks)[0].media_metadata
    assert (metadata.mime_type, metadata.sample_rate, metadata.channels) == ("audio/pcm", 24_000, 1)
    assert data(chunks) == b"".join(speech(WORDS, speed=2))
    assert segments(chunks)[0].media_metadata.sample_rate == 24_000


async def test_sound_that_its_bytes_do_not_show_is_what_was_asked_for() -> None:
    async with Simulator([[raw(b"\0\x80\xff\1" * 20)]]) as sim:
        chunks = await read(spoken(sim, output_format="aac"))
    assert segments(chunks)[0].media_metadata.mime_type == "audio/aac"


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        ({"voice": "marin"}, {"voice": "marin"}),
        ({"voice": "voice_1234"}, {"voice": {"id": "voice_1234"}}),
        ({"instructions": "Softly."}, {"voice": "alloy", "instructions": "Softly."}),
        ({"speed": 0.25, "model": "tts-1"}, {"voice": "alloy", "speed": 0.25, "model": "tts-1"}),
        ({"audio_type": "speech"}, {"voice": "alloy"}),
        ({"extra_params": {"new": 1}}, {"voice": "alloy", "new": 1}),
    ],
)
async def test_parameters(options: dict[str, Any], sent: dict[str, Any]) -> None:
    async with Simulator() as sim:
        chunks = await read(spoken(sim, **options))
        assert last(sim).json == {"model": MODEL, "input": WORDS, **sent}
    assert sent.keys() - {"new"} <= SpeechCreateParams.__annotations__.keys()
    assert details(chunks, "loss") == []
    assert len(finals(chunks)) == 1


async def test_what_a_model_does_not_take_is_told() -> None:
    async with Simulator() as sim:
        chunks = await read(spoken(sim, model="tts-1-hd", instructions="Softly.", seed=3))
        assert "instructions" not in last(sim).json
    assert details(chunks, "loss") == [
        "openai: seed is left out, since it has no such option",
        "openai: instructions is left out, since tts-1-hd takes none",
    ]


async def test_sound_in_events_tells_its_usage() -> None:
    async with Simulator() as sim:
        chunks = await read(spoken(sim, output_format="wav", extra_params=SSE))
        assert last(sim).json["stream_format"] == "sse"
    assert len(segments(chunks)) > 1
    assert data(chunks) == b"".join(speech(WORDS, "wav"))
    assert finals(chunks)[0].text_content == WORDS
    assert chunks[-1].usage["input_tokens"] == 9
    assert chunks[-1].usage_source == "reported"


@pytest.mark.parametrize("how", ["end", "close"])
async def test_events_that_stop_too_early_leave_no_file(tmp_path: Path, how: str) -> None:
    async with Simulator(faults=[f"cut;after=40000;how={how}"]) as sim:
        chunks = await read(spoken(sim, output_format="wav", extra_params=SSE, output_path=tmp_path / "a.wav"))
        assert len(sim.requests) == 1
    assert segments(chunks)
    assert (finals(chunks), names(tmp_path), chunks[-1].finish_reason) == ([], [], "incomplete")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"prompt": "a" * 4097}, "the text has 4097 characters; it speaks at most 4096 at a time"),
        ({"speed": 4.5}, "speed is 4.5; it speaks at 0.25 to 4"),
        ({"speed": 0.2}, "speed is 0.2; it speaks at 0.25 to 4"),
        ({"audio_type": "music"}, "audio_type is music; it takes speech"),
        ({"output_format": "png"}, "output_format png is none of audio; give mp3"),
        ({"input_audios": b"x"}, "it does not know input_audios"),
        ({"lyrics": "la"}, "it does not know lyrics"),
        ({"model": "tts-1-hd", "extra_params": SSE}, "stream_format is sse; tts-1-hd sends no events"),
    ],
)
def test_what_cannot_be_is_refused_at_the_call(options: dict[str, Any], said: str) -> None:
    given = {"prompt": "a", **options}
    with pytest.raises(ConfigurationError) as refused:
        generate_media(mode="audio", backend_type="openai", api_key="k", environ={}, **given)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "moderation_blocked", "content_filter"),
        (400, None, "invalid_request"),
        (401, None, "authentication"),
        (429, "insufficient_quota", "quota"),
    ],
)
async def test_what_the_host_refuses(tmp_path: Path, status: int, code: str | None, kind: str) -> None:
    async with Simulator([refuse(status, "No.", code=code)]) as sim:
        chunks = await read(spoken(sim, output_dir=tmp_path))
    (error,) = of_type(chunks, "error")
    assert (error.error_info["kind"], error.error_info["status"]) == (kind, status)
    assert (finals(chunks), names(tmp_path)) == ([], [])
    assert KEY not in repr(chunks)


@pytest.mark.parametrize("fault", ["cut;after=2000", "error;after=2", "html;code=200", "json;code=200"])
async def test_what_goes_wrong_leaves_no_file(tmp_path: Path, fault: str) -> None:
    async with Simulator(faults=[fault]) as sim:
        chunks = await read(spoken(sim, output_format="wav", output_path=tmp_path / "a.wav", max_retries=0))
    assert of_type(chunks, "error")
    assert chunks[-1].finish_reason in ("error", "incomplete")
    assert (finals(chunks), names(tmp_path)) == ([], [])


async def test_sound_that_was_heard_is_not_begun_again(tmp_path: Path) -> None:
    async with Simulator([[raw(b"RIFF" + bytes(2000)), cut()]]) as sim:
        chunks = await read(spoken(sim, output_path=tmp_path / "a.wav"))
        assert len(sim.requests) == 1
    assert segments(chunks)
    assert (finals(chunks), names(tmp_path), chunks[-1].finish_reason) == ([], [], "incomplete")


@pytest.mark.parametrize("leave", ["cancel", "break", "task"])
async def test_leaving_closes_the_connection_and_leaves_no_file(tmp_path: Path, leave: str) -> None:
    head = b"".join(speech("a", "wav"))
    async with Simulator([[raw(head), stall()]]) as sim:
        chunks = await left(spoken(sim, output_path=tmp_path / "a.wav"), leave, "media")
        await until(lambda: sim.connections() == 0)
    assert names(tmp_path) == []
    if leave == "cancel":
        assert chunks[-1].finish_reason == "cancelled"


def test_the_options_are_those_of_the_sdk() -> None:
    known = inspect.signature(openai.AsyncOpenAI(api_key="k").audio.speech.create).parameters
    assert {"input", "model", "voice", "instructions", "response_format", "speed", "extra_body"} <= known.keys()
