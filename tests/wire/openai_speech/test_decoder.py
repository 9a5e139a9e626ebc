"""Speech bytes to chunks: raw sound, events, and errors."""

import json
from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream import wire
from massgen_stream.errors import ConfigurationError
from massgen_stream.testing.cuts import byte_by_byte, cuts, decode
from massgen_stream.testing.wires_openai_speech import raw_sound

from ..endpoint_saying import Endpoint, body, types

speech = Endpoint("openai.speech")
MP3 = b"\xff\xf3\xc4\xc4" + bytes(range(60))
FORMATS = st.sampled_from((None, "mp3", "pcm_16000", "audio/L16;rate=8000"))


def said(sound: bytes, **fields: Any) -> dict[str, Any]:
    return {"type": "speech.audio.delta", "audio": b64encode(sound).decode(), **fields}


USAGE = {"input_tokens": 14, "output_tokens": 101, "total_tokens": 115}
END = {"type": "speech.audio.done", "usage": USAGE}


@given(raw_sound(), st.data())
def test_every_byte_of_raw_sound_arrives_in_order(data: bytes, chance: st.DataObject) -> None:
    decoder = wire.decoder("openai.speech", audio_format=chance.draw(FORMATS))
    chunks: list[Any] = decode(decoder, chance.draw(cuts(data)))
    media = [chunk for chunk in chunks if chunk.type == "media"]
    if media:
        assert b"".join(chunk.media_data for chunk in media[:-1]) == data
        assert media[-1].media_metadata.checksum == f"sha256:{sha256(data).hexdigest()}"
        assert [chunk.chunk_index for chunk in media[:-1]] == list(range(len(media) - 1))


def test_raw_sound() -> None:
    decoder = wire.decoder("openai.speech")
    assert decoder.feed(MP3[:5]) == []
    chunks: list[Any] = [*decoder.feed(MP3[5:20]), *decoder.feed(MP3[20:]), *decoder.close()]
    assert types(chunks) == ["start", "media", "media", "media", "done"]
    _, first, second, final, done = chunks
    assert (first.media_data, first.media_id, first.partial_kind) == (MP3[:20], "response-audio-0", "segment")
    assert first.media_metadata.mime_type == "audio/mpeg"
    assert (second.byte_offset, second.chunk_index, second.media_metadata) == (20, 1, None)
    assert (final.media_data, final.media_metadata.size_bytes) == (None, len(MP3))
    assert (done.finish_reason, done.usage_source) == ("stop", "none")


def test_the_end_of_raw_sound_is_seen_only_with_a_length() -> None:
    assert types(speech.decoded(MP3, content_length=len(MP3)))[-2:] == ["media", "done"]
    chunks = speech.decoded(MP3[:-1], content_length=len(MP3))
    assert types(chunks) == ["start", "media", "error", "done"]
    assert (chunks[-2].error_info["code"], chunks[-1].finish_reason) == ("truncated", "incomplete")


@pytest.mark.parametrize("told", [None, "pcm", "mp3"])
def test_what_the_bytes_show_counts_more_than_what_is_told(told: str | None) -> None:
    assert speech.decoded(MP3, audio_format=told)[1].media_metadata.mime_type == "audio/mpeg"


def test_samples_are_described() -> None:
    samples = b"\x0b\x00\x0c\x00" * 8
    plain = speech.decoded(samples)[1].media_metadata
    assert (plain.mime_type, plain.sample_rate, plain.channels) == ("audio/pcm", 24_000, 1)
    told = speech.decoded(samples, audio_format="pcm_44100")[-2].media_metadata
    assert (told.mime_type, told.sample_rate, told.size_bytes) == ("audio/pcm", 44_100, len(samples))


def test_events() -> None:
    chunks = speech.decoded(body(said(MP3), said(b""), said(b"more"), END, said(b"late")))
    assert types(chunks) == ["start", "media", "media", "media", "done"]
    assert [chunk.media_data for chunk in chunks[1:4]] == [MP3, b"more", None]
    assert (chunks[-1].finish_reason, chunks[-1].usage["total_tokens"]) == ("stop", 115)


MISTRAL_USAGE = {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}


def test_mistral_has_another_name_for_the_sound() -> None:
    """`SpeechStreamAudioDelta` and `SpeechResponse` of Mistral's SDK: in events, and in one document."""
    pieces = [{"type": "speech.audio.delta", "audio_data": b64encode(one).decode()} for one in (MP3[:9], MP3[9:])]
    chunks = speech.decoded(body(*pieces, {"type": "speech.audio.done", "usage": MISTRAL_USAGE}))
    assert [chunk.media_data for chunk in chunks[1:4]] == [MP3[:9], MP3[9:], None]
    assert (chunks[3].media_metadata.mime_type, chunks[-1].usage["total_tokens"]) == ("audio/mpeg", 12)
    document = json.dumps({"audio_data": b64encode(MP3).decode(), "usage": MISTRAL_USAGE}).encode()
    whole = speech.decoded(document)
    assert types(whole) == ["start", "media", "media", "done"]
    assert (whole[1].media_data, whole[2].media_metadata) == (MP3, chunks[3].media_metadata)
    assert (whole[-1].finish_reason, whole[-1].usage["raw"]) == ("stop", MISTRAL_USAGE)
    assert speech.read_again(whole) == whole


@pytest.mark.parametrize("document", [{"audio_data": 5}, {"audio_data": "?"}])
def test_a_document_without_usable_sound(document: dict[str, Any]) -> None:
    chunks = speech.decoded(json.dumps(document).encode())
    assert (types(chunks), chunks[0].error_info["code"]) == (["error", "done"], "malformed_event")
    assert "audio_data" in chunks[0].error
    assert speech.read_again(chunks) == chunks


def test_an_event_that_only_its_name_tells() -> None:
    data = body(said(MP3)) + b"event: speech.audio.done\n" + body({"usage": USAGE})
    assert speech.decoded(data) == speech.decoded(body(said(MP3), END))


@pytest.mark.parametrize(
    ("events", "kinds", "reason"),
    [
        ((said(MP3),), ["start", "media", "error", "done"], "incomplete"),
        ((said(MP3), b"[DONE]"), ["start", "media", "done"], "other"),
        ((said(MP3), {"error": {"message": "no"}}), ["start", "media", "error", "done"], "error"),
        (({"error": {"message": "no"}}, said(MP3), END), ["error", "start", "media", "done"], "error"),
        ((said(MP3), b'{"a": tru'), ["start", "media", "error", "done"], "error"),
        ((END,), ["start", "done"], "stop"), (({"type": "speech.audio.new"},), ["error", "done"], "incomplete"),
    ],
)  # fmt: skip
def test_ends_of_events(events: tuple[Any, ...], kinds: list[str], reason: str) -> None:
    chunks = speech.decoded(body(*events))
    assert (types(chunks), chunks[-1].finish_reason) == (kinds, reason)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"error":{"message":"no such voice","code":"voice"}}', "voice"),
        (b"<html>Bad gateway</html>", "not_a_stream"),
        (b'{"audio":"AAAB","format":"mp3"}', "not_a_stream"), (b'{"error":{"mess', "truncated"), (b"", "truncated"),
        (b"upstream connect error or disconnect", "truncated"), (b"{}", "not_a_stream"), (b"Hi", "truncated"),
    ],
)  # fmt: skip
def test_bodies_that_are_no_sound(data: bytes, code: str) -> None:
    chunks = speech.decoded(data, audio_format="pcm")
    assert (types(chunks), chunks[0].error_info["code"]) == (["error", "done"], code)
    assert decode(wire.decoder("openai.speech"), byte_by_byte(data)) == chunks


@pytest.mark.parametrize(("audio", "what"), [(5, "audio is int"), ("?", "audio is not base64")])
def test_sound_must_be_usable(audio: Any, what: str) -> None:
    chunks = speech.decoded(body(said(MP3), {**END, "audio": audio}))
    assert types(chunks) == ["start", "media", "error", "done"]
    assert what in chunks[2].error


def test_unusable_usage_is_dropped_and_named() -> None:
    for usage, path in ((5, "usage"), ({"input_tokens": -1}, "usage.input_tokens")):
        chunks = speech.decoded(body(said(MP3), {**END, "usage": usage}))
        assert [chunk.detail for chunk in chunks if chunk.type == "backend_status"] == [path]
        assert chunks[-1].finish_reason == "stop"


@pytest.mark.parametrize("options", [{"audio_format": "midi"}, {"content_length": -1}, {"content_length": "5"}])
def test_misuse(options: Any) -> None:
    with pytest.raises(ConfigurationError):
        wire.decoder("openai.speech", **options)


def test_a_json_error_may_have_characters_of_any_language() -> None:
    data = json.dumps({"error": {"message": "Хватит, уже хватит"}}, ensure_ascii=False).encode()
    assert speech.decoded(data)[0].error == "Хватит, уже хватит"
