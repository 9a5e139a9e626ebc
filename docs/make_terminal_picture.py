"""Draws ``docs/terminal.svg``: the real renderer over a real stream of the simulator.

Run it from the top of the repository: ``python docs/make_terminal_picture.py``.
"""

from __future__ import annotations

import asyncio
import io
import re
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

from massgen_stream.backend import ChunkStream, LLMBackend, create_backend
from massgen_stream.cli.render import render
from massgen_stream.simulator import Simulator, call, stall, text, think
from massgen_stream.simulator.scripts import Step

PICTURE = Path(__file__).with_name("terminal.svg")
COMMAND = 'massgen-stream chat --reasoning --tools tools.json "Write a haiku about rivers, and keep it"'
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


async def draw(console: Console) -> None:
    """Show one answer on *console*."""
    async with Simulator(SCRIPT) as simulator:
        backend = create_backend("chatcompletion", base_url=simulator.url("openai"), api_key="any")
        async with backend, ask(backend) as stream:
            await anext(stream)  # opens the connection, so that the picture shows a stream's own times
        async with backend, ask(backend) as stream:
            await render(stream, console)


def ask(backend: LLMBackend) -> ChunkStream:
    """Ask for the answer."""
    return backend.stream_with_tools([{"role": "user", "content": COMMAND}], TOOLS)


def main(place: Path = PICTURE) -> None:
    """Write the picture to *place*."""
    console = Console(file=io.StringIO(), record=True, force_terminal=True, color_system="truecolor", width=96)
    console.print(Text.assemble(("$ ", "bold green"), COMMAND), soft_wrap=True)
    asyncio.run(draw(console))
    picture = console.export_svg(title="massgen-stream", unique_id="terminal")
    place.write_text(without_fonts(picture), encoding="utf-8")


def without_fonts(picture: str) -> str:
    """Return *picture* without the addresses of web fonts: a page that shows it asks no other server."""
    return re.sub(r",\s*url\([^)]*\) format\([^)]*\)", "", picture)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
