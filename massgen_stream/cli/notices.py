"""What a person is told on standard error; standard output belongs to the answer."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

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


def tell_open_jobs(handles: Iterable[Mapping[str, Any]], base_url: str | None = None) -> None:
    """Say how to go on with jobs that were begun and paid for, one line each.

    Args:
        handles: Of the jobs, as `resume_media` takes them.
        base_url: Where they were sent; None: where they usually go. One that holds a password is not repeated.
    """
    place = "" if base_url is None or "@" in base_url else f" --base-url {shlex.quote(base_url)}"
    for handle in handles:
        job = shlex.quote(json.dumps(handle, ensure_ascii=False))
        notice(f"if the job goes on at {handle['provider']}: {PROGRAM} media{place} --resume {job}")
