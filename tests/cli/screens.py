"""Consoles that remember, and a terminal that obeys like a real one."""

import io

import pyte
from rich.console import Console

from massgen_stream.cli.render import Renderer, Times
from massgen_stream.stream_chunk.base import BaseStreamChunk


def terminal(width: int = 100, height: int = 40) -> Console:
    return Console(
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        width=width,
        height=height,
        legacy_windows=False,
    )


def pipe() -> Console:
    return Console(file=io.StringIO(), force_terminal=False, width=60)


def written(console: Console) -> str:
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def screen(console: Console) -> pyte.Screen:
    """What a person sees after everything that was written."""
    shown = pyte.Screen(console.width, console.height)
    pyte.Stream(shown).feed(written(console).replace("\n", "\r\n"))
    return shown


def rows(console: Console) -> list[str]:
    """The lines a person sees, without the empty ones at the bottom."""
    return "\n".join(row.rstrip() for row in screen(console).display).rstrip().split("\n")


def shown(*chunks: BaseStreamChunk, console: Console | None = None, times: Times | None = None) -> list[str]:
    """The lines that a person sees of *chunks*."""
    console = console or terminal()
    with Renderer(console, animate=False) as renderer:
        for chunk in chunks:
            renderer.feed(chunk)
        renderer.close(times)
    return rows(console)


def piped(*chunks: BaseStreamChunk) -> tuple[str, str]:
    """What *chunks* write to standard output, and to standard error."""
    answer, aside = pipe(), pipe()
    with Renderer(answer, aside=aside) as renderer:
        for chunk in chunks:
            renderer.feed(chunk)
    return written(answer), written(aside)
