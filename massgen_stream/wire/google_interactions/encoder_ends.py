"""How an Interactions stream ends on the wire, well or badly."""

from __future__ import annotations

from typing import Any, Final

from ...stream_chunk.text import TextStreamChunk
from .encoder_losses import UNSAID
from .events import COMPLETED, ERROR, STATUS_UPDATE
from .fields import Data
from .finish import RAW_WORDS, TERMINAL, TOKEN
from .usage import raw_of

_BROKEN_OFF: Final = frozenset(("error", "incomplete", "cancelled"))
"""Ends without an ``interaction.completed``, unless the vendor's own is known."""

_WORD_OF_KIND: Final = {
    "authentication": "unauthenticated",
    "permission": "permission_denied",
    "not_found": "not_found",
    "invalid_request": "invalid_request",
    "context_length": "invalid_request",
    "content_filter": "prohibited_content",
    "rate_limited": "rate_limit_exceeded",
    "quota": "quota_exceeded",
    "overloaded": "unavailable",
    "timeout": "deadline_exceeded",
    "cancelled": "cancelled",
}


def error_event(chunk: TextStreamChunk) -> Data:
    """Return the event of a vendor's error: its own if there is one."""
    info = chunk.error_info or {}
    raw = info.get("raw")
    if isinstance(raw, dict):
        return {"event_type": ERROR, "error": raw}
    word = _WORD_OF_KIND.get(str(info.get("kind")), "internal")
    return {"event_type": ERROR, "error": {"code": word, "message": chunk.error}}


class Ending:
    """The end of one answer.

    Args:
        losses: Gets a line for each thing that cannot be said.

    Attributes:
        identity: What the ``interaction.created`` has told of the interaction.
        response: The vendor's final object, once it is known.
    """

    def __init__(self, losses: list[str]) -> None:
        self.identity: Data = {"id": "", "object": "interaction"}
        self.response: Data = {}
        self._losses = losses

    def events(self, chunk: TextStreamChunk, stops: list[Data]) -> list[Data]:
        """Return the events for `done`; *stops* are those of the steps that are still open."""
        broken_off = not self.response and chunk.finish_reason in _BROKEN_OFF
        self._losses += [f"done.finish_details[{n}]: {UNSAID}" for n in chunk.finish_details or {} if n != TOKEN]
        usage = raw_of(chunk.usage) if chunk.usage else {}
        if broken_off:
            return self.report(usage)
        if self.response:
            said = self.report(usage) if usage != self.response.get("usage") else []
            return [*stops, *said, _completed(self.response)]
        return [*stops, _completed(self._made(chunk, usage))]

    def report(self, usage: Data) -> list[Data]:
        """Return the event that tells the *usage* before the end; none where there is nothing to tell."""
        if not usage:
            return []
        known = {"event_type": STATUS_UPDATE, "interaction_id": self.identity["id"], "status": "in_progress"}
        return [{**known, "usage": usage}]

    def _made(self, chunk: TextStreamChunk, usage: Data) -> Data:
        """Return a final object for an answer of which the vendor's own is not known."""
        raw = chunk.raw_finish_reason
        word = raw if raw in TERMINAL else RAW_WORDS.get(chunk.finish_reason or "", "completed")
        details: dict[str, Any] = chunk.finish_details or {}
        token = {TOKEN: details[TOKEN]} if TOKEN in details else {}
        return {**self.identity, "status": word, **({"usage": usage} if usage else {}), **token}


def _completed(interaction: Data) -> Data:
    return {"event_type": COMPLETED, "interaction": interaction}
