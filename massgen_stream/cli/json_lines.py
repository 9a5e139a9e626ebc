"""Chunks on standard output, one JSON document per line."""

from __future__ import annotations

from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.codec_json import encode_json
from .output import write_output
from .times import Times


class JsonLines:
    """Prints every chunk as it comes, also those that are not for display."""

    def wait(self, text: str) -> None:
        """Say nothing: whoever reads JSON Lines waits anyway."""

    async def prepare(self, chunk: BaseStreamChunk) -> None:
        """Do nothing: nothing is drawn."""

    def feed(self, chunk: BaseStreamChunk) -> None:
        """Print the next chunk.

        Raises:
            OSError: Standard output cannot be written.
        """
        write_output(encode_json(chunk) + b"\n")

    def glance(self, chunk: BaseStreamChunk) -> float:  # noqa: ARG002 - as people would look at it
        """Return 0: programs need no time to look."""
        return 0.0

    def close(self, times: Times | None = None) -> None:
        """Do nothing: the last line is the `done` chunk."""
