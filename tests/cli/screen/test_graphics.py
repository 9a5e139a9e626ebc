"""Which way of showing pictures a terminal has."""

from __future__ import annotations

import pytest

from massgen_stream.cli.screen.graphics import Graphics, graphics_of
from massgen_stream.cli.screen.terminal_answer import Answer


def never() -> Answer | None:
    raise AssertionError


@pytest.mark.parametrize(
    ("answer", "environ", "way"),
    [
        (Answer("kitty(0.26.5)"), {"TERM": "xterm-kitty"}, "kitty"),
        (Answer("ghostty 1.3.1"), {}, "kitty"),
        (Answer("Konsole 22.12.3", sixel=True), {}, "kitty"),
        (Answer("WezTerm 20240203-110809", sixel=True), {}, "iterm"),
        (Answer("iTerm2 3.6.9", sixel=True), {}, "iterm"),
        (Answer("mintty 3.7.0", sixel=True), {}, "iterm"),
        (Answer("XTerm(379)", sixel=True), {}, "sixel"),
        (Answer("foot(1.13.1)", sixel=True), {"TERM": "foot"}, "sixel"),
        (Answer("xterm.js(5.6.0)", sixel=True), {"TERM_PROGRAM": "vscode"}, "sixel"),
        (Answer("", sixel=True), {"WT_SESSION": "a"}, "sixel"),
        (Answer("", sixel=True), {"TERM_PROGRAM": "iTerm.app"}, "iterm"),
        (Answer("", sixel=True), {"LC_TERMINAL": "iTerm2"}, "iterm"),
        (Answer("XTerm(379)"), {"TERM": "xterm-256color"}, "blocks"),
        (Answer("VTE(7600)"), {}, "blocks"),
        (Answer("XTerm(379)"), {"KITTY_WINDOW_ID": "1", "TERM_PROGRAM": "WezTerm"}, "blocks"),
        (Answer(""), {"TERM": "xterm-kitty"}, "blocks"),
    ],
)
def test_what_a_terminal_says_counts(answer: Answer, environ: dict[str, str], way: str) -> None:
    assert graphics_of(environ, lambda: answer) == way


@pytest.mark.parametrize(
    ("environ", "way"),
    [
        ({"TERM": "xterm-kitty"}, "kitty"),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "3"}, "kitty"),
        ({"TERM": "xterm-ghostty"}, "kitty"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "ghostty"}, "kitty"),
        ({"TERM": "wezterm"}, "iterm"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, "iterm"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "iterm"),
        ({"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"}, "iterm"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "mintty"}, "iterm"),
        ({"TERM": "foot"}, "sixel"),
        ({"TERM": "foot-extra"}, "sixel"),
        ({"TERM": "mlterm-256color"}, "sixel"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "vscode"}, "blocks"),
        ({"TERM": "xterm-256color"}, "blocks"),
        ({}, "blocks"),
    ],
)
def test_the_environment_counts_where_nothing_is_said(environ: dict[str, str], way: str) -> None:
    assert graphics_of(environ, lambda: None) == way


@pytest.mark.parametrize(
    "environ",
    [
        {"TERM": "tmux-256color"},
        {"TERM": "screen.xterm-256color"},
        {"TERM": "xterm-kitty", "TMUX": "/tmp/tmux-1/default,1,0", "KITTY_WINDOW_ID": "1"},
        {"TERM": "xterm-kitty", "STY": "1.pts-0.host"},
        {"TERM": "xterm-kitty", "ZELLIJ": "0"},
        {"TERM": "linux"},
        {"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"},
    ],
)
def test_who_would_not_understand_is_not_asked(environ: dict[str, str]) -> None:
    assert graphics_of(environ, never) is Graphics.BLOCKS
