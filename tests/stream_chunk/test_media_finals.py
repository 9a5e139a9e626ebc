"""Progress that never goes back, and the finals of media."""

from hashlib import sha256
from typing import Any

import pytest

from massgen_stream.stream_chunk import narrow
from massgen_stream.stream_chunk.media_finals import MediaFinals
from massgen_stream.stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk

from .verifying import metadata, preview, progress, segment


def settled(*chunks: MultimodalStreamChunk) -> tuple[list[Any], MediaFinals]:
    finals = MediaFinals()
    return [one for chunk in chunks for one in finals.settle(chunk)], finals


def digest(data: bytes) -> str:
    return f"sha256:{sha256(data).hexdigest()}"


def test_progress_is_clamped_for_each_medium() -> None:
    given = [("a", 10.0), ("a", 5.0), ("b", 3.0), ("a", 150.0), ("a", 99.0), ("b", -1.0), (None, 7.0), ("a", None)]
    found, _ = settled(*[progress(value, media_id) for media_id, value in given])
    assert [one.progress_percentage for one in found] == [10.0, 10.0, 3.0, 100.0, 100.0, 3.0, 7.0, None]


@pytest.mark.parametrize("odd", ["50", float("nan"), [1]])
def test_progress_that_is_no_number_passes(odd: Any) -> None:
    (one,) = settled(progress(odd))[0]
    assert one.progress_percentage is odd


def test_transfers_of_attachments_are_clamped_too() -> None:
    given = [narrow.attachment(media_id="a", progress_percentage=value, bytes_transferred=1) for value in (9.0, 4.0)]
    assert [one.progress_percentage for one in settled(*given)[0]] == [9.0, 9.0]


FINALS = [
    # the final, metadata and data of what passes, whether it contradicts the segments
    (
        narrow.media("m", "audio", media_metadata=metadata(duration_seconds=2.0)),
        metadata(duration_seconds=2.0),
        None,
        False,
    ),
    (narrow.media("m", "audio", path="/x"), metadata(), None, False),
    (narrow.media("m", "audio", media_encoding="binary", media_data=b"abc"), metadata(), None, False),
    (narrow.media("m", "audio", media_encoding="base64", media_data="YWJj"), metadata(), None, False),
    (narrow.media("m", "audio", media_encoding="binary", media_data=b"xyz"), metadata(), None, True),
    (narrow.media("m", "audio", media_metadata=metadata(size_bytes=9, checksum="sha256:00")), metadata(), None, False),
    (narrow.media("m", "audio", media_encoding="url", media_data="https://x"), metadata(), "https://x", False),
]


@pytest.mark.parametrize(("final", "known", "data", "contradicts"), FINALS)
def test_the_final_of_segments(final: Any, known: MediaMetadata, data: Any, contradicts: bool) -> None:
    found, finals = settled(segment(b"ab", 0, 0, media_metadata=metadata()), segment(b"c", 1, 2), final)
    *before, one = found[2:]
    assert [str(status.status) for status in before] == ["contradiction"] * contradicts
    assert (one.media_data, one.path) == (data, final.path)
    assert one.media_metadata.to_dict() == {**known.to_dict(), "size_bytes": 3, "checksum": digest(b"abc")}
    assert finals.results[0]["checksum"] == digest(b"abc")
    assert finals.open_finals() == []


WHOLE = [
    # a medium that comes whole, its metadata
    (
        narrow.media("m", "image", media_encoding="binary", media_data=b"abc"),
        {"mime_type": "application/octet-stream", "size_bytes": 3, "checksum": digest(b"abc")},
    ),
    (
        narrow.media(
            "m",
            "image",
            media_encoding="base64",
            media_data="YWJj",
            media_metadata=MediaMetadata(mime_type="image/png", width=5),
        ),
        {"mime_type": "image/png", "width": 5, "size_bytes": 3, "checksum": digest(b"abc")},
    ),
    (
        narrow.media(
            "m",
            "image",
            media_encoding="binary",
            media_data=b"abc",
            media_metadata=MediaMetadata(mime_type="x", size_bytes=3, checksum="sha256:given"),
        ),
        {"mime_type": "x", "size_bytes": 3, "checksum": "sha256:given"},
    ),
    (narrow.media("m", "image", media_encoding="url", media_data="https://x"), None),
    (narrow.media("m", "image", media_encoding="base64", media_data="?"), None),
    (narrow.media("m", "image", path="/x"), None),
]


@pytest.mark.parametrize(("chunk", "known"), WHOLE)
def test_a_medium_that_comes_whole(chunk: Any, known: Any) -> None:
    ((one,), _) = settled(chunk)
    assert (one.media_data, one.media_encoding) == (chunk.media_data, chunk.media_encoding)
    assert (one.media_metadata and one.media_metadata.to_dict()) == known


def test_open_segments_get_a_final_and_open_previews_an_error() -> None:
    _, finals = settled(
        segment(b"ab", 0, 0, media_id="a"),
        segment(b"", 0, 0, media_id="empty", media_data=None, media_encoding=None, text_content="x"),
        preview(b"p", media_id="p"),
        preview(b"p", media_id="b"),
        segment(b"cd", 0, 0, media_id="b"),
    )
    first, empty, error, last = found = finals.open_finals()
    assert [str(one.type) for one in found] == ["media", "media", "error", "media"]
    assert [one.media_metadata.size_bytes for one in (first, empty, last)] == [2, 0, 2]  # type: ignore[attr-defined]
    assert (error.media_id, error.error_info["kind"]) == ("p", "media")  # type: ignore[attr-defined]
    assert [row["media_id"] for row in finals.results] == ["a", "empty", "b"]
    assert finals.open_finals() == []


def test_a_partial_without_an_id_stays_what_it_is() -> None:
    found, finals = settled(segment(b"ab", 0, 0, media_id=None))
    assert found == [segment(b"ab", 0, 0, media_id=None)]
    assert finals.open_finals() == []
