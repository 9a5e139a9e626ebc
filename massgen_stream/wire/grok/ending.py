"""The chunks that end a response: its envelope, and `done`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from ...stream_chunk.formatter.grok.enums import FINISH_REASONS
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from .envelope import Envelope
from .finish import finish_reason_of
from .output import Output
from .usage import usage_of

Data = dict[str, Any]


class Ended(NamedTuple):
    """A response that has ended.

    Attributes:
        outputs: In order of their indexes.
        envelope: What was said besides them.
        reasons: Finish reasons by output, the latest last.
        called: Choices with a valid call of the client's tools.
        several: Whether outputs are choices.
        reason: Our finish reason where the stream broke off or broke the protocol.
    """

    outputs: list[Output]
    envelope: Envelope
    reasons: Mapping[int, int]
    called: Collection[int]
    several: bool
    reason: str | None


def ending_chunks(ended: Ended) -> Iterator[TextStreamChunk]:
    """Return the last chunks of the stream."""
    response = ended.envelope.complete_response(ended.outputs)
    if response is not None:
        yield response
    usage = ended.envelope.usage()
    rows = [_row(index, number, ended) for index, number in ended.reasons.items()]
    first = _first(rows, ended)
    yield TextStreamChunk(
        type=ChunkType.DONE,
        finish_reason=ended.reason or first.get("finish_reason", "other"),
        raw_finish_reason=first.get("raw_finish_reason"),
        finish_details=_details(rows, ended),
        usage=usage_of(usage) if usage else None,
        usage_source="reported" if usage else "none",
    )


def _row(index: int, number: int, ended: Ended) -> Data:
    raw = FINISH_REASONS.get(number, str(number))
    calls = (index if ended.several else 0) in ended.called
    return {"index": index, "finish_reason": finish_reason_of(raw, calls=calls), "raw_finish_reason": raw}


def _first(rows: list[Data], ended: Ended) -> Data:
    """The row that `done` speaks of: that of the first choice, or of the message that ended the turn."""
    if ended.several:
        return next((row for row in rows if row["index"] == 0), {})
    return rows[-1] if rows else {}


def _details(rows: list[Data], ended: Ended) -> Data | None:
    """What `done` has no fields for."""
    if ended.several:
        others = sorted((row for row in rows if row["index"]), key=lambda row: row["index"])
        return {"choices": others} if others else None
    if not rows or [row["index"] for row in rows] == [0]:
        return None
    return {"outputs": [{"index": row["index"], "raw_finish_reason": row["raw_finish_reason"]} for row in rows]}
