"""Fields that carry text, arguments or media and cannot be used: the event that holds one is malformed."""

from __future__ import annotations

import re
from binascii import a2b_base64
from collections.abc import Mapping
from typing import Any, Final

from ..faults import UnusableField, sample_of

Data = dict[str, Any]
_NOT_BASE64: Final = re.compile(r"[^A-Za-z0-9+/=]")


class UnusableValue(UnusableField):
    """A field that the answer cannot do without has an unusable value.

    Attributes:
        event: The smallest event with the same fault; the encoder says it again.
    """

    def __init__(self, event_type: str, path: str, what: str, sample: object) -> None:
        super().__init__(f"{event_type}: {path}", what, event={"type": event_type, **nested(path, sample)})


class Origin:
    """Where a document comes from: the event and the path within it, for what is said of its fields.

    Args:
        event_type: Type of the event.
        path: Names down to the document, each followed by a dot; ``[]`` stands for a list.
        beside: What must stand beside a field for the fault to be found again.
    """

    __slots__ = ("beside", "event_type", "path")

    def __init__(self, event_type: str, path: str = "", beside: Data | None = None) -> None:
        self.event_type, self.path, self.beside = event_type, path, beside or {}

    def within(self, name: str, **beside: Any) -> Origin:
        """Return the origin of the document, or of each document of the list, called *name*."""
        return Origin(self.event_type, f"{self.path}{name}.", {**self.beside, f"{self.path}{name}": beside})

    def unusable(self, name: str, value: object) -> UnusableValue:
        """Return the error for a *value* of the wrong type."""
        return self.fault(name, f"is {type(value).__name__}", sample_of(value))

    def fault(self, name: str, what: str, sample: object) -> UnusableValue:
        """Return the error for the field *name*, with a *sample* that has the same fault."""
        found = UnusableValue(self.event_type, f"{self.path}{name}", what, sample)
        for path, fields in self.beside.items():
            _at(found.event, path).update(fields)
        return found

    def text(self, doc: Mapping[str, Any], name: str) -> str | None:
        """Return text, None if there is none.

        Raises:
            UnusableValue: It is no text.
        """
        value = doc.get(name)
        if value is not None and not isinstance(value, str):
            raise self.unusable(name, value)
        return value

    def documents(self, doc: Mapping[str, Any], name: str) -> list[Data]:
        """Return a list of documents; empty if there is none.

        Raises:
            UnusableValue: It is no list, or holds something else.
        """
        value = doc.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.unusable(name, value)
        for item in value:
            if not isinstance(item, dict):
                raise self.unusable(f"{name}[]", item)
        return value

    def bytes_of(self, doc: Mapping[str, Any], name: str) -> bytes | None:
        """Return the bytes of base64; missing padding is added, characters that are not base64 are left out.

        That is what MIME asks of decoders (https://www.rfc-editor.org/rfc/rfc2045#section-6.8).

        Raises:
            UnusableValue: It is no text, or not base64.
        """
        text = self.text(doc, name)
        if text is None:
            return None
        try:
            return a2b_base64(text, strict_mode=True)  # takes text as it is: one copy less of a large medium
        except ValueError:
            plain = _NOT_BASE64.sub("", text)
        try:
            found = a2b_base64(plain + "=" * (-len(plain) % 4), strict_mode=True)
        except ValueError:
            found = b""
        if text and not found:
            raise self.fault(name, "is not base64", "?")
        return found


def nested(path: str, sample: object) -> Data:
    """Return the document with *sample* at *path*: names joined by dots, ``[]`` after the name of a list."""
    value: Any = sample
    for name in reversed(path.split(".")):
        plain = name.removesuffix("[]")
        value = {plain: [value] if name != plain else value}
    return value  # type: ignore[no-any-return]


def _at(event: Any, path: str) -> Data:
    for name in path.split("."):
        event = event[name.removesuffix("[]")]
        event = event[0] if name.endswith("[]") else event
    return event  # type: ignore[no-any-return]
