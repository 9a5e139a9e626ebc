"""Spoken output in segments, and whole images."""

from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest

from massgen_stream.stream_chunk.accumulator import Accumulator
from massgen_stream.wire.openai_chat.media import audio_mime_type, image_chunk

from .saying import delta, of, only

SOUND = b"\0\1" * 8


def spoken(data: bytes | None = None, **fields: Any) -> Any:
    return delta(audio={**({"data": b64encode(data).decode()} if data is not None else {}), **fields})


def test_sound_comes_in_contiguous_segments_and_ends_without_a_copy() -> None:
    events = [
        spoken(id="audio_1"),
        spoken(SOUND, transcript="Hel"),
        spoken(transcript="lo"),
        spoken(SOUND),
        spoken(expires_at=1),
    ]
    media = only(of(*events, delta(finish="stop")), "media")
    assert [(m.chunk_index, m.byte_offset, m.text_content, m.partial_kind) for m in media[:-1]] == [
        (0, 0, "Hel", "segment"),
        (1, 16, "lo", "segment"),
        (2, 16, None, "segment"),
    ]
    assert [m.media_metadata is not None for m in media] == [True, False, False, True]
    final = media[-1]
    assert (final.is_partial, final.media_data, final.media_metadata.size_bytes) == (False, None, 32)
    assert final.media_metadata.checksum == f"sha256:{sha256(SOUND * 2).hexdigest()}"
    assert {m.media_id for m in media} == {"audio_1"}


def test_the_id_tells_tracks_apart_and_is_minted_where_there_is_none() -> None:
    events = [spoken(SOUND), spoken(SOUND, id="a"), spoken(SOUND), spoken(SOUND, id="b")]
    media = only(of(*events, delta(finish="stop")), "media")
    assert [m.media_id for m in media] == ["r-audio-0", "a", "a", "b", "r-audio-0", "a", "b"]


def test_a_transcript_alone_is_a_medium_too() -> None:
    accumulator = Accumulator()
    for chunk in of(spoken(transcript="Hel"), spoken(transcript="lo"), delta(finish="stop")):
        accumulator.feed(chunk)
    (item,) = accumulator.media.values()
    assert (item.text, item.data, item.complete) == ("Hello", None, True)


@pytest.mark.parametrize(
    ("head", "mime_type"),
    [
        (b"OggS", "audio/ogg"),
        (b"RIFF\xff\xff\xff\xffWAVE", "audio/wav"),
        (b"ID3", "audio/mpeg"),
        (b"\xff\xfb\x90", "audio/mpeg"),
        (b"\xff\xf9\x50", "audio/aac"),
        (b"\xff\xfb\xff", "audio/pcm"),
        (b"\0\0", "audio/pcm"),
    ],
)
def test_the_first_bytes_show_the_format(head: bytes, mime_type: str) -> None:
    assert audio_mime_type(head + SOUND) == mime_type
    assert only(of(spoken(head + SOUND)), "media")[0].media_metadata.mime_type == mime_type


IMAGES = [
    # url, mime type, bytes
    ("data:image/png;base64,AAEC", "image/png", b"\0\1\2"),
    ("data:image/png;base64,AA", "image/png", b"\0"),
    ("DATA:image/gif;name=x;base64,AAEC", "image/gif", b"\0\1\2"),
    ("data:;base64,AAEC", "image/jpeg", b"\0\1\2"),
    ("data:image/svg+xml,%3Csvg%2F%3E", "image/svg+xml", b"<svg/>"),
]


@pytest.mark.parametrize(("url", "mime_type", "data"), IMAGES)
def test_a_data_url_becomes_type_and_bytes(url: str, mime_type: str, data: bytes) -> None:
    chunk = image_chunk(url, "i")
    assert (chunk.media_encoding, chunk.media_data, chunk.is_partial) == ("binary", data, False)
    assert chunk.media_metadata is not None
    assert (chunk.media_metadata.mime_type, chunk.media_metadata.size_bytes) == (mime_type, len(data))
    assert chunk.media_metadata.checksum == f"sha256:{sha256(data).hexdigest()}"


def test_any_other_url_stays_one() -> None:
    chunk = image_chunk("https://x/y.png", "i")
    assert (chunk.media_encoding, chunk.media_data) == ("url", "https://x/y.png")


@pytest.mark.parametrize(
    "image",
    [
        "https://x",
        {"url": "https://x"},
        {"image_url": "https://x"},
        {"type": "image_url", "image_url": {"url": "https://x"}},
    ],
)
def test_images_in_all_forms(image: Any) -> None:
    media = only(
        of(delta(images=[image, None]), delta(content=[{"type": "image_url", "image_url": "https://x"}])), "media"
    )
    assert [(m.media_id, m.media_data) for m in media] == [("r-image-0", "https://x"), ("r-image-1", "https://x")]
