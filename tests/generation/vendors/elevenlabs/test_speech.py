"""ElevenLabs' speech and dialogues, through its SDK, against the simulator."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.errors import ConfigurationError, MissingKey
from massgen_stream.generation import collect_media, explain_media, generate_media
from massgen_stream.generation.registry import BACKEND_API_KEYS, BACKEND_PRIORITY, DEFAULT_MODELS
from massgen_stream.provider import providers
from massgen_stream.provider.elevenlabs import HOST
from massgen_stream.simulator import Simulator, cut, raw, refuse, stall
from massgen_stream.simulator.answers.spoken import speech
from massgen_stream.simulator.vendors.elevenlabs_sound.asking import VOICES
from massgen_stream.stream_chunk.kinds import MediaType

from ....simulator.polling import until
from ...elevenlabs import GEORGE, KEY, RACHEL, SARAH, last, left, made, sdk
from ...hearing import heard, segments
from ...reading import data, details, finals, names, of_type, read, stored

pytestmark = pytest.mark.anyio
MODEL = "eleven_v3"
WORDS = "The lighthouse is lit. Who keeps it?"
TIMED = {"with_timestamps": True}
PROTOCOL = "elevenlabs.sound"
LINES = [{"text": "Who goes there?", "voice": GEORGE}, {"text": "The keeper.", "voice": SARAH}]


def spoken(sim: Simulator, **options: Any) -> Any:
    return made(sim, **{"prompt": WORDS, **options})


def test_it_is_registered() -> None:
    assert DEFAULT_MODELS["elevenlabs"][MediaType.AUDIO] == MODEL
    assert BACKEND_API_KEYS["elevenlabs"] == ("ELEVENLABS_API_KEY",)
    assert BACKEND_PRIORITY[MediaType.AUDIO][:2] == ("elevenlabs", "openai")
    keys = {"ELEVENLABS_API_KEY": "k", "OPENAI_API_KEY": "k", "GEMINI_API_KEY": "k"}
    for environ in (keys, {"ELEVENLABS_API_KEY": "k"}):
        assert f"elevenlabs: chosen, with {MODEL}" in explain_media("a", "audio", environ=environ)
    with pytest.raises(MissingKey, match="set ELEVENLABS_API_KEY"):
        generate_media("a", "audio", backend_type="elevenlabs", environ={})


def test_it_is_no_provider_of_chat() -> None:
    assert HOST.name not in providers()


@pytest.mark.parametrize(
    ("options", "model"),
    [
        ({"model": "eleven_flash_v2_5"}, "eleven_flash_v2_5"),
        ({"dialogue": LINES}, "eleven_v3"),
        ({"audio_type": "sound_effect"}, "eleven_text_to_sound_v2"),
        ({"model": "eleven_text_to_sound_v3"}, "eleven_text_to_sound_v3"),
        ({"audio_type": "music"}, "music_v2_5"),
        ({"lyrics": "la la"}, "music_v2_5"),
        ({"composition": {"chunks": []}}, "music_v2_5"),
        ({"instrumental": True}, "music_v2_5"),
        ({"model": "music_v1"}, "music_v1"),
    ],
)
def test_what_is_asked_for_finds_its_endpoint(options: dict[str, Any], model: str) -> None:
    lines = explain_media("a", "audio", environ={"ELEVENLABS_API_KEY": "k"}, **options)
    assert [line.partition(";")[0] for line in lines if "chosen" in line] == [f"elevenlabs: chosen, with {model}"]


@pytest.mark.parametrize(
    ("form", "asked", "codec", "mime_type"),
    [
        (None, None, "mp3float", "audio/mpeg"),
        ("mp3", "mp3_44100_128", "mp3float", "audio/mpeg"),
        ("opus", "opus_48000_128", "opus", "audio/ogg"),
        ("wav", "pcm_24000", "pcm_s16le", "audio/wav"),
    ],
)
async def test_sound_comes_in_segments(
    tmp_path: Path, form: str | None, asked: str | None, codec: str, mime_type: str
) -> None:
    async with Simulator(api_key=KEY) as sim:
        chunks = await read(spoken(sim, output_format=form, output_dir=tmp_path))
        sent = last(sim)
        await until(lambda: sim.connections() == 0)
    assert (sent.path, sent.json) == (f"/v1/text-to-speech/{GEORGE}/stream", {"text": WORDS, "model_id": MODEL})
    assert sent.query == ({} if asked is None else {"output_format": asked})
    assert len(segments(chunks)) > 1
    (final,) = finals(chunks)
    assert (final.media_metadata.mime_type, final.text_content) == (mime_type, WORDS)
    assert (chunks[0].request_id, chunks[-1].finish_reason) == ("req_sim_1", "stop")
    sound = stored(final.path)
    assert (sound, len(sound)) == (data(chunks), final.media_metadata.size_bytes)
    found, seconds = heard(sound)
    assert found == codec
    assert seconds == pytest.approx(heard(b"".join(speech(WORDS, "wav")))[1], abs=0.1)


@pytest.mark.parametrize(
    ("options", "mime_type", "rate"),
    [
        ({"output_format": "pcm"}, "audio/pcm", 24_000),
        ({"quality": "pcm_16000"}, "audio/pcm", 16_000),
        ({"output_format": "ulaw"}, "audio/x-mulaw", 8000),
        ({"output_format": "alaw"}, "audio/x-alaw", 8000),
        ({"output_format": "wav", "quality": "pcm_44100"}, "audio/wav", 44_100),
    ],
)
async def test_samples_are_described_so_that_players_work(options: dict[str, Any], mime_type: str, rate: int) -> None:
    async with Simulator([[raw(b"\0\x80\xff\1" * 200)]]) as sim:
        chunks = await read(spoken(sim, **options))
    (final,) = finals(chunks)
    for metadata in (segments(chunks)[0].media_metadata, final.media_metadata):
        assert (metadata.mime_type, metadata.sample_rate, metadata.channels) == (mime_type, rate, 1)
    assert data(chunks).endswith(b"\0\x80\xff\1" * 200)


@pytest.mark.parametrize("form", ["mp3", "wav"])
async def test_the_times_of_words(tmp_path: Path, form: str) -> None:
    async with Simulator() as sim:
        chunks = await read(spoken(sim, output_format=form, output_dir=tmp_path, extra_params=TIMED))
        assert last(sim).path == f"/v1/text-to-speech/{GEORGE}/stream/with-timestamps"
        assert "with_timestamps" not in last(sim).json
    (final,) = finals(chunks)
    words = final.provider_data["transcript"]["words"]
    assert [word["text"] for word in words] == WORDS.split()
    seconds = heard(stored(final.path))[1]
    assert words[0]["start_seconds"] == 0
    assert words[-1]["end_seconds"] == pytest.approx(seconds, abs=0.15)
    told = [chunk.provider_data[PROTOCOL]["alignment"] for chunk in segments(chunks) if chunk.provider_data]
    assert "".join(one for alignment in told if alignment for one in alignment["characters"]) == WORDS
    assert details(chunks, "warning") == []
    assert final.text_content == WORDS


async def test_a_sound_that_ends_before_its_text_is_told() -> None:
    times = {"character_start_times_seconds": [0, 0.1, 0.2], "character_end_times_seconds": [0.1, 0.2, 0.3]}
    line = b'{"audio_base64": "SUQzBAAA", "alignment": {"characters": ["T", "h", "e"], %s}}\n'
    body = line % ", ".join(f'"{name}": {value}' for name, value in times.items()).encode()
    async with Simulator([[raw(body)]]) as sim:
        chunks = await read(spoken(sim, extra_params=TIMED))
    assert details(chunks, "warning")[0] == "the sound ends before its text: 3 of 30 letters were spoken"


@pytest.mark.parametrize(
    ("options", "voice", "sent"),
    [
        ({"voice": SARAH}, SARAH, {}),
        ({"voice": "rachel"}, RACHEL, {}),
        ({"speed": 1.1}, GEORGE, {"voice_settings": {"speed": 1.1}}),
        (
            {"voice_settings": {"stability": 0.4, "use_speaker_boost": False}, "speed": 0.7},
            GEORGE,
            {"voice_settings": {"stability": 0.4, "use_speaker_boost": False, "speed": 0.7}},
        ),
        ({"language": "de", "seed": 0}, GEORGE, {"language_code": "de", "seed": 0}),
        ({"model": "eleven_flash_v2_5", "audio_type": "speech"}, GEORGE, {"model_id": "eleven_flash_v2_5"}),
        ({"extra_params": {"previous_text": "Once.", "new": 1}}, GEORGE, {"previous_text": "Once.", "new": 1}),
    ],
)
async def test_parameters(options: dict[str, Any], voice: str, sent: dict[str, Any]) -> None:
    async with Simulator() as sim:
        chunks = await read(spoken(sim, quality="pcm_24000", **options))
        assert last(sim).path == f"/v1/text-to-speech/{voice}/stream"
        assert last(sim).json == {"text": WORDS, "model_id": MODEL, **sent}
        assert last(sim).query == {"output_format": "pcm_24000"}
    assert details(chunks, "loss") == []
    assert len(finals(chunks)) == 1


async def test_the_request_is_that_of_the_sdk() -> None:
    async with Simulator() as sim, sdk(sim) as client:
        options = {"quality": "pcm_24000", "speed": 1.1, "language": "en", "seed": 7}
        await read(spoken(sim, extra_params={"enable_logging": False}, **options))
        given: dict[str, Any] = {"text": WORDS, "model_id": MODEL, "language_code": "en", "seed": 7}
        stream = client.text_to_speech.stream(
            GEORGE, output_format="pcm_24000", enable_logging=False, voice_settings={"speed": 1.1}, **given
        )
        assert b"".join([piece async for piece in stream])
        ours, theirs = sim.requests
    assert (ours.path, ours.query, ours.json) == (theirs.path, theirs.query, theirs.json)


async def test_what_a_model_does_not_take_is_told() -> None:
    async with Simulator() as sim:
        options = {"model": "eleven_multilingual_v2", "language": "en", "instructions": "Softly."}
        chunks = await read(spoken(sim, quality="pcm_24000", **options))
        assert "language_code" not in last(sim).json
    assert details(chunks, "loss") == [
        "elevenlabs: instructions is left out, since it has no such option",
        "elevenlabs: language is left out, since eleven_multilingual_v2 finds it out itself",
    ]


@pytest.mark.parametrize("timed", [False, True])
async def test_a_dialogue(tmp_path: Path, timed: bool) -> None:
    async with Simulator() as sim:
        options: dict[str, Any] = {"voice_settings": {"stability": 0.5}, "seed": 3, "output_dir": tmp_path}
        lines = [*LINES, {"text": "Which?", "voice": "Daniel"}]
        chunks = await read(made(sim, dialogue=lines, extra_params=TIMED if timed else {}, **options))
        sent = last(sim)
    assert sent.path == "/v1/text-to-dialogue/stream" + ("/with-timestamps" if timed else "")
    assert sent.json["inputs"][:2] == [{"text": line["text"], "voice_id": line["voice"]} for line in LINES]
    assert sent.json["inputs"][2] == {"text": "Which?", "voice_id": "onwK4e9ZLuTAKqWW03F9"}
    assert (sent.json["model_id"], sent.json["settings"], sent.json["seed"]) == (MODEL, {"stability": 0.5}, 3)
    (final,) = finals(chunks)
    assert final.text_content == "Who goes there?\nThe keeper.\nWhich?"
    assert heard(stored(final.path))[0] == "mp3float"
    if timed:
        words = final.provider_data["transcript"]["words"]
        assert [word["speaker"] for word in words[:5]] == [GEORGE] * 3 + [SARAH] * 2
    assert details(chunks, "warning") == []


async def test_a_dialogue_says_itself_what_is_spoken() -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, prompt="ignored", voice=GEORGE, dialogue=[{"text": "Hi"}], output_format="pcm"))
        assert last(sim).json["inputs"] == [{"text": "Hi", "voice_id": GEORGE}]
    assert details(chunks, "loss") == ["elevenlabs: prompt is left out, since the dialogue says what is spoken"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"prompt": "a" * 5001}, "the text has 5001 characters; it speaks at most 5000 at a time"),
        ({"speed": 1.3}, "speed is 1.3; it speaks at 0.7 to 1.2"),
        ({"seed": 2**32}, "seed is 4294967296; it takes at most 4294967295"),
        ({"output_format": "flac"}, "output_format is flac; it takes mp3, opus"),
        ({"quality": "high"}, "quality is 'high'; it takes ElevenLabs' output_format, such as mp3_44100_192"),
        ({"quality": "pcm_16000", "output_format": "mp3"}, "quality is pcm_16000, and output_format mp3"),
        ({"dialogue": [{"text": "Hi"}]}, "dialogue[0] needs a voice"),
        ({"audio_type": "dialogue"}, "it needs a dialogue: lines with a text and a voice"),
        ({"dialogue": [{"text": "a" * 2001, "voice": GEORGE}]}, "the dialogue has 2001 characters"),
        ({"dialogue": [{"text": "a", "voice": f"v{n}"} for n in range(11)]}, "the dialogue has 11 voices"),
        ({"audio_type": "sound_effect", "duration": 31}, "duration is 31 s; it makes 0.5 to 30 s"),
        ({"audio_type": "sound_effect", "guidance_scale": 2}, "guidance_scale is 2; it takes 0 to 1"),
        ({"audio_type": "music", "duration": 2}, "duration is 2 s; it makes 3 to 600 s"),
        ({"lyrics": "la", "instrumental": True}, "lyrics are given for a piece that is instrumental"),
        ({"audio_type": "music", "output_format": "wav"}, "output_format is wav; it takes mp3, opus"),
        ({"input_audios": b"x"}, "it does not know input_audios"),
        ({"n": 2, "policy": "strict", "steps": 2}, "it does not know steps"),
    ],
)
def test_what_cannot_be_is_refused_at_the_call(options: dict[str, Any], said: str) -> None:
    given = {"prompt": "a", **options}
    with pytest.raises(ConfigurationError) as refused:
        generate_media(mode="audio", backend_type="elevenlabs", api_key="k", environ={}, **given)
    assert said in str(refused.value)


async def test_a_voice_that_the_account_has_not() -> None:
    async with Simulator() as sim:
        for voice, said in (("Nobody", "none that is like it"), ("geo", f"George ({GEORGE})")):
            (error,) = of_type(await read(spoken(sim, voice=voice)), "error")
            assert error.error_info["kind"] == "invalid_request"
            assert said in error.error
        (error,) = of_type(await read(spoken(sim, voice="x" * 20)), "error")
    assert (error.error_info["kind"], error.error_info["status"]) == ("not_found", 404)
    assert "was not found" in error.error


async def test_a_name_that_several_voices_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VOICES, "y" * 20, "George - another one")
    async with Simulator() as sim:
        (error,) = of_type(await read(spoken(sim, voice="George")), "error")
        assert [request.path for request in sim.requests] == ["/v2/voices"]
    assert "several voices are called 'George'" in error.error


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "quota_exceeded", "quota"),
        (401, "invalid_api_key", "authentication"),
        (400, "max_character_limit_exceeded", "context_length"),
        (400, "bad_prompt", "content_filter"),
        (422, None, "invalid_request"),
        (429, "too_many_concurrent_requests", "rate_limited"),
        (500, None, "server"),
    ],
)
@pytest.mark.parametrize("params", [{}, TIMED])
async def test_what_the_host_refuses(
    tmp_path: Path, params: dict[str, Any], status: int, code: str | None, kind: str
) -> None:
    async with Simulator([refuse(status, "No.", code=code)]) as sim:
        chunks = await read(spoken(sim, output_dir=tmp_path, max_retries=0, extra_params=params))
    (error,) = of_type(chunks, "error")
    assert (error.error_info["kind"], error.error_info["status"], error.error) == (kind, status, "No.")
    assert (finals(chunks), names(tmp_path)) == ([], [])
    assert KEY not in repr(chunks)


async def test_the_key_is_checked_and_never_shown() -> None:
    async with Simulator(api_key="another") as sim:
        chunks = await read(spoken(sim))
    (error,) = of_type(chunks, "error")
    assert (error.error_info["kind"], KEY in repr(chunks)) == ("authentication", False)


@pytest.mark.parametrize("fault", ["cut;after=2000", "error;after=2", "html;code=200", "json;code=200", "malformed"])
async def test_what_goes_wrong_leaves_no_file(tmp_path: Path, fault: str) -> None:
    options = {"output_format": "wav", "output_path": tmp_path / "a.wav", "max_retries": 0}
    async with Simulator(faults=[fault, fault]) as sim:
        for params in [TIMED, {}][: 1 if fault == "malformed" else 2]:  # raw sound has no event that could be
            chunks = await read(spoken(sim, extra_params=params, **options))
            assert of_type(chunks, "error")
            assert chunks[-1].finish_reason in ("error", "incomplete")
            assert (finals(chunks), names(tmp_path)) == ([], [])


@pytest.mark.parametrize("params", [{}, TIMED])
async def test_sound_that_was_heard_is_not_begun_again(tmp_path: Path, params: dict[str, Any]) -> None:
    body = raw(b'{"audio_base64": "SUQzBAAA"}\n') if params else raw(b"ID3" + bytes(2000))
    async with Simulator([[body, cut()]]) as sim:
        chunks = await read(spoken(sim, output_path=tmp_path / "a.mp3", extra_params=params))
        assert len(sim.requests) == 1
    assert segments(chunks)
    assert (finals(chunks), names(tmp_path), chunks[-1].finish_reason) == ([], [], "incomplete")


async def test_a_line_that_is_cut_is_noticed_although_the_body_ends_in_order(tmp_path: Path) -> None:
    async with Simulator([[raw(b'{"audio_base64": "SUQzBAAA"}\n{"audio_ba')]]) as sim:
        chunks = await read(spoken(sim, output_path=tmp_path / "a.mp3", extra_params=TIMED))
    assert (of_type(chunks, "error")[0].error_info["code"], names(tmp_path)) == ("truncated", [])


@pytest.mark.parametrize("leave", ["cancel", "break", "task"])
async def test_leaving_closes_the_connection_and_leaves_no_file(tmp_path: Path, leave: str) -> None:
    async with Simulator([[raw(b"ID3" + bytes(2000)), stall()]]) as sim:
        await left(sim, spoken(sim, output_path=tmp_path / "a.mp3"), leave, "media", tmp_path)


async def test_a_full_disk_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    async with Simulator() as sim:
        result = await collect_media(
            WORDS, "audio", backend_type="elevenlabs", api_key=KEY, base_url=sim.url("elevenlabs"), environ={},
            output_dir=tmp_path / "file" / "below",
        )  # fmt: skip
        await until(lambda: sim.connections() == 0)
    assert (result.success, "cannot make the folder" in (result.error or "")) == (False, True)


def test_the_options_are_those_of_the_sdk() -> None:
    from elevenlabs.client import AsyncElevenLabs

    client = AsyncElevenLabs(api_key="k")
    speaking = inspect.signature(client.text_to_speech.stream).parameters
    assert {
        "voice_id",
        "text",
        "model_id",
        "voice_settings",
        "language_code",
        "seed",
        "output_format",
    } <= speaking.keys()
    talking = inspect.signature(client.text_to_dialogue.stream).parameters
    assert {"inputs", "model_id", "settings", "language_code", "seed", "output_format"} <= talking.keys()
    effects = inspect.signature(client.text_to_sound_effects.convert).parameters
    assert {"text", "model_id", "duration_seconds", "prompt_influence", "output_format"} <= effects.keys()
    for method in (client.music.stream, client.music.compose_detailed_stream):
        known = inspect.signature(method).parameters
        assert {
            "prompt",
            "composition_plan",
            "music_length_ms",
            "model_id",
            "seed",
            "force_instrumental",
        } <= known.keys()
