"""JSON paths of partial arguments, such as ``$.recipe.steps[0]`` (https://www.rfc-editor.org/rfc/rfc9535)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final

Segment = str | int

_SEGMENT: Final = re.compile(
    r"""\.(?P<name>[^.\[\]]+)|\[(?P<index>\d{1,9})\]|\[(?P<double>"(?:[^"\\]|\\.)*")\]|\['(?P<single>(?:[^'\\]|\\.)*)'\]""",
    re.DOTALL,
)
_PLAIN: Final = re.compile(r"""[^.\[\]'"\\\s]+""")


def parsed_path(path: str) -> list[Segment] | None:
    """Return the names and indexes of *path*; None when it is not the path of one value below the root."""
    if not path.startswith("$"):
        return None
    segments: list[Segment] = []
    place = 1
    while place < len(path):
        found = _SEGMENT.match(path, place)
        segment = None if found is None else _segment(found)
        if found is None or segment is None:
            return None
        segments.append(segment)
        place = found.end()
    return segments or None


def path_text(segments: Iterable[Segment]) -> str:
    """Return the path of *segments*; `parsed_path` reads it back."""
    return "$" + "".join(map(_written, segments))


def _segment(found: re.Match[str]) -> Segment | None:
    if found["name"] is not None:
        return found["name"]
    if found["index"] is not None:
        return int(found["index"])
    quoted = found["double"]
    if quoted is None:
        quoted = '"' + found["single"].replace("\\'", "'").replace('"', '\\"') + '"'
    try:
        return str(json.loads(quoted, strict=False))
    except ValueError:
        return None


def _written(segment: Segment) -> str:
    if isinstance(segment, int):
        return f"[{segment}]"
    return f".{segment}" if _PLAIN.fullmatch(segment) else f"[{json.dumps(segment)}]"
