"""`collect_transcript`: what was said, and no exception for what is not the caller's fault."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.generation import collect_transcript
from massgen_stream.generation.transcription.result import transcript_of
from massgen_stream.simulator import Simulator, refuse
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.narrow import content, done, start

from ...media.files import audio_file

pytestmark = pytest.mark.anyio
SPEECH = audio_file("wav", 0.5, rate=16000)


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    async with Simulator() as sim:
        yield sim


async def test_words(sim: Simulator) -> None:
    heard = await collect_transcript(SPEECH, base_url=sim.url("openai"), words=True, language="de", environ={})
    assert heard.success
    assert (heard.error, heard.finish_reason, heard.provider, heard.model) == (
        None,
        "stop",
        "chatcompletion",
        "whisper-1",
    )
    assert heard.text == "".join(segment["text"] for segment in heard.segments)
    assert [word["text"] for word in heard.words][:4] == ["This", "is", "the", "simulator"]
    assert (heard.languages, heard.duration_seconds, heard.speakers) == (["de"], 0.5, [])
    assert heard.words[-1]["end_seconds"] == 0.5
    assert [note.partition(":")[0] for note in heard.notes] == ["info", "warning"]


async def test_speakers(sim: Simulator) -> None:
    heard = await collect_transcript(SPEECH, base_url=sim.url("openai"), speakers=True, environ={})
    assert heard.speakers == ["A", "B"]
    assert [segment["id"] for segment in heard.segments] == ["seg_0", "seg_1"]
    assert heard.text.startswith(heard.segments[0]["text"])
    assert heard.usage is not None
    assert heard.usage["input_tokens"] == 10


@pytest.mark.parametrize(("form", "begins"), [("srt", "1\n00:00:00,000 -->"), ("vtt", "WEBVTT\n")])
async def test_subtitles(sim: Simulator, form: str, begins: str) -> None:
    heard = await collect_transcript(SPEECH, base_url=sim.url("openai"), response_format=form, environ={})
    assert heard.success
    assert (heard.subtitles or "").startswith(begins)
    assert [segment["text"] in (heard.subtitles or "") for segment in heard.segments] == [True, True]
    assert "-->" not in heard.text
    plain = await collect_transcript(SPEECH, base_url=sim.url("openai"), response_format="text", environ={})
    assert (plain.success, plain.subtitles) == (True, None)


async def test_billed_seconds_are_a_length(sim: Simulator) -> None:
    heard = await collect_transcript(SPEECH, base_url=sim.url("openai"), model="whisper-1", environ={})
    assert (heard.segments, heard.duration_seconds) == ([], 1)


@pytest.mark.parametrize(
    ("source", "options", "said"),
    [
        (SPEECH, {}, "set OPENAI_API_KEY"),
        (SPEECH, {"provider": "nobody"}, "unknown provider"),
        (SPEECH, {"api_key": "k", "language": "klingonese"}, "language must be a code"),
        (Path("/absent.wav"), {"api_key": "k"}, "cannot read"),
        (3, {"api_key": "k"}, "no medium can be read from int"),
    ],
)
async def test_nothing_of_a_user_or_a_key_is_raised(source: Any, options: dict[str, Any], said: str) -> None:
    heard = await collect_transcript(source, environ={}, **options)
    assert (heard.success, heard.text, heard.finish_reason) == (False, "", None)
    assert said in str(heard.error)


async def test_nothing_of_a_vendor_is_raised() -> None:
    async with Simulator([[refuse(404, "no such model")]]) as sim:
        heard = await collect_transcript(SPEECH, base_url=sim.url("openai"), environ={})
    assert (heard.success, heard.finish_reason) == (False, "error")
    assert "no such model" in str(heard.error)


async def test_a_stream_without_an_end_and_segments_told_twice() -> None:
    async def stream(*chunks: BaseStreamChunk) -> AsyncIterator[BaseStreamChunk]:
        for chunk in chunks:
            yield chunk

    def marked(**segment: Any) -> BaseStreamChunk:
        return content("", provider_data={"transcript": {"segments": [segment]}})

    told = (start(), content("Hi"), marked(id=0, text="H"), marked(text="?"), marked(id=0, text="Hi"), marked(text="!"))
    heard = await transcript_of(stream(*told))
    assert (heard.success, heard.error, heard.text) == (False, "the stream ended with no end", "Hi")
    assert [segment["text"] for segment in heard.segments] == ["Hi", "?", "!"]
    assert (await transcript_of(stream(*told, done("length")))).error == "the stream ended with length"
