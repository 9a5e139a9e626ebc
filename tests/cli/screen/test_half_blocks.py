"""Half blocks."""

from __future__ import annotations

from PIL import Image

from massgen_stream.cli.screen.half_blocks import half_blocks


def test_two_pixels_are_one_cell() -> None:
    picture = Image.new("RGB", (2, 3), (0, 0, 255))
    picture.putpixel((0, 0), (255, 0, 0))
    found = half_blocks(picture)
    assert (found.columns, found.rows) == (2, 2)
    assert [(cell.text, str(cell.style)) for cell in found.segments] == [
        ("▀", "#ff0000 on #0000ff"),
        ("▀", "#0000ff on #0000ff"),
        ("\n", "None"),
        ("▀", "#0000ff on #0000ff"),
        ("▀", "#0000ff on #0000ff"),
        ("\n", "None"),
    ]
