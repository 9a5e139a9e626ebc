"""What of a transcript has been said, and whether a final agrees with it."""

from __future__ import annotations

from ...stream_chunk.running_text import RunningText
from ..text_mark import TextMark


class HeardText:
    """Text that comes in deltas and then once more as a whole; it is not kept."""

    __slots__ = ("_mark", "_squeezed")

    def __init__(self) -> None:
        self._mark = TextMark()
        self._squeezed = RunningText()

    def add(self, text: str) -> None:
        """Take a delta."""
        self._mark.add(text)
        self._squeezed.add(_squeeze(text))

    def rest_of(self, final: str) -> str | None:
        """Return what *final* adds, None if it is not what was said with something behind it."""
        return self._mark.rest_of(final)

    def agrees(self, final: str) -> bool:
        """Return whether *final* differs in white space only: servers join segments as they like."""
        return self._squeezed.equals([_squeeze(final)])


class HeardTexts:
    """The text of a transcript, as a whole and by segment."""

    __slots__ = ("_segments", "whole")

    def __init__(self) -> None:
        self.whole = HeardText()
        self._segments: dict[str | None, HeardText] = {}

    def add(self, segment: str | None, text: str) -> None:
        """Take a delta of a segment; one without a segment belongs to any."""
        self.whole.add(text)
        self._segments.setdefault(segment, HeardText()).add(text)

    def add_segment(self, segment: str | None, text: str) -> None:
        """Take what a segment itself says; one without an id is told once and never referred to."""
        if segment is None:
            self.whole.add(text)
        else:
            self.add(segment, text)

    def segment(self, segment: str | None) -> HeardText | None:
        """Return what was said of a segment; None if deltas say no segments, so that it is not known."""
        known = self._segments.get(segment) if segment is not None else None
        if known is None and None in self._segments:
            return None
        return known or HeardText()


def _squeeze(text: str) -> str:
    return "".join(text.split())
