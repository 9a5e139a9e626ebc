"""What a person is told on standard error; standard output belongs to the answer."""

from __future__ import annotations

import sys
from contextlib import suppress

from .plain_text import one_line

PROGRAM = "massgen-stream"


def notice(text: str) -> None:
    """Tell something in one line."""
    if sys.stderr is None:  # closed by the caller; print() would turn to standard output
        return
    with suppress(OSError, ValueError):  # nobody listens: no reason to end the work
        print(f"{PROGRAM}: {one_line(text)}", file=sys.stderr, flush=True)


def failure(text: str) -> None:
    """Tell in one line what went wrong."""
    notice(f"error: {text}")
