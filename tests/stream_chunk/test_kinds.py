from __future__ import annotations

from enum import StrEnum

import pytest

from massgen_stream.stream_chunk.kinds import ChunkType, MediaEncoding, MediaType


@pytest.mark.parametrize("kind", [ChunkType, MediaEncoding, MediaType])
def test_members_are_their_strings(kind: type[StrEnum]) -> None:
    for member in kind:
        assert member == member.value == str(member) == member.name.lower()
        assert kind(member.value) is member


def test_the_names_of_the_protocol() -> None:
    assert [str(kind) for kind in MediaType] == ["image", "audio", "video", "file", "document"]
    assert [str(encoding) for encoding in MediaEncoding] == ["base64", "url", "file_path", "file_id", "binary"]
    assert len(ChunkType) == 28
