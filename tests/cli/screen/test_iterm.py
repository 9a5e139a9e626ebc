"""Inline images, taken apart again."""

from __future__ import annotations

import io

from PIL import Image

from massgen_stream.cli.screen.iterm import iterm

from .graphics_screen import inline


def test_a_picture_comes_whole_with_its_size_in_cells() -> None:
    out = io.BytesIO()
    drawn = Image.effect_noise((40, 30), 90)
    drawn.save(out, "PNG")
    keys, found = inline(iterm(out.getvalue(), 5, 2))
    assert (keys["width"], keys["height"], keys["preserveAspectRatio"]) == ("5", "2", "1")
    assert found.tobytes() == drawn.tobytes()
