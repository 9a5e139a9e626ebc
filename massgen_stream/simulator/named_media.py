"""Pictures and films that answers refer to: made anew whenever they are fetched, from what their names say."""

from __future__ import annotations

import re
from typing import Final

from .answers.film import mp4
from .answers.picture import png
from .request import Request
from .vendor import BadRequest, File

_NAME: Final = re.compile(r"(?:picture|film-(\d{1,2})s)-(\d{1,4})x(\d{1,4})\.(?:png|mp4)")


def media_url(request: Request, place: str, width: int, height: int, seconds: int = 0) -> str:
    """Return the address of a film of that length, or of a picture.

    Args:
        request: Who is asked is where it will be.
        place: First part of the path, before ``/{name}``.
        width: In pixels.
        height: In pixels.
        seconds: Length; 0: it is a picture.
    """
    size = f"{width}x{height}"
    name = f"film-{seconds}s-{size}.mp4" if seconds else f"picture-{size}.png"
    return f"http://{request.headers['host']}{place}/{name}"


def media_file(request: Request) -> File:
    """Return the file that an answer referred to; its name says what it is.

    Raises:
        BadRequest: No answer has that name in it.
    """
    found = _NAME.fullmatch(request.params.get("name", ""))
    if found is None:
        raise BadRequest("Not found.", status=404)
    seconds, width, height = int(found[1] or 0), int(found[2]), int(found[3])
    return File(mp4(width, height, seconds), "video/mp4") if seconds else File(png(width, height), "image/png")
