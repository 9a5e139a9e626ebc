"""Sound with details to chunks: lines of speech, events of music, errors and cuts."""

import json
from base64 import b64encode
from typing import Any

import pytest

from massgen_stream import wire
from massgen_stream.errors import ConfigurationError
from massgen_stream.testing.cuts import byte_by_byte, decode

from ..endpoint_saying import Endpoint, body, types

PROTOCOL = "elevenlabs.sound"
sound = Endpoint(PROTOCOL)
MP3 = b"\xff\xfb\x90\xc4" + bytes(range(60))


def coded(data: bytes) -> str:
    return b64encode(data).decode()


def alignment(text: str, start: float = 0.0, step: float = 0.5) -> dict[str, Any]:
    times = [start + step * place for place in range(len(text) + 1)]
    return {
        "characters": list(text),
        "character_start_times_seconds": times[:-1],
        "character_end_times_seconds": times[1:],
    }


def line(data: bytes, **said: Any) -> dict[str, Any]:
    return {"audio_base64": coded(data), **said}


def of_lines(*documents: Any) -> bytes:
    return b"".join((one if isinstance(one, bytes) else json.dumps(one).encode()) + b"\n" for one in documents)


def named(event: str, data: Any = None) -> dict[str, Any]:
    return {"event": event, **({} if data is None else {"data": data})}


END = named("completion", {"message": "Stream ended successfully."})
PLAN = {"sections": [{"section_name": "Verse", "duration_ms": 3000}]}


def test_lines_of_speech() -> None:
    data = of_lines(
        line(MP3, alignment=alignment("Hi yo")), line(b"more", alignment=alignment("u!", 2.5)), line(b"end")
    )
    chunks = sound.decoded(data)
    assert types(chunks) == ["start", "media", "media", "media", "media", "done"]
    _, first, second, third, final, done = chunks
    assert [one.media_data for one in (first, second, third)] == [MP3, b"more", b"end"]
    assert (first.media_metadata.mime_type, second.media_metadata, second.byte_offset) == ("audio/mpeg", None, len(MP3))
    assert first.provider_data == {PROTOCOL: {"alignment": alignment("Hi yo")}}
    assert third.provider_data is None
    assert final.provider_data["transcript"]["words"] == [
        {"text": "Hi", "start_seconds": 0.0, "end_seconds": 1.0},
        {"text": "you!", "start_seconds": 1.5, "end_seconds": 3.5},  # it goes on in the next line
    ]
    assert (final.media_metadata.size_bytes, done.finish_reason) == (len(MP3) + 7, "stop")


def test_lines_of_a_dialogue_say_who_speaks() -> None:
    voices = [
        {"voice_id": "a", "character_start_index": 0, "character_end_index": 2},
        {"voice_id": "b", "character_start_index": 2, "character_end_index": 4},
    ]
    final = sound.decoded(of_lines(line(MP3, alignment=alignment("HiYo"), voice_segments=voices)))[-2]
    words = final.provider_data["transcript"]["words"]
    assert [(word["text"], word["speaker"]) for word in words] == [("Hi", "a"), ("Yo", "b")]


def test_the_times_of_the_normalised_text_serve_where_there_are_no_others() -> None:
    final = sound.decoded(of_lines(line(MP3, alignment=None, normalized_alignment=alignment("Hi"))))[-2]
    assert final.provider_data["transcript"]["words"][0]["text"] == "Hi"


def test_events_of_music() -> None:
    words = [{"word": "Sunset", "start_ms": 0, "end_ms": 400}, {"word": "drive", "start": 0.5, "end": 1}]
    data = body(
        named("composition_plan", PLAN), named("song_metadata", {"title": "Sunset"}), named("audio_chunk", coded(MP3)),
        named("audio_chunk", coded(b"more")), named("word_timestamps", {"words": words}), END,
    )  # fmt: skip
    chunks = sound.decoded(data)
    assert types(chunks) == ["start", *["media"] * 6, "done"]
    plan, song, first, second, timed, final = chunks[1:-1]
    assert (plan.media_data, plan.media_metadata) == (b"", None)
    assert plan.provider_data == {PROTOCOL: {"composition_plan": PLAN}}
    assert song.provider_data == {PROTOCOL: {"song_metadata": {"title": "Sunset"}}}
    assert (first.media_data, first.media_metadata.mime_type, first.chunk_index) == (MP3, "audio/mpeg", 2)
    assert (second.byte_offset, timed.media_data) == (len(MP3), b"")
    assert final.provider_data["transcript"]["words"] == [
        {"text": "Sunset", "start_seconds": 0.0, "end_seconds": 0.4},
        {"text": "drive", "start_seconds": 0.5, "end_seconds": 1.0},
    ]
    assert (final.media_metadata.size_bytes, chunks[-1].finish_reason) == (len(MP3) + 4, "stop")


@pytest.mark.parametrize(
    "event",
    [
        {"event": "audio_chunk", "data": coded(MP3)},
        {"type": "audio_chunk", "data": {"audio_base64": coded(MP3)}},
        {"type": "audio_chunk", "audio_base64": coded(MP3)},
        {"event": "audio", "data": {"audio": coded(MP3)}},
        json.dumps(json.dumps({"event": "audio_chunk", "data": coded(MP3)})).encode(),
    ],
)
def test_forms_of_sound_that_clients_have_met(event: Any) -> None:
    assert sound.decoded(body(event, END)) == sound.decoded(body(named("audio_chunk", coded(MP3)), END))


@pytest.mark.parametrize("payload", [coded(MP3), json.dumps(coded(MP3)), json.dumps({"audio_base64": coded(MP3)})])
def test_an_event_that_only_its_name_tells(payload: str) -> None:
    data = b"event: audio_chunk\ndata: " + payload.encode() + b"\n\nevent: completion\ndata: {}\n\n"
    assert sound.decoded(data) == sound.decoded(body(named("audio_chunk", coded(MP3)), END))


SOUND = named("audio_chunk", coded(MP3))
REFUSED = {"detail": {"status": "bad_prompt", "message": "no", "data": {"prompt_suggestion": "yes"}}}


@pytest.mark.parametrize(
    ("data", "kinds", "reason"),
    [
        (body(SOUND), ["start", "media", "error", "done"], "incomplete"),
        (body(SOUND, b"[DONE]"), ["start", "media", "done"], "other"),
        (body(SOUND, {"error": {"message": "no"}}, END), ["start", "media", "error", "done"], "error"),
        (body(SOUND, named("error", {"message": "no"}), END), ["start", "media", "error", "done"], "error"),
        (body(SOUND, b'{"a": tru'), ["start", "media", "error", "done"], "error"),
        (body(END), ["start", "done"], "stop"),
        (of_lines(line(MP3))[:-1], ["start", "media", "media", "done"], "stop"),
        (of_lines(line(MP3)) + b'{"audio', ["start", "media", "error", "done"], "incomplete"),
        (of_lines(line(MP3)) + b'{"a": ', ["start", "media", "error", "done"], "incomplete"),
        (of_lines(line(MP3), REFUSED), ["start", "media", "error", "done"], "error"),
        (of_lines(REFUSED), ["error", "done"], "error"),
        (of_lines(line(MP3), b"rubbish", line(MP3)), ["start", "media", "error", "done"], "error"),
        (of_lines({}), ["start", "error", "done"], "incomplete"),
        (b"", ["error", "done"], "incomplete"),
        (b"<html>Bad gateway</html>", ["error", "done"], "error"),
    ],
)
def test_ends(data: bytes, kinds: list[str], reason: str) -> None:
    chunks = sound.decoded(data)
    assert (types(chunks), chunks[-1].finish_reason) == (kinds, reason)
    assert decode(wire.decoder(PROTOCOL), byte_by_byte(data)) == chunks


@pytest.mark.parametrize(("audio", "what"), [(5, "audio_base64 is int"), ("?", "audio_base64 is not base64")])
def test_sound_must_be_usable(audio: Any, what: str) -> None:
    for data in (body(SOUND, named("audio_chunk", audio), END), of_lines(line(MP3), {"audio_base64": audio})):
        chunks = sound.decoded(data)
        assert types(chunks) == ["start", "media", "error", "done"]
        assert what in chunks[2].error


def test_samples_are_what_was_asked_for() -> None:
    found = sound.decoded(of_lines(line(b"\x0b\x00\x0c\x00" * 8)), audio_format="pcm_16000")[1].media_metadata
    assert (found.mime_type, found.sample_rate, found.channels) == ("audio/pcm", 16_000, 1)
    with pytest.raises(ConfigurationError):
        wire.decoder(PROTOCOL, audio_format="midi")


def test_a_line_over_the_limit_ends_the_stream() -> None:
    chunks = decode(wire.decoder(PROTOCOL, max_event_bytes=100), byte_by_byte(of_lines(line(MP3 * 3), line(MP3))))
    assert [chunk.type for chunk in chunks] == ["error", "done"]
