"""`transcribe` through the openai SDK, over a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.backend import ChunkStream, Instruments
from massgen_stream.errors import ConfigurationError, MediaError, MediaOverLimit, MissingKey, UnknownProvider
from massgen_stream.generation import MediaClients, transcribe
from massgen_stream.simulator import Simulator, fail, refuse, stall, text
from massgen_stream.simulator.forms import Field, form_fields
from massgen_stream.stream_chunk.text import TextStreamChunk

from ...media.files import audio_file
from ...simulator.polling import until
from ..reading import details, of_type, read, stored

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("nothing_unclosed")]
KEY = "key-of-mine-0123456789"


@pytest.fixture
def speech(tmp_path: Path) -> Path:
    path = tmp_path / "my secret interview.wav"
    path.write_bytes(audio_file("wav", 0.5, rate=16000))
    return path


async def no_pause(_seconds: float) -> None:
    await asyncio.sleep(0)


@asynccontextmanager
async def serving(*args: Any, **options: Any) -> AsyncGenerator[Simulator, None]:
    before = asyncio.all_tasks()
    async with Simulator(*args, **options) as sim:
        yield sim
        await until(lambda: sim.connections() == 0)
    assert asyncio.all_tasks() == before


def asked(sim: Simulator, source: Any, **options: Any) -> ChunkStream:
    place = {"provider": "openai", "base_url": sim.url("openai"), "api_key": KEY, "environ": {}}
    return transcribe(source, instruments=Instruments(sleep=no_pause), **{**place, **options})


def open_files() -> int:
    """Return how many recordings are open; 0 where the system does not tell."""
    links = [one for one in Path("/proc/self/fd").glob("*") if one.is_symlink()]
    return sum(one.readlink().suffix == ".wav" for one in links)


def sent(sim: Simulator, number: int = -1) -> dict[str, list[Field]]:
    request = sim.requests[number]
    form: dict[str, list[Field]] = {}
    for field in form_fields(request.headers["content-type"], request.body):
        form.setdefault(field.name, []).append(field)
    return form


def said(chunks: list[Any]) -> str:
    return "".join(chunk.content for chunk in of_type(chunks, "content"))


async def test_a_file(speech: Path) -> None:
    async with serving(api_key=KEY) as sim:
        chunks = await read(asked(sim, speech))
    assert (chunks[0].provider, chunks[0].model, chunks[0].request_id) == ("openai", "gpt-transcribe", "req_sim_1")
    assert "You sent 0.50 seconds of audio/wav at 16000 hertz on 1 channel" in said(chunks)
    assert len(of_type(chunks, "content")) > 20
    done = chunks[-1]
    assert (done.finish_reason, done.usage_source) == ("stop", "reported")
    assert done.usage["details"]["input_token_details"]["audio_tokens"] == 10


async def test_what_is_sent(speech: Path) -> None:
    async with serving() as sim:
        options: dict[str, Any] = {
            "prompt": "Names: Ada",
            "keywords": ["Ada", "Grace"],
            "language": "en",
            "temperature": 0,
            "chunking_strategy": {"type": "server_vad", "threshold": 0.5},
            "brand_new": "1",
        }
        await read(asked(sim, speech, extra_headers={"X-Mine": "7"}, extra_query={"q": "2"}, **options))
        form, request = sent(sim), sim.requests[0]
    (file,) = form.pop("file")
    assert (file.filename, file.content_type) == ("recording.wav", "audio/wav")  # not the name that the user gave it
    assert file.data == stored(speech)
    assert {name: [field.text for field in fields] for name, fields in form.items()} == {
        "model": ["gpt-transcribe"],
        "stream": ["true"],
        "prompt": ["Names: Ada"],
        "keywords[]": ["Ada", "Grace"],
        "language": ["en"],
        "temperature": ["0"],
        "chunking_strategy[type]": ["server_vad"],
        "chunking_strategy[threshold]": ["0.5"],
        "brand_new": ["1"],
    }
    assert (request.headers["x-mine"], request.query) == ("7", {"q": "2"})
    assert request.path == "/v1/audio/transcriptions"


@pytest.mark.parametrize(("form", "codec"), [("mp3", None), ("flac", None), ("ogg", "libopus"), ("webm", "libopus")])
async def test_other_formats(form: str, codec: str | None) -> None:
    async with serving() as sim:
        chunks = await read(asked(sim, audio_file(form, 0.5, codec=codec, rate=48000)))
        (file,) = sent(sim)["file"]
    assert file.filename == f"recording.{form}"
    assert f"of {file.content_type}" in said(chunks)


async def test_speakers(speech: Path) -> None:
    async with serving() as sim:
        sample = audio_file("wav", 0.1)
        options = {"known_speaker_names": ["Ada", "Grace"], "known_speaker_references": [sample, speech]}
        chunks = await read(asked(sim, speech, speakers=True, **options))
        form = sent(sim)
    marks = [chunk.provider_data["transcript"] for chunk in of_type(chunks, "content") if chunk.provider_data]
    assert [one["speaker"] for mark in marks for one in mark.get("segments", ())] == ["Ada", "Grace"]
    assert form["model"][0].text == "gpt-4o-transcribe-diarize"
    assert form["chunking_strategy"][0].text == "auto"
    first, second = (field.text for field in form["known_speaker_references[]"])
    assert first.startswith("data:audio/wav;base64,UklGR")
    assert len(second) > len(first)
    assert details(chunks, "warning")[0].startswith("model gpt-4o-transcribe-diarize: will be shut down on 2027-02-26")
    assert details(chunks, "info") == [
        "gpt-4o-transcribe-diarize does it: gpt-transcribe is not known to answer in diarized_json"
    ]


@pytest.mark.parametrize("form", ["json", "verbose_json", "text", "srt", "vtt"])
async def test_a_model_that_does_not_stream(speech: Path, form: str) -> None:
    async with serving() as sim:
        chunks = await read(asked(sim, speech, model="whisper-1", response_format=form))
    assert said(chunks).startswith("This is the simulator, and no model has listened.")
    assert "-->" not in said(chunks)
    assert chunks[-1].finish_reason == "stop"


async def test_a_model_that_streams_whatever_the_format(speech: Path) -> None:
    async with serving() as sim:
        chunks = await read(asked(sim, speech, model="gpt-4o-transcribe-diarize", response_format="text"))
    assert len(of_type(chunks, "content")) > 20
    assert said(chunks).startswith("This is the simulator, and no model has listened.")


async def test_sources_that_come_once_are_sent_again() -> None:
    data = audio_file("wav", 0.5)

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(data), 1000):
            yield data[start : start + 1000]

    async with serving(faults=["503", None]) as sim:
        chunks = await read(asked(sim, pieces()))
        assert [sent(sim, number)["file"][0].data for number in (0, 1)] == [data, data]
    assert chunks[-1].finish_reason == "stop"
    assert len(details(chunks, "retry")) == 1


@pytest.mark.parametrize("fault", ["429", "503", "cut;after=0"])
async def test_another_attempt_before_the_first_text(speech: Path, fault: str) -> None:
    async with serving(faults=[fault, None]) as sim:
        chunks = await read(asked(sim, speech))
        assert len(sim.requests) == 2
    assert (chunks[-1].finish_reason, len(details(chunks, "retry"))) == ("stop", 1)
    assert said(chunks).count("This is the simulator") == 1


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"faults": "cut;after=900"}, "incomplete"),
        ({"faults": "malformed"}, "error"),
        ({"script": [text("Hel"), fail("lost", code="server_error")]}, "error"),
    ],
)
async def test_no_other_attempt_after_it(speech: Path, options: dict[str, Any], reason: str) -> None:
    async with serving(**options) as sim:
        chunks = await read(asked(sim, speech))
        assert len(sim.requests) == 1
    assert said(chunks)
    assert (chunks[-1].finish_reason, len(of_type(chunks, "error"))) == (reason, 1)


async def test_a_refusal(speech: Path) -> None:
    async with serving(api_key="another") as sim:
        chunks = await read(asked(sim, speech))
        assert len(sim.requests) == 1
    (problem,) = of_type(chunks, "error")
    assert (problem.error_info["kind"], problem.error_info["status"]) == ("authentication", 401)
    assert KEY not in repr(chunks)


async def test_no_error_shows_the_key(speech: Path) -> None:
    async with serving([[refuse(400, f"the key {KEY} is of no use")]]) as sim:
        chunks = await read(asked(sim, speech))
    assert "is of no use" in of_type(chunks, "error")[0].error
    assert KEY not in repr(chunks)


async def test_cancel(speech: Path) -> None:
    async with serving([text("Hello"), stall()]) as sim:
        stream = asked(sim, speech)
        chunks: list[Any] = []
        async for chunk in stream:
            chunks.append(chunk)
            if chunk.type == "content":
                stream.cancel()
    assert (chunks[-1].type, chunks[-1].finish_reason) == ("done", "cancelled")


async def test_leaving_early_closes_file_and_connection(speech: Path) -> None:
    async with serving([text("Hello"), stall()]) as sim:
        before = open_files()
        for _ in range(5):
            async with asked(sim, speech) as stream:
                async for chunk in stream:
                    if chunk.type == "content":
                        break
            await until(lambda: sim.connections() == 0)
        await until(lambda: open_files() <= before)


async def test_a_limit_on_time(speech: Path) -> None:
    async with serving(faults="silence") as sim:
        chunks = await read(asked(sim, speech, first_chunk_timeout=0.2, max_retries=0))
    assert of_type(chunks, "error")[0].error_info["code"] == "first_chunk_timeout"


async def test_the_simulator_inside_this_process(speech: Path) -> None:
    before = asyncio.all_tasks()
    chunks = await read(transcribe(speech, provider="simulator", environ={}))
    assert "0.50 seconds" in said(chunks)
    assert details(chunks, "simulated")
    assert asyncio.all_tasks() == before


async def test_a_server_at_an_address_needs_no_key(speech: Path) -> None:
    async with serving() as sim:
        chunks = await read(transcribe(speech, base_url=sim.url("openai"), environ={}, model="tiny-whisper"))
        assert "authorization" not in sim.requests[0].headers
    assert (chunks[0].provider, chunks[0].model) == ("chatcompletion", "tiny-whisper")


def test_what_is_refused_at_the_call(tmp_path: Path, speech: Path) -> None:
    with pytest.raises(MissingKey, match="set OPENAI_API_KEY"):
        transcribe(speech, environ={})
    with pytest.raises(UnknownProvider, match="nobody"):
        transcribe(speech, provider="nobody")
    with pytest.raises(ConfigurationError, match="transcribes nothing here; use one of openai"):
        transcribe(speech, provider="claude")
    with pytest.raises(ConfigurationError, match="temperature must be a number from 0 to 1"):
        transcribe(speech, api_key=KEY, temperature=7)
    with pytest.raises(MediaError, match="cannot read"):
        transcribe(tmp_path / "absent.wav", api_key=KEY)
    large = tmp_path / "large.wav"
    with large.open("wb") as file:
        file.truncate(25 * 2**20 + 1)
    with pytest.raises(
        MediaOverLimit, match=r"26,214,401 bytes, over the limit of 25 MB \(26,214,400 bytes\) of opena"
    ):
        transcribe(large, api_key=KEY)


@pytest.mark.parametrize(
    ("source", "problem"),
    [(b"", "empty"), (b"%PDF-1.7 and so on", "application/pdf, and not one of flac, mp3"), ({"url": "ftp://a"}, "ftp")],
)
async def test_what_is_no_recording_is_told(source: Any, problem: str) -> None:
    async with serving() as sim:
        try:
            chunks = await read(asked(sim, source))
        except MediaError as error:
            assert problem in str(error)  # noqa: PT017 - some are found out at the call, others when it is read
            return
        assert sim.requests == []
    (told,) = of_type(chunks, "error")
    assert told.error_info["kind"] == "media"
    assert problem in told.error


@pytest.mark.parametrize("form", ["text", "srt"])
async def test_a_text_that_is_cut_is_not_whole(speech: Path, form: str) -> None:
    async with serving(faults=["cut;after=30"]) as sim:
        chunks = await read(asked(sim, speech, model="whisper-1", response_format=form, max_retries=0))
    assert (chunks[-1].finish_reason, said(chunks)) == ("incomplete", "")
    assert not of_type(chunks, "complete_response")


@pytest.mark.parametrize(("form", "flag"), [("srt", False), ("vtt", False), ("text", True), (None, True)])
async def test_a_file_is_not_streamed(speech: Path, form: str | None, flag: bool) -> None:
    async with serving() as sim:
        await read(asked(sim, speech, model="whisper-1", response_format=form))
        assert ("stream" in sent(sim)) is flag


@pytest.mark.parametrize("provider", ["openai", "elevenlabs", "gemini"])
async def test_one_connection_serves_several_recordings(provider: str, speech: Path) -> None:
    async with Simulator() as sim, MediaClients() as clients:
        for _ in range(2):
            stream = asked(sim, speech, provider=provider, base_url=sim.url(provider), clients=clients)
            chunks = [chunk async for chunk in stream]
            assert any(isinstance(one, TextStreamChunk) and one.finish_reason == "stop" for one in chunks)
        assert (sim.connections(), sim.connections().total) == (0, 1)
