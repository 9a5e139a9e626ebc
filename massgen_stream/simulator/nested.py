"""Objects of a request, however deep they stand: what refers to something may be anywhere in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def objects_in(document: Any) -> Iterator[dict[str, Any]]:
    """Yield every object in a JSON document, the outer before the inner, in order."""
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting += reversed(value.values())
        elif isinstance(value, list):
            waiting += reversed(value)
