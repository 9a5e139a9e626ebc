"""The output items that an encoder has said: their indexes, and what is needed to end them as OpenAI does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .events import REFUSAL, TEXT, TEXT_EVENTS

Data = dict[str, Any]


class TextPlace:
    """A message, or a step of reasoning.

    Attributes:
        index: Its output index.
        id: Its id.
        kind: Type of the item.
        phase: Of a message.
        indexes: The latest index of a part by kind of text.
    """

    def __init__(self, index: int, item_id: str, kind: str, phase: str | None) -> None:
        self.index, self.id, self.kind, self.phase = index, item_id, kind, phase
        self.indexes: dict[str, int | None] = {}
        self._texts: dict[tuple[str, int], list[str]] = {}
        self._annotations: dict[int, list[Data]] = {}

    def part(self, kind: str, index: int) -> bool:
        """Return whether the part is new; it is known from now on."""
        self.indexes[kind] = index
        new = (kind, index) not in self._texts
        self._texts.setdefault((kind, index), [])
        return new

    def say(self, kind: str, index: int, text: str) -> None:
        """Remember a piece of text."""
        self._texts[kind, index].append(text)

    def refusal_index(self) -> int:
        """Return the index of the part of a refusal: the one it has, else a new one."""
        known = self.indexes.get(REFUSAL)
        return known if known is not None else 1 + max((index for _, index in self._texts), default=-1)

    def cite(self, annotation: Data, offset: int) -> tuple[int, int]:
        """Remember an annotation; return the index of its part, which *offset* code points precede, and its own."""
        lengths = {index: sum(map(len, pieces)) for (kind, index), pieces in self._texts.items() if kind == TEXT}
        candidates = [*lengths, max(lengths, default=-1) + 1]  # a part may be cited before it has text
        fitting = [index for index in candidates if sum(n for part, n in lengths.items() if part < index) == offset]
        latest = self.indexes.get(TEXT) or 0
        place = latest if latest in fitting or not fitting else fitting[-1]
        listed = self._annotations.setdefault(place, [])
        listed.append(annotation)
        return place, len(listed) - 1

    def parts(self) -> list[tuple[str, int, Data]]:
        """Return kind, index and whole of each part that holds text, by index."""
        found = []
        for (kind, index), pieces in sorted(self._texts.items(), key=lambda entry: entry[0][1]):
            part: Data = {"type": TEXT_EVENTS[kind].part, TEXT_EVENTS[kind].field: "".join(pieces)}
            if kind == TEXT:
                part |= {"annotations": self._annotations.get(index, []), "logprobs": []}
            if any(pieces):
                found.append((kind, index, part))
        return found

    def item(self, content: list[Data], status: str) -> Data:
        """Return the item as OpenAI sends it."""
        if self.kind == "reasoning":
            return {"id": self.id, "type": "reasoning", "summary": []}
        phase = {} if self.phase is None else {"phase": self.phase}
        return {
            "id": self.id, "type": "message", "role": "assistant", "status": status, "content": content, **phase,
        }  # fmt: skip


class Places:
    """The items of one response, in the order in which they were begun."""

    def __init__(self) -> None:
        self.texts: dict[str, TextPlace] = {}
        self._indexes: dict[tuple[str, str], int] = {}
        self.said: dict[str, Data] = {}
        self._count = 0

    @property
    def empty(self) -> bool:
        """Whether no item has been said."""
        return self._count == 0

    def next(self) -> int:
        """Return an output index that was not used before."""
        self._count += 1
        return self._count - 1

    def text(self, item_id: str, kind: str, phase: str | None) -> TextPlace:
        """Open a message or a step of reasoning."""
        place = self.texts[item_id] = TextPlace(self.next(), item_id, kind, phase)
        return place

    def known(self, family: str, item_id: str) -> int | None:
        """Return the output index of a call or tool, None if it is not known."""
        return self._indexes.get((family, item_id))

    def of(self, family: str, item_id: str) -> int:
        """Return the output index of a call or tool, known or not."""
        found = self.known(family, item_id)
        if found is None:
            found = self._indexes[family, item_id] = self.next()
        return found

    def tool_kind(self, call_id: str, name: str | None, kinds: Mapping[str, str]) -> str | None:
        """Return the type of a tool's item: of what was said of it, else by its *name*."""
        if call_id in self.said:
            kind = self.said[call_id].get("type")
            return kind if isinstance(kind, str) else None
        return kinds.get(name or "")
