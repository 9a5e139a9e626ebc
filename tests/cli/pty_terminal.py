"""A terminal that a program runs in: it answers questions, and types."""

from __future__ import annotations

import errno
import fcntl
import os
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from massgen_stream.cli.screen.terminal_answer import SIXELS, WHO

from .commands import environment

COLUMNS: Final = 80
ROWS: Final = 40
_MAIN: Final = "import fcntl, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
PROGRAM: Final = "from massgen_stream.cli import main; sys.exit(main(sys.argv[1:]))"
KITTY: Final = {WHO: b"\x1bP>|kitty(0.26.5)\x1b\\\x1b[?62;c"}
XTERM: Final = {
    WHO: b"\x1bP>|XTerm(379)\x1b\\\x1b[?63;1;2;4;6;9;15;16;22;29c",
    SIXELS: b"\x1b[?1;0;16S\x1b[6;16;8t\x1b[?63;1;2;4;6;9;15;16;22;29c",
}


class PtyTerminal:
    """What a person has in front of them.

    Attributes:
        output: What the program has written.
    """

    def __init__(self, process: subprocess.Popen[bytes], master: int, answers: Mapping[bytes, bytes]) -> None:
        self.output = b""
        self.process = process
        self._master, self._answers = master, dict(answers)

    def type(self, keys: bytes) -> None:
        os.write(self._master, keys)

    def read_until(self, wanted: bytes) -> None:
        """Read, and answer, until *wanted* was written."""
        start = len(self.output)
        while wanted not in self.output[max(0, start - len(wanted)) :]:
            assert self._read(), f"ended without {wanted!r}: {self.output[-300:]!r}"

    def end(self) -> int:
        """Read to the end, and return the exit code."""
        while self._read():
            pass
        return self.process.wait(30)

    def settings(self) -> list[Any]:
        return termios.tcgetattr(self._master)

    @property
    def text(self) -> str:
        return self.output.decode()

    def _read(self) -> bool:
        try:
            piece = os.read(self._master, 65536)
        except OSError as problem:
            if problem.errno != errno.EIO:  # the program has closed it
                raise
            return False
        self.output += piece
        for question, answer in list(self._answers.items()):
            if question in self.output:
                del self._answers[question]
                os.write(self._master, answer)
        return bool(piece)


@contextmanager
def running(
    words: Sequence[str],
    *,
    answers: Mapping[bytes, bytes] | None = None,
    code: str = PROGRAM,
    typed: bytes = b"",
    cell: tuple[int, int] = (8, 16),
    cwd: Path | None = None,
    **variables: str,
) -> Iterator[PtyTerminal]:
    """Run *code* in a terminal of 80 to 40 cells; it is killed at the latest at the end of the block."""
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, COLUMNS * cell[0], ROWS * cell[1]))
    os.write(master, typed)
    known = {"TERM": "xterm-256color", "COLORTERM": "truecolor"} | variables
    outer = ("TMUX", "STY", "ZELLIJ", "KITTY_WINDOW_ID", "TERM_PROGRAM", "LC_TERMINAL", "NO_COLOR", "COLUMNS", "LINES")
    kept = {name: value for name, value in environment().items() if name not in outer}
    words = [sys.executable, "-c", _MAIN + code, *words]
    process = subprocess.Popen(
        words, stdin=slave, stdout=slave, stderr=slave, env=kept | known, start_new_session=True, cwd=cwd
    )
    os.close(slave)
    try:
        yield PtyTerminal(process, master, answers or {})
    finally:
        process.kill()
        process.wait(30)
        os.close(master)
