"""Numbers as people read them."""

from __future__ import annotations

from typing import Final

_BYTE_UNITS: Final = ("B", "kB", "MB", "GB", "TB")


def size_text(size_bytes: float) -> str:
    """Return such as ``512 B`` or ``1.5 MB``; a unit is 1000 of the one below, as disks and networks count."""
    size, unit = float(size_bytes), 0
    while size >= 999.5 and unit < len(_BYTE_UNITS) - 1:  # noqa: PLR2004 - would be shown as 1000
        size, unit = size / 1000, unit + 1
    return f"{size:.0f} {_BYTE_UNITS[unit]}" if unit == 0 or size >= 99.95 else f"{size:.1f} {_BYTE_UNITS[unit]}"  # noqa: PLR2004


def seconds_text(seconds: float) -> str:
    """Return such as ``45 ms``, ``1.25 s`` or ``3 min 20 s``."""
    if seconds < 0.9995:  # noqa: PLR2004 - would be shown as 1000 ms
        return f"{max(seconds, 0) * 1000:.0f} ms"
    if seconds < 99.995:  # noqa: PLR2004
        return f"{seconds:.2f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def count_text(number: float) -> str:
    """Return a number with thin groups: ``12 345``."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
