"""What every narrow constructor ends with."""

from __future__ import annotations

from typing import Any, TypeVar

from ..base import BaseStreamChunk

Data = dict[str, Any]
Chunk = TypeVar("Chunk", bound=BaseStreamChunk)


def checked(chunk: Chunk) -> Chunk:
    """Return *chunk* unchanged.

    Raises:
        InvalidChunk: It breaks the rules of its type.
    """
    chunk.check()
    return chunk
