"""Pictures that are written while somebody types."""

from __future__ import annotations

import termios

import pytest

from ..pty_terminal import running

PAINT = """
import signal
from rich.console import Console
from rich.segment import Segment
from massgen_stream.cli.screen import stage
from massgen_stream.cli.screen.whole_output import WholeOutput
signal.signal(signal.SIGINT, signal.SIG_IGN)
output = WholeOutput(sys.stdout)
output.hold()
output.hold()
stage.paint(Console(), [Segment("<" + "#" * 200_000 + ">")])
output.release()
output.release()
print("end")
"""


@pytest.mark.parametrize("keys", [b"typed", b"\x03", b"a\x03b\x03"])
def test_a_picture_arrives_whole_whatever_is_typed(keys: bytes) -> None:
    with running([], code=PAINT) as terminal:
        before = terminal.settings()
        terminal.read_until(b"<")
        assert terminal.settings()[3] & (termios.NOFLSH | termios.ECHO) == termios.NOFLSH
        terminal.type(keys)
        assert terminal.end() == 0
        assert terminal.settings() == before
    assert terminal.text == "<" + "#" * 200_000 + ">end\r\n"
