"""Scribe, through ElevenLabs' SDK, against the simulator."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.backend import ChunkStream
from massgen_stream.errors import ConfigurationError, MediaError, MissingKey
from massgen_stream.generation import collect_transcript, transcribe
from massgen_stream.simulator import Simulator
from massgen_stream.simulator.forms import form_fields
from massgen_stream.testing.recorded import recordings, skip_reason

from ...media.files import audio_file
from ...simulator.polling import until
from ..elevenlabs import KEY, last
from ..fakes import instruments
from ..reading import details, of_type, read, stored

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("nothing_unclosed")]
SAID = "This is the simulator, and no model has listened."


@pytest.fixture
def speech(tmp_path: Path) -> Path:
    path = tmp_path / "my secret interview.wav"
    path.write_bytes(audio_file("wav", 0.5, rate=16000))
    return path


def asked(sim: Simulator, source: Any, **options: Any) -> ChunkStream:
    place = {"provider": "elevenlabs", "base_url": sim.url("elevenlabs"), "api_key": KEY, "environ": {}}
    return transcribe(source, instruments=instruments(), **{**place, **options})


def sent(sim: Simulator) -> dict[str, list[str]]:
    """Return the fields of the form, in order; of files their names."""
    form: dict[str, list[str]] = {}
    for field in form_fields(last(sim).headers["content-type"], last(sim).body):
        form.setdefault(field.name, []).append(field.text if field.filename is None else field.filename)
    return {name: values for name, values in form.items() if values != ["null"]}  # what the SDK says of what is absent


async def test_a_file(speech: Path) -> None:
    async with Simulator(api_key=KEY) as sim:
        chunks = await read(asked(sim, speech))
        form, request = sent(sim), last(sim)
        await until(lambda: sim.connections() == 0)
    assert (chunks[0].provider, chunks[0].model, chunks[0].request_id) == ("elevenlabs", "scribe_v2", "req_sim_1")
    text = "".join(chunk.content for chunk in of_type(chunks, "content"))
    assert text.startswith(f"{SAID} You sent 0.50 seconds of audio/wav")
    assert (request.path, form) == ("/v1/speech-to-text", {"model_id": ["scribe_v2"], "file": ["recording.wav"]})
    assert stored(speech) in request.body
    assert chunks[-1].finish_reason == "stop"


async def test_words_and_speakers(speech: Path) -> None:
    async with Simulator() as sim:
        heard = await collect_transcript(
            speech, provider="elevenlabs", base_url=sim.url("elevenlabs"), environ={}, speakers=True, words=True
        )
        assert sent(sim)["diarize"] == ["true"]
    assert (heard.success, heard.duration_seconds, heard.languages) == (True, 0.5, ["eng"])
    assert heard.speakers == ["speaker_0", "speaker_1"]
    assert heard.segments[0]["text"] == SAID
    assert heard.segments[0].keys() == {"id", "text", "start_seconds", "end_seconds", "speaker"}
    assert (heard.words[0]["text"], heard.words[0]["start_seconds"]) == ("This", 0)
    assert heard.segments[-1]["end_seconds"] == heard.words[-1]["end_seconds"] == 0.5


async def test_words_without_speakers_are_no_segments(speech: Path) -> None:
    async with Simulator() as sim:
        place: Any = {"provider": "elevenlabs", "base_url": sim.url("elevenlabs"), "environ": {}}
        heard = await collect_transcript(speech, words=True, **place)
    assert (heard.segments, heard.speakers, len(heard.words) > 10) == ([], [], True)


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ({"model": "scribe_v3"}, {"model_id": ["scribe_v3"]}),
        ({"language": "de"}, {"language_code": ["de"]}),
        ({"languages": ["de", "en"]}, {"language_code": ["de"], "secondary_language_codes": ["en"]}),
        ({"keywords": ["Ada", "Grace Hopper"]}, {"keyterms": ["Ada", "Grace Hopper"]}),
        ({"temperature": 1.5, "seed": 4}, {"temperature": ["1.5"], "seed": ["4"]}),
        ({"num_speakers": 2, "tag_audio_events": False}, {"num_speakers": ["2"], "tag_audio_events": ["false"]}),
        ({"use_multi_channel": True}, {"use_multi_channel": ["true"], "multichannel_output_style": ["combined"]}),
        ({"entity_detection": ["pii"]}, {"entity_detection": ['["pii"]']}),
        ({"brand_new": "1", "extra_body": {"newer": "2"}}, {"brand_new": ["1"], "newer": ["2"]}),
    ],
)
async def test_options(speech: Path, options: dict[str, Any], fields: dict[str, list[str]]) -> None:
    async with Simulator() as sim:
        chunks = await read(asked(sim, speech, extra_headers={"X-Mine": "7"}, enable_logging=False, **options))
        assert sent(sim) == {"model_id": ["scribe_v2"], "file": ["recording.wav"], **fields}
        assert (last(sim).headers["x-mine"], last(sim).query) == ("7", {"enable_logging": "false"})
    assert chunks[-1].finish_reason == "stop"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"prompt": "x"}, "Scribe takes no prompt; give keywords"),
        ({"response_format": "srt"}, "leave response_format out"),
        ({"webhook": True}, "leave webhook out"),
        ({"language": "a language"}, "language must be a code"),
        ({"language": "en", "languages": ["de"]}, "are both given"),
        ({"keywords": 5}, "keywords must be a list of texts"),
        ({"temperature": 3}, "temperature must be a number from 0 to 2"),
        ({"speakers": "yes"}, "speakers must be true or false"),
        ({"model": ""}, "model must be the id of a model"),
        ({"seed": object()}, "has no JSON form"),
    ],
)
def test_what_cannot_be_is_refused_at_the_call(speech: Path, options: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        transcribe(speech, provider="elevenlabs", api_key="k", environ={}, **options)


def test_a_key_is_needed(speech: Path) -> None:
    with pytest.raises(MissingKey, match="set ELEVENLABS_API_KEY"):
        transcribe(speech, provider="elevenlabs", environ={})


async def test_what_is_no_recording(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello")
    with pytest.raises(MediaError):
        transcribe(tmp_path / "absent.wav", provider="elevenlabs", api_key="k", environ={})
    async with Simulator() as sim:
        (error,) = of_type(await read(asked(sim, tmp_path / "a.txt")), "error")
        assert sim.requests == []
    assert "the recording is text/plain" in error.error


async def test_films_and_apples_sound_are_taken() -> None:
    async with Simulator() as sim:
        await read(asked(sim, audio_file("aiff", 0.2, codec="pcm_s16be")))
        assert sent(sim)["file"] == ["recording.aiff"]


@pytest.mark.parametrize(
    ("fault", "kind", "requests"),
    [("401", "authentication", 1), ("422", "invalid_request", 1), ("503", "overloaded", 3)],
)
async def test_what_the_host_refuses(speech: Path, fault: str, kind: str, requests: int) -> None:
    async with Simulator(faults=[fault] * 3) as sim:
        chunks = await read(asked(sim, speech))
        assert len(sim.requests) == requests
    (error,) = of_type(chunks, "error")
    assert (error.error_info["kind"], KEY in repr(chunks)) == (kind, False)


@pytest.mark.parametrize("fault", ["cut;after=200", "html;code=200", "json;code=200"])
async def test_what_is_no_transcript(speech: Path, fault: str) -> None:
    async with Simulator(faults=[fault] * 3) as sim:
        chunks = await read(asked(sim, speech))
    assert of_type(chunks, "error")
    assert (chunks[-1].finish_reason in ("error", "incomplete"), of_type(chunks, "content")) == (True, [])


async def test_cancelled_while_it_waits(speech: Path) -> None:
    async with Simulator(faults="silence") as sim:
        stream = asked(sim, speech)
        task = asyncio.create_task(read(stream))
        await until(lambda: len(sim.requests) == 1)
        stream.cancel()
        chunks = await task
        await until(lambda: sim.connections() == 0)
    assert chunks[-1].finish_reason == "cancelled"


async def test_a_model_that_ends_is_told(speech: Path) -> None:
    async with Simulator() as sim:
        chunks = await read(asked(sim, speech, model="scribe_v1"))
    assert details(chunks, "warning") == ["model scribe_v1: outdated; use scribe_v2"]


WITNESSES = [one for one in recordings("elevenlabs.audio") if one.meta["url_path"] == "/v1/speech-to-text"]


@pytest.mark.skipif(not WITNESSES, reason=skip_reason("elevenlabs.audio"))
async def test_a_recorded_transcript(speech: Path) -> None:
    for witness in WITNESSES:
        server = await asyncio.start_server(_serving(witness.body), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        place: Any = {"provider": "elevenlabs", "base_url": f"http://127.0.0.1:{port}", "environ": {}}
        async with server:
            heard = await collect_transcript(speech, speakers=True, **place)
        assert (heard.success, heard.text) == (True, witness.expect["text"])
        assert heard.words


def _serving(body: bytes) -> Any:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(one.split(b":")[1]) for one in head.lower().split(b"\r\n") if one.startswith(b"content-length")
        )
        await reader.readexactly(length)
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n")
        writer.write(f"content-length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    return serve
