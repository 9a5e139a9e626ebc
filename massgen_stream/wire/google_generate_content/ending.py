"""The chunks that end a response: finals, the envelope, and `done`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from ...errors import excerpt
from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..failure import vendor_error
from .candidate import CandidateState
from .envelope import Envelope
from .finish import finish_reason_of
from .media import Media
from .usage import usage_of

Data = dict[str, Any]
BLOCKED: Final = "content_filter"
_OF_DONE: Final = ("index", "finish_reason", "raw_finish_reason")
"""What `done` has fields for."""


class Ended(NamedTuple):
    """A response that has ended: its candidates by index, and whether and how it went wrong.

    Attributes:
        candidates: In order of their indexes.
        envelope: What was said besides the candidates.
        media: The media.
        failed: Whether there was an `error` chunk.
        reason: Our finish reason where the bytes broke off or broke the protocol.
    """

    candidates: list[CandidateState]
    envelope: Envelope
    media: Media
    failed: bool
    reason: str | None


def ending_chunks(ended: Ended) -> Iterator[BaseStreamChunk]:
    """Return the last chunks of the stream."""
    for candidate in ended.candidates:
        yield from candidate.calls.end()
    if not ended.failed:
        yield from ended.media.finals()
    response = ended.envelope.complete_response(ended.candidates)
    if response is not None:
        yield response
    yield _done(ended, [_row(candidate, ended) for candidate in ended.candidates])


def unexplained(candidates: list[CandidateState]) -> TextStreamChunk | None:
    """Return the error that was told with a finish reason alone: `done` with ``error`` follows an `error`."""
    first = candidates[0] if candidates and candidates[0].index == 0 else None
    if first is None or finish_reason_of(first.ending.raw) != "error":
        return None
    raw = first.ending.raw or ""
    said = f": {excerpt(first.ending.message)}" if first.ending.message else ""
    message = f"the model ended the answer with finish reason {excerpt(raw)}{said}"
    return vendor_error({"message": message, "type": "server_error", "code": raw})


def _row(candidate: CandidateState, ended: Ended) -> Data:
    """What the end of a candidate is told as: index, reasons, and what else was said."""
    raw = candidate.ending.raw
    reason = candidate.reason()
    if raw is None:
        reason = (ended.reason or "error") if ended.failed else BLOCKED if ended.envelope.block else reason
    said = {} if raw is None else {"raw_finish_reason": raw}
    return {"index": candidate.index, "finish_reason": reason, **said, **candidate.ending.details(reason)}


def _done(ended: Ended, rows: list[Data]) -> TextStreamChunk:
    first = rows.pop(0) if rows and rows[0]["index"] == 0 else {}
    details = {name: value for name, value in first.items() if name not in _OF_DONE}
    block, usage = ended.envelope.block, ended.envelope.usage
    if block is not None:
        details["promptFeedback"] = block
    if rows:
        details["choices"] = rows
    reason = first.get("finish_reason") or (BLOCKED if block else "other")
    return TextStreamChunk(
        type=ChunkType.DONE,
        finish_reason=ended.reason or ("error" if ended.failed else reason),
        raw_finish_reason=first.get("raw_finish_reason"),
        finish_details=details or None,
        usage=usage_of(usage) if usage else None,
        usage_source="reported" if usage else "none",
    )
