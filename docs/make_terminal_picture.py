"""Draws the pictures of the terminal in this folder: the real renderer over real streams, nothing of them made up.

Run it from the top of the repository: ``python docs/make_terminal_picture.py``, with a folder to draw them elsewhere.
What was written is given to a terminal emulator: a picture shows what a person sees, not all that was ever there.
"""

from __future__ import annotations

import asyncio
import io
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, chdir
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import pyte
from rich.color import Color
from rich.console import Console
from rich.style import Style
from rich.text import Text

from massgen_stream import Agent, ChunkStream, LLMBackend, MediaTool, create_backend, generate_media
from massgen_stream.cli.render import Renderer, times_of
from massgen_stream.simulator import Simulator, call, stall, text, think
from massgen_stream.simulator.scripts import Step

DOCS: Final = Path(__file__).parent
COMMAND = 'massgen-stream chat --reasoning --tools tools.json "Write a haiku about rivers, and keep it"'
DRAW = 'massgen-stream chat "draw a lighthouse and read me a line about it"'
MEDIA = 'massgen-stream media "a lighthouse at dusk" --mode image --out ./out'
TOOLS = [{"name": "keep_poem", "description": "Keep a poem", "parameters": {"type": "object", "properties": {}}}]
SCRIPT: list[Step] = [
    stall(0.18),
    think("Five, seven, five syllables. "),
    think("Water, movement, an ending that stays open.\n"),
    think("Then keep it, as I was asked to.\n"),
    text("Cold springs find their voice,\n"),
    text("stone by stone they learn to bend —\n"),
    text("the sea knows their name.\n"),
    stall(0.4),
    call("keep_poem", {"title": "Rivers", "tags": ["haiku", "water"]}),
]
_DIM: Final = re.compile(r"\x1b\[2(?=[;m])")
_GREY: Final = "\x1b[38;2;130;130;130"
_STEP: Final = 6
"""Colours this close are one, which makes a drawing a tenth of its size."""


@asynccontextmanager
async def model(script: list[Step] | None = None) -> AsyncIterator[LLMBackend]:
    """Start a simulator, and open its connection, so that the picture shows a stream's own times."""
    async with Simulator(script) as simulator:
        backend = create_backend("chatcompletion", base_url=simulator.url("openai"), api_key="any")
        async with backend:
            async with backend.stream_with_tools([{"role": "user", "content": "Hello"}]) as first:
                await anext(first)
            yield backend


async def answer(console: Console) -> None:
    """Show an answer with reasoning and a call."""
    async with model(SCRIPT) as backend:
        await shown(backend.stream_with_tools([{"role": "user", "content": COMMAND}], TOOLS), console)


async def drawing(console: Console) -> None:
    """Show what a newcomer sees first."""
    async with model() as backend:
        await shown(Agent(backend, [MediaTool(environ={})]).run(DRAW.split('"')[1]), console)


async def making(console: Console) -> None:
    """Show a picture in the making: an early preview."""
    await shown(generate_media(MEDIA.split('"')[1], backend_type="local", output_dir="out"), console, previews=2)


async def shown(stream: ChunkStream, console: Console, previews: int | None = None) -> None:
    """Show a stream, to its end or until so many previews have come."""
    renderer = Renderer(console, animate=False)
    async with stream:
        async for chunk in stream:
            renderer.feed(chunk)
            is_preview = getattr(chunk, "partial_kind", None) == "preview"
            if previews is not None and is_preview and not (previews := previews - 1):
                return
    renderer.close(times_of(stream))


PICTURES: Final[dict[str, tuple[str, Callable[[Console], Awaitable[None]], int]]] = {
    "terminal.svg": (COMMAND, answer, 40),
    "draw.svg": (DRAW, drawing, 30),
    "media.svg": (MEDIA, making, 30),
}
"""By name of the file: the command, what it shows, and the height of the terminal."""


def main(folder: Path = DOCS) -> None:
    """Write all pictures into *folder*."""
    for name, (command, show, height) in PICTURES.items():
        console = Console(
            file=io.StringIO(), force_terminal=True, color_system="truecolor", width=96, height=height, _environ={}
        )
        console.print(Text.assemble(("$ ", "bold green"), command), soft_wrap=True)
        with tempfile.TemporaryDirectory() as place, chdir(place):
            asyncio.run(show(console))
        picture = picture_of(console).export_svg(title="massgen-stream", unique_id=name.removesuffix(".svg"))
        (folder / name).write_text(without_fonts(picture), encoding="utf-8")


def picture_of(console: Console) -> Console:
    """Return a console with what a person sees on *console* at last."""
    screen = pyte.Screen(console.width, 200)
    file: Any = console.file
    pyte.Stream(screen).feed(_DIM.sub(_GREY, file.getvalue()).replace("\n", "\r\n"))
    drawn = Console(file=io.StringIO(), record=True, force_terminal=True, color_system="truecolor", width=console.width)
    used = max(row for row in range(screen.lines) if screen.display[row].strip())
    for row in range(used + 1):
        cells = (screen.buffer[row][column] for column in range(screen.columns))
        runs = groupby(cells, key=style_of)
        line = Text.assemble(*(("".join(cell.data for cell in run), style) for style, run in runs))
        line.rstrip()
        drawn.print(line, soft_wrap=True)
    return drawn


def style_of(cell: pyte.screens.Char) -> Style:
    """Return the style of a cell of the emulator."""
    return Style(color=colour(cell.fg), bgcolor=colour(cell.bg), bold=cell.bold, italic=cell.italics)


def colour(name: str) -> Color | None:
    """Return a colour of the emulator: a name of its own, or six hexadecimal digits."""
    if name == "default":
        return None
    if re.fullmatch("[0-9a-f]{6}", name):
        return Color.from_rgb(*(round(byte / _STEP) * _STEP % 256 for byte in bytes.fromhex(name)))
    return Color.parse({"brown": "yellow"}.get(name, name).replace("bright", "bright_"))


def without_fonts(picture: str) -> str:
    """Return *picture* without the addresses of web fonts: a page that shows it asks no other server."""
    return re.sub(r",\s*url\([^)]*\) format\([^)]*\)", "", picture)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
