"""What the events of a response say besides the candidates: ids, model, usage, feedback on the prompt."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from .candidate import CandidateState
from .events import Event
from .usage import added

Data = dict[str, Any]
FIELDS: Final = ("createTime", "modelStatus", "promptFeedback")
"""Fields of an event that go into `complete_response` under their own names; the latest value counts."""


class Envelope:
    """The envelope of one response.

    Attributes:
        response_id: Id of the response, the first that was sent; empty until then.
        model: Its model, likewise.
        usage: The latest report, as it was sent; added to those of the responses before.
    """

    def __init__(self) -> None:
        self.response_id = self.model = ""
        self.usage: Data | None = None
        self._spent: Data | None = None
        self._fields: Data = {}

    @property
    def block(self) -> Data | None:
        """The feedback on a prompt that was blocked; None if it was not."""
        feedback: Data | None = self._fields.get("promptFeedback")
        return feedback if feedback and feedback.get("blockReason") else None

    def take(self, event: Event) -> None:
        """Take what *event* says."""
        self.response_id = self.response_id or event.responseId or ""
        self.model = self.model or event.modelVersion or ""
        usage = event.usageMetadata  # in every event of most streams, so that nothing is done with it that need not be
        if usage:
            self.usage = usage if self._spent is None else added(self._spent, usage)
        if event.createTime or event.promptFeedback or event.modelStatus:
            self._fields |= {name: value for name in FIELDS if (value := getattr(event, name))}

    def go_on(self) -> None:
        """Another response follows, whose reports count only itself."""
        self._spent = self.usage

    def start(self) -> TextStreamChunk:
        """Return the first chunk of the response."""
        return TextStreamChunk(type=ChunkType.START, model=self.model or None, response_id=self.response_id or None)

    def complete_response(self, candidates: Iterable[CandidateState]) -> TextStreamChunk | None:
        """Return the envelope as a chunk, None when nothing is known of it; `done` tells of a block."""
        fields = {name: value for name, value in self._fields.items() if name != "promptFeedback" or self.block is None}
        rows = [{"index": one.index, **told} for one in candidates if (told := one.told())]
        response = {"responseId": self.response_id, "modelVersion": self.model, **fields, "candidates": rows}
        known = {name: value for name, value in response.items() if value}
        return TextStreamChunk(type=ChunkType.COMPLETE_RESPONSE, response=known) if known else None
