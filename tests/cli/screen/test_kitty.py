"""kitty's escape codes, taken apart again."""

from __future__ import annotations

import re
from base64 import b64decode

import pytest

from massgen_stream.cli.screen.kitty import kitty, kitty_removal

from .graphics_screen import pieces


@pytest.mark.parametrize("size", [1, 3071, 3072, 3073, 6144, 100_001])
def test_a_picture_comes_whole_and_in_pieces(size: int) -> None:
    png = bytes(index * 7 % 256 for index in range(size))
    codes = re.findall(r"\x1b_G.*?\x1b\\", kitty(png, 77, 30, 12))
    assert "".join(codes) == kitty(png, 77, 30, 12)
    (first, _), *rest = parts = [pieces(code) for code in codes]
    assert b64decode("".join(payload for _, payload in parts)) == png
    assert {"a": "T", "f": "100", "i": "77", "c": "30", "r": "12", "C": "1"}.items() <= first.items()
    assert [keys["m"] for keys, _ in parts] == ["1"] * (len(parts) - 1) + ["0"]
    assert {keys["q"] for keys, _ in parts} == {"2"}
    assert all(set(keys) == {"m", "q"} for keys, _ in rest)
    assert all(len(payload) % 4 == 0 for _, payload in parts)


def test_it_is_forgotten_by_its_number() -> None:
    assert pieces(kitty_removal(77)) == ({"a": "d", "d": "I", "i": "77", "q": "2"}, "")
