"""Chunks to bytes, as events and as lines; the vendor's SDK reads the lines."""

from base64 import b64decode, b64encode
from typing import Any

import httpx
import pytest
from elevenlabs.client import ElevenLabs
from hypothesis import given
from msgspec.structs import replace

from massgen_stream.stream_chunk import narrow
from massgen_stream.stream_chunk.multimodal import MediaMetadata
from massgen_stream.testing.wires_elevenlabs_sound import line_bodies
from massgen_stream.wire.elevenlabs_sound.details import PROTOCOL

from ..endpoint_saying import Endpoint, body, documents_of
from .test_decoder import END, MP3, PLAN, SOUND, alignment, line, named, of_lines

sound = Endpoint("elevenlabs.sound")
UNSAID = "sound with details has no place for it"


@given(line_bodies())
def test_lines_are_said_again_as_lines(data: bytes) -> None:
    chunks = sound.decoded(data)
    again, losses = sound.encoded(chunks, lines=True)
    assert losses == []
    assert sound.decoded(again) == chunks


def test_events_are_the_vendors() -> None:
    events = [named("composition_plan", PLAN), SOUND, named("completion", {})]
    data, losses = sound.encoded(sound.decoded(body(*events[:-1], END)))
    assert (documents_of(data), losses) == (events, [])


@pytest.mark.parametrize("name", ["type", "data", "error", "message", "audio", "x"])
def test_details_of_any_name_are_said_in_lines(name: str) -> None:
    said = {PROTOCOL: {name: "completion", "alignment": None}}
    segment = medium(media_encoding="binary", media_data=MP3, is_partial=True, partial_kind="segment", byte_offset=0)
    chunks = [narrow.start(), replace(segment, provider_data=said), narrow.done("stop")]
    data, losses = sound.encoded(chunks, lines=True)
    again = sound.decoded(data)
    assert (losses, again[1].provider_data, again[1].media_data) == ([], said, MP3)


def test_the_sdk_reads_the_lines() -> None:
    data = of_lines(line(MP3, alignment=alignment("Hi")), line(b"more"))
    again, losses = sound.encoded(sound.decoded(data), lines=True)
    assert losses == []

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=again)

    with httpx.Client(transport=httpx.MockTransport(answer)) as http:
        sdk = ElevenLabs(api_key="x", httpx_client=http)
        found = list(sdk.text_to_speech.stream_with_timestamps("voice", text="Hi"))
    assert [b64decode(one.audio_base_64) for one in found] == [MP3, b"more"]
    assert found[0].alignment is not None
    assert found[0].alignment.characters == ["H", "i"]


def medium(**fields: Any) -> Any:
    return narrow.media(
        "m", **{"media_type": "audio", "media_metadata": MediaMetadata(mime_type="audio/mpeg"), **fields}
    )


def test_a_whole_medium_is_one_event() -> None:
    for encoding, data in (("binary", MP3), ("base64", b64encode(MP3).decode())):
        chunks = [narrow.start(), medium(media_encoding=encoding, media_data=data), narrow.done("stop")]
        assert documents_of(sound.encoded(chunks)[0]) == [SOUND, named("completion", {})]


@pytest.mark.parametrize("lines", [True, False])
@pytest.mark.parametrize(
    "chunk",
    [
        medium(media_type="image", media_encoding="binary", media_data=b"x"),
        medium(media_encoding="url", media_data="https://x"),
        medium(path="/x"),
        narrow.content("x"),
        narrow.media_progress("m", progress_percentage=5),
    ],
)
def test_losses(chunk: Any, lines: bool) -> None:
    assert sound.encoded([chunk], lines=lines) == (b"", [f"{chunk.type}: {UNSAID}"])


def test_fields_without_a_place() -> None:
    chunk = medium(media_encoding="binary", media_data=MP3, model="m", text_content="Hi", provider_data={"z": {}})
    losses = [one.partition(":")[0] for one in sound.encoded([chunk])[1]]
    assert losses == ["media.text_content", "media.model", "media.provider_data[z]"]


@pytest.mark.parametrize("lines", [True, False])
@pytest.mark.parametrize("error", ["no", "", "{", 5, True, ["no"], None, {}, {"message": "no"}], ids=repr)
def test_errors_of_any_form_are_said_again(error: Any, lines: bool) -> None:
    document = named("error") | {"data": error}
    chunks = sound.decoded(of_lines(document) if lines else body(document))
    again, losses = sound.encoded(chunks, lines=lines)
    assert (sound.decoded(again), losses) == (chunks, [])
