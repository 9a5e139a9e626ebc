"""Pictures on a terminal: in the way that was asked for, half blocks else, and nothing where there is no terminal."""

from __future__ import annotations

import asyncio
import io
import threading
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image
from rich.console import Console

from massgen_stream.cli.conversation import show
from massgen_stream.cli.json_lines import JsonLines
from massgen_stream.cli.render import Renderer
from massgen_stream.cli.screen.canvas import Canvas
from massgen_stream.cli.screen.graphics import CHOICES
from massgen_stream.cli.screen.image_data import image_within
from massgen_stream.cli.screen.picture import Picture
from massgen_stream.cli.screen.pictures import Pictures
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.multimodal import MultimodalStreamChunk
from massgen_stream.stream_chunk.narrow import content, media, media_progress

from ..screens import pipe, rows, screen, shown, terminal, written
from .graphics_screen import sees

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


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_the_usual_formats(form: str) -> None:
    assert image_within(coded(form=form), 20, 20) is not None


def test_what_is_transparent_is_dark() -> None:
    found = image_within(coded((255, 255, 255, 0), (2, 2)), 4, 4)
    assert found is not None
    assert found.getpixel((0, 0)) == (24, 24, 24)


@pytest.mark.parametrize("wish", CHOICES)
@pytest.mark.parametrize("data", [b"", b"no picture", coded()[:60], coded(form="TIFF"), b"%!PS-Adobe-3.0 EPSF-3.0\n"])
def test_what_cannot_be_read_is_a_line_alone(data: bytes, wish: str) -> None:
    console = terminal()
    with Renderer(console, pictures=wish) as renderer:
        renderer.feed(image(data))
    assert [line[:9] for line in sees(console).lines] == ["◆ image  "]
    assert not sees(console).pictures


@pytest.mark.parametrize(
    "size", [(9000, 9000), (9500, 9500), (14_000, 14_000)]
)  # the second is warned of, the last refused
def test_a_bomb_is_a_line_alone(size: tuple[int, int]) -> None:
    out = io.BytesIO()
    Image.new("1", size).save(out, "PNG")
    assert image_within(out.getvalue(), 20, 20) is None


def test_a_frame_may_be_larger_than_its_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    data = coded(form="GIF", size=(400, 300))
    lying = data[:6] + b"\x09\0\x09\0" + data[10:]
    assert image_within(lying, 20, 20) is not None
    monkeypatch.setattr("massgen_stream.cli.screen.image_data._MOST_PIXELS", 100_000)
    assert image_within(lying, 20, 20) is None


@pytest.mark.anyio
@pytest.mark.parametrize("wish", ["kitty", "iterm", "sixel", "blocks"])
async def test_the_loop_goes_on_while_a_picture_is_drawn(monkeypatch: pytest.MonkeyPatch, wish: str) -> None:
    begun, going, loop = asyncio.Event(), threading.Event(), asyncio.get_running_loop()
    draw = Canvas.picture

    def slow(self: Canvas, chunk: MultimodalStreamChunk) -> Picture | None:
        loop.call_soon_threadsafe(begun.set)
        assert going.wait(20)
        return draw(self, chunk)

    console, chunk = terminal(), image(coded())
    with Renderer(console, animate=False, pictures=wish) as renderer, monkeypatch.context() as patch:
        patch.setattr(Canvas, "picture", slow)
        drawing = asyncio.create_task(renderer.prepare(chunk))
        await begun.wait()
        going.set()
        await drawing
        patch.setattr(Canvas, "picture", None)  # it is drawn
        renderer.feed(chunk)
    assert bool(cells(console)) is (wish == "blocks")
    assert len(sees(console).pictures) == (wish != "blocks")


@pytest.mark.anyio
async def test_only_what_is_shown_is_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    console = terminal()
    monkeypatch.setattr(Canvas, "picture", None)
    segment = replace(image(coded()), is_partial=True, partial_kind="segment")
    hidden = replace(image(coded()), display=False)
    address = media("m", "image", media_data="https://x.y/a.png", media_encoding="url")
    with Renderer(console, pictures="blocks", animate=False) as renderer:
        for chunk in (segment, hidden, address, content("Hi"), media_progress("m", progress_percentage=9)):
            await renderer.prepare(chunk)
            renderer.feed(chunk)


@pytest.mark.anyio
async def test_another_picture_is_not_the_one_that_was_prepared() -> None:
    console = terminal()
    with Renderer(console, pictures="blocks", animate=False) as renderer:
        await renderer.prepare(image(coded((9, 9, 9))))
        renderer.feed(image(coded()))
    assert set(cells(console)) == {("c81e28", "c81e28")}


@pytest.mark.anyio
async def test_who_watches_has_it_prepared_first() -> None:
    done: list[str] = []

    class Watching(JsonLines):
        async def prepare(self, chunk: BaseStreamChunk) -> None:
            done.append(f"prepare {chunk.type}")
            await super().prepare(chunk)

        def feed(self, chunk: BaseStreamChunk) -> None:
            done.append(f"feed {chunk.type}")

    await show(content("a"), Watching())
    assert done == ["prepare content", "feed content"]


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
def test_where_blocks_would_be_garbage_there_are_none(console: Console) -> None:
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
    monkeypatch.setattr("massgen_stream.cli.screen.pictures.find_spec", lambda _: None)
    assert Pictures(console).of(image(coded())) is None


GRAPHICS = ["kitty", "iterm", "sixel"]


def drawn(console: Console, *chunks: BaseStreamChunk, wish: str) -> Renderer:
    renderer = Renderer(console, animate=False, pictures=wish)
    for chunk in chunks:
        renderer.feed(chunk)
    return renderer


@pytest.mark.parametrize("wish", GRAPHICS)
def test_a_picture_in_pixels_stands_above_its_line(wish: str) -> None:
    console = terminal(60, 30)
    drawn(console, content("Here:"), image(coded(size=(640, 320))), content("Done"), wish=wish).close()
    (seen,) = sees(console).pictures
    assert (seen.protocol, seen.row, seen.column, seen.rows) == (wish, 2, 0, 15)
    assert seen.image.size == ((464, 232) if wish == "sixel" else (464, 240))  # 58 columns of 8 pixels, 15 rows of 16
    (colour,) = seen.image.crop((0, 0, 464, 232)).convert("RGB").getcolors() or []
    assert colour[1] in ((200, 30, 40), (199, 31, 41))  # sixels know percentages
    lines = sees(console).lines
    assert (lines[0], lines[17][:9], lines[19]) == ("Here:", "◆ image  ", "Done")


@pytest.mark.parametrize("wish", GRAPHICS)
def test_nothing_is_enlarged_or_stretched(wish: str) -> None:
    console = terminal()
    drawn(console, image(coded(size=(20, 20))), wish=wish).close()
    (seen,) = sees(console).pictures
    assert (seen.columns, seen.rows) == (3, 2)
    assert seen.image.crop((0, 0, 20, 20)).convert("RGB").getcolors() in (
        [(400, (200, 30, 40))],
        [(400, (199, 31, 41))],
    )
    if wish != "sixel":
        assert seen.image.size == (24, 32)
        assert seen.image.getpixel((23, 31)) == (0, 0, 0, 0)


@pytest.mark.parametrize("wish", GRAPHICS)
def test_a_sharper_preview_takes_the_place_of_the_one_before(wish: str) -> None:
    console = terminal(60, 30)
    moves = media_progress("m", progress_percentage=60, media_type="image")
    previews = [image(coded((shade,) * 3, (160, 80)), preview=True) for shade in (10, 90)]
    renderer = drawn(console, content("Here:"), previews[0], moves, previews[1], wish=wish)
    (seen,) = sees(console).pictures
    assert (seen.row, seen.rows) == (1, 5)
    assert seen.image.convert("RGB").getpixel((5, 5)) == pytest.approx((90, 90, 90), abs=2)
    assert "60%" in sees(console).lines[6]
    renderer.feed(image(coded(size=(160, 80))))
    renderer.close()
    (seen,) = sees(console).pictures
    assert (seen.row, seen.rows) == (2, 5)
    assert sees(console).lines[7].startswith("◆ image  ")
    assert not sees(console).text.cursor.hidden


@pytest.mark.parametrize("wish", GRAPHICS)
def test_an_end_in_the_middle_leaves_no_preview(wish: str) -> None:
    console = terminal(60, 30)
    drawn(console, content("Here:"), image(coded(), preview=True), wish=wish).close()
    assert sees(console).pictures == []
    assert sees(console).lines == ["Here:"]


def test_pixels_need_no_colours_of_text() -> None:
    for console in (other(color_system="standard"), other(no_color=True)):
        drawn(console, image(coded()), wish="sixel").close()
        assert len(sees(console).pictures) == 1


@pytest.mark.parametrize("wish", GRAPHICS)
@pytest.mark.parametrize("console", [pipe(), other(width=12), other(_environ={"TERM": "dumb"})], ids=str)
def test_nothing_goes_where_nobody_sees_it(console: Console, wish: str) -> None:
    with Renderer(console, aside=console, animate=False, pictures=wish) as renderer:
        renderer.feed(image(coded(), preview=True))
        renderer.feed(image(coded()))
    assert "\x1b_" not in written(console)
    assert "\x1bP" not in written(console)
    assert "1337" not in written(console)


def test_off_is_off() -> None:
    console = terminal()
    drawn(console, image(coded()), wish="off").close()
    assert cells(console) == []
    assert Pictures(console, "off").can_show is False


class _Tty(io.StringIO):
    """A terminal that cannot be asked."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("file", "no_color", "begins"), [(_Tty, False, "\x1b_Ga=T"), (io.StringIO, False, "▀"), (_Tty, True, None)]
)
def test_what_the_environment_says_counts_on_a_terminal(
    file: type[io.StringIO], no_color: bool, begins: str | None
) -> None:
    console = other(file=file(), no_color=no_color)
    found = Pictures(console, environ={"TERM": "xterm-kitty"}).of(image(coded()))
    assert (found is None) is (begins is None)
    assert found is None or (begins or "") in "".join(segment.text for segment in found.segments)


def test_the_size_of_a_cell_is_asked_for_where_the_system_does_not_know_it(monkeypatch: pytest.MonkeyPatch) -> None:
    told = b"\x1b[?1;0;2S\x1b[6;20;10t\x1b[?62;4c"
    monkeypatch.setattr("massgen_stream.cli.screen.pictures.Questions.asked", lambda *_: told)
    found = Pictures(terminal(), "sixel").of(image(coded(size=(100, 60))))
    assert found is not None
    assert (found.columns, found.rows) == (10, 3)


def test_many_bars_and_a_low_window() -> None:
    console = terminal(60, 9)
    renderer = drawn(console, content("Here:"), image(coded((9, 9, 9)), preview=True), wish="blocks")
    for number in range(5):
        renderer.feed(media_progress(f"m{number}", progress_percentage=10, media_type="image"))
    renderer.feed(image(coded((90, 90, 90)), preview=True))
    assert {colour for pair in cells(console) for colour in pair} == {"5a5a5a"}
    renderer.close()
    assert cells(console) == []


def test_late_answers_are_looked_for_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[bool] = []
    monkeypatch.setattr("massgen_stream.cli.screen.pictures.Questions.close", lambda _: looked.append(True))
    drawn(terminal(), image(coded()), wish="sixel").close()
    assert looked == [True]


def test_the_cursor_comes_back_whatever_interrupts(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    console = terminal()
    renderer = drawn(console, image(coded(), preview=True), wish="blocks")
    monkeypatch.setattr("rich.progress.Progress.stop", interrupted)
    with pytest.raises(KeyboardInterrupt):
        renderer.close()
    assert not screen(console).cursor.hidden
