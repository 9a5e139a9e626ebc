"""The picture of the terminal in the README."""

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_it_is_drawn_from_a_real_stream(tmp_path: Path) -> None:
    runpy.run_path(str(DOCS / "make_terminal_picture.py"))["main"](tmp_path / "terminal.svg")
    drawn, kept = (place.read_text("utf-8") for place in (tmp_path / "terminal.svg", DOCS / "terminal.svg"))
    for picture in (drawn, kept):
        words = picture.replace("&#160;", " ")
        assert picture.startswith("<svg")
        assert "Cold springs find their voice," in words
        assert "keep_poem" in words
        assert "first chunk" in words
