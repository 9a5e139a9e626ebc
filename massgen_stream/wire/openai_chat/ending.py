"""The chunks that end a chat stream: finals, the envelope, and `done`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from ...errors import excerpt
from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..failure import vendor_error
from .choice import ChoiceState
from .envelope import Envelope
from .finish import finish_reason_of
from .media import AudioTracks
from .usage import usage_of

Data = dict[str, Any]
_OF_DONE: Final = ("index", "finish_reason", "raw_finish_reason")
"""What `done` has fields for."""


class Ended(NamedTuple):
    """A response that has ended: its choices by index, and whether and how it went wrong.

    Attributes:
        choices: In order of their indexes.
        envelope: What was said besides the message.
        audio: Spoken output.
        failed: Whether there was an `error` chunk.
        reason: Our finish reason where the bytes broke off or broke the protocol.
    """

    choices: list[ChoiceState]
    envelope: Envelope
    audio: AudioTracks
    failed: bool
    reason: str | None


def ending_chunks(ended: Ended) -> Iterator[BaseStreamChunk]:
    """Return the last chunks of the stream."""
    unexplained = _unexplained(ended)
    if unexplained is not None:
        yield unexplained
        ended = ended._replace(failed=True)
    calls = {choice.index: choice.calls(ended=not ended.failed) for choice in ended.choices}
    rows = [_row(choice, calls[choice.index], ended) for choice in ended.choices]
    if not ended.failed:
        yield from ended.audio.finals()
    for index, found in calls.items():
        if found:
            yield TextStreamChunk(type=ChunkType.TOOL_CALLS, tool_calls=found, choice_index=index or None)
    response = ended.envelope.complete_response(ended.choices)
    if response is not None:
        yield response
    yield _done(ended, rows)


def _unexplained(ended: Ended) -> TextStreamChunk | None:
    """Return the error that the server told with a finish reason alone: `done` with ``error`` follows an `error`."""
    raw = ended.choices[0].ending.raw if ended.choices and ended.choices[0].index == 0 else None
    if raw is None or ended.failed or finish_reason_of(raw) != "error":
        return None
    message = f"the provider ended the answer with finish reason {excerpt(raw)}"
    return vendor_error({"message": message, "type": "server_error", "code": raw})


def _row(choice: ChoiceState, calls: list[Data], ended: Ended) -> Data:
    """What the end of a choice is told as: index, reasons, and what else the server said."""
    reason = choice.reason(calls)
    if choice.ending.raw is None and ended.failed:
        reason = ended.reason or "error"
    raw = {} if choice.ending.raw is None else {"raw_finish_reason": choice.ending.raw}
    return {"index": choice.index, "finish_reason": reason, **raw, **choice.ending.details(reason)}


def _done(ended: Ended, rows: list[Data]) -> TextStreamChunk:
    first = rows.pop(0) if rows and rows[0]["index"] == 0 else {}
    details = {name: value for name, value in first.items() if name not in _OF_DONE}
    if rows:
        details["choices"] = rows
    usage = ended.envelope.usage
    return TextStreamChunk(
        type=ChunkType.DONE,
        finish_reason=ended.reason or ("error" if ended.failed else first.get("finish_reason", "other")),
        raw_finish_reason=first.get("raw_finish_reason"),
        finish_details=details or None,
        usage=usage_of(usage) if usage else None,
        usage_source="reported" if usage else "none",
    )
