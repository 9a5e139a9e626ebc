"""``massgen-stream decode``: the bytes of a recorded response become chunks, one JSON document per line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from msgspec.structs import force_setattr

from ..errors import ConfigurationError
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.codec_json import encode_json
from ..stream_chunk.multimodal import MultimodalStreamChunk
from ..stream_chunk.text import TextStreamChunk
from ..wire import PROTOCOLS, decoder
from ..wire.failure import TRUNCATED
from ..wire.sse import DEFAULT_MAX_EVENT_BYTES
from .arguments import Arguments
from .ending import FAILED, finish_code
from .notices import failure, notice
from .output import write_output

if TYPE_CHECKING:
    from ..stream_chunk.grammar import Breach
    from ..stream_chunk.verifier import StreamVerifier

_PIECE_BYTES: Final = 64 * 1024
_UNTOLD: Final = ("other", "incomplete")
"""How a body ends that told no end of its protocol: OpenAI's [DONE] alone says none."""
_EPILOG: Final = """\
The chunks are numbered but not stamped: sequence_number is set, timestamp and stream_id are not.
A cut, corrupt or faulty stream prints what was there, then an error and a done chunk, and the exit code is 1.
"""


def add_arguments(arguments: Arguments) -> None:
    """Declare options and operands."""
    arguments.epilog = _EPILOG
    arguments.add_argument("--protocol", required=True, metavar="NAME", help="wire protocol: " + ", ".join(PROTOCOLS))
    arguments.add_argument("--check", action="store_true", help="report breaches of the grammar on standard error")
    arguments.add_argument(
        "--max-event-bytes",
        type=_size,
        default=DEFAULT_MAX_EVENT_BYTES,
        metavar="N",
        help="largest event that is accepted (default: %(default)s)",
    )
    arguments.add_argument(
        "file", nargs="?", default="-", metavar="FILE", help="recorded bytes; - or none: standard input"
    )


def run(options: argparse.Namespace) -> int:
    """Decode and return the exit code."""
    lines = ChunkLines(options.protocol, check=options.check, max_event_bytes=options.max_event_bytes)
    with _opened(options.file) as source:
        for piece in _pieces(source):
            write_output(lines.feed(piece))
    write_output(lines.close())
    if lines.nothing_there:
        notice(f"nothing in it is an event of {options.protocol}; is it the raw body of a response?")
    return FAILED if lines.failed else 0


class ChunkLines:
    """Turns pieces of a response into lines of JSON, and remembers whether anything was wrong with it.

    Attributes:
        failed: Whether there was an `error` chunk, a bad end, or a breach of the grammar.
    """

    def __init__(self, protocol: str, *, check: bool = False, max_event_bytes: int = DEFAULT_MAX_EVENT_BYTES) -> None:
        self.failed = False
        self._says_something = False
        self._reason: str | None = None
        self._decoder = decoder(protocol, max_event_bytes=max_event_bytes)
        self._verifier = _verifier() if check else None
        self._number = 0

    @property
    def nothing_there(self) -> bool:
        """Whether all that could be told is that the input ended."""
        return self._reason in _UNTOLD and not self._says_something

    def feed(self, piece: bytes) -> bytes:
        """Return the lines that *piece* completes."""
        return self._lines(self._decoder.feed(piece))

    def close(self) -> bytes:
        """Return the lines that the end of the input completes."""
        lines = self._lines(self._decoder.close())
        if self._verifier is not None:
            self._report(self._verifier.close())
        return lines

    def _lines(self, chunks: list[BaseStreamChunk]) -> bytes:
        lines = []
        for chunk in chunks:
            force_setattr(chunk, "sequence_number", self._number)  # ours alone: 140 ns less than a copy
            self._number += 1
            self._judge(chunk)
            lines.append(encode_json(chunk))
        lines.append(b"")
        return b"\n".join(lines)

    def _judge(self, chunk: BaseStreamChunk) -> None:
        self._says_something = self._says_something or says_something(chunk)
        if chunk.type == "done":
            self._reason = getattr(chunk, "finish_reason", None)
            self.failed = self.failed or self.nothing_there or finish_code(self._reason) != 0
        elif chunk.type == "error":
            self.failed = True
        if self._verifier is not None:
            self._report(self._verifier.feed(chunk))

    def _report(self, breaches: list[Breach]) -> None:
        for breach in breaches:
            self.failed = True
            notice(f"chunk {breach.position} breaks {breach.rule}: {breach.message}")


def says_something(chunk: BaseStreamChunk) -> bool:
    """Return whether *chunk* tells more than that a body was there, and ended: some wires take any event for theirs."""
    if isinstance(chunk, TextStreamChunk):
        if chunk.type == "error":
            return (chunk.error_info or {}).get("code") != TRUNCATED
        return chunk.type != "done" and (chunk.type != "start" or bool(chunk.model or chunk.response_id))
    return not (isinstance(chunk, MultimodalStreamChunk) and chunk.is_partial and not chunk.media_data)


def _size(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no size in bytes; use 1 or more")
    return int(text)


def _verifier() -> StreamVerifier:
    from ..stream_chunk.verifier import StreamVerifier  # noqa: PLC0415 - only --check needs it

    # The gate has not passed it; the numbers that we set are checked all the same.
    return StreamVerifier(numbered=False)


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        if sys.stdin is None or sys.stdin.isatty():
            raise ConfigurationError("nothing to decode: name a FILE, or pipe one to standard input")
        yield sys.stdin.buffer
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115 - the try is about opening alone
    except (OSError, ValueError) as problem:  # ValueError: a NUL in the name
        raise ConfigurationError(f"cannot read {name!r}: {getattr(problem, 'strerror', problem)}") from problem
    with file:
        yield file


def _pieces(source: BinaryIO) -> Iterator[bytes]:
    """Yield what there is, as soon as it is there: a pipe may be live."""
    read = getattr(source, "read1", source.read)
    try:
        while piece := read(_PIECE_BYTES):
            yield piece
    except OSError as problem:  # what was read still counts; the decoder calls the rest a cut
        failure(f"cannot read any further: {problem.strerror}")
