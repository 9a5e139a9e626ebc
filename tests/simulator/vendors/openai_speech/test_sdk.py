"""The openai SDK, raw, against the Speech API."""

import io
import json
import wave
from base64 import b64decode
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import openai
import pytest

from massgen_stream.simulator import Simulator, refuse
from massgen_stream.simulator.answers.spoken import SAMPLE_RATE, speech
from massgen_stream.wire import SSEDecoder

pytestmark = pytest.mark.anyio
WORDS = "The lighthouse is lit."


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    async with Simulator() as sim:
        yield sim


def connected(sim: Simulator) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(base_url=sim.url("openai"), api_key="any", max_retries=0)


@pytest.fixture
async def client(sim: Simulator) -> AsyncIterator[openai.AsyncOpenAI]:
    async with connected(sim) as client:
        yield client


def asked(**more: Any) -> Any:
    return {"model": "tts-1", "input": WORDS, "voice": "alloy", **more}


@pytest.mark.parametrize(
    ("form", "content_type", "head"),
    [
        ("mp3", "audio/mpeg", b"ID3"),
        ("opus", "audio/opus", b"OggS"),
        ("aac", "audio/aac", b"\xff\xf1"),
        ("flac", "audio/flac", b"fLaC"),
        ("wav", "audio/wav", b"RIFF"),
    ],
)
async def test_formats(client: openai.AsyncOpenAI, form: str, content_type: str, head: bytes) -> None:
    async with client.audio.speech.with_streaming_response.create(**asked(response_format=form)) as response:
        pieces = [piece async for piece in response.iter_bytes()]
        assert response.headers["content-type"] == content_type
        assert "content-length" not in response.headers
    assert len(pieces) > 1
    assert pieces[0].startswith(head)


async def test_a_wave_file_is_one(client: openai.AsyncOpenAI) -> None:
    found = await client.audio.speech.create(**asked(response_format="wav"))
    with wave.open(io.BytesIO(found.content)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (SAMPLE_RATE, 1, 2)
        samples = b"".join(speech(WORDS))
        assert file.readframes(len(samples)) == samples


async def test_samples_and_speed(client: openai.AsyncOpenAI) -> None:
    lengths = []
    for speed in (1.0, 2.0):
        found = await client.audio.speech.create(**asked(response_format="pcm", speed=speed, voice={"id": "voice_1"}))
        lengths.append(len(found.content))
    assert lengths[0] == len(b"".join(speech(WORDS)))
    assert lengths[1] == pytest.approx(lengths[0] / 2, rel=0.01)


async def test_events(client: openai.AsyncOpenAI) -> None:
    create = client.audio.speech.with_streaming_response.create
    async with create(**asked(response_format="pcm", stream_format="sse")) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        decoder = SSEDecoder()
        events = [json.loads(one.data) async for piece in response.iter_bytes() for one in decoder.feed(piece)]
    *deltas, last = events
    assert {delta["type"] for delta in deltas} == {"speech.audio.delta"}
    assert b"".join(b64decode(delta["audio"]) for delta in deltas) == b"".join(speech(WORDS))
    assert last["type"] == "speech.audio.done"
    assert last["usage"]["input_tokens"] == 6


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"input": ""}, "Missing required parameter: 'input'"),
        ({"input": "a" * 4097}, "at most 4096 characters"),
        ({"model": ""}, "you must provide a model"),
        ({"voice": "darth"}, "Invalid voice: 'darth'"),
        ({"voice": {"id": ""}}, "Invalid voice"),
        ({"speed": 5}, "from 0.25 to 4.0"),
        ({"speed": "fast"}, "expected a number"),
        ({"response_format": "midi"}, "Invalid value: 'midi'"),
        ({"stream_format": "smoke"}, "Invalid value: 'smoke'"),
    ],
)
async def test_what_is_refused(client: openai.AsyncOpenAI, body: dict[str, Any], said: str) -> None:
    with pytest.raises(openai.BadRequestError, match=said):
        await client.audio.speech.create(**asked(**body))


async def test_scripts_and_faults() -> None:
    async with Simulator([[refuse(429, retry_after=1)]]) as sim, connected(sim) as client:
        with pytest.raises(openai.RateLimitError):
            await client.audio.speech.create(**asked())
    async with Simulator(faults="error;after=0;message=hoarse") as sim, connected(sim) as client:
        found = await client.audio.speech.create(**asked(response_format="wav"))
        assert json.loads(found.content)["error"]["message"] == "hoarse"
    async with Simulator(faults="error;after=2") as sim, connected(sim) as client:
        with pytest.raises((openai.APIError, httpx2.TransportError)):
            await client.audio.speech.create(**asked(response_format="wav"))
