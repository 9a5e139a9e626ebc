"""When each word is heard, in the form of `massgen_stream.wire.openai_transcription.marks`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, Final

from ..json_value import is_finite

Data = dict[str, Any]
_ALIGNMENTS: Final = ("alignment", "normalized_alignment")
_TIMES: Final = ("characters", "character_start_times_seconds", "character_end_times_seconds")
_LISTS: Final = ("words_timestamps", "word_timestamps", "words")
_MILLISECONDS: Final = 1000


class SpokenWords:
    """The words of one piece of sound; times count from its beginning."""

    __slots__ = ("_open", "_speaker", "_words")

    def __init__(self) -> None:
        self._words: list[Data] = []
        self._open: Data | None = None  # a word may go on in the next line
        self._speaker: str | None = None

    def add(self, said: Data) -> None:
        """Take what one event says beside its sound."""
        alignment = next((said[name] for name in _ALIGNMENTS if isinstance(said.get(name), dict)), None)
        if alignment is not None:
            self._take_characters(alignment, said.get("voice_segments"))
        for item in _listed(said):
            self._end()
            self._words.append(item)

    def marks(self) -> list[Data]:
        """Return the words so far."""
        self._end()
        return self._words

    def _take_characters(self, alignment: Data, segments: Any) -> None:
        lists = [alignment.get(name) for name in _TIMES]
        if not all(isinstance(one, list) for one in lists):
            return
        for place, (text, start, end) in enumerate(zip(*lists, strict=False)):
            speaker = _speaker_at(segments, place)
            if speaker != self._speaker or not isinstance(text, str) or not text.strip():
                self._end()
            self._speaker = speaker
            if isinstance(text, str) and text.strip() and _is_number(start) and _is_number(end):
                self._grow(text, start, end)

    def _grow(self, text: str, start: float, end: float) -> None:
        if self._open is None:
            said = {} if self._speaker is None else {"speaker": self._speaker}
            self._open = {"text": "", "start_seconds": start, "end_seconds": end, **said}
        self._open |= {"text": self._open["text"] + text, "end_seconds": end}

    def _end(self) -> None:
        if self._open is not None:
            self._words.append(self._open)
            self._open = None


def _listed(said: Data) -> Iterator[Data]:
    """Yield the words of lists: ``{"word", "start_ms", "end_ms"}``, or ``start`` and ``end`` in seconds."""
    holders = (said, *(value for value in said.values() if isinstance(value, dict)))
    lists = (holder[name] for holder in holders for name in _LISTS if isinstance(holder.get(name), list))
    for item in chain.from_iterable(lists):
        text = item.get("word", item.get("text")) if isinstance(item, dict) else None
        if isinstance(text, str):
            times = {f"{edge}_seconds": _seconds(item, edge) for edge in ("start", "end")}
            yield {"text": text, **{name: value for name, value in times.items() if value is not None}}


def _seconds(item: Mapping[str, Any], edge: str) -> float | None:
    for name, divisor in ((f"{edge}_ms", _MILLISECONDS), (edge, 1)):
        value = item.get(name)
        if _is_number(value):
            return float(value / divisor)  # type: ignore[operator]  # a number, as was seen
    return None


def _speaker_at(segments: Any, place: int) -> str | None:
    for segment in segments if isinstance(segments, list) else ():
        if isinstance(segment, dict) and isinstance(segment.get("voice_id"), str):
            first, last = segment.get("character_start_index"), segment.get("character_end_index")
            if isinstance(first, int) and isinstance(last, int) and first <= place < last:
                voice: str = segment["voice_id"]
                return voice
    return None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and is_finite(value)
