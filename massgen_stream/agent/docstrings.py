"""What a docstring says: its summary, and its words for each parameter.

Google's sections (``Args:``, ``Attributes:``), NumPy's underlined ones and the fields of Sphinx are understood.
"""

from __future__ import annotations

import inspect
import re
from typing import Final, NamedTuple

_SECTION: Final = re.compile(r"(Args|Arguments|Parameters|Params|Attributes|Keyword Args|Keyword Arguments):\s*")
_ANY_SECTION: Final = re.compile(r"[A-Z][A-Za-z ]+:\s*|:(?:param|return|returns|raises|rtype|type)\b.*")
_UNDERLINED: Final = re.compile(r"-{3,}\s*")
_ENTRY: Final = re.compile(r"\*{0,2}(\w+(?:, \*{0,2}\w+)*)(?:\s*\([^)]*\))?\s*:\s*(.*)")
_NUMPY_ENTRY: Final = re.compile(r"\*{0,2}(\w+(?:, \w+)*)\s*(?::.*)?")
_FIELD: Final = re.compile(r":param\s+(?:[^:]*\s)?\*{0,2}(\w+)\s*:\s*(.*)")


class Described(NamedTuple):
    """What a docstring says.

    Attributes:
        text: Everything before the first section.
        parameters: The words for each parameter, on one line.
    """

    text: str
    parameters: dict[str, str]


def described(docstring: str | None) -> Described:
    """Return what *docstring* says; it may be missing."""
    lines = inspect.cleandoc(docstring or "").splitlines()
    text: list[str] = []
    for place, line in enumerate(lines):
        if _ANY_SECTION.fullmatch(line) or _is_underlined(lines, place):
            break
        text.append(line)
    parameters = _google(lines) | _numpy(lines) | _sphinx(lines)
    return Described("\n".join(text).strip(), {name: one for name, one in parameters.items() if one})


def _google(lines: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    indent: int | None = None
    names: list[str] = []
    inside = False
    for line in lines:
        if line and not line[0].isspace():
            inside, indent, names = _SECTION.fullmatch(line) is not None, None, []
            continue
        if not inside or not line.strip():
            continue
        depth = len(line) - len(line.lstrip())
        indent = depth if indent is None else indent
        entry = _ENTRY.fullmatch(line.strip()) if depth == indent else None
        names = _names(entry[1]) if entry else names
        for name in names:
            found[name] = f"{found.get(name, '')} {entry[2] if entry else line.strip()}".strip()
    return found


def _numpy(lines: list[str]) -> dict[str, str]:
    starts = [place for place, line in enumerate(lines) if line == "Parameters" and _is_underlined(lines, place)]
    found: dict[str, str] = {}
    names: list[str] = []
    for place in range(starts[0] + 2 if starts else len(lines), len(lines)):
        line = lines[place]
        if _is_underlined(lines, place):
            break
        if line and not line[0].isspace():
            entry = _NUMPY_ENTRY.fullmatch(line)
            names = _names(entry[1]) if entry else []
        else:
            for name in names:
                found[name] = f"{found.get(name, '')} {line.strip()}".strip()
    return found


def _sphinx(lines: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    name = None
    for line in lines:
        field = _FIELD.fullmatch(line)
        if field is not None:
            name = field[1]
            found[name] = field[2]
        elif name is not None and line[:1].isspace() and line.strip():
            found[name] += f" {line.strip()}"
        else:
            name = None
    return found


def _names(text: str) -> list[str]:
    return [name.strip(" *") for name in text.split(",")]


def _is_underlined(lines: list[str], place: int) -> bool:
    return place + 1 < len(lines) and bool(lines[place].strip()) and bool(_UNDERLINED.fullmatch(lines[place + 1]))
