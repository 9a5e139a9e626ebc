"""Sound of the Interactions API, through Google's SDK."""

from __future__ import annotations

import io
from base64 import b64decode
from typing import Any

import av
import pytest

from massgen_stream.simulator import Simulator
from massgen_stream.simulator.answers.spoken import speech

from .test_sdk import client_of, deltas, streamed

pytestmark = pytest.mark.anyio
SPEECH, MUSIC = "gemini-3.8-flash-tts", "lyria-3.5"
SAMPLES = b"".join(speech("Hello there"))


def asked(mime_type: str | None = None, **fields: Any) -> dict[str, Any]:
    form = {"type": "audio", **({"mime_type": mime_type} if mime_type else {})}
    return {"given": "Hello there", "model": SPEECH, "response_format": form, **fields}


async def test_streamed_samples() -> None:
    async with Simulator() as sim, client_of(sim) as client:
        sound = deltas(await streamed(client, **asked()), "audio")
    assert (sound[0].mime_type, sound[0].sample_rate, sound[0].channels) == ("audio/l16", 24_000, 1)
    assert len(sound) > 1
    assert b"".join(b64decode(one.data) for one in sound) == SAMPLES


@pytest.mark.parametrize(
    ("asked_for", "told", "codec"),
    [
        ("audio/mp3", "audio/mp3", "mp3float"),
        ("audio/ogg_opus", "audio/opus", "opus"),
        ("audio/wav", "audio/wav", "pcm"),
    ],
)
async def test_files(asked_for: str, told: str, codec: str) -> None:
    async with Simulator() as sim, client_of(sim) as client:
        sound = deltas(await streamed(client, **asked(asked_for)), "audio")
    assert sound[0].mime_type == told
    with av.open(io.BytesIO(b"".join(b64decode(one.data) for one in sound))) as container:
        assert container.streams.audio[0].codec_context.name.startswith(codec)


async def test_a_whole_answer() -> None:
    async with Simulator() as sim, client_of(sim) as client:
        found = await client.create(model=SPEECH, input="Hello there", response_format={"type": "audio"})
    assert b64decode(found.output_audio.data) == b"".join(speech("Hello there", "wav"))
    assert (found.status, found.usage.total_input_tokens) == ("completed", 3)


async def test_music_has_words() -> None:
    async with Simulator() as sim, client_of(sim) as client:
        events = await streamed(client, "a calm harbour", model=MUSIC)
    (words,), sound = deltas(events, "text"), deltas(events, "audio")
    assert words.text == "[[A0]]\nLa la la: a calm harbour"
    assert {one.mime_type for one in sound} == {"audio/mp3"}


async def test_a_format_that_google_has_not() -> None:
    async with Simulator() as sim, client_of(sim) as client:
        with pytest.raises(Exception, match=r"400.*response_format\.mime_type"):
            await streamed(client, **asked("audio/flac"))
