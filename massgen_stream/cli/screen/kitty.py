"""kitty's graphics protocol: https://sw.kovidgoyal.net/kitty/graphics-protocol/."""

from __future__ import annotations

from base64 import b64encode
from typing import Final

_PIECE: Final = 4096
"""Longest payload of an escape code, in characters."""


def kitty(png: bytes, number: int, columns: int, rows: int) -> str:
    """Return what draws a PNG at the cursor, over so many cells, in place of what had its *number* before.

    The cursor does not move, and the terminal answers nothing: ``q`` stands in every piece, since kitty forgets it
    (https://github.com/kovidgoyal/kitty/issues/3375).
    """
    data = b64encode(png).decode("ascii")
    pieces = [data[start : start + _PIECE] for start in range(0, len(data), _PIECE)]
    first = f"a=T,f=100,t=d,i={number},p=1,c={columns},r={rows},C=1,"
    last = len(pieces) - 1
    return "".join(
        f"\x1b_G{'' if index else first}q=2,m={int(index < last)};{piece}\x1b\\" for index, piece in enumerate(pieces)
    )


def kitty_removal(number: int) -> str:
    """Return what makes the terminal forget a picture; text that is written over it does not."""
    return f"\x1b_Ga=d,d=I,i={number},q=2\x1b\\"
