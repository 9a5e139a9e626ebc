"""What killed processes leave behind in a folder that holds a store."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def sweep_folder(folder: Path, before: float) -> None:
    """Remove the files of *folder* that were last written before a time in Unix seconds; blocks.

    The library of the store does not list the files of uploads that were never finished.
    """
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):
                if entry.is_file(follow_symlinks=False) and entry.stat().st_mtime < before:
                    Path(entry.path).unlink()
