"""Where the files stand that a model names: in folders of the application's choice, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from ..errors import excerpt

_ADDRESSES: Final = ("http://", "https://", "data:")


class Medium:
    """A medium that a model names by path or URL."""

    def __init__(self, place: str) -> None:
        self._place = place

    def __str__(self) -> str:
        return self._place


class Places:
    """Makes paths and media of text, for `msgspec.convert`: so none of them, wherever it stands, goes unchecked.

    Args:
        folders: Where files may be read.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    def read(self, kind: type, value: Any) -> Any:
        """Return a `Path` or a `Medium`.

        Raises:
            ValueError: It is no text, or a file that is not in the folders.
            NotImplementedError: It is another type.
        """
        if kind is not Path and kind is not Medium:
            raise NotImplementedError(kind)
        wanted = "a path" if kind is Path else "a path or URL"
        if not isinstance(value, str) or not value:
            raise ValueError(f"Expected {wanted}, got {excerpt(value) or 'nothing'}")
        if kind is Path or not value.lower().startswith(_ADDRESSES):
            self._check(value)
        return kind(value)

    def _check(self, place: str) -> None:
        if "://" in place or not any(_is_in(place, folder) for folder in self._folders):
            allowed = ", ".join(repr(str(folder)) for folder in self._folders) or "none"
            raise ValueError(f"{excerpt(place)!r} is not in a folder that may be read: {allowed}")


def medium_schema(kind: type) -> dict[str, Any]:
    """Return the schema of a `Path` or a `Medium`.

    Raises:
        NotImplementedError: It is another type.
    """
    if kind is Path or kind is Medium:
        return {"type": "string"}
    raise NotImplementedError(kind)


def _is_in(place: str, folder: Path) -> bool:
    try:
        found = Path(place).resolve()
        looped = any(step.is_symlink() for step in (found, *found.parents))  # 3.13 leaves a loop of links as it is
        return not looped and found.is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):  # a zero byte; before Python 3.13, a loop of links
        return False
