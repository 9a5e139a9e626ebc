"""What an encoder finds on a chunk that its protocol has no place for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType

Places = Mapping[ChunkType, Collection[str]]


def unsaid_fields(chunk: BaseStreamChunk, places: Places) -> Iterator[str]:
    """Yield the fields that are set and that *places* lists for the chunk's type; unknown ones are never said."""
    if chunk.extra:
        yield "extra"
    yield from (name for name in places.get(ChunkType(chunk.type), ()) if getattr(chunk, name) is not None)


def unsaid_data(chunk: BaseStreamChunk, protocol: str, own: Collection[str] | None = None) -> Iterator[str]:
    """Yield the provider data of other protocols, and keys of *protocol*'s own that are not in *own*, if given."""
    data: Any = getattr(chunk, "provider_data", None) or {}
    yield from (f"provider_data[{name}]" for name in data if name != protocol)
    if own is not None:
        yield from other_keys(f"provider_data[{protocol}]", data.get(protocol), own)


def other_keys(where: str, data: Any, known: Collection[str]) -> Iterator[str]:
    """Yield the keys of *data*, if it is a dictionary, that are not *known*."""
    return (f"{where}[{name}]" for name in data if name not in known) if isinstance(data, dict) else iter(())
