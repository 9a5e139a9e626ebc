"""Gemini as a transcriber, through Google's SDK, against the simulator."""

from __future__ import annotations

import re
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.backend import ChunkStream
from massgen_stream.errors import ConfigurationError, MediaError, MissingKey
from massgen_stream.generation import collect_transcript, transcribe
from massgen_stream.provider.gemini import SPEC
from massgen_stream.simulator import Simulator, refuse
from massgen_stream.stream_chunk.narrow import content

from ...media.files import audio_file, picture, video_file
from ...simulator.polling import until
from ..fakes import instruments
from ..reading import of_type, read

pytestmark = pytest.mark.anyio
KEY = "key-of-mine-0123456789"
MODEL = "gemini-3.5-transcribe"
WAV = audio_file("wav", 0.5, rate=16000)
SAID = f"This is the simulator, and no model has listened. You sent {len(WAV)} bytes of audio/wav."


def asked(sim: Simulator, source: Any = WAV, **options: Any) -> ChunkStream:
    place = {"provider": "gemini", "base_url": sim.url("gemini"), "api_key": KEY, "environ": {}}
    return transcribe(source, instruments=instruments(), **{**place, **options})


def text_of(chunks: list[Any]) -> str:
    return "".join(chunk.content for chunk in of_type(chunks, "content"))


async def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "my secret interview.wav"
    path.write_bytes(WAV)
    async with Simulator(api_key=KEY) as sim:
        chunks = await read(asked(sim, path))
        (request,) = sim.requests
        await until(lambda: sim.connections() == 0)
    assert request.path.endswith(f"/models/{MODEL}:streamGenerateContent")
    inline = {"inlineData": {"mimeType": "audio/wav", "data": b64encode(WAV).decode()}}
    assert request.json == {"contents": [{"role": "user", "parts": [inline]}]}
    assert text_of(chunks) == SAID
    assert (chunks[0].provider, chunks[-1].finish_reason, chunks[-1].usage_source) == ("gemini", "stop", "reported")
    assert "secret" not in repr(chunks)


@pytest.mark.parametrize(
    ("options", "config"),
    [
        ({"words": True}, {"wordTimestamp": True}),
        ({"speakers": True}, {"wordTimestamp": True, "diarization": True}),
        ({"language": "de"}, {"languageCodes": ["de"]}),
        ({"languages": ["de", "en"]}, {"languageCodes": ["de", "en"]}),
        ({"keywords": ["Ada"]}, {"customVocabulary": ["Ada"]}),
        ({"audio_transcription_config": {"mode": "SMART"}}, {"mode": "SMART"}),
    ],
)
async def test_options(options: dict[str, Any], config: dict[str, Any]) -> None:
    async with Simulator() as sim:
        await read(asked(sim, temperature=0, **options))
        sent = sim.requests[0].json["generationConfig"]
    assert sent == {"audioTranscriptionConfig": config, "temperature": 0}


async def test_words_and_speakers_come_as_they_are_heard() -> None:
    async with Simulator() as sim:
        chunks = await read(asked(sim, speakers=True))
        place: Any = {"provider": "gemini", "base_url": sim.url("gemini"), "environ": {}}
        heard = await collect_transcript(WAV, speakers=True, language="en", **place)
    first, second = (chunk.provider_data["transcript"] for chunk in of_type(chunks, "content"))
    assert [one["speaker"] for mark in (first, second) for one in mark["segments"]] == ["spk_1", "spk_2"]
    assert first["words"][1] == {"text": "is", "start_seconds": 0.4, "end_seconds": 0.8, "speaker": "spk_1"}
    assert (heard.success, heard.text, heard.languages) == (True, SAID, ["en"])
    assert [word["text"] for word in heard.words] == SAID.split()
    assert heard.segments[1]["start_seconds"] == heard.segments[0]["end_seconds"]


def part(text: str, told: dict[str, Any]) -> Any:
    parts = [{"start": 0, "end": len(text), "audioTranscription": told}]
    return content(text, provider_data={"google.generate_content": {"parts": parts}})


async def test_parts_that_say_their_text_in_the_transcription_alone() -> None:
    timed = {"text": "Who goes?", "speakerLabel": "spk_1", "startOffset": "0.5s", "endOffset": "2s"}
    odd = {"text": "The keeper.", "words": [{"word": "The", "startOffset": "soon"}, 5, {"endOffset": "1s"}]}
    async with Simulator([[part("", timed), part("", odd)]]) as sim:
        chunks = await read(asked(sim))
    assert text_of(chunks) == "Who goes? The keeper."
    first, second = (chunk.provider_data["transcript"] for chunk in of_type(chunks, "content"))
    assert first == {"segments": [{"text": "Who goes?", "start_seconds": 0.5, "end_seconds": 2.0, "speaker": "spk_1"}]}
    assert second == {"words": [{"text": "The"}]}


async def test_other_models_get_a_prompt() -> None:
    async with Simulator() as sim:
        await read(asked(sim, model="gemini-3.8-flash"))
        await read(asked(sim, model="gemini-3.8-flash", prompt="In German, please."))
        first, second = (request.json["contents"][0]["parts"] for request in sim.requests)
    assert first[1]["text"].startswith("Write down word for word")
    assert second[1] == {"text": "In German, please."}


async def test_long_recordings_are_uploaded_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SPEC.input_media, "audio", 1000)
    async with Simulator() as sim:
        chunks = await read(asked(sim))
        assert sim.requests[-1].json["contents"][0]["parts"][0].keys() == {"fileData"}
    assert text_of(chunks).startswith("This is the simulator")
    assert of_type(chunks, "attachment_complete")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"speakers": True, "model": "gemini-3.8-flash"}, "takes no wordTimestamp, diarization"),
        ({"keywords": ["a"], "words": True}, "Gemini takes keywords alone"),
        ({"keywords": ["a"] * 1001}, "keywords holds 1001 phrases; at most 1000"),
        ({"language": 5}, "language must be a code"),
        ({"words": 1}, "words must be true or false"),
        ({"model": 5}, "model must be the id of a model"),
    ],
)
def test_what_cannot_be_is_refused_at_the_call(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        transcribe(WAV, provider="gemini", api_key="k", environ={}, **options)


def test_a_key_is_needed() -> None:
    with pytest.raises(MissingKey, match="set GEMINI_API_KEY"):
        transcribe(WAV, provider="gemini", environ={})


async def test_what_the_host_refuses_and_a_busy_server() -> None:
    async with Simulator([[refuse(401)]]) as sim:
        (error,) = of_type(await read(asked(sim)), "error")
        assert error.error_info["kind"] == "authentication"
    async with Simulator([[refuse(503)]]) as sim:
        assert text_of(await read(asked(sim))) == SAID
        assert len(sim.requests) == 2


async def test_a_transcript_that_is_cut_is_not_whole() -> None:
    async with Simulator(faults="cut;after=450") as sim:
        place: Any = {"provider": "gemini", "base_url": sim.url("gemini"), "environ": {}}
        heard = await collect_transcript(WAV, **place)
    assert (heard.success, heard.finish_reason) == (False, "incomplete")


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (picture(), "a.wav", "image/png"),
        (picture(), "a.png", "image/png, and neither sound nor video"),
        (b"", "a.wav", "it is empty"),
        (b"Dear diary, nobody spoke.", "a.txt", "text/plain, and neither"),
    ],
)
async def test_what_nobody_can_hear_is_not_sent(tmp_path: Path, data: bytes, name: str, why: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    async with Simulator(api_key=KEY) as sim:
        chunks = await read(asked(sim, path))
        (problem,) = of_type(chunks, "error")
        assert re.search(why, problem.error)
        assert chunks[-1].finish_reason == "error"
        with pytest.raises(MediaError, match=r"it is empty|neither sound nor video"):
            asked(sim, data)
        assert sim.requests == []


async def test_video_is_heard() -> None:
    async with Simulator(api_key=KEY) as sim:
        assert text_of(await read(asked(sim, video_file(sound=True)))).endswith("of video/mp4.")
