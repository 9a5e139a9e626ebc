"""Samples that become a WAV file, or are described."""

from __future__ import annotations

from typing import Any

import pytest

from massgen_stream.generation import Segments
from massgen_stream.generation.choices import OutputFormat
from massgen_stream.generation.vendors.google.sound import GoogleSound
from massgen_stream.generation.wave_header import wave_header
from massgen_stream.stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from massgen_stream.stream_chunk.narrow import content, done

END = done("stop")
WAV, PCM, MP3 = OutputFormat.WAV, OutputFormat.PCM, OutputFormat.MP3


def taken(form: OutputFormat | None, mime_type: str, *pieces: bytes, **known: Any) -> list[Any]:
    numbered = Segments("m", "audio", MediaMetadata(mime_type=mime_type, **known))
    final = MultimodalStreamChunk(
        type="media", media_id="m", media_type="audio", media_metadata=MediaMetadata(mime_type=mime_type)
    )
    sound = GoogleSound(form, said="words")
    chunks = (*map(numbered.next, pieces), final, END)
    *found, end = [one for chunk in chunks for one in sound.take(chunk)]
    assert end is END
    return found


@pytest.mark.parametrize(
    ("mime_type", "known", "rate", "channels"),
    [
        ("audio/l16", {}, 24_000, 1),
        ("audio/L16;codec=pcm;rate=16000", {}, 16_000, 1),
        ("audio/pcm; rate=48000", {"channels": 2}, 48_000, 2),
        ("audio/l16;rate=16000", {"sample_rate": 44_100}, 44_100, 1),
    ],
)
@pytest.mark.parametrize("form", [None, WAV])
def test_a_header_comes_before_the_first_samples(
    form: OutputFormat | None, mime_type: str, known: dict[str, Any], rate: int, channels: int
) -> None:
    first, second, final = taken(form, mime_type, b"ab", b"cd", **known)
    header = wave_header(None, sample_rate=rate, channels=channels)
    assert (first.media_data, second.media_data) == (header + b"ab", b"cd")
    assert (first.byte_offset, second.byte_offset, second.chunk_index) == (0, len(header) + 2, 1)
    assert first.media_metadata == final.media_metadata
    assert final.media_metadata == MediaMetadata(mime_type="audio/wav", sample_rate=rate, channels=channels)
    assert final.text_content == "words"


def test_samples_that_are_wanted_bare_are_described() -> None:
    first, final = taken(PCM, "audio/l16;rate=16000", b"ab")
    assert first.media_data == b"ab"
    assert first.media_metadata == MediaMetadata(mime_type="audio/pcm", sample_rate=16_000, channels=1)
    assert final.media_metadata == first.media_metadata


@pytest.mark.parametrize(
    ("form", "mime_type", "data", "named"),
    [
        (MP3, "audio/mp3", b"ID3", "audio/mpeg"),
        (None, "audio/wav", b"RIFF", "audio/wav"),
        (None, "audio/l16", b"RIFF", "audio/l16"),
        (OutputFormat.ULAW, "audio/mulaw", b"ab", "audio/x-mulaw"),
    ],
)
def test_files_stay_as_they_are(form: OutputFormat | None, mime_type: str, data: bytes, named: str) -> None:
    first, final = taken(form, mime_type, data)
    assert first.media_data == data
    assert (first.media_metadata.mime_type, final.media_metadata.mime_type) == (named, named)


def test_everything_else_stays_as_it_is() -> None:
    chunk = content("la")
    (same,) = GoogleSound(None, said="x").take(chunk)
    assert same is chunk


def ended(sound: GoogleSound) -> list[Any]:
    """Return what the end of the answer releases."""
    return list(sound.take(END))


def pieces_of(sound: GoogleSound, media_id: str, data: bytes, mime_type: str = "audio/l16") -> list[Any]:
    """Return what becomes of a sound of one segment."""
    first = Segments(media_id, "audio", MediaMetadata(mime_type=mime_type)).next(data)
    final = MultimodalStreamChunk(type="media", media_id=media_id, media_type="audio")
    return [one for chunk in (first, final) for one in sound.take(chunk)]


def test_samples_of_two_responses_are_one_sound() -> None:
    sound = GoogleSound(None, said=None)
    (first,), (second,), (final, end) = (
        pieces_of(sound, "a", b"ab"), pieces_of(sound, "b", b"cd"), ended(sound),
    )  # fmt: skip
    assert (first.media_id, second.media_id, final.media_id, end) == ("a", "a", "a", END)
    assert (second.media_data, second.byte_offset, second.chunk_index) == (b"cd", 46, 1)


def test_samples_of_another_kind_are_another_sound() -> None:
    sound = GoogleSound(None, said=None)
    (first,) = pieces_of(sound, "a", b"ab")
    final, second = pieces_of(sound, "b", b"cd", "audio/l16;rate=48000")
    last, end = ended(sound)
    assert [one.media_id for one in (first, final, second, last)] == ["a", "a", "b", "b"]
    assert (final.is_partial, second.media_data[:4], end) == (False, b"RIFF", END)
