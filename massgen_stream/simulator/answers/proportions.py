"""How large a picture is that is asked for by its shape."""

from __future__ import annotations

import re
from typing import Final

_RATIO: Final = re.compile(r"([1-9]\d?):([1-9]\d?)")
_LONG_SIDES: Final = {"512": 48, "1K": 96, "2K": 192, "4K": 384}
"""Small, so that it takes no time; in the proportions of the words."""


def proportioned(ratio: str, size: str = "1K") -> tuple[int, int] | None:
    """Return width and height of a picture; None where one of them is no word for a shape or a size.

    Args:
        ratio: Such as ``16:9``.
        size: ``512``, ``1K``, ``2K`` or ``4K``.
    """
    found, long = _RATIO.fullmatch(ratio), _LONG_SIDES.get(size)
    if found is None or long is None:
        return None
    across, down = int(found[1]), int(found[2])
    return max(1, round(long * across / max(across, down))), max(1, round(long * down / max(across, down)))
