"""Sixels, painted again by a decoder that knows nothing of the encoder."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from massgen_stream.cli.screen.sixel import sixel

from .graphics_screen import sixels

EXACT = [(0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 51, 102), (204, 153, 0)]
"""Colours whose parts are whole percentages."""


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(1, 40), st.integers(1, 20))
def test_few_colours_come_back_pixel_by_pixel(data: st.DataObject, width: int, height: int) -> None:
    count = width * height
    numbers = data.draw(st.lists(st.integers(0, len(EXACT) - 1), min_size=count, max_size=count))
    picture = Image.new("RGB", (width, height))
    picture.putdata([EXACT[number] for number in numbers])
    found = sixels(sixel(picture))
    assert found.convert("RGB").tobytes() == picture.tobytes()
    assert found.getchannel("A").getextrema() == (255, 255)


@pytest.mark.parametrize(("colours", "off"), [(256, 6), (16, 25), (2, 110)])
def test_many_colours_come_near(colours: int, off: float) -> None:
    shades = [Image.linear_gradient("L").resize((90, 61)), Image.radial_gradient("L").resize((90, 61))]
    picture = Image.merge("RGB", (*shades, shades[0].rotate(180)))
    code = sixel(picture, colours)
    assert 1 < len(re.findall(r"#\d+;2;", code)) <= colours
    found = sixels(code).convert("RGB")
    smooth = [image.resize((9, 6), Image.Resampling.BOX) for image in (picture, found)]
    assert max(ImageStat.Stat(ImageChops.difference(*smooth)).mean) < off


def test_what_repeats_is_counted() -> None:
    assert sixel(Image.new("RGB", (500, 6), (255, 0, 0))) == '\x1bP0;1;0q"1;1;500;6#0;2;100;0;0#0!500~\x1b\\'


@pytest.mark.parametrize(("given", "most"), [(None, 256), (1024, 256), (1, 2)])
def test_registers_are_as_many_as_any_terminal_has(given: int | None, most: int) -> None:
    noise = Image.merge("RGB", [Image.effect_noise((64, 64), 200) for _ in range(3)])
    assert len(re.findall(r"#\d+;2;", sixel(noise, given))) <= most
