"""How an attempt ends: what the decoder still holds, joined with what went wrong outside of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from ..errors import Truncated
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.text import TextStreamChunk

CANCELLED: Final = "cancelled"
INCOMPLETE: Final = "incomplete"


def ended(rest: Sequence[BaseStreamChunk], failure: TextStreamChunk | None) -> list[BaseStreamChunk]:
    """Return the last chunks of an attempt: finals, at most one error for its end, and `done`.

    Args:
        rest: What the decoder gave when it was closed; empty without a decoder.
        failure: The error that ended the attempt, None when its input simply ended.

    A wire whose documented end was seen before the failure is whole: then the failure is not told.
    """
    done = _done(rest)
    if is_whole(rest) or (done is not None and failure is None):
        return list(rest)
    failure = failure or truncated()
    finals = [chunk for chunk in rest if chunk.type not in _ENDS]
    reason = INCOMPLETE if (failure.error_info or {}).get("kind") == "transport" else "error"
    return [failure, *finals, _with_reason(done, reason)]


def is_whole(rest: Sequence[BaseStreamChunk]) -> bool:
    """Return whether the documented end of a wire is among what its decoder gave when it was closed."""
    done = _done(rest)
    return done is not None and done.finish_reason != INCOMPLETE


def cancelled(rest: Sequence[BaseStreamChunk]) -> list[BaseStreamChunk]:
    """Return the last chunks of an attempt that the reader cancelled: finals and `done`, no error."""
    finals = [chunk for chunk in rest if chunk.type not in _ENDS]
    return [*finals, _with_reason(_done(rest), CANCELLED)]


def _done(rest: Sequence[BaseStreamChunk]) -> TextStreamChunk | None:
    return next((c for c in rest if isinstance(c, TextStreamChunk) and c.type is ChunkType.DONE), None)


def _with_reason(done: TextStreamChunk | None, reason: str) -> TextStreamChunk:
    if done is None:
        return TextStreamChunk(type=ChunkType.DONE, finish_reason=reason)
    return replace(done, finish_reason=reason)


def truncated() -> TextStreamChunk:
    """Return the error for an input that ended before its documented end."""
    info = {"kind": "transport", "code": "truncated", "retryable": True}
    return TextStreamChunk(type=ChunkType.ERROR, error=str(Truncated()), error_info=info)


_ENDS: Final = frozenset((ChunkType.DONE, ChunkType.ERROR))
