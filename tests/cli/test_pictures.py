"""Pictures in the terminal, as a person would see them: the program runs in one that has graphics, or none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from massgen_stream.cli.screen.terminal_answer import SIXELS, WHO

from .commands import run, run_here
from .pty_terminal import COLUMNS, KITTY, ROWS, XTERM, running
from .screen.graphics_screen import CELL, GraphicsScreen

MEDIA = ("media", "a lighthouse at dusk", "--provider", "local", "--output", "a.png", "--option", "size=160x96")
CHAT = ("chat", "--provider", "simulator", "draw a lighthouse")


def seen(text: str, *, torn: bool = False, cell: tuple[int, int] = CELL) -> GraphicsScreen:
    found = GraphicsScreen(COLUMNS, ROWS, torn=torn, cell=cell)
    found.feed(text)
    return found


@pytest.mark.parametrize(
    ("answers", "protocol", "begun"), [(KITTY, "kitty", b"\x1b_Ga=T"), (XTERM, "sixel", b"\x1bP0;1;0q")]
)
def test_the_terminal_is_asked_and_gets_what_it_can_show(
    tmp_path: Path, answers: dict[bytes, bytes], protocol: str, begun: bytes
) -> None:
    with running([*MEDIA, "--option", "size=480x320"], answers=answers, cell=(10, 20), cwd=tmp_path) as terminal:
        before = terminal.settings()
        terminal.read_until(begun)
        terminal.type(b"typed in the middle of a picture")
        assert terminal.end() == 0
        assert terminal.settings() == before
    screen = seen(terminal.text, cell=(10, 20))
    (picture,) = screen.pictures
    assert (picture.protocol, picture.columns, picture.rows) == (protocol, 48, 16)
    assert picture.image.convert("RGB").getpixel((5, 5)) == pytest.approx((37, 33, 79), abs=9)
    lines = screen.lines
    assert lines[0] == "massgen-stream: local makes it with sketch"
    assert lines[picture.row + picture.rows].startswith("◆ image  image/png, 480×320, ")
    assert lines[-1] == "a.png"
    assert not screen.text.cursor.hidden
    assert terminal.output.count(WHO) == 1
    assert terminal.output.count(SIXELS) == (protocol == "sixel")
    assert len(re.findall(r"\x1b_Ga=T|\x1bP0;1;0q", terminal.text)) == 5  # four previews, and what came of them


def test_inside_of_tmux_nothing_is_asked(tmp_path: Path) -> None:
    with running(MEDIA, answers=KITTY, cwd=tmp_path, TMUX="/tmp/tmux-0/default,1,0", TERM="tmux-256color") as terminal:
        assert terminal.end() == 0
    screen = seen(terminal.text)
    assert WHO not in terminal.output
    assert screen.pictures == []
    assert any("▀" in line for line in screen.lines)


def test_a_chat_shows_them_too(tmp_path: Path) -> None:
    with running(CHAT, answers=KITTY, cwd=tmp_path) as terminal:
        assert terminal.end() == 0
    screen = seen(terminal.text)
    (picture,) = screen.pictures
    assert picture.protocol == "kitty"
    assert screen.lines[picture.row + picture.rows].startswith("◆ image  image/png, ")


@pytest.mark.parametrize(
    ("answers", "begun", "times"), [(KITTY, b"\x1b_Ga=T", 1), (KITTY, b"\x1b_Ga=T", 2), (XTERM, b"\x1bP0;1;0q", 1)]
)
def test_ctrl_c_leaves_a_sane_terminal(tmp_path: Path, answers: dict[bytes, bytes], begun: bytes, times: int) -> None:
    with running([*MEDIA, "--option", "size=768x512"], answers=answers, cwd=tmp_path) as terminal:
        before = terminal.settings()
        terminal.read_until(begun)
        for _ in range(times):
            terminal.type(b"\x03")
        assert terminal.end() != 0
        assert terminal.settings() == before
    screen = seen(terminal.text, torn=times > 1)
    assert screen.pictures == []
    assert not screen.text.cursor.hidden
    assert "cancelled" in "".join(screen.lines[1:])
    assert len(screen.lines) < 5
    assert "\x1b[?2026h" not in terminal.text.rpartition("\x1b[?2026l")[2]
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_gets_nothing_of_it(tmp_path: Path) -> None:
    ran = run(*MEDIA, "--pictures", "kitty", cwd=tmp_path, TERM="xterm-kitty", KITTY_WINDOW_ID="1")
    assert (ran.code, ran.out) == (0, "a.png\n")
    assert "\x1b" not in ran.err


@pytest.mark.parametrize("command", [MEDIA, CHAT])
def test_wrong_words(capsys: pytest.CaptureFixture[str], command: tuple[str, ...]) -> None:
    ran = run_here(capsys, *command, "--pictures", "ascii")
    assert ran.code == 2
    assert "invalid choice: 'ascii'" in ran.err
