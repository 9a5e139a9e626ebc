"""Fields of events that msgspec refuses, one by one: what is unusable is dropped and named."""

from __future__ import annotations

from typing import Any

from .json_value import finite

Data = dict[str, Any]


class LenientFields:
    """Reads the fields of one event.

    Attributes:
        dropped: Paths of the fields that were dropped, or of which a part was.
    """

    def __init__(self) -> None:
        self.dropped: list[str] = []

    def _typed(self, doc: Data, name: str, kind: Any, path: str = "") -> Any:
        """Return a field of metadata; None where it is none, or of another type than *kind*. A bool is no number.

        Args:
            doc: Holds it.
            name: What it is called.
            kind: Its type, or several.
            path: Where *doc* stands, with the point behind it.
        """
        value = doc.get(name)
        if value is None:
            return None
        usable: Any = None
        if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
            usable = finite(value)
        if usable is not value:
            self.dropped.append(path + name)
        return usable
