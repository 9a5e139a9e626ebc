"""The rules for one turn of one source: its start, its choices, its errors and its end."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from .base import BaseStreamChunk
from .choice_rules import ChoiceRules
from .grammar import Faults
from .kinds import ChunkType
from .odd_values import shown
from .text import TextStreamChunk

_T = ChunkType
_SHOWN: Final = frozenset((
    _T.CONTENT, _T.REFUSAL, _T.REASONING, _T.REASONING_DONE, _T.REASONING_SUMMARY, _T.REASONING_SUMMARY_DONE,
    _T.TOOL_CALL_DELTA, _T.TOOL_CALLS, _T.SERVER_TOOL_CALL, _T.CITATION, _T.COMPLETE_MESSAGE, _T.COMPLETE_RESPONSE,
    _T.MEDIA,
))  # fmt: skip
"""What belongs to the answer of an attempt. Status, usage, uploads and results of tools may come before it."""
_UNSTATED: Final = frozenset(("stop", "other"))
"""Reasons that say nothing of calls and refusals; vendors give them all the same."""
FAILED: Final = frozenset(("error", "incomplete"))
"""Reasons that follow an `error` chunk."""
ENDED_EARLY: Final = FAILED | {"cancelled", "content_filter"}
"""Reasons after which calls and media may stay open."""


class TurnRules:
    """One turn of one source.

    Attributes:
        begun: Whether a `start` or part of the answer has come.
        failed: Whether an `error` chunk has come.
        metered: Whether a `usage` chunk with figures has come.
    """

    def __init__(self) -> None:
        self.begun = self.failed = self.metered = False
        self._shown = self._fatal = False
        self._choices: defaultdict[int, ChoiceRules] = defaultdict(ChoiceRules)

    def feed(self, chunk: BaseStreamChunk) -> Faults:
        """Yield what *chunk*, which does not end the turn, breaks."""
        if chunk.type == _T.START:
            if self._shown:
                yield "start", "start after something that its turn has shown"
            self.begun = True
        elif chunk.type in _SHOWN:
            self.begun = self._shown = True
        if isinstance(chunk, TextStreamChunk):
            self.metered = self.metered or (chunk.type is _T.USAGE and bool(chunk.usage))
            if chunk.type is _T.ERROR:
                self.failed = True
                self._fatal = self._fatal or (chunk.tool_call_id is None and chunk.media_id is None)
            yield from self._choice(chunk.choice_index).feed(chunk)

    def end(self, reason: str) -> Faults:
        """Yield what ending the turn with *reason* breaks."""
        if self._fatal and reason not in FAILED and reason != "cancelled":
            yield "error_ignored", f"finish_reason {shown(reason)} after an error"
        first = self._choice(None)
        if first.called and reason in _UNSTATED:
            yield "reason_tool_calls", f"finish_reason must be tool_calls, not {shown(reason)}"
        elif first.refused and not first.called and reason in {*_UNSTATED, "tool_calls"}:
            yield "reason_refusal", f"finish_reason must be refusal, not {shown(reason)}"
        if reason not in ENDED_EARLY:
            for choice in self._choices.values():
                for call_id in choice.open_calls():
                    yield "call_open", f"call {call_id} was announced and never completed"

    def _choice(self, index: object) -> ChoiceRules:
        return self._choices[index if isinstance(index, int) else 0]
