"""What a killed process leaves of a file that it was writing: removed by a later one that writes in the same folder."""

from __future__ import annotations

import os
import re
import sys
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

PART_SUFFIX: Final = ".part"
"""What a file is called until it is whole ends in this."""
ABANDONED_SECONDS: Final = 24 * 60 * 60.0
"""For so long nothing was written to a part that nobody works on any more."""
_STEM_CHARACTERS: Final = 32
_OURS: Final = re.compile(r"\..{1,32}\.[0-9a-f]{16}\.part", re.DOTALL)


def new_part(folder: Path, name: str) -> Path:
    """Return a place in a folder for what becomes a file called *name*; nobody else gets the same."""
    return folder / f".{name[:_STEM_CHARACTERS]}.{token_hex(8)}{PART_SUFFIX}"


def hold(part: Any) -> bool:
    """Lock an open part, as long as it is open; return whether that can be.

    It is the system that gives the lock back when a process is killed. Windows needs none: it removes no open file.
    """
    if sys.platform == "win32":
        return True
    import fcntl  # noqa: PLC0415 - not on Windows

    try:
        fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # somebody has it; or the file system knows no locks
        return False
    return True


@lru_cache(maxsize=256)
def sweep_once(folder: Path) -> None:
    """Remove what was abandoned in a folder, the first time that a process asks for it; blocks."""
    sweep_parts(folder, time.time() - ABANDONED_SECONDS)


def sweep_parts(folder: Path, before: float) -> None:
    """Remove the parts in a folder that nobody holds, and that were last written before a time; blocks.

    A part that cannot be locked, for whatever reason, may be somebody's, and stays.

    Args:
        folder: Where to look; not in the folders below.
        before: Unix seconds.
    """
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _OURS.fullmatch(entry.name) is not None:
                with suppress(OSError):
                    if entry.is_file(follow_symlinks=False) and entry.stat().st_mtime < before:
                        _remove(Path(entry.path))


def _remove(part: Path) -> None:
    with part.open("r+b") as file:
        free = hold(file)
        if free and sys.platform != "win32":
            part.unlink()
    if free and sys.platform == "win32":
        part.unlink()
