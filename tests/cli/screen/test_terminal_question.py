"""Questions to a terminal, which somebody may be typing at."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from massgen_stream.cli.screen.terminal_answer import WHO
from massgen_stream.cli.screen.terminal_question import asked

from ..pty_terminal import KITTY, running

ASK = """
import termios
from massgen_stream.cli.screen import terminal_question as question
from massgen_stream.cli.screen.terminal_answer import WHO
question._PATIENCE = float(sys.argv[1])
before = termios.tcgetattr(0)
heard = question.asked(sys.stdout, WHO)
print("heard", heard, termios.tcgetattr(0) == before, "end")
"""
READ = "print('read', repr(sys.stdin.readline()), 'end')"
BEHIND = """
import os
if os.fork():
    sys.exit(os.wait()[1])
os.setpgid(0, 0)
"""
LEGACY = Path("/proc/sys/dev/tty/legacy_tiocsti")


def test_the_answer_is_heard_unseen_and_all_is_as_before() -> None:
    with running(["30"], code=ASK, answers=KITTY) as terminal:
        assert terminal.end() == 0
    assert terminal.text == f"{WHO.decode()}heard {KITTY[WHO]!r} True end\r\n"


def test_a_silent_terminal_is_not_waited_for() -> None:
    with running(["0.05"], code=ASK) as terminal:
        assert terminal.end() == 0
    assert terminal.text == f"{WHO.decode()}heard b'' True end\r\n"


@pytest.mark.parametrize("typed", [b"ls\n", b"half a li"])
def test_who_has_typed_ahead_is_not_disturbed(typed: bytes) -> None:
    with running(["30"], code=ASK + READ, answers=KITTY, typed=typed) as terminal:
        terminal.read_until(b"heard b'' True end\r\n")
        terminal.type(b"" if typed.endswith(b"\n") else b"ne\n")
        assert terminal.end() == 0
    assert WHO not in terminal.output
    assert f"read {typed.decode() + ('' if typed.endswith(bytes([10])) else 'ne' + chr(10))!r} end" in terminal.text


@pytest.mark.skipif(LEGACY.is_file() and LEGACY.read_text().strip() == "0", reason="this system refuses to put it back")
def test_what_is_typed_meanwhile_is_put_back() -> None:
    answers = {WHO: b"l" + KITTY[WHO][:19] + b"s" + KITTY[WHO][19:]}
    with running(["30"], code=ASK + READ, answers=answers) as terminal:
        terminal.read_until(b"True end\r\n")
        terminal.type(b"\n")
        assert terminal.end() == 0
    assert "read 'ls\\n' end" in terminal.text


def test_ctrl_c_leaves_the_terminal_as_it_was() -> None:
    with running(["30"], code=ASK) as terminal:
        before = terminal.settings()
        terminal.read_until(WHO)
        terminal.type(b"\x03")
        assert terminal.end() != 0
        assert terminal.settings() == before
    assert "KeyboardInterrupt" in terminal.text


def test_nobody_is_asked_in_the_background() -> None:
    with running(["30"], code=BEHIND + ASK) as terminal:
        assert terminal.end() == 0
    assert WHO not in terminal.output
    assert "heard b'' True" in terminal.text


def test_what_is_no_terminal_is_not_asked(tmp_path: Path) -> None:
    closed = io.StringIO()
    closed.close()
    with (tmp_path / "out").open("w") as file:
        assert asked(file, WHO) == asked(io.StringIO(), WHO) == asked(closed, WHO) == b""
    assert (tmp_path / "out").read_text() == ""
    reader, writer = os.pipe()
    with os.fdopen(writer, "w") as pipe:
        assert asked(pipe, WHO) == b""
    with os.fdopen(reader) as pipe:
        assert pipe.read() == ""
