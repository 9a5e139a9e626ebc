"""Which files are what somebody who was killed left behind, and which are not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from massgen_stream.media.part_files import ABANDONED_SECONDS, hold, new_part, sweep_once, sweep_parts

from .running import names

NOW = 1_800_000_000.0


def left(folder: Path, name: str, age: float) -> Path:
    path = folder / name
    path.write_bytes(b"x")
    os.utime(path, (NOW - age, NOW - age))
    return path


def test_only_what_is_ours_and_old_is_removed(tmp_path: Path) -> None:
    for name in ("a.part", ".a.part", ".new.0123.part", ".new.0123456789abcdeg.part", "new.0123456789abcdef.part"):
        left(tmp_path, name, 9 * ABANDONED_SECONDS)
    spared = names(tmp_path)
    left(tmp_path, new_part(tmp_path, "x" * 99).name, ABANDONED_SECONDS + 1)
    left(tmp_path, new_part(tmp_path, "new").name, ABANDONED_SECONDS + 1)
    young = left(tmp_path, new_part(tmp_path, "new").name, ABANDONED_SECONDS - 1)
    sweep_parts(tmp_path, NOW - ABANDONED_SECONDS)
    assert names(tmp_path) == sorted([*spared, young.name])


def test_what_somebody_holds_stays(tmp_path: Path) -> None:
    part = left(tmp_path, new_part(tmp_path, "new").name, 9 * ABANDONED_SECONDS)
    with part.open("r+b") as file:
        assert hold(file)
        sweep_parts(tmp_path, NOW)
        assert part.exists()
    sweep_parts(tmp_path, NOW)
    assert not part.exists()


def test_folders_and_links_stay(tmp_path: Path) -> None:
    folder, link = new_part(tmp_path, "new"), new_part(tmp_path, "new")
    target = left(tmp_path, "target", 9 * ABANDONED_SECONDS)
    link.symlink_to(target)
    folder.mkdir()
    sweep_parts(tmp_path, NOW + ABANDONED_SECONDS)
    assert (folder.exists(), link.exists(), target.exists()) == (True, True, True)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    sweep_parts(tmp_path / "none", NOW)


def test_a_folder_is_looked_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    monkeypatch.setattr("massgen_stream.media.part_files.sweep_parts", lambda folder, _: asked.append(folder))
    for _ in range(3):
        sweep_once(tmp_path)
    assert asked == [tmp_path]
