"""The place of a picture."""

from __future__ import annotations

import io
from contextlib import suppress

import pytest
from rich.console import Console
from rich.segment import Segment

from massgen_stream.cli.screen.picture import Picture, painted
from massgen_stream.cli.screen.stage import Stage, at_once, write

from ..screens import rows, terminal, written


def block(letter: str, columns: int, rows: int, removal: str = "") -> Picture:
    return Picture(columns, rows, [Segment((letter * columns + "\n") * rows)], removal)


def below(console: Console, text: str) -> None:
    """Write lines below the picture, and go back to their first."""
    count = text.count("\n")
    console.file.write(f"{text}\x1b[{count}A" if count else text)


def test_one_in_the_place_of_another() -> None:
    console = terminal(40, 20)
    stage = Stage(console)
    console.print("before")
    stage.show(block("a", 10, 4))
    below(console, "bar\n")
    stage.show(block("b", 10, 4))
    assert rows(console) == ["before", *["b" * 10] * 4, "bar"]
    assert "\x1b[J" not in written(console)  # as large: nothing is erased, and nothing flickers
    stage.show(block("c", 5, 2))
    assert rows(console) == ["before", "ccccc", "ccccc"]
    stage.clear()
    stage.clear()
    assert rows(console) == ["before"]


def test_what_has_scrolled_off_stays_and_the_screen_is_used_again() -> None:
    console = terminal(40, 8)
    stage = Stage(console)
    stage.show(block("a", 10, 6))
    below(console, "1\n2\n3\n4\n")
    stage.show(block("b", 10, 2))
    assert rows(console) == ["b" * 10] * 2
    stage.clear()
    assert rows(console) == [""]


def test_after_a_change_of_size_nothing_is_painted_over() -> None:
    console = terminal(40, 20)
    stage = Stage(console)
    stage.show(block("a", 10, 3, "\x1b_Gone\x1b\\"))
    console.width = 60
    stage.show(block("b", 10, 3))
    assert written(console) == ("a" * 10 + "\n") * 3 + ("b" * 10 + "\n") * 3 + "\x1b_Gone\x1b\\"


def test_room_is_made_before_a_picture_is_painted() -> None:
    console = terminal(40, 6)
    console.print("1\n2\n3\n4")
    write(console, painted("#", 10, 4).segments)
    console.print("after", end="")
    assert rows(console) == ["4", "#", "", "", "", "after"]


class _Torn(io.StringIO):
    """A file whose writer is interrupted in the middle."""

    def write(self, text: str) -> int:
        if "\x1b_G" in text:
            super().write(text[:9])
            raise KeyboardInterrupt
        return super().write(text)


@pytest.mark.parametrize(("is_terminal", "end"), [(True, "\x1b\\"), (False, "")])
def test_a_picture_that_is_cut_short_is_ended(is_terminal: bool, end: str) -> None:
    file = _Torn()
    console = Console(file=file, force_terminal=is_terminal, width=40, height=20)
    with pytest.raises(KeyboardInterrupt):
        write(console, [Segment("\x1b_Ga=T,f=100;AAAA\x1b\\")])
    assert file.getvalue() == "\x1b_Ga=T,f=" + end


def test_what_is_held_back_is_let_go_whatever_happens() -> None:
    console = terminal()
    with suppress(ZeroDivisionError), at_once(console):
        console.file.write("a")
        raise ZeroDivisionError
    assert written(console) == "\x1b[?2026ha\x1b[?2026l"
