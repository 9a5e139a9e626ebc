"""OpenRouter's ``reasoning_details``, which must go back as they came, though they came in fragments.

https://openrouter.ai/docs/use-cases/reasoning-tokens#preserving-reasoning-blocks
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any, Final

_TEXT_KEYS: Final = MappingProxyType({"reasoning.text": "text", "reasoning.summary": "summary"})
"""The key that grows in a stream, by type of item; other types come whole."""
_MARKS: Final = ("type", "index", "format", "id", "signature")
"""What else an item may hold to be put together with another; anything more, and it stays as it came."""


def whole_details(items: Iterable[Any]) -> list[Any]:
    """Return items with the fragments of one streamed text put together; everything else verbatim."""
    runs: list[list[Any]] = []
    marks: dict[str, Any] = {}
    for item in items:
        if runs and _continues(item, runs[-1][0], marks):
            runs[-1].append(item)
            marks |= _said(item)
        else:
            runs.append([item])
            marks = _said(item)
    return [_joined(run) if len(run) > 1 else run[0] for run in runs]


def _said(item: Any) -> dict[str, Any]:
    """The marks that tell something."""
    if not isinstance(item, dict):
        return {}
    return {mark: item[mark] for mark in _MARKS if item.get(mark) not in (None, "")}


def _continues(item: Any, first: Any, marks: dict[str, Any]) -> bool:
    """Whether *item* continues what *first* began: the same type and marks, and no signature that ended it."""
    if "signature" in marks or not _grows(item) or not _grows(first) or item["type"] != first["type"]:
        return False
    return all(marks.get(mark, value) == value for mark, value in _said(item).items())


def _grows(item: Any) -> bool:
    """Whether *item* is a fragment: text that may be missing, marks, and nothing else."""
    key = _TEXT_KEYS.get(str(item.get("type"))) if isinstance(item, dict) else None
    return key is not None and item.keys() <= {*_MARKS, key} and isinstance(item.get(key), str | None)


def _joined(run: list[dict[str, Any]]) -> dict[str, Any]:
    key = _TEXT_KEYS[run[0]["type"]]
    whole = dict(run[0])
    for item in run[1:]:
        whole |= {name: value for name, value in item.items() if name not in whole} | _said(item)
    pieces = [item[key] or "" for item in run if key in item]
    return {**whole, key: "".join(pieces)} if pieces else whole
