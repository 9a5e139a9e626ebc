"""The growing text of a call's arguments to values at JSON paths: what `ArgumentsWriter` writes, read back."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from .paths import Segment, path_text

Data = dict[str, Any]
_STRING: Final = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_PIECE: Final = re.compile(r'(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*')
_NUMBER: Final = re.compile(r"-?\d[\d.eE+-]*|-?Infinity|NaN")
_WORDS: Final[dict[str, Data]] = {
    "true": {"boolValue": True},
    "false": {"boolValue": False},
    "null": {"nullValue": "NULL_VALUE"},
}
_SKIPPED: Final = " \t\r\n:"


class ArgumentsReader:
    """Reads the text of one JSON object, in pieces.

    Attributes:
        closed: Whether the object has ended.
        lost: Whether there was an empty object or list in it, for which partial arguments have no value.
    """

    def __init__(self) -> None:
        self.closed = self.lost = False
        self._text = ""  # what waits for more
        self._path: list[Segment] = []  # of each open container, what is being read in it
        self._string = self._named = False
        self._empty = False  # whether nothing has come since the last bracket that opens

    @property
    def waits(self) -> bool:
        """Whether the text ends in a number, to which more digits may come."""
        return _NUMBER.fullmatch(self._text) is not None

    def continues(self, text: str) -> bool:
        """Return whether *text* goes on with the number that waits."""
        return self.waits and text[:1] in "0123456789.eE+-" and bool(text)

    def feed(self, text: str) -> list[Data]:
        """Return the partial arguments that *text* completes, or continues."""
        text, place, found = self._text + text, 0, list[Data]()
        while place < len(text) and not self.closed:
            after = self._string_piece(text, place, found) if self._string else self._token(text, place, found)
            if after == place:
                break
            place = after
        self._text = text[place:]
        return found

    def flush(self) -> list[Data]:
        """Return the number that waited."""
        if not self.waits:
            return []
        text, self._text = self._text, ""
        return [self._value({"numberValue": json.loads(text)})]

    def _token(self, text: str, place: int, found: list[Data]) -> int:
        character = text[place]
        if character in _SKIPPED:
            return place + 1
        if character in "{[,}]":
            self._bracket(character)
            return place + 1
        if character == '"':
            return self._quote(text, place, found)
        return self._word(text, place, found)

    def _bracket(self, character: str) -> None:
        if character in "{[":
            self._path.append("" if character == "{" else 0)
            self._named, self._empty = False, True
        elif character == "," and self._path:
            last = self._path[-1]
            self._path[-1] = last + 1 if isinstance(last, int) else ""
            self._named = False
        elif self._path:
            self._path.pop()
            self.closed = not self._path
            self.lost = self.lost or (self._empty and not self.closed)
            self._named, self._empty = True, False

    def _quote(self, text: str, place: int, found: list[Data]) -> int:
        if self._path and isinstance(self._path[-1], str) and not self._named:
            name = _STRING.match(text, place)
            if name is None:
                return place
            self._path[-1], self._named, self._empty = _unquoted(name[1]), True, False
            return name.end()
        self._string = True
        return self._string_piece(text, place + 1, found, fresh=True)

    def _string_piece(self, text: str, place: int, found: list[Data], *, fresh: bool = False) -> int:
        piece = _PIECE.match(text, place)
        end = place if piece is None else piece.end()
        self._string = text[end : end + 1] != '"'
        if end > place or fresh or not self._string:
            goes_on = {"willContinue": True} if self._string else {}
            found.append(self._value({"stringValue": _unquoted(text[place:end]), **goes_on}))
        return end if self._string else end + 1

    def _word(self, text: str, place: int, found: list[Data]) -> int:
        number = _NUMBER.match(text, place)
        if number is not None:
            if number.end() == len(text):
                return place
            found.append(self._value({"numberValue": json.loads(number[0])}))
            return number.end()
        word = next((word for word in _WORDS if text.startswith(word, place)), None)
        if word is None:
            return place
        found.append(self._value(_WORDS[word]))
        return place + len(word)

    def _value(self, value: Data) -> Data:
        self._empty = False
        return {"jsonPath": path_text(self._path), **value}


def _unquoted(text: str) -> str:
    return str(json.loads(f'"{text}"', strict=False))
