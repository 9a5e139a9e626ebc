"""Videos that Google has made and put among its user's files: their names say what they are."""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import Final

from ...answers.film import mp4
from ...request import Request
from ...vendor import JSON, BadRequest, File

_NAME: Final = re.compile(r"film-(\d{1,2})s-(\d{1,4})x(\d{1,4})")
_MOST_SEEN: Final = 1000


def film_path(width: int, height: int, seconds: int) -> str:
    """Return the path from which a film is downloaded."""
    return f"/v1beta/files/film-{seconds}s-{width}x{height}:download?alt=media"


def is_film(file_id: str) -> bool:
    """Return whether a file is a film."""
    return _NAME.fullmatch(file_id) is not None


class Films:
    """Looks after films: at the first look one is still being processed."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, None] = OrderedDict()

    def told(self, file_id: str) -> JSON:
        """Return what Google tells of a film now."""
        state = "ACTIVE" if file_id in self._seen else "PROCESSING"
        self._seen[file_id] = None
        while len(self._seen) > _MOST_SEEN:
            self._seen.popitem(last=False)
        return {"name": f"files/{file_id}", "mimeType": "video/mp4", "state": state, "source": "GENERATED"}


def film_file(request: Request) -> File:
    """Return a film.

    Raises:
        BadRequest: There is none of that name.
    """
    found = _NAME.fullmatch(request.params["file_id"])
    if found is None:
        raise BadRequest("Only generated files can be downloaded.")
    seconds, width, height = map(int, found.groups())
    return File(mp4(width, height, seconds), "video/mp4")
