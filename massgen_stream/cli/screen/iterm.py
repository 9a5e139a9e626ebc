"""Inline images of iTerm2: https://iterm2.com/documentation-images.html."""

from __future__ import annotations

from base64 import b64encode


def iterm(png: bytes, columns: int, rows: int) -> str:
    """Return what draws a PNG at the cursor, within so many cells."""
    data = b64encode(png).decode("ascii")
    return f"\x1b]1337;File=inline=1;size={len(png)};width={columns};height={rows};preserveAspectRatio=1:{data}\x07"
