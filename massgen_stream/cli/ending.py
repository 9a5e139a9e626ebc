"""How a command may end: the exit code of an exception and of a finish reason, and the line that is said about it."""

from __future__ import annotations

import traceback
from typing import Final

from ..errors import MassGenStreamError, MediaError, UsageError
from .notices import failure, notice
from .output import abandon_output

FAILED: Final = 1
WRONG_USAGE: Final = 2
INTERRUPTED: Final = 130
"""128 + SIGINT, as shells say it."""
READER_GONE: Final = 141
"""128 + SIGPIPE, as shells say it."""

_FAILED_STREAMS: Final = ("error", "incomplete", "cancelled")


def finish_code(finish_reason: str | None) -> int:
    """Return the exit code of a stream that ended with *finish_reason*; None is a stream without an end."""
    return FAILED if finish_reason is None or finish_reason in _FAILED_STREAMS else 0


def exit_code(error: BaseException, *, debug: bool = False) -> int:
    """Return the exit code for *error*, and say in one line what it was; with *debug* after its traceback."""
    error = _only(error)
    if isinstance(error, SystemExit):
        return _code_of(error)
    if isinstance(error, BrokenPipeError):
        abandon_output()
        return READER_GONE
    if debug:
        traceback.print_exception(error)
    return _explained(error)


def _explained(error: BaseException) -> int:
    if isinstance(error, KeyboardInterrupt):
        notice("cancelled")
        return INTERRUPTED
    if isinstance(error, MassGenStreamError):
        failure(str(error))
        return WRONG_USAGE if isinstance(error, UsageError | MediaError) else FAILED
    if isinstance(error, OSError) and error.strerror:
        abandon_output()
        failure(f"input or output failed: {error.strerror}")
        return FAILED
    from .bug import described  # noqa: PLC0415 - package metadata is slow to import and almost never needed

    failure(described(error))
    return FAILED


def _only(error: BaseException) -> BaseException:
    """Return the one exception that task groups wrapped."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error


def _code_of(leaving: SystemExit) -> int:
    if isinstance(leaving.code, str):
        failure(leaving.code)
    return leaving.code if isinstance(leaving.code, int) else FAILED if leaving.code else 0
