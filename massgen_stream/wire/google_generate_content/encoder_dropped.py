"""Events with a field of an unusable type: a reader of the encoded stream drops it too, and says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from .lenient import METADATA

Data = dict[str, Any]
_USAGE: Final = "usageMetadata."


def _in_part(part: Data) -> Data:
    return {"candidates": [{"content": {"parts": [part]}}]}


def _events() -> Iterator[tuple[str, Data]]:
    """Yield each path with its event; no field but `thought` has the type bool, so false is unusable elsewhere."""
    for path in METADATA:
        owner, _, name = path.rpartition(".")
        wrong: Data = {name: 0 if name == "thought" else False}
        if owner == "candidates":
            yield path, {"candidates": [wrong]}
        elif owner == "parts":
            yield path, _in_part(wrong)
        elif owner == "inlineData":
            yield path, _in_part({owner: wrong})
        elif owner == "functionCall":
            yield path, _in_part({owner: {"willContinue": True, **wrong}})
        else:
            yield path, {"candidates": [], **wrong}


_EVENTS: Final[Mapping[str, Data]] = dict(_events())


def dropped_event(path: str) -> Data | None:
    """Return an event whose field at *path* is dropped; None if there is no such field."""
    return _EVENTS.get(path)


def is_said_by_usage(path: str) -> bool:
    """Return whether the usage report, which is said as it is, holds the field itself."""
    return path.startswith(_USAGE)
