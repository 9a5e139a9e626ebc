from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from msgspec.structs import force_setattr, replace

from massgen_stream.errors import UnencodableValue
from massgen_stream.stream_chunk.rules import COMMON
from massgen_stream.stream_chunk.unknown import UnknownChunk
from massgen_stream.testing.strategies import unknown_chunks


@given(unknown_chunks())
def test_the_document_is_kept(chunk: UnknownChunk) -> None:
    assert chunk.to_dict() == chunk.raw
    assert UnknownChunk.from_dict(chunk.to_dict()) == chunk


def test_common_fields_are_read_and_may_be_changed() -> None:
    chunk = UnknownChunk.from_dict({"type": "new", "source": "a", "display": False, "timestamp": None, "x": 1})
    assert (chunk.source, chunk.display, chunk.timestamp) == ("a", False, None)
    force_setattr(chunk, "sequence_number", 7)
    force_setattr(chunk, "timestamp", 1.5)
    assert chunk.to_dict() == {
        "type": "new", "source": "a", "display": False, "timestamp": 1.5, "x": 1, "sequence_number": 7,
    }  # fmt: skip
    assert UnknownChunk.from_dict(chunk.to_dict()) == chunk
    shown = replace(chunk, source=None, display=True)
    assert shown.to_dict() == {"type": "new", "timestamp": 1.5, "x": 1, "sequence_number": 7}


def test_what_is_spelled_out_or_unusable_stays() -> None:
    document = {"type": "new", "display": True, "source": None, "timestamp": "soon", "sequence_number": True}
    chunk = UnknownChunk.from_dict(document)
    assert {name: getattr(chunk, name) for name in COMMON} == {
        "source": None, "timestamp": None, "sequence_number": None, "stream_id": None, "display": True,
    }  # fmt: skip
    assert chunk.to_dict() == document


def test_a_timestamp_that_is_no_float_stays_in_the_document_alone() -> None:
    chunk = UnknownChunk.from_dict({"type": "new", "timestamp": 10**30})
    assert chunk.timestamp is None
    assert chunk.to_dict() == {"type": "new", "timestamp": 10**30}


def test_equal_documents_make_equal_chunks() -> None:
    read = UnknownChunk.from_dict({"type": "new", "source": "a", "x": 1})
    assert read == UnknownChunk(type="new", source="a", raw={"x": 1})
    assert read == UnknownChunk(type="new", source="a", extra={"x": 1})
    assert read != UnknownChunk(type="new", source="b", raw={"x": 1})
    assert read != {"type": "new", "source": "a", "x": 1}
    with pytest.raises(TypeError, match="unhashable"):
        hash(read)


@pytest.mark.parametrize("raw", [{"x": {1}}, {"x": float("nan")}, {1: 1}])
def test_a_document_that_json_cannot_hold_is_refused(raw: Any) -> None:
    with pytest.raises(UnencodableValue):
        UnknownChunk(type="new", raw=raw).to_dict()
