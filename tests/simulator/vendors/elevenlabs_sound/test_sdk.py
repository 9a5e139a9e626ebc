"""ElevenLabs' own SDK against the simulator's speech, dialogues, effects, music and voices."""

from __future__ import annotations

import io
import json
import wave
from base64 import b64decode
from typing import Any

import httpx
import pytest
from elevenlabs import VoiceSettings
from elevenlabs.core.api_error import ApiError

from massgen_stream.media import probe
from massgen_stream.simulator import Simulator, fail, refuse
from massgen_stream.simulator.answers.spoken import SAMPLE_RATE, music, speech
from massgen_stream.wire import SSEDecoder

from ....generation.elevenlabs import GEORGE, KEY, RACHEL, SARAH, sdk

pytestmark = pytest.mark.anyio
WORDS = "The lighthouse is lit."
PLAN: Any = {"positive_global_styles": ["slow"], "negative_global_styles": [], "sections": []}
MUSIC: dict[str, Any] = {"output_format": "pcm_24000", "music_length_ms": 3000}


async def joined(stream: Any) -> bytes:
    return b"".join([piece async for piece in stream])


def spoken(client: Any, **more: Any) -> Any:
    return client.text_to_speech.stream(**{"voice_id": GEORGE, "text": WORDS, "output_format": "pcm_24000", **more})


def said(*lines: tuple[str, str]) -> list[Any]:
    return [{"text": text, "voice_id": voice} for text, voice in lines]


@pytest.mark.parametrize(
    ("form", "head", "rate"),
    [
        ("mp3_44100_128", b"ID3", 44100),
        ("mp3_22050_32", b"ID3", 22050),
        ("opus_48000_64", b"OggS", 48000),
        ("wav_16000", b"RIFF", 16000),
    ],
)
async def test_formats_of_speech(form: str, head: bytes, rate: int) -> None:
    async with Simulator(api_key=KEY) as sim, sdk(sim) as client:
        body = await joined(spoken(client, output_format=form))
    assert body.startswith(head)
    found = (await probe(body)).metadata
    assert (found.sample_rate, found.channels) == (rate, 1)


@pytest.mark.parametrize(
    ("form", "bytes_per_second"), [("pcm_24000", 48000), ("pcm_16000", 32000), ("ulaw_8000", 8000)]
)
async def test_samples_without_a_header(form: str, bytes_per_second: int) -> None:
    seconds = len(b"".join(speech(WORDS))) / 2 / SAMPLE_RATE
    async with Simulator() as sim, sdk(sim) as client:
        body = await joined(spoken(client, output_format=form))
    assert len(body) / bytes_per_second == pytest.approx(seconds, rel=0.02)


async def test_speed() -> None:
    async with Simulator() as sim, sdk(sim) as client:
        usual = await joined(spoken(client))
        slow = await joined(spoken(client, voice_settings=VoiceSettings(speed=0.8)))
    assert usual == b"".join(speech(WORDS))
    assert len(slow) == pytest.approx(len(usual) / 0.8, rel=0.01)


async def test_the_sdk_reads_speech_with_the_times_of_its_characters() -> None:
    async with Simulator() as sim, sdk(sim) as client:
        given = {"voice_id": GEORGE, "text": WORDS, "output_format": "pcm_24000"}
        lines = [line async for line in client.text_to_speech.stream_with_timestamps(**given)]
    assert b"".join(b64decode(line.audio_base_64) for line in lines) == b"".join(speech(WORDS))
    aligned = [line.alignment for line in lines if line.alignment is not None]
    assert "".join(character for one in aligned for character in one.characters) == WORDS
    ends = [end for one in aligned for end in one.character_end_times_seconds]
    assert ends == sorted(ends)
    assert ends[-1] == pytest.approx(len(b"".join(speech(WORDS))) / 2 / SAMPLE_RATE, abs=0.001)


async def test_the_sdk_reads_a_dialogue_and_who_speaks() -> None:
    inputs = said(("Who goes there?", GEORGE), ("Only the wind.", SARAH))
    async with Simulator() as sim, sdk(sim) as client:
        body = await joined(client.text_to_dialogue.stream(inputs=inputs, output_format="pcm_24000"))
        asking = client.text_to_dialogue.stream_with_timestamps(inputs=inputs, output_format="pcm_24000")
        lines = [line async for line in asking]
    assert b"".join(b64decode(line.audio_base_64) for line in lines) == body
    segments = [segment for line in lines for segment in line.voice_segments]
    assert segments[-1].end_time_seconds == pytest.approx(len(body) / 2 / SAMPLE_RATE, abs=0.001)
    assert [(one.voice_id, one.dialogue_input_index) for one in segments][:: len(segments) - 1] == [
        (GEORGE, 0),
        (SARAH, 1),
    ]


async def test_an_effect_is_as_long_as_it_is_asked_for() -> None:
    async with Simulator() as sim, sdk(sim) as client:
        make = client.text_to_sound_effects.convert
        body = await joined(make(text="a gull", duration_seconds=1.5, output_format="pcm_24000"))
        mp3 = await joined(make(text="a gull"))
    assert body == b"".join(music("a gull", seconds=1.5))
    assert mp3.startswith(b"ID3")


async def test_music_of_a_prompt_and_of_a_plan() -> None:
    sections = [{"section_name": "one", "duration_ms": 4000, "lines": ["Sleep"], **{style: [] for style in STYLES}}]
    async with Simulator() as sim, sdk(sim) as client:
        prompted = await joined(client.music.stream(prompt="a slow waltz", **MUSIC))
        plan: Any = {**PLAN, "sections": sections}
        planned = await joined(client.music.stream(composition_plan=plan, seed=3, output_format="pcm_24000"))
    assert prompted == b"".join(music("a slow waltz", "pcm", seconds=3))
    assert len(planned) / len(prompted) == pytest.approx(4 / 3, rel=0.05)


STYLES = ("positive_local_styles", "negative_local_styles")


async def test_music_with_details_is_read_raw_because_the_sdk_reads_none_of_it() -> None:
    async with Simulator() as sim, sdk(sim) as client:
        given: dict[str, Any] = {"prompt": "a slow waltz", "with_timestamps": True, **MUSIC}
        assert [one async for one in client.music.compose_detailed_stream(**given)] == []  # a bug of elevenlabs 2.78
        async with client.music.with_raw_response.compose_detailed_stream(**given) as answer:
            response = answer._response
            assert response.headers["content-type"].startswith("text/event-stream")
            reader = SSEDecoder()
            told = [json.loads(one.data) async for piece in response.aiter_bytes() for one in reader.feed(piece)]
    details = {one["event"]: one["data"] for one in told if one["event"] != "audio_chunk"}
    assert [*details] == ["composition_plan", "song_metadata", "word_timestamps", "completion"]
    sound = [b64decode(one["data"]) for one in told if one["event"] == "audio_chunk"]
    assert sound == [*music("a slow waltz", seconds=3)]
    words = details["word_timestamps"]["words"]
    assert [one["word"] for one in words] == ["a", "slow", "waltz"]
    assert (words[0]["start_ms"], words[-1]["end_ms"]) == (0, 3000)


async def test_voices_are_found_by_a_part_of_their_name() -> None:
    async with Simulator() as sim, sdk(sim) as client:
        found = await client.voices.search(search="rach")
        assert [(one.voice_id, one.name) for one in found.voices] == [(RACHEL, "Rachel - calm and clear")]
        assert (await client.voices.search(search="nobody")).voices == []


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ({"voice_id": "nobody"}, 404, "voice_id 'nobody' was not found"),
        ({"text": " "}, 422, "Field required"),
        ({"output_format": "midi"}, 400, "Invalid output_format 'midi'"),
    ],
)
async def test_refused_speech(asked: dict[str, Any], status: int, words: str) -> None:
    async with Simulator() as sim, sdk(sim) as client:
        await refused(spoken(client, **asked), status, words)


async def refused(stream: Any, status: int, words: str) -> ApiError:
    with pytest.raises(ApiError) as raised:
        await joined(stream)
    assert raised.value.status_code == status
    assert words in json.dumps(raised.value.body, default=vars)
    return raised.value


async def test_refused_dialogues_effects_and_music() -> None:
    async with Simulator() as sim, sdk(sim) as client:
        await refused(client.text_to_dialogue.stream(inputs=[]), 422, "inputs")
        await refused(client.text_to_dialogue.stream(inputs=said(("Hi", "nobody"))), 404, "not found")
        effect = client.text_to_sound_effects.convert
        await refused(effect(text="a gull", duration_seconds=31), 422, "from 0.5 to 30")
        await refused(effect(text="a gull", prompt_influence=1.5), 422, "from 0 to 1")
        await refused(client.music.stream(prompt="a", music_length_ms=2000), 422, "from 3000 to 600000")
        await refused(client.music.stream(prompt="a", seed=3), 422, "seed cannot be used")
        await refused(client.music.stream(prompt="a", composition_plan=PLAN), 422, "either prompt or composition_plan")
        await refused(client.music.stream(), 422, "either prompt or composition_plan")


async def test_a_key_is_needed_and_no_other_header_holds_it() -> None:
    async with Simulator(api_key="xi-other-0123456789") as sim, sdk(sim) as client:
        error = await refused(spoken(client), 401, "invalid_api_key")
        assert error.headers is not None
        assert error.headers["request-id"]
        async with httpx.AsyncClient(headers={"authorization": "Bearer xi-other-0123456789"}) as http:
            assert (await http.get(f"{sim.url('elevenlabs')}/v2/voices")).status_code == 401


async def test_scripts_and_faults() -> None:
    async with Simulator([[refuse(429, retry_after=1)], [fail("hoarse")]]) as sim, sdk(sim) as client:
        error = await refused(spoken(client), 429, "too_many_concurrent_requests")
        assert error.headers is not None
        assert error.headers["retry-after"] == "1"
        given = {"voice_id": GEORGE, "text": WORDS, "output_format": "pcm_24000"}
        async with client.text_to_speech.with_raw_response.stream_with_timestamps(**given) as answer:
            assert b"hoarse" in await answer._response.aread()
    async with Simulator(faults="cut;after=900") as sim, sdk(sim) as client:
        with pytest.raises(httpx.TransportError):
            await joined(spoken(client))


async def test_a_wave_file_is_one() -> None:
    async with Simulator() as sim, sdk(sim) as client:
        body = await joined(spoken(client, output_format="wav_24000"))
    with wave.open(io.BytesIO(body)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (SAMPLE_RATE, 1, 2)
