"""What is said about an exception that nobody expected."""

from __future__ import annotations

import traceback
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from types import TracebackType

from .notices import PROGRAM


def described(error: BaseException) -> str:
    """Return one line on *error*: its type and place, but not its text, which could hold a key or a prompt."""
    tracker = _tracker()
    where = f" at {tracker}" if tracker else ""
    place = _place(error.__traceback__)
    return f"unexpected {type(error).__name__}{place}; please report it{where} ({PROGRAM} … --debug shows the details)"


def _place(trace: TracebackType | None) -> str:
    """Return the innermost line of this package that was running."""
    package = Path(__file__).parents[1]
    inside = [frame for frame in traceback.extract_tb(trace) if package in Path(frame.filename).parents]
    return f" in {Path(inside[-1].filename).relative_to(package)}:{inside[-1].lineno}" if inside else ""


def _tracker() -> str:
    """Return the address of the issue tracker, as the package's metadata tells it."""
    try:
        addresses: list[str] = metadata(PROGRAM).get_all("Project-URL") or []
    except PackageNotFoundError:
        return ""
    named = dict(address.split(", ", 1) for address in addresses if ", " in address)
    return named.get("Issues", "")
