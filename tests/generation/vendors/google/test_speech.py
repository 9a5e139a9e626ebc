"""Gemini's speech, through Interactions, against the simulator."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import av
import pytest
from google.genai._gaos.types import interactions as types
from pydantic import TypeAdapter

from massgen_stream.errors import ConfigurationError, MissingKey
from massgen_stream.generation import Segments, explain_media, generate_media
from massgen_stream.generation.registry import DEFAULT_MODELS
from massgen_stream.simulator import Simulator, cut, fail, refuse, stall, text
from massgen_stream.simulator.answers.spoken import speech
from massgen_stream.stream_chunk.kinds import MediaType
from massgen_stream.stream_chunk.multimodal import MediaMetadata
from massgen_stream.stream_chunk.narrow import done

from ....simulator.polling import until
from ...google_media import KEY, WORDS, Token, last, left, made, refused
from ...reading import data, details, finals, names, of_type, read, stored

pytestmark = pytest.mark.anyio
MODEL = "gemini-3.8-flash-tts"
SAMPLES = b"".join(speech(WORDS))
LINES = [{"text": "Who keeps it?", "voice": "Puck"}, {"text": "I do.", "voice": "Kore", "instructions": "Proudly."}]


def spoken(sim: Simulator, **options: Any) -> Any:
    return made(sim, "audio", **options)


def segments(chunks: list[Any]) -> list[Any]:
    return [chunk for chunk in of_type(chunks, "media") if chunk.partial_kind == "segment"]


def heard(encoded: bytes) -> str:
    """Return the codec of a sound that can be decoded."""
    with av.open(io.BytesIO(encoded), "r") as container:
        assert sum(frame.samples for frame in container.decode(audio=0)) > 1000
        return container.streams.audio[0].codec_context.name


def sounding(samples: bytes, mime_type: str = "audio/l16", **known: Any) -> Any:
    """Return the first segment of a sound, for a script."""
    return Segments("sound", MediaType.AUDIO, MediaMetadata(mime_type=mime_type, **known)).next(samples)


def test_it_is_registered() -> None:
    assert DEFAULT_MODELS["google"][MediaType.AUDIO] == MODEL
    environ = {"GEMINI_API_KEY": "k"}
    assert f"google: chosen, with {MODEL}" in explain_media("a", "audio", environ=environ)
    assert f"google: chosen, with {MODEL}" in explain_media("a", "audio", environ={"GOOGLE_API_KEY": "k"})
    lite = "gemini-3.8-flash-lite-tts"
    assert f"google: chosen, with {lite}" in explain_media("a", "audio", environ=environ, model=lite)
    several = {**environ, "OPENAI_API_KEY": "k"}
    assert explain_media("a", "audio", environ=several)[0].startswith(("openai: chosen", "elevenlabs "))
    assert f"google: chosen, with {MODEL}" in explain_media(mode="audio", environ=several, dialogue=LINES)
    with pytest.raises(MissingKey, match="set GEMINI_API_KEY"):
        generate_media("a", "audio", backend_type="gemini", environ={})


async def test_sound_comes_in_segments_as_a_wave_file(tmp_path: Path) -> None:
    async with Simulator(api_key=KEY) as sim:
        chunks = await read(spoken(sim, output_path=tmp_path / "a.wav"))
        sent = last(sim)
        await until(lambda: sim.connections() == 0)
    assert sent.path == "/v1/interactions"
    assert sent.json == {
        "model": MODEL,
        "input": [{"type": "user_input", "content": [{"type": "text", "text": WORDS}]}],
        "response_format": {"type": "audio", "mime_type": "audio/l16"},
        "generation_config": {"speech_config": [{"voice": "Kore"}]},
        "stream": True,
        "store": False,
    }
    assert len(segments(chunks)) > 1
    (final,) = finals(chunks)
    metadata = final.media_metadata
    assert (metadata.mime_type, metadata.sample_rate, metadata.channels) == ("audio/wav", 24_000, 1)
    assert (metadata.size_bytes, final.text_content) == (len(SAMPLES) + 44, WORDS)
    assert stored(final.path) == data(chunks)
    assert data(chunks)[44:] == SAMPLES
    assert heard(stored(final.path)) == "pcm_s16le"
    assert names(tmp_path) == ["a.wav"]
    assert (chunks[-1].finish_reason, chunks[-1].usage_source) == ("stop", "reported")


async def test_samples_are_described() -> None:
    async with Simulator() as sim:
        chunks = await read(spoken(sim, output_format="pcm"))
    metadata = finals(chunks)[0].media_metadata
    assert (metadata.mime_type, metadata.sample_rate, metadata.channels) == ("audio/pcm", 24_000, 1)
    assert data(chunks) == SAMPLES
    assert segments(chunks)[0].media_metadata.sample_rate == 24_000


@pytest.mark.parametrize(
    ("form", "asked", "mime_type", "ending"),
    [
        ("mp3", "audio/mp3", "audio/mpeg", "mp3"),
        ("opus", "audio/ogg_opus", "audio/opus", "opus"),
        ("ulaw", "audio/mulaw", "audio/x-mulaw", "ulaw"),
        ("alaw", "audio/alaw", "audio/x-alaw", "alaw"),
    ],
)
async def test_other_formats(tmp_path: Path, form: str, asked: str, mime_type: str, ending: str) -> None:
    async with Simulator() as sim:
        chunks = await read(spoken(sim, output_format=form, output_dir=tmp_path))
        assert last(sim).json["response_format"]["mime_type"] == asked
    (final,) = finals(chunks)
    assert final.media_metadata.mime_type == mime_type
    assert final.path.endswith(f".{ending}")
    assert stored(final.path) == data(chunks)
    if form in ("mp3", "opus"):
        assert heard(stored(final.path)).startswith(form)


async def test_a_dialogue_of_two_voices() -> None:
    async with Simulator() as sim:
        chunks = await read(spoken(sim, prompt=None, dialogue=LINES, instructions="Calmly.", language="en-GB"))
        sent = last(sim).json
    assert sent["input"][0]["content"] == [
        {"type": "text", "text": "Who keeps it?", "annotations": [
            {"type": "speech_metadata", "speaker": "Puck", "style": "Calmly."}]},
        {"type": "text", "text": "I do.", "annotations": [
            {"type": "speech_metadata", "speaker": "Kore", "style": "Proudly."}]},
    ]  # fmt: skip
    assert sent["generation_config"]["speech_config"] == {
        "mode": "conversational",
        "speakers": [
            {"speaker": "Puck", "voice": "Puck", "language": "en-GB"},
            {"speaker": "Kore", "voice": "Kore", "language": "en-GB"},
        ],
    }
    assert finals(chunks)[0].text_content == "Who keeps it?\nI do."
    assert details(chunks, "loss") == []


async def test_speakers_have_names_of_their_own() -> None:
    lines = [{"text": "Ho.", "speaker": "Ann", "voice": "Puck"}, {"text": "Hi.", "speaker": "Ben", "voice": "Puck"}]
    async with Simulator() as sim:
        await read(spoken(sim, prompt=None, dialogue=lines))
        speakers = last(sim).json["generation_config"]["speech_config"]["speakers"]
    assert speakers == [{"speaker": "Ann", "voice": "Puck"}, {"speaker": "Ben", "voice": "Puck"}]


async def test_a_dialogue_of_one_is_no_dialogue() -> None:
    async with Simulator() as sim:
        chunks = await read(spoken(sim, dialogue=[{"text": "Who keeps it?"}, {"text": "I do."}], voice="Leda"))
        sent = last(sim).json
    assert sent["generation_config"]["speech_config"] == [{"voice": "Leda"}]
    assert sent["input"][0]["content"] == [
        {"type": "text", "text": "Who keeps it?"}, {"type": "text", "text": "I do."},
    ]  # fmt: skip
    assert details(chunks, "loss") == ["google: prompt is left out, since the dialogue says what is spoken"]


@pytest.mark.parametrize(
    ("options", "config", "line"),
    [
        ({"voice": "Charon"}, {"speech_config": [{"voice": "Charon"}]}, {}),
        ({"language": "de-DE"}, {"speech_config": [{"voice": "Kore", "language": "de-DE"}]}, {}),
        ({"seed": 0}, {"speech_config": [{"voice": "Kore"}], "seed": 0}, {}),
        (
            {"instructions": "Softly.", "audio_type": "speech"},
            {"speech_config": [{"voice": "Kore"}]},
            {"annotations": [{"type": "speech_metadata", "style": "Softly."}]},
        ),
        (
            {"extra_params": {"generation_config": {"temperature": 0.5}, "service_tier": "flex"}},
            {"speech_config": [{"voice": "Kore"}], "temperature": 0.5},
            {},
        ),
    ],
)
async def test_parameters(options: dict[str, Any], config: dict[str, Any], line: dict[str, Any]) -> None:
    async with Simulator() as sim:
        chunks = await read(spoken(sim, **options))
        sent = last(sim).json
    assert sent["generation_config"] == config
    assert sent["input"][0]["content"] == [{"type": "text", "text": WORDS, **line}]
    assert details(chunks, "loss") == []
    known = TypeAdapter(types.CreateModelInteraction).validate_python(sent)
    assert known.model_dump(exclude_none=True, exclude_unset=True).keys() == sent.keys()
    assert "UNKNOWN" not in repr(known)


async def test_through_google_cloud() -> None:
    options = {"extra_params": {"enterprise": True, "project": "p", "location": "global", "credentials": Token()}}
    async with Simulator() as sim:
        chunks = await read(spoken(sim, api_key=None, **options))
        assert last(sim).path == "/v1beta1/projects/p/locations/global/interactions"
        assert last(sim).json.keys() == {"model", "input", "response_format", "generation_config", "stream", "store"}
    assert data(chunks)[44:] == SAMPLES


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"audio_type": "sound_effect"}, "audio_type is sound_effect; it takes speech, dialogue"),
        ({"prompt": "", "dialogue": [{"text": n, "voice": n} for n in "abc"]}, "dialogue has 3 speakers; it has room"),
        (
            {"dialogue": [{"text": "a", "speaker": "A", "voice": n} for n in "ab"]},
            "dialogue: A has more than one voice",
        ),
        ({"output_format": "flac"}, "output_format is flac; it takes wav, pcm, mp3, opus, ulaw, alaw"),
        ({"composition": {"a": 1}}, "it does not know composition"),
        ({"input_audios": b"x"}, "it does not know input_audios"),
    ],
)
def test_what_cannot_be_is_refused_at_the_call(options: dict[str, Any], said: str) -> None:
    given = {"prompt": "a", "model": MODEL, **options}
    with pytest.raises(ConfigurationError) as refused:
        generate_media(mode="audio", backend_type="google", api_key="k", environ={}, **given)
    assert said in str(refused.value)


async def test_an_option_that_it_has_not_is_a_loss_or_an_error() -> None:
    async with Simulator() as sim:
        chunks = await read(spoken(sim, speed=2))
        assert details(chunks, "loss") == ["google: speed is left out, since it has no such option"]
        with pytest.raises(ConfigurationError, match="it does not know speed"):
            spoken(sim, speed=2, policy="strict")


async def test_an_older_model_is_told_of() -> None:
    async with Simulator() as sim:
        chunks = await read(spoken(sim, model="gemini-3.1-flash-tts-preview"))
    (warning,) = details(chunks, "warning")
    assert warning.startswith("model gemini-3.1-flash-tts-preview: will be shut down on 2026-12-18")


async def test_an_answer_without_sound_is_an_error(tmp_path: Path) -> None:
    async with Simulator([[text("I cannot say that.")]]) as sim:
        chunks = await read(spoken(sim, output_dir=tmp_path))
    (error,) = of_type(chunks, "error")
    assert error.error.startswith("Google has answered without sound, as it does when its filters withhold one")
    assert (error.error_info["kind"], chunks[-1].finish_reason) == ("content_filter", "error")
    assert chunks[-1].usage["output_tokens"] > 0
    assert (finals(chunks), names(tmp_path)) == ([], [])


@pytest.mark.parametrize(
    ("status", "kind"), [(400, "invalid_request"), (401, "authentication"), (403, "permission"), (404, "not_found")]
)
async def test_what_the_host_refuses(tmp_path: Path, status: int, kind: str) -> None:
    async with Simulator([refuse(status, "No.")]) as sim:
        error = await refused(spoken(sim, output_dir=tmp_path), tmp_path)
    assert (error.error_info["kind"], error.error_info["status"]) == (kind, status)


@pytest.mark.parametrize("fault", ["cut;after=9000", "error;after=3", "html;code=200", "json;code=200", "malformed"])
async def test_what_goes_wrong_leaves_no_file(tmp_path: Path, fault: str) -> None:
    async with Simulator(faults=[fault]) as sim:
        chunks = await read(spoken(sim, output_path=tmp_path / "a.wav", max_retries=0))
    assert of_type(chunks, "error")
    assert chunks[-1].finish_reason in ("error", "incomplete")
    assert (finals(chunks), names(tmp_path)) == ([], [])


async def test_a_sound_that_was_cut_is_not_begun_again(tmp_path: Path) -> None:
    async with Simulator([[sounding(SAMPLES), cut()]]) as sim:
        chunks = await read(spoken(sim, output_path=tmp_path / "a.wav"))
        assert len(sim.requests) == 1
    assert segments(chunks)
    assert (finals(chunks), names(tmp_path), chunks[-1].finish_reason) == ([], [], "incomplete")


async def test_an_error_after_sound_is_told_once() -> None:
    async with Simulator([[sounding(SAMPLES), fail("It broke.")]]) as sim:
        chunks = await read(spoken(sim))
    assert [error.error for error in of_type(chunks, "error")] == ["It broke."]
    assert chunks[-1].finish_reason == "error"


@pytest.mark.parametrize("leave", ["cancel", "break", "task"])
async def test_leaving_closes_the_connection_and_leaves_no_file(tmp_path: Path, leave: str) -> None:
    async with Simulator([[sounding(SAMPLES), stall()]]) as sim:
        chunks = await left(sim, spoken(sim, output_path=tmp_path / "a.wav"), "media", leave)
    assert names(tmp_path) == []
    assert segments(chunks)[0].media_data[:4] == b"RIFF"
    if leave == "cancel":
        assert chunks[-1].finish_reason == "cancelled"


async def test_a_long_answer_goes_on_in_another_request() -> None:
    paused = done("pause", raw_finish_reason="requires_continuation", finish_details={"continuation_token": "t-1"})
    half = len(SAMPLES) // 2
    async with Simulator([[sounding(SAMPLES[:half]), paused], [sounding(SAMPLES[half:])]]) as sim:
        chunks = await read(spoken(sim))
        first, second = (request.json for request in sim.requests)
    assert second == {**first, "continuation_token": "t-1"}
    assert (len(finals(chunks)), data(chunks)[44:]) == (1, SAMPLES)
