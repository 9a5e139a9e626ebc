"""Pictures on a terminal: half blocks where they can be seen, and nothing anywhere else."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from rich.console import Console

from massgen_stream.cli.render import Renderer
from massgen_stream.cli.screen.picture import Pictures, drawn
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.multimodal import MultimodalStreamChunk
from massgen_stream.stream_chunk.narrow import content, media, media_progress

from ..screens import pipe, rows, screen, shown, terminal, written

HALF = "▀"


def coded(colour: tuple[int, ...] = (200, 30, 40), size: tuple[int, int] = (60, 40), form: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGBA" if len(colour) == 4 else "RGB", size, colour).save(out, form)
    return out.getvalue()


def image(data: bytes, *, preview: bool = False) -> MultimodalStreamChunk:
    partial = {"is_partial": True, "partial_kind": "preview"} if preview else {}
    return media("m", "image", media_data=data, media_encoding="binary", **partial)  # type: ignore[arg-type]


def cells(console: Console) -> list[tuple[str, str]]:
    """The colours of the upper and the lower half of every cell that has them."""
    found = screen(console)
    return [
        (cell.fg, cell.bg) for row in range(found.lines) for cell in found.buffer[row].values() if cell.data == HALF
    ]


def test_a_picture_fills_its_cells_with_its_colours() -> None:
    console = terminal(60, 30)
    assert shown(image(coded()), console=console)[-1] == "◆ image  123 B".replace("123", str(len(coded())))
    found = cells(console)
    assert set(found) == {("c81e28", "c81e28")}
    assert len(found) == 45 * 15  # 60x40 in at most 58 columns and 15 rows of two pixels


def test_two_pixels_are_one_cell() -> None:
    out = io.BytesIO()
    picture = Image.new("RGB", (2, 3), (0, 0, 255))
    picture.putpixel((0, 0), (255, 0, 0))
    picture.save(out, "PNG")
    found = drawn(out.getvalue(), 10, 10)
    assert found is not None
    assert [[str(cell.style) for cell in line] for line in found.lines] == [
        ["#ff0000 on #0000ff", "#0000ff on #0000ff"],
        ["#0000ff on #0000ff", "#0000ff on #0000ff"],
    ]


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_the_usual_formats(form: str) -> None:
    assert drawn(coded(form=form), 20, 20) is not None


def test_what_is_transparent_is_dark() -> None:
    found = drawn(coded((255, 255, 255, 0), (2, 2)), 4, 4)
    assert found is not None
    assert str(found.lines[0][0].style) == "#181818 on #181818"


@pytest.mark.parametrize("data", [b"", b"no picture", coded()[:60], coded(form="TIFF"), b"%!PS-Adobe-3.0 EPSF-3.0\n"])
def test_what_cannot_be_read_is_a_line_alone(data: bytes) -> None:
    console = terminal()
    (line,) = shown(image(data), console=console)
    assert line.startswith("◆ image  ")
    assert HALF not in written(console)


def test_a_bomb_is_a_line_alone() -> None:
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    assert drawn(out.getvalue(), 20, 20) is None


def test_previews_replace_each_other_and_the_picture_stays() -> None:
    console = terminal(40, 20)
    renderer = Renderer(console, animate=False)
    renderer.feed(content("Here:"))
    renderer.feed(media_progress("m", progress_percentage=10, media_type="image"))
    renderer.feed(image(coded((10, 10, 10)), preview=True))
    assert set(cells(console)) == {("0a0a0a", "0a0a0a")}
    renderer.feed(media_progress("m", progress_percentage=60, media_type="image"))
    renderer.feed(image(coded((90, 90, 90)), preview=True))
    assert set(cells(console)) == {("5a5a5a", "5a5a5a")}
    assert "60%" in rows(console)[-1]
    assert not any("preview" in row for row in rows(console))
    renderer.feed(content(" and on."))
    assert cells(console) == []
    renderer.feed(image(coded()))
    renderer.close()
    assert set(cells(console)) == {("c81e28", "c81e28")}
    assert rows(console)[:2] == ["Here:", " and on."]
    assert rows(console)[-1].startswith("◆ image  ")
    assert not screen(console).cursor.hidden


def test_a_picture_in_a_file_is_seen_as_well(tmp_path: Path) -> None:
    place = tmp_path / "a.png"
    place.write_bytes(coded())
    console = terminal()
    assert shown(media("m", "image", path=str(place)), console=console)[-1] == f"◆ image → {place}"
    assert cells(console)
    for path in (str(tmp_path), str(tmp_path / "gone.png"), "a\0b"):
        empty = terminal()
        shown(media("m", "image", path=path), console=empty)
        assert cells(empty) == []


def other(**options: object) -> Console:
    settings = {"file": io.StringIO(), "force_terminal": True, "color_system": "truecolor", "width": 80, "height": 24}
    return Console(**{**settings, **options})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "console",
    [
        pipe(),
        other(no_color=True),
        other(color_system=None),
        other(color_system="standard"),
        other(width=12),
        other(_environ={"TERM": "dumb"}),
        other(file=io.TextIOWrapper(io.BytesIO(), encoding="latin-1", errors="replace")),
    ],
    ids=["pipe", "no colour", "none", "sixteen", "narrow", "dumb", "latin-1"],
)
def test_where_pictures_would_be_garbage_there_are_none(console: Console) -> None:
    assert Pictures(console).of(image(coded())) is None
    chunks: list[BaseStreamChunk] = [image(coded(), preview=True), image(coded())]
    with Renderer(console, aside=console, animate=False) as renderer:
        for chunk in chunks:
            assert renderer.glance(chunk) == 0
            renderer.feed(chunk)
    file = console.file
    text = file.buffer.getvalue().decode("latin-1") if isinstance(file, io.TextIOWrapper) else written(console)
    assert HALF not in text


def test_only_pictures_are_drawn_and_only_previews_take_time(monkeypatch: pytest.MonkeyPatch) -> None:
    console = terminal()
    sound = media("m", "audio", media_data=coded(), media_encoding="binary")
    assert Pictures(console).of(sound) is None
    renderer = Renderer(console)
    assert renderer.glance(image(coded(), preview=True)) > 0
    assert renderer.glance(image(coded())) == renderer.glance(content("a")) == 0
    renderer.close()
    monkeypatch.setattr("massgen_stream.cli.screen.picture.find_spec", lambda _: None)
    assert Pictures(console).of(image(coded())) is None
