"""The vendor's own SDK: what it accepts as an answer, and what it is refused."""

from __future__ import annotations

import io
import wave
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import openai
import pytest

from massgen_stream.simulator import Simulator, fail, text

from ....media.files import audio_file, picture

pytestmark = pytest.mark.anyio
SPEECH = ("speech.wav", audio_file("wav", 0.5, rate=16000))


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    async with Simulator() as sim:
        yield sim


@pytest.fixture
async def client(sim: Simulator) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(base_url=sim.url("openai.transcription"), api_key="any", max_retries=0) as client:
        yield client


async def create(client: openai.AsyncOpenAI, **options: Any) -> Any:
    return await client.audio.transcriptions.create(**{"file": SPEECH, "model": "gpt-transcribe", **options})


def strict(answer: Any) -> Any:
    """Return *answer* read again by its type, with checks: the SDK itself makes none."""
    return type(answer).model_validate(answer.model_dump(warnings="error"), strict=True)


async def test_a_stream(client: openai.AsyncOpenAI) -> None:
    events = [strict(event) async for event in await create(client, stream=True)]
    assert {event.type for event in events[:-1]} == {"transcript.text.delta"}
    last = events[-1]
    assert (last.type, last.text) == ("transcript.text.done", "".join(event.delta for event in events[:-1]))
    assert "You sent 0.50 seconds of audio/wav at 16000 hertz on 1 channel, " in last.text
    assert last.text.endswith(f"{len(SPEECH[1])} bytes in a file called speech.wav.")
    assert (last.usage.input_tokens, last.languages[0].code) == (10, "en")


async def test_a_stream_with_speakers(client: openai.AsyncOpenAI) -> None:
    options = {"stream": True, "response_format": "diarized_json", "chunking_strategy": "auto"}
    events = [strict(event) async for event in await create(client, model="gpt-4o-transcribe-diarize", **options)]
    segments = [event for event in events if event.type == "transcript.text.segment"]
    deltas = [event for event in events if event.type == "transcript.text.delta"]
    assert [(one.id, one.speaker) for one in segments] == [("seg_0", "A"), ("seg_1", "B")]
    for segment in segments:
        assert segment.text == "".join(one.delta for one in deltas if one.segment_id == segment.id)
    assert "".join(one.text for one in segments) == events[-1].text
    assert (segments[0].start, segments[0].end, segments[1].end) == (0.0, segments[1].start, 0.5)


async def test_documents(client: openai.AsyncOpenAI) -> None:
    plain = strict(await create(client, language="fr"))
    assert (plain.usage.type, plain.languages[0].code) == ("tokens", "fr")
    options: dict[str, Any] = {"response_format": "verbose_json", "timestamp_granularities": ["word", "segment"]}
    verbose = strict(await create(client, model="whisper-1", **options))
    assert (verbose.duration, verbose.language, verbose.usage.seconds) == (0.5, "en", 1)
    assert verbose.text == "".join(segment.text for segment in verbose.segments)
    assert [word.word for word in verbose.words][:2] == ["This", "is"]
    only_words = await create(client, **options | {"timestamp_granularities": ["word"]})
    assert (only_words.segments, bool(only_words.words)) == (None, True)
    speakers = strict(await create(client, response_format="diarized_json"))
    assert [one.speaker for one in speakers.segments] == ["A", "B"]
    assert speakers.duration == 0.5


async def test_texts(client: openai.AsyncOpenAI) -> None:
    text, srt, vtt = [await create(client, response_format=form) for form in ("text", "srt", "vtt")]
    assert text.startswith("This is the simulator")
    assert srt.startswith("1\n00:00:00,000 --> 00:00:00,")
    assert "\n\n2\n" in srt
    assert " --> 00:00:00,500\nYou sent" in srt
    assert vtt.startswith("WEBVTT\n\n00:00:00.000 --> 00:00:00.")


async def test_every_format_of_recordings(client: openai.AsyncOpenAI) -> None:
    for form, codec in (("mp3", None), ("flac", None), ("ogg", "libopus"), ("webm", "libopus")):
        answer = await create(client, file=(f"a.{form}", audio_file(form, 0.5, codec=codec, rate=48000)))
        assert "You sent 0.5" in answer.text
    body = io.BytesIO()
    with wave.open(body, "wb") as sound:
        sound.setnchannels(2)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(4 * 8000 * 90))
    assert (
        "You sent 90.00 seconds of audio/wav at 8000 hertz on 2 channels"
        in (await create(client, file=("a.wav", body.getvalue()))).text
    )


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        ({"file": ("a.png", picture("PNG"))}, 400, "Invalid file format"),
        ({"file": ("recording", SPEECH[1])}, 400, "Invalid file format"),
        ({"file": ("a.wav", b"RIFF\x04\0\0\0WAVE")}, 400, "corrupted or unsupported"),
        ({"file": ("a.mp3", b"")}, 400, "corrupted or unsupported"),
        ({"file": ("a.wav", SPEECH[1] + bytes(25 * 2**20))}, 413, "Maximum content size limit (26214400) exceeded"),
        ({"model": ""}, 400, "model parameter"),
        ({"response_format": "docx"}, 400, "Invalid value: 'docx'"),
        ({"timestamp_granularities": ["word"]}, 400, "verbose_json"),
    ],
)
async def test_refusals(client: openai.AsyncOpenAI, options: dict[str, Any], status: int, said: str) -> None:
    with pytest.raises(openai.APIStatusError) as refused:
        await create(client, **options)
    assert refused.value.status_code == status
    assert said in refused.value.message


async def test_what_is_no_form(sim: Simulator, client: openai.AsyncOpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="multipart/form-data"):
        await client.post("/audio/transcriptions", cast_to=object, body={"model": "m"})
    async with httpx2.AsyncClient(base_url=sim.url("openai")) as plain:
        headers = {"content-type": "multipart/form-data; boundary=a"}
        answer = await plain.post("/audio/transcriptions", content=b"x", headers=headers)
        assert (answer.status_code, "parse multipart form" in answer.text) == (400, True)
        answer = await plain.post("/audio/transcriptions", files={"image": SPEECH}, data={"model": "m"})
    assert (answer.status_code, "'file'" in answer.text) == (400, True)


async def test_scripts_and_faults() -> None:
    async with (
        Simulator([[text("Hel"), text("lo")], [text("Hel"), fail("lost")], [fail("lost")]]) as sim,
        openai.AsyncOpenAI(base_url=sim.url("openai"), api_key="any", max_retries=0) as client,
    ):
        assert (await create(client, response_format="verbose_json")).text == "Hello"
        with pytest.raises(openai.APIError, match="lost"):
            [event async for event in await create(client, stream=True)]
        with pytest.raises(openai.InternalServerError, match="lost"):
            await create(client)
        with pytest.raises(openai.RateLimitError):
            await create(client, extra_headers={"x-simulate-fault": "429"})
        with pytest.raises(openai.APIConnectionError):
            [e async for e in await create(client, stream=True, extra_headers={"x-simulate-fault": "cut;after=100"})]
        with pytest.raises(openai.APIConnectionError):
            await create(client, response_format="srt", extra_headers={"x-simulate-fault": "cut;after=10"})
