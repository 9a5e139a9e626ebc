"""The pictures of the terminal in the documentation."""

import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
WORDS = {
    "terminal.svg": ["Cold springs find their voice,", "keep_poem", "first chunk"],
    "draw.svg": ["Let me draw a lighthouse", "▀", "generate_media", "a-lighthouse-", "audio/wav", "There you are"],
    "media.svg": ["a lighthouse at dusk", "▀", "40%", "running"],
}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    runpy.run_path(str(DOCS / "make_terminal_picture.py"))["main"](folder)
    return folder


@pytest.mark.parametrize("name", WORDS)
def test_they_are_drawn_from_real_streams(drawn: Path, name: str) -> None:
    for place in (drawn / name, DOCS / name):
        picture = place.read_text("utf-8")
        words = picture.replace("&#160;", " ")
        assert picture.startswith("<svg")
        assert [one for one in WORDS[name] if one not in words] == []
        assert len(picture) < 300_000


def test_there_is_no_other(drawn: Path) -> None:
    assert {path.name for path in drawn.iterdir()} == {path.name for path in DOCS.glob("*.svg")} == set(WORDS)
