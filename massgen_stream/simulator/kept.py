"""Answers that go on without their reader, as background responses do, and can be read again from any event."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .ask import Again
from .ops import Op

MOST_KEPT: Final = 1000
_EVENT: Final = re.compile(rb".+?(?:\n\n|\Z)", re.DOTALL)


class KeptAnswers:
    """The latest answers that were to be kept, by id."""

    def __init__(self) -> None:
        self._answers: dict[str, list[Op]] = {}

    def keep(self, response_id: str, ops: Iterator[Op]) -> Iterator[Op]:
        """Keep an answer and return it; the oldest ones are forgotten."""
        kept = self._answers[response_id] = list(ops)
        for oldest in list(self._answers)[:-MOST_KEPT]:
            del self._answers[oldest]
        return iter(kept)

    def again(self, again: Again) -> list[Op] | None:
        """Return what the client has not seen of an answer; None where none was kept under that id."""
        kept = self._answers.get(again.response_id)
        if kept is None:
            return None
        rest = (_unseen(op, again) if isinstance(op, bytes) else op for op in kept)
        return [op for op in rest if op != b""]


def _unseen(data: bytes, again: Again) -> bytes:
    """What of several events, which were sent together, the client has not seen."""
    return b"".join(event for event in _EVENT.findall(data) if again.is_new(event))
