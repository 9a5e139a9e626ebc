"""Values at JSON paths, in order, to the text of one JSON object that only grows."""

from __future__ import annotations

import json
from typing import Any, Final

from ..faults import UnusableField
from .events import PART, PartialArg
from .paths import Segment, parsed_path

_PATH: Final = f"{PART}.functionCall.partialArgs[].jsonPath"


class ArgumentsWriter:
    """The arguments of a call that arrive value by value, as Enterprise streams them.

    The model writes JSON from its beginning to its end, so paths come in the order of the text; one that goes back to
    what is closed, or leaves out an item of a list, cannot be told by text that only grows.

    Attributes:
        begun: Whether any text was returned.
        closed: Whether the text is complete.
    """

    def __init__(self) -> None:
        self.begun = self.closed = False
        self._path: list[Segment] = []  # of the latest value
        self._seen: list[set[str]] = []  # the names that each open object has, None for lists by an empty set
        self._string = False  # whether the latest value is a string that goes on

    def feed(self, piece: PartialArg) -> str:
        """Return the text for the next value, or piece of a string.

        Raises:
            UnusableField: Its path does not continue the arguments.
        """
        path = parsed_path(piece.jsonPath or "")
        if path is None or self.closed or isinstance(path[0], int):
            raise _unusable()
        if self._string and path == self._path:
            return self._go_on(piece)
        opening = self._close_string() + self._move(path)
        self.begun = True
        return opening + self._value(piece)

    def rest(self) -> str:
        """Return the text that is missing to a whole object."""
        if self.closed:
            return ""
        if not self.begun:
            return "{}"
        closing = "".join(map(_closing, reversed(self._path)))
        return ('"' if self._string else "") + closing

    def close(self) -> str:
        """Return the text that ends the object."""
        text = self.rest()
        self.begun = self.closed = True
        return text

    def take(self, arguments: dict[str, Any]) -> str:
        """Return the text of arguments that come whole."""
        self.begun = self.closed = True
        return json.dumps(arguments, ensure_ascii=False, separators=(",", ":"))

    def _go_on(self, piece: PartialArg) -> str:
        if piece.numberValue is not None or piece.boolValue is not None:
            raise _unusable()
        self._string = bool(piece.willContinue)
        return _inner(piece.stringValue or "") + ("" if self._string else '"')

    def _close_string(self) -> str:
        open_string, self._string = self._string, False
        return '"' if open_string else ""

    def _move(self, path: list[Segment]) -> str:
        """Close what *path* leaves and open what it enters."""
        if not self._path:
            return "{" + self._enter(path, 0)
        depth = next((i for i, (a, b) in enumerate(zip(self._path, path, strict=False)) if a != b), None)
        if depth is None or not self._may_follow(depth, path[depth]):
            raise _unusable()
        closing = "".join(map(_closing, reversed(self._path[depth + 1 :])))
        return closing + "," + self._enter(path, depth)

    def _may_follow(self, depth: int, segment: Segment) -> bool:
        before = self._path[depth]
        if isinstance(before, int) or isinstance(segment, int):
            return isinstance(before, int) and isinstance(segment, int) and segment == before + 1
        return segment not in self._seen[depth]

    def _enter(self, path: list[Segment], depth: int) -> str:
        """Return names and brackets from the container at *depth*, which is open, to the value."""
        del self._seen[depth + 1 :]
        text = ""
        for place in range(depth, len(path)):
            segment = path[place]
            if place > depth:
                if isinstance(segment, int) and segment != 0:
                    raise _unusable()
                text += "[" if isinstance(segment, int) else "{"
            if len(self._seen) <= place:
                self._seen.append(set())
            if isinstance(segment, str):
                self._seen[place].add(segment)
                text += json.dumps(segment, ensure_ascii=False) + ":"
        self._path = path
        return text

    def _value(self, piece: PartialArg) -> str:
        if piece.stringValue is not None:
            self._string = bool(piece.willContinue)
            return '"' + _inner(piece.stringValue) + ("" if self._string else '"')
        if piece.numberValue is not None:
            return json.dumps(piece.numberValue)
        return "null" if piece.boolValue is None else json.dumps(piece.boolValue)


def _closing(segment: Segment) -> str:
    return "]" if isinstance(segment, int) else "}"


def _inner(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _unusable() -> UnusableField:
    return UnusableField(_PATH, "does not continue the arguments", "?")
