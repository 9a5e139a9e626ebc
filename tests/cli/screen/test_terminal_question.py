"""Questions to a terminal, which somebody may be typing at."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import IO

import pytest

from massgen_stream.cli.screen.terminal_answer import WHO
from massgen_stream.cli.screen.terminal_question import Questions

from ..pty_terminal import KITTY, running

ASK = """
import termios
from massgen_stream.cli.screen import terminal_question as question
from massgen_stream.cli.screen.terminal_answer import WHO
question._PATIENCE = float(sys.argv[1])
before = termios.tcgetattr(0)
questions = question.Questions(sys.stdout)
heard = questions.asked(WHO)
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
PUTS_BACK = not LEGACY.is_file() or LEGACY.read_text().strip() != "0"


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


@pytest.mark.skipif(not PUTS_BACK, reason="this system refuses to put it back")
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


def heard(file: IO[str]) -> bytes:
    questions = Questions(file)
    found = questions.asked(WHO)
    questions.close()
    return found


CLOSE = """
question._LONG_PATIENCE = float(sys.argv[2])
questions.close()
questions.close()
print("closed", termios.tcgetattr(0) == before, "end")
"""
ASK_AGAIN = """
print("again", questions.asked(b"?" + WHO), "end")
"""


@pytest.mark.parametrize("before", [b"", b"l"])
def test_what_is_answered_late_is_taken_away(before: bytes) -> None:
    with running(["0.05", "30"], code=ASK + CLOSE + READ) as terminal:
        terminal.read_until(b"heard b'' True end\r\n")
        if before and not PUTS_BACK:
            pytest.skip("this system refuses to put it back")
        terminal.type(before + KITTY[WHO])
        terminal.read_until(b"closed True end\r\n")
        terminal.type(b"s\n")
        assert terminal.end() == 0
    assert f"read {(before + b's').decode()!r}"[:-1] in terminal.text


def test_a_late_answer_counts_for_the_question_after_it() -> None:
    with running(["0.05", "0"], code=ASK + "input(); question._PATIENCE = 30" + ASK_AGAIN + CLOSE + READ) as terminal:
        terminal.read_until(b"heard b'' True end\r\n")
        terminal.type(b"\n" + KITTY[WHO])
        terminal.read_until(b"?" + WHO)
        terminal.type(KITTY[WHO])
        terminal.read_until(b"closed True end\r\n")
        terminal.type(b"s\n")
        assert terminal.end() == 0
    assert f"again {KITTY[WHO] * 2!r} end" in terminal.text
    assert "read 's\\n' end" in terminal.text


def test_a_terminal_that_stays_silent_is_not_waited_for_at_the_end() -> None:
    with running(["0.05", "0.06"], code=ASK + CLOSE) as terminal:
        assert terminal.end() == 0
    assert terminal.text.endswith("closed True end\r\n")


def test_what_is_no_terminal_is_not_asked(tmp_path: Path) -> None:
    closed = io.StringIO()
    closed.close()
    with (tmp_path / "out").open("w") as file:
        assert heard(file) == heard(io.StringIO()) == heard(closed) == b""
    assert (tmp_path / "out").read_text() == ""
    reader, writer = os.pipe()
    with os.fdopen(writer, "w") as pipe:
        assert heard(pipe) == b""
    with os.fdopen(reader) as pipe:
        assert pipe.read() == ""
