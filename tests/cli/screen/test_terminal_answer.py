"""What terminals answer."""

from __future__ import annotations

import pytest

from massgen_stream.cli.screen.cells import Cell
from massgen_stream.cli.screen.terminal_answer import Answer, answer_in, typed_in

XTERM = b"\x1bP>|XTerm(379)\x1b\\\x1b[?63;1;2;4;6;9;15;16;22;29c"


@pytest.mark.parametrize(
    ("heard", "answer"),
    [
        (XTERM, Answer("XTerm(379)", sixel=True)),
        (b"\x1bP>|kitty(0.26.5)\x1b\\\x1b[?62;c", Answer("kitty(0.26.5)")),
        (b"\x1b[?6c", Answer()),
        (b"\x1b[?4;6c", Answer()),  # a VT132: the first number is the kind of terminal
        (b"\x1b[?62;14;40c", Answer()),
        (b"\x1b[?1;0;16S\x1b[6;20;10t\x1b[?62;4c", Answer(sixel=True, colours=16, cell=Cell(10, 20))),
        (b"\x1b[?1;3;0S\x1b[6;0;0t\x1b[?62;4c", Answer(sixel=True)),
        (b"\x1b[?1;1S\x1b[?62;4c", Answer(sixel=True)),
    ],
)
def test_answers(heard: bytes, answer: Answer) -> None:
    assert answer_in(heard) == answer
    assert typed_in(heard) == b""


@pytest.mark.parametrize("heard", [b"", b"\x1bP>|XTerm(379)\x1b\\", XTERM[:-1], b"ls -l\r", b"\x1b[A"])
def test_what_is_not_whole_says_nothing(heard: bytes) -> None:
    assert answer_in(heard) is None


def test_what_was_typed_in_between_is_no_answer() -> None:
    assert typed_in(b"l" + XTERM[:16] + b"s\x1b[A" + XTERM[16:] + b"\r") == b"ls\x1b[A\r"
