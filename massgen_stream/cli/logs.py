"""Logs of libraries: they write to standard error when nobody listens, and a person would take it for our answer."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def logs(*, shown: bool) -> Iterator[None]:
    """Keep warnings and errors of libraries to themselves, unless they are to be *shown*."""
    root, silence = logging.getLogger(), logging.NullHandler()
    if not shown:
        root.addHandler(silence)
    try:
        yield
    finally:
        root.removeHandler(silence)
