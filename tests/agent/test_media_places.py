"""Files and media that a model names: those in some folders, and addresses of media."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from massgen_stream.agent.media_places import Medium, Places, medium_schema


def test_what_may_be_read(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    places = Places([one, other])
    for folder in (one, other):
        assert places.read(Path, str(folder / "a.png")) == folder / "a.png"
        assert str(places.read(Medium, str(folder / "a.png"))) == str(folder / "a.png")
    for address in ("https://example.org/a.png", "HTTP://example.org/a.png", "data:image/png;base64,AA=="):
        assert str(places.read(Medium, address)) == address


@pytest.mark.parametrize("kind", [Path, Medium])
@pytest.mark.parametrize("value", ["/etc/passwd", "../a.png", "one/../../a", "s3://a/b", "a\0b", "", None, 1, {}, []])
def test_what_may_not(kind: type, value: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=r"Expected a path|is not in a folder that may be read: "):
        Places([tmp_path]).read(kind, value)


def test_without_a_folder_nothing_may_be_read() -> None:
    with pytest.raises(ValueError, match="a folder that may be read: none"):
        Places([]).read(Path, "a.png")


def test_an_address_is_no_path(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is not in a folder"):
        Places([tmp_path]).read(Path, "https://example.org/a.png")


def test_a_loop_of_links_is_in_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(ValueError, match="is not in a folder"):
        Places([tmp_path]).read(Path, str(tmp_path / "a" / "c.png"))


def test_other_types_are_not_known(tmp_path: Path) -> None:
    with pytest.raises(NotImplementedError):
        Places([tmp_path]).read(bytes, "a")
    with pytest.raises(NotImplementedError):
        medium_schema(bytes)
    assert medium_schema(Path) == medium_schema(Medium) == {"type": "string"}
