"""One medium while it arrives."""

from hashlib import sha256
from typing import Any

import pytest

from massgen_stream.stream_chunk import narrow
from massgen_stream.stream_chunk.media_item import MediaItem, described

from .verifying import media, metadata, preview, segment


def item(*chunks: Any) -> MediaItem:
    found = MediaItem("m")
    for chunk in chunks:
        found.feed(chunk)
    return found


def test_segments_are_appended() -> None:
    found = item(segment(b"ab", 0, 0, text_content="Hel", media_metadata=metadata()))
    assert (found.data, found.complete, found.mime_type, found.text) == (b"ab", False, "audio/wav", "Hel")
    found.feed(segment(b"c", 1, 2, text_content="lo"))
    found.feed(
        media(media_data="ZA==", media_encoding="base64", is_partial=True, partial_kind="segment", byte_offset=3)
    )
    assert (found.data, found.data, found.text) == (b"abcd", b"abcd", "Hello")
    found.feed(media(media_metadata=metadata(size_bytes=4), path="/x"))
    assert (found.data, found.complete, found.path) == (b"abcd", True, "/x")
    assert found.metadata == metadata(size_bytes=4)


def test_previews_are_kept_apart() -> None:
    found = item(preview(b"1"), preview(b"2"))
    assert (found.previews, found.data, found.complete) == ([b"1", b"2"], None, False)
    found.feed(media(media_data=b"3", media_encoding="binary", partial_kind="preview"))
    assert (found.previews, found.data, found.complete) == ([b"1", b"2"], b"3", True)


@pytest.mark.parametrize(
    ("encoding", "data", "found"),
    [
        ("binary", b"x", b"x"),
        ("binary", bytearray(b"x"), b"x"),
        ("base64", "eA==", b"x"),
        ("base64", "?", "?"),
        ("url", "https://x", "https://x"),
    ],
)
def test_data_in_every_encoding(encoding: str, data: Any, found: Any) -> None:
    assert item(media(media_encoding=encoding, media_data=data)).data == found


NEUTRAL = [
    (
        media(media_encoding="binary", media_data=b"x", media_metadata=metadata(filename="a.wav")),
        {"data": b"x", "mime_type": "audio/wav", "filename": "a.wav"},
    ),
    (media(media_encoding="url", media_data="https://x"), {"url": "https://x"}),
    (media(media_encoding="file_path", media_data="/x"), {"path": "/x"}),
    (media(media_encoding="file_id", media_data="f"), {"file_id": "f"}),
    (media(media_encoding="binary", media_data=b"x", path="/x"), {"path": "/x"}),
    (segment(b"x", 0, 0), {"data": b"x"}),
    (media(media_encoding="base64", media_data="?"), None),
    (preview(b"x"), None),
    (media(media_metadata=metadata()), None),
]


@pytest.mark.parametrize(("chunk", "part"), NEUTRAL)
def test_the_part_of_a_message(chunk: Any, part: Any) -> None:
    assert item(chunk).neutral() == (None if part is None else {"type": "audio", "media_id": "m", **part})


def test_it_reads_like_a_mapping() -> None:
    found = item(narrow.media("m", "image", media_encoding="url", media_data="https://x"))
    names = ("media_type", "mime_type", "data", "previews", "complete")
    assert [found[name] for name in names] == ["image", None, "https://x", [], True]
    for name in ("feed", "_segments", "x"):
        with pytest.raises(KeyError):
            found[name]


def test_described() -> None:
    found = described(b"abc", "image/png", width=5)
    assert found.to_dict() == {
        "mime_type": "image/png", "size_bytes": 3, "width": 5, "checksum": f"sha256:{sha256(b'abc').hexdigest()}",
    }  # fmt: skip


def test_what_a_protocol_wants_back_is_kept() -> None:
    data = {"a.wire": {"signature": "x"}}
    found = item(
        narrow.media("m", "audio", media_encoding="binary", media_data=b"a", is_partial=True, partial_kind="segment",
                     chunk_index=0, byte_offset=0, provider_data=data),
        narrow.media("m", "audio", media_encoding="binary", media_data=b"b", is_partial=True, partial_kind="segment",
                     chunk_index=1, byte_offset=1, provider_data={"a.wire": {"more": 1}}),
    )  # fmt: skip
    part = found.neutral()
    assert part is not None
    assert part["provider_data"] == {"a.wire": {"signature": "x", "more": 1}}
    assert data == {"a.wire": {"signature": "x"}}
