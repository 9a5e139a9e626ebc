from __future__ import annotations

from typing import Any

import pytest

from massgen_stream.errors import InvalidChunk, MalformedChunk, UnencodableValue
from massgen_stream.stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from massgen_stream.stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from massgen_stream.stream_chunk.rules import COMMON, METADATA, MULTIMODAL_TYPES, RULES, TEXT_TYPES


def media(**fields: Any) -> MultimodalStreamChunk:
    return MultimodalStreamChunk(**{"type": "media", "media_type": "image", **fields})


def test_names_may_be_enums_or_their_strings() -> None:
    chunk = media(media_encoding="base64", media_data="aGk=")
    assert (chunk.type, chunk.media_type, chunk.media_encoding) == (
        ChunkType.MEDIA,
        MediaType.IMAGE,
        MediaEncoding.BASE64,
    )
    assert type(chunk.media_type) is MediaType
    assert type(chunk.media_encoding) is MediaEncoding
    same = MultimodalStreamChunk(
        type=ChunkType.MEDIA, media_type=MediaType.IMAGE, media_encoding=MediaEncoding.BASE64, media_data="aGk="
    )
    assert chunk == same


@pytest.mark.parametrize(
    ("field", "name"),
    [("type", "content"), *(("type", kind) for kind in sorted(TEXT_TYPES)[:2]), ("media_type", "smell"),
     ("media_type", 1), ("media_encoding", "hex"), ("media_encoding", "")],
)  # fmt: skip
def test_no_other_name_is_taken(field: str, name: Any) -> None:
    with pytest.raises(InvalidChunk):
        media(**{field: name})


def test_the_class_has_the_fields_of_its_types() -> None:
    of_types = {name for kind in MULTIMODAL_TYPES for name in RULES[kind].allowed}
    assert set(MultimodalStreamChunk.__struct_fields__) == {"type", "extra", *COMMON, *of_types}


@pytest.mark.parametrize(
    ("fields", "complete"),
    [
        ({}, True),
        ({"is_partial": True}, False),
        ({"is_partial": True, "chunk_index": 0, "total_chunks": 2}, False),
        ({"is_partial": True, "chunk_index": 1, "total_chunks": 2}, True),
        ({"is_partial": True, "chunk_index": 1}, False),
    ],
)
def test_is_complete(fields: dict[str, Any], complete: bool) -> None:
    assert media(**fields).is_complete() is complete


@pytest.mark.parametrize(
    ("fields", "progress"),
    [
        ({}, None),
        ({"progress_percentage": 0.0, "bytes_transferred": 5, "total_bytes": 10}, 0.0),
        ({"bytes_transferred": 5, "total_bytes": 10, "chunk_index": 0, "total_chunks": 1}, 50.0),
        ({"bytes_transferred": 15, "total_bytes": 10}, 100.0),
        ({"bytes_transferred": 5, "total_bytes": 0}, None),
        ({"chunk_index": 0, "total_chunks": 4}, 25.0),
        ({"chunk_index": 9, "total_chunks": 4}, 100.0),
        ({"chunk_index": 1}, None),
    ],
)
def test_get_progress(fields: dict[str, Any], progress: float | None) -> None:
    assert media(**fields).get_progress() == progress


def test_metadata_gives_its_dictionary_back() -> None:
    metadata = MediaMetadata(mime_type="image/png", width=0, extra={"codec": {"$bytes": "?"}})
    assert metadata.to_dict() == {"mime_type": "image/png", "width": 0, "codec": {"$bytes": "?"}}
    assert MediaMetadata.from_dict(metadata.to_dict()) == metadata


@pytest.mark.parametrize(
    "document",
    [{}, {"mime_type": "a/b", "width": "\ud800"},
     {"mime_type": None}, {"mime_type": 1}, {"mime_type": "a/b", "width": "1"}, {"mime_type": "a/b", "x": 1j},
     {"mime_type": "a/b", "duration_seconds": 10**400}, {"mime_type": "a/b", "duration_seconds": float("nan")}],
)  # fmt: skip
def test_metadata_that_is_none(document: dict[str, Any]) -> None:
    with pytest.raises(MalformedChunk):
        MediaMetadata.from_dict(document)


@pytest.mark.parametrize(
    ("field", "value"),
    [("width", -1), ("width", 1.5), ("mime_type", None), ("filename", b"a"), ("duration_seconds", float("nan")),
     ("extra", {}), ("extra", {"width": 1}), ("duration_seconds", 2**60)],
)  # fmt: skip
def test_faults_of_metadata_are_named(field: str, value: Any) -> None:
    chunk = media(media_metadata=MediaMetadata(**{"mime_type": "a/b", field: value}))
    with pytest.raises(InvalidChunk, match=rf"media_metadata ?\.{field} must"):
        chunk.check()


def test_metadata_is_no_dictionary() -> None:
    with pytest.raises(InvalidChunk, match="must be MediaMetadata, not dict"):
        media(media_metadata={"mime_type": "a/b"}).check()


def test_metadata_without_a_form() -> None:
    width: Any = [1]
    with pytest.raises(UnencodableValue, match=r"media_metadata\.width"):
        MediaMetadata(mime_type="a/b", width=width).to_dict()


def test_metadata_has_the_fields_of_the_table() -> None:
    assert MediaMetadata.__struct_fields__ == (*METADATA, "extra")


def test_image_chunk_creation() -> None:
    """As the origin's design lists it, section 7.1."""
    chunk = MultimodalStreamChunk(
        type=ChunkType.MEDIA,
        media_type=MediaType.IMAGE,
        media_encoding=MediaEncoding.BASE64,
        media_data="base64_encoded_data_here",
    )
    assert chunk.validate()
    assert chunk.media_type == MediaType.IMAGE


def test_streaming_chunks() -> None:
    """As the origin's design lists it, section 7.1."""
    chunks = [
        MultimodalStreamChunk(
            type=ChunkType.MEDIA, media_type=MediaType.VIDEO, is_partial=True, chunk_index=index, total_chunks=5
        )
        for index in range(5)
    ]
    assert not chunks[0].is_complete()
    assert chunks[-1].is_complete()
