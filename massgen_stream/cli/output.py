"""Standard output, whatever it is."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from ..errors import ConfigurationError


def require_output() -> None:
    """Check that there is a standard output.

    Raises:
        ConfigurationError: The caller has closed it.
    """
    if sys.stdout is None:
        raise ConfigurationError("standard output is closed")


def accept_any_text() -> None:
    """Let an output whose encoding knows fewer characters show ``?`` for the others; printing them would fail."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")


def write_output(data: bytes) -> None:
    """Write *data* to standard output, behind whatever text was printed there, and let it go at once.

    Raises:
        ConfigurationError: Standard output is closed.
        OSError: It cannot be written; `BrokenPipeError` when its reader is gone.
    """
    require_output()
    if hasattr(sys.stdout, "buffer"):
        sys.stdout.buffer.write(data)
    else:  # replaced by a text file, as contextlib.redirect_stdout does
        sys.stdout.write(data.decode("utf-8"))
    sys.stdout.flush()


def flush_output() -> None:
    """Write what is still buffered, so that a full disk or a gone reader is noticed here."""
    if sys.stdout is not None:
        sys.stdout.flush()


def abandon_output() -> None:
    """Let what is still buffered vanish; the interpreter would complain about it when it ends.

    The way is the one that https://docs.python.org/3/library/signal.html#note-on-sigpipe recommends.
    """
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
