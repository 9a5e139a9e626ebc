"""Chunks to bytes, as events and as raw sound."""

from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream import wire
from massgen_stream.stream_chunk import narrow
from massgen_stream.stream_chunk.multimodal import MediaMetadata
from massgen_stream.testing.cuts import cuts, decode, joined
from massgen_stream.testing.wires_openai_speech import raw_sound

from ..endpoint_saying import Endpoint, body, documents_of
from .test_decoder import END, MP3, said

speech = Endpoint("openai.speech")
UNSAID = "a Speech stream has no place for it"


@given(raw_sound(), st.data())
def test_raw_sound_is_said_again_to_a_reader_who_knows_the_same(data: bytes, chance: st.DataObject) -> None:
    told: dict[str, Any] = {
        "audio_format": chance.draw(st.sampled_from((None, "wav", "pcm", "ulaw_8000"))),
        "content_length": chance.draw(st.none() | st.integers(0, 80)),
    }
    chunks = decode(wire.decoder("openai.speech", **told), chance.draw(cuts(data)))
    again, losses = speech.encoded(chunks, raw=True)
    assert losses == []
    assert joined(decode(wire.decoder("openai.speech", **told), [again])) == joined(chunks)


def test_events_are_the_vendors() -> None:
    data, losses = speech.encoded(speech.decoded(body(said(MP3), END)))
    assert documents_of(data) == [said(MP3), END]
    assert data.startswith(b"event: speech.audio.delta\n")
    assert losses == []


def test_raw_sound_is_nothing_but_sound() -> None:
    chunks = speech.decoded(body(said(MP3), said(b"\x00more"), END))
    assert speech.encoded(chunks, raw=True) == (MP3 + b"\x00more", [f"done.usage: {UNSAID}"])


def sound(**fields: Any) -> Any:
    known = {"media_type": "audio", "media_metadata": MediaMetadata(mime_type="audio/mpeg")}
    return narrow.media("m", **{**known, **fields})


def test_a_whole_medium_is_one_delta() -> None:
    for encoding, data in (("binary", MP3), ("base64", b64encode(MP3).decode())):
        chunks = [narrow.start(), sound(media_encoding=encoding, media_data=data), narrow.done("stop")]
        assert documents_of(speech.encoded(chunks)[0]) == [said(MP3), {"type": "speech.audio.done"}]
        assert speech.encoded(chunks, raw=True)[0] == MP3


def test_an_error_before_any_sound_is_a_json_body() -> None:
    error = narrow.error("no", error_info={"kind": "quota"})
    data, losses = speech.encoded([narrow.start(), error, narrow.done("error")], raw=True)
    assert data == b'{"error": {"message": "no", "type": "quota", "code": null}}'
    assert losses == []
    chunks = speech.decoded(b'{"error":{"message":"x","code":"y"}}')
    assert speech.decoded(speech.encoded(chunks, raw=True)[0]) == chunks


def test_an_error_after_sound_has_no_place_in_raw_sound() -> None:
    _, losses = speech.encoded([sound(media_encoding="binary", media_data=MP3), narrow.error("no")], raw=True)
    assert losses == [f"error: {UNSAID}"]
    broken = {"kind": "protocol", "code": "event_too_large", "retryable": False}
    segment = sound(media_encoding="binary", media_data=MP3)
    assert speech.encoded([segment, narrow.error("no", error_info=broken)], raw=True)[1] == [f"error: {UNSAID}"]


LOST = [
    sound(media_type="image", media_encoding="binary", media_data=b"x"),
    sound(media_encoding="url", media_data="https://x"),
    sound(media_encoding="base64", media_data="?"),
    sound(path="/x"),
    narrow.media_progress("m", progress_percentage=5),
    narrow.content("x"),
    narrow.backend_status("ignored_field", detail="b64_json"),
]


@pytest.mark.parametrize("raw", [True, False])
@pytest.mark.parametrize("chunk", LOST)
def test_losses(chunk: Any, raw: bool) -> None:
    assert speech.encoded([chunk], raw=raw) == (b"", [f"{chunk.type}: {UNSAID}"])


def test_fields_without_a_place() -> None:
    chunk = sound(media_encoding="binary", media_data=MP3, model="m", text_content="Hi", provider_data={"z": {}})
    for raw in (True, False):
        losses = [line.partition(":")[0] for line in speech.encoded([chunk], raw=raw)[1]]
        assert losses == ["media.text_content", "media.model", "media.provider_data[z]"]
