"""Fields that an answer can do without: read where they are usable, told where not, each path once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.text import TextStreamChunk
from .json_value import finite

Data = dict[str, Any]
_INDEX_DIGITS: Final = 10


def is_whole_number(value: object) -> bool:
    """Return whether *value* is a number of things: an index, tokens."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def index_of(value: Any) -> int | None:
    """Return an index, None if *value* is none; one of the wrong type still tells things apart where it can."""
    if is_whole_number(value):
        return int(value)
    digits = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < _INDEX_DIGITS
    return int(value) if digits or (isinstance(value, float) and value.is_integer() and value >= 0) else None


class DroppedFields:
    """The fields of unusable types that have been told."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def tell(self, paths: Iterable[str], out: list[BaseStreamChunk]) -> None:
        """Add a chunk for each of *paths* that has not been told."""
        for path in paths:
            if path not in self._told:
                self._told.add(path)
                out.append(TextStreamChunk(type=ChunkType.BACKEND_STATUS, status="ignored_field", detail=path))


class Metadata:
    """Reads fields that an answer can do without; what is unusable is dropped and told.

    Args:
        out: Gets the chunks that tell it.
        dropped: What has been told.
    """

    def __init__(self, out: list[BaseStreamChunk], dropped: DroppedFields) -> None:
        self._out, self._dropped = out, dropped

    def drop(self, path: str) -> None:
        """Tell that the field at *path* was unusable, or a part of it."""
        self._dropped.tell((path,), self._out)

    def index(self, doc: Data) -> int | None:
        """Return the `index` of *doc*; one of the wrong type is told, but still counts where it can."""
        value = doc.get("index")
        if value is not None and not is_whole_number(value):
            self.drop("index")
        return index_of(value)

    def text(self, doc: Data, name: str, path: str) -> str:
        """Return a text; empty when there is none."""
        value = doc.get(name)
        if value is not None and not isinstance(value, str):
            self.drop(f"{path}.{name}" if path else name)
            return ""
        return value or ""

    def number(self, doc: Data, name: str, path: str) -> int | None:
        """Return a number of things; None when there is none."""
        value = doc.get(name)
        if value is not None and not is_whole_number(value):
            self.drop(f"{path}.{name}")
            return None
        return value

    def data(self, doc: Data, name: str, path: str = "") -> Data:
        """Return an object; empty when there is none. *path* ends with a dot."""
        value = doc.get(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.drop(path + name)
            return {}
        known: Data = finite(value)
        return known

    def documents(self, doc: Data, name: str, path: str) -> list[Data]:
        """Return the objects of a list; empty when there is none."""
        value = doc.get(name)
        items = value if isinstance(value, list) else []
        usable = [finite(item) for item in items if isinstance(item, dict)]
        if value is not None and (not isinstance(value, list) or len(usable) < len(items)):
            self.drop(f"{path}.{name}")
        return usable
