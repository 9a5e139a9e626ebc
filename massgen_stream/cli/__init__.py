"""The command line: ``massgen-stream`` and ``python -m massgen_stream``."""

from .program import main as main

__all__ = ["main"]
