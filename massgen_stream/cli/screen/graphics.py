"""Which way of showing pictures a terminal has.

It is known by what it answers, else by the environment. Inside of tmux, screen and Zellij half blocks are all that is
sure to arrive: what stands around the terminal is not what draws it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from .terminal_answer import Answer


class Graphics(StrEnum):
    """A way of showing pictures."""

    KITTY = "kitty"
    ITERM = "iterm"
    SIXEL = "sixel"
    BLOCKS = "blocks"
    OFF = "off"


AUTO: Final = "auto"
CHOICES: Final = (AUTO, *(one.value for one in Graphics))
"""What a person may ask for."""

_INSIDE: Final = ("TMUX", "STY", "ZELLIJ")
_INSIDE_TERMS: Final = ("screen", "tmux")
_MUTE: Final[Mapping[str, tuple[str, ...]]] = {"TERM": ("linux", "dumb"), "TERM_PROGRAM": ("Apple_Terminal",)}
"""Terminals without pictures, which are not even asked."""
_BY_NAME: Final = {
    "kitty": Graphics.KITTY,
    "ghostty": Graphics.KITTY,
    "konsole": Graphics.KITTY,
    "iterm2": Graphics.ITERM,
    "wezterm": Graphics.ITERM,
    "mintty": Graphics.ITERM,
}
"""By what a name begins with. WezTerm has kitty's protocol as well, but keeps to it less: a new picture takes away the
one before (https://github.com/hpjansson/chafa/commit/4bdffef2769308d9a2c2027d69163f4a4f69bd7f)."""
_BY_TERM: Final = {
    "xterm-kitty": Graphics.KITTY,
    "xterm-ghostty": Graphics.KITTY,
    "wezterm": Graphics.ITERM,
    "foot": Graphics.SIXEL,
    "mlterm": Graphics.SIXEL,
}


def graphics_of(environ: Mapping[str, str], ask: Callable[[], Answer | None]) -> Graphics:
    """Return the best way; half blocks where nothing better is known.

    Args:
        environ: The environment.
        ask: Returns what the terminal says of itself; None where it cannot be asked, or is silent.
    """
    if any(environ.get(name) for name in _INSIDE) or environ.get("TERM", "").startswith(_INSIDE_TERMS):
        return Graphics.BLOCKS
    if any(environ.get(variable) in values for variable, values in _MUTE.items()):
        return Graphics.BLOCKS
    answer = ask()
    return _by_environment(environ) if answer is None else _by_answer(answer, environ)


def _by_answer(answer: Answer, environ: Mapping[str, str]) -> Graphics:
    """Return what follows from an answer; the environment may be that of another terminal, which started this one."""
    known = _by_name(answer.name or _program(environ))
    return known or (Graphics.SIXEL if answer.sixel else Graphics.BLOCKS)


def _by_environment(environ: Mapping[str, str]) -> Graphics:
    term = environ.get("TERM", "")
    known = _BY_TERM.get(term) or _BY_TERM.get(term.partition("-")[0]) or _by_name(_program(environ))
    return known or (Graphics.KITTY if environ.get("KITTY_WINDOW_ID") else Graphics.BLOCKS)


def _by_name(name: str) -> Graphics | None:
    return next((way for start, way in _BY_NAME.items() if name.lower().startswith(start)), None)


def _program(environ: Mapping[str, str]) -> str:
    """Return the terminal's name; that of iTerm2 is also in a variable that ssh passes on."""
    program = environ.get("TERM_PROGRAM", "")
    return "iTerm2" if "iTerm2" in (environ.get("LC_TERMINAL"), program.replace(".app", "2")) else program
