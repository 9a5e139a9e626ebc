"""Parts of an assistant message while they grow: pieces are kept in lists and joined once, so growing is linear."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol

Data = dict[str, Any]


class Part(Protocol):
    """A part that can be read at any time."""

    def neutral(self) -> Data | None:
        """Return the neutral part, or None while it holds nothing."""
        ...


class Pieces:
    """Text that grows by appending.

    Attributes:
        append: Adds a piece at the end; the list's own method, since a call through ours would cost as much again.
    """

    __slots__ = ("_pieces", "append")

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self.append = self._pieces.append

    def join(self) -> str:
        """Return the text so far."""
        if len(self._pieces) > 1:
            self._pieces[:] = ["".join(self._pieces)]  # in place: `append` belongs to this list
        return self._pieces[0] if self._pieces else ""


_MERGED_DEPTH: Final = 20
"""How deep objects are merged and copied; below, the later one wins as it is."""


def merged_data(pieces: Iterable[Mapping[str, Any]], depth: int = 0) -> Data | None:
    """Return the provider data of a whole part from that of its deltas: lists are joined, later values win."""
    values: dict[str, list[Any]] = {}
    for piece in pieces:
        for name, value in piece.items():
            values.setdefault(name, []).append(value)
    return {name: _merged(found, depth) for name, found in values.items()} or None


def _merged(values: list[Any], depth: int) -> Any:
    """Return what several values of one name come to; null adds nothing."""
    said = [value for value in values if value is not None]
    if len(said) > 1 and all(isinstance(value, list) for value in said):
        return [_copied(item, depth + 1) for value in said for item in value]
    if len(said) > 1 and depth < _MERGED_DEPTH and all(isinstance(value, dict) for value in said):
        return merged_data(said, depth + 1) or {}
    return _copied(said[-1], depth) if said else None


def _copied(value: Any, depth: int) -> Any:
    """Return a value that the reader of a message may change: the chunk it came from stays as it is."""
    if depth >= _MERGED_DEPTH:
        return value
    if isinstance(value, dict):
        return {name: _copied(item, depth + 1) for name, item in value.items()}
    return [_copied(item, depth + 1) for item in value] if isinstance(value, list) else value


class TextPart:
    """Visible text or a refusal: the deltas of one item, or of one run of deltas without an item."""

    __slots__ = ("data", "item_id", "kind", "phase", "pieces")

    def __init__(self, kind: str, item_id: str | None, phase: str | None = None) -> None:
        self.kind, self.item_id, self.phase = kind, item_id, phase
        self.pieces, self.data = Pieces(), list[Data]()

    def neutral(self) -> Data | None:
        """Return ``{"type": "text" | "refusal", "text": …}``."""
        text, data = self.pieces.join(), merged_data(self.data)
        if not text and not data:
            return None
        part: Data = {"type": self.kind, "text": text}
        optional = {"item_id": self.item_id, "phase": self.phase, "provider_data": data}
        return part | {name: value for name, value in optional.items() if value is not None}


class ReasoningPart:
    """Reasoning text and its summaries."""

    __slots__ = ("data", "item_id", "pieces", "summaries")
    kind = "reasoning"

    def __init__(self, item_id: str | None) -> None:
        self.item_id = item_id
        self.pieces, self.data = Pieces(), list[Data]()
        self.summaries: dict[int, Pieces] = {}

    def keep(self, data: Data | None) -> None:
        """Keep the provider data of a delta or a final."""
        if data:
            self.data.append(data)

    def summary(self, index: int | None) -> Pieces:
        """Return the summary with that index."""
        return self.summaries.setdefault(index or 0, Pieces())

    def summary_text(self) -> str:
        """Return all summaries, in the order of their indexes."""
        return "".join(self.summaries[index].join() for index in sorted(self.summaries))

    def neutral(self) -> Data | None:
        """Return ``{"type": "reasoning", "text": …}`` with the summaries as a list."""
        text, data = self.pieces.join(), merged_data(self.data)
        summary = [self.summaries[index].join() for index in sorted(self.summaries)]
        if not text and not data and not any(summary):
            return None
        optional = {"summary": summary or None, "item_id": self.item_id, "provider_data": data}
        return {"type": "reasoning", "text": text} | {n: v for n, v in optional.items() if v is not None}


class CallPart:
    """A call of one of the client's tools: deltas first, then the complete call."""

    __slots__ = ("announced", "call_id", "final", "name", "pieces")
    kind = "tool_call"

    def __init__(self, call_id: str) -> None:
        self.call_id, self.name, self.pieces = call_id, "", Pieces()
        self.announced = False
        self.final: Data | None = None

    def told(self) -> Data:
        """Return what the deltas have told."""
        return {"id": self.call_id, "name": self.name, "arguments": self.pieces.join(), "kind": "function"}

    def call(self) -> Data:
        """Return the complete call, or what is known of it so far, marked as not complete."""
        if self.final is not None:
            return dict(self.final)
        return {**self.told(), "invalid": {"reason": "incomplete"}}

    def neutral(self) -> Data:
        """Return ``{"type": "tool_call", "id", "name", "arguments", …}``."""
        return {"type": "tool_call", **self.call()}


class RecordPart:
    """A part that later chunks replace: a vendor-run call or a result."""

    __slots__ = ("fields", "kind")

    def __init__(self, kind: str) -> None:
        self.kind, self.fields = kind, dict[str, Any]()

    def neutral(self) -> Data:
        """Return the part."""
        return {"type": self.kind, **self.fields}
